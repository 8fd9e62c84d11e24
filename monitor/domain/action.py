"""What people and timers do about an alert, and what follows from it: pure values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.domain.actor import Actor, ActorKind
from monitor.domain.alert import Alert, AlertStatus, Snooze
from monitor.domain.event import EventKind

_ADDRESS = re.compile(r"https?://[^\s<>|\"]{1,1000}")
#: Nobody can put an alert away for longer than this in one go.
MAX_SNOOZE = timedelta(days=30)


class ActionKind(StrEnum):
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
    LINK = "link"  #: to the ticket in the detail "ticket"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What somebody wants to do about an alert."""

    kind: ActionKind
    actor: Actor
    via: str = ""  #: from where: "slack:button", "slack:reaction", "cli", "clock"
    #: the alert's turn as the person saw it; None acts on whatever it is by now
    turn: int | None = None
    assignee: Actor | None = None  #: to whom ASSIGN gives it
    snooze: Snooze | None = None
    note: str = ""
    details: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertChange:
    """What happens to an alert: an event, and what it changes; None leaves a value as it is."""

    kind: EventKind  #: of the event
    to: AlertStatus | None = None
    assignee: Actor | None = None
    unassign: bool = False  #: nobody holds it any more; without an `assignee`
    snooze: Snooze | None = None
    ticket: str | None = None  #: the address of its ticket elsewhere
    note: str = ""
    details: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an action changes nothing, for the one who asked."""

    message: str


_ActionHandler = Callable[[Alert, Action, datetime], AlertChange | Refusal]


def decide_action(alert: Alert, action: Action, now: datetime) -> AlertChange | Refusal:
    """Return what an action does to an alert in its present state, or why it does nothing.

    A click on an older turn of the alert is refused (optimistic lock).
    """
    if action.turn is not None and action.turn != alert.turn:
        return Refusal(
            f"This has changed meanwhile: alert {alert.id} is {_describe_status(alert)}. "
            "Nothing was done."
        )
    if alert.joined_into and action.kind is not ActionKind.LINK:
        return Refusal(
            f"Alert {alert.id} is joined into alert {alert.joined_into}: act on that one, or part "
            "them."
        )
    if alert.status.is_closed and action.kind not in _ALLOWED_WHEN_CLOSED:
        return Refusal(f"Alert {alert.id} is {_describe_status(alert)}; reopen it first.")
    if not alert.status.is_closed and action.kind is ActionKind.REOPEN:
        return Refusal(f"Alert {alert.id} is not closed: it is {_describe_status(alert)}.")
    if not is_ticket_address(action.details.get("ticket", "")):
        return Refusal("A ticket is an address that begins with https:// or http://.")
    return _ACTION_HANDLERS[action.kind](alert, action, now)


def is_ticket_address(text: str) -> bool:
    """Return whether a text can be the address of a ticket; so can none."""
    return not text or bool(_ADDRESS.fullmatch(text))


def decide_join(alert: Alert, target: Alert) -> Refusal | None:
    """Return why an alert cannot be joined into another one; None where it can."""
    if alert.id == target.id:
        return Refusal(f"Alert {alert.id} is one alert already.")
    for one in (alert, target):
        if not one.members:
            return Refusal(f"Alert {one.id} is about a source and stays by itself.")
        if one.joined_into:
            return Refusal(f"Alert {one.id} is joined into alert {one.joined_into}.")
        if one.status.is_closed:
            return Refusal(f"Alert {one.id} is {_describe_status(one)}; reopen it first.")
    if alert.severity.rank < target.severity.rank:
        return Refusal(f"Alert {alert.id} is more severe: join alert {target.id} into it instead.")
    return None


def decide_part(alert: Alert) -> Refusal | None:
    """Return why an alert cannot be parted from the one it was joined into; None where it can."""
    if not alert.joined_into:
        return Refusal(f"Alert {alert.id} was not joined into another one.")
    return None


def _describe_status(alert: Alert) -> str:
    """Return the alert's status and who holds it."""
    holder = alert.assignee
    if holder is None:
        return str(alert.status)
    # A Slack member stays as stored: where the words are shown, it becomes a mention.
    name = holder.id if holder.kind is ActorKind.CLI else holder
    return f"{alert.status}, held by {name}"


def _decide_take(alert: Alert, action: Action, _: datetime) -> AlertChange | Refusal:
    if alert.assignee == action.actor and alert.status is AlertStatus.ACKNOWLEDGED:
        return Refusal(f"You have alert {alert.id} already.")
    if alert.assignee not in (None, action.actor) and alert.status is not AlertStatus.OPEN:
        return Refusal(
            f"Alert {alert.id} is {_describe_status(alert)}; use Assign to take it over."
        )
    to = None if alert.status is AlertStatus.ACKNOWLEDGED else AlertStatus.ACKNOWLEDGED
    return _build_change(action, EventKind.ACKNOWLEDGED, to=to, assignee=action.actor)


def _decide_assign(alert: Alert, action: Action, _: datetime) -> AlertChange | Refusal:
    if not action.assignee:
        return Refusal("Say to whom.")
    if action.assignee == alert.assignee:
        return Refusal(f"Alert {alert.id} is theirs already.")
    return _build_change(
        action,
        EventKind.ASSIGNED,
        assignee=action.assignee,
        details={"assignee": str(action.assignee)},
    )


def _decide_release(alert: Alert, action: Action, _: datetime) -> AlertChange | Refusal:
    if not alert.assignee and alert.status is AlertStatus.OPEN:
        return Refusal(f"Nobody has alert {alert.id}.")
    to = None if alert.status is AlertStatus.OPEN else AlertStatus.OPEN
    return _build_change(action, EventKind.RELEASED, to=to, unassign=True)


def _decide_reply(alert: Alert, action: Action, _: datetime) -> AlertChange | Refusal:
    to = (
        None
        if alert.status.is_closed or alert.status is AlertStatus.REPLIED
        else AlertStatus.REPLIED
    )
    return _build_change(
        action, EventKind.REPLIED, to=to, assignee=alert.assignee or _acting_person(action)
    )


def _decide_resolve(_alert: Alert, action: Action, _: datetime) -> AlertChange | Refusal:
    return _build_change(
        action, EventKind.RESOLVED, to=AlertStatus.RESOLVED, assignee=_acting_person(action)
    )


def _decide_dismiss(_alert: Alert, action: Action, _: datetime) -> AlertChange | Refusal:
    return _build_change(
        action, EventKind.DISMISSED, to=AlertStatus.DISMISSED, assignee=_acting_person(action)
    )


def _decide_snooze(alert: Alert, action: Action, now: datetime) -> AlertChange | Refusal:
    asked = action.snooze
    if asked is None or (asked.until is None and asked.members is None and not asked.worse):
        return Refusal("Say until when.")
    if asked.until and asked.until <= now:
        return Refusal("That time has passed already.")
    if asked.members is not None and asked.members <= alert.members:
        return Refusal(f"Alert {alert.id} has {alert.members} reports already.")
    last = now + MAX_SNOOZE
    if asked.until and asked.until > last:
        return Refusal(f"An alert can be put away for {MAX_SNOOZE.days} days at most.")
    bounded = Snooze(until=asked.until or last, members=asked.members, worse=asked.worse)
    to = None if alert.status is AlertStatus.SNOOZED else AlertStatus.SNOOZED
    return _build_change(action, EventKind.SNOOZED, to=to, snooze=bounded)


def _decide_wake(alert: Alert, action: Action, _: datetime) -> AlertChange | Refusal:
    if alert.status is not AlertStatus.SNOOZED:
        return Refusal(f"Alert {alert.id} is not snoozed.")
    return _build_change(
        action, EventKind.WOKEN, to=AlertStatus.ACKNOWLEDGED if alert.assignee else AlertStatus.OPEN
    )


def _decide_reopen(_alert: Alert, action: Action, _: datetime) -> AlertChange | Refusal:
    return _build_change(action, EventKind.REOPENED, to=AlertStatus.OPEN)


def _decide_link(alert: Alert, action: Action, _: datetime) -> AlertChange | Refusal:
    ticket = action.details.get("ticket", "")
    if ticket == alert.ticket:
        return Refusal(f"Alert {alert.id} has that ticket already." if ticket else "Say which.")
    return _build_change(action, EventKind.LINKED)


def _acting_person(action: Action) -> Actor | None:
    """Return who acts, where that is a person: who closes an alert stands on its card."""
    return action.actor if action.actor.is_person else None


def _make_note_handler(kind: EventKind) -> _ActionHandler:
    """Return the handler of an action that is noted and changes nothing else."""
    return lambda _alert, action, _now: _build_change(action, kind)


def _build_change(
    action: Action,
    kind: EventKind,
    *,
    to: AlertStatus | None = None,
    assignee: Actor | None = None,
    unassign: bool = False,
    snooze: Snooze | None = None,
    details: Mapping[str, str] | None = None,
) -> AlertChange:
    return AlertChange(
        kind=kind,
        to=to,
        assignee=assignee,
        unassign=unassign,
        snooze=snooze,
        ticket=action.details.get("ticket"),
        note=action.note,
        details={**action.details, **(details or {})},
    )


_ALLOWED_WHEN_CLOSED = frozenset(
    {
        ActionKind.REOPEN,
        ActionKind.REPLY,
        ActionKind.CORRECT,
        ActionKind.NOTE,
        ActionKind.LINK,
    }
)
_ACTION_HANDLERS: Mapping[ActionKind, _ActionHandler] = {
    ActionKind.TAKE: _decide_take,
    ActionKind.ASSIGN: _decide_assign,
    ActionKind.RELEASE: _decide_release,
    ActionKind.CONFIRM: _make_note_handler(EventKind.CONFIRMED),
    ActionKind.REPLY: _decide_reply,
    ActionKind.RESOLVE: _decide_resolve,
    ActionKind.DISMISS: _decide_dismiss,
    ActionKind.SNOOZE: _decide_snooze,
    ActionKind.WAKE: _decide_wake,
    ActionKind.REOPEN: _decide_reopen,
    ActionKind.ESCALATE: _make_note_handler(EventKind.ESCALATED),
    ActionKind.CORRECT: _make_note_handler(EventKind.CORRECTED),
    ActionKind.NOTE: _make_note_handler(EventKind.NOTED),
    ActionKind.LINK: _decide_link,
}
