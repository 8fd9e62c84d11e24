"""The tables of digests: snapshots, what is queued, what is due, and who wants it; private to the
store.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from monitor.store.table_row import (
    NEVER_AGAIN,
    TableRow,
    id_column,
    key_column,
    metadata,
    text_column,
)


class SnapshotRow(TableRow, table=True):
    """A DigestSnapshot."""

    __tablename__ = "digests"
    __table_args__ = (
        UniqueConstraint("period", "scope", "slot"),
        Index(None, "scope", "made_at"),
        NEVER_AGAIN,
    )

    id: int | None = id_column()
    period: str = key_column()
    scope: str = key_column()
    slot: str = key_column()
    made_at: datetime
    body: str = text_column()


class DigestPostRow(TableRow, table=True):
    """A DigestPost without its files: what the delivery with its id, and those below it, show."""

    __tablename__ = "digest_posts"

    id: str = key_column(foreign_key="deliveries.id", primary_key=True, ondelete="CASCADE")
    slot: str = key_column()  #: the order that it is made for
    body: str = text_column()  #: JSON object


class DigestFileRow(TableRow, table=True):
    """A picture or an attachment of a queued digest."""

    __tablename__ = "digest_files"
    __table_args__ = (Index(None, "delivery_id"),)

    post_id: str = key_column(foreign_key="digest_posts.id", primary_key=True, ondelete="CASCADE")
    number: int = Field(primary_key=True)
    delivery_id: str = key_column()  #: what brings it; empty where it goes within the message
    role: str = text_column()
    figure: int  #: of a picture: which figure it shows
    name: str = text_column()
    media_type: str = text_column()
    title: str = text_column()
    alt_text: str = text_column()
    content: bytes
    remote_id: str = text_column()


class DigestOrderRow(TableRow, table=True):
    """A DigestOrder and what became of it: one row for each slot of a schedule."""

    __tablename__ = "digest_orders"
    __table_args__ = (Index(None, "state", "not_before"), Index(None, "schedule", "at"))

    id: str = key_column(primary_key=True)
    schedule: str = key_column()
    at: datetime
    body: str = text_column()  #: JSON object
    state: str = key_column()
    attempts: int  #: tries since the last one that said what went wrong
    not_before: datetime
    noted_at: datetime
    error: str = text_column()


class DigestScheduleRow(TableRow, table=True):
    """Since when a schedule is known: nothing was due before."""

    __tablename__ = "digest_schedules"

    key: str = key_column(primary_key=True)
    since: datetime


class DigestSubscriptionRow(TableRow, table=True):
    """A DigestSubscription that somebody made in Slack."""

    __tablename__ = "digest_subscriptions"

    channel: str = key_column(primary_key=True)
    audience: str = key_column(primary_key=True)
    segment: str = key_column(primary_key=True)
    span: str = key_column(primary_key=True)
    body: str = text_column()  #: JSON object
    actor: str = text_column()
    at: datetime


digests = metadata.tables["digests"]
digest_posts = metadata.tables["digest_posts"]
digest_files = metadata.tables["digest_files"]
digest_orders = metadata.tables["digest_orders"]
digest_schedules = metadata.tables["digest_schedules"]
digest_subscriptions = metadata.tables["digest_subscriptions"]
