"""Personal treatment, the interface, automated answers, questions: told apart from all else."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.digest.counts import Series, ShareCount
from monitor.digest.measures import measure_share
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.wording import Wording, bullets, strong, text_line
from monitor.domain.digest import NamedMeasure
from monitor.domain.document import DocumentBlock, QuoteList, TextLine
from monitor.domain.item_query import ItemQuery

#: Feedback from which on a concern is worth a line.
_FEWEST = 3
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
    """The concerns that at least three people have named."""

    concerns: tuple[Concern, ...]


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
        "question",
        "Questions how to do something",
        "an article would answer those that come again",
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
        return ExperienceReport(told) if told else None

    def list_quoted(self, value: ExperienceReport) -> tuple[int, ...]:
        return tuple(concern.quote for concern in value.concerns if concern.quote)

    def describe(self, value: ExperienceReport, wording: Wording) -> tuple[DocumentBlock, ...]:
        blocks: list[DocumentBlock] = []
        for concern in value.concerns:
            blocks.append(bullets(*_describe_concern(concern, wording)))
            quotes = wording.find_quotes([concern.quote])
            if quotes:
                blocks.append(QuoteList(quotes))
        return tuple(blocks)


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
