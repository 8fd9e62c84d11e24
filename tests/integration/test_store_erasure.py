"""What is deleted upstream, or asked to be forgotten, is gone, from the bytes of an SQLite file
too.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from monitor.domain.action import AlertChange
from monitor.domain.actor import Actor
from monitor.domain.alert import AlertStatus, MatchOutcome
from monitor.domain.event import EventKind
from monitor.domain.feedback import Author
from monitor.store import Store, open_store
from tests.integration.store_values import CHANNEL, NOW, decision, item, recorded, stored

SECRET = "xylophonequartz"


def _bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()))


def _fill(store: Store) -> None:
    """Other feedback around one with a secret, so that pages are shared, with alerts that quote
    them all.
    """
    for batch in range(4):
        around = [
            item(f"{batch}-{number}", f"common words {number} again") for number in range(150)
        ]
        author = Author(name=f"Jörg {SECRET}name", id="U77")
        secret = item(f"secret-{batch}", f"hello {SECRET}{batch} world", author=author)
        with store.write() as tx:
            added = tx.feedback.add([*around, secret])
            mine = added[-1]
            tx.alerts.record_decisions(
                [
                    decision(mine, group=f"by {mine[0].author.name}{batch}"),
                    decision(added[0], rule_id="other"),
                ],
                NOW,
                CHANNEL,
            )


@pytest.mark.parametrize("how", ["purge", "forget"])
def test_erased_text_is_not_in_the_file(tmp_path: Path, how: str) -> None:
    """After a purge or a forget no byte of the text or the name is in the database, its log or its
    index.
    """
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    _fill(store)
    assert SECRET.encode() in _bytes(tmp_path)

    with store.write() as tx:
        if how == "purge":
            erased = tx.feedback.purge([("app", f"secret-{batch}") for batch in range(4)], NOW)
        else:
            erased = tx.feedback.forget_author(f"JÖRG {SECRET.upper()}NAME", NOW)

    left = _bytes(tmp_path)
    store.close()
    assert erased == 4
    assert b"common" in left
    assert SECRET.encode() not in left.replace(_group_of(how), b"")


def _group_of(how: str) -> bytes:
    """A purge keeps what an alert is grouped by: its name belongs to the rule, not to the text."""
    return f"{SECRET}name".encode() if how == "purge" else b"\0never"


def test_a_reader_delays_the_scrubbing_of_the_log_only(tmp_path: Path) -> None:
    """While a reader holds the log an erasure still succeeds, and the next write finishes it."""
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    _fill(store)
    with store.read() as reader:
        reader.feedback.count_by_source()
        with store.write() as tx:
            assert tx.feedback.forget_author("u77", NOW) == 4
    with store.write() as tx:
        tx.feedback.add([item("more", "nothing")])

    assert SECRET.encode() not in _bytes(tmp_path)
    store.close()


def test_forgetting_is_by_name_or_id_in_any_case_and_source(store: Store) -> None:
    """Every feedback of the person goes, of nobody else."""
    stored(
        store,
        item("1", author=Author(name="STRASSE")),
        item("2", author=Author(id="straße"), source_id="web"),
        item("3", author=Author(name="Strasser")),
        item("4", author=Author()),
    )
    with store.write() as tx:
        assert tx.feedback.forget_author("Straße", NOW) == 2
        assert tx.feedback.forget_author("Straße", NOW) == 0
        assert tx.feedback.forget_author("  ", NOW) == 0

    with store.read() as tx:
        assert [feedback.external_id for feedback, _ in tx.feedback.iterate_stored()] == ["3", "4"]
        assert len(list(tx.feedback.search_candidates(((("crashes", False),),)))) == 2


def test_erasing_keeps_the_alert_and_what_others_said(store: Store) -> None:
    """An alert that another customer opened keeps its words; its members and events still count."""
    first, second = stored(store, item("1", "slow"), item("2", "crash", author=Author(name="Bob")))
    [alert] = recorded(store, decision(first), decision(second, MatchOutcome.GROUPED)).opened
    with store.write() as tx:
        tx.feedback.forget_author("bob", NOW)

    with store.read() as tx:
        found = tx.alerts.get(alert.id)
        notes = [event.note for event in tx.alerts.events(alert.id)]
        deleted = [member[0].deleted for member in tx.alerts.members(alert.id)]
    assert found == replace(alert, version=alert.version + 1)
    assert (alert.words, notes, deleted) == (("slow",), ["because of slow", ""], [False, True])


def test_an_id_is_never_given_again(store: Store) -> None:
    """What is left of a purged feedback cannot point to a later one."""
    [(before, _)] = stored(store, item("1"))
    with store.write() as tx:
        tx.feedback.purge([before.key], NOW)

    [(after, _)] = stored(store, item("1"))

    assert after.id > before.id


def test_what_a_forgotten_person_writes_later_is_not_kept(store: Store) -> None:
    """Neither the same again nor anything new, by name anywhere or by the id of the source; others
    are.
    """
    stored(store, item("1", author=Author(name="Anna", id="u1")))
    with store.write() as tx:
        tx.feedback.forget_author("anna", NOW)

    again = [
        item("1", author=Author(name="Anna", id="u1")),
        item("2", author=Author(name="ANNA "), source_id="web"),
        item("3", author=Author(name="renamed", id="U1")),
    ]
    others = [
        item("4", author=Author(name="Annabel", id="u2")),
        item("5", author=Author(id="u1"), source_id="web"),
    ]
    kept = stored(store, *again, *others, item("6", author=Author()))

    assert [feedback.external_id for feedback, _ in kept] == ["4", "5", "6"]


def test_no_name_stands_among_the_forgotten(tmp_path: Path) -> None:
    """Who is forgotten is known again by a digest only."""
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    with store.write() as tx:
        assert tx.feedback.forget_author(f"{SECRET}name", NOW) == 0
        assert tx.feedback.add([item(author=Author(name=f"{SECRET}NAME"))]) == []
    store.close()

    assert SECRET.encode() not in _bytes(tmp_path)


def test_forgetting_empties_what_was_received_of_the_person(store: Store) -> None:
    """A body that waits or was given up goes too, and is not taken when it is sent again; others'
    stay.
    """
    bodies = {
        "theirs": b'{"customer": {"name": "ANNA"}, "text": "late"}',
        "by id": b'{"customer": 77, "text": "late"}',
        "broken": b'{"name": "Anna", ',
        "another": b'{"name": "Ben", "text": "Anna was kind"}',
    }
    stored(store, item("1", author=Author(name="Anna", id="77")))
    with store.write() as tx:
        for digest, body in bodies.items():
            assert tx.inbox.add_once("survey", digest, NOW, headers={}, query={}, body=body)
    with store.write() as tx:
        tx.feedback.forget_author("Anna", NOW)

    with store.write() as tx:
        assert [entry.body for entry in tx.inbox.find_due(NOW)] == [bodies["another"]]
        assert not tx.inbox.add_once(
            "survey", "theirs", NOW, headers={}, query={}, body=bodies["theirs"]
        )


def test_what_brought_an_alert_back_is_erased_too(store: Store) -> None:
    """The line that says why it is open again quotes the customer: it goes with the words."""
    first, again = stored(store, item("first"), item("again", f"it is {SECRET}"))
    with store.write() as tx:
        (alert,) = tx.alerts.record_decisions([decision(first)], NOW, CHANNEL).opened
        tx.alerts.apply_change(
            alert.id,
            AlertChange(kind=EventKind.RESOLVED, to=AlertStatus.RESOLVED),
            at=NOW,
            actor=Actor.cli("anna"),
        )
    with store.write() as tx:
        tx.alerts.record_decisions(
            [decision(again, MatchOutcome.REOPENED, alert_id=alert.id)], NOW, CHANNEL
        )
        assert SECRET in repr(tx.alerts.events(alert.id))
    with store.write() as tx:
        tx.feedback.purge([("app", "again")], NOW)
        assert SECRET not in repr(tx.alerts.events(alert.id))
        assert [event.kind for event in tx.alerts.events(alert.id)][-2:] == ["grouped", "reopened"]
