"""However many rules hold for a feedback, however it is edited and wherever it is shown: one alert,
as severe as the worst of it, and the same state on every card.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.analysis.analyzer import Analyzer
from monitor.domain.action import AlertChange
from monitor.domain.actor import Actor
from monitor.domain.alert import Alert, AlertStatus, MatchOutcome, StoredDecision
from monitor.domain.delivery import Card, Delivery, DeliveryState, ThreadEntry
from monitor.domain.event import EventKind
from monitor.errors import CardDeleted
from monitor.followup.joining import join_alerts, part_alert
from monitor.notifiers.base import PostedMessage
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.sender import OutboxSender, drain_outbox
from monitor.store import Store
from monitor.testing import NOON, make_feedback, memory_store
from rules.engine import Engine
from rules.load import parse_rules
from tests.world.strict_channel import StrictChannel

RULES = parse_rules(
    {
        "rules": [
            {"id": "fire", "severity": "urgent", "mention": "@here", "all": [{"text": "fire"}]},
            {
                "id": "law",
                "severity": "high",
                "channel": "#law",
                "group_by": ["feedback"],
                "all": [{"text": "law"}],
            },
            {"id": "slow", "group_by": ["rule"], "all": [{"text": "slow"}]},
            {
                "id": "shop",
                "channel": "#shop",
                "group_by": ["feedback"],
                "cooldown": "1h",
                "all": [{"text": "shop"}],
            },
            {"id": "trial", "severity": "urgent", "mode": "shadow", "all": [{"text": "slow"}]},
            {"id": "net", "unless_other": True, "all": [{"text": "said"}]},
        ]
    },
    "rules.toml",
)
ANALYZER, ENGINE = Analyzer(deep=False), Engine(RULES)
ANNA = Actor.slack("U1")
CLOSED = {AlertStatus.RESOLVED, AlertStatus.DISMISSED}


@dataclass
class Board(StrictChannel):
    """Channels whose messages can be read back, edited, and deleted by anybody."""

    cards: dict[str, Card] = field(default_factory=dict)  #: by message id, what it shows now
    posted: list[tuple[int, str]] = field(default_factory=list)  #: alert and channel of each card

    def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
        message_id = f"m{len(self.posted)}"
        self.posted.append((card.alert.id, delivery.channel))
        self.cards[message_id] = card
        return PostedMessage(message_id, delivery.channel)

    def update_card(self, card: Card, posted: PostedMessage) -> None:
        if posted.message_id not in self.cards:
            raise CardDeleted("the card was deleted")
        self.cards[posted.message_id] = card

    def post_thread_entry(
        self, entry: ThreadEntry, card: PostedMessage, delivery: Delivery
    ) -> PostedMessage:
        if card.message_id not in self.cards:
            raise CardDeleted("the card was deleted")
        return PostedMessage(f"e{delivery.id}", card.channel_id)


WORDS = st.sets(st.sampled_from(["fire", "law", "slow", "shop", "said"]), min_size=1)
REPORT = st.tuples(st.just("report"), st.integers(1, 4), WORDS)
STEPS = st.lists(
    REPORT
    | REPORT
    | st.tuples(
        st.sampled_from(["take", "resolve", "drain", "restart", "wait", "join", "part"]),
        st.just(0),
        WORDS,
    )
    | st.tuples(st.just("delete"), st.integers(0, 5), WORDS),
    max_size=14,
)


@dataclass
class Desk:
    """A store that reports come into, and a board that shows what follows."""

    store: Store
    board: Board = field(default_factory=Board)
    now: datetime = NOON
    restarts: int = 0
    deleted: set[tuple[int, str]] = field(default_factory=set)

    def take_step(self, step: str, number: int, words: Sequence[str]) -> None:
        self.now += timedelta(minutes=1)
        match step:
            case "report":
                self.report(number, words)
            case "take" | "resolve":
                self.act_on_newest(step)
            case "drain":
                self.drain()
            case "restart":
                self.restarts += 1
            case "wait":
                self.now += timedelta(hours=2)
            case "delete":
                self.delete_card(number)
            case "join":
                self.join_newest()
            case "part":
                self.part_joined()

    def report(self, number: int, words: Sequence[str]) -> None:
        """Let a report come in, or its words change where it is known."""
        item = make_feedback(
            f"they {' '.join(words)} it", external_id=str(number), created_at=self.now
        )
        Ingest(self.store, ANALYZER, ENGINE, "#support")([item], self.now, AlertPolicy())

    def act_on_newest(self, step: str) -> None:
        kind, to = {
            "take": (EventKind.ACKNOWLEDGED, AlertStatus.ACKNOWLEDGED),
            "resolve": (EventKind.RESOLVED, AlertStatus.RESOLVED),
        }[step]
        with self.store.write() as tx:
            for alert in tx.alerts.find(status={AlertStatus.OPEN}, limit=1):
                change = AlertChange(kind=kind, to=to, assignee=ANNA)
                tx.alerts.apply_change(alert.id, change, at=self.now, actor=ANNA)

    def join_newest(self) -> None:
        """Join the newest two open alerts, the less severe one into the other."""
        with self.store.write() as tx:
            newest = tx.alerts.find(status={AlertStatus.OPEN}, limit=2)
            ids = [one.id for one in sorted(newest, key=lambda one: one.severity.rank)]
            if len(ids) == 2:
                joined = join_alerts(tx, ids[1], ids[0], actor=ANNA, via="test", now=self.now)
                assert isinstance(joined, Alert)

    def part_joined(self) -> None:
        with self.store.write() as tx:
            for alert in tx.alerts.find(limit=1_000):
                if alert.joined_into:
                    part_alert(tx, alert.id, actor=ANNA, via="test", now=self.now)

    def delete_card(self, number: int) -> None:
        message_id = f"m{number}"
        if self.board.cards.pop(message_id, None):
            self.deleted.add(self.board.posted[number])

    def drain(self) -> None:
        """Send all that waits, as a process that has just started does."""
        sender = OutboxSender(
            self.store, self.board, holder=f"h{self.restarts}", is_holder_dead=lambda _: True
        )
        drain_outbox(sender, lambda: self.now, lambda _: None, until=self.now)

    def read_alerts(self) -> list[Alert]:
        with self.store.read() as tx:
            return tx.alerts.find(limit=1_000)

    def read_decisions(self) -> list[list[StoredDecision]]:
        """The live decisions about each feedback that somebody hears of."""
        with self.store.read() as tx:
            every = [tx.alerts.list_decisions(feedback_id) for feedback_id in range(1, 6)]
        return [
            [one for one in of_one if one.live and one.outcome is not MatchOutcome.SUPPRESSED]
            for of_one in every
        ]


ALL = {"fire", "law", "slow", "shop"}
#: What holds later for a feedback of a joined alert goes with it when they are parted.
EDITED_WHILE_JOINED = [
    ("report", 1, ALL),
    ("report", 3, {"law", "said"}),
    ("join", 0, ALL),
    ("report", 3, ALL),
    ("part", 0, ALL),
]


@settings(max_examples=150)
@given(STEPS)
@example(EDITED_WHILE_JOINED)
def test_a_feedback_is_in_one_open_alert_and_every_card_says_the_same(
    steps: list[tuple[str, int, set[str]]],
) -> None:
    """Random reports, edits, actions, deletions of cards and restarts."""
    store = memory_store()
    desk = Desk(store)
    for step, number, words in steps:
        desk.take_step(step, number, sorted(words))
    desk.drain()
    alerts = {alert.id: alert for alert in desk.read_alerts()}
    for decisions in desk.read_decisions():
        open_ids = {one.alert_id for one in decisions if alerts[one.alert_id].status not in CLOSED}
        assert len(open_ids) <= 1
        for one in decisions:
            assert alerts[one.alert_id].severity.rank <= one.severity.rank
    with store.read() as tx:
        states = tx.deliveries.count_by_state()
        now_shown = tx.alerts.cards(list(alerts))
    for card in desk.board.cards.values():
        current = now_shown[card.alert.id]
        assert (card.alert.status, card.alert.severity, card.also, card.alert.members) == (
            current.alert.status,
            current.alert.severity,
            current.also,
            current.alert.members,
        )
    shown = [place for place in desk.board.posted if place not in desk.deleted]
    assert len(shown) == len(set(shown))
    assert {alert_id for alert_id, _ in desk.board.posted} == set(alerts)
    assert not states[DeliveryState.PENDING] + states[DeliveryState.UNCERTAIN]
    store.close()
