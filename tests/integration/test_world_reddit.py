"""The recorded Reddit behaves as reddit.com does, seen through the real PRAW."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import praw
import prawcore
import pytest

from tests.world.clients import reddit_client
from tests.world.clock import Clock
from tests.world.faults import answers, lost_before_commit
from tests.world.reddit import RECORDED, Reddit

NOON = 1_790_000_000.0
BOTH_FIELDS = {
    "id",
    "author",
    "created_utc",
    "edited",
    "score",
    "permalink",
    "subreddit",
    "distinguished",
}
SUBMISSION_FIELDS = BOTH_FIELDS | {
    "title",
    "selftext",
    "num_comments",
    "url",
    "over_18",
    "is_self",
    "upvote_ratio",
}
COMMENT_FIELDS = BOTH_FIELDS | {
    "body",
    "parent_id",
    "link_id",
    "link_title",
    "link_author",
    "is_submitter",
}


@pytest.fixture
def client(reddit: Reddit) -> Iterator[praw.Reddit]:
    """A read-only PRAW client with good credentials."""
    with reddit_client(reddit) as opened:
        yield opened


def test_the_recordings_are_small_and_nameless() -> None:
    """120 comments and 60 submissions, under 500 kB, whose authors are all pseudonyms."""
    files = sorted(RECORDED.glob("*.jsonl"))
    rows = [
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in files
    ]
    assert [(path.name, len(lines)) for path, lines in zip(files, rows, strict=True)] == [
        ("comments.jsonl", 120),
        ("submissions.jsonl", 60),
    ]
    assert sum(path.stat().st_size for path in files) < 500_000
    assert all(row["author"].startswith("writer_") for lines in rows for row in lines)


def test_new_lists_submissions_newest_first(reddit: Reddit, client: praw.Reddit) -> None:
    """A listing of one subreddit holds its recorded submissions in falling order of age, ready to
    read.
    """
    posts = list(client.subreddit("AskReddit").new(limit=100))
    created = [post.created_utc for post in posts]
    assert [post.fullname for post in posts] == reddit.names("new", "AskReddit")
    assert created == sorted(created, reverse=True)
    assert {post.subreddit.display_name for post in posts} == {"AskReddit"}
    assert len(posts) == 55


def test_recorded_items_need_no_second_request(reddit: Reddit, client: praw.Reddit) -> None:
    """Everything that a collector reads is in the listing, so PRAW fetches nothing lazily."""
    posts, comments = (
        client.subreddit("all").new(limit=None),
        client.subreddit("all").comments(limit=None),
    )
    assert {name for post in posts for name in SUBMISSION_FIELDS if name not in vars(post)} == set()
    assert {
        name for comment in comments for name in COMMENT_FIELDS if name not in vars(comment)
    } == set()
    listings = {request.path.rstrip("/") for request in reddit.requests[1:]}
    assert listings == {"/r/all/new", "/r/all/comments"}


def test_a_multireddit_mixes_its_parts(reddit: Reddit, client: praw.Reddit) -> None:
    """Joined names list the comments of all of them in one order."""
    comments = list(client.subreddit("announcements+programming").comments(limit=100))
    assert [comment.fullname for comment in comments] == reddit.names(
        "comments", "announcements", "programming"
    )
    assert {comment.subreddit.display_name for comment in comments} == {
        "announcements",
        "programming",
    }


def test_paging_with_after_misses_and_repeats_nothing(reddit: Reddit, client: praw.Reddit) -> None:
    """PRAW walks all pages of 100 by the `after` cursor and stops at the end."""
    seen = [comment.fullname for comment in client.subreddit("all").comments(limit=None)]
    pages = reddit.requests_to("/comments/") + reddit.requests_to("/comments")
    assert seen == reddit.names("comments")
    assert [page.query.get("after") for page in pages] == [None, seen[99]]


def test_new_items_do_not_shift_the_next_page(reddit: Reddit, client: praw.Reddit) -> None:
    """What is posted between two pages comes before the cursor and is not in the second page."""
    before = reddit.names("comments")
    listing = client.subreddit("all").comments(limit=None)
    first = [next(listing).fullname for _ in range(100)]
    reddit.comment("programming", "just in", on="t3_6wmniq")
    assert first + [comment.fullname for comment in listing] == before


def test_a_listing_goes_back_about_a_thousand_items(client: praw.Reddit, reddit: Reddit) -> None:
    """Older items than the newest 1,000 cannot be reached by paging."""
    for number in range(1_005):
        reddit.comment("busy", f"number {number}", created_utc=NOON + number)
    texts = [comment.body for comment in client.subreddit("busy").comments(limit=None)]
    assert (len(texts), texts[0], texts[-1]) == (1_000, "number 1004", "number 5")


def test_before_gives_what_is_newer_than_its_anchor(reddit: Reddit, client: praw.Reddit) -> None:
    """`before` with a listed fullname returns only newer items, and nothing once the anchor is
    deleted.
    """
    anchor = reddit.names("new", "AskReddit")[2]
    newer = reddit.names("new", "AskReddit")[:2]
    assert _new_before(client, anchor) == newer
    reddit.delete(anchor)
    assert _new_before(client, anchor) == []


def test_before_without_its_prefix_is_ignored(reddit: Reddit, client: praw.Reddit) -> None:
    """An id that is not a fullname returns the whole history, as Reddit does."""
    names = reddit.names("new", "AskReddit")
    assert _new_before(client, names[2].removeprefix("t3_")) == names


def _new_before(client: praw.Reddit, anchor: str) -> list[str]:
    return [
        post.fullname
        for post in client.subreddit("AskReddit").new(limit=100, params={"before": anchor})
    ]


def test_search_finds_submissions_in_its_subreddit(reddit: Reddit, client: praw.Reddit) -> None:
    """A search returns submissions that hold the words, newest first, from the named subreddit
    only.
    """
    old = reddit.submit("shop", "Acme broke my parcel", created_utc=NOON)
    new = reddit.submit("shop", "Parcel late", "again with Acme", created_utc=NOON + 60)
    reddit.submit("elsewhere", "Acme parcel", created_utc=NOON + 90)
    reddit.submit("shop", "Acmeist poetry and a parcel", created_utc=NOON + 95)
    reddit.comment("shop", "Acme parcel", on=old, created_utc=NOON + 99)
    found = client.subreddit("shop").search("acme parcel", sort="new", syntax="lucene")
    assert [post.fullname for post in found] == [new, old]


def test_search_everywhere_knows_phrases_and_alternatives(
    reddit: Reddit, client: praw.Reddit
) -> None:
    """Searching r/all spans subreddits; quotes keep words together and OR joins alternatives."""
    phrase = reddit.submit("shop", "They sent the wrong parcel", created_utc=NOON)
    other = reddit.submit("elsewhere", "Umbrellas", created_utc=NOON + 1)
    reddit.submit("shop", "parcel sent to the wrong house", created_utc=NOON + 2)
    found = client.subreddit("all").search('"wrong parcel" OR umbrellas', sort="new")
    assert [post.fullname for post in found] == [other, phrase]


def test_the_search_index_lags() -> None:
    """A submission that is listed already is found by search only after the lag."""
    clock = Clock(NOON)
    with (
        Reddit(recorded=False, search_lag=60, clock=clock) as reddit,
        reddit_client(reddit) as client,
    ):
        name = reddit.submit("shop", "Acme")
        assert (_new(client, "shop"), _search(client, "shop", "acme")) == ([name], [])
        clock.forward(60)
        assert _search(client, "shop", "acme") == [name]


def _new(client: praw.Reddit, subreddit: str, limit: int = 100) -> list[str]:
    return [post.fullname for post in client.subreddit(subreddit).new(limit=limit)]


def _search(client: praw.Reddit, subreddit: str, query: str) -> list[str]:
    return [post.fullname for post in client.subreddit(subreddit).search(query, sort="new")]


def test_a_stale_page_repeats_until_the_question_changes(
    reddit: Reddit, client: praw.Reddit
) -> None:
    """A cached listing hides what is new from the same request, and not from one with another
    limit.
    """
    reddit.stale_pages = True
    first = reddit.submit("shop", "first", created_utc=NOON)
    seen = [_new(client, "shop")]
    second = reddit.submit("shop", "second", created_utc=NOON + 1)
    seen += [_new(client, "shop"), _new(client, "shop", limit=99)]
    assert seen == [[first], [first], [second, first]]


def test_a_search_that_is_not_restricted_leaves_its_subreddit(
    reddit: Reddit, client: praw.Reddit
) -> None:
    """Without restrict_sr the address of a subreddit searches the whole site."""
    inside = reddit.submit("shop", "Acme", created_utc=NOON)
    outside = reddit.submit("elsewhere", "Acme", created_utc=NOON + 1)
    found = client.get("r/shop/search", params={"q": "acme", "sort": "new"})
    assert [post.fullname for post in found] == [outside, inside]


def test_relevance_is_not_time(reddit: Reddit, client: praw.Reddit) -> None:
    """Without sort=new the order is another one, so a collector that forgets it is caught."""
    liked = reddit.submit("shop", "Acme", created_utc=NOON, score=90, ups=90)
    recent = reddit.submit("shop", "Acme", created_utc=NOON + 60)
    assert [post.fullname for post in client.subreddit("shop").search("acme")] == [liked, recent]


def test_info_knows_edits_and_deletions(reddit: Reddit, client: praw.Reddit) -> None:
    """By fullname one sees edited text, [deleted] without author, [removed], and nothing of what is
    lost.
    """
    edited, deleted, removed, lost = (
        reddit.comment("shop", "text", on="t3_6wmniq") for _ in range(4)
    )
    reddit.edit(edited, "better text", at=NOON + 5)
    reddit.delete(deleted)
    reddit.remove(removed)
    reddit.forget(lost)
    first, second, third = client.info(fullnames=[edited, deleted, removed, lost])
    assert (first.body, first.edited, first.author.name) == ("better text", NOON + 5, "someone")
    assert (second.body, second.author) == ("[deleted]", None)
    assert (third.body, third.author.name) == ("[removed]", "someone")


def test_what_is_deleted_leaves_the_listings(reddit: Reddit, client: praw.Reddit) -> None:
    """A deleted comment is no longer in the listing of its subreddit."""
    kept, deleted = (reddit.comment("shop", text, on="t3_6wmniq") for text in ("stays", "goes"))
    reddit.delete(deleted)
    assert [comment.fullname for comment in client.subreddit("shop").comments(limit=10)] == [kept]


def test_info_takes_a_hundred_names_at_once(reddit: Reddit, client: praw.Reddit) -> None:
    """More names than one request holds arrive in several, in the order asked for."""
    names = reddit.names("comments")
    assert [comment.fullname for comment in client.info(fullnames=names)] == names
    assert len(reddit.requests_to("/api/info/")) == 2


def test_text_is_escaped_only_for_those_who_do_not_ask_for_it_raw(
    reddit: Reddit, client: praw.Reddit
) -> None:
    """PRAW asks for raw_json and sees `<`; a client that forgets it sees `&lt;`."""
    reddit.comment("shop", "1 < 2 & 3", on="t3_6wmniq")
    (comment,) = client.subreddit("shop").comments(limit=1)
    authorization = {"Authorization": reddit.requests[-1].headers["authorization"]}
    plain = httpx2.get(
        f"{reddit.url}/r/shop/comments", headers=authorization, trust_env=False
    ).json()
    assert comment.body == "1 < 2 & 3"
    assert plain["data"]["children"][0]["data"]["body"] == "1 &lt; 2 &amp; 3"


def test_a_late_arrival_appears_below_the_newest(reddit: Reddit, client: praw.Reddit) -> None:
    """An item with an earlier time enters the listing at its place and not at the top."""
    newest = reddit.submit("shop", "newest", created_utc=NOON)
    arrived = reddit.submit("shop", "late", created_utc=NOON - 30)
    assert [post.fullname for post in client.subreddit("shop").new(limit=5)] == [newest, arrived]


def test_limits_are_reported(reddit: Reddit, client: praw.Reddit) -> None:
    """PRAW reads what is left of the window from the headers of every answer."""
    reddit.remaining, reddit.used = 400, 3
    list(client.subreddit("AskReddit").new(limit=1))
    assert client.auth.limits == {"remaining": 399, "used": 4}


@pytest.mark.parametrize(
    ("standing", "error"),
    [("private", prawcore.Forbidden), ("banned", prawcore.NotFound)],
    ids=["private", "banned"],
)
def test_a_closed_subreddit_is_an_error(
    reddit: Reddit, client: praw.Reddit, standing: Any, error: type[prawcore.ResponseException]
) -> None:
    """A private subreddit is Forbidden and a banned one NotFound."""
    reddit.standing["askreddit"] = standing
    with pytest.raises(error):
        next(client.subreddit("AskReddit").new(limit=1))


def test_a_missing_subreddit_redirects_to_the_search(client: praw.Reddit) -> None:
    """A name that Reddit does not know raises Redirect to the search for subreddits."""
    with pytest.raises(prawcore.Redirect) as caught:
        next(client.subreddit("nowhere_at_all").new(limit=1))
    assert caught.value.path == "/subreddits/search"


def test_one_closed_part_does_not_close_a_multireddit(reddit: Reddit, client: praw.Reddit) -> None:
    """Of several names, those that can be read are listed."""
    reddit.standing["announcements"] = "private"
    posts = client.subreddit("announcements+AskReddit").new(limit=100)
    assert {post.subreddit.display_name for post in posts} == {"AskReddit"}


def test_bad_credentials_fail_at_the_token(reddit: Reddit) -> None:
    """A wrong secret raises a 401 from the token call, before any listing is asked for."""
    with (
        reddit_client(reddit, client_secret="wrong-secret") as client,
        pytest.raises(prawcore.ResponseException) as caught,
    ):
        next(client.subreddit("AskReddit").new(limit=1))
    assert caught.value.response.status_code == 401
    assert {request.path for request in reddit.requests} == {"/api/v1/access_token"}


def test_an_expired_token_is_renewed(reddit: Reddit, client: praw.Reddit) -> None:
    """PRAW fetches a new token by itself when Reddit no longer takes the old one."""
    list(client.subreddit("AskReddit").new(limit=1))
    reddit.expire_tokens()
    assert len(list(client.subreddit("AskReddit").new(limit=1))) == 1
    assert len(reddit.requests_to("/api/v1/access_token")) == 2


def test_too_many_requests_is_not_retried(reddit: Reddit, client: praw.Reddit) -> None:
    """A 429 raises at once, with the wait that Reddit asks for."""
    reddit.fail_next(answers(429, {"Retry-After": "17"}), path="/new")
    with pytest.raises(prawcore.TooManyRequests) as caught:
        next(client.subreddit("AskReddit").new(limit=1))
    assert float(caught.value.retry_after or 0) == 17
    assert len(reddit.requests_to("/new")) == 1


def test_an_outage_is_tried_three_times(reddit: Reddit, client: praw.Reddit) -> None:
    """A 503 that lasts raises ServerError after two retries of PRAW's own."""
    reddit.fail_next(answers(503, {"Connection": "close"}), path="/new", times=3)
    with pytest.raises(prawcore.ServerError):
        next(client.subreddit("AskReddit").new(limit=1))
    assert len(reddit.requests_to("/new")) == 3


def test_a_lost_connection_is_tried_again(reddit: Reddit, client: praw.Reddit) -> None:
    """PRAW hides a single reset connection by asking again."""
    list(client.subreddit("AskReddit").new(limit=1))
    reddit.fail_next(lost_before_commit, path="/new")
    assert len(list(client.subreddit("AskReddit").new(limit=1))) == 1
    assert len(reddit.requests_to("/new")) == 3


def test_a_block_page_is_not_json(reddit: Reddit, client: praw.Reddit) -> None:
    """A 200 with HTML, as a network filter sends it, raises BadJSON."""
    reddit.fail_next(
        answers(200, {"Content-Type": "text/html"}, b"<html>blocked</html>"), path="/new"
    )
    with pytest.raises(prawcore.BadJSON):
        next(client.subreddit("AskReddit").new(limit=1))
