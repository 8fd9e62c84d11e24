"""What all tables share: their metadata, the base of their rows, and the kinds of columns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, MetaData, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from monitor.store.column_types import BigIdColumn, KeyTextColumn, TextColumn

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
#: Ids are never given twice, also after a deletion: what is left of a purged feedback never points
#: to another one.
NEVER_AGAIN = {"sqlite_autoincrement": True}


class TableRow(SQLModel, registry=registry(metadata=metadata)):
    """A row of any table; it says what a table holds, and no row is ever made or checked by it."""

    # So nobody needs its validators, which take megabytes for all tables together.
    model_config = {"defer_build": True}


def text_column(**options: Any) -> Any:
    """Return a column of text."""
    return Field(sa_type=TextColumn, **options)


def key_column(**options: Any) -> Any:
    """Return a column of text that is part of an index."""
    return Field(sa_type=KeyTextColumn, **options)


def number_column(**options: Any) -> Any:
    """Return a column of the type that its field has."""
    return Field(**options)


def id_column() -> Any:
    """Return a column of ids that the database gives."""
    return Field(default=None, primary_key=True, sa_type=BigIdColumn)


def big_integer_column(**options: Any) -> Any:
    """Return a column of 64 bits."""
    return Field(sa_type=BigInteger, **options)


def server_default(sql: str) -> Any:
    """Return what a column holds, as SQL, in rows from before there was one."""
    return {"sa_column_kwargs": {"server_default": text(sql)}}


def reference_column(target: str, **options: Any) -> Any:
    """Return a column with the id of a row of another table."""
    return Field(sa_type=BigIdColumn, foreign_key=target, **options)
