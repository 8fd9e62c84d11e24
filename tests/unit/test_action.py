"""What people can do about an alert, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.action import (
    MAX_SNOOZE,
    Action,
    ActionKind,
    AlertChange,
    Refusal,
    decide_action,
)
from monitor.domain.actor import SYSTEM, Actor
from monitor.domain.alert import Alert, AlertStatus, Severity, Snooze
from monitor.domain.event import EventKind
from monitor.testing import NOON

ANNA = Actor.slack("U0ANNA1")
ALLOWED_WHEN_CLOSED = (
    ActionKind.REOPEN,
    ActionKind.REPLY,
    ActionKind.CORRECT,
    ActionKind.NOTE,
    ActionKind.LINK,
)
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
TAKEN = replace(OPEN, status=AlertStatus.ACKNOWLEDGED, assignee=ANNA)
ASSIGNED = replace(OPEN, assignee=ANNA)
REPLIED = replace(OPEN, status=AlertStatus.REPLIED, assignee=ANNA)
ASLEEP = replace(OPEN, status=AlertStatus.SNOOZED, snooze=Snooze(members=9))
RESOLVED = replace(OPEN, status=AlertStatus.RESOLVED, assignee=ANNA)
DISMISSED = replace(OPEN, status=AlertStatus.DISMISSED)
LATER = NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("alert", "kind", "given", "expected"),
    [
        (
            OPEN,
            ActionKind.TAKE,
            {},
            AlertChange(
                kind=EventKind.ACKNOWLEDGED, to=AlertStatus.ACKNOWLEDGED, assignee=Actor.cli("bert")
            ),
        ),
        (
            ASSIGNED,
            ActionKind.TAKE,
            {},
            AlertChange(
                kind=EventKind.ACKNOWLEDGED, to=AlertStatus.ACKNOWLEDGED, assignee=Actor.cli("bert")
            ),
        ),
        (
            ASLEEP,
            ActionKind.TAKE,
            {},
            AlertChange(
                kind=EventKind.ACKNOWLEDGED, to=AlertStatus.ACKNOWLEDGED, assignee=Actor.cli("bert")
            ),
        ),
        (
            REPLIED,
            ActionKind.TAKE,
            {"actor": ANNA},
            AlertChange(kind=EventKind.ACKNOWLEDGED, to=AlertStatus.ACKNOWLEDGED, assignee=ANNA),
        ),
        (
            TAKEN,
            ActionKind.ASSIGN,
            {"assignee": Actor.cli("cleo")},
            AlertChange(
                kind=EventKind.ASSIGNED,
                assignee=Actor.cli("cleo"),
                details={"assignee": "cli:cleo"},
            ),
        ),
        (
            TAKEN,
            ActionKind.RELEASE,
            {},
            AlertChange(kind=EventKind.RELEASED, to=AlertStatus.OPEN, unassign=True),
        ),
        (ASSIGNED, ActionKind.RELEASE, {}, AlertChange(kind=EventKind.RELEASED, unassign=True)),
        (TAKEN, ActionKind.CONFIRM, {}, AlertChange(kind=EventKind.CONFIRMED)),
        (
            OPEN,
            ActionKind.REPLY,
            {},
            AlertChange(kind=EventKind.REPLIED, to=AlertStatus.REPLIED, assignee=Actor.cli("bert")),
        ),
        (
            TAKEN,
            ActionKind.REPLY,
            {},
            AlertChange(kind=EventKind.REPLIED, to=AlertStatus.REPLIED, assignee=ANNA),
        ),
        (REPLIED, ActionKind.REPLY, {}, AlertChange(kind=EventKind.REPLIED, assignee=ANNA)),
        (RESOLVED, ActionKind.REPLY, {}, AlertChange(kind=EventKind.REPLIED, assignee=ANNA)),
        (
            OPEN,
            ActionKind.REPLY,
            {"actor": Actor.source("reddit")},
            AlertChange(kind=EventKind.REPLIED, to=AlertStatus.REPLIED),
        ),
        (
            TAKEN,
            ActionKind.RESOLVE,
            {},
            AlertChange(
                kind=EventKind.RESOLVED, to=AlertStatus.RESOLVED, assignee=Actor.cli("bert")
            ),
        ),
        (
            TAKEN,
            ActionKind.DISMISS,
            {},
            AlertChange(
                kind=EventKind.DISMISSED, to=AlertStatus.DISMISSED, assignee=Actor.cli("bert")
            ),
        ),
        (
            OPEN,
            ActionKind.DISMISS,
            {"actor": SYSTEM},
            AlertChange(kind=EventKind.DISMISSED, to=AlertStatus.DISMISSED),
        ),
        (ASLEEP, ActionKind.WAKE, {}, AlertChange(kind=EventKind.WOKEN, to=AlertStatus.OPEN)),
        (
            replace(ASLEEP, assignee=ANNA),
            ActionKind.WAKE,
            {},
            AlertChange(kind=EventKind.WOKEN, to=AlertStatus.ACKNOWLEDGED),
        ),
        (
            RESOLVED,
            ActionKind.REOPEN,
            {},
            AlertChange(kind=EventKind.REOPENED, to=AlertStatus.OPEN),
        ),
        (
            DISMISSED,
            ActionKind.REOPEN,
            {},
            AlertChange(kind=EventKind.REOPENED, to=AlertStatus.OPEN),
        ),
        (TAKEN, ActionKind.ESCALATE, {}, AlertChange(kind=EventKind.ESCALATED)),
        (
            RESOLVED,
            ActionKind.CORRECT,
            {"details": {"sentiment": "negative"}},
            {"sentiment": "negative"},
        ),
        (OPEN, ActionKind.NOTE, {"note": "n"}, AlertChange(kind=EventKind.NOTED, note="n")),
        (
            RESOLVED,
            ActionKind.LINK,
            {"details": {"ticket": "https://t.example/1"}},
            AlertChange(
                kind=EventKind.LINKED,
                ticket="https://t.example/1",
                details={"ticket": "https://t.example/1"},
            ),
        ),
    ],
)
def test_an_action_says_what_changes(
    alert: Alert,
    kind: ActionKind,
    given: Mapping[str, str],
    expected: AlertChange | Mapping[str, str],
) -> None:
    """The event, the next state and the holder follow from the action; all else stays as it is."""
    action = Action(**{"kind": kind, "actor": Actor.cli("bert"), "turn": 2, **given})  # type: ignore[arg-type]
    change = decide_action(alert, action, NOON)
    if not isinstance(expected, AlertChange):
        expected = AlertChange(kind=EventKind.CORRECTED, details=expected)
    assert change == expected


@pytest.mark.parametrize(
    ("snooze", "alert", "expected"),
    [
        (Snooze(until=LATER), OPEN, Snooze(until=LATER)),
        (Snooze(members=5), TAKEN, Snooze(until=NOON + MAX_SNOOZE, members=5)),
        (Snooze(worse=True), ASLEEP, Snooze(until=NOON + MAX_SNOOZE, worse=True)),
    ],
)
def test_a_snooze_always_has_an_end(snooze: Snooze, alert: Alert, expected: Snooze) -> None:
    """Nobody can put an alert away for ever, and one that sleeps can be put away anew."""
    change = decide_action(alert, Action(kind=ActionKind.SNOOZE, actor=ANNA, snooze=snooze), NOON)
    to = None if alert is ASLEEP else AlertStatus.SNOOZED
    assert change == AlertChange(kind=EventKind.SNOOZED, to=to, snooze=expected)


@pytest.mark.parametrize(
    ("alert", "action", "says"),
    [
        (
            TAKEN,
            Action(kind=ActionKind.RESOLVE, actor=Actor.cli("bert"), turn=1),
            "This has changed meanwhile: alert 1 is acknowledged",
        ),
        (TAKEN, Action(kind=ActionKind.TAKE, actor=ANNA), "You have alert 1 already."),
        (
            TAKEN,
            Action(kind=ActionKind.TAKE, actor=Actor.cli("bert")),
            "held by user:U0ANNA1; use Assign to take it over.",
        ),
        (OPEN, Action(kind=ActionKind.ASSIGN, actor=ANNA), "Say to whom."),
        (OPEN, Action(kind=ActionKind.LINK, actor=ANNA), "Say which."),
        (
            OPEN,
            Action(kind=ActionKind.RESOLVE, actor=ANNA, details={"ticket": "javascript:x"}),
            "begins with https://",
        ),
        (TAKEN, Action(kind=ActionKind.ASSIGN, actor=ANNA, assignee=ANNA), "theirs already"),
        (OPEN, Action(kind=ActionKind.RELEASE, actor=ANNA), "Nobody has alert 1."),
        (OPEN, Action(kind=ActionKind.SNOOZE, actor=ANNA), "Say until when."),
        (OPEN, Action(kind=ActionKind.SNOOZE, actor=ANNA, snooze=Snooze()), "Say until when."),
        (
            OPEN,
            Action(kind=ActionKind.SNOOZE, actor=ANNA, snooze=Snooze(until=NOON)),
            "passed already",
        ),
        (
            OPEN,
            Action(kind=ActionKind.SNOOZE, actor=ANNA, snooze=Snooze(members=4)),
            "has 4 reports already",
        ),
        (
            OPEN,
            Action(
                kind=ActionKind.SNOOZE, actor=ANNA, snooze=Snooze(until=NOON + timedelta(days=31))
            ),
            "30 days at most",
        ),
        (OPEN, Action(kind=ActionKind.WAKE, actor=ANNA), "is not snoozed"),
        (OPEN, Action(kind=ActionKind.REOPEN, actor=ANNA), "is not closed"),
        *(
            (RESOLVED, Action(kind=kind, actor=ANNA), "reopen it first")
            for kind in ActionKind
            if kind not in ALLOWED_WHEN_CLOSED
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_a_reason(
    alert: Alert, action: Action, says: str
) -> None:
    """A stale or contradictory click changes nothing, and the person learns why."""
    refusal = decide_action(alert, action, NOON)
    assert isinstance(refusal, Refusal)
    assert says in refusal.message
