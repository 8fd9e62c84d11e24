"""Queries about mutes: rules that a manager has silenced until a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, delete, func, select

from monitor.domain.actor import Actor
from monitor.domain.alert import Severity
from monitor.store.mapping import to_utc
from monitor.store.schema import matches, mutes
from monitor.store.statements import insert_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """A rule whose matches are counted and not shown for a while."""

    rule_id: str
    until: datetime
    actor: Actor  #: who wanted it
    why: str = ""  #: as they wrote it; empty for none

    @property
    def reason(self) -> str:
        """Why a match stays silent."""
        said = f"muted by {self.actor} until {self.until:%Y-%m-%d %H:%M} UTC"
        return f"{said}: {self.why}" if self.why else said


@dataclass(frozen=True, slots=True)
class MuteEffect:
    """What a mute would have kept silent."""

    cards: int = 0  #: feedback that opened an alert, joined one or is named on one
    urgent: int = 0  #: of those: for which the rule was urgent


class MuteRepository:
    """The silenced rules; a mute ends by itself."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, mute: Mute, at: datetime) -> None:
        """Silence a rule, instead of any earlier mute of it."""
        values = {
            "until": to_utc(mute.until),
            "actor": str(mute.actor),
            "at": to_utc(at),
            "reason": mute.why,
        }
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
            Mute(
                rule_id=row.rule_id,
                until=row.until,
                actor=Actor.parse(row.actor),
                why=row.reason,
            )
            for row in self._connection.execute(statement)
        ]

    def count_effect(self, rule_id: str, since: datetime) -> MuteEffect:
        """Return what a mute of a rule would have kept silent from a time on."""
        urgent = func.sum(case((matches.c.severity == str(Severity.URGENT), 1), else_=0))
        shown = (matches.c.rule_id == rule_id, matches.c.at >= to_utc(since))
        statement = select(func.count().label("cards"), urgent.label("urgent")).where(
            *shown, matches.c.live, matches.c.alert_id.is_not(None)
        )
        row = self._connection.execute(statement).one()
        return MuteEffect(cards=row.cards, urgent=int(row.urgent or 0))
