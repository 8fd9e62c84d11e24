"""The Slack app as a whole: how Slack reaches it, what it starts, and how it answers over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from slack_bolt import App as BoltApp
from slack_bolt import BoltRequest

from monitor.bootstrap import App, build_masker
from monitor.inbox_worker import InboxWorker
from monitor.pipeline.grouping import AlertPolicy
from monitor.slack.client import SlackApi
from monitor.slack.mode import InboundMode, choose_mode
from monitor.slack_app.actions import ActionExecutor
from monitor.slack_app.alert_reader import AlertReader
from monitor.slack_app.audit_desk import AuditDesk
from monitor.slack_app.bolt import ExpectedApp, build_bolt_app
from monitor.slack_app.commands import SlashCommands
from monitor.slack_app.inbox_writer import WRITE_TIMEOUT, InboxWriter
from monitor.slack_app.interaction_handler import SWEEP_SECONDS, WORKER_NAME, InteractionHandler
from monitor.slack_app.list_pages import PageBuilder
from monitor.slack_app.message_to_feedback import FeedbackCapture
from monitor.slack_app.open_views import ModalBuilder, ViewPresenter
from monitor.slack_app.permissions import RoleDirectory
from monitor.slack_app.responder import SlackResponder
from monitor.slack_app.rule_desk import RuleDesk
from monitor.slack_app.signature import ReplayGuard, has_valid_signature
from monitor.slack_app.socket_mode import (
    ConnectionSupervisor,
    ConnectionTimeouts,
    SocketConnection,
)
from monitor.slack_app.thread_pool import DaemonThreadPool
from monitor.tuning.rule_previews import BacktestPlace

log = structlog.get_logger(__name__)

#: Seconds that Slack may take for an answer.
_API_TIMEOUT = 5
#: Seconds that each part has to end.
_STOP_TIMEOUT = 1.5
#: Threads that call Slack: a call takes tenths of a second, and a modal cannot wait for others.
_POOL_SIZE = 6


class SlackApp:
    """Receives what people do in Slack, and does it."""

    def __init__(
        self,
        app: App,
        now: Callable[[], datetime],
        *,
        write_timeout: float = WRITE_TIMEOUT,
        timeouts: ConnectionTimeouts | None = None,
    ) -> None:
        settings, secrets = app.config.settings, app.config.settings.secrets
        self._now = now
        self._api = SlackApi(secrets.slack_bot_token, settings.slack.api_url, _API_TIMEOUT)
        self._signing_secret = secrets.slack_signing_secret.get_secret_value()
        self._replay_guard = ReplayGuard()
        self._pool = DaemonThreadPool(_POOL_SIZE)
        handler = _build_handler(app, self._api, self._pool, now)
        self._worker = InboxWorker(WORKER_NAME, handler.sweep, SWEEP_SECONDS)
        self._writer = InboxWriter(app.store, now, self._worker.wake, write_timeout)
        token = secrets.slack_app_token.get_secret_value()
        self._bolt = build_bolt_app(
            self._writer.write_interaction,
            ExpectedApp(app_id_of_token(token)),
            settings.slack.api_url,
        )
        self._supervisor: ConnectionSupervisor | None = None
        if choose_mode(settings).mode is InboundMode.SOCKET:
            self._supervisor = self._build_supervisor(
                self._bolt,
                token,
                settings.slack.api_url,
                settings.desk.connections,
                timeouts or ConnectionTimeouts(),
            )

    @property
    def receives_http(self) -> bool:
        """Whether Slack calls over HTTP."""
        return self._supervisor is None

    def start(self, stop: threading.Event) -> None:
        """Work off what is left in the inbox, and listen until `stop` is set."""
        self._pool.start()
        self._worker.start()
        self._writer.start()
        if self._supervisor:
            self._supervisor.start()
        self._ending = threading.Thread(
            target=self._end_on, args=(stop,), name="desk-stop", daemon=True
        )
        self._ending.start()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end; False when it has not come within `timeout` seconds."""
        self._ending.join(timeout)
        return not self._ending.is_alive()

    def _end_on(self, stop: threading.Event) -> None:
        """Stop listening first, then finish what is in hand; the rest stays in the inbox."""
        stop.wait()
        if self._supervisor:
            self._supervisor.stop(_STOP_TIMEOUT)
        self._writer.stop(_STOP_TIMEOUT)
        self._worker.stop(_STOP_TIMEOUT)
        self._pool.stop(_STOP_TIMEOUT)

    @property
    def replaced_connections(self) -> int:
        """How many silent connections were replaced since the start."""
        return self._supervisor.replaced if self._supervisor else 0

    def find_problems(self, _: datetime) -> list[tuple[str, str]]:
        """Return (name, description) of each problem, for the watchdog."""
        outage = self._supervisor.outage_reason if self._supervisor else ""
        return [("desk", outage)] if outage else []

    def answer_request(
        self, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], str]:
        """Return the status, headers and body that answer a request over HTTP.

        `headers` have names in lower case. A replayed request is acknowledged and has no effect.
        """
        now = self._now()
        if not has_valid_signature(headers, body, self._signing_secret, now):
            log.warning("desk_refused", says="not signed by Slack, or too old")
            return 401, {}, ""
        signature = headers["x-slack-signature"]
        if signature in self._replay_guard:
            return 200, {}, ""
        try:
            request = BoltRequest(body=body.decode("utf-8"), headers=dict(headers))
        except (AttributeError, ValueError):  # Bolt takes every body for an object
            return 400, {}, ""
        response = self._bolt.dispatch(request)
        if response.status < 300:
            self._replay_guard.add(signature, now)
        kept_headers = {
            name: value
            for name, value in response.first_headers().items()
            if name.lower() == "content-type"
        }
        return response.status, kept_headers, response.body

    def _build_supervisor(
        self,
        bolt: BoltApp,
        token: str,
        api_url: str,
        connections: int,
        timeouts: ConnectionTimeouts,
    ) -> ConnectionSupervisor:
        def build_connection() -> SocketConnection:
            return SocketConnection(bolt, token, api_url, self._now, timeouts.ping_seconds)

        return ConnectionSupervisor(
            build_connection, connections, self._now, self._ping_slack, timeouts
        )

    def _ping_slack(self) -> None:
        self._api.call_read("auth.test", {})


def app_id_of_token(token: str) -> str:
    """Return the id of the Slack app that an app-level token, "xapp-1-A0123-...", belongs to.

    Empty for any other text.
    """
    parts = token.split("-")
    return parts[2] if len(parts) > 3 and parts[0] == "xapp" else ""


def _build_handler(
    app: App, api: SlackApi, pool: DaemonThreadPool, now: Callable[[], datetime]
) -> InteractionHandler:
    settings = app.config.settings
    responder = SlackResponder(api)
    roles = RoleDirectory(settings.respond, api, now)
    calendar, mask = settings.hours.business_calendar, build_masker(settings)
    zone = settings.hours.timezone or settings.duty.timezone or calendar.zone
    alerts = AlertReader(app.store, calendar, mask, api.find_permalink)
    presenter = ViewPresenter(
        responder,
        ModalBuilder(alerts, app.replies, zone),
        SlashCommands(
            app.store,
            app.rules.list_ids,
            roles,
            calendar,
            mask,
            app.duty,
            alerts,
            PageBuilder(app.store, calendar, mask, app.rules),
            AuditDesk(app.store, settings.digest.timezone or "UTC", mask),
            settings.digest.timezone or settings.hours.timezone or "UTC",
            app.digests.schedules,
            app.digests.find_channel_ids,
            [persona.name for persona in settings.brand.personas],
        ),
        FeedbackCapture(app.ingest, api.find_permalink, AlertPolicy.from_settings(settings)),
        RuleDesk(
            app.store,
            app.rules,
            responder,
            BacktestPlace.from_settings(settings, app.notifier.default_channel),
            mask,
        ),
    )
    executor = ActionExecutor(app.replies, settings.respond.managers, zone)
    return InteractionHandler(app.store, roles, executor, presenter, pool, now)
