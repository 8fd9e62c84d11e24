"""What the digest reads of a period: who counts once, texts, quotes, segments, alerts, coverage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from monitor.domain.action import AlertChange
from monitor.domain.actor import SYSTEM, Actor
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
)
from monitor.domain.period import Period
from monitor.domain.period_facts import BlindSpan, QuestionCells, RuleVerdicts, UnreadCount
from monitor.domain.rollup import RollupCell, subtract_cells
from monitor.domain.source_health import Gap
from monitor.domain.verdict import VerdictKind
from monitor.store import Store
from tests.integration.store_values import NOW, decision, item, recorded, stored

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SINCE, UNTIL = NOW - 7 * DAY, NOW + DAY


def read(
    name: str, *, label: Label | None = None, problem: float = 0.0, stage: str = "", **fields: Any
) -> tuple[Feedback, Analysis]:
    """A feedback with what was read out of it."""
    feedback, analysis = item(name, fields.pop("body", f"Words of {name}"), **fields)
    sentiment = None if label is None else Sentiment(label, 0.0)
    return feedback, replace(analysis, sentiment=sentiment, problem=problem, stage=stage or None)


def total(cells: Iterable[RollupCell]) -> int:
    """How much feedback the cells count."""
    return sum(cell.count for cell in cells)


def test_a_person_counts_once_with_the_last_answer(store: Store) -> None:
    """An author counts once in a source and to a question, by id before name; strangers and our own
    accounts are no repeats.
    """
    anna, ben, nobody = Author(name="Anna", id="u1"), Author(name="Ben"), Author()
    stored(
        store,
        read("1", author=anna, label=Label.NEGATIVE, created_at=NOW - 2 * HOUR),
        read("2", author=replace(anna, name="Anna B."), label=Label.POSITIVE),
        read("3", author=replace(anna, id="u2")),
        read("4", author=anna, question="How was it?"),
        read("5", author=anna, source_id="web"),
        read("6", author=anna, created_at=SINCE - HOUR),
        read("7", author=ben, label=Label.NEGATIVE, created_at=NOW - DAY),
        read("8", author=ben, label=Label.NEUTRAL),
        read("9", author=nobody),
        read("10", author=nobody),
        read("11", author=ben, created_at=NOW + HOUR, own=True),
    )
    with store.read() as tx:
        cells = tx.rollups.count_cells(SINCE, UNTIL)
        again = tx.period_feedback.count_repeats(SINCE, UNTIL)
        of_web = tx.period_feedback.count_repeats(SINCE, UNTIL, ["web"])

    assert [(cell.key.label, cell.count) for cell in again] == [("negative", 2)]
    assert of_web == []
    assert total(cells) == 9
    left = Counter({cell.key.label: 0 for cell in cells})
    for cell in subtract_cells(cells, again):
        left[cell.key.label] += cell.count
    assert left == {"positive": 1, "neutral": 1, "": 5, "negative": 0}


def test_days_are_those_of_the_zone(store: Store) -> None:
    """Each local day has its own counts, also where it begins at half an hour and where the clocks
    change.
    """
    times = (
        datetime.fromisoformat(f"2026-10-{at}+00:00")
        for at in ("23T18:29", "23T18:30", "24T21:59", "24T22:00", "25T22:59", "25T23:00")
    )
    stored(store, *(read(str(at), created_at=at) for at in times))
    counts = {}
    with store.read() as tx:
        for zone in ("Asia/Kolkata", "Europe/Berlin"):
            period = Period.from_name("2026-W43", zone)
            by_day = {
                day.date.day: total(tx.rollups.count_cells(day.since, day.until))
                for day in period.days
            }
            counts[zone] = {day: count for day, count in by_day.items() if count}

    assert counts == {"Asia/Kolkata": {23: 1, 24: 1, 25: 2}, "Europe/Berlin": {23: 2, 24: 1, 25: 2}}


def test_answers_are_counted_by_what_was_asked(store: Store) -> None:
    """Questions stand apart by source and words; what has no rating or was not asked is left out,
    and only the last answer of a person counts.
    """
    nps: dict[str, Any] = {"kind": Kind.SURVEY, "question": "Recommend?"}
    stored(
        store,
        read("1", rating=Rating(3, Scale.NPS), created_at=NOW - HOUR, **nps),
        read("2", rating=Rating(9, Scale.NPS), **nps),
        read("3", rating=Rating(9, Scale.NPS), author=Author(name="Ben"), **nps),
        read("4", rating=Rating(4, Scale.CSAT5)),
        read("5", rating=Rating(5), author=Author(name="Ben")),
        read("6", **nps | {"question": "Why?"}),
    )
    with store.read() as tx:
        found = tx.period_feedback.count_by_question(SINCE, UNTIL)

    assert [_shown(one) for one in found] == [
        ("app", "", [(Rating(4, Scale.CSAT5), 1)]),
        ("app", "Recommend?", [(Rating(9, Scale.NPS), 2)]),
    ]


def _shown(one: QuestionCells) -> tuple[str, str, list[tuple[Rating | None, int]]]:
    return one.source_id, one.question, [(cell.key.rating, cell.count) for cell in one.cells]


def test_some_feedback_is_counted_by_its_ids(store: Store) -> None:
    """Also more than fit into one statement; what is not asked or not rated is no answer."""
    nps: dict[str, Any] = {"kind": Kind.SURVEY, "question": "Recommend?"}
    items = stored(
        store,
        *(read(str(n), rating=Rating(9, Scale.NPS), **nps) for n in range(250)),
        read("stars", rating=Rating(5), body="Five"),
        read("left out", rating=Rating(1, Scale.NPS), **nps),
    )
    ids = [feedback.id for feedback, _ in items[:-1]]
    with store.read() as tx:
        cells = tx.period_feedback.count_cells_of(ids)
        [answers] = tx.period_feedback.count_questions_of(ids)
        words = dict(tx.period_feedback.find_words(ids))

    assert total(cells) == 251
    assert (answers.source_id, answers.question, total(answers.cells)) == ("app", "Recommend?", 250)
    assert (len(words), words[ids[-1]]) == (251, "five")


def test_a_sample_of_texts_is_the_same_each_time_and_spread(store: Store) -> None:
    """As many as asked for, not the first ones, and always the same; wordless feedback is not
    among them, and tone and stage are the team's.
    """
    items = stored(
        store,
        *(read(str(n), created_at=NOW - n * HOUR, stage="use") for n in range(100)),
        read("wordless", body=""),
        read("ours", own=True),
    )
    with store.write() as tx:
        for feedback, _ in items:
            tx.verdicts.add(
                feedback.id, VerdictKind.STAGE, "support", actor=Actor.slack("U1"), at=NOW
            )
    with store.read() as tx:
        some, same = (tx.period_feedback.sample_texts(SINCE, UNTIL, 20) for _ in range(2))
        every = tx.period_feedback.sample_texts(SINCE, UNTIL, 1000)

    assert some == same
    assert (some.total, len(some.texts), some.is_complete) == (101, 20, False)
    assert (len(every.texts), every.is_complete) == (100, True)
    ids = sorted(text.feedback_id for text in every.texts)
    tenths = {ids.index(text.feedback_id) // 10 for text in some.texts}
    assert len(tenths) >= 8
    assert {text.stage for text in every.texts} == {"support"}
    assert {text.author for text in every.texts} == {"app\x1fu1"}


def test_feedback_is_found_by_id_in_the_order_asked_for(store: Store) -> None:
    """What is gone is left out."""
    items = stored(store, read("1"), read("2"))
    with store.read() as tx:
        found = tx.period_feedback.list_by_ids([items[1][0].id, 999, items[0][0].id])
    assert [feedback.external_id for feedback, _ in found] == ["2", "1"]


def test_late_and_unread_feedback_is_told(store: Store) -> None:
    """What was first seen after a moment is counted apart, and what could not be read by its
    reason.
    """
    late, unread = read("1", first_seen_at=NOW + 9 * DAY), read("2")
    stored(
        store,
        late,
        (unread[0], replace(unread[1], unscored="language: fi")),
        read("3", label=Label.NEUTRAL),
    )
    with store.read() as tx:
        corrected = tx.period_feedback.count_late(SINCE, UNTIL, NOW + 8 * DAY)
        reasons = tx.period_feedback.count_unread(SINCE, UNTIL)

    assert total(corrected) == 1
    assert reasons == [
        UnreadCount(source_id="app", reason="", count=1),
        UnreadCount(source_id="app", reason="language: fi", count=1),
    ]


def test_a_source_is_blind_in_gaps_and_where_every_poll_failed(store: Store) -> None:
    """Blind times are joined and cut to the period; an hour without a poll is not blind."""
    with store.write() as tx:
        tx.sources.count_poll("app", NOW, failed=True, items=0)
        tx.sources.count_poll("app", NOW + HOUR, failed=True, items=0)
        tx.sources.count_poll("app", NOW + HOUR, failed=False, items=4)
        tx.sources.count_poll("app", UNTIL, failed=True, items=0)
        tx.sources.add_gap("app", Gap(NOW - 2 * HOUR, NOW + HOUR / 2, "too much came"))
        tx.sources.add_gap("web", Gap(SINCE - DAY, SINCE - HOUR, "over before"))
        tx.sources.add_gap("feed", Gap(NOW, None, "lasts"))
    with store.read() as tx:
        feed, app = sorted(
            tx.coverage.list_sources(SINCE, UNTIL), key=lambda one: one.source_id, reverse=True
        )
        only = tx.coverage.list_sources(SINCE, UNTIL, ["app"])

    assert (app.polls, app.failures, app.items) == (3, 2, 4)
    assert app.blind == (BlindSpan(NOW - 2 * HOUR, NOW + HOUR),)
    assert app.blind_hours == 3
    assert feed.blind == (BlindSpan(NOW, UNTIL),)
    assert only == [app]


def test_alerts_of_a_period_come_with_their_history(store: Store) -> None:
    """Opened in it, open at its end and answered in it are told apart by what happened when, with
    who acted by hand.
    """
    first, second = stored(store, read("1"), read("2", source_id="web"))
    [early] = recorded(store, decision(first)).opened
    [late] = recorded(store, decision(second, group="other")).opened
    person = Actor.slack("U1")

    def change(alert_id: int, hours: int, kind: EventKind, actor: Actor, **fields: Any) -> None:
        with store.write() as tx:
            told = AlertChange(kind=kind, **fields)
            tx.alerts.apply_change(alert_id, told, at=NOW + hours * HOUR, actor=actor, via="cli")

    change(early.id, 1, EventKind.SNOOZED, person, to=AlertStatus.SNOOZED)
    change(early.id, 2, EventKind.WOKEN, SYSTEM, to=AlertStatus.OPEN)
    change(early.id, 3, EventKind.ESCALATED, SYSTEM)
    change(early.id, 4, EventKind.ESCALATED, person)
    change(early.id, 5, EventKind.REPLIED, person, to=AlertStatus.REPLIED)
    change(early.id, 6, EventKind.OUTCOME, Actor.source("app"), details={"outcome": "came_back"})
    change(early.id, 7, EventKind.RESOLVED, person, to=AlertStatus.RESOLVED)

    with store.read() as tx:
        periods = tx.period_alerts
        opened = periods.list_opened(NOW, NOW + HOUR)
        before, after = (
            [one.alert.id for one in periods.list_open_at(NOW + hours * HOUR)] for hours in (7, 8)
        )
        [replied] = periods.list_replied(NOW + 5 * HOUR, NOW + 6 * HOUR)
        by_hand = periods.list_acts_by_hand(NOW, NOW + DAY)
        activity = periods.count_rule_activity(NOW - HOUR, NOW + HOUR)

    assert [(one.alert.id, one.source_id) for one in opened] == [
        (early.id, "app"),
        (late.id, "web"),
    ]
    assert (before, after) == ([early.id, late.id], [late.id])
    assert replied == opened[0]
    assert (replied.escalations, replied.reopenings) == (2, 0)
    assert [(span.since, span.until) for span in replied.snoozed] == [(NOW + HOUR, NOW + 2 * HOUR)]
    assert [event.details["outcome"] for event in replied.outcomes] == ["came_back"]
    assert [(event.alert_id, event.kind) for event in by_hand] == [(early.id, EventKind.ESCALATED)]
    assert [(one.rule_id, one.outcome, one.count) for one in activity] == [
        ("crash", MatchOutcome.OPENED, 2)
    ]


def test_the_last_word_on_a_feedback_is_a_rules_one_vote(store: Store) -> None:
    """Of several people the last one counts, once for each feedback; what is about no rule and what
    was said before does not.
    """
    (first, _), (second, _) = stored(store, read("1"), read("2"))
    said = [
        (first, "no", "U1", "crash", NOW),
        (first, "yes", "U2", "crash", NOW + HOUR),
        (second, "no", "U1", "crash", NOW),
        (second, "yes", "U2", "", NOW),
        (second, "yes", "U3", "crash", SINCE - HOUR),
    ]
    with store.write() as tx:
        for feedback, value, who, rule_id, at in said:
            actor = Actor.slack(who)
            tx.verdicts.add(
                feedback.id, VerdictKind.USEFUL, value, actor=actor, at=at, rule_id=rule_id
            )
    with store.read() as tx:
        found = tx.period_alerts.count_rule_verdicts(SINCE, UNTIL)

    assert found == [RuleVerdicts(rule_id="crash", useful=1, not_useful=1)]
