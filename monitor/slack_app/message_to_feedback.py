"""Any message in Slack made into feedback: what a customer said at the counter or on the phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from monitor.domain.feedback import Author, Feedback, Kind, Rating
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import ExtraWrite, Ingest, IngestResult
from monitor.slack.views import modals
from monitor.slack.views.forms import AUTHOR, PLACE, STARS, TEXT, URL
from monitor.slack_app.interactions import Interaction

#: The source of such feedback; it has the shortcut in place of a table in config.toml.
CAPTURE_SOURCE_ID = "slack-desk"


@dataclass(frozen=True, slots=True)
class FeedbackCapture:
    """Asks what is known of the customer, and ingests the feedback."""

    ingest: Ingest
    find_permalink: Callable[[str, str], str]  #: of a message, by its channel and ts
    policy: AlertPolicy

    def render_modal(self, interaction: Interaction) -> Mapping[str, Any]:
        """Return the modal for the chosen message."""
        origin = f"{interaction.channel}/{interaction.message}"
        return modals.render_capture_modal(interaction.text, origin)

    def capture(self, interaction: Interaction, now: datetime, extra_write: ExtraWrite) -> str:
        """Ingest what was filled in, once for each message, and return what came of it, in words.

        `extra_write` is part of the same transaction.
        """
        channel, _, message = interaction.form_submission.carried.partition("/")
        permalink = self.find_permalink(channel, message)
        feedback = build_feedback(interaction, channel, message, permalink)
        return _describe_result(self.ingest([feedback], now, self.policy, extra_write))


def build_feedback(
    interaction: Interaction, channel: str, message: str, permalink: str
) -> Feedback:
    """Return the feedback of a filled-in modal; `message` is the ts of the chosen message."""
    values = interaction.form_submission.values
    place = {"place": values[PLACE]} if PLACE in values else {}
    rating = Rating.from_value(float(values[STARS])) if STARS in values else None
    return Feedback(
        source_id=CAPTURE_SOURCE_ID,
        external_id=f"{channel}/{message}",
        kind=Kind.TICKET,
        body=values.get(TEXT, ""),
        author=Author(name=values.get(AUTHOR, "")),
        created_at=_time_of_ts(message),
        url=values.get(URL) or permalink,
        rating=rating,
        attributes={"taken_by": interaction.person, **place},
    )


def _describe_result(result: IngestResult) -> str:
    if not (result.new or result.updated):
        return "This message is feedback already; nothing was added."
    if result.opened:
        return f"Added as feedback. It opened alert {result.opened[0].id}."
    if result.reopened:
        return "Added as feedback. It opened an alert again that was resolved."
    if result.grouped:
        return "Added as feedback. It joined an alert that is open."
    reason = f": {result.silences[0]}" if result.silences else ", since no rule holds for it"
    return f"Added as feedback. Nobody is alerted{reason}."


def _time_of_ts(ts: str) -> datetime | None:
    """When a message was written: its ts is a number of seconds since 1970."""
    seconds, _, rest = ts.partition(".")
    if not (seconds.isdigit() and rest.isdigit()):
        return None
    return datetime.fromtimestamp(int(seconds), UTC)
