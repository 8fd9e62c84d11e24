"""What goes with negative feedback: drivers named in words, and drivers that surveys have rated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.digest.counts import ShareCount
from monitor.digest.drivers import (
    DriverContrast,
    DriverWeights,
    RatedAnswer,
    contrast_drivers,
    weigh_drivers,
)
from monitor.digest.measures import FEWEST
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.wording import Wording, bullets, muted, paragraph, strong, text_line
from monitor.domain.document import DocumentBlock, TextLine
from monitor.domain.feedback import Label
from monitor.domain.measure import Trend, Unit
from monitor.domain.reading import FeedbackReading, ReasonCount

_MOST_SHOWN = 5
#: An attribute is a rating where its values are few whole numbers that go no higher than this.
_HIGHEST_RATING = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWeights:
    """What goes with the scores of one survey that rates drivers, too."""

    source_id: str
    weights: DriverWeights


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverReport:
    """What goes with bad ones; never what causes them."""

    contrasts: tuple[DriverContrast, ...]  #: the most certain first
    surveys: tuple[SourceWeights, ...] = ()


class DriversPart(DigestPart[DriverReport]):
    """Drivers that go with negative feedback, each with its interval."""

    key = "drivers"
    title = "What goes with it"
    value_type = DriverReport

    def load(self, data: PeriodData) -> DriverReport | None:
        reasons = [each for each in data.load_reasons() if each.label]
        contrasts = contrast_drivers(_count_naming(reasons), _count_negative(reasons))
        surveys = tuple(_weigh_surveys(data.load_rated_surveys()))
        told = tuple(one for one in contrasts if one.goes_with is not Trend.TOO_FEW)
        return DriverReport(contrasts=told, surveys=surveys) if told or surveys else None

    def describe(self, value: DriverReport, wording: Wording) -> tuple[DocumentBlock, ...]:
        blocks: list[DocumentBlock] = []
        if value.contrasts:
            blocks.append(paragraph("Share of negative feedback where a driver is named:"))
            shown = value.contrasts[:_MOST_SHOWN]
            blocks.append(bullets(*(_describe_contrast(one, wording) for one in shown)))
        for survey in value.surveys:
            blocks += _describe_survey(survey, wording)
        blocks.append(paragraph(muted("What goes with a score need not be its cause.")))
        return tuple(blocks)


def _count_naming(reasons: Sequence[ReasonCount]) -> dict[str, ShareCount]:
    named = sorted({driver for reason in reasons for driver in reason.drivers})
    return {
        driver: _count_negative([each for each in reasons if driver in each.drivers])
        for driver in named
    }


def _count_negative(reasons: Sequence[ReasonCount]) -> ShareCount:
    negative = sum(each.count for each in reasons if each.label == Label.NEGATIVE)
    return ShareCount(negative, sum(each.count for each in reasons))


def _weigh_surveys(readings: Sequence[FeedbackReading]) -> Iterable[SourceWeights]:
    rated = [reading for reading in readings if reading.stars is not None]
    for source_id in sorted({reading.source_id for reading in rated}):
        answers = [_to_answer(each) for each in rated if each.source_id == source_id]
        names = {name for answer in answers for name in answer.ratings}
        if names and len(answers) >= FEWEST:
            weights = weigh_drivers(answers)
            if weights.weights:
                yield SourceWeights(source_id=source_id, weights=weights)


def _to_answer(reading: FeedbackReading) -> RatedAnswer:
    ratings = {name: _parse_rating(value) for name, value in reading.attributes}
    known = {name: value for name, value in ratings.items() if value is not None}
    return RatedAnswer(score=reading.stars or 0.0, ratings=known)


def _parse_rating(value: str) -> float | None:
    """Return the rating that an attribute holds; None where it is none, such as an order number."""
    text = value.strip()
    if not text.isascii() or not text.isdigit() or int(text) > _HIGHEST_RATING:
        return None
    return float(text)


def _describe_contrast(one: DriverContrast, wording: Wording) -> TextLine:
    naming = wording.describe_estimate(one.naming, Unit.PERCENT)
    others = wording.describe_estimate(one.others, Unit.PERCENT)
    sure = "" if one.is_certain else muted(" (not sure beside so many drivers)")
    line = text_line(strong(one.name.capitalize()), f": {naming}, without it {others}")
    return line + text_line(sure) if sure else line


def _describe_survey(survey: SourceWeights, wording: Wording) -> tuple[DocumentBlock, ...]:
    numbers = wording.numbers
    explained = numbers.write_percent(survey.weights.explained)
    head = f"{survey.source_id}: ratings explain {explained} of the score "
    lines = [
        text_line(
            strong(weight.name),
            f": {numbers.write_percent(weight.weight)} of that "
            f"({numbers.write_range(Unit.PERCENT, weight.low, weight.high)})",
        )
        for weight in survey.weights.weights[:_MOST_SHOWN]
    ]
    count = wording.count(survey.weights.n, "answers")
    return (paragraph(f"{head}({count})."), bullets(*lines))
