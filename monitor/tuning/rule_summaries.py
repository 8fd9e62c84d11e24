"""How every rule fares: the figures beside each one in a list, the noisiest first."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.rule_summary import RuleSummary
from monitor.store import Transaction
from monitor.tuning.health import load_rule_records
from monitor.tuning.rule_layers import EffectiveRules

#: How far back alerts are counted.
COUNTED = timedelta(days=28)


def summarize_rules(
    tx: Transaction, rules: EffectiveRules, calendar: BusinessCalendar, now: datetime
) -> list[RuleSummary]:
    """Return every rule that holds with its figures of 28 days, the noisiest first."""
    mutes = {mute.rule_id: mute.until for mute in tx.mutes.active(now)}
    histories = tx.rule_changes.histories()
    by_id = {rule.id: rule for rule in rules.rules}
    found = []
    for record in load_rule_records(tx, rules.rules, now - COUNTED, now, calendar).records:
        rule = by_id[record.rule_id]
        candidate, history = rules.candidates.get(rule.id), histories.get(rule.id)
        found.append(
            RuleSummary(
                rule_id=rule.id,
                name=rule.name,
                severity=rule.severity,
                mode=str(rule.mode),
                number=history.number if history else 0,
                candidate=candidate.number if candidate else 0,
                fired=record.cards,
                useful=record.useful,
                unclaimed=record.unclaimed,
                last_fired=record.last_fired,
                muted_until=mutes.get(rule.id),
                marks=record.marks,
            )
        )
    return found
