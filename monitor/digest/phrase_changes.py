"""Whether people use a phrase more or less often than before, and by how much.

An exact test decides; log-odds only say how large a change is. (The z-score of log-odds cannot find
what was never said before: its variance explodes there.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

#: Authors of both times together, whose opinion is no change, that are added to what was counted.
_PRIOR: Final = 500.0
_Z: Final = 1.959964


@dataclass(frozen=True, slots=True)
class LogOdds:
    """Log-odds now against before, shrunk, with their 95 % interval."""

    value: float
    low: float
    high: float


def compare_counts(
    now: NDArray[np.int64], before: NDArray[np.int64], chance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return for each phrase the two-sided p of its authors now, given those of both times.

    The exact conditional test of two rates (Przyborowski and Wilenski 1940): the authors of now are
    binomial, with the chance that an author is of now. Where that differs between sources its mean
    makes the test conservative (Hoeffding 1956, https://doi.org/10.1214/aoms/1177728178).
    """
    from scipy.special import bdtr, bdtrc

    total = now + before
    at_most = bdtr(now.astype(float), total, chance)
    at_least = np.where(now > 0, bdtrc(now.astype(float) - 1, total, chance), 1.0)
    return cast("NDArray[np.float64]", np.minimum(1.0, 2 * np.minimum(at_most, at_least)))


def adjust_p_values(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return p-values adjusted so that those up to q hold a share of at most q that is false.

    Benjamini and Hochberg 1995, https://doi.org/10.1111/j.2517-6161.1995.tb02031.x.
    """
    count = len(p)
    order = np.argsort(p)[::-1]
    scaled = p[order] * count / np.arange(count, 0, -1)
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(scaled)) if count else scaled
    return adjusted


def adjust_joint_p_values(groups: Sequence[NDArray[np.float64]], tested: int) -> list[float]:
    """Return one adjusted p for each group of phrases that changed together.

    A group is judged by all of its phrases (Simes 1986) and then beside the other groups, so that
    one large change with many phrases lets no chance finding pass beside it. `tested` phrases there
    were in all; every group has one at least.
    """
    joint = [
        float(np.min(np.sort(p) * tested / np.arange(1, len(p) + 1))) if len(p) else 1.0
        for p in groups
    ]
    adjusted = [1.0] * len(groups)
    lowest = 1.0
    by_p = sorted(range(len(groups)), key=lambda group: joint[group])
    for rank in range(len(by_p), 0, -1):
        lowest = min(lowest, joint[by_p[rank - 1]] / rank)
        adjusted[by_p[rank - 1]] = lowest
    return adjusted


def measure_change(now: int, before: int, chance: float, authors_now: int) -> LogOdds:
    """Return the size of a change with an informative Dirichlet prior.

    Monroe, Colaresi and Quinn 2008, https://doi.org/10.1093/pan/mpn018. `chance` lies between 0 and
    1, both excluded.
    """
    authors_before = authors_now * (1 - chance) / chance
    share = (now + before) / (authors_now + authors_before)
    prior = _PRIOR * share
    odds_now = (now + prior) / max(authors_now + _PRIOR - now - prior, 0.5)
    odds_before = (before + prior) / max(authors_before + _PRIOR - before - prior, 0.5)
    value = math.log(odds_now / odds_before)
    half = _Z * math.sqrt(1 / (now + prior) + 1 / (before + prior))
    return LogOdds(value, value - half, value + half)
