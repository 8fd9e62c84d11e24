"""What windows see in the tests of every condition: a quiet month, then a burst or a silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.domain.feedback import Evidence, Rating, Scale
from monitor.domain.window import (
    HOUR,
    WindowHistory,
    WindowItem,
    WindowView,
    start_of_day,
    start_of_hour,
)
from rules.base import Condition
from rules.window_condition import WindowCondition

_QUIET = timedelta(days=80)
_BURST = 60


def see_windows(condition: Condition, evidences: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the evidences; of a window those too from which it sees something."""
    if not isinstance(condition, WindowCondition):
        return tuple(evidences)
    given = evidences[0]
    now = start_of_hour(given.now)
    views = [
        _see(condition, [*_list_quiet(now, scale), *burst], now, seen)
        for scale in (Scale.STARS5, Scale.NPS)
        for burst, seen in ((_list_burst(now, scale), now), ([], now + timedelta(days=9)))
    ]
    return (*evidences, *(replace(given, now=at, window=view) for view, at in views))


def _see(
    condition: WindowCondition, items: Sequence[WindowItem], hour: datetime, now: datetime
) -> tuple[WindowView, datetime]:
    """Return what a window sees from the last of these, and when it is asked."""
    hour = max(hour, now)
    begins = start_of_day(hour - condition.memory)
    before = [item for item in items if begins <= item.arrived < hour]
    learned = {condition.key: condition.learn(None, WindowHistory(hour, begins, before))}
    *arrived, own = items
    seen_until = {own.source_id: hour}
    return WindowView(own, arrived, len(arrived), learned, seen_until), now


def _list_quiet(now: datetime, scale: Scale) -> list[WindowItem]:
    count = _QUIET // HOUR
    return [_make(number, now - (count - number) * HOUR, scale) for number in range(count)]


def _list_burst(now: datetime, scale: Scale) -> list[WindowItem]:
    minute = timedelta(minutes=1)
    made = [_make(90_000 + n, now + n * minute, scale) for n in range(_BURST - 1)]
    return [
        replace(item, rating=Rating(1, scale), score=-0.8, is_negative=True, words="new paywall")
        for item in made
    ]


def _make(number: int, at: datetime, scale: Scale) -> WindowItem:
    return WindowItem(
        feedback_id=number,
        at=at,
        arrived=at,
        source_id="shop",
        author=f"person {number}",
        rating=Rating(4 + number % 2 if scale is Scale.STARS5 else 9, scale),
        score=0.5,
        words="the shop is fine",
    )
