"""The version of a database's schema, and the way up to the newest."""

from __future__ import annotations

import re
from functools import cache
from pkgutil import iter_modules

from sqlalchemy import URL, Connection, Engine, inspect, text

from monitor.errors import StoreError, StoreTooNew
from monitor.store import migrations
from monitor.store.engine import make_engine, parse_url, prepare_for_reading, prepare_for_writing
from monitor.store.error_messages import describe_database, translate_errors

#: Held while migrating a PostgreSQL database, so that two processes that start together do it once.
_MIGRATION_LOCK = 0x7265707761746368


def schema_version(url: str) -> str | None:
    """The revision of the database's schema; None where there are no tables yet. Raises
    StoreError.
    """
    parsed = parse_url(url)
    engine = make_engine(parsed)
    try:
        with translate_errors(parsed):
            return _current_revision(engine)
    finally:
        engine.dispose()


def upgrade_schema(url: str) -> str:
    """Bring the database to this version's schema and return its revision; harmless when it is
    there already.

    Raises StoreTooNew where a newer version of repwatch was at work, and StoreError.
    """
    parsed = parse_url(url)
    engine = make_engine(parsed)
    try:
        with translate_errors(parsed):
            upgrade_engine(engine, parsed)
    finally:
        engine.dispose()
    return newest_revision()


def upgrade_engine(engine: Engine, url: URL) -> None:
    """Migrate over an engine that is there, in one transaction."""
    if _require_known_revision(_current_revision(engine), url) == newest_revision():
        return
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # Tables are rebuilt under their own names; inside a transaction the switch would be
            # ignored.
            _switch_foreign_keys(connection, on=False)
        with prepare_for_writing(connection).begin():
            if engine.dialect.name == "postgresql":
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK}
                )
            _run_migrations(connection)
        if engine.dialect.name == "sqlite":
            _switch_foreign_keys(connection, on=True)


def require_newest_schema(engine: Engine, url: URL) -> None:
    """Nothing when the schema is this version's; StoreTooNew or StoreError with the remedy
    otherwise.
    """
    if _require_known_revision(_current_revision(engine), url) != newest_revision():
        raise StoreError(f"{describe_database(url)} is not up to date; run `repwatch db upgrade`")


def newest_revision() -> str:
    """The revision that this version of repwatch works with."""
    return _list_revisions()[-1]


@cache
def _list_revisions() -> tuple[str, ...]:
    """Every revision, oldest first; its number stands in the name of its file."""
    names = (
        module.name
        for module in iter_modules([f"{place}/versions" for place in migrations.__path__])
    )
    found = sorted(match[1] for name in names if (match := re.match(r"r(\d{4})_", name)))
    if not found:
        raise StoreError(
            "repwatch is not installed completely: it has no migrations; install it again"
        )
    return tuple(found)


def _run_migrations(connection: Connection) -> None:
    # Alembic takes a third of a second to load, and there is hardly ever a step to take.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "monitor.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(f"the database cannot be brought up to date: {error}") from error


def is_own_table(name: str | None, type_: str, parents: object) -> bool:
    """Whether a name in the database is the schema's: not the search index and what FTS5 keeps
    behind it.
    """
    return type_ != "table" or name is None or not name.startswith("feedback_words")


def _current_revision(engine: Engine) -> str | None:
    with engine.connect() as connection, prepare_for_reading(connection).begin():
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _require_known_revision(revision: str | None, url: URL) -> str | None:
    if revision is not None and revision not in _list_revisions():
        raise StoreTooNew(
            f"{describe_database(url)} was written by a newer version of repwatch "
            f"({revision}); install that "
            "version"
        )
    return revision


def _switch_foreign_keys(connection: Connection, *, on: bool) -> None:
    """Straight to the driver, because a statement of the connection would start a transaction."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
    cursor.close()
