"""Rules of a preset, of a file and of people, for the tests of their life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from monitor.domain.actor import Actor
from monitor.domain.rule_change import RuleHistory
from monitor.store import Store
from monitor.tuning.rule_layers import (
    ConfiguredRules,
    EffectiveRules,
    lay_rules,
    record_configured,
)
from monitor.tuning.saving import Authorship, SavedRule, SaveOutcome, save_rule
from rules.load import parse_rules
from rules.rule import Rule

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANNA, BERT = Actor.slack("U0ANNA12"), Actor.cli("bert")
BILLING: Mapping[str, Any] = {
    "id": "billing",
    "all": [{"text": "refund"}, {"stars": {"max": 3}}],
}
CRASH: Mapping[str, Any] = {"id": "crash", "all": [{"text": "crash*"}]}


def preset(*definitions: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Rules as the preset "support" would hold them."""
    written = {"rules": [dict(one) for one in definitions]}
    return parse_rules(written, "support.toml", origin="preset support")


def of_file(*definitions: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Rules as they stand in rules.toml."""
    return parse_rules({"rules": [dict(one) for one in definitions]}, "rules.toml")


def configured(*rules: Rule) -> ConfiguredRules:
    """These rules as configured; the signal `refund` is looked for."""
    return ConfiguredRules(rules=rules, file="rules.toml", signals=("refund",))


#: A preset with the rules billing and crash.
PRESETS = configured(*preset(BILLING, CRASH))


def recorded(store: Store, rules: ConfiguredRules = PRESETS) -> ConfiguredRules:
    """What is configured, as it was kept at start."""
    with store.write() as tx:
        record_configured(tx, rules, NOW)
    return rules


def by(author: Actor = ANNA, **fields: Any) -> Authorship:
    """Who changes a rule, at noon."""
    return Authorship(author=author, at=NOW, **fields)


def saved(
    store: Store,
    definition: Mapping[str, Any],
    rules: ConfiguredRules = PRESETS,
    *,
    live: bool = False,
    **fields: Any,
) -> SavedRule:
    """A change of a rule that is kept."""
    outcome = tried(store, definition, rules, live=live, **fields)
    assert isinstance(outcome, SavedRule), outcome
    return outcome


def tried(
    store: Store,
    definition: Mapping[str, Any],
    rules: ConfiguredRules = PRESETS,
    *,
    live: bool = False,
    **fields: Any,
) -> SaveOutcome:
    """What comes of saving a rule."""
    with store.write() as tx:
        return save_rule(tx, rules, definition, by(**fields), live=live)


def history_of(store: Store, rule_id: str = "billing") -> RuleHistory:
    """Every change of a rule."""
    with store.read() as tx:
        return tx.rule_changes.history(rule_id)


def effective(store: Store, rules: ConfiguredRules = PRESETS) -> EffectiveRules:
    """The rules that hold."""
    with store.read() as tx:
        return lay_rules(rules, tx.rule_changes.histories())


def without_signal(rules: ConfiguredRules) -> ConfiguredRules:
    """The same, after the signal has vanished."""
    return replace(rules, signals=())
