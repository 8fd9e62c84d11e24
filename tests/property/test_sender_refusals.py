"""A message that Slack refuses, whatever it calls the reason, holds up no other message."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from monitor.analysis.analyzer import Analyzer
from monitor.domain.delivery import Card, Delivery, DeliveryState
from monitor.errors import (
    DeliveryError,
    DeliveryRefused,
    DeliveryRejected,
)
from monitor.notifiers.base import PostedMessage, RateLimits
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.sender import OutboxSender
from monitor.slack.errors import classify_refusal
from monitor.store import Store
from monitor.testing import NOON, make_feedback, memory_store
from rules.engine import Engine
from rules.load import parse_rules
from tests.world.strict_channel import StrictChannel

RULES = parse_rules(
    {"rules": [{"id": "broken", "group_by": ["feedback"], "all": [{"text": "broken"}]}]},
    "rules.toml",
)
ANALYZER, ENGINE = Analyzer(), Engine(RULES)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{1,60}", fullmatch=True) | st.text()


@dataclass(kw_only=True)
class RefusingChannel(StrictChannel):
    """A channel that refuses the messages of some alerts."""

    refused: set[int]  #: their ids
    error: DeliveryError
    rate_limits: RateLimits = field(default_factory=lambda: RateLimits(settle_seconds=5))
    shown: list[int] = field(default_factory=list)  #: ids of alerts, in the order of their cards

    def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
        if card.alert.id in self.refused:
            raise self.error
        self.shown.append(card.alert.id)
        return PostedMessage(str(card.alert.id), "C1")


def open_alerts(store: Store, count: int) -> list[int]:
    """Open so many alerts, and return their ids."""
    items = [make_feedback(f"broken {number}") for number in range(count)]
    opened = Ingest(store, ANALYZER, ENGINE, "#support")(items, NOON, AlertPolicy()).opened
    return [alert.id for alert in opened]


@settings(max_examples=60)
@given(name=NAMES, count=st.integers(2, 6), which=st.sets(st.integers(0, 5), min_size=1))
def test_any_reason_to_refuse_some_messages_leaves_the_others_untouched(
    name: str, count: int, which: set[int]
) -> None:
    """All other cards are shown at the same moment, without a wait."""
    error = classify_refusal("chat.postMessage", 200, {}, {"ok": False, "error": name}, "#support")
    assume(isinstance(error, (DeliveryRefused, DeliveryRejected)))
    store = memory_store()
    try:
        alerts = open_alerts(store, count)
        channel = RefusingChannel(refused={alerts[at] for at in which if at < count}, error=error)
        sender = OutboxSender(store, channel, "test")
        while (step := sender.send_next(NOON)) and not step.seconds:
            pass
        assert channel.shown == [one for one in alerts if one not in channel.refused]
    finally:
        store.close()


def test_while_everything_is_refused_nothing_is_given_up() -> None:
    """A reason that nobody knows may hold for all: people are told, and nothing is lost."""
    store = memory_store()
    try:
        alerts = open_alerts(store, 5)
        channel = RefusingChannel(refused=set(alerts), error=DeliveryRefused("odd_error"))
        sender = OutboxSender(store, channel, "test")
        now = NOON
        while now < NOON + timedelta(hours=4):
            step = sender.send_next(now)
            assert step is not None
            now += timedelta(seconds=max(step.seconds, 0.1))
        assert sender.blocked_reason == "odd_error"
        channel.refused.clear()
        while (step := sender.send_next(now)) is not None:
            now += timedelta(seconds=step.seconds)
        assert sorted(channel.shown) == alerts
    finally:
        store.close()


def test_a_message_that_is_always_refused_is_a_dead_letter_within_an_hour() -> None:
    """It is tried ever later, people hear of it in the end, and the rest goes out at once."""
    store = memory_store()
    try:
        alerts = open_alerts(store, 3)
        channel = RefusingChannel(refused={alerts[0]}, error=DeliveryRefused("odd_error"))
        sender = OutboxSender(store, channel, "test")
        now, told = NOON, []
        while step := sender.send_next(now):
            now += timedelta(seconds=step.seconds)
            told.append(sender.blocked_reason)
        with store.read() as tx:
            states = tx.deliveries.count_by_state()
    finally:
        store.close()
    assert channel.shown == alerts[1:]
    assert (states[DeliveryState.SENT], states[DeliveryState.DEAD]) == (2, 1)
    assert timedelta(minutes=30) < now - NOON < timedelta(hours=1)
    assert set(told[:-1]) == {""}
    assert told[-1] == "a message was given up: odd_error"
