"""What becomes of a rule that somebody saves, promotes, discards, reverts or deletes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from monitor.domain.rule_change import RuleChangeKind, RuleStanding
from monitor.errors import ConfigError
from monitor.store import Store
from monitor.testing import memory_store
from monitor.tuning.rule_layers import lay_rules
from monitor.tuning.saving import (
    RuleRefusal,
    SaveConflict,
    SavedRule,
    delete_rule,
    discard_candidate,
    list_differences,
    promote_rule,
    revert_rule,
)
from rules.defaults import RuleDefaults
from rules.rule import RuleMode
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
    tried,
    without_signal,
)

STRICTER = {**BILLING, "all": [{"text": "refund"}, {"stars": {"max": 2}}]}
OTHER = {**BILLING, "all": [{"text": "refund"}, {"stars": {"max": 1}}]}
NEW = {"id": "prices", "all": [{"text": "price*"}]}


@pytest.fixture
def store() -> Iterator[Store]:
    """A store in which the presets are recorded."""
    opened = memory_store()
    recorded(opened)
    yield opened
    opened.close()


def refusal(outcome: object) -> str:
    """Why something was refused."""
    assert isinstance(outcome, RuleRefusal)
    return outcome.reason


def test_an_edit_is_tried_beside_the_version_in_force(store: Store) -> None:
    """The one in force stays live with its number; the other runs in shadow under an own id."""
    saved(store, STRICTER)
    now = effective(store)
    asked = [(rule.id, rule.mode, rule.number) for rule in now.asked]
    assert asked == [
        ("billing", RuleMode.LIVE, 1),
        ("billing~2", RuleMode.SHADOW, 2),
        ("crash", RuleMode.LIVE, 1),
    ]
    assert now.candidates["billing"].version != now.rules[0].version


def test_a_new_rule_starts_in_shadow_itself(store: Store) -> None:
    """Promoted it is live, and each is a change of its own."""
    made = saved(store, NEW)
    with store.write() as tx:
        promoted = promote_rule(tx, PRESETS, "prices", by(BERT))
    assert isinstance(promoted, SavedRule)
    assert (made.rule.mode, promoted.rule.mode) == (RuleMode.SHADOW, RuleMode.LIVE)
    assert promoted.difference == ("mode shadow -> live",)
    assert [one.author for one in history_of(store, "prices").changes] == [ANNA, BERT]


def test_told_so_an_edit_is_in_force_at_once(store: Store) -> None:
    """And what was tried beside the rule ends with it."""
    saved(store, STRICTER)
    made = saved(store, OTHER, live=True)
    assert (made.ended, made.change.standing) == (2, RuleStanding.IN_FORCE)
    assert effective(store).candidates == {}
    assert made.difference == ("it has 3 stars or fewer -> 1 star or fewer",)


def test_a_candidate_is_promoted_or_discarded(store: Store) -> None:
    """Promoted it says what it said in shadow; discarded the rule says what it said before."""
    saved(store, STRICTER)
    with store.write() as tx:
        discarded = discard_candidate(tx, PRESETS, "billing", by())
    assert isinstance(discarded, SavedRule)
    assert (discarded.difference, discarded.ended) == ((), 2)
    saved(store, OTHER)
    with store.write() as tx:
        promoted = promote_rule(tx, PRESETS, "billing", by())
        again = promote_rule(tx, PRESETS, "billing", by())
    assert isinstance(promoted, SavedRule)
    assert dict(promoted.change.definition) == OTHER
    assert "nothing to promote" in refusal(again)
    kinds = [one.kind for one in history_of(store).changes]
    assert kinds == ["seeded", "saved", "discarded", "saved", "promoted"]


def test_what_switches_off_is_never_a_candidate_and_needs_a_reason(store: Store) -> None:
    """Nobody would see what a rule that is off has not sent."""
    off = {**BILLING, "mode": "off"}
    assert refusal(tried(store, off)) == "say why: the change switches the rule off"
    assert saved(store, off, reason="too much").change.standing is RuleStanding.IN_FORCE


def test_a_lost_condition_needs_a_reason(store: Store) -> None:
    """Of control characters alone there is none."""
    wider = {**BILLING, "all": [{"text": "refund"}]}
    assert refusal(tried(store, wider, reason=" \n\x1b")) == "say why: the rule loses a condition"
    assert isinstance(tried(store, wider, reason="seen in reviews without stars"), SavedRule)


def test_the_second_of_two_managers_is_shown_both_changes(store: Store) -> None:
    """Each against what he saw; nothing is kept."""
    saved(store, STRICTER, seen=1)
    outcome = tried(store, {**BILLING, "channel": "#money"}, author=BERT, seen=1)
    assert isinstance(outcome, SaveConflict)
    assert outcome.mine == ("channel the default channel -> #money",)
    assert outcome.theirs == ("it has 3 stars or fewer -> 2 stars or fewer",)
    assert outcome.newest.author == ANNA
    assert history_of(store).number == 2


def test_a_rule_of_the_file_is_refused_with_the_toml_to_copy(store: Store) -> None:
    """For every change; the sentence ends in what to copy."""
    rules = recorded(store, configured(*of_file(BILLING)))
    said = refusal(tried(store, STRICTER, rules))
    assert said.startswith('rule "billing" stands in rules.toml and is changed there alone; copy')
    copied = "\n".join(
        (
            "[[rules]]",
            'id = "billing"',
            "all = [",
            '  { text = "refund" },',
            "  { stars = { max = 2 } },",
            "]",
            "",
        )
    )
    assert said.endswith(f"\n{copied}")
    with store.write() as tx:
        assert "rules.toml" in refusal(delete_rule(tx, rules, "billing", by(reason="no")))


def test_deleted_a_preset_holds_again_and_a_new_rule_is_gone(store: Store) -> None:
    """With a reason; both can be brought back."""
    saved(store, STRICTER, live=True)
    saved(store, NEW, live=True)
    with store.write() as tx:
        assert "say why" in refusal(delete_rule(tx, PRESETS, "prices", by()))
        delete_rule(tx, PRESETS, "prices", by(reason="done"))
        delete_rule(tx, PRESETS, "billing", by(reason="done"))
    assert effective(store).rules[0].definition == BILLING
    assert effective(store).get("prices") is None
    with store.write() as tx:
        assert isinstance(revert_rule(tx, PRESETS, "prices", 1, by()), SavedRule)
        assert isinstance(revert_rule(tx, PRESETS, "billing", 2, by()), SavedRule)
    assert {rule.id for rule in effective(store).rules} == {"billing", "crash", "prices"}


def test_a_preset_without_changes_cannot_be_deleted(store: Store) -> None:
    """It is switched off instead."""
    with store.write() as tx:
        said = refusal(delete_rule(tx, PRESETS, "billing", by(reason="no")))
    assert said == (
        "billing comes with preset support and nothing of it was saved; to silence it save it with "
        'mode = "off"'
    )


def test_a_revert_is_in_force_at_once(store: Store) -> None:
    """Back to the preset's text it is the preset's rule again, which follows new versions."""
    saved(store, STRICTER, live=True)
    saved(store, OTHER, live=True)
    with store.write() as tx:
        back = revert_rule(tx, PRESETS, "billing", 2, by())
        first = revert_rule(tx, PRESETS, "billing", 1, by())
        unknown = revert_rule(tx, PRESETS, "billing", 9, by())
    assert isinstance(back, SavedRule)
    assert isinstance(first, SavedRule)
    assert (back.change.reason, dict(back.change.definition)) == ("back to version 2", STRICTER)
    assert history_of(store).saved is None
    assert "has no version 9" in refusal(unknown)


def test_a_saved_rule_that_no_longer_checks_leaves_the_one_before(store: Store) -> None:
    """And a candidate that does not is left out; both are told."""
    saved(store, STRICTER, live=True)
    by_signal = {**BILLING, "all": [{"signal": "refund"}]}
    saved(store, by_signal, live=True, reason="by signal")
    saved(store, {**by_signal, "channel": "#money"})
    with store.read() as tx:
        now = lay_rules(without_signal(PRESETS), tx.rule_changes.histories())
    assert (now.rules[0].number, dict(now.rules[0].definition)) == (2, STRICTER)
    assert now.candidates == {}
    assert [note.partition(":")[0] for note in now.notes] == [
        "a saved rule does not hold, version 2 is in force instead",
        "a saved rule is not tried in shadow",
    ]
    assert "version 3 of billing" in now.notes[0]
    number = history_of(store).number
    recorded(store, without_signal(PRESETS))
    assert history_of(store).number == number


def test_a_rule_with_a_mistake_is_not_saved(store: Store) -> None:
    """Every mistake is named, also of signals that nobody looks for."""
    with pytest.raises(ConfigError, match="no signal is called 'refnud'; did you mean 'refund'"):
        tried(store, {**BILLING, "all": [{"signal": "refnud"}]})


def test_saving_what_it_says_already_changes_nothing(store: Store) -> None:
    """Neither for the rule in force nor for its candidate."""
    assert refusal(tried(store, BILLING)) == "billing says the same already"
    saved(store, STRICTER)
    assert refusal(tried(store, STRICTER)) == "version 2 of billing says the same already"


def test_a_new_text_of_the_preset_leaves_a_candidate_there(store: Store) -> None:
    """An upgrade takes nothing away that people are trying."""
    saved(store, STRICTER)
    recorded(store, configured(*preset({**BILLING, "severity": "high"}, CRASH)))
    assert history_of(store).number == 3
    assert history_of(store).candidate is not None


def test_saved_rules_have_the_defaults_of_the_file(store: Store) -> None:
    """Those of today; where they say something else for a rule, that rule gets a number."""
    saved(store, NEW, live=True)
    said = RuleDefaults(
        ("prices",), {"channel": "#money", "none": [{"author": "us"}]}, "rules.toml"
    )
    rules = replace(PRESETS, defaults=(said,))
    recorded(store, rules)
    last = history_of(store, "prices").changes[-1]
    assert (last.number, last.owner, last.reason) == (2, "store", "defaults of rules.toml")
    assert (last.definition["channel"], last.definition["none"]) == ("#money", [{"author": "us"}])
    recorded(store, rules)
    assert [history_of(store, name).number for name in ("prices", "billing")] == [2, 1]


def test_each_change_tells_what_it_changed(store: Store) -> None:
    """Against what was in force by then."""
    saved(store, STRICTER)
    saved(store, OTHER, live=True)
    assert list_differences(history_of(store)) == {
        1: ("new",),
        2: ("it has 3 stars or fewer -> 2 stars or fewer",),
        3: ("it has 3 stars or fewer -> 1 star or fewer",),
    }
    assert history_of(store).changes[0].at == NOW
    assert history_of(store).changes[1].kind is RuleChangeKind.SAVED
