"""Digests in the store: frozen when queued, in order, once; slots, orders, subscriptions."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from monitor.domain.delivery import DeliveryKind, DeliveryState
from monitor.domain.digest_post import DigestSnapshot
from monitor.domain.digest_schedule import (
    DigestOrder,
    DigestOrderState,
    DigestSchedule,
    DigestSpan,
    DigestSubscription,
    DigestTarget,
)
from monitor.store import Store
from monitor.store.digest_orders import MAKING_TAKES
from tests.golden.slack.digest_examples import HOSTILE, LONG, PREVIEW, USUAL
from tests.integration.store_values import NOW

LATER = NOW + timedelta(minutes=1)
SLOT = "2026-11-23@#leads|leadership|"
TARGET = DigestTarget(channel="#leads")
ORDER = DigestOrder(id=SLOT, target=TARGET, at=NOW)


def queue(store: Store, slot: str = SLOT, channel: str = "#leads") -> bool:
    """Queue the usual digest."""
    with store.write() as tx:
        return tx.digests.queue_messages(USUAL, channel, NOW, slot)


def due_kinds(store: Store) -> list[DeliveryKind]:
    """What may be sent now, in order."""
    with store.read() as tx:
        return [one.kind for one in tx.deliveries.find_due(LATER)]


def send(store: Store, *, dead: bool = False) -> None:
    """Send, or give up, what is due first."""
    with store.write() as tx:
        first = tx.deliveries.find_due(LATER)[0]
        tx.deliveries.claim(first.id, LATER)
        if dead:
            tx.deliveries.mark_dead(first.id, error="refused")
        else:
            tx.digests.set_remote_id(first, f"F{first.event_id}")
            tx.deliveries.mark_sent(first.id, LATER, f"m-{first.kind}", "C1")


def test_a_digest_comes_back_as_it_was_queued(store: Store) -> None:
    """Hostile words, every kind of block, and every byte of a file survive the database."""
    for number, post in enumerate((USUAL, HOSTILE, LONG, PREVIEW)):
        with store.write() as tx:
            assert tx.digests.queue_messages(post, f"#c{number}", NOW, SLOT)
    with store.read() as tx:
        roots = [one for one in tx.deliveries.find_due(LATER, 99) if one.card_id]
        posts = {tx.digests.get_post(one) for one in roots}

    assert posts == {USUAL, HOSTILE, LONG, PREVIEW}


def test_a_slot_is_queued_once_for_a_channel_and_an_audience(store: Store) -> None:
    """Whoever comes second queues nothing; another channel and another slot have their own."""
    assert queue(store)
    assert not queue(store)
    assert queue(store, channel="#product")
    assert queue(store, "2026-11-30@#leads|leadership|")


def test_pictures_go_before_the_message_and_the_thread_after_it_in_order(store: Store) -> None:
    """The message waits for all its pictures, each section for the one before, the page for all."""
    queue(store)

    assert due_kinds(store) == [DeliveryKind.DIGEST_PICTURE] * 2
    send(store)
    assert due_kinds(store) == [DeliveryKind.DIGEST_PICTURE]
    send(store)
    assert due_kinds(store) == [DeliveryKind.DIGEST]
    send(store)
    for kind in (DeliveryKind.DIGEST_PART, DeliveryKind.DIGEST_PART, DeliveryKind.DIGEST_FILE):
        assert due_kinds(store) == [kind]
        send(store)
    assert due_kinds(store) == []


def test_a_section_that_waits_for_another_try_is_waited_for(store: Store) -> None:
    """However often the first one is refused: the second never stands above it."""
    queue(store)
    for _ in range(3):
        send(store)
    with store.write() as tx:
        first = tx.deliveries.find_due(LATER)[0]
        tx.deliveries.claim(first.id, LATER)
        tx.deliveries.retry_at(first.id, LATER + timedelta(hours=1), error="slow down")

    assert due_kinds(store) == []


def test_a_picture_that_is_given_up_holds_up_nothing(store: Store) -> None:
    """The message goes with those pictures that there are."""
    queue(store)
    send(store, dead=True)
    send(store)
    with store.read() as tx:
        (root,) = tx.deliveries.find_due(LATER)
        shown = tx.digests.find_shown_pictures(root)

    assert root.kind is DeliveryKind.DIGEST
    assert shown == {1: "F1"}


def test_nothing_of_a_digest_goes_out_when_its_message_is_given_up(store: Store) -> None:
    """A digest is not sent half."""
    queue(store)
    send(store)
    send(store)
    send(store, dead=True)
    with store.read() as tx:
        states = tx.deliveries.count_by_state()

    assert due_kinds(store) == []
    assert (states[DeliveryState.DEAD], states[DeliveryState.PENDING]) == (4, 0)


def test_a_file_is_noted_only_by_whoever_sends_it(store: Store) -> None:
    """One that was taken over meanwhile learns it before the file can be seen."""
    queue(store)
    with store.write() as tx:
        picture = tx.deliveries.find_due(LATER)[0]
        tx.deliveries.claim(picture.id, LATER)
        assert tx.digests.set_remote_id(picture, "F1")
        tx.deliveries.mark_interrupted(LATER)
        assert not tx.digests.set_remote_id(picture, "F2")
        tx.deliveries.retry_at(picture.id, LATER)
        tx.deliveries.claim(picture.id, LATER)
        assert not tx.digests.set_remote_id(picture, "F3")
        file = tx.digests.get_file(picture)

    assert file is not None
    assert (file.remote_id, file.content) == ("F1", USUAL.pictures[0].content)


def test_what_is_shown_is_forgotten_and_what_waits_is_kept(store: Store) -> None:
    """Customers' words stay in the outbox no longer than they must."""
    queue(store)
    with store.write() as tx:
        assert tx.digests.discard_settled_posts() == 0
    for _ in range(6):
        send(store)
    with store.write() as tx:
        assert tx.digests.discard_settled_posts() == 1


def test_a_mail_is_one_delivery_without_files(store: Store) -> None:
    """It goes to all addresses at once, once; its page needs no pictures."""
    addresses = ("ceo@example.com", "cfo@example.com")
    with store.write() as tx:
        assert tx.digests.queue_mail(USUAL, addresses, NOW, SLOT)
        assert not tx.digests.queue_mail(USUAL, addresses, NOW, SLOT)
        (mail,) = tx.deliveries.find_due(LATER)
        post = tx.digests.get_post(mail)

    assert (mail.kind, mail.channel) == (DeliveryKind.DIGEST_MAIL, ", ".join(addresses))
    assert post == replace(USUAL, pictures=(), attachments=())


def test_a_snapshot_is_made_once_for_a_slot(store: Store) -> None:
    """Its numbers never change afterwards; a later slot has its own."""
    first = DigestSnapshot(period="2026-W47", scope="", slot="a", made_at=NOW, body='{"nps": 42}')
    with store.write() as tx:
        assert tx.digests.add_snapshot(first)
        assert not tx.digests.add_snapshot(replace(first, body='{"nps": 0}'))
        second = replace(first, slot="b", made_at=LATER, body='{"nps": 43}')
        assert tx.digests.add_snapshot(second)
        assert tx.digests.add_snapshot(replace(first, scope="berlin"))
        assert tx.digests.find_snapshot("2026-W47", slot="a") == first
        assert tx.digests.find_snapshot("2026-W47") == second
        assert tx.digests.find_snapshot("2026-W47", "berlin") is not None
        assert tx.digests.find_snapshot("2026-W46") is None
        assert len(tx.digests.list_snapshots()) == 3


def test_an_order_is_taken_by_one_and_after_a_death_by_another(store: Store) -> None:
    """Whoever takes it has a quarter of an hour."""
    with store.write() as tx:
        assert tx.digest_orders.add(ORDER, NOW, schedule=TARGET.key)
        assert not tx.digest_orders.add(ORDER, NOW, schedule=TARGET.key)
        assert tx.digest_orders.has_due(NOW)
        assert tx.digest_orders.claim_next(NOW) == (ORDER, 1)
        assert tx.digest_orders.claim_next(LATER) is None
        assert tx.digest_orders.claim_next(NOW + MAKING_TAKES) == (ORDER, 2)
        tx.digest_orders.settle(SLOT, DigestOrderState.QUEUED)
        assert not tx.digest_orders.has_due(NOW + 2 * MAKING_TAKES)
        assert tx.digest_orders.get(SLOT) == ORDER


def test_the_last_slot_is_that_of_the_orders_or_since_when_it_is_known(store: Store) -> None:
    """A schedule owes nothing from before it was known."""
    schedule = DigestSchedule(target=TARGET)
    other = DigestSchedule(target=replace(TARGET, channel="#other"))
    with store.write() as tx:
        tx.digest_orders.note_schedules([schedule, other], NOW)
        tx.digest_orders.note_schedules([schedule], LATER)
        assert tx.digest_orders.find_last_slots(LATER) == {
            schedule.target.key: NOW,
            other.target.key: NOW,
        }
        tx.digest_orders.add(replace(ORDER, at=LATER), LATER, schedule=TARGET.key)
        assert tx.digest_orders.find_last_slots(LATER)[TARGET.key] == LATER
        assert tx.digest_orders.find_last_slots(NOW)[TARGET.key] == NOW


def test_a_subscription_is_one_for_a_channel_and_its_readers(store: Store) -> None:
    """Who subscribes again changes the time; who unsubscribes ends all of the channel."""
    target = replace(TARGET, span=DigestSpan.MONTH, email_to=("a@example.com",))
    first = DigestSubscription(
        schedule=DigestSchedule(target=target, day=3, at=time(7, 5)), actor="user:U1", at=NOW
    )
    changed = replace(first, schedule=replace(first.schedule, day=4), at=LATER)
    product = replace(target, audience="product")
    with store.write() as tx:
        tx.digest_orders.put_subscription(first)
        assert tx.digest_orders.list_subscriptions() == [first]
        tx.digest_orders.put_subscription(changed)
        tx.digest_orders.put_subscription(
            replace(first, schedule=replace(first.schedule, target=product))
        )
        assert tx.digest_orders.list_subscriptions("#leads")[0] == changed
        assert tx.digest_orders.list_subscriptions("#else") == []
        weekly = replace(first, schedule=replace(first.schedule, target=TARGET))
        tx.digest_orders.put_subscription(weekly)
        assert len(tx.digest_orders.list_subscriptions("#leads")) == 3
        assert tx.digest_orders.remove_subscriptions("#leads", span="week") == 1
        assert tx.digest_orders.remove_subscriptions("#leads", "product") == 1
        assert tx.digest_orders.remove_subscriptions("#leads") == 1
