"""Search stored feedback in the query language of the rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from monitor.domain.feedback import Analysis, Feedback
from monitor.store import Transaction
from rules.query import Query


def search_feedback(
    tx: Transaction, query: Query, *, source_id: str | None = None, since: datetime | None = None
) -> Iterator[tuple[Feedback, Analysis]]:
    """Yield the feedback that the query matches, last stored first.

    `source_id` and `since` (when it was written, inclusive) narrow it down.
    """
    # The store's index finds candidates by single words; only the query knows phrases and NOT.
    candidates = tx.feedback.search_candidates(
        query.required_literals(), source_id=source_id, since=since
    )
    for feedback, analysis in candidates:
        if query.matches(analysis.words):
            yield feedback, analysis
