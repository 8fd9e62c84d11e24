"""Queries about answers to customers: what waits, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.sql import Select

from monitor.domain.actor import Actor
from monitor.domain.reply import OPEN_REPLY_STATES, Reply, ReplyState
from monitor.store.mapping import to_utc
from monitor.store.schema import replies

#: States that wait for the publisher.
_WAITING = (str(ReplyState.APPROVED), str(ReplyState.UNCERTAIN))


class ReplyChanges(TypedDict, total=False):
    """The fields of a reply that may change once it is stored; `Reply` says what they mean."""

    state: ReplyState
    decided_by: Actor | None
    not_before: datetime | None
    attempts: int
    attempted_at: datetime | None
    probes: int
    looks: int
    url: str
    external_id: str
    error: str


class ReplyRepository:
    """Replies to customers, each with its fate."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, reply: Reply) -> Reply:
        """Store a new reply and return it with its id."""
        made = insert(replies).values(_reply_columns(reply)).returning(replies.c.id)
        return replace(reply, id=self._connection.execute(made).scalar_one())

    def get(self, reply_id: int) -> Reply | None:
        """The reply with this id, or None."""
        return self._select_first(select(replies).where(replies.c.id == reply_id))

    def list_for_alert(self, alert_id: int) -> list[Reply]:
        """Every reply that was written for an alert, first to last."""
        statement = select(replies).where(replies.c.alert_id == alert_id).order_by(replies.c.id)
        return [_to_reply(row) for row in self._connection.execute(statement)]

    def find_open(self, alert_id: int) -> Reply | None:
        """The reply to an alert that may still become public, or None."""
        waiting = (
            replies.c.alert_id == alert_id,
            replies.c.state.in_([str(state) for state in OPEN_REPLY_STATES]),
        )
        return self._select_first(select(replies).where(*waiting).order_by(replies.c.id).limit(1))

    def next_due_at(self) -> datetime | None:
        """When the publisher next has something to do; None when nothing waits for it.

        A reply that is being attempted counts as due since then: its publisher may have died, and
        the next one has to take it over.
        """
        due = func.min(replies.c.not_before, type_=replies.c.not_before.type)
        held = (*_WAITING, str(ReplyState.ATTEMPTING))
        return self._connection.execute(select(due).where(replies.c.state.in_(held))).scalar()

    def find_due(self, now: datetime) -> Reply | None:
        """The reply that is due the longest, or None."""
        waiting = (replies.c.state.in_(_WAITING), replies.c.not_before <= to_utc(now))
        return self._select_first(
            select(replies).where(*waiting).order_by(replies.c.not_before, replies.c.id).limit(1)
        )

    def update_if_unchanged(self, reply: Reply, **changes: Unpack[ReplyChanges]) -> Reply | None:
        """Change a reply that is still as it was read; None, and nothing changed, where it is not.

        Returns the reply with the changes.
        """
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
        """Make uncertain what a publisher that ended was publishing; return how many there were.

        Only the next holder of its lease may say so. Each is looked for from `look_at` on.
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
