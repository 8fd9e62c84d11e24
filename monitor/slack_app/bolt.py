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
from monitor.slack.views.forms import Submitted
from monitor.slack_app.interactions import Arrival, read, submission

log = structlog.get_logger(__name__)

EVENTS = ("app_home_opened", "message", "reaction_added")

# Bolt logs whole payloads, with the words in them; what matters of its troubles we report
# ourselves.
SILENT = logging.getLogger("repwatch.slack_bolt")
SILENT.setLevel(logging.CRITICAL)
_ANY = re.compile(".*", re.DOTALL)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Expected:
    """Where things may come from; empty where that is not known."""

    app: str = ""  #: the id of the Slack app

    def of(self, arrival: Arrival) -> bool:
        """Whether this comes from there."""
        return bool(arrival.person) and (not self.app or not arrival.app or arrival.app == self.app)


def bolt_app(take: Callable[[Arrival], None], expected: Expected, api_url: str) -> App:
    """An app in which everything goes to `take`; what that raises is not acknowledged.

    It asks Slack nothing by itself: an acknowledgement waits for nothing but the database.
    """
    app = App(
        client=WebClient(base_url=f"{api_url.rstrip('/')}/", retry_handlers=[], logger=SILENT),
        authorize=_authorized,
        logger=SILENT,
        name="repwatch",
        process_before_response=True,
        request_verification_enabled=False,  # done before, over the raw body
        signing_secret="",
        ignoring_self_events_enabled=False,  # `read` leaves out what programs write
    )

    def came(body: Json, ack: Callable[..., Any]) -> None:
        _put(take, expected, read(body))
        ack()

    def sent_off(body: Json, ack: Callable[..., Any]) -> None:
        dialog = forms.read(body["view"])
        if isinstance(dialog, Submitted):
            _put(take, expected, submission(body, dialog))
            ack()
        else:
            ack(response_action="errors", errors=dict(dialog))

    app.action(_ANY)(came)
    app.shortcut(_ANY)(came)
    app.command(_ANY)(came)
    app.view(_ANY)(sent_off)
    app.view_closed(_ANY)(lambda ack: ack())
    for event in EVENTS:
        app.event(event)(came)
    app.error(_refused)
    return app


def _put(take: Callable[[Arrival], None], expected: Expected, arrival: Arrival | None) -> None:
    if arrival is None:
        return
    if not expected.of(arrival):
        log.warning("desk_stranger", did=arrival.kind, app=arrival.app)
        return
    take(arrival)


def _refused(error: Exception) -> BoltResponse:
    """Slack brings an event again, and shows a person that what they did was not taken."""
    if isinstance(error, RepwatchError):
        log.error("desk_not_acknowledged", error=str(error))
    else:
        log.error("desk_broken", error=type(error).__name__, exc_info=error)
    return BoltResponse(status=503, body="")


def _authorized(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Bolt wants a token for its own calls, of which there are none."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="")
