"""What a chart shows, as values; `monitor.digest` draws it as a picture, as SVG or in text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.domain.measure import Unit


class PointState(StrEnum):
    """How far a point of a chart can be trusted."""

    WHOLE = "whole"
    UNFINISHED = "unfinished"  #: the period is not over: drawn hatched
    BLIND = "blind"  #: a source could not be read then: drawn grey


@dataclass(frozen=True, slots=True, kw_only=True)
class DayColumn:
    """One day of a daily chart."""

    day: date
    positive: int = 0
    neutral: int = 0  #: neutral and mixed
    negative: int = 0
    unread: int = 0  #: in languages that are not scored, without stars
    balance: float | None = None  #: points, -100 to 100; None where nothing was scored
    alerts: int = 0
    events: tuple[str, ...] = ()  #: names of what was marked: a release, an outage, a campaign
    state: PointState = PointState.WHOLE
    blind_hours: float = 0.0  #: of the hours that are over, whatever the state; 0: not known

    @property
    def total(self) -> int:
        """Return how many feedback there were."""
        return self.positive + self.neutral + self.negative + self.unread

    @property
    def is_blind(self) -> bool:
        """Return whether a source could not be read then, be it for a part of the day."""
        return self.state is PointState.BLIND or self.blind_hours > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyChart:
    """Volume by tone and sentiment balance, day by day."""

    title: str
    days: tuple[DayColumn, ...]


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A field of a heat map: a sentiment balance in points, None where there is nothing."""

    value: float | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """Sentiment balances in two directions; `cells` has one tuple for each row."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[HeatCell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalPoint:
    """An estimate and its interval; None where there is nothing to show."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    state: PointState = PointState.WHOLE
    is_own: bool = False  #: the brand among competitors: stands out


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalChart:
    """Estimates with their intervals: along time from left to right, else one below the other."""

    title: str
    unit: Unit
    points: tuple[IntervalPoint, ...]
    is_over_time: bool = False
    target: float | None = None  #: a goal, drawn as a line


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseGroup:
    """Response times of alerts that have the same limit."""

    label: str  #: "urgent"
    limit: float | None  #: seconds; None for no limit
    seconds: tuple[float, ...]  #: of those that were answered
    open_count: int = 0  #: not answered yet

    @property
    def in_time(self) -> int:
        """Return how many were answered within the limit; all of them where there is none."""
        limit = self.limit
        return sum(limit is None or seconds <= limit for seconds in self.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseChart:
    """Response times against their limits, one row for each group."""

    title: str
    groups: tuple[ResponseGroup, ...]


Chart = DailyChart | HeatMap | IntervalChart | ResponseChart
