"""What the parts of a digest read of a period and those before it, each loaded once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from monitor.digest.counts import BalanceCount, Series
from monitor.digest.measures import PERIODS
from monitor.digest.scope import DigestScope
from monitor.digest.tallies import Tallies
from monitor.digest.themes import WEEKS_BEFORE, find_themes
from monitor.domain.alert import Severity
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.feedback import Label, Stage, Touchpoint
from monitor.domain.improvement import Improvement, ImprovementState, PainPoint
from monitor.domain.period import Period
from monitor.domain.period_facts import AlertHistory, QuestionCells, SourceCoverage
from monitor.domain.reading import (
    FeedbackReading,
    ReasonCount,
    count_reasons,
    find_most_typical,
    keep_last_of_people,
)
from monitor.domain.reply import PublicAnswer
from monitor.domain.rollup import RollupCell, subtract_cells
from monitor.domain.theme import EventMark, ThemeReport, ThemeText
from monitor.settings import Settings
from monitor.store import Transaction
from rules.query import parse_query

CountsT = TypeVar("CountsT")

#: Texts of the period, and of the weeks before it, that themes are looked for in.
_MOST_TEXTS, _MOST_TEXTS_BEFORE = 2_000, 8_000
_WEEK = timedelta(weeks=1)
_OPEN = tuple(state for state in ImprovementState if state.is_open)

#: A stage and a touchpoint.
JourneyField = tuple[str, str]
#: A source, and what it asked.
SourceQuestion = tuple[str, str]
#: A span of time: its beginning, and its end, which is not included.
Span = tuple[datetime, datetime]


class PeriodData:
    """The counts, readings and alerts of a period, of one scope, as of one moment of the store.

    Nothing that can be seen changes after construction; what was read is kept for the next part.
    """

    def __init__(
        self,
        tx: Transaction,
        period: Period,
        scope: DigestScope,
        settings: Settings,
        now: datetime,
    ) -> None:
        self.tx = tx
        self.period = period
        self.scope = scope
        self.settings = settings
        self.now = now
        self._tallies: dict[Span, Tallies] = {}
        self._people: dict[Span, Tallies] = {}
        self._questions: dict[Span, dict[SourceQuestion, Tallies]] = {}
        self._readings: dict[Span, list[FeedbackReading]] = {}
        self._alerts: dict[Span, list[AlertHistory]] = {}
        self._coverage: list[SourceCoverage] | None = None
        self._improvements: list[Improvement] | None = None
        self._reasons: list[ReasonCount] | None = None
        self._answers: list[PublicAnswer] | None = None
        self._themes: ThemeReport | None = None

    @property
    def calendar(self) -> BusinessCalendar:
        """When the team works."""
        return self.settings.hours.business_calendar

    @property
    def source_ids(self) -> tuple[str, ...]:
        """The sources that speak of us, and not of a competitor."""
        theirs = {name for rival in self.settings.brand.competitors for name in rival.sources}
        return tuple(one.id for one in self.settings.sources if one.id not in theirs)

    @property
    def searched_sources(self) -> tuple[str, ...]:
        """The sources that a search has to name for ours alone; none where there are no others."""
        return self.source_ids if len(self.source_ids) < len(self.settings.sources) else ()

    @property
    def earlier(self) -> tuple[Period, ...]:
        """The four periods before, the newest first."""
        return tuple(self.period.earlier(count) for count in range(1, PERIODS + 1))

    @property
    def end(self) -> datetime:
        """When the period ends, or now where that is still to come."""
        return min(self.period.until, self.now)

    @property
    def today(self) -> date:
        """The last local day of the period, or today where it is still to come."""
        last = self.end - timedelta(seconds=1)
        return last.astimezone(ZoneInfo(self.period.zone)).date()

    def count_span(self, since: datetime, until: datetime) -> Tallies:
        """Return how much feedback of which kind was written in a time."""
        if (since, until) not in self._tallies:
            self._tallies[since, until] = Tallies(tuple(self._count_cells(since, until)))
        return self._tallies[since, until]

    def count_received(self, period: Period) -> Tallies:
        """Return how much feedback of which kind was written in a period."""
        return self.count_span(period.since, period.until)

    def count_people(self, period: Period) -> Tallies:
        """Return the same with one feedback for each person and source: the last one.

        Whoever is not named counts for each feedback. In a part of the customers, what a person
        wrote outside of it does not matter.
        """
        span = (period.since, period.until)
        if span not in self._people:
            self._people[span] = self._count_people(period, self.source_ids)
        return self._people[span]

    def count_people_of(self, period: Period, source_id: str) -> Tallies:
        """Return the same of one source, which is quicker where the others are not asked for."""
        span = (period.since, period.until)
        if span in self._people or not self.scope.is_everything:
            return self.count_people(period).of_sources([source_id])
        return self._count_people(period, [source_id])

    def _count_cells(self, since: datetime, until: datetime) -> list[RollupCell]:
        if self.scope.is_everything:
            return self.tx.rollups.count_cells(since, until, self.source_ids)
        ids = [each.feedback_id for each in self.load_readings_between(since, until)]
        return self.tx.period_feedback.count_cells_of(ids)

    def _count_people(self, period: Period, source_ids: Sequence[str]) -> Tallies:
        if not self.scope.is_everything:
            last = keep_last_of_people(self.load_readings(period))
            ids = [each.feedback_id for each in last]
            return Tallies(tuple(self.tx.period_feedback.count_cells_of(ids)))
        span = (period.since, period.until)
        repeats = self.tx.period_feedback.count_repeats(*span, source_ids)
        received = self.count_received(period).of_sources(source_ids)
        return Tallies(subtract_cells(received.cells, repeats))

    def series(self, count: Callable[[Tallies], CountsT]) -> Series[CountsT]:
        """Return what is counted of the period, the four before it and the one a year before.

        Periods before anything was collected are left out.
        """
        return self.series_of_periods(lambda period: count(self.count_people(period)))

    def series_of_periods(self, count: Callable[[Period], CountsT]) -> Series[CountsT]:
        """Return the same of what is counted otherwise than by tallies."""
        before = []
        for period in self.earlier:
            if not self.count_received(period).total:
                break
            before.append(count(period))
        year_ago = self.period.year_ago()
        is_known = year_ago is not None and self.count_received(year_ago).total > 0
        return Series(
            now=count(self.period),
            before=tuple(before),
            year_ago=count(year_ago) if year_ago and is_known else None,
        )

    def load_readings(self, period: Period) -> list[FeedbackReading]:
        """Return what was read of the feedback of a period, oldest first."""
        return self.load_readings_between(period.since, period.until)

    def load_readings_between(self, since: datetime, until: datetime) -> list[FeedbackReading]:
        """Return what was read of the feedback of a time, oldest first."""
        if (since, until) not in self._readings:
            found = self.tx.readings.list_between(since, until, self.source_ids)
            self._readings[since, until] = self.scope.keep_readings(self.tx, found)
        return self._readings[since, until]

    def count_negative_days(self, most: int) -> list[Counter[JourneyField]]:
        """Return the negative feedback of each UTC day up to the end, by stage and touchpoint.

        At most so many days, from the first that has any. Of a segment nothing: it has no counts
        by day.
        """
        if not self.scope.is_everything:
            return []
        since = self.end - timedelta(days=most)
        return self.tx.rollups.count_label_by_utc_day(
            Label.NEGATIVE, since, self.end, self.source_ids
        )

    def load_reasons(self) -> list[ReasonCount]:
        """Return how many feedback of the period share stage, tone, drivers and emotion."""
        if self._reasons is None:
            self._reasons = count_reasons(self.load_readings(self.period))
        return self._reasons

    def load_rated_surveys(self) -> list[FeedbackReading]:
        """Return the rated answers of the period that have attributes: these may rate drivers."""
        return [
            each
            for each in self.load_readings(self.period)
            if each.asked and each.stars is not None and each.attributes
        ]

    def load_with_signals(self, period: Period, *names: str) -> list[FeedbackReading]:
        """Return the feedback of a period that has one of some signals."""
        span = (period.since, period.until)
        if span in self._readings:
            wanted = frozenset(names)
            return [each for each in self._readings[span] if not wanted.isdisjoint(each.signals)]
        found = self.tx.readings.list_with_signals(*span, self.source_ids, names)
        return self.scope.keep_readings(self.tx, found)

    def count_with_signals(self, period: Period, names: Sequence[str]) -> dict[str, int]:
        """Return how much feedback of a period has each of some signals."""
        found = self.load_with_signals(period, *names)
        counts = Counter(name for each in found for name in set(each.signals))
        return {name: counts[name] for name in names}

    def find_typical(self, label: Label, stage: Stage, touchpoint: Touchpoint | None = None) -> int:
        """Return the feedback that shows a tone at a stage best; 0 where none does.

        Of a segment none is chosen: its customers are few, and might be recognised.
        """
        if not self.scope.is_everything:
            return 0
        readings = self.load_readings(self.period)
        typical = find_most_typical(readings, label, stage, touchpoint)
        return typical.feedback_id if typical else 0

    def count_balances(self, attribute: str) -> dict[str, BalanceCount]:
        """Return the tones of the period by the value of an attribute, which has to be there.

        One person counts once with each value, as among all: with the last feedback.
        """
        labels: dict[str, list[str]] = {}
        read = self.load_readings(self.period)
        # At the next place, or with the next plan, a person counts again.
        for reading in keep_last_of_people(read, lambda each: each.get_attribute(attribute)):
            value = reading.get_attribute(attribute)
            if value and reading.label:
                labels.setdefault(value, []).append(reading.label)
        return {value: count_labels(found) for value, found in sorted(labels.items())}

    def load_theme_texts(self, weeks_before: int) -> tuple[list[ThemeText], tuple[int, int]]:
        """Return texts of the period and of so many weeks before it, and how many there are.

        Of many a sample, which is the same each time.
        """
        first = self.period.since - weeks_before * _WEEK
        now, total = self._load_texts(self.period.since, self.period.until, _MOST_TEXTS)
        before, total_before = self._load_texts(first, self.period.since, _MOST_TEXTS_BEFORE)
        return [*now, *before], (total, total_before)

    def load_answers(self) -> list[PublicAnswer]:
        """Return what we have answered customers in the period, oldest first."""
        if self._answers is None:
            span = (self.period.since, self.period.until)
            self._answers = self.tx.public_answers.list_between(*span, self.source_ids)
        return self._answers

    def load_themes(self) -> ThemeReport | None:
        """Return what is new, grows and fades in the period; None of a period without texts."""
        if self._themes is None:
            texts, totals = self.load_theme_texts(WEEKS_BEFORE)
            if not totals[0]:
                return None
            events = self.load_events()
            self._themes = find_themes(texts, self.period, events=events, totals=totals)
        return self._themes

    def load_events(self) -> list[EventMark]:
        """Return the releases, outages and campaigns of the period and of eight weeks before."""
        since = self.period.since - 8 * _WEEK
        found = self.tx.marked_events.between(since, self.period.until)
        return [EventMark(name=event.name, at=event.at) for event in found]

    def load_alerts(self, period: Period) -> list[AlertHistory]:
        """Return the alerts about problems of ours that were opened in a period, oldest first.

        Praise waits for nobody; what was joined into another counts there; of a segment there are
        none, since an alert may be about feedback of several.
        """
        span = (period.since, period.until)
        if span not in self._alerts:
            self._alerts[span] = self._keep_own(self.tx.period_alerts.list_opened(*span))
        return self._alerts[span]

    def load_open_alerts(self) -> list[AlertHistory]:
        """Return such alerts that were not closed at the end of the period, oldest first."""
        return self._keep_own(self.tx.period_alerts.list_open_at(self.end))

    def load_replied_alerts(self, period: Period) -> list[AlertHistory]:
        """Return such alerts whose customer was answered in a period, oldest first."""
        return self._keep_own(self.tx.period_alerts.list_replied(period.since, period.until))

    def _keep_own(self, histories: Iterable[AlertHistory]) -> list[AlertHistory]:
        if not self.scope.is_everything:
            return []
        theirs = {name for rival in self.settings.brand.competitors for name in rival.sources}
        return [
            each
            for each in histories
            if each.alert.severity is not Severity.PRAISE
            and not each.alert.joined_into
            and each.source_id not in theirs
        ]

    def count_questions(self, period: Period) -> Mapping[SourceQuestion, Tallies]:
        """Return the rated answers of a period by source and question, each person's last one."""
        span = (period.since, period.until)
        if span not in self._questions:
            self._questions[span] = {
                (one.source_id, one.question): Tallies(one.cells)
                for one in self._list_questions(period)
            }
        return self._questions[span]

    def _list_questions(self, period: Period) -> list[QuestionCells]:
        if self.scope.is_everything:
            span = (period.since, period.until)
            return self.tx.period_feedback.count_by_question(*span, self.source_ids)
        people = keep_last_of_people(self.load_readings(period))
        return self.tx.period_feedback.count_questions_of([one.feedback_id for one in people])

    def load_coverage(self) -> list[SourceCoverage]:
        """Return how much of each source was seen in the period, as far as it is over."""
        if self._coverage is None:
            found = self.tx.coverage.list_sources(self.period.since, self.end, self.source_ids)
            self._coverage = found
        return self._coverage

    def find_matching(self, query: str, since: datetime, until: datetime) -> set[int]:
        """Return the ids of our sources' feedback of a time that a query finds.

        Raises QueryError for what is no query.
        """
        parsed = parse_query(query)
        candidates = self.tx.feedback.search_candidates(
            parsed.required_literals(), since=since, until=until
        )
        sources = frozenset(self.source_ids)
        return {
            feedback.id
            for feedback, analysis in candidates
            if feedback.source_id in sources and not feedback.own and parsed.matches(analysis.words)
        }

    def find_improvement(self, stage: Stage, touchpoint: Touchpoint) -> Improvement | None:
        """Return the open improvement about a field of the journey, the first due one."""
        if self._improvements is None:
            self._improvements = self.tx.improvements.list_all(_OPEN)
        return next(
            (one for one in self._improvements if _is_about_field(one.about, stage, touchpoint)),
            None,
        )

    def find_quotable(self, feedback_ids: Sequence[int], shortest: int, longest: int) -> int:
        """Return the first of a few feedback whose own words have a length to be read.

        0 where none has. At most the first twenty are looked at.
        """
        for feedback, analysis in self.tx.period_feedback.list_by_ids(feedback_ids[:20]):
            if shortest <= len(analysis.text) <= longest:
                return feedback.id
        return 0

    def load_texts_of(self, feedback_ids: Sequence[int]) -> Mapping[int, str]:
        """Return the words of feedback by its id; what is gone is left out."""
        found = self.tx.period_feedback.list_by_ids(feedback_ids)
        return {feedback.id: analysis.text for feedback, analysis in found}

    def _load_texts(
        self, since: datetime, until: datetime, most: int
    ) -> tuple[list[ThemeText], int]:
        sample = self.tx.period_feedback.sample_texts(since, until, most, self.source_ids)
        if self.scope.is_everything:
            return list(sample.texts), sample.total
        readings = self.load_readings_between(since, until)
        of_scope = {each.feedback_id for each in readings}
        kept = [text for text in sample.texts if text.feedback_id in of_scope]
        return kept, max(len(kept), self.count_span(since, until).total)


def count_labels(labels: Sequence[str]) -> BalanceCount:
    """Return positive against negative among labels."""
    return BalanceCount(labels.count(Label.POSITIVE), labels.count(Label.NEGATIVE), len(labels))


def _is_about_field(about: PainPoint, stage: Stage, touchpoint: Touchpoint) -> bool:
    """Return whether an improvement is about all of a field of the journey."""
    if about.query or (about.stage is None and about.touchpoint is None):
        return False
    return about.stage in (None, stage) and about.touchpoint in (None, touchpoint)
