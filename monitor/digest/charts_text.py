"""Charts as text, for terminals, mails, and Slack without pictures: every figure stands there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from textwrap import wrap

from monitor.digest.chart_intervals import name_point, say_figure
from monitor.digest.chart_rows import FEW, say_result
from monitor.digest.chart_scale import round_up
from monitor.digest.number_format import (
    ENGLISH,
    NOTHING,
    NumberFormat,
    cut_text,
    isolate_name,
    measure_text,
)
from monitor.domain.chart import (
    Chart,
    DailyChart,
    DayColumn,
    HeatMap,
    IntervalChart,
    PointState,
    ResponseChart,
)
from monitor.domain.measure import Unit

#: Narrower is not drawn; a message on a telephone has about this many columns.
LEAST_WIDTH = 32
#: Up to so many days are told by the day of the week.
_WEEKDAYS = 10
_LEAST_BAR = 6
DEFAULT_WIDTH = 80
_FROM_ZERO = (Unit.PERCENT, Unit.COUNT, Unit.PER_DAY)


def render_chart_text(
    chart: Chart, width: int = DEFAULT_WIDTH, numbers: NumberFormat = ENGLISH
) -> str:
    """Return a chart as lines of at most `width` columns (32 or more), its title first.

    The bars repeat what the figures beside them say. The same chart gives the same text.
    """
    width = max(LEAST_WIDTH, width)
    if isinstance(chart, DailyChart):
        lines = _write_days(chart, width, numbers)
    elif isinstance(chart, HeatMap):
        lines = _write_fields(chart, width, numbers)
    elif isinstance(chart, IntervalChart):
        lines = _write_estimates(chart, width, numbers)
    else:
        lines = _write_responses(chart, width, numbers)
    title = isolate_name(cut_text(chart.title, width))
    return "\n".join([title, *(line.rstrip() for line in lines)])


def _pad(words: str, columns: int) -> str:
    return words + " " * max(0, columns - measure_text(words))


def _align(rows: Sequence[Sequence[str]], *, left: Iterable[int] = (0,)) -> list[str]:
    """Return rows as lines with their columns aligned: to the right, but for those in `left`."""
    wide = [max(map(measure_text, column)) for column in zip(*rows, strict=True)]
    kept_left = set(left)
    lines = []
    for row in rows:
        cells = []
        for number, words in enumerate(row):
            room = " " * (wide[number] - measure_text(words))
            cells.append(words + room if number in kept_left else room + words)
        lines.append("  ".join(cells))
    return lines


def _write_days(chart: DailyChart, width: int, numbers: NumberFormat) -> list[str]:
    days = chart.days
    if not any(day.total or day.is_blind or day.alerts or day.events for day in days):
        return ["No feedback in this period."]
    rows = [("day", "all", "neg.", "balance", "alerts"), *_tabulate(days, numbers)]
    has_alerts = any(day.alerts for day in days)
    table = _align([row if has_alerts else row[:-1] for row in rows])
    if measure_text(table[0]) > width:
        has_alerts, table = False, _align([row[:-1] for row in rows])
    columns = min(30, width - max(map(measure_text, table)) - 2)
    has_bars = columns >= _LEAST_BAR
    most = max(1, *(day.total for day in days), 0)
    lines = [cut_line(table[0], width)]
    for line, day in zip(table[1:], days, strict=True):
        bar = f"  {_stack(day, most, columns)}" if has_bars else ""
        lines.append(cut_line(line + bar, width))
        lines += (f"  {cut_text(note, width - 2)}" for note in _note_day(day, numbers, has_alerts))
    return lines + wrap("▓ negative, ░ neutral or unread, █ positive", width) * has_bars


def _stack(day: DayColumn, most: int, columns: int) -> str:
    """Return the tones of a day one after the other, rounded so that they end where all do."""
    ends = (day.negative, day.negative + day.neutral + day.unread, day.total)
    places = [round(end / most * columns) for end in ends]
    if day.total and not places[-1]:
        return "▏"
    parts = (places[0], places[1] - places[0], places[2] - places[1])
    return "".join(sign * size for sign, size in zip("▓░█", parts, strict=True))


def _tabulate(days: Sequence[DayColumn], numbers: NumberFormat) -> Iterator[tuple[str, ...]]:
    for day in days:
        few = len(days) <= _WEEKDAYS
        name = numbers.write_weekday(day.day) if few else numbers.write_day(day.day)
        balance = NOTHING
        if day.balance is not None:
            balance = numbers.write_number(day.balance, 0, signed=True)
        counts = (numbers.write_count(day.total), numbers.write_count(day.negative))
        alerts = numbers.write_count(day.alerts) if day.alerts else ""
        yield isolate_name(name), *counts, balance, alerts


def _note_day(day: DayColumn, numbers: NumberFormat, has_alerts: bool) -> Iterator[str]:
    """Yield what stands below a day; its alerts where they have no column."""
    notes = []
    if day.alerts and not has_alerts:
        words = "alert" if day.alerts == 1 else "alerts"
        notes.append(f"{numbers.write_count(day.alerts)} {words}")
    if day.state is PointState.UNFINISHED:
        notes.append("so far")
    if day.is_blind:
        hours = f" {numbers.write_number(day.blind_hours, 0)}\u00a0h" if day.blind_hours else ""
        notes.append(f"blind{hours}")
    notes += (isolate_name(cut_text(event, 60)) for event in day.events)
    if notes:
        yield ", ".join(notes)


def _write_fields(chart: HeatMap, width: int, numbers: NumberFormat) -> list[str]:
    """Return one line for each field that has something: a table would not fit into a message."""
    lines: list[str] = []
    columns = max(4, min(16, (width - 36) // 2))
    for row, cells in zip(chart.rows, chart.cells, strict=True):
        named = [
            (isolate_name(cut_text(name, 18)), cell)
            for name, cell in zip(chart.columns, cells, strict=True)
            if cell.value is not None and cell.n
        ]
        if not named:
            continue
        lines.append(isolate_name(cut_text(row, width)))
        for name, cell in named:
            value = numbers.write_number(cell.value or 0.0, 0, signed=True)
            count = f"n\u00a0{numbers.write_count(cell.n)}"
            few = " (few)" if cell.n < FEW else ""
            bar = _draw_balance(cell.value or 0.0, columns)
            figures = f"{value:>4}  {_pad(count + few, 12)}"
            lines.append(cut_line(f"  {_pad(name, 18)} {figures} {bar}", width))
    return lines or ["Nothing in this period."]


def cut_line(line: str, width: int) -> str:
    """Return a line without what sticks out on the right; its spaces stay."""
    while measure_text(line) > width:
        line = line[:-1]
    return line


def _draw_balance(value: float, columns: int) -> str:
    """Return a bar to the left of a line for negative balances, to the right for positive ones."""
    size = max(1, round(abs(value) / 100 * columns)) if round(value) else 0
    if value < 0:
        return " " * (columns - size) + "▓" * size + "│"
    return " " * columns + "│" + "█" * size


def _write_estimates(chart: IntervalChart, width: int, numbers: NumberFormat) -> list[str]:
    points = chart.points
    if all(point.value is None for point in points):
        return ["Nothing in this period."]
    names = 12 if chart.is_over_time else 24
    rows = [
        (
            "* " * point.is_own + name_point(point, names),
            say_figure(chart, point, numbers, has_range=True),
        )
        for point in points
    ]
    lines = _align(rows, left=(0, 1))
    is_broken = max(map(measure_text, lines)) > width
    if is_broken:
        lines = [line for row in rows for line in (row[0], f"  {row[1]}")]
    columns = width - max(map(measure_text, lines)) - 2
    if columns >= 10 and not is_broken:
        columns = min(30, columns)
        lines = [
            f"{line}  {_draw_estimate(chart, number, columns)}" for number, line in enumerate(lines)
        ]
    if any(point.is_own for point in points):
        lines.append("* the brand itself")
    if chart.target is not None:
        lines.append(f"goal: {numbers.write_value(chart.unit, chart.target)}")
    return [cut_line(line, width) for line in lines]


def _draw_estimate(chart: IntervalChart, number: int, columns: int) -> str:
    """Return an interval as a line with its estimate on it: "   ├──●───┤"."""
    point = chart.points[number]
    if point.value is None:
        return ""
    known = [
        figure
        for other in chart.points
        if other.value is not None
        for figure in (other.value, other.low, other.high)
        if figure is not None
    ]
    if chart.unit in _FROM_ZERO:
        known.append(0.0)
    first, last = min(known), max(known)
    reach = (last - first) or round_up(abs(last))

    def place(value: float) -> int:
        return round((value - first) / reach * (columns - 1))

    low = 0 if point.low is None else place(point.low)
    high = columns - 1 if point.high is None else place(point.high)
    drawn = [" "] * columns
    if point.low is not None or point.high is not None:
        drawn[low : high + 1] = "─" * (high + 1 - low)
        drawn[low], drawn[high] = "├" if point.low is not None else "◂", "┤"
        if point.high is None:
            drawn[high] = "▸"
    drawn[place(point.value)] = "○" if point.n < FEW else "●"
    return "".join(drawn)


def _write_responses(chart: ResponseChart, width: int, numbers: NumberFormat) -> list[str]:
    lines: list[str] = []
    for group in chart.groups:
        if not group.seconds and not group.open_count:
            continue
        limit = "" if group.limit is None else f", limit {numbers.write_duration(group.limit)}"
        result = say_result(group, numbers)
        name = isolate_name(cut_text(group.label, 24))
        whole = f"{name}{limit}: {result}"
        if measure_text(whole) <= width:
            lines.append(whole)
        else:
            lines += [cut_text(f"{name}{limit}:", width), cut_line(f"  {result}", width)]
        answered = len(group.seconds)
        if answered:
            middle = f" median {numbers.write_duration(median(group.seconds))}"
            columns = max(6, min(40, width - measure_text(middle) - 2))
            in_time = round(group.in_time / answered * columns)
            bar = "█" * in_time + "░" * (columns - in_time)
            lines.append(f"  {bar}{middle}")
    return lines or ["No alerts in this period."]
