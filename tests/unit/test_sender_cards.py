"""Where the cards of one alert are, and what becomes of them: several channels, one of them out of
reach, a card that somebody deletes, and a person's click among many cards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.domain.action import AlertChange
from monitor.domain.actor import Actor
from monitor.domain.alert import AlertStatus, EscalationStep, NamedRule, SlaLimits
from monitor.domain.delivery import Card, Delivery, DeliveryState, ThreadEntry
from monitor.domain.event import EventKind
from monitor.errors import CardDeleted, DeliveryRefused
from monitor.notifiers.base import PostedMessage, RateLimits
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.sender import OutboxSender, drain_outbox
from monitor.store import Store
from monitor.testing import NOON, RecordingNotifier, make_feedback, memory_store
from rules.engine import Engine
from rules.load import parse_rules

RULES = parse_rules(
    {
        "rules": [
            {
                "id": "fire",
                "severity": "urgent",
                "mention": "@here",
                "escalate": [{"after": "10m", "mention": "@channel"}],
                "all": [{"text": "fire"}],
            },
            {
                "id": "law",
                "severity": "high",
                "channel": "#law",
                "mention": "<!subteam^S0LAW>",
                "all": [{"text": "law"}],
            },
            {"id": "slow", "group_by": ["feedback"], "all": [{"text": "slow"}]},
            {
                "id": "private",
                "severity": "urgent",
                "channel": "#hr",
                "mention": "<!subteam^S0HR0000>",
                "fallback": False,
                "advice": "Call {emergency_line}.",
                "escalate": [{"after": "10m", "channel": "#boss"}],
                "all": [{"text": "hurt"}],
            },
            {
                "id": "rude",
                "acknowledge_within": "15m",
                "escalate": [{"after": "10m", "mention": "<@U0LEAD000>"}],
                "all": [{"text": "rude"}],
            },
        ]
    },
    "rules.toml",
)
ANALYZER, ENGINE = Analyzer(deep=False), Engine(RULES, emergency_line="112")
ANNA = Actor.slack("U1")
LAW = NamedRule("law", "law")
TAKEN = AlertChange(kind=EventKind.ACKNOWLEDGED, to=AlertStatus.ACKNOWLEDGED, assignee=ANNA)
RESOLVED = AlertChange(kind=EventKind.RESOLVED, to=AlertStatus.RESOLVED)


@dataclass
class Channels(RecordingNotifier):
    """Channels in which messages can be deleted."""

    deleted: set[str] = field(default_factory=set)  #: message ids
    log: list[tuple[str, int]] = field(default_factory=list)  #: what was shown of which alert

    def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
        posted = super().post_card(card, delivery)
        self.log.append(("card", card.alert.id))
        return posted

    def update_card(self, card: Card, posted: PostedMessage) -> None:
        self._require(posted)
        super().update_card(card, posted)
        self.log.append(("update", card.alert.id))

    def post_thread_entry(
        self, entry: ThreadEntry, card: PostedMessage, delivery: Delivery
    ) -> PostedMessage:
        self._require(card)
        self.log.append(("entry", entry.alert.id))
        return super().post_thread_entry(entry, card, delivery)

    def _require(self, posted: PostedMessage) -> None:
        if posted.message_id in self.deleted:
            raise CardDeleted("the card was deleted")


@dataclass
class Desk:
    """A store, some channels, and a sender between them."""

    store: Store
    channels: Channels
    sender: OutboxSender
    now: datetime = NOON

    def report(self, *bodies: str, external_id: str = "") -> None:
        items = [
            make_feedback(body, created_at=self.now, external_id=external_id) for body in bodies
        ]
        Ingest(self.store, ANALYZER, ENGINE, "#support")(items, self.now, AlertPolicy())

    def act(self, alert_id: int, change: AlertChange = TAKEN) -> None:
        with self.store.write() as tx:
            tx.alerts.apply_change(alert_id, change, at=self.now, actor=ANNA, via="slack:button")

    def drain(self, seconds: float = 0) -> None:
        drain_outbox(
            self.sender, lambda: self.now, self.sleep, until=self.now + timedelta(seconds=seconds)
        )

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def states(self) -> dict[DeliveryState, int]:
        with self.store.read() as tx:
            every = tx.deliveries.count_by_state()
        return {state: count for state, count in every.items() if count}


@pytest.fixture
def desk() -> Iterator[Desk]:
    store = memory_store()
    channels = Channels()
    yield Desk(store, channels, OutboxSender(store, channels, holder="here/1/a"))
    store.close()


def test_one_alert_is_shown_in_the_channel_of_each_rule(desk: Desk) -> None:
    """Each card addresses whom its rule names, and the other rules stand on both."""
    desk.report("a fire, and the law")
    desk.drain()
    assert [
        (card.alert.id, card.alert.channel, card.alert.mention, card.also)
        for card in desk.channels.cards
    ] == [
        (1, "#support", "@here", (LAW,)),
        (1, "#law", "<!subteam^S0LAW>", (LAW,)),
    ]


def test_a_click_counts_on_every_card(desk: Desk) -> None:
    """Both cards show who has it, and the line stands below both; it calls people below one."""
    desk.report("a fire, and the law")
    desk.drain()
    desk.act(1)
    desk.drain(5)
    assert [card.alert.assignee for card in desk.channels.updates] == [ANNA, ANNA]
    assert sorted(entry.home for entry in desk.channels.entries) == [False, True]


def test_a_card_for_a_channel_out_of_reach_says_so_in_the_default_one(desk: Desk) -> None:
    """And people are told that the channel is out of reach."""
    desk.channels.closed_channels = {"#law"}
    desk.report("only the law")
    desk.drain()
    (card,) = desk.channels.cards
    assert (card.meant_for, card.alert.id) == ("#law", 1)
    assert "#law is closed" in desk.sender.blocked_reason


def test_the_default_channel_never_gets_two_cards_of_one_alert(desk: Desk) -> None:
    """What cannot be shown elsewhere is shown there already: it says so, and a line below it calls
    whom the other card would have called.
    """
    desk.channels.closed_channels = {"#law"}
    desk.report("a fire, and the law")
    desk.drain(5)
    assert [card.alert.channel for card in desk.channels.cards] == ["#support"]
    assert [card.meant_for for card in desk.channels.updates] == ["#law"]
    (entry,) = desk.channels.entries
    assert (entry.event.kind, entry.home) == (EventKind.REDIRECTED, True)
    assert entry.event.details["mention"] == "<!subteam^S0LAW>"


def test_an_alert_whose_own_channel_is_out_of_reach_still_calls_people(desk: Desk) -> None:
    """Another rule's card is in the default channel: it takes over, mention and escalation too."""
    desk.channels.closed_channels = {"#law"}
    desk.report("the law says it is slow")
    desk.drain(5)
    (card,) = desk.channels.cards
    assert (card.alert.channel, card.alert.mention, card.meant_for) == (
        "#law",
        "<!subteam^S0LAW>",
        "#law",
    )
    desk.act(1, AlertChange(kind=EventKind.ESCALATED, details={"mention": "@channel"}))
    desk.drain(5)
    assert [(entry.event.kind, entry.home) for entry in desk.channels.entries] == [
        (EventKind.ESCALATED, True)
    ]


def test_what_is_private_is_shown_nowhere_else(desk: Desk) -> None:
    """Its channel is out of reach: its card waits, no other rule brings it into the default
    channel, and whoever is to be called is called all the same.
    """
    desk.channels.closed_channels = {"#hr"}
    desk.report("they hurt me", external_id="1")
    desk.drain(5)
    desk.report("they hurt me, and were slow", external_id="1")
    desk.act(1, AlertChange(kind=EventKind.ESCALATED, details={"channel": "#boss"}))
    desk.drain(5)
    assert desk.channels.cards == []
    assert [entry.alert.id for entry in desk.channels.calls] == [1]
    desk.channels.closed_channels = set()
    desk.drain(1_000)
    assert [card.alert.channel for card in desk.channels.cards] == ["#hr"]


def test_a_card_says_what_to_do(desk: Desk) -> None:
    """With the emergency line of the configuration."""
    desk.report("they hurt me")
    desk.drain(5)
    assert desk.channels.cards[0].alert.advice == "Call 112."


def test_a_rule_that_joins_later_brings_its_limits(desk: Desk) -> None:
    """They count from then on, once for the rule, and nothing is late at once."""
    desk.report("it is slow", external_id="1")
    desk.now += timedelta(hours=1)
    desk.report("it is slow, they are rude", external_id="1")
    desk.report("it is slow, they are rude, rude", external_id="1")
    with desk.store.read() as tx:
        alert = tx.alerts.get(1)
    assert alert
    assert alert.limits == SlaLimits(
        acknowledge=4500, escalate=(EscalationStep(4200, "<@U0LEAD000>", ""),)
    )


def test_a_call_is_made_although_the_card_was_deleted_twice(desk: Desk) -> None:
    """Who deletes cards does not keep others from being called."""
    desk.report("a fire")
    desk.drain()
    for change in (AlertChange(kind=EventKind.NOTED), TAKEN):
        desk.channels.deleted.update(one.message_id for one in desk.channels.shown.values())
        desk.act(1, change)
        desk.drain(5)
    assert len(desk.channels.cards) == 2
    details = {"channel": "#boss", "mention": "@channel"}
    desk.act(1, AlertChange(kind=EventKind.ESCALATED, details=details))
    desk.drain(5)
    assert [entry.event.kind for entry in desk.channels.calls] == [EventKind.ESCALATED]


def test_a_deleted_card_is_posted_anew_once_with_what_follows(desk: Desk) -> None:
    """The new one says so, takes the line with it, and shows the alert as it is."""
    desk.report("it is slow")
    desk.drain()
    desk.channels.deleted.add("message-1")
    desk.act(1)
    desk.drain(5)
    assert [card.replaces_deleted for card in desk.channels.cards] == [False, True]
    assert desk.channels.cards[1].alert.assignee == ANNA
    assert [entry.event.kind for entry in desk.channels.entries] == [EventKind.ACKNOWLEDGED]
    assert DeliveryState.DEAD not in desk.states()


def test_who_deletes_the_second_card_too_wants_it_gone(desk: Desk) -> None:
    """It is not posted a third time, and nobody is alarmed."""
    desk.report("it is slow")
    desk.drain()
    for number in (1, 2):
        desk.channels.deleted.update(one.message_id for one in desk.channels.shown.values())
        desk.act(1, AlertChange(kind=EventKind.NOTED, note=f"note {number}"))
        desk.drain(5)
    assert len(desk.channels.cards) == 2
    assert desk.sender.blocked_reason == ""


def test_the_deleted_card_of_a_closed_alert_stays_away(desk: Desk) -> None:
    """Nobody needs it any more."""
    desk.report("it is slow")
    desk.drain()
    desk.channels.deleted.add("message-1")
    desk.act(1, RESOLVED)
    desk.drain(5)
    assert len(desk.channels.cards) == 1


def test_an_edit_that_makes_it_worse_changes_the_card_and_calls(desk: Desk) -> None:
    """The line below tells the whole channel, with the mention and the limits of the worse rule."""
    desk.report("it is slow", external_id="1")
    desk.drain()
    desk.report("it is slow, and on fire", external_id="1")
    desk.drain(5)
    (update,) = desk.channels.updates
    assert (update.alert.id, update.alert.rule_id) == (1, "fire")
    assert update.also == (NamedRule("slow", "slow"),)
    assert update.alert.limits.escalate
    (entry,) = desk.channels.entries
    assert (entry.event.kind, entry.is_broadcast) == (EventKind.RAISED, True)
    assert entry.event.details["mention"] == "@here"


def test_a_worse_report_of_an_incident_has_its_own_alert_and_each_names_the_other(
    desk: Desk,
) -> None:
    """Nobody overlooks it among the reports of something smaller."""
    desk.report("my parcel came two weeks late and the law says you must pay for it")
    desk.report("my parcel came two weeks late and the law says you must pay for the fire")
    desk.drain(5)
    assert [(card.alert.id, card.alert.channel) for card in desk.channels.cards] == [
        (2, "#support"),
        (2, "#law"),
        (1, "#law"),
    ]
    assert {
        (entry.alert.id, entry.event.kind, entry.event.details["alert"])
        for entry in desk.channels.entries
    } == {(1, EventKind.RELATED, "2"), (2, EventKind.RELATED, "1")}


def test_a_line_that_is_refused_holds_up_no_other_below_its_card(desk: Desk) -> None:
    """Slack does not want the first, for a reason that nobody knows; the second is shown."""
    desk.report("it is slow")
    desk.drain()
    for note in ("first", "second"):
        desk.act(1, AlertChange(kind=EventKind.NOTED, note=note))
    desk.channels.errors = [DeliveryRefused("odd")]
    desk.drain()
    assert [entry.event.note for entry in desk.channels.entries] == ["second"]
    desk.drain(60)
    assert [entry.event.note for entry in desk.channels.entries] == ["second", "first"]


def test_what_a_person_did_goes_before_new_cards(desk: Desk) -> None:
    """A hundred cards wait for the channel's pace; the click is shown with the next message."""
    desk.report("it is slow")
    desk.drain()
    desk.channels.rate_limits = RateLimits(posts_per_second=1, edit_after_seconds=2)
    desk.report(*(f"it is slow {number} more" for number in range(100)))
    desk.sender.send_next(desk.now)
    desk.act(1)
    clicked_at = desk.now
    while ("update", 1) not in desk.channels.log:
        step = desk.sender.send_next(desk.now)
        assert step is not None
        desk.sleep(step.seconds)
    assert desk.now - clicked_at <= timedelta(seconds=3)


def test_cards_that_wait_for_one_channel_call_everybody(desk: Desk) -> None:
    """One is redirected to where the other waits: one card, which addresses the people of both."""
    desk.channels.closed_channels = {"#law"}
    desk.channels.rate_limits = RateLimits(posts_per_second=1)
    desk.report("it is a fire of some size, and everybody says that the law must hear of it")
    desk.drain(60)
    everybody = {word for card in desk.channels.cards for word in card.alert.mention.split()}
    everybody |= {entry.event.details.get("mention", "") for entry in desk.channels.entries}
    assert {"@here", "<!subteam^S0LAW>"} <= everybody
    assert len(desk.channels.cards) == 1


def test_an_alert_that_is_raised_before_its_card_is_shown_calls_all(desk: Desk) -> None:
    """Those of the first rule, and those of the worse one, each once."""
    desk.report("the law says", external_id="1")
    desk.report("the law says there is a fire", external_id="1")
    desk.drain(5)
    assert [(card.alert.channel, card.alert.mention) for card in desk.channels.cards] == [
        ("#law", "<!subteam^S0LAW>"),
        ("#support", "@here"),
    ]
    assert [entry.event.details.get("mention") for entry in desk.channels.entries] == [None] * 2


def test_what_becomes_private_by_an_edit_stays_in_its_channels(desk: Desk) -> None:
    """A card that waits for a closed channel is not shown in the default one either."""
    desk.channels.closed_channels = {"#law", "#hr"}
    desk.report("the law says", external_id="1")
    with desk.store.read() as tx:
        assert tx.alerts.get(1)
    desk.report("the law says it is slow and they hurt me", external_id="1")
    desk.drain(5)
    assert [card.alert.rule_id for card in desk.channels.cards] == []
