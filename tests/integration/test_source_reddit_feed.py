"""The source of Reddit's feeds against a local Reddit."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import stamina
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.clean import to_plain_text
from monitor.domain.feedback import Author, Feedback, Kind
from monitor.errors import SourceRefused, SourceUnavailable
from monitor.http import HttpClient
from monitor.settings import HttpSettings, Secrets
from sources.base import Page, Source, SourceContext
from sources.reddit.source import RedditOptions, RedditSource
from sources.reddit_feed.source import RedditFeedOptions, RedditFeedSource
from tests.world.clock import Clock
from tests.world.faults import answers
from tests.world.reddit_feed import RedditFeeds, without_entries
from tests.world.replay import WEATHER, Replay, Weather

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
TOKEN = Secrets.model_validate({"reddit_feed_token": RedditFeeds.token})


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
    """Reddit's clock, which is also ours."""
    return Clock(NOW.timestamp())


@pytest.fixture
def place(clock: Clock) -> Iterator[RedditFeeds]:
    """An empty Reddit that lets strangers ask once a minute."""
    with RedditFeeds(clock=clock) as server:
        server.standing["acme"] = "public"
        yield server


def source(
    http: HttpClient, place: RedditFeeds, secrets: Secrets | None = None, **options: object
) -> RedditFeedSource:
    own = {"subreddits": ["acme"], "base_url": place.url, **options}
    context = SourceContext(http=http, secrets=secrets or Secrets())
    return RedditFeedSource("acme", RedditFeedOptions.model_validate(own), context)


def private(http: HttpClient, place: RedditFeeds, **options: object) -> RedditFeedSource:
    return source(http, place, TOKEN, user=RedditFeeds.user, **options)


def at(clock: Clock) -> datetime:
    return datetime.fromtimestamp(clock(), UTC)


def only(pages: Iterator[Page]) -> Page:
    (page,) = pages
    return page


def names(*pages: Page) -> list[str]:
    return [item.external_id for page in pages for item in page.items]


def polls(reader: Source, clock: Clock, count: int, cursor: str = "") -> list[Page]:
    """So many polls, a minute apart."""
    pages: list[Page] = []
    for _ in range(count):
        clock.forward(60)
        pages += reader.collect(cursor, at(clock))
        cursor = pages[-1].cursor
    return pages


def test_hands_over_what_a_post_says(http: HttpClient, place: RedditFeeds, clock: Clock) -> None:
    """A post has its fullname, title, own words without Reddit's signature, bare author, thread and
    time.
    """
    name = place.submit(
        "acme",
        "Help & hope",
        "It <broke>, submitted by me",
        author="kim",
        created_utc=clock() - 300,
    )
    post = only(source(http, place).collect("", NOW)).items[0]

    assert (post.key, post.kind, post.thread_id) == (("acme", name), Kind.POST, name)
    assert to_plain_text(post.title, post.markup) == "Help & hope"
    assert to_plain_text(post.body, post.markup) == "It <broke>, submitted by me"
    assert (post.author, post.created_at) == (Author(name="kim"), NOW - timedelta(minutes=5))
    assert post.url == f"https://www.reddit.com/r/acme/comments/{name[3:]}/_/"
    assert post.attributes == {"subreddit": "acme"}


def test_a_link_post_has_no_words_of_its_own(http: HttpClient, place: RedditFeeds) -> None:
    """Where a post only leads elsewhere, the address is an attribute and the body is empty."""
    place.submit("acme", "Look", is_self=False, url="https://news.example/acme?a=1&b=2")
    post = only(source(http, place).collect("", NOW)).items[0]

    assert (post.body, post.attributes["link"]) == ("", "https://news.example/acme?a=1&b=2")


@pytest.mark.parametrize("mark", ["[deleted]", "[removed]"])
def test_what_is_gone_is_marked(mark: str, http: HttpClient, place: RedditFeeds) -> None:
    """A post that the feed shows as deleted or removed is handed over as deleted, without words."""
    place.submit("acme", "Title", mark, author="[deleted]")
    post = only(source(http, place).collect("", NOW)).items[0]

    assert (post.deleted, post.title, post.body, post.author.is_known) == (True, "", "", False)


def test_is_the_same_as_through_the_interface(
    http: HttpClient, place: RedditFeeds, clock: Clock
) -> None:
    """Posts and comments have the ids, kinds, words, authors, threads, times and links that the
    kind reddit gives.
    """
    post = place.submit("acme", "Help", "It broke", created_utc=clock() - 120)
    place.comment("acme", "me too", on=post, author="kim", created_utc=clock() - 60)
    held = {"reddit_client_id": place.client_id, "reddit_client_secret": place.client_secret}
    options = RedditOptions(subreddits=("acme",), reddit_url=place.url, oauth_url=place.url)
    context = SourceContext(http=http, secrets=Secrets.model_validate(held))
    through_key = [
        item
        for page in RedditSource("acme", options, context).collect("", NOW)
        for item in page.items
    ]
    through_feed = [
        item for page in polls(source(http, place, comments=True), clock, 2) for item in page.items
    ]

    assert sorted(map(_shape, through_feed)) == sorted(map(_shape, through_key))


def _shape(item: Feedback) -> tuple[object, ...]:
    words = (to_plain_text(item.title, item.markup), to_plain_text(item.body, item.markup))
    return (
        *item.key,
        item.kind,
        *words,
        item.author.name,
        item.thread_id,
        item.created_at,
        item.url,
    )


def test_asks_once_a_poll_and_takes_turns(
    http: HttpClient, place: RedditFeeds, clock: Clock
) -> None:
    """Without a token each poll is one request, for posts and comments in turn, and asks for a
    minute's rest.
    """
    pages = polls(source(http, place, comments=True), clock, 4)

    paths = ["/r/acme/new/.rss", "/r/acme/comments/.rss"]
    assert [request.path for request in place.requests] == paths * 2
    assert [page.wait for page in pages] == [60] * 4


def test_does_not_ask_again_within_a_minute(
    http: HttpClient, place: RedditFeeds, clock: Clock
) -> None:
    """A new process that polls too early sends nothing and says how long to wait."""
    first = only(source(http, place).collect("", at(clock)))
    clock.forward(20)
    early = only(source(http, place).collect(first.cursor, at(clock)))

    assert (early.items, early.cursor, early.wait) == ((), first.cursor, 40)
    assert len(place.requests) == 1


def test_a_token_reads_all_at_once(http: HttpClient, place: RedditFeeds) -> None:
    """With a token and its user every listing is read in one poll, again and again."""
    post = place.submit("acme", "Help")
    comment = place.comment("acme", "me too", on=post)
    reader = private(http, place, comments=True)
    first = list(reader.collect("", NOW))

    assert names(*first) == [post, comment]
    assert names(*reader.collect(first[-1].cursor, NOW)).count(comment) >= 1
    assert max(page.wait for page in first) == 0


def test_a_token_without_its_user_is_not_sent(http: HttpClient, place: RedditFeeds) -> None:
    """Reddit needs both; half of them is treated as none."""
    only(source(http, place, TOKEN).collect("", NOW))

    assert set(place.requests[0].query) == {"limit"}


@pytest.mark.parametrize("page_size", [3, 25, 100])
def test_what_one_page_does_not_reach_comes_in_the_next_polls(
    page_size: int, http: HttpClient, place: RedditFeeds, clock: Clock
) -> None:
    """More new posts than a page holds are fetched page by page, with none lost, even while more
    are written.
    """
    place.page_size = page_size
    old = [place.submit("acme", "old", created_utc=clock() - 7_200 - number) for number in range(5)]
    reader = source(http, place)
    first = only(reader.collect("", at(clock)))
    new = [
        place.submit("acme", f"new {number}", created_utc=clock() + number) for number in range(40)
    ]
    pages = polls(reader, clock, 20, first.cursor)

    assert set(new) <= set(names(*pages))
    assert old[0] in names(first)
    assert [page.warnings for page in pages if page.warnings] == []


def test_a_search_restricts_itself_to_its_subreddits(
    http: HttpClient, place: RedditFeeds, clock: Clock
) -> None:
    """A query with subreddits searches only there, newest first; without any it searches all of
    Reddit.
    """
    inside = place.submit("acme", "parcel lost", created_utc=clock() - 60)
    outside = place.submit("elsewhere", "parcel late", created_utc=clock() - 30)

    assert names(only(source(http, place, query="parcel").collect("", at(clock)))) == [inside]
    clock.forward(60)
    assert names(
        only(source(http, place, subreddits=[], query="parcel").collect("", at(clock)))
    ) == [outside, inside]
    assert place.requests[0].path == "/r/acme/search.rss"
    assert place.requests[0].query["sort"] == "new"


def test_a_feed_that_breaks_off_is_read_again(
    http: HttpClient, place: RedditFeeds, clock: Clock
) -> None:
    """What is left of a cut feed is kept with a warning, and the next poll reads the whole page."""
    written = {
        place.submit("acme", "x" * 200, created_utc=clock() - 60 * number) for number in range(6)
    }
    place.weather = Weather(["half"], without_entries)
    cut, whole = polls(source(http, place), clock, 2)

    assert 0 < len(cut.items) < 6
    assert "malformed" in cut.warnings[0]
    assert set(names(whole)) == written


def test_a_deleted_anchor_is_noticed(http: HttpClient, place: RedditFeeds, clock: Clock) -> None:
    """When the item after which to go on is deleted, reading begins again from the top and loses
    nothing.
    """
    place.page_size = 25
    for number in range(3):
        place.submit("acme", "old", created_utc=clock() - 7_200 - number)
    reader = source(http, place)
    first = only(reader.collect("", at(clock)))
    new = [
        place.submit("acme", f"new {number}", created_utc=clock() + number) for number in range(40)
    ]
    half = polls(reader, clock, 1, first.cursor)
    place.delete(names(*half)[-1])

    assert set(new) <= set(names(*half, *polls(reader, clock, 6, half[-1].cursor)))


def test_says_what_could_not_be_seen(http: HttpClient, place: RedditFeeds, clock: Clock) -> None:
    """Where the listing ends before what was known, a warning names the time."""
    place.page_size = 100
    place.submit("acme", "old", created_utc=clock() - 86_400 * 3)
    reader = private(http, place)
    first = list(reader.collect("", at(clock)))
    for number in range(1_050):
        place.submit("acme", "new", created_utc=clock() - 86_400 + number)
    clock.forward(60)
    pages = list(reader.collect(first[-1].cursor, at(clock)))
    (told,) = [warning for page in pages for warning in page.warnings]
    (gap,) = [gap for page in pages for gap in page.gaps]

    assert told.startswith("posts: coverage gap from 2026-11-19 08:00 to 2026-11-21 08:")
    assert (gap.since, gap.reason) == (datetime(2026, 11, 19, 8, tzinfo=UTC), told)


def test_throttling_means_a_minute_at_least(http: HttpClient, place: RedditFeeds) -> None:
    """429 without a time is a minute; a longer time is believed."""
    for seconds, headers in ((60, {}), (300, {"Retry-After": "300"})):
        place.fail_next(answers(429, headers))
        with pytest.raises(SourceUnavailable) as caught:
            list(source(http, place).collect("", NOW))
        assert caught.value.retry_after == seconds


def test_places_that_cannot_be_read_are_named(
    http: HttpClient, place: RedditFeeds, clock: Clock
) -> None:
    """Private, banned and unknown subreddits are lasting errors with what to do."""
    place.standing |= {"locked": "private", "gone": "banned"}
    for name, words in {
        "locked": "REDDIT_FEED_TOKEN",
        "gone": "banned, gone",
        "nowhere": "no subreddit nowhere",
    }.items():
        clock.forward(60)
        with pytest.raises(SourceRefused, match=words):
            list(source(http, place, subreddits=[name]).collect("", at(clock)))


def test_a_block_page_is_passing(http: HttpClient, place: RedditFeeds) -> None:
    """A web page in place of the feed is no empty feed."""
    place.fail_next(
        answers(200, {"Content-Type": "text/html"}, b"<html>whoa there, pardner</html>")
    )
    with pytest.raises(SourceUnavailable, match="web page"):
        list(source(http, place).collect("", NOW))


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_the_token_is_in_no_error(status: int, http: HttpClient, place: RedditFeeds) -> None:
    """The token is part of the address and of no message."""
    place.weather = lambda request: answers(status)
    reader = private(http, place)
    with pytest.raises((SourceRefused, SourceUnavailable)) as caught:
        list(reader.collect("", NOW))

    assert place.requests[0].query["feed"] == RedditFeeds.token
    assert (
        RedditFeeds.token
        not in f"{caught.value} {caught.value!r} {caught.value.__cause__!r} {reader!r}"
    )


@settings(max_examples=20, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["post", "comment", "late", "edit", "poll"]),
            st.integers(1, 30),
            st.sampled_from(WEATHER),
        ),
        max_size=12,
    )
)
def test_nothing_is_lost_in_any_weather(steps: list[tuple[str, int, str]]) -> None:
    """Whatever fails or comes late: every item is handed over at least once, and edits of the
    newest follow.
    """
    clock = Clock(NOW.timestamp())
    texts: dict[str, str] = {}
    with (
        stamina.set_testing(True, attempts=1),
        HttpClient(HttpSettings(allow_private_networks=True)) as http,
        RedditFeeds(clock=clock) as place,
    ):
        for number in range(4):
            name = place.submit("acme", "old", "old", created_utc=clock() - 86_400 - number)
            place.comment("acme", "old", on=name, created_utc=clock() - 86_400 - number)
        replay = Replay(lambda: source(http, place, comments=True))
        for _ in range(2):
            replay.poll(at(clock))
            clock.forward(60)
        blanks = 0
        for number, (action, size, weather) in enumerate(steps):
            match action:
                case "post" | "comment" | "late":
                    for each in range(size):
                        text, when = (
                            f"{number}.{each}",
                            clock() - (300 if action == "late" else each / 100),
                        )
                        if action == "comment":
                            texts[place.comment("acme", text, created_utc=when)] = text
                        else:
                            texts[place.submit("acme", "title", text, created_utc=when)] = text
                case "edit" if texts:
                    name = list(texts)[-1]
                    texts[name] = f"edit {number}"
                    place.edit(name, texts[name])
                case _:
                    blanks += weather == "blank"
                    place.weather = Weather(
                        [weather] if weather != "blank" or blanks == 1 else [], without_entries
                    )
                    replay.poll(at(clock))
            clock.forward(60)
        place.weather = lambda request: None
        place.strict = False
        for _ in range(40):
            replay.poll(at(clock))
            clock.forward(60)

    last = list(texts)[-1:]
    assert set(texts) <= set(replay.held)
    assert all(
        texts[name] in to_plain_text(replay.held[name].body, replay.held[name].markup)
        for name in last
    )
