"""Queries about what came of rules: how often each fired, and what it held for last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, case, func, select

from monitor.domain.alert import AlertStatus
from monitor.domain.rule_summary import RuleFigures
from monitor.domain.verdict import VerdictKind
from monitor.store.mapping import to_utc
from monitor.store.schema import alerts, feedback, matches, verdicts


class RuleFigureRepository:
    """Counts by rule; nothing is changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count_since(self, since: datetime) -> dict[str, RuleFigures]:
        """Return what came of the alerts opened since a time, by the id of the leading rule.

        An alert is useful where anybody said so of any feedback in it.
        """
        judged = (
            select(
                matches.c.alert_id.label("alert_id"),
                func.max(case((verdicts.c.value == "yes", 1), else_=0)).label("useful"),
            )
            .join(verdicts, verdicts.c.feedback_id == matches.c.feedback_id)
            .where(verdicts.c.kind == str(VerdictKind.USEFUL), matches.c.alert_id.is_not(None))
            .group_by(matches.c.alert_id)
            .subquery()
        )
        is_free = (alerts.c.status == str(AlertStatus.OPEN)) & (alerts.c.assignee == "")
        statement = (
            select(
                alerts.c.rule_id,
                func.count().label("fired"),
                func.count(judged.c.alert_id).label("judged"),
                func.coalesce(func.sum(judged.c.useful), 0).label("useful"),
                func.sum(case((is_free, 1), else_=0)).label("unclaimed"),
            )
            .select_from(alerts.outerjoin(judged, judged.c.alert_id == alerts.c.id))
            .where(alerts.c.opened_at >= to_utc(since))
            .group_by(alerts.c.rule_id)
        )
        return {
            row.rule_id: RuleFigures(
                fired=row.fired,
                judged=row.judged,
                useful=int(row.useful),
                unclaimed=int(row.unclaimed),
            )
            for row in self._connection.execute(statement)
        }

    def find_last_fired(self) -> dict[str, datetime]:
        """Return when each rule last led a new alert, by its id."""
        statement = select(alerts.c.rule_id, func.max(alerts.c.opened_at).label("at"))
        rows = self._connection.execute(statement.group_by(alerts.c.rule_id))
        return {row.rule_id: row.at for row in rows}

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
