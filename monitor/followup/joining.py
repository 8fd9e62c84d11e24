"""Making one alert of two by hand, and two of one again: decide, store and announce it."""

from __future__ import annotations

from datetime import datetime

from monitor.domain.action import Refusal, decide_join, decide_part
from monitor.domain.actor import Actor
from monitor.domain.alert import Alert
from monitor.followup.act import refuse_removed
from monitor.store import Transaction


def join_alerts(
    tx: Transaction, alert_id: int, target_id: int, *, actor: Actor, via: str, now: datetime
) -> Alert | Refusal:
    """Join an alert into another one and return that, or why nothing was done."""
    alert, target = tx.alerts.get(alert_id), tx.alerts.get(target_id)
    if alert is None or target is None:
        return refuse_removed(alert_id if alert is None else target_id)
    refusal = decide_join(alert, target)
    if refusal:
        return refusal
    tx.alerts.join(alert_id, target_id, at=now, actor=actor, via=via)
    return tx.alerts.get(target_id) or refuse_removed(target_id)


def part_alert(
    tx: Transaction, alert_id: int, *, actor: Actor, via: str, now: datetime
) -> Alert | Refusal:
    """Part an alert from the one it was joined into and return it, or why nothing was done."""
    alert = tx.alerts.get(alert_id)
    if alert is None:
        return refuse_removed(alert_id)
    refusal = decide_part(alert)
    if refusal:
        return refusal
    tx.alerts.part(alert_id, at=now, actor=actor, via=via)
    return tx.alerts.get(alert_id) or refuse_removed(alert_id)
