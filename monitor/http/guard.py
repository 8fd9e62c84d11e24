"""Keep the client off private addresses, and each operation within its request's deadline.

The address is checked when a connection is made, on the very address that is connected to. So a
redirect is checked like any other request, and a name that resolves differently the second time
gains nothing.
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
    """Return whether an address belongs to the public internet.

    Of an IPv6 address that embeds an IPv4 address, the latter counts.
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    embedded = address.ipv4_mapped or address.sixtofour
    if embedded is None and address in _NAT64:
        embedded = IPv4Address(int(address) & 0xFFFF_FFFF)
    if embedded is not None:
        return is_public(embedded)
    return address in _UNICAST and address.is_global


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, by its address or as localhost."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def resolve_host(host: str, port: int) -> list[str]:
    """Resolve a host to its addresses, also a spelling like 2130706433 or 0x7f.1.

    Raises httpcore2.ConnectError.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError(str(error)) from error
    return [str(entry[4][0]) for entry in found]


class GuardedNetwork(httpcore2.NetworkBackend):
    """Connects to allowed addresses only.

    `time_left` returns the seconds that the current request still has.
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
        """Connect to the first allowed address of the host that answers.

        Each address gets an equal share of the time that is left. Raises PrivateAddress where none
        is allowed, else the error of the last address.
        """
        addresses = self._allowed_addresses(host, port)
        failure: Exception = httpcore2.ConnectError(f"no address for {host}")
        for tried, address in enumerate(addresses):
            untried = len(addresses) - tried
            share = self._bound_timeout(timeout, httpcore2.ConnectTimeout) / untried
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
        """Resolve a host to its allowed addresses; raise PrivateAddress where none is public."""
        addresses = list(dict.fromkeys(self._resolve(host, port)))
        if self._allow_private:
            return addresses
        public = [address for address in addresses if is_public(ip_address(address))]
        if addresses and not public:
            raise PrivateAddress(f"{host} leads to {addresses[0]}")
        return public

    def _bound_timeout(
        self, timeout: float | None, error_type: type[httpcore2.TimeoutException]
    ) -> float:
        """Return the smaller of `timeout` and the time left; raise `error_type` if none is left."""
        left = self._time_left()
        if left <= 0:
            raise error_type("the time for the whole request is over")
        return left if timeout is None else min(timeout, left)


class _BoundedStream(httpcore2.NetworkStream):
    """A connection whose operations end by the deadline of the request that uses it."""

    def __init__(
        self,
        stream: httpcore2.NetworkStream,
        bound_timeout: Callable[[float | None, type[httpcore2.TimeoutException]], float],
    ) -> None:
        self._stream = stream
        self._bound_timeout = bound_timeout

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._bound_timeout(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._bound_timeout(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        bounded = self._bound_timeout(timeout, httpcore2.ConnectTimeout)
        encrypted = self._stream.start_tls(ssl_context, server_hostname, bounded)
        return _BoundedStream(encrypted, self._bound_timeout)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class GuardedTransport(httpx2.BaseTransport):
    """Carries httpx2's requests over a guarded network, whatever proxies the environment names."""

    def __init__(self, network: GuardedNetwork) -> None:
        self._connections = ConnectionPool(network, httpx2.create_ssl_context(trust_env=False))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; raise httpcore2's errors."""
        url = httpcore2.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        core_request = httpcore2.Request(
            request.method,
            url,
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        response, release = self._connections.send(core_request)
        return httpx2.Response(
            response.status,
            headers=response.headers,
            stream=_ResponseBody(response, release),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close every idle connection."""
        self._connections.close()


class _ResponseBody(httpx2.SyncByteStream):
    """The body of a response; `release` is called once it is closed."""

    def __init__(self, response: httpcore2.Response, release: Callable[[], None]) -> None:
        self._response = response
        self._release = release

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
        self._release()
