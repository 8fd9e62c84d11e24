"""Queries about many alerts at once: what happened in a period, and what was opened in it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.alert import Alert
from monitor.store.schema import alert_events, alerts
from monitor.store.values import to_alert, to_utc


class Periods:
    """What a team's figures are made of."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def happened(self, since: datetime, until: datetime) -> dict[str, int]:
        """How many events of each kind there were from a time on and before another."""
        period = (alert_events.c.at >= to_utc(since), alert_events.c.at < to_utc(until))
        number = func.count().label("number")
        statement = select(alert_events.c.kind, number).where(*period).group_by(alert_events.c.kind)
        return {row.kind: row.number for row in self._connection.execute(statement)}

    def opened(self, since: datetime, until: datetime, limit: int) -> list[Alert]:
        """Alerts that were opened from a time on and before another, the newest ones where there
        are more.
        """
        period = (alerts.c.opened_at >= to_utc(since), alerts.c.opened_at < to_utc(until))
        statement = select(alerts).where(*period).order_by(alerts.c.id.desc()).limit(limit)
        return [to_alert(row) for row in self._connection.execute(statement)]
