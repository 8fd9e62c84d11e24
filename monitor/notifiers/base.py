"""What a notifier is: it shows a card somewhere, and can say whether it did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.domain.delivery import Card, Delivery, OverflowSummary, ThreadEntry


@dataclass(frozen=True, slots=True)
class RateLimits:
    """How fast a channel of this notifier may be used."""

    posts_per_second: float = 0  #: per channel; 0 is no limit
    cards_per_hour: int = 0  #: per channel; 0 is no limit
    settle_seconds: float = 0  #: wait before looking for a message of unknown fate
    total_per_second: float = 0  #: over all channels; 0 is no limit
    #: how long an edit waits, so that what changes meanwhile is in it
    edit_after_seconds: float = 0


@dataclass(frozen=True, slots=True)
class PostedMessage:
    """A message that is shown: the service's own ids of it and of its channel."""

    message_id: str
    channel_id: str


class Notifier(Protocol):
    """Shows cards. Every method raises DeliveryError; none retries."""

    @property
    def rate_limits(self) -> RateLimits:
        """How fast a channel may be used."""

    @property
    def default_channel(self) -> str:
        """Where a card goes whose rule names no channel."""

    def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
        """Show a new card; the delivery's id travels with it."""

    def update_card(self, card: Card, posted: PostedMessage) -> None:
        """Bring a shown card up to date; doing it twice is harmless."""

    def post_summary(self, summary: OverflowSummary, delivery: Delivery) -> PostedMessage:
        """Show one message for many alerts."""

    def post_thread_entry(
        self, entry: ThreadEntry, card: PostedMessage, delivery: Delivery
    ) -> PostedMessage:
        """Add a line to the thread below a shown card."""

    def post_escalation(
        self, entry: ThreadEntry, card: PostedMessage, delivery: Delivery
    ) -> PostedMessage:
        """Call somebody to a shown card from the delivery's own channel."""

    def find_posted(
        self, delivery: Delivery, since: datetime, card: PostedMessage | None = None
    ) -> PostedMessage | None:
        """Look for a delivery that may have been shown since a time; None when it certainly is not
        there yet.

        An entry is looked for below its `card`.
        """
