"""Telling whoever asked for a digest in Slack that it failed: once when it is tried again, once
when it is given up.
"""

from __future__ import annotations

from datetime import datetime

from monitor.domain.actor import Actor, ActorKind
from monitor.domain.delivery import Delivery, DeliveryKind
from monitor.domain.digest_schedule import DigestOrder
from monitor.domain.notice import Notice, NoticeKind
from monitor.store import Transaction


def explain_failure(order: DigestOrder, reason: str) -> str:
    """Return in one sentence which digest failed, and why."""
    return f"the digest of {order.period.name} for {name_place(order)} failed: {reason}"


def name_place(order: DigestOrder) -> str:
    """Return where a digest goes, without anybody's address."""
    count = len(order.target.email_to)
    return order.target.channel or f"{count} mail address{'' if count == 1 else 'es'}"


def tell_requester(
    tx: Transaction, order: DigestOrder, error: str, now: datetime, *, is_final: bool
) -> None:
    """Queue a private notice for the person in Slack who asked for a digest, if anybody did.

    Each order brings at most one of what is tried again, and one of what is given up.
    """
    person = Actor.parse_optional(order.requested_by)
    if person is None or person.kind is not ActorKind.SLACK:
        return
    text = error if is_final else f"{error}; it is tried again every few minutes"
    notice = Notice(kind=NoticeKind.DIGEST_FAILED, person=person, text=text)
    stage = "last" if is_final else "first"
    key = f"digest-failed:{stage}:{order.id}"
    tx.notices.queue(notice, person.id, now, key, is_private=True)


def tell_of_given_up(tx: Transaction, delivery: Delivery, error: str, now: datetime) -> None:
    """Tell whoever asked for a digest whose message is given up; nothing for other deliveries."""
    if delivery.kind is not DeliveryKind.DIGEST:
        return
    order = tx.digest_orders.get(tx.digests.find_order_id(delivery))
    if order is not None:
        tell_requester(tx, order, explain_failure(order, error), now, is_final=True)
