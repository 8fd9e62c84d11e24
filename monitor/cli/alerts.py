"""alerts list, show: what there is to do, and how one alert stands."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from monitor import bootstrap
from monitor.cli.frame import (
    CONFIG,
    ConfigOption,
    JsonOption,
    open_program,
    out,
    print_json,
    print_text,
    to_terminal_text,
)
from monitor.domain.actor import Actor
from monitor.domain.alert import Alert, AlertStatus, LimitStatus
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.delivery import Card
from monitor.domain.event import AlertEvent
from monitor.domain.sla import SlaTimes, compute_limit_statuses, measure_sla_times
from monitor.errors import AlertError, ConfigError, ConfigProblem
from monitor.notifiers import wording
from monitor.notifiers.event_text import describe_event
from monitor.notifiers.plain_text import one_line
from monitor.store import Transaction

app = typer.Typer(no_args_is_help=True)

AlertArgument = Annotated[
    int, typer.Argument(help="The number of the alert.", metavar="ALERT", max=2**31 - 1)
]
ByOption = Annotated[
    str,
    typer.Option(
        "--by",
        help="Who you are: a name, or a Slack user's id; your login name where it is left out.",
    ),
]
_SLACK_USER = re.compile(r"[UW][A-Z0-9]{5,20}")
_OPEN = tuple(status for status in AlertStatus if not status.is_closed)
_ALL = 1_000_000
#: Columns of the list, apart from the words.
_WIDEST = 14


@app.command("list")
def list_alerts(
    config: ConfigOption = CONFIG,
    status: Annotated[
        list[AlertStatus] | None, typer.Option("--status", help="Only these; may be repeated.")
    ] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Only open ones that you have.")] = False,
    unclaimed: Annotated[
        bool, typer.Option("--unclaimed", help="Only open ones that nobody has.")
    ] = False,
    late: Annotated[
        bool, typer.Option("--late", help="Only open ones that have missed a limit.")
    ] = False,
    rule: Annotated[str | None, typer.Option("--rule", help="Only of this rule (its id).")] = None,
    by: ByOption = "",
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=_ALL, help="At most so many, newest first.")
    ] = 50,
    json: JsonOption = False,
) -> None:
    """List alerts, newest first.

    Example: [bold]repwatch alerts list --unclaimed --late[/bold]
    """
    if mine and unclaimed:
        raise ConfigError(
            [ConfigProblem("--mine", "what you have is not unclaimed: leave out one of the two")]
        )
    states: Collection[AlertStatus] | None = status or (
        _OPEN if mine or unclaimed or late else None
    )
    holder = actor_from_name(by) if mine else None
    with open_program(config) as program, program.store.read() as tx:
        most = _ALL if late else limit
        found = tx.alerts.find(
            status=states, rule_id=rule, assignee=holder, unassigned=unclaimed, limit=most
        )
        if late:
            found = list(_filter_late(tx, found, program.timers.calendar, bootstrap.utc_now()))[
                :limit
            ]
        cards = {} if json else tx.alerts.cards([alert.id for alert in found])
    if json:
        print_json([alert_to_dict(alert) for alert in found])
        return
    hide = bootstrap.build_masker(program.config.settings)
    out.print(
        _build_alert_table(list(cards.values()), hide, bootstrap.utc_now())
        if found
        else "no alerts"
    )


@app.command()
def show(alert: AlertArgument, config: ConfigOption = CONFIG, json: JsonOption = False) -> None:
    """Show one alert: what was said, why it fired, how it stands against its limits, and all that
    happened since.

    Example: [bold]repwatch alerts show 41[/bold]
    """
    with open_program(config) as program, program.store.read() as tx:
        value = get_alert(tx, alert)
        events = tx.alerts.events(alert)
        members = tx.alerts.members(alert)
        hide = bootstrap.build_masker(program.config.settings)
        calendar = program.timers.calendar
    times, limits, now = (
        measure_sla_times(value.opened_at, events, calendar),
        compute_limit_statuses(value, events, calendar),
        bootstrap.utc_now(),
    )
    cards = [
        Card(alert=value, feedback=item, analysis=analysis) for item, analysis, _, _ in members
    ]
    if json:
        said = [
            {
                "source": item.source_id,
                "id": item.external_id,
                "url": item.url,
                "text": hide(analysis.text),
            }
            for item, analysis, _, _ in members
        ]
        print_json(
            {
                **alert_to_dict(value),
                **_clocks_to_dict(times, limits, now),
                "feedback": said,
                "events": _events_to_dicts(events),
            }
        )
        return
    print_text(f"alert {value.id}: {wording.severity_and_rule(value)}")
    until = wording.format_snooze(value.snooze, wording.PLAIN_FORMAT) if value.snooze else ""
    print_text(f"{wording.format_status(value, holder_name(value))} {until}".rstrip())
    print_text(f"why: {value.reason}")
    for card in cards:
        for line in ("", *_feedback_lines(card, hide)):
            print_text(line)
    out.print()
    for line in (*_spent_lines(times, calendar), *_limit_lines(limits, now)):
        print_text(line)
    for event in events:
        print_text(f"{event.at:%Y-%m-%d %H:%M} {describe_event(event, value)}")


def describe_state(alert: Alert) -> str:
    """Where it stands, whose it is, and until when it sleeps."""
    holder = f", held by {holder_name(alert)}" if alert.assignee else ""
    until = alert.snooze.until if alert.snooze else None
    return f"{alert.status}{holder}" + (
        f", until {until:%Y-%m-%d %H:%M} UTC at the latest" if until else ""
    )


def actor_from_name(name: str) -> Actor:
    """The person named on the command line: a Slack user by id, anybody else by name; who runs the
    command for an empty name.
    """
    if _SLACK_USER.fullmatch(name):
        return Actor.slack(name)
    named = Actor.parse(name)
    return named if named.is_person else Actor.cli(name or _login_name())


def holder_name(alert: Alert) -> str:
    """The bare name of who holds an alert; empty for nobody."""
    return alert.assignee.display_name if alert.assignee else ""


def get_alert(tx: Transaction, number: int) -> Alert:
    """The alert with this number; AlertError where there is none."""
    found = tx.alerts.get(number)
    if found is None:
        raise AlertError(
            f"there is no alert {number}; `repwatch alerts list` shows which there are"
        )
    return found


def alert_to_dict(alert: Alert) -> dict[str, Any]:
    """An alert for machines."""
    snooze = alert.snooze
    return {
        "id": alert.id,
        "rule": alert.rule_id,
        "name": alert.rule_name,
        "severity": alert.severity,
        "status": alert.status,
        "reason": alert.reason,
        "words": list(alert.words),
        "channel": alert.channel,
        "opened_at": alert.opened_at.isoformat(),
        "updated_at": alert.updated_at.isoformat(),
        "members": alert.members,
        "assignee": str(alert.assignee) if alert.assignee else None,
        "snooze": None
        if snooze is None
        else {
            "until": snooze.until.isoformat() if snooze.until else None,
            "members": snooze.members,
            "worse": snooze.worse,
        },
        "next_at": alert.next_at.isoformat() if alert.next_at else None,
    }


def _login_name() -> str:
    """Who runs the command; the number where a container knows no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid{os.getuid()}"


def _filter_late(
    tx: Transaction, alerts: Sequence[Alert], calendar: BusinessCalendar, now: datetime
) -> Iterator[Alert]:
    """Those that have missed a limit and still wait for it."""
    events = tx.alerts.events_by_alert([alert.id for alert in alerts])
    for alert in alerts:
        if any(
            not wait.met_at and wait.is_late(now)
            for wait in compute_limit_statuses(alert, events[alert.id], calendar)
        ):
            yield alert


def _build_alert_table(cards: Sequence[Card], hide: Callable[[str], str], now: datetime) -> Table:
    """A line for each alert; the customer's words take the room that is left."""
    table = Table(box=None, pad_edge=False, expand=True)
    for name in ("alert", "", "state", "holder", "age"):
        table.add_column(
            name,
            no_wrap=True,
            max_width=_WIDEST,
            justify="right" if name in ("alert", "age") else "left",
        )
    table.add_column("what", no_wrap=True, overflow="ellipsis", ratio=1)
    for card in cards:
        alert = card.alert
        age = wording.format_duration((now - alert.opened_at).total_seconds()).split()[
            :2
        ]  # the larger unit is enough
        words = one_line(hide(card.analysis.text)) or alert.rule_name
        row = (
            wording.STATUS_NAMES[alert.status],
            holder_name(alert),
            " ".join(age),
            words,
        )
        table.add_row(
            str(alert.id),
            wording.SEVERITY_MARKS[alert.severity],
            *(Text(to_terminal_text(cell)) for cell in row),
        )
    return table


def _feedback_lines(card: Card, hide: Callable[[str], str]) -> Iterator[str]:
    """What one customer said: where, how, in which words, and what was read out of them."""
    yield wording.format_facts(card)
    if card.feedback.url:
        yield card.feedback.url
    yield hide(card.analysis.text) or wording.missing_words_note(card.feedback)
    chance = card.analysis.problem
    likely = f"{chance * 100:.0f} % likely to need a human" if chance is not None else ""
    if read := " · ".join(part for part in (likely, wording.format_insight(card.analysis)) if part):
        yield read


def _clocks_to_dict(
    times: SlaTimes, limits: Sequence[LimitStatus], now: datetime
) -> dict[str, Any]:
    spent = {
        "acknowledge": times.to_acknowledge,
        "reply": times.to_reply,
        "resolve": times.to_resolve,
    }
    return {
        "seconds_to": {name: found.wall if found else None for name, found in spent.items()},
        "working_seconds_to": {
            name: found.working if found else None for name, found in spent.items()
        },
        "limits": [
            {
                "limit": wait.kind,
                "due_at": wait.due_at.isoformat(),
                "met_at": wait.met_at.isoformat() if wait.met_at else None,
                "late": wait.is_late(now),
            }
            for wait in limits
        ],
    }


def _events_to_dicts(events: Sequence[AlertEvent]) -> list[dict[str, Any]]:
    return [
        {
            "at": event.at.isoformat(),
            "kind": event.kind,
            "actor": str(event.actor),
            "via": event.via,
            "note": event.note,
            "details": dict(event.details),
        }
        for event in events
    ]


def _spent_lines(times: SlaTimes, calendar: BusinessCalendar) -> Iterator[str]:
    named = (
        ("taken", times.to_acknowledge),
        ("answered", times.to_reply),
        ("resolved", times.to_resolve),
    )
    for what, spent in named:
        if spent is not None:
            working = (
                ""
                if calendar.is_always_open
                else f" ({wording.format_duration(spent.working)} of working time)"
            )
            yield f"{what} after {wording.format_duration(spent.wall)}{working}"


def _limit_lines(limits: Sequence[LimitStatus], now: datetime) -> Iterator[str]:
    for wait in limits:
        verb, done = wording.LIMIT_VERBS[wait.kind]
        end = f"{done} {wording.format_utc(wait.met_at)}" if wait.met_at else "waiting"
        yield f"to {verb} by {wording.format_utc(wait.due_at)}: {end}{', late' if wait.is_late(now) else ''}"
