"""The methods around people and conversations behave as Slack's do, seen through the real
slack_sdk.
"""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.world.clients import slack_client
from tests.world.clock import Clock
from tests.world.slack import CHANNEL, Slack
from tests.world.slack_people import Person


@pytest.fixture
def client(slack: Slack) -> WebClient:
    """A client with the bot's token and no retries."""
    return slack_client(slack)


@pytest.fixture
def ann(slack: Slack) -> Person:
    """A person in the workspace."""
    return Person(slack, "U0ANN", "ann")


def error_of(call: Callable[[], Any]) -> str:
    """Return the error code that a call to Slack is refused with."""
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


def test_an_ephemeral_message_is_for_one(slack: Slack, client: WebClient, ann: Person) -> None:
    """It is seen by its reader alone, stands in no history, and needs somebody of the workspace."""
    ts = client.chat_postEphemeral(channel=CHANNEL, user=ann.id, text="only you")["message_ts"]
    assert [(note.text, note.ts) for note in ann.notes] == [("only you", ts)]
    assert Person(slack, "U0BEN").notes == ()
    assert client.conversations_history(channel=CHANNEL)["messages"] == []
    assert error_of(
        lambda: client.chat_postEphemeral(channel=CHANNEL, user="U0NOBODY", text="x")
    ) == ("user_not_in_channel")
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_001}}]
    assert error_of(
        lambda: client.chat_postEphemeral(channel=CHANNEL, user=ann.id, text="x", blocks=blocks)
    ) == ("invalid_blocks")


def test_a_message_has_an_address(client: WebClient) -> None:
    """A permalink is made of channel and ts, and for a reply of its thread as well."""
    root = client.chat_postMessage(channel=CHANNEL, text="root")["ts"]
    reply = client.chat_postMessage(channel=CHANNEL, text="reply", thread_ts=root)["ts"]
    links = [
        client.chat_getPermalink(channel=CHANNEL, message_ts=ts)["permalink"]
        for ts in (root, reply)
    ]
    assert links == [
        f"https://world.slack.com/archives/{CHANNEL}/p{root.replace('.', '')}",
        (
            f"https://world.slack.com/archives/{CHANNEL}/p{reply.replace('.', '')}"
            f"?thread_ts={root}&cid={CHANNEL}"
        ),
    ]
    assert (
        error_of(lambda: client.chat_getPermalink(channel=CHANNEL, message_ts="1.0"))
        == "message_not_found"
    )


def test_groups_tell_who_is_in_them(slack: Slack, client: WebClient, ann: Person) -> None:
    """User groups are listed, with their members on request, and an unknown one is refused."""
    slack.add_group("S0LEADS", "leads", [ann.id])
    (group,) = client.usergroups_list(include_users=True)["usergroups"]
    (bare,) = client.usergroups_list()["usergroups"]
    assert (group["id"], group["handle"], group["users"], "users" in bare) == (
        "S0LEADS",
        "leads",
        [ann.id],
        False,
    )
    assert client.usergroups_users_list(usergroup="S0LEADS")["users"] == [ann.id]
    assert error_of(lambda: client.usergroups_users_list(usergroup="S0NONE")) == "no_such_subteam"


def test_a_person_can_be_written_to(slack: Slack, client: WebClient, ann: Person) -> None:
    """A direct conversation is opened by the user's id, which also serves as the channel of a
    post.
    """
    channel = client.conversations_open(users=ann.id)["channel"]["id"]
    assert client.conversations_open(users=ann.id)["channel"]["id"] == channel
    assert client.chat_postMessage(channel=ann.id, text="hello")["channel"] == channel
    assert [message.text for message in ann.direct] == ["hello"]
    assert client.conversations_info(channel=channel)["channel"]["is_im"]
    slack.scopes.discard("im:history")
    assert error_of(lambda: client.conversations_history(channel=channel)) == "missing_scope"
    assert error_of(lambda: client.conversations_open(users="U0NOBODY")) == "user_not_found"


def test_the_bot_knows_where_it_is(slack: Slack, client: WebClient) -> None:
    """users.conversations names the channels with the bot in them, private ones on request."""
    slack.add_channel("C0OTHER", "other", member=False)
    slack.add_channel("G0LEADS", "leads", kind="group")
    kinds = "public_channel,private_channel"
    assert [channel["id"] for channel in client.users_conversations()["channels"]] == [CHANNEL]
    assert [channel["id"] for channel in client.users_conversations(types=kinds)["channels"]] == [
        CHANNEL,
        "G0LEADS",
    ]


def test_a_reaction_is_taken_back_by_its_giver(
    slack: Slack, client: WebClient, ann: Person
) -> None:
    """The bot's reaction and a person's are two, and each goes on its own."""
    ts = client.chat_postMessage(channel=CHANNEL, text="hello")["ts"]
    client.reactions_add(channel=CHANNEL, timestamp=ts, name="eyes")
    ann.react(slack.visible()[0], "eyes")
    (reaction,) = client.conversations_history(channel=CHANNEL)["messages"][0]["reactions"]
    assert (reaction["count"], reaction["users"]) == (2, ["U0BOT", ann.id])
    client.reactions_remove(channel=CHANNEL, timestamp=ts, name="eyes")
    assert (
        error_of(lambda: client.reactions_remove(channel=CHANNEL, timestamp=ts, name="eyes"))
        == "no_reaction"
    )
    assert slack.visible()[0].reacted == (("eyes", ann.id),)


@pytest.mark.parametrize(
    ("method", "scope"),
    [
        ("chat.postEphemeral", "chat:write"),
        ("conversations.open", "im:write"),
        ("reactions.remove", "reactions:write"),
        ("usergroups.list", "usergroups:read"),
        ("usergroups.users.list", "usergroups:read"),
    ],
)
def test_each_method_has_its_scope(
    slack: Slack, client: WebClient, method: str, scope: str
) -> None:
    """Without the scope a method is refused, and the scope is named."""
    slack.scopes.discard(scope)
    with pytest.raises(SlackApiError) as caught:
        client.api_call(method)
    assert (caught.value.response["error"], caught.value.response["needed"]) == (
        "missing_scope",
        scope,
    )


def test_a_method_can_be_rationed() -> None:
    """Beyond so many calls in a minute a method answers 429, and the wait that it names is
    enough.
    """
    clock = Clock()
    with Slack(clock=clock) as slack:
        client = slack_client(slack)
        slack.limit("conversations.history", 2)
        for _ in range(2):
            client.conversations_history(channel=CHANNEL)
        with pytest.raises(SlackApiError) as caught:
            client.conversations_history(channel=CHANNEL)
        client.conversations_info(channel=CHANNEL)
        clock.forward(int(caught.value.response.headers["Retry-After"]))
        assert (
            caught.value.response.status_code,
            client.conversations_history(channel=CHANNEL)["ok"],
        ) == (429, True)


def test_a_thread_lags_as_history_does() -> None:
    """A reply that people already see enters conversations.replies only after the lag."""
    clock = Clock()
    with Slack(history_lag=10, clock=clock) as slack:
        client = slack_client(slack)
        root = client.chat_postMessage(channel=CHANNEL, text="root")["ts"]
        clock.forward(10)
        client.chat_postMessage(channel=CHANNEL, text="reply", thread_ts=root)
        early = len(client.conversations_replies(channel=CHANNEL, ts=root)["messages"])
        clock.forward(10)
        later = len(client.conversations_replies(channel=CHANNEL, ts=root)["messages"])
        assert (early, later) == (1, 2)


def test_a_home_tab_must_be_switched_on(slack: Slack, client: WebClient) -> None:
    """Without the tab in the app's settings nothing can be published."""
    slack.install({"features": {}, "settings": {}, "oauth_config": {"scopes": {"bot": []}}})
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    assert error_of(lambda: client.views_publish(user_id="U0ANN", view=view)) == "not_enabled"
