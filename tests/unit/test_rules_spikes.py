"""The test for spikes keeps its promise, roughly: benchmarks/spikes.py measures it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom, nbinom

from rules.spikes import (
    HourlyCounts,
    SpikeBaseline,
    SpikeTest,
    assess_spike,
    build_baseline,
    judge_count,
)

WEEK = 168
SEASON = 1 + 0.6 * np.sin((np.arange(WEEK) % 24 - 9) / 24 * 2 * np.pi)
PLAIN = SpikeTest(window_hours=3, alarms_per_month=1)


def draw_series(seed: int, weeks: int, rate: float, growth: float = 0.0) -> list[int]:
    """Counts an hour of a Poisson process with a daily season that grows by a share a week."""
    level = rate * np.tile(SEASON, weeks) * (1 + growth) ** (np.arange(weeks * WEEK) / WEEK)
    return [int(count) for count in np.random.default_rng(seed).poisson(level)]


def seen_always(counts: list[int]) -> HourlyCounts:
    """The last nine weeks of the counts, without an outage."""
    kept = tuple(counts[-9 * WEEK :])
    return HourlyCounts(0, kept, (1.0,) * len(kept))


def count_spike_hours(counts: list[int], first: int, test: SpikeTest = PLAIN) -> int:
    """At how many hours from the first on the test says that there is a spike."""
    ends = range(first + 1, len(counts) + 1)
    return sum(assess_spike(seen_always(counts[:end]), test).is_spike for end in ends)


def make_baseline(expected: float, dispersion: float) -> SpikeBaseline:
    """A baseline of a source that is known for long."""
    return SpikeBaseline(expected, dispersion, "full", 100, 30.0)


def test_quiet_streams_raise_few_alarms() -> None:
    """Four streams of eight weeks have eight alarms in all to expect at most, and keep below."""
    found = sum(count_spike_hours(draw_series(seed, 12, 1.0), 4 * WEEK) for seed in range(4))
    assert found <= 24  # hours; an alarm has two or three


def test_a_slow_rise_is_no_spike() -> None:
    """A level that rises by 1 % a week over 52 weeks does not raise alarms week by week."""
    counts = draw_series(7, 52, 3.0, growth=0.01)
    ends = range(9 * WEEK, len(counts), 5)
    found = sum(assess_spike(seen_always(counts[:end]), PLAIN).is_spike for end in ends)
    assert found <= 12  # of 1,445 hours


@pytest.mark.parametrize("window", [1, 3, 6, 12, 24])
def test_a_plain_burst_is_found_at_any_hour_of_the_week(window: int) -> None:
    """Eight times the mean on top of what is usual, over the window, is always a spike."""
    counts = draw_series(3, 8, 3.0)
    for start in range(6 * WEEK, 7 * WEEK, 13):
        burst = counts[: start + window]
        burst[start:] = [count + 24 for count in burst[start:]]
        assert assess_spike(seen_always(burst), replace(PLAIN, window_hours=window)).is_spike


def test_probability_is_that_of_a_negative_binomial() -> None:
    """It is the tail of the distribution with this mean and this ratio of variance to mean."""
    expected, spread = 4.0, 2.5
    known = nbinom.sf(11, expected / (spread - 1), 1 / spread)
    found = judge_count(12, make_baseline(expected, spread), PLAIN)
    assert found.probability == pytest.approx(known, rel=1e-9)


def test_while_learning_the_exact_conditional_test_counts_too() -> None:
    """With 2 counts in a reference of ten windows, 3 now are a binomial of 5 with 1 in 11."""
    baseline = SpikeBaseline(0.02, 1.05, "learning", 2, 10.0)
    found = judge_count(3, baseline, PLAIN)
    assert found.probability == pytest.approx(binom.sf(2, 5, 1 / 11), rel=1e-9)


@pytest.mark.parametrize(
    ("days", "stage"),
    [(1, "absolute"), (2.9, "absolute"), (3, "learning"), (13.9, "learning"), (14, "full")],
)
def test_stage_follows_what_could_be_seen(days: float, stage: str) -> None:
    """Three days are needed to learn, fourteen to know; unseen hours are none of them."""
    hours = round(days * 24)
    unseen = 200
    series = HourlyCounts(0, (0,) * unseen + (1,) * hours, (0.0,) * unseen + (1.0,) * hours)
    assert assess_spike(series, PLAIN).stage == stage


def test_first_hours_ask_for_the_least_count() -> None:
    """Where nothing was seen before, the least count that a rule asks for decides."""
    test = replace(PLAIN, min_count=5)
    assert assess_spike(HourlyCounts(0, (4,), (1.0,)), test).needed == 5
    assert assess_spike(HourlyCounts(0, (5,), (1.0,)), test).is_spike


def test_a_busy_source_is_no_spike_on_its_first_days() -> None:
    """What is read evenly is usual as soon as something was seen before the window."""
    for hours in (27, 40, 71, 100):
        for window in (1, 3, 24):
            series = seen_always([4] * hours)
            assert not assess_spike(series, replace(PLAIN, window_hours=window)).is_spike


def test_nothing_in_the_guard_teaches_the_baseline() -> None:
    """What is usual does not move by what the last 48 hours held."""
    counts = draw_series(5, 8, 2.0)
    burst = counts[:-48] + [count + 30 for count in counts[-48:]]
    assert build_baseline(seen_always(burst), PLAIN) == build_baseline(seen_always(counts), PLAIN)


def test_a_past_burst_is_weighed_down() -> None:
    """Thirty times the usual a week ago raises what is usual now by less than its half."""
    counts = draw_series(5, 8, 2.0)
    burst = list(counts)
    burst[-WEEK - 3 : -WEEK] = [60, 60, 60]
    plain = build_baseline(seen_always(counts), PLAIN)
    taught = build_baseline(seen_always(burst), PLAIN)
    assert taught.expected < 1.5 * plain.expected
    assert taught.dispersion < 2 * plain.dispersion


def test_hours_of_an_outage_are_not_read_as_quiet() -> None:
    """What is usual is the same where a quarter of the past could not be seen."""
    counts = draw_series(9, 9, 2.0)
    unseen = {hour for start in range(0, 8 * WEEK, 80) for hour in range(start, start + 20)}
    exposure = tuple(float(hour not in unseen) for hour in range(len(counts)))
    kept = tuple(0 if hour in unseen else count for hour, count in enumerate(counts))
    whole = build_baseline(seen_always(counts), PLAIN)
    gaps = build_baseline(HourlyCounts(0, kept, exposure), PLAIN)
    assert gaps.expected == pytest.approx(whole.expected, rel=0.35)
    assert gaps.dispersion == pytest.approx(whole.dispersion, rel=0.25)


def test_an_hour_that_is_not_over_is_measured_as_a_whole_one() -> None:
    """How much of the last hour could be seen yet does not change what is usual in it."""
    counts = tuple(draw_series(2, 8, 1.0))
    whole = HourlyCounts(0, counts, (1.0,) * len(counts))
    begun = HourlyCounts(0, counts, (*(1.0,) * (len(counts) - 1), 0.1))
    assert build_baseline(begun, PLAIN) == build_baseline(whole, PLAIN)


def test_a_past_without_sight_asks_for_the_least_count() -> None:
    """Weeks in which nothing could be seen are no reason to find anything unusual, nor to hang."""
    series = HourlyCounts(0, (0,) * 1000 + (3,), (0.0,) * 1000 + (1.0,))
    assert assess_spike(series, PLAIN).stage == "absolute"


def test_series_without_pairs_are_refused() -> None:
    """Counts and exposure belong together hour by hour."""
    for series in (HourlyCounts(0, (), ()), HourlyCounts(0, (1, 2), (1.0,))):
        with pytest.raises(ValueError, match="one exposure"):
            assess_spike(series, PLAIN)


@pytest.mark.parametrize(("window", "budget"), [(0, 1.0), (25, 1.0), (3, 0.0)])
def test_options_that_promise_nothing_are_refused(window: int, budget: float) -> None:
    """A window has 1 to 24 hours, and without false alarms there is no alarm."""
    with pytest.raises(ValueError, match="1 to 24 hours"):
        SpikeTest(window, budget)
