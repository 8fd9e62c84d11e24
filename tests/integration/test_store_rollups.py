"""What is kept ready is what would be counted: over any history, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain.actor import Actor
from monitor.domain.feedback import (
    Analysis,
    Author,
    Feedback,
    Kind,
    Label,
    Rating,
    Scale,
    Sentiment,
)
from monitor.domain.rollup import (
    Grain,
    RawSpan,
    RollupCell,
    RollupKey,
    StoredSpan,
    split_into_spans,
    subtract_cells,
)
from monitor.domain.verdict import VerdictKind
from monitor.store import Store, Transaction, open_store

START = datetime(2026, 10, 30, 22, tzinfo=UTC)
END = START + timedelta(days=5)
FIRST_MOMENT = datetime(1, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 5 * 24 * 4 - 1).map(
    lambda quarter: START + quarter * timedelta(minutes=15)
)
RATINGS = st.sampled_from(
    [None, Rating(1), Rating(4.25), Rating(10, Scale.NPS), Rating(0, Scale.THUMBS)]
)
NAMES = st.sampled_from(["Anna", "Ben", "Carla"])
SOURCES = st.sampled_from(["app", "survey"])


@st.composite
def feedback_items(draw: st.DrawFn) -> tuple[Feedback, Analysis]:
    """A feedback of one of a dozen keys, and what was read out of it."""
    item = Feedback(
        source_id=draw(SOURCES),
        external_id=str(draw(st.integers(0, 11))),
        kind=draw(st.sampled_from([Kind.POST, Kind.SURVEY])),
        body=draw(st.sampled_from(["Fine", "Broken"])),
        author=Author(name=draw(NAMES)),
        created_at=draw(MOMENTS),
        rating=draw(RATINGS),
        question=draw(st.sampled_from(["", "How was it?"])),
        own=draw(st.integers(0, 9)) == 0,
    )
    label = draw(st.sampled_from([None, *Label]))
    analysis = Analysis(
        text=item.body,
        words=item.body.lower(),
        sentiment=None if label is None else Sentiment(label, 0.0),
        problem=draw(st.sampled_from([None, 0.2, 0.5, 0.9])),
        stage=draw(st.sampled_from([None, "use", "support"])),
        touchpoint=draw(st.sampled_from([None, "product"])),
    )
    return item, analysis


STEPS = st.one_of(
    st.tuples(st.just("ingest"), st.lists(feedback_items(), min_size=1, max_size=8)),
    st.tuples(st.just("edit"), st.lists(feedback_items(), min_size=1, max_size=4)),
    st.tuples(
        st.just("verdict"),
        st.tuples(
            st.integers(0, 30),
            st.sampled_from(
                [
                    (VerdictKind.SENTIMENT, "mixed"),
                    (VerdictKind.SENTIMENT, "positive"),
                    (VerdictKind.STAGE, "purchase"),
                    (VerdictKind.USEFUL, "no"),
                ]
            ),
            st.sampled_from(["U1", "U2"]),
            MOMENTS,
        ),
    ),
    st.tuples(st.just("delete"), st.tuples(SOURCES, st.integers(0, 11))),
    st.tuples(st.just("forget"), NAMES),
    st.tuples(st.just("rebuild"), st.none()),
)


def take_step(store: Store, step: tuple[str, object]) -> None:
    """Do to the store what a step says."""
    match step:
        case ("ingest", list(items)):
            with store.write() as tx:
                tx.feedback.add(items)
        case ("edit", list(items)):
            with store.write() as tx:
                tx.feedback.revise(list(_stored_ones(tx, items)))
        case (
            "verdict",
            (int(which), (VerdictKind() as kind, str(value)), str(who), datetime() as at),
        ):
            with store.write() as tx:
                tx.verdicts.add(which, kind, value, actor=Actor.slack(who), at=at)
        case ("delete", (str(source_id), int(number))):
            with store.write() as tx:
                tx.feedback.purge([(source_id, str(number))], END)
        case ("forget", str(name)):
            with store.write() as tx:
                tx.feedback.forget_author(name, END)
        case ("rebuild", None):
            rebuild_all(store)
        case _:
            raise AssertionError(step)


def _stored_ones(
    tx: Transaction, items: Iterable[tuple[Feedback, Analysis]]
) -> Iterator[tuple[Feedback, Analysis]]:
    """The items that are stored, once each and with their ids: an edit never changes the time."""
    once = {item.key: (item, analysis) for item, analysis in items}
    for key, known in tx.feedback.find_known(once).items():
        item, analysis = once[key]
        yield replace(item, id=known.id, first_seen_at=known.first_seen_at), analysis


def rebuild_all(store: Store) -> None:
    """Count every month anew, each in a transaction of its own."""
    with store.read() as tx:
        months = tx.rollups.list_months()
    for month in months:
        with store.write() as tx:
            tx.rollups.rebuild_month(month)


def count_raw(tx: Transaction, since: datetime, until: datetime) -> Counter[RollupKey]:
    """What a reader of all feedback and verdicts would count, without the store's SQL."""
    found: Counter[RollupKey] = Counter()
    for item, analysis in tx.feedback.iterate_stored(since=since, until=until):
        if item.own:
            continue
        said = {one.kind: one.value for one in tx.verdicts.list_for_feedback(item.id)}
        label = str(analysis.sentiment.label) if analysis.sentiment else ""
        rating = item.rating
        on_scale = rating is not None and rating.scale in (
            Scale.NPS,
            Scale.CSAT5,
            Scale.CES7,
            Scale.CES5,
        )
        key = RollupKey(
            source_id=item.source_id,
            stage=said.get(VerdictKind.STAGE, analysis.stage or ""),
            touchpoint=analysis.touchpoint or "",
            label=said.get(VerdictKind.SENTIMENT, label),
            scale=str(rating.scale) if rating else "",
            tenths=int(rating.value * 10 + 0.5) if rating else 0,
            problem=analysis.problem is not None and analysis.problem >= 0.5,
            asked=item.kind is Kind.SURVEY or item.question != "" or on_scale,
        )
        found[key] += 1
    return found


def as_counter(cells: Iterable[RollupCell]) -> Counter[RollupKey]:
    """The cells as a counter; a key twice would add up wrongly and is refused."""
    listed = list(cells)
    assert len({cell.key for cell in listed}) == len(listed)
    return Counter({cell.key: cell.count for cell in listed})


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def shared_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """One store of each kind for all examples."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('rollups')}/store.db"
    else:
        url = request.getfixturevalue("shared_postgres_url")
    opened = open_store(url)
    yield opened
    opened.close()


def empty(store: Store) -> None:
    """Remove all feedback, its counts and who is forgotten; ids begin anew."""
    with store.write() as tx:
        connection = tx.feedback._connection
        for table in ("verdicts", "analyses", "feedback", "rollups", "rollup_keys", "forgotten"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - names of our own
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DELETE FROM sqlite_sequence")
            connection.exec_driver_sql(
                "INSERT INTO feedback_words (feedback_words) VALUES ('delete-all')"
            )
        else:
            connection.exec_driver_sql("DELETE FROM feedback_words")
            connection.exec_driver_sql("ALTER SEQUENCE feedback_id_seq RESTART")


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(STEPS, max_size=14),
    spans=st.lists(st.tuples(MOMENTS, MOMENTS), min_size=1, max_size=3),
)
def test_counts_are_those_of_the_feedback_after_any_history(
    shared_store: Store,
    steps: list[tuple[str, object]],
    spans: list[tuple[datetime, datetime]],
) -> None:
    """Ingested, edited, judged, deleted, forgotten and counted anew in any order: any period counts
    the same from the counts as from the feedback, and nothing empty or stray is kept.
    """
    empty(shared_store)
    for step in steps:
        take_step(shared_store, step)

    with shared_store.read() as tx:
        for since, until in [(START, END), *(tuple(sorted(span)) for span in spans)]:
            assert as_counter(tx.rollups.count_cells(since, until)) == count_raw(tx, since, until)
        of_app = as_counter(tx.rollups.count_cells(START, END, ["app"]))
        whole = count_raw(tx, START, END)
        assert of_app == Counter({key: n for key, n in whole.items() if key.source_id == "app"})
        kept = tx.feedback._connection.exec_driver_sql(
            "SELECT grain, sum(count), min(count) FROM rollups GROUP BY grain ORDER BY grain"
        ).all()
        expected = [(grain, sum(whole.values())) for grain in Grain if whole]
        assert [(grain, total) for grain, total, _ in kept] == expected
        assert all(least > 0 for *_, least in kept)


@given(
    since=st.timedeltas(timedelta(0), timedelta(days=365 * 9980)).map(FIRST_MOMENT.__add__),
    length=st.timedeltas(timedelta(0), timedelta(days=800)),
    whole=st.booleans(),
)
def test_spans_of_a_period_leave_no_gap_and_never_overlap(
    since: datetime, length: timedelta, whole: bool
) -> None:
    """One span begins where the one before ended, the first and last at the limits of the period,
    and only parts of an hour are read from the feedback itself.
    """
    if whole:
        since = since.replace(minute=0, second=0, microsecond=0)
        length = length // timedelta(hours=1) * timedelta(hours=1)
    spans = split_into_spans(since, since + length)
    limits = [
        (span.since, span.until)
        if isinstance(span, RawSpan)
        else (span.grain.start_of(span.since), span.grain.start_of(span.until))
        for span in spans
    ]

    edges = [since, *(until for _, until in limits)]
    assert [begins for begins, _ in limits] == edges[:-1]
    assert edges[-1] == since + length
    raw = [span for span in spans if isinstance(span, RawSpan)]
    assert len(raw) <= (0 if whole else 2)
    assert all(span.until - span.since < timedelta(hours=1) for span in raw)
    assert len([span for span in spans if isinstance(span, StoredSpan)]) <= 5


@given(st.lists(st.sampled_from(["app", "web"]), max_size=9), st.data())
def test_subtracted_cells_are_what_is_left(sources: list[str], data: st.DataObject) -> None:
    """Whatever is taken away of what was counted leaves the rest, and no empty cell."""
    cells = [
        RollupCell(RollupKey(source_id=name, stage="", touchpoint="", label="", scale=""), 1)
        for name in sources
    ]
    taken = data.draw(st.integers(0, len(cells)))
    rest = as_counter(subtract_cells(cells, cells[:taken]))
    assert rest == Counter(cell.key for cell in cells[taken:])
