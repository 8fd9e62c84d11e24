"""The Hacker News source against a local search."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import stamina
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.clean import to_plain_text
from monitor.domain.feedback import Author, Feedback, Kind
from monitor.errors import SourceUnavailable
from monitor.http import HttpClient
from monitor.settings import HttpSettings, Secrets
from sources.base import Page, SourceContext
from sources.hacker_news import HackerNewsOptions, HackerNewsSource
from tests.world.clock import Clock
from tests.world.faults import answers
from tests.world.hacker_news import HackerNews, without_hits
from tests.world.replay import WEATHER, Replay, Weather

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.fixture
def http() -> Iterator[HttpClient]:
    """A client that may read this machine and gives up at once."""
    with (
        stamina.set_testing(True, attempts=1),
        HttpClient(HttpSettings(allow_private_networks=True)) as client,
    ):
        yield client


@pytest.fixture
def clock() -> Clock:
    """The clock of the site, which is also ours."""
    return Clock(NOW.timestamp())


@pytest.fixture
def site(clock: Clock) -> Iterator[HackerNews]:
    """A site on which nothing was written."""
    with HackerNews(clock=clock) as server:
        yield server


def source(
    http: HttpClient, site: HackerNews, query: str = "acme", **options: object
) -> HackerNewsSource:
    own = HackerNewsOptions.model_validate({"query": query, "base_url": site.url, **options})
    return HackerNewsSource("hn", own, SourceContext(http=http, secrets=Secrets()))


def at(clock: Clock) -> datetime:
    return datetime.fromtimestamp(clock(), UTC)


def items(pages: Iterator[Page] | list[Page]) -> list[Feedback]:
    return [item for page in pages for item in page.items]


def ids(pages: Iterator[Page] | list[Page]) -> list[str]:
    return [item.external_id for item in items(pages)]


def test_hands_over_what_a_story_says(http: HttpClient, site: HackerNews) -> None:
    """A story has its title, text, link, points, comments and permalink."""
    id_ = site.story(
        "Acme & <friends>", "It <i>broke</i>", url="https://acme.example/x", at=NOW.timestamp() - 60
    )
    (story,) = items(source(http, site).collect("", NOW))

    assert (story.key, story.kind, story.thread_id, story.parent_id) == (
        ("hn", id_),
        Kind.POST,
        id_,
        "",
    )
    assert to_plain_text(story.title, story.markup) == "Acme & <friends>"
    assert to_plain_text(story.body, story.markup) == "It broke"
    assert (story.score, story.replies, story.created_at) == (5, 2, NOW - timedelta(minutes=1))
    assert story.url == f"https://news.ycombinator.com/item?id={id_}"
    assert (story.author, story.attributes) == (
        Author(name="someone", id="someone"),
        {"link": "https://acme.example/x"},
    )


def test_hands_over_what_a_comment_says(http: HttpClient, site: HackerNews) -> None:
    """A comment has its HTML, its thread and its parent."""
    site.comment("<p>I left Acme&#x27;s cloud</p>", at=NOW.timestamp() - 60)
    (comment,) = items(source(http, site).collect("", NOW))

    assert (comment.kind, comment.thread_id, comment.parent_id) == (Kind.COMMENT, "1", "2")
    assert (comment.title, to_plain_text(comment.body, comment.markup)) == (
        "",
        "I left Acme's cloud",
    )
    assert comment.attributes == {"story": "A story"}


def test_asks_for_the_exact_words(http: HttpClient, site: HackerNews) -> None:
    """The query is quoted, typing mistakes are not forgiven, and both kinds are asked for."""
    list(source(http, site, 'acme "phone"').collect("", NOW))
    asked = site.requests[0].query

    assert (asked["query"], asked["typoTolerance"], asked["tags"]) == (
        '"acme phone"',
        "false",
        "(story,comment)",
    )
    assert asked["numericFilters"] == f"created_at_i>{int((NOW - timedelta(days=30)).timestamp())}"


def test_keeps_only_what_holds_the_words(http: HttpClient, site: HackerNews) -> None:
    """What is found by the beginning of a word or by its author is left out; addresses and
    possessives count.
    """
    kept = [
        site.comment("I like ACME's things"),
        site.story("We shut down", url="https://blog.acme.com/"),
        site.comment("<p>&quot;acme&quot;, they said"),
    ]
    site.comment("acmeist poetry")
    site.comment("nothing here", author="acme")

    assert sorted(ids(source(http, site).collect("", NOW))) == sorted(kept)


def test_words_that_stand_together_do_so(http: HttpClient, site: HackerNews) -> None:
    """Several words are a phrase."""
    kept = site.comment("my Acme Phone broke")
    site.comment("the phone of acme")

    assert ids(source(http, site, "acme phone").collect("", NOW)) == [kept]


def test_only_the_kinds_that_are_wanted(http: HttpClient, site: HackerNews) -> None:
    """With one tag the others are not asked for."""
    story = site.story("Acme")
    site.comment("acme")

    assert ids(source(http, site, tags=["story"]).collect("", NOW)) == [story]


def test_what_the_index_learns_late_is_found(
    http: HttpClient, site: HackerNews, clock: Clock
) -> None:
    """An item older than the newest known one, indexed 25 minutes after it was written, is found by
    the next poll.
    """
    late = site.comment("acme late", at=clock() - 60, lag=1_500)
    first = site.comment("acme first")
    reader = source(http, site)
    pages = list(reader.collect("", at(clock)))
    clock.forward(1_500)

    assert ids(pages) == [first]
    assert late in ids(reader.collect(pages[-1].cursor, at(clock)))


def test_the_overlap_counts_from_the_newest_hit_when_that_is_long_ago(
    http: HttpClient, site: HackerNews, clock: Clock
) -> None:
    """After five silent hours an item that lay hidden just before the newest known one is found."""
    late = site.comment("acme late", at=clock() - 1_500, lag=16_000)
    site.comment("acme first")
    reader = source(http, site)
    cursor = list(reader.collect("", at(clock)))[-1].cursor
    clock.forward(18_000)

    assert late in ids(reader.collect(cursor, at(clock)))


def test_an_edit_within_two_hours_follows(http: HttpClient, site: HackerNews, clock: Clock) -> None:
    """As long as an author may edit, the item is read again, also when newer ones are known."""
    edited = site.comment("acme broke")
    reader = source(http, site)
    cursor = list(reader.collect("", at(clock)))[-1].cursor
    clock.forward(3_600)
    site.comment("acme again")
    cursor = list(reader.collect(cursor, at(clock)))[-1].cursor
    clock.forward(3_500)
    site.change(edited, comment_text="acme works")

    assert "acme works" in [item.body for item in items(reader.collect(cursor, at(clock)))]


@pytest.mark.parametrize(
    "fields",
    [
        {"dead": True},
        {"comment_text": None},
        {"comment_text": "[deleted]"},
        {"comment_text": "[flagged]"},
    ],
)
def test_a_dead_item_is_removed(
    fields: dict[str, object], http: HttpClient, site: HackerNews
) -> None:
    """What the index still shows of an item that the site took back is handed over as deleted,
    without words.
    """
    id_ = site.comment(
        "acme, you thieves", author="acme"
    )  # found by its author where no words are left
    site.change(id_, **fields)
    found = items(source(http, site).collect("", NOW))

    assert [(item.external_id, item.deleted, item.body) for item in found] == [(id_, True, "")]


@pytest.mark.parametrize("limit", [4, 7])
def test_a_full_answer_is_sliced_by_time(limit: int, clock: Clock, http: HttpClient) -> None:
    """When one answer cannot hold all hits, older ones follow in the next slices, several in one
    second included.
    """
    with HackerNews(limit=limit, clock=clock) as site:
        written = [site.comment(f"acme {number}", at=clock() - number // 3) for number in range(40)]
        pages = list(source(http, site).collect("", at(clock)))

    assert set(ids(pages)) == set(written)
    assert len(pages) > 5
    assert len({page.cursor for page in pages[:-1]}) == 1
    assert [page.warnings for page in pages if page.warnings] == []


def test_more_in_one_second_than_an_answer_holds_is_told(clock: Clock, http: HttpClient) -> None:
    """Where slicing cannot go on, a warning names the time and the poll ends."""
    with HackerNews(limit=4, clock=clock) as site:
        for _ in range(9):
            site.comment("acme", at=clock())
        pages = list(source(http, site).collect("", at(clock)))

    assert len(pages) == 2
    (gap,) = pages[-1].gaps
    assert gap.reason.startswith("coverage lost from 2026-10-23 08:00 to 2026-11-22 08:00 UTC")
    assert (gap.until, pages[-1].warnings) == (at(clock), (gap.reason,))


def test_a_failure_between_slices_loses_nothing(clock: Clock, http: HttpClient) -> None:
    """The cursor moves on only after the last slice: after a failure all is read again."""
    with HackerNews(limit=4, clock=clock) as site:
        written = [
            site.comment(f"acme {number}", at=clock() - number * 43_200) for number in range(9)
        ]
        replay = Replay(lambda: source(http, site))
        site.weather = Weather(["fine", "failed"], without_hits)
        replay.poll(at(clock))
        partly = len(replay.held)
        replay.poll(at(clock))

    assert partly == 4
    assert set(replay.held) == set(written)


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b'{"hits": null}', b'{"hits": [], "nbHits": 7}']
)
def test_what_is_no_answer_is_an_error(body: bytes, http: HttpClient, site: HackerNews) -> None:
    """An answer without hits, or with fewer than it counts, is not taken for silence."""
    site.fail_next(answers(200, {}, body))
    with pytest.raises(SourceUnavailable):
        list(source(http, site).collect("", NOW))


def test_another_query_starts_afresh(http: HttpClient, site: HackerNews, clock: Clock) -> None:
    """What is known of one search says nothing about another."""
    site.comment("acme")
    cursor = list(source(http, site).collect("", NOW))[-1].cursor
    old = site.comment("zenith", at=clock() - 86_400 * 20)

    assert ids(source(http, site, "zenith").collect(cursor, NOW)) == [old]


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["add", "late", "edit", "poll", "killed"]),
            st.integers(1, 12),
            st.lists(st.sampled_from(WEATHER), max_size=3),
        ),
        max_size=15,
    )
)
def test_nothing_is_lost_in_any_weather(steps: list[tuple[str, int, list[str]]]) -> None:
    """Whatever fails, lags or is killed: every item is handed over at least once, in its last
    words.
    """
    clock = Clock(NOW.timestamp())
    texts: dict[str, str] = {}
    with (
        stamina.set_testing(True, attempts=1),
        HttpClient(HttpSettings(allow_private_networks=True)) as http,
        HackerNews(limit=5, clock=clock) as site,
    ):
        replay = Replay(lambda: source(http, site))
        for number, (action, size, plan) in enumerate(steps):
            clock.forward(120)
            match action:
                case "add" | "late":
                    for each in range(size):
                        text = f"acme {number}.{each}"
                        texts[
                            site.comment(
                                text, at=clock() - each, lag=900 if action == "late" else 0
                            )
                        ] = text
                case "edit" if texts:
                    id_ = sorted(texts)[size % len(texts)]
                    texts[id_] = f"acme edit {number}"
                    site.change(id_, comment_text=texts[id_])
                case _:
                    site.weather = Weather(plan, without_hits)
                    replay.poll(at(clock), pages=size % 3 if action == "killed" else 0)
        site.weather = lambda request: None
        clock.forward(900)
        replay.poll(at(clock))

    assert {id_: item.body for id_, item in replay.held.items()} == texts
