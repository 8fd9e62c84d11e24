"""Changes that the team's verdicts suggest for a rule: values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from monitor.domain.feedback import Analysis, Feedback

#: What is always offered beside the suggestions.
LEAVE_AS_IT_IS = "nothing, just this one"


class EditKind(StrEnum):
    """What a suggestion changes, the most specific first."""

    ATTRIBUTE = "attribute"  #: excludes a value that the source tells, such as a subreddit
    SOURCE = "source"  #: excludes a source
    AUTHOR = "author"  #: excludes an author
    WORDS = "words"  #: excludes a word or a phrase
    THRESHOLD = "threshold"  #: asks for more of what a condition measures
    WAIT = "wait"  #: asks that the rule holds for a while

    @property
    def excludes(self) -> bool:
        """Whether it adds something that must not hold."""
        return self not in (EditKind.THRESHOLD, EditKind.WAIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCard:
    """An alert that a rule led, and what the team said of it."""

    alert_id: int
    at: datetime  #: when it was opened
    reason: str  #: why the rule held, for people
    is_useful: bool | None  #: None where nobody has said
    is_protected: bool = False  #: severe, or urgent and not called useless: it must not be lost
    feedback: tuple[tuple[Feedback, Analysis], ...] = ()

    @property
    def feedback_ids(self) -> frozenset[int]:
        """The ids of what is in it."""
        return frozenset(item.id for item, _ in self.feedback)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEdit:
    """One single change of a rule, and which of its cards would not have been there."""

    kind: EditKind
    text: str  #: what is changed, for people: "exclude r/dealsbot"
    definition: Mapping[str, Any] = field(hash=False)  #: the whole rule, changed
    removed: frozenset[int]  #: by the ids of their alerts


@dataclass(frozen=True, slots=True, kw_only=True)
class LostCard:
    """A useful card that a change would lose."""

    alert_id: int
    text: str  #: how its first feedback begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A change that would have saved cards, in the time looked at and in the one before."""

    edit: RuleEdit
    cards: int  #: that the rule led in the time looked at
    saved: int  #: of those, that would not have been there
    dismissed: int  #: of those saved, that the team called not useful
    lost: tuple[LostCard, ...]  #: of those saved, that the team called useful
    dismissed_before: int  #: the same in as much time before
    judged_before: int
    probability: float  #: that chance alone puts so many dismissed ones there, 0 to 1

    @property
    def text(self) -> str:
        """Return the suggestion in one line, with what it saves and what it loses."""
        judged = self.dismissed + len(self.lost)
        if self.edit.kind.excludes:
            said = f"{self.edit.text}: {self.dismissed} of {judged} dismissed there"
        else:
            share = round(100 * self.saved / self.cards) if self.cards else 0
            said = f"{self.edit.text}: -{share} % cards"
        return f"{said}, loses {len(self.lost)} useful" if self.lost else said


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionReport:
    """What can be changed in a rule, at most three changes, the best first."""

    rule_id: str
    since: datetime  #: of the time looked at; it was confirmed on as much time before
    until: datetime
    cards: int
    judged: int  #: cards of which the team said whether they were useful
    dismissed: int  #: of those, not useful
    tried: int = 0  #: changes that were looked at
    suggestions: tuple[Suggestion, ...] = ()
    reason: str = ""  #: why there is none; empty where there is one

    @property
    def choices(self) -> tuple[str, ...]:
        """What is offered, a line each; to leave the rule as it is stands last."""
        return (*(one.text for one in self.suggestions), LEAVE_AS_IT_IS)
