"""Masking: hides e-mail addresses, numbers and the like wherever a card, an event or an explanation
quotes a customer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from monitor.domain.alert import StoredDecision
from monitor.domain.delivery import Card
from monitor.domain.event import AlertEvent
from monitor.domain.feedback import Analysis, Signal
from monitor.domain.unread import UnreadSummary

MaskText = Callable[[str], str]

#: Details of an event that people wrote; the others are ids, names and times.
_DETAILS_BY_PEOPLE = frozenset({"text", "root_cause", "action_taken"})


def mask_alert_card(card: Card, mask: MaskText) -> Card:
    """Return the card with every text of the customer's masked."""
    feedback, alert = card.feedback, card.alert
    return replace(
        card,
        feedback=replace(
            feedback,
            title=mask(feedback.title),
            body=mask(feedback.body),
            attributes={name: mask(value) for name, value in feedback.attributes.items()},
        ),
        analysis=_mask_analysis(card.analysis, mask),
        alert=replace(alert, reason=mask(alert.reason), words=tuple(map(mask, alert.words))),
    )


def mask_unread_summary(summary: UnreadSummary, mask: MaskText) -> UnreadSummary:
    """Return the summary with every text of customers masked."""
    worst = tuple(
        replace(
            text,
            feedback=replace(
                text.feedback, title=mask(text.feedback.title), body=mask(text.feedback.body)
            ),
            analysis=_mask_analysis(text.analysis, mask),
        )
        for text in summary.worst
    )
    return replace(summary, worst=worst)


def mask_event(event: AlertEvent, mask: MaskText) -> AlertEvent:
    """Return the event with what people wrote about it masked: a reply often repeats what it
    replies to.
    """
    details = {
        name: mask(value) if name in _DETAILS_BY_PEOPLE else value
        for name, value in event.details.items()
    }
    return replace(event, note=mask(event.note), details=details)


def mask_explained(explained: StoredDecision, mask: MaskText) -> StoredDecision:
    """Return the decision with the words that it quotes masked."""
    clauses = tuple(
        replace(clause, description=mask(clause.description), words=tuple(map(mask, clause.words)))
        for clause in explained.clauses
    )
    return replace(explained, reason=mask(explained.reason), clauses=clauses)


def _mask_analysis(analysis: Analysis, mask: MaskText) -> Analysis:
    signals = analysis.signals
    if signals:
        signals = tuple(Signal(signal.name, tuple(map(mask, signal.words))) for signal in signals)
    why = tuple(map(mask, analysis.why))
    return replace(analysis, text=mask(analysis.text), signals=signals, why=why)
