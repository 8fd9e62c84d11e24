"""Customers over channels: who belongs together, what is taken back, and what a forget leaves."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.actor import Actor
from monitor.domain.customer import CustomerHistory
from monitor.domain.feedback import Author, Label, Rating, Scale, Sentiment
from monitor.domain.linking import MOST_BESIDE, find_components
from monitor.errors import CustomerError
from monitor.store import Store, open_store
from tests.integration.store_values import NOW, decision, item, recorded
from tests.world.mortal import provide_tables

LINK_BY = ("email", "customer_id")
ADDRESS = "Xylophone.Quartz@Example.com"
HANDLE = "xylophonequartz"
ANNA = Actor.cli("anna")
DAY = timedelta(days=1)


def write(store: Store, external_id: str, link_by: tuple[str, ...] = LINK_BY, **fields: Any) -> int:
    """Store a feedback as ingest does; return its id."""
    label = fields.pop("label", Label.NEGATIVE)
    feedback, analysis = item(external_id, **fields)
    read = replace(analysis, sentiment=Sentiment(label, -0.5))
    with store.write() as tx:
        [(added, _)] = tx.feedback.add([(feedback, read)])
        tx.customers.record([added], link_by)
    return added.id


def history_of(store: Store, feedback_id: int) -> CustomerHistory | None:
    with store.read() as tx:
        return tx.customers.find_history(feedback_id)


def ids_of(store: Store, feedback_id: int) -> list[int]:
    found = history_of(store, feedback_id)
    return [contact.feedback_id for contact in found.contacts] if found else []


def by(name: str, own_id: str = "") -> Author:
    return Author(name=name, id=own_id or name)


def test_an_address_joins_channels_whatever_its_case(store: Store) -> None:
    """The author's own id joins within a source, an address across sources, a name nothing."""
    one = write(store, "1", author=by("Ann", "u1"), attributes={"email": ADDRESS})
    two = write(store, "2", author=by("Ann K", "u1"))
    three = write(
        store, "3", source_id="nps", author=Author(), attributes={"email": f" {ADDRESS.upper()} "}
    )
    other = write(store, "4", source_id="nps", author=Author(name="Ann"))
    assert sorted(ids_of(store, three)) == [one, two, three]
    assert ids_of(store, other) == []


def test_the_same_id_in_another_source_is_somebody_else(store: Store) -> None:
    """A source's own ids hold in that source."""
    one, two = write(store, "1"), write(store, "2", source_id="forum")
    assert ids_of(store, one) == [one]
    assert ids_of(store, two) == [two]


def test_nothing_is_noted_without_link_by(store: Store) -> None:
    """Nobody is known by anything until the settings or a person say so."""
    one = write(store, "1", link_by=(), attributes={"email": ADDRESS})
    assert history_of(store, one) is None


def test_an_identifier_of_many_people_links_nobody(store: Store) -> None:
    """A till's address stands beside too many authors: it does not make one customer of all."""
    ids = [
        write(store, str(n), author=by(f"p{n}"), attributes={"email": "till@example.com"})
        for n in range(MOST_BESIDE + 2)
    ]
    assert ids_of(store, ids[0]) == [ids[0]]


def test_an_identifier_that_is_called_shared_links_nobody_until_that_is_taken_back(
    store: Store,
) -> None:
    """People can say that several have it; an unknown one is refused."""
    one = write(store, "1", author=by("p1"), attributes={"email": ADDRESS})
    two = write(store, "2", author=by("p2"), attributes={"email": ADDRESS})
    with store.write() as tx:
        tx.customers.set_shared("email", ADDRESS, shared=True)
    assert ids_of(store, one) == [one]
    with store.write() as tx:
        tx.customers.set_shared("email", ADDRESS, shared=False)
    assert ids_of(store, one) == [one, two]
    with store.write() as tx, pytest.raises(CustomerError, match="people are known by: email"):
        tx.customers.set_shared("email", "nobody@example.com", shared=True)


def test_an_edit_changes_by_what_the_author_is_known(store: Store) -> None:
    """An address that is gone from a feedback links it no more."""
    one = write(store, "1", author=by("p1"), attributes={"email": ADDRESS})
    two = write(store, "2", author=by("p2"), attributes={"email": ADDRESS})
    with store.write() as tx:
        found = tx.feedback.get(two)
        assert found
        tx.customers.renew([replace(found[0], attributes={})], LINK_BY)
    assert ids_of(store, one) == [one]
    assert ids_of(store, two) == [two]


def test_a_link_by_hand_is_told_and_taken_back(store: Store) -> None:
    """Names alone can be linked by hand too, and what they write later is followed."""
    one = write(store, "1", link_by=(), author=by("Anna", "u1"))
    two = write(store, "2", link_by=(), source_id="forum", author=Author(name="anna_k"))
    with store.write() as tx:
        tx.customers.link("app:anna", "forum:ANNA_K", actor=ANNA, at=NOW)
    three = write(store, "3", link_by=(), source_id="forum", author=Author(name="Anna_K"))
    assert ids_of(store, one) == [one, two, three]
    with store.write() as tx:
        [link] = tx.customers.list_links()
        assert (link.actor, link.at, link.first.kind, link.second.kind) == (
            ANNA,
            NOW,
            "author",
            "name",
        )
        with pytest.raises(CustomerError, match="already"):
            tx.customers.link("forum:anna_k", "app:u1", actor=ANNA, at=NOW)
        tx.customers.unlink("forum:anna_k", "app:u1", actor=ANNA, at=NOW)
        assert tx.customers.list_links() == []
        with pytest.raises(CustomerError, match="nobody has linked"):
            tx.customers.unlink("forum:anna_k", "app:u1", actor=ANNA, at=NOW)
    assert ids_of(store, one) == [one]
    assert ids_of(store, two) == [two, three]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("anna", "app:u1", "write it as SOURCE:AUTHOR"),
        ("app:nobody", "app:u1", "nothing of app:nobody is stored"),
        ("app:u1", "app:Anna", "the same already"),
        ("app:Bob", "app:u1", "the name of 2 people"),
    ],
)
def test_a_link_that_cannot_be_made_says_why(
    store: Store, first: str, second: str, said: str
) -> None:
    """Nobody, several people, or the same one."""
    write(store, "1")
    write(store, "2", author=by("Bob", "u2"))
    write(store, "3", author=by("Bob", "u3"))
    with store.write() as tx, pytest.raises(CustomerError, match=said):
        tx.customers.link(first, second, actor=ANNA, at=NOW)


def test_the_card_knows_the_history(store: Store) -> None:
    """The card of an alert says what the customer wrote elsewhere, until that feedback."""
    write(store, "1", source_id="nps", attributes={"email": ADDRESS}, created_at=NOW - 3 * DAY)
    write(store, "2", attributes={"email": ADDRESS})
    with store.read() as tx:
        found = next(iter(tx.feedback.iterate_stored(source_id="app")))
    [alert] = recorded(store, decision(found)).opened
    with store.read() as tx:
        card = tx.alerts.card(alert.id)
    assert card is not None
    assert card.history is not None
    assert [one.source_id for one in card.history.contacts] == ["nps", "app"]


def test_repeat_detractors_and_turned_customers_are_listed(store: Store) -> None:
    """Over any channels, the most complaints and the lost promoters first."""
    week = (NOW - 7 * DAY, NOW + DAY)
    nps = {"source_id": "nps", "author": Author()}
    for number, (who, days, label, rating) in enumerate(
        [
            ("twice", 30, Label.NEGATIVE, None),
            ("twice", 0, Label.NEGATIVE, None),
            ("once", 0, Label.NEGATIVE, None),
            ("old", 90, Label.NEGATIVE, None),
            ("old", 0, Label.NEGATIVE, None),
            ("lost", 20, Label.POSITIVE, Rating(10, Scale.NPS)),
            ("lost", 0, Label.NEUTRAL, Rating(3, Scale.NPS)),
            ("won", 20, Label.NEUTRAL, Rating(1, Scale.NPS)),
            ("won", 0, Label.POSITIVE, Rating(5)),
        ]
    ):
        at, attributes = NOW - days * DAY, {"email": f"{who}@example.com"}
        fields: dict[str, Any] = {
            "created_at": at,
            "label": label,
            "rating": rating,
            "attributes": attributes,
        }
        place: dict[str, Any] = nps if number % 2 else {"author": Author()}
        write(store, str(number), **fields, **place)
    with store.read() as tx:
        repeats = tx.customers.list_repeat_detractors(*week)
        turned = tx.customers.list_turned(*week)
        assert tx.customers.list_turned(NOW - 14 * DAY, NOW - 7 * DAY) == []
    assert [[one.source_id for one in history.contacts] for history in repeats] == [["app", "nps"]]
    assert [turn.is_lost for turn in turned] == [True, False]


def _bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir())).lower()


def test_a_forget_leaves_neither_address_nor_handle_nor_digest(tmp_path: Path) -> None:
    """Not in the file, its log or its index, of the person and of what is linked to them."""
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    write(store, "0", author=by("somebody"), body="kept")
    write(store, "1", author=by(HANDLE), attributes={"email": ADDRESS})
    write(store, "2", source_id="nps", author=Author(), attributes={"email": ADDRESS})
    write(store, "3", source_id="forum", author=by(f"{HANDLE}2", "f3"))
    with store.write() as tx:
        tx.customers.link(f"app:{HANDLE}", "forum:f3", actor=ANNA, at=NOW)
    with store.read() as tx:
        person = tx.customers.find_person(HANDLE)
        assert (len(person.own), len(person.linked)) == (1, 2)
    with store.write() as tx:
        assert tx.feedback.forget_author(HANDLE, NOW, linked=True) == 3
    left = _bytes(tmp_path)
    assert b"kept" in left
    assert ADDRESS.lower().encode() not in left
    assert HANDLE.encode() not in left
    with store.read() as tx:
        assert tx.customers.list_links() == []
        assert tx.customers.find_person(ADDRESS).own == ()
    store.close()


def test_what_is_linked_stays_unless_asked_for_and_is_no_longer_linked(store: Store) -> None:
    """A forget without `linked` takes one handle only."""
    write(store, "1", author=by("Bob", "u5"), attributes={"email": ADDRESS})
    two = write(store, "2", source_id="nps", author=Author(), attributes={"email": ADDRESS})
    with store.write() as tx:
        assert tx.feedback.forget_author("bob", NOW) == 1
    assert ids_of(store, two) == [two]


def test_a_forgotten_identifier_is_not_taken_in_again(store: Store) -> None:
    """Of an address that was forgotten nothing is kept, in whatever source it comes back."""
    write(store, "1", author=by("Bob", "u5"), attributes={"email": ADDRESS})
    with store.write() as tx:
        assert tx.feedback.forget_author(ADDRESS, NOW) == 1
        again = item("2", source_id="nps", author=Author(), attributes={"email": ADDRESS.lower()})
        plan = item("3", source_id="nps", author=Author(), attributes={"plan": ADDRESS})
        added = tx.feedback.add([again, plan])
    assert [feedback.external_id for feedback, _ in added] == ["3"]


_DIGESTS = "SELECT digest FROM identities"


def test_no_digest_tells_an_address_without_the_key(tmp_path: Path) -> None:
    """Two databases hold other digests of the same address."""
    found = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        provide_tables(folder / "store.db")
        store = open_store(f"sqlite:///{folder}/store.db", migrate=False)
        write(store, "1", attributes={"email": ADDRESS})
        store.close()
        with sqlite3.connect(folder / "store.db") as connection:
            found.append({digest for (digest,) in connection.execute(_DIGESTS)})
        connection.close()
    assert len(found[0]) == len(found[1]) == 2
    assert not found[0] & found[1]


PEOPLE = st.integers(0, 5)
STEPS = st.lists(st.tuples(st.booleans(), PEOPLE, PEOPLE), max_size=8)


_rounds = count()


def _links_give_components(url: str, steps: list[tuple[bool, int, int]]) -> None:
    """After any links and unlinks a customer is what the links that are left join."""
    # One database serves all examples: each has people of its own.
    source = f"s{next(_rounds)}"
    store = open_store(url)
    ids = [
        write(store, str(n), source_id=source, author=by(f"{source}p{n}"), link_by=())
        for n in range(6)
    ]
    left: set[frozenset[int]] = set()
    for is_link, first, second in steps:
        names = [f"{source}:{source}p{one}" for one in (first, second)]
        pair = frozenset((first, second))
        fits = len(pair) == 2 and (pair in left) is not is_link
        with store.write() as tx:
            change: Callable[..., object] = tx.customers.link if is_link else tx.customers.unlink
            if fits:
                change(*names, actor=ANNA, at=NOW)
                (left.add if is_link else left.remove)(pair)
            else:
                with pytest.raises(CustomerError):
                    change(*names, actor=ANNA, at=NOW)
    edges = [(min(pair), max(pair)) for pair in left]
    roots = find_components(range(6), edges)
    for one in {end for edge in edges for end in edge}:
        expected = [ids[other] for other in range(6) if roots[other] == roots[one]]
        assert ids_of(store, ids[one]) == expected
    store.close()


@settings(max_examples=20)
@given(STEPS)
def test_links_in_any_order_give_what_the_rows_say(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, int, int]]
) -> None:
    """On SQLite: components are those of the links that are left."""
    folder = tmp_path_factory.mktemp("links")
    provide_tables(folder / "store.db")
    _links_give_components(f"sqlite:///{folder}/store.db", steps)


@pytest.mark.postgres
@settings(max_examples=20)
@given(STEPS)
def test_links_in_any_order_give_what_the_rows_say_on_postgres(
    shared_postgres_url: str, steps: list[tuple[bool, int, int]]
) -> None:
    """On PostgreSQL: components are those of the links that are left."""
    _links_give_components(shared_postgres_url, steps)
