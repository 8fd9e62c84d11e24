"""Queries about the inbox: what services have sent, each thing once, until it is worked off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, or_, select, update

from monitor.store.column_types import from_json, to_json
from monitor.store.mapping import to_utc
from monitor.store.schema import inbox
from monitor.store.statements import insert_for

#: Whose entries are what people did in Slack; no source can have this id.
SLACK_SOURCE_ID = "slack:desk"
#: How long what is done is remembered, so that it is known when it comes again.
REMEMBER_DONE = timedelta(hours=48)
#: How long what was given up is kept for a person to mend its cause.
KEEP_DEAD = timedelta(days=30)

_UNDONE = inbox.c.done_at.is_(None)
_DEAD = and_(_UNDONE, inbox.c.due_at.is_(None))
_WAITING = inbox.c.due_at.is_not(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEntry:
    """Something that a service has sent and that is not worked off yet."""

    id: int
    source_id: str
    received_at: datetime
    attempts: int  #: that failed
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    query: Mapping[str, str] = field(default_factory=dict, hash=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxCount:
    """How full the inbox is."""

    waiting: int
    dead: int  #: tried as often as it makes sense
    oldest: datetime | None  #: when the oldest waiting entry came


class InboxRepository:
    """What was received and acknowledged, before anything is made of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_once(
        self,
        source_id: str,
        digest: str,
        at: datetime,
        *,
        headers: Mapping[str, str],
        query: Mapping[str, str],
        body: bytes,
    ) -> bool:
        """Keep what a service has sent, due at once; False when something with this digest came
        from it before.
        """
        row = {
            "source_id": source_id,
            "digest": digest,
            "received_at": to_utc(at),
            "headers": to_json(headers),
            "query": to_json(query),
            "body": body,
            "attempts": 0,
            "error": "",
            "due_at": to_utc(at),
            "done_at": None,
        }
        once = insert_for(self._connection, inbox).values(row).on_conflict_do_nothing()
        return self._connection.execute(once.returning(inbox.c.id)).scalar() is not None

    def find_due(
        self, now: datetime, limit: int = 50, *, from_slack: bool = False
    ) -> list[InboxEntry]:
        """What may be worked off now, in the order in which it came: of the sources, or of people
        in Slack.
        """
        whose = (
            inbox.c.source_id == SLACK_SOURCE_ID
            if from_slack
            else inbox.c.source_id != SLACK_SOURCE_ID
        )
        due = (
            select(inbox)
            .where(inbox.c.due_at <= to_utc(now), whose)
            .order_by(inbox.c.id)
            .limit(limit)
        )
        return [_to_entry(row) for row in self._connection.execute(due)]

    def claim(self, entry_id: int, now: datetime, until: datetime) -> bool:
        """Take what may be worked off now, so that nobody else does before `until`; False where
        somebody has.
        """
        due = and_(inbox.c.id == entry_id, inbox.c.due_at <= to_utc(now))
        return (
            self._connection.execute(update(inbox).where(due).values(due_at=to_utc(until))).rowcount
            == 1
        )

    def mark_done(self, entry_id: int, at: datetime) -> bool:
        """An entry is worked off: its content is dropped, its digest remembered. False when it was
        so already.
        """
        return self._update_undone(entry_id, {"done_at": to_utc(at), **_EMPTIED})

    def mark_failed(self, entry_id: int, error: str, next_at: datetime | None) -> bool:
        """An entry could not be worked off; it is tried again at `next_at`, or given up (None)."""
        values = {"attempts": inbox.c.attempts + 1, "error": error, "due_at": to_utc(next_at)}
        return self._update_undone(entry_id, values)

    def retry_dead(self, now: datetime) -> int:
        """Let what sources sent and was given up be tried once more; returns how many there were.

        What a person did and could not be done is not done days later: they were told, and have
        gone on.
        """
        theirs = and_(_DEAD, inbox.c.source_id != SLACK_SOURCE_ID)
        return self._connection.execute(
            update(inbox).where(theirs).values(due_at=to_utc(now))
        ).rowcount

    def delete_expired(self, now: datetime) -> int:
        """Remove what was done 48 hours ago and what was received 30 days ago and given up; returns
        how many.
        """
        old = or_(
            inbox.c.done_at <= to_utc(now - REMEMBER_DONE),
            and_(_DEAD, inbox.c.received_at <= to_utc(now - KEEP_DEAD)),
        )
        return self._connection.execute(delete(inbox).where(old)).rowcount

    def count(self) -> InboxCount:
        """How much waits and how much was given up."""
        earliest = func.min(inbox.c.received_at, type_=inbox.c.received_at.type)
        waiting, oldest = self._connection.execute(
            select(func.count(), earliest).where(_WAITING)
        ).one()
        dead = self._connection.execute(select(func.count()).where(_DEAD)).scalar_one()
        return InboxCount(waiting=waiting, dead=dead, oldest=oldest)

    def _update_undone(self, entry_id: int, values: dict[str, Any]) -> bool:
        undone = and_(inbox.c.id == entry_id, _UNDONE)
        return self._connection.execute(update(inbox).where(undone).values(values)).rowcount == 1


_EMPTIED = {"body": b"", "headers": "{}", "query": "{}", "error": "", "due_at": None}


def _to_entry(row: Row[Any]) -> InboxEntry:
    return InboxEntry(
        id=row.id,
        source_id=row.source_id,
        received_at=row.received_at,
        attempts=row.attempts,
        headers=from_json(row.headers),
        query=from_json(row.query),
        body=row.body,
    )
