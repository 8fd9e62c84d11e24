"""Search stored feedback in the query language of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.domain.feedback import Analysis, Feedback
from monitor.domain.item_query import ItemQuery
from monitor.store import Transaction
from rules.query import Query, parse_query


def search_feedback(tx: Transaction, wanted: ItemQuery) -> Iterator[tuple[Feedback, Analysis]]:
    """Yield the stored feedback that is wanted, last stored first.

    Raises ConfigError where its query is none.
    """
    query = parse_query(wanted.query) if wanted.query else None
    for feedback, analysis in _read_candidates(tx, wanted, query):
        if _is_wanted(feedback, analysis, wanted) and _holds(query, analysis):
            yield feedback, analysis


def _read_candidates(
    tx: Transaction, wanted: ItemQuery, query: Query | None
) -> Iterable[tuple[Feedback, Analysis]]:
    """Return what may be wanted: the store's index knows single words, no phrases and no NOT."""
    if wanted.ids:
        found = map(tx.feedback.get, sorted(set(wanted.ids), reverse=True))
        return (item for item in found if item is not None)
    return tx.feedback.search_candidates(
        query.required_literals() if query else (),
        source_id=wanted.sources[0] if len(wanted.sources) == 1 else None,
        since=wanted.since,
        until=wanted.until,
    )


def _is_wanted(feedback: Feedback, analysis: Analysis, wanted: ItemQuery) -> bool:
    """Return whether everything but the query holds."""
    tone = str(analysis.sentiment.label) if analysis.sentiment else ""
    signals = {signal.name for signal in analysis.signals or ()}
    written = feedback.seen_or_created
    return (
        (not wanted.sources or feedback.source_id in wanted.sources)
        and (not wanted.stage or analysis.stage == wanted.stage)
        and (not wanted.touchpoint or analysis.touchpoint == wanted.touchpoint)
        and (not wanted.tone or tone == wanted.tone)
        and (not wanted.signal or wanted.signal in signals)
        and (wanted.since is None or written >= wanted.since)
        and (wanted.until is None or written < wanted.until)
    )


def _holds(query: Query | None, analysis: Analysis) -> bool:
    return query is None or query.matches(analysis.words)
