"""The cards that a rule led in a time, with what the team said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache

from monitor.domain.alert import Alert, Severity
from monitor.domain.suggestion import RuleCard
from monitor.store import Transaction
from monitor.store.feedback import AnalysedFeedback
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
    opened = [
        one.alert
        for one in tx.period_alerts.list_opened(since, until)
        if one.alert.rule_id == rule_id and not one.alert.joined_into
    ]
    members = tx.period_alerts.list_members([alert.id for alert in opened])
    said = tx.verdicts.find_useful([item.id for each in members.values() for item, _ in each])
    return tuple(_make_card(alert, members[alert.id], said) for alert in opened)


def _make_card(
    alert: Alert, members: Sequence[AnalysedFeedback], said: Mapping[int, bool]
) -> RuleCard:
    judged = [said[item.id] for item, _ in members if item.id in said]
    is_useful = any(judged) if judged else None
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
