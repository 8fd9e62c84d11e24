"""Connections over which Slack brings what people do (Socket Mode), each replaced when it has gone
deaf.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from monitor.errors import DeliveryError
from monitor.slack.errors import APP_TOKEN, classify_failure, classify_refusal
from monitor.slack_app.bolt import SILENT_LOGGER

log = structlog.get_logger(__name__)

#: Seconds between our pings; Slack answers each, and pings by itself besides.
PING_SECONDS = 10.0
#: A connection from which nothing has come for so long is deaf, whatever its socket says.
DEAF_AFTER = timedelta(seconds=35)
#: Deafness that new connections do not end within this is trouble that people are told of.
TROUBLE_AFTER = timedelta(minutes=3)
_LOOK_EVERY = 5.0
_WORKERS = 10


class SocketConnection:
    """One connection, which renews itself when Slack asks for it."""

    def __init__(
        self, app: App, token: str, api_url: str, now: Callable[[], datetime], ping: float
    ) -> None:
        client = WebClient(
            base_url=f"{api_url.rstrip('/')}/", retry_handlers=[], logger=SILENT_LOGGER
        )
        self._now = now
        self._heard_at = now()
        self._handler = SocketModeHandler(
            app,
            token,
            logger=SILENT_LOGGER,
            web_client=client,
            ping_interval=ping,
            concurrency=_WORKERS,
        )
        self._handler.client.on_message_listeners.append(self._note_heard)

    @property
    def last_heard_at(self) -> datetime:
        """When Slack was heard last: a payload, or the answer to a ping."""
        session = self._handler.client.current_session
        pong = session.last_ping_pong_time if session else None
        return max(self._heard_at, datetime.fromtimestamp(pong, UTC)) if pong else self._heard_at

    def connect(self) -> None:
        """Open it; DeliveryError where Slack does not let it."""
        failure: DeliveryError | None = None
        try:
            self._handler.connect()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            reply = error.response
            failure = classify_refusal(
                _OPEN_METHOD, reply.status_code, reply.headers, reply.data, variable=APP_TOKEN
            )
        except (OSError, HTTPException, ValueError, LookupError) as error:
            failure = classify_failure(_OPEN_METHOD, error)
        if failure is None and not self._handler.client.is_connected():
            failure = classify_failure(_OPEN_METHOD, ConnectionError())
        if (
            failure is not None
        ):  # raised here: the client's own errors hold the request with its token
            raise failure

    def close(self) -> None:
        """End it quickly: by itself the client waits for the next thing that comes."""
        client: Any = self._handler.client
        client.default_auto_reconnect_enabled = client.auto_reconnect_enabled = False
        client.closed = True
        client.current_session_state.terminated = True
        client.message_queue.put("")
        session = client.current_session
        if session is not None and session.sock is not None:
            with suppress(OSError):
                session.sock.shutdown(socket.SHUT_RDWR)
        try:
            client.close()
        except AttributeError:  # the client's own thread has closed the socket at this very moment
            client.close()

    def _note_heard(self, _message: str) -> None:
        self._heard_at = self._now()


@dataclass(frozen=True, slots=True)
class ConnectionTimeouts:
    """How long silence is borne; `every` is the seconds between two looks."""

    deaf_after: timedelta = DEAF_AFTER
    trouble_after: timedelta = TROUBLE_AFTER
    every: float = _LOOK_EVERY
    ping: float = PING_SECONDS


class ConnectionSupervisor:
    """Several connections and the thread that looks after them."""

    def __init__(
        self,
        app: App,
        token: str,
        api_url: str,
        connections: int,
        now: Callable[[], datetime],
        ping_slack: Callable[[], None],
        patience: ConnectionTimeouts | None = None,
    ) -> None:
        """`answers` asks Slack whether it is there at all, and raises DeliveryError where it is
        not.
        """
        self._patience = patience or ConnectionTimeouts()
        self._open: Callable[[], SocketConnection] = lambda: SocketConnection(
            app, token, api_url, now, self._patience.ping
        )
        self._now = now
        self._answers = ping_slack
        self._lines: list[SocketConnection | None] = [None] * connections
        self._stop = threading.Event()
        self._since: datetime | None = None
        self._why = ""
        self.replaced = 0  #: how many connections had gone deaf
        self._thread = threading.Thread(target=self._run, name="desk-lines", daemon=True)

    def start(self) -> None:
        """Connect, and go on trying where that fails."""
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """End every connection."""
        self._stop.set()
        self._thread.join(timeout)
        closing = [threading.Thread(target=line.close, daemon=True) for line in self._lines if line]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join(timeout)

    @property
    def outage_reason(self) -> str:
        """What keeps Slack from bringing anything, once that has lasted; empty where all is
        well.
        """
        since = self._since
        lasts = since is not None and self._now() - since >= self._patience.trouble_after
        return f"what people do in Slack does not reach repwatch: {self._why}" if lasts else ""

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._check_connections()
            except Exception:
                log.exception(
                    "desk_lines_broken"
                )  # a bug of ours must not leave the desk deaf for good
            self._stop.wait(self._patience.every)

    def _check_connections(self) -> None:
        """Open what is not open, and replace what is deaf while Slack itself answers."""
        now = self._now()
        quiet = [
            number
            for number, line in enumerate(self._lines)
            if line is None or self._is_deaf(line, now)
        ]
        try:
            if any(self._lines[number] for number in quiet):
                self._answers()
            for number in quiet:
                self._replace_connection(number)
        except DeliveryError as error:
            if self._why != str(error):
                log.warning("desk_not_connected", error=str(error))
            self._why = str(error)
        finally:  # whatever else goes wrong, people are told of deafness
            if not self._stop.is_set():
                self._track_outage()

    def _is_deaf(self, line: SocketConnection, now: datetime) -> bool:
        return now - line.last_heard_at > self._patience.deaf_after

    def _replace_connection(self, number: int) -> None:
        """Connect anew before the old connection is given up."""
        old, line = self._lines[number], self._open()
        try:
            line.connect()
        except BaseException:
            line.close()
            raise
        self._lines[number] = line
        if old is not None:
            self.replaced += 1
            log.warning(
                "desk_was_deaf", connection=number + 1, heard_at=old.last_heard_at.isoformat()
            )
            threading.Thread(target=old.close, name="desk-line-end", daemon=True).start()
        else:
            log.info("desk_connected", connection=number + 1)

    def _track_outage(self) -> None:
        """Since when nothing at all is heard."""
        now = self._now()
        if any(line is not None and not self._is_deaf(line, now) for line in self._lines):
            self._since, self._why = None, ""
        else:
            self._since = self._since or now


_OPEN_METHOD = "apps.connections.open"
