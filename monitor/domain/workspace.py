"""The workspace: what the configuration says of the team and the brand that rules may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.business_hours import BusinessCalendar


@dataclass(frozen=True, slots=True)
class Competitor:
    """Somebody else, and how feedback about them is recognised."""

    name: str
    words: tuple[str, ...] = ()  #: by which it is mentioned
    sources: tuple[str, ...] = ()  #: ids of sources that are about it alone

    @property
    def query(self) -> str:
        """What finds a mention, in the language of the rules; empty where no words are given."""
        quoted = (word.replace('"', " ") for word in self.words)
        return " OR ".join(f'"{word}"' for word in quoted)


@dataclass(frozen=True, slots=True)
class Workspace:
    """What is the same for all feedback; nothing of it is known where nothing is configured."""

    calendar: BusinessCalendar | None = None  #: None where nobody said when the team works
    competitors: tuple[Competitor, ...] = ()


NO_WORKSPACE = Workspace()
