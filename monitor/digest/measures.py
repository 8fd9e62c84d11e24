"""From counts to measures: a figure with its n, its interval, and what changed.

docs/reference/measures.md tells each of them. None adds up two scales, or two surveys. Who answered
several times in a period counts once there, and that is up to whoever counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

from monitor.digest.counts import (
    BalanceCount,
    Counts,
    RatingCounts,
    Series,
    ShareCount,
    ToneCounts,
    VolumeCount,
)
from monitor.digest.intervals import (
    UNKNOWN,
    bound_balance,
    bound_balance_change,
    bound_mean,
    bound_mean_change,
    bound_rate,
    bound_rate_change,
    bound_share,
    bound_share_change,
)
from monitor.domain.measure import Interval, Measure, Trend, Unit

FEWEST = 10  #: answers, now and before, below which no change of a share or mean is called
PERIODS = 4  #: of which `Measure.four_period_mean` is the mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe(Generic[Counts]):
    """How one kind of measure is made from its counts."""

    unit: Unit
    size: Callable[[Counts], int]
    value: Callable[[Counts], float | None]
    bound: Callable[[Counts], Interval]
    bound_change: Callable[[Counts, Counts], Interval]
    fewest: int = FEWEST  #: how many it takes to call a change
    #: For and against, where a change that rests on a single answer is not to be called.
    votes: Callable[[Counts], BalanceCount] | None = None


def make_measure(series: Series[Counts], recipe: Recipe[Counts]) -> Measure:
    """Return the measure of a period beside those before."""
    now, before = series.now, series.previous
    limits = recipe.bound(now)
    value, n = recipe.value(now), recipe.size(now)
    previous = None if before is None else recipe.value(before)
    previous_n = 0 if before is None else recipe.size(before)
    moved = UNKNOWN if before is None else recipe.bound_change(now, before)
    enough = min(n, previous_n) >= recipe.fewest
    if before is not None and recipe.votes:
        enough = enough and not rests_on_one(recipe.votes(now), recipe.votes(before), moved)
    return Measure(
        unit=recipe.unit,
        value=value,
        n=n,
        low=limits.low,
        high=limits.high,
        previous=previous,
        previous_n=previous_n,
        change=None if value is None or previous is None else value - previous,
        change_low=moved.low,
        change_high=moved.high,
        verdict=judge_change(moved, enough=enough),
        four_period_mean=_average([recipe.value(counts) for counts in series.before[:PERIODS]]),
        year_ago=None if series.year_ago is None else recipe.value(series.year_ago),
    )


def judge_change(limits: Interval, *, enough: bool) -> Trend:
    """Return what an interval of a change says; `enough`: whether there was enough to say it of.

    Where a limit is not known, that there was no change cannot be said either.
    """
    if not enough:
        return Trend.TOO_FEW
    if limits.low is not None and limits.low > 0:
        return Trend.UP
    if limits.high is not None and limits.high < 0:
        return Trend.DOWN
    return Trend.TOO_FEW if None in (limits.low, limits.high) else Trend.SAME


def rests_on_one(now: BalanceCount, before: BalanceCount, change: Interval) -> bool:
    """Return whether a change would be called because of a single answer.

    One complaint in ten is ten percent: after 6 of 400, Newcombe's interval holds no 0, and of
    unchanged pairs with so rare complaints 9 in 100 would be called a change.
    """
    rose, fell = (change.low or 0) > 0, (change.high or 0) < 0
    if not rose and not fell:
        return False
    higher, lower = (now, before) if rose else (before, now)
    return 1 in (higher.n - higher.negative, lower.n - lower.positive)


def measure_share(series: Series[ShareCount]) -> Measure:
    """Return a share in percent.

    Thumbs up of all thumbs, problems of all feedback, answered of all negative, closed of all
    alerts, raised of all that we answered and that said something later, ours of all voices,
    advocates of all who recommend or warn.
    """
    return make_measure(series, _SHARE)


def measure_balance(series: Series[BalanceCount]) -> Measure:
    """Return a balance in points: for minus against, of 100."""
    return make_measure(series, _BALANCE)


def measure_tone(series: Series[ToneCounts]) -> Measure:
    """Return the sentiment balance in points of what was scored: unread is no part of `n`."""
    return measure_balance(series.convert(lambda tones: tones.balance))


def measure_nps(series: Series[RatingCounts]) -> Measure:
    """Return the Net Promoter Score in points: 9 and 10 minus 0 to 6, of 100 answers.

    Raises ValueError for any other scale than 0 to 10.
    """
    return measure_balance(series.convert(split_promoters))


def split_promoters(ratings: RatingCounts) -> BalanceCount:
    """Return promoters (9, 10) and detractors (0 to 6) of answers from 0 to 10.

    Raises ValueError for another scale.
    """
    _require_scale(ratings, (0, 10))
    return BalanceCount(ratings.count_between(9, 10), ratings.count_between(0, 6), ratings.n)


def measure_satisfaction(series: Series[RatingCounts]) -> Measure:
    """Return CSAT in percent: the share of the best two of five points.

    Raises ValueError for any other scale than 1 to 5.
    """
    return measure_share(series.convert(lambda ratings: _count_share(ratings, 4, 5, (1, 5))))


def measure_ease(series: Series[RatingCounts]) -> Measure:
    """Return the Customer Effort Score: the mean on its own scale, higher is easier.

    Raises ValueError for any other scale than 1 to 7 or 1 to 5, or for a mixture.
    """
    _require_scale(series.now, (1, 7), (1, 5))
    return make_measure(_require_one_scale(series), _EASE)


def measure_easy_share(series: Series[RatingCounts]) -> Measure:
    """Return in percent for how many it was easy: 5 to 7 of seven, or 4 and 5 of five.

    Raises ValueError for any other scale, or for a mixture.
    """
    scale = (1, series.now.highest)
    _require_scale(series.now, (1, 7), (1, 5))
    lowest_easy = 5 if scale == (1, 7) else 4
    return measure_share(
        series.convert(lambda ratings: _count_share(ratings, lowest_easy, scale[1], scale))
    )


def measure_stars(series: Series[RatingCounts]) -> Measure:
    """Return the mean of the stars of new reviews; raises ValueError for a scale but 1 to 5."""
    _require_scale(series.now, (1, 5))
    return make_measure(_require_one_scale(series), _STARS)


def measure_low_stars(series: Series[RatingCounts]) -> Measure:
    """Return the share of one and two stars in percent.

    Raises ValueError for any other scale than 1 to 5.
    """
    return measure_share(series.convert(lambda ratings: _count_share(ratings, 1, 2, (1, 5))))


def measure_volume(series: Series[VolumeCount]) -> Measure:
    """Return how many come a day; `n` is how many came."""
    return make_measure(series, _VOLUME)


_SHARE: Recipe[ShareCount] = Recipe(
    unit=Unit.PERCENT,
    size=lambda count: count.n,
    value=lambda count: count.value,
    bound=bound_share,
    bound_change=bound_share_change,
    votes=lambda count: BalanceCount(count.hits, count.n - count.hits, count.n),
)
_BALANCE: Recipe[BalanceCount] = Recipe(
    unit=Unit.POINTS,
    size=lambda count: count.n,
    value=lambda count: count.value,
    bound=bound_balance,
    bound_change=bound_balance_change,
    votes=lambda count: count,
)
_VOLUME: Recipe[VolumeCount] = Recipe(
    unit=Unit.PER_DAY,
    size=lambda volume: volume.count,
    value=lambda volume: volume.value,
    bound=bound_rate,
    bound_change=bound_rate_change,
    fewest=0,  # that nobody wrote is a figure
)


def _make_mean_recipe(unit: Unit) -> Recipe[RatingCounts]:
    return Recipe(
        unit=unit,
        size=lambda ratings: ratings.n,
        value=lambda ratings: ratings.mean,
        bound=bound_mean,
        bound_change=bound_mean_change,
    )


_STARS = _make_mean_recipe(Unit.STARS)
_EASE = _make_mean_recipe(Unit.EASE)


def _count_share(ratings: RatingCounts, low: int, high: int, scale: tuple[int, int]) -> ShareCount:
    _require_scale(ratings, scale)
    return ShareCount(ratings.count_between(low, high), ratings.n)


def _require_scale(ratings: RatingCounts, *scales: tuple[int, int]) -> None:
    if (ratings.lowest, ratings.highest) not in scales:
        told = " or ".join(f"{low} to {high}" for low, high in scales)
        raise ValueError(f"the scale is {told}, not {ratings.lowest} to {ratings.highest}")


def _require_one_scale(series: Series[RatingCounts]) -> Series[RatingCounts]:
    scale = (series.now.lowest, series.now.highest)
    for ratings in (*series.before, series.year_ago or series.now):
        _require_scale(ratings, scale)
    return series


def _average(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / PERIODS if len(known) == PERIODS else None
