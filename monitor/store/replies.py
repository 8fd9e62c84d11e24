"""Queries about answers to customers: what waits, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.sql import Select

from monitor.domain.actor import Actor
from monitor.domain.reply import OPEN_REPLY_STATES, Reply, ReplyState
from monitor.store.mapping import to_utc
from monitor.store.schema import replies

#: What the publisher has to deal with.
_WAITING = (str(ReplyState.APPROVED), str(ReplyState.UNCERTAIN))


class ReplyRepository:
    """Answers, each with its fate."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, reply: Reply) -> Reply:
        """Keep an answer; the same with its id."""
        made = insert(replies).values(_reply_columns(reply)).returning(replies.c.id)
        return replace(reply, id=self._connection.execute(made).scalar_one())

    def get(self, reply_id: int) -> Reply | None:
        """The answer with this id, or None."""
        return self._select_first(select(replies).where(replies.c.id == reply_id))

    def list_for_alert(self, alert_id: int) -> list[Reply]:
        """Every answer that was written for an alert, first to last."""
        statement = select(replies).where(replies.c.alert_id == alert_id).order_by(replies.c.id)
        return [_to_reply(row) for row in self._connection.execute(statement)]

    def find_open(self, alert_id: int) -> Reply | None:
        """An answer that may still become public, or None."""
        waiting = (
            replies.c.alert_id == alert_id,
            replies.c.state.in_([str(state) for state in OPEN_REPLY_STATES]),
        )
        return self._select_first(select(replies).where(*waiting).order_by(replies.c.id).limit(1))

    def next_due_at(self) -> datetime | None:
        """When the publisher has something to do; None when nothing waits for it.

        What a publisher holds that may have died counts as due since it was tried: the next one has
        to take it over.
        """
        due = func.min(replies.c.not_before, type_=replies.c.not_before.type)
        held = (*_WAITING, str(ReplyState.ATTEMPTING))
        return self._connection.execute(select(due).where(replies.c.state.in_(held))).scalar()

    def find_due(self, now: datetime) -> Reply | None:
        """The answer to deal with now, or None."""
        waiting = (replies.c.state.in_(_WAITING), replies.c.not_before <= to_utc(now))
        return self._select_first(
            select(replies).where(*waiting).order_by(replies.c.not_before, replies.c.id).limit(1)
        )

    def update_if_unchanged(self, reply: Reply, **changes: Any) -> Reply | None:
        """The answer with these changes, or None where it is not any more as it was read."""
        changed = replace(reply, **changes)
        same = (
            replies.c.id == reply.id,
            replies.c.state == str(reply.state),
            replies.c.attempts == reply.attempts,
            replies.c.probes == reply.probes,
            replies.c.looks == reply.looks,
        )
        done = self._connection.execute(
            update(replies).where(*same).values(_reply_columns(changed))
        )
        return changed if done.rowcount == 1 else None

    def mark_interrupted(self, look_at: datetime) -> int:
        """Whatever was being published when its publisher ended is of unknown fate; returns how
        many there were.
        """
        lost = {
            "state": str(ReplyState.UNCERTAIN),
            "not_before": to_utc(look_at),
            "probes": 0,
            "looks": 0,
        }
        attempting = replies.c.state == str(ReplyState.ATTEMPTING)
        return self._connection.execute(update(replies).where(attempting).values(lost)).rowcount

    def _select_first(self, statement: Select[Any]) -> Reply | None:
        row = self._connection.execute(statement).first()
        return None if row is None else _to_reply(row)


_TIMES = frozenset({"at", "not_before", "attempted_at"})
_NAMES = tuple(name for name in Reply.__dataclass_fields__ if name != "id")


def _reply_columns(reply: Reply) -> dict[str, Any]:
    values = {name: getattr(reply, name) for name in _NAMES}
    times = {name: to_utc(values[name]) for name in _TIMES}
    actors = {"actor": str(reply.actor), "decided_by": str(reply.decided_by or "")}
    return {**values, **times, **actors, "state": str(reply.state)}


def _to_reply(row: Row[Any]) -> Reply:
    typed = {
        "state": ReplyState(row.state),
        "actor": Actor.parse(row.actor),
        "decided_by": Actor.parse_optional(row.decided_by),
    }
    return Reply(**{**row._mapping, **typed})
