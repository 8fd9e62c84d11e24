"""Feedback goes into both databases once, comes back as it was, and is found again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain.feedback import (
    Analysis,
    Author,
    Feedback,
    Kind,
    Label,
    Markup,
    Rating,
    Scale,
    Sentiment,
    Signal,
    VaderScores,
)
from monitor.domain.tokens import normalize_text
from monitor.errors import StoreError
from monitor.store import KnownFeedback, SourceCount, Store, open_store
from tests.integration.store_values import NOW, item, stored

FULL = (
    Feedback(
        source_id="app",
        external_id="full",
        kind=Kind.REVIEW,
        title="Böse Überraschung",
        body="Crash 💥 beim Öffnen\nzweite Zeile",
        markup=Markup.TEXT,
        author=Author(name="Zoë", id="u9", reach=12),
        created_at=NOW - timedelta(hours=2),
        edited_at=NOW - timedelta(hours=1),
        first_seen_at=NOW,
        url="https://example.org/r/1",
        thread_id="t",
        parent_id="p",
        language="de-AT",
        rating=Rating(2, Scale.CES7),
        score=-3,
        replies=4,
        app_version="1.2",
        question="Why?",
        attributes={"plan": "größer"},
    ),
    Analysis(
        text="Crash",
        words="crash 💥",
        language="de",
        unscored="",
        vader=VaderScores(-0.5, 0.4, 0.6, 0.0),
        sentiment=Sentiment(Label.NEGATIVE, -0.5),
        problem=0.75,
        signals=(Signal("crash", ("Crash", "💥")),),
        stage="use",
        touchpoint="product",
        drivers=("quality", "speed"),
        emotion="anger",
        why=("stars",),
    ),
)


def test_a_feedback_with_every_field_comes_back_as_it_was(store: Store) -> None:
    """Nothing of a feedback and its analysis is lost or changed, except that it has an id."""
    [(feedback, analysis)] = stored(store, FULL)

    with store.read() as tx:
        assert (
            (replace(FULL[0], id=feedback.id), FULL[1])
            == tx.feedback.get(feedback.id)
            == (feedback, analysis)
        )


def test_what_was_not_analysed_comes_back_as_none(store: Store) -> None:
    """An analyzer that does not exist is told apart from one that found nothing."""
    nothing = replace(
        FULL[1], vader=None, sentiment=None, signals=(), drivers=(), stage=None, problem=None
    )
    [(feedback, _)] = stored(store, (FULL[0], nothing))
    [(other, _)] = stored(store, item("bare"))

    with store.read() as tx:
        assert (feedback, nothing) == tx.feedback.get(feedback.id)
        assert (other, Analysis(text="It crashes", words="it crashes")) == tx.feedback.get(other.id)


@pytest.mark.parametrize(
    "at",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        datetime(1999, 12, 31, 23, 59, 59, 1, tzinfo=timezone(-timedelta(hours=11))),
    ],
)
def test_times_come_back_as_the_same_moment_in_utc(store: Store, at: datetime) -> None:
    """Years 1 to 9999 and any offset survive both databases."""
    [(feedback, _)] = stored(store, item(created_at=at, first_seen_at=at, edited_at=at))

    with store.read() as tx:
        found = tx.feedback.get(feedback.id)

    assert found is not None
    assert [at, at, at] == [found[0].created_at, found[0].edited_at, found[0].first_seen_at]
    assert found[0].created_at is not None
    assert found[0].created_at.tzinfo is UTC


def test_an_offset_that_leads_out_of_the_calendar_gives_its_edge(store: Store) -> None:
    """A source's impossible time does not stop it for ever."""
    before = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    [(feedback, _)] = stored(store, item(created_at=before))

    with store.read() as tx:
        found = tx.feedback.get(feedback.id)

    assert found is not None
    assert datetime(1, 1, 1, tzinfo=UTC) == found[0].created_at


def test_a_time_without_offset_is_refused(store: Store) -> None:
    """A naive time is a mistake of the program: it is refused in one line, and nothing is
    stored.
    """
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(StoreError, match="offset") as caught:
        stored(store, item("good"), item("naive", created_at=NOW, edited_at=naive))

    assert "\n" not in str(caught.value)
    with store.read() as tx:
        assert tx.feedback.count_by_source() == ()


def test_nul_and_lone_surrogates_are_storable_everywhere(store: Store) -> None:
    """Text that no database can hold is made to fit at the store's edge, keys included, and found
    by the same key.
    """
    feedback = Feedback(
        source_id="app",
        external_id="a\0b\ud800",
        body="x\0y\udfff z",
        first_seen_at=NOW,
        author=Author(name="\0\ud83d\udca5"),
        attributes={"pl\0an": "\ud800"},
    )
    analysis = Analysis(
        text="x\0", words="x\0y z", why=("\0\udfff",), signals=(Signal("s\0", ("\ud800",)),)
    )

    [(added, _)] = stored(store, (feedback, analysis))

    with store.read() as tx:
        found = tx.feedback.get(added.id)
        assert {feedback.key} == set(tx.feedback.find_known([feedback.key]))
        assert len(list(tx.feedback.search_candidates(((("xy", False),),)))) == 1
    assert stored(store, (feedback, analysis)) == []
    assert found is not None
    assert (found[0].external_id, found[0].body, found[0].author.name) == (
        "ab\ufffd",
        "xy\ufffd z",
        "💥",
    )
    assert found[0].attributes == {"plan": "\ufffd"}
    assert (("\ufffd",), (Signal("s", ("\ufffd",)),)) == (found[1].why, found[1].signals)


def test_numbers_beyond_64_bits_are_bounded(store: Store) -> None:
    """A hostile count does not stop a source."""
    [(feedback, _)] = stored(store, item(score=10**30, replies=-(10**30)))

    with store.read() as tx:
        found = tx.feedback.get(feedback.id)

    assert found is not None
    assert (found[0].score, found[0].replies) == (2**63 - 1, -(2**63 - 1))


def test_very_long_keys_and_words_are_storable(store: Store) -> None:
    """Neither index refuses a long id, a long word or a text of very many words, and each is found
    again.
    """
    many = " ".join(f"{number:x}word" for number in range(130_000))
    long = item("k" * 20_000, "w" * 20_000)
    other = item("k" * 20_001, many)

    assert len(stored(store, long, other)) == 2
    assert stored(store, long, other) == []
    with store.read() as tx:
        assert {long[0].key, other[0].key} == set(
            tx.feedback.find_known([long[0].key, other[0].key])
        )
        for word in ("w" * 20_000, "1fbcfword"):
            found = tx.feedback.search_candidates((((word, False),),))
            assert any(word in analysis.words.split() for _, analysis in found)


def test_adding_twice_adds_once(store: Store) -> None:
    """Only what is new comes back, in the order given, also when a batch holds it twice."""
    first = stored(store, item("1"), item("2"))
    again = stored(store, item("2"), item("3"), item("3", "another body"), item("1"))

    assert [feedback.external_id for feedback, _ in first] == ["1", "2"]
    assert [feedback.external_id for feedback, _ in again] == ["3"]
    with store.read() as tx:
        assert (SourceCount(source_id="app", count=3, newest=NOW),) == tx.feedback.count_by_source()
        assert [feedback.body for feedback, _ in tx.feedback.iterate_stored()] == ["It crashes"] * 3


def test_known_tells_what_is_stored(store: Store) -> None:
    """Of many keys the stored ones are told with their hash, the others left out."""
    added = stored(store, *(item(str(number)) for number in range(300)))
    expected = {
        feedback.key: KnownFeedback(feedback.id, feedback.content_hash, NOW)
        for feedback, _ in added
    }

    with store.read() as tx:
        assert expected == tx.feedback.find_known([*expected, ("app", "none"), ("other", "1")])
        assert tx.feedback.find_known([]) == {}


def test_ids_grow_with_the_time_of_writing(store: Store) -> None:
    """A source that hands over the newest first still gets ids in order of time within a batch."""
    items = [item(str(number), created_at=NOW - timedelta(minutes=number)) for number in range(5)]
    added = stored(store, *items)

    assert [feedback for feedback, _ in items] == [replace(feedback, id=0) for feedback, _ in added]
    assert sorted((feedback.id for feedback, _ in added), reverse=True) == [
        feedback.id for feedback, _ in added
    ]


def test_two_writers_add_each_item_once(store: Store) -> None:
    """Threads that add the same items in other orders together count each as new once, and none is
    lost.
    """
    items = [item(str(number)) for number in range(120)]
    start = threading.Barrier(4)

    def add(turn: int) -> int:
        mine = items[turn * 30 :] + items[: turn * 30]
        start.wait()
        return sum(len(stored(store, *mine[at : at + 20])) for at in range(0, len(mine), 20))

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(add, range(4))) == 120
    with store.read() as tx:
        assert len({feedback.external_id for feedback, _ in tx.feedback.iterate_stored()}) == 120


def test_an_exception_in_the_middle_leaves_nothing(store: Store) -> None:
    """What was written before a crash in the same transaction is gone, in every table and in the
    index.
    """
    with pytest.raises(ZeroDivisionError):
        _crash_after_adding(store)

    with store.read() as tx:
        assert (tx.feedback.get(1), tx.feedback.count_by_source()) == (None, ())
        assert list(tx.feedback.search_candidates(((("crashes", False),),))) == []


def _crash_after_adding(store: Store) -> None:
    with store.write() as tx:
        tx.feedback.add([item()])
        _ = 1 / 0


def test_a_reader_cannot_write(store: Store) -> None:
    """A transaction opened for reading refuses to change anything."""
    with pytest.raises(StoreError), store.read() as tx:
        tx.feedback.add([item()])


def test_a_reader_sees_one_moment(store: Store) -> None:
    """What is committed while a reader reads is not seen by it, and the writer does not wait."""
    stored(store, item("1"))
    with store.read() as tx:
        before = tx.feedback.count_by_source()
        stored(store, item("2"))
        assert before == tx.feedback.count_by_source()


def test_revising_replaces_the_text_everywhere(store: Store) -> None:
    """An edited feedback keeps its id and first sighting, and is found by its new words only."""
    [(feedback, _)] = stored(store, item("1", "slow login"))
    edited = item(
        "1", "great now", id=feedback.id, rating=Rating(5), first_seen_at=NOW + timedelta(days=1)
    )
    missing = item("2", id=999)

    with store.write() as tx:
        assert tx.feedback.revise([edited, missing]) == 1

    with store.read() as tx:
        assert (replace(edited[0], first_seen_at=NOW), edited[1]) == tx.feedback.get(feedback.id)
        assert list(tx.feedback.search_candidates(((("slow", False),),))) == []
        assert len(list(tx.feedback.search_candidates(((("great", False),),)))) == 1
        assert (
            edited[0].content_hash
            == tx.feedback.find_known([feedback.key])[feedback.key].content_hash
        )


def test_each_streams_in_order_within_bounds(store: Store) -> None:
    """Every page is handed out, in the order of storing, and only what was asked for."""
    for number in range(6):
        hours = [
            item(f"{number}-{hour}", created_at=NOW + timedelta(hours=hour)) for hour in range(200)
        ]
        stored(store, *hours, item(f"other-{number}", source_id="web"))

    with store.read() as tx:
        everything = [feedback.id for feedback, _ in tx.feedback.iterate_stored()]
        some = list(
            tx.feedback.iterate_stored(
                source_id="app", since=NOW + timedelta(hours=10), until=NOW + timedelta(hours=12)
            )
        )
        none = list(tx.feedback.iterate_stored(since=NOW + timedelta(days=99)))
        newest_first = [feedback.id for feedback, _ in tx.feedback.search_candidates(())]

    assert sorted(everything) == everything == newest_first[::-1]
    assert (len(everything), len(some), none) == (1206, 12, [])
    assert {"10", "11"} == {feedback.external_id.split("-")[1] for feedback, _ in some}


def test_counts_may_start_at_a_time(store: Store) -> None:
    """Each source is counted from the given time on, with its newest."""
    stored(
        store,
        item("1", created_at=NOW - timedelta(days=9)),
        item("2"),
        item("3", source_id="web", created_at=None),
    )

    with store.read() as tx:
        recent = tx.feedback.count_by_source(NOW - timedelta(days=1))

    assert [(one.source_id, one.count, one.newest) for one in recent] == [
        ("app", 1, NOW),
        ("web", 1, NOW),
    ]


_TEXT = st.text(
    st.one_of(
        st.sampled_from("abz019 '’#@+$€£%*\":()-&|!\\😀👍🏽🇩🇪ßİΣéкитай漢字カナ한국ไทยहिन्दी"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=30,
)


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def shared_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """One store for all examples of a property."""
    if request.param == "postgres":
        url = request.getfixturevalue("shared_postgres_url")
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('shared')}/store.db"
    opened = open_store(url)
    yield opened
    opened.close()


@given(st.lists(_TEXT, min_size=1, max_size=8), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_candidates_never_miss(shared_store: Store, texts: list[str], data: st.DataObject) -> None:
    """Whatever a slow filter over the words finds, the index finds too; for whole words it finds
    nothing else.

    A prefix may find more: letters outside of ASCII are held under other names, which may begin
    like a word.
    """
    vocabulary = sorted(
        {word for text in texts for word in normalize_text(text).split()} | {"crash", "#"}
    )
    word = st.sampled_from(vocabulary)
    part = st.tuples(word, st.booleans(), st.integers(1, 4)).map(
        lambda drawn: (drawn[0][: drawn[2]], True) if drawn[1] else (drawn[0], False)
    )
    all_of = tuple(
        map(tuple, data.draw(st.lists(st.lists(part, min_size=1, max_size=3), max_size=3)))
    )

    with shared_store.write() as tx:
        tx.feedback.purge([feedback.key for feedback, _ in tx.feedback.iterate_stored()], NOW)
        tx.feedback.add([item(str(number), text) for number, text in enumerate(texts)])
        found = {feedback.external_id for feedback, _ in tx.feedback.search_candidates(all_of)}

    wanted = {
        str(number)
        for number, text in enumerate(texts)
        if _satisfies(normalize_text(text).split(), all_of)
    }
    assert wanted <= found
    if not any(prefix for any_of in all_of for _, prefix in any_of):
        assert wanted == found


def _satisfies(words: list[str], all_of: tuple[tuple[tuple[str, bool], ...], ...]) -> bool:
    return all(
        any(
            word.startswith(part) if prefix else word == part
            for part, prefix in any_of
            for word in words
        )
        for any_of in all_of
    )


@pytest.mark.parametrize(
    "clause", [(), (("", False),), (("", True), ("x", False)), (("two words", False),)]
)
def test_a_clause_that_is_no_word_is_left_out(
    store: Store, clause: tuple[tuple[str, bool], ...]
) -> None:
    """What the index cannot answer narrows nothing, instead of losing something."""
    stored(store, item("1"), item("2", "Fine"))

    with store.read() as tx:
        assert len(list(tx.feedback.search_candidates((clause,)))) == 2
        assert len(list(tx.feedback.search_candidates((clause, (("fine", False),))))) == 1


def test_candidates_keep_to_source_and_time(store: Store) -> None:
    """A search may be narrowed to a source and a span of time."""
    stored(
        store, item("1"), item("2", source_id="web"), item("3", created_at=NOW - timedelta(days=2))
    )

    with store.read() as tx:
        search = tx.feedback.search_candidates(((("crash", True),),), source_id="app", since=NOW)
        assert [feedback.external_id for feedback, _ in search] == ["1"]
