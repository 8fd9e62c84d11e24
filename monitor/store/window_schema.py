"""The tables of what the windows of rules count; the others stand in `monitor.store.schema`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index

from monitor.store.table_row import (
    TableRow,
    big_integer_column,
    key_column,
    metadata,
    reference_column,
)


class WindowRow(TableRow, table=True):
    """A WindowProgress: how far the feedback was looked through for a window's key."""

    __tablename__ = "windows"

    key: str = key_column(primary_key=True)
    since: datetime
    counted_to: int = big_integer_column()  #: the highest feedback id that was looked at
    used_at: datetime


class WindowFeedbackRow(TableRow, table=True):
    """A feedback that the windows with a key count; it goes with its feedback."""

    __tablename__ = "window_feedback"
    __table_args__ = (Index(None, "feedback_id"), {"sqlite_with_rowid": False})

    key: str = key_column(primary_key=True)
    feedback_id: int = reference_column("feedback.id", primary_key=True, ondelete="CASCADE")


windows = metadata.tables["windows"]
window_feedback = metadata.tables["window_feedback"]
