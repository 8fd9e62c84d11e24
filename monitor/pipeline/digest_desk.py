"""From a slot that is due to a digest in the outbox: each slot once, late ones made up, failures
told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, Self

import structlog

from monitor.domain.actor import Actor
from monitor.domain.digest_post import DigestPost, MadeDigest
from monitor.domain.digest_schedule import (
    MADE_UP_WITHIN,
    DigestFormat,
    DigestOrder,
    DigestOrderState,
    DigestSchedule,
    DigestSpan,
    DueSlot,
    due_slots,
)
from monitor.domain.period import Period, PeriodKind
from monitor.errors import RepwatchError
from monitor.settings import Settings
from monitor.store import Store, Transaction

log = structlog.get_logger(__name__)

#: A digest that could not be made is tried again after so long.
RETRY_AFTER = timedelta(minutes=10)
#: How long people are told of a digest that failed.
_TOLD_FOR = timedelta(days=3)


class DigestMaker(Protocol):
    """Makes digests."""

    def __call__(self, order: DigestOrder, now: datetime) -> MadeDigest:
        """Return the digest of an order; raises RepwatchError where it cannot be made."""


@dataclass(frozen=True, slots=True)
class DigestDesk:
    """Takes orders for digests, and sees to it that each is carried out once."""

    store: Store
    schedules: Sequence[DigestSchedule] = ()  #: of the configuration

    @classmethod
    def from_settings(cls, settings: Settings, store: Store) -> Self:
        """Return the desk with the schedules of the configuration."""
        return cls(store, tuple(settings.digest.schedules(settings.hours.timezone)))

    def queue_due_slots(self, now: datetime) -> int:
        """Note what is due by now, and what was missed; return how many slots there were.

        Called often: a slot is noted once, whatever the clock does. Raises StoreError.
        """
        with self.store.read() as tx:
            schedules = self._list_schedules(tx)
            last = tx.digest_orders.find_last_slots()
        slots = due_slots(now, last, schedules)
        is_new = any(schedule.target.key not in last for schedule in schedules)
        if not (slots or is_new):
            return 0
        with self.store.write() as tx:
            tx.digest_orders.note_schedules(schedules, now)
            return sum(_add_slot(tx, slot, last, now) for slot in slots)

    def order_for_all(self, period: Period, actor: Actor, now: datetime) -> int:
        """Order the digest of a week or month for everybody who gets one; return for how many."""
        with self.store.write() as tx:
            schedules = self._list_schedules(tx)
            return sum(
                tx.digest_orders.add(_order_period(schedule, period, actor, now), now)
                for schedule in schedules
            )

    def has_due(self, now: datetime) -> bool:
        """Return whether a digest is to be made now."""
        with self.store.read() as tx:
            return tx.digest_orders.has_due(now)

    def carry_out_due(self, make: DigestMaker, now: datetime) -> int:
        """Make and queue all digests that are due; return how many were queued.

        One that fails is tried again later, and holds up no other. Raises StoreError.
        """
        queued = 0
        while True:
            with self.store.write() as tx:
                claimed = tx.digest_orders.claim_next(now)
            if claimed is None:
                return queued
            queued += self._carry_out(claimed[0], make, now)

    def _carry_out(self, order: DigestOrder, make: DigestMaker, now: datetime) -> bool:
        try:
            made = make(order, now)
        except RepwatchError as error:
            self._note_failure(order, str(error), now)
            return False
        except Exception as error:  # a bug of ours in one digest must not hold up the others
            log.exception("digest_broken", order=order.id)
            self._note_failure(order, f"a mistake of ours: {type(error).__name__}", now)
            return False
        with self.store.write() as tx:
            if made.snapshot is not None:
                tx.digests.add_snapshot(replace(made.snapshot, slot=order.id))
            elif order.snapshot_of:
                tx.digests.move_snapshot(order.snapshot_of, order.id)
            _queue(tx, order, made.post, now)
            tx.digest_orders.settle(order.id, DigestOrderState.QUEUED)
        return True

    def _note_failure(self, order: DigestOrder, reason: str, now: datetime) -> None:
        error = f"the digest of {order.period.name} for {_name_place(order)} failed: {reason}"
        log.warning("digest_failed", order=order.id, error=error)
        with self.store.write() as tx:
            if now + RETRY_AFTER - order.at > MADE_UP_WITHIN:
                tx.digest_orders.settle(order.id, DigestOrderState.FAILED, error)
            else:
                tx.digest_orders.retry_at(order.id, now + RETRY_AFTER, error)

    def find_problems(self, now: datetime) -> Iterable[tuple[str, str]]:
        """Yield (name, description) of what people must know of, for the watchdog."""
        with self.store.read() as tx:
            troubles = tx.digest_orders.find_troubles(now - _TOLD_FOR)
        if troubles:
            yield "digest", troubles[0]

    def clear_shown(self) -> None:
        """Delete what was queued of digests that are shown; their numbers stay."""
        with self.store.write() as tx:
            tx.digests.discard_settled_posts()

    def _list_schedules(self, tx: Transaction) -> list[DigestSchedule]:
        """Return the schedules of the configuration and of Slack, each target once."""
        subscribed = [one.schedule for one in tx.digest_orders.list_subscriptions()]
        by_key = {one.target.key: one for one in (*subscribed, *self.schedules)}
        return list(by_key.values())


def _order_period(
    schedule: DigestSchedule, period: Period, actor: Actor, now: datetime
) -> DigestOrder:
    span = DigestSpan.MONTH if period.kind is PeriodKind.MONTH else DigestSpan.WEEK
    target = replace(schedule.target, span=span)
    return DigestOrder(
        id=f"{now.isoformat()}@{target.key}",
        target=target,
        at=Period.from_name(period.name, target.zone).until,
        requested_by=str(actor),
    )


def _add_slot(tx: Transaction, slot: DueSlot, last: dict[str, datetime], now: datetime) -> bool:
    key = slot.schedule.target.key
    order = DigestOrder(id=slot.id, target=slot.schedule.target, at=slot.at, since=last.get(key))
    if not slot.is_missed:
        return tx.digest_orders.add(order, now, schedule=key)
    days = MADE_UP_WITHIN.days
    error = (
        f"the digest of {order.period.name} for {_name_place(order)} was missed: repwatch did not "
        f"run within {days} days of its time; `repwatch digest --period {order.period.name} "
        "--send` sends it"
    )
    return tx.digest_orders.add(order, now, DigestOrderState.MISSED, schedule=key, error=error)


def _queue(tx: Transaction, order: DigestOrder, post: DigestPost, now: datetime) -> None:
    """Queue a digest for everybody that an order names."""
    target = order.target
    if DigestFormat.HTML not in target.formats:
        post = replace(post, attachments=())
    post = replace(post, order_id=order.id if order.is_preview else "")
    channel = order.preview_for or target.channel
    if channel:
        tx.digests.queue_messages(post, channel, now, order.id)
    if target.email_to and not order.is_preview:
        tx.digests.queue_mail(post, target.email_to, now, order.id)


def _name_place(order: DigestOrder) -> str:
    return order.target.channel or ", ".join(order.target.email_to)
