"""What follows by itself while an alert waits, and that each step of it happens once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from monitor.domain.action import AlertChange
from monitor.domain.actor import SYSTEM, Actor
from monitor.domain.alert import Alert, AlertStatus, EscalationStep, Severity, SlaLimits, Snooze
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.event import AlertEvent, EventKind
from monitor.followup.timers import TimerStep, format_mention, manual_escalation, next_step
from monitor.settings import RespondSettings
from monitor.testing import NOON

#: NOON is a Wednesday.
OFFICE = BusinessCalendar("UTC", frozenset(range(5)), time(9), time(17))
QUIET = RespondSettings(confirm_after=timedelta())
ROBIN = RespondSettings(assign="round_robin", people=("U1", "U2"), confirm_after=timedelta())
CAREFUL = RespondSettings(confirm_after=timedelta(hours=8))
ANNA = Actor.slack("U0ANNA1")
LIMITS = SlaLimits(
    acknowledge=600, escalate=(EscalationStep(900, "@lead"), EscalationStep(7200, "", "#leads"))
)


def at(seconds: float) -> datetime:
    """So many seconds after the opening."""
    return NOON + timedelta(seconds=seconds)


def event(
    seconds: float,
    kind: str,
    after: AlertStatus | None = None,
    actor: Actor = SYSTEM,
    **details: str,
) -> AlertEvent:
    """Something that happened then."""
    return AlertEvent(
        alert_id=1, at=at(seconds), kind=EventKind(kind), actor=actor, after=after, details=details
    )


OPENED = event(0, "opened", AlertStatus.OPEN, Actor.rule("crash"))
TOOK = event(60, "acknowledged", AlertStatus.ACKNOWLEDGED, ANNA)
OPEN = Alert(
    id=1,
    rule_id="crash",
    rule_name="Crash",
    rule_version="1",
    severity=Severity.HIGH,
    status=AlertStatus.OPEN,
    group="g",
    channel="#support",
    mention="@team",
    reason="r",
    words=(),
    opened_at=NOON,
    updated_at=at(50),
    version=1,
    limits=LIMITS,
)
TAKEN = replace(OPEN, status=AlertStatus.ACKNOWLEDGED, assignee=ANNA)


def step(
    alert: Alert,
    events: Sequence[AlertEvent],
    now: float = 0,
    respond: RespondSettings = QUIET,
    last: Actor | None = None,
) -> TimerStep | None:
    """The next step in a team that works from nine to five."""
    return next_step(alert, events, at(now), calendar=OFFICE, respond=respond, last=last)


def kinds(found: TimerStep | None) -> tuple[float, str, Mapping[str, str]] | None:
    """When, what, and what more there is to say of it but the time and whom it addresses."""
    if found is None:
        return None
    said = {
        key: value
        for key, value in found.change.details.items()
        if key not in ("due_at", "mention", "channel")
    }
    return (found.at - NOON).total_seconds(), found.change.kind, said


NUDGED, LATE = event(450, "nudged", limit="acknowledge"), event(600, "late", limit="acknowledge")
FIRST_CALL, SECOND_CALL = event(900, "escalated"), event(7200, "escalated")


@pytest.mark.parametrize(
    ("events", "now", "expected"),
    [
        ([OPENED], 0, (450, "nudged", {"limit": "acknowledge"})),
        ([OPENED, NUDGED], 450, (600, "late", {"limit": "acknowledge"})),
        ([OPENED], 600, (600, "late", {"limit": "acknowledge"})),
        ([OPENED, NUDGED, LATE], 600, (900, "escalated", {"step": "1"})),
        ([OPENED, NUDGED, LATE, FIRST_CALL], 900, (7200, "escalated", {"step": "2"})),
        ([OPENED, NUDGED, LATE, FIRST_CALL, SECOND_CALL], 7200, None),
        (
            [OPENED, event(30, "escalated", actor=ANNA), LATE],
            600,
            (7200, "escalated", {"step": "2"}),
        ),
    ],
)
def test_a_waiting_alert_is_nudged_late_and_escalated(
    events: list[AlertEvent], now: float, expected: tuple[float, str, Mapping[str, str]] | None
) -> None:
    """One thing after the other, none twice; a nudge that comes too late is left out, a call by
    hand counts.
    """
    assert kinds(step(OPEN, events, now)) == expected


def test_reminders_address_the_holder_or_whom_the_card_addresses() -> None:
    """Whoever has it is meant, and the team where nobody has."""
    found = step(OPEN, [OPENED])
    assigned = step(replace(OPEN, assignee=ANNA), [OPENED])
    assert found
    assert found.change.details["mention"] == "@team"
    assert assigned
    assert assigned.change.details == {
        "limit": "acknowledge",
        "due_at": at(600).isoformat(),
        "mention": "<@U0ANNA1>",
    }


def test_a_call_names_whom_and_where() -> None:
    """The mention and the channel of the chain travel with the event, so that the message can go
    there.
    """
    found = step(OPEN, [OPENED, LATE, FIRST_CALL])
    assert found
    assert found.change.details == {"step": "2", "mention": "", "channel": "#leads"}


def test_nobody_is_called_for_what_somebody_has() -> None:
    """Once it is taken, put away or closed the chain rests, and so do the limits that are met."""
    assert step(TAKEN, [OPENED, TOOK]) is None
    for status in (AlertStatus.RESOLVED, AlertStatus.DISMISSED):
        assert (
            step(replace(OPEN, status=status), [OPENED, event(9, "closed", status, ANNA)]) is None
        )


def test_the_chain_begins_anew_when_an_alert_is_given_back() -> None:
    """Nobody has it again: everybody who was called before is called again, counted from then
    on.
    """
    events = [
        OPENED,
        LATE,
        FIRST_CALL,
        SECOND_CALL,
        TOOK,
        event(8000, "released", AlertStatus.OPEN, ANNA),
    ]
    assert kinds(step(OPEN, events, 8000)) == (8900, "escalated", {"step": "1"})


def test_limits_and_calls_begin_anew_when_an_alert_is_reopened() -> None:
    """A round that is over leaves nothing behind."""
    closed = event(700, "resolved", AlertStatus.RESOLVED, ANNA)
    events = [
        OPENED,
        NUDGED,
        LATE,
        FIRST_CALL,
        closed,
        event(5000, "reopened", AlertStatus.OPEN, Actor.rule("crash")),
    ]
    assert kinds(step(OPEN, events, 5000)) == (5450, "nudged", {"limit": "acknowledge"})


def test_working_hours_hold_back_nudges_and_calls() -> None:
    """What would fall into the night happens on the following morning."""
    limits = SlaLimits(
        acknowledge=4 * 3600, escalate=(EscalationStep(6 * 3600),), working_hours=True
    )
    late = replace(OPEN, limits=limits, opened_at=at(4 * 3600))
    opened = replace(OPENED, at=at(4 * 3600))
    nudge, call = step(late, [opened]), step(late, [opened, event(9, "late", limit="acknowledge")])
    assert nudge
    assert nudge.at == datetime(2026, 11, 19, 11, tzinfo=NOON.tzinfo)
    assert call
    assert call.at == datetime(2026, 11, 19, 14, tzinfo=NOON.tzinfo)


@pytest.mark.parametrize(
    ("settings", "last", "expected"),
    [
        (ROBIN, None, Actor.slack("U1")),
        (ROBIN, Actor.slack("U1"), Actor.slack("U2")),
        (ROBIN, Actor.slack("U2"), Actor.slack("U1")),
        (ROBIN, Actor.slack("U9"), Actor.slack("U1")),
        (ROBIN.model_copy(update={"assign": "on_call"}), Actor.slack("U1"), Actor.slack("U1")),
    ],
)
def test_a_new_alert_is_given_to_somebody(
    settings: RespondSettings, last: Actor | None, expected: Actor
) -> None:
    """Each in turn, the first after one who has left the list; or always whoever is on call."""
    found = step(OPEN, [OPENED], respond=settings, last=last)
    assert found == TimerStep(
        NOON,
        AlertChange(
            kind=EventKind.ASSIGNED,
            assignee=expected,
            details={"assignee": str(expected), "mention": format_mention(expected)},
        ),
    )


@pytest.mark.parametrize(
    ("alert", "events", "settings"),
    [
        (OPEN, [OPENED, event(5, "noted", actor=ANNA)], ROBIN),
        (OPEN, [OPENED, event(5, "assigned")], ROBIN),
        (replace(OPEN, assignee=ANNA), [OPENED], ROBIN),
        (replace(OPEN, members=0), [OPENED], ROBIN),
        (OPEN, [OPENED], ROBIN.model_copy(update={"people": ()})),
        (OPEN, [OPENED], ROBIN.model_copy(update={"assign": "nobody"})),
    ],
)
def test_what_somebody_has_touched_is_not_given_to_anybody(
    alert: Alert, events: list[AlertEvent], settings: RespondSettings
) -> None:
    """Assigned once and never behind a person's back; what is about the program itself is nobody's
    turn.
    """
    found = step(alert, events, respond=settings)
    assert found
    assert found.change.kind == "nudged"


def test_a_taken_alert_without_a_sign_of_life_is_given_back() -> None:
    """Asked after six of eight hours, given back after eight, and every sign of life begins the
    time anew.
    """
    asked = event(60 + 6 * 3600, "nudged", limit="confirm")
    assert kinds(step(TAKEN, [OPENED, TOOK], respond=CAREFUL)) == (
        60 + 6 * 3600,
        "nudged",
        {"limit": "confirm"},
    )
    back = step(TAKEN, [OPENED, TOOK, asked], respond=CAREFUL)
    details = {"why": "silence", "from": str(ANNA)}
    assert back == TimerStep(
        at(60 + 8 * 3600),
        AlertChange(kind=EventKind.RELEASED, to=AlertStatus.OPEN, unassign=True, details=details),
    )
    for kind in ("noted", "confirmed", "corrected"):
        alive = event(25000, kind, actor=Actor.slack("U2"))
        found = step(TAKEN, [OPENED, TOOK, asked, alive], respond=CAREFUL)
        assert kinds(found) == (25000 + 6 * 3600, "nudged", {"limit": "confirm"})


def test_nobody_is_left_without_a_warning() -> None:
    """After a night in which the program did not run, people are asked first and have two hours to
    answer.
    """
    asked = event(20 * 3600, "nudged", limit="confirm")
    assert kinds(step(TAKEN, [OPENED, TOOK], 20 * 3600, CAREFUL)) == (
        60 + 6 * 3600,
        "nudged",
        {"limit": "confirm"},
    )
    assert kinds(step(TAKEN, [OPENED, TOOK, asked], 20 * 3600, CAREFUL)) == (
        22 * 3600,
        "released",
        {"why": "silence", "from": str(ANNA)},
    )


def reports(*minutes: float) -> list[AlertEvent]:
    """Reports that joined then."""
    return [event(60 * minute, "grouped", actor=Actor.rule("crash")) for minute in minutes]


ASLEEP = replace(OPEN, status=AlertStatus.SNOOZED)
PUT_AWAY = event(3600, "snoozed", AlertStatus.SNOOZED, ANNA)


@pytest.mark.parametrize(
    ("snooze", "members", "events", "expected"),
    [
        (Snooze(until=at(9000)), 1, [OPENED, PUT_AWAY], (9000, "time")),
        (Snooze(until=at(9000), members=3), 2, [OPENED, PUT_AWAY], (9000, "time")),
        (Snooze(until=at(9000), members=3), 3, [OPENED, PUT_AWAY], (50, "members")),
        (
            Snooze(until=at(90000), worse=True),
            4,
            [OPENED, PUT_AWAY, *reports(70, 80)],
            (90000, "time"),
        ),
        (
            Snooze(until=at(90000), worse=True),
            4,
            [OPENED, PUT_AWAY, *reports(70, 80, 90)],
            (5400, "worse"),
        ),
        (
            Snooze(until=at(90000), worse=True),
            4,
            [OPENED, PUT_AWAY, *reports(70, 135, 190)],
            (90000, "time"),
        ),
        (
            Snooze(until=at(90000), worse=True),
            9,
            [OPENED, *reports(1, 2, 3), PUT_AWAY, *reports(70, 71, 72, 73)],
            (90000, "time"),
        ),
        (
            Snooze(until=at(90000), worse=True),
            9,
            [OPENED, *reports(1, 2, 3), PUT_AWAY, *reports(70, 71, 72, 73, 74)],
            (60 * 74, "worse"),
        ),
        (None, 1, [OPENED], (50 + 30 * 86400, "time")),
    ],
)
def test_whatever_comes_first_wakes_what_was_put_away(
    snooze: Snooze | None, members: int, events: list[AlertEvent], expected: tuple[float, str]
) -> None:
    """A time, a number of reports, or more of them in an hour than in any hour before, and at least
    three.
    """
    found = step(replace(ASLEEP, snooze=snooze, members=members), events)
    assert found
    assert ((found.at - NOON).total_seconds(), found.change.details["why"]) == expected
    assert (found.change.kind, found.change.to) == ("woken", AlertStatus.OPEN)


def test_what_somebody_has_wakes_as_theirs() -> None:
    """A holder is not lost over a snooze."""
    found = step(replace(ASLEEP, assignee=ANNA, snooze=Snooze(until=at(9))), [OPENED, PUT_AWAY])
    assert found
    assert found.change.to is AlertStatus.ACKNOWLEDGED


def test_a_call_by_hand_is_the_next_of_the_chain_or_goes_to_the_managers() -> None:
    """Nobody is called twice for one thing, and there is always somebody where managers are
    named.
    """
    calls = [event(30, "escalated", actor=ANNA), event(31, "escalated", actor=ANNA)]
    assert manual_escalation(OPEN, [OPENED], ()) == {"step": "1", "mention": "@lead", "channel": ""}
    assert manual_escalation(OPEN, [OPENED, *calls[:1]], ()) == {
        "step": "2",
        "mention": "",
        "channel": "#leads",
    }
    assert manual_escalation(OPEN, [OPENED, *calls], ("U1", "S2")) == {
        "mention": "<@U1> <!subteam^S2>"
    }
    assert manual_escalation(OPEN, [OPENED, *calls], ()) == {}
