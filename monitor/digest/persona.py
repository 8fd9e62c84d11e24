"""Who belongs to a persona: a named part of the customers, by attributes, a query, or both."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.brand_settings import PersonaSettings
from monitor.domain.reading import FeedbackReading
from monitor.store import Transaction
from rules.query import parse_query

#: Below this a persona says little.
FEWEST_OF_PERSONA = 30


def keep_persona(
    tx: Transaction, persona: PersonaSettings, readings: Sequence[FeedbackReading]
) -> list[FeedbackReading]:
    """Return the readings of a persona: of each attribute one of its values, and its query."""
    members = [
        reading
        for reading in readings
        if all(reading.get_attribute(name) in values for name, values in persona.attributes.items())
    ]
    if not persona.query:
        return members
    query = parse_query(persona.query)
    words = tx.period_feedback.find_words([reading.feedback_id for reading in members])
    matching = {feedback_id for feedback_id, text in words if query.matches(text)}
    return [reading for reading in members if reading.feedback_id in matching]
