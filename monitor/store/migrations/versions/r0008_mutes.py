"""Mutes: rules that stay silent for a while; and finding a delivery by the message that shows it.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the index; there is no way back."""
    op.create_table(
        "mutes",
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("rule_id", name="pk_mutes"),
    )
    op.create_index("ix_deliveries_message_id", "deliveries", ["message_id"])
