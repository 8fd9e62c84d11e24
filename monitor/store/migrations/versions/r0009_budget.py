"""Budget: which cards a channel's budget may hold back.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and lift the budget from what waits and is severe; there is no way back."""
    column: sa.Column[bool] = sa.Column(
        "budgeted", sa.Boolean(), nullable=False, server_default=sa.text("true")
    )
    op.add_column("deliveries", column)
    op.execute(
        """
        UPDATE deliveries SET budgeted = false
        WHERE kind = 'card' AND state = 'pending' AND (
            severity = 'urgent'
            OR alert_id IN (SELECT id FROM alerts WHERE limits LIKE '%"after":%')
        )
        """
    )
