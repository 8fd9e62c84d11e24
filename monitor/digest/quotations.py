"""The customers' words that a digest quotes, looked up when it is worded and masked there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from monitor.digest.audiences import find_parts
from monitor.digest.number_format import cut_text
from monitor.domain.digest import Digest
from monitor.domain.document import Quote
from monitor.store import Transaction

#: Columns of a quotation.
_LONGEST = 300


def load_quotes(tx: Transaction, digest: Digest, mask: Callable[[str], str]) -> Mapping[int, Quote]:
    """Return what a digest quotes, by the id of the feedback.

    A snapshot keeps no words: what is deleted or forgotten meanwhile is quoted no more.
    """
    parts = find_parts()
    ids = [
        quoted for key, value in digest.parts.items() for quoted in parts[key].list_quoted(value)
    ]
    return {
        feedback.id: Quote(
            text=cut_text(mask(analysis.text), _LONGEST),
            source=feedback.source_id,
            at=feedback.seen_or_created,
            url=feedback.url,
        )
        for feedback, analysis in tx.period_feedback.list_by_ids(ids)
        if analysis.text
    }
