"""A digest by mail, over a real server: once, recognisable, and labelled where nobody knows."""

from __future__ import annotations

import socket
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.digest_settings import DigestSettings
from monitor.domain.delivery import DeliveryState
from monitor.domain.digest_schedule import DigestFormat
from monitor.errors import DeliveryRefused
from monitor.notifiers.digest_mail import DigestMail, check_digest_settings
from monitor.notifiers.operator import MailServer
from monitor.pipeline.sender import OutboxSender
from monitor.settings import Settings
from monitor.store import Store
from monitor.testing import NOON, RecordingNotifier
from tests.golden.slack.digest_examples import HOSTILE, USUAL
from tests.world.smtp import Smtp

ADDRESSES = ("ceo@example.com", "cfo@example.com")
SLOT = "2026-11-23"


def send_all(store: Store, smtp: Smtp, hours: int = 1) -> dict[DeliveryState, int]:
    """Queue the digest as a mail and send until nothing waits, or the time is over."""
    with store.write() as tx:
        tx.digests.queue_mail(USUAL, ADDRESSES, NOON, SLOT)
    mailer = DigestMail(MailServer.from_url(f"smtp://{smtp.address}"), "repwatch@example.com")
    sender = OutboxSender(store, RecordingNotifier(), holder="here/1", mailer=mailer)
    now = NOON
    while (step := sender.send_next(now)) and now < NOON + timedelta(hours=hours):
        now += timedelta(seconds=step.seconds)
    sender.release_lease()
    with store.read() as tx:
        return {state: count for state, count in tx.deliveries.count_by_state().items() if count}


def test_a_digest_is_one_mail_with_text_and_page(store: Store) -> None:
    """To all addresses, from ours, with an id that names the digest."""
    with Smtp() as smtp:
        states = send_all(store, smtp)

    assert states == {DeliveryState.SENT: 1}
    (letter,) = smtp.letters
    assert (letter.sender, letter.recipients) == ("repwatch@example.com", ADDRESSES)
    mail = letter.mail
    assert mail["Subject"] == USUAL.document.title
    assert mail["Message-ID"].endswith("@example.com>")
    assert mail.get_content_type() == "multipart/alternative"
    text, page = mail.iter_parts()
    assert (text.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    assert USUAL.text in text.get_content().replace("\r\n", "\n")
    assert USUAL.html in page.get_content()


def test_a_busy_server_gets_it_later(store: Store) -> None:
    """It was certainly not taken, so that nothing is labelled."""
    with Smtp(refuses={"MAIL": "451 try later"}) as smtp:
        assert send_all(store, smtp) == {DeliveryState.PENDING: 1}
        smtp.refuses.clear()
        assert send_all(store, smtp) == {DeliveryState.SENT: 1}

    assert [letter.mail["Subject"] for letter in smtp.letters] == [USUAL.document.title]


def test_an_answer_that_got_lost_is_labelled_and_has_the_same_id(store: Store) -> None:
    """Nobody can look into a mail box: the second one says that it may be a second one."""
    with Smtp(losses=1) as smtp:
        assert send_all(store, smtp) == {DeliveryState.SENT: 1}

    title = USUAL.document.title
    assert [letter.mail["Subject"] for letter in smtp.letters] == [
        title,
        f"{title} (perhaps a second time)",
    ]
    assert len({letter.mail["Message-ID"] for letter in smtp.letters}) == 1


def test_the_digests_of_a_series_are_one_thread(store: Store) -> None:
    """Each has an id of its own, also one that is sent again on purpose; what is for others, or of
    another kind of period, is another thread.
    """
    posts = {
        "week": USUAL,
        "the week again": USUAL,
        "next week": replace(USUAL, digest_id="2026-W48"),
        "month": replace(USUAL, digest_id="2026-11"),
        "product": replace(USUAL, audience="product"),
        "segment": replace(USUAL, digest_id="2026-W48/berlin"),
    }
    with Smtp() as smtp:
        mailer = DigestMail(MailServer.from_url(f"smtp://{smtp.address}"), "repwatch@example.com")
        with store.write() as tx:
            for slot, post in posts.items():
                tx.digests.queue_mail(post, ADDRESSES, NOON, slot)
        sender = OutboxSender(store, RecordingNotifier(), holder="here/1", mailer=mailer)
        while sender.send_next(NOON):
            pass
        with store.read() as tx:
            assert tx.deliveries.count_by_state()[DeliveryState.SENT] == len(posts)

    mails = [letter.mail for letter in smtp.letters]
    assert len({mail["Message-ID"] for mail in mails}) == len(posts)
    assert all(mail["References"] == mail["In-Reply-To"] for mail in mails)
    threads = Counter(mail["References"] for mail in mails)
    assert sorted(threads.values()) == [1, 1, 1, 3]
    assert threads.keys().isdisjoint(mail["Message-ID"] for mail in mails)


@pytest.mark.parametrize("answer", ["550 no such user", "553 not you"])
def test_a_mail_that_nobody_takes_is_given_up(store: Store, answer: str) -> None:
    """No other try changes it; the operator hears of it, without an address."""
    with Smtp(refuses={"RCPT": answer}) as smtp:
        assert send_all(store, smtp) == {DeliveryState.DEAD: 1}


def test_addresses_that_are_refused_alone_are_counted(store: Store) -> None:
    """The others have the digest; people hear how many do not, and of no address."""
    with Smtp(refuses={"RCPT TO:<cfo": "550 no such user"}) as smtp:
        mailer = DigestMail(MailServer.from_url(f"smtp://{smtp.address}"))
        with store.write() as tx:
            tx.digests.queue_mail(USUAL, ADDRESSES, NOON, SLOT)
        sender = OutboxSender(store, RecordingNotifier(), holder="here/1", mailer=mailer)
        sender.send_next(NOON)

    assert smtp.letters[0].recipients == ("ceo@example.com",)
    assert "not for 1 of the 2 addresses" in sender.blocked_reason
    assert "example.com" not in sender.blocked_reason
    sender.send_next(NOON + timedelta(hours=2))
    assert sender.blocked_reason == ""


def test_a_server_that_says_nothing_is_tried_again_later(store: Store) -> None:
    """It was certainly not taken; how long an answer is waited for can be said."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        mailer = DigestMail(replace(MailServer.from_url(url), patience=0.1))
        with store.write() as tx:
            tx.digests.queue_mail(USUAL, ADDRESSES, NOON, SLOT)
            (mail,) = tx.deliveries.find_due(NOON)
        with pytest.raises(DeliveryRefused, match="cannot be mailed to"):
            mailer.send_digest(USUAL, mail)


def test_a_digest_by_mail_alone_goes_to_no_channel() -> None:
    """Unless Slack's messages or their page are wanted too; whoever names no address hears so."""
    both = DigestSettings(channel="#board", email_to=("ceo@example.com",))
    alone = both.model_copy(update={"formats": (DigestFormat.EMAIL,)})
    assert both.to_schedule("UTC").target.channel == "#board"
    assert alone.to_schedule("UTC").target.channel == ""
    assert alone.to_schedule("UTC").target.email_to == ("ceo@example.com",)

    nobody = alone.model_copy(update={"email_to": ()})
    assert list(nobody.schedules("UTC")) == []
    settings = Settings(digest=nobody)
    problems = check_digest_settings(settings, "config.toml")
    assert [problem.where for problem in problems] == ["config.toml: digest.formats"]


def test_hostile_words_make_no_header(store: Store) -> None:
    """A title with line ends and markup is a subject on one line."""
    with Smtp() as smtp:
        mailer = DigestMail(MailServer.from_url(f"smtp://{smtp.address}"))
        with store.write() as tx:
            tx.digests.queue_mail(HOSTILE, ADDRESSES, NOON, SLOT)
            (mail,) = tx.deliveries.find_due(NOON)
        mailer.send_digest(HOSTILE, mail)

    assert "\n" not in smtp.letters[0].mail["Subject"]
    assert smtp.letters[0].mail["To"] == ", ".join(ADDRESSES)
