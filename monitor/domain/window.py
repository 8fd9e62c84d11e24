"""Windows: what a rule has seen besides the feedback in hand, as of the time it arrived."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.domain.feedback import Analysis, Feedback, Rating

HOUR = timedelta(hours=1)


def start_of_hour(at: datetime) -> datetime:
    """Return the full hour in which a time lies, UTC."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def start_of_day(at: datetime) -> datetime:
    """Return the start of the UTC day in which a time lies."""
    return start_of_hour(at).replace(hour=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowItem:
    """A feedback that the windows of a rule count: the other conditions of the rule hold for it."""

    feedback_id: int  #: 0 where it is not stored yet
    at: datetime  #: when it was written, or arrived where that is not known
    arrived: datetime
    source_id: str
    author: str = ""  #: as `Author.key`; empty for whom the source does not name
    thread: str = ""
    rating: Rating | None = None
    score: float | None = None  #: the tone, -1 to 1; None where the words were not read
    is_negative: bool = False
    problem: float | None = None  #: probability that it needs attention, 0 to 1
    words: str = ""  #: as `Analysis.words`; only where a condition reads them

    @classmethod
    def of(cls, feedback: Feedback, analysis: Analysis, arrived: datetime) -> WindowItem:
        """Return a feedback as windows count it."""
        sentiment = analysis.sentiment
        return cls(
            feedback_id=feedback.id,
            at=feedback.seen_or_created,
            arrived=arrived,
            source_id=feedback.source_id,
            author=feedback.author.key,
            thread=feedback.thread_id,
            rating=feedback.rating,
            score=sentiment.score if sentiment else None,
            is_negative=bool(sentiment and sentiment.label == "negative"),
            problem=analysis.problem,
            words=analysis.words,
        )

    @property
    def person(self) -> Hashable:
        """Who it counts for: an author of a source; whom nobody names is one person each time."""
        if self.author:
            return self.source_id, self.author
        return self.feedback_id or id(self)

    @property
    def conversation(self) -> Hashable:
        """The thread it belongs to; a feedback without one is one by itself."""
        if self.thread:
            return self.source_id, self.thread
        return self.feedback_id or id(self)


@dataclass(frozen=True, slots=True)
class UnseenSpan:
    """A time in which a source could not be read."""

    source_id: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class WindowHistory:
    """What a condition learns from: all that had arrived before an hour, and when nobody could see.

    Only whole hours count, so that whoever asks within the same hour learns the same.
    """

    hour: datetime  #: what arrived from here on does not count
    begins: datetime  #: the start of a UTC day; what was written before does not count
    #: in order of arrival; where something was learned before, only what has arrived since
    items: Sequence[WindowItem]
    blind: Sequence[UnseenSpan] = ()


@dataclass(frozen=True, slots=True)
class WindowView:
    """What the windows of a rule see from one feedback."""

    own: WindowItem  #: the feedback in hand
    arrived: Sequence[WindowItem]  #: in order of arrival; shared with other views
    upto: int  #: so many of them had arrived before the feedback in hand
    #: what each condition has learned, by its key
    learned: Mapping[Hashable, object] = field(default_factory=dict)
    #: until when the sources were seen to work, by source; only where somebody waits in vain
    seen_until: Mapping[str, datetime] = field(default_factory=dict)

    def iterate_since(self, since: datetime) -> Iterator[WindowItem]:
        """Yield the feedback in hand and what was written since a time, last arrived first."""
        yield self.own
        yield from (item for item in self.iterate_arrived_since(since) if item.at >= since)

    def iterate_arrived_since(self, since: datetime) -> Iterator[WindowItem]:
        """Yield what had arrived before the feedback in hand, since a time, last arrived first."""
        for at in range(self.upto - 1, -1, -1):
            item = self.arrived[at]
            if item.arrived < since:
                return
            yield item
