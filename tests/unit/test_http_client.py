"""The client's decisions, with a transport in place of the network."""

import logging
import ssl
import threading
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta

import httpcore2
import httpx2
import pytest
import stamina

from monitor.errors import SourceError, SourceGone, SourceRefused, SourceUnavailable
from monitor.http import HttpClient
from monitor.settings import HttpSettings
from tests.world.waiting import LAST_RESORT

URL = "https://user:hunter2@feeds.example/f?token=s3cr3t&page=2"
Handler = Callable[[httpx2.Request], httpx2.Response]


@pytest.fixture(autouse=True)
def _no_pauses() -> Iterator[None]:
    """Retries happen at once."""
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


def client(handler: Handler, **settings: object) -> HttpClient:
    return HttpClient(
        HttpSettings.model_validate({"pause": "0s", **settings}),
        transport=httpx2.MockTransport(handler),
    )


def answering(status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> HttpClient:
    return client(lambda request: httpx2.Response(status, headers=headers, content=body))


def test_returns_what_the_host_said() -> None:
    """Body, headers, validators, waiting time and final address are handed over."""
    headers = {
        "ETag": 'W/"a"',
        "Last-Modified": "yesterday-ish",
        "Cache-Control": "max-age=60",
        "X-Any": "1",
    }
    fetched = answering(200, headers, b"body").get("https://feeds.example/f")

    assert (fetched.status, fetched.body, fetched.url) == (200, b"body", "https://feeds.example/f")
    assert (fetched.etag, fetched.last_modified, fetched.fresh_seconds) == (
        'W/"a"',
        "yesterday-ish",
        60.0,
    )
    assert fetched.headers["x-any"] == "1"
    assert not fetched.not_modified


def test_sends_validators_exactly_as_received() -> None:
    """What a host gave out goes back character by character, even when it is not a valid date."""
    seen: list[httpx2.Request] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(304)

    fetched = client(handler).get(URL, etag='W/"ü"', last_modified="some day", accept="text/xml")

    assert 'W/"ü"'.encode() == dict(seen[0].headers.raw)[b"If-None-Match"]
    assert (seen[0].headers["if-modified-since"], seen[0].headers["accept"]) == (
        "some day",
        "text/xml",
    )
    assert fetched.not_modified
    assert (fetched.etag, fetched.last_modified) == ('W/"ü"', "some day")


def test_a_304_may_renew_the_validators() -> None:
    """Validators that come with a 304 replace those that were sent."""
    fetched = answering(304, {"Last-Modified": "later"}).get(
        URL, etag='"a"', last_modified="sooner"
    )

    assert (fetched.etag, fetched.last_modified) == ('"a"', "later")


def test_validators_of_a_stale_answer_are_dropped() -> None:
    """`Expires: 0` says that the answer is stale on arrival: its validators are not kept."""
    fetched = answering(200, {"ETag": '"a"', "Last-Modified": "x", "Expires": "0"}, b"b").get(URL)

    assert (fetched.etag, fetched.last_modified) == ("", "")


def test_names_itself_and_its_operator() -> None:
    """The user agent holds name, version and contact, without characters that a header cannot
    hold.
    """
    seen: list[str] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers["user-agent"])
        return httpx2.Response(200)

    client(handler, contact="ops@example.com\r\nX: 1 é").get(URL)

    assert seen[0].startswith("repwatch/")
    assert seen[0].endswith(" (+ops@example.comX: 1)")


@pytest.mark.parametrize(
    ("status", "headers", "family", "words"),
    [
        (401, {}, SourceRefused, "wants a login"),
        (403, {}, SourceRefused, "forbids reading"),
        (403, {"cf-mitigated": "challenge"}, SourceRefused, "only browsers"),
        (404, {}, SourceRefused, "no such page"),
        (410, {}, SourceGone, "gone for good"),
        (418, {}, SourceRefused, "answered 418"),
        (302, {}, SourceRefused, "answered 302"),
        (408, {}, SourceUnavailable, "answered 408"),
        (429, {}, SourceUnavailable, "less often"),
        (500, {}, SourceUnavailable, "server failed (500)"),
        (503, {}, SourceUnavailable, "server failed (503)"),
    ],
)
def test_statuses_become_errors_for_people(
    status: int, headers: dict[str, str], family: type[SourceError], words: str
) -> None:
    """Each status becomes the right family with one clear line."""
    with pytest.raises(family) as caught:
        answering(status, headers).get(URL)

    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("wait", ["90", "Sun, 22 Nov 2026 08:01:30 GMT"])
def test_retry_after_is_handed_on_and_not_tried_again(status: int, wait: str) -> None:
    """Both forms of Retry-After reach the caller, and the host is left alone."""
    asked: list[httpx2.Request] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(
            status, headers={"Retry-After": wait, "Date": "Sun, 22 Nov 2026 08:00:00 GMT"}
        )

    with pytest.raises(SourceUnavailable) as caught:
        client(handler).get(URL)

    assert caught.value.retry_after == 90.0
    assert len(asked) == 1


@pytest.mark.parametrize(
    "fault", [500, 502, httpcore2.ConnectError("x"), httpcore2.RemoteProtocolError("x")]
)
def test_a_hiccup_is_tried_again(fault: int | Exception) -> None:
    """A failed server or connection gets another chance."""
    asked: list[httpx2.Request] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        if len(asked) < 3 and isinstance(fault, Exception):
            raise fault
        return httpx2.Response(
            200 if len(asked) == 3 or isinstance(fault, Exception) else fault, content=b"ok"
        )

    assert client(handler).get(URL).body == b"ok"
    assert len(asked) == 3


def test_no_second_try_when_the_time_would_not_suffice() -> None:
    """With less time left than a pause takes, the first failure is the answer."""
    asked: list[httpx2.Request] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(500)

    with pytest.raises(SourceUnavailable):
        client(handler, timeout=timedelta(seconds=1)).get(URL)

    assert len(asked) == 1


def test_a_body_that_drips_past_the_deadline_is_given_up() -> None:
    """The deadline holds for the body as a whole, however steadily it comes."""
    now = [0.0]

    def drip() -> Iterator[bytes]:
        for _ in range(100):
            now[0] += 1.0
            yield b"x"

    class Dripping(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield from drip()

    transport = httpx2.MockTransport(lambda request: httpx2.Response(200, stream=Dripping()))
    http = HttpClient(
        HttpSettings(timeout=timedelta(seconds=20)), clock=lambda: now[0], transport=transport
    )
    with pytest.raises(SourceUnavailable, match="no complete answer within 20 seconds"):
        http.get(URL)

    assert now[0] == 21.0


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_may_not_be_larger_than_the_settings_say(announced: bool) -> None:
    """More than `max_size` is refused, whether the host announces it or not; exactly that much is
    fine.
    """

    class Silent(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield from (b"x" * 600, b"x" * 401)

    def handler(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/fits":
            return httpx2.Response(200, content=b"x" * 1000)
        return (
            httpx2.Response(200, content=b"x" * 1001)
            if announced
            else httpx2.Response(200, stream=Silent())
        )

    http = client(handler, max_size=1000)
    with pytest.raises(SourceRefused, match=r"more than 1,000 bytes; raise \[http\] max_size"):
        http.get(URL)

    assert len(http.get("https://h.example/fits").body) == 1000


def redirecting(*statuses: int) -> HttpClient:
    """A client whose host redirects /0 to /1 to /2 ..., each with the next of these statuses."""

    def handler(request: httpx2.Request) -> httpx2.Response:
        step = int(request.url.path[1:])
        if step < len(statuses):
            return httpx2.Response(statuses[step], headers={"Location": f"/{step + 1}"})
        return httpx2.Response(200, content=b"arrived")

    return client(handler)


@pytest.mark.parametrize(
    ("statuses", "permanent"),
    [
        ((), ""),
        ((301,), "https://h.example/1"),
        ((301, 308), "https://h.example/2"),
        ((301, 302), ""),
        ((307,), ""),
    ],
)
def test_follows_redirects_and_says_which_are_for_good(
    statuses: tuple[int, ...], permanent: str
) -> None:
    """The final address is handed over; as the new one only if every hop was permanent."""
    fetched = redirecting(*statuses).get("https://h.example/0")

    assert (b"arrived", f"https://h.example/{len(statuses)}") == (fetched.body, fetched.url)
    assert permanent == fetched.permanent_url


def test_redirects_without_end_are_given_up() -> None:
    """After ten redirects the address is given up."""
    assert redirecting(*[302] * 10).get("https://h.example/0").body == b"arrived"
    with pytest.raises(SourceUnavailable, match="redirects more than 10 times"):
        redirecting(*[302] * 11).get("https://h.example/0")


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://h/", "gopher://h/", "https://h:99999/"]
)
def test_redirects_lead_to_http_only(target: str) -> None:
    """A redirect to a file or another protocol is refused."""
    with pytest.raises(SourceRefused, match="only http and https"):
        answering(302, {"Location": target}).get(URL)


def test_another_origin_sees_neither_login_nor_own_headers() -> None:
    """After a redirect to another host, the login in the address and the caller's headers stay
    behind.
    """
    seen: list[httpx2.Request] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        if request.url.host == "feeds.example":
            return httpx2.Response(302, headers={"Location": "https://other.example/"})
        return httpx2.Response(200)

    client(handler).get(URL, headers={"X-Api-Key": "s3cr3t"})

    assert seen[0].headers["x-api-key"] == "s3cr3t"
    assert "authorization" in seen[0].headers
    assert not {"x-api-key", "authorization"} & set(seen[1].headers)


def test_keeps_no_cookies() -> None:
    """What a host wants to recognise us by is not sent back."""
    seen: list[httpx2.Request] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, headers={"Set-Cookie": "track=1; Path=/"})

    http = client(handler)
    http.get(URL)
    http.get(URL)

    assert "cookie" not in seen[1].headers


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "/etc/passwd", "", "http://", "javascript:alert(1)", "ftp://h/x"]
)
def test_only_http_addresses_are_read(url: str) -> None:
    """Files and other protocols are refused before anything is asked."""
    with pytest.raises(SourceRefused):
        answering(200).get(url)


def certificate_error() -> Exception:
    error = httpcore2.ConnectError("x")
    error.__cause__ = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.__cause__.verify_message = "certificate has expired"
    return error


@pytest.mark.parametrize(
    ("fault", "family", "words"),
    [
        (certificate_error(), SourceRefused, "certificate has expired"),
        (httpcore2.ConnectTimeout("x"), SourceUnavailable, "no complete answer within 20 seconds"),
        (httpcore2.ReadTimeout("x"), SourceUnavailable, "no complete answer within 20 seconds"),
        (
            httpcore2.ConnectError(OSError(111, "Connection refused")),
            SourceUnavailable,
            "cannot be reached",
        ),
        (httpcore2.ReadError("reset"), SourceUnavailable, "the connection was lost: reset"),
        (httpx2.DecodingError("bad gzip"), SourceUnavailable, "damaged"),
    ],
)
def test_failures_of_the_network_become_errors_for_people(
    fault: Exception, family: type[SourceError], words: str
) -> None:
    """Each failure becomes one clear line, with its cause chained."""

    def handler(request: httpx2.Request) -> httpx2.Response:
        raise fault

    with pytest.raises(family) as caught:
        client(handler).get(URL)

    assert words in str(caught.value)
    assert caught.value.__cause__ is fault


@pytest.mark.parametrize(
    "answer",
    [
        401,
        403,
        404,
        410,
        418,
        429,
        500,
        503,
        httpcore2.ConnectError("x"),
        httpcore2.ReadTimeout("x"),
        "loop",
        "bad",
    ],
)
def test_no_secret_in_any_error_or_log(
    answer: int | str | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the error with all its causes nor any log line holds the login or the token of the
    address.
    """

    def handler(request: httpx2.Request) -> httpx2.Response:
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, int):
            return httpx2.Response(answer)
        return httpx2.Response(
            302, headers={"Location": URL if answer == "loop" else "http://u:hunter2@[s3cr3t/"}
        )

    with caplog.at_level(logging.DEBUG), pytest.raises(SourceError) as caught:
        client(handler).get(URL)
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + caplog.text

    assert "hunter2" not in told
    assert "s3cr3t" not in told


def test_no_secret_in_what_was_fetched() -> None:
    """The text form of an answer holds neither its address nor its headers."""
    fetched = answering(200, {"X-Session": "s3cr3t"}, b"s3cr3t").get(URL)

    assert "s3cr3t" not in f"{fetched!r}{fetched}"


def test_one_request_at_a_time_for_each_host() -> None:
    """Threads that ask one host wait for each other; another host is asked meanwhile."""
    here, most = 0, 0
    other_done = threading.Event()
    lock = threading.Lock()

    def handler(request: httpx2.Request) -> httpx2.Response:
        nonlocal here, most
        if request.url.host == "other.example":
            other_done.set()
            return httpx2.Response(200)
        with lock:
            here += 1
            most = max(most, here)
        waited = other_done.wait(LAST_RESORT)
        with lock:
            here -= 1
        return httpx2.Response(200 if waited else 404)

    http = client(handler)
    hosts = ["busy.example"] * 4 + ["other.example"]
    threads = [threading.Thread(target=http.get, args=(f"https://{host}/",)) for host in hosts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert other_done.is_set()
    assert most == 1


@pytest.mark.parametrize(
    ("host", "pauses"),
    [("feeds.example", [1.0, 1.0]), ("127.0.0.1", []), ("[::1]", []), ("localhost", [])],
)
def test_a_host_is_left_alone_between_two_requests(host: str, pauses: list[float]) -> None:
    """Requests to one host begin a second apart; other hosts and this machine are asked at once."""
    slept: list[float] = []
    settings = HttpSettings.model_validate({"pause": "1s"})
    http = HttpClient(
        settings,
        clock=lambda: 10.0 + 0.25 * len(slept),  # a sleep here lasts a quarter of a second
        sleep=slept.append,
        transport=httpx2.MockTransport(lambda _: httpx2.Response(200)),
    )
    for name in (host, host, "other.example", host):
        http.get(f"https://{name}/feed")

    assert slept == pauses
