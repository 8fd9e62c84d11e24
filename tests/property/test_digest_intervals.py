"""What holds for the interval of every sample."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest.counts import BalanceCount, RatingCounts, ShareCount, VolumeCount, WaitTimes
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

COUNT = st.integers(0, 300)
VOTES = st.tuples(COUNT, COUNT, COUNT).filter(any)
BALANCES = VOTES.map(lambda votes: BalanceCount(votes[0], votes[1], sum(votes)))
SHARES = st.tuples(COUNT, COUNT).filter(any).map(lambda pair: ShareCount(pair[0], sum(pair)))
RATINGS = st.tuples(*[COUNT] * 5).filter(any).map(lambda counts: RatingCounts(1, counts))
VOLUMES = st.builds(VolumeCount, COUNT, st.sampled_from([1.0, 167 / 24, 7.0, 169 / 24, 31.0]))
SECONDS = st.integers(0, 10**6).map(float)
TIMES = st.builds(WaitTimes, st.lists(SECONDS, max_size=60).map(tuple), st.integers(0, 30))
PARTS = st.sampled_from([0.5, 0.9])


def width(interval: Interval) -> float:
    """How wide it is; endless without one of the limits."""
    if interval.low is None or interval.high is None:
        return float("inf")
    return interval.high - interval.low


def holds(interval: Interval, value: float | None) -> bool:
    """Whether a figure that is known lies within the limits that are."""
    assert value is not None
    above = interval.low is None or interval.low <= value + 1e-9
    return above and (interval.high is None or value - 1e-9 <= interval.high)


def assert_opposite(one: Interval, other: Interval) -> None:
    """Each is the other with its sign turned."""
    for low, high in ((one.low, other.high), (other.low, one.high)):
        assert (low is None) == (high is None)
        if low is not None and high is not None:
            assert low == pytest.approx(-high, abs=1e-7)


@given(BALANCES, SHARES, RATINGS, VOLUMES)
def test_an_interval_holds_its_figure_and_stays_on_the_scale(
    balance: BalanceCount, share: ShareCount, ratings: RatingCounts, volume: VolumeCount
) -> None:
    """However many there are, and even where all are alike."""
    assert holds(bound_balance(balance), balance.value)
    assert holds(Interval(-100, 100), bound_balance(balance).low)
    assert holds(Interval(-100, 100), bound_balance(balance).high)
    assert holds(bound_share(share), share.value)
    assert holds(Interval(0, 100), bound_share(share).low)
    assert holds(Interval(0, 100), bound_share(share).high)
    assert holds(bound_mean(ratings), ratings.mean)
    assert holds(Interval(1, 5), bound_mean(ratings).low)
    assert holds(Interval(1, 5), bound_mean(ratings).high)
    assert holds(bound_rate(volume), volume.value)


@given(st.tuples(BALANCES, BALANCES), st.tuples(SHARES, SHARES), st.tuples(RATINGS, RATINGS))
def test_the_interval_of_a_change_holds_it_and_turns_with_time(
    balances: tuple[BalanceCount, BalanceCount],
    shares: tuple[ShareCount, ShareCount],
    ratings: tuple[RatingCounts, RatingCounts],
) -> None:
    """Looked at from the period before, a rise is a fall with the same limits."""
    both = (
        (bound_balance_change(*balances), bound_balance_change(*balances[::-1])),
        (bound_share_change(*shares), bound_share_change(*shares[::-1])),
        (bound_mean_change(*ratings), bound_mean_change(*ratings[::-1])),
    )
    values = (
        [count.value for count in balances],
        [count.value for count in shares],
        [count.mean for count in ratings],
    )
    for (change, back), (now, before) in zip(both, values, strict=True):
        assert now is not None
        assert before is not None
        assert holds(change, now - before)
        assert_opposite(change, back)


@given(VOLUMES, VOLUMES)
def test_the_interval_of_a_change_of_volume_holds_it_and_turns_with_time(
    now: VolumeCount, before: VolumeCount
) -> None:
    """Also where nothing came, and where periods are not equally long."""
    change = bound_rate_change(now, before)

    assert holds(change, now.value - before.value)
    assert_opposite(change, bound_rate_change(before, now))


@given(BALANCES)
def test_promoters_and_detractors_are_treated_alike(balance: BalanceCount) -> None:
    """Swapped, they give the same limits with the sign turned."""
    swapped = replace(balance, positive=balance.negative, negative=balance.positive)

    assert_opposite(bound_balance(balance), bound_balance(swapped))


@given(BALANCES, SHARES, RATINGS, st.integers(2, 5))
def test_more_of_the_same_answers_make_it_narrower(
    balance: BalanceCount, share: ShareCount, ratings: RatingCounts, times: int
) -> None:
    """The same shares of more answers are known better."""
    more = BalanceCount(times * balance.positive, times * balance.negative, times * balance.n)
    more_ratings = replace(ratings, counts=tuple(times * count for count in ratings.counts))

    assert width(bound_balance(more)) < width(bound_balance(balance)) + 1e-9
    assert width(bound_share(ShareCount(times * share.hits, times * share.n))) < width(
        bound_share(share)
    )
    assert width(bound_mean(more_ratings)) <= width(bound_mean(ratings)) + 1e-9


@given(BALANCES, SHARES, RATINGS)
def test_to_miss_less_often_takes_more_width(
    balance: BalanceCount, share: ShareCount, ratings: RatingCounts
) -> None:
    """As it is asked for where several are compared at once."""
    assert width(bound_balance(balance, 0.01)) >= width(bound_balance(balance)) - 1e-9
    assert width(bound_share(share, 0.01)) >= width(bound_share(share))
    assert width(bound_mean(ratings, 0.01)) >= width(bound_mean(ratings))


@given(TIMES, PARTS)
def test_a_percentile_lies_within_its_limits(times: WaitTimes, part: float) -> None:
    """As far as all of them are known."""
    value = find_percentile(times, part)

    if value is not None:
        assert holds(bound_percentile(times, part), value)


@given(TIMES, PARTS, SECONDS, st.integers(1, 5))
def test_who_still_waits_never_makes_it_look_faster(
    times: WaitTimes, part: float, second: float, count: int
) -> None:
    """An open one is longer than any time that it may end with."""
    ended = replace(times, seconds=(*times.seconds, *[second] * count))
    waiting = replace(times, open=times.open + count)
    end = float("inf")

    def all_of(sample: WaitTimes) -> list[float]:
        limits = bound_percentile(sample, part)
        # Without enough for a lower limit there is none in both: the samples have one size.
        found = (find_percentile(sample, part), limits.high)
        return [end if value is None else value for value in found]

    for slow, quick in zip(all_of(waiting), all_of(ended), strict=True):
        assert slow >= quick


@given(TIMES, TIMES, PARTS)
def test_the_interval_of_a_change_of_times_turns_with_time(
    now: WaitTimes, before: WaitTimes, part: float
) -> None:
    """Also where a limit or a figure is not known."""
    change = bound_percentile_change(now, before, part)
    values = find_percentile(now, part), find_percentile(before, part)

    assert_opposite(change, bound_percentile_change(before, now, part))
    if values[0] is not None and values[1] is not None:
        assert holds(change, values[0] - values[1])
