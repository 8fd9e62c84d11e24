"""The history of a rule: every change that was kept, and which of them holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from monitor.domain.actor import Actor


class RuleOwner(StrEnum):
    """Where a rule is written; the later one lies over the earlier ones."""

    PRESET = "preset"  #: comes with the program
    STORE = "store"  #: saved by a person
    FILE = "file"  #: the rules file, which is changed by hand alone


class RuleChangeKind(StrEnum):
    """What was done to a rule."""

    SEEDED = "seeded"  #: found in a preset or the rules file, other than before
    SAVED = "saved"
    PROMOTED = "promoted"  #: a candidate, or a rule in shadow, is live from then on
    DISCARDED = "discarded"  #: a candidate was given up
    REVERTED = "reverted"  #: it says again what it said in an earlier change
    DELETED = "deleted"


class RuleStanding(StrEnum):
    """What a change means for what holds."""

    IN_FORCE = "in force"  #: the rule says this from then on
    CANDIDATE = "candidate"  #: tried in shadow beside what is in force
    GONE = "gone"  #: there is no such rule from then on


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """One change of one rule; changes are only ever added."""

    rule_id: str
    number: int  #: from 1, one more with each change of this rule
    kind: RuleChangeKind
    standing: RuleStanding
    owner: RuleOwner
    version: str  #: the hash of what it says, as matches and alerts carry it
    definition: Mapping[str, Any] = field(hash=False)  #: complete, as written in TOML
    author: Actor
    at: datetime
    reason: str = ""  #: as its author wrote it; empty for none
    based_on: int = 0  #: the number of the change that its author saw; 0 for none

    @property
    def is_candidate(self) -> bool:
        """Whether it was saved to be tried in shadow."""
        return self.standing is RuleStanding.CANDIDATE


@dataclass(frozen=True, slots=True)
class RuleHistory:
    """All changes of one rule, the oldest first."""

    changes: tuple[RuleChange, ...] = ()

    @property
    def number(self) -> int:
        """The number of the newest change; 0 where there is none."""
        return self.changes[-1].number if self.changes else 0

    @property
    def in_force(self) -> RuleChange | None:
        """The change that holds; None where the rule is gone or was never there."""
        decided = [one for one in self.changes if not one.is_candidate]
        return decided[-1] if decided and decided[-1].standing is RuleStanding.IN_FORCE else None

    @property
    def candidate(self) -> RuleChange | None:
        """The change that is tried in shadow; None where there is none.

        It ends with the next change by a person, and when a rules file takes the rule over.
        """
        for one in reversed(self.changes):
            if one.is_candidate:
                return one
            if one.kind is not RuleChangeKind.SEEDED or one.owner is RuleOwner.FILE:
                return None
        return None

    @property
    def saved(self) -> RuleChange | None:
        """The newest change that people saved and that lies over presets; None where none does.

        A rules file lies over it and takes nothing away from it.
        """
        for one in reversed(self.changes):
            if one.is_candidate or one.owner is RuleOwner.FILE:
                continue
            is_saved = one.owner is RuleOwner.STORE and one.standing is RuleStanding.IN_FORCE
            return one if is_saved else None
        return None

    @property
    def saved_before(self) -> tuple[RuleChange, ...]:
        """What people saved and had in force since the preset last held, newest first."""
        found = []
        for one in reversed(self.changes):
            if one.is_candidate or one.owner is RuleOwner.FILE:
                continue
            if one.owner is not RuleOwner.STORE or one.standing is not RuleStanding.IN_FORCE:
                break
            found.append(one)
        return tuple(found)

    def get(self, number: int) -> RuleChange | None:
        """Return the change with this number, or None."""
        return next((one for one in self.changes if one.number == number), None)

    def find(self, version: str, owner: RuleOwner) -> RuleChange | None:
        """Return the newest change that put this text of this owner in force, or None."""
        found = (
            one
            for one in reversed(self.changes)
            if (one.version, one.owner, one.standing) == (version, owner, RuleStanding.IN_FORCE)
        )
        return next(found, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleUse:
    """What alerts came of one change of a rule."""

    alerts: int = 0
    judged: int = 0  #: alerts of which the team said whether they were useful
    useful: int = 0
