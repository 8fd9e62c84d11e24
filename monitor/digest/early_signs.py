"""Early signs: what rose some days before the load of support did, again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

_ORDERS: Final = 1_999
_SEED: Final = 20_261_130
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
    followed = _steady(np.asarray(load[-days:], np.float64)[None])[0]
    measured = {name: _measure_lead(counts, followed) for name, counts in active.items()}
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


def _measure_lead(counts: _Floats, followed: _Floats) -> tuple[int, float, float]:
    """Return the lead in days, the correlation there, and how often chance does as well."""
    steady = _steady(counts[None])
    by_lead = _correlate_ahead(steady, followed)[0]
    lead = int(by_lead.argmax()) + 1
    weeks = steady.reshape(-1, 7)
    random = np.random.default_rng(_SEED)
    orders = random.permuted(np.tile(np.arange(len(weeks)), (_ORDERS, 1)), axis=1)
    by_chance = _correlate_ahead(weeks[orders].reshape(_ORDERS, -1), followed).max(axis=1)
    as_good = np.count_nonzero(by_chance >= by_lead.max() - 1e-9)
    return lead, float(by_lead.max()), (1 + as_good) / (1 + _ORDERS)


def _steady(counts: _Floats) -> _Floats:
    """Return counts of one variance (Anscombe 1948), without what the day of the week explains."""
    roots = np.sqrt(counts + 0.375)
    by_weekday = roots.reshape(len(counts), -1, 7).mean(axis=1)
    steady: _Floats = roots - np.tile(by_weekday, counts.shape[1] // 7)
    return steady


def _correlate_ahead(steady: _Floats, followed: _Floats) -> _Floats:
    """Return the correlation of day-to-day changes for each lead; one series a row."""
    changes, later = np.diff(steady, axis=1), np.diff(followed)
    found = [
        _correlate_rows(changes[:, :-lead], later[lead:]) for lead in range(1, LONGEST_LEAD + 1)
    ]
    return np.stack(found, axis=1)


def _correlate_rows(rows: _Floats, other: _Floats) -> _Floats:
    rows = rows - rows.mean(axis=1, keepdims=True)
    other = other - other.mean()
    size = np.sqrt((rows**2).sum(axis=1) * (other**2).sum())
    correlations: _Floats = np.divide(rows @ other, size, out=np.zeros(len(rows)), where=size > 0)
    return correlations
