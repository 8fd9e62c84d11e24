"""Who has duty against a plain walk through the days, and against itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.actor import Actor
from monitor.domain.duty import DutyOverride, DutyRotation, first_turn_day

ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
PEOPLE = st.lists(st.sampled_from("ABCD"), min_size=1, max_size=5)
MOMENTS = st.datetimes(datetime(2025, 6, 1), datetime(2028, 1, 31), timezones=st.just(UTC))  # noqa: DTZ001
OVERRIDES = st.builds(
    lambda name, since, hours: DutyOverride(
        person=Actor.slack(name), since=since, until=since + timedelta(hours=hours)
    ),
    st.sampled_from("ABCDX"),
    MOMENTS,
    st.integers(1, 24 * 30),
)
ROTATIONS = st.builds(
    lambda people, zone, first_day, hour, days, overrides: DutyRotation(
        people=tuple(map(Actor.slack, people)),
        zone=zone,
        first_day=first_day,
        handover=time(hour, 30),
        days=days,
        overrides=tuple(overrides),
    ),
    PEOPLE,
    ZONES,
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.integers(0, 23),
    st.sampled_from([1, 2, 7, 14]),
    st.lists(OVERRIDES, max_size=4),
)


def walked(rotation: DutyRotation, at: datetime) -> Actor:
    """Who has duty, found by walking from the first day to the moment, hand-over by hand-over."""
    step = timedelta(days=rotation.days)
    day, turn = rotation.first_day, 0

    def begins(begin: date) -> datetime:
        local = datetime.combine(begin, rotation.handover, ZoneInfo(rotation.zone))
        return local.astimezone(UTC)

    while begins(day) > at:
        day, turn = day - step, turn - 1
    while begins(day + step) <= at:
        day, turn = day + step, turn + 1
    return rotation.people[turn % len(rotation.people)]


@settings(max_examples=150, deadline=None)
@given(rotation=ROTATIONS, at=MOMENTS)
def test_every_moment_has_the_person_of_its_turn_or_of_the_last_override(
    rotation: DutyRotation, at: datetime
) -> None:
    """There is always exactly one, before the first day too, and the later override wins."""
    covering = [entry.person for entry in rotation.overrides if entry.since <= at < entry.until]

    expected = covering[-1] if covering else walked(rotation, at)

    assert rotation.person_at(at) == expected


@settings(max_examples=100, deadline=None)
@given(rotation=ROTATIONS, at=MOMENTS)
def test_shifts_follow_each_other_without_a_gap_and_change_the_person(
    rotation: DutyRotation, at: datetime
) -> None:
    """Each shift begins where the one before ends, with somebody else."""
    shifts = list(islice(rotation.shifts_from(at), 8))

    assert shifts[0].since is None or shifts[0].since <= at
    for before, after in pairwise(shifts):
        assert before.until == after.since
        assert before.person != after.person


@settings(max_examples=100, deadline=None)
@given(rotation=ROTATIONS, at=MOMENTS, share=st.floats(0, 1, exclude_max=True))
def test_nobody_else_has_duty_within_a_shift(
    rotation: DutyRotation, at: datetime, share: float
) -> None:
    """From its beginning to its end a shift is one person's, and seen from anywhere the same."""
    shift = rotation.shift_at(at)
    since, until = shift.since or at, shift.until or at + timedelta(days=400)

    within = min(since + share * (until - since), until - timedelta(microseconds=1))

    assert rotation.shift_at(within) == shift


@settings(max_examples=100, deadline=None)
@given(
    zone=ZONES,
    starts=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    weekday=st.integers(0, 6),
    hour=st.integers(5, 23),
    at=MOMENTS,
)
def test_a_hand_over_is_at_its_local_time_all_year(
    zone: str, starts: date, weekday: int, hour: int, at: datetime
) -> None:
    """Summer and winter, on the weekday that was asked for."""
    rotation = DutyRotation(
        people=(Actor.slack("A"), Actor.slack("B")),
        zone=zone,
        first_day=first_turn_day(starts, weekday),
        handover=time(hour),
        days=7,
    )

    change = rotation.next_change(at)

    assert change is not None
    local = change.astimezone(ZoneInfo(zone))
    assert (local.weekday(), local.time()) == (weekday, time(hour))
