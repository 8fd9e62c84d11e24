"""Queries for those who watch over repwatch itself: how much there is of what, and how long
something has waited.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from monitor.domain.alert import Alert, AlertStatus
from monitor.domain.delivery import DeliveryState
from monitor.domain.event import EventKind
from monitor.store.delivery_conditions import IN_FLIGHT
from monitor.store.mapping import to_alert, to_utc
from monitor.store.schema import alert_events, alerts, deliveries


class PeriodStatistics:
    """What a team's figures are made of."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count_events(self, since: datetime, until: datetime) -> dict[EventKind, int]:
        """How many events of each kind there were from a time on and before another."""
        period = (alert_events.c.at >= to_utc(since), alert_events.c.at < to_utc(until))
        number = func.count().label("number")
        statement = select(alert_events.c.kind, number).where(*period).group_by(alert_events.c.kind)
        return {EventKind(row.kind): row.number for row in self._connection.execute(statement)}

    def list_opened(self, since: datetime, until: datetime, limit: int) -> list[Alert]:
        """Alerts that were opened from a time on and before another, the newest ones where there
        are more.
        """
        period = (alerts.c.opened_at >= to_utc(since), alerts.c.opened_at < to_utc(until))
        statement = select(alerts).where(*period).order_by(alerts.c.id.desc()).limit(limit)
        return [to_alert(row) for row in self._connection.execute(statement)]


_UNSHOWN = [str(state) for state in (DeliveryState.PENDING, *IN_FLIGHT)]


class SystemStatistics:
    """Figures without anybody's words or names."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_reachable(self) -> bool:
        """Whether the database answers at all; StoreError, raised by the transaction, when it does
        not.
        """
        return self._connection.execute(select(1)).scalar() == 1

    def count_alerts(self) -> dict[AlertStatus, int]:
        """How many alerts are in each state."""
        rows = self._connection.execute(
            select(alerts.c.status, func.count()).group_by(alerts.c.status)
        )
        return dict.fromkeys(AlertStatus, 0) | {
            AlertStatus(status): count for status, count in rows
        }

    def count_repeats(self) -> int:
        """How many messages were sent again, labelled, since nobody could see whether they were
        shown.
        """
        statement = select(func.count()).select_from(deliveries).where(deliveries.c.repeat)
        return self._connection.execute(statement).scalar_one()

    def oldest_outbox_at(self, now: datetime) -> datetime | None:
        """Since when the oldest delivery waits that could have been shown by now; None when none
        does.

        One that is held back until later does not count.
        """
        due = or_(
            deliveries.c.state != str(DeliveryState.PENDING), deliveries.c.not_before <= to_utc(now)
        )
        oldest = func.min(deliveries.c.created_at, type_=deliveries.c.created_at.type)
        found: datetime | None = self._connection.execute(
            select(oldest).where(deliveries.c.state.in_(_UNSHOWN), due)
        ).scalar()
        return found

    def oldest_timer_at(self, now: datetime) -> datetime | None:
        """Since when the oldest step of an alert is due that was not done yet; None when none
        is.
        """
        oldest = func.min(alerts.c.next_at, type_=alerts.c.next_at.type)
        due = select(oldest).where(alerts.c.next_at <= to_utc(now))
        found: datetime | None = self._connection.execute(due).scalar()
        return found
