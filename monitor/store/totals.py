"""Queries for those who watch over repwatch itself: how much there is of what, and how long
something has waited.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from monitor.alert import AlertStatus, DeliveryState
from monitor.store.deliveries import IN_FLIGHT
from monitor.store.schema import alerts, deliveries
from monitor.store.values import to_utc

_UNSHOWN = [str(state) for state in (DeliveryState.PENDING, *IN_FLIGHT)]


class Totals:
    """Figures without anybody's words or names."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def answers(self) -> bool:
        """Whether the database answers at all; StoreError, raised by the transaction, when it does
        not.
        """
        return self._connection.execute(select(1)).scalar() == 1

    def alerts(self) -> dict[AlertStatus, int]:
        """How many alerts are in each state."""
        rows = self._connection.execute(
            select(alerts.c.status, func.count()).group_by(alerts.c.status)
        )
        return dict.fromkeys(AlertStatus, 0) | {
            AlertStatus(status): count for status, count in rows
        }

    def repeats(self) -> int:
        """How many messages were sent again, labelled, since nobody could see whether they were
        shown.
        """
        statement = select(func.count()).select_from(deliveries).where(deliveries.c.repeat)
        return self._connection.execute(statement).scalar_one()

    def outbox_oldest(self, now: datetime) -> datetime | None:
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

    def step_oldest(self, now: datetime) -> datetime | None:
        """Since when the oldest step of an alert is due that was not done yet; None when none
        is.
        """
        oldest = func.min(alerts.c.next_at, type_=alerts.c.next_at.type)
        due = select(oldest).where(alerts.c.next_at <= to_utc(now))
        found: datetime | None = self._connection.execute(due).scalar()
        return found
