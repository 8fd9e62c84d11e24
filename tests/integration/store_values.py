"""Feedback and decisions for the store's tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from monitor.domain.alert import AlertReference, Clause, Decision, Match, MatchOutcome, Severity
from monitor.domain.feedback import Analysis, Author, Feedback
from monitor.domain.tokens import normalize_text
from monitor.store import DecisionResults, Store

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHANNEL = "#support"
_OF_DECISION = ("reason", "alert", "related", "raises", "limits", "places")


def item(
    external_id: str = "1", body: str = "It crashes", **fields: Any
) -> tuple[Feedback, Analysis]:
    """A feedback as `collect` hands it over, and a plain analysis of it."""
    defaults: dict[str, Any] = {
        "source_id": "app",
        "created_at": NOW,
        "first_seen_at": NOW,
        "author": Author(name="Anna", id="u1"),
    }
    feedback = Feedback(external_id=external_id, body=body, **(defaults | fields))
    return feedback, Analysis(text=body, words=normalize_text(body))


def stored(store: Store, *items: tuple[Feedback, Analysis]) -> list[tuple[Feedback, Analysis]]:
    """The items with the ids they got."""
    with store.write() as tx:
        return tx.feedback.add(items)


def decision(
    of: tuple[Feedback, Analysis], outcome: MatchOutcome = MatchOutcome.OPENED, **fields: Any
) -> Decision:
    """A decision about a match of the rule "crash"; fields of Match and of Decision may be
    given.
    """
    match: dict[str, Any] = {
        "rule_id": "crash",
        "rule_name": "Crashes",
        "rule_version": "v1",
        "severity": Severity.HIGH,
        "live": True,
        "clauses": (Clause("text", f'says "{of[0].body}"', tuple(of[0].body.split())),),
        "group": "crash",
    }
    own: dict[str, Any] = {"reason": f"because of {of[0].body}"}
    own |= {name: fields.pop(name) for name in _OF_DECISION if name in fields}
    if alert_id := fields.pop("alert_id", 0):
        own["alert"] = AlertReference(alert_id)
    made = Match(feedback=of[0], analysis=of[1], **(match | fields))
    return Decision(match=made, outcome=outcome, **own)


def recorded(store: Store, *decisions: Decision, at: datetime = NOW) -> DecisionResults:
    """What became of the decisions, in one transaction: what names no alert joins the one that is
    opened for its group.
    """
    openers = {
        (one.match.rule_id, one.match.group): AlertReference(opener=one.match.feedback.id)
        for one in decisions
        if one.outcome is MatchOutcome.OPENED
    }
    complete = [
        replace(one, alert=one.alert or openers.get((one.match.rule_id, one.match.group)))
        for one in decisions
    ]
    with store.write() as tx:
        return tx.alerts.record_decisions(complete, at, CHANNEL)
