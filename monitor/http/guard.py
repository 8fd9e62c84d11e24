"""The network as the client sees it: no private addresses, and no operation past the deadline of
its request.

The check happens when a connection is made, on the very address that is connected to. A redirect
passes through it like any other request, and a name that resolves differently the second time gains
nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from ssl import SSLContext
from typing import Any

import httpcore2
import httpx2

from monitor.http.connection_pool import ConnectionPool

_UNICAST = IPv6Network("2000::/3")  # all that is handed out today (RFC 4291, section 2.4)
_NAT64 = IPv6Network("64:ff9b::/96")  # an IPv4 address in the last 32 bits (RFC 6052)

IpAddress = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Iterable[str]]


class PrivateAddress(httpcore2.ConnectError):
    """The host leads to no address of the public internet."""


def is_public(address: IpAddress) -> bool:
    """Whether an address belongs to the public internet; an IPv4 address inside an IPv6 one is what
    counts.
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    inner = (
        address.ipv4_mapped
        or address.sixtofour
        or (_embedded_ipv4(address) if address in _NAT64 else None)
    )
    if inner is not None:
        return is_public(inner)
    return address in _UNICAST and address.is_global


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its usual name or its address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _embedded_ipv4(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFF_FFFF)


def resolve_host(host: str, port: int) -> list[str]:
    """The addresses of a host as the system knows them; also of spellings like 2130706433 and
    0x7f.1.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError(str(error)) from error
    return [str(entry[4][0]) for entry in found]


class GuardedNetwork(httpcore2.NetworkBackend):
    """Connects to checked addresses only; `time_left` gives the seconds that the current request
    still has.
    """

    def __init__(
        self,
        time_left: Callable[[], float],
        *,
        allow_private: bool = False,
        resolve: Resolver = resolve_host,
        network: httpcore2.NetworkBackend | None = None,
    ) -> None:
        self._time_left = time_left
        self._allow_private = allow_private
        self._resolve = resolve
        self._network = network or httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first of the host's allowed addresses that answers; each gets a fair share
        of the time.
        """
        addresses = self._allowed_addresses(host, port)
        failure: Exception = httpcore2.ConnectError(f"no address for {host}")
        for tried, address in enumerate(addresses):
            share = self._bound_timeout(timeout, httpcore2.ConnectTimeout) / (
                len(addresses) - tried
            )
            try:
                stream = self._network.connect_tcp(
                    address, port, share, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _BoundedStream(stream, self._bound_timeout)
        raise failure

    def _allowed_addresses(self, host: str, port: int) -> list[str]:
        found = list(dict.fromkeys(self._resolve(host, port)))
        if self._allow_private:
            return found
        public = [address for address in found if is_public(ip_address(address))]
        if found and not public:
            raise PrivateAddress(f"{host} leads to {found[0]}")
        return public

    def _bound_timeout(
        self, timeout: float | None, late: type[httpcore2.TimeoutException]
    ) -> float:
        left = self._time_left()
        if left <= 0:
            raise late("the time for the whole request is over")
        return left if timeout is None else min(timeout, left)


class _BoundedStream(httpcore2.NetworkStream):
    """A connection on which nothing lasts longer than the request that uses it."""

    def __init__(
        self,
        stream: httpcore2.NetworkStream,
        bounded: Callable[[float | None, type[httpcore2.TimeoutException]], float],
    ) -> None:
        self._stream = stream
        self._bounded = bounded

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._bounded(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._bounded(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        bounded = self._bounded(timeout, httpcore2.ConnectTimeout)
        return _BoundedStream(
            self._stream.start_tls(ssl_context, server_hostname, bounded), self._bounded
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class GuardedTransport(httpx2.BaseTransport):
    """Carries httpx2's requests over a guarded network; proxies and other settings of the
    environment play no part.
    """

    def __init__(self, network: GuardedNetwork) -> None:
        self._connections = ConnectionPool(network, httpx2.create_ssl_context(trust_env=False))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; failures are httpcore2's."""
        url = httpcore2.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        response, done = self._connections.send(
            httpcore2.Request(
                request.method,
                url,
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            response.status,
            headers=response.headers,
            stream=_ResponseBody(response, done),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close every connection that waits for a request."""
        self._connections.close()


class _ResponseBody(httpx2.SyncByteStream):
    def __init__(self, response: httpcore2.Response, done: Callable[[], None]) -> None:
        self._response = response
        self._done = done

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
        self._done()
