"""Queries about mutes: rules that a manager has silenced until a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from monitor.domain.actor import Actor
from monitor.store.mapping import to_utc
from monitor.store.schema import mutes
from monitor.store.statements import insert_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """A rule whose matches are counted and not shown for a while."""

    rule_id: str
    until: datetime
    actor: Actor  #: who wanted it

    @property
    def reason(self) -> str:
        """Why a match stays silent."""
        return f"muted by {self.actor} until {self.until:%Y-%m-%d %H:%M} UTC"


class MuteRepository:
    """The silenced rules; a mute ends by itself."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, mute: Mute, at: datetime) -> None:
        """Silence a rule, instead of any earlier mute of it."""
        values = {"until": to_utc(mute.until), "actor": str(mute.actor), "at": to_utc(at)}
        row = insert_for(self._connection, mutes).values({"rule_id": mute.rule_id, **values})
        self._connection.execute(row.on_conflict_do_update(index_elements=["rule_id"], set_=values))

    def lift(self, rule_id: str) -> bool:
        """Let a rule be heard again; False where it was not silenced."""
        return (
            self._connection.execute(delete(mutes).where(mutes.c.rule_id == rule_id)).rowcount == 1
        )

    def active(self, now: datetime) -> list[Mute]:
        """Every mute that holds now, by rule."""
        statement = select(mutes).where(mutes.c.until > to_utc(now)).order_by(mutes.c.rule_id)
        return [
            Mute(rule_id=row.rule_id, until=row.until, actor=Actor.parse(row.actor))
            for row in self._connection.execute(statement)
        ]
