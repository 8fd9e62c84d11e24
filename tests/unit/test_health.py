"""How a source is judged against its own history."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from monitor.domain.source_health import (
    FAILING_AFTER,
    Gap,
    HealthCondition,
    PollHour,
    SourceState,
    assess_health,
    estimate_volume,
    poll_success_rate,
)
from monitor.testing import NOON

HOUR = timedelta(hours=1)


def history(per_hour: float, days: int, *, until: datetime = NOON, seed: int = 1) -> list[PollHour]:
    """Hours with a poll each and Poisson counts."""
    chance = random.Random(seed)
    count = days * 24
    return [
        PollHour(
            until - HOUR * (count - number), polls=1, failures=0, items=_poisson(per_hour, chance)
        )
        for number in range(count)
    ]


def _poisson(mean: float, chance: random.Random) -> int:
    total, arrived = chance.expovariate(mean), 0
    while total < 1:
        arrived += 1
        total += chance.expovariate(mean)
    return arrived


def well(**changes: object) -> SourceState:
    """A source that was read a minute ago."""
    return SourceState(source_id="s", last_attempt_at=NOON, last_success_at=NOON, **changes)  # type: ignore[arg-type]


def silent_since(hours: list[PollHour], since: datetime) -> list[PollHour]:
    """The same history, with nothing new after a time."""
    return [
        PollHour(hour.at, hour.polls, hour.failures, 0 if hour.at >= since else hour.items)
        for hour in hours
    ]


def test_a_source_that_brings_what_it_always_brings_is_well() -> None:
    """Its expectation is near the rate it was made with."""
    health = assess_health(well(), history(2.0, 21), (), NOON)
    assert health.condition is HealthCondition.OK
    assert health.per_day == pytest.approx(48, rel=0.15)


def test_silence_is_told_against_the_source_s_own_rate() -> None:
    """Nothing for 18 h is alarming at two an hour, and nothing at all at one a day."""
    busy = silent_since(history(2.0, 21), NOON - 18 * HOUR)
    assert assess_health(well(), busy, (), NOON).condition is HealthCondition.SILENT
    quiet = silent_since(history(1 / 24, 28, seed=3), NOON - 18 * HOUR)
    assert assess_health(well(), quiet, (), NOON).condition is HealthCondition.OK


def test_a_source_that_sleeps_at_night_is_not_called_silent_in_the_morning() -> None:
    """The expectation is made by the hour of the week."""
    hours = [
        PollHour(hour.at, 1, 0, hour.items if 8 <= hour.at.hour < 20 else 0)
        for hour in history(3.0, 28, until=NOON.replace(hour=7))
    ]
    assert assess_health(well(), hours, (), NOON.replace(hour=7)).condition is HealthCondition.OK


def test_hours_without_an_answer_are_not_silence() -> None:
    """A machine that was off for ten days does not lower the expectation."""
    hours = history(2.0, 21)
    off = [
        PollHour(h.at, 0, 0, 0) if NOON - 14 * 24 * HOUR < h.at < NOON - 4 * 24 * HOUR else h
        for h in hours
    ]
    expected = estimate_volume(off)
    assert expected is not None
    assert expected.per_day == pytest.approx(48, rel=0.2)


def test_three_days_of_history_are_needed() -> None:
    """Before that nothing is called silent."""
    assert estimate_volume(history(5.0, 2)) is None
    assert estimate_volume(history(5.0, 4)) is not None


@pytest.mark.parametrize(
    ("failures", "condition"),
    [(FAILING_AFTER - 1, HealthCondition.OK), (FAILING_AFTER, HealthCondition.FAILING)],
)
def test_failing_means_several_polls_in_a_row(failures: int, condition: HealthCondition) -> None:
    """One failed poll is weather."""
    health = assess_health(well(failures=failures, error="no answer"), (), (), NOON)
    assert health.condition is condition
    assert "no answer" in health.summary


def test_a_stopped_source_says_why() -> None:
    """410 Gone stops the polling, and a person reads the reason."""
    health = assess_health(well(stopped=True, error="410 Gone"), (), (), NOON)
    assert health.needs_attention
    assert "410 Gone" in health.summary


def test_a_source_that_was_never_read_is_new() -> None:
    """New is neither well nor ill."""
    health = assess_health(SourceState(source_id="s"), (), (), NOON)
    assert (health.condition, health.needs_attention) == (HealthCondition.NEW, False)


def test_coverage_is_the_share_of_polls_that_succeeded() -> None:
    """Three of four."""
    assert poll_success_rate([PollHour(NOON, 3, 1, 0), PollHour(NOON, 1, 0, 5)]) == 0.75
    assert poll_success_rate([]) is None


def test_the_gaps_are_told() -> None:
    """What was not seen is part of the health."""
    gap = Gap(NOON - HOUR, None, "no answer")
    assert assess_health(well(), (), [gap], NOON).gaps == (gap,)


def test_false_alarms_are_rare() -> None:
    """Over forty quiet sources and four weeks of hourly looks each, hardly any silence is
    called.
    """
    alarms = 0
    for seed in range(40):
        hours = history(0.4, 56, seed=seed)
        for at in range(28 * 24, 56 * 24, 24):
            now = hours[at].at
            alarms += (
                assess_health(well(), hours[at - 28 * 24 : at], (), now).condition
                is HealthCondition.SILENT
            )
    assert alarms <= 2
