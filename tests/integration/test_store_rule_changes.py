"""The changes of rules in both databases: kept once each, and only where a rule changed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from monitor.domain.actor import SYSTEM
from monitor.domain.alert import MatchOutcome, Severity
from monitor.domain.rule_change import RuleChangeKind, RuleOwner, RuleStanding, RuleUse
from monitor.domain.verdict import VerdictKind
from monitor.store import Store
from monitor.store.mutes import Mute, MuteEffect
from monitor.tuning.rule_layers import record_configured
from monitor.tuning.saving import SaveConflict, SavedRule, save_rule
from tests.integration.rule_values import (
    ANNA,
    BERT,
    BILLING,
    CRASH,
    NOW,
    PRESETS,
    by,
    configured,
    effective,
    history_of,
    of_file,
    preset,
    recorded,
    saved,
)
from tests.integration.store_values import decision, item, stored
from tests.integration.store_values import recorded as decided

STRICTER = {**BILLING, "all": [{"text": "refund"}, {"stars": {"max": 2}}]}


def test_a_change_comes_back_as_it_was_kept(store: Store) -> None:
    """Every field, whatever characters its reason has."""
    recorded(store)
    kept = saved(store, STRICTER, reason="zu\0 laut \x1b[31m 返品\n👍")

    newest = history_of(store).changes[-1]
    assert newest == replace(kept.change, reason="zu laut [31m 返品 👍")
    assert (newest.number, newest.author, newest.based_on) == (2, ANNA, 1)
    assert newest.standing is RuleStanding.CANDIDATE


def test_rules_of_presets_begin_with_number_one(store: Store) -> None:
    """By the program, which says where it has them from."""
    recorded(store)
    [first] = history_of(store).changes
    assert (first.number, first.author, first.reason) == (1, SYSTEM, "preset support")
    assert (first.kind, first.owner) == (RuleChangeKind.SEEDED, RuleOwner.PRESET)


def test_only_the_rule_that_changed_gets_a_number(store: Store) -> None:
    """A new text of one in the file or the preset leaves its neighbours' numbers alone."""
    recorded(store)
    recorded(store)
    recorded(store, configured(*preset(STRICTER, CRASH)))
    assert [history_of(store, name).number for name in ("billing", "crash")] == [2, 1]


def test_a_rule_that_is_no_longer_configured_is_gone(store: Store) -> None:
    """Its history stays, and says where it is missing."""
    recorded(store, configured(*of_file(BILLING)))
    recorded(store, configured())
    last = history_of(store).changes[-1]
    assert (last.standing, last.reason) == (RuleStanding.GONE, "no longer in rules.toml")
    assert history_of(store).in_force is None


def test_a_file_takes_a_rule_over_and_gives_it_back(store: Store) -> None:
    """While it stands in the file what was saved does not hold, and the program says so."""
    recorded(store)
    saved(store, STRICTER, live=True)
    with_file = recorded(store, configured(*of_file(BILLING, CRASH)))
    hidden = effective(store, with_file)
    recorded(store)
    back = effective(store)

    assert hidden.owners["billing"] is RuleOwner.FILE
    [note] = hidden.notes
    assert note.startswith('rule "billing" stands in rules.toml, which wins over what was saved (')
    found = back.get("billing")
    assert found is not None
    assert found.definition == STRICTER
    assert [one.owner for one in history_of(store).changes] == ["preset", "store", "file", "store"]


def test_the_second_of_two_savings_at_one_time_is_refused(store: Store) -> None:
    """However many connections save what they saw, one is kept and the others are told."""
    recorded(store)
    start = threading.Barrier(4)

    def save(most: float) -> SavedRule | SaveConflict:
        start.wait(10)
        wanted = {**BILLING, "all": [{"text": "refund"}, {"stars": {"max": most}}]}
        with store.write() as tx:
            outcome = save_rule(tx, PRESETS, wanted, by(BERT, seen=1))
        assert isinstance(outcome, (SavedRule, SaveConflict))
        return outcome

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(save, (1, 1.5, 2, 2.5)))

    kept = [one for one in outcomes if isinstance(one, SavedRule)]
    refused = [one for one in outcomes if isinstance(one, SaveConflict)]
    assert (len(kept), len(refused)) == (1, 3)
    assert [one.number for one in history_of(store).changes] == [1, 2]
    assert {one.newest for one in refused} == {kept[0].change}


def test_a_number_that_is_taken_is_never_taken_again(store: Store) -> None:
    """Also not by a writer who skipped the decision."""
    recorded(store)
    change = history_of(store).changes[0]
    with store.write() as tx:
        assert not tx.rule_changes.add(replace(change, author=BERT))
        assert record_configured(tx, PRESETS, NOW) == []
    assert history_of(store).changes == (change,)


def test_the_revision_grows_with_every_change(store: Store) -> None:
    """So that a running program sees that something changed."""
    recorded(store)
    with store.read() as tx:
        before = tx.rule_changes.revision()
    saved(store, STRICTER)
    with store.read() as tx:
        assert tx.rule_changes.revision() == before + 1


def test_a_mute_keeps_its_reason_and_is_told_what_it_hides(store: Store) -> None:
    """Feedback of the rule that people were shown in a time, and how much of it was urgent."""
    made = stored(store, *(item(str(number)) for number in range(4)))
    for one, severity in zip(made, (Severity.URGENT, *[Severity.HIGH] * 3), strict=True):
        decided(store, decision(one, severity=severity, group=one[0].external_id))
    old, silent = stored(store, item("old"), item("silent"))
    decided(store, decision(old, group="old"), at=NOW - timedelta(days=8))
    decided(store, decision(silent, MatchOutcome.SUPPRESSED))
    mute = Mute(rule_id="crash", until=NOW + timedelta(hours=2), actor=BERT, why="zu\0 laut")
    with store.write() as tx:
        assert tx.mutes.count_effect("crash", NOW - timedelta(days=7)) == MuteEffect(4, 1)
        assert tx.mutes.count_effect("billing", NOW - timedelta(days=7)) == MuteEffect()
        tx.mutes.put(mute, NOW)
        [kept] = tx.mutes.active(NOW)
    assert kept == replace(mute, why="zu laut")
    assert kept.reason == "muted by cli:bert until 2026-11-22 14:00 UTC: zu laut"


def test_alerts_are_counted_by_the_number_of_their_rule(store: Store) -> None:
    """With how many of them the team judged, and called useful by anybody."""
    made = stored(store, *(item(str(number)) for number in range(4)))
    numbers = (0, 2, 2, 2)
    for one, number in zip(made, numbers, strict=True):
        decided(
            store, decision(one, rule_id="billing", group=one[0].external_id, rule_number=number)
        )
    with store.write() as tx:
        for of, value in ((1, "yes"), (2, "no")):
            tx.verdicts.add(
                made[of][0].id, VerdictKind.USEFUL, value, actor=ANNA, at=NOW, rule_id="billing"
            )
        tx.verdicts.add(made[1][0].id, VerdictKind.USEFUL, "no", actor=BERT, at=NOW)
        used = tx.rule_changes.count_use("billing")
    assert used == {0: RuleUse(alerts=1), 2: RuleUse(alerts=3, judged=2, useful=1)}
