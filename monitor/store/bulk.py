"""Many rows at once, past the layers that SQLAlchemy puts around every value: twice as fast for
wide tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table

from monitor.store.direct import raw


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, ignore: bool = False
) -> None:
    """Insert rows that each name every column but those the database fills in; `ignore` leaves out
    what is there.
    """
    if not rows:
        return
    statement, processors = _prepared(table, tuple(rows[0]), connection.dialect, ignore)
    columns = (
        [row[name] for row in rows] if processor is None else [processor(row[name]) for row in rows]
        for name, processor in processors
    )
    raw(connection, statement, list(zip(*columns, strict=True)))


@lru_cache(maxsize=32)
def _prepared(
    table: Table, names: tuple[str, ...], dialect: Dialect, ignore: bool
) -> tuple[str, list[tuple[str, Callable[[Any], Any] | None]]]:
    """The statement, and per column what makes its values fit for the driver."""
    quote = dialect.identifier_preparer.quote
    mark = "?" if dialect.name == "sqlite" else "%s"
    columns = ", ".join(quote(name) for name in names)
    marks = ", ".join(mark for _ in names)
    conflict = " ON CONFLICT DO NOTHING" if ignore else ""
    processors: list[tuple[str, Callable[[Any], Any] | None]] = [
        (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names
    ]
    # Names of our own tables and columns only.
    return f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({marks}){conflict}", processors  # noqa: S608
