"""Run statements that were compiled once, past the layers of SQLAlchemy.

Every poll runs these; on SQLite the layers take ten times as long as the work. A statement is
written with SQLAlchemy like any other, and its own column types convert its values. PostgreSQL's go
through SQLAlchemy's connection, which notices when the server is lost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Select, Table
from sqlalchemy.sql.dml import UpdateBase

#: Converts a value for the driver, or a driver's value for us; None where it needs no conversion.
ValueConverter = Callable[[Any], Any] | None


def insert_rows(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    ignore_existing: bool = False,
) -> None:
    """Insert rows, each with the same columns; those that the database fills in are left out.

    With `ignore_existing`, a row that contradicts one already there is skipped.
    """
    if not rows:
        return
    names = tuple(rows[0])
    sql, converters = _prepare_insert(table, names, connection.dialect, ignore_existing)
    columns = [
        _convert_column([row[name] for row in rows], converter)
        for name, converter in zip(names, converters, strict=True)
    ]
    run_raw_sql(connection, sql, list(zip(*columns, strict=True)))


def run_compiled(
    connection: Connection, statement: Select[Any] | UpdateBase, values: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Run a statement that was built once, and return the rows of a SELECT; else none."""
    compiled = _compile_statement(statement, connection.dialect)
    cursor = run_raw_sql(connection, compiled.sql, compiled.bind_values(values))
    converters = compiled.results
    if converters is None:
        return []
    return [_convert_row(row, converters) for row in cursor.fetchall()]


def run_raw_sql(connection: Connection, sql: str, values: Any) -> Any:
    """Run SQL in the database's own dialect and return its cursor.

    A list of values runs it once for each of them.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        return connection.exec_driver_sql(sql, values)
    if isinstance(values, list):
        return driver.executemany(sql, values)
    return driver.execute(sql, values)


@dataclass(frozen=True, slots=True)
class _CompiledStatement:
    sql: str
    binds: tuple[tuple[str, ValueConverter], ...]  # name, and what converts its value
    fixed: Mapping[str, Any]  # values that stand in the statement itself; all others must be given
    positional: bool
    results: tuple[ValueConverter, ...] | None  # None where no rows come back

    def bind_values(self, values: Mapping[str, Any]) -> Any:
        merged = {**self.fixed, **values}
        bound = [(name, _convert(merged[name], converter)) for name, converter in self.binds]
        if self.positional:
            return tuple(value for _, value in bound)
        return dict(bound)


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
    positional = compiled.positiontup is not None
    return _CompiledStatement(str(compiled), binds, fixed, positional, results)


@lru_cache(maxsize=32)
def _prepare_insert(
    table: Table, names: tuple[str, ...], dialect: Dialect, ignore_existing: bool
) -> tuple[str, list[ValueConverter]]:
    """The statement, and for each column the converter of its values."""
    quote = dialect.identifier_preparer.quote
    mark = "?" if dialect.name == "sqlite" else "%s"
    columns = ", ".join(quote(name) for name in names)
    marks = ", ".join(mark for _ in names)
    conflict = " ON CONFLICT DO NOTHING" if ignore_existing else ""
    # Names of our own tables and columns only.
    sql = f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({marks}){conflict}"  # noqa: S608
    types = [table.c[name].type.dialect_impl(dialect) for name in names]
    return sql, [type_.bind_processor(dialect) for type_ in types]


def _convert_column(values: list[Any], converter: ValueConverter) -> list[Any]:
    return values if converter is None else [converter(value) for value in values]


def _convert_row(row: Sequence[Any], converters: Sequence[ValueConverter]) -> tuple[Any, ...]:
    pairs = zip(row, converters, strict=True)
    # A list first: it is faster than a generator, and this runs for every row of every poll.
    return tuple([converter(value) if converter else value for value, converter in pairs])


def _convert(value: Any, converter: ValueConverter) -> Any:
    return converter(value) if converter else value
