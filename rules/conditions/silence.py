"""silence: nothing arrives any more where something usually would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from pydantic import Field

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence
from monitor.domain.source_health import ExpectedVolume, PollHour, estimate_volume
from monitor.domain.window import HOUR, UnseenSpan, WindowHistory, WindowView, start_of_hour
from monitor.settings import Duration
from rules.base import ConditionOptions
from rules.spans import format_span
from rules.window_condition import WindowCondition

#: History that an expectation is made from.
_MEMORY = timedelta(days=28)
#: What arrives later after it was written is history that was read in: no measure of an hour.
_LATEST = timedelta(days=7)
_HOURS_IN_MONTH = 28 * 24


class SilenceOptions(ConditionOptions):
    """How unusual a silence, and how long at least."""

    #: about so many false alarms in 28 days
    alarms_per_month: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)] = 0.5
    #: shorter ones are none, however unusual
    longer_than: Annotated[Duration, Field(ge=timedelta(hours=1), le=timedelta(days=14))] = (
        timedelta(hours=3)
    )


@dataclass(frozen=True, slots=True)
class _UsualArrivals:
    """What arrived hour by hour, and what is expected of any hour."""

    first: datetime  #: the hour in which the first of it arrived
    by_hour: Mapping[datetime, int]
    blind: frozenset[datetime]  #: hours in which the source could not be read
    expected: ExpectedVolume | None  #: None under three days of history


@dataclass(frozen=True, slots=True)
class _Quiet:
    """A time in which nothing arrived."""

    since: datetime
    until: datetime
    usual: float  #: how many arrive in such a time
    probability: float  #: that none does

    def __str__(self) -> str:
        span = format_span(self.until - self.since)
        return f"is the last for {span}, where about {self.usual:.0f} are usual"


class SilenceCondition(WindowCondition):
    """Holds where nothing of what the other conditions hold for has arrived for a time in which,
    by the hours of the week of the last 28 days, something would have.

    It is asked each full hour. The alert is about the latest feedback before the silence, so that
    there is one alert a silence. Time in which the source could not be read does not count: an
    outage is no silence, and is told apart. It needs three days of history.
    """

    Options = SilenceOptions
    short = "longer_than"
    is_asked_hourly: ClassVar[bool] = True

    def __init__(self, value: object) -> None:
        self._options = SilenceOptions.model_validate(self.table(value))

    @property
    def alarms_per_month(self) -> float:
        """About how many false alarms it promises in 28 days."""
        return self._options.alarms_per_month

    @property
    def span(self) -> timedelta:
        """Nothing before the feedback in hand: what has arrived since is what counts."""
        return timedelta()

    @property
    def memory(self) -> timedelta:
        """28 days."""
        return _MEMORY

    def learn(self, known: object, history: WindowHistory) -> _UsualArrivals | None:
        """Return how much arrives at which hour of the week."""
        counts: Counter[datetime] = Counter()
        if isinstance(known, _UsualArrivals):
            counts.update(known.by_hour)
        fresh = (item for item in history.items if item.arrived - item.at <= _LATEST)
        counts.update(start_of_hour(item.arrived) for item in fresh)
        by_hour = {hour: count for hour, count in counts.items() if hour >= history.begins}
        if not by_hour:
            return None
        first = min(by_hour)
        hours = (history.hour - first) // HOUR
        blind = _list_blind_hours(history.blind)
        polled = [
            PollHour(hour, 1, int(hour in blind), by_hour.get(hour, 0))
            for hour in (first + at * HOUR for at in range(hours))
        ]
        return _UsualArrivals(first, by_hour, frozenset(blind), estimate_volume(polled))

    def check_window(self, window: WindowView, evidence: Evidence) -> Clause | None:
        """Return a clause with the length of the silence and what would be usual, or None."""
        quiet = self._look(window, evidence)
        if quiet is None or quiet.until - quiet.since < self._options.longer_than:
            return None
        if quiet.probability >= self._options.alarms_per_month / _HOURS_IN_MONTH:
            return None
        return self.clause(str(quiet))

    def measure_window(self, window: WindowView, evidence: Evidence) -> str:
        """Return the length of the silence and what would be usual."""
        quiet = self._look(window, evidence)
        return "too little history to know what is usual" if quiet is None else str(quiet)

    def describe(self) -> str:
        """Return what is asked for: how long, and how many false alarms."""
        options = self._options
        return (
            f"is the last before a silence of {format_span(options.longer_than)} or more that is "
            f"unusual (about {options.alarms_per_month:g} false alarms a month)"
        )

    def _look(self, window: WindowView, evidence: Evidence) -> _Quiet | None:
        usual = window.learned.get(self.key)
        seen = window.seen_until.get(window.own.source_id)
        if not isinstance(usual, _UsualArrivals) or usual.expected is None or seen is None:
            return None
        since = window.own.arrived
        until = max(since, min(seen, start_of_hour(evidence.now)))
        blind = sum(
            usual.expected.items_between(max(hour, since), min(hour + HOUR, until))
            for hour in usual.blind
            if since < hour + HOUR and hour < until
        )
        mean = usual.expected.items_between(since, until) - blind
        return _Quiet(since, until, mean, usual.expected.probability_of_zero(mean))


def _list_blind_hours(spans: Sequence[UnseenSpan]) -> set[datetime]:
    """Return the hours of which a source could not be read for a part."""
    hours = set()
    for span in spans:
        hour = start_of_hour(span.since)
        while hour < span.until:
            hours.add(hour)
            hour += HOUR
    return hours
