"""Response times: what is still open counts as "not yet"."""

from __future__ import annotations

from monitor.digest.counts import Series, WaitTimes
from monitor.digest.response_times import (
    AlertTimes,
    ResponseStep,
    collect_waits,
    measure_responses,
    measure_waits,
)
from monitor.domain.measure import Trend, Unit

HOUR = 3600.0


def test_what_nobody_has_answered_yet_is_counted() -> None:
    """Two of three were answered; the third waits, and nothing is left out."""
    alerts = [AlertTimes(60.0, 2 * HOUR), AlertTimes(30.0), AlertTimes(90.0, HOUR, 3 * HOUR)]

    assert collect_waits(alerts, ResponseStep.ACKNOWLEDGE) == WaitTimes((30.0, 60.0, 90.0))
    assert collect_waits(alerts, ResponseStep.REPLY) == WaitTimes((HOUR, 2 * HOUR), open=1)
    assert collect_waits(alerts, ResponseStep.RESOLVE) == WaitTimes((3 * HOUR,), open=2)


def test_each_step_has_a_median_and_a_ninetieth_percentile() -> None:
    """In the order of an alert's life, in seconds."""
    now = tuple(AlertTimes(60.0 * at, HOUR * at, 2 * HOUR * at) for at in range(1, 11))

    steps = measure_responses(Series(now, (now,)))

    assert [step.step for step in steps] == list(ResponseStep)
    assert [(step.median.value, step.ninetieth.value) for step in steps] == [
        (300.0, 540.0),
        (5 * HOUR, 9 * HOUR),
        (10 * HOUR, 18 * HOUR),
    ]
    assert {step.median.unit for step in steps} == {Unit.SECONDS}
    assert steps[0].median.verdict is Trend.SAME


def test_where_most_are_open_the_median_is_at_least_its_lower_limit() -> None:
    """No figure is made up, and what is certain is told."""
    measure = measure_waits(Series(WaitTimes((HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR), open=6)), 0.5)

    assert (measure.value, measure.n) == (None, 10)
    assert (measure.low, measure.high) == (2 * HOUR, None)


def test_four_times_are_too_few_and_a_clear_change_of_many_is_called() -> None:
    """Slower is up: it is a time."""
    slow = WaitTimes(tuple(5 * HOUR + at for at in range(20)))
    quick = WaitTimes(tuple(HOUR + at for at in range(20)))
    few = WaitTimes((9 * HOUR,) * 4)

    assert measure_waits(Series(slow, (quick,)), 0.5).verdict is Trend.UP
    assert measure_waits(Series(quick, (slow,)), 0.5).verdict is Trend.DOWN
    assert measure_waits(Series(few, (quick,)), 0.5).verdict is Trend.TOO_FEW


def test_a_percentile_without_an_upper_limit_is_not_called_the_same() -> None:
    """Of twenty nobody knows how long nine in ten take at most."""
    times = WaitTimes(tuple(HOUR + at for at in range(20)))

    assert measure_waits(Series(times, (times,)), 0.9).verdict is Trend.TOO_FEW


def test_a_step_that_nobody_has_reached_has_no_figure() -> None:
    """All open: at least nothing is said; none at all: nothing is said."""
    opened = measure_waits(Series(WaitTimes((), open=12)), 0.5)

    assert (opened.value, opened.n, opened.low) == (None, 12, None)
    assert measure_waits(Series(WaitTimes(())), 0.5).n == 0
