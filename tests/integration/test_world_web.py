"""The web host behaves as hosts do, seen through the HTTP client that the product uses."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import feedparser
import httpx2
import pytest

from tests.world.faults import (
    Fault,
    Reply,
    Request,
    answers,
    answers_after_commit,
    dripping,
    late,
    lost_after_commit,
    lost_before_commit,
    truncated,
)
from tests.world.waiting import LAST_RESORT, wait_until
from tests.world.web import Document, Web

MONDAY = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Reviews</title><link>https://example.com/</link><description>all</description>
<item><guid>1</guid><title>Café closed early</title><link>https://example.com/1</link></item>
<item><guid>2</guid><title>Great crew</title><link>https://example.com/2</link></item>
</channel></rss>"""


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    """The product's HTTP client, blind to the proxies of the machine."""
    with httpx2.Client(trust_env=False, timeout=LAST_RESORT) as opened:
        yield opened


def test_a_published_feed_is_read_by_feedparser(web: Web, client: httpx2.Client) -> None:
    """A feed arrives byte for byte with its type, and feedparser finds its entries."""
    reply = client.get(web.publish("/feed", FEED))
    parsed = feedparser.parse(io.BytesIO(reply.content), response_headers=dict(reply.headers))
    assert reply.text == FEED
    assert (parsed.version, parsed.bozo) == ("rss20", False)
    assert [entry.title for entry in parsed.entries] == ["Café closed early", "Great crew"]


def test_a_connection_that_ends_is_announced(web: Web, client: httpx2.Client) -> None:
    """Who asks for the end of a connection is told of it, and sends nothing more on it."""
    address = web.publish("/feed", FEED)
    kept = client.get(address)
    ended = client.get(address, headers={"Connection": "close"})
    assert "connection" not in kept.headers
    assert ended.headers["connection"] == "close"


def test_an_unchanged_document_is_not_sent_again(web: Web, client: httpx2.Client) -> None:
    """The entity tag of the last reply earns a 304 without body until the content changes."""
    address = web.publish("/feed", FEED)
    known = {"If-None-Match": client.get(address).headers["etag"]}
    again = client.get(address, headers=known)
    web.publish("/feed", FEED.replace("crew", "team"))
    changed = client.get(address, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert (changed.status_code, "Great team" in changed.text) == (200, True)


@pytest.mark.parametrize(
    ("seen", "status"), [("16 Nov 2026 09:30:00", 304), ("16 Nov 2026 09:29:59", 200)]
)
def test_a_date_is_a_validator_too(web: Web, client: httpx2.Client, seen: str, status: int) -> None:
    """Without an entity tag, a document is sent only to who saw it before it changed."""
    address = web.serve("/feed", Document(FEED.encode(), last_modified=MONDAY))
    reply = client.get(address, headers={"If-Modified-Since": f"Mon, {seen} GMT"})
    assert reply.status_code == status
    assert reply.headers["last-modified"] == "Mon, 16 Nov 2026 09:30:00 GMT"


def test_the_entity_tag_outranks_the_date(web: Web, client: httpx2.Client) -> None:
    """A changed entity tag sends the document although the date says that nothing changed."""
    address = web.publish("/feed", FEED, last_modified=MONDAY)
    headers = {"If-None-Match": '"old"', "If-Modified-Since": "Mon, 16 Nov 2026 09:30:00 GMT"}
    assert client.get(address, headers=headers).status_code == 200


def test_gzip_is_for_those_who_accept_it(web: Web, client: httpx2.Client) -> None:
    """A compressed document arrives the same with and without compression."""
    address = web.publish("/feed", FEED, compressed=True)
    packed = client.get(address)
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text == FEED


def test_a_bomb_is_small_on_the_wire(web: Web, client: httpx2.Client) -> None:
    """A gzip bomb of 8 MiB needs less than 16 kB on the wire and unpacks to its full size."""
    size = 8 << 20
    with client.stream("GET", web.bomb("/bomb", size)) as reply:
        unpacked = sum(len(piece) for piece in reply.iter_bytes())
        assert reply.num_bytes_downloaded < 16_000
    assert unpacked == size


def test_an_endless_body_goes_on_until_the_reader_leaves(web: Web, client: httpx2.Client) -> None:
    """A reader gets as much as it wants of an endless body, and the server still stops
    afterwards.
    """
    read = 0
    with client.stream("GET", web.endless("/endless")) as reply:
        for piece in reply.iter_bytes():
            read += len(piece)
            if read > 1 << 20:
                break
    assert read > 1 << 20
    assert "content-length" not in reply.headers


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_leads_on(web: Web, client: httpx2.Client, status: int) -> None:
    """A client that follows redirects reaches the document and can tell the status of the hop."""
    web.publish("/new", FEED)
    reply = client.get(web.redirect("/old", "/new", status), follow_redirects=True)
    assert [hop.status_code for hop in reply.history] == [status]
    assert (str(reply.url), reply.text) == (f"{web.url}/new", FEED)


def test_a_loop_of_redirects_is_an_error(web: Web, client: httpx2.Client) -> None:
    """Two pages that lead to each other make the client give up."""
    web.redirect("/a", "/b")
    address = web.redirect("/b", "/a", 301)
    with pytest.raises(httpx2.TooManyRedirects):
        client.get(address, follow_redirects=True)


def test_a_throttling_host_names_the_wait_in_three_ways(web: Web, client: httpx2.Client) -> None:
    """Retry-After comes in seconds, as a date, or not at all."""
    seconds = client.get(web.throttle("/seconds", 120))
    date = client.get(web.throttle("/date", MONDAY, 503))
    silent = client.get(web.throttle("/silent", None))
    assert (seconds.status_code, seconds.headers["retry-after"]) == (429, "120")
    assert (date.status_code, parsedate_to_datetime(date.headers["retry-after"])) == (503, MONDAY)
    assert (silent.status_code, "retry-after" in silent.headers) == (429, False)


def test_a_page_can_be_gone_or_never_there(web: Web, client: httpx2.Client) -> None:
    """A refused path answers its status, an unknown path 404."""
    assert client.get(web.refuse("/feed", 410)).status_code == 410
    assert client.get(f"{web.url}/nothing").status_code == 404


def test_a_useless_200_looks_like_success(web: Web, client: httpx2.Client) -> None:
    """An empty body and a sign-in page are answered 200, and only the parser's version tells them
    from a feed.
    """
    for address in (web.empty("/empty"), web.login_page("/login")):
        reply = client.get(address)
        assert reply.status_code == 200
        assert not feedparser.parse(io.BytesIO(reply.content)).get("version")


def test_a_wrong_charset_garbles_the_text(web: Web, client: httpx2.Client) -> None:
    """A text served under another encoding's name is not read as it was written."""
    reply = client.get(web.mislabelled("/feed", "Café", written="windows-1252", declared="utf-8"))
    assert reply.content == b"Caf\xe9"
    assert reply.text == "Caf\N{REPLACEMENT CHARACTER}"


def test_a_truncated_body_is_an_error(web: Web, client: httpx2.Client) -> None:
    """A body shorter than its Content-Length raises instead of passing for the whole."""
    address = web.publish("/feed", FEED)
    web.fail_next(truncated(100))
    with pytest.raises(httpx2.RemoteProtocolError):
        client.get(address)
    assert client.get(address).text == FEED


@pytest.mark.parametrize("fault", [lost_before_commit, lost_after_commit])
def test_a_lost_connection_is_an_error_once(web: Web, client: httpx2.Client, fault: Fault) -> None:
    """A planned reset reaches the client as a network error, and the next request is served."""
    address = web.publish("/feed", FEED)
    web.fail_next(fault)
    with pytest.raises(httpx2.NetworkError):
        client.get(address)
    assert client.get(address).status_code == 200
    assert [request.path for request in web.requests] == ["/feed", "/feed"]


def test_a_slow_reply_outlasts_the_clients_patience(web: Web, client: httpx2.Client) -> None:
    """A reply later than the timeout raises ReadTimeout, and stopping the server does not wait for
    it.
    """
    address = web.publish("/feed", FEED)
    web.fail_next(late(10 * LAST_RESORT))
    with pytest.raises(httpx2.ReadTimeout):
        client.get(address, timeout=0.1)
    assert wait_until(lambda: len(web.requests) == 1)


def test_a_dripping_body_defeats_a_read_timeout(web: Web, client: httpx2.Client) -> None:
    """A body that comes a few bytes at a time arrives whole, since no single wait reaches the
    timeout.
    """
    address = web.publish("/feed", FEED)
    web.fail_next(dripping(0.001, piece_size=16))
    assert client.get(address, timeout=30).text == FEED


def test_faults_wait_for_their_path_and_number(web: Web, client: httpx2.Client) -> None:
    """A fault for one path leaves the others alone, and is used up after the given number of
    requests.
    """
    first, second = web.publish("/first", FEED), web.publish("/second", FEED)
    web.fail_next(answers(503, {"Retry-After": "7"}), path="/second", times=2)
    seen = [client.get(address).status_code for address in (first, second, first, second, second)]
    assert seen == [200, 503, 200, 503, 200]


def test_weather_decides_when_nothing_is_planned(web: Web, client: httpx2.Client) -> None:
    """A rule over requests can choose the fault, after those that are planned."""
    address = web.publish("/feed", FEED)
    web.weather = lambda request: (
        answers_after_commit(500) if "x-storm" in request.headers else None
    )
    web.fail_next(answers(502))
    seen = [client.get(address, headers={"X-Storm": "1"}).status_code for _ in range(2)]
    assert [*seen, client.get(address).status_code] == [502, 500, 200]


def test_requests_are_remembered_whole(web: Web, client: httpx2.Client) -> None:
    """Method, path, query, headers and body of every request can be read afterwards."""
    client.post(f"{web.url}/in box?a=1&a=2&b=", content=b"hello", headers={"X-Test": "yes"})
    (request,) = web.requests_to("/in box")
    assert (request.method, request.path, request.query) == ("POST", "/in box", {"a": "2", "b": ""})
    assert (request.headers["x-test"], request.body) == ("yes", b"hello")


def test_the_date_header_follows_the_servers_clock(client: httpx2.Client) -> None:
    """A server with a clock of its own stamps its replies with it."""
    with Web(clock=MONDAY.timestamp) as web:
        reply = client.get(web.publish("/feed", FEED))
    assert parsedate_to_datetime(reply.headers["date"]) == MONDAY


def test_a_stopped_server_refuses_connections(client: httpx2.Client) -> None:
    """After the with statement nothing listens, and kept connections are closed."""
    with Web() as web:
        address = web.publish("/feed", FEED)
        assert client.get(address).status_code == 200
    with pytest.raises(httpx2.NetworkError):
        client.get(address)


def test_a_broken_page_fails_the_test_and_not_only_the_client(client: httpx2.Client) -> None:
    """An error in a server's own code comes out where the server stops."""

    def broken(request: Request) -> Reply:
        raise KeyError("page")

    def serve_and_visit() -> None:
        with Web() as web, pytest.raises(httpx2.RemoteProtocolError):
            client.get(web.serve("/broken", broken))

    with pytest.raises(KeyError, match="page"):
        serve_and_visit()
