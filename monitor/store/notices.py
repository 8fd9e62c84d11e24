"""Queries about notices: messages of the outbox that belong to no card, each queued once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from monitor.domain.actor import Actor
from monitor.domain.alert import Severity
from monitor.domain.delivery import DeliveryKind
from monitor.domain.notice import Notice, NoticeKind
from monitor.store.column_types import from_json, to_json
from monitor.store.outbox import delivery_row
from monitor.store.schema import deliveries, notices
from monitor.store.statements import insert_for


class NoticeRepository:
    """The messages about the duty, hand-overs and reminders."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queue(self, notice: Notice, channel: str, at: datetime, dedupe_key: str) -> bool:
        """Queue a notice for a channel or, by their id, a person; it is due at a time.

        Returns False, and queues nothing, where one with this key was queued before.
        """
        row = delivery_row(
            DeliveryKind.NOTICE, dedupe_key, channel=channel, severity=Severity.NORMAL, at=at
        )
        once = insert_for(self._connection, deliveries).on_conflict_do_nothing(
            index_elements=["dedupe_key"]
        )
        added = self._connection.execute(once.values(row).returning(deliveries.c.id)).scalar()
        if added is None:
            return False
        values = {"delivery_id": added, "kind": str(notice.kind), "body": _to_body(notice)}
        self._connection.execute(insert(notices).values(values))
        return True

    def is_queued(self, dedupe_key: str) -> bool:
        """Return whether a notice with this key was ever queued."""
        statement = select(deliveries.c.id).where(deliveries.c.dedupe_key == dedupe_key)
        return self._connection.execute(statement).scalar() is not None

    def get(self, delivery_id: str) -> Notice | None:
        """Return what a delivery shows; None for a delivery of another kind."""
        statement = select(notices).where(notices.c.delivery_id == delivery_id)
        row = self._connection.execute(statement).one_or_none()
        return _from_body(NoticeKind(row.kind), row.body) if row else None


def _to_body(notice: Notice) -> str:
    return to_json(
        {
            "person": str(notice.person),
            "alerts": notice.alert_ids,
            "actor": str(notice.actor or ""),
            "until": notice.until,
            "zone": notice.zone,
        }
    )


def _from_body(kind: NoticeKind, body: str) -> Notice:
    values = from_json(body)
    until = values["until"]
    return Notice(
        kind=kind,
        person=Actor.parse(values["person"]),
        alert_ids=tuple(values["alerts"]),
        actor=Actor.parse_optional(values["actor"]),
        until=datetime.fromisoformat(until) if until else None,
        zone=values["zone"],
    )
