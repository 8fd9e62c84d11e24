"""The tables of the counts that are kept ready; the others stand in `monitor.store.schema`."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from monitor.store.column_types import BigIdColumn
from monitor.store.table_row import TableRow, id_column, key_column, metadata, number_column


class RollupKeyRow(TableRow, table=True):
    """A RollupKey; rows are only ever added."""

    __tablename__ = "rollup_keys"
    __table_args__ = (
        UniqueConstraint(
            "source_id",
            "stage",
            "touchpoint",
            "label",
            "scale",
            "tenths",
            "problem",
            "asked",
            name="uq_rollup_keys_all",
        ),
    )

    id: int | None = id_column()
    source_id: str = key_column()
    stage: str = key_column()
    touchpoint: str = key_column()
    label: str = key_column()
    scale: str = key_column()
    tenths: int
    problem: bool
    asked: bool


class RollupRow(TableRow, table=True):
    """How many feedback of a key were written in an hour, day or month; `unit` is counted as
    `Grain.unit_of` says.
    """

    __tablename__ = "rollups"
    __table_args__ = ({"sqlite_with_rowid": False},)

    grain: int = number_column(primary_key=True)
    unit: int = number_column(primary_key=True)
    key_id: int = Field(
        primary_key=True, sa_type=BigIdColumn, sa_column_kwargs={"autoincrement": False}
    )
    count: int


rollup_keys = metadata.tables["rollup_keys"]
rollups = metadata.tables["rollups"]
