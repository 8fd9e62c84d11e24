"""What was read out of the feedback of a period, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
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
from monitor.domain.reading import (
    FeedbackReading,
    ReasonCount,
    count_reasons,
    find_most_typical,
    keep_last_of_people,
)
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
        found = {
            name: len(tx.readings.list_with_signals(SINCE, UNTIL, SOURCES, [name]))
            for name in ("warning", "bug", "none")
        }
        either = tx.readings.list_with_signals(SINCE, UNTIL, SOURCES, ["warning", "bug"])
    assert (found, len(either)) == ({"warning": 1, "bug": 3, "none": 0}, 3)


def test_attributes_are_read_whatever_they_are_called(store: Store) -> None:
    """A feedback without one has it empty; the version of an app is one of them."""
    odd = "a'b%s:\"x ☂"
    stored(
        store,
        read("1", attributes={"plan": "free", odd: "yes"}, app_version="6.5"),
        read("2", attributes={"plan": "team"}, app_version="6.4"),
        read("3", created_at=NOW + timedelta(hours=1)),
    )
    with store.read() as tx:
        found = tx.readings.list_between(SINCE, UNTIL, SOURCES)
    values = {name: [one.get_attribute(name) for one in found] for name in ("plan", odd, "version")}
    assert values == {
        "plan": ["free", "team", ""],
        odd: ["yes", "", ""],
        "version": ["6.5", "6.4", ""],
    }


def test_a_person_counts_once_with_each_value(store: Store) -> None:
    """The last feedback of a person, source and question is kept, of each plan; who is not named
    repeats nothing.
    """
    person: dict[str, Any] = {"author": Author(name="Ben")}
    nobody: dict[str, Any] = {"author": Author()}
    team: dict[str, Any] = {"attributes": {"plan": "team"}}
    fields: dict[str, dict[str, Any]] = {
        "first": team,
        "second": team,
        "other plan": {"attributes": {"plan": "free"}},
        "other question": team | {"question": "Why?"},
        "nobody": team | nobody,
        "nobody again": team | nobody,
    }
    made = [
        read(name, created_at=NOW - DAY + timedelta(hours=hour), **(person | own))
        for hour, (name, own) in enumerate(fields.items())
    ]
    items = stored(store, *made)
    names = {feedback.id: feedback.external_id for feedback, _ in items}
    with store.read() as tx:
        found = tx.readings.list_between(SINCE, UNTIL, SOURCES)
    of_plans = keep_last_of_people(found, lambda one: one.get_attribute("plan"))
    kept = [
        [names[one.feedback_id] for one in some] for some in (of_plans, keep_last_of_people(found))
    ]
    others = ["other plan", "other question", "nobody", "nobody again"]
    assert kept == [["second", *others], others]


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
        found = count_reasons(tx.readings.list_between(SINCE, UNTIL, SOURCES))
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
        found = tx.readings.list_between(SINCE, UNTIL, SOURCES)

    def name_best(label: Label, among: Sequence[FeedbackReading], *place: str) -> str:
        best = find_most_typical(among, label, *place)
        return names[best.feedback_id] if best else ""

    place = ("support", "service")
    assert name_best(Label.NEGATIVE, found, "support") == "2"
    assert name_best(Label.POSITIVE, found, *place) == "5"
    assert name_best(Label.NEGATIVE, [one for one in found if not one.is_quotable], *place) == "3"
    assert name_best(Label.NEUTRAL, found, *place) == name_best(Label.POSITIVE, found, "use") == ""


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
