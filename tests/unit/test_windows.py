"""Conditions over windows, from feedback that comes in to the alert that is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.domain.alert import Alert
from monitor.domain.feedback import Feedback
from monitor.domain.source_health import Gap
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.store import Store
from monitor.testing import NOON, make_feedback, memory_store
from monitor.tuning.explain import explain_feedback
from rules.engine import Engine
from rules.load import parse_rules

ANALYZER = Analyzer(deep=False)
POLICY = AlertPolicy()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(name="store")
def open_store() -> Iterator[Store]:
    """An empty database."""
    with closing(memory_store()) as store:
        yield store


def make_ingest(store: Store, *conditions: dict[str, Any]) -> Ingest:
    """The path with one rule, as after a start of the program."""
    rule = {"id": "tried", "all": list(conditions), "group_by": "rule"}
    return Ingest(store, ANALYZER, Engine(parse_rules({"rules": [rule]}, "rules.toml")), "#cx")


def write(
    number: int, body: str = "I cannot log in", *, at: datetime = NOON, **values: Any
) -> Feedback:
    """A feedback by a person of its own."""
    values = {"author": f"person {number}", "source_id": "shop", **values}
    return make_feedback(body, external_id=str(number), created_at=at, **values)


def take_in(ingest: Ingest, items: Sequence[Feedback], now: datetime) -> tuple[Alert, ...]:
    """What arrives at a time; the alerts that it opens."""
    arrived = [replace(item, first_seen_at=now) for item in items]
    return ingest(arrived, now, POLICY).opened


COUNT = {"count": {"min": 3, "within": "1h"}}
LOGIN = {"text": "log in"}
SLOW = "What is this, the shop is slow"


def test_the_person_who_makes_the_number_full_opens_the_alert(store: Store) -> None:
    """Two people are silent, the third alerts, with the figures as the reason."""
    ingest = make_ingest(store, LOGIN, COUNT)
    assert not take_in(ingest, [write(1), write(2, at=NOON + MINUTE)], NOON + MINUTE)
    (alert,) = take_in(ingest, [write(3, at=NOON + 59 * MINUTE)], NOON + 59 * MINUTE)
    assert "is one of 3 by different people within 1 hour" in alert.reason


def test_what_is_said_twice_or_of_another_matter_counts_once_or_not(store: Store) -> None:
    """One person who writes three times is one; what the other conditions refuse is none."""
    ingest = make_ingest(store, LOGIN, COUNT)
    again = [write(number, author="Ann") for number in (1, 2, 3)]
    others = [write(number, "All is well") for number in (4, 5, 6)]
    assert not take_in(ingest, [*again, *others, write(7)], NOON)


@pytest.mark.parametrize("order", [(0, 30, 59), (59, 30, 0), (30, 0, 59)])
def test_it_does_not_matter_in_which_order_a_window_fills(
    store: Store, order: tuple[int, ...]
) -> None:
    """Batches that come out of order fill the window as well as those in order."""
    ingest = make_ingest(store, LOGIN, COUNT)
    opened = [
        take_in(ingest, [write(minute, at=NOON + minute * MINUTE)], NOON + 2 * HOUR + at * MINUTE)
        for at, minute in enumerate(order)
    ]
    assert [len(alerts) for alerts in opened] == [0, 0, 1]


def test_a_window_is_full_right_after_a_restart_and_for_a_new_rule(store: Store) -> None:
    """What came before the program started, or before the rule was written, counts."""
    take_in(make_ingest(store, {"text": "refund"}), [write(1), write(2)], NOON)
    (alert,) = take_in(make_ingest(store, LOGIN, COUNT), [write(3)], NOON)
    assert "3 by different people" in alert.reason


def test_an_alert_does_not_empty_the_window(store: Store) -> None:
    """The fourth and fifth hold too: they join what the third has opened."""
    ingest = make_ingest(store, LOGIN, COUNT)
    take_in(ingest, [write(number) for number in (1, 2, 3)], NOON)
    result = ingest([write(4), write(5)], NOON, POLICY)
    assert (len(result.opened), result.grouped) == (0, 2)


def test_what_is_edited_or_deleted_counts_no_more(store: Store) -> None:
    """A text that was changed to another matter, and one that is gone, leave the window."""
    ingest = make_ingest(store, LOGIN, COUNT)
    take_in(ingest, [write(1), write(2), write(3, "All is well")], NOON)
    take_in(ingest, [write(1, "It works now, thanks")], NOON)
    take_in(ingest, [replace(write(2), deleted=True)], NOON)
    assert not take_in(ingest, [write(4), write(5)], NOON)
    assert take_in(ingest, [write(6)], NOON)


def test_the_explanation_of_a_silence_has_the_figures_of_the_window(store: Store) -> None:
    """It says how many there were when the feedback arrived, and how many are asked for."""
    ingest = make_ingest(store, LOGIN, COUNT)
    take_in(ingest, [write(1), write(2)], NOON)
    take_in(ingest, [write(3)], NOON)
    with store.read() as tx:
        explained = explain_feedback(tx, ingest.engine, 2)
    (rule,) = explained.rules
    assert rule.explanation.reason == (
        "not met: is one of 3 or more by different people within 1 hour (2 of 3)"
    )


def test_a_share_of_few_is_not_called(store: Store) -> None:
    """Nine of nine negative are too few to call; ten of twelve are a part that counts."""
    ingest = make_ingest(store, {"share": {"at_least": 0.8, "within": "1d", "min": 12}})
    bad = "Terrible, awful, the worst: I hate it"
    assert not take_in(ingest, [write(number, bad) for number in range(9)], NOON)
    good = [write(number, "I love it, wonderful") for number in (20, 21)]
    opened = take_in(ingest, [*good, write(30, bad, at=NOON + MINUTE)], NOON + MINUTE)
    assert [alert.reason for alert in opened] == ["is negative, as 83% within 1 day (10 of 12)"]


def test_a_drop_of_the_stars_is_told_with_both_means(store: Store) -> None:
    """Four stars for a month, then two and a half: more than chance, and said in numbers."""
    ingest = make_ingest(store, {"drop": {"of": "stars", "by": 0.5, "within": "7d"}})
    for day in range(28):
        rated = [write(10 * day + at, at=NOON + day * DAY, stars=3.0 + at % 3) for at in range(4)]
        assert not take_in(ingest, rated, NOON + day * DAY)
    later = [
        write(1000 + at, at=NOON + 35 * DAY + at * MINUTE, stars=2.0 + at % 2) for at in range(25)
    ]
    (alert,) = take_in(ingest, later, NOON + 35 * DAY + HOUR)
    assert "is worse than usual: stars 2.5" in alert.reason
    assert ", 3.75 (112) before" in alert.reason


def test_a_new_word_that_several_people_use_is_told(store: Store) -> None:
    """A word that nobody used in a month, and five people in a day; not one that is merely rare."""
    ingest = make_ingest(store, {"new_term": {"min": 4}})
    for day in range(28):
        said = [write(10 * day + at, SLOW, at=NOON + day * DAY) for at in range(5)]
        assert not take_in(ingest, said, NOON + day * DAY)
    now = NOON + 28 * DAY
    opened = take_in(
        ingest, [write(900 + at, "what is this paywall", at=now) for at in range(4)], now
    )
    assert [alert.words for alert in opened] == [("paywall",)]


def test_a_spike_is_told_with_what_is_usual_and_lasts_until_it_is_over(store: Store) -> None:
    """One an hour for a month, then twelve people in one: the first that are too many alert, the
    rest join, and a day later nobody is left in it.
    """
    ingest = make_ingest(store, LOGIN, {"spike": {"within": "3h"}})
    for hour in range(28 * 24):
        assert not take_in(ingest, [write(hour, at=NOON + hour * HOUR)], NOON + hour * HOUR)
    now = NOON + 28 * 24 * HOUR
    burst = [write(10_000 + at, at=now + at * MINUTE) for at in range(14)]
    result = ingest([replace(item, first_seen_at=now) for item in burst], now + HOUR / 2, POLICY)
    assert [alert.reason.partition(" people")[2] for alert in result.opened] == [
        " within 3 hours, where about 3 are usual and 12 a spike"
    ]
    assert result.grouped > 0
    later = now + 24 * HOUR
    assert ingest([write(20_000, at=later)], later, POLICY).grouped == 0


def test_a_person_who_writes_often_makes_no_spike(store: Store) -> None:
    """An author counts once a day."""
    ingest = make_ingest(store, LOGIN, {"spike": "3h"})
    for hour in range(28 * 24):
        take_in(ingest, [write(hour, at=NOON + hour * HOUR)], NOON + hour * HOUR)
    now = NOON + 28 * 24 * HOUR
    assert not take_in(ingest, [write(9000 + at, author="Ann", at=now) for at in range(30)], now)


def poll_hourly(
    store: Store, ingest: Ingest, hours: range, *, brings: bool, fails: bool = False
) -> list[Alert]:
    """Poll a source each hour; it brings two feedback each time, nothing, or cannot be read."""
    opened: list[Alert] = []
    for hour in hours:
        now = NOON + hour * HOUR
        if brings:
            take_in(ingest, [write(2 * hour + at, at=now) for at in (0, 1)], now)
        with store.write() as tx:
            tx.sources.count_poll("shop", now, failed=fails, items=2 * brings)
            if fails:
                tx.sources.add_gap("shop", Gap(now - HOUR, None, "down"))
            else:
                tx.sources.close_gap("shop", now)
        opened += ingest.ask_hourly(now, POLICY).opened
    return opened


def test_a_silence_is_told_once_about_the_last_that_came(store: Store) -> None:
    """Two an hour for ten days, then nothing: one alert, however long it lasts."""
    ingest = make_ingest(store, {"source": "shop"}, {"silence": {"longer_than": "3h"}})
    assert not poll_hourly(store, ingest, range(240), brings=True)
    (alert,) = poll_hourly(store, ingest, range(240, 300), brings=False)
    assert "is the last for" in alert.reason
    assert "are usual" in alert.reason


def test_an_outage_is_not_silence(store: Store) -> None:
    """Where the source cannot be read nothing is missed from it, and right after it neither."""
    ingest = make_ingest(store, {"source": "shop"}, {"silence": {"longer_than": "3h"}})
    poll_hourly(store, ingest, range(240), brings=True)
    assert not poll_hourly(store, ingest, range(240, 280), brings=False, fails=True)
    assert not poll_hourly(store, ingest, range(280, 282), brings=False)
