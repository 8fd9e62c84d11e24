"""Statements that go past SQLAlchemy's layers mean the same on both databases, and fail in the same words."""

from __future__ import annotations

import pytest

from monitor.errors import StoreError
from monitor.feedback import Analysis, Author
from monitor.health import SourceState
from monitor.store import Store
from monitor.store.bulk import insert_rows
from monitor.store.schema import analyses
from monitor.store.values import analysis_row
from tests.integration.store_values import NOW, item, stored

ODD = ("it's", '"quoted"', "100%", "%s", "a:b", "\\", "é中💥", "[1]", "{}", "null", "a\x00b", "\ud800", " ")


def test_odd_ids_are_known_again_among_many(store: Store) -> None:
    """No sign in an id means something to the database, and thousands can be asked for at once."""
    kept = [feedback.key for feedback, _ in stored(store, *(item(name) for name in ODD))]
    assert len(kept) == len(ODD)
    with store.read() as tx:
        asked = [*kept, *(("app", f"unknown {number}") for number in range(5_000))]
        assert set(kept) == set(tx.feedback.known(asked))


def test_odd_states_come_back_as_they_were(store: Store) -> None:
    """A cursor is any text, a time keeps its microsecond and its zone, and what is not known stays unknown."""
    state = SourceState(source_id="a%s'", cursor='{"a": "100%"}', last_success_at=NOW.replace(microsecond=1), error="é")
    with store.write() as tx:
        tx.sources.save(state)
    with store.read() as tx:
        assert state == tx.sources.state("a%s'")
        assert [state] == tx.sources.all()
        assert SourceState(source_id="new") == tx.sources.state("new")


def test_authors_of_any_name_can_be_asked_for(store: Store) -> None:
    """Whoever was never answered is not found, whatever they are called and however many they are."""
    authors = [Author(name=f"{odd}{number}") for odd in ODD for number in range(100)]
    with store.read() as tx:
        assert tx.answered.by_authors("app", authors, NOW) == []


def _keep_what_contradicts(store: Store) -> None:
    with store.write() as tx:
        tx.feedback.add([item("lost")])
        insert_rows(tx.feedback._connection, analyses, [analysis_row(999, Analysis(text="", words=""))])


def test_what_contradicts_is_refused_in_words(store: Store) -> None:
    """A broken reference is the store's own error on both databases, undoes the transaction and breaks nothing else."""
    with pytest.raises(StoreError, match="refuses what contradicts what it holds"):
        _keep_what_contradicts(store)
    with store.write() as tx:
        assert tx.feedback.known([("app", "lost")]) == {}
        assert len(tx.feedback.add([item("kept")])) == 1
