"""Stored feedback by the rules' own query language: the index narrows, the query itself decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from monitor.feedback import Analysis, Feedback
from monitor.store import Transaction
from rules.query import Query


def search(
    tx: Transaction, query: Query, *, source_id: str | None = None, since: datetime | None = None
) -> Iterator[tuple[Feedback, Analysis]]:
    """Feedback that the query matches, newest first."""
    for feedback, analysis in tx.feedback.candidates(
        query.required(), source_id=source_id, since=since
    ):
        if query.matches(analysis.words):
            yield feedback, analysis
