"""The cards that a rule led in a time, with what the team said of them."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from monitor.domain.alert import Severity
from monitor.domain.period_facts import AlertHistory
from monitor.domain.suggestion import RuleCard
from monitor.store import Transaction
from rules.conditions.signal import SignalCondition
from rules.load import load_preset


@cache
def list_severe_signals() -> frozenset[str]:
    """Return the names of the signals that the preset `severe` alerts of."""
    conditions = (one for rule in load_preset("severe") for one in rule.all + rule.any)
    return frozenset(
        name for one in conditions if isinstance(one, SignalCondition) for name in one.signals
    )


def load_rule_cards(
    tx: Transaction, rule_id: str, since: datetime, until: datetime
) -> tuple[RuleCard, ...]:
    """Return the cards that a rule led and that were opened in a time, the oldest first.

    What was deleted or forgotten is not in them; a card of which nothing is left stands without
    feedback. Alerts that a person joined into others are left out: they count there.
    """
    opened = tx.period_alerts.list_opened(since, until)
    return tuple(
        _load_card(tx, one) for one in opened if one.alert.rule_id == rule_id and _stands(one)
    )


def _stands(history: AlertHistory) -> bool:
    return not history.alert.joined_into


def _load_card(tx: Transaction, history: AlertHistory) -> RuleCard:
    alert = history.alert
    members = [(item, read) for item, read, *_ in tx.alerts.members(alert.id) if not item.deleted]
    said = tx.verdicts.find_useful([item.id for item, _ in members])
    is_useful = any(said.values()) if said else None
    found = {signal.name for _, read in members for signal in read.signals or ()}
    is_urgent = alert.severity is Severity.URGENT and is_useful is not False
    return RuleCard(
        alert_id=alert.id,
        at=alert.opened_at,
        reason=alert.reason,
        is_useful=is_useful,
        is_protected=is_urgent or not found.isdisjoint(list_severe_signals()),
        feedback=tuple(members),
    )
