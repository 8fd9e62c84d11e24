"""Facts are the same when feedback comes in and when its history is replayed, however it is cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.similar import ALIKE, estimate_similarity, minhash_signature
from monitor.domain.facts import NeededFacts, StoredFacts
from monitor.domain.feedback import Analysis, Evidence, Feedback
from monitor.domain.tokens import normalize_text
from monitor.pipeline.facts import add_facts
from monitor.store import Store
from monitor.testing import NOON, make_feedback, memory_store

WITHIN = timedelta(hours=2)
NEEDS = NeededFacts(first_by_author=True, copies_within=WITHIN)
SENTENCE = "since the update on monday the login page shows me only a white screen"
BODIES = st.sampled_from(
    [
        SENTENCE,
        f"{SENTENCE} again",
        f"hello {SENTENCE.upper()}!",
        "the parcel came two days late and the box was broken on one side",
        "fine",
        "Fine!",
        "...",
    ]
)
NAMES = st.sampled_from(["anna", "Anna", "berta", "carla", "A Google user", ""])


class Written(NamedTuple):
    """What one person wrote."""

    name: str
    body: str
    minutes: int  #: before it arrived
    source_id: str


WRITTEN = st.builds(Written, NAMES, BODIES, st.integers(0, 90), st.sampled_from(["shop", "forum"]))
#: Pages, with the minutes since the one before.
PAGES = st.lists(st.tuples(st.integers(0, 100), st.lists(WRITTEN, max_size=6)), max_size=6)


def build_page(page: Sequence[Written], at: datetime, numbers: count[int]) -> list[Feedback]:
    """The feedback of a page that arrives at a time."""
    return [
        replace(
            make_feedback(
                one.body,
                source_id=one.source_id,
                external_id=str(next(numbers)),
                author=one.name,
                created_at=at - one.minutes * timedelta(minutes=1),
            ),
            first_seen_at=at,
        )
        for one in page
    ]


def look_at(items: Iterable[Feedback]) -> list[Evidence]:
    """The evidence at the arrival of each."""
    return [
        Evidence(
            feedback=item,
            analysis=Analysis(text=item.body, words=normalize_text(item.body)),
            now=item.first_seen_at or NOON,
        )
        for item in items
    ]


def find_facts(store: Store, items: Sequence[Feedback]) -> dict[str, StoredFacts]:
    with store.read() as tx:
        found = add_facts(tx, look_at(items), NEEDS)
    return {one.feedback.external_id: one.facts for one in found}


def work_out(items: Sequence[Feedback]) -> dict[str, StoredFacts]:
    """The facts of all that is stored, by their definition: one by one, in the order of ids."""
    facts = {}
    for at, item in enumerate(items):
        before = items[:at]
        first = None
        if item.author.key:
            who = (item.source_id, item.author.name)
            first = who not in {(one.source_id, one.author.name) for one in before}
        facts[item.external_id] = StoredFacts(first, list_copies(item, before))
    return facts


def list_copies(item: Feedback, before: Sequence[Feedback]) -> tuple[datetime, ...] | None:
    """When the other authors of near copies sent their last one."""
    words = normalize_text(item.body)
    if not words:
        return None
    latest: dict[tuple[str, str], datetime] = {}
    for one in before:
        assert one.first_seen_at
        assert item.first_seen_at
        theirs = normalize_text(one.body)
        likeness = estimate_similarity(minhash_signature(words), minhash_signature(theirs))
        recent = one.first_seen_at >= item.first_seen_at - WITHIN
        if recent and (theirs == words or likeness >= ALIKE):
            latest[one.source_id, one.author.name if one.author.key else ""] = one.first_seen_at
    latest.pop((item.source_id, item.author.name if item.author.key else ""), None)
    return tuple(sorted(latest.values(), reverse=True))


@settings(max_examples=60, deadline=None)
@given(pages=PAGES, size=st.integers(1, 9))
def test_a_replay_finds_what_was_found_on_arrival(
    pages: list[tuple[int, list[Written]]], size: int
) -> None:
    """For new feedback of any page, and for the same feedback once it is stored and cut otherwise,
    the facts are those of its definition.
    """
    store, now, numbers = memory_store(), NOON, count()
    on_arrival: dict[str, StoredFacts] = {}
    for minutes, page in pages:
        now += minutes * timedelta(minutes=1)
        items = build_page(page, now, numbers)
        on_arrival |= find_facts(store, items)
        with store.write() as tx:
            tx.feedback.add([(one.feedback, one.analysis) for one in look_at(items)])
    with store.read() as tx:
        stored = [item for item, _ in tx.feedback.iterate_stored()]
    replayed: dict[str, StoredFacts] = {}
    for start in range(0, len(stored), size):
        replayed |= find_facts(store, stored[start : start + size])
    store.close()
    assert on_arrival == replayed == work_out(stored)
