"""What was read out of one feedback of a period, without its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackReading:
    """One feedback as a digest counts it; label and stage as the team corrected them."""

    feedback_id: int
    source_id: str
    at: datetime
    author: str = ""  #: the same for all of a person's in a source; empty: nobody is named
    stage: str = ""
    touchpoint: str = ""
    label: str = ""  #: empty for what could not be read
    stars: float | None = None  #: any rating as 1 to 5
    problem: float = 0.0  #: probability that it needs attention, 0 to 1
    signals: tuple[str, ...] = ()
    drivers: tuple[str, ...] = ()
    emotion: str = ""
    reach: int = 0  #: followers or karma of its author
    asked: bool = False  #: whether it answers a question
    attributes: tuple[tuple[str, str], ...] = ()

    def get_attribute(self, name: str) -> str:
        """Return the value of one of its attributes; empty where it has none."""
        return dict(self.attributes).get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCount:
    """How many feedback share what was read of why they are as they are."""

    stage: str
    touchpoint: str
    label: str  #: empty for what could not be read
    drivers: tuple[str, ...]
    emotion: str
    count: int


@dataclass(frozen=True, slots=True)
class TypicalFeedback:
    """One feedback that shows a tone at a stage and touchpoint well."""

    feedback_id: int
    stage: str
    touchpoint: str
    label: str
