"""The Mastodon source against a local instance."""

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
from sources.base import Page, SourceContext
from sources.mastodon import MastodonOptions, MastodonSource
from tests.world.clock import Clock
from tests.world.faults import answers
from tests.world.mastodon import Mastodon, without_statuses
from tests.world.replay import WEATHER, Replay, Weather

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
TOKEN = Secrets.model_validate({"mastodon_access_token": Mastodon.token})


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
    """The clock of the instance, which is also ours."""
    return Clock(NOW.timestamp())


@pytest.fixture
def home(clock: Clock) -> Iterator[Mastodon]:
    """An instance on which nothing was posted."""
    with Mastodon(clock=clock) as server:
        yield server


def source(
    http: HttpClient, home: Mastodon, *tags: str, secrets: Secrets | None = None, **options: object
) -> MastodonSource:
    own = MastodonOptions.model_validate(
        {"instance": home.url, "hashtags": tags or ("acme",), **options}
    )
    return MastodonSource("fedi", own, SourceContext(http=http, secrets=secrets or Secrets()))


def at(clock: Clock) -> datetime:
    return datetime.fromtimestamp(clock(), UTC)


def items(pages: Iterator[Page] | list[Page]) -> list[Feedback]:
    return [item for page in pages for item in page.items]


def uris(pages: Iterator[Page] | list[Page]) -> list[str]:
    return [item.external_id for item in items(pages)]


def test_hands_over_what_a_post_says(http: HttpClient, home: Mastodon) -> None:
    """A post has its uri as identity, and its address, words, language, reach, votes, replies and
    times.
    """
    uri = home.post("It <b>broke</b> &amp; I left", "acme", at=NOW.timestamp() - 60)
    (post,) = items(source(http, home).collect("", NOW))

    assert (post.key, post.kind, post.language) == (("fedi", uri), Kind.POST, "en")
    assert to_plain_text(post.body, post.markup) == "It broke & I left"
    assert post.author == Author(
        name="kim@social.example", id="https://social.example/users/kim", reach=41
    )
    assert (post.score, post.replies, post.edited_at) == (3, 2, None)
    assert post.created_at == NOW - timedelta(minutes=1)
    assert post.url.startswith("https://social.example/@kim/")


def test_reads_what_was_recorded(http: HttpClient, clock: Clock) -> None:
    """Recorded statuses give their words, warnings, edits and authors; accounts of the instance get
    its name.
    """
    with Mastodon(recorded=True, clock=clock) as home:
        found = items(
            source(http, home, "hoot", "fgiztsshwiaq", "#ThisIsAHashtag").collect("", NOW)
        )
    by_title = {to_plain_text(item.title, item.markup): item for item in found}
    warned = by_title["test post for mastodon.py stuff"]

    assert len(found) == 6
    assert warned.edited_at == datetime(2023, 5, 28, 12, 9, 44, tzinfo=UTC)
    assert warned.author.name.endswith("@elsewhere.example")
    assert warned.language == "de"
    assert by_title[""].author.name.endswith("@social.example")


def test_a_content_warning_is_the_title_and_an_answer_a_comment(
    http: HttpClient, home: Mastodon
) -> None:
    """The warning is plain text, and stays so beside a body of HTML."""
    home.post("x", "acme", spoiler_text="Rant <3 & more", in_reply_to_id="1")
    (post,) = items(source(http, home).collect("", NOW))

    assert (post.kind, to_plain_text(post.title, post.markup)) == (Kind.COMMENT, "Rant <3 & more")


def test_boosts_are_left_out(http: HttpClient, home: Mastodon) -> None:
    """A boost is somebody else's words."""
    home.post("x", "acme", reblog={"id": "1", "content": "x"})

    assert items(source(http, home).collect("", NOW)) == []


def test_the_first_contact_reads_the_newest_page_only(
    http: HttpClient, home: Mastodon, clock: Clock
) -> None:
    """Years of history are left alone: one request, forty posts."""
    written = [home.post(str(number), "acme", at=clock() - 9_000 + number) for number in range(100)]

    assert sorted(uris(source(http, home).collect("", NOW))) == sorted(written[-40:])
    assert [set(request.query) for request in home.requests] == [{"limit"}]


def test_reads_on_from_what_is_known_without_a_gap(
    http: HttpClient, home: Mastodon, clock: Clock
) -> None:
    """More than a page of new posts is read oldest first by min_id, never since_id."""
    home.post("old", "acme", at=clock() - 7_200)
    reader = source(http, home)
    cursor = list(reader.collect("", at(clock)))[-1].cursor
    written = [home.post(str(number), "acme", at=clock() + number) for number in range(130)]
    clock.forward(600)
    pages = list(reader.collect(cursor, at(clock)))

    assert set(written) <= set(uris(pages))
    assert [set(request.query) for request in home.requests[1:]] == [{"limit", "min_id"}] * 5
    assert max(map(_time, pages[1].items)) < min(map(_time, pages[2].items))


def _time(item: Feedback) -> datetime:
    assert item.created_at
    return item.created_at


def test_what_arrives_late_from_elsewhere_is_found(
    http: HttpClient, home: Mastodon, clock: Clock
) -> None:
    """A post whose id lies before the newest known one, within half an hour, is read all the
    same.
    """
    home.post("new", "acme")
    reader = source(http, home)
    cursor = list(reader.collect("", at(clock)))[-1].cursor
    late = home.post("late", "acme", at=clock() - 1_700)
    clock.forward(60)

    assert late in uris(reader.collect(cursor, at(clock)))


def test_an_edit_follows(http: HttpClient, home: Mastodon, clock: Clock) -> None:
    """An edited post comes again under the same id with the time of the edit."""
    uri = home.post("broke", "acme")
    reader = source(http, home)
    cursor = list(reader.collect("", at(clock)))[-1].cursor
    clock.forward(60)
    home.edit(uri, "works")
    (post,) = items(reader.collect(cursor, at(clock)))

    assert (post.external_id, to_plain_text(post.body, post.markup), post.edited_at) == (
        uri,
        "works",
        at(clock),
    )


def test_a_post_is_the_same_under_every_hashtag_and_on_every_instance(
    http: HttpClient, home: Mastodon, clock: Clock
) -> None:
    """The identity is the uri, whatever id an instance gives the post."""
    uri = home.post("x", "acme", "acmefail")
    with Mastodon(clock=clock) as elsewhere:
        elsewhere.post("x", "acme", at=clock() - 5, uri=uri)
        there = uris(source(http, elsewhere).collect("", NOW))

    assert uris(source(http, home, "acme", "acmefail").collect("", NOW)) == [uri, uri]
    assert there == [uri]


def test_hashtags_can_be_joined_demanded_and_excluded(http: HttpClient, home: Mastodon) -> None:
    """`any` widens a timeline, `all` and `none` narrow it."""
    home.post("1", "acme")
    both = home.post("2", "acme", "help")
    other = home.post("3", "acmefail", "help")
    home.post("4", "acme", "help", "ad")

    found = uris(source(http, home, any=["acmefail"], all=["#help"], none=["ad"]).collect("", NOW))
    assert sorted(found) == sorted([both, other])


def test_waits_when_no_request_is_left_and_goes_on_where_it_stopped(
    http: HttpClient, home: Mastodon, clock: Clock
) -> None:
    """With no request left the poll ends and asks to wait for the reset; the next one loses
    nothing.
    """
    home.post("old", "acme", at=clock() - 7_200)
    reader = source(http, home)
    cursor = list(reader.collect("", at(clock)))[-1].cursor
    written = [home.post(str(number), "acme", at=clock() + number) for number in range(100)]
    home.remaining, home.reset = 1, clock() + 120
    stopped = list(reader.collect(cursor, at(clock)))
    home.remaining = 300

    assert (len(stopped), stopped[-1].wait) == (1, 120)
    rest = uris(reader.collect(stopped[-1].cursor, at(clock)))
    assert set(written) <= {*uris(stopped), *rest}
    assert len(rest) < len(written)


def test_too_many_requests_means_the_window(http: HttpClient, home: Mastodon) -> None:
    """Mastodon's 429 names no time that is handed on, so five minutes are waited; Retry-After is
    believed.
    """
    for seconds, headers in ((300, {}), (7, {"Retry-After": "7"})):
        home.fail_next(answers(429, headers))
        with pytest.raises(SourceUnavailable) as caught:
            list(source(http, home).collect("", NOW))
        assert caught.value.retry_after == seconds


@pytest.mark.parametrize("status", [401, 403, 422])
def test_a_closed_instance_needs_a_token(status: int, http: HttpClient, home: Mastodon) -> None:
    """Strangers are told what to set, members with a bad token to renew it, and a good token
    reads.
    """
    home.closed = status
    bad = Secrets.model_validate({"mastodon_access_token": "wrong-token"})
    uri = home.post("x", "acme")
    with pytest.raises(
        SourceRefused, match=rf"members only \({status}\); set MASTODON_ACCESS_TOKEN"
    ):
        list(source(http, home).collect("", NOW))
    with pytest.raises(SourceRefused, match=r"refuses the access token .* read:statuses") as caught:
        list(source(http, home, secrets=bad).collect("", NOW))

    assert "wrong-token" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert uris(source(http, home, secrets=TOKEN).collect("", NOW)) == [uri]


def test_an_open_instance_does_not_see_the_token(http: HttpClient, home: Mastodon) -> None:
    """The token of one instance is not shown to another that asks for none."""
    list(source(http, home, secrets=TOKEN).collect("", NOW))

    assert [request.headers.get("authorization") for request in home.requests] == [None]


def test_what_is_no_mastodon_is_told(http: HttpClient, home: Mastodon) -> None:
    """404, a web page and an object in place of a list are errors that name the instance."""
    for reply, error, words in (
        (answers(404), SourceRefused, "runs Mastodon"),
        (answers(200, {}, b"<html>"), SourceUnavailable, "not JSON"),
        (answers(200, {}, b"{}"), SourceUnavailable, "not a list"),
    ):
        home.fail_next(reply)
        with pytest.raises(error, match=words):
            list(source(http, home).collect("", NOW))


def test_another_instance_or_filter_starts_afresh(http: HttpClient, home: Mastodon) -> None:
    """Ids are an instance's own, so a cursor of another one is not used."""
    home.post("x", "acme")
    cursor = list(source(http, home).collect("", NOW))[-1].cursor
    list(source(http, home, none=["ad"]).collect(cursor, NOW))

    assert "min_id" not in home.requests[-1].query


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["add", "late", "edit", "poll", "killed"]),
            st.integers(1, 60),
            st.lists(st.sampled_from(WEATHER), max_size=4),
        ),
        max_size=15,
    )
)
def test_nothing_is_lost_in_any_weather(steps: list[tuple[str, int, list[str]]]) -> None:
    """Whatever fails, comes late or is killed: every post is handed over at least once, in its last
    words.
    """
    clock = Clock(NOW.timestamp())
    texts: dict[str, str] = {}
    with (
        stamina.set_testing(True, attempts=1),
        HttpClient(HttpSettings(allow_private_networks=True)) as http,
        Mastodon(clock=clock) as home,
    ):
        for tag in ("acme", "acmefail"):
            home.post("old", tag, at=clock() - 86_400)
        replay = Replay(lambda: source(http, home, "acme", "acmefail"))
        replay.poll(at(clock))
        for number, (action, size, plan) in enumerate(steps):
            clock.forward(60)
            match action:
                case "add" | "late":
                    for each in range(size):
                        when = clock() - (600 if action == "late" else 0) - each / 100
                        uri = home.post(
                            f"{number}.{each}", "acme" if number % 2 else "acmefail", at=when
                        )
                        texts[uri] = f"{number}.{each}"
                case "edit" if texts:
                    uri = sorted(texts)[size % len(texts)]
                    texts[uri] = f"edit {number}"
                    home.edit(uri, texts[uri])
                case _:
                    home.weather = Weather(plan, without_statuses)
                    replay.poll(at(clock), pages=size % 3 if action == "killed" else 0)
        home.weather = lambda request: None
        for _ in range(2):
            replay.poll(at(clock))

    found = {uri: to_plain_text(item.body, item.markup) for uri, item in replay.held.items()}
    assert {uri: text for uri, text in found.items() if text != "old"} == texts
