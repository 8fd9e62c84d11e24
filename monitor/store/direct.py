"""Statements that every poll runs, past the layers of SQLAlchemy: on SQLite those take ten times as
long as the work.

A statement is written with SQLAlchemy like any other, compiled once, and its values are made fit by
its own column types. PostgreSQL's go through SQLAlchemy's connection, which notices when the server
is lost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Text,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.sql.dml import UpdateBase

from monitor.store.text import JsonText

DIALECTS = ("sqlite", "postgresql")

Process = Callable[[Any], Any] | None


def run(
    connection: Connection, statement: Select[Any] | UpdateBase, values: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Run a statement that was built once; the rows of a SELECT."""
    compiled = _compiled(statement, connection.dialect)
    found = raw(connection, compiled.sql, compiled.bound(values))
    return (
        []
        if compiled.results is None
        else [_processed(row, compiled.results) for row in found.fetchall()]
    )


def raw(connection: Connection, sql: str, values: Any) -> Any:
    """Run SQL in the database's own words; a list of values runs it for each. Returns a cursor."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        return connection.exec_driver_sql(sql, values)
    return (
        driver.executemany(sql, values) if isinstance(values, list) else driver.execute(sql, values)
    )


def among(dialect: str, column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Whether a column holds one of the texts of a value, however many they are."""
    if dialect == "sqlite":
        return column.in_(
            select(func.json_each(bindparam(name, type_=JsonText)).table_valued("value").c.value)
        )
    return column == any_(bindparam(name, type_=ARRAY(Text)))


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    binds: tuple[tuple[str, Process], ...]  # name, and what makes its value fit
    fixed: Mapping[str, Any]  # values that stand in the statement itself; all others must be given
    positional: bool
    results: tuple[Process, ...] | None  # None where no rows come back

    def bound(self, values: Mapping[str, Any]) -> Any:
        given = {**self.fixed, **values}
        fit = [
            (name, process(given[name]) if process else given[name]) for name, process in self.binds
        ]
        return tuple(value for _, value in fit) if self.positional else dict(fit)


@lru_cache(maxsize=64)
def _compiled(statement: Select[Any] | UpdateBase, dialect: Dialect) -> _Compiled:
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
    return _Compiled(str(compiled), binds, fixed, compiled.positiontup is not None, results)


def _processed(row: Sequence[Any], results: Sequence[Process]) -> tuple[Any, ...]:
    return tuple(
        [process(value) if process else value for value, process in zip(row, results, strict=True)]
    )
