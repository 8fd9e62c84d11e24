"""Early signs: what rose some days before the load of support did, again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.digest.phrase_changes import adjust_p_values
from monitor.domain.theme import EarlySign, EarlySigns

#: Below these nothing is said: weeks of days, and days of a series with anything on them.
FEWEST_WEEKS: Final = 8
FEWEST_ACTIVE_DAYS: Final = 10
#: Days by which a sign may run ahead.
LONGEST_LEAD: Final = 14
LEVEL: Final = 0.05

#: Random orders: a few for every series, all for those that the few have not shown to be chance
#: (Besag and Clifford 1991, https://doi.org/10.1093/biomet/78.2.301).
_FIRST_ORDERS: Final = 199
_ORDERS: Final = 1_999
_SEED: Final = 20_261_130
#: Less than this is rounding.
_NONE: Final = 1e-9
_Floats = NDArray[np.float64]


def find_early_signs(series: Mapping[str, Sequence[int]], load: Sequence[int]) -> EarlySigns:
    """Return the series whose changes from day to day were followed by those of the load.

    All are daily counts of the same days, the last one last; days beyond whole weeks are left off
    at the beginning. The largest correlation over leads of 1 to 14 days is compared with that of
    the same series with its weeks in random order, which keeps the days of the week and what lasts
    for days. So one rise before one rise is no sign: it takes several. Benjamini-Hochberg at 5 %
    over the series.

    Raises ValueError where a series is not as long as the load.
    """
    if any(len(counts) != len(load) for counts in series.values()):
        raise ValueError("every series needs a count for each day of the load")
    days = len(load) // 7 * 7
    if days < 7 * FEWEST_WEEKS:
        return _stay_silent(series, f"{len(load)} days are known: early signs need 8 weeks")
    if np.count_nonzero(load[-days:]) < FEWEST_ACTIVE_DAYS:
        return _stay_silent(series, "the load of support has fewer than 10 days with anything")
    active = {
        name: np.asarray(counts[-days:], np.float64)
        for name, counts in series.items()
        if np.count_nonzero(counts[-days:]) >= FEWEST_ACTIVE_DAYS
    }
    followed = _Followed.from_load(np.asarray(load[-days:], np.float64))
    measured = {name: followed.measure_lead(counts) for name, counts in active.items()}
    adjusted = adjust_p_values(np.array([p for _, _, p in measured.values()]))
    signs = [
        EarlySign(name=name, lead_days=lead, correlation=correlation, days=days, p=float(p))
        for (name, (lead, correlation, _)), p in zip(measured.items(), adjusted, strict=True)
        if p <= LEVEL
    ]
    return EarlySigns(
        signs=tuple(sorted(signs, key=lambda sign: (sign.p, -sign.correlation, sign.name))),
        tested=tuple(active),
        too_little=tuple(name for name in series if name not in active),
    )


def _stay_silent(series: Mapping[str, Sequence[int]], because: str) -> EarlySigns:
    return EarlySigns(signs=(), tested=(), too_little=tuple(series), silent_because=because)


@dataclass(frozen=True, slots=True)
class _Followed:
    """The day-to-day changes of a load, set beside those of a series for every lead at once."""

    later: _Floats  #: a column a lead: the load's changes so many days on, about their mean
    known: _Floats  #: the same shape: 1 where a change of the series has such a day
    sizes: _Floats  #: of each column
    orders: NDArray[np.int64]  #: the weeks of a series in random orders, one a row

    @classmethod
    def from_load(cls, load: _Floats) -> _Followed:
        changes = np.diff(_steady(load[None])[0])
        later, known = np.zeros((2, len(changes), LONGEST_LEAD))
        for column, lead in enumerate(range(1, LONGEST_LEAD + 1)):
            ahead = len(changes) - lead
            later[:ahead, column] = changes[lead:] - changes[lead:].mean()
            known[:ahead, column] = 1
        weeks = np.tile(np.arange(len(load) // 7), (_ORDERS, 1))
        orders = np.random.default_rng(_SEED).permuted(weeks, axis=1)
        return cls(later, known, (later**2).sum(axis=0), orders)

    def correlate(self, steady: _Floats) -> _Floats:
        """Return the correlation of day-to-day changes for each lead; one series a row."""
        changes = np.diff(steady, axis=1)
        spread = changes**2 @ self.known - (changes @ self.known) ** 2 / self.known.sum(axis=0)
        size = np.sqrt(np.maximum(spread, 0) * self.sizes)
        found = changes @ self.later
        correlations: _Floats = np.divide(found, size, out=np.zeros_like(found), where=size > _NONE)
        return correlations

    def measure_lead(self, counts: _Floats) -> tuple[int, float, float]:
        """Return the lead in days, the correlation there, and how often chance does as well."""
        steady = _steady(counts[None])
        by_lead = self.correlate(steady)[0]
        weeks = steady.reshape(-1, 7)
        for number in (_FIRST_ORDERS, _ORDERS):
            by_chance = self.correlate(weeks[self.orders[:number]].reshape(number, -1)).max(axis=1)
            p = (1 + np.count_nonzero(by_chance >= by_lead.max() - _NONE)) / (1 + number)
            if p > LEVEL:
                break
        return int(by_lead.argmax()) + 1, float(by_lead.max()), p


def _steady(counts: _Floats) -> _Floats:
    """Return counts of one variance (Anscombe 1948), without what the day of the week explains."""
    roots = np.sqrt(counts + 0.375)
    by_weekday = roots.reshape(len(counts), -1, 7).mean(axis=1)
    steady: _Floats = roots - np.tile(by_weekday, counts.shape[1] // 7)
    return steady
