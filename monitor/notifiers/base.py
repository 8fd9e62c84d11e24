"""What a notifier is: it shows a card somewhere, and can say whether it did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.domain.delivery import Card, Delivery, Entry, Summary


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a channel of this notifier may be used."""

    posts_per_second: float = 0  #: per channel; 0 is no limit
    cards_per_hour: int = 0  #: per channel; 0 is no limit
    settle_seconds: float = 0  #: wait before looking for a message of unknown fate
    total_per_second: float = 0  #: over all channels; 0 is no limit
    #: how long an edit waits, so that what changes meanwhile is in it
    edit_after_seconds: float = 0


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that is shown: the service's own ids of it and of its channel."""

    message_id: str
    channel_id: str


class Notifier(Protocol):
    """Shows cards. Every method raises DeliveryError; none retries."""

    @property
    def pace(self) -> Pace:
        """How fast a channel may be used."""

    @property
    def default_channel(self) -> str:
        """Where a card goes whose rule names no channel."""

    def post(self, card: Card, delivery: Delivery) -> Posted:
        """Show a new card; the delivery's id travels with it."""

    def update(self, card: Card, posted: Posted) -> None:
        """Bring a shown card up to date; doing it twice is harmless."""

    def summarize(self, summary: Summary, delivery: Delivery) -> Posted:
        """Show one message for many alerts."""

    def enter(self, entry: Entry, card: Posted, delivery: Delivery) -> Posted:
        """Add a line to the thread below a shown card."""

    def call(self, entry: Entry, card: Posted, delivery: Delivery) -> Posted:
        """Call somebody to a shown card from the delivery's own channel."""

    def find(
        self, delivery: Delivery, since: datetime, card: Posted | None = None
    ) -> Posted | None:
        """Look for a delivery that may have been shown since a time; None when it certainly is not
        there yet.

        An entry is looked for below its `card`.
        """
