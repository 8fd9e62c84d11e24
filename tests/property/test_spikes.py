"""What holds for the test of spikes on every series."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.spikes import (
    LEAST_COUNT,
    LEAST_RATIO,
    WINDOWS,
    HourlyCounts,
    SpikeTest,
    assess_spike,
    build_baseline,
    judge_count,
)

TESTS = st.builds(
    SpikeTest,
    st.sampled_from(WINDOWS),
    st.floats(0.1, 30),
    guard_hours=st.integers(0, 72),
    min_count=st.integers(1, 12),
)
HOURS = st.tuples(st.integers(0, 40), st.sampled_from([0.0, 0.25, 1.0, 1.0, 1.0]))


@st.composite
def series(draw: st.DrawFn) -> HourlyCounts:
    """Any counts, of which a short pattern is repeated, with hours that could not be seen."""
    pattern = draw(st.lists(HOURS, min_size=1, max_size=40))
    repeated = pattern * draw(st.integers(1, 40))
    counts = tuple(count if exposure else 0 for count, exposure in repeated)
    return HourlyCounts(0, counts, tuple(exposure for _, exposure in repeated))


@settings(max_examples=150, deadline=None)
@given(series(), TESTS)
def test_more_people_are_never_less_of_a_spike(hours: HourlyCounts, test: SpikeTest) -> None:
    """The probability falls with the count, and a spike stays one; `needed` is where it begins."""
    baseline = build_baseline(hours, test)
    needed = judge_count(0, baseline, test).needed
    results = [judge_count(count, baseline, test) for count in (*range(needed + 3), 9 * needed)]
    for fewer, more in pairwise(results):
        assert more.probability <= fewer.probability
        assert more.is_spike >= fewer.is_spike
    assert [each.is_spike for each in results] == [each.count >= needed for each in results]


@settings(max_examples=150, deadline=None)
@given(series(), TESTS)
def test_every_spike_is_large_and_rare(hours: HourlyCounts, test: SpikeTest) -> None:
    """It has the least count, twice what is usual and a probability within the limit."""
    result = assess_spike(hours, test)
    assert 0 <= result.probability <= 1
    assert result.needed >= max(LEAST_COUNT, test.min_count)
    assert not (result.is_spike and result.is_over) or result.stage == "absolute"
    if result.is_spike and result.stage != "absolute":
        assert result.count >= LEAST_RATIO * result.expected
        assert result.probability <= result.limit


@settings(max_examples=100, deadline=None)
@given(series(), TESTS)
def test_a_smaller_budget_never_asks_for_less(hours: HourlyCounts, test: SpikeTest) -> None:
    """Half the false alarms need as many people, or more."""
    halved = replace(test, alarms_per_month=test.alarms_per_month / 2)
    assert assess_spike(hours, halved).needed >= assess_spike(hours, test).needed


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 6),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 40)), max_size=25),
    TESTS,
)
def test_outages_in_an_even_stream_make_no_alarm(
    rate: int, outages: list[tuple[int, int]], test: SpikeTest
) -> None:
    """The same number of people in every hour that could be seen is never a spike."""
    counts, exposure = [rate] * 1512, [1.0] * 1512
    for start, length in outages:
        for hour in range(start, min(start + length, 1512)):
            counts[hour], exposure[hour] = 0, 0.0
    result = assess_spike(HourlyCounts(0, tuple(counts), tuple(exposure)), test)
    assert not result.is_spike
