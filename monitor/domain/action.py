"""What people and clocks do about an alert, what may follow from it, and how long it took: pure
values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.domain.alert import Alert, AlertStatus, Snooze
from monitor.domain.sla import _PEOPLE

#: Nobody can put an alert away for longer than this in one go.
LONGEST_SNOOZE = timedelta(days=30)


class Act(StrEnum):
    """What can be done about an alert."""

    TAKE = "take"
    ASSIGN = "assign"  #: to `Action.assignee`
    RELEASE = "release"  #: give it back: nobody has it
    CONFIRM = "confirm"  #: still on it: the wait for a sign of life begins anew
    REPLY = "reply"  #: the customer was answered
    RESOLVE = "resolve"
    DISMISS = "dismiss"  #: not useful: it should not have fired
    SNOOZE = "snooze"  #: until `Action.snooze`
    WAKE = "wake"
    REOPEN = "reopen"
    ESCALATE = "escalate"
    CORRECT = "correct"  #: the reading of the words was wrong
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What somebody wants to do about an alert."""

    act: Act
    actor: str  #: "user:U123", "cli:anna", "source:reddit", "system"
    via: str = ""  #: from where: "slack:button", "slack:reaction", "cli", "clock"
    #: the alert's turn as the person saw it; None acts on whatever it is by now
    turn: int | None = None
    assignee: str = ""
    snooze: Snooze | None = None
    note: str = ""
    details: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happens to an alert: an event, and what it changes; None leaves a value as it is."""

    kind: str  #: of the event
    to: AlertStatus | None = None
    assignee: str | None = None
    snooze: Snooze | None = None
    note: str = ""
    details: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an action changes nothing, for the one who asked."""

    says: str


_Decision = Callable[[Alert, Action, datetime], Change | Refusal]


def decide(alert: Alert, action: Action, now: datetime) -> Change | Refusal:
    """What an action does to an alert in its present state."""
    if action.turn is not None and action.turn != alert.turn:
        return Refusal(
            f"This has changed meanwhile: alert {alert.id} is {_standing(alert)}. Nothing was done."
        )
    if alert.status.closed and action.act not in _ON_CLOSED:
        return Refusal(f"Alert {alert.id} is {_standing(alert)}; reopen it first.")
    if not alert.status.closed and action.act is Act.REOPEN:
        return Refusal(f"Alert {alert.id} is not closed: it is {_standing(alert)}.")
    return _DECISIONS[action.act](alert, action, now)


def _standing(alert: Alert) -> str:
    """Its status and whose it is."""
    holder = alert.assignee.removeprefix("cli:")
    return f"{alert.status}, held by {holder}" if holder else str(alert.status)


def _take(alert: Alert, action: Action, _: datetime) -> Change | Refusal:
    if alert.assignee == action.actor and alert.status is AlertStatus.ACKNOWLEDGED:
        return Refusal(f"You have alert {alert.id} already.")
    if alert.assignee not in ("", action.actor) and alert.status is not AlertStatus.OPEN:
        return Refusal(f"Alert {alert.id} is {_standing(alert)}; use Assign to take it over.")
    to = None if alert.status is AlertStatus.ACKNOWLEDGED else AlertStatus.ACKNOWLEDGED
    return _change(action, "acknowledged", to=to, assignee=action.actor)


def _assign(alert: Alert, action: Action, _: datetime) -> Change | Refusal:
    if not action.assignee:
        return Refusal("Say to whom.")
    if action.assignee == alert.assignee:
        return Refusal(f"Alert {alert.id} is theirs already.")
    return _change(
        action, "assigned", assignee=action.assignee, details={"assignee": action.assignee}
    )


def _release(alert: Alert, action: Action, _: datetime) -> Change | Refusal:
    if not alert.assignee and alert.status is AlertStatus.OPEN:
        return Refusal(f"Nobody has alert {alert.id}.")
    to = None if alert.status is AlertStatus.OPEN else AlertStatus.OPEN
    return _change(action, "released", to=to, assignee="")


def _reply(alert: Alert, action: Action, _: datetime) -> Change | Refusal:
    to = None if alert.status.closed or alert.status is AlertStatus.REPLIED else AlertStatus.REPLIED
    return _change(action, "replied", to=to, assignee=alert.assignee or _person(action))


def _resolve(_alert: Alert, action: Action, _: datetime) -> Change | Refusal:
    return _change(action, "resolved", to=AlertStatus.RESOLVED, assignee=_person(action))


def _dismiss(_alert: Alert, action: Action, _: datetime) -> Change | Refusal:
    return _change(action, "dismissed", to=AlertStatus.DISMISSED, assignee=_person(action))


def _snooze(alert: Alert, action: Action, now: datetime) -> Change | Refusal:
    asked = action.snooze
    if asked is None or (asked.until is None and asked.members is None and not asked.worse):
        return Refusal("Say until when.")
    if asked.until and asked.until <= now:
        return Refusal("That time has passed already.")
    if asked.members is not None and asked.members <= alert.members:
        return Refusal(f"Alert {alert.id} has {alert.members} reports already.")
    last = now + LONGEST_SNOOZE
    if asked.until and asked.until > last:
        return Refusal(f"An alert can be put away for {LONGEST_SNOOZE.days} days at most.")
    bounded = Snooze(until=asked.until or last, members=asked.members, worse=asked.worse)
    to = None if alert.status is AlertStatus.SNOOZED else AlertStatus.SNOOZED
    return _change(action, "snoozed", to=to, snooze=bounded)


def _wake(alert: Alert, action: Action, _: datetime) -> Change | Refusal:
    if alert.status is not AlertStatus.SNOOZED:
        return Refusal(f"Alert {alert.id} is not snoozed.")
    return _change(
        action, "woken", to=AlertStatus.ACKNOWLEDGED if alert.assignee else AlertStatus.OPEN
    )


def _reopen(_alert: Alert, action: Action, _: datetime) -> Change | Refusal:
    return _change(action, "reopened", to=AlertStatus.OPEN)


def _person(action: Action) -> str | None:
    """Who acts, where that is a person: who closes an alert stands on its card."""
    return action.actor if action.actor.startswith(_PEOPLE) else None


def _event(kind: str) -> _Decision:
    """An action that is noted and changes nothing else."""
    return lambda _alert, action, _now: _change(action, kind)


def _change(
    action: Action,
    kind: str,
    *,
    to: AlertStatus | None = None,
    assignee: str | None = None,
    snooze: Snooze | None = None,
    details: Mapping[str, str] | None = None,
) -> Change:
    said = {**action.details, **(details or {})}
    return Change(
        kind=kind, to=to, assignee=assignee, snooze=snooze, note=action.note, details=said
    )


_ON_CLOSED = frozenset({Act.REOPEN, Act.REPLY, Act.CORRECT, Act.NOTE})
_DECISIONS: Mapping[Act, _Decision] = {
    Act.TAKE: _take,
    Act.ASSIGN: _assign,
    Act.RELEASE: _release,
    Act.CONFIRM: _event("confirmed"),
    Act.REPLY: _reply,
    Act.RESOLVE: _resolve,
    Act.DISMISS: _dismiss,
    Act.SNOOZE: _snooze,
    Act.WAKE: _wake,
    Act.REOPEN: _reopen,
    Act.ESCALATE: _event("escalated"),
    Act.CORRECT: _event("corrected"),
    Act.NOTE: _event("noted"),
}
