"""On which day a series of daily counts began to run at another rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from monitor.domain.theme import ChangeStart, EventMark

#: Days of one series, at least.
FEWEST_DAYS: Final = 14
#: Share of random orders of the days that may show as sharp a change.
LEVEL: Final = 0.05
#: An event is named only where so many days, at most, are about as likely.
WIDEST: Final = timedelta(days=7)

_ORDERS: Final = 499
_SEED: Final = 20_261_130
#: Half the 95 % point of chi-squared with one degree of freedom.
_ABOUT_AS_LIKELY: Final = 1.92
_DAY: Final = timedelta(days=1)
_Floats = NDArray[np.float64]


def find_change_start(
    first: date,
    counts: Sequence[float],
    exposures: Sequence[float] | None = None,
    events: Sequence[EventMark] = (),
    zone: str = "UTC",
) -> ChangeStart | None:
    """Return on which day, from `first` on, the rate changed, and the event that it starts at.

    Counts are taken for Poisson at one rate before the day and at another from it on; the day of
    the highest likelihood is told. How often the days in random order show as sharp a change makes
    p, so that counts that vary more than Poisson raise no false alarm. `exposures` say of how many
    (feedback, authors) the counts of each day are; a day without any says nothing. None where no
    day stands out (p above 0.05), and for fewer than fourteen days.
    """
    seen = np.asarray(counts, np.float64)
    size = np.ones(len(seen)) if exposures is None else np.asarray(exposures, np.float64)
    used = np.flatnonzero(size > 0)
    seen, size = seen[used], size[used]
    if len(seen) < FEWEST_DAYS or not seen.sum():
        return None
    gains = _likelihood_gains(seen[None], size[None])[0]
    p = _compare_with_random_orders(seen, size, float(gains.max()))
    if p > LEVEL:
        return None
    best = int(gains.argmax()) + 1  # the first day of the new rate
    likely = np.flatnonzero(gains >= gains.max() - _ABOUT_AS_LIKELY) + 1
    day, earliest, latest = (
        first + int(used[place]) * _DAY for place in (best, int(likely[0]), int(likely[-1]))
    )
    start = ChangeStart(
        day=day,
        earliest=earliest,
        latest=latest,
        per_day_before=float(seen[:best].sum() / size[:best].sum()),
        per_day_after=float(seen[best:].sum() / size[best:].sum()),
        p=p,
    )
    return replace(start, event=_name_event(start, events, zone))


def _likelihood_gains(counts: _Floats, sizes: _Floats) -> _Floats:
    """Return the gain in log-likelihood of two rates over one, for each first day of the second.

    One series a row; the first column is for the second day.
    """
    from scipy.special import xlogy

    before, before_size = counts.cumsum(axis=1)[:, :-1], sizes.cumsum(axis=1)[:, :-1]
    total, total_size = counts.sum(axis=1)[:, None], sizes.sum(axis=1)[:, None]
    after, after_size = total - before, total_size - before_size
    gains: _Floats = (
        xlogy(before, before / before_size)
        + xlogy(after, after / after_size)
        - xlogy(total, total / total_size)
    )
    return gains


def _compare_with_random_orders(counts: _Floats, sizes: _Floats, gain: float) -> float:
    random = np.random.default_rng(_SEED)
    orders = random.permuted(np.tile(np.arange(len(counts)), (_ORDERS, 1)), axis=1)
    highest = _likelihood_gains(counts[orders], sizes[orders]).max(axis=1)
    return float((1 + np.count_nonzero(highest >= gain - 1e-9)) / (1 + _ORDERS))


def _name_event(start: ChangeStart, events: Sequence[EventMark], zone: str) -> str:
    """Return the event at which the change starts, empty where none or too many days fit.

    What happens in the evening shows on the next day.
    """
    if start.latest - start.earliest > WIDEST:
        return ""
    local = ZoneInfo(zone)
    fitting = [
        (abs(start.day - day), day > start.day, event.at, event.name)
        for event in events
        for day in [event.at.astimezone(local).date()]
        if start.earliest - _DAY <= day <= start.latest
    ]
    return min(fitting)[-1] if fitting else ""
