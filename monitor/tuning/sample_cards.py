"""The card that a rule would send, made of what it held for last; no alert is opened."""

from __future__ import annotations

from datetime import datetime

from monitor.domain.alert import Alert, AlertStatus
from monitor.domain.delivery import Card
from monitor.store import Transaction
from rules.rule import Rule


def make_test_card(tx: Transaction, rule: Rule, now: datetime) -> Card | None:
    """Return a card of the newest feedback for which a rule held, as the rule would send it now.

    It addresses nobody, and its alert has the number 0. None where the rule held for nothing that
    is still there.
    """
    feedback_id = tx.rule_figures.find_last_held(rule.id)
    found = tx.period_feedback.list_by_ids([feedback_id]) if feedback_id else []
    if not found:
        return None
    feedback, analysis = found[0]
    decisions = [one for one in tx.alerts.list_decisions(feedback_id) if one.rule_id == rule.id]
    clauses = decisions[0].clauses if decisions else ()
    alert = Alert(
        id=0,
        rule_id=rule.id,
        rule_name=rule.name,
        rule_version=rule.version,
        rule_number=rule.number,
        severity=rule.severity,
        status=AlertStatus.OPEN,
        group="",
        channel=rule.channel,
        mention="",
        reason=" and ".join(clause.description for clause in clauses),
        words=tuple(dict.fromkeys(word for clause in clauses for word in clause.words)),
        opened_at=now,
        updated_at=now,
        version=1,
        limits=rule.limits,
        advice=rule.advice,
    )
    return Card(alert=alert, feedback=feedback, analysis=analysis, sources=(feedback.source_id,))
