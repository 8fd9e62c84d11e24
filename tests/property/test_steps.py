"""Reminders and calls by any calendar: at their time, in their order, each once, whenever somebody
looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.actor import SYSTEM, Actor
from monitor.domain.alert import Alert, AlertStatus, EscalationStep, Severity, SlaLimits
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.event import AlertEvent, EventKind
from monitor.domain.sla import seconds_by_limit
from monitor.followup.timers import TimerStep, next_step
from monitor.settings import RespondSettings

ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
)
DAYS = st.frozensets(st.integers(0, 6), min_size=1)
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
CALENDARS = st.builds(BusinessCalendar, ZONES, DAYS, TIMES, TIMES, st.sampled_from(["", "DE"]))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SECONDS = st.integers(60, 3 * 86_400).map(float)
LIMITS = st.builds(
    SlaLimits,
    acknowledge=st.none() | SECONDS,
    respond=st.none() | SECONDS,
    resolve=st.none() | SECONDS,
    escalate=st.lists(SECONDS, max_size=3).map(
        lambda times: tuple(EscalationStep(after) for after in sorted(times))
    ),
    working_hours=st.booleans(),
)
RESPOND = RespondSettings(assign="on_call", people=("U1",))


def alert(limits: SlaLimits, opened_at: datetime) -> Alert:
    """An alert that nobody ever touches."""
    return Alert(
        id=1,
        rule_id="r",
        rule_name="R",
        rule_version="1",
        severity=Severity.HIGH,
        status=AlertStatus.OPEN,
        group="g",
        channel="#s",
        mention="",
        reason="",
        words=(),
        opened_at=opened_at,
        updated_at=opened_at,
        version=1,
        limits=limits,
    )


def lived(
    untouched: Alert, calendar: BusinessCalendar, looks: Iterable[datetime] = ()
) -> list[TimerStep]:
    """Every step that is carried out if somebody looks at these times, and then always exactly in
    time.
    """
    opened = AlertEvent(
        alert_id=1,
        at=untouched.opened_at,
        kind=EventKind.OPENED,
        actor=Actor.rule("r"),
        after=AlertStatus.OPEN,
    )
    events, done, planned = [opened], [], [*looks]
    now = untouched.opened_at
    while step := next_step(untouched, events, now, calendar=calendar, respond=RESPOND):
        if step.at > now:
            now = planned.pop(0) if planned else step.at
            continue
        done.append(step)
        change = step.change
        events.append(
            AlertEvent(alert_id=1, at=now, kind=change.kind, actor=SYSTEM, details=change.details)
        )
        untouched = replace(untouched, assignee=change.assignee or untouched.assignee)
    return done


def named(step: TimerStep) -> tuple[str, str]:
    """Which step it is."""
    return step.change.kind, step.change.details.get("limit", "") or step.change.details.get(
        "step", ""
    )


@settings(max_examples=50)
@given(limits=LIMITS, calendar=CALENDARS, opened_at=MOMENTS)
def test_each_step_comes_when_so_much_time_has_passed(
    limits: SlaLimits, calendar: BusinessCalendar, opened_at: datetime
) -> None:
    """Three quarters of each limit, all of it, and each call: in working time where the rule says
    so, and no other.
    """
    steps = lived(alert(limits, opened_at), calendar)
    expected = {("assigned", ""): 0.0}
    for limit, seconds in seconds_by_limit(limits).items():
        expected |= {("nudged", limit): 0.75 * seconds, ("late", limit): seconds}
    expected |= {
        ("escalated", str(number)): call.after for number, call in enumerate(limits.escalate, 1)
    }
    counting = calendar if limits.working_hours else BusinessCalendar.always_open()
    assert {
        named(step): counting.working_seconds_between(opened_at, step.at) for step in steps
    } == expected
    assert len(steps) == len(expected)
    assert [step.at for step in steps] == sorted(step.at for step in steps)


@settings(max_examples=50)
@given(
    limits=LIMITS,
    calendar=CALENDARS,
    opened_at=MOMENTS,
    pauses=st.lists(st.integers(1, 5 * 86_400), max_size=6),
)
def test_whoever_looks_late_does_the_same_but_for_late_nudges(
    limits: SlaLimits, calendar: BusinessCalendar, opened_at: datetime, pauses: list[int]
) -> None:
    """However long nobody looked: nothing is done twice, and only nudges that came too late are
    left out.
    """
    looks = [opened_at + timedelta(seconds=seconds) for seconds in accumulate(pauses)]
    in_time = [named(step) for step in lived(alert(limits, opened_at), calendar)]
    late = [named(step) for step in lived(alert(limits, opened_at), calendar, looks)]
    assert len(late) == len(set(late))
    assert set(late) <= set(in_time)
    assert {kind for kind, _ in set(in_time) - set(late)} <= {"nudged"}
