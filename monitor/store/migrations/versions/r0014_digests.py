"""Digests: snapshots, what is queued with its files, what is due, and who wants it.

Revision ID: 0014
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; there is no way back."""
    _create_posts()
    _create_schedules()


def _create_posts() -> None:
    op.create_table(
        "digests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
        sa.UniqueConstraint("period", "scope", "slot", name="uq_digests_period_scope_slot"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_digests_scope_made_at", "digests", ["scope", "made_at"])
    op.create_table(
        "digest_posts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["deliveries.id"], name="fk_digest_posts_id_deliveries", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_digest_posts"),
    )
    op.create_table(
        "digest_files",
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("figure", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("alt_text", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["digest_posts.id"],
            name="fk_digest_files_post_id_digest_posts",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("post_id", "number", name="pk_digest_files"),
    )
    op.create_index("ix_digest_files_delivery_id", "digest_files", ["delivery_id"])


def _create_schedules() -> None:
    op.create_table(
        "digest_orders",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_digest_orders"),
    )
    op.create_index("ix_digest_orders_state_not_before", "digest_orders", ["state", "not_before"])
    op.create_index("ix_digest_orders_schedule_at", "digest_orders", ["schedule", "at"])
    op.create_table(
        "digest_schedules",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_digest_schedules"),
    )
    op.create_table(
        "digest_subscriptions",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("span", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "channel", "audience", "segment", "span", name="pk_digest_subscriptions"
        ),
    )
