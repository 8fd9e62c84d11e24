"""The client: one GET at a time for each host, with redirects, limits and errors that a person
understands.
"""

from __future__ import annotations

import logging
import math
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Self
from weakref import WeakValueDictionary

import httpcore2
import httpx2
import stamina

from monitor import __version__
from monitor.errors import SourceError, SourceGone, SourceRefused, SourceUnavailable
from monitor.http.guard import GuardedNetwork, GuardedTransport, PrivateAddress, is_loopback
from monitor.http.redact import redact_url
from monitor.http.response_headers import freshness_seconds, parse_retry_after_header
from monitor.settings import HttpSettings

MAX_REDIRECTS = 10
MAX_ATTEMPTS = 3
#: Seconds that the pause before another attempt lasts at most.
MAX_RETRY_PAUSE = 2.0

_PERMANENT = {301, 308}
_REDIRECTS = _PERMANENT | {302, 303, 307}
_FAILURES = (
    httpx2.HTTPError,
    httpx2.StreamError,
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """What a host answered; every field that may hold a secret stays out of `repr`."""

    status: int
    url: str = field(repr=False)  #: where the answer came from, after all redirects
    body: bytes = field(default=b"", repr=False)
    #: names in lower case
    headers: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    #: to be handed back as it is, next time; empty when the host gives none or calls it stale
    etag: str = ""
    last_modified: str = ""  #: likewise
    #: the host says that nothing changed since the validators that were sent
    not_modified: bool = False
    retry_after: float = 0.0  #: seconds that the host asks to be left alone; 0 when it does not say
    fresh_seconds: float = 0.0  #: seconds for which the host says that nothing changes
    #: the new address, when every redirect was a permanent one
    permanent_url: str = field(default="", repr=False)


class _TransientFailure(SourceUnavailable):
    """A failure that may be over in a second: worth another attempt."""


class _Deadline(threading.local):
    """When the request of this thread must be over, on the client's clock."""

    at: float = math.inf


@dataclass(frozen=True, slots=True)
class _Hop:
    """One address to ask, and what to say there."""

    url: httpx2.URL
    headers: Mapping[str, str]
    own: Mapping[str, str]  # the caller's headers: never shown to another host
    permanent: bool = True  # all redirects until here were permanent ones
    called: str = ""  # what errors say in the place of the address
    body: bytes | None = None  # what is handed over; None where something is fetched

    @property
    def display_url(self) -> str:
        return self.called or redact_url(str(self.url))[:300]

    def build_request(self, client: httpx2.Client) -> httpx2.Request:
        # A validator goes back byte by byte, and some hosts put more than ASCII into it.
        headers = [
            (name.encode(), value.encode())
            for name, value in {**self.headers, **self.own}.items()
            if value
        ]
        method = "GET" if self.body is None else "POST"
        return client.build_request(method, self.url, headers=headers, content=self.body)


@dataclass(frozen=True, slots=True)
class _RawResponse:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def location(self) -> str:
        return self.headers.get("location", "") if self.status in _REDIRECTS else ""


class HttpClient:
    """A polite client for all sources and threads; `transport` replaces the network in tests."""

    def __init__(
        self,
        settings: HttpSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._asked: dict[str, float] = {}  # by host, when its last request began
        self._deadline = _Deadline()
        self._turns: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
        self._turns_lock = threading.Lock()
        network = GuardedNetwork(self._time_left, allow_private=settings.allow_private_networks)
        self._client = httpx2.Client(
            transport=transport or GuardedTransport(network),
            trust_env=False,
            timeout=settings.timeout.total_seconds(),
            headers={"User-Agent": _user_agent(settings.contact)},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )
        for library in ("httpx2", "httpcore2"):  # both log whole addresses, secrets included
            logging.getLogger(library).setLevel(logging.WARNING)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection; the client cannot be used again."""
        self._client.close()

    def get(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        accept: str = "",
        headers: Mapping[str, str] | None = None,
        display_name: str = "",
    ) -> HttpResponse:
        """Fetch an address, unless it has not changed since the validators were given out.

        Waits for other requests to the same host, and for the pause of the settings after them.
        Follows up to ten redirects. The time limit of the settings holds for all of it together,
        that waiting left out; the size limit holds for the body after decompression. Errors name
        the address by `called` where it is given: an address may be a secret as a whole.

        Raises SourceGone for 410, SourceRefused for what a person must mend (address, login,
        certificate, a private network, a body too large), SourceUnavailable for what passes.
        """
        said = {"Accept": accept, "If-None-Match": etag, "If-Modified-Since": last_modified}
        hop = _Hop(_parse_http_url(url, display_name), said, headers or {}, called=display_name)
        budget = self._settings.timeout.total_seconds()
        for redirects in range(MAX_REDIRECTS + 1):
            with self._lock_host(hop.url.host):
                if not redirects:
                    self._pause_for_host(hop.url.host)
                deadline = self._clock() + budget
                answer = self._send_with_retries(hop, deadline)
                budget = deadline - self._clock()
            if not answer.location:
                return _build_response(hop, answer, moved=redirects > 0)
            hop = _follow_redirect(hop, answer)
        where = display_name or redact_url(url)
        raise SourceUnavailable(
            f"{where}: redirects more than {MAX_REDIRECTS} times; check it in a browser"
        )

    def post(
        self,
        url: str,
        body: bytes,
        content_type: str,
        *,
        headers: Mapping[str, str] | None = None,
        display_name: str = "",
    ) -> HttpResponse:
        """Hand something over, once and to this very address; limits and errors are those of
        `get`.
        """
        hop = _Hop(
            _parse_http_url(url, display_name),
            {"Content-Type": content_type},
            headers or {},
            called=display_name,
            body=body,
        )
        with self._lock_host(hop.url.host):
            answer = self._send_once(hop, self._clock() + self._settings.timeout.total_seconds())
        if answer.location:
            raise SourceRefused(
                f"{hop.display_url}: leads to another address; write that one instead"
            )
        return _build_response(hop, answer, moved=False)

    @contextmanager
    def _lock_host(self, host: str) -> Iterator[None]:
        """Wait until no other thread asks this host."""
        with self._turns_lock:
            lock = self._turns.setdefault(host, threading.Lock())
        with lock:
            yield

    def _pause_for_host(self, host: str) -> None:
        """Leave a host alone for a moment after its last answer; called in its turn."""
        pause = self._settings.pause.total_seconds()
        if not pause or is_loopback(host):
            return
        left = self._asked.get(host, -math.inf) + pause - self._clock()
        if left > 0:
            self._sleep(left)
        self._asked[host] = self._clock()

    def _time_left(self) -> float:
        return self._deadline.at - self._clock()

    def _send_with_retries(self, hop: _Hop, deadline: float) -> _RawResponse:
        """Ask again after a hiccup, if there is time."""

        def is_retryable(error: Exception) -> bool:
            return (
                isinstance(error, _TransientFailure) and self._clock() + MAX_RETRY_PAUSE < deadline
            )

        retrying = stamina.retry_context(
            on=is_retryable,
            attempts=MAX_ATTEMPTS,
            timeout=None,
            wait_initial=0.5,
            wait_max=MAX_RETRY_PAUSE,
            wait_jitter=0.5,
        )
        for attempt in retrying:
            with attempt:
                return self._send_once(hop, deadline)
        raise AssertionError("the last attempt returns or raises")

    def _send_once(self, hop: _Hop, deadline: float) -> _RawResponse:
        self._deadline.at = deadline
        try:
            response = self._client.send(hop.build_request(self._client), stream=True)
            try:
                _check_status(response, hop.display_url)
                return _RawResponse(
                    response.status_code,
                    dict(response.headers),
                    self._read_body(response, hop, deadline),
                )
            finally:
                response.close()
        except _FAILURES as error:
            raise self._to_source_error(error, hop) from error
        finally:
            self._deadline.at = math.inf

    def _read_body(self, response: httpx2.Response, hop: _Hop, deadline: float) -> bytes:
        if not response.is_success:
            return b""
        announced = response.headers.get("content-length", "")
        self._check_size(
            int(announced[:20]) if announced.isascii() and announced.isdigit() else 0, hop
        )
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            self._check_size(len(body), hop)
            if self._clock() > deadline:
                raise self._timeout_error(hop)
        return bytes(body)

    def _check_size(self, size: int, hop: _Hop) -> None:
        limit = self._settings.max_size
        if size > limit:
            raise SourceRefused(
                f"{hop.display_url}: more than {limit:,} bytes; raise [http] max_size if "
                "that is meant"
            )

    def _timeout_error(self, hop: _Hop) -> SourceUnavailable:
        return SourceUnavailable(
            f"{hop.display_url}: no complete answer within "
            f"{self._settings.timeout.total_seconds():g} "
            "seconds"
        )

    def _to_source_error(self, error: Exception, hop: _Hop) -> SourceError:
        """A failure of the network in words for people."""
        if isinstance(error, PrivateAddress):
            return SourceRefused(
                f"{hop.display_url}: {error}, which is not public; set [http] "
                "allow_private_networks = "
                "true if that is meant"
            )
        if isinstance(error, (httpx2.TimeoutException, httpcore2.TimeoutException)):
            return self._timeout_error(hop)
        cause = _root_cause(error)
        if isinstance(cause, ssl.SSLCertVerificationError):
            return SourceRefused(
                f"{hop.display_url}: the certificate is not valid: {cause.verify_message}"
            )
        if isinstance(error, (httpx2.ConnectError, httpcore2.ConnectError)):
            return _TransientFailure(
                f"{hop.display_url}: {hop.url.host} cannot be reached: {_failure_reason(cause)}"
            )
        if isinstance(error, httpx2.DecodingError):
            return SourceUnavailable(f"{hop.display_url}: the compressed answer is damaged")
        return _TransientFailure(
            f"{hop.display_url}: the connection was lost: {_failure_reason(cause)}"
        )


def _user_agent(contact: str) -> str:
    plain = "".join(character for character in contact if " " <= character <= "~").strip()
    return f"repwatch/{__version__}" + (f" (+{plain})" if plain else "")


def _parse_http_url(url: str, display_name: str = "") -> httpx2.URL:
    """The address as a value; SourceRefused when no client could read it."""
    where = display_name or redact_url(url)[:300]
    try:
        found = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError, TypeError):
        # The cause is left out on purpose: it quotes parts of the address.
        raise SourceRefused(f"{where}: not an address; write it as https://host/path") from None
    if (
        found.scheme not in ("http", "https")
        or not found.host
        or not 0 < (found.port or 80) < 65536
    ):
        raise SourceRefused(f"{where}: only http and https addresses can be read")
    return found


def _follow_redirect(hop: _Hop, answer: _RawResponse) -> _Hop:
    """Where a redirect leads; another origin does not see what the caller said for this one."""
    try:
        target = _parse_http_url(str(hop.url.join(answer.location)), hop.called)
    except (httpx2.InvalidURL, ValueError):
        raise SourceUnavailable(
            f"{hop.display_url}: redirects to something that is not an address"
        ) from None
    same = (target.scheme, target.host, target.port) == (hop.url.scheme, hop.url.host, hop.url.port)
    permanent = hop.permanent and answer.status in _PERMANENT
    return replace(hop, url=target, own=hop.own if same else {}, permanent=permanent)


def _check_status(response: httpx2.Response, where: str) -> None:
    """Raise what the status means, unless the answer can be used."""
    status, headers = response.status_code, response.headers
    if status in _REDIRECTS and "location" in headers:
        return
    if response.is_success or status == 304:
        return
    error = _status_error(status, headers, where)
    error.status = status
    raise error


def _status_error(status: int, headers: httpx2.Headers, where: str) -> SourceError:
    """What a status that is no success means, and what a person can do about it."""
    if headers.get("cf-mitigated") == "challenge":
        return SourceRefused(
            f"{where}: the site lets only browsers in (a challenge page); ask its owner for access"
        )
    match status:
        case 401 | 407:
            return SourceRefused(
                f"{where}: the site wants a login ({status}); check name and password in the "
                "address"
            )
        case 403:
            return SourceRefused(
                f"{where}: the site forbids reading this (403); ask its owner for access"
            )
        case 404:
            return SourceRefused(f"{where}: no such page (404); check the address")
        case 410:
            return SourceGone(
                f"{where}: gone for good (410); remove the source or give it a new address"
            )
        case 429 | 503 if (pause := parse_retry_after_header(headers)) is not None:
            return SourceUnavailable(
                f"{where}: asks to come back in {pause:g} seconds ({status})", pause
            )
        case 429:
            return SourceUnavailable(f"{where}: asks to be read less often (429)")
        case _ if status >= 500:
            return _TransientFailure(f"{where}: the server failed ({status})")
        case 408 | 425:
            return SourceUnavailable(f"{where}: answered {status}")
    return SourceRefused(f"{where}: answered {status}; check the address")


def _build_response(hop: _Hop, answer: _RawResponse, *, moved: bool) -> HttpResponse:
    unchanged = answer.status == 304
    # "Expires: 0" declares the answer stale on arrival; its validators are known to be wrong on
    # such hosts.
    stale = answer.headers.get("expires", "").strip() == "0"
    kept = hop.headers if unchanged else {}
    return HttpResponse(
        status=answer.status,
        url=str(hop.url),
        body=answer.body,
        headers=answer.headers,
        etag="" if stale else answer.headers.get("etag", kept.get("If-None-Match", "")),
        last_modified=""
        if stale
        else answer.headers.get("last-modified", kept.get("If-Modified-Since", "")),
        not_modified=unchanged,
        retry_after=parse_retry_after_header(answer.headers) or 0.0,
        fresh_seconds=freshness_seconds(answer.headers),
        permanent_url=str(hop.url) if moved and hop.permanent else "",
    )


def _root_cause(error: BaseException) -> BaseException:
    """The first cause of a failure."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return error


def _failure_reason(error: BaseException) -> str:
    text = (
        (error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__
    )
    return redact_url(" ".join(text.split()))[:200]
