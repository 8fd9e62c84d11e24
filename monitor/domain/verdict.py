"""What the team says about feedback, and the models that learn from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from monitor.domain.actor import Actor
from monitor.domain.feedback import Label, Stage


class VerdictKind(StrEnum):
    """What a verdict is about."""

    USEFUL = "useful"  #: whether it needed a human: "yes" or "no"
    SENTIMENT = "sentiment"  #: the label it should have had
    STAGE = "stage"  #: the journey stage it should have had
    RULE = "rule"  #: whether a rule that does not lead should have fired: "yes" or "no"
    MISSED = "missed"  #: whether one that alerted nobody should have: "yes" or "no"


#: What may be said.
VERDICT_VALUES: Mapping[VerdictKind, frozenset[str]] = {
    VerdictKind.USEFUL: frozenset({"yes", "no"}),
    VerdictKind.SENTIMENT: frozenset(map(str, Label)),
    VerdictKind.STAGE: frozenset(map(str, Stage)),
    VerdictKind.RULE: frozenset({"yes", "no"}),
    VerdictKind.MISSED: frozenset({"yes", "no"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one person last said about one feedback."""

    feedback_id: int
    kind: VerdictKind
    value: str
    actor: Actor
    at: datetime
    rule_id: str = ""  #: the rule that should have fired or not; empty for what is about the words


class ModelState(StrEnum):
    """What became of a training, and whether its model is used."""

    ACTIVE = "active"  #: its scores are used
    WORSE = "worse"  #: it was measured and is not better than what is there without it
    FEW = "few"  #: there was too little to learn from
    OFF = "off"  #: a person switched learning off


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTraining:
    """One training, or the moment in which learning was switched off."""

    at: datetime
    kind: str  #: what it reads: "problem" or "stage"
    state: ModelState
    model: str = ""  #: JSON, as the learner wrote it; empty for FEW and OFF
    figures: Mapping[str, Any]  #: what was measured
