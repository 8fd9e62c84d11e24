"""Any message in Slack made into feedback: what a customer said at the counter or on the phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from monitor.domain.feedback import Author, Feedback, Kind, Rating
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import ExtraWrite, Ingest
from monitor.slack.views import modals
from monitor.slack.views.forms import AUTHOR, PLACE, STARS, TEXT, URL
from monitor.slack_app.interactions import Interaction
from monitor.slack_app.responder import SlackResponder

#: Where such feedback comes from; configured sources have a table in config.toml, this one has the
#: shortcut.
CAPTURE_SOURCE_ID = "slack-desk"


@dataclass(frozen=True, slots=True)
class FeedbackCapture:
    """Asks for what is known of the customer, and takes the feedback in."""

    ingest: Ingest
    voice: SlackResponder
    policy: AlertPolicy

    def render_modal(self, interaction: Interaction) -> Mapping[str, Any]:
        """The dialog for the chosen message."""
        return modals.render_capture_modal(
            interaction.text, f"{interaction.channel}/{interaction.message}"
        )

    def __call__(self, interaction: Interaction, now: datetime, extra_write: ExtraWrite) -> str:
        """Take in what was filled in, with `note` in the same transaction; a message is taken in
        once.

        Says what came of it.
        """
        channel, _, message = interaction.form_submission.carried.partition("/")
        item = build_feedback(
            interaction, channel, message, self.voice.find_permalink(channel, message)
        )
        read = self.ingest([item], now, self.policy, extra_write)
        if not (read.new or read.updated):
            return "This message is feedback already; nothing was added."
        if read.opened:
            return f"Added as feedback. It opened alert {read.opened[0].id}."
        if read.reopened:
            return "Added as feedback. It opened an alert again that was resolved."
        if read.grouped:
            return "Added as feedback. It joined an alert that is open."
        why = f": {read.silences[0]}" if read.silences else ", since no rule holds for it"
        return f"Added as feedback. Nobody is alerted{why}."


def build_feedback(interaction: Interaction, channel: str, message: str, address: str) -> Feedback:
    """The feedback that a filled-in dialog stands for."""
    values = interaction.form_submission.values
    place = {"place": values[PLACE]} if PLACE in values else {}
    return Feedback(
        source_id=CAPTURE_SOURCE_ID,
        external_id=f"{channel}/{message}",
        kind=Kind.TICKET,
        body=values.get(TEXT, ""),
        author=Author(name=values.get(AUTHOR, "")),
        created_at=_message_time(message),
        url=values.get(URL) or address,
        rating=Rating.from_value(float(values[STARS])) if STARS in values else None,
        attributes={"taken_by": interaction.person, **place},
    )


def _message_time(message: str) -> datetime | None:
    """When a message was written: its ts is a number of seconds."""
    seconds, _, rest = message.partition(".")
    return (
        datetime.fromtimestamp(int(seconds), UTC) if seconds.isdigit() and rest.isdigit() else None
    )
