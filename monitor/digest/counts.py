"""What was counted in one period: all that measures and their intervals are calculated from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Counts = TypeVar("Counts")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class ShareCount:
    """How many of `n` have something. Raises ValueError where that cannot be."""

    hits: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.n:
            raise ValueError(f"{self.hits} of {self.n} is no share")

    @property
    def value(self) -> float | None:
        """The share in percent; None of nothing."""
        return 100 * self.hits / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class BalanceCount:
    """How many of `n` are for, and how many against. Raises ValueError where that cannot be."""

    positive: int
    negative: int
    n: int

    def __post_init__(self) -> None:
        if min(self.positive, self.negative) < 0 or self.positive + self.negative > self.n:
            raise ValueError(f"{self.positive} for and {self.negative} against of {self.n}?")

    @property
    def value(self) -> float | None:
        """The balance in points, -100 to 100; None of nothing."""
        return 100 * (self.positive - self.negative) / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class RatingCounts:
    """How many gave each point of a scale. Raises ValueError where that cannot be."""

    lowest: int  #: the lowest point of the scale
    counts: tuple[int, ...]  #: of the lowest point, the next one, and so on to the highest

    def __post_init__(self) -> None:
        if len(self.counts) < 2 or min(self.counts) < 0:
            raise ValueError("a scale has two points or more, and no count is below 0")

    @classmethod
    def from_ratings(cls, ratings: Iterable[int], lowest: int, highest: int) -> RatingCounts:
        """Return the counts of single ratings; raises ValueError for one outside the scale."""
        counts = [0] * (highest - lowest + 1)
        for rating in ratings:
            if not lowest <= rating <= highest:
                raise ValueError(f"{rating} is not on the scale from {lowest} to {highest}")
            counts[rating - lowest] += 1
        return cls(lowest, tuple(counts))

    @property
    def highest(self) -> int:
        """The highest point of the scale."""
        return self.lowest + len(self.counts) - 1

    @property
    def n(self) -> int:
        """How many answered."""
        return sum(self.counts)

    @property
    def mean(self) -> float | None:
        """The plain mean; None of nothing."""
        total = sum(point * count for point, count in enumerate(self.counts, self.lowest))
        return total / self.n if self.n else None

    def count_between(self, low: int, high: int) -> int:
        """Return how many gave a point from `low` to `high`, both included."""
        return sum(self.counts[max(low - self.lowest, 0) : max(high + 1 - self.lowest, 0)])


@dataclass(frozen=True, slots=True)
class ToneCounts:
    """How many feedback had which tone."""

    positive: int = 0
    neutral: int = 0
    negative: int = 0
    mixed: int = 0
    unread: int = 0  #: not scored, and no part of any balance

    @property
    def balance(self) -> BalanceCount:
        """Positive against negative of all that were scored: mixed and neutral are neither."""
        scored = self.positive + self.neutral + self.negative + self.mixed
        return BalanceCount(self.positive, self.negative, scored)


@dataclass(frozen=True, slots=True)
class WaitTimes:
    """How long answers took, and how many are still waited for.

    Raises ValueError for a negative or endless time.
    """

    seconds: tuple[float, ...]  #: of those that are over, in any order; kept sorted
    open: int = 0  #: "not yet": longer than whatever was measured

    def __post_init__(self) -> None:
        if self.open < 0 or any(not 0 <= time < float("inf") for time in self.seconds):
            raise ValueError("a time is 0 s or longer, and has an end")
        object.__setattr__(self, "seconds", tuple(sorted(self.seconds)))

    @property
    def n(self) -> int:
        """How many were waited for, the open ones included."""
        return len(self.seconds) + self.open

    def at_rank(self, rank: int) -> float | None:
        """Return the time at a rank from 1 on; None where that one is open or there is none."""
        return self.seconds[rank - 1] if 1 <= rank <= len(self.seconds) else None


@dataclass(frozen=True, slots=True)
class VolumeCount:
    """How many came in how long. Raises ValueError where that cannot be."""

    count: int
    days: float  #: of 24 hours: a week in which the clocks change has 6.96 or 7.04

    def __post_init__(self) -> None:
        if self.count < 0 or not self.days > 0:
            raise ValueError(f"{self.count} in {self.days} days?")

    @property
    def value(self) -> float:
        """How many a day."""
        return self.count / self.days


@dataclass(frozen=True, slots=True)
class Series(Generic[Counts]):
    """The counts of a period and of those that it is compared with."""

    now: Counts
    before: tuple[Counts, ...] = ()  #: of the periods before, the newest first; four are enough
    year_ago: Counts | None = None

    @property
    def previous(self) -> Counts | None:
        """The counts of the period before; None where that is not known."""
        return self.before[0] if self.before else None

    def convert(self, change: Callable[[Counts], Other]) -> Series[Other]:
        """Return the series of what `change` makes of each."""
        return Series(
            change(self.now),
            tuple(change(counts) for counts in self.before),
            None if self.year_ago is None else change(self.year_ago),
        )
