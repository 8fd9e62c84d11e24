"""The feed source against a local host."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import stamina

from monitor.domain.feedback import Kind
from monitor.errors import SourceError, SourceGone, SourceRefused, SourceUnavailable
from monitor.http import HttpClient
from monitor.settings import HttpSettings, Secrets
from sources.base import Page, SourceContext
from sources.feed.source import FeedOptions, FeedSource
from tests.world.faults import lost_before_commit
from tests.world.web import Web

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
ITEM = (
    "<item><guid isPermaLink='false'>{0}</guid><title>Title {0}</title><link>"
    "/posts/{0}</link></item>"
)


@pytest.fixture
def http() -> Iterator[HttpClient]:
    """A client that may read this machine."""
    with (
        stamina.set_testing(True, attempts=2, cap=True),
        HttpClient(HttpSettings(allow_private_networks=True)) as client,
    ):
        yield client


def rss(*ids: object, channel: str = "") -> str:
    items = "".join(ITEM.format(id_) for id_ in ids)
    return f'<rss version="2.0"><channel><title>t</title>{channel}{items}</channel></rss>'


def source(http: HttpClient, url: str, **options: object) -> FeedSource:
    settings = FeedOptions.model_validate({"url": url, **options})
    return FeedSource("news", settings, SourceContext(http=http, secrets=Secrets()))


def only(pages: Iterator[Page]) -> Page:
    (page,) = pages
    return page


def test_hands_over_every_entry_with_what_it_says(web: Web, http: HttpClient) -> None:
    """Entries become feedback of the configured kind and language, with absolute links."""
    feed = source(http, web.publish("/feed", rss(1, 2)), items="review", language="de")
    page = only(feed.collect("", NOW))

    assert [item.external_id for item in page.items] == ["1", "2"]
    assert page.items[0].url == f"{web.url}/posts/1"
    assert (page.items[0].kind, page.items[0].language, page.items[0].source_id) == (
        Kind.REVIEW,
        "de",
        "news",
    )


def test_an_unchanged_feed_is_not_sent_again(web: Web, http: HttpClient) -> None:
    """With its cursor the second poll is a 304: one page without items and the same cursor."""
    feed = source(http, web.publish("/feed", rss(1), last_modified=NOW))
    first = only(feed.collect("", NOW))
    second = only(feed.collect(first.cursor, NOW))

    assert (second.items, second.cursor) == ((), first.cursor)
    assert web.requests[1].headers["if-none-match"] != ""


def test_the_same_document_without_validators_is_not_read_again(web: Web, http: HttpClient) -> None:
    """A host that gives no validators sends all again: it is known by its digest, and waiting stays
    what it asked.
    """
    bare = {"ETag": "", "Last-Modified": ""}
    feed = source(http, web.publish("/feed", rss(1, channel="<ttl>10</ttl>"), headers=bare))
    first = only(feed.collect("", NOW))
    second = only(feed.collect(first.cursor, NOW))
    web.publish("/feed", rss(2, 1), headers=bare)
    third = only(feed.collect(second.cursor, NOW))

    assert (len(first.items), second.items, len(third.items)) == (1, (), 2)
    assert (second.cursor, second.fresh) == (first.cursor, 600)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_space_before_the_declaration_is_no_fault(mark: str, web: Web, http: HttpClient) -> None:
    """A blank line before the XML declaration, which many sites write, costs neither entries nor
    validators.
    """
    text = mark + '\n\n  <?xml version="1.0" encoding="utf-8"?>' + rss("é")
    page = only(source(http, web.publish("/feed", text)).collect("", NOW))

    assert ([item.external_id for item in page.items], page.warnings) == (["é"], ())
    assert page.cursor != ""


def test_a_changed_feed_is_read_again(web: Web, http: HttpClient) -> None:
    """A cursor of the last state brings the new one."""
    feed = source(http, web.publish("/feed", rss(1)))
    first = only(feed.collect("", NOW))
    web.publish("/feed", rss(2, 1))

    assert [item.external_id for item in only(feed.collect(first.cursor, NOW)).items] == ["2", "1"]


def test_another_address_starts_afresh(web: Web, http: HttpClient) -> None:
    """Validators belong to their address: after a change of the address they are not sent."""
    held = only(source(http, web.publish("/old", rss(1))).collect("", NOW)).cursor
    only(source(http, web.publish("/new", rss(1))).collect(held, NOW))

    assert "if-none-match" not in web.requests[1].headers


@pytest.mark.parametrize("cursor", ["not json", "[]", "7", '{"feed": 1}'])
def test_a_foreign_cursor_starts_afresh(cursor: str, web: Web, http: HttpClient) -> None:
    """A cursor that is not ours is no error."""
    assert len(only(source(http, web.publish("/feed", rss(1))).collect(cursor, NOW)).items) == 1


def test_a_truncated_feed_is_fetched_again(web: Web, http: HttpClient) -> None:
    """What is left of a cut document is kept with a warning, and its validators are not."""
    page = only(source(http, web.publish("/feed", rss(1, 2)[:-40])).collect("", NOW))

    assert page.items[0].external_id == "1"
    assert "malformed" in page.warnings[0]
    assert page.cursor == ""


def test_identity_is_the_id_else_the_link_else_the_words(web: Web, http: HttpClient) -> None:
    """Entries without an id are known by their link, those without both by their words; all stay
    the same next time.
    """
    items = (
        "<item><link>/a</link><title>x</title></item><item><title>y</title></item><item>"
        "<title>z</title></item>"
    )
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'
    feed = source(http, web.publish("/feed", body))
    ids = [item.external_id for item in only(feed.collect("", NOW)).items]

    assert ids[0] == f"{web.url}/a"
    assert len(set(ids)) == 3
    assert ids == [item.external_id for item in only(feed.collect("", NOW)).items]


def test_one_id_for_different_pages_loses_none(web: Web, http: HttpClient) -> None:
    """Where a feed gives every entry the same id, the pages tell them apart."""
    items = "".join(
        f"<item><guid isPermaLink='false'>same</guid><link>/{n}</link></item>" for n in range(3)
    )
    page = only(
        source(
            http, web.publish("/feed", f"<rss version='2.0'><channel>{items}</channel></rss>")
        ).collect("", NOW)
    )

    assert len({item.external_id for item in page.items}) == 3


def test_a_very_large_entry_does_not_cost_the_feed(web: Web) -> None:
    """With the limit raised, an entry of 20 MB arrives beside its neighbours."""
    body = rss(1) + "<!-- end -->"
    large = (
        "<item><guid isPermaLink='false'>big</guid><description>"
        f"{'word ' * 4_000_000}</description></item>"
    )
    url = web.publish("/feed", body.replace("</channel>", f"{large}</channel>"), compressed=True)
    with HttpClient(
        HttpSettings(
            allow_private_networks=True, max_size=30_000_000, timeout=timedelta(seconds=60)
        )
    ) as http:
        page = only(source(http, url).collect("", NOW))

    assert [item.external_id for item in page.items] == ["1", "big"]


def test_waits_as_long_as_the_host_and_the_feed_ask(web: Web, http: HttpClient) -> None:
    """The longer of max-age and ttl is handed on, at most an hour; also with a 304."""
    url = web.publish(
        "/feed", rss(1, channel="<ttl>10</ttl>"), headers={"Cache-Control": "max-age=120"}
    )
    first = only(source(http, url).collect("", NOW))
    second = only(source(http, url).collect(first.cursor, NOW))
    long = web.publish("/long", rss(1, channel="<ttl>10080</ttl>"))

    assert (first.fresh, second.fresh, first.wait) == (600, 600, 0)
    assert only(source(http, long).collect("", NOW)).fresh == 3600


def test_a_permanent_redirect_is_adopted_after_three_polls_and_given_up_when_it_fails(
    web: Web, http: HttpClient
) -> None:
    """One wrong redirect leads nobody astray; an adopted address is asked directly, until it does
    not answer.
    """
    web.publish("/new", rss(1))
    feed = source(http, web.redirect("/old", "/new", 301))
    cursor = ""
    for _ in range(4):
        cursor = only(feed.collect(cursor, NOW)).cursor
    assert len(web.requests_to("/old")) == 3
    assert len(web.requests_to("/new")) == 4

    web.refuse("/new", 404)
    web.publish("/old", rss(1, 2))
    page = only(feed.collect(cursor, NOW))
    assert [item.external_id for item in page.items] == ["1", "2"]
    assert page.warnings == ()


def test_an_address_with_a_secret_is_never_kept(web: Web, http: HttpClient) -> None:
    """A redirect to an address with a token is followed each time, and stands in no cursor."""
    web.publish("/new", rss(1))
    feed = source(http, web.redirect("/old", "/new?token=s3cr3t", 301))
    cursor = ""
    for _ in range(5):
        cursor = only(feed.collect(cursor, NOW)).cursor
        assert "s3cr3t" not in cursor
    assert len(web.requests_to("/old")) == 5


def test_says_when_the_feed_has_moved_for_good(web: Web, http: HttpClient) -> None:
    """After a permanent redirect the new address is named, without its secrets; after a passing one
    nothing is said.
    """
    web.publish("/new", rss(1))
    moved = web.redirect("/old", "/new?token=s3cr3t", 301)
    passing = web.redirect("/elsewhere", "/new", 302)

    assert only(source(http, moved).collect("", NOW)).warnings == (
        f"the feed has moved for good; write the new address: {web.url}/new?token=***",
    )
    assert only(source(http, passing).collect("", NOW)).warnings == ()


def test_what_is_no_feed_is_an_error_not_an_empty_feed(web: Web, http: HttpClient) -> None:
    """A login page, an empty answer, blanks and nonsense with status 200 are errors that say what
    came.
    """
    cases = {
        web.login_page("/login"): "web page, perhaps to log in",
        web.empty("/empty"): "answer is empty",
        web.publish("/blank", " \n"): "answer is empty",
        web.publish("/words", "no feed"): "not a feed",
        web.publish("/json", "{}", content_type="application/json"): "not a JSON Feed",
    }
    for url, words in cases.items():
        with pytest.raises(SourceUnavailable, match=words):
            only(source(http, url).collect("", NOW))


def test_a_feed_without_entries_is_healthy(web: Web, http: HttpClient) -> None:
    """An empty feed is a feed."""
    assert only(source(http, web.publish("/feed", rss())).collect("", NOW)).items == ()


def test_a_json_feed_is_read_by_its_content(web: Web, http: HttpClient) -> None:
    """JSON Feed is recognised whatever type it is served as."""
    body = (
        '\ufeff {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", '
        '"content_text": "x"}]}'
    )
    page = only(
        source(http, web.publish("/feed", body.encode("utf-8"), content_type="text/plain")).collect(
            "", NOW
        )
    )

    assert [item.external_id for item in page.items] == ["1"]


@pytest.mark.parametrize("wait", [77, NOW + timedelta(seconds=77)])
def test_both_forms_of_retry_after_are_handed_on(wait: int | datetime, http: HttpClient) -> None:
    """A throttled feed says how long to stay away."""
    with Web(clock=NOW.timestamp) as web, pytest.raises(SourceUnavailable) as caught:
        only(source(http, web.throttle("/feed", wait)).collect("", NOW))

    assert caught.value.retry_after == 77


def test_a_feed_that_is_gone_says_so(web: Web, http: HttpClient) -> None:
    """410 ends the polling."""
    with pytest.raises(SourceGone):
        only(source(http, web.refuse("/feed", 410)).collect("", NOW))


def test_a_private_feed_keeps_its_secret(web: Web, http: HttpClient) -> None:
    """The secret of a private address is in no text form of the source and in none of its
    errors.
    """
    query = "?feed=s3cr3t&user=me"
    web.login_page("/login")
    web.redirect("/loop", f"/loop{query}")
    paths = [web.refuse(f"/{status}", status) for status in (401, 403, 404, 410, 429, 500, 503)]
    paths += [
        f"{web.url}/login",
        f"{web.url}/loop",
        web.empty("/empty"),
        web.publish("/words", "x"),
    ]
    told = ""
    for url in paths:
        private = source(http, url.replace("http://", "http://me:hunter2@") + query)
        with pytest.raises(SourceError) as caught:
            only(private.collect("", NOW))
        told += (
            f"{caught.value} {caught.value!r} {caught.value.__cause__!r} {private!r} "
            f"{FeedOptions(url=url + query)!r}"
        )

    assert "s3cr3t" not in told
    assert "hunter2" not in told


def test_a_lost_connection_is_survived(web: Web, http: HttpClient) -> None:
    """A connection that is reset once costs nothing."""
    url = web.publish("/feed", rss(1))
    web.fail_next(lost_before_commit)

    assert len(only(source(http, url).collect("", NOW)).items) == 1


def test_an_address_inside_is_refused_by_default(web: Web) -> None:
    """Without the setting, a feed on this machine is not read."""
    with (
        HttpClient(HttpSettings()) as guarded,
        pytest.raises(SourceRefused, match="allow_private_networks"),
    ):
        only(source(guarded, web.publish("/feed", rss(1))).collect("", NOW))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "feeds.example/rss", ""])
def test_only_http_addresses_can_be_configured(url: str) -> None:
    """The configuration refuses anything but http(s)."""
    with pytest.raises(ValueError, match="starts with https"):
        FeedOptions(url=url)
