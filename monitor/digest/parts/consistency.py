"""Whether customers are treated alike at every touchpoint and in every channel, and told the same
by us.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from monitor.digest.answer_consistency import (
    AnswerComparison,
    AnswerStatement,
    compare_answers,
)
from monitor.digest.answer_facts import FactKind
from monitor.digest.counts import BalanceCount
from monitor.digest.heterogeneity import Consistency, compare_places
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.tallies import Tallies
from monitor.digest.tally_counts import count_tones
from monitor.digest.wording import Wording, bullets, muted, paragraph, strong, text_line
from monitor.domain.document import DocumentBlock, Span, TextLine
from monitor.domain.feedback import Touchpoint
from monitor.domain.item_query import ItemQuery
from monitor.domain.measure import Unit

_FEWEST_ANSWERS = 2
_SUBJECTS = {
    FactKind.DURATION: "the time for {topic}",
    FactKind.AMOUNT: "{topic}",
    FactKind.PROMISE: "a promise of {topic}",
    FactKind.LINK: "{topic}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyReport:
    """How far tones lie apart; None where fewer than two places have ten feedback."""

    touchpoints: Consistency | None
    channels: Consistency | None
    answers: AnswerComparison | None = None  #: of ours; None where none may differ


class ConsistencyPart(DigestPart[ConsistencyReport]):
    """The spread between touchpoints and between channels beyond chance, and the surest gap."""

    key = "consistency"
    title = "The same everywhere?"
    value_type = ConsistencyReport

    def load(self, data: PeriodData) -> ConsistencyReport | None:
        counted = data.count_people(data.period)
        placed = counted.where(lambda key: key.touchpoint not in ("", Touchpoint.UNSURE))
        touchpoints = compare_places(_balances(placed.group_by(lambda key: key.touchpoint)))
        channels = compare_places(_balances(counted.group_by(lambda key: key.source_id)))
        answers = _compare_own_answers(data)
        if not any(each and each.differs for each in (touchpoints, channels)) and not answers:
            return None
        return ConsistencyReport(touchpoints=touchpoints, channels=channels, answers=answers)

    def list_quoted(self, value: ConsistencyReport) -> tuple[int, ...]:
        found = value.answers.differences if value.answers else ()
        return tuple(said.shown_id for one in found for said in (one.first, one.second))

    def describe(self, value: ConsistencyReport, wording: Wording) -> tuple[DocumentBlock, ...]:
        lines = [
            _describe_spread(name, found, wording)
            for name, found in (("touchpoints", value.touchpoints), ("channels", value.channels))
            if found
        ]
        told = _describe_answers(value.answers, wording) if value.answers else ()
        return (*((bullets(*lines),) if lines else ()), *told)


def _compare_own_answers(data: PeriodData) -> AnswerComparison | None:
    """Return which answers of ours may differ; None where none do, and of a part of the customers.

    An answer in public is to everybody.
    """
    if not data.scope.is_everything:
        return None
    zone = ZoneInfo(data.period.zone)
    answers = [replace(one, at=one.at.astimezone(zone)) for one in data.load_answers()]
    if len(answers) < _FEWEST_ANSWERS:
        return None
    pages = data.settings.brand.help_pages
    matters = _Matters(data, [answer.feedback_id for answer in answers])
    comparison = compare_answers(answers, matters.find_common, pages)
    return comparison if comparison.differences else None


class _Matters:
    """What customers who were answered wrote about."""

    def __init__(self, data: PeriodData, feedback_ids: Sequence[int]) -> None:
        found = data.tx.period_feedback.list_by_ids(feedback_ids)
        self._analyses = {feedback.id: analysis for feedback, analysis in found}
        self._data = data

    def find_common(self, one: int, other: int) -> str:
        """Return the theme that two feedback share, else a driver, else where it happened."""
        report = self._data.load_themes()
        for theme in report.themes if report else ():
            ids = {*theme.feedback_ids, *theme.earlier_ids}
            if {one, other} <= ids:
                return f"“{theme.name}”"
        first, second = self._analyses.get(one), self._analyses.get(other)
        if first is None or second is None:
            return ""
        shared = sorted({*(first.drivers or ())} & {*(second.drivers or ())})
        if shared:
            return str(shared[0])
        touchpoint = first.touchpoint or ""
        is_same = touchpoint == second.touchpoint and touchpoint != Touchpoint.UNSURE
        return str(touchpoint) if is_same else ""


def _balances(groups: Mapping[str, Tallies]) -> dict[str, BalanceCount]:
    return {name: count_tones(tallies).balance for name, tallies in groups.items()}


def _describe_spread(name: str, found: Consistency, wording: Wording) -> TextLine:
    if not found.differs:
        return text_line(f"Between {name}: no more spread than chance brings.")
    numbers, gap = wording.numbers, found.gap
    limits = numbers.write_range(Unit.POINTS, gap.limits.low, gap.limits.high)
    spread = numbers.write_value(Unit.POINTS, found.spread)
    return text_line(
        f"Between {name}: balances spread by {spread} points beyond chance; ",
        strong(f"{gap.worse} is {numbers.write_value(Unit.POINTS, gap.gap)} below {gap.better}"),
        f" ({limits}).",
    )


def _describe_answers(found: AnswerComparison, wording: Wording) -> tuple[DocumentBlock, ...]:
    lines = []
    for one in found.differences:
        said = f"{_SUBJECTS[one.kind].format(topic=one.topic)} (both about {one.matter}): "
        first = _describe_statement(one.first, wording)
        second = _describe_statement(one.second, wording)
        lines.append(
            text_line(strong("Two answers may differ"), f" on {said}", *first, " against ", *second)
        )
        items = ItemQuery(ids=(one.first.feedback_id, one.second.feedback_id))
        lines.append(wording.items_line(items))
    compared = wording.count(found.compared, "answers")
    note = (
        f"{compared} of ours compared: only times, fees, promises and help pages that are stated "
        "plainly in English. Whether two differ in what they mean, only a reader can tell."
    )
    return (bullets(*lines), paragraph(muted(note)))


def _describe_statement(one: AnswerStatement, wording: Wording) -> TextLine:
    """Return "5 days (Nov 17)", with a link to where it stands, as long as it does."""
    day = wording.numbers.write_day(one.at.date())
    url = next((quote.url for quote in wording.find_quotes([one.shown_id])), "")
    return (Span(one.said, url=url), Span(f" ({day})"))
