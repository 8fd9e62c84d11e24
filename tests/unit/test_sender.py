"""The sender, step by step: a simulated clock, the real store in memory, a notifier that fails as
planned.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.domain.action import AlertChange
from monitor.domain.actor import SYSTEM, Actor
from monitor.domain.alert import AlertStatus
from monitor.domain.delivery import Card, Delivery, DeliveryState
from monitor.domain.event import EventKind
from monitor.errors import (
    DeliveryDelayed,
    DeliveryError,
    DeliveryForbidden,
    DeliveryRejected,
    DeliveryUncertain,
    DeliveryUnreachable,
    StoreUnavailable,
)
from monitor.notifiers.base import PostedMessage, RateLimits
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.rate_limits import SUMMARY_EVERY
from monitor.pipeline.sender import LEASE_SECONDS, OutboxSender, drain_outbox
from monitor.store import Store, Transaction
from monitor.testing import NOON, RecordingNotifier, make_feedback, memory_store
from rules.engine import Engine
from rules.load import parse_rules

RULES = parse_rules(
    {
        "rules": [
            {
                "id": "urgent",
                "severity": "urgent",
                "group_by": ["feedback"],
                "all": [{"text": "outage"}],
            },
            {"id": "broken", "group_by": ["feedback"], "all": [{"text": "broken"}]},
            {
                "id": "elsewhere",
                "group_by": ["feedback"],
                "channel": "#closed",
                "all": [{"text": "elsewhere"}],
            },
            {"id": "same", "group_by": ["rule"], "all": [{"text": "same"}]},
            {
                "id": "called",
                "group_by": ["feedback"],
                "escalate": [{"after": "10m", "channel": "#leads"}],
                "all": [{"text": "money"}],
            },
        ]
    },
    "rules.toml",
)
CALLED = EventKind.ESCALATED
TAKEN = AlertChange(kind=EventKind.ACKNOWLEDGED, to=AlertStatus.ACKNOWLEDGED)


@dataclass
class Clock:
    """A clock that only waiting moves."""

    now: datetime = NOON
    waits: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)


@dataclass
class Desk:
    """A store, a notifier and a sender between them."""

    store: Store
    clock: Clock
    notifier: RecordingNotifier
    deliverer: OutboxSender

    def open(self, *bodies: str) -> None:
        """Let these reports come in."""
        items = [make_feedback(body, created_at=self.clock.now) for body in bodies]
        Ingest(self.store, Analyzer(), Engine(RULES), "#support")(
            items, self.clock.now, AlertPolicy()
        )

    def drain(self, seconds: float = 0) -> None:
        """Send as `once --drain SECONDS` does."""
        drain_outbox(
            self.deliverer,
            self.clock,
            self.clock.sleep,
            until=self.clock.now + timedelta(seconds=seconds),
        )

    def states(self) -> dict[DeliveryState, int]:
        """How many deliveries are in each state, zeros left out."""
        with self.store.read() as tx:
            return {
                state: count for state, count in tx.deliveries.count_by_state().items() if count
            }

    def pace(self, pace: RateLimits) -> None:
        """Let the channel be this slow."""
        self.notifier.rate_limits = pace


@pytest.fixture
def desk() -> Iterator[Desk]:
    store = memory_store()
    notifier = RecordingNotifier()
    yield Desk(store, Clock(), notifier, OutboxSender(store, notifier, holder="here/1/a"))
    store.close()


def test_each_alert_is_shown_once_however_often_it_is_drained(desk: Desk) -> None:
    """Draining again and again sends nothing twice."""
    desk.open("broken one", "broken two", "broken three")
    for _ in range(5):
        desk.drain()
    assert [card.feedback.body for card in desk.notifier.cards] == [
        "broken one",
        "broken two",
        "broken three",
    ]
    assert desk.states() == {DeliveryState.SENT: 3}


def test_the_most_urgent_goes_first(desk: Desk) -> None:
    """Severity comes before age."""
    desk.open("broken one", "an outage")
    desk.drain()
    assert [card.alert.rule_id for card in desk.notifier.cards] == ["urgent", "broken"]


def test_the_pace_of_a_channel_is_kept(desk: Desk) -> None:
    """At two a second, five cards take two seconds of waiting, also without --drain."""
    desk.pace(RateLimits(posts_per_second=2))
    desk.open(*(f"broken {number}" for number in range(5)))
    desk.drain()
    assert len(desk.notifier.cards) == 5
    assert sum(desk.clock.waits) == pytest.approx(2.0)


def test_a_busy_service_is_waited_for_and_nothing_is_dropped(desk: Desk) -> None:
    """After a 429 nothing is sent until the time asked for; then everything is."""
    desk.open("broken one", "broken two")
    desk.notifier.errors = [DeliveryDelayed("slow down", retry_after=30)]
    desk.drain()
    assert not desk.notifier.cards
    assert desk.states() == {DeliveryState.PENDING: 2}
    desk.drain(29)
    assert not desk.notifier.cards
    desk.drain(31)
    assert len(desk.notifier.cards) == 2


def test_a_lost_answer_is_looked_for_before_anything_is_sent_again(desk: Desk) -> None:
    """The message was shown, so it is found and not repeated."""
    desk.pace(RateLimits(settle_seconds=5))
    desk.open("broken")
    desk.notifier.errors, desk.notifier.lose_responses = [DeliveryUncertain("no answer")], True
    desk.drain()
    assert desk.states() == {DeliveryState.UNCERTAIN: 1}
    desk.drain(6)
    assert desk.states() == {DeliveryState.SENT: 1}
    assert len(desk.notifier.cards) == 1


def test_a_message_that_is_found_ends_the_trouble_before_it(desk: Desk) -> None:
    """Its answer was lost, but it was shown after the outage: nobody is told of that any more."""
    desk.open("broken")
    desk.notifier.errors = [DeliveryDelayed("connection refused")]
    desk.drain()
    assert desk.deliverer.blocked_reason == "connection refused"
    desk.notifier.errors, desk.notifier.lose_responses = [DeliveryUncertain("no answer")], True
    desk.drain(10)
    assert desk.states() == {DeliveryState.SENT: 1}
    assert desk.deliverer.blocked_reason == ""


def test_a_message_that_was_not_shown_is_sent_again_after_two_looks(desk: Desk) -> None:
    """Not found once may be the service's lag; not found twice, 30 s apart, is certain."""
    desk.pace(RateLimits(settle_seconds=5))
    desk.open("broken")
    desk.notifier.errors = [DeliveryUncertain("no answer")]
    desk.drain(30)
    assert not desk.notifier.cards
    desk.drain(31)
    assert len(desk.notifier.cards) == 1
    assert not desk.notifier.cards[0].repeat


def test_where_the_channel_cannot_be_read_a_repeat_says_so(desk: Desk) -> None:
    """After two minutes without a look into the channel the message is sent again, labelled."""
    desk.pace(RateLimits(settle_seconds=5))
    desk.open("broken")
    desk.notifier.errors, desk.notifier.lose_responses = [DeliveryUncertain("no answer")], True
    desk.drain()
    desk.notifier.look_error = DeliveryDelayed("history is not to be had")
    desk.drain(100)
    assert len(desk.notifier.cards) == 1
    desk.drain(60)
    assert [card.repeat for card in desk.notifier.cards] == [False, True]
    assert desk.states() == {DeliveryState.SENT: 1}


def test_a_closed_channel_falls_back_to_the_default_one(desk: Desk) -> None:
    """The card goes where somebody reads it."""
    desk.open("it is elsewhere")
    desk.notifier.errors = [DeliveryUnreachable("#closed: no such channel")]
    desk.drain()
    assert {posted.channel_id for posted in desk.notifier.shown.values()} == {"#support"}
    assert len(desk.notifier.cards) == 1


def test_a_default_channel_that_is_closed_keeps_the_queue(desk: Desk) -> None:
    """Nothing is given up because of a wrong name in the configuration."""
    desk.open("broken")
    desk.notifier.errors = [DeliveryUnreachable("#support: no such channel")]
    desk.drain()
    assert desk.states() == {DeliveryState.PENDING: 1}
    desk.drain(601)
    assert desk.states() == {DeliveryState.SENT: 1}


def test_a_service_that_is_away_is_asked_once_not_for_every_card(desk: Desk) -> None:
    """Thirty cards and no connection are one request and one trouble, and nothing is lost."""
    desk.open(*(f"broken {number}" for number in range(30)))
    desk.notifier.errors = [DeliveryDelayed("connection refused")] * 30
    desk.drain()
    assert (len(desk.notifier.attempted), desk.deliverer.blocked_reason) == (
        1,
        "connection refused",
    )
    desk.notifier.errors = []
    desk.drain(10)
    assert (len(desk.notifier.cards), desk.deliverer.blocked_reason) == (30, "")


def test_a_closed_default_channel_is_asked_once_and_other_channels_go_on(desk: Desk) -> None:
    """The card for another channel is shown; the others wait without a request each."""
    desk.open("broken 1", "broken 2", "broken 3")
    desk.notifier.errors = [DeliveryUnreachable("#support: no such channel")]
    desk.drain()
    desk.open("it is elsewhere")
    desk.drain()
    assert [card.alert.channel for card in desk.notifier.cards] == ["#closed"]
    assert desk.deliverer.blocked_reason == "#support: no such channel"
    desk.drain(601)
    assert (len(desk.notifier.cards), desk.deliverer.blocked_reason) == (4, "")


def test_a_change_before_the_card_is_shown_needs_no_update(desk: Desk) -> None:
    """The card is rendered from the state as it is when it leaves."""
    desk.open("the same thing")
    desk.open("same again")
    desk.drain()
    assert [card.alert.members for card in desk.notifier.cards] == [2]
    assert desk.notifier.updates == []
    assert desk.states() == {DeliveryState.SENT: 1}


def test_an_update_that_cannot_be_made_does_not_hold_up_the_cards(desk: Desk) -> None:
    """A shown card's channel is closed: its update and its line are given up, the next card goes to
    the default one.
    """
    desk.open("it is elsewhere")
    desk.drain()
    desk.open("it is elsewhere too")
    with desk.store.write() as tx:
        tx.alerts.apply_change(
            1,
            AlertChange(kind=EventKind.ACKNOWLEDGED, to=AlertStatus.ACKNOWLEDGED),
            at=desk.clock.now,
            actor=Actor.cli("anna"),
        )
    desk.notifier.closed_channels = {"#closed"}
    desk.drain()
    assert {card.alert.id for card in desk.notifier.cards} == {1, 2}
    assert desk.states() == {DeliveryState.SENT: 2, DeliveryState.DEAD: 2}


def test_what_waits_for_one_channel_does_not_hold_up_another(desk: Desk) -> None:
    """A hundred cards behind a slow channel leave the other channel free."""
    desk.pace(RateLimits(posts_per_second=0.1))
    desk.open(*(f"broken {number}" for number in range(100)), "it is elsewhere")
    desk.deliverer.send_next(desk.clock.now)
    desk.deliverer.send_next(desk.clock.now)
    assert {card.alert.channel for card in desk.notifier.cards} == {"#support", "#closed"}


def test_a_service_that_says_zero_seconds_is_not_asked_without_end(desk: Desk) -> None:
    """Retry-After: 0 is a pause all the same."""
    desk.open("broken")
    desk.notifier.errors = [DeliveryDelayed("slow down", retry_after=0.0)] * 1000
    desk.drain(10)
    assert len(desk.notifier.attempted) <= 25


def test_a_service_that_always_loses_answers_is_asked_ever_more_slowly(desk: Desk) -> None:
    """Also with no settle time at all."""
    desk.open("broken")
    desk.notifier.errors = [DeliveryUncertain("500")] * 1000
    desk.drain(60)
    assert len(desk.notifier.attempted) <= 8


def test_a_card_that_cannot_be_rendered_is_given_up_and_said(desk: Desk) -> None:
    """A bug of ours costs one card, not all that come after it."""
    desk.open("broken 1", "broken 2")
    desk.notifier.errors = [ZeroDivisionError()]
    desk.drain()
    assert desk.states() == {DeliveryState.DEAD: 1, DeliveryState.SENT: 1}
    assert "given up" in desk.deliverer.blocked_reason


def test_a_database_that_is_away_while_sending_leaves_nothing_behind(desk: Desk) -> None:
    """The message whose fate could not be written down is looked for, in the same process too."""
    desk.open("broken")
    desk.notifier.errors, desk.notifier.lose_responses = (
        [StoreUnavailable("the disk is full")],
        True,
    )
    with pytest.raises(StoreUnavailable):
        desk.drain()
    desk.notifier.lose_responses = False
    desk.drain(60)
    assert (len(desk.notifier.cards), desk.states()) == (1, {DeliveryState.SENT: 1})


class FullDisk:
    """A store that cannot be written while it is `full`."""

    def __init__(self, store: Store) -> None:
        self.read = store.read
        self.full = False
        self._store = store

    def write(self) -> AbstractContextManager[Transaction]:
        """A transaction, or an error."""
        if self.full:
            raise StoreUnavailable("the disk is full")
        return self._store.write()


@dataclass
class DiskFiller(RecordingNotifier):
    """The disk is full whenever something was, or was not, shown."""

    disk: FullDisk | None = None

    def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
        """Show the card, or fail as planned."""
        assert self.disk
        self.disk.full = True
        return super().post_card(card, delivery)


@pytest.mark.parametrize(
    "error", [None, DeliveryDelayed("slow down", 1)], ids=["shown", "not shown"]
)
def test_a_fate_that_cannot_be_written_down_is_found_out(
    desk: Desk, error: DeliveryError | None
) -> None:
    """Once the disk has room again, the same process looks for the message: it is shown once."""
    disk = FullDisk(desk.store)
    notifier = DiskFiller(disk=disk, errors=[error])
    sender = OutboxSender(cast("Store", disk), notifier, holder="here/2/b")
    desk.open("broken")
    with pytest.raises(StoreUnavailable):
        sender.send_next(desk.clock.now)

    disk.full = False
    desk.notifier.shown = notifier.shown
    sender.notifier = desk.notifier
    until = desk.clock.now + timedelta(seconds=60)
    drain_outbox(sender, desk.clock, desk.clock.sleep, until=until)
    assert desk.states() == {DeliveryState.SENT: 1}
    assert len(notifier.cards) + len(desk.notifier.cards) == 1


def test_another_sender_that_died_in_between_is_noticed(desk: Desk) -> None:
    """The first one was paused, the second took the lease and died: what it was sending is looked
    for.
    """
    desk.open("broken 1")
    desk.drain()
    desk.open("broken 2")
    later = desk.clock.now + timedelta(seconds=LEASE_SECONDS + 1)
    with desk.store.write() as tx:
        assert tx.leases.acquire("sender", "there/9/other", later, LEASE_SECONDS)
        assert tx.deliveries.claim(tx.deliveries.find_due(later)[0].id, later)
    desk.clock.now = later + timedelta(seconds=LEASE_SECONDS + 1)
    desk.drain(120)
    assert len(desk.notifier.cards) == 2
    assert desk.states() == {DeliveryState.SENT: 2}


def test_refused_credentials_stop_the_sender_and_keep_the_queue(desk: Desk) -> None:
    """One refusal is enough; the whole queue waits for the new token."""
    desk.open("broken one", "broken two")
    desk.notifier.errors = [DeliveryForbidden("token revoked")]
    desk.drain()
    assert desk.deliverer.blocked_reason == "token revoked"
    assert desk.states() == {DeliveryState.PENDING: 2}
    desk.drain(601)
    assert desk.deliverer.blocked_reason == ""
    assert len(desk.notifier.cards) == 2


def test_a_message_that_is_refused_as_it_is_does_not_block_the_others(desk: Desk) -> None:
    """It is given up with its reason, and the next one goes out."""
    desk.open("broken one", "broken two")
    desk.notifier.errors = [DeliveryRejected("invalid_blocks")]
    desk.drain()
    assert desk.states() == {DeliveryState.DEAD: 1, DeliveryState.SENT: 1}


def test_an_unknown_failure_is_tried_again_ever_more_slowly(desk: Desk) -> None:
    """A refused connection doubles the wait each time."""
    desk.open("broken")
    desk.notifier.errors = [DeliveryDelayed("connection refused")] * 4
    desk.drain(120)
    assert desk.clock.waits == [pytest.approx(wait) for wait in (2, 4, 8, 16)]
    assert desk.states() == {DeliveryState.SENT: 1}


def test_what_exceeds_the_budget_comes_as_one_summary_that_accounts_for_all(desk: Desk) -> None:
    """Ten urgent cards, twenty others, and one summary of the other 470."""
    desk.pace(RateLimits(cards_per_hour=20))
    desk.open(
        *(f"broken {number}" for number in range(490)),
        *(f"outage {number}" for number in range(10)),
    )
    desk.drain()
    assert [card.alert.rule_id for card in desk.notifier.cards] == ["urgent"] * 10 + ["broken"] * 20
    assert [summary.total for summary in desk.notifier.summaries] == [470]
    assert desk.notifier.summaries[0].by_rule == (("broken", 470),)
    assert desk.states() == {DeliveryState.SENT: 31, DeliveryState.MERGED: 470}


def test_what_is_severe_is_shown_although_the_budget_is_spent(desk: Desk) -> None:
    """An urgent alert, and one that will be escalated, come at once and take nobody's place."""
    desk.pace(RateLimits(cards_per_hour=3))
    desk.open("broken 1", "broken 2", "broken 3", "broken 4")
    desk.drain()
    desk.open("outage", "lost money", "broken 5")
    desk.drain()
    shown = [card.alert.rule_id for card in desk.notifier.cards]
    assert shown == ["broken"] * 3 + ["urgent", "called"]
    desk.clock.now += timedelta(minutes=61)
    desk.open("outage again", "broken 6", "broken 7")
    desk.drain()
    assert [card.feedback.body for card in desk.notifier.cards[5:]] == [
        "outage again",
        "broken 5",
        "broken 6",
        "broken 7",
    ]


def test_a_call_for_a_card_that_waits_for_the_budget_brings_it_out(desk: Desk) -> None:
    """Neither the card nor the call goes into the next summary."""
    desk.pace(RateLimits(cards_per_hour=1))
    desk.open("broken 1", "broken 2")
    desk.drain()
    desk.open("broken 3")
    _happen(desk, 3, EventKind.ESCALATED)
    desk.drain(SUMMARY_EVERY.total_seconds())
    assert [card.alert.id for card in desk.notifier.cards] == [1, 3]
    assert [entry.alert.id for entry in desk.notifier.calls] == [3]


def test_a_call_is_made_although_its_card_was_given_up(desk: Desk) -> None:
    """It stands for itself; what only makes sense below the card goes with the card."""
    desk.open("broken")
    _happen(desk, 1, EventKind.ESCALATED)
    desk.notifier.errors = [DeliveryRejected("odd blocks")]
    desk.drain()
    assert [entry.alert.id for entry in desk.notifier.calls] == [1]
    assert desk.states() == {DeliveryState.SENT: 1, DeliveryState.DEAD: 2}


def test_missed_limits_of_many_summarised_alerts_are_no_flood(desk: Desk) -> None:
    """A card that a missed limit brings about keeps to the budget: the rest is summarised again."""
    desk.pace(RateLimits(cards_per_hour=2))
    desk.open(*(f"broken {number}" for number in range(40)))
    desk.drain()
    desk.clock.now += timedelta(hours=2)
    for alert_id in range(3, 41):
        _happen(desk, alert_id, EventKind.LATE)
    desk.drain()
    assert (len(desk.notifier.cards), len(desk.notifier.entries)) == (4, 2)
    assert [summary.total for summary in desk.notifier.summaries] == [38, 36]


def _happen(desk: Desk, alert_id: int, kind: EventKind) -> None:
    with desk.store.write() as tx:
        change = AlertChange(kind=kind, details={"channel": "#leads"} if kind is CALLED else {})
        tx.alerts.apply_change(alert_id, change, at=desk.clock.now, actor=SYSTEM)


def test_who_is_called_to_a_summarised_alert_finds_its_card(desk: Desk) -> None:
    """A call posts the card first and is told below it, whatever the budget."""
    desk.pace(RateLimits(cards_per_hour=1))
    desk.open("broken 1", "broken 2", "broken 3")
    desk.drain()
    _happen(desk, 2, EventKind.ESCALATED)
    desk.drain()
    assert [card.alert.id for card in desk.notifier.cards] == [1, 2]
    assert [(one.alert.id, one.event.kind) for one in desk.notifier.entries] == [(2, CALLED)]
    assert [one.alert.id for one in desk.notifier.calls] == [2]


def test_overflow_is_summarised_at_most_every_ten_minutes(desk: Desk) -> None:
    """What comes while the budget is spent waits for the next summary, and is in it."""
    desk.pace(RateLimits(cards_per_hour=1))
    desk.open("broken 1", "broken 2")
    desk.drain()
    for number in range(3, 9):
        desk.open(f"broken {number}")
        desk.drain(60)
    assert [summary.total for summary in desk.notifier.summaries] == [1]
    desk.drain(SUMMARY_EVERY.total_seconds())
    assert [summary.total for summary in desk.notifier.summaries] == [1, 6]
    assert desk.states() == {DeliveryState.SENT: 3, DeliveryState.MERGED: 7}


def test_the_budget_comes_back_with_the_hour(desk: Desk) -> None:
    """An hour later cards are shown again."""
    desk.pace(RateLimits(cards_per_hour=2))
    desk.open("broken 1", "broken 2", "broken 3")
    desk.drain()
    desk.clock.now += timedelta(minutes=61)
    desk.open("broken 4")
    desk.drain()
    assert len(desk.notifier.cards) == 3


def test_a_report_that_joins_updates_the_card_and_posts_nothing(desk: Desk) -> None:
    """The card's counter grows in place."""
    desk.open("the same thing")
    desk.drain()
    desk.open("same again", "and the same")
    desk.drain()
    assert len(desk.notifier.cards) == 1
    assert [card.alert.members for card in desk.notifier.updates] == [3]


def test_a_change_of_state_is_shown_on_the_card(desk: Desk) -> None:
    """Taking an alert in the terminal edits its message."""
    desk.open("broken")
    desk.drain()
    with desk.store.write() as tx:
        tx.alerts.apply_change(
            1,
            AlertChange(kind=EventKind.ACKNOWLEDGED, to=AlertStatus.ACKNOWLEDGED),
            at=desk.clock.now,
            actor=Actor.cli("anna"),
        )
    desk.drain()
    assert [card.alert.status for card in desk.notifier.updates] == [AlertStatus.ACKNOWLEDGED]


def test_one_process_sends_at_a_time(desk: Desk) -> None:
    """While one holds the lease, another does nothing; when it is released, the other goes on."""
    other = OutboxSender(desk.store, desk.notifier, holder="there/2/b")
    desk.open("broken 1")
    desk.drain()
    desk.open("broken 2")
    waits = other.send_next(desk.clock.now)
    assert waits is not None
    assert waits.seconds > 0
    assert len(desk.notifier.cards) == 1
    desk.deliverer.release_lease()
    other.send_next(desk.clock.now)
    assert len(desk.notifier.cards) == 2


def test_a_sender_that_died_is_succeeded_at_once(desk: Desk) -> None:
    """What it was sending is looked for, not sent blindly."""
    desk.pace(RateLimits(settle_seconds=5))
    desk.open("broken")
    with desk.store.write() as tx:
        tx.leases.acquire("sender", "here/1/dead", desk.clock.now, LEASE_SECONDS)
        due = tx.deliveries.find_due(desk.clock.now)
        assert tx.deliveries.claim(due[0].id, desk.clock.now)
    heir = OutboxSender(
        desk.store,
        desk.notifier,
        holder="here/2/heir",
        is_holder_dead=lambda holder: holder == "here/1/dead",
    )
    desk.open("broken too")
    drain_outbox(heir, desk.clock, desk.clock.sleep, until=desk.clock.now)
    assert [card.feedback.body for card in desk.notifier.cards] == ["broken too"]
    assert desk.states() == {DeliveryState.SENT: 1, DeliveryState.UNCERTAIN: 1}


@pytest.mark.parametrize(
    "error",
    [
        DeliveryUncertain("?"),
        DeliveryDelayed("429", 1),
        DeliveryRejected("no"),
        DeliveryUnreachable("closed"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_the_reason_of_a_failure_is_kept(desk: Desk, error: DeliveryError) -> None:
    """Operators can read why a delivery is where it is."""
    desk.open("broken")
    desk.notifier.errors = [error]
    desk.deliverer.send_next(desk.clock.now)
    with desk.store.read() as tx:
        found = [tx.deliveries.get(item) for item in desk.notifier.attempted]
    assert [delivery.error for delivery in found if delivery] == [str(error)]
