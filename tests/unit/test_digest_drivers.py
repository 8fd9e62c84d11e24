"""What goes with good and bad scores, and of what nothing can be seen."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from monitor.digest.counts import ShareCount
from monitor.digest.drivers import (
    RatedAnswer,
    UnseenReason,
    contrast_drivers,
    weigh_drivers,
)
from monitor.domain.measure import Trend

ORACLE = Path(__file__).parents[1] / "data" / "statsmodels.json"


def make_answers(count: int, seed: int = 5, **more: float | None) -> list[RatedAnswer]:
    """Answers whose score follows speed, twice as much as price, and not the weather."""
    draw = np.random.default_rng(seed)
    ratings = draw.integers(1, 6, (count, 3)).astype(float)
    scores = ratings @ [2.0, 1.0, 0.0] + draw.normal(0, 0.5, count)
    names = ("speed", "price", "weather")
    return [
        RatedAnswer(score, {**dict(zip(names, row, strict=True)), **more})
        for score, row in zip(scores.tolist(), ratings.tolist(), strict=True)
    ]


def test_weights_sum_up_to_what_a_regression_explains() -> None:
    """R² is the one of statsmodels, also with ratings that go together."""
    for sample in json.loads(ORACLE.read_text("utf-8"))["regressions"]:
        answers = [
            RatedAnswer(score, dict(zip("abc", row, strict=True)))
            for score, row in zip(sample["scores"], sample["ratings"], strict=True)
        ]
        weights = weigh_drivers(answers)
        assert weights.explained == pytest.approx(100 * sample["explained"])
        assert sum(each.weight for each in weights.weights) == pytest.approx(100)


def test_unrelated_ratings_weigh_as_their_squared_correlations() -> None:
    """Johnson's weights are the plain ones where ratings have nothing in common."""
    grid = [(a, b) for a in (1.0, 2.0, 3.0) for b in (1.0, 2.0, 3.0)] * 3
    answers = [RatedAnswer(2 * a + b, {"a": a, "b": b}) for a, b in grid]

    first, second = weigh_drivers(answers).weights

    assert (first.name, second.name) == ("a", "b")
    assert first.weight == pytest.approx(80)
    assert second.weight == pytest.approx(20)


def test_what_scores_follow_comes_first_and_what_they_do_not_goes_neither_way() -> None:
    """With limits around each weight, the same at each time."""
    weights = weigh_drivers(make_answers(200))

    assert [(each.name, each.direction) for each in weights.weights] == [
        ("speed", Trend.UP),
        ("price", Trend.UP),
        ("weather", Trend.SAME),
    ]
    assert all(each.low <= each.weight <= each.high for each in weights.weights)
    assert weights.weights[0].low > weights.weights[1].high
    assert weights == weigh_drivers(make_answers(200))


def test_a_driver_that_all_rate_alike_cannot_be_seen() -> None:
    """That is not the same as being unimportant."""
    weights = weigh_drivers(make_answers(60, safety=5.0))

    assert weights.unseen == {"safety": UnseenReason.ALIKE}
    assert len(weights.weights) == 3


def test_a_driver_that_few_rate_does_not_spoil_the_others() -> None:
    """It is left out, and its answers are not."""
    answers = make_answers(60, parking=None, queue=None)[:-5] + make_answers(5, 6, parking=4.0)

    weights = weigh_drivers(answers)

    assert weights.unseen == {"parking": UnseenReason.TOO_FEW, "queue": UnseenReason.TOO_FEW}
    assert weights.n == 60


def test_it_takes_ten_answers_for_each_driver() -> None:
    """Twenty-nine weigh two drivers, and nine none."""
    assert len(weigh_drivers(make_answers(30)).weights) == 3
    assert len(weigh_drivers(make_answers(29)).weights) == 2
    few = weigh_drivers(make_answers(9))
    assert few.weights == ()
    assert set(few.unseen.values()) == {UnseenReason.TOO_FEW}
    assert weigh_drivers([]).n == 0


def test_of_more_than_eight_drivers_the_most_rated_are_weighed() -> None:
    """The others are named."""
    draw = np.random.default_rng(8)
    answers = [
        RatedAnswer(float(row[0]), {f"d{at}": float(rating) for at, rating in enumerate(row)})
        for row in draw.integers(1, 6, (120, 10))
    ]

    weights = weigh_drivers(answers)

    assert len(weights.weights) == 8
    assert weights.unseen == dict.fromkeys(("d8", "d9"), UnseenReason.TOO_MANY)


def test_two_drivers_that_are_always_rated_alike_share_their_weight() -> None:
    """Nothing is divided by nothing."""
    answers = [
        RatedAnswer(each.score, {**each.ratings, "pace": each.ratings["speed"]})
        for each in make_answers(100)
    ]

    weights = {each.name: each.weight for each in weigh_drivers(answers).weights}

    assert weights["pace"] == pytest.approx(weights["speed"])
    assert sum(weights.values()) == pytest.approx(100)


def test_scores_that_are_all_alike_go_with_nothing() -> None:
    """There is no spread to share out."""
    answers = [RatedAnswer(9.0, each.ratings) for each in make_answers(60)]

    weights = weigh_drivers(answers)

    assert weights.weights == ()
    assert set(weights.unseen.values()) == {UnseenReason.ALIKE}


def test_a_word_that_goes_with_bad_ones_is_set_against_all_others() -> None:
    """Its own items are not among those it is compared with."""
    (refund, parking, queue) = contrast_drivers(
        {"parking": ShareCount(12, 40), "refund": ShareCount(45, 60), "queue": ShareCount(9, 9)},
        ShareCount(130, 400),
    )

    assert (refund.name, refund.goes_with, refund.is_certain) == ("refund", Trend.UP, True)
    assert (refund.naming.value, refund.naming.n) == (75, 60)
    assert (refund.others.value, refund.others.n) == (25, 340)
    assert refund.difference == 50
    assert (parking.name, parking.goes_with) == ("parking", Trend.SAME)
    assert (queue.name, queue.goes_with, queue.is_certain) == ("queue", Trend.TOO_FEW, False)


def test_what_just_holds_alone_is_not_certain_among_forty() -> None:
    """One of forty words is beyond 95 of 100 cases by chance."""
    everything = ShareCount(100, 400)
    words = {f"word {at}": ShareCount(10, 40) for at in range(39)}

    alone = contrast_drivers({"refund": ShareCount(17, 40)}, everything)
    among = contrast_drivers({"refund": ShareCount(17, 40), **words}, everything)

    assert (alone[0].goes_with, alone[0].is_certain) == (Trend.UP, True)
    assert (among[0].name, among[0].goes_with, among[0].is_certain) == ("refund", Trend.UP, False)


def test_a_part_beyond_the_whole_is_refused() -> None:
    """A mistake in counting does not become a finding."""
    with pytest.raises(ValueError, match="no share"):
        contrast_drivers({"refund": ShareCount(20, 30)}, ShareCount(10, 400))
