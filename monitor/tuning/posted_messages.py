"""What would have been posted to Slack, kept as a person reads it; nothing is sent."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from monitor.domain.alert import Alert
from monitor.domain.delivery import Card, Delivery, OverflowSummary, ThreadEntry
from monitor.domain.notice import Notice
from monitor.domain.unread import UnreadSummary
from monitor.notifiers.base import PostedMessage, RateLimits
from monitor.slack.message import SlackMessage
from monitor.slack.views.card import render_card, render_summary

_INVISIBLE = re.compile("[\u200b\u2060]")
_COMMAND = re.compile(r"<[^<>|]*(?:\|([^<>]*))?>")
#: Bold and italic, as `monitor.slack.mrkdwn` writes them: a stranger's marks are look-alikes.
_MARKS = re.compile(r"(?<!\w)[*_]|[*_](?!\w)|^> ?", re.MULTILINE)
_LOOK_ALIKES = str.maketrans({"∗": "*", "∼": "~", "ˋ": "`", "ˍ": "_", "꞉": ":", "›": ">"})


@dataclass(slots=True)
class PostedMessages:
    """A notifier that posts nothing: it renders what Slack would show, and keeps the text."""

    default_channel: str
    rate_limits: RateLimits = field(default_factory=RateLimits)
    attributes: tuple[str, ...] = ()  #: names of those that cards show
    cards: int = 0  #: posted so far
    summaries: list[str] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)  #: by alert, its card as it stands
    _shown: dict[str, PostedMessage] = field(default_factory=dict)  # by delivery

    def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
        """Keep the text of a new card."""
        self.cards += 1
        self._keep_card(card)
        return self._post(delivery)

    def update_card(self, card: Card, posted: PostedMessage) -> None:
        """Keep the text of a card as it is now."""
        self._keep_card(card)

    def post_summary(self, summary: OverflowSummary, delivery: Delivery) -> PostedMessage:
        """Keep the text of a message that stands for many alerts."""
        self.summaries.append(read_message(render_summary(summary, delivery.id)))
        return self._post(delivery)

    def post_unread(self, summary: UnreadSummary, delivery: Delivery) -> PostedMessage:
        """Take it as posted."""
        return self._post(delivery)

    def post_thread_entry(
        self, entry: ThreadEntry, card: PostedMessage, delivery: Delivery
    ) -> PostedMessage:
        """Take it as posted."""
        return self._post(delivery)

    def post_escalation(
        self, entry: ThreadEntry, card: PostedMessage | None, delivery: Delivery
    ) -> PostedMessage:
        """Take it as posted."""
        return self._post(delivery)

    def post_notice(
        self, notice: Notice, alerts: Sequence[Alert], delivery: Delivery
    ) -> PostedMessage:
        """Take it as posted."""
        return self._post(delivery)

    def find_posted(
        self, delivery: Delivery, tried_ago: timedelta, card: PostedMessage | None = None
    ) -> PostedMessage | None:
        """Return what was posted of a delivery."""
        return self._shown.get(delivery.id)

    def _keep_card(self, card: Card) -> None:
        shown = replace(card, attributes=self.attributes)
        self.texts[card.alert.id] = read_message(render_card(shown, interactive=True))

    def _post(self, delivery: Delivery) -> PostedMessage:
        posted = PostedMessage(f"message-{len(self._shown) + 1}", delivery.channel)
        self._shown[delivery.id] = posted
        return posted


def read_message(message: SlackMessage) -> str:
    """Return what a person reads in a message: its blocks, a line for each text."""
    texts = (read_mrkdwn(text) for block in message.blocks for text in _iterate_texts(block))
    return "\n".join(text for text in texts if text)


def read_mrkdwn(text: str) -> str:
    """Return a text in Slack's markup as it is shown: labels of links, no marks, no entities."""
    shown = _COMMAND.sub(lambda found: found[1] or "", text)
    shown = _INVISIBLE.sub("", _MARKS.sub("", shown))
    return html.unescape(shown).translate(_LOOK_ALIKES).strip()


def _iterate_texts(value: Any) -> Iterator[str]:
    """Yield the texts of a block, in their order; values that only the program reads are none."""
    if isinstance(value, Mapping):
        text = value.get("text")
        if isinstance(text, str):
            yield text
            return
        for item in value.values():
            yield from _iterate_texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _iterate_texts(item)
