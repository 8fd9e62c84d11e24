"""What may have been missed: drawn alike for everybody, judged, and counted in a back-test."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.action import AlertChange
from monitor.domain.actor import SYSTEM
from monitor.domain.event import EventKind
from monitor.domain.feedback import Label, Sentiment
from monitor.domain.missed import AuditReason, CaughtCount
from monitor.domain.verdict import VerdictKind
from monitor.store import Store
from monitor.tuning.backtest import run_backtest
from monitor.tuning.missed_audit import DRAWN, draw_feedback, judge, list_audit_items
from tests.integration.command import configure, run
from tests.integration.judged_store import ANNA, asked, rule_of
from tests.integration.store_values import NOW, decision, item, recorded, stored

YESTERDAY = NOW - timedelta(days=1)


def arrived(store: Store, name: str, label: Label = Label.NEGATIVE, **fields: object) -> int:
    """The id of a feedback with such a tone, which arrived yesterday unless it is told."""
    at = {"created_at": YESTERDAY, "first_seen_at": YESTERDAY}
    feedback, analysis = item(name, f"refund {name}", **(at | fields))
    read = replace(analysis, sentiment=Sentiment(label, -0.5))
    [(found, _)] = stored(store, (feedback, read))
    return found.id


def opened(store: Store, feedback_id: int) -> int:
    """The id of the alert that this feedback opens."""
    with store.read() as tx:
        found = tx.feedback.get(feedback_id)
    assert found
    recorded(store, decision(found, group=str(feedback_id)), at=YESTERDAY)
    with store.read() as tx:
        return tx.alerts.newest_by_feedback([feedback_id])[feedback_id].id


def test_only_what_alerted_nobody_is_drawn(store: Store) -> None:
    """Of yesterday, negative, by a customer; the rest is left out."""
    missed = arrived(store, "missed")
    opened(store, arrived(store, "alerted"))
    arrived(store, "fine", Label.POSITIVE)
    arrived(store, "ours", own=True)
    arrived(store, "today", first_seen_at=NOW)
    arrived(store, "older", first_seen_at=NOW - timedelta(days=2))
    with store.read() as tx:
        found = list_audit_items(tx, NOW)
        week = list_audit_items(tx, NOW, days=7)

    assert (found.unalerted, week.unalerted) == (1, 2)
    [only] = found.items
    assert (only.feedback_id, only.reason, only.text) == (
        missed,
        AuditReason.DRAWN,
        "refund missed",
    )
    assert only.missed is None


def test_a_probable_problem_may_be_missed_too(store: Store) -> None:
    """Whatever its tone."""
    feedback, analysis = item("1", created_at=YESTERDAY, first_seen_at=YESTERDAY)
    stored(store, (feedback, replace(analysis, problem=0.5)))
    with store.read() as tx:
        assert list_audit_items(tx, NOW).unalerted == 1


def test_what_people_escalated_is_listed(store: Store) -> None:
    """With its alert; what a timer escalated is not."""
    by_hand, by_timer = (opened(store, arrived(store, name)) for name in ("hand", "timer"))
    change = AlertChange(kind=EventKind.ESCALATED)
    with store.write() as tx:
        tx.alerts.apply_change(by_hand, change, at=YESTERDAY, actor=ANNA)
        tx.alerts.apply_change(by_timer, change, at=YESTERDAY, actor=SYSTEM)
    with store.read() as tx:
        items = list_audit_items(tx, NOW).items

    assert [(one.reason, one.alert_id) for one in items] == [(AuditReason.ESCALATED, by_hand)]


def test_one_click_judges(store: Store) -> None:
    """The last word of a person counts; it is no label to learn from; what is gone says so."""
    which = arrived(store, "missed")
    with store.write() as tx:
        kept = [judge(tx, which, missed=said, actor=ANNA, at=NOW) for said in (False, True)]
        gone = judge(tx, 999, missed=True, actor=ANNA, at=NOW)
    with store.read() as tx:
        [only] = list_audit_items(tx, NOW).items
        verdicts, labelled = tx.verdicts.list_for_feedback(which), tx.verdicts.list_labelled()

    assert (kept, gone, only.missed) == ([True, True], False, True)
    assert [(one.kind, one.value) for one in verdicts] == [(VerdictKind.MISSED, "yes")]
    assert labelled == []


def test_a_back_test_tells_how_much_of_it_a_rule_would_have_caught(store: Store) -> None:
    """Of what the team called missed or raised by hand, whether or not the rule alerts of it."""
    arrived(store, "first contact", first_seen_at=NOW - timedelta(days=40))
    caught, fine = arrived(store, "caught"), arrived(store, "fine")
    other = arrived(store, "other", author=item()[0].author)
    with store.write() as tx:
        judge(tx, caught, missed=True, actor=ANNA, at=NOW)
        judge(tx, fine, missed=False, actor=ANNA, at=NOW)
        judge(tx, other, missed=True, actor=ANNA, at=NOW)
    rule = rule_of({"id": "billing", "group_by": ["feedback"], "all": [{"text": "refund caught"}]})
    with store.read() as tx:
        found = run_backtest(tx, asked(rule, NOW))

    assert found.marked == CaughtCount(caught=1, marked=2)


@given(st.sets(st.integers(1, 10_000), min_size=DRAWN + 1), st.dates())
def test_everybody_sees_the_same_draw(ids: set[int], day: object) -> None:
    """Of one day; one that is removed leaves the other choices as they are."""
    drawn = draw_feedback(ids, str(day))
    fewer = draw_feedback(ids - {drawn[0]}, str(day))

    assert drawn == draw_feedback(sorted(ids, reverse=True), str(day))
    assert len(drawn) == DRAWN
    assert set(drawn[1:]) < set(fewer)


def test_other_days_draw_others() -> None:
    """Each of a fortnight its own."""
    days = {draw_feedback(range(100), f"day {number}") for number in range(14)}

    assert len(days) == 14


@pytest.mark.parametrize("days", [0, 29])
def test_so_many_days_cannot_be_looked_at(store: Store, days: int) -> None:
    """Neither none nor more than four weeks."""
    with store.read() as tx, pytest.raises(ValueError, match="1 to 28"):
        list_audit_items(tx, NOW, days=days)


def test_the_command_lists_and_judges(tmp_path: Path) -> None:
    """Nothing of today; what is not stored is a mistake that says how to find the id."""
    rows = "id,answer,who,stars\n1,\x1b[31mit is terrible,Ann,1\n"
    configure(tmp_path, rows=rows)
    run(tmp_path, "once")
    listed = run(tmp_path, "rules", "audit")
    judged = run(tmp_path, "rules", "audit", "--missed", "1", "--by", "anna", "--json")
    unknown = run(tmp_path, "rules", "audit", "--fine", "999")

    assert "0 negative feedback alerted nobody\nNothing to look at." in listed.stdout
    assert judged.json["items"] == []
    assert (unknown.code, "there is no feedback 999" in unknown.stderr) == (1, True)
