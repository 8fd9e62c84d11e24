"""Early signs: who runs ahead of the load of support, and who only seems to."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.digest.early_signs import find_early_signs

DAYS = 7 * 12


def draw_bursts(seed: int, days: int = DAYS) -> NDArray[np.int64]:
    """Counts that rise now and then for a few days."""
    random = np.random.default_rng(seed)
    rate = np.full(days + 20, 4.0)
    for start in random.choice(days, 7, replace=False):
        rate[start : start + 3] += 12
    return random.poisson(rate[:days])


def follow(counts: NDArray[np.int64], lead: int, seed: int) -> list[int]:
    """A load that rises `lead` days after the counts do, on top of its own week."""
    random = np.random.default_rng(seed)
    week = np.tile([30, 28, 26, 26, 24, 8, 6], len(counts) // 7)
    delayed = np.concatenate([np.full(lead, 4), counts[:-lead]])
    return [int(count) for count in random.poisson(week + 2 * delayed)]


@pytest.mark.parametrize("lead", [2, 4, 9])
def test_a_series_that_runs_ahead_is_found_with_its_lead(lead: int) -> None:
    """Of five series the one is named whose rises came so many days before."""
    found = 0
    for seed in range(5):
        series = {f"noise {place}": draw_bursts(100 * seed + place).tolist() for place in range(4)}
        ahead = draw_bursts(1000 + seed)
        signs = find_early_signs({**series, "ahead": ahead.tolist()}, follow(ahead, lead, seed))
        found += [(sign.name, sign.lead_days) for sign in signs.signs] == [("ahead", lead)]

    assert found >= 4


def test_series_of_their_own_are_no_signs() -> None:
    """Of 30 unrelated series, hardly one is told, though all have busy weekdays."""
    told = 0
    for seed in range(10):
        load = follow(draw_bursts(500 + seed), 3, seed)
        series = {
            f"{place}": follow(draw_bursts(10_000 + 10 * seed + place), 3, 50 * seed + place)
            for place in range(3)
        }
        told += bool(find_early_signs(series, load).signs)

    assert told <= 2


def test_one_rise_before_one_rise_is_no_sign() -> None:
    """What happened once may be chance."""
    early, load = [1] * 63, [5] * 63
    early[30:33], load[34:37] = [20, 25, 20], [40, 50, 40]

    assert find_early_signs({"early": early}, load).signs == ()


def test_under_eight_weeks_nothing_is_said() -> None:
    """The reason is told, and which series it was."""
    signs = find_early_signs({"early": [3] * 55}, [5] * 55)

    assert signs.silent_because == "55 days are known: early signs need 8 weeks"
    assert (signs.signs, signs.tested, signs.too_little) == ((), (), ("early",))


def test_a_series_of_hardly_any_days_is_not_judged() -> None:
    """It is named instead."""
    rare = [0] * 50 + [4] * 6
    busy = draw_bursts(1, 56).tolist()
    signs = find_early_signs({"rare": rare, "busy": busy}, follow(draw_bursts(2, 56), 3, 1))

    assert (signs.tested, signs.too_little) == (("busy",), ("rare",))


def test_series_of_other_lengths_are_refused() -> None:
    """Days that do not belong together are never compared."""
    with pytest.raises(ValueError, match="a count for each day"):
        find_early_signs({"early": [1] * 60}, [1] * 61)
