"""Apply an action to an alert: decide, store and announce it in one transaction."""

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
    """Apply an action and return the changed alert, or why nothing was done.

    An escalation makes the next call of the alert's chain; `managers` are called after its last.
    """
    alert = tx.alerts.get(alert_id)
    if alert is None:
        return refuse_removed(alert_id)
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
    _store_verdicts(tx, alert, action, now)
    return changed


def refuse_removed(alert_id: int) -> Refusal:
    """Return the refusal of an action on an alert that is no longer stored."""
    return Refusal(f"There is no alert {alert_id}; it was removed with its feedback.")


def _store_verdicts(tx: Transaction, alert: Alert, action: Action, now: datetime) -> None:
    """Store the verdicts that an action gives on each feedback of the alert, for learning.

    Whether it was useful is said of the leading rule; of another one that the action names it
    tells nothing about the feedback.
    """
    verdicts = _to_verdicts(action)
    if not verdicts:
        return
    named = action.details.get("rule", alert.rule_id)
    about_leading = named == alert.rule_id
    for feedback, *_ in tx.alerts.members(alert.id):
        for kind, value in verdicts:
            is_useful = kind is VerdictKind.USEFUL
            tx.verdicts.add(
                feedback.id,
                VerdictKind.RULE if is_useful and not about_leading else kind,
                value,
                actor=action.actor,
                at=now,
                rule_id=named if is_useful else "",
            )


def _to_verdicts(action: Action) -> list[tuple[VerdictKind, str]]:
    """Return what an action says about the feedback, as kinds of verdict with their values."""
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
