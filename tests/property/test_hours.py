"""Working time against a plain count of minutes, and against itself."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.business_hours import BusinessCalendar

ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "Africa/Cairo",
    ]
)
DAYS = st.frozensets(st.integers(0, 6), min_size=1)
PLACES = st.sampled_from(["", "DE", "US-CA"])
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
CALENDARS = st.builds(BusinessCalendar, ZONES, DAYS, TIMES, TIMES, PLACES)
MOMENTS = st.datetimes(datetime(2025, 12, 1), datetime(2027, 1, 31), timezones=st.just(UTC))  # noqa: DTZ001
#: Hours in which no zone above changes its clocks, so that local times are what a person would
#: count with.
SETTLED = st.integers(5, 23)


def counted(calendar: BusinessCalendar, start: datetime, minutes: int) -> int:
    """Minutes of working time, counted one by one; a calendar without holidays."""
    zone = ZoneInfo(calendar.zone)
    found = 0
    for minute in range(minutes):
        local = (start + timedelta(minutes=minute)).astimezone(zone)
        after_opening, before_closing = (
            local.time() >= calendar.opens,
            local.time() < calendar.closes,
        )
        yesterday = (local.weekday() - 1) % 7
        if calendar.opens < calendar.closes:
            found += local.weekday() in calendar.days and after_opening and before_closing
        else:
            found += (local.weekday() in calendar.days and after_opening) or (
                yesterday in calendar.days and before_closing
            )
    return found


@settings(max_examples=60, deadline=None)
@given(
    zone=ZONES,
    days=DAYS,
    opens=SETTLED,
    closes=SETTLED,
    start=MOMENTS,
    minutes=st.integers(0, 5_000),
)
def test_it_is_the_count_of_minutes(
    zone: str, days: frozenset[int], opens: int, closes: int, start: datetime, minutes: int
) -> None:
    """In any zone, over any change of its clocks, shifts over midnight included."""
    calendar = BusinessCalendar(zone, days, time(opens), time(closes))
    start = start.replace(second=0, microsecond=0)
    assert calendar.working_seconds_between(
        start, start + timedelta(minutes=minutes)
    ) == 60 * counted(calendar, start, minutes)


@settings(deadline=None)
@given(calendar=CALENDARS, start=MOMENTS, seconds=st.integers(0, 3_000_000))
def test_after_is_the_inverse_of_between(
    calendar: BusinessCalendar, start: datetime, seconds: int
) -> None:
    """So much working time lies before that moment, and it is the first such moment."""
    end = calendar.add_working_seconds(start, seconds)
    assert calendar.working_seconds_between(start, end) == seconds
    if seconds:
        assert calendar.working_seconds_between(start, end - timedelta(seconds=1)) == seconds - 1


@settings(deadline=None)
@given(calendar=CALENDARS, moments=st.lists(MOMENTS, min_size=3, max_size=3).map(sorted))
def test_parts_add_up(calendar: BusinessCalendar, moments: list[datetime]) -> None:
    """Working time neither shrinks nor grows by being counted in two parts, and never exceeds wall
    time.
    """
    first, second, third = moments
    parts = timedelta(seconds=calendar.working_seconds_between(first, second)) + timedelta(
        seconds=calendar.working_seconds_between(second, third)
    )
    assert parts == timedelta(seconds=calendar.working_seconds_between(first, third))
    assert calendar.working_seconds_between(first, third) <= (third - first).total_seconds()


@settings(deadline=None)
@given(calendar=CALENDARS, at=MOMENTS)
def test_it_is_open_exactly_while_time_counts(calendar: BusinessCalendar, at: datetime) -> None:
    """The next microsecond counts if and only if the calendar is open."""
    tick = timedelta(microseconds=1)
    assert calendar.is_open_at(at) == (calendar.working_seconds_between(at, at + tick) > 0)
