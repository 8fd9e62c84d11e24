"""Digests in the strict Slack: what happens to pictures and files that Slack does not take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from monitor.domain.actor import Actor
from monitor.domain.delivery import DeliveryState
from monitor.domain.digest_post import DigestPost
from monitor.domain.digest_schedule import DigestOrder, DigestTarget
from monitor.domain.document import Figure
from monitor.notifiers import wording
from monitor.notifiers.digest_mail import DigestMail
from monitor.notifiers.operator import MailServer
from monitor.pipeline.sender import OutboxSender
from monitor.settings import SlackSettings
from monitor.slack.notifier import SlackNotifier
from monitor.store import Store
from monitor.testing import NOON, memory_store
from tests.golden.slack.digest_examples import USUAL
from tests.world.faults import Fault, Request, answers, lost_after_commit
from tests.world.slack import BOT_TOKEN, CHANNEL, Slack, refused
from tests.world.slack_files import PREFIX
from tests.world.slack_messages import Message
from tests.world.smtp import Smtp

OTHER = "C0OTHER"  #: a channel with messages that have nothing to do with files
BARE = replace(USUAL, pictures=(), attachments=())


class Place:
    """A store, a workspace and a sender on a clock of their own."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = NOON
        self.slack = Slack(clock=lambda: self.now.timestamp())
        self.slack.add_channel(OTHER, "other")
        self.mailer: DigestMail | None = None

    def send(self, hours: int = 1, post: DigestPost = USUAL) -> OutboxSender:
        """Queue a digest and send until nothing waits."""
        with self.store.write() as tx:
            tx.digests.queue_messages(post, CHANNEL, self.now, "slot")
        return self.send_waiting(hours)

    def send_waiting(self, hours: int = 1) -> OutboxSender:
        """Send until nothing waits, or the time is over."""
        settings = SlackSettings(default_channel=CHANNEL, api_url=self.slack.api_url)
        notifier = SlackNotifier(
            SecretStr(BOT_TOKEN), settings, monotonic=lambda: self.now.timestamp()
        )
        sender = OutboxSender(
            self.store,
            notifier,
            holder="here/1",
            digests=notifier.digests,
            mailer=self.mailer,
        )
        end = self.now + timedelta(hours=hours)
        while (step := sender.send_next(self.now)) and self.now < end:
            self.now += timedelta(seconds=step.seconds)
        return sender

    @property
    def root(self) -> Message:
        """The one message of the channel."""
        (root,) = [one for one in self.slack.visible(CHANNEL) if one.thread_ts is None]
        return root

    def queue_other(self, after: timedelta) -> None:
        """Queue messages without files for another channel."""
        with self.store.write() as tx:
            tx.digests.queue_messages(BARE, OTHER, self.now + after, "slot")

    @property
    def other_waited(self) -> timedelta:
        """When the last of these was posted, from the beginning."""
        return timedelta(seconds=float(self.slack.visible(OTHER)[-1].ts) - NOON.timestamp())

    def count(self, kind: str) -> int:
        """How many blocks of a kind the message has."""
        return sum(block["type"] == kind for block in self.root.blocks)

    def states(self) -> dict[DeliveryState, int]:
        """How many deliveries are in each state."""
        with self.store.read() as tx:
            counts = tx.deliveries.count_by_state()
        return {state: count for state, count in counts.items() if count}


@pytest.fixture
def place() -> Iterator[Place]:
    """An empty place."""
    store = memory_store()
    place = Place(store)
    try:
        with place.slack:
            yield place
    finally:
        store.close()


def test_a_digest_has_its_pictures_and_its_page(place: Place) -> None:
    """The message waits until Slack has worked on the pictures; alternative texts go along."""
    place.slack.files.lag = 20

    place.send()

    assert place.states() == {DeliveryState.SENT: 6}
    assert (place.count("image"), place.count("rich_text")) == (2, 0)
    thread = place.slack.thread(place.root)
    assert [one.blocks[0]["text"]["text"] for one in thread[:2]] == [
        "Themes",
        "What was not seen",
    ]
    days, _, page = place.slack.files.completed
    assert days.alt_text == USUAL.pictures[0].alt_text
    assert (thread[2].files, page.content) == ((page.id,), USUAL.attachments[0].content)


def test_without_the_scope_text_stands_for_pictures_and_the_operator_is_told(
    place: Place,
) -> None:
    """Posting goes on at once, for other messages too."""
    place.slack.scopes.discard("files:write")

    sender = place.send()

    assert (place.count("image"), place.count("rich_text")) == (0, 2)
    assert len(place.slack.thread(place.root)) == 2
    assert "files:write" in sender.blocked_reason
    assert place.states() == {DeliveryState.SENT: 3, DeliveryState.DEAD: 3}
    assert place.now - NOON < timedelta(minutes=1)


def test_pictures_that_are_never_ready_are_left_out(place: Place) -> None:
    """After about a minute the digest goes with text."""
    place.slack.files.lag = 86_400

    place.send()

    assert (place.count("image"), place.count("rich_text")) == (0, 2)
    assert place.now - NOON < timedelta(minutes=5)


def test_without_files_read_pictures_are_tried(place: Place) -> None:
    """Slack refuses what is not ready, and takes it a little later."""
    place.slack.scopes.discard("files:read")
    place.slack.files.lag = 5

    place.send()

    assert place.count("image") == 2


def test_a_file_store_that_fails_holds_up_no_digest_for_long(place: Place) -> None:
    """Only files suffer: the digest goes out within minutes, as text; its page comes as soon as
    files work again.
    """
    down = answers(503)
    works_at = NOON + timedelta(hours=10)

    def weather(request: Request) -> Fault | None:
        return down if request.path.startswith(PREFIX) and place.now < works_at else None

    place.slack.weather = weather

    place.send(hours=12)

    assert place.count("image") == 0
    assert float(place.root.ts) - NOON.timestamp() < 15 * 60
    assert place.states()[DeliveryState.SENT] == 4
    (page,) = [one for one in place.slack.thread(place.root) if one.files]
    assert works_at <= place.now <= works_at + timedelta(minutes=10)
    assert page.thread_ts == place.root.ts


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.info"])
def test_files_that_fail_hold_up_no_other_message(place: Place, method: str) -> None:
    """What has no files goes out at once, and the digest within minutes."""
    down = answers(503)
    place.slack.weather = lambda request: down if request.path.endswith(method) else None
    place.queue_other(timedelta(seconds=5))

    place.send()

    assert place.other_waited < timedelta(seconds=30)
    assert place.root.blocks
    assert place.states().get(DeliveryState.PENDING, 0) == (0 if method == "files.info" else 1)
    assert float(place.root.ts) - NOON.timestamp() < 15 * 60


def test_pictures_are_tried_where_slack_does_not_tell_if_they_are_ready(place: Place) -> None:
    """After a minute nobody asks any more: what Slack shows is shown."""
    down = answers(503)
    place.slack.weather = lambda request: down if request.path.endswith("files.info") else None

    place.send()

    assert place.count("image") == 2


def test_a_workspace_that_denies_files_gets_text_at_once(place: Place) -> None:
    """The token is good for messages: nothing is paused."""
    denied = refused("no_permission")
    place.slack.weather = lambda request: denied if "files." in request.path else None

    sender = place.send()

    assert (place.count("image"), place.count("rich_text")) == (0, 2)
    assert "no_permission" in sender.blocked_reason
    assert place.now - NOON < timedelta(minutes=1)


def test_pictures_that_are_refused_without_a_known_reason_are_left_out(place: Place) -> None:
    """In the message and in a section below it: text stands in their place."""
    odd = refused("odd_reason_of_the_day")
    place.slack.weather = lambda request: odd if b"slack_file" in request.body else None

    place.send(post=_with_figure_below(USUAL))

    assert (place.count("image"), place.count("rich_text")) == (0, 1)
    assert [block["type"] for block in place.slack.thread(place.root)[0].blocks[:3]] == [
        "header",
        "rich_text",
        "context",
    ]
    assert place.now - NOON < timedelta(minutes=5)


def _with_figure_below(post: DigestPost) -> DigestPost:
    """Return the digest with its last figure in its first section."""
    document = post.document
    figure = next(block for block in reversed(document.lead) if isinstance(block, Figure))
    first, *more = document.sections
    lead = tuple(block for block in document.lead if block is not figure)
    sections = (replace(first, blocks=(figure, *first.blocks)), *more)
    return replace(post, document=replace(document, lead=lead, sections=sections))


def test_who_deletes_the_message_wants_no_thread(place: Place) -> None:
    """What would come below it is given up, and nothing is left in the channel."""
    place.slack.weather = lambda request: _delete_root(place, request.path)

    place.send()

    assert place.slack.visible(CHANNEL) == ()
    assert DeliveryState.PENDING not in place.states()
    posts = place.slack.requests_to("chat.postMessage")
    assert len(posts) == 2, "a section that finds no thread is posted and removed, once"


def test_a_stray_section_is_removed_although_answers_are_lost(place: Place) -> None:
    """That it is posted and that it is removed: nobody would ever come back for it."""
    lost = {"chat.postMessage": 1, "chat.delete": 2}

    def weather(request: Request) -> Fault | None:
        method = request.path.rpartition("/")[2]
        if place.slack.postings:
            _delete_root(place, request.path)
            if lost.get(method, 0) > 0:
                lost[method] -= 1
                return lost_after_commit
        return None

    place.slack.weather = weather

    place.send()

    assert lost == {"chat.postMessage": 0, "chat.delete": 0}
    assert place.slack.visible(CHANNEL) == ()
    assert DeliveryState.PENDING not in place.states()


@pytest.mark.parametrize("lag", [3, 60, 600])
def test_a_page_whose_answer_was_lost_is_not_shared_twice(place: Place, lag: int) -> None:
    """Slack tells where it is only after it has worked on it; who cannot wait says so."""
    place.slack.files.lag = lag
    place.slack.fail_next(lost_after_commit, path="files.completeUploadExternal")

    place.send(post=replace(USUAL, pictures=()))

    titles = [file.title for file in place.slack.files.completed]
    repeats = [title for title in titles if wording.REPEAT_WARNING in title]
    assert len(titles) - len(repeats) == 1
    assert len(repeats) == (1 if lag == 600 else 0)


def test_a_channel_that_is_archived_in_between_gets_the_rest_later(place: Place) -> None:
    """An archive that is undone within two days has cost nothing."""
    channel = place.slack.channels[CHANNEL]
    place.slack.weather = lambda request: _archive_for_a_while(place, request.path)

    place.send(hours=3)

    assert not channel.archived
    assert place.states() == {DeliveryState.SENT: 6}
    assert len(place.slack.thread(place.root)) == 3


def _archive_for_a_while(place: Place, path: str) -> None:
    """Archive the channel from the first message on until half an hour has passed."""
    with place.slack.holding:
        shown = place.slack.visible(CHANNEL)
        is_early = place.now < NOON + timedelta(minutes=30)
        place.slack.channels[CHANNEL].archived = bool(shown) and is_early


@pytest.mark.parametrize(("prompt", "hours"), [(True, 0), (False, 1)])
def test_a_digest_for_a_channel_that_is_out_of_reach_is_given_up(
    place: Place, prompt: bool, hours: int
) -> None:
    """At once where somebody has asked for it, else after two days; an hour later nothing is
    wrong.
    """
    made_at = place.now - timedelta(hours=47)
    with place.store.write() as tx:
        tx.digests.queue_messages(BARE, "C0NOWHERE", made_at, "slot", prompt=prompt)

    sender = place.send_waiting(hours=3)

    assert place.states() == {DeliveryState.DEAD: 3}
    waited = place.now - NOON
    assert timedelta(hours=hours) <= waited <= timedelta(hours=hours, minutes=10)
    assert sender.blocked_reason.startswith("a message was given up: ")
    sender.send_next(place.now + timedelta(hours=2))
    assert sender.blocked_reason == ""


def test_whoever_asked_is_told_why_their_channel_gets_no_digest(place: Place) -> None:
    """In private, where the bot was not invited; who asked on the command line is not."""
    place.slack.add_channel("C0SECRET", "secret", member=False)
    place.slack.add_user("U0ANNA123", "anna")
    for name, actor in (("slack", Actor.slack("U0ANNA123")), ("cli", Actor.cli("bert"))):
        order = DigestOrder(
            id=name,
            target=DigestTarget(channel="C0SECRET"),
            at=place.now,
            requested_by=str(actor),
        )
        with place.store.write() as tx:
            tx.digest_orders.add(order, place.now)
            tx.digests.queue_messages(BARE, "C0SECRET", place.now, order.id, prompt=True)

    place.send_waiting()

    (told,) = place.slack.visible(place.slack.channels.direct("U0ANNA123").id)
    assert "the digest of 2026-W46 for C0SECRET failed: Slack cannot reach C0SECRET" in told.text
    assert "invite the bot" in told.text
    assert place.slack.visible("C0SECRET") == ()


def queue_mails(place: Place, *addresses: str) -> None:
    """Queue a mail for each address."""
    with place.store.write() as tx:
        for address in addresses:
            tx.digests.queue_mail(USUAL, (address,), place.now, "slot")


def test_a_token_that_slack_refuses_holds_up_no_mail(place: Place) -> None:
    """Messages wait ten minutes for somebody to mend it; the mail server is another one."""
    gone = refused("token_revoked")
    place.slack.weather = lambda request: gone
    place.queue_other(-timedelta(minutes=1))
    queue_mails(place, "ceo@example.com")

    with Smtp() as smtp:
        place.mailer = DigestMail(MailServer.from_url(f"smtp://{smtp.address}"))
        sender = place.send_waiting()

    assert len(smtp.letters) == 1
    assert place.states() == {DeliveryState.SENT: 1, DeliveryState.PENDING: 3}
    assert "token_revoked" in sender.blocked_reason, "a mail says nothing of Slack"
    assert len(place.slack.requests_to("chat.postMessage")) < 10


def test_a_mail_server_whose_answers_are_lost_holds_up_no_message(place: Place) -> None:
    """Four losses are an outage of the mail server alone."""
    queue_mails(place, "a@example.com", "b@example.com", "c@example.com", "d@example.com")
    place.queue_other(timedelta(seconds=1))

    with Smtp(losses=4) as smtp:
        place.mailer = DigestMail(MailServer.from_url(f"smtp://{smtp.address}"))
        place.send_waiting()

    assert place.other_waited < timedelta(seconds=5)


def _delete_root(place: Place, path: str) -> None:
    """Let somebody delete the message as soon as something more is posted."""
    shown = place.slack.visible(CHANNEL)
    if path.endswith("chat.postMessage") and len(shown) == 1:
        with place.slack.holding:
            place.slack.channels.change(shown[0], replace(shown[0], deleted=True))
