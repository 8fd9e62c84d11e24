"""Whatever fails, in whatever order: no alert is lost, and none is shown twice without saying so."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alert import Card, Delivery, DeliveryState, Summary
from monitor.analysis.analyzer import Analyzer
from monitor.errors import DeliveryDelayed, DeliveryUncertain
from monitor.notifiers.base import Pace, Posted
from monitor.pipeline.deliver import Deliverer
from monitor.pipeline.group import Policy
from monitor.pipeline.ingest import Ingest
from monitor.store import Store
from monitor.testing import NOON, make_feedback, memory_store
from rules.engine import Engine
from rules.load import read

RULES = read({"rules": [{"id": "broken", "group_by": ["feedback"], "all": [{"text": "broken"}]}]}, "rules.toml")
ANALYZER, ENGINE = Analyzer(), Engine(RULES)
SETTLE = 5.0
#: Long enough for every wait that a fault can cause, one after the other.
LONG = timedelta(days=3)


class Killed(BaseException):
    """The process ends at this line."""


class Fault(Enum):
    """What can happen to one request."""

    NONE = auto()
    LOST_BEFORE = auto()  #: never arrived, and nobody knows
    LOST_AFTER = auto()  #: shown, and nobody knows
    BUSY = auto()
    BUSY_WITHOUT_A_TIME = auto()
    KILLED_BEFORE = auto()
    KILLED_AFTER = auto()


@dataclass
class Channel:
    """A channel that shows what was posted `lag` seconds later to those who read it, and fails as planned."""

    now: datetime
    faults: list[Fault]
    blind: list[bool]  #: for each look into the channel, whether it is refused
    lag: float
    pace: Pace = field(default_factory=lambda: Pace(settle_seconds=SETTLE))
    default_channel: str = "#support"
    messages: list[tuple[datetime, str, Card]] = field(default_factory=list)

    def post(self, card: Card, delivery: Delivery) -> Posted:
        fault = self.faults.pop() if self.faults else Fault.NONE
        match fault:
            case Fault.KILLED_BEFORE:
                raise Killed
            case Fault.LOST_BEFORE:
                raise DeliveryUncertain("no answer")
            case Fault.BUSY:
                raise DeliveryDelayed("slow down", retry_after=7)
            case Fault.BUSY_WITHOUT_A_TIME:
                raise DeliveryDelayed("slow down")
        self.messages.append((self.now, delivery.id, card))
        if fault is Fault.LOST_AFTER:
            raise DeliveryUncertain("no answer")
        if fault is Fault.KILLED_AFTER:
            raise Killed
        return Posted(str(len(self.messages)), "C1")

    def update(self, card: Card, posted: Posted) -> None:
        """Harmless."""

    def summarize(self, summary: Summary, delivery: Delivery) -> Posted:
        raise AssertionError("there is no budget here")

    def find(self, delivery: Delivery, since: datetime) -> Posted | None:
        if self.blind and self.blind.pop():
            raise DeliveryDelayed("history is not to be had")
        for number, (at, delivery_id, _) in enumerate(self.messages, 1):
            if delivery_id == delivery.id and (self.now - at).total_seconds() >= self.lag:
                return Posted(str(number), "C1")
        return None


def live(store: Store, channel: Channel, senders: int, turns: list[int]) -> None:
    """Let so many processes send side by side until nothing waits; a killed one is replaced by a new one."""
    dead: set[str] = set()
    born = 0

    def start() -> Deliverer:
        nonlocal born
        born += 1
        return Deliverer(store, channel, holder=f"here/{born}", gone=dead.__contains__)

    processes = [start() for _ in range(senders)]
    end = channel.now + LONG
    while channel.now < end:
        waits = []
        order = [turns.pop() % senders] if turns else range(senders)
        for number in order:
            try:
                after = processes[number].step(channel.now)
            except Killed:
                dead.add(processes[number].holder)
                processes[number] = start()
                waits.append(0.0)
            else:
                waits += [] if after is None else [after.seconds]
        if not waits and len(order) == senders:
            return
        channel.now += timedelta(seconds=min(waits, default=0.0))


@settings(max_examples=40, deadline=None)
@given(
    alerts=st.integers(1, 12),
    faults=st.lists(st.sampled_from(Fault), max_size=40),
    blind=st.lists(st.booleans(), max_size=10),
    lag=st.sampled_from([0.0, 3.0, 10.0]),
    senders=st.integers(1, 3),
    turns=st.lists(st.integers(0, 5), max_size=20),
)
def test_every_alert_is_shown_and_none_twice_without_a_label(
    alerts: int, faults: list[Fault], blind: list[bool], lag: float, senders: int, turns: list[int]
) -> None:
    """Lost = 0 and doubled = 0 over any mix of faults, kills, lags and senders; labelled repeats are counted apart."""
    store = memory_store()
    try:
        items = [make_feedback(f"broken {number}") for number in range(alerts)]
        opened = Ingest(store, ANALYZER, ENGINE, "#support")(items, NOON, Policy()).opened
        channel = Channel(NOON, faults, blind, lag)
        live(store, channel, senders, turns)
        with store.read() as tx:
            states = {state: count for state, count in tx.deliveries.counts().items() if count}
    finally:
        store.close()
    first = Counter(card.alert.id for _, _, card in channel.messages if not card.repeat)
    shown = {card.alert.id for _, _, card in channel.messages}
    assert shown == {alert.id for alert in opened}
    assert all(count <= 1 for count in first.values())
    assert states == {DeliveryState.SENT: alerts}
