"""What people write down: improvements, marked events, app versions seen, changes of goals.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; there is no way back."""
    _make_improvements()
    _make_marked_events()
    op.create_table(
        "goal_versions",
        _id_column(),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("goal", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_goal_versions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_goal_versions_key", "goal_versions", ["key"])


def _id_column() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def _make_improvements() -> None:
    op.create_table(
        "improvements",
        _id_column(),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("touchpoint", sa.Text(), nullable=True),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("next_action", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_improvements"),
        sa.UniqueConstraint("request", name="uq_improvements_request"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_improvements_state", "improvements", ["state"])
    op.create_table(
        "improvement_events",
        _id_column(),
        sa.Column(
            "improvement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["improvement_id"],
            ["improvements.id"],
            name="fk_improvement_events_improvement_id_improvements",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_improvement_events"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_improvement_events_improvement_id", "improvement_events", ["improvement_id"]
    )


def _make_marked_events() -> None:
    op.create_table(
        "marked_events",
        _id_column(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_marked_events"),
        sa.UniqueConstraint("key", name="uq_marked_events_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_marked_events_at", "marked_events", ["at"])
    op.create_table(
        "app_versions",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "version", name="pk_app_versions"),
    )
