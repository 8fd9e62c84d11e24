"""The customers' words that a digest quotes, looked up when it is worded and masked there."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from zoneinfo import ZoneInfo

from monitor.digest.audiences import find_parts
from monitor.digest.number_format import cut_text
from monitor.domain.digest import Digest
from monitor.domain.document import Quote
from monitor.store import Transaction

#: Columns of a quotation.
_LONGEST = 300


def load_quotes(
    tx: Transaction,
    digest: Digest,
    mask: Callable[[str], str],
    unwanted: Sequence[str] = (),
) -> Mapping[int, Quote]:
    """Return what a digest quotes, by the id of the feedback.

    A snapshot keeps no words: what is deleted or forgotten meanwhile is quoted no more. Nothing is
    quoted that names somebody among the `unwanted`.
    """
    zone = ZoneInfo(digest.period.zone)
    return {
        feedback.id: Quote(
            text=cut_text(mask(analysis.text), _LONGEST),
            source=feedback.source_id,
            at=feedback.seen_or_created.astimezone(zone),
            url=feedback.url,
        )
        for feedback, analysis in tx.period_feedback.list_by_ids(list_quoted(digest))
        if analysis.text and not names_anybody(analysis.text, unwanted)
    }


def list_quoted(digest: Digest) -> tuple[int, ...]:
    """Return the ids of the feedback whose words a digest shows."""
    parts = find_parts()
    quoted = (parts[key].list_quoted(value) for key, value in digest.parts.items())
    return tuple(dict.fromkeys(chain.from_iterable(quoted)))


def names_anybody(text: str, names: Sequence[str]) -> bool:
    """Return whether a text holds one of some names, whatever their case and form."""
    plain = _fold(text)
    return any(_fold(name) in plain for name in names)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
