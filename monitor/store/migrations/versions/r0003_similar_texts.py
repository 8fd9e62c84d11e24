"""Similar texts: what later feedback is compared with, so that one incident from many mouths is one
alert.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; there is no way back."""
    op.create_table(
        "similar_texts",
        sa.Column("feedback_id", _ID, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name="fk_similar_texts_feedback_id_feedback",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("feedback_id", name="pk_similar_texts"),
    )
    op.create_index("ix_similar_texts_seen_at", "similar_texts", ["seen_at"], unique=False)
    op.create_table(
        "similar_bands",
        sa.Column("band", sa.BigInteger(), nullable=False),
        sa.Column("feedback_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint("band", "feedback_id", name="pk_similar_bands"),
        sqlite_with_rowid=False,
    )
