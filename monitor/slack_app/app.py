"""The desk as a whole: which way Slack reaches it, what is started, and what is answered over
HTTP.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from slack_bolt import BoltRequest

from monitor.bootstrap import App, build_alert_policy, build_masker
from monitor.slack.client import SlackApi
from monitor.slack.mode import InboundMode, choose_mode
from monitor.slack_app.actions import ActionExecutor
from monitor.slack_app.bolt import ExpectedApp, build_bolt_app
from monitor.slack_app.commands import SlashCommands
from monitor.slack_app.inbox_worker import InteractionWorker
from monitor.slack_app.inbox_writer import WRITE_TIMEOUT, InboxWriter
from monitor.slack_app.message_to_feedback import FeedbackCapture
from monitor.slack_app.open_views import ModalBuilder, ViewPresenter
from monitor.slack_app.permissions import RoleDirectory
from monitor.slack_app.responder import SlackResponder
from monitor.slack_app.signature import ReplayGuard, has_valid_signature
from monitor.slack_app.socket_mode import ConnectionSupervisor, ConnectionTimeouts

log = structlog.get_logger(__name__)

_API_TIMEOUT = 5  #: that Slack may take for an answer
_STOP_WITHIN = 1.5


class SlackApp:
    """Takes in what people do in Slack, and does it."""

    def __init__(
        self,
        app: App,
        now: Callable[[], datetime],
        *,
        within: float = WRITE_TIMEOUT,
        patience: ConnectionTimeouts | None = None,
    ) -> None:
        settings, secrets = app.plan.settings, app.plan.settings.secrets
        self._now = now
        self._api = SlackApi(secrets.slack_bot_token, settings.slack.api_url, _API_TIMEOUT)
        self._secret = secrets.slack_signing_secret.get_secret_value()
        self._seen = ReplayGuard()
        self._worker = _build_worker(app, self._api, now)
        self._intake = InboxWriter(app.store, now, self._worker.wake, within)
        token = secrets.slack_app_token.get_secret_value()
        self._bolt = build_bolt_app(
            self._intake.write_interaction,
            ExpectedApp(app_id_of_token(token)),
            settings.slack.api_url,
        )
        self._lines: ConnectionSupervisor | None = None
        if choose_mode(settings).mode is InboundMode.SOCKET:
            self._lines = ConnectionSupervisor(
                self._bolt,
                token,
                settings.slack.api_url,
                settings.desk.connections,
                now,
                self._ping_slack,
                patience,
            )

    @property
    def receives_http(self) -> bool:
        """Whether Slack calls over HTTP."""
        return self._lines is None

    def start(self, stop: threading.Event) -> None:
        """Work off what was left, and listen until `stop` is set."""
        self._worker.start()
        self._intake.start()
        if self._lines:
            self._lines.start()
        self._ending = threading.Thread(
            target=self._stop_when_told, args=(stop,), name="desk-stop", daemon=True
        )
        self._ending.start()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for its end; False when it has not come within `timeout` seconds."""
        self._ending.join(timeout)
        return not self._ending.is_alive()

    def _stop_when_told(self, stop: threading.Event) -> None:
        """Listen no more, then finish what is in hand; the rest waits in the inbox."""
        stop.wait()
        if self._lines:
            self._lines.stop(_STOP_WITHIN)
        self._intake.stop(_STOP_WITHIN)
        self._worker.stop(_STOP_WITHIN)

    @property
    def replaced_connections(self) -> int:
        """How many connections had gone deaf since the start."""
        return self._lines.replaced if self._lines else 0

    def find_problems(self, _: datetime) -> list[tuple[str, str]]:
        """What people are to be told of, for the watchdog."""
        says = self._lines.outage_reason if self._lines else ""
        return [("desk", says)] if says else []

    def answer_request(
        self, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], str]:
        """The status, headers and body of the answer to a request over HTTP; `headers` have names
        in lower case.

        One that comes again as it was is acknowledged and has no effect.
        """
        now = self._now()
        if not has_valid_signature(headers, body, self._secret, now):
            log.warning("desk_refused", says="not signed by Slack, or too old")
            return 401, {}, ""
        signature = headers["x-slack-signature"]
        if signature in self._seen:
            return 200, {}, ""
        try:
            asked = BoltRequest(body=body.decode("utf-8"), headers=dict(headers))
        except (AttributeError, ValueError):  # Bolt takes every body for an object
            return 400, {}, ""
        reply = self._bolt.dispatch(asked)
        if reply.status < 300:
            self._seen.add(signature, now)
        told = {
            name: value
            for name, value in reply.first_headers().items()
            if name.lower() == "content-type"
        }
        return reply.status, told, reply.body

    def _ping_slack(self) -> None:
        self._api.call_read("auth.test", {})


def app_id_of_token(token: str) -> str:
    """The id of the Slack app that an app-level token belongs to: "xapp-1-A0123-..."; empty where
    it does not tell.
    """
    parts = token.split("-")
    return parts[2] if len(parts) > 3 and parts[0] == "xapp" else ""


def _build_worker(app: App, api: SlackApi, now: Callable[[], datetime]) -> InteractionWorker:
    settings, voice = app.plan.settings, SlackResponder(api)
    roster = RoleDirectory(settings.respond, api, now)
    calendar, mask = settings.hours.business_calendar, build_masker(settings)
    rules = frozenset(rule.id for rule in app.plan.rules)
    shows = ViewPresenter(
        voice,
        ModalBuilder(app.store, app.answers, calendar, mask, voice.find_permalink),
        SlashCommands(app.store, rules, roster, calendar, mask),
        FeedbackCapture(app.ingest, voice, build_alert_policy(settings)),
    )
    return InteractionWorker(
        app.store, roster, ActionExecutor(app.answers, settings.respond.managers), shows, now
    )
