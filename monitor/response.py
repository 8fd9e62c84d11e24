"""What people did about an alert, and how long it took: pure, derived from the alert's events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from monitor.alert import AlertEvent, AlertStatus


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
        return cls(alert_id=event.alert_id, at=event.at, actor=event.actor, kind=event.after, note=event.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Seconds from the opening of an alert, in wall time; None for what has not happened."""

    to_acknowledge: float | None = None  #: the first response of any kind
    to_reply: float | None = None
    to_resolve: float | None = None  #: the last closing, since a reopened alert was not resolved


def clocks(opened_at: datetime, events: Iterable[AlertEvent]) -> Clocks:
    """How long the people took."""
    responses = [response for event in events if (response := Response.of(event))]

    def first(kinds: frozenset[str]) -> float | None:
        times = [(response.at - opened_at).total_seconds() for response in responses if response.kind in kinds]
        return min(times, default=None)

    closed = [response for response in responses if AlertStatus(response.kind).closed]
    return Clocks(
        to_acknowledge=min(((response.at - opened_at).total_seconds() for response in responses), default=None),
        to_reply=first(frozenset({AlertStatus.REPLIED})),
        to_resolve=(closed[-1].at - opened_at).total_seconds() if closed and closed[-1] is responses[-1] else None,
    )
