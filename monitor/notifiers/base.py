"""The interface of a notifier: it shows cards somewhere, and can say whether it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from monitor.domain.alert import Alert
from monitor.domain.delivery import Card, Delivery, OverflowSummary, ThreadEntry
from monitor.domain.digest_post import DigestFile, DigestPost
from monitor.domain.notice import Notice
from monitor.domain.unread import UnreadSummary


@dataclass(frozen=True, slots=True)
class RateLimits:
    """How fast a notifier may be used."""

    posts_per_second: float = 0  #: per channel; 0 is no limit
    cards_per_hour: int = 0  #: per channel; 0 is no limit
    settle_seconds: float = 0  #: how long to wait before a message of unknown fate is looked for
    total_per_second: float = 0  #: over all channels; 0 is no limit
    #: how long an edit waits, so that further changes go into the same one
    edit_after_seconds: float = 0


@dataclass(frozen=True, slots=True)
class PostedMessage:
    """A message that was posted: the service's own ids of it and of its channel."""

    message_id: str
    channel_id: str
    trouble: str = ""  #: what people must mend although it is shown: not everybody got it


class Notifier(Protocol):
    """Shows cards. Every method raises DeliveryError; none retries."""

    @property
    def rate_limits(self) -> RateLimits:
        """The rate limits of this notifier."""

    @property
    def default_channel(self) -> str:
        """The channel of a card whose rule names none."""

    def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
        """Post a new card; it carries the delivery's id, by which `find_posted` knows it."""

    def update_card(self, card: Card, posted: PostedMessage) -> None:
        """Bring a posted card up to date; doing it twice is harmless."""

    def post_summary(self, summary: OverflowSummary, delivery: Delivery) -> PostedMessage:
        """Post one message that stands for many alerts."""

    def post_unread(self, summary: UnreadSummary, delivery: Delivery) -> PostedMessage:
        """Post what nobody read of a source in a day."""

    def post_thread_entry(
        self, entry: ThreadEntry, card: PostedMessage, delivery: Delivery
    ) -> PostedMessage:
        """Add a line to the thread below a posted card."""

    def post_escalation(
        self, entry: ThreadEntry, card: PostedMessage | None, delivery: Delivery
    ) -> PostedMessage:
        """Call somebody to a card, in the channel of the delivery.

        `card` is None where the card was given up: the call then stands for itself.
        """

    def post_notice(
        self, notice: Notice, alerts: Sequence[Alert], delivery: Delivery
    ) -> PostedMessage:
        """Tell a notice, with the alerts that it names as they are now.

        The channel of the delivery may be a person's id: it is told in private then.
        """

    def find_posted(
        self, delivery: Delivery, tried_ago: timedelta, card: PostedMessage | None = None
    ) -> PostedMessage | None:
        """Return the message of a delivery that may have been posted; None if it certainly was not.

        It was tried `tried_ago` at the most; a thread entry is looked for below its `card`.
        """


class DigestNotifier(Protocol):
    """Shows digests. Every method raises DeliveryError; none retries."""

    def post_digest(
        self, post: DigestPost, pictures: Mapping[int, str], delivery: Delivery
    ) -> PostedMessage:
        """Post the first message of a digest.

        `pictures` are the service's names of the pictures that it has, by the figures they show.
        """

    def post_digest_part(
        self,
        post: DigestPost,
        pictures: Mapping[int, str],
        root: PostedMessage,
        delivery: Delivery,
    ) -> PostedMessage:
        """Post a section below the first message; the number of the event says which, from 1."""

    def upload_digest_file(
        self,
        file: DigestFile,
        root: PostedMessage | None,
        delivery: Delivery,
        remember: Callable[[str], None],
    ) -> PostedMessage:
        """Hand over a picture, without a `root`, or share a file in the thread below the root.

        `remember` is called with the service's name of the file before anybody can see it.
        """

    def find_digest_file(
        self, file: DigestFile, root: PostedMessage | None
    ) -> PostedMessage | None:
        """Return where a file is that may have been handed over; None if it certainly was not."""
