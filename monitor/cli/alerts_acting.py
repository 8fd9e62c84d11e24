"""alerts ack, assign, reply, resolve and all the others: the same life as in Slack, for scripts and
the terminal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from monitor import bootstrap
from monitor.cli.alerts import (
    AlertArgument,
    ByOption,
    actor_from_name,
    alert_to_dict,
    app,
    describe_state,
    get_alert,
)
from monitor.cli.frame import (
    CONFIG,
    ConfigOption,
    JsonOption,
    open_program,
    parse_day_option,
    print_json,
    print_text,
)
from monitor.domain.action import Action, ActionKind, Refusal
from monitor.domain.alert import Alert, AlertStatus, Snooze
from monitor.domain.event import AlertEvent, EventKind
from monitor.domain.feedback import Label, Stage
from monitor.domain.sla import current_round_events
from monitor.errors import AlertError, ConfigError, ConfigProblem
from monitor.followup.act import apply_action
from monitor.followup.timers import manual_escalation
from monitor.notifiers import wording
from monitor.settings import parse_duration

NoteOption = Annotated[str, typer.Option("--note", help="What the team should know.")]
#: How Slack is told to address a person or a group.
_SLACK_MENTION = re.compile(r"<(?:@|!subteam\^|!)([A-Za-z0-9]+)(?:\|[^>]*)?>")
PersonArgument = Annotated[
    str, typer.Argument(help="A name, or the id of a Slack user.", metavar="PERSON")
]


@app.command()
def ack(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Take an alert: others see that somebody has it.

    Example: [bold]repwatch alerts ack 41 --note "I call them"[/bold]
    """
    _act_on_alert(
        alert, config, json, Action(kind=ActionKind.TAKE, actor=actor_from_name(by), note=note)
    )


@app.command()
def assign(
    alert: AlertArgument,
    person: PersonArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Give an alert to somebody.

    Example: [bold]repwatch alerts assign 41 U0123ABC[/bold]
    """
    whom = _require_value("PERSON", person)
    _act_on_alert(
        alert,
        config,
        json,
        Action(
            kind=ActionKind.ASSIGN,
            actor=actor_from_name(by),
            assignee=actor_from_name(whom),
            note=note,
        ),
    )


@app.command()
def release(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Give an alert back: nobody has it, and whoever is to be called is called anew.

    Example: [bold]repwatch alerts release 41[/bold]
    """
    _act_on_alert(
        alert, config, json, Action(kind=ActionKind.RELEASE, actor=actor_from_name(by), note=note)
    )


@app.command()
def reply(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Note that the customer was answered; nothing is sent to them. A closed alert stays closed.

    Example: [bold]repwatch alerts reply 41 --note "by e-mail"[/bold]
    """
    _act_on_alert(
        alert, config, json, Action(kind=ActionKind.REPLY, actor=actor_from_name(by), note=note)
    )


@app.command()
def resolve(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    root_cause: Annotated[
        str, typer.Option("--root-cause", help="Where it came from, like delivery.")
    ] = "",
    action: Annotated[str, typer.Option("--action", help="What was done about it.")] = "",
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Close an alert: the problem is dealt with.

    Example: [bold]repwatch alerts resolve 41 --root-cause delivery --action "refunded"[/bold]
    """
    details = _drop_empty_values({"root_cause": root_cause, "action_taken": action})
    _act_on_alert(
        alert,
        config,
        json,
        Action(kind=ActionKind.RESOLVE, actor=actor_from_name(by), note=note, details=details),
    )


@app.command()
def dismiss(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Close an alert that was of no use: it should not have fired, and the models learn from that.

    Example: [bold]repwatch alerts dismiss 41 --note "a quotation"[/bold]
    """
    _act_on_alert(
        alert, config, json, Action(kind=ActionKind.DISMISS, actor=actor_from_name(by), note=note)
    )


@app.command()
def snooze(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    until: Annotated[
        str | None, typer.Option("--until", help="A day or a time, like 2026-11-20T09:00+01:00.")
    ] = None,
    span: Annotated[
        str | None, typer.Option("--for", help='A time with its unit, like "4h" or "2d".')
    ] = None,
    members: Annotated[
        int | None, typer.Option("--members", min=1, help="Until it has so many reports.")
    ] = None,
    worse: Annotated[
        bool, typer.Option("--worse", help="Until reports come faster than before.")
    ] = False,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Put an alert away for a while, 30 days at most; whichever comes first brings it back.

    Example: [bold]repwatch alerts snooze 41 --for 2d --worse[/bold]
    """
    if until and span:
        raise ConfigError(
            [
                ConfigProblem(
                    "--for", "--until says already when it comes back: leave out one of the two"
                )
            ]
        )
    at = parse_day_option(until, "--until") or (
        bootstrap.utc_now() + _parse_duration_option(span) if span else None
    )
    asked = Snooze(until=at, members=members, worse=worse)
    _act_on_alert(
        alert,
        config,
        json,
        Action(kind=ActionKind.SNOOZE, actor=actor_from_name(by), snooze=asked, note=note),
    )


@app.command()
def wake(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Bring back an alert that was put away.

    Example: [bold]repwatch alerts wake 41[/bold]
    """
    _act_on_alert(
        alert, config, json, Action(kind=ActionKind.WAKE, actor=actor_from_name(by), note=note)
    )


@app.command()
def reopen(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Open a closed alert again; its limits begin anew.

    Example: [bold]repwatch alerts reopen 41 --note "not fixed"[/bold]
    """
    _act_on_alert(
        alert, config, json, Action(kind=ActionKind.REOPEN, actor=actor_from_name(by), note=note)
    )


@app.command()
def escalate(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Call for help now: whoever the rule calls next, or the managers.

    Example: [bold]repwatch alerts escalate 41 --note "Who can refund?"[/bold]
    """
    _act_on_alert(
        alert, config, json, Action(kind=ActionKind.ESCALATE, actor=actor_from_name(by), note=note)
    )


@app.command()
def correct(
    alert: AlertArgument,
    config: ConfigOption = CONFIG,
    sentiment: Annotated[
        Label | None, typer.Option("--sentiment", help="How it was meant.")
    ] = None,
    stage: Annotated[
        Stage | None, typer.Option("--stage", help="Where the customer was on the way.")
    ] = None,
    note: NoteOption = "",
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Say what the words were really about; the models learn from that.

    Example: [bold]repwatch alerts correct 41 --sentiment negative[/bold]
    """
    details = _drop_empty_values({"sentiment": str(sentiment or ""), "stage": str(stage or "")})
    if not details:
        raise ConfigError(
            [ConfigProblem("--sentiment", "say what was read wrongly, here or with --stage")]
        )
    _act_on_alert(
        alert,
        config,
        json,
        Action(kind=ActionKind.CORRECT, actor=actor_from_name(by), note=note, details=details),
    )


@app.command()
def note(
    alert: AlertArgument,
    text: Annotated[str, typer.Argument(help="What the team should know.", metavar="TEXT")],
    config: ConfigOption = CONFIG,
    by: ByOption = "",
    json: JsonOption = False,
) -> None:
    """Write something down below an alert; for one that is taken it is a sign of life.

    Example: [bold]repwatch alerts note 41 "They wait for a call"[/bold]
    """
    _act_on_alert(
        alert,
        config,
        json,
        Action(kind=ActionKind.NOTE, actor=actor_from_name(by), note=_require_value("TEXT", text)),
    )


def _act_on_alert(number: int, config: Path, json: bool, action: Action) -> None:
    with open_program(config) as program, program.store.write() as tx:
        get_alert(tx, number)
        events, managers = tx.alerts.events(number), program.config.settings.respond.managers
        value = apply_action(tx, number, replace(action, via="cli"), bootstrap.utc_now(), managers)
        if isinstance(value, Refusal):
            raise AlertError(value.message)
        says = _describe_result(action.kind, events, value, tx.alerts.events(number))
    if json:
        print_json(alert_to_dict(value))
    else:
        print_text(says)


def _describe_result(
    act: ActionKind, before: Sequence[AlertEvent], alert: Alert, after: Sequence[AlertEvent]
) -> str:
    """What was done, where the alert's state alone does not tell."""
    if act is ActionKind.ESCALATE:
        return f"{_describe_call(after[-1].details)}; {_describe_next_call(alert, after)}"
    again = any(event.kind is EventKind.REPLIED for event in current_round_events(before))
    if act is ActionKind.REPLY and (again or alert.status.is_closed):
        return f"noted{' again' if again else ''}; alert {alert.id} stays {describe_state(alert)}"
    return f"alert {alert.id} is {describe_state(alert)}"


def _describe_call(call: Mapping[str, str]) -> str:
    """Whom a call goes to, and where."""
    people = " ".join(_SLACK_MENTION.sub(r"@\1", call["mention"]).split()) or "everybody"
    return f"called {people}" + (f" in {call['channel']}" if call.get("channel") else "")


def _describe_next_call(alert: Alert, events: Sequence[AlertEvent]) -> str:
    """When and whom the chain calls next; a step is made by itself only while nobody has taken the
    alert.
    """
    step = manual_escalation(alert, events, ())
    if not step or alert.status is not AlertStatus.OPEN:
        return "nobody is called by itself after that"
    after = wording.format_duration(alert.limits.escalate[int(step["step"]) - 1].after)
    working = " of working time" if alert.limits.working_hours else ""
    return f"next after {after}{working} without anybody taking it: {_describe_call(step).removeprefix('called ')}"


def _drop_empty_values(details: Mapping[str, str]) -> Mapping[str, str]:
    return {name: said for name, said in details.items() if said}


def _require_value(name: str, said: str) -> str:
    if not said.strip():
        raise ConfigError([ConfigProblem(name, "must not be empty")])
    return said


def _parse_duration_option(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise ConfigError([ConfigProblem("--for", str(error))]) from None
