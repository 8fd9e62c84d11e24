"""How a digest says a figure: value, n, interval, change; one way in every part and renderer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from monitor.digest.chart_sentence import describe_chart
from monitor.digest.number_format import NumberFormat
from monitor.domain.chart import Chart
from monitor.domain.document import (
    BulletList,
    Emphasis,
    Fact,
    Figure,
    Paragraph,
    Quote,
    Span,
    TextLine,
)
from monitor.domain.feedback import Stage, Touchpoint
from monitor.domain.item_query import ItemQuery
from monitor.domain.measure import Estimate, Measure, Trend, Unit

_TREND_WORDS = {Trend.UP: "up", Trend.DOWN: "down"}


@dataclass(frozen=True, slots=True)
class Wording:
    """Writes figures for people in the brand's locale."""

    numbers: NumberFormat
    #: what may be quoted, by the id of the feedback: personal data in it is hidden already
    quotes: Mapping[int, Quote] = field(default_factory=dict, hash=False)

    def value(self, value: float | None, unit: Unit) -> str:
        """Return a figure as prose has it: "42", "41%", "4.32 stars", "12.4 a day"."""
        suffix = _SUFFIXES.get(unit, "") if value is not None else ""
        return f"{self.numbers.write_value(unit, value)}{suffix}"

    def describe_estimate(self, estimate: Estimate, unit: Unit, noun: str = "items") -> str:
        """Return "12 (3 to 21, 120 answers)"."""
        inside = self._describe_certainty(estimate, unit, noun)
        return f"{self.value(estimate.value, unit)} ({inside})"

    def describe_change(self, measure: Measure) -> str:
        """Return "up 9 (1 to 17)", "about the same" or "too few to call"."""
        if measure.verdict is Trend.TOO_FEW:
            return "too few to call" if measure.previous_n else "nothing before to compare with"
        if measure.verdict is Trend.SAME:
            return "about the same"
        points = " points" if measure.unit is Unit.PERCENT else ""
        plain = Unit.POINTS if measure.unit is Unit.PERCENT else measure.unit
        limits = self._describe_size(measure, plain)
        if measure.change is None:
            return f"{_TREND_WORDS[measure.verdict]} {limits}"
        size = f"{self.numbers.write_value(plain, abs(measure.change))}{points}"
        return f"{_TREND_WORDS[measure.verdict]} {size} ({limits})"

    def _describe_size(self, measure: Measure, unit: Unit) -> str:
        """Return how far a change goes: "1 to 17", or "at least 1" where no end is known."""
        known = [
            abs(limit) for limit in (measure.change_low, measure.change_high) if limit is not None
        ]
        if len(known) == 1:
            return self.numbers.write_range(unit, known[0], None)
        return self.numbers.write_range(unit, *sorted(known)) if known else ""

    def fact(self, title: str, measure: Measure, noun: str = "items") -> Fact:
        """Return a measure as it is read at a glance."""
        return Fact(
            label=title,
            value=self._say_value(measure),
            detail=self._describe_certainty(measure.estimate, measure.unit, noun),
            change=self.describe_change(measure),
        )

    def _say_value(self, measure: Measure) -> str:
        """Return the figure; where most are still waited for, that it is not reached yet."""
        if measure.value is None and measure.n and measure.unit is Unit.SECONDS:
            return "not yet"
        return self.value(measure.value, measure.unit)

    def count(self, number: int, noun: str) -> str:
        """Return "1 answer", "6 answers"; the noun is given in the plural."""
        word = _SINGULARS.get(noun, noun.removesuffix("s")) if number == 1 else noun
        return f"{self.numbers.write_count(number)} {word}"

    def days(self, first: date, last: date) -> str:
        """Return "Nov 16 to Nov 22, 2026"."""
        begins = self.numbers.write_day if first.year == last.year else self.numbers.write_date
        return f"{begins(first)} to {self.numbers.write_date(last)}"

    def items_line(self, items: ItemQuery) -> TextLine:
        """Return the command that opens what a number counts."""
        return (Span("See them: ", Emphasis.MUTED), Span(items.command, Emphasis.COMMAND))

    def find_quotes(self, feedback_ids: Iterable[int]) -> tuple[Quote, ...]:
        """Return the quotes of feedback; what is gone meanwhile is left out."""
        found = map(self.quotes.get, feedback_ids)
        return tuple(quote for quote in found if quote is not None)

    def _describe_certainty(self, estimate: Estimate, unit: Unit, noun: str) -> str:
        limits = self.numbers.write_range(unit, estimate.low, estimate.high)
        return ", ".join(part for part in (limits, self.count(estimate.n, noun)) if part)


_SUFFIXES = {Unit.STARS: " stars", Unit.PER_DAY: " a day"}
_SINGULARS = {"people": "person", "replies": "reply"}

STAGE_TITLES = {stage: str(stage).replace("-", " ").capitalize() for stage in Stage}
TOUCHPOINT_TITLES = {point: str(point).capitalize() for point in Touchpoint}


def show_chart(chart: Chart, numbers: NumberFormat) -> Figure:
    """Return a chart with the sentence that it shows."""
    return Figure(chart, describe_chart(chart, numbers))


def text_line(*parts: str | Span) -> TextLine:
    """Return a line of plain texts and spans."""
    return tuple(Span(part) if isinstance(part, str) else part for part in parts)


def strong(text: str) -> Span:
    """Return a text that stands out."""
    return Span(text, Emphasis.STRONG)


def muted(text: str) -> Span:
    """Return a text that stands back."""
    return Span(text, Emphasis.MUTED)


def paragraph(*parts: str | Span) -> Paragraph:
    """Return one line of prose."""
    return Paragraph(text_line(*parts))


def bullets(*lines: TextLine) -> BulletList:
    """Return lines of equal weight."""
    return BulletList(tuple(lines))
