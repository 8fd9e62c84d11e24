"""How a source fares, judged against its own history: pure, time is an argument."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

#: A source is said to fail after so many polls in a row.
FAILING_AFTER = 3
#: History that an expectation is made from, and the least of it.
HISTORY_SPAN = timedelta(days=28)
_LEAST_HISTORY = timedelta(days=3)
#: A source is said to be silent when its silence is this unlikely: about one false alarm a year at
#: a poll an hour.
_SILENCE_PROBABILITY = 1e-4
_HOUR = timedelta(hours=1)
_HOURS_IN_WEEK = 168
#: Weight of the mean of all hours in the mean of one: an hour of one week with both neighbours.
_PRIOR_HOURS = 3
#: A negative binomial distribution needs more than 1.
_LEAST_DISPERSION = 1.05


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered of a source between two polls."""

    source_id: str
    cursor: str = ""  #: opaque; handed back to the source
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    due_at: datetime | None = None  #: not polled before; None for at once
    failures: int = 0  #: consecutive
    error: str = ""  #: of the last attempt, redacted
    stopped: bool = False  #: gone for good; a person starts it again
    rechecked_at: datetime | None = None  #: when older feedback was last looked at again

    def after_success(self, now: datetime, due_at: datetime | None = None) -> SourceState:
        """Return the state after the source was read; `due_at`: not to be polled before."""
        return replace(
            self, last_attempt_at=now, last_success_at=now, due_at=due_at, failures=0, error=""
        )

    def after_failure(
        self,
        error: str,
        now: datetime,
        *,
        due_at: datetime | None = None,
        stopped: bool = False,
    ) -> SourceState:
        """Return the state after it could not be read; `stopped`: it is gone for good."""
        return replace(
            self,
            last_attempt_at=now,
            due_at=due_at,
            failures=self.failures + 1,
            error=error,
            stopped=self.stopped or stopped,
        )


@dataclass(frozen=True, slots=True)
class PollHour:
    """What the polls of one hour brought."""

    at: datetime  #: the start of the hour
    polls: int
    failures: int
    items: int  #: new feedback

    @property
    def has_answer(self) -> bool:
        """Whether the source answered at all.

        An hour without an answer says nothing about silence.
        """
        return self.polls > self.failures


@dataclass(frozen=True, slots=True)
class Gap:
    """A time from which feedback may be missing."""

    since: datetime
    until: datetime | None  #: None while it lasts
    reason: str


@dataclass(frozen=True, slots=True)
class ExpectedVolume:
    """How much a source usually brings, by the hour of the week."""

    per_day: float
    dispersion: float  #: variance over mean of an hour's count; 1 for independent arrivals
    by_hour: tuple[float, ...]  #: 168 expected counts, from Monday 0 h UTC on

    def items_between(self, since: datetime, now: datetime) -> float:
        """Return how many items are expected between two times."""
        total, at = 0.0, since
        while at < now:
            end = min(now, at.replace(minute=0, second=0, microsecond=0) + _HOUR)
            total += self.by_hour[_hour_of_week(at)] * ((end - at) / _HOUR)
            at = end
        return total

    def probability_of_none(self, since: datetime, now: datetime) -> float:
        """Return the probability that nothing comes between two times."""
        return self.probability_of_zero(self.items_between(since, now))

    def probability_of_zero(self, mean: float) -> float:
        """Return the probability of nothing where so many are expected.

        It is the zero term of a negative binomial distribution with this mean and dispersion.
        """
        return math.exp(-mean * math.log(self.dispersion) / (self.dispersion - 1))


def estimate_volume(hours: Sequence[PollHour]) -> ExpectedVolume | None:
    """Return what the history lets us expect; None while there is too little of it.

    The mean of an hour of the week is taken over its neighbours too and drawn towards the mean of
    all hours, by the weight of one week, so that a few weeks suffice.
    """
    seen = [hour for hour in hours if hour.has_answer]
    if len(seen) * _HOUR < _LEAST_HISTORY:
        return None
    mean = sum(hour.items for hour in seen) / len(seen)
    counts: dict[int, list[int]] = defaultdict(list)
    for hour in seen:
        for near in (-1, 0, 1):
            counts[(_hour_of_week(hour.at) + near) % _HOURS_IN_WEEK].append(hour.items)
    by_hour = tuple(
        (sum(counts[at]) + _PRIOR_HOURS * mean) / (len(counts[at]) + _PRIOR_HOURS)
        for at in range(_HOURS_IN_WEEK)
    )
    spread = [(hour.items - by_hour[_hour_of_week(hour.at)]) ** 2 for hour in seen]
    dispersion = sum(spread) / len(spread) / mean if mean else 1.0
    return ExpectedVolume(
        per_day=24 * mean, dispersion=max(_LEAST_DISPERSION, dispersion), by_hour=by_hour
    )


class HealthCondition(StrEnum):
    """How a source is."""

    OK = "ok"
    NEW = "new"  #: never read with success, and not failing yet
    FAILING = "failing"
    SILENT = "silent"  #: it answers, but brings nothing where it always brought something
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How a source is, and why we think so."""

    source_id: str
    condition: HealthCondition
    summary: str  #: one line for people
    state: SourceState
    per_day: float | None = None  #: what is expected; None while that is not known
    last_day: int = 0  #: new feedback in the last 24 h
    newest_at: datetime | None = None  #: when something new last came
    coverage: float | None = None  #: share of the polls of the last 7 days that succeeded
    gaps: tuple[Gap, ...] = ()

    @property
    def needs_attention(self) -> bool:
        """Whether a person should look."""
        return self.condition in (
            HealthCondition.FAILING,
            HealthCondition.SILENT,
            HealthCondition.STOPPED,
        )


def assess_health(
    state: SourceState, hours: Sequence[PollHour], gaps: Sequence[Gap], now: datetime
) -> SourceHealth:
    """Return how a source is; `hours` is its history of HISTORY_SPAN, oldest first."""
    expected = estimate_volume(hours)
    bringing = [hour for hour in hours if hour.items]
    newest = min(now, bringing[-1].at + _HOUR) if bringing else None
    condition, summary = _assess_condition(state, expected, newest, now)
    last_day = [hour for hour in hours if hour.at > now - timedelta(days=1)]
    last_week = [hour for hour in hours if hour.at > now - timedelta(days=7)]
    return SourceHealth(
        source_id=state.source_id,
        condition=condition,
        summary=summary,
        state=state,
        per_day=expected.per_day if expected else None,
        last_day=sum(hour.items for hour in last_day),
        newest_at=newest,
        coverage=poll_success_rate(last_week),
        gaps=tuple(gaps),
    )


def _assess_condition(
    state: SourceState, expected: ExpectedVolume | None, newest: datetime | None, now: datetime
) -> tuple[HealthCondition, str]:
    if state.stopped:
        return HealthCondition.STOPPED, f"is not asked any more: {state.error}"
    if state.failures >= FAILING_AFTER:
        since = "since it was added"
        if state.last_success_at:
            since = f"since {state.last_success_at:%Y-%m-%d %H:%M} UTC"
        return (
            HealthCondition.FAILING,
            f"cannot be read {since}, {state.failures} polls in a row: {state.error}",
        )
    if state.last_success_at is None:
        return HealthCondition.NEW, state.error or "was not read yet"
    if expected and newest and expected.probability_of_none(newest, now) < _SILENCE_PROBABILITY:
        hours = (now - newest) / _HOUR
        usual = expected.items_between(newest, now)
        return (
            HealthCondition.SILENT,
            f"answers, but brought nothing for {hours:.0f} h where about {usual:.0f} are usual",
        )
    return HealthCondition.OK, state.error


def poll_success_rate(hours: Sequence[PollHour]) -> float | None:
    """Return the share of polls that succeeded, 0 to 1; None where there were none."""
    polls = sum(hour.polls for hour in hours)
    return 1 - sum(hour.failures for hour in hours) / polls if polls else None


def _hour_of_week(at: datetime) -> int:
    return at.weekday() * 24 + at.hour
