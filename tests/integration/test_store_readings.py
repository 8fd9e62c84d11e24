"""What was read out of the feedback of a period, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from monitor.domain.action import AlertChange
from monitor.domain.actor import Actor
from monitor.domain.alert import AlertStatus, MatchOutcome
from monitor.domain.event import EventKind
from monitor.domain.feedback import (
    Analysis,
    Author,
    Feedback,
    Kind,
    Label,
    Rating,
    Scale,
    Sentiment,
    Signal,
)
from monitor.domain.reading import ReasonCount
from monitor.domain.verdict import VerdictKind
from monitor.store import Store
from tests.integration.store_values import NOW, decision, item, recorded, stored

DAY = timedelta(days=1)
SINCE, UNTIL = NOW - 7 * DAY, NOW + DAY
SOURCES = ("app",)
LONG = "A sentence that is long enough to say something to its reader."


def read(
    external_id: str,
    *,
    label: Label | None = Label.NEGATIVE,
    problem: float = 0.5,
    body: str = LONG,
    analysis: dict[str, Any] | None = None,
    **fields: Any,
) -> tuple[Feedback, Analysis]:
    """A feedback of support at the service with what was read out of it."""
    feedback, plain = item(external_id, body, **fields)
    read_out: dict[str, Any] = {
        "sentiment": Sentiment(label, 0.0) if label else None,
        "problem": problem,
        "stage": "support",
        "touchpoint": "service",
    }
    return feedback, replace(plain, **(read_out | (analysis or {})))


def test_a_reading_holds_what_was_read_and_what_the_team_corrected(store: Store) -> None:
    """Signals, drivers, stars, reach, attributes and version; the team's tone and stage count."""
    given = {
        "signals": (Signal("outage", ("down",)), Signal("billing", ("paid", "twice"))),
        "drivers": ("speed", "price"),
        "emotion": "anger",
    }
    items = stored(
        store,
        read(
            "1",
            analysis=given,
            rating=Rating(6, Scale.NPS),
            author=Author(name="Ann", reach=70),
            attributes={"plan": "pro"},
            app_version="6.5",
            kind=Kind.SURVEY,
        ),
        read("ours", own=True),
        read("theirs", source_id="web"),
        read("late", created_at=UNTIL),
    )
    with store.write() as tx:
        for kind, value in ((VerdictKind.SENTIMENT, "positive"), (VerdictKind.STAGE, "use")):
            tx.verdicts.add(items[0][0].id, kind, value, actor=Actor.slack("U1"), at=NOW)
    with store.read() as tx:
        [found] = tx.readings.list_between(SINCE, UNTIL, SOURCES)
    assert (found.label, found.stage, found.touchpoint) == ("positive", "use", "service")
    assert (found.signals, found.drivers) == (("outage", "billing"), ("speed", "price"))
    assert (found.stars, found.reach, found.asked, found.emotion) == (2.0, 70, True, "anger")
    assert found.attributes == (("plan", "pro"), ("version", "6.5"))


def test_signals_are_found_by_name_and_not_in_customers_words(store: Store) -> None:
    """A word that is called like a signal is none, wherever it stands in the list."""
    stored(
        store,
        read("1", analysis={"signals": (Signal("bug", ("x",)), Signal("warning", ("avoid",)))}),
        read("2", analysis={"signals": (Signal("bug", ("warning",)),)}),
        read("3", analysis={"signals": (Signal("bug", ('["warning",["',)),)}),
        read("4", analysis={"drivers": ("warning",)}),
        read("5"),
    )
    with store.read() as tx:
        found = tx.readings.list_with_signals(SINCE, UNTIL, SOURCES, ["warning"])
        counts = tx.readings.count_with_signals(SINCE, UNTIL, SOURCES, ["warning", "bug", "none"])
    assert [len(found), counts] == [1, {"warning": 1, "bug": 3, "none": 0}]


def test_reasons_are_counted_together(store: Store) -> None:
    """What shares stage, touchpoint, tone, drivers and emotion is one count."""
    slow = {"drivers": ("speed",), "emotion": "anger"}
    stored(
        store,
        read("1", analysis=slow),
        read("2", analysis=slow),
        read("3", label=None, analysis={"drivers": None}),
    )
    with store.read() as tx:
        found = tx.readings.count_reasons(SINCE, UNTIL, SOURCES)
    here = {"stage": "support", "touchpoint": "service"}
    assert sorted(found, key=lambda one: one.count) == [
        ReasonCount(**here, label="", drivers=(), emotion="", count=1),
        ReasonCount(**here, label="negative", drivers=("speed",), emotion="anger", count=2),
    ]


def test_the_most_typical_comes_first(store: Store) -> None:
    """Of bad ones the likeliest problem, of good ones the unlikeliest; readable ones first."""
    items = stored(
        store,
        read("1", problem=0.7),
        read("2", problem=0.9),
        read("3", problem=0.99, body="Bad"),
        read("4", label=Label.POSITIVE, problem=0.3),
        read("5", label=Label.POSITIVE, problem=0.1),
    )
    names = {feedback.id: feedback.external_id for feedback, _ in items}
    with store.read() as tx:
        found = tx.readings.list_typical_ids(SINCE, UNTIL, SOURCES)
    by_label = {
        label: [names[one.feedback_id] for one in found if one.label == label]
        for label in ("negative", "positive")
    }
    assert by_label == {"negative": ["2", "1", "3"], "positive": ["5", "4"]}
    assert {(one.stage, one.touchpoint) for one in found} == {("support", "service")}


def test_rated_surveys_are_answers_with_attributes(store: Store) -> None:
    """A shop's stars and an answer without attributes are none."""
    rated: dict[str, Any] = {"rating": Rating(3), "attributes": {"speed": "2"}}
    stored(
        store,
        read("1", question="How was it?", **rated),
        read("2", kind=Kind.SURVEY, **rated),
        read("shop", **rated),
        read("bare", question="How was it?", rating=Rating(3)),
    )
    with store.read() as tx:
        found = tx.readings.list_rated_surveys(SINCE, UNTIL, SOURCES)
    assert len(found) == 2


def test_only_a_reply_after_a_report_answers_it(store: Store) -> None:
    """Of three negative ones two are in an alert that was answered, one of them joined later."""
    first, later, _ = stored(store, read("1"), read("2"), read("3"))
    opened = recorded(store, decision(first))
    [alert] = opened.opened
    change = AlertChange(kind=EventKind.REPLIED, to=AlertStatus.REPLIED)
    with store.write() as tx:
        tx.alerts.apply_change(
            alert.id, change, at=NOW + DAY / 2, actor=Actor.slack("U1"), via="cli"
        )
    recorded(store, decision(later, MatchOutcome.GROUPED, alert_id=alert.id), at=NOW + 3 * DAY / 4)
    with store.read() as tx:
        at_the_end = tx.readings.count_answered(SINCE, UNTIL, SOURCES, NOW + 2 * DAY)
        before = tx.readings.count_answered(SINCE, UNTIL, SOURCES, NOW)
    assert (at_the_end, before) == ((1, 3), (0, 3))
