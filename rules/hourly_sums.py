"""Sums by the hour: means and parts of any stretch of hours, without looking at each feedback."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate

from monitor.domain.window import HOUR, WindowHistory, WindowItem, WindowView

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Reads the number that is summed; None where a feedback has none.
ReadValue = Callable[[WindowItem], float | None]


@dataclass(frozen=True, slots=True)
class Sums:
    """What a mean and its spread are made from."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    def __add__(self, other: Sums) -> Sums:
        count = self.count + other.count
        return Sums(count, self.total + other.total, self.squares + other.squares)

    def __sub__(self, other: Sums) -> Sums:
        count = self.count - other.count
        return Sums(count, self.total - other.total, self.squares - other.squares)

    @property
    def mean(self) -> float:
        """The mean; raises ZeroDivisionError without any."""
        return self.total / self.count

    @property
    def error_squared(self) -> float:
        """The square of the standard error of the mean; raises ZeroDivisionError under two."""
        spread = max(0.0, self.squares - self.total * self.mean) / (self.count - 1)
        return spread / self.count


@dataclass(frozen=True, slots=True)
class HourlySums:
    """The sums of every hour, by when feedback was written, as of a full hour."""

    by_hour: Mapping[int, Sums]  #: hours are counted from 1970 on
    first: int
    upto: tuple[Sums, ...]  #: of all hours from the first one to before each

    @classmethod
    def learn(cls, known: object, history: WindowHistory, read: ReadValue) -> HourlySums:
        """Return the sums with what has arrived since they were learned."""
        begins = number_hour(history.begins)
        before = known.by_hour if isinstance(known, HourlySums) else {}
        sums = {hour: old for hour, old in before.items() if hour >= begins}
        for item in history.items:
            hour, value = number_hour(item.at), read(item)
            if value is not None and hour >= begins:
                sums[hour] = sums.get(hour, Sums()) + Sums(1, value, value * value)
        last = max(sums, default=begins)
        listed = (sums.get(hour, Sums()) for hour in range(begins, last + 1))
        return cls(sums, begins, tuple(accumulate(listed, initial=Sums())))

    def between(self, since: datetime, until: datetime) -> Sums:
        """Return the sums of the hours that begin from `since` to before `until`."""
        last = len(self.upto) - 1
        start = min(max(-((_EPOCH - since) // HOUR) - self.first, 0), last)
        end = min(max(-((_EPOCH - until) // HOUR) - self.first, start), last)
        return self.upto[end] - self.upto[start]


def number_hour(at: datetime) -> int:
    """Return the number of the hour in which a time lies, from 1970 on."""
    return (at - _EPOCH) // HOUR


def sum_window(
    window: WindowView, learned: object, since: datetime, hour: datetime, read: ReadValue
) -> Sums:
    """Return the sums of what was written since a full hour, up to the hour of the feedback.

    `learned` is as of the full hour `hour`; what has arrived since is added.
    """
    end = window.own.at.replace(minute=0, second=0, microsecond=0) + HOUR
    sums = learned.between(since, end) if isinstance(learned, HourlySums) else Sums()
    for item in (*window.iterate_arrived_since(hour), window.own):
        value = read(item)
        if value is not None and since <= item.at < end:
            sums += Sums(1, value, value * value)
    return sums
