"""Lays estimates with their intervals out: along time, or one below the other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from monitor.digest.chart_rows import FEW, say_nothing
from monitor.digest.chart_scale import (
    ChartScale,
    choose_labels,
    choose_steps,
    choose_times,
    find_extremes,
)
from monitor.digest.chart_scene import (
    Anchor,
    Ink,
    Room,
    Scene,
    SceneBar,
    SceneDot,
    SceneLine,
    SceneShape,
    SceneText,
    TextSize,
    estimate_width,
    title_of,
)
from monitor.digest.number_format import NumberFormat, cut_text, isolate_name
from monitor.domain.chart import IntervalChart, IntervalPoint, PointState
from monitor.domain.measure import Unit

_TOP = 24.0
_LINE = 14.0
_PLOT = 120.0  #: pixels of a chart along time where the height is free
#: Of the width: names and figures of the rows of a picture.
_NAMES, _FIGURES = 0.3, 0.22
#: Units whose figures are drawn from zero.
_FROM_ZERO = (Unit.PERCENT, Unit.COUNT, Unit.PER_DAY)
_LIMITS: dict[Unit, tuple[float, float]] = {
    Unit.POINTS: (-100, 100),
    Unit.PERCENT: (0, 100),
    Unit.STARS: (1, 5),
}


def lay_out_intervals(chart: IntervalChart, numbers: NumberFormat, room: Room) -> Scene:
    """Return the estimates of a chart with their intervals; the goal is a line."""
    if all(point.value is None for point in chart.points):
        return say_nothing(chart.title, "Nothing in this period.", room)
    if chart.is_over_time:
        return _along_time(chart, numbers, room)
    return _one_below_other(chart, numbers, room)


def _choose_ticks(chart: IntervalChart, count: int) -> tuple[float, ...]:
    figures = [
        figure
        for point in chart.points
        if point.value is not None
        for figure in (point.value, point.low, point.high)
        if figure is not None
    ]
    figures += [chart.target] if chart.target is not None else []
    if chart.unit in _FROM_ZERO and not chart.is_over_time:
        figures.append(0.0)
    low, high = min(figures), max(figures)
    if chart.unit is Unit.SECONDS:
        return choose_times(max(1.0, low), max(1.0, high), count + 1)
    ticks = choose_steps(low, high, count)
    least, most = _LIMITS.get(chart.unit, (-math.inf, math.inf))
    kept = tuple(tick for tick in ticks if least - 1e-9 <= tick <= most + 1e-9)
    return kept if len(kept) > 1 else ticks


def _is_thin(point: IntervalPoint) -> bool:
    """Return whether a point is drawn hollow: few answers, or a period that is not whole."""
    return point.n < FEW or point.state is not PointState.WHOLE


def _along_time(chart: IntervalChart, numbers: NumberFormat, room: Room) -> Scene:
    points = chart.points
    ticks = _choose_ticks(chart, 3)
    labels = [numbers.write_value(chart.unit, tick) for tick in ticks]
    gutter = (max(map(estimate_width, labels)) + 8) / room.width
    top = _TOP + 12
    below = 2 * _LINE + 6 + _LINE * any(point.state is not PointState.WHOLE for point in points)
    foot = top + _PLOT if room.height is None else room.height - below
    up = ChartScale(ticks[0], ticks[-1], foot, top, chart.unit is Unit.SECONDS)
    # The last figure stands beside its point.
    across = ChartScale(0, len(points), gutter, 1 - 12 / room.width)
    shapes: list[SceneShape] = [title_of(chart.title, room)]
    for tick, label in zip(ticks, labels, strict=True):
        y = up.place(tick)
        shapes.append(SceneLine(gutter, y, 1, y, Ink.GRID if tick else Ink.AXIS))
        shapes.append(SceneText(gutter, y + 4, label, Ink.SOFT, Anchor.END, shift=-5))
    shapes += _grounds(chart, across, top, foot)
    if chart.target is not None:
        shapes += _goal_across(chart, chart.target, gutter, up, numbers)
    shapes += _path(points, across, up)
    for number, point in enumerate(points):
        shapes += _estimate(point, across.place(number + 0.5), up)
    shapes += _values(chart, across, up, numbers, room)
    shapes += _time_labels(points, across, foot, numbers, room)
    return Scene(room.height or foot + below, tuple(shapes))


def _grounds(
    chart: IntervalChart, across: ChartScale, top: float, foot: float
) -> Iterator[SceneShape]:
    """Yield grey ground behind blind periods, hatched ground behind one that is not over."""
    for number, point in enumerate(chart.points):
        if point.state is not PointState.WHOLE:
            left, right = across.place(number), across.place(number + 1)
            hatched = point.state is PointState.UNFINISHED
            yield SceneBar(left, top, right, foot, Ink.BLIND, is_hatched=hatched)


def _goal_across(
    chart: IntervalChart, target: float, gutter: float, up: ChartScale, numbers: NumberFormat
) -> Iterator[SceneShape]:
    y = up.place(target)
    yield SceneLine(gutter, y, 1, y, Ink.GOAL, 2, is_dashed=True)
    words = f"goal {numbers.write_value(chart.unit, target)}"
    yield SceneText(gutter, y - 5, words, Ink.GOAL, shift=4)


def _path(
    points: tuple[IntervalPoint, ...], across: ChartScale, up: ChartScale
) -> Iterator[SceneShape]:
    for (number, one), (_, two) in pairwise(enumerate(points)):
        if one.value is None or two.value is None:
            continue
        left, right = across.place(number + 0.5), across.place(number + 1.5)
        before, after = up.place(one.value), up.place(two.value)
        yield SceneLine(left, before, right, after, Ink.PALE, 2)


def _estimate(point: IntervalPoint, x: float, up: ChartScale) -> Iterator[SceneShape]:
    """Yield an interval from its foot to its head, and the estimate on it."""
    if point.value is None:
        return
    low = up.low if point.low is None else point.low
    high = up.high if point.high is None else point.high
    if point.low is not None or point.high is not None:
        yield SceneLine(x, up.place(low), x, up.place(high), Ink.MARK, 2, _is_thin(point))
        for limit in (point.low, point.high):
            if limit is not None:
                y = up.place(limit)
                yield SceneLine(x - 0.008, y, x + 0.008, y, Ink.MARK, 2)
    yield SceneDot(x, up.place(point.value), Ink.MARK, 4, _is_thin(point))


def _values(
    chart: IntervalChart, across: ChartScale, up: ChartScale, numbers: NumberFormat, room: Room
) -> Iterator[SceneShape]:
    """Yield the figures of the highest, the lowest and the last point, beside or above."""
    values = [point.value for point in chart.points]
    for number in find_extremes(values):
        value = values[number]
        if value is None:
            continue
        words = numbers.write_value(chart.unit, value)
        x, y = across.place(number + 0.5), up.place(value) + 4
        width = estimate_width(words) * 1.1 / room.width
        high = chart.points[number].high
        if width + 14 / room.width <= across.place(1) - across.place(0):
            yield SceneText(x, y, words, Ink.TEXT, size=TextSize.STRONG, shift=8)
            continue
        y = up.place(up.high if high is None else high) - 5
        sticks_out = x + width / 2 > 1
        anchor = Anchor.END if sticks_out else Anchor.MIDDLE
        yield SceneText(1.0 if sticks_out else x, y, words, Ink.TEXT, anchor, TextSize.STRONG)


def _time_labels(
    points: tuple[IntervalPoint, ...],
    across: ChartScale,
    foot: float,
    numbers: NumberFormat,
    room: Room,
) -> Iterator[SceneShape]:
    names = [cut_text(point.label, 10) for point in points]
    counts = [f"n\u00a0{numbers.write_count(point.n)}" for point in points]
    widest = max(map(estimate_width, [*names, *counts])) + 4
    most = int(room.width * (across.end - across.start) / widest)
    for number in choose_labels(len(points), max(1, most)):
        x = across.place(number + 0.5)
        instead = f"no. {number + 1}"
        yield SceneText(x, foot + _LINE, names[number], Ink.TEXT, Anchor.MIDDLE, instead=instead)
        yield SceneText(x, foot + 2 * _LINE, counts[number], Ink.SOFT, Anchor.MIDDLE)
    for number, point in enumerate(points):
        if point.state is not PointState.WHOLE:
            words = "so far" if point.state is PointState.UNFINISHED else "blind"
            x = across.place(number + 0.5)
            is_last = number == len(points) - 1
            anchor = Anchor.END if is_last else Anchor.MIDDLE
            x = 1.0 if is_last else x
            yield SceneText(x, foot + 3 * _LINE, words, Ink.SOFT, anchor)


def _one_below_other(chart: IntervalChart, numbers: NumberFormat, room: Room) -> Scene:
    points = chart.points[: room.rows]
    rest = len(chart.points) - len(points)
    is_page = room.height is None
    start, end = (0.02, 0.98) if is_page else (_NAMES + 0.01, 1 - _FIGURES)
    high = 36.0 if is_page else min(30.0, ((room.height or 0) - _TOP - 32) / len(points))
    foot = _TOP + high * len(points)
    ticks = _choose_ticks(chart, 4)
    across = ChartScale(ticks[0], ticks[-1], start, end, chart.unit is Unit.SECONDS)
    shapes: list[SceneShape] = [title_of(chart.title, room)]
    for tick in ticks:
        x = across.place(tick)
        shapes += _rule_rows(x, len(points), high, Ink.GRID if tick else Ink.AXIS, room)
        words = numbers.write_value(chart.unit, tick)
        shapes.append(SceneText(x, foot + 12, words, Ink.SOFT, Anchor.MIDDLE))
    if chart.target is not None:
        x = across.place(chart.target)
        words = f"goal {numbers.write_value(chart.unit, chart.target)}"
        shapes += _rule_rows(x, len(points), high, Ink.GOAL, room)
        shapes.append(SceneText(1, foot + 26, words, Ink.GOAL, Anchor.END))
    for number, point in enumerate(points):
        shapes += _row(chart, point, number, _TOP + number * high, high, across, numbers, room)
    if rest:
        shapes.append(SceneText(0, foot + 26, f"and {rest} more", Ink.SOFT))
    has_foot = rest or chart.target is not None
    return Scene(room.height or foot + (30 if has_foot else 16), tuple(shapes))


def _rule_rows(x: float, count: int, high: float, ink: Ink, room: Room) -> Iterator[SceneShape]:
    """Yield an upright line through the rows, which spares the words above them on a page."""
    inset = 17.0 if room.height is None else 0.0
    width = 2 if ink is Ink.GOAL else 1
    for number in range(count):
        top = _TOP + number * high
        yield SceneLine(x, top + inset, x, top + high, ink, width)


def _row(
    chart: IntervalChart,
    point: IntervalPoint,
    number: int,
    top: float,
    high: float,
    across: ChartScale,
    numbers: NumberFormat,
    room: Room,
) -> Iterator[SceneShape]:
    is_page = room.height is None
    figure = say_figure(chart, point, numbers, has_range=is_page)
    foot = top + 14 if is_page else top + high / 2 + 4
    part = 1.0 if is_page else _NAMES
    size = TextSize.STRONG if point.is_own else TextSize.NORMAL
    name = room.cut(point.label, part, less=estimate_width(figure) * 1.1 + 8 if is_page else 4)
    yield SceneText(0, foot, name, size=size, instead=f"no. {number + 1}")
    yield SceneText(1, foot, figure, anchor=Anchor.END, size=size)
    if point.value is None:
        return
    y = top + 25 if is_page else top + high / 2
    x = across.place(point.value)
    if chart.unit in _FROM_ZERO:
        half = 6.0 if is_page else high * 0.3
        ink = Ink.COLD_2 if point.is_own else Ink.PALE
        hatched = point.state is PointState.UNFINISHED
        yield SceneBar(across.place(0), y - half, x, y + half, ink, is_hatched=hatched)
    if point.low is not None or point.high is not None:
        low = across.start if point.low is None else across.place(point.low)
        right = across.end if point.high is None else across.place(point.high)
        yield SceneLine(low, y, right, y, Ink.MARK, 2, _is_thin(point))
    yield SceneDot(x, y, Ink.MARK, 4.5 if point.is_own else 4, _is_thin(point))


def say_figure(
    chart: IntervalChart, point: IntervalPoint, numbers: NumberFormat, *, has_range: bool
) -> str:
    """Return an estimate with its n, and its interval if asked: "34% (29% to 40%), n 120"."""
    value = numbers.write_value(chart.unit, point.value)
    limits = numbers.write_range(chart.unit, point.low, point.high)
    middle = f" ({limits})" if has_range and limits and point.value is not None else ""
    note = {PointState.UNFINISHED: ", so far", PointState.BLIND: ", blind"}.get(point.state, "")
    return f"{value}{middle}, n\u00a0{numbers.write_count(point.n)}{note}"


def name_point(point: IntervalPoint, columns: int) -> str:
    """Return the name of a point, cut, so that figures can follow it."""
    return isolate_name(cut_text(point.label, columns))
