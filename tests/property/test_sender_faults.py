"""Whatever fails, in whatever order: no alert is lost, and none is shown twice without saying
so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.analyzer import Analyzer
from monitor.domain.delivery import Card, Delivery, DeliveryState
from monitor.errors import DeliveryError
from monitor.notifiers.base import PostedMessage, RateLimits
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.sender import LEASE_SECONDS
from monitor.slack import errors
from monitor.testing import NOON, make_feedback, memory_store
from rules.engine import Engine
from rules.load import parse_rules
from tests.world.senders import Killed, Senders
from tests.world.strict_channel import StrictChannel

RULES = parse_rules(
    {"rules": [{"id": "broken", "group_by": ["feedback"], "all": [{"text": "broken"}]}]},
    "rules.toml",
)
ANALYZER, ENGINE = Analyzer(), Engine(RULES)
POST, HISTORY = "chat.postMessage", "conversations.history"


class Fault(Enum):
    """What can happen to one request."""

    NONE = auto()
    LOST_BEFORE = auto()  #: never arrived, and nobody knows
    LOST_AFTER = auto()  #: shown, and nobody knows
    FAILED_AFTER = auto()  #: shown, and answered with 500
    ERROR_AFTER = auto()  #: shown, and answered with fatal_error
    TOO_SLOW = auto()  #: shown, and answered when nobody listened any more
    BUSY = auto()
    BUSY_WITHOUT_A_TIME = auto()
    KILLED_BEFORE = auto()
    KILLED_AFTER = auto()  #: shown, and never written down
    HUNG = auto()  #: shown, and answered when another sender had long taken over
    HUNG_AND_LOST = auto()  #: the same, and nobody knows
    HUNG_AND_BUSY = auto()  #: never shown, which it learns when another sender had long taken over


#: How the real reading of answers sees them; those that are not here were answered, or ended in
#: silence of ours.
ERRORS: dict[Fault, DeliveryError] = {
    Fault.LOST_BEFORE: errors.classify_failure(POST, ConnectionResetError()),
    Fault.LOST_AFTER: errors.classify_failure(POST, ConnectionResetError()),
    Fault.FAILED_AFTER: errors.classify_refusal(POST, 500, {}, ""),
    Fault.ERROR_AFTER: errors.classify_refusal(
        POST, 200, {}, {"ok": False, "error": "fatal_error"}
    ),
    Fault.TOO_SLOW: errors.classify_failure(POST, TimeoutError()),
    Fault.BUSY: errors.classify_refusal(POST, 429, {"Retry-After": "7"}, {}),
    Fault.BUSY_WITHOUT_A_TIME: errors.classify_refusal(POST, 429, {}, {}),
    Fault.HUNG_AND_LOST: errors.classify_failure(POST, ConnectionResetError()),
    Fault.HUNG_AND_BUSY: errors.classify_refusal(POST, 429, {"Retry-After": "1"}, {}),
}
NEVER_SHOWN = {Fault.LOST_BEFORE, Fault.BUSY, Fault.BUSY_WITHOUT_A_TIME, Fault.HUNG_AND_BUSY}
HANGING = {Fault.HUNG, Fault.HUNG_AND_LOST, Fault.HUNG_AND_BUSY}


@dataclass(kw_only=True)
class FailingChannel(StrictChannel):
    """A channel that shows what was posted `lag` seconds later to those who read it, and fails as
    planned.
    """

    senders: Senders
    faults: list[Fault]
    #: for each look into the channel, the seconds it is to be left alone; 0 lets it look
    blind: list[int]
    hangs: list[int]  #: how many steps the others take while one hangs
    lag: float
    rate_limits: RateLimits = field(default_factory=lambda: RateLimits(settle_seconds=5))
    messages: list[tuple[float, str, Card]] = field(default_factory=list)

    def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
        fault = self.faults.pop() if self.faults else Fault.NONE
        if fault is Fault.KILLED_BEFORE:
            raise Killed
        if fault not in NEVER_SHOWN:
            self.messages.append((self.senders.now.timestamp(), delivery.id, card))
        posted = PostedMessage(str(len(self.messages)), "C1")
        if fault in HANGING:
            self.senders.hang(LEASE_SECONDS + 1, self.hangs.pop() if self.hangs else 20)
        if fault is Fault.KILLED_AFTER:
            raise Killed
        if fault in ERRORS:
            raise ERRORS[fault]
        return posted

    def update_card(self, card: Card, posted: PostedMessage) -> None:
        """Harmless."""

    def find_posted(
        self, delivery: Delivery, tried_ago: object, card: PostedMessage | None = None
    ) -> PostedMessage | None:
        if self.blind and (seconds := self.blind.pop()):
            raise errors.classify_refusal(HISTORY, 429, {"Retry-After": str(seconds)}, {})
        for number, (at, delivery_id, _) in enumerate(self.messages, 1):
            if delivery_id == delivery.id and self.senders.now.timestamp() - at >= self.lag:
                return PostedMessage(str(number), "C1")
        return None


@settings(max_examples=30, deadline=None)
@given(
    alerts=st.integers(1, 12),
    faults=st.lists(st.sampled_from(Fault), max_size=40),
    blind=st.lists(st.sampled_from([0, 0, 1, 20, 60]), max_size=12),
    hangs=st.lists(st.integers(0, 30), max_size=10),
    lag=st.sampled_from([0.0, 3.0, 10.0]),
    count=st.integers(1, 3),
    turns=st.lists(st.integers(0, 5), max_size=20),
)
def test_every_alert_is_shown_and_none_twice_without_a_label(
    alerts: int,
    faults: list[Fault],
    blind: list[int],
    hangs: list[int],
    lag: float,
    count: int,
    turns: list[int],
) -> None:
    """Lost = 0 and doubled = 0 over any mix of faults, kills, lags and senders; labelled repeats
    are counted apart.
    """

    def order() -> Iterable[int]:
        return [turns.pop()] if turns else range(count)

    store = memory_store()
    try:
        items = [make_feedback(f"broken {number}") for number in range(alerts)]
        opened = Ingest(store, ANALYZER, ENGINE, "#support")(items, NOON, AlertPolicy()).opened
        senders = Senders(store, NOON, count)
        channel = FailingChannel(senders=senders, faults=faults, blind=blind, hangs=hangs, lag=lag)
        senders.live(channel, order)
        with store.read() as tx:
            states = {
                state: count for state, count in tx.deliveries.count_by_state().items() if count
            }
    finally:
        store.close()
    first = Counter(card.alert.id for _, _, card in channel.messages if not card.repeat)
    shown = {card.alert.id for _, _, card in channel.messages}
    assert shown == {alert.id for alert in opened}
    assert all(count <= 1 for count in first.values())
    assert states == {DeliveryState.SENT: alerts}
