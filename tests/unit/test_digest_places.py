"""Places beside one another: whether they differ, and what is certain of each."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import chdtrc

from monitor.digest.counts import BalanceCount
from monitor.digest.heterogeneity import compare_places
from monitor.digest.shrinkage import (
    PlaceEstimate,
    rank_worst,
    shrink_balances,
)

ORACLE = Path(__file__).parents[1] / "data" / "statsmodels.json"


def test_the_spread_of_places_is_the_one_of_statsmodels() -> None:
    """Cochran's Q, and the variance by the method of moments."""
    for places, q, variance in json.loads(ORACLE.read_text("utf-8"))["places"]:
        found = compare_places({str(at): BalanceCount(*counts) for at, counts in enumerate(places)})
        assert found is not None
        assert found.q == pytest.approx(q)
        assert found.p == pytest.approx(float(chdtrc(len(places) - 1, q)))
        assert found.spread == pytest.approx(100 * variance**0.5)


def test_the_worst_pair_is_the_one_that_is_most_certain() -> None:
    """A wider gap of twelve answers is less certain than that of hundreds."""
    found = compare_places(
        {
            "Phone": BalanceCount(7, 5, 12),
            "Shop": BalanceCount(300, 50, 400),
            "App": BalanceCount(120, 250, 400),
            "Chat": BalanceCount(4, 8, 12),
        }
    )

    assert found is not None
    assert found.differs
    assert (found.gap.better, found.gap.worse) == ("Shop", "App")
    assert found.gap.is_certain
    assert found.gap.gap == pytest.approx(95)


def test_places_that_are_alike_do_not_differ() -> None:
    """Also where everybody everywhere is content."""
    alike = compare_places({"a": BalanceCount(20, 5, 30), "b": BalanceCount(40, 10, 60)})
    content = compare_places({"a": BalanceCount(20, 0, 20), "b": BalanceCount(40, 0, 40)})

    for found in (alike, content):
        assert found is not None
        assert found.p == pytest.approx(1)
        assert found.spread == 0
        assert not found.differs
        assert not found.gap.is_certain


def test_places_with_few_answers_are_left_out_and_named() -> None:
    """And one alone is compared with nothing."""
    few, many = BalanceCount(0, 9, 9), BalanceCount(20, 5, 30)

    found = compare_places({"Kiosk": few, "App": many, "Web": many})

    assert found is not None
    assert found.left_out == ("Kiosk",)
    assert compare_places({"Kiosk": few, "App": many}) is None


def test_a_gap_is_wider_limited_the_more_pairs_there_are() -> None:
    """Of many pairs one looks bad by chance."""
    good, bad = BalanceCount(26, 8, 40), BalanceCount(17, 15, 40)

    two = compare_places({"a": good, "b": bad})
    many = compare_places({"a": good, "b": bad, **{str(at): good for at in range(8)}})

    assert two is not None
    assert many is not None
    assert (many.gap.better, many.gap.worse) in {(name, "b") for name in "a01234567"}
    assert two.gap.limits.low is not None
    assert many.gap.limits.low is not None
    assert many.gap.limits.low < two.gap.limits.low


def test_places_that_differ_by_chance_alone_come_together() -> None:
    """Of thirty shops with six answers none is the worst."""
    draw = np.random.default_rng(3)
    hits = draw.binomial(6, 0.3, 30).tolist()

    found = shrink_balances({f"shop {at}": BalanceCount(0, k, 6) for at, k in enumerate(hits)})

    values = [place.value for place in found]
    raws = [place.raw for place in found if place.raw is not None]
    assert max(values) - min(values) < (max(raws) - min(raws)) / 3
    assert all(place.low < -100 * sum(hits) / 180 < place.high for place in found)


def test_a_small_place_is_drawn_further_to_the_mean_than_a_large_one() -> None:
    """Six of six are less certain than fifty of sixty; what is certainly bad ranks first."""
    places = {f"shop {at}": BalanceCount(20 + at % 3, 10, 40) for at in range(12)}
    places |= {"tiny": BalanceCount(0, 6, 6), "large": BalanceCount(5, 50, 60)}

    found = shrink_balances(places)

    tiny = next(place for place in found if place.name == "tiny")
    assert tiny.raw == -100
    assert -95 < tiny.value < 0
    worst = rank_worst(found, higher_is_better=True)
    assert [place.name for place in worst][:2] == ["large", "tiny"]


def test_the_rank_goes_by_the_limit_nearest_to_good() -> None:
    """A worse figure that is less certain comes later."""
    sure = PlaceEstimate("sure", 400, 40.0, 40.0, 36.0, 44.0)
    vague = PlaceEstimate("vague", 8, 60.0, 55.0, 20.0, 85.0)

    assert rank_worst([vague, sure], higher_is_better=False) == (sure, vague)
    assert rank_worst([vague, sure], higher_is_better=True) == (sure, vague)


def test_without_any_answer_there_are_no_estimates() -> None:
    """Neither of no place nor of one where nobody answered."""
    assert shrink_balances({}) == ()
    assert shrink_balances({"a": BalanceCount(0, 0, 0)}) == ()


@pytest.mark.parametrize("hits", [0, 100])
def test_places_where_all_are_alike_have_limits_on_the_scale(hits: int) -> None:
    """None anywhere, or all everywhere."""
    balances = shrink_balances({str(at): BalanceCount(hits, 100 - hits, 100) for at in range(5)})

    assert all(-100 <= place.low <= place.value <= place.high <= 100 for place in balances)
