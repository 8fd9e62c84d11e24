"""Whether customers are treated alike everywhere: touchpoints or channels beside one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

from scipy.special import chdtrc

from monitor.digest.counts import BalanceCount
from monitor.digest.intervals import ALPHA, bound_balance_change
from monitor.digest.measures import FEWEST
from monitor.domain.measure import Interval


@dataclass(frozen=True, slots=True)
class PlaceGap:
    """The two places between which the gap is most certain."""

    better: str
    worse: str
    gap: float  #: in points, 0 or more
    limits: Interval  #: of the gap, as wide as it takes for the number of pairs looked at

    @property
    def is_certain(self) -> bool:
        """Whether it is more than chance."""
        return self.limits.low is not None and self.limits.low > 0


@dataclass(frozen=True, slots=True)
class Consistency:
    """How far the balances of several places lie apart."""

    q: float  #: Cochran's
    p: float  #: how often chance alone brings as much spread
    spread: float  #: the standard deviation between places beyond chance, in points
    gap: PlaceGap
    left_out: tuple[str, ...]  #: places with fewer than ten

    @property
    def differs(self) -> bool:
        """Whether the places differ by more than chance."""
        return self.p < ALPHA


def compare_places(places: Mapping[str, BalanceCount]) -> Consistency | None:
    """Return how consistent places are, or None where fewer than two have ten answers.

    Cochran's Q (Biometrics 10, 1954) with the variance of one answer taken from all places
    together, so that a place where all answered alike does not pass for certain; the spread by the
    method of moments (R. DerSimonian, N. Laird, Controlled Clinical Trials 7, 1986). A share is a
    balance without any against.
    """
    enough = {name: count for name, count in sorted(places.items()) if count.n >= FEWEST}
    left_out = tuple(sorted(places.keys() - enough.keys()))
    if len(enough) < 2:
        return None
    counts = list(enough.values())
    n = sum(count.n for count in counts)
    positive, negative = (sum(c.positive for c in counts), sum(c.negative for c in counts))
    mean = (positive - negative) / n
    variance = (positive + negative) / n - mean * mean
    gap = _find_surest_gap(enough)
    if variance <= 0:
        return Consistency(0.0, 1.0, 0.0, gap, left_out)
    squares = (
        count.n * ((count.positive - count.negative) / count.n - mean) ** 2 for count in counts
    )
    q, freedom = sum(squares) / variance, len(counts) - 1
    weight = (n - sum(count.n**2 for count in counts) / n) / variance
    spread = 100 * sqrt(max(q - freedom, 0.0) / weight)
    return Consistency(q, float(chdtrc(freedom, q)), spread, gap, left_out)


def _find_surest_gap(places: Mapping[str, BalanceCount]) -> PlaceGap:
    pairs = list(combinations(places.items(), 2))
    gaps = [_measure_gap(*pair, ALPHA / len(pairs)) for pair in pairs]
    return max(gaps, key=lambda gap: (gap.limits.low or 0.0, gap.gap))


def _measure_gap(
    first: tuple[str, BalanceCount], second: tuple[str, BalanceCount], alpha: float
) -> PlaceGap:
    values = first[1].value or 0.0, second[1].value or 0.0
    better, worse = (first, second) if values[0] >= values[1] else (second, first)
    limits = bound_balance_change(better[1], worse[1], alpha)
    return PlaceGap(better[0], worse[0], abs(values[0] - values[1]), limits)
