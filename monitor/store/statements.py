"""Parts of SQL statements that the two databases write differently, and batches of values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Table,
    Text,
    and_,
    any_,
    bindparam,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from monitor.store.column_types import JsonColumn

T = TypeVar("T")

#: The names of both databases in SQLAlchemy, for statements that are built once for each.
DIALECTS = ("sqlite", "postgresql")
#: Keys, ids or rows in one statement.
BATCH_SIZE = 200


def split_batches(items: Sequence[T], size: int = BATCH_SIZE) -> Iterator[Sequence[T]]:
    """Yield the items in batches of at most `size`, in order."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def columns_among_pairs(
    first: Column[Any], second: Column[Any], pairs: Sequence[tuple[Any, Any]]
) -> ColumnElement[bool]:
    """Whether two columns hold one of these pairs, of which there is at least one.

    Written so that SQLite uses an index on both: it scans the whole table for `(a, b) IN (VALUES
    …)`.
    """
    seconds_by_first: dict[Any, list[Any]] = {}
    for first_value, second_value in pairs:
        seconds_by_first.setdefault(first_value, []).append(second_value)
    return or_(
        *(and_(first == value, second.in_(seconds)) for value, seconds in seconds_by_first.items())
    )


def insert_for(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Build an INSERT that knows ON CONFLICT, for the database of the connection."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def column_among(dialect: str, column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Whether a column holds one of the texts in the list that is bound to `name`.

    One statement serves a list of any length, so that it is compiled once.
    """
    if dialect == "sqlite":
        texts = func.json_each(bindparam(name, type_=JsonColumn)).table_valued("value")
        return column.in_(select(texts.c.value))
    return column == any_(bindparam(name, type_=ARRAY(Text)))


def id_among(dialect: str, column: ColumnElement[int], ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether a column holds one of these ids, however many there are."""
    if dialect == "sqlite":
        listed = func.json_each(literal(list(ids), JsonColumn)).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == any_(literal(list(ids), ARRAY(BigInteger)))
