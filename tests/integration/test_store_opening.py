"""A database is opened, brought up to date, or refused in one clear line."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, create_engine, event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from monitor.domain.alert import MatchOutcome
from monitor.errors import StoreError, StoreTooNew, StoreUnavailable
from monitor.store import Store, open_store, schema_version, upgrade_schema
from monitor.store.engine import make_engine, parse_url
from monitor.store.error_messages import translate_errors
from monitor.store.migrate import is_own_table, newest_revision, upgrade_engine
from monitor.store.schema import alerts, feedback, matches, metadata
from monitor.store.statements import columns_among_pairs
from tests.integration.store_values import decision, item, recorded, stored


def test_migrations_and_tables_agree(store_url: str) -> None:
    """What the migrations make is what the rows say, on both databases: nothing is left to
    generate.
    """
    upgrade_schema(store_url)
    engine = make_engine(parse_url(store_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": is_own_table,
                "compare_type": True,
                "compare_server_default": True,
            },
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


def test_upgrading_is_idempotent_and_told(store_url: str) -> None:
    """A new database has no version, an upgraded one the newest, and a second upgrade changes
    nothing.
    """
    assert schema_version(store_url) is None
    assert upgrade_schema(store_url) == newest_revision() == upgrade_schema(store_url)
    assert schema_version(store_url) == newest_revision()


def test_processes_that_start_together_migrate_once(store_url: str) -> None:
    """Stores opened at the same time on an empty database all come up."""
    with ThreadPoolExecutor(4) as threads:
        opened = list(threads.map(lambda _: open_store(store_url), range(4)))
    for number, store in enumerate(opened):
        stored(store, item(str(number)))
        store.close()

    assert schema_version(store_url) == newest_revision()


def test_an_old_database_is_refused_when_it_may_not_be_migrated(store_url: str) -> None:
    """Without leave to migrate, the line says which command does."""
    with pytest.raises(StoreError, match="run `repwatch db upgrade`"):
        open_store(store_url, migrate=False)

    upgrade_schema(store_url)
    open_store(store_url, migrate=False).close()


@pytest.mark.parametrize("migrate", [True, False])
def test_a_newer_database_is_refused(store_url: str, migrate: bool) -> None:
    """A revision that this version does not know is not touched."""
    upgrade_schema(store_url)
    engine = create_engine(make_url(store_url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(StoreTooNew, match="newer version of repwatch"):
        open_store(store_url, migrate=migrate)
    assert schema_version(store_url) == "9999"


def test_a_memory_database_is_shared_by_threads() -> None:
    """One connection serves every thread, one transaction at a time."""
    store = open_store("sqlite://")
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: stored(store, item(str(number))), range(40)))
    with store.read() as tx:
        assert [one.count for one in tx.feedback.count_by_source()] == [40]
    store.close()


def test_a_nested_transaction_in_memory_is_refused() -> None:
    """A second transaction inside the first is refused, and the first is kept."""
    store = open_store("sqlite://")
    with store.write() as tx:
        tx.feedback.add([item()])
        with pytest.raises(StoreError, match="one transaction at a time"), store.read():
            pass
    with store.read() as tx:
        assert [one.count for one in tx.feedback.count_by_source()] == [1]
    store.close()


def test_sqlite_is_set_up_for_many_readers_and_one_writer(sqlite_url: str) -> None:
    """The file is in WAL mode, and every connection waits, checks foreign keys and wipes what it
    deletes.
    """
    store = open_store(sqlite_url)
    engine = make_engine(parse_url(sqlite_url))
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
    with engine.connect() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
    engine.dispose()
    store.close()

    assert found == ["wal", 1, 1, 10_000, 1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (feedback.c.source_id, feedback.c.external_id),
        (alerts.c.rule_id, alerts.c.group_key),
        (matches.c.rule_id, matches.c.feedback_id),
    ],
)
def test_looking_up_many_keys_scans_no_table(
    sqlite_url: str, first: Column[str], second: Column[str]
) -> None:
    """Whatever is asked about every item of a batch takes an index, or it would slow down as the
    database grows.
    """
    upgrade_schema(sqlite_url)
    engine = make_engine(parse_url(sqlite_url))
    asked = select(first, second).where(
        columns_among_pairs(first, second, [("a", "1"), ("a", "2"), ("b", "1")])
    )
    written = asked.compile(engine, compile_kwargs={"render_postcompile": True})
    values = tuple(written.params[name] for name in written.positiontup or ())
    with engine.connect() as connection:
        plan = [
            row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}", values)
        ]
    engine.dispose()

    assert any(step.startswith("SEARCH") for step in plan)
    assert not any(step.startswith("SCAN") for step in plan)


def test_foreign_keys_hold(store: Store) -> None:
    """A match cannot join an alert that does not exist, and nothing of the attempt stays."""
    [first] = stored(store, item())
    with pytest.raises(StoreError, match="contradicts"):
        recorded(store, decision(first, MatchOutcome.GROUPED, alert_id=77))
    with store.read() as tx:
        assert tx.alerts.list_decisions(first[0].id) == []


def _refused(error: type[StoreError], message: str, url: str) -> None:
    with pytest.raises(error, match=message) as caught:
        open_store(url)
    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    """A text file is not overwritten but named."""
    file = tmp_path / "notes.db"
    file.write_text(
        "just some notes, long enough to be looked at as a header of a database file" * 20
    )
    before = file.read_bytes()

    _refused(StoreError, "notes.db is not an SQLite database", f"sqlite:///{file}")
    assert file.read_bytes() == before


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """The line says which folder to create."""
    _refused(
        StoreUnavailable,
        f"there is no folder {tmp_path}/none",
        f"sqlite:///{tmp_path}/none/store.db",
    )


def test_a_folder_is_not_a_database(tmp_path: Path) -> None:
    """A path that is a folder is told apart from a missing one."""
    _refused(StoreUnavailable, "is it a file", f"sqlite:///{tmp_path}")


def test_a_read_only_database_can_be_read_and_says_why_not_written(sqlite_url: str) -> None:
    """Reading goes on; writing is refused in one line."""
    keep = open_store(sqlite_url)
    stored(keep, item())
    store = open_store(sqlite_url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true")

    with store.read() as tx:
        assert tx.feedback.get(1) is not None
    with pytest.raises(StoreUnavailable, match="read-only"):
        stored(store, item("2"))
    store.close()
    keep.close()


def test_a_full_disk_undoes_the_whole_transaction(sqlite_url: str) -> None:
    """When SQLite cannot grow, the line says so, nothing is half-written, and the store works
    on.
    """
    store = open_store(sqlite_url)
    stored(store, item("before"))
    _limit_pages(store, 120)

    with pytest.raises(StoreUnavailable, match="disk is full"):
        stored(store, *(item(str(number), "long text " * 500) for number in range(200)))
    with store.read() as tx:
        assert [one.count for one in tx.feedback.count_by_source()] == [1]
    _limit_pages(store, 1_000_000)
    assert len(stored(store, item("after"))) == 1
    store.close()


def _limit_pages(store: Store, pages: int) -> None:
    """What an operator's quota does; the limit holds for the one connection that this test's store
    has.
    """
    with store.write() as tx:
        tx.feedback._connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


def test_a_locked_database_is_told(tmp_path: Path) -> None:
    """When another program holds the file for too long, the writer gives up with one line."""
    url = parse_url(f"sqlite:///{tmp_path}/store.db")
    engine = make_engine(url)
    event.listen(
        engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=100")
    )
    upgrade_engine(engine, url)
    store = Store(engine, url)
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreUnavailable, match="locked by another program"):
        stored(store, item())
    other.execute("ROLLBACK")
    assert len(stored(store, item())) == 1
    other.close()
    store.close()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://anna:hunter2@localhost/x", "'mysql' is not a database that repwatch knows"),
        ("hunter2", "it cannot be read"),
        ("", "it cannot be read"),
    ],
)
def test_a_url_that_cannot_be_used_is_not_repeated(url: str, message: str) -> None:
    """The line shows how a URL is written, and never the one that was given."""
    _refused(StoreError, message, url)


def test_a_server_that_is_not_there_is_told() -> None:
    """Nobody listens: the database is named, its password is not."""
    pytest.importorskip("psycopg")
    _refused(
        StoreUnavailable,
        "database x at 127.0.0.1 cannot be reached",
        "postgresql://anna:hunter2@127.0.0.1:1/x",
    )


@pytest.mark.parametrize(
    ("said", "state", "message"),
    [
        (
            'FATAL: password authentication failed for user "anna" (hunter2)',
            None,
            "refuses the user or the password",
        ),
        ("FATAL: sorry, too many clients already", None, "has no room"),
        ("connection failed: Connection refused hunter2", None, "cannot be reached"),
        ("could not extend file hunter2: No space left on device", "53100", "disk is full"),
        ("canceling statement due to lock timeout", "55P03", "locked by another program"),
        ("deadlock detected: DETAIL hunter2", "40P01", "another program changed the same"),
        ("cannot execute INSERT in a read-only transaction", "25006", "is read-only"),
        ('relation "feedback" does not exist', "42P01", "repwatch db upgrade"),
        ("something nobody foresaw, with hunter2", "XX000", "cannot be used"),
    ],
)
def test_what_postgres_says_becomes_one_line(said: str, state: str | None, message: str) -> None:
    """Each refusal is told by its reason; the database is named, the server's words and the
    password are not.
    """
    psycopg = pytest.importorskip("psycopg")
    original = psycopg.OperationalError(said)
    original.sqlstate = state
    url = make_url("postgresql+psycopg://anna:hunter2@db.example/reviews")

    with pytest.raises(StoreError, match=message) as caught, translate_errors(url):
        raise OperationalError("SELECT 'hunter2'", {}, original)

    assert "database reviews at db.example" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.postgres
def test_a_missing_postgres_database_or_user_is_told(postgres_url: str) -> None:
    """What the server refuses while connecting is told by its reason."""
    url = make_url(postgres_url)
    missing = url.set(database="repwatch_none").render_as_string(hide_password=False)
    _refused(StoreUnavailable, "does not exist", missing)


def test_a_store_opens_outside_the_repository(tmp_path: Path) -> None:
    """Migrations are found in the package, with no file beside them, from any folder, and without a
    warning.
    """
    code = "from monitor.store import open_store; open_store('sqlite:///fresh.db').close()"
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=tmp_path, check=True)  # noqa: S603

    assert schema_version(f"sqlite:///{tmp_path}/fresh.db") == newest_revision()
