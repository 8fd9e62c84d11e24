"""Responses: whose an alert is and until when it may wait, what an event has to say more, and lines
in threads.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns; there is no way back."""
    op.add_column(
        "alerts", sa.Column("turn", sa.Integer(), nullable=False, server_default=sa.text("1"))
    )
    op.add_column(
        "alerts", sa.Column("limits", sa.Text(), nullable=False, server_default=sa.text("'{}'"))
    )
    op.add_column("alerts", sa.Column("snooze", sa.Text(), nullable=True))
    op.add_column("alerts", sa.Column("next_at", _TIME, nullable=True))
    op.create_index("ix_alerts_next_at", "alerts", ["next_at"])
    op.create_index("ix_alerts_assignee", "alerts", ["assignee"])
    op.add_column(
        "alert_events", sa.Column("via", sa.Text(), nullable=False, server_default=sa.text("''"))
    )
    op.add_column(
        "alert_events",
        sa.Column("details", sa.Text(), nullable=False, server_default=sa.text("'{}'")),
    )
    op.add_column("deliveries", sa.Column("event_id", _ID, nullable=True))
