"""What one call of the ingest stores and decides, and in which transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.domain.feedback import Feedback
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import CHUNK_SIZE, Ingest, IngestResult
from monitor.store import Store, Transaction
from monitor.testing import NOON, make_feedback, memory_store
from rules.engine import Engine
from rules.load import parse_rules

RULES = parse_rules(
    {"rules": [{"id": "broken", "group_by": ["text"], "all": [{"text": "broken"}]}]}, "rules.toml"
)
POLICY = AlertPolicy()


class CountingStore(Store):
    """The store in memory, which counts the transactions that write."""

    writes = 0

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction that counts."""
        self.writes += 1
        with super().write() as tx:
            yield tx


@pytest.fixture
def store() -> Iterator[CountingStore]:
    opened = memory_store()
    yield CountingStore(opened._engine, opened._url)
    opened.close()


def build_ingest(store: Store) -> Ingest:
    """An ingest with one rule, which groups by text."""
    return Ingest(store, Analyzer(), Engine(RULES), "#support")


def make_many(count: int) -> list[Feedback]:
    """Feedback that no rule holds for."""
    return [make_feedback(f"All is well, number {number}") for number in range(count)]


def test_the_extra_write_receives_the_result_over_all_chunks_once(store: CountingStore) -> None:
    """It is called in the transaction of the last chunk, with what became of all of them."""
    received: list[tuple[int, IngestResult]] = []

    def extra_write(tx: Transaction, result: IngestResult) -> None:
        received.append((store.writes, result))

    total = build_ingest(store)(make_many(CHUNK_SIZE + 1), NOON, POLICY, extra_write)

    assert received == [(2, total)]
    assert (total.fetched, total.new) == (CHUNK_SIZE + 1, CHUNK_SIZE + 1)


def test_the_extra_write_happens_without_items_too(store: CountingStore) -> None:
    """An empty page moves its cursor."""
    received: list[IngestResult] = []

    build_ingest(store)([], NOON, POLICY, lambda _, result: received.append(result))

    assert received == [IngestResult()]
    assert store.writes == 1


def test_what_is_stored_and_unchanged_begins_no_write(store: CountingStore) -> None:
    """A page that was read before makes no other writer wait."""
    ingest, items = build_ingest(store), make_many(3)
    ingest(items, NOON, POLICY)

    result = ingest(items, NOON, POLICY)

    assert result == IngestResult(fetched=3)
    assert store.writes == 1


def test_the_last_of_two_copies_in_a_page_is_stored(store: CountingStore) -> None:
    """A source may hand over one feedback twice in a page: it counts as fetched twice, new once."""
    item = make_feedback("first words")

    result = build_ingest(store)([item, replace(item, body="last words")], NOON, POLICY)

    with store.read() as tx:
        stored = [feedback.body for feedback, _ in tx.feedback.iterate_stored()]
    assert (result.fetched, result.new, stored) == (2, 1, ["last words"])


def test_near_copies_of_a_text_share_an_alert(store: CountingStore) -> None:
    """Almost the same words join the alert of the first, in one page and in a later one."""
    words = "Since the update on Monday the login page is broken and shows me only a white screen"
    ingest = build_ingest(store)
    first = ingest([make_feedback(words), make_feedback(f"{words} help")], NOON, POLICY)

    later = ingest([make_feedback(f"{words} again")], NOON + timedelta(minutes=5), POLICY)

    assert (len(first.opened), first.grouped) == (1, 1)
    assert (later.opened, later.grouped) == ((), 1)


@pytest.mark.parametrize("in_one_page", [True, False])
def test_a_near_copy_of_a_later_report_joins_its_alert(
    store: CountingStore, in_one_page: bool
) -> None:
    """The text was not that of the report that opened the alert, and another rule holds for it."""
    rules = [
        {"id": "monday", "group_by": ["rule"], "all": [{"text": "monday"}]},
        {"id": "broken", "group_by": ["feedback"], "all": [{"text": "broken"}]},
    ]
    engine = Engine(parse_rules({"rules": rules}, "rules.toml"))
    ingest = Ingest(store, Analyzer(deep=False), engine, "#support")
    words = "Since the update the login page is broken and shows me only a white screen"
    ingest([make_feedback("On Monday the bill was wrong")], NOON, POLICY)
    reports = [make_feedback(f"{words} Monday"), make_feedback(f"{words} again")]
    pages = [reports] if in_one_page else [[one] for one in reports]

    results = [ingest(page, NOON + timedelta(minutes=5), POLICY) for page in pages]

    assert [result.opened for result in results] == [()] * len(pages)
    with store.read() as tx:
        assert [alert.members for alert in tx.alerts.find()] == [3]


def test_short_texts_are_grouped_by_their_very_words(store: CountingStore) -> None:
    """Different people write "it is broken": only the same words share an alert."""
    items = [make_feedback("it is broken"), make_feedback("broken again"), make_feedback("Broken!")]

    result = build_ingest(store)([*items, make_feedback("It is broken")], NOON, POLICY)

    assert (len(result.opened), result.grouped) == (3, 1)
