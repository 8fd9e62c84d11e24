"""Lays a daily chart out: volume by tone, and the balance in a small panel of its own below."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from string import ascii_uppercase

from monitor.digest.chart_scale import ChartScale, choose_labels, choose_steps, find_extremes
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
from monitor.digest.number_format import NumberFormat, cut_text
from monitor.domain.chart import DailyChart, DayColumn, PointState

#: Pixels on the left of the columns, for the figures of the scales.
_GUTTER = 52.0
#: More columns than this have no figures on them, and only some have their day below.
_LABELLED = 10
_LINE = 14.0  #: pixels from one line of text to the next
_BARS = 110.0  #: pixels of the columns where the height is free
_BALANCE = 56.0  #: pixels of the balance where the height is free
_SHARE = 0.42  #: of what is left of a height that is given, for the balance
#: The least span of balances, in points: small changes look small.
_LEAST_SPAN = 40.0
#: Events named below, where the height is free; the others are counted.
_EVENTS_NAMED = 5

_TONES: tuple[tuple[str, Ink, Callable[[DayColumn], int]], ...] = (
    ("negative", Ink.NEGATIVE, lambda day: day.negative),
    ("neutral", Ink.NEUTRAL, lambda day: day.neutral),
    ("unread", Ink.UNREAD, lambda day: day.unread),
    ("positive", Ink.POSITIVE, lambda day: day.positive),
)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the parts of a daily chart stand: in pixels from above, and along the width."""

    across: ChartScale
    bars_top: float
    bars_foot: float
    notes: float  #: foot of "so far" and "blind"
    alerts: float
    balance_top: float  #: 0 without a balance
    balance_foot: float
    events: float  #: foot of the first line
    height: float


def lay_out_daily(chart: DailyChart, numbers: NumberFormat, room: Room) -> Scene:
    """Return the columns of a chart with what is marked on them; days stand from left to right."""
    days = chart.days
    if not any(day.total or day.is_blind or day.alerts or day.events for day in days):
        empty = SceneText(0, 40, "No feedback in this period.", Ink.SOFT)
        return Scene(room.height or 52, (title_of(chart.title, room), empty))
    keys = tuple(_name_events(chart, room))
    frame = _divide(chart, len(keys), room)
    shapes: list[SceneShape] = [title_of(chart.title, room), *_legend(chart, room)]
    shapes += _grounds(chart, frame, numbers, room)
    shapes += _columns(chart, frame, numbers, room)
    shapes += _day_names(chart, frame, numbers, room)
    shapes += _alerts(chart, frame, numbers)
    if frame.balance_top:
        shapes += _balance(chart, frame, numbers, room)
    shapes += _events(chart, frame)
    for number, key in enumerate(keys):
        shapes.append(SceneText(0, frame.events + number * _LINE, key, Ink.SOFT))
    return Scene(frame.height, tuple(shapes))


def _divide(chart: DailyChart, keys: int, room: Room) -> _Frame:
    has_balance = any(day.balance is not None for day in chart.days)
    has_alerts = any(day.alerts for day in chart.days)
    has_notes = any(map(_name_state, chart.days))
    top = (36.0 if room.height is None else 20.0) + _LINE * (keys > 0)
    below = _LINE * (1 + has_notes + has_alerts) + 4
    bars, balance = _BARS, has_balance * _BALANCE
    if room.height is not None:
        free = room.height - top - below - keys * _LINE
        balance = has_balance * free * _SHARE
        bars = free - balance
    foot = top + bars
    end = foot + below + balance
    return _Frame(
        across=ChartScale(0, len(chart.days), _GUTTER / room.width, 1),
        bars_top=top,
        bars_foot=foot,
        notes=foot + 2 * _LINE - 1,
        alerts=foot + _LINE * (2 + has_notes) - 1,
        balance_top=foot + below if has_balance else 0.0,
        balance_foot=end,
        events=end + _LINE - 2,
        height=room.height or math.ceil(end + keys * _LINE + 4),
    )


def _legend(chart: DailyChart, room: Room) -> Iterator[SceneShape]:
    """Yield the tones that occur, in the order in which they are stacked, from above."""
    found = [tone for tone in reversed(_TONES) if any(map(tone[2], chart.days))]
    widths = [24 + estimate_width(name) for name, _, _ in found]
    is_page = room.height is None
    y = 31.0 if is_page else 13.0
    shift = 0.0 if is_page else room.width - sum(widths) + 8
    if not is_page and estimate_width(chart.title) * 1.2 + sum(widths) > room.width:
        return
    for (name, ink, _), width in zip(found, widths, strict=True):
        mark = "□" if ink is Ink.UNREAD else "■"
        yield SceneText(0, y, mark, Ink.AXIS if ink is Ink.UNREAD else ink, shift=shift)
        yield SceneText(0, y, name, Ink.SOFT, shift=shift + 13)
        shift += width


def _grounds(
    chart: DailyChart, frame: _Frame, numbers: NumberFormat, room: Room
) -> Iterator[SceneShape]:
    """Yield grey ground behind what was not seen, with one note for neighbouring days."""
    for note, group in groupby(enumerate(chart.days), key=lambda item: _name_state(item[1])):
        found = list(group)
        left, right = frame.across.place(found[0][0]), frame.across.place(found[-1][0] + 1)
        if not note:
            continue
        if found[0][1].is_blind:
            yield SceneBar(left, frame.bars_top, right, frame.bars_foot, Ink.BLIND)
            if frame.balance_top:
                yield SceneBar(left, frame.balance_top, right, frame.balance_foot, Ink.BLIND)
        hours = sum(day.blind_hours for _, day in found)
        words = note.format(f" {numbers.write_number(hours, 0)}\u00a0h" if hours else "")
        yield _keep_inside((left + right) / 2, frame.notes, words, room)


def _name_state(day: DayColumn) -> str:
    parts = []
    if day.state is PointState.UNFINISHED:
        parts.append("so far")
    if day.is_blind:
        parts.append("blind{}")
    return ", ".join(parts)


def _keep_inside(x: float, y: float, words: str, room: Room) -> SceneText:
    """Return words centred on a place, or at the edge where they would stick out."""
    if x + estimate_width(words) / room.width / 2 > 1:
        return SceneText(1, y, words, Ink.SOFT, Anchor.END)
    return SceneText(x, y, words, Ink.SOFT, Anchor.MIDDLE)


def _columns(
    chart: DailyChart, frame: _Frame, numbers: NumberFormat, room: Room
) -> Iterator[SceneShape]:
    few = len(chart.days) <= _LABELLED
    most = max(day.total for day in chart.days)
    steps = choose_steps(0, max(1, most), 2 if few else 3)
    steps = tuple(step for step in steps if step == int(step))
    # Where figures stand on the columns, the highest needs room for its own.
    head = frame.bars_top + 13 * few
    up = ChartScale(0, max(most, 1), frame.bars_foot, head)
    for step in steps:
        if step > up.high:
            continue
        y = up.place(step)
        start = frame.across.start
        yield SceneLine(start, y, 1, y, Ink.GRID if step else Ink.AXIS)
        label = numbers.write_count(int(step))
        yield SceneText(start, y + 4, label, Ink.SOFT, Anchor.END, shift=-5)
    yield from _stacks(chart, frame, up)
    if few:
        for number, day in enumerate(chart.days):
            yield from _figures(day, frame.across.place(number + 0.5), up, numbers)


def _stacks(chart: DailyChart, frame: _Frame, up: ChartScale) -> Iterator[SceneShape]:
    inset = (frame.across.place(1) - frame.across.place(0)) * 0.16
    stacked = [0] * len(chart.days)
    for _, ink, count in _TONES:
        for number, day in enumerate(chart.days):
            if amount := count(day):
                yield SceneBar(
                    frame.across.place(number) + inset,
                    up.place(stacked[number] + amount),
                    frame.across.place(number + 1) - inset,
                    up.place(stacked[number]),
                    ink,
                    is_hatched=day.state is PointState.UNFINISHED and ink is not Ink.UNREAD,
                    is_hollow=ink is Ink.UNREAD,
                )
                stacked[number] += amount


def _figures(
    day: DayColumn, x: float, up: ChartScale, numbers: NumberFormat
) -> Iterator[SceneShape]:
    """Yield the total above a column, and the negative ones in it where there is room."""
    if day.total:
        total = numbers.write_count(day.total)
        size = TextSize.STRONG
        yield SceneText(x, up.place(day.total) - 3, total, Ink.TEXT, Anchor.MIDDLE, size)
    height = up.start - up.place(day.negative)
    if height >= _LINE and day.negative != day.total and day.state is not PointState.UNFINISHED:
        y = up.start - (height - 8.5) / 2
        words = numbers.write_count(day.negative)
        yield SceneText(x, y, words, Ink.ON_NEGATIVE, Anchor.MIDDLE)


def _day_names(
    chart: DailyChart, frame: _Frame, numbers: NumberFormat, room: Room
) -> Iterator[SceneShape]:
    """Yield the days below the columns, without their dates where those do not fit."""
    few = len(chart.days) <= _LABELLED
    y = frame.bars_foot + _LINE - 1
    pitch = (frame.across.place(1) - frame.across.place(0)) * room.width
    names = [numbers.write_weekday(day.day) for day in chart.days]
    if max(map(estimate_width, names)) + 4 > pitch:
        names = [numbers.write_weekday(day.day, with_date=False) for day in chart.days]
    for number in choose_labels(len(chart.days), 7 if few else 5):
        day = chart.days[number].day
        if few:
            words, x = names[number], frame.across.place(number + 0.5)
            yield SceneText(x, y, words, Ink.TEXT, Anchor.MIDDLE)
        else:
            words, x = numbers.write_day(day), frame.across.place(number + 1)
            yield SceneText(x, y, words, Ink.TEXT, Anchor.END)


def _alerts(chart: DailyChart, frame: _Frame, numbers: NumberFormat) -> Iterator[SceneShape]:
    """Yield a mark below each day with alerts, and how many where there is room."""
    few = len(chart.days) <= _LABELLED
    if any(day.alerts for day in chart.days):
        yield SceneText(0, frame.alerts, "alerts", Ink.SOFT)
    for number, day in enumerate(chart.days):
        if day.alerts:
            words = f"▲ {numbers.write_count(day.alerts)}" if few else "▲"
            x = frame.across.place(number + 0.5)
            yield SceneText(x, frame.alerts, words, Ink.ALERT, Anchor.MIDDLE)


def _events(chart: DailyChart, frame: _Frame) -> Iterator[SceneShape]:
    """Yield a line with a letter where a day with events begins."""
    letters = iter(_letters(chart))
    for number, day in enumerate(chart.days):
        if day.events:
            x = frame.across.place(number)
            top = frame.bars_top - 3
            yield SceneLine(x, top, x, frame.bars_foot, Ink.EVENT, 1.5, is_dashed=True)
            if frame.balance_top:
                low, high = frame.balance_foot, frame.balance_top
                yield SceneLine(x, high, x, low, Ink.EVENT, 1.5, is_dashed=True)
            letter = next(letters)
            yield SceneText(x, top - 2, letter, Ink.EVENT, Anchor.MIDDLE, TextSize.STRONG)


def _letters(chart: DailyChart) -> tuple[str, ...]:
    """Return a letter for each day with events: A to Z, then +."""
    count = sum(bool(day.events) for day in chart.days)
    return tuple((ascii_uppercase + "+" * count)[:count])


def _name_events(chart: DailyChart, room: Room) -> Iterator[str]:
    """Yield the lines that say what the letters stand for."""
    marked = [day for day in chart.days if day.events]
    names = [
        f"{letter} {cut_text(', '.join(day.events), 60)}"
        for letter, day in zip(_letters(chart), marked, strict=True)
    ]
    if names and room.height is not None:
        yield room.cut(" · ".join(names))
        return
    for name in names[:_EVENTS_NAMED]:
        yield room.cut(name)
    if (rest := len(names) - _EVENTS_NAMED) > 0:
        yield f"and on {rest} more {'day' if rest == 1 else 'days'}"


def _balance(
    chart: DailyChart, frame: _Frame, numbers: NumberFormat, room: Room
) -> Iterator[SceneShape]:
    values = {n: day.balance for n, day in enumerate(chart.days) if day.balance is not None}
    low, high = min(0.0, *values.values(), 0.0), max(0.0, *values.values(), 0.0)
    high += max(0.0, _LEAST_SPAN - (high - low)) / 2
    low = min(low, high - _LEAST_SPAN)
    pad = 14.0 if room.height is None else 12.0
    up = ChartScale(
        low,
        high,
        frame.balance_foot - (pad if min(values.values()) < 0 else 5),
        frame.balance_top + (pad if max(values.values()) >= 0 else 5),
    )
    zero, start = up.place(0), frame.across.start
    yield SceneLine(start, zero, 1, zero, Ink.AXIS)
    yield SceneText(0, zero + 4, "balance", Ink.SOFT)
    places = {n: (frame.across.place(n + 0.5), up.place(value)) for n, value in values.items()}
    for one, two in pairwise(values):
        if two == one + 1:
            yield SceneLine(*places[one], *places[two], Ink.MARK, 2)
    radius = 3 if len(chart.days) <= _LABELLED else 2
    for number, (x, y) in places.items():
        hollow = chart.days[number].state is not PointState.WHOLE
        yield SceneDot(x, y, Ink.MARK, radius, hollow)
    for number in find_extremes([day.balance for day in chart.days]):
        x, y = places[number]
        words = numbers.write_number(values[number], 0, signed=True)
        offset = -5 if values[number] >= 0 else 13
        is_last = number == len(chart.days) - 1 and len(chart.days) > _LABELLED
        anchor = Anchor.END if is_last else Anchor.MIDDLE
        yield SceneText(1.0 if is_last else x, y + offset, words, anchor=anchor)
