"""Connections kept open between requests.

httpcore2's own pool looks at all of its connections at the begin and at the end of each request:
with fifty hosts that takes longer than the request. Here one host is asked by one thread at a time,
so that one connection each is enough.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from ssl import SSLContext

import httpcore2

#: Connections that wait for another request at most, and for how many seconds.
MAX_IDLE_CONNECTIONS = 20
IDLE_SECONDS = 5.0


class ConnectionPool:
    """Opens connections, and keeps one to each origin for the next request."""

    def __init__(self, network: httpcore2.NetworkBackend, ssl_context: SSLContext) -> None:
        self._network = network
        self._ssl_context = ssl_context
        self._idle: dict[
            str, httpcore2.HTTPConnection
        ] = {}  # by origin, the one that waits longest first
        self._lock = threading.Lock()

    def send(self, request: httpcore2.Request) -> tuple[httpcore2.Response, Callable[[], None]]:
        """The answer to a request, and what to call when it was closed; failures are
        httpcore2's.
        """
        origin = request.url.origin
        connection = self._take_idle(str(origin)) or httpcore2.HTTPConnection(
            origin, self._ssl_context, IDLE_SECONDS, network_backend=self._network
        )
        return connection.handle_request(request), partial(
            self._return_to_pool, str(origin), connection
        )

    def close(self) -> None:
        """Close every connection that waits."""
        with self._lock:
            waiting = list(self._idle.values())
            self._idle.clear()
        for connection in waiting:
            connection.close()

    def _return_to_pool(self, origin: str, connection: httpcore2.HTTPConnection) -> None:
        """Let a connection wait for the next request, if it can take one; one that waited too long
        is closed.
        """
        if not connection.is_idle():
            return
        if _has_trailing_data(connection):
            connection.close()
            return
        with self._lock:
            closing = (
                [self._idle.pop(origin)]
                if self._idle.get(origin, connection) is not connection
                else []
            )
            self._idle[origin] = connection
            oldest = next(iter(self._idle))
            if len(self._idle) > MAX_IDLE_CONNECTIONS or self._idle[oldest].has_expired():
                closing.append(self._idle.pop(oldest))
        for one in closing:
            one.close()

    def _take_idle(self, origin: str) -> httpcore2.HTTPConnection | None:
        """The connection that waits for this origin, if it is still open; it is the caller's from
        now on.
        """
        with self._lock:
            connection = self._idle.pop(origin, None)
        if connection is not None and connection.has_expired():
            connection.close()
            return None
        return connection


def _has_trailing_data(connection: httpcore2.HTTPConnection) -> bool:
    """Whether the host has sent more than its answer: that would be taken for the answer to the
    next request.

    httpcore2 looks for it at the socket only, not in what was read from there already.
    """
    inner = connection._connection
    return (
        isinstance(inner, httpcore2.HTTP11Connection) and inner._h11_state.trailing_data[0] != b""
    )
