"""The condition on the time of the day, by examples that can be read off a wall clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.feedback import Analysis, Evidence
from monitor.domain.workspace import NO_WORKSPACE, Workspace
from monitor.testing import make_feedback
from rules.checks import find_gaps
from rules.conditions.hours import HoursCondition
from rules.load import parse_rules

BERLIN = Workspace(
    BusinessCalendar("Europe/Berlin", frozenset(range(5)), time(9), time(17, 30), "DE-BE")
)
NIGHT = {"from": "22:00", "to": "06:00"}


def local(text: str, fold: int = 0) -> datetime:
    """A time on the clocks of Berlin, as UTC."""
    at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)
    return at.astimezone(UTC)


def evidence(
    written: datetime | None, arrived: datetime | None = None, workspace: Workspace = BERLIN
) -> Evidence:
    """A feedback of which only its times matter."""
    feedback = replace(make_feedback("", created_at=written), first_seen_at=arrived)
    now = arrived or written or datetime(2026, 11, 18, tzinfo=UTC)
    return Evidence(
        feedback=feedback, analysis=Analysis(text="", words=""), now=now, workspace=workspace
    )


def holds(value: Any, text: str, fold: int = 0) -> bool:
    return HoursCondition(value).check(evidence(local(text, fold))) is not None


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        (NIGHT, "2026-11-17T22:00", True),
        (NIGHT, "2026-11-17T21:59", False),
        (NIGHT, "2026-11-18T05:59", True),
        (NIGHT, "2026-11-18T06:00", False),
        ({**NIGHT, "to": "24:00"}, "2026-11-17T23:59", True),
        ({**NIGHT, "to": "24:00"}, "2026-11-18T00:00", False),
        ({"from": "00:00", "to": "06:00"}, "2026-11-18T00:00", True),
        ({"from": "9:00", "to": "12:00"}, "2026-11-18T09:00", True),
        ({"from": "9:00", "to": "12:00"}, "2026-11-18T12:00", False),
        ({**NIGHT, "days": "fri"}, "2026-11-20T23:00", True),
        ({**NIGHT, "days": "fri"}, "2026-11-21T03:00", True),
        ({**NIGHT, "days": "fri"}, "2026-11-20T03:00", False),
        ({**NIGHT, "days": ["sat"]}, "2026-11-21T03:00", False),
        ({"days": ["sat", "sun"]}, "2026-11-22T23:59", True),
        ({"days": ["sat", "sun"]}, "2026-11-23T00:00", False),
        ({"working": True}, "2026-11-18T09:00", True),
        ({"working": True}, "2026-11-18T17:30", False),
        ({"working": False}, "2026-11-18T17:30", True),
        ({"working": False}, "2026-12-25T11:00", True),
        ({"working": False, "days": "fri"}, "2026-12-25T11:00", True),
        ({"working": False, "from": "17:30", "to": "20:00"}, "2026-11-18T21:00", False),
        ({**NIGHT, "zone": "Asia/Tokyo"}, "2026-11-17T15:00", True),
        ({**NIGHT, "zone": "Asia/Tokyo"}, "2026-11-17T22:00", False),
    ],
)
def test_what_the_clock_on_the_wall_shows(value: Any, text: str, expected: bool) -> None:
    """The beginning is in and the end out; a span over midnight belongs to the day it begins on."""
    assert holds(value, text) is expected


def test_daylight_saving_time() -> None:
    """An hour that the clocks show twice counts twice; one that they jump over does not come."""
    value = {"from": "02:00", "to": "03:00"}
    assert holds(value, "2026-10-25T02:30", fold=0)
    assert holds(value, "2026-10-25T02:30", fold=1)
    assert not holds(value, "2026-10-25T03:00")
    jumped = [
        datetime(2026, 3, 29, hour, minute, tzinfo=UTC) for hour in (0, 1) for minute in (0, 59)
    ]
    assert not any(HoursCondition(value).check(evidence(at)) for at in jumped)


def test_when_it_was_written_or_when_it_arrived() -> None:
    """What was written in the afternoon and arrives at night was written by day, and calls whoever
    is there at night.
    """
    given = evidence(local("2026-11-18T16:50"), local("2026-11-18T22:10"))
    assert HoursCondition({"working": True}).check(given)
    assert HoursCondition({"working": False}).check(given) is None
    clause = HoursCondition({"working": False, "time": "arrived"}).check(given)
    assert clause
    assert clause.description == "arrived on Wednesday at 22:10, outside of working hours"


def test_an_unknown_time_never_holds() -> None:
    """Where the source gives no time, nothing was written at night or by day; it still arrived."""
    given = evidence(None, local("2026-11-18T22:10"))
    assert HoursCondition({"working": False}).check(given) is None
    assert HoursCondition({"working": True}).check(given) is None
    assert HoursCondition({"working": False, "time": "arrived"}).check(given)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"working": False}, "was written on Tuesday at 23:10, outside of working hours"),
        (NIGHT, "was written on Tuesday at 23:10, between 22:00 and 06:00"),
        (
            {**NIGHT, "days": ["tue"], "zone": "Europe/Berlin"},
            "was written on Tuesday at 23:10 (Europe/Berlin), between 22:00 and 06:00",
        ),
        ({"days": "tue"}, "was written on Tuesday at 23:10"),
        (
            {**NIGHT, "working": False},
            "was written on Tuesday at 23:10, between 22:00 and 06:00, outside of working hours",
        ),
    ],
)
def test_the_card_says_the_time_and_what_it_is_in(value: Any, said: str) -> None:
    """Day and time are those of the place that the rule means."""
    clause = HoursCondition(value).check(evidence(local("2026-11-17T23:10")))
    assert clause
    assert clause.description == said


def test_it_describes_what_it_asks_for() -> None:
    """Days in the order of the week, and the zone where the rule names one."""
    asked = HoursCondition({**NIGHT, "days": ["sun", "sat"], "zone": "UTC", "working": False})
    assert asked.describe() == (
        "was written between 22:00 and 06:00 and on Saturday or Sunday and outside of working hours"
        " (UTC)"
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"from": "22:00"}, "from and to go together"),
        ({"from": "22:00", "to": "22:00"}, "leave both out for whole days"),
        ({"from": "00:00", "to": "24:00"}, "leave both out for whole days"),
        ({"from": "25:00", "to": "06:00"}, 'like "09:00" or "17:30"'),
        ({"from": time(22), "to": "06:00"}, 'in quotes, like "22:00"'),
        ({"days": ["mo"]}, "did you mean 'mon'?"),
        ({"days": "mon", "zone": "Europe/Berln"}, "did you mean 'Europe/Berlin'?"),
        ({"time": "arrived"}, "from and to, days, or working is needed"),
        ({"working": True, "zone": "UTC"}, "zone goes with from and to"),
        ({"working": "no"}, "boolean"),
        ({"working": True, "time": "read"}, "'written' or 'arrived'"),
    ],
)
def test_mistakes_are_refused(value: Any, said: str) -> None:
    """What cannot be meant is refused when the condition is made, with what to write."""
    with pytest.raises(ValueError, match=r"(?s).+") as caught:
        HoursCondition(value)
    assert said in str(caught.value)


def test_what_the_hours_section_does_not_say_is_a_mistake() -> None:
    """A rule that would stay silent for ever is named, each reason once; with a zone of its own, or
    switched off, it is none.
    """

    def gaps(value: Any, workspace: Workspace, mode: str = "live") -> list[str]:
        conditions = [{"hours": value}, {"hours": value}]
        rules = parse_rules({"rules": [{"id": "a", "mode": mode, "all": conditions}]}, "r.toml")
        return [str(problem) for problem in find_gaps(rules, workspace, "r.toml: ")]

    assert gaps({"working": True}, NO_WORKSPACE) == [
        'r.toml: rule "a": working needs to know when the team works; set timezone under [hours]'
    ]
    assert "needs a time zone" in gaps(NIGHT, NO_WORKSPACE)[0]
    assert gaps({**NIGHT, "zone": "UTC"}, NO_WORKSPACE) == []
    assert gaps({**NIGHT, "working": False}, BERLIN) == []
    assert gaps({"working": True}, NO_WORKSPACE, mode="off") == []
    assert (
        HoursCondition(NIGHT).check(evidence(local("2026-11-17T23:10"), None, NO_WORKSPACE)) is None
    )
