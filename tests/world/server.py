"""A local HTTP server for tests: real sockets on 127.0.0.1, every request remembered, faults on
demand.
"""

import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from struct import pack
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.world.faults import ConnectionLost, Fault, Reply, Request


@dataclass(frozen=True, slots=True)
class _PlannedFault:
    fault: Fault
    path: str  # the end of the paths it waits for


@dataclass(slots=True)
class _Plan:
    """The faults still to come, first in, first out for each path."""

    queue: deque[_PlannedFault] = field(default_factory=deque)

    def take(self, path: str) -> Fault | None:
        """Return and forget the first fault that waits for this path."""
        for planned in self.queue:
            if path.endswith(planned.path):
                self.queue.remove(planned)
                return planned.fault
        return None


class LocalServer:
    """A server whose subclass answers requests, one at a time, from state in memory.

    Use it in a `with` statement. Leaving it closes every connection, ends every thread, and raises
    the first error that the server's own code made, so that a broken server cannot pass for a
    broken client.
    """

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock  #: seconds since 1970; a test may pass one that it moves by hand
        self.dated = True  #: answers say when they were sent
        self.weather: Callable[[Request], Fault | None] = lambda request: None
        self._plan = _Plan()
        self._log: list[Request] = []
        self.failures: list[Exception] = []  #: what went wrong in the server's own code
        self._lock = threading.RLock()
        self._listener: _Listener | None = None
        self._thread: threading.Thread | None = None

    def answer(self, request: Request) -> Reply:
        """Return the reply to one request; never runs twice at the same time."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """The address of the server, without a slash at its end."""
        if self._listener is None:
            raise RuntimeError("the server is not running: use it in a with statement")
        return f"http://127.0.0.1:{self._listener.server_address[1]}"

    @property
    def requests(self) -> tuple[Request, ...]:
        """Every request received so far, in the order of arrival, failed ones included."""
        with self._lock:
            return tuple(self._log)

    def requests_to(self, path: str) -> tuple[Request, ...]:
        """The requests received so far whose path ends with `path`."""
        return tuple(request for request in self.requests if request.path.endswith(path))

    def fail_next(self, fault: Fault, *, path: str = "", times: int = 1) -> None:
        """Let the next `times` requests to a path that ends with `path` meet this fault."""
        with self._lock:
            self._plan.queue.extend([_PlannedFault(fault, path)] * times)

    def start(self) -> Self:
        """Listen on a free port and serve in the background."""
        self._listener = _Listener(self)
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(0.01,), name=type(self).__name__
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the port and every connection; later connections are refused."""
        if self._listener is None or self._thread is None:
            return
        self._listener.stop()
        self._thread.join()
        self._listener = self._thread = None
        if self.failures:
            raise self.failures[0]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def reply_to(self, request: Request) -> Reply:
        """Remember the request, then answer it through the fault that waits for it, if any."""
        with self._lock:
            self._log.append(request)
            fault = self._plan.take(request.path) or self.weather(request)
        return fault(request, self._answer_alone) if fault else self._answer_alone(request)

    def _answer_alone(self, request: Request) -> Reply:
        with self._lock:
            return self.answer(request)


class _Listener(ThreadingTCPServer):
    """Accepts connections, one thread each, and can end all of them."""

    request_queue_size = 128
    daemon_threads = False  # server_close() joins them

    def __init__(self, owner: LocalServer) -> None:
        self.owner = owner
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._lost: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Conversation)

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        for connection in self._open.copy():
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def lose(self, connection: socket.socket) -> None:
        """Mark a connection to be reset (RST) instead of closed."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, pack("ii", 1, 0))
        self._lost.add(connection)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        if request in self._lost:
            self._lost.discard(request)
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep what the server's own code did wrong; a client may leave whenever it likes."""
        error = sys.exc_info()[1]
        if isinstance(error, Exception) and not isinstance(error, ConnectionError):
            self.owner.failures.append(error)


class _Conversation(BaseHTTPRequestHandler):
    """One connection, kept open between requests as HTTP/1.1 has it."""

    server: _Listener
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        try:
            reply = self.server.owner.reply_to(self._request())
            self.server.stopping.wait(reply.delay)
            self._send(reply)
        except ConnectionLost:
            self.server.lose(self.connection)
            self.close_connection = True

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _request(self) -> Request:
        address = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(
            method=self.command,
            path=unquote(address.path),
            query=dict(parse_qsl(address.query, keep_blank_values=True)),
            headers=headers,
            body=self.rfile.read(int(headers.get("content-length", "0"))),
        )

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if isinstance(reply.body, bytes) and reply.status not in {204, 304}:
            self.send_header("Content-Length", str(reply.announced_length or len(reply.body)))
        # Also where the client has asked for it, as PRAW does for a token: one that is not told
        # takes the connection for its next request, and loses that.
        if reply.ends_connection or self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(reply)

    def _send_body(self, reply: Reply) -> None:
        for piece in reply.pieces():
            if self.server.stopping.is_set():
                self.close_connection = True
                return
            self.wfile.write(piece)
            self.server.stopping.wait(reply.pause)

    def send_header(self, keyword: str, value: str) -> None:
        if keyword != "Date" or self.server.owner.dated:
            super().send_header(keyword, value)

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(
            self.server.owner.clock() if timestamp is None else timestamp
        )

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name is the base class's)
        """Stay quiet: the owner remembers the requests."""
