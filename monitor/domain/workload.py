"""A person's view of the alerts and of the team's figures: frozen values, no input or output."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.actor import Actor
from monitor.domain.delivery import Card
from monitor.domain.duty import Shift


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationStatistics:
    """How long something took, over several alerts, in seconds; always with how many there were."""

    n: int
    median: float | None = None  #: None where n is 0
    slowest_tenth: float | None = None  #: nine of ten were quicker
    in_time: int = 0  #: how many kept their limit
    limited: int = 0  #: how many had one


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFigures:
    """What a team did in a period."""

    since: datetime
    until: datetime
    opened: int = 0
    acknowledged: int = 0
    replied: int = 0
    resolved: int = 0
    dismissed: int = 0
    reopened: int = 0
    open_now: int = 0
    unclaimed_now: int = 0
    late_now: int = 0
    to_acknowledge: DurationStatistics = DurationStatistics(n=0)
    to_reply: DurationStatistics = DurationStatistics(n=0)
    to_resolve: DurationStatistics = DurationStatistics(n=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One person's view of what there is to do; the lists are cut, the counts are whole."""

    person: Actor
    at: datetime
    figures: TeamFigures
    mine: tuple[Card, ...] = ()
    unclaimed: tuple[Card, ...] = ()
    due_soon: tuple[Card, ...] = ()  #: open ones whose limit comes next, the nearest first
    mine_count: int = 0
    unclaimed_count: int = 0
    due_soon_count: int = 0
    duty: Shift | None = None  #: who has duty; None where nobody has
    duty_zone: str = ""  #: IANA name of the zone in which its times are told
    returnable_count: int = 0  #: how many alerts of their last hand-over can be given back
