"""Arrivals: who has written before, and what arrived in a time, are found without a scan.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes; there is no way back."""
    op.create_index("ix_feedback_first_seen_at", "feedback", ["first_seen_at"])
    op.create_index("ix_feedback_source_id_author_id", "feedback", ["source_id", "author_id"])
    op.create_index("ix_feedback_source_id_author_name", "feedback", ["source_id", "author_name"])
