"""Statements that go past SQLAlchemy's layers mean the same on both databases, and fail in the same
words.
"""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, select

from monitor.domain.feedback import Analysis, Author
from monitor.domain.source_health import SourceState
from monitor.errors import StoreError
from monitor.store import Store
from monitor.store.answered_feedback import author_key
from monitor.store.compiled import insert_rows, run_compiled
from monitor.store.mapping import analysis_row
from monitor.store.schema import analyses, answered, source_states
from monitor.testing import make_feedback
from tests.integration.store_values import NOW, item, stored
from tests.world.answering import Office

ODD = (
    "it's",
    '"quoted"',
    "100%",
    "%s",
    "a:b",
    "\\",
    "é中💥",
    "[1]",
    "{}",
    "null",
    "a\x00b",
    "\ud800",
    " ",
)


def test_odd_ids_are_known_again_among_many(store: Store) -> None:
    """No sign in an id means something to the database, and thousands can be asked for at once."""
    kept = [feedback.key for feedback, _ in stored(store, *(item(name) for name in ODD))]
    assert len(kept) == len(ODD)
    with store.read() as tx:
        asked = [*kept, *(("app", f"unknown {number}") for number in range(5_000))]
        assert set(kept) == set(tx.feedback.find_known(asked))


def test_odd_states_come_back_as_they_were(store: Store) -> None:
    """A cursor is any text, a time keeps its microsecond and its zone, and what is not known stays
    unknown.
    """
    state = SourceState(
        source_id="a%s'",
        cursor='{"a": "100%"}',
        last_success_at=NOW.replace(microsecond=1),
        error="é",
    )
    with store.write() as tx:
        tx.sources.save(state)
    with store.read() as tx:
        assert state == tx.sources.get_state("a%s'")
        assert [state] == tx.sources.list_states()
        assert SourceState(source_id="new") == tx.sources.get_state("new")


def test_authors_of_any_name_are_found_again_among_many(store: Store) -> None:
    """Whoever was answered is found whatever they are called, and nobody else is, however many are
    asked for.
    """
    (alert,) = Office(store).hear(make_feedback("broken", author="Carla")).opened
    known, unknown = (
        [Author(name=odd) for odd in ODD],
        [Author(name=f"{odd}{n}") for odd in ODD for n in range(100)],
    )
    items = [feedback.id for feedback, _ in stored(store, *(item(name) for name in ODD))]
    with store.write() as tx:
        rows = [
            {
                "feedback_id": id_,
                "alert_id": alert.id,
                "source_id": "app",
                "author": author_key(author),
            }
            | {"at": NOW, "came_back": False}
            for id_, author in zip(items, known, strict=True)
        ]
        insert_rows(tx.answered._connection, answered, rows)
    with store.read() as tx:
        assert {
            one.feedback.id for one in tx.answered.find_by_authors("app", [*unknown, *known], NOW)
        } == set(items)
        assert tx.answered.find_by_authors("app", unknown, NOW) == []


def test_a_value_that_is_not_given_is_not_taken_for_null(store: Store) -> None:
    """A misspelt name fails at once instead of finding nothing for ever."""
    statement = select(source_states.c.error).where(
        source_states.c.source_id == bindparam("source")
    )
    with store.read() as tx, pytest.raises(KeyError, match="source"):
        run_compiled(tx.sources._connection, statement, {"sauce": "a"})


def _keep_what_contradicts(store: Store) -> None:
    with store.write() as tx:
        tx.feedback.add([item("lost")])
        insert_rows(
            tx.feedback._connection, analyses, [analysis_row(999, Analysis(text="", words=""))]
        )


def test_what_contradicts_is_refused_in_words(store: Store) -> None:
    """A broken reference is the store's own error on both databases, undoes the transaction and
    breaks nothing else.
    """
    with pytest.raises(StoreError, match="refuses what contradicts what it holds"):
        _keep_what_contradicts(store)
    with store.write() as tx:
        assert tx.feedback.find_known([("app", "lost")]) == {}
        assert len(tx.feedback.add([item("kept")])) == 1
