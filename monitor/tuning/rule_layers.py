"""Which rules hold: those of presets, over them what people saved, over both the rules file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from monitor.config import read_toml
from monitor.domain.actor import SYSTEM
from monitor.domain.rule_change import (
    RuleChange,
    RuleChangeKind,
    RuleHistory,
    RuleOwner,
    RuleStanding,
)
from monitor.domain.workspace import NO_WORKSPACE, Workspace
from monitor.errors import ConfigError
from monitor.store import Transaction
from rules.checks import find_gaps, find_missing_hours, find_unknown_signals
from rules.defaults import RuleDefaults, WrittenRule, parse_defaults
from rules.load import parse_rules, preset_names
from rules.rule import CANDIDATE_MARK, Rule, RuleMode

_NO_HISTORY = RuleHistory()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredRules:
    """The rules of presets and of the rules file, and what saved ones are checked against."""

    rules: tuple[Rule, ...]
    file: str = ""  #: the name of the rules file; empty for none
    defaults: tuple[RuleDefaults, ...] = ()  #: of the rules file; saved rules have them too
    signals: tuple[str, ...] = ()  #: the names of those that are looked for
    workspace: Workspace = NO_WORKSPACE

    @classmethod
    def load(
        cls,
        rules: tuple[Rule, ...],
        file: Path | None,
        signals: tuple[str, ...],
        workspace: Workspace,
    ) -> ConfiguredRules:
        """Return checked rules with the defaults of the file that they come from."""
        defaults: tuple[RuleDefaults, ...] = ()
        if file is not None:
            defaults, _ = parse_defaults(read_toml(file).get("defaults", []), file.name)
        name = file.name if file else ""
        return cls(rules=rules, file=name, defaults=defaults, signals=signals, workspace=workspace)

    def get(self, rule_id: str) -> Rule | None:
        """Return the rule with an id, or None."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def owner_of(self, rule_id: str) -> RuleOwner | None:
        """Return where a configured rule is written; None for one that is not configured.

        What changes a preset's rule by defaults alone leaves it the preset's.
        """
        rule = self.get(rule_id)
        if rule is None:
            return None
        is_preset = rule.origins.get("id", ("",))[0] in _name_presets()
        return RuleOwner.PRESET if is_preset else RuleOwner.FILE

    def read(self, definition: Mapping[str, Any], where: str) -> Rule:
        """Return the rule that a definition says, with the defaults of the file, checked.

        Raises ConfigError with every mistake; `where` names its place.
        """
        written = WrittenRule.of(definition, where).merge(self.defaults)
        [rule] = parse_rules({"rules": [dict(written.table)]}, where)
        file = f"{where}: "
        problems = [
            *find_unknown_signals([rule], self.signals, file),
            *find_missing_hours([rule], self.workspace, file),
            *find_gaps([rule], self.workspace, file),
        ]
        if problems:
            raise ConfigError(problems)
        return replace(rule, origins=written.origins)


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveRules:
    """The rules that hold, from all layers, each with the number of its change."""

    rules: tuple[Rule, ...]
    candidates: Mapping[str, Rule] = field(default_factory=dict)  #: by the id of their rule
    owners: Mapping[str, RuleOwner] = field(default_factory=dict)  #: by rule id
    notes: tuple[str, ...] = ()  #: what of the store does not hold and why, a line each
    fallbacks: frozenset[str] = frozenset()  #: rules whose newest text cannot be read

    @property
    def asked(self) -> tuple[Rule, ...]:
        """The rules that the engine asks: each one, and behind it its candidate in shadow."""
        pairs = ((rule, self.candidates.get(rule.id)) for rule in self.rules)
        return tuple(one for one in chain.from_iterable(pairs) if one)

    def get(self, rule_id: str) -> Rule | None:
        """Return the rule with an id, or None."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def lay_rules(configured: ConfiguredRules, histories: Mapping[str, RuleHistory]) -> EffectiveRules:
    """Return the rules that hold, in the order of the configuration and then of their ids.

    A saved rule that cannot be read any more leaves the one before it in force, with a note.
    """
    laid = [
        _lay_rule(configured, rule_id, histories.get(rule_id, _NO_HISTORY))
        for rule_id in _list_ids(configured, histories)
    ]
    found = [one for one in laid if one.rule is not None]
    return EffectiveRules(
        rules=tuple(one.rule for one in laid if one.rule),
        candidates={one.rule_id: one.candidate for one in found if one.candidate},
        owners={one.rule_id: one.owner for one in found},
        notes=tuple(note for one in laid for note in one.notes),
        fallbacks=frozenset(one.rule_id for one in laid if one.is_fallback),
    )


def record_configured(
    tx: Transaction, configured: ConfiguredRules, at: datetime
) -> list[RuleChange]:
    """Keep what the configuration says of each rule that says something else than before.

    Only that rule gets a number. Returns the changes that were kept.
    """
    histories = tx.rule_changes.histories()
    effective = lay_rules(configured, histories)
    changes = [
        *_list_new_texts(configured, effective, histories, at),
        *_list_gone(configured, effective, histories, at),
    ]
    for change in changes:
        tx.rules.add_version(change.rule_id, change.version, change.definition, at)
    return [change for change in changes if tx.rule_changes.add(change)]


def make_candidate(rule: Rule, number: int) -> Rule:
    """Return a rule as the engine asks it beside the one in force: in shadow, under an own id."""
    return replace(
        rule, id=f"{rule.id}{CANDIDATE_MARK}{number}", mode=RuleMode.SHADOW, number=number
    )


@cache
def _name_presets() -> frozenset[str]:
    return frozenset(f"preset {name}" for name in preset_names())


@dataclass(frozen=True, slots=True, kw_only=True)
class _LaidRule:
    """What holds of one id."""

    rule_id: str
    rule: Rule | None
    owner: RuleOwner
    candidate: Rule | None = None
    notes: tuple[str, ...] = ()
    is_fallback: bool = False


def _list_ids(configured: ConfiguredRules, histories: Mapping[str, RuleHistory]) -> list[str]:
    ids = [rule.id for rule in configured.rules]
    saved = sorted(name for name, history in histories.items() if history.saved)
    return list(dict.fromkeys((*ids, *saved)))


def _lay_rule(configured: ConfiguredRules, rule_id: str, history: RuleHistory) -> _LaidRule:
    base, owner = configured.get(rule_id), configured.owner_of(rule_id)
    if base is not None and owner is RuleOwner.FILE:
        notes = _note_hidden(configured, base, history)
        return _LaidRule(
            rule_id=rule_id, rule=_number(base, history, owner), owner=owner, notes=notes
        )
    saved, notes = _read_saved(configured, history)
    candidate, more = _read_candidate(configured, history)
    rule, of = saved, RuleOwner.STORE
    if saved is None:
        of = RuleOwner.PRESET
        rule = _number(base, history, of) if base else None
    instead = _name_instead(saved, base)
    told = tuple(f"a saved rule does not hold, {instead}: {mistake}" for mistake in notes)
    return _LaidRule(
        rule_id=rule_id,
        rule=rule,
        owner=of,
        candidate=candidate if rule else None,
        notes=(*told, *more),
        is_fallback=bool(notes),
    )


def _name_instead(saved: Rule | None, base: Rule | None) -> str:
    """Return what is in force in place of a saved text that cannot be read."""
    if saved is not None:
        return f"version {saved.number} is in force instead"
    return "the preset's is in force instead" if base else "and nothing else is there"


def _number(rule: Rule, history: RuleHistory, owner: RuleOwner) -> Rule:
    change = history.find(rule.version, owner)
    return replace(rule, number=change.number) if change else rule


def _note_hidden(configured: ConfiguredRules, rule: Rule, history: RuleHistory) -> tuple[str, ...]:
    """Return a note where the file says something else than what was saved."""
    if history.saved is None or history.saved.version == rule.version:
        return ()
    saved = history.saved.number
    note = (
        f'rule "{rule.id}" stands in {configured.file}, which wins over what was saved (version '
        f"{saved}); remove it there to have that one"
    )
    return (note,)


def _read_saved(
    configured: ConfiguredRules, history: RuleHistory
) -> tuple[Rule | None, tuple[str, ...]]:
    """Return the newest saved text that can be read, and the mistake in each newer one."""
    mistakes: list[str] = []
    for change in history.saved_before:
        try:
            rule = configured.read(change.definition, _name_place(change))
        except ConfigError as error:
            mistakes.append(_first_line(error))
        else:
            return replace(rule, number=change.number), tuple(mistakes)
    return None, tuple(mistakes)


def _read_candidate(
    configured: ConfiguredRules, history: RuleHistory
) -> tuple[Rule | None, tuple[str, ...]]:
    change = history.candidate
    if change is None:
        return None, ()
    try:
        rule = configured.read(change.definition, _name_place(change))
    except ConfigError as error:
        return None, (f"a saved rule is not tried in shadow: {_first_line(error)}",)
    return make_candidate(rule, change.number), ()


def _name_place(change: RuleChange) -> str:
    return f"version {change.number} of {change.rule_id}"


def _first_line(error: ConfigError) -> str:
    return str(error).partition("\n")[0]


def _list_new_texts(
    configured: ConfiguredRules,
    effective: EffectiveRules,
    histories: Mapping[str, RuleHistory],
    at: datetime,
) -> Iterator[RuleChange]:
    for rule in effective.rules:
        history, owner = histories.get(rule.id, _NO_HISTORY), effective.owners[rule.id]
        now = history.in_force
        is_known = now is not None and (now.version, now.owner) == (rule.version, owner)
        if is_known or rule.id in effective.fallbacks:
            continue
        yield RuleChange(
            rule_id=rule.id,
            number=history.number + 1,
            kind=RuleChangeKind.SEEDED,
            standing=RuleStanding.IN_FORCE,
            owner=owner,
            version=rule.version,
            definition=rule.definition,
            author=SYSTEM,
            at=at,
            reason=_explain_text(configured, rule, owner),
            based_on=history.number,
        )


def _explain_text(configured: ConfiguredRules, rule: Rule, owner: RuleOwner) -> str:
    if owner is RuleOwner.STORE:
        return f"defaults of {configured.file}" if rule.number else "saved"
    return rule.origins.get("id", (configured.file,))[0]


def _list_gone(
    configured: ConfiguredRules,
    effective: EffectiveRules,
    histories: Mapping[str, RuleHistory],
    at: datetime,
) -> Iterator[RuleChange]:
    held = {rule.id for rule in effective.rules}
    for rule_id, history in histories.items():
        now = history.in_force
        if rule_id in held or now is None or now.owner is RuleOwner.STORE:
            continue
        place = configured.file or "a rules file"
        where = place if now.owner is RuleOwner.FILE else "a preset in use"
        yield replace(
            now,
            number=history.number + 1,
            kind=RuleChangeKind.DELETED,
            standing=RuleStanding.GONE,
            author=SYSTEM,
            at=at,
            reason=f"no longer in {where}",
            based_on=history.number,
        )
