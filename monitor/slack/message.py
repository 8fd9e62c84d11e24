"""A message as it is sent, and how it is made to fit into Slack's limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from monitor.notifiers.wording import TextFormatter
from monitor.slack import limits
from monitor.slack.blocks import Block
from monitor.slack.mrkdwn import escape_one_line, local_clock, local_time, mention_member

#: How Slack shows people, times and somebody's words.
SLACK_FORMAT = TextFormatter(
    person=mention_member, time=local_time, clock=local_clock, text=escape_one_line
)

# Stands for what the sender adds, when sizes are weighed.
_METADATA = {"event_type": "x" * 40, "event_payload": {"delivery_id": "x" * 60}}


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """What is sent, and what is sent instead should Slack refuse it."""

    text: str  #: for notifications and screen readers
    blocks: tuple[Block, ...]
    plain: str  #: the whole in simple text

    @property
    def payload(self) -> dict[str, Any]:
        """The arguments that hold the message itself."""
        return {"text": self.text, "blocks": list(self.blocks)}

    @property
    def plain_payload(self) -> dict[str, Any]:
        """The same without blocks; the empty list takes away those of a message that is brought up
        to date.
        """
        return {"text": self.plain, "blocks": []}


def first_fitting(candidates: Iterable[SlackMessage]) -> SlackMessage:
    """The first message that is within the limits in both of its forms, or the last one."""
    for found in candidates:
        forms = (found.payload, found.plain_payload)
        if not any(limits.check_message({**form, "metadata": _METADATA}) for form in forms):
            break
    return found
