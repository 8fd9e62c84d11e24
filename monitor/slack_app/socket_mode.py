"""Socket Mode: connections over which Slack delivers payloads, replaced when they fall silent."""

from __future__ import annotations

import json
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

from monitor.domain.backoff import exponential_backoff
from monitor.errors import DeliveryError, DeliveryRefused
from monitor.slack.errors import APP_TOKEN, classify_failure, classify_refusal
from monitor.slack_app.bolt import SILENT_LOGGER

log = structlog.get_logger(__name__)

#: Seconds between our pings; Slack answers each, and pings by itself besides.
PING_SECONDS = 10.0
#: A connection from which nothing has come for so long is replaced, whatever its socket says.
SILENT_AFTER = timedelta(seconds=35)
#: Silence of all connections that lasts longer is reported to people.
OUTAGE_AFTER = timedelta(minutes=3)
#: Slack has ended a connection for good: it is opened again after so long, then ever later.
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=10), timedelta(minutes=5)
_CHECK_SECONDS = 5.0
_WORKERS = 10
_OPEN_METHOD = "apps.connections.open"
#: Why Slack ends a connection for good. Its client would open the next one at once, which is ended
#: at once, several times a second.
_REFUSALS = {
    "too_many_websockets": "Slack allows no more connections of this app (too_many_websockets): "
    "stop what else runs with the same SLACK_APP_TOKEN",
    "link_disabled": "Socket Mode is switched off in the app's settings (link_disabled)",
}


class SocketConnection:
    """One connection, which renews itself when Slack asks for it."""

    def __init__(
        self, app: App, token: str, api_url: str, now: Callable[[], datetime], ping_seconds: float
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
            ping_interval=ping_seconds,
            concurrency=_WORKERS,
        )
        self.is_greeted = False  #: whether anything has come over it
        self.refusal = ""  #: why Slack has ended it for good; empty while it has not
        receiver: Any = self._handler.client
        receiver.on_message_listeners.append(self._note_heard)
        self._process_message = receiver.enqueue_message
        receiver.enqueue_message = self._take_message

    @property
    def last_heard_at(self) -> datetime:
        """When the last payload, or answer to a ping, came."""
        session = self._handler.client.current_session
        pong = session.last_ping_pong_time if session else None
        if not pong:
            return self._heard_at
        return max(self._heard_at, datetime.fromtimestamp(pong, UTC))

    def connect(self) -> None:
        """Open the connection; raises DeliveryError where Slack does not allow or answer it."""
        # Raised here and not where it is caught: the client's errors hold the request with its
        # token.
        failure = self._try_connect()
        if failure is not None:
            raise failure

    def _try_connect(self) -> DeliveryError | None:
        try:
            self._handler.connect()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            response = error.response
            status, headers, body = response.status_code, response.headers, response.data
            return classify_refusal(_OPEN_METHOD, status, headers, body, variable=APP_TOKEN)
        except (OSError, HTTPException, ValueError, LookupError) as error:
            return classify_failure(_OPEN_METHOD, error)
        if not self._handler.client.is_connected():
            return classify_failure(_OPEN_METHOD, ConnectionError())
        return None

    def close(self) -> None:
        """Close the connection at once: by itself the client waits for the next payload."""
        self._keep_closed()
        client: Any = self._handler.client
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

    def _take_message(self, message: str) -> None:
        """Pass a message on to Slack's client, but for one after which it must not reconnect."""
        refusal = _REFUSALS.get(_disconnect_reason(message), "")
        if not refusal:
            self._process_message(message)
            return
        self._keep_closed()
        self.refusal = refusal

    def _keep_closed(self) -> None:
        client: Any = self._handler.client
        client.default_auto_reconnect_enabled = client.auto_reconnect_enabled = False

    def _note_heard(self, _message: str) -> None:
        self._heard_at = self._now()
        self.is_greeted = True


def _disconnect_reason(message: str) -> str:
    """Return why Slack says that it ends the connection; empty for any other message."""
    if not message.startswith("{") or "disconnect" not in message:
        return ""
    try:
        said = json.loads(message)
    except ValueError:
        return ""
    return str(said.get("reason") or "") if said.get("type") == "disconnect" else ""


@dataclass(frozen=True, slots=True)
class ConnectionTimeouts:
    """How long silence is borne."""

    silent_after: timedelta = SILENT_AFTER
    outage_after: timedelta = OUTAGE_AFTER
    check_seconds: float = _CHECK_SECONDS  #: between two checks of the connections
    ping_seconds: float = PING_SECONDS
    first_retry: timedelta = FIRST_RETRY  #: after Slack has ended a connection for good
    longest_retry: timedelta = LONGEST_RETRY


class ConnectionSupervisor:
    """Keeps several connections open, and replaces those that have fallen silent."""

    def __init__(
        self,
        build_connection: Callable[[], SocketConnection],
        count: int,
        now: Callable[[], datetime],
        ping_slack: Callable[[], None],
        timeouts: ConnectionTimeouts,
    ) -> None:
        """`ping_slack` raises DeliveryError while Slack itself does not answer."""
        self._build_connection = build_connection
        self._now = now
        self._ping_slack = ping_slack
        self._timeouts = timeouts
        self._connections: list[SocketConnection | None] = [None] * count
        self._stopping = threading.Event()
        self._outage_since: datetime | None = None
        self._last_error = ""
        self._refusals = 0  #: in a row
        self._retry_at = now()  #: no connection is opened before
        self.replaced = 0  #: how many connections had fallen silent
        self._thread = threading.Thread(target=self._run, name="desk-lines", daemon=True)

    def start(self) -> None:
        """Connect, and go on trying where that fails."""
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Close every connection."""
        self._stopping.set()
        self._thread.join(timeout)
        closing = [
            threading.Thread(target=connection.close, daemon=True)
            for connection in self._connections
            if connection
        ]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join(timeout)

    @property
    def outage_reason(self) -> str:
        """Why nothing arrives from Slack, once that has lasted; empty where all is well."""
        since = self._outage_since
        if since is None or self._now() - since < self._timeouts.outage_after:
            return ""
        return f"what people do in Slack does not reach repwatch: {self._last_error}"

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._check_connections()
            except Exception:  # a bug of ours must not leave the app deaf for good
                log.exception("desk_lines_broken")
            self._stopping.wait(self._timeouts.check_seconds)

    def _check_connections(self) -> None:
        """Open what is not open, and replace what is silent while Slack itself answers."""
        now = self._now()
        self._drop_refused(now)
        unheard = [
            number
            for number, connection in enumerate(self._connections)
            if not self._is_heard(connection, now)
        ]
        try:
            silent = [number for number in unheard if self._connections[number]]
            missing = [number for number in unheard if not self._connections[number]]
            if silent:
                self._ping_slack()
            # What Slack has ended for good is left alone for a while, what is silent is not.
            for number in silent if now < self._retry_at else (*silent, *missing):
                self._replace_connection(number)
        except DeliveryError as error:
            if self._last_error != str(error):
                log.warning("desk_not_connected", error=str(error))
            self._last_error = str(error)
        finally:  # whatever else goes wrong, people are told of an outage
            if not self._stopping.is_set():
                self._track_outage()

    def _drop_refused(self, now: datetime) -> None:
        """Let go of connections that Slack has ended for good, and leave it alone for ever longer.

        What ends while Slack is left alone already makes the wait no longer. Connections that have
        stood for longer than the longest wait end the series.
        """
        refused = [one for one in self._connections if one and one.refusal]
        if not refused:
            if now - self._retry_at > self._timeouts.longest_retry:
                self._refusals = 0
            return
        if now >= self._retry_at:
            self._leave_alone(refused[0].refusal, now)
        self._connections = [one if one not in refused else None for one in self._connections]
        for connection in refused:
            threading.Thread(target=connection.close, name="desk-line-end", daemon=True).start()

    def _leave_alone(self, refusal: str, now: datetime) -> None:
        """Open no connection for a while."""
        self._refusals += 1
        wait = exponential_backoff(
            self._refusals, first=self._timeouts.first_retry, longest=self._timeouts.longest_retry
        )
        self._retry_at = now + wait
        self._last_error = refusal
        again_in = wait.total_seconds()
        log.warning("desk_connections_refused", error=refusal, again_in=again_in)

    def _is_heard(self, connection: SocketConnection | None, now: datetime) -> bool:
        return (
            connection is not None
            and not connection.refusal
            and now - connection.last_heard_at <= self._timeouts.silent_after
        )

    def _replace_connection(self, number: int) -> None:
        """Connect anew before the old connection is closed."""
        old, new = self._connections[number], self._build_connection()
        try:
            new.connect()
        except BaseException:  # whatever it was, the socket must not stay; it is raised again
            new.close()
            if new.refusal:
                self._leave_alone(new.refusal, self._now())
                raise DeliveryRefused(new.refusal) from None
            raise
        self._connections[number] = new
        if old is None:
            log.info("desk_connected", connection=number + 1)
            return
        self.replaced += 1
        heard_at = old.last_heard_at.isoformat()
        log.warning("desk_was_deaf", connection=number + 1, heard_at=heard_at)
        threading.Thread(target=old.close, name="desk-line-end", daemon=True).start()

    def _track_outage(self) -> None:
        """Note since when nothing at all is heard; that a connection was opened is no word yet."""
        now = self._now()
        greeted = [one for one in self._connections if one and one.is_greeted]
        if any(self._is_heard(connection, now) for connection in greeted):
            self._outage_since, self._last_error = None, ""
        else:
            self._outage_since = self._outage_since or now
