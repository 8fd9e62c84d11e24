"""When a digest is due: local times through clock changes, each slot once, late ones made up."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.digest_schedule import (
    MADE_UP_WITHIN,
    DigestOrder,
    DigestSchedule,
    DigestSpan,
    DigestTarget,
    due_slots,
    next_slot,
)

BERLIN = "Europe/Berlin"
SUNDAY, MONDAY = 6, 0


def schedule(
    day: int = MONDAY, at: time = time(9), zone: str = BERLIN, span: DigestSpan = DigestSpan.WEEK
) -> DigestSchedule:
    """A schedule for #leads."""
    target = DigestTarget(channel="#leads", zone=zone, span=span)
    return DigestSchedule(target=target, day=day, at=at)


def utc(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def due(last: datetime, now: datetime, one: DigestSchedule) -> list[tuple[datetime, bool]]:
    """The times of the slots that are due, and whether each is missed."""
    slots = due_slots(now, {one.target.key: last}, [one])
    return [(slot.at, slot.is_missed) for slot in slots]


def test_a_weekly_digest_is_due_at_its_local_time() -> None:
    """At nine in Berlin: eight o'clock UTC in winter, seven in summer."""
    assert due(utc(11, 28), utc(11, 30, 7, 59), schedule()) == []
    assert due(utc(11, 28), utc(11, 30, 8), schedule()) == [(utc(11, 30, 8), False)]
    assert due(utc(7, 4), utc(7, 6, 8), schedule()) == [(utc(7, 6, 7), False)]


def test_a_local_time_that_does_not_exist_is_due_an_hour_later() -> None:
    """On 29 March the clocks of Berlin jump from two to three."""
    half_past_two = schedule(SUNDAY, time(2, 30))

    assert due(utc(3, 28), utc(3, 29, 6), half_past_two) == [(utc(3, 29, 1, 30), False)]


def test_a_local_time_that_comes_twice_is_due_once_the_first_time() -> None:
    """On 25 October half past two comes at 00:30 and at 01:30 UTC."""
    half_past_two = schedule(SUNDAY, time(2, 30))

    assert due(utc(10, 24), utc(10, 25, 6), half_past_two) == [(utc(10, 25, 0, 30), False)]
    assert due(utc(10, 25, 0, 30), utc(10, 25, 6), half_past_two) == []


def test_a_monthly_digest_is_due_on_its_day() -> None:
    """The first of each month."""
    monthly = schedule(1, span=DigestSpan.MONTH)

    assert due(utc(10, 20), utc(11, 1, 12), monthly) == [(utc(11, 1, 8), False)]


def test_a_late_slot_is_made_up_and_an_older_one_is_missed() -> None:
    """Two days later it is still made up, and nothing is made up twice over."""
    late = utc(11, 30, 8) + MADE_UP_WITHIN

    assert due(utc(11, 28), late, schedule()) == [(utc(11, 30, 8), False)]
    assert due(utc(11, 28), late + timedelta(seconds=1), schedule()) == [(utc(11, 30, 8), True)]
    assert due(utc(11, 20), utc(11, 30, 9), schedule()) == [
        (utc(11, 23, 8), True),
        (utc(11, 30, 8), False),
    ]


def test_a_schedule_that_nobody_knew_owes_nothing_of_the_past() -> None:
    """The first digest comes with the first slot after it was made."""
    assert due_slots(utc(11, 30, 8), {}, [schedule()]) == ()


def test_a_clock_that_is_set_back_brings_no_slot_again() -> None:
    """What was dealt with in the future stays dealt with."""
    assert due(utc(11, 30, 8), utc(11, 23, 12), schedule()) == []


def test_the_next_slot_is_told() -> None:
    """For people who ask when it comes."""
    assert next_slot(schedule(), utc(11, 30, 8)) == utc(12, 7, 8)


@given(
    steps=st.lists(st.integers(-3 * 86_400, 5 * 86_400), max_size=30),
    day=st.integers(0, 6),
    hour=st.integers(0, 23),
    zone=st.sampled_from([BERLIN, "UTC", "America/New_York", "Australia/Lord_Howe"]),
)
def test_every_slot_is_dealt_with_once_whatever_the_clock_does(
    steps: list[int], day: int, hour: int, zone: str
) -> None:
    """The clock is set back and forward: no slot comes twice, and those that come are in order."""
    one = schedule(day, time(hour, 30), zone)
    last, now = utc(3, 1), utc(3, 1)
    seen: list[str] = []
    for step in steps:
        now += timedelta(seconds=step)
        for slot in due_slots(now, {one.target.key: last}, [one]):
            seen.append(slot.id)
            last = max(last, slot.at)

    assert len(seen) == len(set(seen))
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    ("span", "name"),
    [
        (DigestSpan.WEEK, "2026-W48"),
        (DigestSpan.MONTH, "2026-10"),
        (DigestSpan.LAST, "2026-11-23..2026-11-30"),
    ],
)
def test_an_order_is_about_what_is_over(span: DigestSpan, name: str) -> None:
    """The last whole week or month, or all since the digest before."""
    target = DigestTarget(channel="#leads", zone=BERLIN, span=span)
    order = DigestOrder(id="1", target=target, at=utc(11, 30, 8), since=utc(11, 23, 8))

    assert order.period.name == name
