"""Alerts on the terminal and for machines: the list, one alert with its history, its clocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final, Literal

from rich.table import Table
from rich.text import Text

from monitor.cli.actors import holder_name
from monitor.cli.customer_views import history_to_dict
from monitor.cli.terminal import out, print_text, to_terminal_text
from monitor.domain.alert import Alert, LimitStatus
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.customer import CustomerHistory
from monitor.domain.delivery import Card
from monitor.domain.event import AlertEvent
from monitor.domain.feedback import Analysis, Feedback
from monitor.domain.sla import SlaTimes, compute_limit_statuses, measure_sla_times
from monitor.notifiers import wording
from monitor.notifiers.event_text import describe_event
from monitor.notifiers.plain_text import one_line
from monitor.store import Transaction

#: Characters of the widest column of the list, apart from the words.
_WIDEST = 14
#: The last contacts of a customer that are shown.
_CONTACTS_SHOWN = 10
_COLUMNS: Final[Mapping[str, Literal["left", "right"]]] = {
    "alert": "right",
    "": "left",
    "state": "left",
    "holder": "left",
    "age": "right",
}


@dataclass(frozen=True)
class AlertDetails:
    """One alert with all that is shown of it."""

    alert: Alert
    members: Sequence[tuple[Feedback, Analysis]]
    events: Sequence[AlertEvent]
    calendar: BusinessCalendar
    hide: Callable[[str], str]  #: hides personal data in what customers wrote
    now: datetime
    history: CustomerHistory | None = None  #: of who wrote the first feedback

    @cached_property
    def times(self) -> SlaTimes:
        """How long people took."""
        return measure_sla_times(self.alert.opened_at, self.events, self.calendar)

    @cached_property
    def limits(self) -> Sequence[LimitStatus]:
        """How the alert stands against its limits."""
        return compute_limit_statuses(self.alert, self.events, self.calendar)

    def to_dict(self) -> dict[str, Any]:
        """Return the alert for machines, with its feedback and its history."""
        return {
            **alert_to_dict(self.alert),
            **_clocks_to_dict(self.times, self.limits, self.now),
            "feedback": [
                {
                    "source": feedback.source_id,
                    "id": feedback.external_id,
                    "url": feedback.url,
                    "text": self.hide(analysis.text),
                }
                for feedback, analysis in self.members
            ],
            **({"customer": history_to_dict(self.history)} if self.history else {}),
            "events": [_event_to_dict(event) for event in self.events],
        }


def print_details(details: AlertDetails) -> None:
    """Print one alert with all that happened since."""
    alert = details.alert
    print_text(f"alert {alert.id}: {wording.severity_and_rule(alert)}")
    print_text(_status_line(alert))
    print_text(f"why: {alert.reason}")
    for feedback, analysis in details.members:
        print_text("")
        card = Card(alert=alert, feedback=feedback, analysis=analysis)
        for line in _feedback_lines(card, details.hide):
            print_text(line)
    if details.history:
        for line in wording.list_contacts(details.history, _CONTACTS_SHOWN):
            print_text(line)
    out.print()
    for line in _spent_lines(details.times, details.calendar):
        print_text(line)
    for limit in details.limits:
        print_text(_limit_line(limit, details.now))
    for event in details.events:
        print_text(f"{event.at:%Y-%m-%d %H:%M} {describe_event(event, alert)}")


def describe_state(alert: Alert) -> str:
    """Return where an alert stands, whose it is, and until when it is snoozed."""
    if alert.joined_into:
        return f"joined into alert {alert.joined_into}"
    parts = [str(alert.status)]
    if alert.assignee:
        parts.append(f"held by {holder_name(alert)}")
    if alert.snooze and alert.snooze.until:
        parts.append(f"until {alert.snooze.until:%Y-%m-%d %H:%M} UTC at the latest")
    return ", ".join(parts)


def alert_to_dict(alert: Alert) -> dict[str, Any]:
    """Return an alert for machines."""
    return {
        "id": alert.id,
        "rule": alert.rule_id,
        "rule_number": alert.rule_number or None,
        "rule_version": alert.rule_version,
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
        "ticket": alert.ticket or None,
        "joined_into": alert.joined_into or None,
        "snooze": _snooze_to_dict(alert),
        "next_at": _format_time(alert.next_at),
    }


def select_late(
    tx: Transaction, alerts: Sequence[Alert], calendar: BusinessCalendar, now: datetime
) -> list[Alert]:
    """Return the alerts that have missed a limit and still wait for it."""
    events = tx.alerts.events_by_alert([alert.id for alert in alerts])
    return [alert for alert in alerts if _is_late(alert, events[alert.id], calendar, now)]


def build_alert_table(cards: Sequence[Card], hide: Callable[[str], str], now: datetime) -> Table:
    """Return a table of alerts, a line each; customers' words take the room that is left."""
    table = Table(box=None, pad_edge=False, expand=True)
    for name, justify in _COLUMNS.items():
        table.add_column(name, no_wrap=True, max_width=_WIDEST, justify=justify)
    table.add_column("what", no_wrap=True, overflow="ellipsis", ratio=1)
    for card in cards:
        alert = card.alert
        words = one_line(hide(card.analysis.text)) or alert.rule_name
        cells = (
            wording.STATUS_NAMES[alert.status],
            holder_name(alert),
            _format_age(alert, now),
            words,
        )
        texts = [Text(to_terminal_text(cell)) for cell in cells]
        table.add_row(str(alert.id), wording.severity_label(alert.severity), *texts)
    return table


def _is_late(
    alert: Alert, events: Sequence[AlertEvent], calendar: BusinessCalendar, now: datetime
) -> bool:
    limits = compute_limit_statuses(alert, events, calendar)
    return any(not limit.met_at and limit.is_late(now) for limit in limits)


def _format_age(alert: Alert, now: datetime) -> str:
    """Return how long ago an alert was opened, in its largest unit."""
    age = wording.format_duration((now - alert.opened_at).total_seconds())
    return " ".join(age.split()[:2])


def _status_line(alert: Alert) -> str:
    status = wording.format_status(alert, holder_name(alert))
    until = wording.format_snooze(alert.snooze, wording.PLAIN_FORMAT) if alert.snooze else ""
    return f"{status} {until}".rstrip()


def _feedback_lines(card: Card, hide: Callable[[str], str]) -> Iterator[str]:
    """Yield what one customer wrote: where, how, in which words, and what was read out of them."""
    yield wording.format_facts(card)
    if card.feedback.url:
        yield card.feedback.url
    yield hide(card.analysis.text) or wording.missing_words_note(card.feedback)
    probability = card.analysis.problem
    parts = [] if probability is None else [f"{probability * 100:.0f} % likely to need a human"]
    if insight := wording.format_insight(card.analysis):
        parts.append(insight)
    if parts:
        yield " · ".join(parts)


def _spent_lines(times: SlaTimes, calendar: BusinessCalendar) -> Iterator[str]:
    """Yield how long each step took, in working time too where that differs."""
    steps = (
        ("taken", times.to_acknowledge),
        ("answered", times.to_reply),
        ("resolved", times.to_resolve),
    )
    for verb, spent in steps:
        if spent is None:
            continue
        line = f"{verb} after {wording.format_duration(spent.wall)}"
        if not calendar.is_always_open:
            line += f" ({wording.format_duration(spent.working)} of working time)"
        yield line


def _limit_line(limit: LimitStatus, now: datetime) -> str:
    verb, done = wording.LIMIT_VERBS[limit.kind]
    state = f"{done} {wording.format_utc(limit.met_at)}" if limit.met_at else "waiting"
    late = ", late" if limit.is_late(now) else ""
    return f"to {verb} by {wording.format_utc(limit.due_at)}: {state}{late}"


def _clocks_to_dict(
    times: SlaTimes, limits: Sequence[LimitStatus], now: datetime
) -> dict[str, Any]:
    steps = {
        "acknowledge": times.to_acknowledge,
        "reply": times.to_reply,
        "resolve": times.to_resolve,
    }
    return {
        "seconds_to": {name: spent and spent.wall for name, spent in steps.items()},
        "working_seconds_to": {name: spent and spent.working for name, spent in steps.items()},
        "limits": [
            {
                "limit": limit.kind,
                "due_at": limit.due_at.isoformat(),
                "met_at": _format_time(limit.met_at),
                "late": limit.is_late(now),
            }
            for limit in limits
        ],
    }


def _event_to_dict(event: AlertEvent) -> dict[str, Any]:
    return {
        "at": event.at.isoformat(),
        "kind": event.kind,
        "actor": str(event.actor),
        "via": event.via,
        "note": event.note,
        "details": dict(event.details),
    }


def _snooze_to_dict(alert: Alert) -> dict[str, Any] | None:
    snooze = alert.snooze
    if snooze is None:
        return None
    return {
        "until": _format_time(snooze.until),
        "members": snooze.members,
        "worse": snooze.worse,
    }


def _format_time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
