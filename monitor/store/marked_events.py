"""Queries about marked events, and about the app versions that feedback names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, not_, select, update

from monitor.domain.actor import Actor
from monitor.domain.marked_event import (
    MIN_VERSION_COUNT,
    VERSION_WINDOW,
    MarkedEvent,
    MarkedEventKind,
    MarkOrigin,
    VersionCount,
)
from monitor.store.mapping import to_utc
from monitor.store.register_schema import app_versions, marked_events
from monitor.store.schema import feedback
from monitor.store.statements import insert_for


class MarkedEventRepository:
    """The marked events, and which app versions were looked at."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, event: MarkedEvent) -> tuple[MarkedEvent, bool]:
        """Mark an event and return it with its id, and whether it is new.

        One with the same key is left as it is and returned; one that was taken back is marked
        again, unless it comes from a version: what a person has taken back stays so.
        """
        values = _to_row(event)
        statement = insert_for(self._connection, marked_events).values(values)
        added = self._connection.execute(
            statement.on_conflict_do_nothing().returning(marked_events)
        ).one_or_none()
        if added:
            return _to_marked_event(added), True
        by_key = marked_events.c.key == values["key"]
        if event.origin is not MarkOrigin.VERSION:
            again = update(marked_events).where(by_key, marked_events.c.removed_at.is_not(None))
            marked = self._connection.execute(again.values(values).returning(marked_events))
            if row := marked.one_or_none():
                return _to_marked_event(row), True
        known = self._connection.execute(select(marked_events).where(by_key)).one()
        return _to_marked_event(known), False

    def remove(self, event_id: int, at: datetime) -> MarkedEvent | None:
        """Take an event back and return it; None where there is none with this id."""
        statement = (
            update(marked_events)
            .where(marked_events.c.id == event_id, marked_events.c.removed_at.is_(None))
            .values(removed_at=to_utc(at))
            .returning(marked_events)
        )
        row = self._connection.execute(statement).one_or_none()
        return _to_marked_event(row) if row else None

    def between(self, since: datetime, until: datetime) -> list[MarkedEvent]:
        """Return the events of which a part lies in a span, oldest first.

        `until` is not included.
        """
        ends = func.coalesce(marked_events.c.until, marked_events.c.at)
        statement = (
            select(marked_events)
            .where(
                marked_events.c.removed_at.is_(None),
                marked_events.c.at < to_utc(until),
                ends >= to_utc(since),
            )
            .order_by(marked_events.c.at, marked_events.c.id)
        )
        return [_to_marked_event(row) for row in self._connection.execute(statement)]

    def newest(self, limit: int) -> list[MarkedEvent]:
        """Return the events that happened last, newest first."""
        statement = (
            select(marked_events)
            .where(marked_events.c.removed_at.is_(None))
            .order_by(marked_events.c.at.desc(), marked_events.c.id.desc())
            .limit(limit)
        )
        return [_to_marked_event(row) for row in self._connection.execute(statement)]

    def count_unseen_versions(self, now: datetime) -> list[VersionCount]:
        """Return the app versions that enough of the last four weeks' feedback names.

        Without those that were looked at before; each with the first feedback that names it,
        however old that is.
        """
        since = to_utc(now - VERSION_WINDOW)
        looked_at = exists().where(
            and_(
                app_versions.c.source_id == feedback.c.source_id,
                app_versions.c.version == feedback.c.app_version,
            )
        )
        statement = (
            select(feedback.c.source_id, feedback.c.app_version, func.count().label("uses"))
            .where(feedback.c.at >= since, feedback.c.app_version != "", not_(looked_at))
            .group_by(feedback.c.source_id, feedback.c.app_version)
            .having(func.count() >= MIN_VERSION_COUNT)
        )
        rows = self._connection.execute(statement).all()
        return sorted(self._complete_counts(rows), key=lambda counted: counted.first_at)

    def mark_versions_seen(self, versions: Iterable[VersionCount]) -> None:
        """Keep that these versions were looked at."""
        rows = [
            {
                "source_id": counted.source_id,
                "version": counted.version,
                "first_at": to_utc(counted.first_at),
            }
            for counted in versions
        ]
        if rows:
            statement = insert_for(self._connection, app_versions).on_conflict_do_nothing()
            self._connection.execute(statement, rows)

    def _complete_counts(self, rows: Iterable[Row[Any]]) -> Iterator[VersionCount]:
        """Yield each version with its first feedback: a few rows of one source, once a version."""
        for row in rows:
            of_source = feedback.c.source_id == row.source_id
            oldest = select(func.min(feedback.c.at)).where(of_source)
            first = oldest.where(feedback.c.app_version == row.app_version)
            yield VersionCount(
                source_id=row.source_id,
                version=row.app_version,
                count=row.uses,
                first_at=self._connection.execute(first).scalar_one(),
                source_since=self._connection.execute(oldest).scalar_one(),
            )


def _to_row(event: MarkedEvent) -> dict[str, Any]:
    return {
        "name": event.name,
        "kind": str(event.kind),
        "at": to_utc(event.at),
        "until": to_utc(event.until) if event.until else None,
        "origin": str(event.origin),
        "actor": str(event.actor),
        "key": event.key,
        "removed_at": None,
    }


def _to_marked_event(row: Row[Any]) -> MarkedEvent:
    return MarkedEvent(
        id=row.id,
        name=row.name,
        kind=MarkedEventKind(row.kind),
        at=row.at,
        until=row.until,
        origin=MarkOrigin(row.origin),
        actor=Actor.parse(row.actor),
        key=row.key,
    )
