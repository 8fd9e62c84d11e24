"""spike: many more people than usual at this hour of the week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from monitor.domain.alert import Clause
from monitor.domain.feedback import Evidence
from monitor.domain.window import HOUR, UnseenSpan, WindowHistory, WindowItem, WindowView
from monitor.settings import Duration
from rules.base import ConditionOptions, enum_validator
from rules.conditions.count import Counted
from rules.hourly_sums import number_hour
from rules.spans import format_span
from rules.spikes import (
    WINDOWS,
    HourlyCounts,
    SpikeBaseline,
    SpikeResult,
    SpikeTest,
    build_baseline,
    judge_count,
)
from rules.window_condition import WindowCondition

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOURS_IN_DAY = 24
#: Eight weeks before a guard of two days and a window of one.
_MEMORY = timedelta(weeks=8, days=3)
#: What arrives later after it was written is no part of a spike, nor of what is usual.
_LATEST = timedelta(days=2)
#: An alarm ends at the latest so many hours after the last window that was a spike.
_LONGEST_TAIL = 72


def _require_window(value: timedelta) -> timedelta:
    if value in [hours * HOUR for hours in WINDOWS]:
        return value
    raise ValueError(f"one of {', '.join(f'{hours}h' for hours in WINDOWS)} is needed")


class SpikeOptions(ConditionOptions):
    """How long the window is, and how many false alarms are bearable."""

    #: how long the window is: 1, 3, 6, 12 or 24 hours
    within: Annotated[Duration, AfterValidator(_require_window)] = 3 * HOUR
    #: about so many false alarms in 28 days
    alarms_per_month: Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)] = 1.0
    #: fewer are never a spike
    min: Annotated[int, Field(strict=True, ge=3, le=10_000)] = 3
    #: what counts once a day: people, or threads
    of: Annotated[Counted, enum_validator(Counted)] = Counted.AUTHORS


@dataclass(frozen=True, slots=True)
class _CountedHours:
    """How many wrote in which hour, as of a full hour; hours are counted from 1970 on."""

    hour: int  #: what arrived from here on is not in it
    by_hour: Mapping[int, int]
    #: who counts on which of the last days already
    named: frozenset[tuple[Hashable, int]]
    by_source: Mapping[str, int]
    exposure: Mapping[int, float]  #: of hours that were not seen whole
    baselines: dict[int, SpikeBaseline] = field(default_factory=dict, compare=False)

    def list_counts(self, last: int) -> HourlyCounts:
        """Return the series up to an hour."""
        first = min((*self.by_hour, last))
        hours = range(first, last + 1)
        return HourlyCounts(
            first,
            tuple(self.by_hour.get(hour, 0) for hour in hours),
            tuple(self.exposure.get(hour, 1.0) for hour in hours),
        )


class SpikeCondition(WindowCondition):
    """Holds where so many people have written within the window that chance, at this hour of the
    week, would bring as many only about so often in 28 days.

    Windows end with full hours; the one in hand is judged as soon as it is too full. An author
    counts once a day. What is usual is learned from the eight weeks before the last two days;
    earlier spikes are weighed down and times in which the source could not be read are left out
    (see [spikes](spikes.md)). While a spike lasts the condition goes on to hold, until two windows
    in a row are back to usual. Under 14 days of history a more careful test takes its place, and
    the reason says "learning"; under three days it holds only from a `min` that is written down.
    """

    Options = SpikeOptions
    short = "within"

    def __init__(self, value: object) -> None:
        self._options = SpikeOptions.model_validate(self.table(value))
        hours = self._options.within // HOUR
        self._test = SpikeTest(hours, self._options.alarms_per_month, min_count=self._options.min)

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
        """Eight weeks, before the last days."""
        return _MEMORY

    @property
    def key(self) -> Hashable:
        """What is learned depends on what counts, and in which window."""
        return self.kind(), self._options

    def learn(self, known: object, history: WindowHistory) -> _CountedHours:
        """Return how many wrote in each hour, an author once a day."""
        begins, now = number_hour(history.begins), number_hour(history.hour)
        by_hour: Counter[int] = Counter()
        by_source: Counter[str] = Counter()
        named: set[tuple[Hashable, int]] = set()
        if isinstance(known, _CountedHours):
            by_hour.update({at: n for at, n in known.by_hour.items() if at >= begins})
            by_source.update(known.by_source)
            named.update(known.named)
        for hour, item in self._count_new(history.items, named):
            if hour >= begins:
                by_hour[hour] += 1
                by_source[item.source_id] += 1
        recent = now // _HOURS_IN_DAY - _LATEST.days - 1
        return _CountedHours(
            now,
            by_hour,
            frozenset(one for one in named if one[1] >= recent),
            by_source,
            _measure_exposure(history.blind, by_source),
        )

    def check_window(self, window: WindowView, evidence: Evidence) -> Clause | None:
        """Return a clause with the number, what is usual and what would be a spike, or None."""
        counted = window.learned.get(self.key)
        if not isinstance(counted, _CountedHours):
            return None
        by_hour = self._add_current_hour(window, counted)
        own = number_hour(window.own.at)
        last = min(own + self._test.window_hours - 1, counted.hour)
        for end in range(own, last + 1):
            result = self._judge(counted, by_hour, end)
            if self._is_spike(result):
                return self.clause(f"is part of a spike: {self._format(result)}")
        if self._still_lasts(counted) and own > counted.hour - self._test.window_hours:
            result = self._judge(counted, by_hour, counted.hour)
            return self.clause(f"is part of a spike that is not over: {self._format(result)}")
        return None

    def measure_window(self, window: WindowView, evidence: Evidence) -> str:
        """Return the number, what is usual and what would be a spike."""
        counted = window.learned.get(self.key)
        if not isinstance(counted, _CountedHours):
            return ""
        by_hour = self._add_current_hour(window, counted)
        own = min(number_hour(window.own.at), counted.hour)
        return self._format(self._judge(counted, by_hour, own))

    def describe(self) -> str:
        """Return what is asked for: the window, and how many false alarms."""
        options = self._options
        return (
            f"is part of a spike within {format_span(options.within)} "
            f"(about {options.alarms_per_month:g} false alarms a month)"
        )

    def _add_current_hour(self, window: WindowView, counted: _CountedHours) -> Mapping[int, int]:
        """Return the counts with what has arrived since the full hour."""
        since = _EPOCH + counted.hour * HOUR
        fresh = [*reversed([*window.iterate_arrived_since(since)]), window.own]
        by_hour = Counter(hour for hour, _ in self._count_new(fresh, set(counted.named)))
        recent = range(counted.hour - (_LATEST.days + 1) * _HOURS_IN_DAY, counted.hour + 1)
        for hour in recent:
            by_hour[hour] += counted.by_hour.get(hour, 0)
        return by_hour

    def _count_new(
        self, items: Iterable[WindowItem], named: set[tuple[Hashable, int]]
    ) -> Iterator[tuple[int, WindowItem]]:
        """Yield each feedback that counts, with its hour; `named` learns who counts on its day."""
        for item in items:
            if item.arrived - item.at > _LATEST:
                continue
            hour = number_hour(item.at)
            name = self._name(item), hour // _HOURS_IN_DAY
            if name not in named:
                named.add(name)
                yield hour, item

    def _name(self, item: WindowItem) -> Hashable:
        if self._options.of is Counted.AUTHORS:
            return item.person
        if self._options.of is Counted.THREADS:
            return item.conversation
        return item.feedback_id or id(item)

    def _judge(self, counted: _CountedHours, by_hour: Mapping[int, int], end: int) -> SpikeResult:
        """Return what the window is that ends with an hour."""
        baseline = counted.baselines.get(end)
        if baseline is None:
            baseline = build_baseline(counted.list_counts(end), self._test)
            counted.baselines[end] = baseline
        hours = range(end - self._test.window_hours + 1, end + 1)
        return judge_count(sum(by_hour.get(hour, 0) for hour in hours), baseline, self._test)

    def _is_spike(self, result: SpikeResult) -> bool:
        """Return whether it is a spike; before anything is usual only what is written tells."""
        return result.is_spike and (
            result.stage != "absolute" or "min" in self._options.model_fields_set
        )

    def _still_lasts(self, counted: _CountedHours) -> bool:
        """Return whether a spike before the hour in hand is not over: not usual twice in a row."""
        usual = 0
        for end in range(counted.hour - 1, counted.hour - 1 - _LONGEST_TAIL, -1):
            result = self._judge(counted, counted.by_hour, end)
            if self._is_spike(result):
                return True
            usual = usual + 1 if result.is_over else 0
            if usual == 2:
                return False
        return False

    def _format(self, result: SpikeResult) -> str:
        what = {Counted.AUTHORS: "people", Counted.THREADS: "threads"}.get(
            self._options.of, "feedback"
        )
        span = format_span(self._options.within)
        if result.stage == "absolute":
            return f"{result.count} {what} within {span} (too little history to know what is usual)"
        learning = "; learning" if result.stage == "learning" else ""
        return (
            f"{result.count} {what} within {span}, where about {result.expected:.2g} are usual "
            f"and {result.needed} a spike{learning}"
        )


def _measure_exposure(
    spans: Iterable[UnseenSpan], by_source: Mapping[str, int]
) -> dict[int, float]:
    """Return the part of each hour that was seen, where it was not all: by the sources' shares."""
    total = sum(by_source.values())
    exposure: dict[int, float] = {}
    for span in spans:
        share = by_source.get(span.source_id, 0) / total if total else 0
        for hour in range(number_hour(span.since), number_hour(span.until) + 1):
            begins = _EPOCH + hour * HOUR
            missed = min(span.until, begins + HOUR) - max(span.since, begins)
            if missed > timedelta():
                exposure[hour] = max(0.0, exposure.get(hour, 1.0) - share * (missed / HOUR))
    return exposure
