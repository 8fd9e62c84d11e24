"""What ships, from a customer's words to the channel: one card, however many rules hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.domain.alert import EscalationStep, MatchOutcome
from monitor.domain.feedback import Author, Feedback
from monitor.notifiers.base import RateLimits
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.sender import OutboxSender, drain_outbox
from monitor.store import Store
from monitor.testing import NOON, RecordingNotifier, make_feedback, memory_store
from rules.engine import Engine
from rules.load import load_preset, parse_rules, preset_names

PRESETS = {rule.id: rule for name in preset_names() for rule in load_preset(name)}
ANALYZER, ENGINE = Analyzer(), Engine(PRESETS.values())
ANGRY = (
    "I was charged twice and nobody answers my emails. Refund my money, I am leaving for good!",
    "The app crashes each time since the update, my notes are gone, support never replied. Refund!",
    "Servers are down again, I cannot log in, and all my work is gone. I have cancelled.",
    "Still waiting for the refund after six weeks, five emails, no answer. See you in court.",
    "The parcel never came, you charged me for it, and no reply. I want a refund, I am leaving.",
)
SIX_RULES = (
    "Charged twice after I cancelled, and support never answered. I want my refund, my lawyer will "
    "hear of it. The app crashes since the update and my photos are gone."
)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = memory_store()
    yield opened
    opened.close()


def ingest(store: Store, *items: Feedback, at: datetime = NOON) -> None:
    Ingest(store, ANALYZER, ENGINE, "#support")(items, at, AlertPolicy())


def drain(store: Store, notifier: RecordingNotifier) -> None:
    sender = OutboxSender(store, notifier, holder="here/1/a")
    now = [NOON]

    def wait(seconds: float) -> None:
        now[0] += timedelta(seconds=seconds)

    drain_outbox(sender, lambda: now[0], wait, until=NOON)


def test_five_angry_reviews_are_five_cards(store: Store) -> None:
    """Each hits several rules."""
    ingest(store, *(make_feedback(words, stars=1) for words in ANGRY))
    notifier = RecordingNotifier()
    drain(store, notifier)
    assert sorted(card.feedback.body for card in notifier.cards) == sorted(ANGRY)
    assert all(card.also for card in notifier.cards)


def test_what_six_rules_of_three_presets_hold_for_is_one_card(store: Store) -> None:
    """With one set of limits, the shortest of each, and one line that names the others."""
    ingest(store, make_feedback(SIX_RULES, stars=1))
    notifier = RecordingNotifier()
    drain(store, notifier)
    (card,) = notifier.cards
    with store.read() as tx:
        held = [
            PRESETS[one.rule_id]
            for one in tx.alerts.list_decisions(card.feedback.id)
            if one.outcome is not MatchOutcome.SUPPRESSED
        ]
    assert len(held) >= 6
    assert card.alert.rule_id == min(held, key=lambda rule: rule.severity.rank).id
    assert {rule.id for rule in card.also} == {rule.id for rule in held} - {card.alert.rule_id}
    asked = [rule.limits.acknowledge for rule in held if rule.limits.acknowledge]
    assert card.alert.limits.acknowledge == min(asked)


@pytest.mark.parametrize(
    "change",
    [
        {"external_id": "other"},
        {"external_id": "moved", "url": "https://forum.example/p/1"},
        {
            "external_id": "news",
            "url": "https://papers.example/today",
            "author": Author(name="Press"),
        },
    ],
)
def test_the_same_words_again_are_no_second_card(store: Store, change: dict[str, object]) -> None:
    """Under another id, at another address, or told by somebody else: it joins."""
    first = make_feedback(SIX_RULES, stars=1, url="http://forum.example/p/1", author="Dana")
    ingest(store, first)
    ingest(store, replace(first, **change), at=NOON + timedelta(hours=1))  # type: ignore[arg-type]
    with store.read() as tx:
        (alert,) = tx.alerts.find()
    assert alert.members == 2


def test_what_is_urgent_is_shown_although_the_budget_is_spent(store: Store) -> None:
    """Three cards an hour, four normal alerts, then an urgent one that calls the channel: its card
    goes out at once, and so does the call when it is due.
    """
    rules = parse_rules(
        {
            "rules": [
                {"id": "slow", "group_by": ["feedback"], "all": [{"text": "slow"}]},
                {
                    "id": "fire",
                    "severity": "urgent",
                    "mention": "@here",
                    "escalate": [{"after": "5m", "mention": "@channel"}],
                    "all": [{"text": "fire"}],
                },
            ]
        },
        "rules.toml",
    )
    collect = Ingest(store, ANALYZER, Engine(rules), "#support")
    notifier = RecordingNotifier(rate_limits=RateLimits(cards_per_hour=3))
    collect([make_feedback(f"slow {number}") for number in range(4)], NOON, AlertPolicy())
    drain(store, notifier)
    collect([make_feedback("there is a fire")], NOON, AlertPolicy())
    drain(store, notifier)
    *_, last = notifier.cards
    assert (last.alert.rule_id, last.alert.mention) == ("fire", "@here")
    assert last.alert.limits.escalate == (EscalationStep(300, "@channel", ""),)
