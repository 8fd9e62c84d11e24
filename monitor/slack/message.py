"""A message in two forms, and the choice of the first one that keeps Slack's limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from monitor.notifiers.wording import TextFormatter
from monitor.slack import limits
from monitor.slack.blocks import Block
from monitor.slack.mrkdwn import Mrkdwn, escape_unlinked, local_clock, local_time, mention_member

#: How Slack shows people, times and somebody's words.
SLACK_FORMAT = TextFormatter(
    person=mention_member,
    actor=mention_member,
    time=local_time,
    clock=local_clock,
    text=escape_unlinked,
)

MessageT = TypeVar("MessageT")

# In place of what the notifier adds, when sizes are checked.
_METADATA = {"event_type": "x" * 40, "event_payload": {"delivery_id": "x" * 60}}


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """What is sent, and what is sent instead should Slack refuse it."""

    text: Mrkdwn  #: for notifications and screen readers
    blocks: tuple[Block, ...]
    plain: Mrkdwn  #: the whole in simple text

    @property
    def payload(self) -> dict[str, Any]:
        """The arguments that hold the message itself."""
        return {"text": self.text, "blocks": list(self.blocks)}

    @property
    def plain_payload(self) -> dict[str, Any]:
        """The same without blocks; the empty list removes those of a message that is updated."""
        return {"text": self.plain, "blocks": []}

    def keeps_limits(self) -> bool:
        """Return whether Slack takes both forms, with the metadata that the notifier adds."""
        forms = (self.payload, self.plain_payload)
        return not any(limits.check_message({**form, "metadata": _METADATA}) for form in forms)


def first_fitting(
    candidates: Iterable[MessageT], keeps_limits: Callable[[MessageT], bool]
) -> MessageT:
    """Return the first candidate that keeps Slack's limits, or the last one; there is at least one.

    Candidates are built one after the other, each shorter than the one before.
    """
    for candidate in candidates:
        if keeps_limits(candidate):
            break
    return candidate
