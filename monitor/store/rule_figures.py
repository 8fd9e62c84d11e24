"""Queries about what rules held for."""

from __future__ import annotations

from sqlalchemy import Connection, select

from monitor.store.schema import feedback, matches


class RuleFigureRepository:
    """What each rule held for; nothing is changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find_last_held(self, rule_id: str) -> int:
        """Return the id of the newest feedback that is there and for which a rule held; 0 for none.

        Also where it was silent, or is in shadow.
        """
        statement = (
            select(matches.c.feedback_id)
            .join(feedback, feedback.c.id == matches.c.feedback_id)
            .where(matches.c.rule_id == rule_id)
            .order_by(matches.c.at.desc(), matches.c.id.desc())
            .limit(1)
        )
        return self._connection.execute(statement).scalar_one_or_none() or 0
