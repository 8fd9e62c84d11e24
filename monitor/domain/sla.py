"""TODO."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.alert import Alert, AlertEvent, AlertStatus, Limits, Wait
from monitor.domain.business_hours import Calendar

_PEOPLE = ("user:", "cli:")


#: With one of these events an alert's limits begin to count.
_BEGINNINGS = frozenset({"opened", "reopened"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One thing that a person did about an alert."""

    alert_id: int
    at: datetime
    actor: str
    kind: str  #: the status that it led to
    note: str = ""

    @classmethod
    def of(cls, event: AlertEvent) -> Response | None:
        """The response that an event stands for; None for what rules and timers do."""
        if event.after is None or event.actor.startswith(("rule:", "system")):
            return None
        return cls(
            alert_id=event.alert_id,
            at=event.at,
            actor=event.actor,
            kind=event.after,
            note=event.note,
        )


def by_person(event: AlertEvent) -> bool:
    """Whether a person of the team did it, and no rule, source or clock."""
    return event.actor.startswith(_PEOPLE)


@dataclass(frozen=True, slots=True)
class Spent:
    """How long something took, in seconds."""

    wall: float
    working: float  #: only while the team works


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Time from the opening of an alert; None for what has not happened."""

    to_acknowledge: Spent | None = None  #: the first response of any kind
    to_reply: Spent | None = None
    to_resolve: Spent | None = None  #: the last closing, since a reopened alert was not resolved


def clocks(opened_at: datetime, events: Iterable[AlertEvent], calendar: Calendar) -> Clocks:
    """How long the people took."""
    responses = [response for event in events if (response := Response.of(event))]

    def spent(times: Iterable[datetime]) -> Spent | None:
        at = min(times, default=None)
        return (
            None
            if at is None
            else Spent((at - opened_at).total_seconds(), calendar.between(opened_at, at))
        )

    closed = [one.at for one in responses[-1:] if AlertStatus(one.kind).closed]
    return Clocks(
        to_acknowledge=spent(one.at for one in responses),
        to_reply=spent(one.at for one in responses if one.kind == AlertStatus.REPLIED),
        to_resolve=spent(closed),
    )


def deadline(limits: Limits, calendar: Calendar, since: datetime, seconds: float) -> datetime:
    """When so many seconds have passed since a time: of working time where the limits say so, else
    by the clock.
    """
    return (
        calendar.after(since, seconds)
        if limits.working_hours
        else since + timedelta(seconds=seconds)
    )


def round_of(events: Sequence[AlertEvent]) -> Sequence[AlertEvent]:
    """What happened since an alert was opened or reopened the last time, that event first."""
    begun = (index for index in range(len(events) - 1, -1, -1) if events[index].kind in _BEGINNINGS)
    return events[next(begun, 0) :]


def waits(alert: Alert, events: Sequence[AlertEvent], calendar: Calendar) -> tuple[Wait, ...]:
    """How an alert stands against each limit that it has; limits count from its opening or its last
    reopening.

    It is acknowledged once it leaves the state open, and whatever is closed needs no reply any
    more.
    """
    since = begun_at(alert, events)
    current = round_of(events)
    return tuple(
        Wait(
            kind=kind,
            due_at=deadline(alert.limits, calendar, since, seconds),
            met_at=next((event.at for event in current if _meets(kind, event)), None),
        )
        for kind, seconds in limits_set(alert.limits).items()
    )


def limits_set(limits: Limits) -> Mapping[str, float]:
    """The seconds of each limit that there is."""
    every = {
        "acknowledge": limits.acknowledge,
        "respond": limits.respond,
        "resolve": limits.resolve,
    }
    return {kind: seconds for kind, seconds in every.items() if seconds is not None}


def begun_at(alert: Alert, events: Sequence[AlertEvent]) -> datetime:
    """Since when an alert's limits count."""
    current = round_of(events)
    return current[0].at if current and current[0].kind == "reopened" else alert.opened_at


def _meets(limit: str, event: AlertEvent) -> bool:
    closes = event.after is not None and event.after.closed
    if limit == "acknowledge":
        return event.after not in (None, AlertStatus.OPEN)
    return closes or (limit == "respond" and event.kind == "replied")
