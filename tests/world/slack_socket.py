"""Socket Mode: the websocket server that an app connects to instead of being called."""

import json
import socket
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from tests.world.slack_delivery import SOON, Answer, Delivery, Transport
from tests.world.slack_messages import APP
from tests.world.slack_wire import Json
from tests.world.waiting import LAST_RESORT

MOST_CONNECTIONS = 10
PING_SECONDS = 10.0
_CLOSING_SECONDS = 1.0
_DEBUG = {"host": "applink-world", "build_number": 1, "approximate_connection_time": 18_060}

#: Why Slack tells an app to connect anew: `warning` comes some ten seconds before the end, the
#: others with it.
Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


class Line(ServerConnection):
    """One connection of the app."""

    #: True if nothing leaves the workspace any more, not even a pong, while the connection stays
    #: open
    deaf = False

    def send_data(self) -> None:
        """Send what is due, or lose it; the library has no other place to hold back a pong."""
        if self.deaf:
            self.protocol.data_to_send()
        else:
            super().send_data()


@dataclass(slots=True)
class _Expected:
    """An envelope that waits for its acknowledgement."""

    line: Line
    arrived: threading.Event = field(default_factory=threading.Event)
    response: Any = None
    acked: bool = False


class SocketMode(Transport):
    """The workspace's end of Socket Mode; it listens from the first call of apps.connections.open
    on.

    Each envelope goes to one open connection, to all in turn; it is lost with the connection that
    it went to.
    """

    def __init__(
        self,
        *,
        ack_within: float = LAST_RESORT,
        retry_after: tuple[float, ...] = SOON,
        ping_interval: float = PING_SECONDS,
    ) -> None:
        super().__init__(ack_within=ack_within, retry_after=retry_after)
        self.ping_interval = ping_interval  #: seconds between Slack's own pings
        self._changed = threading.Condition()
        self._lines: list[Line] = []
        self._tickets: set[str] = set()
        self._expected: dict[str, _Expected] = {}
        self._turn = count()
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    # What a test does

    @property
    def lines(self) -> tuple[Line, ...]:
        """The connections that are open, oldest first."""
        with self._changed:
            return tuple(self._lines)

    @property
    def connected(self) -> bool:
        return self._server is not None

    def wait_for(self, connections: int, seconds: float = LAST_RESORT) -> tuple[Line, ...]:
        """Wait until exactly so many connections are open, and return them."""
        with self._changed:
            reached = self._changed.wait_for(lambda: len(self._lines) == connections, seconds)
            assert reached, f"{len(self._lines)} connections are open, not {connections}"
            return tuple(self._lines)

    def deafen(self, lines: Iterable[Line] = (), *, deaf: bool = True) -> None:
        """Leave connections open but answer and send nothing on them; all of them unless some are
        named.
        """
        for line in tuple(lines) or self.lines:
            line.deaf = deaf

    def drop(self, lines: Iterable[Line] = ()) -> None:
        """Cut connections without a word; all of them unless some are named."""
        for line in tuple(lines) or self.lines:
            with suppress(OSError):
                line.socket.shutdown(socket.SHUT_RDWR)

    def disconnect(self, reason: Reason = "refresh_requested", lines: Iterable[Line] = ()) -> None:
        """Tell the app to connect anew, and close unless it is only a warning; all of them unless
        some are named.
        """
        for line in tuple(lines) or self.lines:
            self._say(line, {"type": "disconnect", "reason": reason, "debug_info": _DEBUG})
            if reason != "warning":
                line.close()

    def stop(self) -> None:
        """Close every connection and the port."""
        self.stopping.set()
        self.deafen(deaf=False)
        for expected in [*self._expected.values()]:
            expected.arrived.set()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
        super().stop()

    # What the workspace does

    def open_url(self) -> str:
        """Return an address that lets one connection in."""
        with self._changed:
            if self._server is None:
                self._server = self._listen()
            ticket = str(uuid4())
            self._tickets.add(ticket)
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/link/?ticket={ticket}&app_id={APP}"

    def attempt(self, delivery: Delivery, number: int, reason: str) -> Answer:
        if not (lines := self.lines):
            return Answer("no_connection")
        expected = _Expected(lines[next(self._turn) % len(lines)])
        envelope_id = str(uuid4())
        self._expected[envelope_id] = expected
        self._say(expected.line, _envelope(envelope_id, delivery, number, reason))
        expected.arrived.wait(self.ack_within)
        del self._expected[envelope_id]
        if not expected.acked:
            return Answer("timeout" if expected.line in self.lines else "connection_closed")
        return Answer(response=expected.response if _takes_response(delivery) else None)

    def _listen(self) -> Server:
        server = serve(
            self._serve,
            "127.0.0.1",
            0,
            process_request=self._admit,
            compression=None,
            ping_interval=self.ping_interval,
            ping_timeout=None,
            close_timeout=_CLOSING_SECONDS,
            create_connection=Line,
        )
        self._thread = threading.Thread(target=server.serve_forever, name="SocketMode")
        self._thread.start()
        return server

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Refuse a connection whose ticket was made up or used before."""
        ticket = parse_qs(urlsplit(request.path).query).get("ticket", [""])[0]
        with self._changed:
            if ticket in self._tickets:
                self._tickets.remove(ticket)
                return None
        return connection.respond(HTTPStatus.UNAUTHORIZED, "invalid_auth\n")

    def _serve(self, connection: ServerConnection) -> None:
        assert isinstance(connection, Line)
        with self._changed:
            number = len(self._lines) + 1
            if number <= MOST_CONNECTIONS:
                self._say(connection, _hello(number))
                self._lines.append(connection)
                self._changed.notify_all()
        if number > MOST_CONNECTIONS:
            self.disconnect("too_many_websockets", [connection])
            return
        try:
            with suppress(ConnectionClosed):
                for text in connection:
                    self._hear(connection, text)
        finally:
            with self._changed:
                self._lines.remove(connection)
                self._changed.notify_all()
            for expected in [*self._expected.values()]:
                if expected.line is connection:
                    expected.arrived.set()

    def _hear(self, line: Line, text: str | bytes) -> None:
        message = json.loads(text)
        expected = self._expected.get(message.get("envelope_id"))
        if expected is None or expected.acked or line.deaf:
            return
        expected.response = message.get("payload") or None
        expected.acked = True
        expected.arrived.set()

    def _say(self, line: Line, message: Json) -> None:
        with suppress(ConnectionClosed):
            line.send(json.dumps(message))


def _hello(number: int) -> Json:
    started = {"started": time.strftime("%Y-%m-%d %H:%M:%S.000", time.gmtime())}
    return {
        "type": "hello",
        "num_connections": number,
        "debug_info": _DEBUG | started,
        "connection_info": {"app_id": APP},
    }


def _takes_response(delivery: Delivery) -> bool:
    return delivery.kind == "slash_commands" or delivery.payload.get("type") in {
        "view_submission",
        "block_suggestion",
    }


def _envelope(envelope_id: str, delivery: Delivery, number: int, reason: str) -> Json:
    envelope = {
        "envelope_id": envelope_id,
        "type": delivery.kind,
        "accepts_response_payload": _takes_response(delivery),
        "payload": delivery.payload,
    }
    return envelope | (
        {"retry_attempt": number, "retry_reason": reason} if delivery.retried else {}
    )
