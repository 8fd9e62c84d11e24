"""What goes with good and with bad scores. Never what causes them: these are only associations.

A driver that all rate alike, such as a safety that nobody doubts, goes with nothing and is named
as one of which nothing can be seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from monitor.digest.counts import ShareCount
from monitor.digest.intervals import ALPHA, bound_share, bound_share_change
from monitor.digest.measures import FEWEST, judge_change
from monitor.domain.measure import Estimate, Interval, Trend

MOST_DRIVERS = 8  #: rated ones; with more, weights of so few answers say nothing
_RESAMPLES = 1000
_SEED = 20  #: the same answers have the same limits
_BATCH = 1_000_000  #: counts drawn at once
_ALMOST_NOTHING = 1e-6
_Floats = NDArray[np.float64]


class UnseenReason(StrEnum):
    """Why nothing can be said about a driver."""

    TOO_FEW = "too_few"  #: of those who rated it, fewer than ten for each driver are left
    ALIKE = "alike"  #: all rated it alike
    TOO_MANY = "too_many"  #: eight others were rated by more people


@dataclass(frozen=True, slots=True)
class RatedAnswer:
    """One answer: its score, and how the drivers were rated in it; None: not."""

    score: float
    ratings: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class DriverWeight:
    """How much of what scores have in common with the ratings goes with one driver, in percent."""

    name: str
    weight: float
    low: float
    high: float
    direction: Trend  #: UP: better ratings go with better scores; SAME: with neither


@dataclass(frozen=True, slots=True)
class DriverWeights:
    """What goes with the scores of a survey."""

    n: int  #: answers that rate all drivers weighed, at least ten for each
    explained: float  #: share of the spread of scores that goes with the ratings (R²), in percent
    weights: tuple[DriverWeight, ...]  #: the heaviest first
    unseen: Mapping[str, UnseenReason]


@dataclass(frozen=True, slots=True)
class DriverContrast:
    """The share of bad ones where a driver or word is named, against all others; in percent."""

    name: str
    naming: Estimate
    others: Estimate
    difference: float
    limits: Interval
    goes_with: Trend  #: UP: it goes with bad ones; TOO_FEW: fewer than ten name it, or do not
    is_certain: bool  #: whether it holds for all that was compared at once, too


def weigh_drivers(answers: Sequence[RatedAnswer]) -> DriverWeights:
    """Return Johnson's relative weights of rated drivers, or why there are none.

    J. W. Johnson, Multivariate Behavioral Research 35, 2000: the spread that drivers have in common
    is shared out between them, and the weights sum up to R². Only answers that rate all drivers
    weighed are taken, ten for each driver: those that fewest rate are left out until that holds.
    The limits are percentiles of 1,000 resamples (B. Efron, The Annals of Statistics 7, 1979),
    drawn with a fixed seed.
    """
    names, unseen = _choose_drivers(answers)
    table = _tabulate(answers, names)
    if names and not np.ptp(table[:, 0]):
        unseen |= dict.fromkeys(names, UnseenReason.ALIKE)
        names = []
    if not names:
        return DriverWeights(len(table), 0.0, (), unseen)
    (shares,), _, (explained,) = _share_out(_correlate(table, np.ones((1, len(table)))))
    low, high, directions = _resample(table)
    weights = [
        DriverWeight(
            name,
            weight=float(shares[at]),
            low=float(min(low[at], shares[at])),
            high=float(max(high[at], shares[at])),
            direction=directions[at],
        )
        for at, name in enumerate(names)
    ]
    weights.sort(key=lambda weight: (-weight.weight, weight.name))
    return DriverWeights(len(table), 100 * float(explained), tuple(weights), unseen)


def contrast_drivers(
    naming: Mapping[str, ShareCount], everything: ShareCount
) -> tuple[DriverContrast, ...]:
    """Return what goes with bad ones, the most certain first.

    `naming` counts the bad ones among all that name a driver or word, `everything` those among all.
    Each difference has Newcombe's interval. Raises ValueError where a part exceeds the whole.
    """
    found = [
        _contrast(name, count, everything, ALPHA / len(naming)) for name, count in naming.items()
    ]
    return tuple(sorted(found, key=_sort_by_certainty))


def _contrast(
    name: str, naming: ShareCount, everything: ShareCount, alpha: float
) -> DriverContrast:
    others = ShareCount(everything.hits - naming.hits, everything.n - naming.n)
    limits = bound_share_change(naming, others)
    strict = bound_share_change(naming, others, alpha)
    enough = min(naming.n, others.n) >= FEWEST
    certain = judge_change(strict, enough=enough) in (Trend.UP, Trend.DOWN)
    return DriverContrast(
        name,
        _estimate(naming),
        _estimate(others),
        (naming.value or 0.0) - (others.value or 0.0),
        limits,
        judge_change(limits, enough=enough),
        certain,
    )


def _estimate(count: ShareCount) -> Estimate:
    limits = bound_share(count)
    return Estimate(value=count.value, n=count.n, low=limits.low, high=limits.high)


def _sort_by_certainty(contrast: DriverContrast) -> tuple[bool, float, str]:
    low, high = contrast.limits.low or 0.0, contrast.limits.high or 0.0
    return contrast.goes_with is Trend.TOO_FEW, -max(low, -high), contrast.name


def _choose_drivers(
    answers: Sequence[RatedAnswer],
) -> tuple[list[str], dict[str, UnseenReason]]:
    rated = Counter(
        name for answer in answers for name, rating in answer.ratings.items() if rating is not None
    )
    names = sorted(rated, key=lambda name: (-rated[name], name))
    unseen = dict.fromkeys(names[MOST_DRIVERS:], UnseenReason.TOO_MANY)
    unseen |= {
        name: UnseenReason.TOO_FEW for answer in answers for name in answer.ratings.keys() - rated
    }
    names = names[:MOST_DRIVERS]
    while names:
        table = _tabulate(answers, names)
        if len(table) < FEWEST * len(names):
            unseen[names.pop()] = UnseenReason.TOO_FEW
            continue
        alike = [name for at, name in enumerate(names, 1) if not np.ptp(table[:, at])]
        if not alike:
            break
        unseen |= dict.fromkeys(alike, UnseenReason.ALIKE)
        names = [name for name in names if name not in alike]
    return names, unseen


def _tabulate(answers: Sequence[RatedAnswer], names: Sequence[str]) -> _Floats:
    """Return a row for each answer that rates all drivers: its score, then their ratings."""
    rows = [
        (answer.score, *(answer.ratings[name] for name in names))
        for answer in answers
        if all(answer.ratings.get(name) is not None for name in names)
    ]
    return np.array(rows, dtype=float).reshape(len(rows), len(names) + 1)


def _resample(table: _Floats) -> tuple[_Floats, _Floats, list[Trend]]:
    """Return the limits of each weight, and which way each driver goes with the scores."""
    n, draw = len(table), np.random.default_rng(_SEED)
    batch = max(_BATCH // n, 1)  # bounds the memory, however many have answered
    shares, ways = [], []
    for begin in range(0, _RESAMPLES, batch):
        times = draw.multinomial(n, np.full(n, 1 / n), size=min(batch, _RESAMPLES - begin))
        share, way, _ = _share_out(_correlate(table, times.astype(float)))
        shares.append(share)
        ways.append(way)
    ends = [100 * ALPHA / 2, 100 * (1 - ALPHA / 2)]
    low, high = np.percentile(np.concatenate(shares), ends, axis=0)
    directions = [
        judge_change(Interval(float(least), float(most)), enough=True)
        for least, most in np.percentile(np.concatenate(ways), ends, axis=0).T
    ]
    return low, high, directions


def _correlate(table: _Floats, times: _Floats) -> _Floats:
    """Return the correlations of the columns for each way to count the rows (n rows in all)."""
    n, columns = table.shape
    centred = table - table.mean(axis=0)
    products = (centred[:, :, np.newaxis] * centred[:, np.newaxis]).reshape(n, -1)
    means = times @ centred / n
    among = (times @ products / n).reshape(-1, columns, columns)
    among = among - means[:, :, np.newaxis] * means[:, np.newaxis]
    spread = np.sqrt(np.maximum(np.diagonal(among, axis1=1, axis2=2), 0.0))
    spread = np.where(spread > _ALMOST_NOTHING, spread, np.inf)  # all alike: goes with nothing
    scaled: _Floats = among / spread[:, :, np.newaxis] / spread[:, np.newaxis]
    return scaled


def _share_out(correlations: _Floats) -> tuple[_Floats, _Floats, _Floats]:
    """Return for each sample the relative weights in percent, the correlations, and R²."""
    with_score = correlations[:, 1:, :1]
    values, vectors = np.linalg.eigh(correlations[:, 1:, 1:])
    roots = np.sqrt(np.maximum(values, 0.0))
    # Two drivers that are always rated alike share what they have, instead of dividing by 0.
    inverse = np.where(roots > _ALMOST_NOTHING, 1 / np.maximum(roots, _ALMOST_NOTHING), 0.0)
    turned = np.swapaxes(vectors, 1, 2)
    loadings = (vectors * roots[:, np.newaxis]) @ turned
    slopes = (vectors * inverse[:, np.newaxis]) @ turned @ with_score
    raw = (loadings**2 @ slopes**2)[:, :, 0]
    explained = raw.sum(axis=1)
    shares = 100 * raw / np.maximum(explained, _ALMOST_NOTHING**2)[:, np.newaxis]
    return shares, with_score[:, :, 0], explained
