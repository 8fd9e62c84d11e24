"""Queries about which feedback our own accounts wrote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from monitor.domain.feedback import Author
from monitor.store.schema import feedback


class OwnFeedbackRepository:
    """Which feedback is by our own accounts, which is decided as it comes in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_sources(self) -> list[str]:
        """The sources in which something is marked as our own, in order; reads all feedback."""
        marked = select(feedback.c.source_id).where(feedback.c.own).distinct()
        return sorted(self._connection.execute(marked).scalars())

    def list_authors(self, source_id: str) -> list[tuple[Author, bool]]:
        """Everybody who wrote in a source, and whether what they wrote is marked as our own."""
        columns = (feedback.c.author_name, feedback.c.author_id, feedback.c.own)
        known = select(*columns).where(feedback.c.source_id == source_id).distinct()
        return [
            (Author(name=name, id=author_id), own)
            for name, author_id, own in self._connection.execute(known)
        ]

    def mark(self, source_id: str, authors: Iterable[Author], *, own: bool) -> int:
        """Mark what these wrote in a source as our own or not; returns how much changed.

        The counts that are kept ready are wrong until their months are counted anew.
        """
        changed = 0
        for author in authors:
            values: dict[str, Any] = {
                "source": source_id,
                "name": author.name,
                "author": author.id,
                "is_own": own,
            }
            changed += self._connection.execute(_MARK, values).rowcount
        return changed


_MARK = (
    update(feedback)
    .where(
        feedback.c.source_id == bindparam("source"),
        feedback.c.author_name == bindparam("name"),
        feedback.c.author_id == bindparam("author"),
        feedback.c.own != bindparam("is_own"),
    )
    .values(own=bindparam("is_own"))
)
