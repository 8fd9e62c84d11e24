"""Customers' words in digests that are on their way: they go with the feedback."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select, update

from monitor.domain.delivery import DeliveryState
from monitor.domain.digest_schedule import DigestOrderState
from monitor.store.column_types import from_json
from monitor.store.digest_tables import digest_orders, digest_posts
from monitor.store.mapping import to_utc
from monitor.store.schema import deliveries


def erase_from_digests(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    """Delete what is queued of digests that quote this feedback.

    Of what nobody can have seen the order is due again, and is worded without these words; the
    numbers stay in the snapshot. Of what is shown in part, or may be, the rest does not come.
    """
    erased = set(ids)
    posts = connection.execute(
        select(digest_posts, deliveries.c.state, deliveries.c.repeat).join_from(
            digest_posts, deliveries, deliveries.c.id == digest_posts.c.id
        )
    )
    for post in posts.all():
        if erased.isdisjoint(from_json(post.body)["quoted"]):
            continue
        connection.execute(delete(digest_posts).where(digest_posts.c.id == post.id))
        # Made anew it would not say that it may be a second one, and be shown twice.
        if post.state == str(DeliveryState.PENDING) and not post.repeat:
            _order_anew(connection, post.id, post.slot, at)
        else:
            _drop_rest(connection, post.id)


def _order_anew(connection: Connection, post_id: str, slot: str, at: datetime) -> None:
    theirs = or_(deliveries.c.id == post_id, deliveries.c.card_id == post_id)
    connection.execute(delete(deliveries).where(theirs))
    due = {"state": str(DigestOrderState.DUE), "attempts": 0, "not_before": to_utc(at)}
    is_queued = digest_orders.c.state == str(DigestOrderState.QUEUED)
    connection.execute(
        update(digest_orders).where(digest_orders.c.id == slot, is_queued).values(due)
    )


def _drop_rest(connection: Connection, post_id: str) -> None:
    is_pending = deliveries.c.state == str(DeliveryState.PENDING)
    connection.execute(delete(deliveries).where(deliveries.c.card_id == post_id, is_pending))
