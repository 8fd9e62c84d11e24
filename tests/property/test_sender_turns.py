"""What people did and what is urgent take turns: neither waits long for the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.analyzer import Analyzer
from monitor.domain.action import AlertChange
from monitor.domain.actor import Actor
from monitor.domain.alert import Alert
from monitor.domain.delivery import Card, Delivery, ThreadEntry
from monitor.domain.event import EventKind
from monitor.notifiers.base import PostedMessage
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.sender import OutboxSender
from monitor.store import Store
from monitor.testing import NOON, make_feedback, memory_store
from rules.engine import Engine
from rules.load import parse_rules
from tests.world.strict_channel import StrictChannel

RULES = parse_rules(
    {
        "rules": [
            {
                "id": "fire",
                "severity": "urgent",
                "group_by": ["feedback"],
                "all": [{"text": "fire"}],
            },
            {"id": "slow", "group_by": ["feedback"], "all": [{"text": "slow"}]},
        ]
    },
    "rules.toml",
)
ANALYZER, ENGINE = Analyzer(deep=False), Engine(RULES)
ANNA = Actor.slack("U1")
SHOWN_BEFORE = 4  #: cards that can be clicked on from the start
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["click", "click", "click", "fire", "slow", "send"]),
        st.integers(0, SHOWN_BEFORE - 1),
    ),
    min_size=6,
    max_size=14,
)


@dataclass
class OrderlyChannel(StrictChannel):
    """Keeps in which order its messages come."""

    shown: list[str] = field(default_factory=list)

    def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
        self.shown.append("urgent" if delivery.is_urgent_news else "other")
        return PostedMessage(str(card.alert.id), "C1")

    def update_card(self, card: Card, posted: PostedMessage) -> None:
        self.shown.append("click")

    def post_thread_entry(
        self, entry: ThreadEntry, card: PostedMessage, delivery: Delivery
    ) -> PostedMessage:
        self.shown.append("line")
        return PostedMessage(f"e{delivery.id}", "C1")


@dataclass
class BusyDesk:
    """Lets things happen one after the other, and writes down what waited as each was shown."""

    store: Store
    channel: OrderlyChannel = field(default_factory=OrderlyChannel)
    now: datetime = NOON
    opened: list[Alert] = field(default_factory=list)
    #: of each message: what it was, and what else waited when it was chosen
    chosen: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    def take_step(self, step: str, number: int, sender: OutboxSender) -> bool:
        """Return whether a message was shown."""
        self.now += timedelta(seconds=1)
        if step == "send":
            return self.send(sender)
        if step == "click":
            self.click(number)
        else:
            self.report(step)
        return False

    def report(self, what: str, count: int = 1) -> None:
        """Let so many new alerts open."""
        numbers = range(len(self.opened), len(self.opened) + count)
        items = [make_feedback(f"it is {what} {one}", created_at=self.now) for one in numbers]
        ingest = Ingest(self.store, ANALYZER, ENGINE, "#support")
        self.opened += ingest(items, self.now, AlertPolicy()).opened

    def click(self, number: int) -> None:
        """A person notes something on an alert whose card is shown."""
        change = AlertChange(kind=EventKind.NOTED, note="so")
        with self.store.write() as tx:
            alert_id = self.opened[number].id
            tx.alerts.apply_change(alert_id, change, at=self.now, actor=ANNA, via="slack:modal")

    def send(self, sender: OutboxSender) -> bool:
        with self.store.read() as tx:
            due = tx.deliveries.find_due(self.now, 1_000)
        waiting = {"click" for one in due if one.shows_click}
        waiting |= {"urgent" for one in due if one.is_urgent_news}
        waiting |= {"other" for one in due if not one.prompt and not one.is_urgent_news}
        before = len(self.channel.shown)
        sender.send_next(self.now)
        if len(self.channel.shown) == before:
            return False
        self.chosen.append((self.channel.shown[-1], frozenset(waiting)))
        return True


@settings(max_examples=20, deadline=None)
@given(STEPS)
def test_what_is_urgent_waits_for_one_click_and_a_click_for_one_urgent_card(
    steps: list[tuple[str, int]],
) -> None:
    """Of two messages in a row, one is urgent while something urgent waits, and one shows a click
    while a click waits; lines come after both, and before whatever nobody did.
    """
    store = memory_store()
    try:
        desk = BusyDesk(store)
        sender = OutboxSender(store, desk.channel, "test")
        desk.report("slow", SHOWN_BEFORE)
        while desk.take_step("send", 0, sender):
            pass
        for step, number in steps:
            desk.take_step(step, number, sender)
        while desk.take_step("send", 0, sender):
            pass
    finally:
        store.close()
    for (first, before), (second, after) in pairwise(desk.chosen):
        for kind in ("urgent", "click"):
            assert kind not in before & after or kind in (first, second)
    for what, waiting in desk.chosen:
        assert what != "line" or not waiting & {"click", "urgent"}
        assert what != "other" or not waiting & {"click", "urgent"}
