"""What is read of a period beside its counts: texts, segments, coverage, alerts; frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.alert import Alert, AlertStatus, MatchOutcome
from monitor.domain.event import AlertEvent, EventKind
from monitor.domain.rollup import RollupCell
from monitor.domain.source_health import Gap, PollHour
from monitor.domain.theme import ThemeText

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TextSample:
    """Texts of a period, at most as many as were asked for."""

    total: int  #: how many feedback with words there are
    texts: tuple[ThemeText, ...]  #: oldest first

    @property
    def is_complete(self) -> bool:
        """Whether it holds them all."""
        return len(self.texts) == self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCells:
    """The counts of the answers to one question of a source."""

    source_id: str
    question: str  #: empty where the source does not say what was asked
    cells: tuple[RollupCell, ...]  #: the last answer of each person


@dataclass(frozen=True, slots=True)
class BlindSpan:
    """A time in which a source was not seen."""

    since: datetime
    until: datetime  #: not included

    @property
    def hours(self) -> float:
        """How long it is."""
        return (self.until - self.since) / _HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCoverage:
    """How much of a source was seen in a period."""

    source_id: str
    polls: int
    failures: int
    items: int  #: new feedback that its polls brought
    gaps: tuple[Gap, ...]  #: as they were noted, not cut to the period
    blind: tuple[BlindSpan, ...]  #: within the period, in order

    @property
    def blind_hours(self) -> float:
        """How many hours were not seen."""
        return sum(span.hours for span in self.blind)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadCount:
    """How much feedback of a source has no tone, for one reason."""

    source_id: str
    reason: str  #: as `Analysis.unscored` says: "language: fi"; empty where nothing is said
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleActivity:
    """What became of a rule's matches in a period."""

    rule_id: str
    rule_name: str  #: the last that it had
    live: bool  #: False for what it would have done in shadow mode
    outcome: MatchOutcome
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVerdicts:
    """What the team said in a period of a rule's feedback: the last word on each."""

    rule_id: str
    useful: int
    not_useful: int


@dataclass(frozen=True, slots=True)
class SnoozedSpan:
    """A time in which an alert was left alone on purpose."""

    since: datetime
    until: datetime | None  #: None while it lasts


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertHistory:
    """An alert with what happened to it, first to last, and whom it is about."""

    alert: Alert
    events: tuple[AlertEvent, ...]  #: without those of reports that joined
    source_id: str  #: of its first feedback; empty where it has none
    feedback_id: int  #: its first feedback, which may be removed; 0 where it has none

    @property
    def escalations(self) -> int:
        """How often somebody else was called, by a timer or by hand."""
        return sum(event.kind is EventKind.ESCALATED for event in self.events)

    @property
    def reopenings(self) -> int:
        """How often it came back."""
        return sum(event.kind is EventKind.REOPENED for event in self.events)

    @property
    def snoozed(self) -> tuple[SnoozedSpan, ...]:
        """When it was left alone on purpose."""
        return tuple(_find_snoozed(self.events))

    @property
    def outcomes(self) -> tuple[AlertEvent, ...]:
        """What customers did after an answer; the detail "outcome" names it.

        It is came_back, rating_raised, rating_lowered, edited or deleted.
        """
        return tuple(event for event in self.events if event.kind is EventKind.OUTCOME)

    def status_at(self, at: datetime) -> AlertStatus:
        """Return the status that it had just before a moment."""
        moves = (event for event in self.events if event.after is not None and event.at < at)
        last = max(moves, key=lambda event: (event.at, event.id), default=None)
        return last.after if last and last.after else AlertStatus.OPEN


def find_blind_spans(
    hours: Iterable[PollHour], gaps: Iterable[Gap], since: datetime, until: datetime
) -> tuple[BlindSpan, ...]:
    """Return when a source was not seen in a period: noted gaps, and hours without any answer.

    Joined where they touch or overlap, and cut to the period. An hour in which it was not asked is
    not blind: what is asked once a day is seen all day.
    """
    failed = [BlindSpan(hour.at, hour.at + _HOUR) for hour in hours if _has_failed(hour)]
    noted = [BlindSpan(gap.since, gap.until or until) for gap in gaps]
    cut = [BlindSpan(max(span.since, since), min(span.until, until)) for span in (*failed, *noted)]
    return tuple(_join_spans([span for span in cut if span.since < span.until]))


def _has_failed(hour: PollHour) -> bool:
    return hour.polls > 0 and not hour.has_answer


def _join_spans(spans: Sequence[BlindSpan]) -> Iterator[BlindSpan]:
    current: BlindSpan | None = None
    for span in sorted(spans, key=lambda one: (one.since, one.until)):
        if current is None or span.since > current.until:
            if current:
                yield current
            current = span
        else:
            current = BlindSpan(current.since, max(current.until, span.until))
    if current:
        yield current


def _find_snoozed(events: Iterable[AlertEvent]) -> Iterator[SnoozedSpan]:
    since: datetime | None = None
    for event in events:
        if event.after is None:
            continue
        if event.after is AlertStatus.SNOOZED:
            since = since or event.at
        elif since:
            yield SnoozedSpan(since, event.at)
            since = None
    if since:
        yield SnoozedSpan(since, None)
