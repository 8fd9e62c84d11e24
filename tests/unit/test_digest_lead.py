"""The first screen of a digest: how it is judged, and what it says where it cannot be."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from monitor.digest.counts import BalanceCount, RatingCounts, Series, ShareCount, VolumeCount
from monitor.digest.lead import decide_lead, find_sure_changes
from monitor.digest.measures import (
    measure_balance,
    measure_low_stars,
    measure_share,
    measure_stars,
    measure_volume,
)
from monitor.digest.parts.numbers import Numbers
from monitor.domain.chart import DailyChart
from monitor.domain.digest import NamedMeasure, Outlook, PartFailure
from monitor.domain.measure import Measure, Trend, Unit

DAILY = DailyChart(title="", days=())
VOLUME = NamedMeasure(
    key="volume",
    title="Feedback",
    measure=measure_volume(Series(now=VolumeCount(500, 7), before=(VolumeCount(500, 7),))),
)


def numbers(*measures: NamedMeasure) -> dict[str, object]:
    """The parts of a digest that has these numbers."""
    return {"numbers": Numbers(measures=(VOLUME, *measures), daily=DAILY)}


def changed(key: str, change: float, half: float, *, good: bool = True) -> NamedMeasure:
    """A measure that changed by so much, give or take half the width of its interval."""
    low, high = change - half, change + half
    verdict = Trend.SAME
    if low > 0:
        verdict = Trend.UP
    elif high < 0:
        verdict = Trend.DOWN
    measure = Measure(
        unit=Unit.POINTS,
        value=10.0,
        n=200,
        low=0.0,
        high=20.0,
        previous=10 - change,
        previous_n=200,
        change=change,
        change_low=low,
        change_high=high,
        verdict=verdict,
    )
    return NamedMeasure(key=key, title=key, measure=measure, is_more_better=good)


def test_two_stories_that_went_wrong_are_a_risk() -> None:
    """Two shops fell: both are named."""
    lead = decide_lead(numbers(changed("stars:a", -20, 5), changed("stars:b", -20, 5)))
    assert (lead.outlook, lead.reason) == (Outlook.RISK, "stars:a fell; stars:b fell.")


def test_two_figures_of_one_story_are_one() -> None:
    """Stars and low stars of one shop tell the same, and so do tone and problems."""
    shop = (changed("stars:a", -20, 5), changed("low_stars:a", 20, 5, good=False))
    tone = (changed("balance", -20, 5), changed("problems", 20, 5, good=False))
    for pair in (shop, tone):
        assert decide_lead(numbers(*pair)).outlook is Outlook.WATCH


def test_what_became_better_is_good() -> None:
    """One figure surely rose and none fell."""
    lead = decide_lead(numbers(changed("balance", 20, 5), changed("stars:a", 1, 5)))
    assert (lead.outlook, lead.reason) == (Outlook.GOOD, "balance rose.")


def test_one_of_many_figures_that_barely_moved_is_no_judgement() -> None:
    """What one interval of twelve leaves out by chance is not called sure."""
    many = [changed(f"stars:{number}", 0, 5) for number in range(11)]
    assert decide_lead(numbers(changed("balance", -5.2, 5), *many)).outlook is Outlook.STEADY
    assert decide_lead(numbers(changed("balance", -8, 5), *many)).outlook is Outlook.WATCH


def test_without_anything_before_nothing_is_called_steady() -> None:
    """A first week has nothing to compare with."""
    named = changed("balance", 0, 5)
    first = replace(named, measure=replace(named.measure, verdict=Trend.TOO_FEW))
    lead = decide_lead(numbers(first))
    assert (lead.outlook, lead.reason) == (
        Outlook.UNKNOWN,
        "There is nothing before to compare with.",
    )


def test_numbers_that_could_not_be_made_are_no_zero() -> None:
    """Without them the reason says so."""
    lead = decide_lead({})
    assert (lead.outlook, lead.reason) == (Outlook.UNKNOWN, "The numbers could not be made.")


@pytest.mark.parametrize("key", ["themes", "response"])
def test_nothing_is_good_while_a_part_is_missing(key: str) -> None:
    """A failed part is named in place of a calm judgement."""
    failure = PartFailure(key=key, title="The part", message="it failed")
    lead = decide_lead(numbers(changed("balance", 20, 5)), [failure])
    assert (lead.outlook, lead.reason) == (Outlook.UNKNOWN, "Missing: The part.")


def test_of_unchanged_weeks_few_are_judged() -> None:
    """Three hundred pairs of weeks that only chance makes differ: at most one in ten."""
    chosen = random.Random(7)
    judged = sum(bool(find_sure_changes(_draw_week(chosen))) for _ in range(300))
    assert judged <= 30


def _draw_week(chosen: random.Random) -> list[NamedMeasure]:
    """The measures of two weeks of three shops, a tone and a share that do not change."""
    found = []
    for shop in "abc":
        stars = [_draw_stars(chosen) for _ in range(2)]
        series = Series(now=stars[0], before=(stars[1],))
        found += [
            _name(f"stars:{shop}", measure_stars(series)),
            _name(f"low_stars:{shop}", measure_low_stars(series), good=False),
        ]
    tones = [_draw_tones(chosen) for _ in range(2)]
    found.append(_name("balance", measure_balance(Series(now=tones[0], before=(tones[1],)))))
    shares = [ShareCount(sum(chosen.random() < 0.4 for _ in range(120)), 120) for _ in range(2)]
    found.append(_name("limits_kept", measure_share(Series(now=shares[0], before=(shares[1],)))))
    return found


def _draw_stars(chosen: random.Random) -> RatingCounts:
    return RatingCounts.from_ratings(chosen.choices(range(1, 6), (2, 1, 1, 2, 6), k=80), 1, 5)


def _draw_tones(chosen: random.Random) -> BalanceCount:
    tones = chosen.choices((1, 0, -1), (4, 3, 3), k=300)
    return BalanceCount(tones.count(1), tones.count(-1), len(tones))


def _name(key: str, measure: Measure, *, good: bool = True) -> NamedMeasure:
    return NamedMeasure(key=key, title=key, measure=measure, is_more_better=good)
