"""Similar texts: found by their bands, bounded, kept while they are met, gone with their
feedback.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from monitor.analysis.similar import bands_of_signature, group_near_copies, minhash_signature
from monitor.store import Store
from monitor.store.engine import make_engine, parse_url
from monitor.store.near_copies import CANDIDATES_PER_BAND, KEEP_SIMILAR, SimilarText
from tests.integration.store_values import NOW, item, stored

SENTENCE = "the app crashes every time when i open it since the last update"


def similar(feedback_id: int, *keys: int) -> SimilarText:
    return SimilarText(
        feedback_id=feedback_id, fingerprint=f"f{feedback_id}", signature=bytes(256), bands=keys
    )


def added(store: Store, *keys: Collection[int], at: datetime = NOW) -> list[int]:
    """The ids of new feedback, each kept for comparison under some bands."""
    with store.read() as tx:
        before = sum(count.count for count in tx.feedback.count_by_source())
    items = [item(f"{before + number}") for number in range(len(keys))]
    ids = [feedback.id for feedback, _ in stored(store, *items)]
    with store.write() as tx:
        tx.similar_texts.add(
            [similar(feedback_id, *own) for feedback_id, own in zip(ids, keys, strict=True)], at
        )
    return ids


def near(store: Store, *keys: int, since: datetime = NOW - KEEP_SIMILAR) -> list[int]:
    with store.read() as tx:
        return [found.feedback_id for found in tx.similar_texts.find_candidates(keys, since)]


def bands_left(url: str) -> int:
    engine = make_engine(parse_url(url))
    with engine.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM similar_bands")).scalar_one()
    engine.dispose()
    return int(count)


@pytest.mark.parametrize("key", [0, 1, -1, 2**63 - 1, -(2**63)])
def test_a_text_is_found_by_any_of_its_bands(store: Store, key: int) -> None:
    """Each signed 64-bit key finds the texts that have it, oldest first, and no others."""
    first, _, third = added(store, (key, 7), (8,), (9, key))

    assert near(store, key) == near(store, key, 7, 123) == [first, third]
    assert near(store, 123) == near(store) == []


def test_what_was_kept_comes_back(store: Store) -> None:
    """Fingerprint and signature are those that were given, byte by byte."""
    ((feedback, analysis),) = stored(store, item("1", SENTENCE))
    sign = minhash_signature(analysis.words)
    kept = SimilarText(
        feedback_id=feedback.id,
        fingerprint=analysis.fingerprint,
        signature=sign,
        bands=bands_of_signature(sign),
    )
    with store.write() as tx:
        tx.similar_texts.add([kept], NOW)
        tx.similar_texts.add([], NOW)
    with store.read() as tx:
        (found,) = tx.similar_texts.find_candidates(bands_of_signature(sign)[3:4], NOW)

    assert (found.feedback_id, found.fingerprint, found.signature) == (
        feedback.id,
        analysis.fingerprint,
        sign,
    )


def test_adding_again_changes_nothing(store: Store) -> None:
    """A text that is kept stays as it is, so that an edit cannot take over a group."""
    (first,) = added(store, (1,))
    with store.write() as tx:
        tx.similar_texts.add(
            [SimilarText(feedback_id=first, fingerprint="other", signature=b"x", bands=(1, 2))], NOW
        )
    with store.read() as tx:
        (found,) = tx.similar_texts.find_candidates((1,), NOW)

    assert found.fingerprint == f"f{first}"


def test_a_band_that_everyone_has_costs_no_more(store: Store) -> None:
    """Of a hot band the newest few are looked at, whatever else is asked in the same query."""
    ids = added(store, *[(5, 100 + number) for number in range(CANDIDATES_PER_BAND + 4)])

    assert near(store, 5) == ids[-CANDIDATES_PER_BAND:]
    assert near(store, 5, 100) == [ids[0], *ids[-CANDIDATES_PER_BAND:]]


def test_many_bands_are_asked_at_once(store: Store) -> None:
    """A whole chunk of new feedback needs one call, however many bands that makes."""
    ids = added(store, *[(number,) for number in range(300)])

    assert near(store, *range(-2000, 2000)) == ids


def test_what_is_met_again_is_kept_and_the_rest_expires(store: Store, ready_url: str) -> None:
    """Thirty days after it was last met a text goes with its bands, not a moment before."""
    met, not_met = added(store, (1,), (2,))
    later = NOW + timedelta(days=10)
    with store.write() as tx:
        tx.similar_texts.mark_seen([met], later)
    moments = (NOW + KEEP_SIMILAR - timedelta(seconds=1), NOW + KEEP_SIMILAR, later + KEEP_SIMILAR)
    removed, left = [], []
    for moment in moments:
        with store.write() as tx:
            removed.append(tx.similar_texts.delete_expired(moment))
        left.append((near(store, 1, 2), bands_left(ready_url)))

    assert removed == [0, 1, 1]
    assert left == [([met, not_met], 2), ([met], 1), ([], 0)]


def test_only_recent_texts_count(store: Store) -> None:
    """A text that was last met before the time asked for is not found, although it is kept."""
    (old,) = added(store, (1,), at=NOW - timedelta(days=2))

    assert near(store, 1, since=NOW - timedelta(days=1)) == []
    assert near(store, 1, since=NOW - timedelta(days=2)) == [old]


def test_a_purged_feedback_is_compared_with_no_more(store: Store, ready_url: str) -> None:
    """What is deleted upstream leaves no signature, at once, and no band after the next tidying."""
    ids = added(store, (1,), (1, 2))
    with store.write() as tx:
        tx.feedback.purge([("app", "0")], NOW)
    after = near(store, 1)
    with store.write() as tx:
        tx.similar_texts.delete_expired(NOW)

    assert after == [ids[1]]
    assert bands_left(ready_url) == 2


def test_one_incident_from_many_mouths_has_one_leader(store: Store) -> None:
    """Over several transactions every copy of a text is settled on the first, and only the first is
    kept.
    """
    leaders = []
    for number, said in enumerate(
        [SENTENCE, f"rt {SENTENCE}", f"{SENTENCE} please fix", "no " + SENTENCE]
    ):
        ((feedback, analysis),) = stored(store, item(str(number), said))
        sign = minhash_signature(analysis.words)
        shape = SimilarText(
            feedback_id=feedback.id,
            fingerprint=analysis.fingerprint,
            signature=sign,
            bands=bands_of_signature(sign),
        )
        with store.write() as tx:
            settled = group_near_copies(
                [shape], tx.similar_texts.find_candidates(shape.bands, NOW - KEEP_SIMILAR)
            )
            tx.similar_texts.add([shape for id_ in settled.new if id_ == shape.feedback_id], NOW)
            tx.similar_texts.mark_seen(settled.seen, NOW)
        leaders.append((settled.leaders[feedback.id], bool(settled.new)))

    first = leaders[0][0]
    assert leaders == [(first, True), (first, False), (first, False), (first, False)]
