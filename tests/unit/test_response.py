"""What people did about an alert, and how long it took."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.alert import AlertEvent, AlertStatus
from monitor.response import Clocks, Response, clocks
from monitor.testing import NOON


def _event(seconds: float, after: AlertStatus | None, actor: str = "cli:anna", kind: str = "") -> AlertEvent:
    at = NOON + timedelta(seconds=seconds)
    return AlertEvent(alert_id=1, at=at, kind=kind or str(after), actor=actor, after=after, note="n")


OPENED = _event(0, AlertStatus.OPEN, "rule:crash", "opened")


@pytest.mark.parametrize(
    "event",
    [OPENED, _event(5, None, "rule:crash", "grouped"), _event(5, AlertStatus.OPEN, "system"), _event(5, None)],
)
def test_rules_and_timers_do_not_respond(event: AlertEvent) -> None:
    """Only a person who changes the state responds; a note alone does not."""
    assert Response.of(event) is None


def test_a_response_keeps_who_when_and_what() -> None:
    """Everything that a report needs is taken over from the event."""
    event = _event(60, AlertStatus.ACKNOWLEDGED, "user:U1")
    assert Response.of(event) == Response(alert_id=1, at=event.at, actor="user:U1", kind="acknowledged", note="n")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], Clocks()),
        ([OPENED], Clocks()),
        ([OPENED, _event(60, AlertStatus.ACKNOWLEDGED)], Clocks(to_acknowledge=60)),
        ([OPENED, _event(90, AlertStatus.RESOLVED)], Clocks(to_acknowledge=90, to_resolve=90)),
        (
            [
                _event(60, AlertStatus.ACKNOWLEDGED),
                _event(120, AlertStatus.REPLIED),
                _event(180, AlertStatus.REPLIED),
                _event(600, AlertStatus.RESOLVED),
            ],
            Clocks(to_acknowledge=60, to_reply=120, to_resolve=600),
        ),
        (
            [_event(60, AlertStatus.RESOLVED), _event(90, AlertStatus.OPEN)],
            Clocks(to_acknowledge=60),
        ),
        (
            [_event(60, AlertStatus.RESOLVED), _event(90, AlertStatus.OPEN), _event(300, AlertStatus.DISMISSED)],
            Clocks(to_acknowledge=60, to_resolve=300),
        ),
        (
            [_event(60, AlertStatus.SNOOZED), _event(90, AlertStatus.RESOLVED, "system")],
            Clocks(to_acknowledge=60),
        ),
    ],
)
def test_clocks_count_from_the_opening(events: list[AlertEvent], expected: Clocks) -> None:
    """First response, first reply, last closing; what is open again was not resolved, and machines do not count."""
    assert clocks(NOON, events) == expected


def test_an_alert_reopened_and_taken_again_is_not_resolved() -> None:
    """The clock of the resolution runs on while somebody works on what came back."""
    events = [
        _event(60, AlertStatus.RESOLVED),
        _event(90, AlertStatus.OPEN),
        _event(120, AlertStatus.ACKNOWLEDGED),
    ]
    assert clocks(NOON, events).to_resolve is None
