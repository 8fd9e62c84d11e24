"""Measures: what is counted, what is compared, and when nothing is said."""

from __future__ import annotations

from math import comb

import pytest

from monitor.digest.counts import (
    BalanceCount,
    RatingCounts,
    Series,
    ShareCount,
    ToneCounts,
    VolumeCount,
    WaitTimes,
)
from monitor.digest.measures import (
    judge_change,
    measure_ease,
    measure_easy_share,
    measure_low_stars,
    measure_nps,
    measure_satisfaction,
    measure_share,
    measure_stars,
    measure_tone,
    measure_volume,
)
from monitor.domain.measure import Interval, Trend, Unit


def nps_answers(detractors: int, passives: int, promoters: int) -> RatingCounts:
    """Answers from 0 to 10, of which all detractors give a 6."""
    return RatingCounts(0, (0,) * 6 + (detractors, passives, 0, promoters, 0))


def test_nps_takes_six_for_a_detractor_and_nine_for_a_promoter() -> None:
    """7 and 8 count in n alone."""
    answers = RatingCounts.from_ratings([0, 6, 7, 8, 9, 10, 10, 9, 10, 5], 0, 10)

    measure = measure_nps(Series(answers))

    assert (measure.value, measure.n, measure.unit) == (20, 10, Unit.POINTS)


def test_nps_of_another_scale_is_refused() -> None:
    """Five stars are no NPS."""
    with pytest.raises(ValueError, match="the scale is 0 to 10, not 1 to 5"):
        measure_nps(Series(RatingCounts(1, (1,) * 5)))


def test_csat_is_the_share_of_the_best_two_of_five() -> None:
    """A 3 is not satisfied."""
    measure = measure_satisfaction(Series(RatingCounts(1, (1, 1, 2, 4, 2))))

    assert (measure.value, measure.n, measure.unit) == (60, 10, Unit.PERCENT)


def test_ease_is_a_mean_on_its_own_scale_and_never_of_two() -> None:
    """Seven points and five points are different questions, also a year ago."""
    seven, five = RatingCounts(1, (0, 0, 1, 1, 2, 4, 2)), RatingCounts(1, (1, 1, 2, 4, 2))

    assert measure_ease(Series(seven)).value == pytest.approx(5.5)
    assert measure_ease(Series(five)).value == pytest.approx(3.5)
    for mixed in (Series(seven, (five,)), Series(seven, (seven,), five)):
        with pytest.raises(ValueError, match="the scale is 1 to 7, not 1 to 5"):
            measure_ease(mixed)
        with pytest.raises(ValueError, match="the scale is 1 to 7, not 1 to 5"):
            measure_easy_share(mixed)


def test_easy_is_five_of_seven_or_four_of_five() -> None:
    """As people usually count it."""
    assert measure_easy_share(Series(RatingCounts(1, (0, 0, 1, 1, 2, 4, 2)))).value == 80
    assert measure_easy_share(Series(RatingCounts(1, (1, 1, 2, 4, 2)))).value == 60


def test_stars_have_a_mean_and_a_share_of_the_worst_two() -> None:
    """The mean is the plain one, whatever its interval imagines."""
    stars = Series(RatingCounts(1, (2, 0, 0, 0, 8)))

    assert measure_stars(stars).value == pytest.approx(4.2)
    assert measure_low_stars(stars).value == 20


def test_the_balance_counts_mixed_as_neither_and_leaves_out_what_was_unread() -> None:
    """Unread is not neutral, and mixed is not half of each."""
    measure = measure_tone(Series(ToneCounts(6, 2, 3, 1, unread=30)))

    assert (measure.value, measure.n) == (25, 12)


def test_a_period_is_compared_with_the_one_before_four_of_them_and_a_year_ago() -> None:
    """The mean of four is of the periods before, not of this one."""
    before = tuple(ShareCount(hits, 50) for hits in (20, 10, 15, 15, 50))

    measure = measure_share(Series(ShareCount(40, 50), before, ShareCount(5, 50)))

    assert (measure.value, measure.previous, measure.previous_n) == (80, 40, 50)
    assert measure.change == 40
    assert measure.verdict is Trend.UP
    assert measure.four_period_mean == 30
    assert measure.year_ago == 10


def test_an_empty_period_among_the_four_leaves_no_mean_of_them() -> None:
    """Three are not four, and none is not zero."""
    before = (ShareCount(1, 50), ShareCount(0, 0), ShareCount(1, 50), ShareCount(1, 50))

    assert measure_share(Series(ShareCount(1, 50), before)).four_period_mean is None
    assert measure_share(Series(ShareCount(1, 50), before[:1])).four_period_mean is None


def test_nine_answers_are_too_few_to_call_however_clear_they_are() -> None:
    """Now and before alike."""
    all_bad, all_good = nps_answers(9, 0, 0), nps_answers(0, 0, 400)

    assert measure_nps(Series(all_bad, (all_good,))).verdict is Trend.TOO_FEW
    assert measure_nps(Series(all_good, (all_bad,))).verdict is Trend.TOO_FEW
    assert measure_nps(Series(nps_answers(10, 0, 0), (all_good,))).verdict is Trend.DOWN


def test_a_change_that_rests_on_a_single_answer_is_not_called() -> None:
    """One complaint of ten after 6 of 400, in shares and in NPS; two are called."""
    rare = ShareCount(6, 400)
    content, delighted = ShareCount(394, 400), nps_answers(0, 0, 400)

    assert measure_share(Series(ShareCount(1, 10), (rare,))).verdict is Trend.TOO_FEW
    assert measure_share(Series(ShareCount(9, 10), (content,))).verdict is Trend.TOO_FEW
    assert measure_share(Series(content, (ShareCount(9, 10),))).verdict is Trend.TOO_FEW
    assert measure_nps(Series(nps_answers(1, 0, 9), (delighted,))).verdict is Trend.TOO_FEW
    assert measure_share(Series(ShareCount(2, 10), (rare,))).verdict is Trend.UP
    assert measure_share(Series(ShareCount(8, 10), (content,))).verdict is Trend.DOWN


@pytest.mark.parametrize("n", [10, 20])
@pytest.mark.parametrize("share", [0.01, 0.015, 0.05])
def test_rare_complaints_are_seldom_called_a_change(n: int, share: float) -> None:
    """Over every pair of samples with 400 that there can be: in 6 of 100 at most."""
    called = 0.0
    for now in range(n + 1):
        for before in range(60):
            series = Series(ShareCount(now, n), (ShareCount(before, 400),))
            if measure_share(series).verdict in (Trend.UP, Trend.DOWN):
                called += chance(now, n, share) * chance(before, 400, share)

    assert called <= 0.06


def chance(hits: int, n: int, share: float) -> float:
    """How likely so many hits are."""
    return comb(n, hits) * share**hits * (1 - share) ** (n - hits)


def test_without_anything_there_is_no_figure_and_no_change() -> None:
    """A period without data is no fall to zero."""
    measure = measure_nps(Series(nps_answers(0, 0, 0), (nps_answers(5, 5, 40),)))

    assert (measure.value, measure.n, measure.low, measure.high) == (None, 0, None, None)
    assert (measure.change, measure.verdict) == (None, Trend.TOO_FEW)
    assert measure.previous == 70


def test_the_first_period_has_nothing_to_be_compared_with() -> None:
    """A figure with its interval, and no change."""
    measure = measure_share(Series(ShareCount(40, 50)))

    assert (measure.value, measure.previous, measure.previous_n) == (80, None, 0)
    assert (measure.change, measure.change_low, measure.verdict) == (None, None, Trend.TOO_FEW)


@pytest.mark.parametrize(
    ("limits", "verdict"),
    [
        (Interval(1.0, 3.0), Trend.UP),
        (Interval(1.0, None), Trend.UP),
        (Interval(-3.0, -1.0), Trend.DOWN),
        (Interval(None, -1.0), Trend.DOWN),
        (Interval(-1.0, 0.0), Trend.SAME),
        (Interval(-1.0, 2.0), Trend.SAME),
        (Interval(-1.0, None), Trend.TOO_FEW),
        (Interval(None, None), Trend.TOO_FEW),
    ],
)
def test_a_change_is_called_by_its_interval(limits: Interval, verdict: Trend) -> None:
    """Same means that both limits are known and 0 lies between."""
    assert judge_change(limits, enough=True) is verdict
    assert judge_change(limits, enough=False) is Trend.TOO_FEW


def test_volume_is_counted_by_the_day_where_the_clocks_change() -> None:
    """168 in 167 hours are more a day than 168 in 168."""
    short = measure_volume(Series(VolumeCount(168, 167 / 24), (VolumeCount(168, 7.0),)))

    assert short.value == pytest.approx(24 * 168 / 167)
    assert short.change == pytest.approx(24 * 168 / 167 - 24)
    assert (short.n, short.unit, short.verdict) == (168, Unit.PER_DAY, Trend.SAME)


def test_a_week_without_feedback_is_a_figure() -> None:
    """None at all after forty is a fall, and after none it is the same."""
    nothing, forty = VolumeCount(0, 7.0), VolumeCount(40, 7.0)

    assert measure_volume(Series(nothing, (forty,))).verdict is Trend.DOWN
    assert measure_volume(Series(nothing, (nothing,))).verdict is Trend.SAME


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ShareCount(3, 2), "no share"),
        (lambda: ShareCount(-1, 2), "no share"),
        (lambda: BalanceCount(2, 2, 3), "for and"),
        (lambda: RatingCounts(1, (1, -1)), "below 0"),
        (lambda: RatingCounts(1, (1,)), "two points"),
        (lambda: RatingCounts.from_ratings([8], 1, 7), "8 is not on the scale from 1 to 7"),
        (lambda: WaitTimes((-1.0,)), "0 s or longer"),
        (lambda: WaitTimes((float("inf"),)), "has an end"),
        (lambda: VolumeCount(3, 0.0), "days"),
    ],
)
def test_counts_that_cannot_be_are_refused(make: object, said: str) -> None:
    """A mistake in counting does not become a figure."""
    assert callable(make)
    with pytest.raises(ValueError, match=said):
        make()
