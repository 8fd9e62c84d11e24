"""count: several people, threads or feedback of the kind within a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Annotated

from pydantic import Field

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence
from monitor.domain.window import WindowItem, WindowView
from monitor.settings import Duration
from rules.base import ConditionOptions, enum_validator
from rules.spans import format_span
from rules.window_condition import WindowCondition

#: Last arrivals that are looked at first.
_ENOUGH = 300


class Counted(StrEnum):
    """What counts once, however much of it there is."""

    AUTHORS = "authors"
    THREADS = "threads"
    FEEDBACK = "feedback"


class CountOptions(ConditionOptions):
    """How many, of what, and in which time."""

    min: Annotated[int, Field(strict=True, ge=2, le=10_000)]  #: so many or more
    #: how long the window is
    within: Annotated[Duration, Field(ge=timedelta(minutes=1), le=timedelta(days=7))]
    #: what counts once: people whom a source does not name are one person each time
    of: Annotated[Counted, enum_validator(Counted)] = Counted.AUTHORS


class CountCondition(WindowCondition):
    """Holds where so many of what the other conditions of the rule hold for were written within a
    window.

    The window may lie anywhere around the feedback, so that it does not matter in which order a
    source hands it over; the feedback that makes the number full is the first for which it holds.
    What came before counts also after a restart, and before the rule was saved. An alert does not
    empty the window.
    """

    Options = CountOptions

    def __init__(self, value: object) -> None:
        self._options = CountOptions.model_validate(self.table(value))

    @property
    def span(self) -> timedelta:
        """The length of the window: it may end with the feedback in hand."""
        return self._options.within

    def check_window(self, window: WindowView, evidence: Evidence) -> Clause | None:
        """Return a clause with the number in the fullest window, or None."""
        found = self._count(window)
        if found < self._options.min:
            return None
        return self.clause(f"is one of {self._format(found)}")

    def measure_window(self, window: WindowView, evidence: Evidence) -> str:
        """Return the number in the fullest window."""
        return f"{self._count(window)} of {self._options.min}"

    def describe(self) -> str:
        """Return what is asked for: the number, of what, and the time."""
        return f"is one of {self._format(self._options.min, 'or more ')}"

    def _format(self, count: int, more: str = "") -> str:
        span = format_span(self._options.within)
        if self._options.of is Counted.AUTHORS:
            return f"{count} {more}by different people within {span}"
        if self._options.of is Counted.THREADS:
            return f"{count} {more}in different threads within {span}"
        return f"{count} {more}within {span}"

    def _count(self, window: WindowView) -> int:
        """Return how many there are in the fullest window around the feedback in hand.

        Where the last arrivals alone are enough, no more are looked at: many more of them say no
        more.
        """
        own, within = window.own.at, self._options.within
        last = islice(window.iterate_since(own - within), max(_ENOUGH, 3 * self._options.min))
        found = len({self._name(item) for item in last if item.at <= own})
        if found >= self._options.min:
            return found
        near = [item for item in window.iterate_since(own - within) if item.at <= own + within]
        near.sort(key=lambda item: item.at)
        return _count_in_fullest(near, own, within, self._name)

    def _name(self, item: WindowItem) -> Hashable:
        if self._options.of is Counted.AUTHORS:
            return item.person
        if self._options.of is Counted.THREADS:
            return item.conversation
        return item.feedback_id or id(item)


def _count_in_fullest(
    items: Sequence[WindowItem],
    own: datetime,
    within: timedelta,
    name: Callable[[WindowItem], Hashable],
) -> int:
    """Return the most different names in any window with `own` in it; items are sorted by time."""
    inside: Counter[Hashable] = Counter()
    most, end = 0, 0
    for first in items:
        if first.at > own:
            break
        while end < len(items) and items[end].at <= first.at + within:
            inside[name(items[end])] += 1
            end += 1
        if own <= first.at + within:
            most = max(most, len(inside))
        inside[name(first)] -= 1
        if not inside[name(first)]:
            del inside[name(first)]
    return most
