"""The Reddit source against recorded items on a local server."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain.feedback import Author, Feedback, Kind
from monitor.errors import SourceError, SourceRefused, SourceUnavailable
from monitor.http import HttpClient
from monitor.settings import HttpSettings, Secrets
from sources.base import Page, SourceContext
from sources.reddit.source import RedditOptions, RedditSource
from tests.world.faults import Fault, answers, lost_before_commit
from tests.world.reddit import Reddit

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.fixture
def place() -> Iterator[Reddit]:
    """An empty Reddit, with plenty of requests left."""
    with Reddit(recorded=False, clock=NOW.timestamp) as server:
        server.standing["acme"] = "public"
        yield server


def secrets(**values: str) -> Secrets:
    given = {
        "reddit_client_id": Reddit.client_id,
        "reddit_client_secret": Reddit.client_secret,
        **values,
    }
    return Secrets.model_validate(given)


def source(server: Reddit, held: Secrets | None = None, **options: object) -> RedditSource:
    own = {"subreddits": ["acme"], "reddit_url": server.url, "oauth_url": server.url, **options}
    with HttpClient(HttpSettings()) as http:
        context = SourceContext(http=http, secrets=held or secrets())
    return RedditSource("acme", RedditOptions.model_validate(own), context)


def items(pages: Iterator[Page] | list[Page]) -> list[Feedback]:
    return [item for page in pages for item in page.items]


def names(pages: Iterator[Page] | list[Page]) -> list[str]:
    return [item.external_id for item in items(pages)]


def ago(minutes: float) -> float:
    return (NOW - timedelta(minutes=minutes)).timestamp()


def test_reads_every_recorded_item_once(reddit: Reddit) -> None:
    """Everything that the listings show is handed over, by fullname, without a request for a single
    item.
    """
    found = names(source(reddit, subreddits=["redditdev", "all"]).collect("", NOW))

    assert sorted(found) == sorted(reddit.names("new") + reddit.names("comments"))
    assert {request.path for request in reddit.requests} == {
        "/api/v1/access_token",
        "/r/redditdev+all/new",
        "/r/redditdev+all/comments",
    }


def test_hands_over_what_a_post_says(place: Reddit) -> None:
    """A post becomes feedback with its thread, score, link and times."""
    name = place.submit(
        "acme",
        "Help",
        "It *broke*",
        author="kim",
        score=7,
        num_comments=2,
        created_utc=ago(5) + 0.25,
    )
    place.edit(name, "It broke again", at=ago(1))
    (post,) = items(source(place).collect("", NOW))

    assert (post.key, post.kind, post.title, post.body) == (
        ("acme", name),
        Kind.POST,
        "Help",
        "It broke again",
    )
    assert post.author == Author(name="kim", id="t2_kim")
    assert (post.thread_id, post.parent_id, post.score, post.replies) == (name, "", 7, 2)
    assert post.created_at == NOW - timedelta(minutes=5) + timedelta(seconds=0.25)
    assert post.edited_at == NOW - timedelta(minutes=1)
    assert post.url == f"https://www.reddit.com/r/acme/comments/{name[3:]}/_/"
    assert post.attributes == {"subreddit": "acme"}


def test_hands_over_what_a_comment_says(place: Reddit) -> None:
    """A comment knows its thread and parent; a hidden score is unknown."""
    post = place.submit("acme", "Help")
    first = place.comment("acme", "me too", on=post)
    place.comment("acme", "and me", on=first, score_hidden=True)
    second = next(item for item in items(source(place).collect("", NOW)) if item.body == "and me")

    assert (second.kind, second.thread_id, second.parent_id) == (Kind.COMMENT, post, first)
    assert (second.score, second.replies, second.edited_at) == (None, None, None)
    assert second.url.startswith("https://www.reddit.com/r/acme/comments/")


def test_a_link_post_keeps_where_it_leads(place: Reddit) -> None:
    """A post without words of its own has its link as an attribute."""
    place.submit(
        "acme", "Look", is_self=False, url="https://news.example/acme", link_flair_text="News"
    )
    (post,) = items(source(place).collect("", NOW))

    assert post.attributes == {
        "subreddit": "acme",
        "flair": "News",
        "link": "https://news.example/acme",
    }


@pytest.mark.parametrize("mark", ["[deleted]", "[removed]"])
def test_what_is_gone_is_marked(mark: str, place: Reddit) -> None:
    """A deleted or removed item is handed over as deleted, without words; a deleted account is
    nobody.
    """
    place.submit("acme", "Title", mark, author="[deleted]")
    place.comment("acme", mark, on="t3_1", author="[deleted]")

    for item in items(source(place).collect("", NOW)):
        assert item.deleted
        assert (item.title, item.body, item.author.is_known) == ("", "", False)


def test_pages_on_until_what_is_known(place: Reddit) -> None:
    """After a busy pause, as many pages are read as it takes to reach ten minutes before the newest
    known item.
    """
    for minute in range(500, 400, -1):
        place.submit("acme", "old", created_utc=ago(minute))
    reader = source(place, comments=False)
    cursor = list(reader.collect("", NOW))[-1].cursor
    new = [place.submit("acme", "new", created_utc=ago(400 - number)) for number in range(250)]
    pages = list(reader.collect(cursor, NOW))

    assert set(new) <= set(names(pages))
    assert len(pages) == 3
    assert all(page.warnings == () for page in pages)
    assert all("before" not in request.query for request in place.requests)


def test_a_quiet_subreddit_costs_one_request(place: Reddit) -> None:
    """When the first page reaches back far enough, no other is asked for."""
    for minute in range(300, 0, -1):
        place.submit("acme", "x", created_utc=ago(minute))
    reader = source(place, comments=False)
    cursor = list(reader.collect("", NOW))[-1].cursor
    before = len(place.requests_to("/new"))
    list(reader.collect(cursor, NOW))

    assert len(place.requests_to("/new")) == before + 1


def test_late_items_are_found_in_the_overlap(place: Reddit) -> None:
    """An item that appears late, up to ten minutes behind the newest, is handed over."""
    for minute in range(200, 0, -1):
        place.submit("acme", "x", created_utc=ago(minute))
    reader = source(place, comments=False)
    cursor = list(reader.collect("", NOW))[-1].cursor
    late = place.submit("acme", "late", created_utc=ago(9))

    assert late in names(reader.collect(cursor, NOW))


def page_of(*minutes_ago: float, after: str | None = None) -> Fault:
    """A page of posts of these ages, as the server would not sort them."""
    posts = [
        {
            "id": f"x{minutes:g}",
            "name": f"t3_x{minutes:g}",
            "title": "x",
            "selftext": "",
            "created_utc": ago(minutes),
        }
        for minutes in minutes_ago
    ]
    data = {
        "children": [{"kind": "t3", "data": post} for post in posts],
        "after": after,
        "before": None,
    }
    body = json.dumps({"kind": "Listing", "data": data}).encode()
    return answers(200, {"Content-Type": "application/json"}, body)


def test_one_old_item_out_of_order_ends_nothing(place: Reddit) -> None:
    """A single old item at the end of a page of new ones, as Reddit shows them at times, is not
    taken for the end.
    """
    place.submit("acme", "known", created_utc=ago(100))
    reader = source(place, comments=False)
    cursor = list(reader.collect("", NOW))[-1].cursor
    place.fail_next(page_of(50, 51, 52, 500, after="t3_x500"), path="/new")
    place.fail_next(page_of(53, 98, 111, 112, 113, after="t3_x113"), path="/new")

    assert len(names(reader.collect(cursor, NOW))) == 9


def test_a_listing_that_breaks_off_is_read_again(place: Reddit) -> None:
    """When the item to go on from has vanished the page comes back empty: that is no end, and
    nothing is skipped.
    """
    place.submit("acme", "known", created_utc=ago(100))
    reader = source(place, comments=False)
    cursor = list(reader.collect("", NOW))[-1].cursor
    place.fail_next(page_of(50, 51, 52, after="t3_x52"), path="/new")
    place.fail_next(page_of(), path="/new")
    pages = list(reader.collect(cursor, NOW))
    missed = place.submit("acme", "missed", created_utc=ago(60))

    assert (
        pages[-1].warnings[0].startswith("the listing of posts broke off at 2026-11-22 07:08 UTC")
    )
    assert pages[-1].gaps == ()
    assert missed in names(reader.collect(pages[-1].cursor, NOW))
    assert json.loads(pages[-1].cursor)["posts"] == json.loads(cursor)["posts"]


def test_says_what_reddit_did_not_show(place: Reddit) -> None:
    """When more came than a listing shows, the gap is named with its times; reading goes on from
    the newest.
    """
    place.submit("acme", "known", created_utc=ago(2000))
    reader = source(place, comments=False)
    cursor = list(reader.collect("", NOW))[-1].cursor
    for number in range(1_100):
        place.submit("acme", "new", created_utc=ago(1_500 - number))
    pages = list(reader.collect(cursor, NOW))

    assert len(names(pages)) == 1_000
    assert [page.warnings for page in pages[:-1]] == [()] * (len(pages) - 1)
    (warning,) = pages[-1].warnings
    assert warning.startswith(
        "coverage gap: posts from 2026-11-20 22:40 to 2026-11-21 08:40 UTC were not all read"
    )
    (gap,) = pages[-1].gaps
    assert (gap.since, gap.until) == (NOW - timedelta(minutes=2000), NOW - timedelta(minutes=1400))
    assert list(reader.collect(pages[-1].cursor, NOW))[-1].warnings == ()


def test_the_cursor_moves_only_when_a_listing_was_read(place: Reddit) -> None:
    """Until the last page of a listing the cursor holds the old time, so that a broken reading
    starts again.
    """
    for number in range(250):
        place.submit("acme", "x", created_utc=ago(300 - number))
    pages = list(source(place, comments=False).collect("", NOW))

    assert ["posts" in json.loads(page.cursor) for page in pages] == [False, False, True]


def test_the_page_size_varies(place: Reddit) -> None:
    """Two polls ask for different numbers of items, so that a cached page cannot answer both."""
    reader = source(place, comments=False)
    cursor = list(reader.collect("", NOW))[-1].cursor
    list(reader.collect(cursor, NOW))
    first, second = (request.query["limit"] for request in place.requests_to("/new"))

    assert first != second


def test_a_search_finds_the_newest_posts(place: Reddit) -> None:
    """A query narrows posts, newest first, in the named subreddits or everywhere; comments cannot
    be searched.
    """
    found = place.submit("acme", "Widget broke")
    place.submit("acme", "Something else")
    elsewhere = place.submit("other", "widget question")
    comment = place.comment("acme", "widget", on=found)

    assert names(source(place, query="widget").collect("", NOW)) == [found, comment]
    assert names(source(place, query="widget", subreddits=[]).collect("", NOW)) == [
        elsewhere,
        found,
    ]
    assert place.requests_to("/search")[0].query["sort"] == "new"


def test_wants_credentials_before_it_asks(place: Reddit) -> None:
    """Without credentials nothing is asked, and the error names the variables."""
    with pytest.raises(SourceRefused, match="set REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET"):
        list(source(place, Secrets()).collect("", NOW))

    assert place.requests == ()


def test_wrong_credentials_say_what_to_set(place: Reddit) -> None:
    """Refused credentials are a lasting error that names the variables, never their values."""
    reader = source(place, secrets(reddit_client_secret="wr0ng-s3cret"))
    with pytest.raises(SourceRefused, match="REDDIT_CLIENT_ID") as caught:
        list(reader.collect("", NOW))

    assert "wr0ng-s3cret" not in f"{caught.value!r}{caught.value.__cause__!r}{reader!r}"


def test_an_expired_token_is_renewed(place: Reddit) -> None:
    """A day later the next poll gets a new token by itself."""
    place.submit("acme", "x")
    reader = source(place)
    cursor = list(reader.collect("", NOW))[-1].cursor
    place.expire_tokens()

    assert len(names(reader.collect(cursor, NOW))) == 1


@pytest.mark.parametrize(
    ("subreddit", "standing", "words"),
    [
        ("hidden_one", "private", "forbids reading r/hidden_one"),
        ("bad_one", "banned", "has no r/bad_one any more"),
        ("no_such_one", None, "knows no subreddit no_such_one"),
    ],
)
def test_places_that_cannot_be_read_say_why(
    subreddit: str, standing: str | None, words: str, place: Reddit
) -> None:
    """A private, a banned and a missing subreddit are lasting errors, told apart."""
    if standing == "private":
        place.standing[subreddit] = "private"
    elif standing == "banned":
        place.standing[subreddit] = "banned"
    with pytest.raises(SourceRefused, match=words):
        list(source(place, subreddits=[subreddit]).collect("", NOW))


@pytest.mark.parametrize("wait", ["77", "Sun, 22 Nov 2026 08:01:17 GMT"])
def test_both_forms_of_retry_after_are_handed_on(wait: str, place: Reddit) -> None:
    """A throttled poll says how long to stay away, and asks once."""
    place.fail_next(answers(429, {"Retry-After": wait}), path="/new")
    with pytest.raises(SourceUnavailable) as caught:
        list(source(place).collect("", NOW))

    assert caught.value.retry_after == 77
    assert len(place.requests_to("/new")) == 1


@pytest.mark.parametrize(("remaining", "window_left"), [(1, 600), (2, 600), (50, 599), (900, 1)])
def test_never_sleeps_inside_a_request(
    remaining: int, window_left: int, place: Reddit, caplog: pytest.LogCaptureFixture
) -> None:
    """However little is left of the limit and whatever fails, PRAW does not hold the thread, now or
    in a later poll.
    """
    place.remaining, place.window_left = remaining, window_left
    place.fail_next(answers(503), path="/comments")
    place.fail_next(lost_before_commit, path="/new")
    reader = source(place)
    with caplog.at_level("DEBUG", "prawcore"):
        for minutes in range(0, 40, 11):
            with suppress(SourceUnavailable):
                list(reader.collect("", NOW + timedelta(minutes=minutes)))

    assert len([line for line in caplog.messages if line.startswith("Fetching: GET")]) >= 4
    assert [line for line in caplog.messages if line.startswith("Sleeping")] == []


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 520, 522])
def test_a_failing_reddit_is_asked_at_the_next_poll(status: int, place: Reddit) -> None:
    """A failure passes; it is asked once, and a pause that is asked for is handed on."""
    place.fail_next(answers(status, {"Retry-After": "33"}), path="/new")
    with pytest.raises(SourceUnavailable, match=f"failed .{status}") as caught:
        list(source(place).collect("", NOW))

    assert caught.value.retry_after == 33
    assert len(place.requests_to("/new")) == 1


def test_stays_away_when_the_requests_are_used_up(place: Reddit) -> None:
    """With no request left, the source waits for the next window instead of sleeping inside a
    request.
    """
    place.remaining, place.window_left = 1, 120
    reader = source(place)
    pages = reader.collect("", NOW)
    first = next(pages)
    with pytest.raises(SourceUnavailable, match="limit on requests") as caught:
        next(pages)

    assert (first.wait, caught.value.retry_after) == (120, 120)
    with pytest.raises(SourceUnavailable):
        list(reader.collect(first.cursor, NOW + timedelta(seconds=60)))
    assert len(place.requests_to("/new")) == 1


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (501, b"", r"Reddit failed \(501\)"),
        (200, b"<html>blocked</html>", "page instead of data"),
        (200, b"[]", "not a listing"),
        (400, b"{}", "cannot read the request"),
    ],
)
def test_other_answers_are_passing_or_lasting_errors(
    status: int, body: bytes, words: str, place: Reddit
) -> None:
    """A failing server, a block page and an answer of another shape say what came."""
    place.fail_next(answers(status, {"Content-Type": "application/json"}, body), path="/new")
    with pytest.raises(SourceError, match=words):
        list(source(place).collect("", NOW))


def test_a_lost_connection_is_tried_again(place: Reddit) -> None:
    """A connection that is reset once costs nothing."""
    place.fail_next(lost_before_commit, path="/new")
    place.submit("acme", "x")

    assert len(names(source(place).collect("", NOW))) == 1


def test_no_connection_is_a_passing_error(place: Reddit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Reddit cannot be reached at all, here for a proxy that cannot be used, the error says
    so.
    """
    monkeypatch.setenv("HTTP_PROXY", "http://")
    with pytest.raises(SourceUnavailable, match="cannot be reached: no connection"):
        list(source(place).collect("", NOW))

    assert place.requests == ()


def test_a_praw_ini_plays_no_part(
    place: Reddit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a praw.ini that lies about nor praw's environment variables change where credentials
    go.
    """
    (tmp_path / "praw.ini").write_text(
        "[DEFAULT]\noauth_url=http://127.0.0.1:1\nusername=eve\npassword=x\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("praw_site", "eve")
    monkeypatch.setenv("praw_password", "x")
    place.submit("acme", "x")

    assert len(names(source(place).collect("", NOW))) == 1


@pytest.mark.parametrize("cursor", ["not json", "[]", '{"posts": "x"}'])
def test_a_foreign_cursor_starts_afresh(cursor: str, place: Reddit) -> None:
    """A cursor that is not ours is no error."""
    place.submit("acme", "x")

    assert len(names(source(place).collect(cursor, NOW))) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "subreddits or a query is needed"),
        (
            {"subreddits": ["acme"], "posts": False, "comments": False},
            "posts or comments must be true",
        ),
        ({"query": "acme", "posts": False}, "a search finds posts only"),
        ({"subreddits": ["r/acme"]}, "pattern"),
        ({"subreddits": ["acme"], "user_agent": "x"}, "7"),
    ],
)
def test_mistakes_in_the_options_are_named(options: dict[str, object], words: str) -> None:
    """Options that would read nothing are refused."""
    with pytest.raises(ValueError, match=words):
        RedditOptions.model_validate(options)
