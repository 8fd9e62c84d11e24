"""How every rule fares: the figures beside each one in a list, the noisiest first."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.digest.counts import ShareCount
from monitor.digest.intervals import bound_share
from monitor.domain.measure import Estimate
from monitor.domain.rule_summary import RuleFigures, RuleSummary
from monitor.store import Transaction
from monitor.tuning.rule_layers import EffectiveRules

#: How far back alerts are counted.
COUNTED = timedelta(days=28)


def summarize_rules(tx: Transaction, rules: EffectiveRules, now: datetime) -> list[RuleSummary]:
    """Return every rule that holds with its figures of 28 days, the noisiest first.

    Of two that fired as often, the one that was useful less often comes first.
    """
    counted = tx.rule_figures.count_since(now - COUNTED)
    last = tx.rule_figures.find_last_fired()
    mutes = {mute.rule_id: mute.until for mute in tx.mutes.active(now)}
    histories = tx.rule_changes.histories()
    found = []
    for rule in rules.rules:
        figures = counted.get(rule.id, RuleFigures())
        candidate, history = rules.candidates.get(rule.id), histories.get(rule.id)
        found.append(
            RuleSummary(
                rule_id=rule.id,
                name=rule.name,
                severity=rule.severity,
                mode=str(rule.mode),
                number=history.number if history else 0,
                candidate=candidate.number if candidate else 0,
                fired=figures.fired,
                useful=_estimate_useful(figures),
                unclaimed=figures.unclaimed,
                last_fired=last.get(rule.id),
                muted_until=mutes.get(rule.id),
            )
        )
    return sorted(found, key=_rank)


def _estimate_useful(figures: RuleFigures) -> Estimate:
    count = ShareCount(figures.useful, figures.judged)
    limits = bound_share(count)
    return Estimate(value=count.value, n=count.n, low=limits.low, high=limits.high)


def _rank(summary: RuleSummary) -> tuple[int, float, str]:
    """The place in the list: alerts first, then how few of them were useful."""
    useful = summary.useful.value
    return -summary.fired, 100.0 if useful is None else useful, summary.rule_id
