"""The client on real sockets."""

import socket
import threading
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import stamina

from monitor.errors import SourceRefused, SourceUnavailable
from monitor.http import HttpClient
from monitor.settings import HttpSettings
from tests.world.faults import Reply, dripping, lost_before_commit, truncated
from tests.world.web import Web

MEGABYTE = 1_000_000


@pytest.fixture
def http() -> Iterator[HttpClient]:
    """A client that may read this machine."""
    with (
        stamina.set_testing(True, attempts=3, cap=True),
        HttpClient(HttpSettings(allow_private_networks=True)) as client,
    ):
        yield client


@pytest.fixture
def hurried() -> Iterator[HttpClient]:
    """A client with little patience."""
    settings = HttpSettings(allow_private_networks=True, timeout=timedelta(milliseconds=300))
    with HttpClient(settings) as client:
        yield client


@pytest.fixture
def guarded() -> Iterator[HttpClient]:
    """A client as it is by default."""
    with stamina.set_testing(True, attempts=1), HttpClient(HttpSettings()) as client:
        yield client


def test_a_second_fetch_costs_nothing(web: Web, http: HttpClient) -> None:
    """With the validators of the first answer, the second is a 304 without a body."""
    url = web.publish(
        "/feed", "<rss/>", last_modified=datetime(2026, 11, 1, tzinfo=UTC), compressed=True
    )
    first = http.get(url)
    second = http.get(url, etag=first.etag, last_modified=first.last_modified)

    assert (first.body, first.not_modified) == (b"<rss/>", False)
    assert (second.body, second.not_modified) == (b"", True)
    assert (first.etag, first.last_modified) == (second.etag, second.last_modified)


def test_a_gzip_bomb_costs_little_memory(web: Web, http: HttpClient) -> None:
    """300 MB in a small gzip body are given up at the limit of 10 MB, and never held."""
    url = web.bomb("/bomb", 300 * MEGABYTE)
    tracemalloc.start()
    try:
        with pytest.raises(SourceRefused, match="more than 10,000,000 bytes"):
            http.get(url)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 20 * MEGABYTE


def test_an_endless_body_is_given_up(web: Web, http: HttpClient) -> None:
    """A body without end and without announced length stops at the limit."""
    with pytest.raises(SourceRefused, match="more than 10,000,000 bytes"):
        http.get(web.endless("/endless"))


def test_a_dripping_body_is_given_up(web: Web, hurried: HttpClient) -> None:
    """A body that comes byte by byte, each in time, ends at the deadline of the request."""
    url = web.publish("/drip", "x" * 10_000)
    web.fail_next(dripping(0.02))
    with pytest.raises(SourceUnavailable, match=r"no complete answer within 0\.3 seconds"):
        hurried.get(url)


def test_dripping_headers_are_given_up(hurried: HttpClient) -> None:
    """Headers that come byte by byte end at the deadline too."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
                while not stop.wait(0.02):
                    try:
                        connection.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            with pytest.raises(SourceUnavailable, match=r"no complete answer within 0\.3 seconds"):
                hurried.get(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        finally:
            stop.set()
            thread.join()


def test_a_body_that_breaks_off_is_no_answer(web: Web, http: HttpClient) -> None:
    """A body shorter than announced is not taken for the whole; the next try gets it."""
    url = web.publish("/feed", "<rss>whole</rss>")
    web.fail_next(truncated(5))

    assert http.get(url).body == b"<rss>whole</rss>"


def test_a_lost_connection_is_tried_again(web: Web, http: HttpClient) -> None:
    """A reset connection is a hiccup."""
    url = web.publish("/feed", "x")
    web.fail_next(lost_before_commit)

    assert http.get(url).body == b"x"


def test_a_closed_port_says_so(http: HttpClient) -> None:
    """Where nobody listens, the error says that nobody could be reached."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(
        SourceUnavailable, match=r"127\.0\.0\.1 cannot be reached: Connection refused"
    ):
        http.get(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]",
        "169.254.169.254", "10.0.0.1", "100.64.0.1", "0.0.0.0", "[fe80::1]", "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_in_every_spelling(host: str, guarded: HttpClient) -> None:
    """By default nothing on this machine or its networks can be read, however the address is
    written.
    """
    with pytest.raises(SourceRefused, match="allow_private_networks"):
        guarded.get(f"http://{host}/")


def test_a_refused_address_sees_no_connection(web: Web, guarded: HttpClient) -> None:
    """The refusal comes before the connection: the server hears nothing."""
    url = web.publish("/feed", "x")
    with pytest.raises(SourceRefused):
        guarded.get(url)

    assert web.requests == ()


def test_https_without_a_certificate_is_an_error(web: Web, http: HttpClient) -> None:
    """A host that does not speak TLS is not read."""
    with pytest.raises(SourceUnavailable):
        http.get(web.url.replace("http:", "https:") + "/feed")


def test_redirects_in_a_circle_are_given_up(web: Web, http: HttpClient) -> None:
    """A page that leads to itself is asked eleven times, then given up."""
    with pytest.raises(SourceUnavailable, match="redirects more than 10 times"):
        http.get(web.redirect("/loop", "/loop"))

    assert len(web.requests) == 11


def test_a_proxy_of_the_environment_plays_no_part(
    web: Web, http: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings of the environment cannot send requests elsewhere."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    assert http.get(web.publish("/feed", "x")).body == b"x"


def test_the_deadline_counts_redirects_together(web: Web, hurried: HttpClient) -> None:
    """Hops that are each in time are too late together."""

    def slow(step: int) -> None:
        web.serve(f"/{step}", lambda request: Reply(302, {"Location": f"/{step + 1}"}, delay=0.12))

    for step in range(9):
        slow(step)
    with pytest.raises(SourceUnavailable, match=r"no complete answer within 0\.3 seconds"):
        hurried.get(web.url + "/0")
