"""Queries about sources: how each fares, and where it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, bindparam, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import UpdateBase

from monitor.domain.source_health import Gap, PollHour, SourceState
from monitor.store.compiled import run_compiled
from monitor.store.mapping import to_utc
from monitor.store.schema import source_gaps, source_hours, source_states

Insert = Callable[[Table], sqlite.Insert | postgresql.Insert]

_COLUMNS = tuple(field.name for field in fields(SourceState))
_TIMES = ("last_attempt_at", "last_success_at", "due_at", "rechecked_at")


class SourceRepository:
    """What is remembered of each source between two polls."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_state(self, source_id: str) -> SourceState:
        """How a source fares; a fresh state for one that was never polled."""
        rows = run_compiled(self._connection, _STATE, {"source": source_id})
        return _to_state(rows[0]) if rows else SourceState(source_id=source_id)

    def save(self, state: SourceState) -> None:
        """Remember a state in the place of the one before."""
        columns = {name: getattr(state, name) for name in _COLUMNS}
        columns |= {name: to_utc(columns[name]) for name in _TIMES}
        run_compiled(self._connection, _SAVE[self._connection.dialect.name], columns)

    def list_states(self) -> list[SourceState]:
        """Every state that is remembered, by source id."""
        rows = self._connection.execute(_STATES.order_by(source_states.c.source_id))
        return [_to_state(row) for row in rows]

    def count_poll(self, source_id: str, at: datetime, *, failed: bool, items: int) -> None:
        """Count one poll, and what new feedback it brought, in its hour."""
        hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        row = {
            "source_id": source_id,
            "at": hour,
            "polls": 1,
            "failures": int(failed),
            "items": items,
        }
        run_compiled(self._connection, _COUNT[self._connection.dialect.name], row)

    def hours(self, source_id: str, since: datetime) -> list[PollHour]:
        """The hours of a source that begin after a time, oldest first."""
        wanted = and_(source_hours.c.source_id == source_id, source_hours.c.at > to_utc(since))
        columns: list[Any] = [
            source_hours.c.at,
            source_hours.c.polls,
            source_hours.c.failures,
            source_hours.c["items"],
        ]
        statement: Select[Any] = select(*columns).where(wanted).order_by(source_hours.c.at)
        rows = self._connection.execute(statement)
        return [PollHour(*row) for row in rows]

    def add_gap(self, source_id: str, gap: Gap) -> None:
        """Remember a gap; one that lasts is added once and ended by `close_gap`."""
        if (
            gap.until is None
            and self._connection.execute(_LASTING_GAP, {"source": source_id}).first()
        ):
            return
        until = None if gap.until is None else to_utc(gap.until)
        row = {
            "source_id": source_id,
            "since": to_utc(gap.since),
            "until": until,
            "reason": gap.reason,
        }
        self._connection.execute(insert(source_gaps).values(row))

    def close_gap(self, source_id: str, at: datetime) -> None:
        """End the gap that lasts, if there is one."""
        run_compiled(self._connection, _END_GAP, {"source": source_id, "now": to_utc(at)})

    def gaps(self, source_id: str, since: datetime) -> list[Gap]:
        """The gaps of a source that reach beyond a time, oldest first."""
        recent = or_(source_gaps.c.until.is_(None), source_gaps.c.until > to_utc(since))
        columns: list[Any] = [source_gaps.c.since, source_gaps.c.until, source_gaps.c.reason]
        wanted = and_(source_gaps.c.source_id == source_id, recent)
        statement: Select[Any] = select(*columns).where(wanted).order_by(source_gaps.c.since)
        rows = self._connection.execute(statement)
        return [Gap(*row) for row in rows]


def _to_state(row: Iterable[Any]) -> SourceState:
    return SourceState(**dict(zip(_COLUMNS, row, strict=True)))


def _build_for_dialects(make: Callable[[Insert], UpdateBase]) -> dict[str, UpdateBase]:
    """A statement for each database, built once: building one takes longer than running it."""
    return {"sqlite": make(sqlite.insert), "postgresql": make(postgresql.insert)}


def _build_save_state(insert_into: Insert) -> UpdateBase:
    statement = insert_into(source_states)
    changed = {
        column.name: statement.excluded[column.name]
        for column in source_states.c
        if not column.primary_key
    }
    return statement.on_conflict_do_update(index_elements=["source_id"], set_=changed)


def _build_count_poll(insert_into: Insert) -> UpdateBase:
    statement = insert_into(source_hours)
    names = ("polls", "failures", "items")
    added = {name: source_hours.c[name] + statement.excluded[name] for name in names}
    return statement.on_conflict_do_update(index_elements=["source_id", "at"], set_=added)


_SAVE = _build_for_dialects(_build_save_state)
_COUNT = _build_for_dialects(_build_count_poll)
_STATES = select(*(source_states.c[name] for name in _COLUMNS))
_STATE = _STATES.where(source_states.c.source_id == bindparam("source"))
_LASTING = and_(source_gaps.c.source_id == bindparam("source"), source_gaps.c.until.is_(None))
_LASTING_GAP = select(source_gaps.c.id).where(_LASTING)
_END_GAP = update(source_gaps).where(_LASTING).values(until=bindparam("now"))
