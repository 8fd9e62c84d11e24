"""What becomes of Reddit items that were handed over before."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.feedback import Feedback, Kind
from monitor.errors import SourceRefused, SourceUnavailable
from monitor.http import HttpClient
from monitor.settings import HttpSettings, Secrets
from sources.base import SourceContext
from sources.reddit.source import RedditOptions, RedditSource
from tests.world.faults import answers
from tests.world.reddit import Reddit

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
EMPTY = b'{"kind": "Listing", "data": {"children": [], "after": null, "before": null}}'


@pytest.fixture
def place() -> Iterator[Reddit]:
    """An empty Reddit, with plenty of requests left."""
    with Reddit(recorded=False, clock=NOW.timestamp) as server:
        yield server


def source(
    server: Reddit, stop_after: int = 10**6, client_secret: str = Reddit.client_secret
) -> RedditSource:
    """The source; it is told to stop when Reddit was asked so often."""
    held = Secrets.model_validate(
        {"reddit_client_id": Reddit.client_id, "reddit_client_secret": client_secret}
    )
    own = {"subreddits": ["acme"], "reddit_url": server.url, "oauth_url": server.url}
    with HttpClient(HttpSettings()) as http:
        context = SourceContext(
            http=http, secrets=held, stopping=lambda: len(server.requests) >= stop_after
        )
    return RedditSource("acme", RedditOptions.model_validate(own), context)


def rechecked(reader: RedditSource, names: list[str]) -> dict[str, Feedback]:
    return {item.external_id: item for page in reader.recheck(names, NOW) for item in page.items}


def test_an_edit_is_followed(place: Reddit) -> None:
    """New words, the time of the edit and the votes come under the same id, for posts and
    comments.
    """
    post = place.submit("acme", "Help", "It broke")
    comment = place.comment("acme", "me too", on=post)
    place.edit(post, "It works again", at=NOW.timestamp() - 60)
    place.edit(comment, "not me")
    place.vote(post, 41)
    found = rechecked(source(place), [post, comment])

    assert (found[post].title, found[post].body, found[post].score) == (
        "Help",
        "It works again",
        41,
    )
    assert found[post].edited_at == NOW - timedelta(seconds=60)
    assert (found[comment].body, found[comment].deleted) == ("not me", False)


def test_what_is_gone_is_deleted(place: Reddit) -> None:
    """Deleted by its author, removed by a moderator, of a lost account, or unknown to Reddit: all
    of it is deleted.
    """
    names = [place.submit("acme", f"post {number}", "words") for number in range(5)]
    place.delete(names[0])
    place.remove(names[1])
    place.forget(names[2])
    lost = place.comment("acme", "words that stay", on=names[4], author="[deleted]")
    linked = place.submit("acme", "a link", is_self=False, removed_by_category="moderator")
    found = rechecked(source(place), [*names, lost, linked])

    assert {name for name, item in found.items() if item.deleted} == {*names[:3], lost, linked}
    assert {item.title + item.body for item in found.values() if item.deleted} == {""}


def test_a_vanished_comment_keeps_its_kind(place: Reddit) -> None:
    """What Reddit does not know any more is known to be a comment or a post by its name."""
    found = rechecked(source(place), ["t1_zz", "t3_zz"])

    assert [(found[name].kind, found[name].deleted) for name in ("t1_zz", "t3_zz")] == [
        (Kind.COMMENT, True),
        (Kind.POST, True),
    ]


def test_a_hundred_items_cost_one_request(place: Reddit) -> None:
    """Names are asked for by the hundred, each once, and a page is yielded for each request."""
    names = [place.comment("acme", "x", on="t3_1") for _ in range(250)]
    pages = list(source(place).recheck([*names, *names], NOW))

    assert [len(page.items) for page in pages] == [100, 100, 50]
    assert [len(request.query["id"].split(",")) for request in place.requests_to("/info/")] == [
        100,
        100,
        50,
    ]


def test_what_is_no_fullname_is_not_asked_for(place: Reddit) -> None:
    """Foreign ids are left out; with none left nothing is asked, not even for a token."""
    assert rechecked(source(place), ["17", "t2_user", "t3_", "t3_a,t3_b", ""]) == {}
    assert place.requests == ()


def test_a_missing_item_is_asked_for_twice(place: Reddit) -> None:
    """An item that one answer leaves out and the next one shows is not deleted."""
    name = place.submit("acme", "Help", "still here")
    place.fail_next(answers(200, {"Content-Type": "application/json"}, EMPTY), path="/info/")
    found = rechecked(source(place), [name])

    assert (found[name].deleted, found[name].body) == (False, "still here")


def test_a_blank_answer_deletes_nothing(place: Reddit) -> None:
    """When all of many items are missing, as when a subreddit goes private, that is an error and no
    deletion.
    """
    with pytest.raises(SourceUnavailable, match="none of 12 known items"):
        rechecked(source(place), [f"t1_{number}" for number in range(12)])


def test_the_limit_is_minded(place: Reddit) -> None:
    """When the requests are used up, the rest is left for later, and what was read is kept."""
    names = [place.comment("acme", "x", on="t3_1") for _ in range(150)]
    place.remaining, place.window_left = 1, 90
    pages = source(place).recheck(names, NOW)
    first = next(pages)
    with pytest.raises(SourceUnavailable) as caught:
        next(pages)

    assert (len(first.items), first.wait, caught.value.retry_after) == (100, 90, 90)
    assert len(place.requests_to("/info/")) == 1


def test_stops_between_requests(place: Reddit) -> None:
    """When the program ends, no further request is made."""
    names = [place.comment("acme", "x", on="t3_1") for _ in range(250)]

    assert len(list(source(place, stop_after=2).recheck(names, NOW))) == 1


def test_failures_are_source_errors(place: Reddit) -> None:
    """A failing Reddit and wrong credentials are told as when collecting."""
    name = place.submit("acme", "Help")
    place.fail_next(answers(501), path="/info/")
    with pytest.raises(SourceUnavailable, match="failed"):
        rechecked(source(place), [name])
    with pytest.raises(SourceRefused, match="REDDIT_CLIENT_ID"):
        rechecked(source(place, client_secret="wrong"), [name])


def test_collecting_goes_on_beside_it(place: Reddit) -> None:
    """A recheck in the middle of a poll uses a connection of its own and disturbs neither."""
    names = [place.comment("acme", "x", on="t3_1") for _ in range(150)]
    place.standing["acme"] = "public"
    reader = source(place)
    pages = reader.collect("", NOW)
    next(pages)
    found = rechecked(reader, names)
    rest = [item.external_id for page in pages for item in page.items]

    assert set(found) == set(names)
    assert set(rest) == set(names)
