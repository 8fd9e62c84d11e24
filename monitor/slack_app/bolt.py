"""The Bolt app: whatever Slack brings is written down first and acknowledged then."""

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
from monitor.slack.views import forms
from monitor.slack.views.forms import FormSubmission
from monitor.slack_app.interactions import Interaction, interaction_from_form, parse_payload

log = structlog.get_logger(__name__)

EVENTS = ("app_home_opened", "message", "reaction_added")

# Bolt logs whole payloads, with the words in them; what matters of its troubles we report
# ourselves.
SILENT_LOGGER = logging.getLogger("repwatch.slack_bolt")
SILENT_LOGGER.setLevel(logging.CRITICAL)
_ANY = re.compile(".*", re.DOTALL)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ExpectedApp:
    """Where things may come from; empty where that is not known."""

    app: str = ""  #: the id of the Slack app

    def is_origin_of(self, interaction: Interaction) -> bool:
        """Whether this comes from there."""
        return bool(interaction.person) and (
            not self.app or not interaction.app or interaction.app == self.app
        )


def build_bolt_app(take: Callable[[Interaction], None], expected: ExpectedApp, api_url: str) -> App:
    """An app in which everything goes to `take`; what that raises is not acknowledged.

    It asks Slack nothing by itself: an acknowledgement waits for nothing but the database.
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
        ignoring_self_events_enabled=False,  # `read` leaves out what programs write
    )

    def take_payload(body: Json, ack: Callable[..., Any]) -> None:
        _take_if_expected(take, expected, parse_payload(body))
        ack()

    def take_submission(body: Json, ack: Callable[..., Any]) -> None:
        dialog = forms.parse_submission(body["view"])
        if isinstance(dialog, FormSubmission):
            _take_if_expected(take, expected, interaction_from_form(body, dialog))
            ack()
        else:
            ack(response_action="errors", errors=dict(dialog))

    app.action(_ANY)(take_payload)
    app.shortcut(_ANY)(take_payload)
    app.command(_ANY)(take_payload)
    app.view(_ANY)(take_submission)
    app.view_closed(_ANY)(lambda ack: ack())
    for event in EVENTS:
        app.event(event)(take_payload)
    app.error(_refuse_request)
    return app


def _take_if_expected(
    take: Callable[[Interaction], None], expected: ExpectedApp, interaction: Interaction | None
) -> None:
    if interaction is None:
        return
    if not expected.is_origin_of(interaction):
        log.warning("desk_stranger", did=interaction.kind, app=interaction.app)
        return
    take(interaction)


def _refuse_request(error: Exception) -> BoltResponse:
    """Slack brings an event again, and shows a person that what they did was not taken."""
    if isinstance(error, RepwatchError):
        log.error("desk_not_acknowledged", error=str(error))
    else:
        log.error("desk_broken", error=type(error).__name__, exc_info=error)
    return BoltResponse(status=503, body="")


def _authorize_locally(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Bolt wants a token for its own calls, of which there are none."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="")
