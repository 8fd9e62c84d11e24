"""Intervals agree with statsmodels, and hold what is true as often as they promise."""

from __future__ import annotations

import json
from itertools import product
from math import comb, sqrt
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scipy.special import bdtr

from monitor.digest.counts import (
    BalanceCount,
    RatingCounts,
    ShareCount,
    VolumeCount,
    WaitTimes,
)
from monitor.digest.intervals import (
    bound_balance,
    bound_balance_change,
    bound_mean,
    bound_mean_change,
    bound_percentile,
    bound_percentile_change,
    bound_rate,
    bound_rate_change,
    bound_share,
    bound_share_change,
    find_percentile,
)
from monitor.domain.measure import Interval

#: Made by benchmarks/interval_oracle.py.
ORACLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "statsmodels.json").read_text("utf-8")
)
DELIGHTED, DIVIDED, INDIFFERENT = (0.9, 0.03), (0.6, 0.38), (0.15, 0.15)


@pytest.fixture(scope="module")
def simulation() -> ModuleType:
    """The benchmark that draws samples."""
    module: ModuleType = pytest.importorskip(
        "benchmarks.interval_coverage", reason="the benchmarks are not part of what is installed"
    )
    return module


def assert_limits(found: Interval, low: float, high: float) -> None:
    """Both limits are what they should be."""
    assert found.low == pytest.approx(low, abs=1e-7)
    assert found.high == pytest.approx(high, abs=1e-7)


def test_shares_have_the_limits_that_statsmodels_gives_them() -> None:
    """Wilson's interval, none of ten and all of ten included."""
    for hits, n, low, high in ORACLE["shares"]:
        assert_limits(bound_share(ShareCount(hits, n)), 100 * low, 100 * high)


def test_differences_of_shares_have_the_limits_that_statsmodels_gives_them() -> None:
    """Newcombe's interval, with samples of very different size."""
    for hits, n, hits_before, n_before, low, high in ORACLE["share_changes"]:
        change = bound_share_change(ShareCount(hits, n), ShareCount(hits_before, n_before))
        assert_limits(change, 100 * low, 100 * high)


def test_means_have_the_limits_that_statsmodels_gives_the_same_answers() -> None:
    """Student's interval of the answers and one at each end, cut at the ends of the scale."""
    for counts, low, high in ORACLE["means"]:
        assert_limits(bound_mean(RatingCounts(1, tuple(counts))), max(low, 1), min(high, 5))


def test_differences_of_means_have_the_limits_that_statsmodels_gives_them() -> None:
    """Welch's interval with its degrees of freedom."""
    for now, before, low, high in ORACLE["mean_changes"]:
        change = bound_mean_change(RatingCounts(1, tuple(now)), RatingCounts(1, tuple(before)))
        assert_limits(change, max(low, -4), min(high, 4))


def test_rates_have_the_limits_that_statsmodels_gives_them() -> None:
    """The exact interval of a Poisson count, none at all included."""
    for count, days, low, high in ORACLE["rates"]:
        assert_limits(bound_rate(VolumeCount(count, days)), low, high)


def test_a_change_of_a_rate_is_the_exact_split_of_all_that_came() -> None:
    """With Clopper's and Pearson's limits, which statsmodels gives."""
    for now, before, low, high in ORACLE["rate_splits"]:
        total = now + before
        change = bound_rate_change(VolumeCount(now, 7.0), VolumeCount(before, 7.0))
        assert_limits(change, total * (2 * low - 1) / 7, total * (2 * high - 1) / 7)


def test_a_balance_without_passives_has_wilson_s_limits() -> None:
    """Where everybody is for or against, a balance is a share in other words."""
    share = bound_share(ShareCount(7, 12))
    assert share.low is not None
    assert share.high is not None

    assert_limits(bound_balance(BalanceCount(7, 5, 12)), 2 * share.low - 100, 2 * share.high - 100)


@pytest.mark.parametrize("counts", [(6, 3, 1), (1, 7, 2), (10, 10, 0), (30, 50, 20)])
def test_the_limits_of_a_balance_are_where_the_score_test_begins_to_reject(
    counts: tuple[int, int, int],
) -> None:
    """With the shares of voters found by trying them all, instead of by the formula."""
    positive, _, negative = counts
    n = sum(counts)
    limits = bound_balance(BalanceCount(positive, negative, n))

    for limit in (limits.low, limits.high):
        assert limit is not None
        balance = limit / 100
        voting = np.linspace(abs(balance) + 1e-9, 1 - 1e-9, 400_001)
        chances = (voting + balance) / 2, 1 - voting, (voting - balance) / 2
        likelihood = sum(
            count * np.log(np.maximum(chance, 1e-300))
            for count, chance in zip(counts, chances, strict=True)
        )
        best = voting[np.argmax(likelihood)]
        error = sqrt((best - balance**2) / n)
        assert abs((positive - negative) / n - balance) / error == pytest.approx(1.96, abs=0.001)


@pytest.mark.parametrize("n", [10, 20, 50])
@pytest.mark.parametrize("public", [DELIGHTED, DIVIDED, INDIFFERENT, (0.35, 0.35), (0.15, 0.65)])
def test_the_interval_of_a_balance_holds_what_is_true_as_often_as_promised(
    n: int, public: tuple[float, float]
) -> None:
    """Over every sample there can be: 93 to 97 of 100, from ten answers on."""
    promoters, detractors = public
    true, held = 100 * (promoters - detractors), 0.0
    for positive, negative in product(range(n + 1), repeat=2):
        neither = n - positive - negative
        if neither < 0:
            continue
        limits = bound_balance(BalanceCount(positive, negative, n))
        if limits.low <= true <= limits.high:  # type: ignore[operator]
            ways = comb(n, positive) * comb(n - positive, negative)
            passives = (1 - promoters - detractors) ** neither
            held += ways * promoters**positive * detractors**negative * passives

    assert 0.93 <= held <= 0.97


@pytest.mark.parametrize("n", [20, 50, 400])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.8])
def test_the_interval_of_a_share_holds_what_is_true_as_often_as_promised(
    n: int, share: float
) -> None:
    """Over every sample there can be: 93 to 97 of 100, and a point more where nothing is between
    too few and too many.
    """
    held = [
        bdtr(hits, n, share) - (bdtr(hits - 1, n, share) if hits else 0.0)
        for hits in range(n + 1)
        if (limits := bound_share(ShareCount(hits, n))).low <= 100 * share <= limits.high  # type: ignore[operator]
    ]

    assert 0.93 <= sum(held) <= 0.98


@pytest.mark.parametrize("kind", ["stars", "median", "90th", "a day"])
def test_drawn_samples_have_what_is_true_in_their_interval(
    simulation: ModuleType, kind: str
) -> None:
    """As often as promised (94 of 100 at least), less three errors of so few draws."""
    (chosen,) = (each for each in simulation.KINDS if each.name == kind)

    cells = simulation.measure_coverage(np.random.default_rng(1), chosen, 500, (10, 20, 50))

    assert [cell for cell in cells if cell.percent < 94 - 3 * 1.06] == []


@pytest.mark.parametrize("kind", ["NPS", "share", "stars", "median", "90th", "a day"])
def test_no_change_is_seldom_called_a_change(simulation: ModuleType, kind: str) -> None:
    """In 6 of 100 pairs at most, and three errors of so few draws."""
    (chosen,) = (each for each in simulation.KINDS if each.name == kind)

    cells = simulation.measure_false_alarms(np.random.default_rng(2), chosen, 300, (10, 50))

    assert [cell for cell in cells if cell.percent > 6 + 3 * 1.37] == []


def test_of_nothing_no_limit_is_known() -> None:
    """An empty period is no zero."""
    nothing = Interval(None, None)
    scale = RatingCounts(1, (0, 0, 0, 0, 0))

    assert bound_share(ShareCount(0, 0)) == nothing
    assert bound_balance(BalanceCount(0, 0, 0)) == nothing
    assert bound_mean(scale) == nothing
    assert bound_mean_change(scale, scale) == nothing
    assert bound_percentile(WaitTimes(()), 0.5) == nothing
    assert bound_share_change(ShareCount(0, 0), ShareCount(3, 9)) == nothing
    assert bound_balance_change(BalanceCount(2, 0, 9), BalanceCount(0, 0, 0)) == nothing


def test_two_scales_are_never_compared() -> None:
    """1 to 5 and 1 to 7 are different questions."""
    with pytest.raises(ValueError, match="two scales"):
        bound_mean_change(RatingCounts(1, (1,) * 5), RatingCounts(1, (1,) * 7))


def test_a_percentile_is_a_measured_time_and_open_ones_come_last() -> None:
    """Half of five, the open ones counted: the third; nine in ten: an open one."""
    times = WaitTimes((30.0, 10.0, 20.0), open=2)

    assert find_percentile(times, 0.5) == 30.0
    assert find_percentile(times, 0.9) is None
    assert find_percentile(WaitTimes((10.0, 20.0)), 0.5) == 10.0
    assert find_percentile(WaitTimes(tuple(range(1, 11))), 0.9) == 9.0


def test_the_limits_of_a_median_are_the_ranks_of_the_tables() -> None:
    """Ten: the second and the ninth; six: the ends; five have none."""
    assert bound_percentile(WaitTimes(tuple(range(1, 11))), 0.5) == Interval(2, 9)
    assert bound_percentile(WaitTimes(tuple(range(1, 7))), 0.5) == Interval(1, 6)
    assert bound_percentile(WaitTimes(tuple(range(1, 6))), 0.5) == Interval(None, None)


def test_a_small_sample_has_no_upper_limit_for_nine_in_ten() -> None:
    """It takes 36 before the longest of them is one."""
    assert bound_percentile(WaitTimes(tuple(range(35))), 0.9).high is None
    assert bound_percentile(WaitTimes(tuple(range(36))), 0.9).high == 35


def test_where_the_median_is_still_open_what_is_certain_of_its_change_is_told() -> None:
    """Nobody knows by how much it is slower, only that it is."""
    now = WaitTimes(tuple(range(5_000, 5_010)), open=12)
    before = WaitTimes(tuple(range(100, 120)))

    change = bound_percentile_change(now, before, 0.5)

    assert change.low is not None
    assert change.low > 4_000
    assert change.high is None
