"""The intervals of measures and of their changes: where the true figure lies in 95 of 100 cases.

Each is chosen for small samples and for answers that are all alike, where the textbook's interval
is far too narrow. benchmarks/interval_coverage.py shows how often each holds what is true. `alpha`
is how often it may miss. Without data there is no limit.
"""

from __future__ import annotations

from functools import cache
from math import sqrt
from types import ModuleType
from typing import NamedTuple

from monitor.digest.counts import BalanceCount, RatingCounts, ShareCount, VolumeCount, WaitTimes
from monitor.domain.measure import Interval

ALPHA = 0.05
UNKNOWN = Interval(None, None)
_HALVINGS = 45  #: of the span of -1 to 1, as far as a float tells


@cache
def _special() -> ModuleType:
    """Return scipy's functions, loaded when first used: a program that runs all day need not."""
    from scipy import special

    return special  # type: ignore[no-any-return]


class _Moments(NamedTuple):
    mean: float
    square_error: float  #: the square of the mean's standard error
    freedom: int  #: degrees of freedom


def bound_balance(count: BalanceCount, alpha: float = ALPHA) -> Interval:
    """Return the interval of NPS or of a balance, in points.

    The score interval of a difference of two shares of the same answers (T. Tango, Statistics in
    Medicine 17, 1998); Wilson's where all are for or against. It holds what is true in 95 to 97 of
    100 cases from ten answers on, where the adjusted Wald interval of B. Rocks (The American
    Statistician 70, 2016) has 91 for a divided public and 99 for an indifferent one.
    """
    value = count.value
    if value is None:
        return UNKNOWN
    z = _find_z(alpha)
    neither = count.n - count.positive - count.negative
    high = _find_highest_balance(count.positive, neither, count.negative, z)
    low = -_find_highest_balance(count.negative, neither, count.positive, z)
    return _clip(100 * low, 100 * high, value, -100, 100)


def bound_share(count: ShareCount, alpha: float = ALPHA) -> Interval:
    """Return the interval of a share, in percent.

    Wilson's score interval (E. B. Wilson, J. of the American Statistical Association 22, 1927).
    """
    value = count.value
    if value is None:
        return UNKNOWN
    n, share = count.n, count.hits / count.n
    square = _find_z(alpha) ** 2
    centre = (share + square / (2 * n)) / (1 + square / n)
    reach = sqrt(square * (share * (1 - share) / n + square / (4 * n * n))) / (1 + square / n)
    return _clip(100 * (centre - reach), 100 * (centre + reach), value, 0, 100)


def bound_mean(ratings: RatingCounts, alpha: float = ALPHA) -> Interval:
    """Return the interval of the mean on a scale, in points of the scale.

    Student's t interval of the answers and one imaginary answer at each end of the scale: without
    these it holds the true mean of ten answers in 64 of 100 cases where nine in ten are the best.
    """
    value = ratings.mean
    if value is None:
        return UNKNOWN
    moments = _augment(ratings)
    reach = _find_t(moments.freedom, alpha) * sqrt(moments.square_error)
    low, high = moments.mean - reach, moments.mean + reach
    return _clip(low, high, value, ratings.lowest, ratings.highest)


def bound_percentile(times: WaitTimes, share: float, alpha: float = ALPHA) -> Interval:
    """Return the interval of a percentile of times, in seconds; `share` is 0.5 for the median.

    Order statistics by binomial ranks, for any distribution (H. A. David, H. N. Nagaraja, "Order
    Statistics", 2003, 7.1). Open ones are longer than all others. A limit is None where the sample
    is too small for one, or where it lies among the open ones.
    """
    n = times.n
    if not n:
        return UNKNOWN
    low, high = _find_ranks(n, share, alpha)
    return Interval(times.at_rank(low), times.at_rank(high))


def bound_rate(volume: VolumeCount, alpha: float = ALPHA) -> Interval:
    """Return the interval of how many come a day, if each comes independently of the others.

    Exact for a Poisson count (F. Garwood, Biometrika 28, 1936).
    """
    low = float(_special().gammaincinv(volume.count, alpha / 2)) if volume.count else 0.0
    high = float(_special().gammaincinv(volume.count + 1, 1 - alpha / 2))
    return Interval(low / volume.days, high / volume.days)


def bound_balance_change(now: BalanceCount, before: BalanceCount, alpha: float = ALPHA) -> Interval:
    """Return the interval of a change of NPS or of a balance, in points.

    Square and add (MOVER: G. Y. Zou, A. Donner, Statistics in Medicine 27, 2008).
    """
    intervals = bound_balance(now, alpha), bound_balance(before, alpha)
    return subtract_intervals(now.value, intervals[0], before.value, intervals[1])


def bound_share_change(now: ShareCount, before: ShareCount, alpha: float = ALPHA) -> Interval:
    """Return the interval of a difference of two independent shares, in percentage points.

    Newcombe's hybrid score interval (R. G. Newcombe, Statistics in Medicine 17, 1998, method 10).
    """
    intervals = bound_share(now, alpha), bound_share(before, alpha)
    return subtract_intervals(now.value, intervals[0], before.value, intervals[1])


def bound_mean_change(now: RatingCounts, before: RatingCounts, alpha: float = ALPHA) -> Interval:
    """Return the interval of a change of the mean on one scale, in points of the scale.

    Welch's t interval (Biometrika 34, 1947) of the same answers as `bound_mean` takes. Raises
    ValueError for two scales.
    """
    if (now.lowest, now.highest) != (before.lowest, before.highest):
        raise ValueError("two scales are never compared")
    if now.mean is None or before.mean is None:
        return UNKNOWN
    first, second = _augment(now), _augment(before)
    variance = first.square_error + second.square_error
    parts = (moments.square_error**2 / moments.freedom for moments in (first, second))
    reach = _find_t(variance**2 / sum(parts), alpha) * sqrt(variance)
    change, width = now.mean - before.mean, now.highest - now.lowest
    difference = first.mean - second.mean
    return _clip(difference - reach, difference + reach, change, -width, width)


def bound_percentile_change(
    now: WaitTimes, before: WaitTimes, share: float, alpha: float = ALPHA
) -> Interval:
    """Return the interval of a change of a percentile, in seconds, on the safe side.

    Square and add on the order statistics. A limit is None where one of those it needs is.
    """
    intervals = bound_percentile(now, share, alpha), bound_percentile(before, share, alpha)
    values = find_percentile(now, share), find_percentile(before, share)
    return subtract_intervals(values[0], intervals[0], values[1], intervals[1])


def bound_rate_change(now: VolumeCount, before: VolumeCount, alpha: float = ALPHA) -> Interval:
    """Return the interval of a change of how many come a day.

    It holds 0 exactly where the conditional test finds no difference: of all that came in both
    periods together, the share of this one is binomial, with the exact limits of C. J. Clopper
    and E. S. Pearson (J. Przyborowski, H. Wilenski, Biometrika 31, 1940).
    """
    total = now.count + before.count
    low = float(_special().betaincinv(now.count, before.count + 1, alpha / 2)) if now.count else 0.0
    high = (
        float(_special().betaincinv(now.count + 1, before.count, 1 - alpha / 2))
        if before.count
        else 1.0
    )

    def split(part: float) -> float:
        return total * (part / now.days - (1 - part) / before.days)

    return Interval(split(low), split(high))


def find_percentile(times: WaitTimes, share: float) -> float | None:
    """Return within how many seconds a share of all was over; None where it is among the open ones.

    The shortest measured time within which at least that share was over: no value between two.
    """
    return times.at_rank(find_rank(times.n, share))


def find_rank(n: int, share: float) -> int:
    """Return the rank, from 1 on, of a percentile in a sample of n."""
    return max(-(-round(n * share * 1e6) // 10**6), 1)


def subtract_intervals(
    now: float | None, now_limits: Interval, before: float | None, before_limits: Interval
) -> Interval:
    """Return the interval of a difference from those of both figures, by square and add (MOVER).

    Where a figure itself is not known ("not yet"), the difference of the limits that are.
    """
    low = _reach_down(now, now_limits.low, before, before_limits.high)
    high = _reach_down(before, before_limits.low, now, now_limits.high)
    return Interval(low, None if high is None else -high)


def _reach_down(
    now: float | None, low: float | None, before: float | None, high: float | None
) -> float | None:
    if low is None or high is None:
        return None
    if now is None or before is None:
        return low - high
    return now - before - sqrt((now - low) ** 2 + (high - before) ** 2)


def _find_highest_balance(positive: int, neither: int, negative: int, z: float) -> float:
    """Return the highest true balance, -1 to 1, of which this sample is within `z` errors."""
    n = positive + neither + negative
    found = (positive - negative) / n
    low, high = found, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        # How many are for or against, as far as it fits the sample best with that balance.
        half = (positive + negative + (positive - negative) * middle) / (2 * n)
        rest = ((positive - negative) * middle - neither * middle * middle) / n
        voting = half + sqrt(max(half * half - rest, 0.0))
        variance = max(voting - middle * middle, 0.0) / n
        if (middle - found) ** 2 <= z * z * variance:
            low = middle
        else:
            high = middle
    return low


def _augment(ratings: RatingCounts) -> _Moments:
    counts = list(ratings.counts)
    counts[0] += 1
    counts[-1] += 1
    n = sum(counts)
    mean = sum(point * count for point, count in enumerate(counts)) / n
    squares = sum((point - mean) ** 2 * count for point, count in enumerate(counts))
    return _Moments(ratings.lowest + mean, squares / (n - 1) / n, n - 1)


def _find_ranks(n: int, share: float, alpha: float) -> tuple[int, int]:
    """Return the ranks of both limits, so that each misses in at most `alpha` / 2 of all cases."""
    low = int(_special().bdtrik(alpha / 2, n, share)) + 2
    while low > 0 and _special().bdtr(low - 1, n, share) > alpha / 2:
        low -= 1
    high = max(int(_special().bdtrik(1 - alpha / 2, n, share)) - 1, 0)
    while high <= n and _special().bdtr(high - 1, n, share) < 1 - alpha / 2:
        high += 1
    return low, high


def _find_z(alpha: float) -> float:
    return float(_special().ndtri(1 - alpha / 2))


def _find_t(freedom: float, alpha: float) -> float:
    return float(_special().stdtrit(freedom, 1 - alpha / 2))


def _clip(low: float, high: float, value: float, lowest: float, highest: float) -> Interval:
    """Return the limits within what is possible, and around the value."""
    return Interval(max(min(low, value), lowest), min(max(high, value), highest))
