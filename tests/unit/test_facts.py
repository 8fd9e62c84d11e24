"""Facts beyond the feedback itself: what rules ask for is loaded as of the arrival, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.domain.facts import NO_FACTS, NO_NEEDED_FACTS, NeededFacts, StoredFacts
from monitor.domain.feedback import Analysis, Author, Evidence, Feedback
from monitor.domain.tokens import normalize_text
from monitor.pipeline.facts import add_facts
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.store import Store, Transaction
from monitor.testing import NOON, make_feedback, memory_store
from rules.conditions.first_time_author import FirstTimeAuthorCondition
from rules.conditions.similar_count import SimilarCountCondition
from rules.engine import Engine
from rules.load import parse_rules

POLICY = AlertPolicy()
SENTENCE = "since the update on monday the login page shows me only a white screen"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


class ReadCountingStore(Store):
    """The store in memory, which counts the transactions that read."""

    reads = 0

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that counts."""
        self.reads += 1
        with super().read() as tx:
            yield tx


@pytest.fixture
def store() -> Iterator[ReadCountingStore]:
    opened = memory_store()
    yield ReadCountingStore(opened._engine, opened._url)
    opened.close()


def build_engine(*conditions: dict[str, object], mode: str = "live") -> Engine:
    """An engine of one rule, which alerts for each feedback."""
    rule = {"id": "r", "mode": mode, "group_by": "feedback", "all": list(conditions)}
    return Engine(parse_rules({"rules": [rule]}, "rules.toml"))


def build_ingest(store: Store, *conditions: dict[str, object], mode: str = "live") -> Ingest:
    """An ingest with one rule."""
    return Ingest(store, Analyzer(deep=False), build_engine(*conditions, mode=mode), "#support")


def by(name: str, body: str = "fine", *, minutes: int = 0, **more: Any) -> Feedback:
    """A feedback that was written so many minutes after noon, and is not stored yet."""
    at = NOON + minutes * MINUTE
    item = make_feedback(body, source_id="shop", author=name, created_at=at)
    return replace(item, first_seen_at=at, **more)


def evidence(item: Feedback, at: datetime = NOON) -> Evidence:
    """What a condition is shown."""
    analysis = Analysis(text=item.body, words=normalize_text(item.body))
    return Evidence(feedback=item, analysis=analysis, now=at)


def keep(store: Store, *items: Feedback) -> list[Feedback]:
    """Store feedback; return it with the ids."""
    rows = [(item, evidence(item).analysis) for item in items]
    with store.write() as tx:
        return [item for item, _ in tx.feedback.add(rows)]


def find_first(store: Store, *evidences: Evidence) -> list[bool | None]:
    with store.read() as tx:
        found = add_facts(tx, evidences, NeededFacts(first_by_author=True))
    return [one.facts.is_first_by_author for one in found]


def find_copies(store: Store, *evidences: Evidence, within: timedelta = DAY) -> list[int | None]:
    """How many other authors sent a near copy of each."""
    with store.read() as tx:
        found = add_facts(tx, evidences, NeededFacts(copies_within=within))
    return [None if one.facts.copies is None else len(one.facts.copies) for one in found]


def test_who_wrote_nothing_before(store: Store) -> None:
    """By id or by name in the same source; somebody whom the source does not name is not known."""
    keep(
        store, by("anna"), by("berta", source_id="other"), by("x", author=Author(id="7", name="x"))
    )
    given = [
        by("anna"),
        by("berta"),
        by("x"),
        by("y", author=Author(id="7", name="y")),
        by("A Google user"),
        by(""),
    ]
    assert find_first(store, *map(evidence, given)) == [False, True, True, False, None, None]


def test_two_by_one_author_in_one_chunk(store: Store) -> None:
    """The one that was written first is the first, whatever the order of the page."""
    later, earlier, other = by("anna", minutes=9), by("anna", minutes=2), by("berta", minutes=5)
    assert find_first(store, *map(evidence, (later, earlier, other))) == [False, True, True]


def test_an_edit_stays_what_its_first_version_was(store: Store) -> None:
    """Neither its own stored version nor what came after it makes it another's second."""
    first, _, second = keep(store, by("anna"), by("berta"), by("anna", minutes=5))
    new = by("anna", minutes=7)
    now = NOON + DAY
    assert find_first(store, *[evidence(one, now) for one in (new, second, first)]) == [
        False,
        False,
        True,
    ]


def test_what_arrived_later_is_not_known(store: Store) -> None:
    """A time in the past is given what was known then."""
    keep(store, by("anna", SENTENCE, minutes=30))
    now = [evidence(by("anna", SENTENCE), NOON), evidence(by("berta", SENTENCE), NOON)]
    assert find_first(store, *now) == [True, True]
    assert find_copies(store, now[1]) == [0]


def test_copies_are_counted_by_author(store: Store) -> None:
    """Near copies count, each author once, this one and our own accounts not; short texts count
    where they are the same, and a text without words has none.
    """
    keep(
        store,
        by("anna", SENTENCE),
        by("anna", f"{SENTENCE} again", minutes=1),
        by("berta", f"Hello! {SENTENCE.upper()}", minutes=2),
        by("carla", "the parcel came two days late and the box was broken"),
        by("brand", SENTENCE, own=True),
        by("dora", "Worst app ever!"),
        by("emil", "worst app"),
    )
    at = NOON + 5 * MINUTE
    given = [by("anna", SENTENCE), by("fred", f"{SENTENCE} help"), by("gina", "worst app ever")]
    given += [by("hugo", "?!"), by("ida", "fine")]
    assert find_copies(store, *[evidence(one, at) for one in given]) == [1, 2, 1, None, 0]


def test_nobody_knows_how_many_are_unnamed(store: Store) -> None:
    """All whom a source does not name are one author there; another source has others."""
    keep(store, by("", SENTENCE), by("A Google user", SENTENCE), by("", SENTENCE, source_id="b"))
    assert find_copies(store, evidence(by("anna", SENTENCE)), evidence(by("", SENTENCE))) == [2, 2]


def test_copies_in_one_chunk_follow_one_another(store: Store) -> None:
    """The first written has none, the third two, whatever the order of the page."""
    page = [by(name, SENTENCE, minutes=minute) for name, minute in (("a", 3), ("b", 1), ("c", 2))]
    assert find_copies(store, *map(evidence, page)) == [2, 0, 1]


@pytest.mark.parametrize(("minutes", "expected"), [(60, 1), (61, 0)])
def test_copies_leave_the_window(store: Store, minutes: int, expected: int) -> None:
    """The limit itself is in."""
    keep(store, by("anna", SENTENCE))
    given = evidence(by("berta", SENTENCE), NOON + minutes * MINUTE)
    assert find_copies(store, given, within=timedelta(hours=1)) == [expected]


def test_the_condition_counts_in_its_own_time() -> None:
    """What was loaded for a longer time of another rule counts only where it is recent enough."""
    copies = tuple(NOON - hours * timedelta(hours=1) for hours in (0, 1, 3))
    given = replace(evidence(by("anna")), facts=StoredFacts(copies=copies))
    assert SimilarCountCondition({"min": 3, "within": "1h"}).check(given)
    assert SimilarCountCondition({"min": 4, "within": "1h"}).check(given) is None
    clause = SimilarCountCondition(4).check(given)
    assert clause
    assert clause.description == "says nearly the same as others: 4 authors within 1 day"


def test_the_card_names_the_author() -> None:
    """Both answers of the fact read as a sentence; an unknown one gives neither."""
    first = FirstTimeAuthorCondition(True)
    again = FirstTimeAuthorCondition(False)
    for known, said in (
        (True, "is the first by anna here"),
        (False, "is by anna, who wrote here before"),
    ):
        given = replace(evidence(by("anna")), facts=StoredFacts(is_first_by_author=known))
        clauses = [one.check(given) for one in (first, again)]
        assert [one.description for one in clauses if one] == [said]
    assert first.check(evidence(by("anna"))) is again.check(evidence(by("anna"))) is None


@pytest.mark.parametrize(
    "value",
    [1, 1001, "5", {"within": "2h"}, {"min": 5, "within": "30s"}, {"min": 5, "within": "8d"}],
)
def test_limits_of_the_count(value: object) -> None:
    """At least two authors, within a minute to a week."""
    with pytest.raises(ValueError, match=r"(?s)."):
        SimilarCountCondition(value)


def test_ingest_loads_what_its_rules_ask_for(store: ReadCountingStore) -> None:
    """A new author alerts once; the card says why."""
    ingest = build_ingest(store, {"first_time_author": True}, {"text": "broken"})
    page = [
        by("anna", "broken"),
        by("berta", "broken", minutes=1),
        by("anna", "so broken", minutes=2),
    ]
    assert len(ingest(page, NOON, POLICY).opened) == 2
    later = ingest([by("anna", "broken again"), by("carla", "broken now")], NOON + DAY, POLICY)
    assert [alert.members for alert in later.opened] == [1]
    with store.read() as tx:
        ((_, _, clauses, _),) = tx.alerts.members(later.opened[0].id)
    assert clauses[0].description == "is the first by carla here"


def test_several_customers_alert_once_there_are_enough(store: ReadCountingStore) -> None:
    """The third author within the time is the one that alerts."""
    ingest = build_ingest(store, {"similar_count": {"min": 3, "within": "1h"}})
    assert ingest([by("anna", SENTENCE), by("berta", SENTENCE)], NOON, POLICY).opened == ()
    (alert,) = ingest([by("carla", f"{SENTENCE} help")], NOON + MINUTE, POLICY).opened
    with store.read() as tx:
        ((item, _, _, _),) = tx.alerts.members(alert.id)
    assert item.author.name == "carla"


@pytest.mark.parametrize("mode", ["live", "off"])
def test_what_no_rule_asks_for_is_not_loaded(store: ReadCountingStore, mode: str) -> None:
    """A chunk without such a rule is read in one transaction, with one in two; a rule that is off
    asks for nothing.
    """
    build_ingest(store, {"text": "broken"})([by("anna")], NOON, POLICY)
    without = store.reads
    store.reads = 0
    build_ingest(store, {"first_time_author": True}, mode=mode)([by("anna")], NOON + DAY, POLICY)
    assert store.reads - without == (1 if mode == "live" else 0)


def test_an_engine_asks_for_what_all_its_rules_need() -> None:
    """The longest time counts; conditions under `none` ask, too."""
    assert build_engine({"text": "x"}).facts == NO_NEEDED_FACTS
    rules = parse_rules(
        {
            "rules": [
                {"id": "a", "all": [{"similar_count": {"min": 2, "within": "2h"}}]},
                {"id": "b", "all": [{"similar_count": 5}], "none": [{"first_time_author": True}]},
            ]
        },
        "rules.toml",
    )
    assert Engine(rules).facts == NeededFacts(first_by_author=True, copies_within=DAY)
    assert evidence(by("anna")).facts == NO_FACTS
