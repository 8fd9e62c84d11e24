"""Queries about texts that later ones are compared with: found by bands, never by a scan."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, select, text, update

from monitor.store.compiled import insert_rows
from monitor.store.mapping import to_utc
from monitor.store.schema import similar_bands, similar_texts
from monitor.store.statements import split_batches

#: How long a text is kept for comparison after the last one that was like it.
KEEP_SIMILAR = timedelta(days=30)
#: Texts looked at under one key, the newest first: what half the world writes ("sent from my
#: phone") costs no more.
CANDIDATES_PER_BAND = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarText:
    """A text that later ones are compared with."""

    feedback_id: int
    fingerprint: str
    signature: bytes
    bands: tuple[int, ...] = ()  #: signed 64-bit keys; not read back


class SimilarTextRepository:
    """The first text of each group of texts that are alike."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_candidates(self, bands: Collection[int], since: datetime) -> list[SimilarText]:
        """The texts that have one of these bands and were met since a time, oldest first.

        At most eight for each band, the newest. Whether they are alike is for the caller to say.
        """
        if not bands:
            return []
        statement, keys = (
            (_NEAR_SQLITE, json.dumps(list(bands)))
            if self._connection.dialect.name == "sqlite"
            else (_NEAR_POSTGRES, list(bands))
        )
        ids = (
            self._connection.execute(statement, {"bands": keys, "most": CANDIDATES_PER_BAND})
            .scalars()
            .all()
        )
        found: list[SimilarText] = []
        for chunk in split_batches(sorted(ids)):
            wanted = select(
                similar_texts.c.feedback_id, similar_texts.c.fingerprint, similar_texts.c.signature
            ).where(
                similar_texts.c.feedback_id.in_(chunk), similar_texts.c.seen_at >= to_utc(since)
            )
            rows = self._connection.execute(wanted.order_by(similar_texts.c.feedback_id))
            found += (
                SimilarText(feedback_id=id_, fingerprint=of, signature=bytes(sign))
                for id_, of, sign in rows
            )
        return found

    def add(self, items: Sequence[SimilarText], at: datetime) -> None:
        """Keep texts for comparison; one that is kept already stays as it is."""
        seen_at = to_utc(at)
        rows = [
            {
                "feedback_id": item.feedback_id,
                "fingerprint": item.fingerprint,
                "signature": item.signature,
                "seen_at": seen_at,
            }
            for item in items
        ]
        insert_rows(self._connection, similar_texts, rows, ignore_existing=True)
        bands = sorted((band, item.feedback_id) for item in items for band in item.bands)
        keys = [{"band": band, "feedback_id": feedback_id} for band, feedback_id in bands]
        insert_rows(self._connection, similar_bands, keys, ignore_existing=True)

    def mark_seen(self, feedback_ids: Sequence[int], at: datetime) -> None:
        """Texts were met again: they are kept for another 30 days."""
        for chunk in split_batches(feedback_ids):
            met = similar_texts.c.feedback_id.in_(chunk)
            self._connection.execute(update(similar_texts).where(met).values(seen_at=to_utc(at)))

    def delete_expired(self, now: datetime) -> int:
        """Remove the texts that nothing was like for 30 days, and bands without a text; returns how
        many texts.
        """
        old = similar_texts.c.seen_at <= to_utc(now - KEEP_SIMILAR)
        removed = self._connection.execute(delete(similar_texts).where(old)).rowcount
        kept = exists().where(similar_texts.c.feedback_id == similar_bands.c.feedback_id)
        self._connection.execute(delete(similar_bands).where(~kept))
        return removed


_NEAR_SQLITE = text(
    "SELECT DISTINCT found.feedback_id FROM json_each(:bands) AS asked"
    " JOIN similar_bands AS found ON found.band = asked.value AND found.feedback_id IN"
    " (SELECT feedback_id FROM similar_bands WHERE band = asked.value ORDER BY feedback_id DESC "
    "LIMIT :most)"
)
_NEAR_POSTGRES = text(
    "SELECT DISTINCT found.feedback_id FROM unnest(CAST(:bands AS bigint[])) AS asked (band) CROSS "
    "JOIN LATERAL"
    " (SELECT feedback_id FROM similar_bands WHERE band = asked.band ORDER BY feedback_id DESC "
    "LIMIT :most) AS found"
)
