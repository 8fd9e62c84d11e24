"""Scales of charts: round steps, places on them, and which labels are written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: Lengths of time that people count in, in seconds.
_ROUND_TIMES = (
    *(1, 5, 15, 60, 300, 900, 3_600, 4 * 3_600, 12 * 3_600),
    *(86_400, 3 * 86_400, 7 * 86_400, 30 * 86_400, 90 * 86_400, 365 * 86_400),
)


@dataclass(frozen=True, slots=True)
class ChartScale:
    """Figures from `low` to `high` along the places from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float
    is_logarithmic: bool = False

    def place(self, value: float) -> float:
        """Return where a figure stands; what lies outside stands at the edge."""
        value = min(max(value, self.low), self.high)
        part = _part(value, self.low, self.high, is_logarithmic=self.is_logarithmic)
        return self.start + part * (self.end - self.start)


def round_up(value: float) -> float:
    """Return the next 1, 2, 2.5 or 5 times a power of ten; 1 for what is not above 0."""
    if value <= 0 or not math.isfinite(value):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value * (1 - 1e-9))


def choose_steps(low: float, high: float, count: int) -> tuple[float, ...]:
    """Return round figures from at most `low` to at least `high`, about `count` steps apart."""
    step = round_up((high - low) / max(1, count))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(number * step for number in range(first, max(last, first + 1) + 1))


def choose_times(low: float, high: float, count: int) -> tuple[float, ...]:
    """Return at most `count` (2 or more) round lengths of time, in seconds, around the two."""
    below = [time for time in _ROUND_TIMES if time <= low]
    above = [time for time in _ROUND_TIMES if time >= high]
    first = below[-1] if below else _ROUND_TIMES[0]
    last = above[0] if above else _ROUND_TIMES[-1]
    if first == last:
        first = _ROUND_TIMES[max(0, _ROUND_TIMES.index(first) - 1)]
    between = [time for time in _ROUND_TIMES if first <= time <= max(last, _ROUND_TIMES[1])]
    every = math.ceil((len(between) - 1) / max(1, count - 1))
    kept = between[:: max(1, every)]
    return tuple(kept if kept[-1] == between[-1] else [*kept, between[-1]])


def choose_labels(count: int, most: int) -> tuple[int, ...]:
    """Return the numbers of at most `most` of `count` things, evenly, the last one among them."""
    if count <= 0:
        return ()
    every = max(1, math.ceil(count / max(1, most)))
    return tuple(sorted(range(count - 1, -1, -every)))


def find_extremes(values: Sequence[float | None]) -> tuple[int, ...]:
    """Return the places of the first highest, the first lowest and the last figure, in order."""
    known = [number for number, value in enumerate(values) if value is not None]
    if not known:
        return ()

    def weigh(number: int) -> float:
        return values[number] or 0.0

    return tuple(sorted({max(known, key=weigh), min(known, key=weigh), known[-1]}))


def _part(value: float, low: float, high: float, *, is_logarithmic: bool) -> float:
    if high <= low:
        return 0.5
    if is_logarithmic:
        return math.log(max(value, 1e-9) / low) / math.log(high / low)
    return (value - low) / (high - low)
