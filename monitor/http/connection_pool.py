"""Keep connections open between requests.

httpcore2's own pool looks at all of its connections at the start and at the end of each request:
with fifty hosts that takes longer than the request. Here one thread at a time sends requests to a
host, so that one connection to each is enough.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from ssl import SSLContext

import httpcore2

#: The most idle connections, and the seconds after which one is closed.
MAX_IDLE_CONNECTIONS = 20
IDLE_SECONDS = 5.0


class ConnectionPool:
    """Opens connections, and keeps one idle connection to each origin for the next request."""

    def __init__(self, network: httpcore2.NetworkBackend, ssl_context: SSLContext) -> None:
        self._network = network
        self._ssl_context = ssl_context
        # By origin, the one that has been idle longest first.
        self._idle: dict[str, httpcore2.HTTPConnection] = {}
        self._lock = threading.Lock()

    def send(self, request: httpcore2.Request) -> tuple[httpcore2.Response, Callable[[], None]]:
        """Return (the response, what to call once it is closed).

        Raises httpcore2's errors.
        """
        origin = request.url.origin
        connection = self._take_idle(str(origin)) or httpcore2.HTTPConnection(
            origin, self._ssl_context, IDLE_SECONDS, network_backend=self._network
        )
        response = connection.handle_request(request)
        return response, partial(self._return_to_pool, str(origin), connection)

    def close(self) -> None:
        """Close every idle connection."""
        with self._lock:
            idle = list(self._idle.values())
            self._idle.clear()
        for connection in idle:
            connection.close()

    def _return_to_pool(self, origin: str, connection: httpcore2.HTTPConnection) -> None:
        """Keep a connection for the next request, if it can take one.

        Closes the one that it replaces, and the oldest one where it expired or is one too many.
        """
        if not connection.is_idle():
            return
        if _has_trailing_data(connection):
            connection.close()
            return
        to_close = []
        with self._lock:
            if self._idle.get(origin, connection) is not connection:
                to_close.append(self._idle.pop(origin))
            self._idle[origin] = connection
            oldest = next(iter(self._idle))
            if len(self._idle) > MAX_IDLE_CONNECTIONS or self._idle[oldest].has_expired():
                to_close.append(self._idle.pop(oldest))
        for surplus in to_close:
            surplus.close()

    def _take_idle(self, origin: str) -> httpcore2.HTTPConnection | None:
        """Remove and return the idle connection to this origin; None where none is open."""
        with self._lock:
            connection = self._idle.pop(origin, None)
        if connection is not None and connection.has_expired():
            connection.close()
            return None
        return connection


def _has_trailing_data(connection: httpcore2.HTTPConnection) -> bool:
    """Return whether the host has sent more than its response.

    That would be taken for the response to the next request. httpcore2 looks for it at the socket
    only, not in what was read from there already.
    """
    inner = connection._connection
    if not isinstance(inner, httpcore2.HTTP11Connection):
        return False
    return inner._h11_state.trailing_data[0] != b""
