"""The tables of what the team said and what is learned from it; the others stand in
`monitor.store.schema`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint

from monitor.store.table_row import (
    NEVER_AGAIN,
    TableRow,
    id_column,
    key_column,
    metadata,
    reference_column,
    server_default,
    text_column,
)


class VerdictRow(TableRow, table=True):
    """A Verdict: one of each kind for a feedback and a person."""

    __tablename__ = "verdicts"
    __table_args__ = (UniqueConstraint("feedback_id", "kind", "actor"), NEVER_AGAIN)

    id: int | None = id_column()
    feedback_id: int = reference_column("feedback.id", ondelete="CASCADE")
    kind: str = key_column()
    actor: str = key_column()
    value: str = text_column()
    at: datetime
    rule_id: str = key_column(**server_default("''"))


class TeamModelRow(TableRow, table=True):
    """A StoredModel."""

    __tablename__ = "team_models"
    __table_args__ = (NEVER_AGAIN,)

    id: int | None = id_column()
    at: datetime
    kind: str = key_column()
    state: str = text_column()
    model: str = text_column()  #: JSON object
    figures: str = text_column()  #: JSON object


verdicts = metadata.tables["verdicts"]
team_models = metadata.tables["team_models"]
