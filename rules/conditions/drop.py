"""drop: stars, tone or NPS are lower than they were."""

from __future__ import annotations

import math
from datetime import timedelta
from enum import StrEnum
from statistics import NormalDist
from typing import Annotated

from pydantic import Field

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence, Scale
from monitor.domain.window import WindowHistory, WindowItem, WindowView, start_of_hour
from monitor.settings import Duration
from rules.base import ConditionOptions, enum_validator
from rules.hourly_sums import HourlySums, Sums, sum_window
from rules.spans import format_span
from rules.window_condition import WindowCondition

_MONTH = timedelta(days=28)
#: Looks at windows of which each overlaps the last are worth so many independent ones a window:
#: what keeps the promise on simulated ratings that do not change (benchmarks/drops.py).
_LOOKS_PER_WINDOW = 12
_PROMOTER_FROM, _DETRACTOR_TO = 9, 6


class Dropped(StrEnum):
    """What is averaged."""

    STARS = "stars"
    SENTIMENT = "sentiment"
    NPS = "nps"


_UNITS = {Dropped.STARS: " stars", Dropped.SENTIMENT: "", Dropped.NPS: " points"}


class DropOptions(ConditionOptions):
    """What is averaged, by how much less, and over which times."""

    #: what is averaged: stars (1 to 5), tone (-1 to 1) or NPS (-100 to 100)
    of: Annotated[Dropped, enum_validator(Dropped)]
    #: so much lower or more, in stars, tone or points
    by: Annotated[float, Field(strict=True, gt=0, le=200, allow_inf_nan=False)]
    #: how long the window is that is compared
    within: Annotated[Duration, Field(ge=timedelta(hours=6), le=timedelta(days=28))] = timedelta(
        days=7
    )
    #: how long the time before the window is that it is compared with
    against: Annotated[Duration, Field(ge=timedelta(days=7), le=timedelta(days=180))] = _MONTH
    #: with fewer in either time no drop is called
    min: Annotated[int, Field(strict=True, ge=10, le=10_000)] = 20
    #: about so many false alarms in 28 days
    alarms_per_month: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)] = 0.5


class DropCondition(WindowCondition):
    """Holds for a feedback that is worse than usual, where the mean of the window that ends with it
    is lower than the mean of the time before.

    The difference must be as large as asked, and larger than chance makes it: a one-sided test of
    two means (Welch 1947) at a level that gives about so many false alarms in 28 days.
    """

    Options = DropOptions

    def __init__(self, value: object) -> None:
        self._options = DropOptions.model_validate(self.table(value))

    @property
    def alarms_per_month(self) -> float:
        """About how many false alarms it promises in 28 days."""
        return self._options.alarms_per_month

    @property
    def span(self) -> timedelta:
        """Nothing before the hour in which the feedback was written: that was learned."""
        return timedelta()

    @property
    def memory(self) -> timedelta:
        """The window and the time that it is compared with."""
        return self._options.within + self._options.against

    def learn(self, known: object, history: WindowHistory) -> HourlySums:
        """Return the sums of each hour, by when the feedback was written."""
        return HourlySums.learn(known, history, self._read)

    def check_window(self, window: WindowView, evidence: Evidence) -> Clause | None:
        """Return a clause with both means and both numbers, or None."""
        own = self._read(window.own)
        now, before = self._compare(window, evidence)
        least = self._options.min
        if now.count < least or before.count < least:
            return None
        if own is None or own >= before.mean or before.mean - now.mean < self._options.by:
            return None
        error = math.sqrt(now.error_squared + before.error_squared)
        if error and (before.mean - now.mean) / error < self._least_distance:
            return None
        return self.clause(f"is worse than usual: {self._format(now, before)}")

    def measure_window(self, window: WindowView, evidence: Evidence) -> str:
        """Return both means and both numbers."""
        now, before = self._compare(window, evidence)
        if min(now.count, before.count) < self._options.min:
            return f"{now.count} now, {before.count} before: too few to call"
        return self._format(now, before)

    def describe(self) -> str:
        """Return what is asked for: the difference and both times."""
        options = self._options
        return (
            f"is worse than usual: {options.of} fell by {options.by:g}{_UNITS[options.of]} or more "
            f"within {format_span(options.within)}, against {format_span(options.against)} before"
        )

    @property
    def _least_distance(self) -> float:
        """From how many standard errors on a difference is no chance any more."""
        looks = _LOOKS_PER_WINDOW * max(1.0, _MONTH / self._options.within)
        return NormalDist().inv_cdf(1 - min(0.05, self._options.alarms_per_month / looks))

    def _compare(self, window: WindowView, evidence: Evidence) -> tuple[Sums, Sums]:
        """Return the sums of the window and of the time before it."""
        options, learned = self._options, window.learned.get(self.key)
        begins = start_of_hour(window.own.at - options.within)
        now = sum_window(window, learned, begins, start_of_hour(evidence.now), self._read)
        if not isinstance(learned, HourlySums):
            return now, Sums()
        return now, learned.between(begins - options.against, begins)

    def _read(self, item: WindowItem) -> float | None:
        if self._options.of is Dropped.SENTIMENT:
            return item.score
        if item.rating is None:
            return None
        if self._options.of is Dropped.STARS:
            return item.rating.stars
        if item.rating.scale is not Scale.NPS:
            return None
        is_promoter = item.rating.value >= _PROMOTER_FROM
        return 100.0 * (is_promoter - (item.rating.value <= _DETRACTOR_TO))

    def _format(self, now: Sums, before: Sums) -> str:
        of, digits = self._options.of, 0 if self._options.of is Dropped.NPS else 2
        return (
            f"{of} {now.mean:.{digits}f} ({now.count}) within {format_span(self._options.within)}, "
            f"{before.mean:.{digits}f} ({before.count}) before"
        )
