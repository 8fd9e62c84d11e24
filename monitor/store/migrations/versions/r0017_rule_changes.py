"""Changes of rules: who changed what when, the number in matches and alerts, why a rule is muted.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the columns; there is no way back."""
    op.create_table(
        "rule_changes",
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rule_id", "number", name="pk_rule_changes"),
    )
    for table in ("alerts", "matches"):
        number = sa.Column("rule_number", sa.Integer(), nullable=False, server_default=sa.text("0"))
        op.add_column(table, number)
    reason = sa.Column("reason", sa.Text(), nullable=False, server_default=sa.text("''"))
    op.add_column("mutes", reason)
