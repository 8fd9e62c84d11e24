"""How repwatch responds in Slack: modals, the Home tab, and texts for one person alone."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebhookClient
from slack_sdk.errors import SlackRequestError

from monitor.errors import DeliveryDelayed, DeliveryRefused, DeliveryUnreachable
from monitor.notifiers.plain_text import sanitize_text
from monitor.slack import limits
from monitor.slack.client import ApiResponse, SlackApi
from monitor.slack.errors import PayloadRefused, ViewOutdated
from monitor.slack.mrkdwn import Mrkdwn, escape, localize_times, mention_people
from monitor.slack_app.interactions import Interaction, InteractionKind

_TIMEOUT = 5  # seconds
#: Seconds before each try to replace a modal that Slack may not have shown yet.
_SHOWN_AFTER = (0.0, 0.2, 0.4, 0.8, 1.6)
_QUIET = {"parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}

View = Mapping[str, Any]


class SlackResponder:
    """Calls Slack with the bot's token; safe to use from several threads.

    Its methods raise DeliveryError.
    """

    def __init__(self, api: SlackApi) -> None:
        self._api = api

    def tell_person(self, interaction: Interaction, message: str) -> None:
        """Tell a person something in private: where they acted if possible, else directly.

        `message` is plain text; people and groups in it, as "user:U1", become mentions, and times
        in UTC those of the person.
        """
        text = localize_times(mention_people(escape(sanitize_text(message))))
        if interaction.kind is InteractionKind.COMMAND:
            self.answer_command(interaction, {"text": text})
            return
        if self._post_ephemeral(interaction, text):
            return
        arguments = {"channel": interaction.person, "text": text, **_QUIET}
        self._api.call_idempotent("chat.postMessage", arguments)

    def _post_ephemeral(self, interaction: Interaction, text: Mrkdwn) -> bool:
        """Post to one person in the channel of the interaction; False where that cannot be done."""
        if not interaction.channel or interaction.channel.startswith("D"):
            return False
        arguments = {
            "channel": interaction.channel,
            "user": interaction.person,
            "text": text,
            **_QUIET,
        }
        try:
            self._api.call_idempotent("chat.postEphemeral", arguments)
        except DeliveryUnreachable:  # neither the bot nor the person need be there
            return False
        return True

    def answer_command(self, interaction: Interaction, message: Mapping[str, Any]) -> None:
        """Answer a command or a click, for the person who typed or clicked alone."""
        self._send_answer(interaction, {"replace_original": False, **message})

    def replace_answer(self, interaction: Interaction, message: Mapping[str, Any]) -> None:
        """Put a message in the place of the private answer in which something was clicked."""
        self._send_answer(interaction, {"replace_original": True, **message})

    def _send_answer(self, interaction: Interaction, message: Mapping[str, Any]) -> None:
        client = WebhookClient(interaction.answer_url, timeout=_TIMEOUT, retry_handlers=[])
        try:
            status = client.send_dict({"response_type": "ephemeral", **message}).status_code
        except (OSError, ValueError, SlackRequestError) as error:
            cause = type(error).__name__
            raise DeliveryDelayed(f"an answer to a person was lost ({cause})") from None
        if status != 200:
            host = urlsplit(interaction.answer_url).hostname
            raise DeliveryDelayed(f"{host} does not take an answer to a person (status {status})")

    def open_view(self, trigger: str, view: View) -> str:
        """Open a modal and return its id; raises TriggerExpired when the click was too long ago."""
        arguments = {"trigger_id": trigger, "view": _require_limits_kept(view)}
        return _view_value(self._api.call_once("views.open", arguments), "id")

    def replace_view(self, view_id: str, view: View) -> None:
        """Replace an open modal."""
        arguments = {"view_id": view_id, "view": _require_limits_kept(view)}
        self._api.call_idempotent("views.update", arguments)

    def replace_awaited_view(self, mark: str, view: View) -> bool:
        """Replace the modal that came with an acknowledgement, by its external id.

        Slack may show it only after this is called, so it is tried for some seconds. False where
        the person has closed it.
        """
        marked = {**_require_limits_kept(view), "external_id": mark}
        for seconds in _SHOWN_AFTER:
            time.sleep(seconds)
            try:
                self._api.call_idempotent("views.update", {"external_id": mark, "view": marked})
            except DeliveryRefused:  # there is no such modal, or not yet
                continue
            return True
        return False

    def publish_home(self, person: str, view: View, known_hash: str) -> str:
        """Publish a person's Home tab, and return its hash.

        `known_hash` is that of the one to be replaced, empty for none.
        """
        arguments: dict[str, Any] = {"user_id": person, "view": _require_limits_kept(view)}
        guarded = {**arguments, "hash": known_hash} if known_hash else arguments
        try:
            answer = self._api.call_idempotent("views.publish", guarded)
        except ViewOutdated:
            answer = self._api.call_idempotent("views.publish", arguments)
        return _view_value(answer, "hash")


def _view_value(answer: ApiResponse, name: str) -> str:
    view = answer.data.get("view")
    return str(view.get(name) or "") if isinstance(view, Mapping) else ""


def _require_limits_kept(view: View) -> View:
    """The view; PayloadRefused, without a call, where Slack would refuse it."""
    if violations := limits.check_view(view):
        raise PayloadRefused(f"a dialog or Home breaks Slack's limits: {violations[0]}")
    return view
