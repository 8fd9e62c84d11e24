"""The search index: which feedback holds which words; FTS5 on SQLite, a tsvector column on
PostgreSQL.

Both get tokens of a-z and 0-9 only, so that neither tokenizer can split, drop or fold a word in its
own way: what matches is what `monitor.domain.tokens` calls a word. The index is written by code in
the transaction of the feedback, because triggers vanish when a migration rebuilds their table on
SQLite. It holds no text of its own, so removing a feedback from it takes the same words that were
added: `tokens` must not change without a migration that rebuilds the index.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Dialect, text

from monitor.store.column_types import to_storable_text
from monitor.store.compiled import run_raw_sql
from monitor.store.engine import LOCK_SECONDS

#: A conjunction of alternatives of (word, whether it is only the beginning of one).
SearchClauses = tuple[tuple[tuple[str, bool], ...], ...]

_OTHER = re.compile(r"[^a-z0-9]")
_LONGEST_WORD = 64  # characters; a longer one is found by its beginning
#: Stands for every word of a text that PostgreSQL cannot index as a whole (1 MB of tokens); no
#: word's token is like it.
_MATCHES_EVERYTHING = "Z"
_LARGEST = 1_000_000


def to_index_tokens(words: str) -> str:
    """The words as the index holds them: each once, cut to 64 characters, all but a-z and 0-9 as
    code points.
    """
    plain = to_storable_text(words)
    unique = dict.fromkeys(plain.split())
    if plain.lower() != plain:
        return " ".join(dict.fromkeys(map(_to_index_token, unique)))
    return " ".join(
        dict.fromkeys(
            [
                word
                if word.isascii() and word.isalnum() and len(word) <= _LONGEST_WORD
                else _to_index_token(word)
                for word in unique
            ]
        )
    )


def _to_index_token(word: str) -> str:
    return _OTHER.sub(_code_point, word[:_LONGEST_WORD])


def _code_point(match: re.Match[str]) -> str:
    return f"z{ord(match[0]):x}z"


def index_feedback(connection: Connection, entries: Iterable[tuple[int, str]]) -> None:
    """Index the words of each feedback (by id) that is not in the index."""
    rows = [(feedback_id, to_index_tokens(words)) for feedback_id, words in entries]
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        run_raw_sql(connection, "INSERT INTO feedback_words (rowid, words) VALUES (?, ?)", rows)
        return
    connection.exec_driver_sql(
        "INSERT INTO feedback_words (feedback_id, words) SELECT id, "
        "array_to_tsvector(string_to_array(words, ' '))"
        " FROM unnest(%s::bigint[], %s::text[]) AS t (id, words)",
        (
            [row[0] for row in rows],
            [row[1] if len(row[1]) < _LARGEST else _MATCHES_EVERYTHING for row in rows],
        ),
    )


def unindex_feedback(connection: Connection, entries: Sequence[tuple[int, str]]) -> None:
    """Take each feedback (by id, with the words it was indexed with) out of the index."""
    if not entries:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "INSERT INTO feedback_words (feedback_words, rowid, words) VALUES ('delete', ?, ?)",
            [(feedback_id, to_index_tokens(words)) for feedback_id, words in entries],
        )
        return
    connection.exec_driver_sql(
        "DELETE FROM feedback_words WHERE feedback_id = ANY(%s)",
        ([feedback_id for feedback_id, _ in entries],),
    )


def rewrite_index(connection: Connection) -> None:
    """Rewrite the index so that its pages keep nothing of what was removed; PostgreSQL's vacuum
    does so by itself.

    FTS5 only marks words as removed until their segments are merged:
    https://www.sqlite.org/fts5.html#the_optimize_command
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "INSERT INTO feedback_words (feedback_words) VALUES ('optimize')"
        )


def truncate_write_ahead_log(connection: Connection) -> bool:
    """Move SQLite's write-ahead log into the file, so that it keeps no older page; False while
    readers hold it.
    """
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)  # noqa: S101 - the caller asks this of SQLite only
    try:
        raw.execute("PRAGMA busy_timeout=0")
        busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        # what was written is committed: whatever stands in the way now is met by the next write
        return False
    else:
        return not busy
    finally:
        raw.execute(f"PRAGMA busy_timeout={LOCK_SECONDS * 1000}")


def build_query(dialect: Dialect, all_of: SearchClauses) -> str | None:
    """The clauses in the index's own language; None where they would be true of everything.

    A clause with an alternative that is not one word is left out: finding too much is better than
    missing something.
    """
    clauses = [
        [(_to_index_token(to_storable_text(word)), prefix) for word, prefix in any_of]
        for any_of in all_of
        if _is_usable(any_of)
    ]
    if not clauses:
        return None
    return _to_fts5_query(clauses) if dialect.name == "sqlite" else _to_tsquery(clauses)


def find_matching_ids(
    connection: Connection, written: str, *, first: int, below: int, limit: int
) -> list[int]:
    """The ids from `first` to under `below` of feedback that satisfies a query of `query`, newest
    first.
    """
    values = {"query": written, "first": first, "below": below, "limit": limit}
    statement = _FIND_FTS5 if connection.dialect.name == "sqlite" else _FIND_TSVECTOR
    return list(connection.execute(statement, values).scalars())


_FIND_FTS5 = text(
    "SELECT rowid FROM feedback_words WHERE feedback_words MATCH :query AND rowid >= :first AND "
    "rowid < :below"
    " ORDER BY rowid DESC LIMIT :limit"
)
_FIND_TSVECTOR = text(
    "SELECT feedback_id FROM feedback_words WHERE words @@ CAST(:query AS tsquery)"
    " AND feedback_id >= :first AND feedback_id < :below ORDER BY feedback_id DESC LIMIT :limit"
)


def _is_usable(any_of: tuple[tuple[str, bool], ...]) -> bool:
    return bool(any_of) and all(len(to_storable_text(word).split()) == 1 for word, _ in any_of)


def _to_fts5_query(clauses: list[list[tuple[str, bool]]]) -> str:
    return " AND ".join(
        "(" + " OR ".join(f'"{token}"{"*" * prefix}' for token, prefix in any_of) + ")"
        for any_of in clauses
    )


def _to_tsquery(clauses: list[list[tuple[str, bool]]]) -> str:
    wanted = " & ".join(
        "(" + " | ".join(f"'{token}'{':*' * prefix}" for token, prefix in any_of) + ")"
        for any_of in clauses
    )
    return f"({wanted}) | '{_MATCHES_EVERYTHING}'"
