"""The inbox: each thing once, in order, until it is done or given up; and the figures beside it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from monitor.domain.alert import AlertStatus
from monitor.store import Store
from monitor.store.engine import make_engine, parse_url
from monitor.store.inbox import KEEP_DEAD, REMEMBER_DONE, InboxCount, InboxEntry
from tests.integration.store_values import NOW, decision, item, recorded, stored

SOON = NOW + timedelta(minutes=1)


def put(store: Store, digest: str, body: bytes = b"{}", source_id: str = "survey") -> bool:
    with store.write() as tx:
        return tx.inbox.add_once(
            source_id, digest, NOW, headers={"content-type": "text/plain"}, query={}, body=body
        )


def waiting(store: Store, limit: int = 50) -> list[InboxEntry]:
    with store.read() as tx:
        return tx.inbox.find_due(SOON, limit)


def count(store: Store) -> InboxCount:
    with store.read() as tx:
        return tx.inbox.count()


@pytest.mark.parametrize("body", [b"", b"\x00\xff{", "🚀".encode(), bytes(range(256))])
def test_what_was_put_comes_out_byte_by_byte(store: Store, body: bytes) -> None:
    """A body is kept as it came, whatever bytes it holds, with what belongs to it."""
    assert put(store, "a", body)
    (entry,) = waiting(store)

    assert (entry.source_id, entry.body, entry.attempts) == ("survey", body, 0)
    assert (entry.headers, entry.query, entry.received_at) == (
        {"content-type": "text/plain"},
        {},
        NOW,
    )


def test_the_same_digest_is_kept_once_for_each_source(store: Store) -> None:
    """What comes again is told apart from what another source sends under the same digest."""
    assert [put(store, "a"), put(store, "a", b"other"), put(store, "a", source_id="other")] == [
        True,
        False,
        True,
    ]
    assert [entry.source_id for entry in waiting(store)] == ["survey", "other"]


def test_senders_at_the_same_time_are_told_apart(store: Store) -> None:
    """Of several that put the same thing at once, exactly one is told that it was new."""
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: put(store, "a"), range(8)))

    assert sorted(answers) == [False] * 7 + [True]


def test_order_is_that_of_arrival_and_bounded(store: Store) -> None:
    """Entries come out first in, first out, and no more than were asked for."""
    for digest in "abc":
        put(store, digest, digest.encode())

    assert [entry.body for entry in waiting(store, 2)] == [b"a", b"b"]


def test_what_is_done_leaves_only_its_digest(store: Store, ready_url: str) -> None:
    """A done entry is not handed out again, its content is gone from the table, and it is still
    known.
    """
    put(store, "a", b"a customer's words")
    (entry,) = waiting(store)
    with store.write() as tx:
        first, second = tx.inbox.mark_done(entry.id, SOON), tx.inbox.mark_done(entry.id, SOON)
    engine = make_engine(parse_url(ready_url))
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT body, headers, error FROM inbox")).one()
    engine.dispose()

    assert (first, second) == (True, False)
    assert (bytes(kept.body), kept.headers, kept.error) == (b"", "{}", "")
    assert waiting(store) == []
    assert not put(store, "a")


def test_what_failed_waits_for_its_time(store: Store) -> None:
    """A failed entry is handed out again when it is due, with the number of its tries."""
    put(store, "a")
    (entry,) = waiting(store)
    with store.write() as tx:
        assert tx.inbox.mark_failed(entry.id, "the service is away", SOON + timedelta(seconds=1))
    assert waiting(store) == []
    with store.read() as tx:
        (again,) = tx.inbox.find_due(SOON + timedelta(seconds=1))

    assert again.attempts == 1
    assert count(store) == InboxCount(waiting=1, dead=0, oldest=NOW)


def test_what_was_given_up_is_counted_and_can_be_revived(store: Store) -> None:
    """A dead entry is in no list but in the count, until it is revived with its body."""
    put(store, "a", b"kept")
    (entry,) = waiting(store)
    with store.write() as tx:
        tx.inbox.mark_failed(entry.id, "cannot be read", None)
    given_up = count(store)
    with store.write() as tx:
        revived = tx.inbox.retry_dead(NOW)

    assert given_up == InboxCount(waiting=0, dead=1, oldest=None)
    assert revived == 1
    assert [entry.body for entry in waiting(store)] == [b"kept"]


def test_a_failure_does_not_undo_what_is_done(store: Store) -> None:
    """Of two that worked on the same entry, the one that failed changes nothing after the other."""
    put(store, "a")
    (entry,) = waiting(store)
    with store.write() as tx:
        tx.inbox.mark_done(entry.id, SOON)
        assert not tx.inbox.mark_failed(entry.id, "late", SOON)

    assert waiting(store) == []


def test_retention_is_bounded(store: Store) -> None:
    """Done entries go after 48 hours and dead ones after 30 days, not before; what waits stays."""
    for digest in "abc":
        put(store, digest, digest.encode())
    done, dead, _ = waiting(store)
    with store.write() as tx:
        tx.inbox.mark_done(done.id, NOW)
        tx.inbox.mark_failed(dead.id, "cannot be read", None)
    moments = (
        NOW + REMEMBER_DONE - timedelta(seconds=1),
        NOW + REMEMBER_DONE,
        NOW + KEEP_DEAD,
        NOW + 2 * KEEP_DEAD,
    )
    removed = []
    for moment in moments:
        with store.write() as tx:
            removed.append(tx.inbox.delete_expired(moment))

    assert removed == [0, 1, 1, 0]
    assert [entry.body for entry in waiting(store)] == [b"c"]


def test_totals_tell_states_and_the_oldest_wait(store: Store) -> None:
    """Alerts are counted by state, and the age of the outbox is that of its oldest due delivery."""
    (one,) = stored(store, item())
    recorded(store, decision(one))
    with store.read() as tx:
        before = (
            tx.system_statistics.count_alerts(),
            tx.system_statistics.oldest_outbox_at(NOW),
            tx.system_statistics.oldest_outbox_at(NOW - timedelta(days=1)),
        )
        (card,) = tx.deliveries.find_due(NOW)
    with store.write() as tx:
        tx.deliveries.claim(card.id, NOW)
        tx.deliveries.mark_sent(card.id, NOW, "1.0", "C1")
    with store.read() as tx:
        after = tx.system_statistics.oldest_outbox_at(NOW)
        answers = tx.system_statistics.is_reachable()

    assert before == (dict.fromkeys(AlertStatus, 0) | {AlertStatus.OPEN: 1}, NOW, None)
    assert after is None
    assert answers
