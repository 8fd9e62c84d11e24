"""What the team marked as urgent or missed, and how much of it a rule would have alerted of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from monitor.domain.event import EventKind
from monitor.domain.missed import AuditReason, CaughtCount
from monitor.store import Transaction

_REASONS = {EventKind.ESCALATED: AuditReason.ESCALATED, EventKind.OPENED: AuditReason.OPENED}


def count_caught(
    tx: Transaction, alerted: Collection[int], since: datetime, until: datetime
) -> CaughtCount:
    """Return how much of what the team marked as urgent or missed in a time is among `alerted`.

    That is what it called missed in an audit, and what a person escalated or opened by hand.
    """
    marked = {*tx.unalerted.list_marked(since, until), *list_raised(tx, since, until)}
    return CaughtCount(caught=len(marked.intersection(alerted)), marked=len(marked))


def list_raised(
    tx: Transaction, since: datetime, until: datetime
) -> dict[int, tuple[AuditReason, int]]:
    """Return why people raised feedback by hand in a time, and its alert, by the feedback's id."""
    found: dict[int, tuple[AuditReason, int]] = {}
    for event in tx.period_alerts.list_acts_by_hand(since, until):
        for item, *_ in tx.alerts.members(event.alert_id):
            if not item.deleted:
                found[item.id] = _REASONS[event.kind], event.alert_id
    return found
