"""The table of the changes of rules; the others stand in `monitor.store.schema`."""

from __future__ import annotations

from datetime import datetime

from monitor.store.table_row import TableRow, key_column, metadata, number_column, text_column


class RuleChangeRow(TableRow, table=True):
    """A RuleChange; that two cannot have one number is what refuses the second of two savings."""

    __tablename__ = "rule_changes"

    rule_id: str = key_column(primary_key=True)
    number: int = number_column(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = text_column()
    standing: str = text_column()
    owner: str = text_column()
    version: str = text_column()
    definition: str = text_column()  #: JSON object
    author: str = text_column()
    at: datetime
    reason: str = text_column()
    based_on: int


rule_changes = metadata.tables["rule_changes"]
