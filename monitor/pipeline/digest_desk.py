"""From a slot that is due to a digest in the outbox: each slot once, late ones made up, failures
told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
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
from monitor.errors import ConfigError, DeliveryError, RepwatchError
from monitor.pipeline.digest_failures import explain_failure, name_place, tell_requester
from monitor.settings import Settings
from monitor.store import Store, Transaction

log = structlog.get_logger(__name__)

#: A digest that could not be made is tried again after so long.
RETRY_AFTER = timedelta(minutes=10)
#: How long people are told of a digest that failed.
_TOLD_FOR = timedelta(days=3)
#: How long a preview can be sent.
_PREVIEW_LASTS = timedelta(days=30)
#: A digest whose making has ended the process so often is not made.
_MOST_ENDED = 3
_SEE_LOG = "the log says why"
_NONE_KNOWN: Mapping[str, str] = MappingProxyType({})


class DigestMaker(Protocol):
    """Makes digests."""

    def __call__(self, order: DigestOrder, now: datetime) -> MadeDigest:
        """Return the digest of an order; raises RepwatchError where it cannot be made."""


@dataclass(frozen=True, slots=True)
class DigestDesk:
    """Takes orders for digests, and sees to it that each is carried out once."""

    store: Store
    schedules: Sequence[DigestSchedule] = ()  #: of the configuration
    #: asks the service for its id of a channel; empty where it knows none, DeliveryError where it
    #: does not answer
    find_channel_id: Callable[[str], str] = lambda _: ""

    @classmethod
    def from_settings(
        cls, settings: Settings, store: Store, find_channel_id: Callable[[str], str] | None = None
    ) -> Self:
        """Return the desk with the schedules of the configuration."""
        schedules = tuple(settings.digest.schedules(settings.hours.timezone))
        return cls(store, schedules, find_channel_id) if find_channel_id else cls(store, schedules)

    def find_channel_ids(self) -> dict[str, str]:
        """Return the service's ids of the channels that the configuration names.

        Asks the service, so call it outside of transactions. Raises DeliveryError.
        """
        names = {one.target.channel for one in self.schedules if one.target.channel}
        return {name: found for name in sorted(names) if (found := self.find_channel_id(name))}

    def queue_due_slots(self, now: datetime) -> int:
        """Note what is due by now, and what was missed; return how many slots there were.

        Called often: a slot is noted once, whatever the clock does. Raises StoreError.
        """
        with self.store.read() as tx:
            schedules: Sequence[DigestSchedule] = self._list_schedules(tx)
            last = tx.digest_orders.find_last_slots(now)
            sent = tx.digest_orders.find_last_sent()
        slots = due_slots(now, last, schedules)
        if slots and len(schedules) > len(self.schedules):
            schedules = self._list_distinct_schedules()
            slots = due_slots(now, last, schedules)
        is_new = any(schedule.target.key not in last for schedule in schedules)
        if not (slots or is_new):
            return 0
        with self.store.write() as tx:
            tx.digest_orders.note_schedules(schedules, now)
            return sum(_add_slot(tx, slot, {**last, **sent}, now) for slot in slots)

    def order_for_all(self, period: Period, actor: Actor, now: datetime) -> list[str]:
        """Order the digest of a week or month for everybody who gets one; return the ids."""
        schedules = self._list_distinct_schedules()
        with self.store.write() as tx:
            orders = [_order_period(schedule, period, actor, now) for schedule in schedules]
            return [order.id for order in orders if tx.digest_orders.add(order, now)]

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
            order, number = claimed
            state, error = _judge_order(order, number, now)
            if state is DigestOrderState.DUE:
                queued += self._carry_out(order, make, now)
            else:
                self._give_up(order, state, error, now)

    def note_broken_run(self, now: datetime) -> None:
        """Say of what is due that the process that makes it has ended without a word."""
        error = f"making the digest failed: {_SEE_LOG}"
        with self.store.write() as tx:
            for order in tx.digest_orders.note_broken_run(now, now + RETRY_AFTER, error):
                tell_requester(tx, order, error, now, is_final=False)

    def _give_up(
        self, order: DigestOrder, state: DigestOrderState, error: str, now: datetime
    ) -> None:
        log.warning("digest_given_up", order=order.id, error=error)
        with self.store.write() as tx:
            tx.digest_orders.settle(order.id, state, error)
            tell_requester(tx, order, error, now, is_final=True)

    def _carry_out(self, order: DigestOrder, make: DigestMaker, now: datetime) -> bool:
        try:
            made = make(order, now)
        except ConfigError as error:  # stays wrong until somebody changes it
            reason = explain_failure(order, str(error))
            self._give_up(order, DigestOrderState.FAILED, reason, now)
            return False
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
        error = explain_failure(order, reason)
        log.warning("digest_failed", order=order.id, error=error)
        is_final = now + RETRY_AFTER - order.at > MADE_UP_WITHIN
        with self.store.write() as tx:
            if is_final:
                tx.digest_orders.settle(order.id, DigestOrderState.FAILED, error)
            else:
                tx.digest_orders.retry_at(order.id, now + RETRY_AFTER, error)
            tell_requester(tx, order, error, now, is_final=is_final)

    def find_problems(self, now: datetime) -> Iterable[tuple[str, str]]:
        """Yield (name, description) of what people must know of, for the watchdog."""
        with self.store.read() as tx:
            troubles = tx.digest_orders.find_troubles(now - _TOLD_FOR)
        for order_id, error in troubles:
            yield f"digest {order_id}", error

    def clear_shown(self, now: datetime) -> None:
        """Delete what was queued of digests that are shown, whose numbers stay, and previews that
        nobody has sent for a month.
        """
        with self.store.write() as tx:
            tx.digests.discard_settled_posts()
            tx.digest_orders.discard_previews(now - _PREVIEW_LASTS)

    def find_failures(self, order_ids: Iterable[str]) -> list[str]:
        """Return why some orders are not carried out, those of them that failed."""
        wanted = set(order_ids)
        with self.store.read() as tx:
            return [error for one, error in tx.digest_orders.find_troubles() if one in wanted]

    def _list_distinct_schedules(self) -> Sequence[DigestSchedule]:
        """Return the schedules as `_list_schedules` does, in channels of which the service says
        which they are; those of the configuration alone where it does not answer now.
        """
        try:
            channel_ids = self.find_channel_ids()
        except DeliveryError as error:
            log.warning("digest_subscriptions_wait", error=str(error))
            return self.schedules
        with self.store.read() as tx:
            return self._list_schedules(tx, channel_ids)

    def _list_schedules(
        self, tx: Transaction, channel_ids: Mapping[str, str] = _NONE_KNOWN
    ) -> list[DigestSchedule]:
        """Return the schedules of the configuration and of Slack, each target once."""
        subscribed = (one.schedule for one in tx.digest_orders.list_subscriptions())
        added = [
            one
            for one in subscribed
            if find_same_schedule(tx, one, self.schedules, channel_ids) is None
        ]
        return [*added, *self.schedules]


def find_same_schedule(
    tx: Transaction,
    wanted: DigestSchedule,
    schedules: Iterable[DigestSchedule],
    channel_ids: Mapping[str, str] = _NONE_KNOWN,
) -> DigestSchedule | None:
    """Return the schedule that gives the same digest to the same channel; None where none does.

    A channel is the same by its name and by its id: the one under which something was shown in it,
    or that of `channel_ids`, by name.
    """
    keys = _list_keys(tx, wanted, channel_ids)
    found = (one for one in schedules if not keys.isdisjoint(_list_keys(tx, one, channel_ids)))
    return next(found, None)


def _list_keys(
    tx: Transaction, schedule: DigestSchedule, channel_ids: Mapping[str, str]
) -> set[str]:
    target = schedule.target
    shown_in = tx.deliveries.find_channel_id(target.channel) if target.channel else ""
    channels = (target.channel, shown_in, channel_ids.get(target.channel, ""))
    return {replace(target, channel=one).key for one in channels if one or not target.channel}


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


def _add_slot(tx: Transaction, slot: DueSlot, sent: Mapping[str, datetime], now: datetime) -> bool:
    """Note a slot; `sent` is up to when each schedule has told of everything."""
    key = slot.schedule.target.key
    order = DigestOrder(id=slot.id, target=slot.schedule.target, at=slot.at, since=sent.get(key))
    if not slot.is_missed:
        return tx.digest_orders.add(order, now, schedule=key)
    error = _explain_missed(order)
    return tx.digest_orders.add(order, now, DigestOrderState.MISSED, schedule=key, error=error)


def _explain_missed(order: DigestOrder) -> str:
    name = order.period.name
    told = f"the digest of {name} for {name_place(order)} was missed: repwatch did not make it "
    told += f"within {MADE_UP_WITHIN.days} days of its time"
    if order.period.kind is PeriodKind.SPAN:
        return f"{told}; the next one is about this time too"
    return f"{told}; `repwatch digest --period {name} --send` sends it"


def _queue(tx: Transaction, order: DigestOrder, post: DigestPost, now: datetime) -> None:
    """Queue a digest for everybody that an order names."""
    target = order.target
    if DigestFormat.HTML not in target.formats:
        post = replace(post, attachments=())
    post = replace(post, order_id=order.id if order.is_preview else "")
    channel = order.preview_for or target.channel
    if channel:
        tx.digests.queue_messages(post, channel, now, order.id, prompt=bool(order.requested_by))
    if target.email_to and not order.is_preview:
        tx.digests.queue_mail(post, target.email_to, now, order.id)


def _judge_order(order: DigestOrder, number: int, now: datetime) -> tuple[DigestOrderState, str]:
    """Return what becomes of an order at its `number`th try, and why; DUE where it is made."""
    if number > _MOST_ENDED:
        reason = f"the process that made it has ended {_MOST_ENDED} times; {_SEE_LOG}"
        return DigestOrderState.FAILED, explain_failure(order, reason)
    if now - order.at > MADE_UP_WITHIN and not order.requested_by:
        return DigestOrderState.MISSED, _explain_missed(order)
    return DigestOrderState.DUE, ""
