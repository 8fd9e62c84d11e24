"""When counts by the hour are a spike: a test that promises about so many false alarms in a time.

What is usual at this hour of the week is read from up to eight weeks before a guard of 48 hours,
what was a burst then is weighed down, and how unusual the window is says a negative binomial. The
formula, its sources and what was measured are in docs/reference/spikes.md; benchmarks/spikes.py
measures it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np

    _Array = np.ndarray[Any, np.dtype[np.float64]]

Stage = Literal["full", "learning", "absolute"]

WINDOWS = (1, 3, 6, 12, 24)
LEAST_COUNT = 3  #: fewer are never a spike, however rare they are
LEAST_RATIO = 2.0  #: of a spike to what is usual
USUAL = 0.05  #: a window is back to usual where what it holds has more than this probability

_DAY, _WEEK = 24, 168
_EVALUATIONS = 4 * _WEEK  #: in 28 days, one for each hour
_BASELINE_WEEKS = 8
_DISPERSION_HOURS = 28 * _DAY
_LEARNING_HOURS, _ABSOLUTE_HOURS = 14 * _DAY, 3 * _DAY
#: So many weeks (or days, while learning) count the hours of the day and the days of the week for.
_PSEUDO_PERIODS = 2.0
_FITS = 3  #: of the profile, each without what stood out before
_SHRINKAGE = 7.0  #: hours of the mean of all that are added to each hour of the day and each day
_OUTBREAK = 2.58  #: residual from which on Farrington's method weighs a past window down
_WIDEST_RESIDUAL = 4.0  #: that counts for the dispersion
_LEAST_DISPERSION = 1.05
_LEAST_EXPOSURE = 0.5  #: of a window, for what is expected in it
_LEAST_EXPECTED = 0.02


@dataclass(frozen=True, slots=True)
class HourlyCounts:
    """How many people wrote, hour by hour, without a gap, up to the hour of the decision."""

    first_hour: int  #: of `counts[0]`, in whole hours since 1970 UTC
    counts: tuple[int, ...]  #: distinct authors, each once a day; the last hour may be unfinished
    exposure: tuple[float, ...]  #: share of each hour in which its sources could be seen, 0 to 1


@dataclass(frozen=True, slots=True)
class SpikeTest:
    """What is asked: the window, and how many false alarms are bearable."""

    window_hours: int  #: one of WINDOWS
    alarms_per_month: float  #: about so many false alarms in 28 days
    guard_hours: int = 48  #: last hours that are kept out of what is usual
    min_count: int = LEAST_COUNT

    def __post_init__(self) -> None:
        if not 1 <= self.window_hours <= _DAY or self.alarms_per_month <= 0:
            raise ValueError("a window has 1 to 24 hours, and false alarms are more than 0")

    @property
    def limit(self) -> float:
        """The probability below which a window is a spike: the budget over its evaluations."""
        return min(self.alarms_per_month / _EVALUATIONS, USUAL)


@dataclass(frozen=True, slots=True)
class SpikeResult:
    """What one window is, and by which figures."""

    count: int
    expected: float  #: what is usual for this window
    probability: float  #: of so many or more where nothing has happened
    limit: float  #: below which that is a spike
    dispersion: float  #: variance over mean; 1 where people write independently of each other
    is_spike: bool
    is_over: bool  #: back to usual; an alarm ends where that is so in two hours running
    stage: Stage
    needed: int  #: the smallest count that would have been a spike


@dataclass(frozen=True, slots=True)
class SpikeBaseline:
    """What is usual in one window, as it was known when its last hour began."""

    expected: float
    dispersion: float  #: with what is uncertain in `expected`
    stage: Stage
    reference_count: int  #: at the same hours of other days, while learning
    reference_ratio: float  #: of their exposure to that of the window; 0: nothing is known


def assess_spike(series: HourlyCounts, test: SpikeTest) -> SpikeResult:
    """Return whether the last window of the series is a spike, and why.

    Raises ValueError for counts and exposure of different lengths, and for an empty series.
    """
    count = sum(series.counts[-test.window_hours :])
    return judge_count(count, build_baseline(series, test), test)


def build_baseline(series: HourlyCounts, test: SpikeTest) -> SpikeBaseline:
    """Return what is usual in the last window of the series; the counts in the guard do not matter.

    It holds for the whole last hour, however much of that has passed.
    """
    import numpy as np

    if not len(series.counts) or len(series.counts) != len(series.exposure):
        raise ValueError("a series needs one exposure for each of its counts, and at least one")
    unseen = [0.0] * max(test.window_hours - len(series.counts), 0)
    counts = np.array([*unseen, *series.counts], dtype=np.float64)
    exposure = np.array([*unseen, *series.exposure], dtype=np.float64).clip(0.0, 1.0)
    exposure[-1] = 1.0  # it is not over, and has one evaluation like every other
    seen = int(exposure.sum())
    stage = _find_stage(seen)
    guard = max(min(test.guard_hours, seen // 4), test.window_hours)
    period = _WEEK if stage == "full" else _DAY
    block = _PastBlock.cut(counts, exposure, guard, period, test.window_hours)
    profile, dispersion = _fit_profile(block, test.window_hours)
    return _expect_window(block, exposure[-test.window_hours :], profile, dispersion, stage)


def judge_count(count: int, baseline: SpikeBaseline, test: SpikeTest) -> SpikeResult:
    """Return what a count in the window is, measured by its baseline; never less for a greater."""
    probability = _find_probability(count, baseline)
    needed = _find_needed(baseline, test)
    return SpikeResult(
        count=count,
        expected=baseline.expected,
        probability=probability,
        limit=test.limit,
        dispersion=baseline.dispersion,
        is_spike=count >= needed,
        is_over=probability > USUAL,
        stage=baseline.stage,
        needed=needed,
    )


def _find_stage(seen: int) -> Stage:
    if seen >= _LEARNING_HOURS:
        return "full"
    return "learning" if seen >= _ABSOLUTE_HOURS else "absolute"


@dataclass(frozen=True, slots=True)
class _PastBlock:
    """Whole weeks (or days) of the past, a row for each, of which the last ends at the guard."""

    counts: _Array
    exposure: _Array
    window: np.ndarray[Any, np.dtype[np.int64]]  #: the columns of the hours that are judged

    @classmethod
    def cut(
        cls, counts: _Array, exposure: _Array, guard: int, period: int, window: int
    ) -> _PastBlock:
        """Return the rows of the last eight weeks; hours before the first have no exposure."""
        import numpy as np

        end = max(len(counts) - guard, 0)
        rows = max(1, min(-(-end // period), _BASELINE_WEEKS * _WEEK // period))
        start = end - rows * period
        past = np.zeros((2, rows * period))
        kept = max(start, 0)
        past[0, kept - start :] = counts[kept:end]
        past[1, kept - start :] = exposure[kept:end]
        columns = np.arange(len(counts) - window, len(counts)) - start
        by_row = past.reshape(2, rows, period)
        return cls(by_row[0], by_row[1], columns % period)


def _fit_profile(block: _PastBlock, window: int) -> tuple[_Array, float]:
    """Return what is usual an hour, for each column of the block, and the dispersion of windows.

    Hours of windows that stand out are weighed down, and the profile is fitted anew.
    """
    counts = block.counts
    for _ in range(_FITS):
        profile = _average(counts, block.exposure)
        seen, usual = _sum_windows(block, profile, window)
        dispersion = _measure_dispersion(seen, usual, block, window)
        weights = _weigh_outbreaks(seen, usual, dispersion, window)
        if weights is None:
            break
        counts = block.counts * weights.reshape(block.counts.shape)
    return profile, dispersion


def _weigh_outbreaks(seen: _Array, usual: _Array, dispersion: float, window: int) -> _Array | None:
    """Return a weight for each hour that leaves no window much above the usual; None: all are 1."""
    import numpy as np

    highest = usual + _OUTBREAK * np.sqrt(dispersion * np.maximum(usual, _LEAST_EXPECTED))
    kept = highest / np.maximum(seen, highest)
    if not (kept < 1).any():
        return None
    weights = np.ones(len(seen) + window - 1)
    for offset in range(window):
        stretch = weights[offset : offset + len(kept)]
        np.minimum(stretch, kept, out=stretch)
    return weights


def _average(counts: _Array, exposure: _Array) -> _Array:
    """Return the mean an hour of each column with its neighbours, and of the pseudo-period."""
    import numpy as np

    count, seen = counts.sum(axis=0), exposure.sum(axis=0)
    level = count.sum() / max(seen.sum(), 1e-9)
    count = count + np.roll(count, 1) + np.roll(count, -1)
    seen = seen + np.roll(seen, 1) + np.roll(seen, -1)
    pseudo = 3 * _PSEUDO_PERIODS
    profile: _Array = (count + pseudo * _spread_level(count, seen, level)) / (seen + pseudo)
    return profile


def _spread_level(count: _Array, seen: _Array, level: float) -> _Array:
    """Return the level of all hours by the hour of the day times the day of the week."""
    import numpy as np

    days = len(count) // _DAY
    if days == 1 or level <= 0:
        return np.full(len(count), level)
    grid, exposure = count.reshape(days, _DAY), seen.reshape(days, _DAY)
    by_hour = (grid.sum(axis=0) + _SHRINKAGE * level) / (exposure.sum(axis=0) + _SHRINKAGE)
    by_day = (grid.sum(axis=1) + _SHRINKAGE * level) / (exposure.sum(axis=1) + _SHRINKAGE)
    spread: _Array = (by_day[:, None] * by_hour[None, :]).ravel() / level
    return spread


def _sum_windows(block: _PastBlock, profile: _Array, window: int) -> tuple[_Array, _Array]:
    """Return for every window of the block what was counted in it, and what is usual."""
    import numpy as np

    usual = block.exposure * profile
    sums = np.zeros((2, usual.size + 1))
    np.cumsum(block.counts, out=sums[0, 1:])
    np.cumsum(usual, out=sums[1, 1:])
    windows = sums[:, window:] - sums[:, :-window]
    return windows[0], windows[1]


def _measure_dispersion(seen: _Array, usual: _Array, block: _PastBlock, window: int) -> float:
    """Return variance over mean of the windows of the last 28 days; single bursts hardly count."""
    import numpy as np

    seen, usual = seen[-_DISPERSION_HOURS:], usual[-_DISPERSION_HOURS:]
    rows = float(block.exposure.sum()) / block.exposure.shape[1]
    freedom = float(usual.sum()) * _share_left_by_fit(rows, window)
    if freedom <= 0:
        return _LEAST_DISPERSION
    square = (seen - usual) ** 2
    dispersion = max(float(square.sum()) / freedom, _LEAST_DISPERSION)
    for _ in range(2):
        widest = _WIDEST_RESIDUAL**2 * dispersion * np.maximum(usual, _LEAST_EXPECTED)
        kept = float(np.minimum(square, widest).sum())
        dispersion = max(kept / freedom, _LEAST_DISPERSION)
    return dispersion


def _share_left_by_fit(rows: float, window: int) -> float:
    """Return the share of the variance that is left when a window is taken from its own mean.

    Each window is a part of the mean that it is compared with: of the windows of `rows` weeks, and
    of the two that begin an hour before and after and share most of its hours.
    """
    one, two = (window - 1) / window, max(window - 2, 0) / window
    own, mean = (1 + 2 * one) / 3, (3 + 4 * one + 2 * two) / 9
    weight = 1 / (rows + _PSEUDO_PERIODS)
    return 1 - 2 * own * weight + mean * rows * weight**2


def _expect_window(
    block: _PastBlock, exposure: _Array, profile: _Array, dispersion: float, stage: Stage
) -> SpikeBaseline:
    """Return what is usual in the window that is judged, with what is uncertain in that."""
    window = len(exposure)
    share = exposure * max(1.0, _LEAST_EXPOSURE * window / float(exposure.sum()))
    expected = max(float(profile[block.window] @ share), _LEAST_EXPECTED)
    rows = float(block.exposure[:, block.window].sum()) / window
    mean = max(float(profile.mean()) * window, _LEAST_EXPECTED)
    # Where people write in bursts, busy hours are the more dispersed; quiet ones need not be less.
    spread = 1 + (dispersion - 1) * max(expected / mean, 1.0)
    count, seen = _sum_reference(block)
    return SpikeBaseline(
        expected=expected,
        dispersion=spread * (1 + 1 / (rows + _PSEUDO_PERIODS)),
        stage=stage if seen else "absolute",
        reference_count=count,
        reference_ratio=seen / float(share.sum()),
    )


def _sum_reference(block: _PastBlock) -> tuple[int, float]:
    """Return counts and exposure at the hours of the window, one more on each side; else of all."""
    import numpy as np

    around = np.concatenate([block.window - 1, block.window, block.window + 1])
    columns = np.unique(around % block.counts.shape[1])
    seen = float(block.exposure[:, columns].sum())
    if seen:
        return int(block.counts[:, columns].sum()), seen
    return int(block.counts.sum()), float(block.exposure.sum())


def _find_probability(count: int, baseline: SpikeBaseline) -> float:
    """Return how probable so many or more are; while little is known, by the more careful test."""
    if count <= 0:
        return 1.0
    from scipy.special import betainc

    spread = baseline.dispersion
    probability = float(betainc(count, baseline.expected / (spread - 1), 1 - 1 / spread))
    if baseline.stage == "full":
        return probability
    if not baseline.reference_ratio:
        return 1.0
    share = 1 / (1 + baseline.reference_ratio)
    exact = float(betainc(count, baseline.reference_count + 1, share))
    return max(probability, exact)


def _find_needed(baseline: SpikeBaseline, test: SpikeTest) -> int:
    """Return the smallest count that is a spike; nothing to compare with asks for the least."""
    least = max(LEAST_COUNT, test.min_count)
    if not baseline.reference_ratio:
        return least
    low = max(least, ceil(LEAST_RATIO * baseline.expected)) - 1
    step = 1
    while _find_probability(low + step, baseline) > test.limit:
        low, step = low + step, 2 * step
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        if _find_probability(middle, baseline) > test.limit:
            low = middle
        else:
            high = middle
    return high
