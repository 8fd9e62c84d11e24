"""What the databases say when something is wrong, as one line for people; no password, no
customer's text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from monitor.errors import StoreError, StoreUnavailable

_SQLITE_MESSAGES: Mapping[str, tuple[type[StoreError], str]] = {
    "SQLITE_BUSY": (StoreUnavailable, "is locked by another program; end that one or try again"),
    "SQLITE_LOCKED": (StoreUnavailable, "is locked by another program; end that one or try again"),
    "SQLITE_READONLY": (
        StoreUnavailable,
        "cannot be written: the file, its folder or its disk is read-only",
    ),
    "SQLITE_FULL": (StoreUnavailable, "cannot grow: the disk is full; make room and start again"),
    "SQLITE_IOERR": (StoreUnavailable, "cannot be read or written: the disk reports an error"),
    "SQLITE_PERM": (StoreUnavailable, "may not be opened; check who owns the file"),
    "SQLITE_AUTH": (StoreUnavailable, "may not be opened; check who owns the file"),
    "SQLITE_NOTADB": (StoreError, "is not an SQLite database; check [store] url"),
    "SQLITE_CORRUPT": (StoreError, "is damaged; put a backup in its place"),
    "SQLITE_TOOBIG": (StoreError, "refuses a text that is too long"),
}
#: By SQLSTATE, the longest prefix first:
#: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES_MESSAGES: Mapping[str, tuple[type[StoreError], str]] = {
    "28": (StoreUnavailable, "refuses the user or the password; check [store] url"),
    "3D000": (StoreUnavailable, "does not exist; create it or check [store] url"),
    "42501": (
        StoreUnavailable,
        "does not let this user do that; grant it the rights on its tables",
    ),
    "42P01": (StoreError, "lacks a table; run `repwatch db upgrade`"),
    "42703": (StoreError, "lacks a column; run `repwatch db upgrade`"),
    "25006": (StoreUnavailable, "is read-only; is it a standby server?"),
    "53100": (StoreUnavailable, "cannot grow: the server's disk is full"),
    "53": (StoreUnavailable, "has no room for one more connection or query; try again later"),
    "55P03": (StoreUnavailable, "is locked by another program; end that one or try again"),
    "57014": (StoreUnavailable, "took too long to answer and was stopped"),
    "40": (StoreUnavailable, "undid this because another program changed the same; try again"),
    "57P": (StoreUnavailable, "is shutting down or starting up; try again later"),
    "08": (StoreUnavailable, "cannot be reached; is the server running?"),
}
#: While connecting there is no SQLSTATE, only words.
_SQLSTATE_BY_WORDS: Mapping[str, str] = {
    "password": "28",
    "authentication": "28",
    "does not exist": "3D000",
    "too many": "53",
    "starting up": "57P",
    "shutting down": "57P",
}


def describe_database(url: URL) -> str:
    """The database in words for people: never its password or whole URL."""
    if url.get_backend_name() == "sqlite":
        return f"database {url.database}" if url.database else "the database in memory"
    return f"database {url.database or url.username} at {url.host or 'the local socket'}"


@contextmanager
def translate_errors(url: URL) -> Iterator[None]:
    """Every failure of the database inside becomes a StoreError with one line; other errors, our
    own too, pass.
    """
    try:
        yield
    except PoolTimeout as error:
        raise StoreUnavailable(
            f"{describe_database(url)} is busy: no connection became free in time"
        ) from error
    except StatementError as error:
        raise _from_statement_error(url, error) from error
    except sqlite3.Error as error:
        raise _from_sqlite_error(url, error) from error


def _from_statement_error(url: URL, error: StatementError) -> StoreError:
    if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError):
        if isinstance(error.orig, sqlite3.Error):
            return _from_sqlite_error(url, error.orig)
        return _from_postgres_error(url, error)
    if isinstance(error, IntegrityError):
        return _to_integrity_error(url, _driver_error_name(error))
    # A value of the wrong type never reached the database; its message names the rule that it
    # broke, not the value.
    return StoreError(f"a value does not fit its column: {error.orig}")


def _to_integrity_error(url: URL, kind: str) -> StoreError:
    return StoreError(
        f"{describe_database(url)} refuses what contradicts what it holds ({kind}): "
        "nothing was stored"
    )


def _from_sqlite_error(url: URL, error: sqlite3.Error) -> StoreError:
    name = getattr(error, "sqlite_errorname", "")
    if isinstance(error, sqlite3.IntegrityError):
        return _to_integrity_error(url, name)
    if name.startswith("SQLITE_CANTOPEN"):
        folder = Path(url.database or "").absolute().parent
        if not folder.is_dir():
            return StoreUnavailable(
                f"{describe_database(url)} cannot be opened: there is no folder {folder}; create it"
            )
        return StoreUnavailable(
            f"{describe_database(url)} cannot be opened; is it a file, and may this user "
            "write in its folder?"
        )
    for prefix, (family, message) in _SQLITE_MESSAGES.items():
        if name.startswith(prefix):
            return family(f"{describe_database(url)} {message}")
    if "no such table" in str(error):
        return StoreError(f"{describe_database(url)} lacks a table; run `repwatch db upgrade`")
    return StoreError(f"{describe_database(url)} cannot be used: {name or type(error).__name__}")


def _from_postgres_error(url: URL, error: DBAPIError) -> StoreError:
    state = getattr(error.orig, "sqlstate", None) or _sqlstate_from_message(str(error.orig))
    for prefix, (family, message) in _POSTGRES_MESSAGES.items():
        if state.startswith(prefix):
            return family(f"{describe_database(url)} {message}")
    if error.connection_invalidated or not state:
        return StoreUnavailable(
            f"{describe_database(url)} cannot be reached; is the server running?"
        )
    return StoreError(f"{describe_database(url)} cannot be used: {_driver_error_name(error)}")


def _sqlstate_from_message(message: str) -> str:
    return next((state for words, state in _SQLSTATE_BY_WORDS.items() if words in message), "")


def _driver_error_name(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlite_errorname", "") or type(error.orig).__name__
