"""Queries about sources: how each fares, and where it goes on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, select

from monitor.health import SourceState
from monitor.store.schema import source_states
from monitor.store.upsert import insert_for
from monitor.store.values import to_utc

_TIMES = ("last_attempt_at", "last_success_at", "due_at")


class Sources:
    """What is remembered of each source between two polls."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def state(self, source_id: str) -> SourceState:
        """How a source fares; a fresh state for one that was never polled."""
        statement = select(source_states).where(source_states.c.source_id == source_id)
        row = self._connection.execute(statement).one_or_none()
        return SourceState(source_id=source_id) if row is None else _to_state(row)

    def save(self, state: SourceState) -> None:
        """Remember a state in the place of the one before."""
        columns = asdict(state) | {name: to_utc(getattr(state, name)) for name in _TIMES}
        statement = insert_for(self._connection, source_states).values(columns)
        columns.pop("source_id")
        self._connection.execute(statement.on_conflict_do_update(index_elements=["source_id"], set_=columns))

    def all(self) -> list[SourceState]:
        """Every state that is remembered, by source id."""
        rows = self._connection.execute(select(source_states).order_by(source_states.c.source_id))
        return [_to_state(row) for row in rows]


def _to_state(row: Row[Any]) -> SourceState:
    return SourceState(**row._mapping)
