"""The outbox: what is due, who may try it, what became of it; and leases, sources and rules beside
it.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from monitor.domain.action import AlertChange
from monitor.domain.actor import Actor
from monitor.domain.alert import AlertStatus, MatchOutcome, Severity
from monitor.domain.delivery import Delivery, DeliveryKind, DeliveryState, SendConstraints
from monitor.domain.event import EventKind
from monitor.domain.source_health import SourceState
from monitor.errors import AlertError
from monitor.store import Store
from monitor.store.outbox import delivery_row
from monitor.store.schema import deliveries
from tests.integration.store_values import CHANNEL, NOW, decision, item, recorded, stored

LATER = NOW + timedelta(minutes=5)
SENT, PENDING, UNCERTAIN = DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.UNCERTAIN


def _cards(store: Store, *severities: Severity) -> list[Delivery]:
    """The cards of one alert of each severity, in this order."""
    items = stored(store, *(item(str(number)) for number in range(len(severities))))
    decisions = [
        decision(one, severity=severity, group=str(number))
        for number, (one, severity) in enumerate(zip(items, severities, strict=True))
    ]
    recorded(store, *decisions)
    return sorted(_due(store, NOW), key=lambda delivery: delivery.alert_id)


def _due(store: Store, now: datetime) -> list[Delivery]:
    with store.read() as tx:
        return tx.deliveries.find_due(now, 100)


def test_the_most_urgent_is_due_first(store: Store) -> None:
    """Order is by severity, then by age; nothing is due before its time."""
    normal, praise, urgent = _cards(store, Severity.NORMAL, Severity.PRAISE, Severity.URGENT)
    assert _due(store, NOW) == [urgent, normal, praise]
    assert _due(store, NOW - timedelta(seconds=1)) == []
    with store.read() as tx:
        assert tx.deliveries.find_due(NOW, 1) == [urgent]
        assert tx.deliveries.get(praise.id) == praise
        assert tx.deliveries.get("none") is None


def test_one_of_many_senders_claims(store: Store) -> None:
    """However many try at once, one gets the delivery, and the attempt is counted once."""
    [card] = _cards(store, Severity.HIGH)
    start = threading.Barrier(5)

    def claim(_: int) -> bool:
        start.wait()
        with store.write() as tx:
            return tx.deliveries.claim(card.id, LATER)

    with ThreadPoolExecutor(5) as threads:
        assert sum(threads.map(claim, range(5))) == 1
    with store.read() as tx:
        expected = replace(card, state=DeliveryState.ATTEMPTING, attempts=1, attempted_at=LATER)
        assert tx.deliveries.get(card.id) == expected


def test_settling_is_conditional_and_keeps_what_is_not_given(store: Store) -> None:
    """A fate is written only while the delivery is under way, and each given field once."""
    [card] = _cards(store, Severity.HIGH)
    with store.write() as tx:
        assert not tx.deliveries.mark_sent(card.id, NOW, "1.1", "C1")
        tx.deliveries.claim(card.id, NOW)
        assert tx.deliveries.mark_uncertain(card.id, LATER, error="no answer", probes=1)
        assert tx.deliveries.find_uncertain(NOW) == []
        [waiting] = tx.deliveries.find_uncertain(LATER)
        assert tx.deliveries.retry_at(card.id, LATER, repeat=True)
        tx.deliveries.claim(card.id, LATER)
        assert tx.deliveries.redirect_to(card.id, "#other", LATER, error="#here is closed")
        tx.deliveries.claim(card.id, LATER)
        assert tx.deliveries.mark_sent(card.id, LATER, "1.2", "C1")
        assert not tx.deliveries.mark_dead(card.id, error="too late")
        shown = tx.deliveries.find_shown_card(card.alert_id)

    assert (waiting.error, waiting.probes, waiting.attempts, waiting.not_before) == (
        "no answer",
        1,
        1,
        LATER,
    )
    assert shown == replace(
        waiting,
        state=SENT,
        attempts=3,
        probes=0,
        attempted_at=LATER,
        repeat=True,
        channel="#other",
        meant_for=card.channel,
        error="",
        sent_at=LATER,
        message_id="1.2",
        posted_to="C1",
    )


def test_a_dead_sender_leaves_uncertainty(store: Store) -> None:
    """What was being attempted may have been shown; an update is simply due again."""
    [card] = _cards(store, Severity.HIGH)
    with store.write() as tx:
        tx.deliveries.claim(card.id, NOW)
        tx.deliveries.mark_sent(card.id, NOW, "1", "")
    more = stored(store, item("more"), item("other"))
    recorded(
        store,
        decision(more[0], MatchOutcome.GROUPED, alert_id=card.alert_id),
        decision(more[1], group="other"),
    )
    update, fresh = sorted(
        _due(store, LATER), key=lambda delivery: delivery.kind is DeliveryKind.CARD
    )
    with store.write() as tx:
        assert tx.deliveries.claim(update.id, LATER)
        assert tx.deliveries.claim(fresh.id, LATER)
        assert tx.deliveries.mark_interrupted(LATER) == 2
        assert tx.deliveries.mark_interrupted(LATER) == 0
        assert [one.id for one in tx.deliveries.find_uncertain(LATER)] == [fresh.id]
        assert [one.id for one in tx.deliveries.find_due(LATER, 9)] == [update.id]


def test_a_change_while_an_update_is_under_way_queues_another(store: Store) -> None:
    """An update that was taken may show the older state, so the next change gets its own."""
    [card] = _cards(store, Severity.HIGH)
    with store.write() as tx:
        tx.deliveries.claim(card.id, NOW)
        tx.deliveries.mark_sent(card.id, NOW, "1", "")
    first, second = stored(store, item("a"), item("b"))
    recorded(store, decision(first, MatchOutcome.GROUPED, alert_id=card.alert_id))
    [update] = _due(store, NOW)
    with store.write() as tx:
        tx.deliveries.claim(update.id, NOW)
    recorded(store, decision(second, MatchOutcome.GROUPED, alert_id=card.alert_id))

    assert [one.kind for one in _due(store, NOW)] == [DeliveryKind.UPDATE]
    assert _due(store, NOW)[0].id != update.id


def test_the_budget_counts_what_was_or_may_have_been_posted(store: Store) -> None:
    """Cards sent, under way or uncertain since a time count for their channel; waiting ones do
    not.
    """
    sent, under_way, uncertain, _waiting, old = _cards(store, *[Severity.HIGH] * 5)
    with store.write() as tx:
        for card, at in ((sent, LATER), (under_way, LATER), (uncertain, LATER), (old, NOW)):
            tx.deliveries.claim(card.id, at)
        tx.deliveries.mark_sent(sent.id, LATER, "1.0", "C1")
        tx.deliveries.mark_uncertain(uncertain.id, LATER)
        tx.deliveries.mark_sent(old.id, NOW, "2.0", "C1")
        assert tx.deliveries.count_cards_since(CHANNEL, LATER) == 3
        assert tx.deliveries.count_cards_since("#else", NOW) == 0


def test_a_card_that_is_shown_after_a_summary_is_brought_up_to_date(store: Store) -> None:
    """Whoever is called to a summarised alert gets a card of its own, and sees there what happens
    from then on.
    """
    [card] = _cards(store, Severity.NORMAL)
    escalated, taken = (
        AlertChange(kind=EventKind.ESCALATED),
        AlertChange(kind=EventKind.ACKNOWLEDGED, to=AlertStatus.ACKNOWLEDGED),
    )
    with store.write() as tx:
        summary = tx.deliveries.merge_into_summary([card.id], CHANNEL, NOW)
        tx.alerts.apply_change(card.alert_id, escalated, at=NOW, actor=Actor.cli("anna"))
    [own] = [one for one in _due(store, NOW) if one.id != summary.id]
    assert (own.kind, own.alert_id) == (DeliveryKind.CARD, card.alert_id)
    with store.write() as tx:
        tx.deliveries.claim(own.id, NOW)
        tx.deliveries.mark_sent(own.id, NOW, "1.0", "C1")
        tx.alerts.apply_change(card.alert_id, taken, at=LATER, actor=Actor.cli("anna"))
    assert {one.kind for one in _due(store, LATER) if one.alert_id} == {
        DeliveryKind.UPDATE,
        DeliveryKind.ENTRY,
    }


def test_lines_below_a_card_keep_their_order(store: Store) -> None:
    """While nobody knows whether one was shown, those of the same alert wait, and those of others
    do not.
    """
    first, second = _cards(store, Severity.NORMAL, Severity.NORMAL)
    with store.write() as tx:
        for number, card in enumerate((first, second)):
            tx.deliveries.claim(card.id, NOW)
            tx.deliveries.mark_sent(card.id, NOW, f"{number}.0", "C1")
            for _ in range(2):
                tx.alerts.apply_change(
                    card.alert_id,
                    AlertChange(kind=EventKind.NOTED),
                    at=NOW,
                    actor=Actor.cli("anna"),
                )
    line, other = (one for one in _due(store, NOW) if one.kind is DeliveryKind.ENTRY)
    assert (line.alert_id, other.alert_id) == (first.alert_id, second.alert_id)
    with store.write() as tx:
        tx.deliveries.claim(line.id, NOW)
        tx.deliveries.mark_uncertain(line.id, LATER)
    assert [one for one in _due(store, NOW) if one.kind is DeliveryKind.ENTRY] == [other]
    with store.write() as tx:
        tx.deliveries.mark_sent(line.id, LATER, "2.0", "C1")
    following = [
        one
        for one in _due(store, LATER)
        if one.alert_id == first.alert_id and one.kind is DeliveryKind.ENTRY
    ]
    assert [one.event_id > line.event_id for one in following] == [True]


def test_a_summary_accounts_for_pending_cards_once(store: Store) -> None:
    """Merged cards and their updates are never due again, and one that was claimed meanwhile is
    left alone.
    """
    normal, high, claimed = _cards(store, Severity.NORMAL, Severity.HIGH, Severity.HIGH)
    [other] = stored(store, item("more"))
    recorded(store, decision(other, MatchOutcome.GROUPED, alert_id=normal.alert_id))
    ids = [normal.id, high.id, claimed.id]
    with store.write() as tx:
        tx.deliveries.claim(claimed.id, NOW)
        summary = tx.deliveries.merge_into_summary(ids, CHANNEL, LATER)

    with store.read() as tx:
        assert tx.deliveries.find_merged_alerts(summary.id, 5) == (high.alert_id, normal.alert_id)
        assert tx.deliveries.find_due(LATER, 9) == [summary]
        assert tx.deliveries.count_by_state() == dict.fromkeys(DeliveryState, 0) | {
            DeliveryState.PENDING: 1,
            DeliveryState.ATTEMPTING: 1,
            DeliveryState.MERGED: 3,
        }
    assert (summary.kind, summary.severity, summary.alert_id) == (
        DeliveryKind.SUMMARY,
        Severity.HIGH,
        0,
    )
    with pytest.raises(AlertError, match="nothing is left"), store.write() as tx:
        tx.deliveries.merge_into_summary(ids, CHANNEL, LATER)
    [late] = stored(store, item("late"))
    recorded(store, decision(late, MatchOutcome.GROUPED, alert_id=normal.alert_id))
    assert _due(store, LATER) == [summary]


@pytest.mark.parametrize("fallback", [True, False])
def test_a_summary_of_what_is_private_is_private(store: Store, fallback: bool) -> None:
    """It goes to the default channel only where all that it holds may."""
    items = stored(store, item("1"), item("2"))
    made = [decision(one, group=str(at)) for at, one in enumerate(items)]
    made[1] = replace(made[1], match=replace(made[1].match, fallback=fallback))
    recorded(store, *made)
    ids = [card.id for card in _due(store, NOW)]
    with store.write() as tx:
        assert tx.deliveries.merge_into_summary(ids, CHANNEL, LATER).fallback is fallback


def test_what_became_urgent_meanwhile_is_not_summarised(store: Store) -> None:
    """Its budget was lifted between the plan and the summary: it goes out by itself."""
    normal, urgent = _cards(store, Severity.NORMAL, Severity.URGENT)
    with store.write() as tx:
        summary = tx.deliveries.merge_into_summary([normal.id, urgent.id], CHANNEL, LATER)
        assert tx.deliveries.find_merged_alerts(summary.id, 5) == (normal.alert_id,)
        assert urgent.id in [delivery.id for delivery in tx.deliveries.find_due(LATER)]


def test_tens_of_thousands_of_cards_become_one_summary(store: Store) -> None:
    """However many wait, no statement holds more values than a database takes."""
    [card] = _cards(store, Severity.HIGH)
    rows = [
        delivery_row(
            DeliveryKind.CARD,
            f"card {number}",
            channel=CHANNEL,
            severity=Severity.NORMAL,
            at=NOW,
            alert_id=card.alert_id,
        )
        for number in range(33_000)
    ]
    with store.write() as tx:
        tx.deliveries._connection.execute(insert(deliveries), rows)
        beyond = tx.deliveries.find_due_cards_beyond(NOW, CHANNEL, 0)
        summary = tx.deliveries.merge_into_summary(beyond, CHANNEL, NOW)
        [counted] = tx.deliveries.count_merged_alerts(summary.id)
    assert (counted.count, counted.severity, counted.oldest) == (33_001, Severity.HIGH, NOW)
    assert _due(store, NOW) == [summary]


def test_next_due_tells_how_long_to_sleep(store: Store) -> None:
    """Now while something waits or is being tried, later when it may not be tried yet, never when
    all is done.
    """
    with store.read() as tx:
        assert tx.deliveries.next_due_at(NOW) is None
    [card] = _cards(store, Severity.HIGH)
    [more] = stored(store, item("more"))
    recorded(store, decision(more, MatchOutcome.GROUPED, alert_id=card.alert_id))
    with store.write() as tx:
        assert tx.deliveries.next_due_at(LATER) == LATER
        tx.deliveries.claim(card.id, NOW)
        assert tx.deliveries.next_due_at(NOW) == NOW, "its sender may have died"
        tx.deliveries.mark_uncertain(card.id, LATER)
        assert tx.deliveries.next_due_at(NOW) == LATER


def test_a_lease_has_one_holder_and_a_growing_token(store: Store) -> None:
    """Its holder renews it, others wait until it ends or is dropped, and each new holder has a
    higher token.
    """
    second = timedelta(seconds=1)
    with store.write() as tx:
        assert tx.leases.acquire("sender", "a", NOW, 30) == 1
        assert tx.leases.acquire("sender", "a", NOW + 20 * second, 30) == 1
        assert tx.leases.acquire("sender", "b", NOW + 40 * second, 30) is None
        assert tx.leases.acquire("sender", "b", NOW + 50 * second, 30) == 2
        assert not tx.leases.release("sender", "a")
        assert tx.leases.release("sender", "b")
        assert tx.leases.acquire("sender", "a", NOW + 51 * second, 30) == 3
        assert tx.leases.acquire("other", "b", NOW, 30) == 1


def test_a_lease_is_held_until_somebody_else_takes_it(store: Store) -> None:
    """Running out alone changes nothing; a successor, and a token of before, do."""
    later = NOW + timedelta(seconds=60)
    with store.write() as tx:
        token = tx.leases.acquire("sender", "a", NOW, 30)
        assert token == 1
        assert tx.leases.is_held("sender", "a", token)
        assert not tx.leases.is_held("sender", "b", token)
        assert not tx.leases.is_held("other", "a", token)
        assert tx.leases.acquire("sender", "b", later, 30) == 2
        assert not tx.leases.is_held("sender", "a", token)
        assert tx.leases.release("sender", "b")
        assert tx.leases.acquire("sender", "a", later, 30) == 3
        assert not tx.leases.is_held("sender", "a", token)


def test_kinds_and_fresh_edits_can_be_left_out(store: Store) -> None:
    """A limited method does not hold up the others, and an edit waits until it is old enough."""
    [card] = _cards(store, Severity.HIGH)
    with store.write() as tx:
        tx.deliveries.claim(card.id, NOW)
        tx.deliveries.mark_sent(card.id, NOW, "1", "")
    more = stored(store, item("more"), item("other"))
    recorded(
        store,
        decision(more[0], MatchOutcome.GROUPED, alert_id=card.alert_id),
        decision(more[1], group="other"),
    )
    update = next(one for one in _due(store, LATER) if one.kind is DeliveryKind.UPDATE)
    with store.read() as tx:
        assert update not in tx.deliveries.find_due(
            LATER, constraints=SendConstraints(blocked_kinds=[DeliveryKind.UPDATE])
        )
        assert tx.deliveries.find_due(
            LATER, constraints=SendConstraints(blocked_kinds=[DeliveryKind.CARD])
        ) == [update]
        before = update.created_at - timedelta(microseconds=1)
        assert update not in tx.deliveries.find_due(
            LATER, constraints=SendConstraints(updates_queued_by=before)
        )
        assert update in tx.deliveries.find_due(
            LATER, constraints=SendConstraints(updates_queued_by=update.created_at)
        )


def test_one_of_many_processes_gets_a_lease(store: Store) -> None:
    """Whoever asks at the same time, one holds it."""
    start = threading.Barrier(5)

    def take(number: int) -> int | None:
        start.wait()
        with store.write() as tx:
            return tx.leases.acquire("sender", str(number), NOW, 30)

    with ThreadPoolExecutor(5) as threads:
        assert sorted(token or 0 for token in threads.map(take, range(5))) == [0, 0, 0, 0, 1]


def test_a_source_state_is_replaced_as_a_whole(store: Store) -> None:
    """What was saved last comes back; a source that was never polled has a fresh state."""
    first = SourceState(
        source_id="app", cursor="c\0", last_attempt_at=NOW, failures=2, error="down", stopped=True
    )
    second = SourceState(source_id="app", cursor="d", last_success_at=NOW, due_at=LATER)
    with store.write() as tx:
        assert tx.sources.get_state("app") == SourceState(source_id="app")
        tx.sources.save(first)
        assert tx.sources.get_state("app") == replace(first, cursor="c")
        tx.sources.save(second)
        tx.sources.save(SourceState(source_id="aaa"))
        assert tx.sources.list_states() == [SourceState(source_id="aaa"), second]


def test_rule_versions_are_kept(store: Store) -> None:
    """Each version is remembered once, with what it said, the newest first."""
    with store.write() as tx:
        assert tx.rules.add_version(
            "crash", "v1", {"all": [{"text": "crash*"}], "cooldown": 1.5}, NOW
        )
        assert not tx.rules.add_version("crash", "v1", {"changed": True}, LATER)
        assert tx.rules.add_version("crash", "v2", {"all": []}, LATER)
        versions = tx.rules.versions("crash")
        assert tx.rules.versions("none") == []

    assert [(one.version, one.at) for one in versions] == [("v2", LATER), ("v1", NOW)]
    assert versions[1].definition == {"all": [{"text": "crash*"}], "cooldown": 1.5}
