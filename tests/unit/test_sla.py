"""How long it took the team to respond to an alert, and how its limits stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from monitor.domain.actor import SYSTEM, Actor
from monitor.domain.alert import Alert, AlertStatus, LimitStatus, Severity, SlaLimits
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.event import AlertEvent, EventKind
from monitor.domain.sla import (
    ElapsedTime,
    SlaTimes,
    compute_limit_statuses,
    is_team_response,
    measure_sla_times,
)
from monitor.testing import NOON

ALWAYS = BusinessCalendar.always_open()
#: NOON is a Wednesday.
OFFICE = BusinessCalendar("UTC", frozenset(range(5)), time(9), time(17))
ANNA_IN_CLI = Actor.cli("anna")
OPEN = Alert(
    id=1,
    rule_id="crash",
    rule_name="Crash",
    rule_version="1",
    severity=Severity.HIGH,
    status=AlertStatus.OPEN,
    group="g",
    channel="#support",
    mention="",
    reason="r",
    words=(),
    opened_at=NOON,
    updated_at=NOON,
    version=3,
    turn=2,
    members=4,
)


def at(seconds: float) -> datetime:
    """So many seconds after the opening."""
    return NOON + timedelta(seconds=seconds)


def _event(
    seconds: float, after: AlertStatus | None, actor: Actor = ANNA_IN_CLI, kind: str = ""
) -> AlertEvent:
    return AlertEvent(
        alert_id=1,
        at=at(seconds),
        kind=EventKind(kind or str(after)),
        actor=actor,
        after=after,
        note="n",
    )


OPENED = _event(0, AlertStatus.OPEN, Actor.rule("crash"), "opened")


@pytest.mark.parametrize(
    "event",
    [
        OPENED,
        _event(5, None, Actor.rule("crash"), "grouped"),
        _event(5, AlertStatus.OPEN, SYSTEM),
        _event(5, AlertStatus.RESOLVED, Actor.source("reddit")),
        _event(5, AlertStatus.RESOLVED, Actor.parse("web:anna")),
        _event(5, None),
    ],
)
def test_rules_sources_and_timers_do_not_respond(event: AlertEvent) -> None:
    """Only people of the team respond, by moving the alert; a note alone does not."""
    assert not is_team_response(event)


@pytest.mark.parametrize(
    "event",
    [
        _event(60, AlertStatus.ACKNOWLEDGED, Actor.slack("U1")),
        _event(60, AlertStatus.RESOLVED, Actor.cli("anna")),
        _event(60, AlertStatus.REPLIED, Actor.source("reddit")),
    ],
)
def test_people_and_our_own_accounts_respond(event: AlertEvent) -> None:
    """So does who answers in public as one of the brand's own accounts, wherever it was found."""
    assert is_team_response(event)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], (None, None, None)),
        ([OPENED], (None, None, None)),
        ([OPENED, _event(60, AlertStatus.ACKNOWLEDGED)], (60, None, None)),
        ([OPENED, _event(90, AlertStatus.RESOLVED)], (90, None, 90)),
        ([OPENED, _event(60, AlertStatus.REPLIED, Actor.source("reddit"))], (60, 60, None)),
        (
            [
                OPENED,
                _event(30, AlertStatus.RESOLVED, Actor.source("reddit")),
                _event(90, AlertStatus.RESOLVED),
            ],
            (90, None, 90),
        ),
        (
            [
                _event(60, AlertStatus.ACKNOWLEDGED),
                _event(120, AlertStatus.REPLIED),
                _event(180, AlertStatus.REPLIED),
                _event(600, AlertStatus.RESOLVED),
            ],
            (60, 120, 600),
        ),
        ([_event(60, AlertStatus.RESOLVED), _event(90, AlertStatus.OPEN)], (60, None, None)),
        (
            [
                _event(60, AlertStatus.RESOLVED),
                _event(90, AlertStatus.OPEN),
                _event(300, AlertStatus.DISMISSED),
            ],
            (60, None, 300),
        ),
        (
            [
                _event(60, AlertStatus.RESOLVED),
                _event(90, AlertStatus.OPEN),
                _event(120, AlertStatus.ACKNOWLEDGED),
            ],
            (60, None, None),
        ),
        (
            [_event(60, AlertStatus.SNOOZED), _event(90, AlertStatus.RESOLVED, SYSTEM)],
            (60, None, None),
        ),
    ],
)
def test_clocks_count_from_the_opening(
    events: list[AlertEvent], expected: tuple[float | None, float | None, float | None]
) -> None:
    """First response, first reply, last closing; what is open again is not resolved."""
    acknowledged, replied, resolved = (
        None if seconds is None else ElapsedTime(seconds, seconds) for seconds in expected
    )
    assert measure_sla_times(NOON, events, ALWAYS) == SlaTimes(
        to_acknowledge=acknowledged, to_reply=replied, to_resolve=resolved
    )


def test_clocks_tell_wall_time_and_working_time() -> None:
    """A night between question and answer counts on the wall and not at work."""
    events = [OPENED, _event(22 * 3600, AlertStatus.REPLIED)]
    assert measure_sla_times(NOON, events, OFFICE).to_reply == ElapsedTime(22 * 3600, 6 * 3600)


LIMITS = SlaLimits(acknowledge=600, respond=3600, resolve=8 * 3600)
LIMITED = replace(OPEN, limits=LIMITS)


@pytest.mark.parametrize(
    ("events", "met"),
    [
        ([OPENED], (None, None, None)),
        (
            [OPENED, _event(5, None, kind="assigned"), _event(6, None, kind="noted")],
            (None, None, None),
        ),
        ([OPENED, _event(60, AlertStatus.ACKNOWLEDGED)], (60, None, None)),
        (
            [OPENED, _event(60, AlertStatus.SNOOZED), _event(90, AlertStatus.OPEN, SYSTEM)],
            (60, None, None),
        ),
        (
            [OPENED, _event(60, AlertStatus.REPLIED, Actor.source("reddit"), "replied")],
            (60, 60, None),
        ),
        ([OPENED, _event(60, AlertStatus.DISMISSED)], (60, 60, 60)),
        (
            [
                OPENED,
                _event(60, AlertStatus.REPLIED, kind="replied"),
                _event(90, AlertStatus.RESOLVED),
            ],
            (60, 60, 90),
        ),
    ],
)
def test_waits_tell_how_each_limit_stands(
    events: list[AlertEvent], met: tuple[float | None, ...]
) -> None:
    """Taken, answered, closed: when each is due, and when it was done by whoever did it."""
    kinds, due = ("acknowledge", "respond", "resolve"), (600, 3600, 8 * 3600)
    assert compute_limit_statuses(LIMITED, events, OFFICE) == tuple(
        LimitStatus(kind=kind, due_at=at(seconds), met_at=None if done is None else at(done))
        for kind, seconds, done in zip(kinds, due, met, strict=True)
    )


def test_limits_begin_anew_when_an_alert_is_reopened() -> None:
    """Nothing done before the reopening counts, and the time starts with it."""
    events = [
        OPENED,
        _event(60, AlertStatus.RESOLVED),
        _event(5000, AlertStatus.OPEN, Actor.rule("crash"), "reopened"),
    ]
    assert compute_limit_statuses(
        replace(OPEN, limits=SlaLimits(acknowledge=600)), events, ALWAYS
    ) == (LimitStatus(kind="acknowledge", due_at=at(5600)),)


def test_only_limits_of_working_hours_wait_overnight() -> None:
    """The same limit with and without `working_hours`, in a team that goes home at five."""
    wall, working = (SlaLimits(respond=6 * 3600, working_hours=flag) for flag in (False, True))
    (by_wall,) = compute_limit_statuses(replace(OPEN, limits=wall), [OPENED], OFFICE)
    (by_work,) = compute_limit_statuses(replace(OPEN, limits=working), [OPENED], OFFICE)
    assert (by_wall.due_at, by_work.due_at) == (at(6 * 3600), at(22 * 3600))


def test_an_alert_without_limits_waits_for_nothing() -> None:
    """No limit, nothing to show."""
    assert compute_limit_statuses(OPEN, [OPENED], OFFICE) == ()
