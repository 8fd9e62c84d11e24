"""How long people wait: until somebody has an alert, answers, and closes it.

In working seconds, which are handed in. What is still open counts as "not yet": it is longer than
all that was measured, and never left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from monitor.digest.counts import Series, WaitTimes
from monitor.digest.intervals import bound_percentile, bound_percentile_change, find_percentile
from monitor.digest.measures import Recipe, make_measure
from monitor.domain.measure import Measure, Unit

FEWEST_TIMES = 5  #: now and before, below which no change is called


class ResponseStep(StrEnum):
    """What is waited for; the names of the fields of `AlertTimes`."""

    ACKNOWLEDGE = "acknowledge"
    REPLY = "reply"
    RESOLVE = "resolve"


@dataclass(frozen=True, slots=True)
class AlertTimes:
    """The working seconds from the opening of one alert to each step; None: not yet."""

    acknowledge: float | None = None
    reply: float | None = None
    resolve: float | None = None


@dataclass(frozen=True, slots=True)
class StepMeasures:
    """Within how many working seconds half, and nine in ten, got as far as a step."""

    step: ResponseStep
    median: Measure
    ninetieth: Measure


def collect_waits(alerts: Iterable[AlertTimes], step: ResponseStep) -> WaitTimes:
    """Return how long each alert waited for a step, and how many still do."""
    waits = [getattr(alert, step.value) for alert in alerts]
    over = tuple(wait for wait in waits if wait is not None)
    return WaitTimes(over, len(waits) - len(over))


def measure_waits(series: Series[WaitTimes], share: float) -> Measure:
    """Return a percentile of waiting in seconds; `share` is 0.5 for the median.

    Where it lies among what is still open, `value` is None and `low`, if known, says "at least".
    """
    recipe: Recipe[WaitTimes] = Recipe(
        unit=Unit.SECONDS,
        size=lambda times: times.n,
        value=partial(find_percentile, share=share),
        bound=partial(bound_percentile, share=share),
        bound_change=partial(bound_percentile_change, share=share),
        fewest=FEWEST_TIMES,
    )
    return make_measure(series, recipe)


def measure_responses(series: Series[tuple[AlertTimes, ...]]) -> tuple[StepMeasures, ...]:
    """Return median and 90th percentile of each step, in the order of an alert's life."""
    return tuple(_measure_step(series, step) for step in ResponseStep)


def _measure_step(series: Series[tuple[AlertTimes, ...]], step: ResponseStep) -> StepMeasures:
    waits = series.convert(lambda alerts: collect_waits(alerts, step))
    return StepMeasures(step, measure_waits(waits, 0.5), measure_waits(waits, 0.9))
