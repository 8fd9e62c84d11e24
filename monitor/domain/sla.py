"""How long people took, and how an alert stands against its limits: pure values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.actor import ActorKind
from monitor.domain.alert import Alert, AlertStatus, LimitStatus, SlaLimits
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.event import SLA_START_EVENTS, AlertEvent, EventKind


def is_team_response(event: AlertEvent) -> bool:
    """Return whether the team moved the alert: a person did, or one of our own accounts answered.

    An answer in public by an official account is the team's, although its actor is the source in
    which it was found. What rules, timers and sources do otherwise is no response.
    """
    if event.after is None:
        return False
    in_public = event.actor.kind is ActorKind.SOURCE and event.kind is EventKind.REPLIED
    return event.actor.is_person or in_public


@dataclass(frozen=True, slots=True)
class ElapsedTime:
    """How long something took, in seconds."""

    wall: float
    working: float  #: only while the team works


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaTimes:
    """Time from the opening of an alert; None for what has not happened."""

    to_acknowledge: ElapsedTime | None = None  #: the first response of any kind
    to_reply: ElapsedTime | None = None
    #: the last closing, since a reopened alert was not resolved
    to_resolve: ElapsedTime | None = None


def measure_sla_times(
    opened_at: datetime, events: Iterable[AlertEvent], calendar: BusinessCalendar
) -> SlaTimes:
    """Measure how long the team took, of the events of one alert, first to last."""

    def elapsed_until(at: datetime | None) -> ElapsedTime | None:
        if at is None:
            return None
        wall = (at - opened_at).total_seconds()
        return ElapsedTime(wall, calendar.working_seconds_between(opened_at, at))

    responses = [event for event in events if is_team_response(event)]
    replies = [event for event in responses if event.after is AlertStatus.REPLIED]
    # A closing that was followed by anything else, a reopening above all, resolved nothing.
    last = responses[-1] if responses else None
    is_closed = last is not None and last.after is not None and last.after.is_closed
    return SlaTimes(
        to_acknowledge=elapsed_until(_earliest(responses)),
        to_reply=elapsed_until(_earliest(replies)),
        to_resolve=elapsed_until(last.at if last and is_closed else None),
    )


def _earliest(events: Sequence[AlertEvent]) -> datetime | None:
    return min((event.at for event in events), default=None)


def sla_deadline(
    limits: SlaLimits, calendar: BusinessCalendar, since: datetime, seconds: float
) -> datetime:
    """Return when so many seconds have passed since a time.

    Seconds of working time where the limits say so, else by the clock.
    """
    if limits.working_hours:
        return calendar.add_working_seconds(since, seconds)
    return since + timedelta(seconds=seconds)


#: The share of a limit after which people are reminded of it, and it counts as soon missed.
NUDGE_AT = 0.75


def nudge_time(
    alert: Alert, events: Sequence[AlertEvent], calendar: BusinessCalendar, limit: str
) -> datetime:
    """Return when three quarters of a limit that the alert has are over."""
    seconds = seconds_by_limit(alert.limits)[limit]
    since = limits_started_at(alert, events)
    return sla_deadline(alert.limits, calendar, since, NUDGE_AT * seconds)


def current_round_events(events: Sequence[AlertEvent]) -> Sequence[AlertEvent]:
    """Return the events since an alert was last opened or reopened, that event first."""
    starts = [at for at, event in enumerate(events) if event.kind in SLA_START_EVENTS]
    return events[starts[-1] if starts else 0 :]


def compute_limit_statuses(
    alert: Alert, events: Sequence[AlertEvent], calendar: BusinessCalendar
) -> tuple[LimitStatus, ...]:
    """Return how an alert stands against each limit that it has.

    Limits count from its opening, or since it was last reopened or raised. It is acknowledged once
    it leaves the state open, and whatever is closed needs no reply any more.
    """
    since = limits_started_at(alert, events)
    current = current_round_events(events)
    return tuple(
        LimitStatus(
            kind=kind,
            due_at=sla_deadline(alert.limits, calendar, since, seconds),
            met_at=next((event.at for event in current if _meets_limit(kind, event)), None),
        )
        for kind, seconds in seconds_by_limit(alert.limits).items()
    )


def seconds_by_limit(limits: SlaLimits) -> Mapping[str, float]:
    """Return the seconds of each limit that there is."""
    every = {
        "acknowledge": limits.acknowledge,
        "respond": limits.respond,
        "resolve": limits.resolve,
    }
    return {kind: seconds for kind, seconds in every.items() if seconds is not None}


def limits_started_at(alert: Alert, events: Sequence[AlertEvent]) -> datetime:
    """Return since when an alert's limits count."""
    current = current_round_events(events)
    if current and current[0].kind in (EventKind.REOPENED, EventKind.RAISED):
        return current[0].at
    return alert.opened_at


def _meets_limit(limit: str, event: AlertEvent) -> bool:
    closes = event.after is not None and event.after.is_closed
    if limit == "acknowledge":
        return event.after not in (None, AlertStatus.OPEN)
    return closes or (limit == "respond" and event.kind is EventKind.REPLIED)
