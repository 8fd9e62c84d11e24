"""From a slot that is due, or a wish in Slack, to what is queued: once, made up, told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from monitor.domain.actor import Actor
from monitor.domain.delivery import Delivery, DeliveryKind
from monitor.domain.digest_post import DigestSnapshot, MadeDigest
from monitor.domain.digest_schedule import (
    MADE_UP_WITHIN,
    DigestFormat,
    DigestOrder,
    DigestSchedule,
    DigestTarget,
)
from monitor.errors import RepwatchError
from monitor.pipeline.digest_desk import RETRY_AFTER, DigestDesk
from monitor.slack_app.digest_commands import (
    DigestCommand,
    run_digest_command,
    send_previewed_digest,
)
from monitor.store import Store
from tests.golden.slack.digest_examples import USUAL

TARGET = DigestTarget(channel="#leads", zone="Europe/Berlin", email_to=("ceo@example.com",))
WEEKLY = DigestSchedule(target=TARGET)
SUNDAY = datetime(2026, 11, 29, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)
ANNA = Actor.slack("U0ANNA123")


@dataclass
class Maker:
    """Makes the usual digest of any order, or fails as planned."""

    errors: list[Exception] = field(default_factory=list)
    made: list[DigestOrder] = field(default_factory=list)

    def __call__(self, order: DigestOrder, now: datetime) -> MadeDigest:
        if self.errors:
            raise self.errors.pop(0)
        self.made.append(order)
        name = order.period.name
        if order.snapshot_of:
            return MadeDigest(replace(USUAL, digest_id=name))
        snapshot = DigestSnapshot(period=name, scope="", slot="", made_at=now, body="{}")
        return MadeDigest(replace(USUAL, digest_id=name), snapshot)


def opened(store: Store, *schedules: DigestSchedule) -> DigestDesk:
    """A desk that has known its schedules since Sunday."""
    desk = DigestDesk(store, schedules or (WEEKLY,))
    assert desk.queue_due_slots(SUNDAY) == 0
    return desk


def carry_out(desk: DigestDesk, maker: Maker, now: datetime) -> int:
    """What `run` does each minute."""
    desk.queue_due_slots(now)
    return desk.carry_out_due(maker, now)


def queued(store: Store, now: datetime) -> list[Delivery]:
    """What is to be shown."""
    with store.read() as tx:
        return tx.deliveries.find_due(now, 99)


def problems(desk: DigestDesk, now: datetime) -> list[str]:
    """What the watchdog is told."""
    return [text for _, text in desk.find_problems(now)]


def test_a_slot_is_made_once_and_frozen(store: Store) -> None:
    """Two programs, a restart and a clock that is set back: one digest, one snapshot, one mail."""
    desk, maker = opened(store), Maker()

    assert carry_out(desk, maker, MONDAY) == 1
    assert carry_out(DigestDesk(store, (WEEKLY,)), maker, MONDAY) == 0
    assert carry_out(desk, maker, SUNDAY) == 0
    assert carry_out(desk, maker, MONDAY + timedelta(hours=1)) == 0

    assert [order.period.name for order in maker.made] == ["2026-W48"]
    kinds = [one.kind for one in queued(store, MONDAY)]
    assert sorted(kinds) == sorted([*[DeliveryKind.DIGEST_PICTURE] * 2, DeliveryKind.DIGEST_MAIL])
    with store.read() as tx:
        (snapshot,) = tx.digests.list_snapshots()
    assert (snapshot.period, snapshot.slot) == ("2026-W48", f"2026-11-30@{TARGET.key}")
    assert problems(desk, MONDAY) == []


def test_a_digest_that_fails_is_told_and_tried_again(store: Store) -> None:
    """A mistake of ours in one digest holds up no other."""
    other = DigestSchedule(target=replace(TARGET, channel="#product", email_to=()))
    desk = opened(store, WEEKLY, other)
    maker = Maker([RepwatchError("the database is busy"), ZeroDivisionError()])

    assert carry_out(desk, maker, MONDAY) == 0
    told = problems(desk, MONDAY)
    assert told == ["the digest of 2026-W48 for #leads failed: the database is busy"]
    assert carry_out(desk, maker, MONDAY + timedelta(minutes=1)) == 0
    assert carry_out(desk, maker, MONDAY + RETRY_AFTER) == 2
    assert problems(desk, MONDAY + RETRY_AFTER) == []


def test_a_digest_that_fails_for_two_days_is_given_up(store: Store) -> None:
    """People hear of it, and nothing of it is sent."""
    desk, maker = opened(store), Maker([RepwatchError("no memory")] * 1_000)
    now = MONDAY
    while now < MONDAY + MADE_UP_WITHIN + timedelta(hours=1):
        carry_out(desk, maker, now)
        now += timedelta(hours=6)
    maker.errors.clear()

    assert carry_out(desk, maker, now) == 0
    assert problems(desk, now) == ["the digest of 2026-W48 for #leads failed: no memory"]
    assert queued(store, now) == []


def test_a_slot_that_was_slept_through_is_told(store: Store) -> None:
    """Three days later it is not sent; the next one is."""
    desk, maker = opened(store), Maker()
    thursday = MONDAY + timedelta(days=3)

    assert carry_out(desk, maker, thursday) == 0
    (told,) = problems(desk, thursday)
    assert "2026-W48 for #leads was missed" in told
    assert carry_out(desk, maker, MONDAY + timedelta(days=7)) == 1


def test_without_html_no_page_goes_along(store: Store) -> None:
    """Formats say what goes with the messages."""
    bare = replace(TARGET, formats=(DigestFormat.SLACK,), email_to=())
    desk = opened(store, DigestSchedule(target=bare))

    carry_out(desk, Maker(), MONDAY)

    with store.read() as tx:
        post = tx.digests.get_post(queued(store, MONDAY)[0])
    assert post is not None
    assert (post.attachments, post.pictures) == ((), USUAL.pictures)


def say(store: Store, text: str, now: datetime = SUNDAY, key: str = "k1") -> str:
    """What a command in C0LEADS is answered."""
    command = DigestCommand(text=text, channel="C0LEADS", actor=ANNA, id=key)
    with store.write() as tx:
        return run_digest_command(tx, command, "Europe/Berlin", now)


def test_a_channel_subscribes_is_listed_gets_it_and_unsubscribes(store: Store) -> None:
    """In words that people type in any order."""
    desk, maker = DigestDesk(store), Maker()

    answer = say(store, "subscribe tue product 07:30 for New York")
    assert answer == (
        "This channel gets the digest for product, New York alone each Tuesday at 07:30 "
        "(Europe/Berlin), about the week before; next on 2026-12-01 at 07:30."
    )
    assert "for product, New York alone" in say(store, "list")
    assert carry_out(desk, maker, MONDAY + timedelta(days=1)) == 1
    assert (maker.made[0].target.audience, maker.made[0].target.segment) == ("product", "New York")
    assert say(store, "unsubscribe") == "This channel gets the digest no more."
    assert carry_out(desk, maker, MONDAY + timedelta(days=8)) == 0


def test_what_nobody_understands_is_explained(store: Store) -> None:
    """And nothing is changed."""
    assert "subscribe" in say(store, "")
    assert "'produkt' says nothing here" in say(store, "subscribe produkt")
    assert say(store, "subscribe month mon") == "For that span, say a day from 1 to 28."
    assert say(store, "subscribe 12") == "For that span, say a day from mon to sun."
    assert "no audience 'all'" in say(store, "unsubscribe all")
    assert "Nobody has subscribed" in say(store, "list")


def test_a_preview_is_for_one_person_and_sent_once_with_the_same_numbers(store: Store) -> None:
    """However often the button is clicked; what is sent names the preview's numbers."""
    desk, maker = DigestDesk(store), Maker()

    assert "to you alone" in say(store, "preview")
    assert carry_out(desk, maker, SUNDAY) == 1
    (picture, *_) = queued(store, SUNDAY)
    with store.write() as tx:
        post = tx.digests.get_post(picture)
        assert post is not None
        first = send_previewed_digest(tx, post.order_id, SUNDAY)
        second = send_previewed_digest(tx, post.order_id, SUNDAY)
        stale = send_previewed_digest(tx, "gone", SUNDAY)
    assert carry_out(desk, maker, SUNDAY) == 1

    assert picture.channel == ANNA.id
    assert ("is sent to its channel" in first, "already" in second, "too old" in stale) == (
        True,
        True,
        True,
    )
    assert maker.made[1].snapshot_of == maker.made[0].id
    assert {one.channel for one in queued(store, SUNDAY)} == {ANNA.id, "C0LEADS"}
    with store.read() as tx:
        (snapshot,) = tx.digests.list_snapshots()
    assert snapshot.slot == maker.made[1].id


def test_now_makes_one_once_however_often_slack_brings_the_command(store: Store) -> None:
    """It comes to the channel, without a button."""
    desk, maker = DigestDesk(store), Maker()
    for _ in range(2):
        assert "to this channel" in say(store, "now")

    assert carry_out(desk, maker, SUNDAY) == 1
    with store.read() as tx:
        post = tx.digests.get_post(queued(store, SUNDAY)[0])
    assert post is not None
    assert post.order_id == ""
