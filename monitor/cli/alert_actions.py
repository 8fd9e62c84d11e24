"""What people do about an alert from the command line: done in one transaction, and told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from monitor import bootstrap
from monitor.cli.alert_views import alert_to_dict, describe_state
from monitor.cli.alerts import get_alert
from monitor.cli.output import print_json
from monitor.cli.program import open_program
from monitor.cli.terminal import print_text
from monitor.domain.action import Action, ActionKind, Refusal
from monitor.domain.actor import Actor
from monitor.domain.alert import Alert, AlertStatus
from monitor.domain.event import AlertEvent, EventKind
from monitor.domain.sla import current_round_events
from monitor.errors import AlertError
from monitor.followup.act import apply_action
from monitor.followup.joining import join_alerts, part_alert
from monitor.followup.timers import manual_escalation
from monitor.notifiers import wording

#: How a person or a group is addressed in Slack.
_SLACK_MENTION = re.compile(r"<(?:@|!subteam\^|!)([A-Za-z0-9]+)(?:\|[^>]*)?>")


def act_on_alert(number: int, config: Path, action: Action, *, json: bool) -> None:
    """Do `action` on the alert with this number and print how it stands now.

    Raises AlertError where there is no such alert or the action is refused.
    """
    with open_program(config) as program, program.store.write() as tx:
        get_alert(tx, number)
        before = tx.alerts.events(number)
        managers = program.config.settings.respond.managers
        now = bootstrap.utc_now()
        alert = apply_action(tx, number, replace(action, via="cli"), now, managers)
        if isinstance(alert, Refusal):
            raise AlertError(alert.message)
        result = _describe_result(action.kind, before, alert, tx.alerts.events(number))
    if json:
        print_json(alert_to_dict(alert))
    else:
        print_text(result)


def join_two_alerts(number: int, target: int, config: Path, actor: Actor, *, json: bool) -> None:
    """Join an alert into another one and print how that stands; AlertError where it is refused."""
    with open_program(config) as program, program.store.write() as tx:
        now = bootstrap.utc_now()
        joined = join_alerts(tx, number, target, actor=actor, via="cli", now=now)
        _print_alert(joined, json=json)


def part_joined_alert(number: int, config: Path, actor: Actor, *, json: bool) -> None:
    """Part an alert from the one it was joined into; AlertError where it is refused."""
    with open_program(config) as program, program.store.write() as tx:
        now = bootstrap.utc_now()
        _print_alert(part_alert(tx, number, actor=actor, via="cli", now=now), json=json)


def _print_alert(alert: Alert | Refusal, *, json: bool) -> None:
    if isinstance(alert, Refusal):
        raise AlertError(alert.message)
    if json:
        print_json(alert_to_dict(alert))
    else:
        reports = wording.format_plural(alert.members, "report")
        print_text(f"alert {alert.id} is {describe_state(alert)}, with {reports}")


def _describe_result(
    act: ActionKind, before: Sequence[AlertEvent], alert: Alert, after: Sequence[AlertEvent]
) -> str:
    """Return what was done where the alert's state alone does not tell, else that state."""
    if act is ActionKind.ESCALATE:
        return f"called {_describe_called(after[-1].details)}; {_describe_next_call(alert, after)}"
    again = any(event.kind is EventKind.REPLIED for event in current_round_events(before))
    if act is ActionKind.REPLY and (again or alert.status.is_closed):
        noted = "noted again" if again else "noted"
        return f"{noted}; alert {alert.id} stays {describe_state(alert)}"
    return f"alert {alert.id} is {describe_state(alert)}"


def _describe_called(call: Mapping[str, str]) -> str:
    """Return who a call goes to, and where."""
    mention = _SLACK_MENTION.sub(r"@\1", call["mention"])
    people = " ".join(mention.split()) or "everybody"
    channel = call.get("channel")
    return f"{people} in {channel}" if channel else people


def _describe_next_call(alert: Alert, events: Sequence[AlertEvent]) -> str:
    """Return when and who the chain calls next, which it does only while nobody has the alert."""
    step = manual_escalation(alert, events, ())
    if not step or alert.status is not AlertStatus.OPEN:
        return "nobody is called by itself after that"
    wait = wording.format_duration(alert.limits.escalate[int(step["step"]) - 1].after)
    working = " of working time" if alert.limits.working_hours else ""
    return f"next after {wait}{working} without anybody taking it: {_describe_called(step)}"
