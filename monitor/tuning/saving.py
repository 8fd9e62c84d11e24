"""Save, promote, discard, revert and delete rules: the decisions, and their one line in the store.

Each takes an open transaction that writes, the configured rules, and what somebody wants. It
answers with what was kept, with a refusal for people, or with the conflict where somebody else was
faster; ConfigError names the mistakes of a rule. No open alert is touched and nothing is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from monitor.domain.actor import Actor
from monitor.domain.rule_change import (
    RuleChange,
    RuleChangeKind,
    RuleHistory,
    RuleOwner,
    RuleStanding,
)
from monitor.errors import ConfigError, suggest_nearest
from monitor.store import Transaction
from monitor.tuning.rule_layers import ConfiguredRules, EffectiveRules, lay_rules
from rules.difference import describe_difference, loses_conditions
from rules.load import parse_rules
from rules.rule import Rule, RuleMode
from rules.show import format_rule

#: The longest reason that is kept.
MAX_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorship:
    """Who wants a change, when and why, and what they saw."""

    author: Actor
    at: datetime
    reason: str = ""
    seen: int | None = None  #: the number of the rule's newest change; None: whatever it is


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRule:
    """A change that was kept."""

    change: RuleChange
    rule: Rule  #: as it says now
    difference: tuple[str, ...] = ()  #: from what was in force, a line each
    ended: int = 0  #: the number of the candidate that ended with it; 0 for none


@dataclass(frozen=True, slots=True)
class RuleRefusal:
    """Why a change was not kept."""

    reason: str  #: for people; the first line says it all
    is_unchanged: bool = False  #: whether the rule says already what it is to say


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveConflict:
    """Somebody else changed the rule meanwhile: nothing was kept."""

    rule_id: str
    seen: int
    newest: RuleChange
    mine: tuple[str, ...]  #: what this change would have changed in what was seen
    theirs: tuple[str, ...]  #: what changed in what was seen meanwhile

    @property
    def reason(self) -> str:
        """What happened and what to do, in one line."""
        return (
            f"{self.rule_id} was changed meanwhile: version {self.newest.number} by "
            f"{self.newest.author.display_name}, and version {self.seen} is what you saw; look at "
            "both and save again"
        )


SaveOutcome = SavedRule | RuleRefusal | SaveConflict


@dataclass(frozen=True, slots=True)
class _Subject:
    """One rule as it stands when somebody wants to change it."""

    tx: Transaction
    configured: ConfiguredRules
    rule_id: str
    history: RuleHistory
    current: Rule | None

    @classmethod
    def load(cls, tx: Transaction, configured: ConfiguredRules, rule_id: str) -> _Subject:
        """Return the rule with an id, whether or not there is one."""
        history = tx.rule_changes.history(rule_id)
        alone = tuple(rule for rule in configured.rules if rule.id == rule_id)
        effective = lay_rules(replace(configured, rules=alone), {rule_id: history})
        return cls(tx, configured, rule_id, history, effective.get(rule_id))

    def refuse_absent(self) -> RuleRefusal | None:
        """Return why it cannot be changed where there is no such rule."""
        return RuleRefusal(f"no rule is called {self.rule_id!r}") if self.current is None else None

    def refuse_file(self, wanted: Rule | None = None) -> RuleRefusal | None:
        """Return why a rule of the file is not changed here, with the TOML to copy into it."""
        if self.configured.owner_of(self.rule_id) is not RuleOwner.FILE:
            return None
        said = f'rule "{self.rule_id}" stands in {self.configured.file} and is changed there alone'
        if wanted is None:
            return RuleRefusal(f"{said}: edit or remove it in that file")
        return RuleRefusal(f"{said}; copy this into it:\n{format_plain(wanted)}")

    def find_conflict(self, by: Authorship, wanted: Rule | None) -> SaveConflict | None:
        """Return the conflict where the rule has changed since its author saw it."""
        newest = self.history.changes[-1] if self.history.changes else None
        if newest is None or by.seen is None or by.seen == newest.number:
            return None
        seen = self.history.get(by.seen)
        ancestor, now = read_text(seen), read_text(newest)
        return SaveConflict(
            rule_id=self.rule_id,
            seen=by.seen,
            newest=newest,
            mine=_compare(ancestor, wanted),
            theirs=_compare(ancestor, now),
        )

    def keep(self, draft: RuleChange, rule: Rule, by: Authorship) -> SaveOutcome:
        """Keep a change, unless another has its number by then."""
        if not self.tx.rule_changes.add(draft):
            newer = replace(self, history=self.tx.rule_changes.history(self.rule_id))
            conflict = newer.find_conflict(replace(by, seen=self.history.number), rule)
            return conflict or RuleRefusal(f"{self.rule_id} was changed meanwhile; look again")
        self.tx.rules.add_version(self.rule_id, draft.version, draft.definition, draft.at)
        candidate = self.history.candidate
        return SavedRule(
            change=draft,
            rule=replace(rule, number=draft.number),
            difference=_compare(self.current, rule),
            ended=candidate.number if candidate else 0,
        )

    def draft(
        self,
        kind: RuleChangeKind,
        rule: Rule,
        by: Authorship,
        *,
        standing: RuleStanding = RuleStanding.IN_FORCE,
        owner: RuleOwner = RuleOwner.STORE,
    ) -> RuleChange:
        """Return the next change of the rule."""
        return RuleChange(
            rule_id=self.rule_id,
            number=self.history.number + 1,
            kind=kind,
            standing=standing,
            owner=owner,
            version=rule.version,
            definition=rule.definition,
            author=by.author,
            at=by.at,
            reason=clean_reason(by.reason),
            based_on=self.history.number,
        )


def save_rule(
    tx: Transaction,
    configured: ConfiguredRules,
    definition: Mapping[str, Any],
    by: Authorship,
    *,
    live: bool = False,
) -> SaveOutcome:
    """Save what a rule is to say: as a candidate in shadow where the one in force is live.

    A new rule, and one that is not live, starts in shadow itself; `live` puts the text in force at
    once. Switching a rule off, or into shadow, is never a candidate. Raises ConfigError.
    """
    rule = configured.read(definition, "the rule")
    subject = _Subject.load(tx, configured, rule.id)
    refused = subject.refuse_file(rule) or subject.find_conflict(by, rule)
    if refused:
        return refused
    rule, standing = _choose_standing(configured, subject.current, rule, live=live)
    refused = _refuse_unchanged(subject, rule, standing) or _refuse_unexplained(
        subject.current, rule, by
    )
    if refused:
        return refused
    draft = subject.draft(RuleChangeKind.SAVED, rule, by, standing=standing)
    return subject.keep(draft, rule, by)


def promote_rule(
    tx: Transaction, configured: ConfiguredRules, rule_id: str, by: Authorship
) -> SaveOutcome:
    """Put a rule's candidate in force, or let a rule that is in shadow be live.

    Raises ConfigError where its text cannot be read any more.
    """
    subject = _Subject.load(tx, configured, rule_id)
    candidate, current = subject.history.candidate, subject.current
    if candidate is None and current is not None and current.mode is RuleMode.SHADOW:
        rule = configured.read({**current.definition, "mode": "live"}, "the rule")
    elif candidate is not None:
        rule = configured.read(candidate.definition, f"version {candidate.number} of {rule_id}")
    else:
        nothing = RuleRefusal(f"{rule_id} has nothing to promote: no version of it is in shadow")
        return subject.refuse_absent() or nothing
    refused = subject.refuse_file(rule) or subject.find_conflict(by, rule)
    if refused:
        return refused
    return subject.keep(subject.draft(RuleChangeKind.PROMOTED, rule, by), rule, by)


def discard_candidate(
    tx: Transaction, configured: ConfiguredRules, rule_id: str, by: Authorship
) -> SaveOutcome:
    """Give a candidate up; what is in force stays as it is."""
    subject = _Subject.load(tx, configured, rule_id)
    current, now = subject.current, subject.history.in_force
    refused = subject.refuse_absent() or subject.refuse_file()
    if refused or current is None:
        return refused or RuleRefusal("")
    if subject.history.candidate is None or now is None:
        return RuleRefusal(f"{rule_id} has no candidate: nothing of it is tried beside it")
    conflict = subject.find_conflict(by, current)
    if conflict:
        return conflict
    draft = subject.draft(RuleChangeKind.DISCARDED, current, by, owner=now.owner)
    return subject.keep(draft, current, by)


def delete_rule(
    tx: Transaction, configured: ConfiguredRules, rule_id: str, by: Authorship
) -> SaveOutcome:
    """Delete what was saved of a rule; a preset's rule of that id holds again. History stays."""
    subject = _Subject.load(tx, configured, rule_id)
    current, preset = subject.current, configured.get(rule_id)
    refused = subject.refuse_absent() or subject.refuse_file()
    if refused or current is None:
        return refused or RuleRefusal("")
    if subject.history.saved is None:
        return RuleRefusal(
            f"{rule_id} comes with {current.origins.get('id', ('a preset',))[0]} and nothing of it "
            'was saved; to silence it save it with mode = "off"'
        )
    if not clean_reason(by.reason):
        return RuleRefusal("say why: a rule is deleted with a reason")
    conflict = subject.find_conflict(by, None)
    if conflict:
        return conflict
    if preset is not None:
        owner = RuleOwner.PRESET
        draft = subject.draft(RuleChangeKind.DELETED, preset, by, owner=owner)
        return subject.keep(draft, preset, by)
    gone = RuleStanding.GONE
    draft = subject.draft(RuleChangeKind.DELETED, current, by, standing=gone)
    return subject.keep(draft, current, by)


def revert_rule(
    tx: Transaction, configured: ConfiguredRules, rule_id: str, number: int, by: Authorship
) -> SaveOutcome:
    """Let a rule say what it said in an earlier change, at once; also one that was deleted.

    What was never in force is a candidate again. Raises ConfigError where that text cannot be read
    any more.
    """
    subject = _Subject.load(tx, configured, rule_id)
    target = subject.history.get(number)
    if target is None:
        known = [str(one.number) for one in subject.history.changes]
        hint = suggest_nearest(str(number), known) if known else "it has no history"
        return RuleRefusal(f"{rule_id} has no version {number}; {hint}")
    rule = configured.read(target.definition, f"version {number} of {rule_id}")
    refused = subject.refuse_file(rule) or subject.find_conflict(by, rule)
    if refused:
        return refused
    standing, owner = RuleStanding.IN_FORCE, RuleOwner.STORE
    if target.is_candidate:
        rule, standing = _choose_standing(configured, subject.current, rule, live=False)
    preset = configured.get(rule_id)
    if target.owner is RuleOwner.PRESET and preset and preset.version == target.version:
        rule, owner = preset, RuleOwner.PRESET
    unchanged = _refuse_unchanged(subject, rule, standing)
    if unchanged:
        return unchanged
    draft = subject.draft(RuleChangeKind.REVERTED, rule, by, standing=standing, owner=owner)
    if not draft.reason:
        draft = replace(draft, reason=f"back to version {number}")
    return subject.keep(draft, rule, by)


def format_plain(rule: Rule) -> str:
    """Return a rule as TOML without the comments that say where its parts were written."""
    return format_rule(replace(rule, origins={}))


def clean_reason(reason: str) -> str:
    """Return a reason as it is kept: one line of printable text, cut where it is very long."""
    printable = "".join(sign if sign.isprintable() else " " for sign in reason)
    return " ".join(printable.split())[:MAX_REASON]


def read_text(change: RuleChange | None) -> Rule | None:
    """Return what a change said, whether or not that would be allowed today.

    None for none, and where it cannot even be read.
    """
    if change is None:
        return None
    try:
        [rule] = parse_rules({"rules": [dict(change.definition)]}, f"version {change.number}")
    except ConfigError:
        return None
    return replace(rule, number=change.number)


def list_differences(history: RuleHistory) -> dict[int, tuple[str, ...]]:
    """Return what each change of a rule changed in the one that was in force, by its number."""
    before: Rule | None = None
    told: dict[int, tuple[str, ...]] = {}
    for change in history.changes:
        rule = read_text(change)
        told[change.number] = _compare(before, rule)
        if change.standing is RuleStanding.IN_FORCE:
            before = rule
    return told


def find_rule(effective: EffectiveRules, rule_id: str) -> Rule | RuleRefusal:
    """Return the rule with an id, or a refusal with the nearest one."""
    found = effective.get(rule_id)
    if found is not None:
        return found
    ids = [rule.id for rule in effective.rules]
    hint = suggest_nearest(rule_id, ids) if ids else "there are no rules"
    return RuleRefusal(f"no rule is called {rule_id!r}; {hint}")


def _choose_standing(
    configured: ConfiguredRules, current: Rule | None, rule: Rule, *, live: bool
) -> tuple[Rule, RuleStanding]:
    """Return a rule in the mode in which it is saved, and whether it is in force at once."""
    in_force = RuleStanding.IN_FORCE
    if live:
        is_tried = rule.mode is RuleMode.SHADOW
        return (_switch(configured, rule, RuleMode.LIVE) if is_tried else rule), in_force
    if rule.mode is not RuleMode.LIVE:
        return rule, in_force
    if current is None or current.mode is not RuleMode.LIVE:
        return _switch(configured, rule, RuleMode.SHADOW), in_force
    return rule, RuleStanding.CANDIDATE


def _switch(configured: ConfiguredRules, rule: Rule, mode: RuleMode) -> Rule:
    return configured.read({**rule.definition, "mode": str(mode)}, "the rule")


def _refuse_unchanged(subject: _Subject, rule: Rule, standing: RuleStanding) -> RuleRefusal | None:
    """Return why nothing is kept where the rule says what it says already."""
    now, candidate = subject.current, subject.history.candidate
    if standing is RuleStanding.CANDIDATE and candidate is not None:
        if dict(candidate.definition) == dict(rule.definition):
            return RuleRefusal(
                f"version {candidate.number} of {rule.id} says the same already", is_unchanged=True
            )
        return None
    if candidate is None and now is not None and dict(now.definition) == dict(rule.definition):
        return RuleRefusal(f"{rule.id} says the same already", is_unchanged=True)
    return None


def _refuse_unexplained(current: Rule | None, rule: Rule, by: Authorship) -> RuleRefusal | None:
    """Return why a change needs a reason that has none."""
    if clean_reason(by.reason) or current is None:
        return None
    if rule.mode is RuleMode.OFF and current.mode is not RuleMode.OFF:
        return RuleRefusal("say why: the change switches the rule off")
    if loses_conditions(current, rule):
        return RuleRefusal("say why: the rule loses a condition")
    return None


def _compare(old: Rule | None, new: Rule | None) -> tuple[str, ...]:
    if new is None:
        return ("deleted",) if old else ()
    return describe_difference(old, new) if old else ("new",)
