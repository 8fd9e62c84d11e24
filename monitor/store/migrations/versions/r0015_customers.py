"""Customers: what they are known by over channels, as digests, and the links that people made.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; there is no way back. `repwatch customers rebuild` reads what is stored."""
    op.create_table(
        "customer_keys",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_customer_keys"),
    )
    op.create_table(
        "identities",
        sa.Column("id", _ID, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_identities"),
        sa.UniqueConstraint("digest", name="uq_identities_digest"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "identity_uses",
        sa.Column("identity_id", _ID, nullable=False),
        sa.Column("feedback_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint("identity_id", "feedback_id", name="pk_identity_uses"),
        _cascade("identity_uses", "identity_id", "identities"),
        _cascade("identity_uses", "feedback_id", "feedback"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_identity_uses_feedback_id", "identity_uses", ["feedback_id"])
    op.create_table(
        "customer_links",
        sa.Column("id", _ID, nullable=False),
        sa.Column("first_id", _ID, nullable=False),
        sa.Column("second_id", _ID, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_customer_links"),
        _cascade("customer_links", "first_id", "identities"),
        _cascade("customer_links", "second_id", "identities"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_customer_links_first_id", "customer_links", ["first_id"])
    op.create_index("ix_customer_links_second_id", "customer_links", ["second_id"])


def _cascade(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE")
