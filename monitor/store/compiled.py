"""Statements that every poll runs, past the layers of SQLAlchemy: on SQLite those take ten times as
long as the work.

A statement is written with SQLAlchemy like any other, compiled once, and its values are made fit by
its own column types. PostgreSQL's go through SQLAlchemy's connection, which notices when the server
is lost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Table,
    Text,
    and_,
    any_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import UpdateBase

from monitor.store.column_types import JsonColumn


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, ignore: bool = False
) -> None:
    """Insert rows that each name every column but those the database fills in; `ignore` leaves out
    what is there.
    """
    if not rows:
        return
    statement, processors = _prepare_insert(table, tuple(rows[0]), connection.dialect, ignore)
    columns = (
        [row[name] for row in rows] if processor is None else [processor(row[name]) for row in rows]
        for name, processor in processors
    )
    run_raw_sql(connection, statement, list(zip(*columns, strict=True)))


@lru_cache(maxsize=32)
def _prepare_insert(
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


T = TypeVar("T")


#: Keys, ids or rows in one statement.
BATCH_SIZE = 200


def split_batches(items: Sequence[T], size: int = BATCH_SIZE) -> Iterator[Sequence[T]]:
    """The items, at most `size` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def columns_among_pairs(
    first: Column[Any], second: Column[Any], pairs: Sequence[tuple[Any, Any]]
) -> ColumnElement[bool]:
    """Whether two columns hold one of these pairs, of which there is at least one.

    Written so that SQLite uses an index on both: it scans the whole table for `(a, b) IN (VALUES
    …)`.
    """
    seconds: dict[Any, list[Any]] = {}
    for one, other in pairs:
        seconds.setdefault(one, []).append(other)
    return or_(*(and_(first == one, second.in_(others)) for one, others in seconds.items()))


def insert_for(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, for the database of the connection."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


DIALECTS = ("sqlite", "postgresql")

ValueConverter = Callable[[Any], Any] | None


def run_compiled(
    connection: Connection, statement: Select[Any] | UpdateBase, values: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Run a statement that was built once; the rows of a SELECT."""
    compiled = _compile_statement(statement, connection.dialect)
    found = run_raw_sql(connection, compiled.sql, compiled.bind_values(values))
    return (
        []
        if compiled.results is None
        else [_convert_row(row, compiled.results) for row in found.fetchall()]
    )


def run_raw_sql(connection: Connection, sql: str, values: Any) -> Any:
    """Run SQL in the database's own words; a list of values runs it for each. Returns a cursor."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        return connection.exec_driver_sql(sql, values)
    return (
        driver.executemany(sql, values) if isinstance(values, list) else driver.execute(sql, values)
    )


def column_among(dialect: str, column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Whether a column holds one of the texts of a value, however many they are."""
    if dialect == "sqlite":
        return column.in_(
            select(func.json_each(bindparam(name, type_=JsonColumn)).table_valued("value").c.value)
        )
    return column == any_(bindparam(name, type_=ARRAY(Text)))


@dataclass(frozen=True, slots=True)
class _CompiledStatement:
    sql: str
    binds: tuple[tuple[str, ValueConverter], ...]  # name, and what makes its value fit
    fixed: Mapping[str, Any]  # values that stand in the statement itself; all others must be given
    positional: bool
    results: tuple[ValueConverter, ...] | None  # None where no rows come back

    def bind_values(self, values: Mapping[str, Any]) -> Any:
        given = {**self.fixed, **values}
        fit = [
            (name, process(given[name]) if process else given[name]) for name, process in self.binds
        ]
        return tuple(value for _, value in fit) if self.positional else dict(fit)


@lru_cache(maxsize=64)
def _compile_statement(statement: Select[Any] | UpdateBase, dialect: Dialect) -> _CompiledStatement:
    compiled = statement.compile(dialect=dialect)
    names: Sequence[str] = compiled.positiontup or tuple(compiled.binds)
    binds = tuple(
        (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
        for name in names
    )
    fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    results = None
    if isinstance(statement, Select):
        types = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
        results = tuple(type_.result_processor(dialect, None) for type_ in types)
    return _CompiledStatement(
        str(compiled), binds, fixed, compiled.positiontup is not None, results
    )


def _convert_row(row: Sequence[Any], results: Sequence[ValueConverter]) -> tuple[Any, ...]:
    return tuple(
        [process(value) if process else value for value, process in zip(row, results, strict=True)]
    )
