"""Queries about hand-overs: who handed which alerts over to whom."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select

from monitor.domain.actor import Actor
from monitor.domain.handover import Handover
from monitor.store.column_types import from_json, to_json, to_key_text
from monitor.store.mapping import to_utc
from monitor.store.schema import handovers


class HandoverRepository:
    """The hand-overs, which are only ever added."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, handover: Handover) -> None:
        """Store a hand-over; its id must be new."""
        values = {
            "id": handover.id,
            "at": to_utc(handover.at),
            "giver": str(handover.giver),
            "receiver": str(handover.receiver),
            "alerts": to_json([handover.moved, handover.skipped]),
            "returns": handover.returns,
        }
        self._connection.execute(insert(handovers).values(values))

    def get(self, handover_id: str) -> Handover | None:
        """Return the hand-over with this id, or None."""
        statement = select(handovers).where(handovers.c.id == handover_id)
        row = self._connection.execute(statement).one_or_none()
        return _to_handover(row) if row else None

    def find_last(self, person: Actor) -> Handover | None:
        """Return the newest one in which a person gave or received; one that returns never."""
        name = to_key_text(str(person))
        took_part = or_(handovers.c.giver == name, handovers.c.receiver == name)
        statement = (
            select(handovers)
            .where(took_part, handovers.c.returns.is_(None))
            .order_by(handovers.c.at.desc(), handovers.c.id.desc())
            .limit(1)
        )
        row = self._connection.execute(statement).one_or_none()
        return _to_handover(row) if row else None


def _to_handover(row: Row[Any]) -> Handover:
    moved, skipped = from_json(row.alerts)
    return Handover(
        id=row.id,
        at=row.at,
        giver=Actor.parse(row.giver),
        receiver=Actor.parse(row.receiver),
        moved=tuple(moved),
        skipped=tuple(skipped),
        returns=row.returns,
    )
