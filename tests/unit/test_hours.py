"""Working time, by examples that can be counted on a wall calendar."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.config import load_settings
from monitor.domain.business_hours import BusinessCalendar

WEEKDAYS, EVERY_DAY = frozenset(range(5)), frozenset(range(7))
OFFICE = BusinessCalendar("Europe/Berlin", WEEKDAYS, time(9), time(17, 30), "DE-BE")
NIGHT = BusinessCalendar("Europe/Berlin", frozenset({4, 5}), time(22), time(6))
HOUR = 3600.0


def berlin(text: str) -> datetime:
    """A local time in Berlin, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)


@pytest.mark.parametrize(
    ("calendar", "start", "end", "hours"),
    [
        (OFFICE, "2026-11-16T10:00", "2026-11-16T12:30", 2.5),  # within a Monday
        (OFFICE, "2026-11-16T05:00", "2026-11-16T23:00", 8.5),  # all of it
        (OFFICE, "2026-11-16T18:00", "2026-11-17T08:00", 0),  # a night
        (OFFICE, "2026-11-20T17:00", "2026-11-23T09:30", 1),  # a weekend between
        (
            OFFICE,
            "2026-12-24T09:00",
            "2026-12-29T09:00",
            8.5 + 8.5,
        ),  # Christmas on a Friday, then a weekend
        (
            OFFICE,
            "2026-10-01T00:00",
            "2026-10-06T00:00",
            3 * 8.5,
        ),  # a holiday on a Saturday takes no day away
        (OFFICE, "2027-03-08T00:00", "2027-03-09T00:00", 0),  # a holiday of Berlin alone
        (OFFICE, "2025-01-01T00:00", "2026-01-01T00:00", 251 * 8.5),
        (OFFICE, "2026-11-16T12:00", "2026-11-16T12:00", 0),
        (OFFICE, "2026-11-16T12:00", "2026-11-16T11:00", 0),
        (NIGHT, "2026-11-20T21:00", "2026-11-21T12:00", 8),  # from Friday into Saturday
        (NIGHT, "2026-11-22T00:00", "2026-11-23T00:00", 6),  # Sunday has what Saturday's shift left
        (NIGHT, "2026-03-28T20:00", "2026-03-29T12:00", 7),  # the night that loses an hour
        (NIGHT, "2026-10-24T20:00", "2026-10-25T12:00", 9),  # the night that has one more
        (
            BusinessCalendar("Europe/Berlin", EVERY_DAY, time(0), time(0)),
            "2026-03-29T00:00",
            "2026-03-30T00:00",
            23,
        ),
        (BusinessCalendar.always_open(), "2026-03-29T00:00", "2026-03-30T00:00", 23),
        (BusinessCalendar.always_open(), "2026-03-29T00:00", "2026-03-28T00:00", 0),
    ],
)
def test_only_working_time_counts(
    calendar: BusinessCalendar, start: str, end: str, hours: float
) -> None:
    """Nights, weekends, holidays and changes of the clocks, counted by hand."""
    assert calendar.working_seconds_between(berlin(start), berlin(end)) == hours * HOUR


@pytest.mark.parametrize(
    ("calendar", "start", "hours", "end"),
    [
        (OFFICE, "2026-11-20T17:20", 0.5, "2026-11-23T09:20"),  # Friday evening is late on Monday
        (
            OFFICE,
            "2026-11-16T09:00",
            8.5,
            "2026-11-16T17:30",
        ),  # the day's end, not the next day's beginning
        (OFFICE, "2026-11-14T12:00", 1, "2026-11-16T10:00"),  # a Saturday counts from Monday on
        (OFFICE, "2026-12-24T16:30", 2, "2026-12-28T10:00"),
        (OFFICE, "2026-11-14T12:00", 0, "2026-11-14T12:00"),
        (NIGHT, "2026-03-28T22:00", 7, "2026-03-29T06:00"),
        (BusinessCalendar.always_open(), "2026-11-14T12:00", 36, "2026-11-16T00:00"),
    ],
)
def test_a_limit_ends_after_so_much_working_time(
    calendar: BusinessCalendar, start: str, hours: float, end: str
) -> None:
    """The moment at which somebody is late, as people would say it."""
    assert calendar.add_working_seconds(berlin(start), hours * HOUR) == berlin(end)


def test_the_clocks_jumping_over_an_opening_count_nothing_twice() -> None:
    """A day has 24 hours of work at most, 23 where an hour is missing, whatever the shifts look
    like.
    """
    calendar = BusinessCalendar("Europe/Berlin", EVERY_DAY, time(3), time(2, 30))
    assert (
        calendar.working_seconds_between(berlin("2026-03-28T03:00"), berlin("2026-03-30T03:00"))
        == (23.5 + 23) * HOUR
    )


def test_a_date_that_never_was_is_no_working_day() -> None:
    """Samoa went from Thursday to Saturday in 2011; its Friday is not worked twice."""
    calendar = BusinessCalendar("Pacific/Apia", WEEKDAYS | {5}, time(9), time(17))
    start = datetime(2011, 12, 29, 9, tzinfo=ZoneInfo("Pacific/Apia"))
    end = datetime(2011, 12, 31, 17, tzinfo=ZoneInfo("Pacific/Apia"))
    assert calendar.working_seconds_between(start, end) == 2 * 8 * HOUR


def test_times_in_other_zones_are_understood() -> None:
    """Two local times around a change of the clocks are an hour less apart than they look."""
    zone = ZoneInfo("Europe/Berlin")
    start, end = datetime(2026, 3, 29, 1, tzinfo=zone), datetime(2026, 3, 29, 4, tzinfo=zone)
    assert BusinessCalendar.always_open().working_seconds_between(start, end) == 2 * HOUR
    assert BusinessCalendar.always_open().add_working_seconds(start, 2 * HOUR) == end


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-16T08:59", False),
        ("2026-11-16T09:00", True),
        ("2026-11-16T17:29", True),
        ("2026-11-16T17:30", False),
        ("2026-11-15T12:00", False),
        ("2026-12-25T12:00", False),
    ],
)
def test_the_office_is_open_or_not(at: str, expected: bool) -> None:
    """From the opening on, until before the closing, on working days."""
    assert OFFICE.is_open_at(berlin(at)) is expected
    assert BusinessCalendar.always_open().is_open_at(berlin(at))


def test_a_limit_that_is_never_reached_ends_all_the_same() -> None:
    """A minute a week and a limit of ten years: the search stops after a century."""
    rarely = BusinessCalendar("UTC", frozenset({0}), time(9), time(9, 1))
    start = berlin("2026-11-16T12:00")
    assert rarely.add_working_seconds(start, 10 * 365 * 24 * HOUR) == start + timedelta(days=36_525)


def test_holidays_are_loaded_only_where_a_place_is_named() -> None:
    """The list of every country's holidays is heavy; who names no place does not wait for it."""
    code = """
import sys
from datetime import UTC, datetime, time
from monitor.domain.business_hours import BusinessCalendar
at = datetime(2026, 11, 16, tzinfo=UTC)
calendar = BusinessCalendar("UTC", frozenset({0}), time(9), time(17))
calendar.working_seconds_between(at, at.replace(day=20))
before = "holidays" in sys.modules
calendar = BusinessCalendar("UTC", frozenset({0}), time(9), time(17), "DE")
calendar.working_seconds_between(at, at.replace(day=20))
sys.exit(before or "holidays" not in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own code


def test_settings_make_a_calendar(tmp_path: Path) -> None:
    """Everything that can be written is in it, and 24:00 is midnight."""
    (tmp_path / "config.toml").write_text(
        '[hours]\ntimezone = "Europe/Berlin"\ndays = ["sat", "mon"]\n'
        'open = "9:30"\nclose = "24:00"\nholidays = "DE-BE"\n'
    )
    settings, problems = load_settings(tmp_path / "config.toml", {})
    assert not problems
    assert settings.hours.business_calendar == BusinessCalendar(
        "Europe/Berlin", frozenset({0, 5}), time(9, 30), time(0), "DE-BE"
    )


def test_without_a_time_zone_time_counts_round_the_clock(tmp_path: Path) -> None:
    """Nobody's limits wait for a morning that was never set."""
    (tmp_path / "config.toml").write_text('[hours]\ntimezone = ""\nholidays = ""\n')
    settings, problems = load_settings(tmp_path / "config.toml", {})
    assert not problems
    assert settings.hours.business_calendar == BusinessCalendar.always_open()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'timezone = "europe/berlin"',
            "hours.timezone: no such time zone; did you mean 'Europe/Berlin'?",
        ),
        ('timezone = "Mars"', 'hours.timezone: no such time zone; write one like "Europe/Berlin"'),
        ('days = ["monday"]', "hours.days: 'monday' is no day; did you mean 'mon'?"),
        ("days = []", "hours.days: at least one day is needed"),
        ("open = 9", 'hours.open: a time of the day is needed, like "09:00" or "17:30"'),
        ('close = "25:00"', 'hours.close: a time of the day is needed, like "09:00" or "17:30"'),
        ('holidays = "DE-BX"', "hours.holidays: no region 'BX' of DE is known; allowed: BB, BE, "),
        ('holidays = "de"', "hours.holidays: no holidays are known of 'de'; did you mean 'DE'?"),
        (
            'holidays = "Mars"',
            "hours.holidays: no holidays are known of 'Mars'; write its two letters, like \"DE\"",
        ),
        ('opens = "9:00"', "hours.opens: unknown key; did you mean 'open'?"),
    ],
)
def test_a_mistake_names_its_key_and_what_is_near(tmp_path: Path, text: str, message: str) -> None:
    """One line for each, with what could have been meant."""
    (tmp_path / "config.toml").write_text(f"[hours]\n{text}\n")
    (problem,) = load_settings(tmp_path / "config.toml", {})[1]
    assert f"config.toml: {message}" in str(problem)
