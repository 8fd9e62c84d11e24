"""What is stored beside a feedback that rules may ask for, and which of it they do ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_NEVER = timedelta()


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """What was stored when a feedback arrived; None is what nobody asked for or cannot be known."""

    #: whether nothing by its author in its source was stored before
    is_first_by_author: bool | None = None
    #: for each other author whose text is a near copy, when the latest one arrived, newest first
    copies: tuple[datetime, ...] | None = None


NO_FACTS = StoredFacts()


@dataclass(frozen=True, slots=True)
class NeededFacts:
    """Which facts conditions ask for; what nobody asks for is not loaded."""

    first_by_author: bool = False
    copies_within: timedelta = _NEVER  #: how far back copies are looked for; 0: not at all

    def __bool__(self) -> bool:
        return self.first_by_author or self.copies_within > _NEVER

    def __or__(self, other: NeededFacts) -> NeededFacts:
        return NeededFacts(
            self.first_by_author or other.first_by_author,
            max(self.copies_within, other.copies_within),
        )


NO_NEEDED_FACTS = NeededFacts()
