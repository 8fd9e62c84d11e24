"""What had arrived at a time: who had written before, and which texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from monitor.domain.actor import Actor
from monitor.domain.feedback import Analysis, Author, Feedback
from monitor.domain.tokens import normalize_text
from monitor.domain.verdict import VerdictKind
from monitor.store import Store
from monitor.store.arrivals import FirstArrival
from monitor.testing import NOON, make_feedback, memory_store

HOUR = timedelta(hours=1)


def add(store: Store, *items: Feedback) -> list[int]:
    """Store feedback one after the other; return their ids."""
    ids = []
    for item in items:
        words = normalize_text(item.body)
        with store.write() as tx:
            ((added, _),) = tx.feedback.add([(item, Analysis(text=item.body, words=words))])
        ids.append(added.id)
    return ids


def by(author: Author, hours: int, source_id: str = "shop", body: str = "fine") -> Feedback:
    """A feedback that arrived so many hours after noon."""
    return replace(
        make_feedback(body, source_id=source_id), author=author, first_seen_at=NOON + hours * HOUR
    )


def test_the_first_feedback_of_each_author(store: Store) -> None:
    """By the source's id, whatever the name; by name only of those who have no id there."""
    anna, berta = Author(id="7", name="Anna"), Author(name="Berta")
    ids = add(
        store,
        by(anna, 0),
        by(replace(anna, name="Anna B."), 1),
        by(berta, 2),
        by(Author(id="8", name="Berta"), 3),
        by(berta, 4, source_id="other"),
    )
    with store.read() as tx:
        assert tx.arrivals.find_first_by_id("shop", ["7", "8", "9"]) == {
            "7": FirstArrival(ids[0], NOON),
            "8": FirstArrival(ids[3], NOON + 3 * HOUR),
        }
        assert tx.arrivals.find_first_by_name("shop", ["Anna", "Berta", "Carla"]) == {
            "Berta": FirstArrival(ids[2], NOON + 2 * HOUR)
        }
        assert tx.arrivals.find_first_by_name("shop", []) == {}


@pytest.mark.parametrize("name", ["x" * 5_000, "\ud800", "a\0b", "'; --", "😀" * 500])
def test_any_name_is_found_again(store: Store, name: str) -> None:
    """Whatever somebody calls himself, also where a database would refuse the name as it is."""
    (first,) = add(store, by(Author(name=name), 0))
    with store.read() as tx:
        assert tx.arrivals.find_first_by_name("shop", [name]) == {name: FirstArrival(first, NOON)}


def test_the_texts_of_a_time(store: Store) -> None:
    """Both ends are in; the last to arrive comes first; our own accounts are left out."""
    anna = Author(name="Anna")
    ids = add(
        store,
        by(anna, 0, body="One"),
        by(anna, 1, body="Two!"),
        replace(by(anna, 1, body="ours"), own=True),
        by(Author(id="9"), 2, source_id="other", body="Three"),
        by(anna, 3, body="Four"),
    )
    with store.read() as tx:
        found = list(tx.arrivals.iterate_texts(NOON + HOUR, NOON + 2 * HOUR))
        assert list(tx.arrivals.iterate_texts(NOON - HOUR, NOON - HOUR)) == []
    assert [(one.feedback_id, one.words) for one in found] == [(ids[3], "three"), (ids[1], "two")]
    assert found[0].source_id == "other"
    assert found[0].author == Author(id="9")
    assert found[1].arrived == NOON + HOUR


def test_nothing_is_scanned() -> None:
    """SQLite finds authors and times by an index."""
    listed = "(SELECT value FROM json_each(:keys))"
    where = (
        f"source_id = 'a' AND author_id IN {listed}",
        f"source_id = 'a' AND author_name IN {listed} AND author_id = ''",
        "first_seen_at BETWEEN 'a' AND :keys",
    )
    opened = memory_store()
    with opened._engine.connect() as connection:
        for condition in where:
            sql = f"EXPLAIN QUERY PLAN SELECT min(id) FROM feedback WHERE {condition}"  # noqa: S608
            rows = connection.execute(text(sql), {"keys": "[]"})
            plan = next(row[3] for row in rows if "feedback" in row[3])
            assert plan.startswith("SEARCH feedback USING")
            assert "INDEX ix_feedback_" in plan
    opened.close()


def test_the_problems_of_a_time(store: Store) -> None:
    """Of one source, from the first time to before the second; not what was written a week before,
    what could not be read, or what our own accounts wrote.
    """
    made = [
        ("old", -8 * 24, 1, 0.9, False),
        ("first", 0, 0, 0.5, False),
        ("late", -24, 1, 0.25, False),
        ("unread", 1, 1, None, False),
        ("ours", 1, 1, 0.9, True),
        ("after", 2, 2, 0.9, False),
    ]
    with store.write() as tx:
        for name, written, arrived, problem, own in made:
            item = make_feedback(name, external_id=name, created_at=NOON + written * HOUR)
            item = replace(item, source_id="shop", first_seen_at=NOON + arrived * HOUR, own=own)
            tx.feedback.add([(item, Analysis(text=name, words=name, problem=problem))])
    with store.read() as tx:
        found = sorted(tx.arrivals.iterate_problems("shop", NOON, NOON + 2 * HOUR))
        assert not list(tx.arrivals.iterate_problems("other", NOON, NOON + 2 * HOUR))
    assert sorted((one.written, one.arrived, one.problem) for one in found) == [
        (NOON - 24 * HOUR, NOON + HOUR, 0.25),
        (NOON, NOON, 0.5),
    ]


def test_what_the_team_said_of_problems(store: Store) -> None:
    """The last verdict before a time on each feedback of a source, of those judged last."""
    items = [
        make_feedback(f"text {number}", source_id=source, external_id=str(number))
        for number, source in enumerate(["shop", "shop", "shop", "other"])
    ]
    with store.write() as tx:
        added = tx.feedback.add(
            [
                (item, Analysis(text=item.body, words=item.body, problem=number / 4))
                for number, item in enumerate(items)
            ]
        )
        said = [(0, "no", 0), (0, "yes", 2), (1, "no", 3), (2, "no", 9), (3, "yes", 1)]
        for which, value, hours in said:
            actor = Actor.parse(f"user:U{hours}")
            at = NOON + hours * HOUR
            tx.verdicts.add(added[which][0].id, VerdictKind.USEFUL, value, actor=actor, at=at)
        tx.verdicts.add(
            added[0][0].id, VerdictKind.SENTIMENT, "mixed", actor=Actor.parse("user:U1"), at=NOON
        )
    before = NOON + 9 * HOUR
    with store.read() as tx:
        found = tx.verdicts.list_judged_problems("shop", before, 10)
        last = tx.verdicts.list_judged_problems("shop", before, 1)
        assert tx.verdicts.list_judged_problems("shop", NOON, 10) == []
    assert found == [(0.0, True), (0.25, False)]
    assert last == [(0.25, False)]
