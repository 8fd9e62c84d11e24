"""Queries about digests that are due: the slots of schedules, single orders, and subscriptions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update

from monitor.domain.digest_schedule import (
    DigestOrder,
    DigestOrderState,
    DigestSchedule,
    DigestSubscription,
    DigestTarget,
)
from monitor.store.column_types import from_json, to_json
from monitor.store.digest_tables import (
    digest_orders,
    digest_schedules,
    digest_subscriptions,
    digests,
)
from monitor.store.document_json import value_from_dict, value_to_dict
from monitor.store.mapping import to_utc
from monitor.store.statements import insert_for

#: Whoever makes a digest has so long, before another one may try.
MAKING_TAKES = timedelta(minutes=15)
_TARGET_COLUMNS = ("channel", "audience", "segment", "span")


class DigestOrderRepository:
    """What is due, each slot once, and who has subscribed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def renew_schedule(self, schedule: DigestSchedule, now: datetime) -> None:
        """Know a schedule from now on, also where it was known before: no slot of before is due."""
        row = {"key": schedule.target.key, "since": to_utc(now)}
        added = insert_for(self._connection, digest_schedules).values(row)
        since = {"since": added.excluded.since}
        self._connection.execute(added.on_conflict_do_update(index_elements=["key"], set_=since))

    def note_schedules(self, schedules: Iterable[DigestSchedule], now: datetime) -> None:
        """Remember since when schedules are known; nothing is due before."""
        rows = [{"key": one.target.key, "since": to_utc(now)} for one in schedules]
        if rows:
            once = insert_for(self._connection, digest_schedules).on_conflict_do_nothing()
            self._connection.execute(once, rows)

    def find_last_slots(self, now: datetime) -> dict[str, datetime]:
        """Return, by the keys of schedules, the last slot, or since when each is known.

        What a clock that was ahead has noted for later than `now` does not count.
        """
        known = self._connection.execute(select(digest_schedules))
        last: dict[str, datetime] = {row.key: min(row.since, now) for row in known}
        for key, newest in self._find_newest(digest_orders.c.at <= to_utc(now)).items():
            last[key] = max(newest, last.get(key, newest))
        return last

    def find_last_sent(self) -> dict[str, datetime]:
        """Return, by the keys of schedules, the slot of the last digest that was sent, or since
        when each is known.
        """
        known = self._connection.execute(select(digest_schedules))
        since: dict[str, datetime] = {row.key: row.since for row in known}
        return since | self._find_newest(digest_orders.c.state == str(DigestOrderState.QUEUED))

    def _find_newest(self, wanted: ColumnElement[bool]) -> dict[str, datetime]:
        newest = func.max(digest_orders.c.at, type_=digest_orders.c.at.type).label("newest")
        slots = select(digest_orders.c.schedule, newest).where(wanted)
        rows = self._connection.execute(slots.group_by(digest_orders.c.schedule))
        return {row.schedule: row.newest for row in rows}

    def add(
        self,
        order: DigestOrder,
        now: datetime,
        state: DigestOrderState = DigestOrderState.DUE,
        *,
        schedule: str = "",
        error: str = "",
    ) -> bool:
        """Note an order; False, and nothing changed, where one with its id is known.

        `schedule` is the key of the schedule whose slot it is.
        """
        row = {
            "id": order.id,
            "schedule": schedule,
            "at": to_utc(order.at),
            "body": to_json(value_to_dict(order)),
            "state": str(state),
            "attempts": 0,
            "not_before": to_utc(now),
            "noted_at": to_utc(now),
            "error": error,
        }
        once = insert_for(self._connection, digest_orders).on_conflict_do_nothing()
        added = self._connection.execute(once.values(row).returning(digest_orders.c.id)).scalar()
        return added is not None

    def get(self, order_id: str) -> DigestOrder | None:
        """Return an order; None where there is none with this id."""
        statement = select(digest_orders.c.body).where(digest_orders.c.id == order_id)
        body = self._connection.execute(statement).scalar()
        return _to_order(body) if body else None

    def has_due(self, now: datetime) -> bool:
        """Return whether a digest is to be made now."""
        statement = select(digest_orders.c.id).where(_is_due(now)).limit(1)
        return self._connection.execute(statement).scalar() is not None

    def claim_next(self, now: datetime) -> tuple[DigestOrder, int] | None:
        """Take the next order that is due, with the number of this try; None where there is none.

        Tries count since the last one that said what went wrong. Whoever dies with it is
        succeeded after `MAKING_TAKES`.
        """
        order = (digest_orders.c.at, digest_orders.c.id)
        statement = select(digest_orders).where(_is_due(now)).order_by(*order).limit(1)
        row = self._connection.execute(statement.with_for_update()).one_or_none()
        if row is None:
            return None
        taken = {"attempts": row.attempts + 1, "not_before": to_utc(now + MAKING_TAKES)}
        unchanged = and_(digest_orders.c.id == row.id, digest_orders.c.attempts == row.attempts)
        self._connection.execute(update(digest_orders).where(unchanged).values(taken))
        return _to_order(row.body), row.attempts + 1

    def settle(self, order_id: str, state: DigestOrderState, error: str = "") -> None:
        """Record what became of an order."""
        self._set(order_id, {"state": str(state), "error": error})

    def retry_at(self, order_id: str, at: datetime, error: str) -> None:
        """Let an order be tried again from a time on."""
        self._set(order_id, {"not_before": to_utc(at), "error": error, "attempts": 0})

    def note_broken_run(self, now: datetime, again_at: datetime, error: str) -> list[DigestOrder]:
        """Say of what a process had taken when it ended why it is not made; of all that is due
        where it had taken nothing. Returns the orders.
        """
        is_waiting = digest_orders.c.state == str(DigestOrderState.DUE)
        taken = and_(
            is_waiting, digest_orders.c.attempts > 0, digest_orders.c.not_before > to_utc(now)
        )
        values = {"not_before": to_utc(again_at), "error": error}
        noted = self._note_all(taken, values)
        if noted:
            return noted
        counted = {**values, "attempts": digest_orders.c.attempts + 1}
        return self._note_all(_is_due(now), counted)

    def _note_all(self, wanted: ColumnElement[bool], values: dict[str, Any]) -> list[DigestOrder]:
        noted = update(digest_orders).where(wanted).values(values)
        rows = self._connection.execute(noted.returning(digest_orders.c.body))
        return [_to_order(row.body) for row in rows]

    def discard_previews(self, before: datetime) -> None:
        """Delete the previews that were asked for before a time, with their numbers."""
        old = digest_orders.c.noted_at < to_utc(before)
        asked = select(digest_orders).where(old, digest_orders.c.schedule == "")
        for row in self._connection.execute(asked).all():
            if _to_order(row.body).is_preview:
                self._connection.execute(delete(digests).where(digests.c.slot == row.id))
                of_row = digest_orders.c.id == row.id
                self._connection.execute(delete(digest_orders).where(of_row))

    def find_troubles(self, since: datetime | None = None) -> list[tuple[str, str]]:
        """Return (order, reason) of digests that were ordered since a time and are not sent, the
        newest first.
        """
        wanted = [
            digest_orders.c.state != str(DigestOrderState.QUEUED),
            digest_orders.c.error != "",
        ]
        if since is not None:
            wanted.append(digest_orders.c.noted_at >= to_utc(since))
        newest_first = (digest_orders.c.at.desc(), digest_orders.c.id)
        columns = (digest_orders.c.id, digest_orders.c.error)
        statement = select(*columns).where(*wanted).order_by(*newest_first)
        return [(row.id, row.error) for row in self._connection.execute(statement)]

    def put_subscription(self, subscription: DigestSubscription) -> None:
        """Remember a subscription, in the place of one for the same channel, readers and span."""
        target = subscription.schedule.target
        row = {
            **_subscription_key(target),
            "body": to_json(value_to_dict(subscription.schedule)),
            "actor": subscription.actor,
            "at": to_utc(subscription.at),
        }
        added = insert_for(self._connection, digest_subscriptions).values(row)
        changed = {name: added.excluded[name] for name in ("body", "actor", "at")}
        put = added.on_conflict_do_update(index_elements=_TARGET_COLUMNS, set_=changed)
        self._connection.execute(put)

    def remove_subscriptions(
        self, channel: str, audience: str = "", segment: str = "", span: str = ""
    ) -> int:
        """Forget the subscriptions of a channel, of those only what is named; how many there
        were.
        """
        named = {"audience": audience, "segment": segment, "span": span}
        wanted = [digest_subscriptions.c.channel == channel]
        wanted += [digest_subscriptions.c[name] == value for name, value in named.items() if value]
        return self._connection.execute(delete(digest_subscriptions).where(*wanted)).rowcount

    def list_subscriptions(self, channel: str = "") -> list[DigestSubscription]:
        """Return the subscriptions, all or those of a channel, by channel and audience."""
        wanted = [digest_subscriptions.c.channel == channel] if channel else []
        order = [digest_subscriptions.c[name] for name in _TARGET_COLUMNS]
        rows = self._connection.execute(
            select(digest_subscriptions).where(*wanted).order_by(*order)
        )
        return [
            DigestSubscription(
                schedule=value_from_dict(DigestSchedule, from_json(row.body)),
                actor=row.actor,
                at=row.at,
            )
            for row in rows
        ]

    def _set(self, order_id: str, values: dict[str, Any]) -> None:
        self._connection.execute(
            update(digest_orders).where(digest_orders.c.id == order_id).values(values)
        )


def _is_due(now: datetime) -> Any:
    return and_(
        digest_orders.c.state == str(DigestOrderState.DUE),
        digest_orders.c.not_before <= to_utc(now),
    )


def _to_order(body: str) -> DigestOrder:
    return value_from_dict(DigestOrder, from_json(body))


def _subscription_key(target: DigestTarget) -> dict[str, str]:
    return {
        "channel": target.channel,
        "audience": target.audience,
        "segment": target.segment,
        "span": str(target.span),
    }
