"""A database for each test of the store: an SQLite file, and PostgreSQL where a server answers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, Engine, MetaData, create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from monitor.store import Store, open_store
from tests.world.mortal import provide_tables

_SERVERS = (
    "postgresql+psycopg://root@127.0.0.1:5432/test",
    "postgresql+psycopg://postgres@127.0.0.1:5432/postgres",
    "postgresql+psycopg:///postgres",
)
#: A test that failed may have left a transaction open; the next one waits for nobody.
_CUT_OFF = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND pid != pg_backend_pid()
"""
_COUNT_ANEW = "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"


@pytest.fixture(scope="session")
def postgres_server() -> URL:
    """A PostgreSQL server: DATABASE_URL, or one on this machine that lets us in; skips where there
    is none.

    With REPWATCH_REQUIRE_POSTGRES=1 it fails instead.
    """
    given = os.environ.get("DATABASE_URL", "")
    for address in [given] if given else _SERVERS:
        url = make_url(address).set(drivername="postgresql+psycopg")
        if _answers(url):
            return url
    message = (
        "no PostgreSQL server answers: its half of the store's tests did not run; set DATABASE_URL"
    )
    if os.environ.get("REPWATCH_REQUIRE_POSTGRES") == "1":
        pytest.fail(message)
    pytest.skip(message)


def _answers(url: URL) -> bool:
    engine = create_engine(url, connect_args={"connect_timeout": 30})
    try:
        with engine.connect():
            return True
    except OperationalError:
        return False
    finally:
        engine.dispose()


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """An empty PostgreSQL database, dropped afterwards."""
    yield from _database(postgres_server)


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: URL) -> Iterator[Engine]:
    """A PostgreSQL database with all tables, for one test after the other: to make and drop one
    takes a second.
    """
    for url in _database(postgres_server):
        open_store(url).close()
        engine = create_engine(url, poolclass=NullPool)
        yield engine
        engine.dispose()


@pytest.fixture
def ready_postgres_url(migrated_postgres: Engine) -> Iterator[str]:
    """A PostgreSQL database with all tables and nothing in them."""
    yield migrated_postgres.url.render_as_string(hide_password=False)
    with migrated_postgres.begin() as connection:
        connection.execute(text(_CUT_OFF))
        for table in reversed(_tables(migrated_postgres).sorted_tables):
            connection.execute(table.delete())
        connection.execute(text(_COUNT_ANEW))


@cache
def _tables(engine: Engine) -> MetaData:
    """What the migrations have made, but for the version."""
    found = MetaData()
    found.reflect(engine)
    found.remove(found.tables["alembic_version"])
    return found


@pytest.fixture(scope="module")
def shared_postgres_url(postgres_server: URL) -> Iterator[str]:
    """An empty PostgreSQL database for all examples of a property."""
    yield from _database(postgres_server)


def _database(postgres_server: URL) -> Iterator[str]:
    name = f"repwatch_test_{uuid4().hex[:12]}"
    _administer(postgres_server, f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield postgres_server.set(database=name).render_as_string(hide_password=False)
    _administer(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(server: URL, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A place for an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    url = request.getfixturevalue(f"{request.param}_url")
    assert isinstance(url, str)
    return url


@pytest.fixture
def ready_sqlite_url(sqlite_url: str) -> str:
    """An SQLite file with all tables and nothing in them."""
    provide_tables(Path(sqlite_url.removeprefix("sqlite:///")))
    return sqlite_url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ready_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind with all tables and nothing in them."""
    url = request.getfixturevalue(f"ready_{request.param}_url")
    assert isinstance(url, str)
    return url


@pytest.fixture
def store(ready_url: str) -> Iterator[Store]:
    """An open, empty store of each kind."""
    opened = open_store(ready_url, migrate=False)
    yield opened
    opened.close()
