"""What to change in a rule: found in its judged cards, and tried by a replay before it is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from monitor.domain.backtest import Replay
from monitor.domain.suggestion import RuleCard, RuleEdit, Suggestion, SuggestionReport
from monitor.store import Transaction
from monitor.tuning.backtest import BacktestRequest
from monitor.tuning.replay import MOST_HELD, replay_rule
from monitor.tuning.rule_cards import load_rule_cards
from monitor.tuning.rule_edits import list_exclusions, list_thresholds, list_tried_edits
from monitor.tuning.suggestions import (
    FEWEST_CONCERNED,
    FEWEST_JUDGED,
    LOOKED_AT,
    choose_edits,
    describe_lost,
)
from rules.load import parse_rules
from rules.rule import Rule


@dataclass(frozen=True, slots=True)
class _Trial:
    """Replays of changed rules on the time of a request."""

    tx: Transaction
    request: BacktestRequest

    def replay(self, definition: Mapping[str, Any]) -> Replay:
        """Return what a rule that says this would have alerted of."""
        return replay_rule(self.tx, self.request.plan(read_definition(definition)))


def read_definition(definition: Mapping[str, Any]) -> Rule:
    """Return the rule that a complete definition says; raises ConfigError where it is none."""
    [rule] = parse_rules({"rules": [dict(definition)]}, "the suggestion")
    return rule


def suggest_changes(tx: Transaction, request: BacktestRequest) -> SuggestionReport:
    """Return at most three changes of the request's rule, each tried with the engine itself.

    The request reaches over the 28 days that are looked at and as many before, which confirm.
    """
    rule, boundary = request.rule, request.until - LOOKED_AT
    cards = load_rule_cards(tx, rule.id, request.since, request.until)
    report = _start_report(rule, cards, boundary, request.until)
    if report.reason:
        return report
    trial = _Trial(tx, request)
    now = trial.replay(rule.definition)
    if now.stopped_at is not None:
        return replace(report, reason=f"the rule holds for more than {MOST_HELD:,} feedback")
    cards = tuple(card for card in cards if card.feedback_ids & now.alerted)
    report = _start_report(rule, cards, boundary, request.until)
    if report.reason:
        return replace(report, reason=f"{report.reason}; of others it no longer alerts")
    edits = _list_edits(rule, cards, now, trial)
    found = tuple(_confirm(trial, choose_edits(cards, edits, boundary), cards, now, boundary))
    reason = "" if found else _explain_nothing(cards, edits, boundary)
    return replace(report, tried=len(edits), suggestions=found, reason=reason)


def _explain_nothing(cards: Sequence[RuleCard], edits: Sequence[RuleEdit], at: datetime) -> str:
    """Return why none of the changes is suggested."""
    unprotected = [replace(card, is_protected=False) for card in cards]
    if found := choose_edits(unprotected, edits, at):
        return f"'{found[0].edit.text}' stands out, and would lose a severe or urgent card"
    return f"none of {len(edits)} changes holds in this and the month before"


def _start_report(
    rule: Rule, cards: Sequence[RuleCard], boundary: datetime, until: datetime
) -> SuggestionReport:
    recent = [card for card in cards if card.at >= boundary]
    judged = sum(card.is_useful is not None for card in recent)
    too_few = f"too few to call: {judged} judged cards, and {FEWEST_JUDGED} are needed"
    return SuggestionReport(
        rule_id=rule.id,
        since=boundary,
        until=until,
        cards=len(recent),
        judged=judged,
        dismissed=sum(card.is_useful is False for card in recent),
        reason="" if judged >= FEWEST_JUDGED else too_few,
    )


def _list_edits(
    rule: Rule, cards: Sequence[RuleCard], now: Replay, trial: _Trial
) -> list[RuleEdit]:
    return [
        *list_exclusions(rule, cards, FEWEST_CONCERNED),
        *list_thresholds(rule, cards),
        *list_tried_edits(rule, cards, now, trial.replay),
    ]


def _confirm(
    trial: _Trial,
    chosen: Sequence[Suggestion],
    cards: Sequence[RuleCard],
    now: Replay,
    boundary: datetime,
) -> Iterator[Suggestion]:
    """Yield the suggestions with what a replay says that they save and lose.

    One is left out that saves nothing in it, or loses a card that is protected.
    """
    for suggestion in chosen:
        then = trial.replay(suggestion.edit.definition)
        gone = [card for card in cards if _is_lost(card, now, then)]
        recent = [card for card in gone if card.at >= boundary]
        dismissed = sum(card.is_useful is False for card in recent)
        if not dismissed or any(card.is_protected for card in gone):
            continue
        edit = replace(suggestion.edit, removed=frozenset(card.alert_id for card in gone))
        yield replace(
            suggestion,
            edit=edit,
            saved=len(recent),
            dismissed=dismissed,
            lost=tuple(describe_lost(card) for card in recent if card.is_useful),
        )


def _is_lost(card: RuleCard, now: Replay, then: Replay) -> bool:
    """Return whether a change loses a card: the rule alerts of it as it is, and would no longer."""
    return bool(card.feedback_ids & now.alerted) and not card.feedback_ids & then.alerted
