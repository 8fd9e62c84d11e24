"""A rule that is edited while the program runs: taken over, tried, and nothing else touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.domain.delivery import DeliveryKind
from monitor.domain.feedback import Feedback
from monitor.notifiers.notice_text import describe_notice
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest, IngestResult
from monitor.slack.message import SLACK_FORMAT
from monitor.store import Store
from monitor.testing import NOON, make_feedback, memory_store
from monitor.tuning.rule_book import RuleBook
from monitor.tuning.saving import SavedRule, discard_candidate, promote_rule, revert_rule
from monitor.tuning.shadow_report import ShadowReporter
from tests.integration.rule_values import (
    PRESETS,
    by,
    configured,
    history_of,
    preset,
    recorded,
    saved,
    without_signal,
)

ALL = {"id": "crash", "group_by": ["feedback"], "all": [{"text": "crash*"}]}
LOGIN = {**ALL, "all": [{"text": "crash* AND login"}]}
WIDER = {**ALL, "all": [{"text": "crash* OR freeze*"}]}
NET = {"id": "net", "group_by": ["feedback"], "unless_other": True, "all": [{"text": "price*"}]}
RULES = configured(*preset(ALL, NET))
POLICY = AlertPolicy()


@pytest.fixture
def memory() -> Iterator[Store]:
    """A store in which the rules are recorded."""
    opened = memory_store()
    recorded(opened, RULES)
    yield opened
    opened.close()


def build_ingest(book: RuleBook, opened: Store) -> Ingest:
    """An ingest that takes over what is saved, as the running program does."""
    engine = book.load_engine()
    return Ingest(opened, Analyzer(), engine, "#support", load_engine=book.load_engine)


def crash(number: int, words: str = "it crashes", at: datetime = NOON) -> Feedback:
    """One of many reports."""
    body = f"{words}, says customer number {number}"
    return make_feedback(body, external_id=f"{words}-{number}", created_at=at)


def take_in(ingest: Ingest, *items: Feedback, at: datetime = NOON) -> IngestResult:
    """What became of some feedback."""
    return ingest(items, at, POLICY)


def matched(opened: Store, feedback_id: int) -> list[tuple[str, int, bool]]:
    """Which rules held for a feedback: id, number, and whether live."""
    with opened.read() as tx:
        found = tx.alerts.list_decisions(feedback_id)
    return [(one.rule_id, one.rule_number, one.live) for one in found]


def test_editing_a_rule_changes_no_open_alert_and_sends_nothing(store: Store) -> None:
    """With 500 open alerts: 0 of them change, 0 messages are queued, and no other rule moves."""
    recorded(store, RULES)
    book = RuleBook(store, RULES)
    ingest = build_ingest(book, store)
    assert len(take_in(ingest, *(crash(number) for number in range(500))).opened) == 500

    before = _snapshot(store)
    saved(store, LOGIN, RULES)
    with store.write() as tx:
        assert isinstance(promote_rule(tx, RULES, "crash", by()), SavedRule)
        assert isinstance(revert_rule(tx, RULES, "crash", 1, by()), SavedRule)
    saved(store, {**ALL, "severity": "urgent", "channel": "#elsewhere"}, RULES, live=True)
    saved(store, {**ALL, "mode": "off"}, RULES, reason="too much")
    book.load_engine()
    take_in(ingest, crash(1000))

    assert _snapshot(store) == before
    assert history_of(store, "crash").number == 6
    assert history_of(store, "net").number == 1


def _snapshot(store: Store) -> tuple[object, int]:
    """Every alert as it stands, and how much is queued."""
    with store.read() as tx:
        alerts = tx.alerts.list_unclosed(limit=1000)
        queued = tx.deliveries.count_by_state()
    assert len(alerts) == 500
    return alerts, sum(queued.values())


def test_a_saved_rule_is_taken_over_without_a_restart(memory: Store) -> None:
    """From the next feedback on; what is tried runs beside the version in force."""
    ingest = build_ingest(RuleBook(memory, RULES), memory)
    take_in(ingest, crash(1, "login crashes"))
    saved(memory, WIDER, RULES)
    take_in(ingest, crash(2, "it freezes"), crash(3))
    with memory.write() as tx:
        promote_rule(tx, RULES, "crash", by())
    after = take_in(ingest, crash(4, "it freezes"))

    assert [matched(memory, number) for number in (1, 2, 3, 4)] == [
        [("crash", 1, True)],
        [("crash~2", 2, False)],
        [("crash", 1, True), ("crash~2", 2, False)],
        [("crash", 3, True)],
    ]
    assert [alert.rule_number for alert in after.opened] == [3]


def test_the_engine_stays_the_same_while_nothing_changes(memory: Store) -> None:
    """It is built once for each change, and once more when a candidate ends."""
    book = RuleBook(memory, RULES)
    first = book.load_engine()
    assert book.load_engine() is first
    saved(memory, LOGIN, RULES)
    second = book.load_engine()
    with memory.write() as tx:
        discard_candidate(tx, RULES, "crash", by())
    assert book.load_engine() not in (first, second)


def test_a_net_is_tried_as_if_its_live_version_were_not_there(memory: Store) -> None:
    """The one in force does not silence its own candidate."""
    ingest = build_ingest(RuleBook(memory, RULES), memory)
    saved(memory, {**NET, "severity": "high"}, RULES)
    take_in(ingest, crash(1, "the price"), crash(2, "the price crashes"))
    assert {name for name, _, _ in matched(memory, 1)} == {"net", "net~2"}
    assert {name for name, _, _ in matched(memory, 2)} == {"crash"}


def test_a_rule_whose_signal_vanished_leaves_the_one_before_in_force(memory: Store) -> None:
    """And the book says so."""
    saved(memory, LOGIN, PRESETS, live=True)
    saved(memory, {**ALL, "all": [{"signal": "refund"}]}, PRESETS, live=True, reason="by signal")
    book = RuleBook(memory, without_signal(PRESETS))
    effective = book.load_rules()
    found = effective.get("crash")
    assert found is not None
    assert (found.number, found.definition) == (2, LOGIN)
    assert "no signal is called 'refund'" in effective.notes[0]


def make_reporter(opened: Store) -> ShadowReporter:
    """A reporter that tells at nine."""
    return ShadowReporter(
        store=opened,
        book=RuleBook(opened, RULES),
        channel="#support",
        policy=POLICY,
        told_at=time(9),
    )


def test_once_a_day_a_line_says_what_would_have_been_sent(memory: Store) -> None:
    """Beside the version in force, from nine on, once, also after a restart."""
    ingest = build_ingest(RuleBook(memory, RULES), memory)
    take_in(ingest, *(crash(number) for number in range(11)))
    take_in(ingest, *(crash(number, "login crashes") for number in range(3)))
    saved(memory, LOGIN, RULES)
    saved(memory, {**NET, "id": "quiet", "all": [{"text": "nothing"}]}, RULES)
    morning = NOON + timedelta(hours=21, minutes=30)
    reporter = make_reporter(memory)

    assert reporter.queue_due(morning - timedelta(hours=1)) == 0
    assert [reporter.queue_due(morning), reporter.queue_due(morning)] == [1, 0]
    assert make_reporter(memory).queue_due(morning + timedelta(hours=5)) == 0
    [line] = _told(memory, morning)
    told = "👥 crash, version 2 (shadow): 3 cards yesterday, the live version 14; "
    assert line == f"{told}`repwatch rules promote crash`"
    assert make_reporter(memory).queue_due(morning + timedelta(days=1)) == 0


def _told(opened: Store, at: datetime) -> list[str]:
    """The texts of notices that wait."""
    with opened.read() as tx:
        waiting = tx.deliveries.find_due(at + timedelta(minutes=1), 100)
        notices = [tx.notices.get(one.id) for one in waiting if one.kind is DeliveryKind.NOTICE]
    return [describe_notice(one, SLACK_FORMAT) for one in notices if one]


def test_a_rule_in_shadow_has_a_line_of_its_own(memory: Store) -> None:
    """Without a version in force to compare with."""
    ingest = build_ingest(RuleBook(memory, RULES), memory)
    saved(memory, {**ALL, "id": "login", "all": [{"text": "login"}]}, RULES)
    take_in(ingest, crash(1, "login fails"))
    morning = NOON + timedelta(hours=22)
    assert make_reporter(memory).queue_due(morning) == 1
    assert _told(memory, morning) == [
        "👥 login, version 1 (shadow): 1 card yesterday; `repwatch rules promote login`"
    ]
    assert replace(RULES, rules=()).get("login") is None
