"""A rule as a form that people fill in, and what an edit of it would have done: values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class FieldKind(StrEnum):
    """What is filled into a field."""

    CHOICE = "choice"  #: one of some values
    NUMBER = "number"
    WHOLE = "whole"  #: a number without a fraction
    TEXT = "text"  #: one line
    LINES = "lines"  #: several values, one a line


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleField:
    """One field: what stands in it, and what may."""

    name: str  #: "severity", or of a condition "all.0.query": its list, place and key
    label: str
    kind: FieldKind
    value: str = ""  #: as people write it; empty where the rule does not say it
    choices: tuple[str, ...] = ()  #: of a CHOICE
    hint: str = ""
    low: float | None = None  #: of a number
    high: float | None = None
    is_needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleForm:
    """All that can be changed of a rule by filling in fields."""

    rule_id: str
    name: str
    number: int  #: of the rule's newest change when the form was made; 0 where none is known
    fields: tuple[RuleField, ...]
    file: str = ""  #: the rules file that owns it; empty where it can be saved here
    left_out: int = 0  #: how many keys are not in the form; they stay as they are


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePreview:
    """What an edited rule would have done, before it is saved."""

    rule_id: str
    name: str
    number: int  #: of the rule's newest change that the author saw
    definition: Mapping[str, Any] = field(hash=False)  #: of the edited rule
    changes: tuple[str, ...]  #: a line each; empty where nothing is different
    coverage: str  #: what was there to be seen
    outcome: str  #: the sentence that a manager reads first
    marked: str = ""  #: what it would have caught of what was missed; empty for nothing known
    against: str = ""  #: what it gains and loses; empty where there is nothing to compare with
    samples: tuple[tuple[str, str], ...] = ()  #: texts of customers, each with what it shows
    reason: str = ""  #: why, in the words of the author
    toml: str = ""  #: for the rules file; empty where it can be saved here
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHistoryLine:
    """One change of a rule, for people."""

    number: int
    said: str  #: "saved", "promoted", ... and whether it was a candidate
    author: str  #: as "user:U1" or a name
    at: datetime
    reason: str = ""
    changes: tuple[str, ...] = ()
