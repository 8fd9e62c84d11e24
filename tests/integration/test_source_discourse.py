"""The Discourse source against a local forum."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import pytest
import stamina

from monitor.domain.feedback import Author, Feedback, Kind, Markup
from monitor.errors import SourceRefused, SourceUnavailable
from monitor.http import HttpClient
from monitor.settings import HttpSettings, Secrets
from sources.base import Page, SourceContext
from sources.discourse import DiscourseOptions, DiscourseSource
from tests.world.clock import Clock
from tests.world.discourse import API_KEY, Discourse
from tests.world.faults import Fault, answers, lost_before_commit, truncated

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    """The forum's time."""
    return Clock(NOW.timestamp())


@pytest.fixture
def forum(clock: Clock) -> Iterator[Discourse]:
    """A forum without posts, in a folder of its host."""
    with Discourse(below="/forum", clock=clock) as server, stamina.set_testing(True, attempts=1):
        yield server


class Make(Protocol):
    """Builds a source on the forum; it is told to stop when the forum was asked so often."""

    def __call__(
        self, server: Discourse, key: str = "", stop_after: int = 10**6, **options: object
    ) -> DiscourseSource: ...


@pytest.fixture
def source() -> Iterator[Make]:
    """Sources that share one client."""
    with HttpClient(HttpSettings(allow_private_networks=True)) as http:

        def make(
            server: Discourse, key: str = "", stop_after: int = 10**6, **options: object
        ) -> DiscourseSource:
            secrets = Secrets.model_validate({"discourse_api_key": key})
            context = SourceContext(
                http=http, secrets=secrets, stopping=lambda: len(server.requests) >= stop_after
            )
            return DiscourseSource(
                "forum",
                DiscourseOptions.model_validate({"url": server.address, **options}),
                context,
            )

        yield make


def items(pages: Iterator[Page] | list[Page]) -> list[Feedback]:
    return [item for page in pages for item in page.items]


def numbers(pages: Iterator[Page] | list[Page]) -> list[int]:
    return [int(item.external_id) for item in items(pages)]


def read(reader: DiscourseSource, cursor: str = "") -> tuple[list[int], str]:
    """What one poll hands over, and its last cursor."""
    pages = list(reader.collect(cursor, NOW))
    return numbers(pages), pages[-1].cursor


def test_reads_the_recorded_posts(source: Make) -> None:
    """Recorded posts come with words, author, place and times."""
    with Discourse(recorded=True) as server:
        found = items(source(server).collect("", NOW))
        reply, first = found[:2]

    assert [item.external_id for item in found] == ["15", "14", "10", "2"]
    assert (first.kind, first.title, first.markup) == (
        Kind.POST,
        "This is an uncategorized title",
        Markup.HTML,
    )
    assert first.body == "<p>hi there.  hi there.  hi there.</p>"
    assert first.author == Author(name="johndoe", id="1")
    assert first.created_at == datetime(2020, 1, 25, 0, 58, 35, 475000, tzinfo=UTC)
    assert (first.thread_id, first.replies, first.edited_at) == ("11", 0, None)
    assert first.url == f"{server_url(found)}/t/this-is-an-uncategorized-title/11/1"
    assert (reply.kind, reply.title, reply.url.rpartition("/")[2]) == (Kind.COMMENT, "", "2")
    assert reply.attributes["topic"] == "This is an uncategorized title"


def server_url(found: list[Feedback]) -> str:
    return found[0].url.partition("/t/")[0]


def test_pages_down_to_what_is_known(forum: Discourse, source: Make) -> None:
    """However many posts came, each is handed over; a quiet forum then costs one request."""
    for _ in range(60):
        forum.write()
    reader = source(forum)
    _, cursor = read(reader)
    for _ in range(230):
        forum.write()
    found, cursor = read(reader, cursor)
    before = len(forum.requests)

    assert set(range(61, 291)) <= set(found)
    assert read(reader, cursor)[0] == list(range(290, 240, -1))
    assert len(forum.requests) == before + 1


@pytest.mark.parametrize("by_number", [True, False])
def test_an_empty_page_is_not_the_end(by_number: bool, forum: Discourse, source: Make) -> None:
    """Numbers that the reader may not see leave pages short or empty; the posts below them are
    found all the same.
    """
    forum.by_number = by_number
    forum.write()
    cursor = read(source(forum))[1]
    below = [forum.write() for _ in range(5)]
    for _ in range(170):
        forum.write(unseen=True)
    for _ in range(60):
        forum.write()

    assert set(below) <= set(read(source(forum), cursor)[0])


def test_a_gap_in_the_numbers_is_walked_over(forum: Discourse, source: Make) -> None:
    """Numbers of deleted posts and private messages stop nothing."""
    forum.write(number=10)
    cursor = read(source(forum))[1]
    forum.write(number=100)
    forum.write(number=900)

    assert {100, 900} <= set(read(source(forum), cursor)[0])


def test_a_broken_way_down_is_gone_on_with(forum: Discourse, source: Make) -> None:
    """A poll that is stopped or fails halfway loses nothing: the next one starts where it broke
    off.
    """
    forum.write()
    cursor = read(source(forum))[1]
    for _ in range(300):
        forum.write()
    found, cursor = read(source(forum, stop_after=3), cursor)
    forum.fail_next(answers(429, {"Retry-After": "9"}), path="/posts.json")
    with pytest.raises(SourceUnavailable):
        list(source(forum).collect(cursor, NOW))
    rest, cursor = read(source(forum), cursor)

    assert set(found + rest) == set(range(1, 302))
    assert not set(found) & set(rest)
    assert forum.write() in read(source(forum), cursor)[0]


def test_the_first_contact_reads_a_thousand_posts(forum: Discourse, source: Make) -> None:
    """A large forum is not read from its beginning."""
    for _ in range(1_100):
        forum.write()

    assert len(read(source(forum))[0]) == 1_000


def test_a_post_that_was_committed_late_is_found(forum: Discourse, source: Make) -> None:
    """A number below the newest one that appears later is handed over."""
    forum.write(number=40)
    cursor = read(source(forum))[1]
    forum.write(number=39)
    for number in range(41, 95):
        forum.write(number=number)

    assert 39 in read(source(forum), cursor)[0]


def test_an_edit_keeps_the_id(forum: Discourse, clock: Clock, source: Make) -> None:
    """An edited post is handed over again under its number, with the time of the edit."""
    number = forum.write("<p>It works</p>")
    cursor = read(source(forum))[1]
    clock.forward(60)
    forum.edit(number, "<p>It broke</p>")
    (item,) = items(source(forum).collect(cursor, NOW))

    assert (item.external_id, item.body) == (str(number), "<p>It broke</p>")
    assert item.edited_at == NOW + timedelta(seconds=60)


def test_what_the_forum_changes_itself_is_no_edit(forum: Discourse, source: Make) -> None:
    """A newer `updated_at` of the first version is not an edit by the author."""
    forum.write(updated_at="2026-11-22T09:00:00.000Z")

    assert items(source(forum).collect("", NOW))[0].edited_at is None


@pytest.mark.parametrize(
    "mark", [{"deleted_at": "2026-11-22T08:00:00Z"}, {"user_deleted": True}, {"hidden": True}]
)
def test_what_is_taken_back_is_deleted(
    mark: dict[str, Any], forum: Discourse, source: Make
) -> None:
    """A deleted, withdrawn or hidden post is handed over as deleted, without words."""
    forum.write("<p>gone</p>", **mark)
    (item,) = items(source(forum).collect("", NOW))

    assert (item.deleted, item.title, item.body) == (True, "", "")


def test_recheck_follows_edits_and_deletions(forum: Discourse, source: Make) -> None:
    """Fifty posts cost one request, each missing one another; what is gone is deleted, foreign ids
    are left out.
    """
    for _ in range(120):
        forum.write("<p>before</p>")
    forum.edit(30, "<p>after</p>")
    forum.delete(31)
    asked = [str(number) for number in range(21, 61)]
    found = {item.external_id: item for item in items(source(forum).recheck([*asked, "t1_x"], NOW))}

    assert set(found) == set(asked)
    assert found["30"].body == "<p>after</p>"
    assert [name for name, item in found.items() if item.deleted] == ["31"]
    assert [request.path for request in forum.requests] == [
        "/forum/posts.json",
        "/forum/posts/31.json",
    ]


def test_recheck_believes_no_failure(forum: Discourse, source: Make) -> None:
    """A forum that answers nothing useful deletes nothing."""
    number = forum.write()
    forum.members_only = True

    with pytest.raises(SourceRefused):
        list(source(forum).recheck([str(number)], NOW))


def test_recheck_of_a_post_that_is_only_out_of_sight(forum: Discourse, source: Make) -> None:
    """A post that the page leaves out but the forum still has is not taken for deleted."""
    number = forum.write("<p>still here</p>", unseen=True)
    (item,) = items(source(forum).recheck([str(number)], NOW))

    assert (item.deleted, item.body) == (False, "<p>still here</p>")


def test_reads_one_category_with_those_inside_it(forum: Discourse, source: Make) -> None:
    """A category is named by slug or number; posts of others pass by and still move the cursor."""
    forum.categories = [
        {"id": 1, "slug": "news"},
        {
            "id": 5,
            "slug": "support",
            "subcategory_ids": [6],
            "subcategory_list": [{"id": 6, "slug": "billing"}],
        },
    ]
    wanted = [forum.write(category_id=5), forum.write(category_id=6)]
    forum.write(category_id=1)

    assert sorted(read(source(forum, category="support"))[0]) == wanted
    assert read(source(forum, category="6"))[0] == [wanted[1]]
    assert read(source(forum, category="billing"))[0] == [wanted[1]]
    with pytest.raises(SourceRefused, match="no category 'suport'; did you mean 'support'"):
        read(source(forum, category="suport"))


def test_events_and_whispers_are_no_feedback(forum: Discourse, source: Make) -> None:
    """Closed topics and what staff say among themselves are not handed over; a moderator's post
    is.
    """
    for kind in (3, 4, 2):
        forum.write(post_type=kind)

    assert read(source(forum))[0] == [3]


def test_one_broken_post_does_not_cost_its_neighbours(forum: Discourse, source: Make) -> None:
    """A post without a usable number, and fields of another shape, cost only themselves."""
    forum.write()
    forum.write(
        number=2, actions_summary="x", topic_id=None, version="x", created_at="soon", user_id=None
    )
    found = items(source(forum).collect("", NOW))

    assert [(item.external_id, item.url == "") for item in found] == [("2", True), ("1", False)]


def test_likes_and_replies_are_counted(forum: Discourse, source: Make) -> None:
    """Likes are the score; staff is marked."""
    forum.write(
        actions_summary=[{"id": 2, "count": 4}, {"id": 6, "count": 1}], reply_count=3, staff=True
    )
    (item,) = items(source(forum).collect("", NOW))

    assert (item.score, item.replies, item.attributes["staff"]) == (4, 3, "yes")


def test_waits_as_long_as_the_forum_asks(forum: Discourse, source: Make) -> None:
    """A throttled forum says for how long, and is asked once."""
    forum.fail_next(answers(429, {"Retry-After": "41"}), path="/posts.json")
    with pytest.raises(SourceUnavailable) as caught:
        read(source(forum))

    assert caught.value.retry_after == 41
    assert len(forum.requests) == 1


@pytest.mark.parametrize("how", ["members_only", "login_page"])
def test_a_forum_for_members_says_what_to_do(how: str, forum: Discourse, source: Make) -> None:
    """Without a key the error names the option and the variable; with them the forum is read."""
    forum.write()
    setattr(forum, how, True)
    with pytest.raises(SourceRefused, match=r"set api_user, and DISCOURSE_API_KEY"):
        read(source(forum))

    assert read(source(forum, API_KEY, api_user="system"))[0] == [1]


def test_the_key_is_sent_only_where_it_is_meant(forum: Discourse, source: Make) -> None:
    """A forum without api_user does not see the key of another one."""
    read(source(forum, API_KEY))

    assert all("api-key" not in request.headers for request in forum.requests)


def test_a_wrong_key_is_told_from_none(forum: Discourse, source: Make) -> None:
    """A refused key names the variable, never its value; a missing one is told before anything is
    asked.
    """
    with pytest.raises(SourceRefused, match="refuses the key") as caught:
        read(source(forum, "wr0ng-k3y", api_user="system"))
    asked = len(forum.requests)
    with pytest.raises(SourceRefused, match="api_user is set without a key"):
        read(source(forum, api_user="system"))

    assert "wr0ng-k3y" not in f"{caught.value!r}{caught.value.__cause__!r}"
    assert len(forum.requests) == asked


def test_what_is_no_forum_is_told(forum: Discourse, source: Make) -> None:
    """A missing page, a web page and another interface are errors, not an empty forum."""
    forum.fail_next(answers(404), path="/posts.json")
    with pytest.raises(SourceRefused, match="no Discourse forum is there"):
        read(source(forum))
    forum.fail_next(answers(200, {"Content-Type": "text/html"}, b"<html>"), path="/posts.json")
    with pytest.raises(SourceUnavailable, match="shows a web page"):
        read(source(forum))
    for body in (b"{}", b"[]", b"{", b'{"latest_posts": 1}'):
        forum.fail_next(
            answers(200, {"Content-Type": "application/json"}, body), path="/posts.json"
        )
        with pytest.raises(SourceUnavailable):
            read(source(forum))


@pytest.mark.parametrize("fault", [lost_before_commit, truncated(40), answers(503)])
def test_a_failure_changes_no_cursor(fault: Fault, forum: Discourse, source: Make) -> None:
    """A broken answer is a passing error, and the same cursor reads everything afterwards."""
    forum.write()
    forum.fail_next(fault, path="/posts.json")
    with pytest.raises(SourceUnavailable):
        read(source(forum))

    assert read(source(forum))[0] == [1]


def test_links_hold_no_login(forum: Discourse, source: Make) -> None:
    """A login in the forum's address is used, and appears in no link."""
    forum.write()
    address = forum.address.replace("http://", "http://kim:s3cret@") + "/?token=x"
    (item,) = items(source(forum, url=address).collect("", NOW))

    assert item.url.startswith(f"{forum.address}/t/")
    assert forum.requests[0].headers["authorization"].startswith("Basic ")


def test_the_cursor_of_another_forum_starts_afresh(forum: Discourse, source: Make) -> None:
    """After the address or the category has changed, reading starts from the newest post."""
    for _ in range(120):
        forum.write(category_id=1)
    cursor = read(source(forum))[1]

    assert len(read(source(forum, category="1"), cursor)[0]) == 120
