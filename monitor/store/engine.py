"""Engines for the two databases, set up so that no write is lost and no reader waits for a
writer.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import StaticPool

from monitor.errors import StoreError

#: How long a writer waits for another one before it gives up.
LOCK_SECONDS = 10
#: The execution option that makes a transaction one that writes.
WRITES_OPTION = "repwatch_writes"

_POSTGRES_OPTIONS = " ".join(
    (
        "-c timezone=UTC",
        f"-c lock_timeout={LOCK_SECONDS}s",
        "-c statement_timeout=60s",
        "-c idle_in_transaction_session_timeout=600s",
    )
)


def parse_url(url: str) -> URL:
    """The URL, with the driver that is installed; StoreError (without the URL, it may hold a
    password) for others.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError(_explain_bad_url("it cannot be read")) from None
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise StoreError(
            _explain_bad_url(f"{parsed.drivername!r} is not a database that repwatch knows")
        )
    if parsed.get_backend_name() == "sqlite" and (parsed.host or parsed.username):
        raise StoreError(
            _explain_bad_url(
                "an SQLite file has no host and no user; three slashes go before its path"
            )
        )
    return parsed


def _explain_bad_url(what: str) -> str:
    return f"{what}; write sqlite:///repwatch.db or postgresql+psycopg://user@host/database"


def make_engine(url: URL) -> Engine:
    """An engine for the database; connects to nothing yet."""
    return (
        _make_sqlite_engine(url)
        if url.get_backend_name() == "sqlite"
        else _make_postgres_engine(url)
    )


def is_in_memory(url: URL) -> bool:
    """Whether the database lives in this process only."""
    return url.get_backend_name() == "sqlite" and (url.database or ":memory:") == ":memory:"


#: Any number will do, if nothing else in the database locks it; held until the transaction ends.
_WRITE_LOCK = text("SELECT pg_advisory_xact_lock(8243113893085146996)")


def prepare_for_writing(connection: Connection) -> Connection:
    """The connection, set up so that its next transaction may write."""
    return connection.execution_options(**{WRITES_OPTION: True})


def acquire_write_lock(connection: Connection) -> None:
    """Wait until no other transaction writes; SQLite has one writer anyway, PostgreSQL is given
    one.

    Two that decide at the same time would each open an alert for one problem.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_WRITE_LOCK)


def prepare_for_reading(connection: Connection) -> Connection:
    """The connection, set up so that its next transaction sees one moment and cannot write."""
    if connection.dialect.name == "sqlite":
        return connection
    return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _make_sqlite_engine(url: URL) -> Engine:
    options: dict[str, Any] = {
        "connect_args": {"check_same_thread": False, "timeout": LOCK_SECONDS}
    }
    if is_in_memory(url):
        options["poolclass"] = StaticPool
    else:
        # Dozens of sources are polled side by side; opening a connection takes longer than a small
        # transaction.
        options |= {"pool_size": 20, "max_overflow": 20}
    engine = create_engine(url, hide_parameters=True, **options)
    event.listen(engine, "connect", _on_sqlite_connect)
    event.listen(engine, "begin", _on_sqlite_begin)
    return engine


def _on_sqlite_connect(connection: sqlite3.Connection, record: object) -> None:
    """The driver's own transactions start too late and lose updates: it is told to start none."""
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        # Another process is switching the same new file this very moment; the mode is kept in the
        # file.
        if not error.sqlite_errorname.startswith("SQLITE_BUSY"):
            raise


def _on_sqlite_begin(connection: Connection) -> None:
    """Straight to the driver: two statements through every layer take as long as a small
    transaction.
    """
    writes = connection.get_execution_options().get(WRITES_OPTION, False)
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)  # noqa: S101 - this listens to SQLite's engine only
    raw.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    raw.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make_postgres_engine(url: URL) -> Engine:
    own = url.query.get("options", "")
    arguments = {
        "options": f"{_POSTGRES_OPTIONS} {own if isinstance(own, str) else ' '.join(own)}".strip(),
        "application_name": "repwatch",
        "connect_timeout": LOCK_SECONDS,
        # A server that vanished is noticed in about ten seconds, not in two hours.
        "keepalives": 1,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
    }
    try:
        return create_engine(
            url.difference_update_query(["options"]),
            connect_args=arguments,
            hide_parameters=True,
            pool_size=5,
            max_overflow=10,
            pool_timeout=LOCK_SECONDS,
            pool_pre_ping=True,
        )
    except ModuleNotFoundError:
        raise StoreError(
            'PostgreSQL needs one more package: install "repwatch[postgres]"'
        ) from None
