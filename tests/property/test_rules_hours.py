"""Spans of the day at any moment, in zones that change their clocks in every way that there is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.business_hours import DAYS, BusinessCalendar
from monitor.domain.feedback import Analysis, Evidence
from monitor.domain.workspace import NO_WORKSPACE, Workspace
from monitor.testing import make_feedback
from rules.conditions.hours import HoursCondition

#: Half an hour, a quarter, a whole day left out, over the date line, and none.
ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "Africa/Casablanca",
        "UTC",
    ]
)
MINUTE = timedelta(minutes=1)
MOMENTS = st.integers(0, 19 * 365 * 24 * 3600).map(
    lambda seconds: datetime(2011, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def holds(at: datetime, workspace: Workspace = NO_WORKSPACE, **value: object) -> bool:
    """Whether a condition with these keys holds for what was written at this moment."""
    options = {key.removesuffix("_"): item for key, item in value.items()}
    evidence = Evidence(
        feedback=make_feedback("", created_at=at),
        analysis=Analysis(text="", words=""),
        now=at,
        workspace=workspace,
    )
    return HoursCondition(options).check(evidence) is not None


def written(clock: time) -> str:
    """A time as a rule has it."""
    return f"{clock:%H:%M}"


@given(at=MOMENTS, zone=ZONES, begin=CLOCKS, end=CLOCKS)
def test_a_span_and_its_opposite_share_every_moment(
    at: datetime, zone: str, begin: time, end: time
) -> None:
    """What is not from the one time to the other is from the other to the one."""
    if begin == end:
        return
    span = holds(at, from_=written(begin), to=written(end), zone=zone)
    opposite = holds(at, from_=written(end), to=written(begin), zone=zone)
    assert span is not opposite


@given(at=MOMENTS, zone=ZONES, begin=CLOCKS, end=CLOCKS)
def test_every_moment_of_a_span_belongs_to_one_day(
    at: datetime, zone: str, begin: time, end: time
) -> None:
    """Of the seven days one holds where the span does, and none where it does not."""
    if begin == end:
        return
    begins, ends = written(begin), written(end)
    on_days = [holds(at, days=day, from_=begins, to=ends, zone=zone) for day in DAYS]
    assert sum(on_days) == holds(at, from_=begins, to=ends, zone=zone)
    assert sum(holds(at, days=day, zone=zone) for day in DAYS) == 1


@given(
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    begin=CLOCKS,
    end=CLOCKS,
)
def test_a_day_without_a_change_holds_as_many_minutes_as_the_span(
    day: date, begin: time, end: time
) -> None:
    """Where clocks never change, the length of the span can be subtracted."""
    if begin == end:
        return
    midnight = datetime.fromisoformat(f"{day}T00:00+00:00")
    length = (end.hour - begin.hour) * 60 + end.minute - begin.minute
    step = 15
    moments = [midnight + step * count * MINUTE for count in range(24 * 60 // step)]
    held = sum(holds(at, from_=written(begin), to=written(end), zone="UTC") for at in moments)
    assert abs(held - (length % (24 * 60)) / step) < 1


@given(
    at=MOMENTS, zone=ZONES, begin=CLOCKS, end=CLOCKS, days=st.sets(st.integers(0, 6), min_size=1)
)
def test_a_span_is_a_shift_of_the_calendar(
    at: datetime, zone: str, begin: time, end: time, days: set[int]
) -> None:
    """The calendar of working time says the same of the same span, but for the hours around a
    change of the clocks.
    """
    place = ZoneInfo(zone)
    offsets = {
        (at + timedelta(hours=hours)).astimezone(place).utcoffset() for hours in range(-50, 51, 5)
    }
    if begin == end or len(offsets) > 1:
        return
    calendar = BusinessCalendar(zone, frozenset(days), begin, end)
    named = [DAYS[day] for day in days]
    expected = calendar.is_open_at(at)
    assert holds(at, from_=written(begin), to=written(end), days=named, zone=zone) is expected
    assert holds(at, Workspace(calendar), working=True) is expected
    assert holds(at, Workspace(calendar), working=False) is not expected


@pytest.mark.parametrize(("changed", "hours"), [("2026-03-29", 7), ("2026-10-25", 9)])
def test_a_night_in_which_the_clocks_change(changed: str, hours: int) -> None:
    """The night from 22:00 to 06:00 has an hour less in spring and one more in autumn."""
    end = datetime.fromisoformat(f"{changed}T12:00+00:00")
    moments = [end - count * MINUTE for count in range(24 * 60)]
    held = [at for at in moments if holds(at, from_="22:00", to="06:00", zone="Europe/Berlin")]
    assert len(held) == hours * 60
