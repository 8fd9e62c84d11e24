"""The tables of customers over channels; the others stand in `monitor.store.schema`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint

from monitor.store.table_row import (
    NEVER_AGAIN,
    TableRow,
    id_column,
    key_column,
    metadata,
    number_column,
    reference_column,
    text_column,
)


class CustomerKeyRow(TableRow, table=True):
    """The key of all digests of identities: one row, made when the first identity is."""

    __tablename__ = "customer_keys"

    name: str = key_column(primary_key=True)
    key: str = text_column()


class IdentityRow(TableRow, table=True):
    """An Identity, known again by a keyed digest; it goes with the last feedback it stands in."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("digest"), NEVER_AGAIN)

    id: int | None = id_column()
    digest: str = key_column()
    kind: str = key_column()
    source_id: str = key_column()
    shared: bool = number_column()  #: somebody said that several people have it: it links nobody


class IdentityUseRow(TableRow, table=True):
    """An identity in a feedback; those in the same feedback are one customer's."""

    __tablename__ = "identity_uses"
    __table_args__ = (Index(None, "feedback_id"), {"sqlite_with_rowid": False})

    identity_id: int = reference_column("identities.id", primary_key=True, ondelete="CASCADE")
    feedback_id: int = reference_column("feedback.id", primary_key=True, ondelete="CASCADE")


class CustomerLinkRow(TableRow, table=True):
    """A CustomerLink; one that was taken back stays, with who did it and when."""

    __tablename__ = "customer_links"
    __table_args__ = (Index(None, "first_id"), Index(None, "second_id"), NEVER_AGAIN)

    id: int | None = id_column()
    first_id: int = reference_column("identities.id", ondelete="CASCADE")
    second_id: int = reference_column("identities.id", ondelete="CASCADE")
    actor: str = text_column()
    at: datetime
    undone_by: str = text_column()
    undone_at: datetime | None


customer_keys = metadata.tables["customer_keys"]
identities = metadata.tables["identities"]
identity_uses = metadata.tables["identity_uses"]
customer_links = metadata.tables["customer_links"]
