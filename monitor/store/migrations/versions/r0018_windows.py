"""Windows: what the windows of rules count, how far was looked, and how long a rule has held.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
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
    empty = sa.Column("group_digest", sa.Text(), nullable=False, server_default=sa.text("''"))
    op.add_column("matches", empty)
    op.create_index("ix_matches_group_digest_at", "matches", ["group_digest", "at"])
