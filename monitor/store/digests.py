"""Queries about digests: their snapshots, and what is queued of them with its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, exists, insert, not_, or_, select, update

from monitor.domain.alert import Severity
from monitor.domain.delivery import Delivery, DeliveryKind, DeliveryState
from monitor.domain.digest_post import (
    Attachment,
    DigestFile,
    DigestFileRole,
    DigestPost,
    DigestSnapshot,
    Picture,
)
from monitor.domain.digest_schedule import DigestOrderState
from monitor.store.column_types import from_json
from monitor.store.delivery_conditions import BELOW_CARD, IN_FLIGHT
from monitor.store.digest_tables import digest_files, digest_orders, digest_posts, digests
from monitor.store.document_json import post_from_json, post_to_json
from monitor.store.mapping import to_utc
from monitor.store.outbox import delivery_row
from monitor.store.schema import deliveries
from monitor.store.statements import insert_for

_PNG = "image/png"
_UNSETTLED = [str(state) for state in (DeliveryState.PENDING, *IN_FLIGHT)]


@dataclass(frozen=True, slots=True)
class DigestKey:
    """What is queued once."""

    slot: str
    place: str  #: a channel, or the addresses of a mail
    audience: str


class DigestRepository:
    """Snapshots of digests, and the digests that are on their way."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_snapshot(self, snapshot: DigestSnapshot) -> bool:
        """Freeze the numbers of a digest; False, and nothing changed, where its slot has some."""
        row = {
            "period": snapshot.period,
            "scope": snapshot.scope,
            "slot": snapshot.slot,
            "made_at": to_utc(snapshot.made_at),
            "body": snapshot.body,
        }
        once = insert_for(self._connection, digests).on_conflict_do_nothing()
        added = self._connection.execute(once.values(row).returning(digests.c.id)).scalar()
        return added is not None

    def find_snapshot(
        self, period: str, scope: str = "", slot: str | None = None
    ) -> DigestSnapshot | None:
        """Return the newest snapshot of a period, or that of a slot; None where there is none."""
        wanted = [digests.c.period == period, digests.c.scope == scope]
        if slot is not None:
            wanted.append(digests.c.slot == slot)
        return next(iter(self._select_snapshots(wanted, 1)), None)

    def list_sent(self, period: str, scope: str = "") -> list[DigestSnapshot]:
        """Return the snapshots of a period that were sent, the newest first; previews were not."""
        statement = (
            select(digests, digest_orders.c.body.label("order"))
            .join_from(digests, digest_orders, digest_orders.c.id == digests.c.slot)
            .where(
                digests.c.period == period,
                digests.c.scope == scope,
                digest_orders.c.state == str(DigestOrderState.QUEUED),
            )
            .order_by(digests.c.made_at.desc(), digests.c.id.desc())
        )
        rows = self._connection.execute(statement)
        return [_to_snapshot(row) for row in rows if not from_json(row.order)["preview_for"]]

    def move_snapshot(self, slot: str, to_slot: str) -> None:
        """Make the numbers of a slot, such as a preview that is sent, those of another."""
        moved = update(digests).where(digests.c.slot == slot).values(slot=to_slot)
        self._connection.execute(moved)

    def list_snapshots(self, limit: int = 20) -> list[DigestSnapshot]:
        """Return the snapshots, the newest first."""
        return self._select_snapshots([], limit)

    def _select_snapshots(self, wanted: Sequence[Any], limit: int) -> list[DigestSnapshot]:
        statement = select(digests).where(*wanted)
        newest_first = statement.order_by(digests.c.made_at.desc(), digests.c.id.desc())
        return [_to_snapshot(row) for row in self._connection.execute(newest_first.limit(limit))]

    def queue_messages(
        self, post: DigestPost, channel: str, at: datetime, slot: str, *, prompt: bool = False
    ) -> bool:
        """Queue a digest for a channel: its pictures, its message, then the thread below it.

        `prompt`: a person has asked for it, and asks again rather than to wait for days. Returns
        False, and queues nothing, where this slot, channel and audience had one before.
        """
        key = DigestKey(slot, channel, post.audience)
        root_id = self._queue_root(key, post, at, prompt=prompt)
        if root_id is None:
            return False
        rows, files = [], []
        for number, picture in enumerate(post.pictures):
            row = _row_below(DeliveryKind.DIGEST_PICTURE, root_id, channel, at, number)
            rows.append(row)
            files.append(_picture_row(root_id, number, row["id"], picture))
        for number, _ in enumerate(post.document.sections, 1):
            rows.append(_row_below(DeliveryKind.DIGEST_PART, root_id, channel, at, number))
        after = len(post.document.sections) + 1
        for number, attachment in enumerate(post.attachments):
            row = _row_below(DeliveryKind.DIGEST_FILE, root_id, channel, at, after + number)
            rows.append(row)
            place = len(post.pictures) + number
            files.append(_attachment_row(root_id, place, row["id"], attachment))
        for table, values in ((deliveries, rows), (digest_files, files)):
            if values:
                self._connection.execute(insert(table), values)
        return True

    def queue_mail(
        self, post: DigestPost, addresses: Sequence[str], at: datetime, slot: str
    ) -> bool:
        """Queue a digest as one mail to these addresses.

        Its page holds its pictures, so that no file goes with it. Returns False, and queues
        nothing, where they had this slot and audience before.
        """
        key = DigestKey(slot, ", ".join(addresses), post.audience)
        return self._queue_root(key, post, at, DeliveryKind.DIGEST_MAIL) is not None

    def _queue_root(
        self,
        key: DigestKey,
        post: DigestPost,
        at: datetime,
        kind: DeliveryKind = DeliveryKind.DIGEST,
        *,
        prompt: bool = False,
    ) -> str | None:
        """Queue what the others hang on; None where it was queued before."""
        row = delivery_row(
            kind,
            f"{kind}:{key.slot}:{key.place}:{key.audience}",
            channel=key.place,
            severity=Severity.NORMAL,
            at=at,
            budgeted=False,
            fallback=False,  # what leadership reads is not for everybody
            prompt=prompt,
        )
        once = insert_for(self._connection, deliveries).on_conflict_do_nothing(
            index_elements=["dedupe_key"]
        )
        added = self._connection.execute(once.values(row).returning(deliveries.c.id)).scalar()
        if added is None:
            return None
        body = {"id": added, "slot": key.slot, "body": post_to_json(post)}
        self._connection.execute(insert(digest_posts).values(body))
        return str(added)

    def get_post(self, delivery: Delivery) -> DigestPost | None:
        """Return the digest that a delivery belongs to; None where it is gone."""
        post_id = delivery.card_id or delivery.id
        statement = select(digest_posts).where(digest_posts.c.id == post_id)
        row = self._connection.execute(statement).one_or_none()
        if row is None:
            return None
        files = self._select_files(post_id)
        return replace(
            post_from_json(row.body),
            pictures=tuple(_to_picture(file) for file in files if _is_picture(file)),
            attachments=tuple(_to_attachment(file) for file in files if not _is_picture(file)),
        )

    def find_order_id(self, delivery: Delivery) -> str:
        """Return the id of the order that a delivery belongs to; empty where it is gone."""
        wanted = digest_posts.c.id == (delivery.card_id or delivery.id)
        return self._connection.execute(select(digest_posts.c.slot).where(wanted)).scalar() or ""

    def get_file(self, delivery: Delivery) -> DigestFile | None:
        """Return the file that a delivery brings; None where it is gone."""
        wanted = digest_files.c.delivery_id == delivery.id
        row = self._connection.execute(select(digest_files).where(wanted)).one_or_none()
        return _to_file(row) if row else None

    def set_remote_id(self, delivery: Delivery, remote_id: str) -> bool:
        """Note what the service calls the file of a delivery, which was just claimed.

        False, and nothing changed, where another process has taken over meanwhile.
        """
        is_ours = exists().where(
            deliveries.c.id == delivery.id,
            deliveries.c.state == str(DeliveryState.ATTEMPTING),
            deliveries.c.attempts == delivery.attempts + 1,
        )
        wanted = (digest_files.c.delivery_id == delivery.id, is_ours)
        noted = update(digest_files).where(*wanted).values(remote_id=remote_id)
        return self._connection.execute(noted).rowcount == 1

    def find_shown_pictures(self, delivery: Delivery) -> dict[int, str]:
        """Return the service's names of the pictures that it has, by the figures they show."""
        statement = (
            select(digest_files.c.figure, digest_files.c.remote_id)
            .join_from(digest_files, deliveries, deliveries.c.id == digest_files.c.delivery_id)
            .where(
                digest_files.c.post_id == (delivery.card_id or delivery.id),
                digest_files.c.role == str(DigestFileRole.PICTURE),
                deliveries.c.state == str(DeliveryState.SENT),
            )
        )
        return {row.figure: row.remote_id for row in self._connection.execute(statement)}

    def give_up_thread(self, root_id: str, error: str) -> int:
        """Give up what waits to be shown below the message of a digest; return how much it was."""
        waiting = (
            deliveries.c.card_id == root_id,
            deliveries.c.kind.in_(BELOW_CARD),
            deliveries.c.state == str(DeliveryState.PENDING),
        )
        values = {"state": str(DeliveryState.DEAD), "error": error}
        return self._connection.execute(update(deliveries).where(*waiting).values(values)).rowcount

    def discard_settled_posts(self) -> int:
        """Delete what was queued of digests of which nothing is on its way any more.

        The snapshots stay. Returns how many there were.
        """
        waits = deliveries.c.state.in_(_UNSETTLED)
        of_post = or_(
            deliveries.c.id == digest_posts.c.id, deliveries.c.card_id == digest_posts.c.id
        )
        settled = not_(exists().where(and_(of_post, waits)))
        return self._connection.execute(delete(digest_posts).where(settled)).rowcount

    def _select_files(self, post_id: str) -> list[Row[Any]]:
        wanted = select(digest_files).where(digest_files.c.post_id == post_id)
        return list(self._connection.execute(wanted.order_by(digest_files.c.number)))


def _to_snapshot(row: Row[Any]) -> DigestSnapshot:
    return DigestSnapshot(
        period=row.period, scope=row.scope, slot=row.slot, made_at=row.made_at, body=row.body
    )


def _row_below(
    kind: DeliveryKind, root_id: str, channel: str, at: datetime, number: int
) -> dict[str, Any]:
    return delivery_row(
        kind,
        f"{root_id}:{kind}:{number}",
        channel=channel,
        severity=Severity.NORMAL,
        at=at,
        event_id=number,
        card_id=root_id,
        budgeted=False,
        fallback=False,
    )


def _picture_row(post_id: str, number: int, delivery_id: str, picture: Picture) -> dict[str, Any]:
    return {
        "post_id": post_id,
        "number": number,
        "delivery_id": delivery_id,
        "role": str(DigestFileRole.PICTURE),
        "figure": picture.figure,
        "name": picture.name,
        "media_type": _PNG,
        "title": picture.alt_text,
        "alt_text": picture.alt_text,
        "content": picture.content,
        "remote_id": "",
    }


def _attachment_row(
    post_id: str, number: int, delivery_id: str, attachment: Attachment
) -> dict[str, Any]:
    return {
        "post_id": post_id,
        "number": number,
        "delivery_id": delivery_id,
        "role": str(DigestFileRole.ATTACHMENT),
        "figure": 0,
        "name": attachment.name,
        "media_type": attachment.media_type,
        "title": attachment.title,
        "alt_text": "",
        "content": attachment.content,
        "remote_id": "",
    }


def _is_picture(row: Row[Any]) -> bool:
    return bool(row.role == str(DigestFileRole.PICTURE))


def _to_picture(row: Row[Any]) -> Picture:
    return Picture(
        figure=row.figure, name=row.name, alt_text=row.alt_text, content=bytes(row.content)
    )


def _to_attachment(row: Row[Any]) -> Attachment:
    return Attachment(
        name=row.name, media_type=row.media_type, title=row.title, content=bytes(row.content)
    )


def _to_file(row: Row[Any]) -> DigestFile:
    return DigestFile(
        role=DigestFileRole(row.role),
        name=row.name,
        media_type=row.media_type,
        title=row.title,
        alt_text=row.alt_text,
        content=bytes(row.content),
        remote_id=row.remote_id,
    )
