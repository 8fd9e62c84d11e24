"""Queries about notices: messages of the outbox that belong to no card, each queued once."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from monitor.domain.actor import Actor
from monitor.domain.alert import Severity
from monitor.domain.delivery import DeliveryKind
from monitor.domain.duty import Shift
from monitor.domain.notice import Notice, NoticeKind
from monitor.store.column_types import from_json, to_json
from monitor.store.mapping import to_utc
from monitor.store.outbox import delivery_row
from monitor.store.schema import deliveries, notices, told_shifts
from monitor.store.statements import insert_for


class NoticeRepository:
    """The messages about the duty, hand-overs and reminders."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queue(
        self,
        notice: Notice,
        channel: str,
        at: datetime,
        dedupe_key: str,
        *,
        is_private: bool = False,
    ) -> bool:
        """Queue a notice for a channel or, by their id, a person; it is due at a time.

        What `is_private` is never shown in the default channel.
        Returns False, and queues nothing, where one with this key was queued before.
        """
        row = delivery_row(
            DeliveryKind.NOTICE,
            dedupe_key,
            channel=channel,
            severity=Severity.NORMAL,
            at=at,
            fallback=not is_private,
        )
        once = insert_for(self._connection, deliveries).on_conflict_do_nothing(
            index_elements=["dedupe_key"]
        )
        added = self._connection.execute(once.values(row).returning(deliveries.c.id)).scalar()
        if added is None:
            return False
        self._connection.execute(insert(notices).values(id=added, body=_to_body(notice)))
        return True

    def is_queued(self, dedupe_key: str) -> bool:
        """Return whether a notice with this key was queued before, whether or not it was shown."""
        statement = select(deliveries.c.id).where(deliveries.c.dedupe_key == dedupe_key)
        return self._connection.execute(statement).scalar() is not None

    def mark_shift_told(self, shift: Shift, at: datetime) -> bool:
        """Note that people are told of a shift of the duty; False where that was noted before."""
        row = {"key": _shift_key(shift), "at": to_utc(at)}
        once = insert_for(self._connection, told_shifts).on_conflict_do_nothing()
        added = once.values(row).returning(told_shifts.c.key)
        return self._connection.execute(added).scalar() is not None

    def is_shift_told(self, shift: Shift) -> bool:
        """Return whether it was noted that people are told of a shift."""
        statement = select(told_shifts.c.key).where(told_shifts.c.key == _shift_key(shift))
        return self._connection.execute(statement).scalar() is not None

    def get(self, delivery_id: str) -> Notice | None:
        """Return what a delivery shows; None for a delivery of another kind."""
        statement = select(notices).where(notices.c.id == delivery_id)
        row = self._connection.execute(statement).one_or_none()
        return _from_body(row.body) if row else None


def _to_body(notice: Notice) -> str:
    return to_json(
        {
            "kind": str(notice.kind),
            "person": str(notice.person),
            "alerts": notice.alert_ids,
            "actor": str(notice.actor or ""),
            "until": notice.until,
            "zone": notice.zone,
            "text": notice.text,
            "command": notice.command,
        }
    )


def _from_body(body: str) -> Notice:
    values = from_json(body)
    until = values["until"]
    return Notice(
        kind=NoticeKind(values["kind"]),
        person=Actor.parse(values["person"]),
        alert_ids=tuple(values["alerts"]),
        actor=Actor.parse_optional(values["actor"]),
        until=datetime.fromisoformat(until) if until else None,
        zone=values["zone"],
        text=values.get("text", ""),
        command=values.get("command", ""),
    )


def _shift_key(shift: Shift) -> str:
    """Return what tells a shift from every other: its beginning and its person."""
    since = shift.since.astimezone(UTC).isoformat() if shift.since else ""
    return f"{since}:{shift.person}"
