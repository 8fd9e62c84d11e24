"""The tables of what people write down: improvements, marked events, goals; private to the store.

As in `monitor.store.schema`, enums are plain strings and times are aware UTC.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint

from monitor.store.table_row import (
    NEVER_AGAIN,
    TableRow,
    id_column,
    key_column,
    metadata,
    number_column,
    reference_column,
    text_column,
)


class ImprovementRow(TableRow, table=True):
    """An Improvement."""

    __tablename__ = "improvements"
    __table_args__ = (Index(None, "state"), NEVER_AGAIN)

    id: int | None = id_column()
    turn: int = number_column()
    title: str = text_column()
    stage: str | None = text_column()
    touchpoint: str | None = text_column()
    query: str = text_column()
    owner: str = text_column()  #: empty for nobody
    next_action: str = text_column()
    due: str | None = text_column()  #: ISO 8601
    state: str = key_column()
    created_by: str = text_column()
    created_at: datetime
    changed_by: str = text_column()
    changed_at: datetime
    started_at: datetime | None
    done_at: datetime | None
    request: str = key_column(unique=True)  #: what it was written down by, so that it is so once


class ImprovementEventRow(TableRow, table=True):
    """An ImprovementEvent."""

    __tablename__ = "improvement_events"
    __table_args__ = (Index(None, "improvement_id"), NEVER_AGAIN)

    id: int | None = id_column()
    improvement_id: int = reference_column("improvements.id", ondelete="CASCADE")
    kind: str = text_column()
    at: datetime
    actor: str = text_column()
    via: str = text_column()
    note: str = text_column()
    changes: str = text_column()  #: JSON object: [before, after] by field


class MarkedEventRow(TableRow, table=True):
    """A MarkedEvent."""

    __tablename__ = "marked_events"
    __table_args__ = (UniqueConstraint("key"), Index(None, "at"), NEVER_AGAIN)

    id: int | None = id_column()
    name: str = text_column()
    kind: str = text_column()
    at: datetime
    until: datetime | None
    origin: str = text_column()
    actor: str = text_column()
    key: str = key_column()
    removed_at: datetime | None  #: taken back by a person: it is not marked again by itself


class AppVersionRow(TableRow, table=True):
    """An app version that was looked at once: it is never announced again."""

    __tablename__ = "app_versions"

    source_id: str = key_column(primary_key=True)
    version: str = key_column(primary_key=True)
    first_at: datetime


class GoalVersionRow(TableRow, table=True):
    """A GoalVersion."""

    __tablename__ = "goal_versions"
    __table_args__ = (Index(None, "key"), NEVER_AGAIN)

    id: int | None = id_column()
    key: str = key_column()
    at: datetime
    goal: str | None = text_column()  #: JSON object; NULL where it was taken out


improvements = metadata.tables["improvements"]
improvement_events = metadata.tables["improvement_events"]
marked_events = metadata.tables["marked_events"]
app_versions = metadata.tables["app_versions"]
goal_versions = metadata.tables["goal_versions"]
