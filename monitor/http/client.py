"""The HTTP client: one request at a time for each host, with redirects, limits and clear errors."""

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
#: The longest pause before another attempt, in seconds.
MAX_RETRY_PAUSE = 2.0

_PERMANENT_REDIRECTS = {301, 308}
_REDIRECTS = _PERMANENT_REDIRECTS | {302, 303, 307}
_NETWORK_ERRORS = (
    httpx2.HTTPError,
    httpx2.StreamError,
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """The response of a host; every field that may hold a secret stays out of `repr`."""

    status: int
    url: str = field(repr=False)  #: where the response came from, after all redirects
    body: bytes = field(default=b"", repr=False)
    #: names in lower case
    headers: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    #: to be sent as it is next time; "" where the host gives none or calls the response stale
    etag: str = ""
    last_modified: str = ""  #: likewise
    #: the host says that nothing changed since the validators that were sent (304)
    not_modified: bool = False
    retry_after: float = 0.0  #: seconds that the host asks to wait; 0 where it does not say
    fresh_seconds: float = 0.0  #: seconds for which the host promises that nothing changes
    #: the new address, when every redirect was a permanent one
    permanent_url: str = field(default="", repr=False)


class _TransientFailure(SourceUnavailable):
    """A failure that may pass within a second: worth another attempt."""


class _Deadline(threading.local):
    """The time on the client's clock at which the request of this thread must be over."""

    at: float = math.inf


@dataclass(frozen=True, slots=True)
class _Hop:
    """One request of a chain of redirects."""

    url: httpx2.URL
    headers: Mapping[str, str]
    own_headers: Mapping[str, str]  # the caller's: never sent to another origin
    permanent: bool = True  # all redirects until here were permanent ones
    display_name: str = ""  # what errors say in the place of the address
    body: bytes | None = None  # of a POST; None for a GET

    @property
    def display_url(self) -> str:
        return self.display_name or redact_url(str(self.url))[:300]

    def build_request(self, client: httpx2.Client) -> httpx2.Request:
        # A validator goes back byte by byte, and some hosts put more than ASCII into it.
        all_headers = {**self.headers, **self.own_headers}
        headers = [(name.encode(), value.encode()) for name, value in all_headers.items() if value]
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
    """The client of all sources and threads; `transport` replaces the network in tests."""

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
        self._last_request_at: dict[str, float] = {}  # by host, when its last request began
        self._deadline = _Deadline()
        self._host_locks: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
        self._host_locks_lock = threading.Lock()
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
        Follows up to ten redirects. The time limit of the settings holds for all requests together,
        without the waiting; the size limit holds for the body after decompression. Errors name the
        address by `display_name` where it is given: an address may be a secret as a whole.

        Raises SourceGone for 410, SourceRefused for what a person must mend (address, login,
        certificate, a private network, a body too large), SourceUnavailable for what passes.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        hop = _Hop(
            _parse_http_url(url, display_name),
            {"Accept": accept, **conditions},
            headers or {},
            display_name=display_name,
        )
        budget = self._settings.timeout.total_seconds()
        for redirects in range(MAX_REDIRECTS + 1):
            with self._lock_host(hop.url.host):
                if not redirects:
                    self._pause_for_host(hop.url.host)
                deadline = self._clock() + budget
                response = self._send_with_retries(hop, deadline)
                budget = deadline - self._clock()
            if not response.location:
                return _build_response(hop, response, moved=redirects > 0)
            hop = _follow_redirect(hop, response)
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
        """Send a body, once and to this very address; limits and errors are those of `get`.

        A redirect raises SourceRefused.
        """
        hop = _Hop(
            _parse_http_url(url, display_name),
            {"Content-Type": content_type},
            headers or {},
            display_name=display_name,
            body=body,
        )
        with self._lock_host(hop.url.host):
            response = self._send_once(hop, self._clock() + self._settings.timeout.total_seconds())
        if response.location:
            raise SourceRefused(
                f"{hop.display_url}: leads to another address; write that one instead"
            )
        return _build_response(hop, response, moved=False)

    @contextmanager
    def _lock_host(self, host: str) -> Iterator[None]:
        """Wait until no other thread sends a request to this host."""
        with self._host_locks_lock:
            lock = self._host_locks.setdefault(host, threading.Lock())
        with lock:
            yield

    def _pause_for_host(self, host: str) -> None:
        """Wait for the pause between two requests to a host; called while its lock is held."""
        pause = self._settings.pause.total_seconds()
        if not pause or is_loopback(host):
            return
        left = self._last_request_at.get(host, -math.inf) + pause - self._clock()
        if left > 0:
            self._sleep(left)
        self._last_request_at[host] = self._clock()

    def _time_left(self) -> float:
        return self._deadline.at - self._clock()

    def _send_with_retries(self, hop: _Hop, deadline: float) -> _RawResponse:
        """Send a request, up to three times while it fails transiently and there is time."""

        def is_retryable(error: Exception) -> bool:
            if not isinstance(error, _TransientFailure):
                return False
            return self._clock() + MAX_RETRY_PAUSE < deadline

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
        """Send a request; raise SourceError for a failure and for a status that is one."""
        self._deadline.at = deadline
        try:
            response = self._client.send(hop.build_request(self._client), stream=True)
            try:
                _check_status(response, hop.display_url)
                headers = dict(response.headers)
                body = self._read_body(response, hop, deadline)
                return _RawResponse(response.status_code, headers, body)
            finally:
                response.close()
        except _NETWORK_ERRORS as error:
            raise self._to_source_error(error, hop) from error
        finally:
            self._deadline.at = math.inf

    def _read_body(self, response: httpx2.Response, hop: _Hop, deadline: float) -> bytes:
        if not response.is_success:
            return b""
        announced = response.headers.get("content-length", "")
        if announced.isascii() and announced.isdigit():
            self._check_size(int(announced[:20]), hop)
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
                f"{hop.display_url}: more than {limit:,} bytes; raise [http] max_size if that is "
                "meant"
            )

    def _timeout_error(self, hop: _Hop) -> SourceUnavailable:
        seconds = self._settings.timeout.total_seconds()
        return SourceUnavailable(
            f"{hop.display_url}: no complete answer within {seconds:g} seconds"
        )

    def _to_source_error(self, error: Exception, hop: _Hop) -> SourceError:
        """Convert a failure of the network to one in words for people."""
        if isinstance(error, PrivateAddress):
            return SourceRefused(
                f"{hop.display_url}: {error}, which is not public; set [http] "
                "allow_private_networks = true if that is meant"
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
    """Return the User-Agent with the printable ASCII characters of `contact`."""
    plain = "".join(character for character in contact if " " <= character <= "~").strip()
    name = f"repwatch/{__version__}"
    return f"{name} (+{plain})" if plain else name


def _parse_http_url(url: str, display_name: str = "") -> httpx2.URL:
    """Parse an http(s) address; raise SourceRefused for anything else."""
    where = display_name or redact_url(url)[:300]
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError, TypeError):
        # The cause is left out on purpose: it quotes parts of the address.
        raise SourceRefused(f"{where}: not an address; write it as https://host/path") from None
    is_valid_port = 0 < (parsed.port or 80) < 65536
    if parsed.scheme not in ("http", "https") or not parsed.host or not is_valid_port:
        raise SourceRefused(f"{where}: only http and https addresses can be read")
    return parsed


def _follow_redirect(hop: _Hop, response: _RawResponse) -> _Hop:
    """Return the next request of a redirect, without the caller's headers for another origin.

    Raises SourceError for a target that is not an http(s) address.
    """
    try:
        target = _parse_http_url(str(hop.url.join(response.location)), hop.display_name)
    except (httpx2.InvalidURL, ValueError):
        raise SourceUnavailable(
            f"{hop.display_url}: redirects to something that is not an address"
        ) from None
    own_headers = hop.own_headers if _origin(target) == _origin(hop.url) else {}
    permanent = hop.permanent and response.status in _PERMANENT_REDIRECTS
    return replace(hop, url=target, own_headers=own_headers, permanent=permanent)


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _check_status(response: httpx2.Response, where: str) -> None:
    """Raise SourceError for a status that is no success, no redirect and not 304."""
    status, headers = response.status_code, response.headers
    if status in _REDIRECTS and "location" in headers:
        return
    if response.is_success or status == 304:
        return
    error = _status_error(status, headers, where)
    error.status = status
    raise error


def _status_error(status: int, headers: httpx2.Headers, where: str) -> SourceError:
    """Return the error for a status, which says what a person can do about it."""
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


def _build_response(hop: _Hop, response: _RawResponse, *, moved: bool) -> HttpResponse:
    unchanged = response.status == 304
    sent = hop.headers if unchanged else {}
    etag = response.headers.get("etag", sent.get("If-None-Match", ""))
    last_modified = response.headers.get("last-modified", sent.get("If-Modified-Since", ""))
    # "Expires: 0" declares the response stale on arrival; the validators of such hosts are known to
    # be wrong.
    is_stale = response.headers.get("expires", "").strip() == "0"
    return HttpResponse(
        status=response.status,
        url=str(hop.url),
        body=response.body,
        headers=response.headers,
        etag="" if is_stale else etag,
        last_modified="" if is_stale else last_modified,
        not_modified=unchanged,
        retry_after=parse_retry_after_header(response.headers) or 0.0,
        fresh_seconds=freshness_seconds(response.headers),
        permanent_url=str(hop.url) if moved and hop.permanent else "",
    )


def _root_cause(error: BaseException) -> BaseException:
    """Return the first cause of a failure."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return error


def _failure_reason(error: BaseException) -> str:
    """Return the reason in one line of at most 200 characters, without secrets."""
    system_text = error.strerror if isinstance(error, OSError) else ""
    text = system_text or str(error) or type(error).__name__
    return redact_url(" ".join(text.split()))[:200]
