"""Apply an action to an alert: decided, stored and shown, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.domain.action import Action, ActionKind, Refusal, decide_action
from monitor.domain.alert import Alert
from monitor.domain.event import EventKind
from monitor.domain.verdict import VerdictKind
from monitor.followup.timers import manual_escalation
from monitor.store import Transaction

#: The verdicts that the details of a correction may hold.
_CORRECTIONS = (VerdictKind.USEFUL, VerdictKind.SENTIMENT, VerdictKind.STAGE)


def apply_action(
    tx: Transaction, alert_id: int, action: Action, now: datetime, managers: Sequence[str] = ()
) -> Alert | Refusal:
    """Apply an action and return the alert after it, or why nothing was done.

    To escalate is to make the next call of the alert's chain, or to call `managers` where none is
    left.
    """
    alert = tx.alerts.get(alert_id)
    if alert is None:
        return Refusal(f"There is no alert {alert_id}; it was removed with its feedback.")
    change = decide_action(alert, action, now)
    if isinstance(change, Refusal):
        return change
    if action.kind is ActionKind.ESCALATE:
        call = manual_escalation(alert, tx.alerts.events(alert_id), managers)
        if not call:
            return Refusal("nobody left to call; set respond.managers")
        change = replace(change, details={**change.details, **call})
    changed = tx.alerts.apply_change(
        alert_id, change, at=now, actor=action.actor, via=action.via, turn=alert.turn
    )
    if change.kind is EventKind.REPLIED:
        tx.answered.mark_answered(alert_id, now)
    _store_verdicts(tx, alert_id, action, now)
    return changed


def _store_verdicts(tx: Transaction, alert_id: int, action: Action, now: datetime) -> None:
    """Store what an action says about the feedback, for the models that learn from the team."""
    verdicts = _to_verdicts(action)
    if not verdicts:
        return
    for feedback, *_ in tx.alerts.members(alert_id):
        for kind, value in verdicts:
            tx.verdicts.add(feedback.id, kind, value, actor=action.actor, at=now)


def _to_verdicts(action: Action) -> list[tuple[VerdictKind, str]]:
    match action.kind:
        case ActionKind.DISMISS:
            return [(VerdictKind.USEFUL, "no")]
        case ActionKind.RESOLVE:
            return [(VerdictKind.USEFUL, "yes")]
        case ActionKind.CORRECT:
            details = action.details
            return [(kind, details[kind]) for kind in _CORRECTIONS if kind in details]
        case _:
            return []
