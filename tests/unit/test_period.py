"""The span of time that a digest is about."""

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.domain.period import Period, PeriodKind

BERLIN = "Europe/Berlin"


def test_a_week_begins_on_its_monday_at_local_midnight() -> None:
    """A week begins on its Monday at local midnight."""
    week = Period.from_name("2026-W47", BERLIN)
    assert (week.since, week.until) == (
        datetime(2026, 11, 15, 23, tzinfo=UTC),
        datetime(2026, 11, 22, 23, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("name", "hours", "shift"),
    [("2026-W13", 167, 1), ("2026-W43", 169, -1), ("2026-W47", 168, 0)],
)
def test_a_week_in_which_the_clocks_change_has_another_length(
    name: str, hours: float, shift: int
) -> None:
    """A week in which the clocks change has 167 or 169 hours, shared out among its days."""
    week = Period.from_name(name, BERLIN)
    assert (week.hours, week.clock_shift) == (hours, timedelta(hours=shift))
    assert len(week.days) == 7
    assert sum(day.hours for day in week.days) == hours


@pytest.mark.parametrize("name", ["2026-W00", "2026-W54", "2025-W53", "2026-13", "week", "2026-W4"])
def test_a_name_that_is_no_period_is_refused_with_it(name: str) -> None:
    """A name that is no week and no month is refused in a sentence that holds it."""
    with pytest.raises(ValueError, match=name):
        Period.from_name(name)


def test_the_period_before_the_first_week_of_a_year_is_the_last_of_the_year_before() -> None:
    """The period before the first of a year is the last of the year before."""
    assert Period.from_name("2027-W01").earlier(1).name == "2026-W53"
    assert Period.from_name("2026-01").earlier(1).name == "2025-12"
    assert Period.from_name("2026-01").earlier(13).name == "2024-12"


def test_a_year_ago_is_the_same_week_where_there_was_one() -> None:
    """A year ago is the week or month of the same number, where there was one."""
    assert Period.from_name("2026-W47").year_ago() == Period.from_name("2025-W47")
    assert Period.from_name("2026-W53").year_ago() is None
    assert Period.from_name("2026-02").year_ago() == Period.from_name("2025-02")


def test_a_span_is_named_by_its_days_and_followed_backwards_without_a_gap() -> None:
    """A span is named by its days, and the one before it ends where it begins."""
    since, until = datetime(2026, 11, 2, 12, tzinfo=UTC), datetime(2026, 11, 5, tzinfo=UTC)
    span = Period.between(since, until)
    assert span.name == "2026-11-02..2026-11-04"
    assert span.earlier(1).until == span.since
    assert [day.date for day in span.days] == [date(2026, 11, day) for day in (2, 3, 4)]
    assert span.days[0].hours == 12
    assert span.year_ago() is None


def test_the_last_complete_period_is_the_one_before_the_running_one() -> None:
    """The last complete period is the one before the running one."""
    now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert Period.last_complete(PeriodKind.WEEK, now, BERLIN).name == "2026-W48"
    assert Period.last_complete(PeriodKind.MONTH, now, BERLIN).name == "2026-10"
    assert not Period.containing(PeriodKind.WEEK, now, BERLIN).is_over(now)


def test_a_day_without_a_midnight_begins_where_the_clocks_jump_over_it() -> None:
    """A day without a midnight begins where the clocks jump over it."""
    week = Period.from_name("2026-W36", "America/Santiago")
    assert all(
        before.until == after.since for before, after in zip(week.days, week.days[1:], strict=False)
    )
