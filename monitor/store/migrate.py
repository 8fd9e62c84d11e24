"""The version of a database's schema, and the way up to the newest."""

from __future__ import annotations

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, text

from monitor.errors import StoreError, StoreTooNew
from monitor.store.engine import for_reading, for_writing, make_engine, parse_url
from monitor.store.faults import place, translated

#: Held while migrating a PostgreSQL database, so that two processes that start together do it once.
_MIGRATION_LOCK = 0x7265707761746368


def schema_version(url: str) -> str | None:
    """The revision of the database's schema; None where there are no tables yet. Raises StoreError."""
    parsed = parse_url(url)
    engine = make_engine(parsed)
    try:
        with translated(parsed):
            return _current(engine)
    finally:
        engine.dispose()


def upgrade(url: str) -> str:
    """Bring the database to this version's schema and return its revision; harmless when it is there already.

    Raises StoreTooNew where a newer version of repwatch was at work, and StoreError.
    """
    parsed = parse_url(url)
    engine = make_engine(parsed)
    try:
        with translated(parsed):
            upgrade_engine(engine, parsed)
    finally:
        engine.dispose()
    return newest()


def upgrade_engine(engine: Engine, url: URL) -> None:
    """Migrate over an engine that is there, in one transaction."""
    if _known(_current(engine), url) == newest():
        return
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            _foreign_keys(
                connection, on=False
            )  # tables are rebuilt under their own names; ignored inside a transaction
        with for_writing(connection).begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        if engine.dialect.name == "sqlite":
            _foreign_keys(connection, on=True)


def require_newest(engine: Engine, url: URL) -> None:
    """Nothing when the schema is this version's; StoreTooNew or StoreError with the remedy otherwise."""
    if _known(_current(engine), url) != newest():
        raise StoreError(f"{place(url)} is not up to date; run `repwatch db upgrade`")


@cache
def newest() -> str:
    """The revision that this version of repwatch works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:  # the files are missing from the installation
        raise StoreError("repwatch is not installed completely: it has no migrations; install it again")
    return head


def owned(name: str | None, type_: str, parents: object) -> bool:
    """Whether a name in the database is the schema's: not the search index and what FTS5 keeps behind it."""
    return type_ != "table" or name is None or not name.startswith("feedback_words")


def _current(engine: Engine) -> str | None:
    with engine.connect() as connection, for_reading(connection).begin():
        return MigrationContext.configure(connection).get_current_revision()


def _known(revision: str | None, url: URL) -> str | None:
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    if revision is not None and revision not in {script.revision for script in scripts}:
        raise StoreTooNew(f"{place(url)} was written by a newer version of repwatch ({revision}); install that version")
    return revision


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "monitor.store:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """Straight to the driver, because a statement of the connection would start a transaction."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
    cursor.close()
