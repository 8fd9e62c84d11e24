"""Lays heat maps and response times out: charts that are read row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from monitor.digest.chart_scale import ChartScale, choose_times
from monitor.digest.chart_scene import (
    Anchor,
    Ink,
    Room,
    Scene,
    SceneBar,
    SceneLine,
    SceneShape,
    SceneText,
    TextSize,
    estimate_width,
    fit_text,
    title_of,
)
from monitor.digest.number_format import NOTHING, NumberFormat, cut_text
from monitor.domain.chart import HeatCell, HeatMap, ResponseChart, ResponseGroup

#: Fewer than this are too few to call: drawn pale, in dashes.
FEW = 10
_TOP = 20.0  #: below the title
_LINE = 14.0
_MOST_NAMES = 0.25  #: of the width, for the names of the rows of a heat map
_MOST_COLUMNS = 7
#: Where the ink of a field changes, in points on both sides of zero.
_STEPS = (10.0, 30.0, 60.0)
_COLD = (Ink.MIDDLE, Ink.COLD_1, Ink.COLD_2, Ink.COLD_3)
_WARM = (Ink.MIDDLE, Ink.WARM_1, Ink.WARM_2, Ink.WARM_3)
_HEAT_HINT = "balance and n; dashed: n under 10"
#: Bars along the axis of response times, and the part of the width that they take.
_BINS = 36
_TIMES_END = 0.84


def say_nothing(title: str, words: str, room: Room) -> Scene:
    """Return a chart that has only its title and a sentence."""
    return Scene(room.height or 52, (title_of(title, room), SceneText(0, 40, words, Ink.SOFT)))


def ink_of(value: float) -> Ink:
    """Return the ink of a balance: blue above, orange below, a middle that is neither."""
    step = sum(abs(value) >= limit for limit in _STEPS)
    return (_COLD if value > 0 else _WARM)[step]


def lay_out_heat(chart: HeatMap, numbers: NumberFormat, room: Room) -> Scene:
    """Return one field for each pair of a row and a column, with its balance and its n in it."""
    rows, columns = chart.rows[: room.rows], chart.columns[:_MOST_COLUMNS]
    if not any(cell.n for line in chart.cells for cell in line):
        return say_nothing(chart.title, "Nothing in this period.", room)
    shapes: list[SceneShape] = [title_of(chart.title, room)]
    top = _TOP
    if room.height is None:
        shapes.append(SceneText(0, 31, _HEAT_HINT, Ink.SOFT))
        top += 16
    elif estimate_width(chart.title + _HEAT_HINT) * 1.1 < room.width:
        shapes.append(SceneText(1, 13, _HEAT_HINT, Ink.SOFT, Anchor.END))
    left_out = _say_left_out(len(chart.rows) - len(rows), len(chart.columns) - len(columns))
    names = 0.0 if room.height is None else _choose_names_width(rows, room)
    width = (1 - names) / max(1, len(columns))
    heads = [_break_name(name, room.width * width) for name in columns]
    top += _LINE * max(map(len, heads), default=0) + 2
    for number, lines in enumerate(heads):
        shapes += _head(lines, names + (number + 0.5) * width, top, number)
    high = _row_height(room, top, len(rows), 54.0 if room.height is None else 34.0, bool(left_out))
    for number, name in enumerate(rows):
        y, foot = top + number * high, top + (number + 1) * high
        # On a narrow page there is no room beside the fields: the name stands above them.
        words = room.cut(name, names or 1.0, less=4)
        name_y = (y + foot) / 2 + 4 if names else y + 16
        shapes.append(SceneText(0, name_y, words, instead=f"no. {number + 1}"))
        for place, cell in enumerate(chart.cells[number][: len(columns)]):
            left = names + place * width
            box = (left, y if names else y + 19, left + width, foot)
            shapes += _field(cell, box, numbers)
    foot = top + len(rows) * high
    if left_out:
        shapes.append(SceneText(0, foot + 12, left_out, Ink.SOFT))
    return Scene(room.height or foot + (16 if left_out else 2), tuple(shapes))


def _say_left_out(rows: int, columns: int) -> str:
    parts = [f"{rows} more rows"] * (rows > 0) + [f"{columns} more columns"] * (columns > 0)
    return f"and {', '.join(parts)}" if parts else ""


def _row_height(room: Room, top: float, count: int, free: float, has_foot: bool) -> float:
    """Return how high a row is: as agreed, or what is left of a height that is given."""
    if room.height is None:
        return free
    return min(free, (room.height - top - has_foot * _LINE) / max(1, count))


def _choose_names_width(rows: tuple[str, ...], room: Room) -> float:
    """Return the part of the width that the names of the rows take."""
    longest = max((estimate_width(cut_text(name, 40)) for name in rows), default=0.0) + 6
    return min(_MOST_NAMES, longest / room.width)


def _break_name(name: str, pixels: float) -> list[str]:
    """Return a name on at most two lines, broken between words."""
    # A little wider than the column: neighbours are seldom long, and there is air between them.
    pixels *= 1.12
    lines: list[str] = []
    for word in cut_text(name, 60).split():
        if lines and (len(lines) == 2 or estimate_width(f"{lines[-1]} {word}") <= pixels):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [fit_text(line, pixels) for line in lines]


def _head(lines: list[str], x: float, foot: float, number: int) -> Iterator[SceneShape]:
    for line, words in enumerate(reversed(lines)):
        y = foot - 5 - line * _LINE
        instead = f"no. {number + 1}"
        yield SceneText(x, y, words, Ink.SOFT, Anchor.MIDDLE, instead=instead)


def _field(
    cell: HeatCell, box: tuple[float, float, float, float], numbers: NumberFormat
) -> Iterator[SceneShape]:
    left, top, right, foot = box
    middle = (left + right) / 2
    few = cell.n < FEW or cell.value is None
    ink = Ink.VOID if few or cell.value is None else ink_of(cell.value)
    yield SceneBar(left + 0.004, top + 1.5, right - 0.004, foot - 1.5, ink, is_hollow=few)
    if cell.value is None:
        yield SceneText(middle, (top + foot) / 2 + 4, NOTHING, Ink.SOFT, Anchor.MIDDLE)
        return
    value = numbers.write_number(cell.value, 0, signed=True)
    count = numbers.write_count(cell.n)
    strong = TextSize.NORMAL if few else TextSize.STRONG
    if foot - top >= 30:
        yield SceneText(middle, top + 15, value, Ink.TEXT, Anchor.MIDDLE, strong)
        words = f"n\u00a0{count}" if len(count) < 4 else count
        yield SceneText(middle, top + 28, words, Ink.TEXT, Anchor.MIDDLE)
        return
    y = (top + foot) / 2 + 4
    yield SceneText(left, y, value, Ink.TEXT, Anchor.START, strong, shift=8)
    yield SceneText(right, y, count, Ink.TEXT, Anchor.END, shift=-8)


def lay_out_responses(chart: ResponseChart, numbers: NumberFormat, room: Room) -> Scene:
    """Return how many took how long, group by group, with the limit and what is still open.

    The axis is logarithmic: from minutes to days.
    """
    most = room.rows if room.height is None else 4
    groups = [group for group in chart.groups if group.seconds or group.open_count]
    if not groups:
        return say_nothing(chart.title, "No alerts in this period.", room)
    times = [max(1.0, value) for group in groups for value in group.seconds]
    times += [max(1.0, group.limit) for group in groups if group.limit is not None]
    ticks = choose_times(min(times, default=60.0), max(times, default=3_600.0), 6)
    across = ChartScale(ticks[0], ticks[-1], 0.05, _TIMES_END, is_logarithmic=True)
    rest = len(groups) - most
    high = _row_height(room, _TOP + 2, min(len(groups), most), 46.0, True) - (rest > 0) * 4
    shapes: list[SceneShape] = [title_of(chart.title, room)]
    foot = _TOP + 2 + high * min(len(groups), most)
    for tick in ticks:
        x = across.place(tick)
        words = numbers.write_duration(tick)
        for number in range(min(len(groups), most)):
            top = _TOP + 2 + number * high
            shapes.append(SceneLine(x, top + 15, x, top + high - 5, Ink.GRID))
        shapes.append(SceneText(x, foot + 12, words, Ink.SOFT, Anchor.MIDDLE))
    shapes.append(SceneText(1, foot + 12, "open", Ink.SOFT, Anchor.END))
    for number, group in enumerate(groups[:most]):
        top = _TOP + 2 + number * high
        shapes += _group(group, top, top + high - 5, across, numbers, room)
    if rest > 0:
        shapes.append(SceneText(0, foot + 12 + _LINE, f"and {rest} more", Ink.SOFT))
    return Scene(room.height or foot + 16 + (rest > 0) * _LINE, tuple(shapes))


def _group(
    group: ResponseGroup,
    top: float,
    foot: float,
    across: ChartScale,
    numbers: NumberFormat,
    room: Room,
) -> Iterator[SceneShape]:
    result = say_result(group, numbers)
    limit = "" if group.limit is None else f"limit {numbers.write_duration(group.limit)}"
    taken = estimate_width(result + limit) + 24
    # Bold letters are a tenth wider.
    name = fit_text(group.label, max(40.0, (room.width - taken) / 1.1))
    yield SceneText(0, top + 11, name, size=TextSize.STRONG)
    yield SceneText(0, top + 11, limit, Ink.GOAL, shift=estimate_width(name) * 1.1 + 8)
    yield SceneText(1, top + 11, result, Ink.TEXT, Anchor.END)
    yield SceneLine(0, foot, 1, foot, Ink.AXIS)
    counted = Counter(_find_bins(group, across))
    stacked = Counter(number for number, _ in counted.elements())
    most = max([*stacked.values(), group.open_count, 4])
    up = ChartScale(0, most, foot, top + 15)
    width = (across.end - across.start) / _BINS
    for (number, is_late), count in sorted(counted.items()):
        left = across.start + number * width
        ink = Ink.NEGATIVE if is_late else Ink.POSITIVE
        base = counted[(number, False)] if is_late else 0
        right = left + width * 0.86
        yield SceneBar(left, up.place(base + count), right, up.place(base), ink)
    if group.limit is not None:
        x = across.place(group.limit)
        yield SceneLine(x, top + 13, x, foot + 2, Ink.GOAL, 2)
    if group.open_count:
        yield SceneBar(0.93, up.place(group.open_count), 0.99, foot, Ink.VOID, is_hollow=True)


def _find_bins(group: ResponseGroup, across: ChartScale) -> Iterator[tuple[int, bool]]:
    reach = across.end - across.start
    for seconds in group.seconds:
        part = (across.place(max(1.0, seconds)) - across.start) / reach
        is_late = group.limit is not None and seconds > group.limit
        yield min(_BINS - 1, int(part * _BINS)), is_late


def say_result(group: ResponseGroup, numbers: NumberFormat) -> str:
    """Return how many were answered in time, and how many are open: "42 of 50 in time, 3 open"."""
    count = numbers.write_count(len(group.seconds))
    if group.limit is None:
        words = f"{count} answered"
    else:
        words = f"{numbers.write_count(group.in_time)} of {count} in time"
    return words + (f", {numbers.write_count(group.open_count)} open" if group.open_count else "")
