"""A measure: a figure about many feedback, always with its n, its interval and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a measure is counted in."""

    POINTS = "points"  #: -100 to 100: NPS, sentiment balance
    PERCENT = "percent"  #: 0 to 100
    STARS = "stars"  #: 1 to 5
    EASE = "ease"  #: CES, on the scale that its name says
    SECONDS = "seconds"
    COUNT = "count"
    PER_DAY = "per_day"


class Trend(StrEnum):
    """How a measure compares with the period before; `verdict` in what machines read."""

    UP = "up"
    DOWN = "down"
    SAME = "same"  #: the interval of the change holds 0
    TOO_FEW = "too_few"  #: too few to call, now or before


@dataclass(frozen=True, slots=True)
class Interval:
    """The limits within which the true figure lies in 95 of 100 cases; None: no limit is known."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure of one period with its interval."""

    value: float | None  #: None where there is nothing to count
    n: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure of a period beside the one before; all in `unit`."""

    unit: Unit
    value: float | None  #: None where there is nothing to count
    n: int
    low: float | None = None
    high: float | None = None
    previous: float | None = None
    previous_n: int = 0
    change: float | None = None
    change_low: float | None = None
    change_high: float | None = None
    verdict: Trend = Trend.TOO_FEW
    four_period_mean: float | None = None  #: of the four periods before; None where one is empty
    year_ago: float | None = None  #: of the same week or month a year before

    @property
    def estimate(self) -> Estimate:
        """Return the figure of the period alone."""
        return Estimate(value=self.value, n=self.n, low=self.low, high=self.high)
