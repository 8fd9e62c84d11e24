"""A digest about a segment or a persona, and that a person counts once wherever customers are told
apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from monitor.digest.build import DigestRequest
from monitor.digest.make import DigestWorkshop
from monitor.digest.scope import DigestScope
from monitor.digest.snapshot import load_digest
from monitor.domain.digest import Audience, Digest
from monitor.domain.digest_schedule import DigestOrder, DigestTarget
from monitor.domain.feedback import Kind, Label, Rating, Scale
from monitor.domain.measure import Measure
from monitor.domain.period import Period
from monitor.domain.segment import resolve_scope
from monitor.errors import ConfigError
from monitor.settings import Settings
from monitor.store import Store
from monitor.testing import memory_store
from tests.world.feedback_writer import IN_THE_WEEK, Writer

WEEK = Period.from_name("2026-W47")
NOW = WEEK.until + timedelta(hours=9)
LATER = IN_THE_WEEK + timedelta(days=1)
BRAND = {
    "segments": ["plan"],
    "places": "shop",
    "personas": [
        {"name": "Parents", "query": "kids", "attributes": {"plan": ["team", "pro"]}},
        {"name": "Owners", "query": '"my shop"'},
    ],
}


@pytest.fixture(name="store")
def _store() -> Iterator[Store]:
    store = memory_store()
    yield store
    store.close()


@pytest.fixture(name="writer")
def _writer(store: Store) -> Writer:
    return Writer(store)


def workshop(store: Store) -> DigestWorkshop:
    """A workshop with two sources, two personas, a segment and places."""
    sources = [{"id": "shop", "kind": "feed"}, {"id": "survey", "kind": "csv_file"}]
    settings = Settings.model_validate({"sources": sources, "brand": BRAND})
    return DigestWorkshop(store, settings, str)


def build(store: Store, scope: str = "") -> Digest:
    """The digest of the week about a scope."""
    works = workshop(store)
    wanted = DigestScope.from_name(scope, works.settings.brand.personas)
    return works.build(DigestRequest(WEEK, wanted), NOW)


def read(store: Store, digest: Digest) -> str:
    """The digest in plain text, on one line."""
    return re.sub(r"\s+", " ", workshop(store).word(digest, Audience.LEADERSHIP).text)


def find_measure(digest: Digest, key: str) -> Measure:
    """One measure of a digest."""
    found: Measure = next(one.measure for one in digest.parts["numbers"].measures if one.key == key)
    return found


def find_counts(digest: Digest, part: str) -> dict[str, tuple[int, float | None]]:
    """By segment or place how many count there, and the balance of these."""
    values = digest.parts[part]
    rows = values.tables[0].values if part == "segments" else values.places
    return {row.name: (row.n, row.raw) for row in rows}


def test_a_persona_is_what_a_whole_digest_is_about(store: Store, writer: Writer) -> None:
    """Words and attributes must both hold; everybody else is left out of every figure."""
    writer.write(40, body="The kids love it", attributes={"plan": "team"}, label=Label.POSITIVE)
    writer.write(7, body="The kids hate it", attributes={"plan": "free"}, label=Label.NEGATIVE)
    writer.write(9, body="It is slow", attributes={"plan": "team"}, label=Label.NEGATIVE)
    digest = build(store, "parents")
    assert (digest.id, digest.scope, digest.few) == ("2026-W47.Parents", "Parents", None)
    assert find_measure(digest, "volume").n == 40
    assert find_measure(digest, "balance").value == 100
    said = read(store, digest)
    assert "(Parents)" in said
    assert "with care" not in said.partition("Who says what")[0]


def test_a_persona_of_a_few_people_is_read_with_care(store: Store, writer: Writer) -> None:
    """Below thirty people the first screen says so, and it survives being stored."""
    writer.write(12, body="I sell it in my shop")
    writer.write(60)
    order = DigestOrder(id="1", target=DigestTarget(channel="C1", segment="Owners"), at=NOW)
    made = workshop(store).make(order, NOW)
    assert made.snapshot is not None
    assert (made.snapshot.scope, load_digest(made.snapshot.body).few) == ("Owners", 12)
    text = re.sub(r"\s+", " ", made.post.text)
    assert "Owners has 12 people, fewer than 30: read all of it with care." in text
    assert build(store).few is None


def test_a_persona_is_no_part_of_its_own_digest(store: Store, writer: Writer) -> None:
    """Who else is among them is told; that they are themselves is not."""
    writer.write(9, body="The kids are in my shop", attributes={"plan": "pro"})
    personas = build(store, "Owners").parts["segments"].personas
    assert [(one.name, one.n) for one in personas] == [("Parents", 9)]


def test_a_persona_that_nobody_has_is_refused_in_a_sentence(store: Store) -> None:
    """A digest that was ordered for it fails for good, with what to write instead."""
    order = DigestOrder(id="1", target=DigestTarget(channel="C1", segment="Ghosts"), at=NOW)
    with pytest.raises(ConfigError, match="'Ghosts' is no persona of \\[brand\\] and no segment"):
        workshop(store).make(order, NOW)


@pytest.mark.parametrize(
    ("typed", "resolved"),
    [("", ""), ("  shop   OWNERS ", "Shop owners"), (" plan = pro ", "plan=pro")],
)
def test_a_scope_is_named_by_segment_or_persona(typed: str, resolved: str) -> None:
    """Spaces and the case of a persona's name do not matter."""
    assert resolve_scope(typed, ["Shop owners"]) == resolved


@pytest.mark.parametrize("scope", ["plan=team", "Parents"])
def test_a_person_who_answers_again_counts_once_in_a_part(
    store: Store, writer: Writer, scope: str
) -> None:
    """The last answer counts, in each survey by itself; the volume counts both."""
    mine: dict[str, Any] = {"attributes": {"plan": "team"}, "body": "kids", "author": "Ann"}
    writer.write(rating=Rating(2, Scale.NPS), source_id="survey", **mine)
    writer.write(rating=Rating(10, Scale.NPS), source_id="survey", at=LATER, **mine)
    writer.write(rating=Rating(1), label=Label.NEGATIVE, **mine)
    writer.write(5, rating=Rating(0, Scale.NPS), source_id="survey", attributes={"plan": "free"})
    digest = build(store, scope)
    nps = find_measure(digest, "nps:survey")
    assert (nps.value, nps.n) == (100, 1)
    assert find_measure(digest, "stars:shop").n == 1
    assert find_measure(digest, "volume").n == 3


@pytest.mark.parametrize("scope", ["plan=team", "Parents"])
def test_two_questions_are_two_surveys_in_a_part_too(
    store: Store, writer: Writer, scope: str
) -> None:
    """A person counts with the last answer to each question."""
    mine: dict[str, Any] = {"attributes": {"plan": "team"}, "body": "kids", "kind": Kind.SURVEY}
    for value, question in ((1, "Shop?"), (9, "App?")):
        for again in (False, True):
            writer.write(
                rating=Rating(value + again, Scale.NPS),
                source_id="survey",
                author="Ann",
                at=LATER if again else IN_THE_WEEK,
                question=question,
                **mine,
            )
    digest = build(store, scope)
    assert (find_measure(digest, "nps:survey:Shop?").value) == -100
    assert (find_measure(digest, "nps:survey:App?").value) == 100
    assert find_measure(digest, "nps:survey:App?").n == 1


def test_a_person_counts_once_in_each_segment_and_place(store: Store, writer: Writer) -> None:
    """With the last feedback there; one who was at two shops counts at both, strangers each."""
    for shop, at, label in (
        ("Berlin", IN_THE_WEEK, Label.NEGATIVE),
        ("Berlin", LATER, Label.POSITIVE),
        ("Rome", LATER + timedelta(hours=1), Label.NEGATIVE),
    ):
        person = {"shop": shop, "plan": "team"}
        writer.write(at=at, label=label, author="Ann", attributes=person)
    writer.write(2, label=Label.NEGATIVE, attributes={"shop": "Berlin", "plan": "pro"})
    digest = build(store)
    assert find_counts(digest, "places") == {
        "Berlin": (3, pytest.approx(-100 / 3)),
        "Rome": (1, -100),
    }
    assert find_counts(digest, "segments") == {"team": (1, -100), "pro": (2, -100)}
    within = build(store, "plan=team")
    assert find_counts(within, "places") == {"Berlin": (1, 100), "Rome": (1, -100)}


def test_a_person_counts_once_in_a_persona(store: Store, writer: Writer) -> None:
    """With the last feedback that shows who it is, whatever else was written later."""
    writer.write(body="closed my shop", author="Ann", label=Label.NEGATIVE)
    writer.write(body="my shop is open", author="Ann", label=Label.POSITIVE, at=LATER)
    writer.write(author="Ann", label=Label.NEGATIVE, at=LATER + timedelta(hours=1))
    [owners] = [one for one in build(store).parts["segments"].personas if one.name == "Owners"]
    assert (owners.n, owners.balance.value) == (1, 100)
