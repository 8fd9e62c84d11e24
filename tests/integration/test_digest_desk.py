"""From a slot that is due, or a wish in Slack, to what is queued: once, made up, told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest
from pydantic import SecretStr

from monitor.domain.actor import Actor
from monitor.domain.delivery import Delivery, DeliveryKind
from monitor.domain.digest_post import DigestSnapshot, MadeDigest
from monitor.domain.digest_schedule import (
    MADE_UP_WITHIN,
    DigestFormat,
    DigestOrder,
    DigestSchedule,
    DigestSpan,
    DigestTarget,
)
from monitor.domain.period import Period
from monitor.errors import ConfigError, ConfigProblem, RepwatchError
from monitor.pipeline.digest_desk import RETRY_AFTER, DigestDesk
from monitor.settings import SlackSettings
from monitor.slack.notifier import SlackNotifier
from monitor.slack_app.digest_commands import (
    ConfiguredDigests,
    DigestCommand,
    run_digest_command,
    send_previewed_digest,
)
from monitor.store import Store
from tests.golden.slack.digest_examples import USUAL
from tests.integration.store_values import item, stored
from tests.world.faults import answers
from tests.world.slack import BOT_TOKEN, Slack

TARGET = DigestTarget(channel="#leads", zone="Europe/Berlin", email_to=("ceo@example.com",))
WEEKLY = DigestSchedule(target=TARGET)
SUNDAY = datetime(2026, 11, 29, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)
ANNA = Actor.slack("U0ANNA123")
NONE_KNOWN: Mapping[str, str] = MappingProxyType({})


@dataclass
class Maker:
    """Makes the usual digest of any order, or fails as planned."""

    errors: list[BaseException] = field(default_factory=list)
    made: list[DigestOrder] = field(default_factory=list)
    quoted: tuple[int, ...] = ()

    def __call__(self, order: DigestOrder, now: datetime) -> MadeDigest:
        if self.errors:
            raise self.errors.pop(0)
        self.made.append(order)
        name = order.period.name
        post = replace(USUAL, digest_id=name, quoted=self.quoted)
        if order.snapshot_of:
            return MadeDigest(post)
        snapshot = DigestSnapshot(period=name, scope="", slot="", made_at=now, body="{}")
        return MadeDigest(post, snapshot)


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
    assert told == [
        "the digest of 2026-W48 for #leads failed: the database is busy",
        "the digest of 2026-W48 for #product failed: a mistake of ours: ZeroDivisionError",
    ]
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


def test_a_segment_that_is_none_is_given_up_at_once(store: Store) -> None:
    """Nothing but a person can mend it."""
    wrong = ConfigError([ConfigProblem("segment", "'Berlin' is no segment")])
    desk, maker = opened(store), Maker([wrong])

    assert carry_out(desk, maker, MONDAY) == 0
    assert carry_out(desk, maker, MONDAY + timedelta(hours=1)) == 0
    assert "'Berlin' is no segment" in problems(desk, MONDAY)[0]


def test_a_digest_that_ends_its_process_is_given_up_and_told(store: Store) -> None:
    """Three times it is tried; each time people are told, and the next week's comes."""
    desk, maker = opened(store), Maker([SystemExit() for _ in range(9)])
    now, tries = MONDAY, 0
    while now < MONDAY + timedelta(hours=6):
        desk.queue_due_slots(now)
        if desk.has_due(now):
            try:
                desk.carry_out_due(maker, now)
            except SystemExit:
                tries += 1
                desk.note_broken_run(now)
                assert "the log says why" in problems(desk, now)[0]
        now += timedelta(minutes=5)

    assert tries == 3
    assert "has ended 3 times; the log says why" in problems(desk, now)[0]
    maker.errors.clear()
    assert carry_out(desk, maker, MONDAY + timedelta(days=7)) == 1


def test_a_process_that_ends_before_it_takes_anything_is_not_started_each_minute(
    store: Store,
) -> None:
    """What is due waits, and is given up as well."""
    desk = opened(store)
    now, starts = MONDAY, 0
    while now < MONDAY + timedelta(hours=1):
        desk.queue_due_slots(now)
        if desk.has_due(now):
            starts += 1
            desk.note_broken_run(now)
            assert "the log says why" in problems(desk, now)[0]
        now += timedelta(minutes=1)

    assert starts == 6
    assert carry_out(desk, Maker(), now) == 0
    assert "has ended 3 times" in problems(desk, now)[0]


def test_a_slot_that_nobody_could_make_for_days_is_missed(store: Store) -> None:
    """Noted in time and made too late is too late."""
    desk, maker = opened(store), Maker()
    desk.queue_due_slots(MONDAY)
    assert desk.carry_out_due(maker, MONDAY + timedelta(days=2, hours=1)) == 0
    assert "was missed" in problems(desk, MONDAY + timedelta(days=2, hours=1))[0]


def test_every_digest_that_failed_is_told(store: Store) -> None:
    """By name: who repairs one does not end the news of the other."""
    other = DigestSchedule(target=replace(TARGET, channel="#product", email_to=()))
    desk = opened(store, WEEKLY, other)
    carry_out(desk, Maker([RepwatchError("busy"), RepwatchError("busy")]), MONDAY)
    assert len(problems(desk, MONDAY)) == 2
    assert len({name for name, _ in desk.find_problems(MONDAY)}) == 2


def test_all_since_the_last_one_means_the_last_that_was_sent(store: Store) -> None:
    """A slot that was missed leaves nothing out."""
    schedule = DigestSchedule(target=replace(TARGET, span=DigestSpan.LAST))
    desk, maker = opened(store, schedule), Maker()
    assert carry_out(desk, maker, MONDAY) == 1
    assert carry_out(desk, maker, MONDAY + timedelta(days=11)) == 0
    assert carry_out(desk, maker, MONDAY + timedelta(days=14)) == 1
    assert [one.since for one in maker.made] == [SUNDAY, MONDAY]


def test_after_a_clock_that_was_ahead_the_digests_come_in_their_time(store: Store) -> None:
    """What it sent too early comes again when it is due, and what it put off comes now."""
    desk, maker = opened(store), Maker()
    year = MONDAY + timedelta(days=364)
    assert carry_out(desk, maker, year) == 1
    say(store, "now", year)
    with store.write() as tx:
        assert tx.clock_steps.pull_forward(SUNDAY) > 0
    assert carry_out(desk, maker, SUNDAY) == 1
    assert carry_out(desk, maker, MONDAY) == 1
    assert carry_out(desk, maker, year) == 1
    with store.read() as tx:
        assert len(tx.digests.list_snapshots()) == 3


def test_what_a_clock_ahead_has_noted_holds_up_nothing(store: Store) -> None:
    """Also where nobody saw that the clock was set back."""
    desk, maker = opened(store), Maker()
    assert carry_out(desk, maker, MONDAY + timedelta(days=70)) == 1
    assert carry_out(desk, maker, MONDAY) == 1


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


def say(
    store: Store,
    text: str,
    now: datetime = SUNDAY,
    key: str = "k1",
    configured: Sequence[DigestSchedule] = (),
    personas: Sequence[str] = (),
    channel_ids: Mapping[str, str] = NONE_KNOWN,
) -> str:
    """What a command in C0LEADS is answered."""
    command = DigestCommand(text=text, channel="C0LEADS", actor=ANNA, id=key)
    with store.write() as tx:
        known = ConfiguredDigests(configured, channel_ids, personas)
        return run_digest_command(tx, command, "Europe/Berlin", now, known)


def test_a_channel_subscribes_is_listed_gets_it_and_unsubscribes(store: Store) -> None:
    """In words that people type in any order."""
    desk, maker = DigestDesk(store), Maker()

    answer = say(store, "subscribe tue product 07:30 for city = New York")
    assert answer == (
        "This channel gets the digest for product, city=New York alone each Tuesday at 07:30 "
        "(Europe/Berlin), about the week before; next on 2026-12-01 at 07:30."
    )
    assert "for product, city=New York alone" in say(store, "list")
    assert carry_out(desk, maker, MONDAY + timedelta(days=1)) == 1
    target = maker.made[0].target
    assert (target.audience, target.segment) == ("product", "city=New York")
    assert say(store, "unsubscribe") == "This channel gets the digest no more."
    assert carry_out(desk, maker, MONDAY + timedelta(days=8)) == 0


def test_a_channel_subscribes_to_a_persona(store: Store) -> None:
    """By its name in any case, until it is ended, also once the configuration has it no more."""
    desk, maker, owners = DigestDesk(store), Maker(), ["Shop owners"]
    answer = say(store, "subscribe support for shop Owners", personas=owners)
    assert answer.startswith("This channel gets the digest for support, Shop owners alone each M")
    assert carry_out(desk, maker, MONDAY) == 1
    assert maker.made[0].target.segment == "Shop owners"
    assert "no such subscription" in say(store, "unsubscribe for owners")
    assert "no more" in say(store, "unsubscribe for shop owners")
    assert "Nobody has subscribed" in say(store, "list")
    say(store, "subscribe for city=Rome")
    assert "no more" in say(store, "unsubscribe for city = Rome")


def test_what_nobody_understands_is_explained(store: Store) -> None:
    """And nothing is changed."""
    assert "subscribe" in say(store, "")
    assert "'produkt' says nothing here" in say(store, "subscribe produkt")
    assert say(store, "subscribe month mon") == "For that span, say a day from 1 to 28."
    assert say(store, "subscribe 12") == "For that span, say a day from mon to sun."
    assert say(store, "subscribe month 0281").startswith("'0281' says nothing here")
    assert say(store, "subscribe month 29").startswith("'29' says nothing here")
    assert say(store, "subscribe for Berlin").startswith("'Berlin' is no persona of [brand] and no")
    assert "no audience 'all'" in say(store, "unsubscribe all")
    assert "Nobody has subscribed" in say(store, "list")


def test_a_channel_gets_the_week_and_the_month(store: Store) -> None:
    """Neither takes the other's place; digits in a segment are no day; each is ended by itself."""
    desk, maker = DigestDesk(store), Maker()
    say(store, "subscribe week")
    assert "day 28 of each month" in say(store, "subscribe month 28 for shop=12")
    assert "each Sunday" in say(store, "subscribe week sun for shop=12")

    assert say(store, "list").count("•") == 3
    assert carry_out(desk, maker, SUNDAY + timedelta(days=29)) == 3
    spans = {(one.target.span, one.target.segment) for one in maker.made}
    assert spans == {("week", ""), ("week", "shop=12"), ("month", "shop=12")}
    assert "no more" in say(store, "unsubscribe week for shop=12")
    assert say(store, "list").count("•") == 2
    assert "no more" in say(store, "unsubscribe month")
    assert say(store, "list").count("•") == 1


def test_a_channel_that_the_configuration_names_gets_the_digest_once(store: Store) -> None:
    """By its name there and by its id here: the subscription is refused, an old one sleeps."""
    say(store, "subscribe")
    desk, maker = opened(store), Maker()
    with store.write() as tx:
        tx.digests.queue_messages(USUAL, "#leads", SUNDAY, "earlier")
        first = tx.deliveries.find_due(SUNDAY)[0]
        tx.deliveries.claim(first.id, SUNDAY)
        tx.deliveries.mark_sent(first.id, SUNDAY, "m1", "C0LEADS")

    answer = say(store, "subscribe tue", configured=desk.schedules)

    assert "config.toml sends this channel the digest already, for leadership each M" in answer
    assert "each Monday" in say(store, "list")
    assert "gets the digest for product" in say(
        store, "subscribe product", configured=desk.schedules
    )
    say(store, "unsubscribe product")
    assert carry_out(desk, maker, MONDAY) == 1
    assert maker.made[0].target == TARGET


@pytest.mark.parametrize("answers_late", [False, True])
def test_a_channel_in_which_nothing_was_shown_gets_the_digest_once(
    store: Store, answers_late: bool
) -> None:
    """Slack says which channel a name is; while it does not answer the subscription waits."""
    say(store, "subscribe")
    say(store, "subscribe product")
    with Slack() as slack:
        slack.add_channel("C0LEADS", "leads")
        slack_settings = SlackSettings(default_channel="C0LEADS", api_url=slack.api_url)
        notifier = SlackNotifier(SecretStr(BOT_TOKEN), slack_settings, monotonic=lambda: 0.0)
        desk, maker = DigestDesk(store, (WEEKLY,), notifier.find_channel_id), Maker()
        assert desk.queue_due_slots(SUNDAY) == 0
        if answers_late:
            slack.fail_next(answers(503), path="conversations.list")
            assert carry_out(desk, maker, MONDAY) == 1
        carry_out(desk, maker, MONDAY + timedelta(minutes=1))
        carry_out(desk, maker, MONDAY + timedelta(minutes=2))
        channel_ids = desk.find_channel_ids()

    made = sorted((one.target.channel, one.target.audience) for one in maker.made)
    assert made == [("#leads", "leadership"), ("C0LEADS", "product")]
    answer = say(store, "subscribe tue", configured=desk.schedules, channel_ids=channel_ids)
    assert "config.toml sends this channel the digest already" in answer


def test_whoever_subscribes_again_gets_nothing_from_before(store: Store) -> None:
    """A slot of the time without a subscription is no debt."""
    desk, maker = DigestDesk(store), Maker()
    say(store, "subscribe")
    say(store, "unsubscribe")
    say(store, "subscribe", MONDAY + timedelta(hours=3))
    assert carry_out(desk, maker, MONDAY + timedelta(hours=4)) == 0


def test_a_preview_that_nobody_sends_is_forgotten_after_a_month(store: Store) -> None:
    """With its numbers; what was sent stays."""
    desk, maker = opened(store), Maker()
    say(store, "preview")
    assert carry_out(desk, maker, SUNDAY) == 1
    assert carry_out(desk, maker, MONDAY) == 1
    desk.clear_shown(SUNDAY + timedelta(days=29))
    with store.read() as tx:
        assert len(tx.digests.list_snapshots()) == 2
    desk.clear_shown(SUNDAY + timedelta(days=31))
    with store.read() as tx:
        (snapshot,) = tx.digests.list_snapshots()
        assert tx.digest_orders.get(maker.made[0].id) is None
    assert snapshot.slot == maker.made[1].id


def test_an_older_digest_that_is_asked_for_and_fails_is_told(store: Store) -> None:
    """From when it was asked for, however old its time is."""
    desk = opened(store)
    ids = desk.order_for_all(Period.from_name("2026-W30", "Europe/Berlin"), ANNA, SUNDAY)
    assert desk.carry_out_due(Maker([RepwatchError("no memory")]), SUNDAY) == 0
    told = ["the digest of 2026-W30 for #leads failed: no memory"]
    assert desk.find_failures(ids) == told
    assert problems(desk, SUNDAY) == told


def test_what_is_forgotten_leaves_a_digest_that_waits(store: Store) -> None:
    """It is made again without the words; one that quotes others stays as it is."""
    desk, maker = opened(store), Maker()
    [(quoted, _)] = stored(store, item())
    maker.quoted = (quoted.id,)
    assert carry_out(desk, maker, MONDAY) == 1
    before = {one.id for one in queued(store, MONDAY)}
    with store.write() as tx:
        tx.feedback.forget_author(quoted.author.name, MONDAY)
    assert queued(store, MONDAY) == []
    maker.quoted = ()
    assert carry_out(desk, maker, MONDAY) == 1
    after = {one.id for one in queued(store, MONDAY)}
    assert len(after) == len(before)
    assert before.isdisjoint(after)
    with store.read() as tx:
        assert len(tx.digests.list_snapshots()) == 1


def test_what_is_forgotten_while_a_digest_is_sent_ends_its_thread(store: Store) -> None:
    """What is shown is shown once, and nothing that follows holds the words."""
    desk, maker = opened(store), Maker()
    [(quoted, _)] = stored(store, item())
    maker.quoted = (quoted.id,)
    carry_out(desk, maker, MONDAY)
    for _ in range(4):  # the mail, two pictures, the message
        with store.write() as tx:
            first = tx.deliveries.find_due(MONDAY)[0]
            tx.deliveries.claim(first.id, MONDAY)
            tx.deliveries.mark_sent(first.id, MONDAY, first.id, "C0LEADS")
    assert [one.kind for one in queued(store, MONDAY)] == [DeliveryKind.DIGEST_PART]
    with store.write() as tx:
        tx.feedback.forget_author(quoted.author.name, MONDAY)
    assert queued(store, MONDAY) == []
    assert carry_out(desk, maker, MONDAY) == 0


def test_what_is_forgotten_of_a_digest_that_may_be_shown_is_not_made_anew(store: Store) -> None:
    """It waits to be sent with a label; made anew it would come twice without one."""
    desk, maker = opened(store, replace(WEEKLY, target=replace(TARGET, email_to=()))), Maker()
    [(quoted, _)] = stored(store, item())
    maker.quoted = (quoted.id,)
    carry_out(desk, maker, MONDAY)
    with store.write() as tx:
        for one in tx.deliveries.find_due(MONDAY)[:2]:  # the pictures
            tx.deliveries.claim(one.id, MONDAY)
            tx.deliveries.mark_sent(one.id, MONDAY, one.id, "")
        (root,) = tx.deliveries.find_due(MONDAY)
        tx.deliveries.claim(root.id, MONDAY)
        tx.deliveries.mark_uncertain(root.id, MONDAY, error="lost", probes=0)
        tx.deliveries.retry_at(root.id, MONDAY, repeat=True)
        tx.feedback.forget_author(quoted.author.name, MONDAY)
    assert carry_out(desk, maker, MONDAY) == 0
    assert [one.id for one in queued(store, MONDAY)] == [root.id]


def told(store: Store, now: datetime) -> list[str]:
    """What the person who asked is told in private."""
    notices = [one for one in queued(store, now) if one.kind is DeliveryKind.NOTICE]
    assert {one.channel for one in notices} <= {ANNA.id}
    assert not any(one.fallback for one in notices), "it is for nobody else"
    with store.read() as tx:
        found = [tx.notices.get(one.id) for one in notices]
    return [notice.text for notice in found if notice]


def test_whoever_asked_for_a_digest_hears_that_it_failed(store: Store) -> None:
    """Once that it is tried again, once that it is given up; what a schedule wants is the
    operator's.
    """
    desk, maker = opened(store), Maker([RepwatchError("no memory")] * 999)
    say(store, "now")
    for minutes in range(0, 60, 10):
        desk.carry_out_due(maker, SUNDAY + timedelta(minutes=minutes))
    failed = "the digest of 2026-W47 for C0LEADS failed: no memory"
    assert told(store, MONDAY) == [f"{failed}; it is tried again every few minutes"]
    desk.carry_out_due(maker, SUNDAY + MADE_UP_WITHIN)
    assert told(store, SUNDAY + MADE_UP_WITHIN)[1:] == [failed]
    desk.queue_due_slots(MONDAY)
    assert len(told(store, SUNDAY + MADE_UP_WITHIN)) == 2


def test_whoever_asked_hears_that_the_process_ended(store: Store) -> None:
    """However often it ends."""
    desk = opened(store)
    say(store, "preview")
    for minutes in (0, 10):
        desk.note_broken_run(SUNDAY + timedelta(minutes=minutes))
    (text,) = told(store, MONDAY)
    assert text.startswith("making the digest failed: the log says why; it is tried again")


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
