"""The Bolt app: every payload of Slack is written into the inbox, and only then acknowledged."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt import App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from monitor.errors import RepwatchError
from monitor.slack.views import action_ids, forms
from monitor.slack.views.forms import FormSubmission
from monitor.slack.views.rule_dialogs import render_waiting
from monitor.slack_app.interactions import Interaction, interaction_from_form, parse_payload

log = structlog.get_logger(__name__)

#: The types of events that are received.
EVENTS = ("app_home_opened", "message", "reaction_added")

# Bolt logs whole payloads, with people's words; the failures that matter are logged here.
SILENT_LOGGER = logging.getLogger("repwatch.slack_bolt")
SILENT_LOGGER.setLevel(logging.CRITICAL)
_ANY = re.compile(".*", re.DOTALL)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ExpectedApp:
    """The Slack app whose payloads are accepted."""

    app_id: str = ""  #: empty where it is not known

    def is_origin_of(self, interaction: Interaction) -> bool:
        """Return whether a person did this through the app, as far as both ids are known."""
        same_app = not self.app_id or not interaction.app or interaction.app == self.app_id
        return bool(interaction.person) and same_app


def build_bolt_app(
    write: Callable[[Interaction], None], expected: ExpectedApp, api_url: str
) -> App:
    """Return an app that passes every interaction to `write` and acknowledges it then.

    What `write` raises is not acknowledged. The app itself calls nothing in Slack, so that an
    acknowledgement waits for nothing but the database.
    """
    app = App(
        client=WebClient(
            base_url=f"{api_url.rstrip('/')}/", retry_handlers=[], logger=SILENT_LOGGER
        ),
        authorize=_authorize_locally,
        logger=SILENT_LOGGER,
        name="repwatch",
        process_before_response=True,
        request_verification_enabled=False,  # done before, over the raw body
        signing_secret="",
        ignoring_self_events_enabled=False,  # `parse_payload` leaves out what programs write
    )

    def receive_payload(body: Json, ack: Callable[..., Any]) -> None:
        _write_if_expected(write, expected, parse_payload(body))
        ack()

    def receive_form(body: Json, ack: Callable[..., Any]) -> None:
        form = forms.parse_submission(body["view"])
        if isinstance(form, FormSubmission):
            interaction = interaction_from_form(body, form)
            _write_if_expected(write, expected, interaction)
            ack(**_respond_to_form(form, interaction))
        else:
            ack(response_action="errors", errors=dict(form))

    app.action(_ANY)(receive_payload)
    app.shortcut(_ANY)(receive_payload)
    app.command(_ANY)(receive_payload)
    app.view(_ANY)(receive_form)
    app.view_closed(_ANY)(lambda ack: ack())
    for event in EVENTS:
        app.event(event)(receive_payload)
    app.error(_answer_unavailable)
    return app


def _respond_to_form(form: FormSubmission, interaction: Interaction) -> Json:
    """What the acknowledgement of a modal says: nothing closes it.

    What takes longer than Slack waits has its place on the screen at once: over the form, so that
    nothing that was written is lost.
    """
    if form.callback not in action_ids.RULE_FORMS:
        return {}
    is_deepest = form.callback == action_ids.SAVE_RULE_ANYWAY
    action = "update" if is_deepest else "push"
    return {"response_action": action, "view": render_waiting(interaction.view_mark)}


def _write_if_expected(
    write: Callable[[Interaction], None], expected: ExpectedApp, interaction: Interaction | None
) -> None:
    if interaction is None:
        return
    if not expected.is_origin_of(interaction):
        log.warning("desk_stranger", did=interaction.kind, app=interaction.app)
        return
    write(interaction)


def _answer_unavailable(error: Exception) -> BoltResponse:
    """Answer 503: Slack delivers an event again, and shows a person that a click had no effect."""
    if isinstance(error, RepwatchError):
        log.error("desk_not_acknowledged", error=str(error))
    else:
        log.error("desk_broken", error=type(error).__name__, exc_info=error)
    return BoltResponse(status=503, body="")


def _authorize_locally(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Bolt asks for a token for its own calls, of which there are none."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="")
