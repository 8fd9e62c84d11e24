"""Queries about improvements: what somebody has promised to do, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, insert, select, update

from monitor.domain.actor import Actor
from monitor.domain.feedback import Stage, Touchpoint
from monitor.domain.improvement import (
    Improvement,
    ImprovementEvent,
    ImprovementEventKind,
    ImprovementState,
    ImprovementStep,
    PainPoint,
)
from monitor.store.column_types import from_json, to_json, to_key_text
from monitor.store.mapping import to_utc
from monitor.store.register_schema import improvement_events, improvements
from monitor.store.statements import insert_for

_OPEN_STATES = [state for state in ImprovementState if state.is_open]


class ImprovementRepository:
    """The register and its history, to which events are only ever added."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, improvement: Improvement, request: str, via: str = ""
    ) -> tuple[Improvement, bool]:
        """Write an improvement down and return it with its id, and whether it is new.

        The same `request` gives the same one again, as it is by now.
        """
        row = {**_to_row(improvement), "turn": 0, "request": to_key_text(request)}
        statement = insert_for(self._connection, improvements).values(row).on_conflict_do_nothing()
        returned = statement.returning(improvements.c.id)
        new_id = self._connection.execute(returned).scalar_one_or_none()
        if new_id is None:
            same = select(improvements).where(improvements.c.request == to_key_text(request))
            return _to_improvement(self._connection.execute(same).one()), False
        event = ImprovementEvent(
            improvement_id=new_id,
            kind=ImprovementEventKind.ADDED,
            at=improvement.created_at,
            actor=improvement.created_by,
            via=via,
        )
        self._add_event(event)
        added = self.get(new_id)
        assert added  # noqa: S101 - it was written in this transaction
        return added, True

    def get(self, improvement_id: int) -> Improvement | None:
        """Return the improvement with this id, or None."""
        statement = select(improvements).where(improvements.c.id == improvement_id)
        row = self._connection.execute(statement).one_or_none()
        return _to_improvement(row) if row else None

    def save(self, step: ImprovementStep) -> bool:
        """Keep what a decision made of an improvement, with its event.

        False, and nothing kept, where somebody was first: the turn is not the one before any more.
        """
        changed = step.improvement
        statement = (
            update(improvements)
            .where(improvements.c.id == changed.id, improvements.c.turn == changed.turn - 1)
            .values({**_to_row(changed), "turn": changed.turn})
        )
        if self._connection.execute(statement).rowcount != 1:
            return False
        self._add_event(step.event)
        return True

    def list_all(
        self, states: Iterable[ImprovementState] = (), *, limit: int | None = None, offset: int = 0
    ) -> list[Improvement]:
        """Return improvements in these states (none: in any), open ones first.

        The open ones in the order of their dates, those without one last; the closed ones by when
        they were changed, newest first.
        """
        is_open = improvements.c.state.in_(_OPEN_STATES)
        is_closed = case((is_open, 0), else_=1)
        changed = case((is_open, None), else_=improvements.c.changed_at)
        no_due = case((improvements.c.due.is_(None), 1), else_=0)
        open_due = case((is_open, improvements.c.due), else_=None)
        statement = _in_states(select(improvements), states).order_by(
            is_closed, changed.desc(), no_due, open_due, improvements.c.id.desc()
        )
        rows = self._connection.execute(statement.limit(limit).offset(offset))
        return [_to_improvement(row) for row in rows]

    def count(self, states: Iterable[ImprovementState] = ()) -> int:
        """Return how many improvements are in these states (none: in any)."""
        statement = _in_states(select(func.count()).select_from(improvements), states)
        return int(self._connection.execute(statement).scalar_one())

    def events(self, improvement_id: int) -> list[ImprovementEvent]:
        """Return what has happened to an improvement, oldest first."""
        statement = (
            select(improvement_events)
            .where(improvement_events.c.improvement_id == improvement_id)
            .order_by(improvement_events.c.id)
        )
        return [_to_event(row) for row in self._connection.execute(statement)]

    def _add_event(self, event: ImprovementEvent) -> None:
        values = {
            "improvement_id": event.improvement_id,
            "kind": str(event.kind),
            "at": to_utc(event.at),
            "actor": str(event.actor),
            "via": event.via,
            "note": event.note,
            "changes": to_json({name: list(pair) for name, pair in event.changes.items()}),
        }
        self._connection.execute(insert(improvement_events).values(values))


def _in_states(statement: Select[Any], states: Iterable[ImprovementState]) -> Select[Any]:
    wanted = [str(state) for state in states]
    return statement.where(improvements.c.state.in_(wanted)) if wanted else statement


def _to_row(improvement: Improvement) -> dict[str, Any]:
    about, started, done = improvement.about, improvement.started_at, improvement.done_at
    return {
        "title": improvement.title,
        "stage": str(about.stage) if about.stage else None,
        "touchpoint": str(about.touchpoint) if about.touchpoint else None,
        "query": about.query,
        "owner": str(improvement.owner) if improvement.owner else "",
        "next_action": improvement.next_action,
        "due": improvement.due.isoformat() if improvement.due else None,
        "state": str(improvement.state),
        "created_by": str(improvement.created_by),
        "created_at": to_utc(improvement.created_at),
        "changed_by": str(improvement.changed_by),
        "changed_at": to_utc(improvement.changed_at),
        "started_at": to_utc(started) if started else None,
        "done_at": to_utc(done) if done else None,
    }


def _to_improvement(row: Row[Any]) -> Improvement:
    about = PainPoint(
        stage=Stage(row.stage) if row.stage else None,
        touchpoint=Touchpoint(row.touchpoint) if row.touchpoint else None,
        query=row.query,
    )
    return Improvement(
        id=row.id,
        turn=row.turn,
        title=row.title,
        about=about,
        owner=Actor.parse_optional(row.owner),
        next_action=row.next_action,
        due=date.fromisoformat(row.due) if row.due else None,
        state=ImprovementState(row.state),
        created_by=Actor.parse(row.created_by),
        created_at=row.created_at,
        changed_by=Actor.parse(row.changed_by),
        changed_at=row.changed_at,
        started_at=row.started_at,
        done_at=row.done_at,
    )


def _to_event(row: Row[Any]) -> ImprovementEvent:
    return ImprovementEvent(
        improvement_id=row.improvement_id,
        kind=ImprovementEventKind(row.kind),
        at=row.at,
        actor=Actor.parse(row.actor),
        via=row.via,
        note=row.note,
        changes={name: (before, after) for name, (before, after) in from_json(row.changes).items()},
    )
