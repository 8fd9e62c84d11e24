"""What was read out of one feedback of a period, without its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from monitor.domain.feedback import Label


class FeedbackReading(NamedTuple):
    """One feedback as a digest counts it; label and stage as the team corrected them.

    A tuple, because tens of thousands are made for one digest.
    """

    feedback_id: int
    source_id: str
    at: datetime
    author: str = ""  #: the same for all of a person's in a source; empty: nobody is named
    question: str = ""  #: what was asked; empty where nothing was
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
    is_quotable: bool = False  #: whether its words are of a length to be read
    attributes: tuple[tuple[str, str], ...] = ()

    def get_attribute(self, name: str) -> str:
        """Return the value of one of its attributes; empty where it has none."""
        return next((value for own, value in self.attributes if own == name), "")


def keep_last_of_people(
    readings: Sequence[FeedbackReading],
    group: Callable[[FeedbackReading], str] = lambda _reading: "",
) -> list[FeedbackReading]:
    """Return the last feedback of each person in each group, of those that come oldest first.

    Of a person in one source and to one question, as the counts have it; whoever is not named
    counts for each feedback.
    """
    last = {
        (each.source_id, each.question, each.author, group(each)): each.feedback_id
        for each in readings
        if each.author
    }
    kept = set(last.values())
    return [each for each in readings if not each.author or each.feedback_id in kept]


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many feedback share what was read of why they are as they are."""

    stage: str
    touchpoint: str
    label: str  #: empty for what could not be read
    drivers: tuple[str, ...]
    emotion: str
    count: int


def count_reasons(readings: Iterable[FeedbackReading]) -> list[ReasonCount]:
    """Return how many feedback share stage, touchpoint, tone, drivers and emotion."""
    counts = Counter(
        (each.stage, each.touchpoint, each.label, each.drivers, each.emotion) for each in readings
    )
    return [ReasonCount(*shared, count) for shared, count in counts.items()]


def find_most_typical(
    readings: Iterable[FeedbackReading], label: str, stage: str, touchpoint: str | None = None
) -> FeedbackReading | None:
    """Return the feedback that shows a tone at a stage, and a touchpoint, best; None without any.

    Of a negative tone that is the likeliest problem, of others the unlikeliest; words of a length
    to be read come first.
    """
    sign = 1 if label in (Label.NEGATIVE, Label.MIXED) else -1
    found = (
        each
        for each in readings
        if (each.stage, each.label) == (stage, label) and touchpoint in (None, each.touchpoint)
    )
    return max(
        found,
        key=lambda each: (each.is_quotable, sign * each.problem, -each.feedback_id),
        default=None,
    )
