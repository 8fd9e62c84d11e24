"""What the desk says in Slack: dialogs, the Home tab, and words for one person alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from slack_sdk import WebhookClient
from slack_sdk.errors import SlackRequestError

from monitor.errors import DeliveryDelayed, DeliveryError, DeliveryUnreachable
from monitor.slack import limits, mrkdwn
from monitor.slack.client import ApiResponse, SlackApi
from monitor.slack.errors import PayloadRefused, ViewOutdated
from monitor.slack_app.interactions import Interaction, InteractionKind

log = structlog.get_logger(__name__)

_PERSON = re.compile(r"\buser:([UW][A-Z0-9]{5,20})")
_GROUP = re.compile(r"\bgroup:(S[A-Z0-9]{5,20})")
_SECONDS = 5
_QUIET = {"parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}

View = Mapping[str, Any]


class SlackResponder:
    """Speaks with the bot's token; safe to use from several threads. Its methods raise
    DeliveryError.
    """

    def __init__(self, api: SlackApi) -> None:
        self._api = api

    def tell_person(self, interaction: Interaction, says: str) -> None:
        """Say something to the one who did it: where they did it if that can be, else in a direct
        message.
        """
        text = mention_people(says)
        if interaction.kind is InteractionKind.COMMAND:
            self.answer_command(interaction, {"text": text})
            return
        if interaction.channel and not interaction.channel.startswith("D"):
            try:
                self._api.call_idempotent(
                    "chat.postEphemeral",
                    {
                        "channel": interaction.channel,
                        "user": interaction.person,
                        "text": text,
                        **_QUIET,
                    },
                )
            except DeliveryUnreachable:  # neither the bot nor the person need be there
                pass
            else:
                return
        self._api.call_idempotent(
            "chat.postMessage", {"channel": interaction.person, "text": text, **_QUIET}
        )

    def answer_command(self, interaction: Interaction, message: Mapping[str, Any]) -> None:
        """Answer a command: shown to the one who typed it alone, wherever that was."""
        client = WebhookClient(interaction.answer_url, timeout=_SECONDS, retry_handlers=[])
        try:
            status = client.send_dict({"response_type": "ephemeral", **message}).status_code
        except (OSError, ValueError, SlackRequestError) as error:
            raise DeliveryDelayed(
                f"the answer to a command was lost ({type(error).__name__})"
            ) from None
        if status != 200:
            where = urlsplit(interaction.answer_url).hostname
            raise DeliveryDelayed(
                f"{where} does not take the answer to a command (status {status})"
            )

    def open_view(self, trigger: str, view: View) -> str:
        """Open a dialog and return its id; TriggerExpired where the click was too long ago."""
        return _view_value(
            self._api.call_once(
                "views.open", {"trigger_id": trigger, "view": _require_limits_kept(view)}
            ),
            "id",
        )

    def replace_view(self, view_id: str, view: View) -> None:
        """Show a dialog anew."""
        self._api.call_idempotent(
            "views.update", {"view_id": view_id, "view": _require_limits_kept(view)}
        )

    def publish_home(self, person: str, view: View, known: str) -> str:
        """Show a person's Home tab instead of the one of which this is the hash; returns the hash
        of the new one.
        """
        shown: dict[str, Any] = {"user_id": person, "view": _require_limits_kept(view)}
        try:
            answer = self._api.call_idempotent(
                "views.publish", {**shown, "hash": known} if known else shown
            )
        except ViewOutdated:
            answer = self._api.call_idempotent("views.publish", shown)
        return _view_value(answer, "hash")

    def find_permalink(self, channel: str, message: str) -> str:
        """Where people see a message; empty where Slack does not tell."""
        try:
            answer = self._api.call_read(
                "chat.getPermalink", {"channel": channel, "message_ts": message}
            )
        except DeliveryError:
            return ""
        return str(answer.data.get("permalink") or "")


def _view_value(answer: ApiResponse, name: str) -> str:
    view = answer.data.get("view")
    return str(view.get(name) or "") if isinstance(view, Mapping) else ""


def _require_limits_kept(view: View) -> View:
    """The view; PayloadRefused where Slack would not take it, so that it is not even asked."""
    if violations := limits.check_view(view):
        raise PayloadRefused(f"a dialog or Home breaks Slack's limits: {violations[0]}")
    return view


def mention_people(says: str) -> str:
    """A text of ours as Slack shows it: people and groups by name, and nothing in it is a
    command.
    """
    named = _PERSON.sub(r"<@\1>", mrkdwn.escape(says))
    return _GROUP.sub(r"<!subteam^\1>", named)
