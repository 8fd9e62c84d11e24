"""A notifier that shows what a test foresees, and fails at anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from monitor.domain.alert import Alert
from monitor.domain.delivery import Card, Delivery, OverflowSummary, ThreadEntry
from monitor.domain.notice import Notice
from monitor.domain.unread import UnreadSummary
from monitor.notifiers.base import PostedMessage, RateLimits


@dataclass
class StrictChannel:
    """Shows nothing: a test overrides what is to happen in it, and the rest must not.

    What is looked for is not there.
    """

    rate_limits: RateLimits = field(default_factory=RateLimits)
    default_channel: str = "#support"

    def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
        _fail("a card")

    def update_card(self, card: Card, posted: PostedMessage) -> None:
        _fail("a changed card")

    def post_summary(self, summary: OverflowSummary, delivery: Delivery) -> PostedMessage:
        _fail("a summary")

    def post_unread(self, summary: UnreadSummary, delivery: Delivery) -> PostedMessage:
        _fail("what nobody read")

    def post_thread_entry(
        self, entry: ThreadEntry, card: PostedMessage, delivery: Delivery
    ) -> PostedMessage:
        _fail("a line below a card")

    def post_escalation(
        self, entry: ThreadEntry, card: PostedMessage | None, delivery: Delivery
    ) -> PostedMessage:
        _fail("a call")

    def post_notice(
        self, notice: Notice, alerts: Sequence[Alert], delivery: Delivery
    ) -> PostedMessage:
        _fail("a notice")

    def find_posted(
        self, delivery: Delivery, tried_ago: object, card: PostedMessage | None = None
    ) -> PostedMessage | None:
        return None


def _fail(what: str) -> NoReturn:
    raise AssertionError(f"{what} is shown, which this test does not foresee")
