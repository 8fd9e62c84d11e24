"""Figures of many small places, drawn towards the mean of all, and ranked by what is certain.

Of thirty shops with six answers each, chance alone makes one the worst. A place is believed as far
as its own answers carry, and the more so the more places really differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from monitor.digest.counts import BalanceCount
from monitor.digest.intervals import ALPHA

_GRID = 200  #: steps of how much places may differ
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PlaceEstimate:
    """What can be said of one place, in percent or points."""

    name: str
    n: int
    raw: float | None  #: of its own answers alone; None without any
    value: float  #: drawn towards the mean of all
    low: float
    high: float


def shrink_balances(places: Mapping[str, BalanceCount]) -> tuple[PlaceEstimate, ...]:
    """Return the balance of each place in points, by the name of the place.

    Normal-normal, with the variance of one answer taken from all places, and how much places differ
    averaged over all that fits (A. Gelman and others, "Bayesian Data Analysis", 2013, 5.4). Empty
    where there is nothing to count.
    """
    names = [name for name in sorted(places) if places[name].n]
    if not names:
        return ()
    positive = np.array([places[name].positive for name in names], dtype=float)
    negative = np.array([places[name].negative for name in names], dtype=float)
    n = np.array([places[name].n for name in names], dtype=float)
    figures = (positive - negative) / n
    votes = (positive.sum() + negative.sum() + 1.5) / (n.sum() + 3)
    centre = (positive.sum() - negative.sum()) / (n.sum() + 3)
    noise = (votes - centre * centre) / n
    between = (np.linspace(0, 1, _GRID) ** 2)[:, np.newaxis]  # the variance; 1: all that can be
    weight = 1 / (noise + between)
    sure = weight.sum(axis=1, keepdims=True)
    mean = (weight * figures).sum(axis=1, keepdims=True) / sure
    fit = (np.log(weight) - weight * (figures - mean) ** 2).sum(axis=1) / 2
    fit -= np.log(sure[:, 0]) / 2
    own = between * weight  # how far a place is believed
    alike = own * figures + (1 - own) * mean
    value, variance = _mix(fit, alike, own * noise + (1 - own) ** 2 / sure)
    reach = float(ndtri(1 - ALPHA / 2)) * np.sqrt(variance)
    limits = np.clip(value - reach, -1, 1), np.clip(value + reach, -1, 1)
    raw = [places[name].value for name in names]
    return _collect(names, n, raw, (100 * value, 100 * limits[0], 100 * limits[1]))


def rank_worst(
    places: Iterable[PlaceEstimate], *, higher_is_better: bool
) -> tuple[PlaceEstimate, ...]:
    """Return places, the one that is most certainly bad first.

    By the limit that is nearest to good: even if a place is as good as it may be, it is that bad.
    """
    return tuple(
        sorted(
            places, key=lambda place: (place.high if higher_is_better else -place.low, place.name)
        )
    )


def _mix(fit: _Floats, means: _Floats, variances: _Floats) -> tuple[_Floats, _Floats]:
    """Return mean and variance of each column over the rows, weighed by how well each row fits."""
    weight = np.exp(fit - fit.max())
    weight = (weight / weight.sum())[:, np.newaxis]
    value = (weight * means).sum(axis=0)
    return value, (weight * (variances + (means - value) ** 2)).sum(axis=0)


def _collect(
    names: list[str],
    n: _Floats,
    raw: list[float | None],
    figures: tuple[_Floats, _Floats, _Floats],
) -> tuple[PlaceEstimate, ...]:
    value, low, high = (column.tolist() for column in figures)
    return tuple(
        PlaceEstimate(name, int(n[at]), raw[at], value[at], low[at], high[at])
        for at, name in enumerate(names)
    )
