"""How long people took, and how an alert stands against its limits: pure values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.actor import Actor, ActorKind
from monitor.domain.alert import Alert, AlertStatus, LimitStatus, SlaLimits
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.event import SLA_START_EVENTS, AlertEvent, EventKind

_AUTOMATIC = frozenset({ActorKind.RULE, ActorKind.SYSTEM})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAction:
    """One thing that a person did about an alert."""

    alert_id: int
    at: datetime
    actor: Actor
    kind: AlertStatus  #: the status that it led to
    note: str = ""

    @classmethod
    def from_event(cls, event: AlertEvent) -> RecordedAction | None:
        """The response that an event stands for; None for what rules and timers do."""
        if event.after is None or event.actor.kind in _AUTOMATIC:
            return None
        return cls(
            alert_id=event.alert_id,
            at=event.at,
            actor=event.actor,
            kind=event.after,
            note=event.note,
        )


def is_team_action(event: AlertEvent) -> bool:
    """Whether a person of the team did it, and no rule, source or clock."""
    return event.actor.is_person


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
    to_resolve: ElapsedTime | None = (
        None  #: the last closing, since a reopened alert was not resolved
    )


def measure_sla_times(
    opened_at: datetime, events: Iterable[AlertEvent], calendar: BusinessCalendar
) -> SlaTimes:
    """How long the people took."""
    responses = [response for event in events if (response := RecordedAction.from_event(event))]

    def elapsed_to_earliest(times: Iterable[datetime]) -> ElapsedTime | None:
        at = min(times, default=None)
        return (
            None
            if at is None
            else ElapsedTime(
                (at - opened_at).total_seconds(), calendar.working_seconds_between(opened_at, at)
            )
        )

    closed = [one.at for one in responses[-1:] if one.kind.is_closed]
    return SlaTimes(
        to_acknowledge=elapsed_to_earliest(one.at for one in responses),
        to_reply=elapsed_to_earliest(
            one.at for one in responses if one.kind is AlertStatus.REPLIED
        ),
        to_resolve=elapsed_to_earliest(closed),
    )


def sla_deadline(
    limits: SlaLimits, calendar: BusinessCalendar, since: datetime, seconds: float
) -> datetime:
    """When so many seconds have passed since a time: of working time where the limits say so, else
    by the clock.
    """
    return (
        calendar.add_working_seconds(since, seconds)
        if limits.working_hours
        else since + timedelta(seconds=seconds)
    )


def current_round_events(events: Sequence[AlertEvent]) -> Sequence[AlertEvent]:
    """What happened since an alert was opened or reopened the last time, that event first."""
    begun = (
        index for index in range(len(events) - 1, -1, -1) if events[index].kind in SLA_START_EVENTS
    )
    return events[next(begun, 0) :]


def compute_limit_statuses(
    alert: Alert, events: Sequence[AlertEvent], calendar: BusinessCalendar
) -> tuple[LimitStatus, ...]:
    """How an alert stands against each limit that it has; limits count from its opening or its last
    reopening.

    It is acknowledged once it leaves the state open, and whatever is closed needs no reply any
    more.
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
    """The seconds of each limit that there is."""
    every = {
        "acknowledge": limits.acknowledge,
        "respond": limits.respond,
        "resolve": limits.resolve,
    }
    return {kind: seconds for kind, seconds in every.items() if seconds is not None}


def limits_started_at(alert: Alert, events: Sequence[AlertEvent]) -> datetime:
    """Since when an alert's limits count."""
    current = current_round_events(events)
    return current[0].at if current and current[0].kind is EventKind.REOPENED else alert.opened_at


def _meets_limit(limit: str, event: AlertEvent) -> bool:
    closes = event.after is not None and event.after.is_closed
    if limit == "acknowledge":
        return event.after not in (None, AlertStatus.OPEN)
    return closes or (limit == "respond" and event.kind is EventKind.REPLIED)
