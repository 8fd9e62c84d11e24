"""What a chart shows, in one sentence: alternative text for those who do not see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from monitor.digest.chart_intervals import say_figure
from monitor.digest.chart_rows import FEW, say_result
from monitor.digest.number_format import ENGLISH, NumberFormat, cut_text, isolate_name
from monitor.domain.chart import (
    Chart,
    DailyChart,
    DayColumn,
    HeatMap,
    IntervalChart,
    IntervalPoint,
    PointState,
    ResponseChart,
)

#: Slack takes 1,000; screen readers read it in one breath up to about this.
SENTENCE_LIMIT = 300
_NAME = 28
_TITLE = 60

T = TypeVar("T")


def describe_chart(chart: Chart, numbers: NumberFormat = ENGLISH) -> str:
    """Return one sentence of at most 300 characters: highest, lowest, change, what is missing."""
    if isinstance(chart, DailyChart):
        parts = _describe_days(chart, numbers)
    elif isinstance(chart, HeatMap):
        parts = _describe_fields(chart, numbers)
    elif isinstance(chart, IntervalChart):
        parts = _describe_estimates(chart, numbers)
    else:
        parts = _describe_responses(chart, numbers)
    title = isolate_name(cut_text(chart.title, _TITLE))
    return _join(title, [part for part in parts if part])


def _join(title: str, parts: Sequence[str]) -> str:
    """Return the parts that fit, the first ones first, as a sentence."""
    sentence = f"{title}: {parts[0]}"
    for part in parts[1:]:
        if len(sentence) + len(part) + 3 <= SENTENCE_LIMIT:
            sentence += f"; {part}"
    if len(sentence) < SENTENCE_LIMIT:
        return sentence + "."
    return sentence[: SENTENCE_LIMIT - 1] + "…"


def _pick(items: Iterable[T], weigh: Callable[[T], float]) -> tuple[T, T] | None:
    """Return the first highest and the first lowest, where they differ."""
    found = list(items)
    if not found:
        return None
    high, low = max(found, key=weigh), min(found, key=weigh)
    return (high, low) if weigh(high) != weigh(low) else None


def _describe_days(chart: DailyChart, numbers: NumberFormat) -> list[str]:
    days = chart.days
    total = sum(day.total for day in days)
    if not total:
        return ["no feedback in this period", _say_blind(days, numbers)]
    first, last = numbers.write_day(days[0].day), numbers.write_day(days[-1].day)
    parts = [f"{numbers.write_count(total)} feedback from {first} to {last}"]
    whole = [day for day in days if day.state is PointState.WHOLE and not day.is_blind]
    if ends := _pick(whole, lambda day: day.total):
        most, least = (_say_total(day, numbers) for day in ends)
        parts[0] += f", most on {most}, fewest on {least}"
    parts.append(_say_balance(days, numbers))
    if alerts := sum(day.alerts for day in days):
        parts.append(f"{numbers.write_count(alerts)} {'alert' if alerts == 1 else 'alerts'}")
    parts.append(_say_blind(days, numbers))
    if days[-1].state is PointState.UNFINISHED:
        parts.append("the last day is not over")
    for day in days:
        for event in day.events:
            name = isolate_name(cut_text(event, _NAME))
            parts.append(f"{name} on {numbers.write_weekday(day.day)}")
    return parts


def _say_total(day: DayColumn, numbers: NumberFormat) -> str:
    return f"{numbers.write_weekday(day.day)} ({numbers.write_count(day.total)})"


def _say_balance(days: Sequence[DayColumn], numbers: NumberFormat) -> str:
    known = [(day.day, day.balance) for day in days if day.balance is not None]
    if not known:
        return ""
    ends = _pick(known, lambda pair: pair[1])
    if ends is None:
        return f"balance {numbers.write_number(known[0][1], 0, signed=True)}"
    said = (
        f"{numbers.write_number(value, 0, signed=True)} on {numbers.write_weekday(day)}"
        for day, value in reversed(ends)
    )
    return f"balance lowest at {' and highest at '.join(said)}"


def _say_blind(days: Sequence[DayColumn], numbers: NumberFormat) -> str:
    blind = [day for day in days if day.is_blind]
    if not blind:
        return ""
    hours = sum(day.blind_hours for day in blind)
    if hours:
        return f"blind for {numbers.write_number(hours, 0)}\u00a0h"
    return f"blind on {len(blind)} {'day' if len(blind) == 1 else 'days'}"


def _describe_fields(chart: HeatMap, numbers: NumberFormat) -> list[str]:
    fields = [
        (row, column, cell.value, cell.n)
        for row, line in zip(chart.rows, chart.cells, strict=True)
        for column, cell in zip(chart.columns, line, strict=True)
        if cell.value is not None and cell.n
    ]
    enough = [field for field in fields if field[3] >= FEW]
    few = len(fields) - len(enough)
    left = f"fewer than {FEW} in {few} of {len(fields)} fields" if few else ""
    if not fields:
        return ["nothing in this period"]
    if not enough:
        return [left]

    def say(field: tuple[str, str, float, int]) -> str:
        row, column = (isolate_name(cut_text(name, _NAME)) for name in field[:2])
        value = numbers.write_number(field[2], 0, signed=True)
        return f"{row}, {column} ({value}, n\u00a0{numbers.write_count(field[3])})"

    ends = _pick(enough, lambda field: field[2])
    if ends is None:
        return [f"balance {say(enough[0])}", left]
    return [f"balance lowest at {say(ends[1])}", f"highest at {say(ends[0])}", left]


def _describe_estimates(chart: IntervalChart, numbers: NumberFormat) -> list[str]:
    known = [point for point in chart.points if point.value is not None]
    if not known:
        return ["nothing in this period"]

    def say(point: IntervalPoint) -> str:
        name = isolate_name(cut_text(point.label, _NAME))
        return f"{name} {say_figure(chart, point, numbers, has_range=True)}"

    parts: list[str] = []
    first = next((point for point in known if point.is_own), None)
    if chart.is_over_time:
        first = known[-1]
        parts.append(_say_step(chart, known, numbers))
    ends = _pick(known, lambda point: point.value or 0.0) or ()
    for point, word in zip(ends, ("highest", "lowest"), strict=False):
        if point is first:
            parts.insert(0, f"the {word} of {len(known)}")
        else:
            parts.append(f"{word} {say(point)}")
    if first is not None or not ends:
        parts.insert(0, say(first or known[0]))
    if chart.target is not None:
        parts.append(f"goal {numbers.write_value(chart.unit, chart.target)}")
    return parts


def _say_step(chart: IntervalChart, known: Sequence[IntervalPoint], numbers: NumberFormat) -> str:
    """Return how the last point differs from the one before."""
    if len(known) < 2:
        return ""
    step = (known[-1].value or 0.0) - (known[-2].value or 0.0)
    before = isolate_name(cut_text(known[-2].label, _NAME))
    change = numbers.write_change(chart.unit, step)
    return f"{change} against {before}" if step else f"the same as in {before}"


def _describe_responses(chart: ResponseChart, numbers: NumberFormat) -> list[str]:
    parts = []
    for group in chart.groups:
        if group.seconds or group.open_count:
            limit = ""
            if group.limit is not None:
                limit = f" (limit {numbers.write_duration(group.limit)})"
            name = isolate_name(cut_text(group.label, _NAME))
            parts.append(f"{name} {say_result(group, numbers)}{limit}")
    return parts or ["no alerts in this period"]
