"""The Slack workspace behaves as Slack does, seen through the real slack_sdk."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.world.clients import slack_client
from tests.world.clock import Clock
from tests.world.faults import (
    Fault,
    answers_after_commit,
    late,
    lost_after_commit,
    lost_before_commit,
)
from tests.world.slack import BOT_TOKEN, CHANNEL, Slack, failed_after_commit, ratelimited
from tests.world.slack_messages import BOT_USER
from tests.world.waiting import LAST_RESORT, wait_until

METADATA = {"event_type": "delivery", "event_payload": {"delivery_id": "d1"}}
POST = "/api/chat.postMessage"


@pytest.fixture
def client(slack: Slack) -> WebClient:
    """A client with the bot's token and no retries."""
    return slack_client(slack)


def error_of(call: Callable[[], Any]) -> str:
    """Return the error code that a call to Slack is refused with."""
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


def section(text: str) -> dict[str, Any]:
    """Return a section block with this mrkdwn text."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


# Messages


def test_a_post_is_visible_as_it_was_sent(slack: Slack, client: WebClient) -> None:
    """Text, blocks and metadata of an accepted post are in the channel, and the reply names its
    ts.
    """
    blocks = [section("*Late* parcel"), {"type": "divider"}]
    reply = client.chat_postMessage(
        channel=CHANNEL, text="Late parcel", blocks=blocks, metadata=METADATA
    )
    (message,) = slack.visible()
    assert (message.text, list(message.blocks), message.metadata) == (
        "Late parcel",
        blocks,
        METADATA,
    )
    assert (reply["ts"], reply["channel"], message.user) == (message.ts, CHANNEL, BOT_USER)


def test_the_same_post_twice_is_two_messages(slack: Slack, client: WebClient) -> None:
    """Slack knows no idempotency: equal posts get different, growing ts."""
    first, second = (
        client.chat_postMessage(channel=CHANNEL, text="hello", metadata=METADATA)["ts"]
        for _ in range(2)
    )
    assert first < second
    assert [message.ts for message in slack.postings] == [first, second]


def test_ts_grows_while_the_clock_stands() -> None:
    """Messages of one instant have different ts in the order of posting."""
    with Slack(posts_per_second=None, clock=Clock()) as slack:
        client = slack_client(slack)
        stamps = [client.chat_postMessage(channel=CHANNEL, text="x")["ts"] for _ in range(3)]
    assert stamps == ["1790000000.000000", "1790000000.000001", "1790000000.000002"]


def test_a_channel_can_be_posted_to_by_its_name(slack: Slack, client: WebClient) -> None:
    """chat.postMessage takes #name and answers with the id, which the other methods insist on."""
    reply = client.chat_postMessage(channel="#reviews", text="hello")
    assert reply["channel"] == CHANNEL
    assert error_of(lambda: client.conversations_history(channel="#reviews")) == "channel_not_found"


def test_forms_and_json_say_the_same(slack: Slack, client: WebClient) -> None:
    """A call with form fields, blocks and metadata as JSON strings, is understood like a JSON
    call.
    """
    form = {
        "channel": CHANNEL,
        "text": "hi",
        "metadata": '{"event_type":"delivery","event_payload":{}}',
    }
    client.api_call("chat.postMessage", params={**form, "blocks": '[{"type":"divider"}]'})
    (message,) = slack.visible()
    assert message.blocks == ({"type": "divider"},)
    assert message.metadata == {"event_type": "delivery", "event_payload": {}}
    assert error_of(
        lambda: client.api_call("chat.postMessage", params={**form, "blocks": "["})
    ) == ("invalid_blocks_format")


def test_an_update_changes_the_message_and_keeps_its_metadata(
    slack: Slack, client: WebClient
) -> None:
    """chat.update without metadata replaces text and blocks and leaves the metadata as it was."""
    ts = client.chat_postMessage(
        channel=CHANNEL, text="open", blocks=[section("open")], metadata=METADATA
    )["ts"]
    client.chat_update(channel=CHANNEL, ts=ts, text="taken", blocks=[section("taken")])
    (message,) = slack.visible()
    assert (message.text, message.blocks, message.metadata) == (
        "taken",
        (section("taken"),),
        METADATA,
    )
    assert (message.edits, len(slack.postings)) == (1, 1)
    assert slack.postings[0].text == "open"


def test_a_deleted_message_is_gone(slack: Slack, client: WebClient) -> None:
    """chat.delete hides the message from people and history, and cannot be done twice."""
    ts = client.chat_postMessage(channel=CHANNEL, text="oops")["ts"]
    client.chat_delete(channel=CHANNEL, ts=ts)
    assert slack.visible() == ()
    assert client.conversations_history(channel=CHANNEL)["messages"] == []
    assert error_of(lambda: client.chat_delete(channel=CHANNEL, ts=ts)) == "message_not_found"


def test_other_peoples_messages_are_theirs(slack: Slack, client: WebClient) -> None:
    """The bot can neither update nor delete what a person wrote."""
    slack.add_user("U0ANN", "ann")
    ts = slack.say(CHANNEL, "U0ANN", "hello")
    assert (
        error_of(lambda: client.chat_update(channel=CHANNEL, ts=ts, text="x"))
        == "cant_update_message"
    )
    assert error_of(lambda: client.chat_delete(channel=CHANNEL, ts=ts)) == "cant_delete_message"


def test_replies_stay_in_their_thread(slack: Slack, client: WebClient) -> None:
    """A reply is read with conversations.replies, after its root, and is in history only if
    broadcast.
    """
    root = client.chat_postMessage(channel=CHANNEL, text="root")["ts"]
    quiet = client.chat_postMessage(channel=CHANNEL, text="quiet", thread_ts=root)["ts"]
    loud = client.chat_postMessage(
        channel=CHANNEL, text="loud", thread_ts=root, reply_broadcast=True
    )["ts"]
    thread = client.conversations_replies(channel=CHANNEL, ts=root)["messages"]
    history = client.conversations_history(channel=CHANNEL)["messages"]
    assert [message["ts"] for message in thread] == [root, quiet, loud]
    assert [message["ts"] for message in history] == [loud, root]
    assert (
        error_of(lambda: client.conversations_replies(channel=CHANNEL, ts="1.000001"))
        == "thread_not_found"
    )


def test_a_reaction_is_given_once(slack: Slack, client: WebClient) -> None:
    """reactions.add marks a message, says so when it is already there, and needs a message."""
    ts = client.chat_postMessage(channel=CHANNEL, text="hello")["ts"]
    client.reactions_add(channel=CHANNEL, timestamp=ts, name="eyes")
    assert slack.visible()[0].reactions == ("eyes",)
    assert (
        error_of(lambda: client.reactions_add(channel=CHANNEL, timestamp=ts, name="eyes"))
        == "already_reacted"
    )
    assert (
        error_of(lambda: client.reactions_add(channel=CHANNEL, timestamp="1.0", name="eyes"))
        == "message_not_found"
    )


# Who may do what


def test_the_bot_knows_who_it_is(client: WebClient) -> None:
    """auth.test names the bot and its workspace, and the headers name its scopes."""
    reply = client.auth_test()
    assert (reply["user_id"], reply["bot_id"], reply["team"]) == (BOT_USER, "B0BOT", "World")
    assert "chat:write" in reply.headers["X-OAuth-Scopes"]


def test_people_and_channels_can_be_looked_up(slack: Slack, client: WebClient) -> None:
    """users.info and conversations.info know who and what is there, and refuse the rest."""
    slack.add_user("U0ANN", "ann", tz="Europe/Berlin")
    assert client.users_info(user="U0ANN")["user"]["tz"] == "Europe/Berlin"
    assert client.conversations_info(channel=CHANNEL)["channel"]["name"] == "reviews"
    assert error_of(lambda: client.users_info(user="U0NOBODY")) == "user_not_found"
    assert error_of(lambda: client.conversations_info(channel="C0NOWHERE")) == "channel_not_found"


@pytest.mark.parametrize(
    ("token", "error"), [("xoxb-unknown", "invalid_auth"), (None, "not_authed")]
)
def test_a_call_needs_a_known_token(slack: Slack, token: str | None, error: str) -> None:
    """An unknown token and no token are told apart."""
    assert error_of(slack_client(slack, token).auth_test) == error


def test_a_revoked_token_stops_everything(slack: Slack, client: WebClient) -> None:
    """After revocation each call is refused with the reason, and nothing is posted."""
    slack.revoke()
    assert error_of(lambda: client.chat_postMessage(channel=CHANNEL, text="x")) == "token_revoked"
    slack.revoke(error="account_inactive")
    assert error_of(client.auth_test) == "account_inactive"
    assert slack.postings == ()


def test_a_missing_scope_is_named(slack: Slack, client: WebClient) -> None:
    """A method outside the token's scopes is refused with the scope that it needs."""
    slack.scopes.discard("channels:history")
    with pytest.raises(SlackApiError) as caught:
        client.conversations_history(channel=CHANNEL)
    assert (caught.value.response["error"], caught.value.response["needed"]) == (
        "missing_scope",
        "channels:history",
    )


def test_a_channel_must_exist_be_open_and_have_the_bot(slack: Slack, client: WebClient) -> None:
    """Unknown, archived and foreign channels are refused each with its own error; joining helps."""
    slack.add_channel("C0OLD", "old", archived=True)
    slack.add_channel("C0OTHER", "other", member=False)
    assert (
        error_of(lambda: client.chat_postMessage(channel="C0NOWHERE", text="x"))
        == "channel_not_found"
    )
    assert error_of(lambda: client.chat_postMessage(channel="C0OLD", text="x")) == "is_archived"
    assert (
        error_of(lambda: client.chat_postMessage(channel="C0OTHER", text="x")) == "not_in_channel"
    )
    assert error_of(lambda: client.conversations_history(channel="C0OTHER")) == "not_in_channel"
    client.conversations_join(channel="C0OTHER")
    client.chat_postMessage(channel="C0OTHER", text="x")
    assert [message.text for message in slack.visible("C0OTHER")] == ["x"]


def test_an_unknown_method_is_refused(client: WebClient) -> None:
    """A misspelt method is not silently accepted."""
    assert error_of(lambda: client.api_call("chat.postMesage")) == "unknown_method"


# History


def test_history_is_newest_first_and_pages_by_cursor(client: WebClient) -> None:
    """Pages of history join to all messages, although one is posted between them."""
    stamps = [
        client.chat_postMessage(channel=CHANNEL, text=str(number))["ts"] for number in range(5)
    ]
    first = client.conversations_history(channel=CHANNEL, limit=2)
    client.chat_postMessage(channel=CHANNEL, text="meanwhile")
    seen = [message["ts"] for message in first["messages"]]
    page = first
    while page["has_more"]:
        cursor = page["response_metadata"]["next_cursor"]
        page = client.conversations_history(channel=CHANNEL, limit=2, cursor=cursor)
        seen += [message["ts"] for message in page["messages"]]
    assert seen == stamps[::-1]


@pytest.mark.parametrize(("inclusive", "expected"), [(True, [3, 2, 1]), (False, [2])])
def test_the_window_of_history_leaves_its_ends_out(
    client: WebClient, inclusive: bool, expected: list[int]
) -> None:
    """`oldest` and `latest` themselves are returned only if inclusive."""
    stamps = [
        client.chat_postMessage(channel=CHANNEL, text=str(number))["ts"] for number in range(5)
    ]
    page = client.conversations_history(
        channel=CHANNEL, oldest=stamps[1], latest=stamps[3], inclusive=inclusive
    )
    assert [int(message["text"]) for message in page["messages"]] == expected


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"latest": "now"}, "invalid_ts_latest"),
        ({"cursor": "%"}, "invalid_cursor"),
    ],
    ids=["oldest", "latest", "cursor"],
)
def test_history_refuses_what_it_cannot_read(
    client: WebClient, arguments: dict[str, Any], error: str
) -> None:
    """A malformed bound or cursor is an error and not an empty page, even in an empty channel."""
    assert error_of(lambda: client.conversations_history(channel=CHANNEL, **arguments)) == error


def test_metadata_is_returned_only_on_request(client: WebClient) -> None:
    """History and replies show metadata only with include_all_metadata."""
    ts = client.chat_postMessage(channel=CHANNEL, text="x", metadata=METADATA)["ts"]
    bare = client.conversations_history(channel=CHANNEL)["messages"][0]
    full = client.conversations_history(channel=CHANNEL, include_all_metadata=True)["messages"][0]
    thread = client.conversations_replies(channel=CHANNEL, ts=ts, include_all_metadata=True)[
        "messages"
    ][0]
    assert "metadata" not in bare
    assert full["metadata"] == thread["metadata"] == METADATA


def test_history_may_lag_behind() -> None:
    """A message that people already see enters history only after the lag."""
    clock = Clock()
    with Slack(posts_per_second=None, history_lag=10, clock=clock) as slack:
        client = slack_client(slack)
        client.chat_postMessage(channel=CHANNEL, text="x")
        early = client.conversations_history(channel=CHANNEL)["messages"]
        clock.forward(10)
        later = client.conversations_history(channel=CHANNEL)["messages"]
        assert (len(slack.visible()), len(early), len(later)) == (1, 0, 1)


# What goes wrong on the line


def test_a_channel_takes_one_message_a_second_after_a_burst() -> None:
    """The fourth post of an instant is told to wait, and the wait that Slack names is enough."""
    clock = Clock()
    with Slack(posts_per_second=1, burst=3, clock=clock) as slack:
        client = slack_client(slack)
        slack.add_channel("C0OTHER", "other")
        for _ in range(3):
            client.chat_postMessage(channel=CHANNEL, text="x")
        with pytest.raises(SlackApiError) as caught:
            client.chat_postMessage(channel=CHANNEL, text="x")
        client.chat_postMessage(channel="C0OTHER", text="x")
        clock.forward(int(caught.value.response.headers["Retry-After"]))
        client.chat_postMessage(channel=CHANNEL, text="x")
        assert (caught.value.response.status_code, caught.value.response["error"]) == (
            429,
            "ratelimited",
        )
        assert len(slack.visible()) == 4


def test_silence_saves_up_no_more_than_a_burst() -> None:
    """After an hour without posts a channel takes one burst and not an hour's worth."""
    clock = Clock()
    with Slack(posts_per_second=1, burst=2, clock=clock) as slack:
        client = slack_client(slack)
        clock.forward(3_600)
        for _ in range(2):
            client.chat_postMessage(channel=CHANNEL, text="x")
        assert error_of(lambda: client.chat_postMessage(channel=CHANNEL, text="x")) == "ratelimited"


def test_the_default_client_posts_twice_when_a_reply_is_lost(slack: Slack) -> None:
    """slack_sdk's own retry turns one lost reply into two visible messages."""
    with_defaults = slack_client(slack, retry_handlers=None)
    slack.fail_next(lost_after_commit, path=POST)
    assert with_defaults.chat_postMessage(channel=CHANNEL, text="once")["ok"]
    assert (len(slack.requests_to(POST)), len(slack.visible())) == (2, 2)


@pytest.mark.parametrize(
    ("fault", "posted"),
    [(lost_before_commit, 0), (lost_after_commit, 1)],
    ids=["before commit", "after commit"],
)
def test_without_retries_a_lost_reply_is_one_request(
    slack: Slack, client: WebClient, fault: Fault, posted: int
) -> None:
    """With no retry handlers the caller sees the reset, whether or not the message is there."""
    slack.fail_next(fault, path=POST)
    with pytest.raises(OSError, match=r"reset|closed"):
        client.chat_postMessage(channel=CHANNEL, text="once")
    assert (len(slack.requests_to(POST)), len(slack.visible())) == (1, posted)


@pytest.mark.parametrize("error", ["fatal_error", "internal_error"])
def test_an_error_after_the_commit_hides_a_message(
    slack: Slack, client: WebClient, error: str
) -> None:
    """fatal_error and internal_error say nothing about whether the message is there: here it is."""
    slack.fail_next(failed_after_commit(error), path=POST)
    assert error_of(lambda: client.chat_postMessage(channel=CHANNEL, text="x")) == error
    assert len(slack.visible()) == 1


def test_a_500_after_the_commit_hides_a_message(slack: Slack, client: WebClient) -> None:
    """A 500 is raised with its status although the message is there."""
    slack.fail_next(answers_after_commit(500), path=POST)
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=CHANNEL, text="x")
    assert (caught.value.response.status_code, len(slack.visible())) == (500, 1)


def test_a_reply_after_the_timeout_hides_a_message(slack: Slack) -> None:
    """A reply later than the client waits raises TimeoutError, once, although the message is
    there.
    """
    impatient = WebClient(token=BOT_TOKEN, base_url=slack.api_url, retry_handlers=[])
    impatient.timeout = 0.2  # type: ignore[assignment]  # the SDK declares whole seconds and passes any number on
    slack.fail_next(late(10 * LAST_RESORT), path=POST)
    with pytest.raises(TimeoutError):
        impatient.chat_postMessage(channel=CHANNEL, text="x")
    assert wait_until(lambda: len(slack.visible()) == len(slack.requests_to(POST)) == 1)


@pytest.mark.parametrize("retry_after", [30, None])
def test_history_can_be_limited_too(
    slack: Slack, client: WebClient, retry_after: int | None
) -> None:
    """A 429 on history alone leaves posting free, and may lack its Retry-After."""
    slack.fail_next(ratelimited(retry_after), path="/api/conversations.history")
    client.chat_postMessage(channel=CHANNEL, text="x")
    with pytest.raises(SlackApiError) as caught:
        client.conversations_history(channel=CHANNEL)
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers.get("Retry-After") == (
        None if retry_after is None else "30"
    )
