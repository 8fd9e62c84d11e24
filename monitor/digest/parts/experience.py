"""Personal treatment, the interface, automated answers, questions: told apart from all else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.digest.counts import Series, ShareCount
from monitor.digest.howto_questions import HowToTopic, find_missing_articles, find_task
from monitor.digest.measures import measure_share
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.wording import Wording, bullets, strong, text_line
from monitor.domain.digest import NamedMeasure
from monitor.domain.document import DocumentBlock, QuoteList, TextLine
from monitor.domain.item_query import ItemQuery
from monitor.domain.reading import FeedbackReading

#: Feedback from which on a concern is worth a line.
_FEWEST = 3
_QUESTION = "question"
_QUOTE_LENGTHS = (30, 300)


@dataclass(frozen=True, slots=True)
class _ConcernKind:
    """Something that customers complain of beside price and product."""

    signal: str  #: by which its feedback is found
    title: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """How often a concern is named, and what to do about it."""

    key: str
    measure: NamedMeasure
    count: int
    quote: int = 0  #: the id of a typical one; 0 for none


@dataclass(frozen=True, slots=True)
class ExperienceReport:
    """The concerns that at least three people have named, and what they ask how to do."""

    concerns: tuple[Concern, ...]
    howto: NamedMeasure | None = None  #: questions how to do something; None for fewer than three
    missing_articles: tuple[HowToTopic, ...] = ()


_KINDS = (
    _ConcernKind(
        "impersonal",
        "Treated like a number",
        "greet by name, never ask twice for what is known",
    ),
    _ConcernKind(
        "usability",
        "The interface: finding, forms, speed of the app",
        "for the product team, not for support",
    ),
    _ConcernKind(
        "automation",
        "Automated answers",
        "show the way to a person; answer none of these automatically",
    ),
    _ConcernKind(
        _QUESTION,
        "Questions of any kind",
        "answer those that come again once, where all can read it",
    ),
)


class ExperiencePart(DigestPart[ExperienceReport]):
    """What customers say of how they are treated, apart from what they bought."""

    key = "experience"
    title = "How it is to deal with us"
    value_type = ExperienceReport

    def load(self, data: PeriodData) -> ExperienceReport | None:
        names = [kind.signal for kind in _KINDS]
        periods = (data.period, data.earlier[0])
        now, before = (data.count_with_signals(period, names) for period in periods)
        totals = [data.count_received(period).total for period in periods]
        told = tuple(
            _measure_concern(
                data,
                kind,
                ShareCount(now[kind.signal], totals[0]),
                ShareCount(before[kind.signal], totals[1]),
            )
            for kind in _KINDS
            if now[kind.signal] >= _FEWEST
        )
        howto, missing = _load_howto(data, totals)
        return ExperienceReport(told, howto, missing) if told or howto else None

    def list_quoted(self, value: ExperienceReport) -> tuple[int, ...]:
        return tuple(concern.quote for concern in value.concerns if concern.quote)

    def describe(self, value: ExperienceReport, wording: Wording) -> tuple[DocumentBlock, ...]:
        blocks: list[DocumentBlock] = []
        for concern in value.concerns:
            blocks.append(bullets(*_describe_concern(concern, wording)))
            quotes = wording.find_quotes([concern.quote])
            if quotes:
                blocks.append(QuoteList(quotes))
        if value.howto:
            blocks.append(bullets(*_describe_howto(value.howto, value.missing_articles, wording)))
        return tuple(blocks)


def _load_howto(
    data: PeriodData, totals: Sequence[int]
) -> tuple[NamedMeasure | None, tuple[HowToTopic, ...]]:
    """Return how much asks how to do something, and for what of it no article was named."""
    questions = data.load_with_signals(data.period, _QUESTION)
    tasks = _find_tasks(data, questions)
    if len(tasks) < _FEWEST:
        return None, ()
    before = len(_find_tasks(data, data.load_with_signals(data.earlier[0], _QUESTION)))
    counts = Series(
        now=ShareCount(len(tasks), totals[0]),
        before=(ShareCount(before, totals[1]),) if totals[1] else (),
    )
    measure = NamedMeasure(
        key="howto",
        title="Questions how to do something",
        measure=measure_share(counts),
        is_more_better=False,
    )
    # Who asked on Sunday may have been answered on Monday.
    answers = data.tx.public_answers.list_between(data.period.since, data.now, data.source_ids)
    pages = data.settings.brand.help_pages
    return measure, find_missing_articles(questions, tasks, answers, pages)


def _find_tasks(data: PeriodData, questions: Sequence[FeedbackReading]) -> dict[int, str]:
    """Return what is asked how to do, by the id of the question."""
    words = data.tx.period_feedback.find_words([each.feedback_id for each in questions])
    found = ((feedback_id, find_task(text)) for feedback_id, text in words)
    return {feedback_id: task for feedback_id, task in found if task}


def _describe_howto(
    named: NamedMeasure, missing: Sequence[HowToTopic], wording: Wording
) -> Iterator[TextLine]:
    fact = wording.fact(named.title, named.measure)
    yield text_line(strong(named.title), f": {fact.value} of all ({fact.detail}); {fact.change}.")
    for topic in missing:
        asked = f"{wording.count(topic.people, 'people')} ask"
        answers = f"{wording.count(topic.answers, 'answers')} known, none with a link"
        yield text_line(
            "No article was cited for: ", strong(topic.phrase), f" ({asked}, {answers})."
        )
        yield wording.items_line(ItemQuery(ids=topic.feedback_ids))


def _measure_concern(
    data: PeriodData, kind: _ConcernKind, now: ShareCount, before: ShareCount
) -> Concern:
    found = data.load_with_signals(data.period, kind.signal)
    found.sort(key=lambda each: (-each.problem, each.feedback_id))
    measure = NamedMeasure(
        key=kind.signal,
        title=kind.title,
        measure=measure_share(Series(now=now, before=(before,) if before.n else ())),
        is_more_better=False,
        items=ItemQuery(
            signal=kind.signal,
            sources=data.searched_sources,
            since=data.period.since,
            until=data.period.until,
        ),
        note=kind.advice,
    )
    quote = data.find_quotable([each.feedback_id for each in found], *_QUOTE_LENGTHS)
    return Concern(key=kind.signal, measure=measure, count=now.hits, quote=quote)


def _describe_concern(concern: Concern, wording: Wording) -> tuple[TextLine, ...]:
    named = concern.measure
    fact = wording.fact(named.title, named.measure)
    count = wording.count(concern.count, "items")
    line = text_line(
        strong(named.title), f": {count}, {fact.value} of all ({fact.detail}); {fact.change}. "
    )
    line += text_line(f"{named.note[0].upper()}{named.note[1:]}.")
    return (line, wording.items_line(named.items)) if named.items else (line,)
