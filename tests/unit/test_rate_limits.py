"""What waits for what: edits behind posts, channels behind the workspace, one method behind its own
pause.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.domain.delivery import Card, Delivery, DeliveryState
from monitor.errors import DeliveryDelayed, DeliveryRejected, DeliveryUncertain
from monitor.notifiers.base import PostedMessage, RateLimits
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.rate_limits import RateLimiter, ServiceMethod
from monitor.pipeline.sender import LEASE_SECONDS, OutboxSender, drain_outbox
from monitor.testing import NOON, RecordingNotifier, make_feedback, memory_store
from rules.engine import Engine
from rules.load import parse_rules

RULES = parse_rules(
    {
        "rules": [
            {"id": "broken", "group_by": ["feedback"], "all": [{"text": "broken"}]},
            {
                "id": "elsewhere",
                "group_by": ["feedback"],
                "channel": "#b",
                "all": [{"text": "elsewhere"}],
            },
            {"id": "third", "group_by": ["feedback"], "channel": "#c", "all": [{"text": "third"}]},
            {"id": "same", "severity": "urgent", "group_by": ["rule"], "all": [{"text": "same"}]},
        ]
    },
    "rules.toml",
)
SLACK = RateLimits(posts_per_second=1, total_per_second=3, settle_seconds=5, edit_after_seconds=2)


class Timed(RecordingNotifier):
    """Keeps when each thing was shown."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(rate_limits=SLACK)
        self._desk = desk
        self.edit_fails: list[DeliveryDelayed] = []
        self.looks = 0

    def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
        self._desk.times.append((delivery.channel, self._desk.seconds))
        return super().post_card(card, delivery)

    def update_card(self, card: Card, posted: PostedMessage) -> None:
        self._desk.times.append(("edit", self._desk.seconds))
        if self.edit_fails:
            raise self.edit_fails.pop()
        super().update_card(card, posted)

    def find_posted(
        self, delivery: Delivery, tried_ago: timedelta, card: PostedMessage | None = None
    ) -> PostedMessage | None:
        self.looks += 1
        return super().find_posted(delivery, tried_ago, card)


class Desk:
    """A store, a notifier, a sender between them, and a clock that only waiting moves."""

    def __init__(self) -> None:
        self.store = memory_store()
        self.notifier = Timed(self)
        self.deliverer = OutboxSender(self.store, self.notifier, holder="here/1/a")
        self.now = NOON
        self.times: list[tuple[str, float]] = []  #: what was shown, and when

    @property
    def seconds(self) -> float:
        """Time since noon."""
        return round((self.now - NOON).total_seconds(), 2)

    def open(self, *bodies: str) -> None:
        """Let these reports come in."""
        items = [make_feedback(body, created_at=self.now) for body in bodies]
        Ingest(self.store, Analyzer(), Engine(RULES), "#a")(items, self.now, AlertPolicy())

    def drain(self, seconds: float = 0) -> None:
        """Send as `once --drain SECONDS` does."""
        drain_outbox(
            self.deliverer,
            lambda: self.now,
            self.sleep,
            until=self.now + timedelta(seconds=seconds),
        )

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def states(self) -> dict[DeliveryState, int]:
        """How many deliveries are in each state, zeros left out."""
        with self.store.read() as tx:
            return {
                state: count for state, count in tx.deliveries.count_by_state().items() if count
            }


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.store.close()


def test_all_channels_together_have_a_pace(desk: Desk) -> None:
    """Three channels get one message a second each, and no two messages leave within a third of a
    second.
    """
    desk.open("broken", "broken again", "elsewhere", "a third")
    desk.drain()
    assert [at for _, at in desk.times] == [0, 0.33, 0.67, 1.0]
    assert sorted(channel for channel, at in desk.times if at < 1) == ["#a", "#b", "#c"]


def test_an_edit_waits_a_moment_and_takes_with_it_what_changes_meanwhile(desk: Desk) -> None:
    """Three changes within two seconds are one edit, and also `once` waits for it."""
    desk.open("the same")
    desk.drain()
    for _ in range(3):
        desk.sleep(0.5)
        desk.open("the same")
    desk.drain()
    assert desk.times == [("#a", 0), ("edit", 2.5)]
    assert [card.alert.members for card in desk.notifier.updates] == [4]


def test_an_edit_goes_after_posts_and_waits_for_them_no_longer_than_45_seconds(desk: Desk) -> None:
    """Sixty cards are waiting: the edit of an urgent card is not among the first, and not behind
    all of them.
    """
    desk.open("the same")
    desk.drain()
    desk.open("the same", *(f"broken {number}" for number in range(60)))
    desk.drain()
    (edited,) = [at for what, at in desk.times if what == "edit"]
    assert 45 <= edited <= 47
    assert len(desk.notifier.cards) == 61


def test_edits_that_are_limited_leave_posts_alone(desk: Desk) -> None:
    """A 429 for one method says nothing about the others."""
    desk.open("the same")
    desk.drain()
    desk.open("the same")
    desk.notifier.edit_fails = [DeliveryDelayed("slow down", retry_after=30)]
    desk.drain(5)
    desk.open("broken")
    desk.drain(5)
    assert [what for what, _ in desk.times] == ["#a", "edit", "#a"]
    desk.drain(30)
    assert [what for what, _ in desk.times] == ["#a", "edit", "#a", "edit"]
    assert len(desk.notifier.updates) == 1


def test_a_history_that_is_limited_is_asked_once_not_for_every_message(desk: Desk) -> None:
    """Five messages of unknown fate and a limited history are one request a pause, and nothing is
    given up.
    """
    desk.open(*(f"broken {number}" for number in range(5)))
    desk.notifier.errors, desk.notifier.lose_responses = [DeliveryUncertain("no answer")] * 5, True
    desk.drain()
    desk.notifier.look_error = DeliveryDelayed("slow down", retry_after=50)
    desk.drain(49)
    assert desk.states() == {DeliveryState.UNCERTAIN: 5}
    assert desk.notifier.looks == 1
    desk.notifier.look_error = None
    desk.drain(60)
    assert desk.states() == {DeliveryState.SENT: 5}
    assert len(desk.notifier.cards) == 5


def test_a_longer_pause_is_not_cut_short() -> None:
    """A short failure of the service does not end the ten minutes that it asked for before."""
    pacing = RateLimiter()
    pacing.pause_methods(NOON + timedelta(seconds=600), ServiceMethod.POST)
    pacing.pause_methods(NOON + timedelta(seconds=2))
    later = NOON + timedelta(seconds=3)
    assert pacing.seconds_paused(later, ServiceMethod.POST) == 597
    assert (pacing.seconds_paused(later, ServiceMethod.EDIT), pacing.seconds_paused(later)) == (
        0,
        0,
    )


def test_a_message_that_was_given_up_is_trouble_for_an_hour(desk: Desk) -> None:
    """Long enough to be noticed, and not for ever."""
    desk.open("broken")
    desk.notifier.errors = [DeliveryRejected("invalid_blocks")]
    desk.drain()
    desk.sleep(3599)
    desk.drain()
    assert "given up" in desk.deliverer.blocked_reason
    desk.sleep(1)
    desk.drain()
    assert desk.deliverer.blocked_reason == ""


@pytest.mark.parametrize(
    "late", [None, DeliveryDelayed("busy", retry_after=1), DeliveryUncertain("no answer")]
)
def test_what_a_sender_learns_after_it_was_replaced_changes_nothing(
    desk: Desk, late: DeliveryDelayed | DeliveryUncertain | None
) -> None:
    """It hung while it sent; its successor sent again and waits to know its own fate, which stays
    as it is.
    """
    desk.open("broken")
    heir_notifier = RecordingNotifier(
        rate_limits=SLACK, errors=[DeliveryUncertain("no answer")], lose_responses=True
    )
    heir = OutboxSender(desk.store, heir_notifier, holder="there/2/b")

    class Hanging(RecordingNotifier):
        def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
            desk.sleep(LEASE_SECONDS + 1)
            drain_outbox(heir, lambda: desk.now, desk.sleep, until=desk.now + timedelta(seconds=36))
            assert desk.states() == {DeliveryState.UNCERTAIN: 1}
            if late:
                raise late
            return PostedMessage("never", "C1")

    desk.deliverer.notifier = Hanging(rate_limits=SLACK)
    desk.deliverer.send_next(desk.now)
    assert desk.states() == {DeliveryState.UNCERTAIN: 1}
    drain_outbox(heir, lambda: desk.now, desk.sleep, until=desk.now + timedelta(seconds=60))
    with desk.store.read() as tx:
        card = tx.deliveries.find_shown_card(1)
    assert card is not None
    assert card.message_id == "message-1"
    assert len(heir_notifier.cards) == 1


def test_a_sender_that_was_replaced_starts_nothing(desk: Desk) -> None:
    """It slept with the lease in its pocket; it asks before it sends, and leaves the sending to its
    successor.
    """
    desk.open("broken 1", "broken 2")
    desk.deliverer.send_next(desk.now)
    with desk.store.write() as tx:
        assert tx.leases.acquire(
            "sender", "there/2/b", desk.now + timedelta(seconds=LEASE_SECONDS), LEASE_SECONDS
        )
    desk.sleep(2)
    desk.drain()
    assert len(desk.notifier.cards) == 1
    assert desk.states() == {DeliveryState.SENT: 1, DeliveryState.PENDING: 1}


def test_when_answers_are_lost_in_a_row_the_rest_waits(desk: Desk) -> None:
    """In an outage a few messages become uncertain, not the whole queue; all are shown once it is
    over.
    """
    desk.open(*(f"broken {number}" for number in range(40)))
    desk.notifier.errors = [DeliveryUncertain("500")] * 1000
    desk.drain(60)
    assert len(desk.notifier.attempted) <= 8
    desk.notifier.errors = []
    desk.drain(600)
    assert (len(desk.notifier.cards), desk.states()) == (40, {DeliveryState.SENT: 40})


def test_lost_answers_of_messages_that_were_shown_hold_nothing_up_for_long(desk: Desk) -> None:
    """Every second answer is lost, and each message is found: forty cards take a minute, not an
    hour.
    """
    desk.open(*(f"broken {number}" for number in range(40)))
    desk.notifier.errors = [None, DeliveryUncertain("no answer")] * 20
    desk.notifier.lose_responses = True
    desk.drain(60)
    assert desk.states() == {DeliveryState.SENT: 40}
    assert len(desk.notifier.cards) == 40
    assert desk.seconds <= 60


def test_while_posts_wait_lost_messages_are_looked_for(desk: Desk) -> None:
    """Three lost answers hold up the rest of the queue, and not the looking, which begins as soon
    as it may.
    """
    desk.open(*(f"broken {number}" for number in range(5)))
    desk.notifier.errors, desk.notifier.lose_responses = [DeliveryUncertain("no answer")] * 3, True
    desk.notifier.rate_limits = RateLimits(settle_seconds=0.1)
    desk.drain(0.2)
    assert desk.states() == {DeliveryState.SENT: 3, DeliveryState.PENDING: 2}
