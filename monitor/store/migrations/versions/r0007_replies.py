"""Replies: answers to customers and their fate; and which feedback was answered, so that its
outcome is noticed.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; there is no way back."""
    op.create_table(
        "replies",
        sa.Column("id", _ID, nullable=False),
        sa.Column("alert_id", _ID, nullable=False),
        sa.Column("feedback_id", sa.BigInteger(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("probes", sa.Integer(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_replies_alert_id_alerts"),
        sa.PrimaryKeyConstraint("id", name="pk_replies"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_replies_state_not_before", "replies", ["state", "not_before"])
    op.create_index("ix_replies_alert_id", "replies", ["alert_id"])
    op.create_index("ix_replies_feedback_id", "replies", ["feedback_id"])
    op.create_table(
        "answered",
        sa.Column("feedback_id", _ID, nullable=False),
        sa.Column("alert_id", _ID, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("came_back", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_answered_alert_id_alerts"),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name="fk_answered_feedback_id_feedback",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("feedback_id", "alert_id", name="pk_answered"),
    )
    op.create_index("ix_answered_source_id_author", "answered", ["source_id", "author"])
    op.create_index("ix_answered_alert_id", "answered", ["alert_id"])
