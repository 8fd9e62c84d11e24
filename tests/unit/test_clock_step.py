"""Steps of the machine's clock, and what keeps its waits through them; both clocks are moved by
hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from monitor.domain.clock_step import MIN_STEP, ClockStep, WatchedClock
from monitor.errors import StoreUnavailable
from monitor.health.source_alerts import CHECK_EVERY, HealthCheckSchedule
from monitor.jobs.clock_watch import ClockWatch
from monitor.pipeline.blocked_reasons import REPORT_DEAD_LETTER_FOR, BlockedReasons, BlockScope
from monitor.pipeline.rate_limits import RateLimiter, ServiceMethod
from monitor.testing import NOON, memory_store

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@dataclass
class Machine:
    """A machine whose clock is set by hand while time passes."""

    error: timedelta = timedelta()
    passed: timedelta = timedelta()
    steps: list[ClockStep] = field(default_factory=list)

    def wall(self) -> datetime:
        return NOON + self.passed + self.error

    def monotonic(self) -> float:
        return self.passed.total_seconds()


def test_a_step_is_told_once_with_its_size_and_before_the_time() -> None:
    """Time that passes and a clock that is corrected gently are no step, however long it takes."""
    machine = Machine()
    clock = WatchedClock(machine.wall, machine.monotonic, machine.steps.append)
    for _ in range(1000):
        machine.passed += 2 * SECOND
        machine.error += timedelta(milliseconds=160)
        assert clock() == machine.wall()
    assert machine.steps == []
    for by in (-HOUR, HOUR, MIN_STEP, -MIN_STEP):
        machine.error += by
        assert clock() == clock() == machine.wall()
    assert [step.by for step in machine.steps] == [-HOUR, HOUR, MIN_STEP, -MIN_STEP]
    assert str(machine.steps[0]) == "the machine's clock was set back by 3,600 s"
    assert [step.earliest for step in machine.steps[:2]] == [machine.wall() - HOUR] * 2


def test_a_step_that_could_not_be_followed_is_told_again() -> None:
    """While the database is away the step is not forgotten, and counts with all that came since."""
    machine = Machine()

    def follow(step: ClockStep) -> None:
        machine.steps.append(step)
        if len(machine.steps) == 1:
            raise StoreUnavailable("away")

    clock = WatchedClock(machine.wall, machine.monotonic, follow)
    machine.error -= HOUR
    with pytest.raises(StoreUnavailable):
        clock()
    machine.passed, machine.error = 3 * SECOND, machine.error - MINUTE
    assert clock() == machine.wall()
    assert [step.by for step in machine.steps] == [-HOUR, -HOUR - MINUTE]


@pytest.mark.parametrize("by", [-HOUR, HOUR], ids=["back", "forward"])
def test_pauses_last_as_long_as_they_would_have(by: timedelta) -> None:
    """What a service asked for, a closed channel, its pace, and how long a loss is reported."""
    limiter, blocked = RateLimiter(), BlockedReasons()
    limiter.pause_methods(NOON + MINUTE, ServiceMethod.LOOK)
    blocked.add(BlockScope.DEAD_LETTER, "", "refused", NOON)
    step = ClockStep(by, NOON + by)
    limiter.follow_clock(step)
    blocked.follow_clock(step)
    assert limiter.seconds_paused(NOON + by, ServiceMethod.LOOK) == 60
    blocked.expire(NOON + by + REPORT_DEAD_LETTER_FOR - SECOND)
    assert blocked.first
    blocked.expire(NOON + by + REPORT_DEAD_LETTER_FOR)
    assert not blocked.first


def test_a_source_is_assessed_again_when_the_clock_was_set_back() -> None:
    """That it was well in the future keeps nobody from looking at it."""
    schedule = HealthCheckSchedule()
    schedule.record_check("news", NOON, well=True)
    assert not schedule.is_due("news", NOON + CHECK_EVERY / 2)
    assert schedule.is_due("news", NOON - SECOND)


def test_people_hear_of_a_large_step_for_a_while() -> None:
    """A step of seconds is only logged; one of an hour is trouble for as long as is asked."""
    machine, store = Machine(), memory_store()
    watch = ClockWatch(
        store=store,
        on_step=machine.steps.append,
        wall=machine.wall,
        monotonic=machine.monotonic,
        report_for=10 * MINUTE,
    )
    machine.error += 10 * SECOND
    watch.look()
    assert list(watch.find_problems(NOON)) == []
    machine.error -= HOUR
    watch.look()
    [(key, text)] = watch.find_problems(NOON)
    assert (key, "set back by 3,600 s" in text) == ("machine clock", True)
    machine.passed += 10 * MINUTE
    watch.look()
    assert list(watch.find_problems(NOON)) == []
    assert [step.by for step in machine.steps] == [10 * SECOND, -HOUR]
    store.close()
