"""What is stored beside a feedback that rules may ask for, and which of it they do ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_NEVER = timedelta()


@dataclass(frozen=True, slots=True)
class ProblemLimit:
    """The probability of a problem from which on a source brings so many texts a day."""

    per_day: float  #: the budget
    at_least: float  #: 0 to 1
    is_learned: bool  #: from what the source has brought; else it is what is usual anywhere
    is_raised_by_verdicts: bool = False  #: the team calls what lies below not useful


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """What was stored when a feedback arrived; None is what nobody asked for or cannot be known."""

    #: whether nothing by its author in its source was stored before
    is_first_by_author: bool | None = None
    #: for each other author whose text is a near copy, when the latest one arrived, newest first
    copies: tuple[datetime, ...] | None = None
    #: of the feedback's source, one for each budget, as the day of its arrival began
    problem_limits: tuple[ProblemLimit, ...] | None = None


NO_FACTS = StoredFacts()


@dataclass(frozen=True, slots=True)
class NeededFacts:
    """Which facts conditions ask for; what nobody asks for is not loaded."""

    first_by_author: bool = False
    copies_within: timedelta = _NEVER  #: how far back copies are looked for; 0: not at all
    problem_budgets: frozenset[float] = frozenset()  #: texts a day

    def __bool__(self) -> bool:
        copies = self.copies_within > _NEVER
        return self.first_by_author or copies or bool(self.problem_budgets)

    def __or__(self, other: NeededFacts) -> NeededFacts:
        return NeededFacts(
            self.first_by_author or other.first_by_author,
            max(self.copies_within, other.copies_within),
            self.problem_budgets | other.problem_budgets,
        )


NO_NEEDED_FACTS = NeededFacts()
