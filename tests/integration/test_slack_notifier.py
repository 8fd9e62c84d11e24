"""The Slack notifier against a strict Slack: what arrives, what is found again, and what each
failure means.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from monitor.domain.delivery import Delivery, DeliveryKind
from monitor.errors import (
    CardDeleted,
    DeliveryDelayed,
    DeliveryError,
    DeliveryForbidden,
    DeliveryRejected,
    DeliveryUncertain,
    DeliveryUnreachable,
)
from monitor.notifiers.base import Notifier, PostedMessage, RateLimits
from monitor.settings import SlackSettings
from monitor.slack.members import NAME_CACHED_FOR
from monitor.slack.notifier import SlackNotifier
from tests.golden.slack.examples import ANNA, BERT, CARDS, DELIVERY, SUMMARY, URGENT
from tests.golden.slack.views import ENTRIES
from tests.world.clock import Clock
from tests.world.faults import (
    Fault,
    Reply,
    Request,
    answers,
    answers_after_commit,
    late,
    lost_after_commit,
    lost_before_commit,
    truncated,
)
from tests.world.slack import BOT_TOKEN, CHANNEL, Slack, failed_after_commit, ratelimited
from tests.world.slack_wire import JSON_TYPE, reply_with
from tests.world.waiting import LAST_RESORT, wait_until

POST = "chat.postMessage"
MARKER = "xoxb-marker-7d1f"


class ListedSlack(Slack):
    """A Slack that also lists its channels, one on each page."""

    def answer(self, request: Request) -> Reply:
        if not request.path.endswith("conversations.list"):
            return super().answer(request)
        if b"private_channel" in request.body and "groups:read" not in self.scopes:
            return reply_with(
                {"ok": False, "error": "missing_scope", "needed": "groups:read"}, self.scopes
            )
        first = b"cursor=" not in request.body
        channel = (
            {"id": "C0OTHER01", "name": "other"} if first else {"id": CHANNEL, "name": "reviews"}
        )
        more = {"next_cursor": "2" if first else ""}
        return reply_with(
            {"ok": True, "channels": [channel], "response_metadata": more}, self.scopes
        )


@pytest.fixture
def slack() -> Iterator[Slack]:
    """A workspace without a limit on the rate."""
    with ListedSlack(posts_per_second=None) as server:
        yield server


@pytest.fixture
def notifier(slack: Slack) -> SlackNotifier:
    """A notifier for the workspace."""
    return connected(slack)


def connected(
    slack: Slack, token: str = BOT_TOKEN, channel: str = "#reviews", timeout: int = LAST_RESORT
) -> SlackNotifier:
    """A notifier that gives up on an answer after so many seconds; the address has no slash at its
    end.
    """
    settings = SlackSettings(default_channel=channel, api_url=slack.api_url.rstrip("/"))
    return SlackNotifier(SecretStr(token), settings, monotonic=time.monotonic, timeout=timeout)


AGO = timedelta(seconds=5)  #: everything that a test posts is younger


@pytest.mark.parametrize("name", CARDS)
def test_every_example_arrives(slack: Slack, notifier: SlackNotifier, name: str) -> None:
    """Every golden card is accepted as it is, carries its delivery's id and is quiet."""
    posted = notifier.post_card(CARDS[name], DELIVERY)

    (message,) = slack.visible()
    assert posted == PostedMessage(message.ts, CHANNEL)
    assert message.blocks
    assert message.metadata == {
        "event_type": "repwatch_delivery",
        "event_payload": {"delivery_id": DELIVERY.id},
    }
    assert message.reading.automatic == ()
    body = slack.requests_to(POST)[0].body
    for quiet in (
        b'"parse": "none"',
        b'"link_names": false',
        b'"unfurl_links": false',
        b'"unfurl_media": false',
    ):
        assert quiet in body


def test_only_the_operator_pings(slack: Slack, notifier: SlackNotifier) -> None:
    """The hostile example pings whom the rule names, and nobody whom the stranger names."""
    notifier.post_card(CARDS["hostile"], DELIVERY)

    reading = slack.visible()[0].reading
    assert set(reading.pings) == {"@U123"}
    assert {link.url for link in reading.links} == {"https://evil.example/%3C!channel%3E%7Cx"}


def test_who_acted_is_named_without_a_call(slack: Slack, notifier: SlackNotifier) -> None:
    """The line below a card has the name that Slack knows, which is asked for once a day."""
    slack.add_user(ANNA.id, "anna", profile={"display_name": "Anna *Boss* <!here>"})
    root = notifier.post_card(URGENT, DELIVERY)

    for name in ("taken", "confirmed"):
        notifier.post_thread_entry(ENTRIES[name], root, DELIVERY)

    taken = slack.visible()[1]
    assert taken.text.startswith("👀 Anna ∗Boss∗ &lt;!here&gt; took it")
    assert taken.reading.pings == ()
    assert len(slack.requests_to("users.info")) == 1
    entry = ENTRIES["taken"]
    next_day = replace(entry, event=replace(entry.event, at=entry.event.at + NAME_CACHED_FOR))
    notifier.post_thread_entry(next_day, root, DELIVERY)
    assert len(slack.requests_to("users.info")) == 2


def test_who_cannot_be_named_is_mentioned(slack: Slack, notifier: SlackNotifier) -> None:
    """Without the scope, and for somebody whom Slack does not know, the line arrives all the
    same.
    """
    root = notifier.post_card(URGENT, DELIVERY)
    notifier.post_thread_entry(ENTRIES["dismissed"], root, DELIVERY)
    slack.scopes -= {"users:read"}
    notifier.post_thread_entry(ENTRIES["snoozed"], root, DELIVERY)

    assert [set(message.reading.pings) for message in slack.visible()[1:]] == [
        {f"@{ANNA.id}"},
        {f"@{BERT.id}"},
    ]


def test_update_changes_the_message_in_place(slack: Slack, notifier: SlackNotifier) -> None:
    """An update leaves one message, which shows the new state and keeps its metadata."""
    posted = notifier.post_card(URGENT, DELIVERY)

    notifier.update_card(CARDS["grouped"], posted)

    (message,) = slack.visible()
    assert message.edits == 1
    assert "Taken by" in message.reading.words
    assert "3 reports from reddit, app-store" in message.reading.words
    assert message.metadata is not None


def test_a_change_of_a_deleted_card_says_that_it_is_gone(
    slack: Slack, notifier: SlackNotifier
) -> None:
    """Somebody removed the message: nothing can be changed there."""
    posted = notifier.post_card(URGENT, DELIVERY)
    notifier._api.call_once("chat.delete", {"channel": posted.channel_id, "ts": posted.message_id})

    with pytest.raises(CardDeleted):
        notifier.update_card(CARDS["grouped"], posted)
    assert slack.visible() == ()


def test_a_line_below_a_deleted_card_leaves_nothing_behind(
    slack: Slack, notifier: SlackNotifier
) -> None:
    """Slack shows it as a message of its own, without a word of error: it is taken away again."""
    posted = notifier.post_card(URGENT, DELIVERY)
    notifier._api.call_once("chat.delete", {"channel": posted.channel_id, "ts": posted.message_id})
    line = replace(DELIVERY, id="line", kind=DeliveryKind.ENTRY)

    with pytest.raises(CardDeleted):
        notifier.post_thread_entry(ENTRIES["taken"], posted, line)
    assert slack.visible() == ()


def test_summary_accounts_for_all(slack: Slack, notifier: SlackNotifier) -> None:
    """One message tells the total, and can be found like any other."""
    posted = notifier.post_summary(SUMMARY, DELIVERY)

    assert "480 more alerts" in slack.visible()[0].reading.words
    assert notifier.find_posted(DELIVERY, AGO) == posted


def test_message_of_unknown_fate_is_found(slack: Slack, notifier: SlackNotifier) -> None:
    """After a lost answer the message is found by its delivery, by a notifier that has never seen
    it.
    """
    slack.fail_next(lost_after_commit, path=POST)
    with pytest.raises(DeliveryUncertain):
        notifier.post_card(URGENT, DELIVERY)
    for number in range(250):
        slack.say(CHANNEL, "U1", f"chat {number}")

    assert connected(slack).find_posted(DELIVERY, AGO) == PostedMessage(
        slack.postings[0].ts, CHANNEL
    )
    assert len(slack.requests_to(POST)) == 1
    assert len(slack.requests_to("conversations.history")) == 2


def test_absent_message_is_not_found(slack: Slack, notifier: SlackNotifier) -> None:
    """None means that no message of this delivery stands there; others do not count."""
    notifier.post_card(URGENT, replace(DELIVERY, id="another"))

    assert notifier.find_posted(DELIVERY, AGO) is None


def test_only_the_time_of_the_attempt_is_read() -> None:
    """What was posted more than a minute before the attempt is not looked at, by Slack's own time:
    this machine's may be another one.
    """
    clock = Clock()
    with ListedSlack(posts_per_second=None, clock=clock) as slack:
        posted = connected(slack).post_card(URGENT, DELIVERY)
        clock.forward(90)

        assert connected(slack).find_posted(DELIVERY, timedelta(seconds=20)) is None
        assert connected(slack).find_posted(DELIVERY, timedelta(seconds=40)) == posted


def test_without_a_time_the_whole_history_is_read(slack: Slack, notifier: SlackNotifier) -> None:
    """A proxy that takes the date out of Slack's answers lets no message be posted twice."""
    posted = notifier.post_card(URGENT, DELIVERY)
    slack.dated = False

    assert connected(slack).find_posted(DELIVERY, timedelta()) == posted
    assert b"oldest" not in slack.requests_to("conversations.history")[-1].body


def test_one_look_answers_for_all_that_it_saw(slack: Slack, notifier: SlackNotifier) -> None:
    """After an outage many messages are looked for: what one look came across is not asked for
    again.
    """
    others = [replace(DELIVERY, id=f"0193-{number}") for number in range(5)]
    posted = [notifier.post_card(URGENT, delivery) for delivery in others]

    assert [notifier.find_posted(delivery, AGO) for delivery in others] == posted
    assert len(slack.requests_to("conversations.history")) == 1
    assert notifier.find_posted(DELIVERY, AGO) is None
    assert len(slack.requests_to("conversations.history")) == 2


def test_known_channel_is_not_looked_up(slack: Slack, notifier: SlackNotifier) -> None:
    """A channel's id is learnt from the first answer, or taken from the delivery."""
    notifier.post_card(URGENT, DELIVERY)
    notifier.find_posted(DELIVERY, AGO)
    connected(slack).find_posted(replace(DELIVERY, posted_to=CHANNEL), AGO)
    connected(slack).find_posted(replace(DELIVERY, channel=CHANNEL), AGO)

    assert slack.requests_to("conversations.list") == ()


def test_unknown_channel_is_unreachable(notifier: SlackNotifier) -> None:
    """A name that no channel has is told as such, not as an absent message."""
    with pytest.raises(DeliveryUnreachable, match="#nowhere"):
        notifier.find_posted(replace(DELIVERY, channel="#nowhere"), AGO)


def test_private_channels_are_optional(slack: Slack, notifier: SlackNotifier) -> None:
    """Without the scope for private channels a public one is still found by name."""
    assert "groups:read" not in slack.scopes
    assert notifier.find_posted(DELIVERY, AGO) is None


def test_unreadable_history_does_not_stop_the_sender(slack: Slack, notifier: SlackNotifier) -> None:
    """Without the right to read, posting goes on: the answer is 'cannot look', never 'not
    there'.
    """
    slack.scopes.discard("channels:history")

    with pytest.raises(DeliveryUnreachable, match="channels:history"):
        notifier.find_posted(replace(DELIVERY, posted_to=CHANNEL), AGO)


TOO_LATE = "too late"
FAULTS: dict[str, tuple[Fault, type[DeliveryError]]] = {
    "lost before": (lost_before_commit, DeliveryUncertain),
    "lost after": (lost_after_commit, DeliveryUncertain),
    TOO_LATE: (late(10 * LAST_RESORT), DeliveryUncertain),
    "500 after": (answers_after_commit(500), DeliveryUncertain),
    "502 page": (
        answers(502, {"Content-Type": "text/html"}, b"<html>bad gateway</html>"),
        DeliveryUncertain,
    ),
    "page instead": (
        answers(200, {"Content-Type": "text/html"}, b"<html>log in</html>"),
        DeliveryUncertain,
    ),
    "half an answer": (truncated(10), DeliveryUncertain),
    "no object": (answers(200, JSON_TYPE, b"[]"), DeliveryUncertain),
    "no ts": (answers(200, JSON_TYPE, b'{"ok":true}'), DeliveryUncertain),
    "fatal_error": (failed_after_commit("fatal_error"), DeliveryUncertain),
    "internal_error": (failed_after_commit("internal_error"), DeliveryUncertain),
    "too fast": (ratelimited(7), DeliveryDelayed),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_has_its_fate_and_one_request(slack: Slack, name: str) -> None:
    """Each failure is told as what it is, and nothing is sent twice."""
    fault, fate = FAULTS[name]
    notifier = connected(slack, timeout=1 if name == TOO_LATE else LAST_RESORT)
    slack.fail_next(fault, path=POST)

    with pytest.raises(fate) as caught:
        notifier.post_card(URGENT, DELIVERY)

    assert type(caught.value) is fate
    assert wait_until(lambda: len(slack.requests_to(POST)) == 1)


@pytest.mark.parametrize(("header", "wait"), [(7, 7.0), (None, 30.0)])
def test_pause_is_as_long_as_slack_says(
    slack: Slack, notifier: SlackNotifier, header: int | None, wait: float
) -> None:
    """Retry-After is handed on; without it half a minute is waited."""
    slack.fail_next(ratelimited(header), path=POST)

    with pytest.raises(DeliveryDelayed) as caught:
        notifier.post_card(URGENT, DELIVERY)

    assert caught.value.retry_after == wait


def test_refused_connection_is_certainly_not_sent() -> None:
    """Where nobody listens nothing was shown."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/api/"
        notifier = SlackNotifier(
            SecretStr(BOT_TOKEN),
            SlackSettings(default_channel="#r", api_url=url),
            monotonic=time.monotonic,
        )

        with pytest.raises(DeliveryDelayed, match="cannot be reached"):
            notifier.post_card(URGENT, DELIVERY)


def test_wrong_address_is_named() -> None:
    """An address that leads nowhere is a mistake in the configuration, not a message of unknown
    fate.
    """
    notifier = SlackNotifier(
        SecretStr(BOT_TOKEN),
        SlackSettings(default_channel="#r", api_url="slack.com/api"),
        monotonic=time.monotonic,
    )

    with pytest.raises(DeliveryForbidden, match=r"slack\.api_url"):
        notifier.post_card(URGENT, DELIVERY)


def test_uncertain_update_is_merely_late(slack: Slack, notifier: SlackNotifier) -> None:
    """An update that may have arrived may simply be sent again."""
    posted = notifier.post_card(URGENT, DELIVERY)
    slack.fail_next(lost_after_commit, path="chat.update")

    with pytest.raises(DeliveryDelayed):
        notifier.update_card(URGENT, posted)


def test_unreadable_page_is_no_absence(slack: Slack, notifier: SlackNotifier) -> None:
    """When the history does not answer, nothing is known: that is an error and never None."""
    slack.fail_next(answers(500), path="conversations.history")

    with pytest.raises(DeliveryDelayed):
        notifier.find_posted(replace(DELIVERY, posted_to=CHANNEL), AGO)


def test_closed_channels_are_unreachable(slack: Slack, notifier: SlackNotifier) -> None:
    """Archived, left and missing channels are told apart from a bad message."""
    slack.add_channel("C0OLD0000", "old", archived=True)
    slack.add_channel("C0AWAY000", "away", member=False)

    for channel in ("#old", "#away", "#nowhere"):
        with pytest.raises(DeliveryUnreachable, match=channel):
            notifier.post_card(URGENT, replace(DELIVERY, channel=channel))


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth"])
def test_refused_token_is_forbidden(slack: Slack, notifier: SlackNotifier, error: str) -> None:
    """Credentials that Slack refuses stop the sender."""
    slack.revoke(error=error)

    with pytest.raises(DeliveryForbidden, match=error):
        notifier.post_card(URGENT, DELIVERY)


def test_refused_blocks_are_shown_as_plain_text(slack: Slack, notifier: SlackNotifier) -> None:
    """A message that Slack refuses for its form arrives as text with its link, as the same
    delivery, and is counted.
    """
    slack.fail_next(answers(200, JSON_TYPE, b'{"ok":false,"error":"invalid_blocks"}'), path=POST)

    with capture_logs() as logs:
        posted = notifier.post_card(URGENT, DELIVERY)

    (message,) = slack.visible()
    assert message.blocks == ()
    assert "The app crashes" not in message.text
    assert "The app *crashes*" in message.text
    assert message.reading.links[0].label == "Open original"
    assert notifier.find_posted(DELIVERY, AGO) == posted
    assert notifier.degraded_count == 1
    assert [log["event"] for log in logs] == ["slack_message_degraded"]
    assert "crashes" not in str(logs)


def test_degraded_update_drops_the_old_blocks(slack: Slack, notifier: SlackNotifier) -> None:
    """An update that must be simple does not leave the blocks of yesterday above it."""
    posted = notifier.post_card(URGENT, DELIVERY)
    slack.fail_next(
        answers(200, JSON_TYPE, b'{"ok":false,"error":"msg_blocks_too_long"}'), path="chat.update"
    )

    notifier.update_card(CARDS["grouped"], posted)

    assert slack.visible()[0].blocks == ()


def test_twice_refused_message_is_rejected(slack: Slack, notifier: SlackNotifier) -> None:
    """When even plain text is refused, that is the end of it: two requests, no more."""
    slack.fail_next(
        answers(200, JSON_TYPE, b'{"ok":false,"error":"invalid_arguments"}'), path=POST, times=3
    )

    with pytest.raises(DeliveryRejected):
        notifier.post_card(URGENT, DELIVERY)

    assert len(slack.requests_to(POST)) == 2


def test_payload_over_our_limits_is_sent_plain(slack: Slack, notifier: SlackNotifier) -> None:
    """What our own limits refuse is not even tried with blocks, and is not dropped either."""
    ours = replace(
        DELIVERY, id="x" * 1_000
    )  # too long for the metadata, which is beyond what plain text can mend

    with pytest.raises(DeliveryRejected), capture_logs() as logs:
        notifier.post_card(URGENT, ours)

    assert b'"blocks": []' in slack.requests_to(POST)[0].body
    assert "bytes" in str(logs[0]["problems"])


@pytest.mark.parametrize("token", [MARKER, f"{MARKER}\n", f"{MARKER}ü", f"{MARKER} x"])
def test_token_is_nowhere(slack: Slack, token: str, caplog: pytest.LogCaptureFixture) -> None:
    """The token stands in no error, no cause of an error, no log and no repr, whatever is wrong
    with it.
    """
    caplog.set_level(logging.DEBUG)
    notifier = connected(slack, token)

    with capture_logs() as logs, pytest.raises(DeliveryForbidden) as caught:
        notifier.post_card(URGENT, DELIVERY)
    found = notifier.check_setup()

    error: BaseException | None = caught.value
    while error:
        assert MARKER not in f"{error!r} {error} {vars(error)}"
        error = error.__cause__ or error.__context__
    assert MARKER not in caplog.text
    assert MARKER not in f"{notifier!r} {logs} {found}"


def test_check_of_a_good_setup(slack: Slack, notifier: SlackNotifier) -> None:
    """A good setup has facts and no problems, and nothing was posted for it."""
    found = notifier.check_setup()

    assert found.problems == ()
    assert found.lines == (
        "Slack: the token is valid, the bot is 'repwatch' in the workspace 'World'",
        "Slack channel #reviews: exists and the bot is in it",
    )
    assert slack.postings == ()


def test_check_names_every_problem(slack: Slack, notifier: SlackNotifier) -> None:
    """Missing scopes and closed channels are all named at once."""
    slack.scopes -= {"chat:write", "channels:history"}
    slack.add_channel("C0OLD0000", "old", archived=True)
    slack.add_channel("C0AWAY000", "away", member=False)

    problems = [
        str(problem)
        for problem in notifier.check_setup(("C0OLD0000", "C0AWAY000", "#nowhere")).problems
    ]

    expected = (
        "chat:write is missing",
        "channels:history is missing",
        "is archived",
        "/invite",
        "#nowhere",
    )
    assert len(problems) == len(expected)
    for problem, part in zip(problems, expected, strict=True):
        assert part in problem


def test_check_of_a_bad_token(slack: Slack) -> None:
    """A token that Slack does not know, and none at all, are one problem each."""
    for token in ("xoxb-wrong", ""):
        (problem,) = connected(slack, token).check_setup().problems
        assert problem.where == "SLACK_BOT_TOKEN"


def test_threads_share_a_notifier(slack: Slack, notifier: SlackNotifier) -> None:
    """Several threads may post at once; every delivery gets its own message."""
    posted: dict[str, PostedMessage] = {}

    def post(delivery: Delivery) -> None:
        posted[delivery.id] = notifier.post_card(URGENT, delivery)

    threads = [
        threading.Thread(target=post, args=(replace(DELIVERY, id=str(n)),)) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {message.ts for message in slack.visible()} == {
        found.message_id for found in posted.values()
    }
    assert len(posted) == 8


def test_settings_are_the_pace(slack: Slack) -> None:
    """How fast a channel may be used comes from the configuration."""
    settings = SlackSettings(
        default_channel="#r",
        api_url=slack.api_url,
        posts_per_second=2,
        cards_per_hour=30,
        settle_seconds=1,
    )
    notifier: Notifier = SlackNotifier(SecretStr(BOT_TOKEN), settings, monotonic=time.monotonic)

    assert notifier.rate_limits == RateLimits(
        posts_per_second=2,
        cards_per_hour=30,
        settle_seconds=1,
        total_per_second=3,
        edit_after_seconds=2,
    )
    assert notifier.default_channel == "#r"
