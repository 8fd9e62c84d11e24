"""Windows: the feedback that the windows of rules count, and how far it was looked through.

Revision ID: 0018
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; there is no way back. They fill when a rule with a window is used."""
    op.create_table(
        "windows",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_to", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_windows"),
    )
    op.create_table(
        "window_feedback",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("feedback_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint("key", "feedback_id", name="pk_window_feedback"),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name="fk_window_feedback_feedback_id_feedback",
            ondelete="CASCADE",
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_window_feedback_feedback_id", "window_feedback", ["feedback_id"])
