"""share: how large a part of the kind is negative, or probably a problem."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence
from monitor.domain.rollup import PROBLEM_FROM
from monitor.domain.window import WindowHistory, WindowItem, WindowView, start_of_hour
from monitor.settings import Duration
from rules.base import ConditionOptions, enum_validator
from rules.hourly_sums import HourlySums, sum_window
from rules.spans import format_span
from rules.window_condition import WindowCondition

_LEAST_COUNT = 10


class SharePart(StrEnum):
    """Which part is meant."""

    NEGATIVE = "negative"
    PROBLEMS = "problems"


class ShareOptions(ConditionOptions):
    """Which part of how many, and in which time."""

    #: from which part on, 0 to 1
    at_least: Annotated[float, Field(strict=True, gt=0, le=1, allow_inf_nan=False)]
    #: which part; a problem is what is one with a probability of 0.5 or more
    of: Annotated[SharePart, enum_validator(SharePart)] = SharePart.NEGATIVE
    #: how long the window is
    within: Annotated[Duration, Field(ge=timedelta(hours=1), le=timedelta(days=28))] = timedelta(
        days=1
    )
    #: with fewer in the window no part is called: percentages of few jump
    min: Annotated[int, Field(strict=True, ge=_LEAST_COUNT, le=10_000)] = 20


class ShareCondition(WindowCondition):
    """Holds for a negative feedback (or a problem) where at least such a part of what the other
    conditions of the rule hold for is negative (or a problem).

    The window ends with the hour in which the feedback was written. What has no tone, or was not
    read, counts as not negative.
    """

    Options = ShareOptions
    short = "at_least"

    def __init__(self, value: object) -> None:
        self._options = ShareOptions.model_validate(self.table(value))

    @property
    def span(self) -> timedelta:
        """Nothing before the hour in which the feedback was written: that was learned."""
        return timedelta()

    @property
    def memory(self) -> timedelta:
        """The length of the window."""
        return self._options.within

    def learn(self, known: object, history: WindowHistory) -> HourlySums:
        """Return both numbers for each hour, by when the feedback was written."""
        return HourlySums.learn(known, history, self._read)

    def check_window(self, window: WindowView, evidence: Evidence) -> Clause | None:
        """Return a clause with the part and both numbers, or None."""
        if not self._is_meant(window.own):
            return None
        part, total = self._count(window, evidence)
        if total < self._options.min or part / total < self._options.at_least:
            return None
        return self.clause(f"{self._start()} {part / total:.0%}{self._end()} ({part} of {total})")

    def measure_window(self, window: WindowView, evidence: Evidence) -> str:
        """Return both numbers, and the part where there are enough."""
        part, total = self._count(window, evidence)
        if total < self._options.min:
            return f"{part} of {total}: too few to call, {self._options.min} are needed"
        return f"{part / total:.0%}, {part} of {total}"

    def describe(self) -> str:
        """Return what is asked for: the part, the number and the time."""
        options = self._options
        return (
            f"{self._start()} {options.at_least:.0%} or more{self._end()}, of {options.min} or more"
        )

    def _start(self) -> str:
        what = "negative" if self._options.of is SharePart.NEGATIVE else "a problem"
        return f"is {what}, as"

    def _end(self) -> str:
        return f" within {format_span(self._options.within)}"

    def _count(self, window: WindowView, evidence: Evidence) -> tuple[int, int]:
        begins = start_of_hour(window.own.at - self._options.within)
        learned, hour = window.learned.get(self.key), start_of_hour(evidence.now)
        sums = sum_window(window, learned, begins, hour, self._read)
        return int(sums.total), sums.count

    def _read(self, item: WindowItem) -> float:
        return float(self._is_meant(item))

    def _is_meant(self, item: WindowItem) -> bool:
        if self._options.of is SharePart.NEGATIVE:
            return item.is_negative
        return (item.problem or 0) >= PROBLEM_FROM
