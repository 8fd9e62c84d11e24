"""The Slack workspace enforces Slack's limits, seen through the real slack_sdk."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.world.clients import slack_client
from tests.world.slack import CHANNEL, Slack


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


def button(action_id: str, **fields: Any) -> dict[str, Any]:
    """Return a button."""
    return {
        "type": "button",
        "action_id": action_id,
        "text": {"type": "plain_text", "text": "Take"},
        **fields,
    }


def _text(length: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": "x" * length}


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (
            section("x" * 3_001),
            "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        ),
        (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ({"type": "section"}, "missing required field: text or fields [json-pointer:/blocks/0]"),
        (
            {"type": "section", "fields": [_text(5), _text(2_001)]},
            "must be less than 2001 characters [json-pointer:/blocks/0/fields/1/text]",
        ),
        (
            {"type": "section", "fields": [_text(5)] * 11},
            "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
        ),
        (
            {"type": "header", "text": _text(151)},
            "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        (
            {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
            "must be one of: plain_text [json-pointer:/blocks/0/text/type]",
        ),
        (
            {"type": "context", "elements": [_text(5)] * 11},
            "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            {"type": "context", "elements": [button("a")]},
            "unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
        ),
        (
            {"type": "actions", "elements": [button(str(number)) for number in range(26)]},
            "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            {"type": "actions", "elements": [button("a"), button("a")]},
            "action_id a already exists [json-pointer:/blocks/0/elements/1/action_id]",
        ),
        (
            {"type": "actions", "elements": [button("a", text=_text(76))]},
            "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
        ),
        (
            {"type": "actions", "elements": [button("a", value="x" * 2_001)]},
            "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
        ),
        (
            {"type": "actions", "elements": [button("a", url="x" * 3_001)]},
            "must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]",
        ),
        (
            {"type": "actions", "elements": [button("a", style="loud")]},
            "must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]",
        ),
        ({"type": "poem"}, "unsupported type: poem [json-pointer:/blocks/0/type]"),
        (
            {"type": "divider", "colour": "red"},
            "invalid additional property: colour [json-pointer:/blocks/0]",
        ),
        ("divider", "must provide an object [json-pointer:/blocks/0]"),
    ],
)
def test_a_block_over_its_limits_is_refused(
    slack: Slack, client: WebClient, block: Any, problem: str
) -> None:
    """Slack refuses the whole message and says where the fault is and what it is."""
    with pytest.raises(SlackApiError) as caught:
        client.api_call(
            "chat.postMessage", json={"channel": CHANNEL, "text": "x", "blocks": [block]}
        )
    reply = caught.value.response
    assert (reply["error"], reply["errors"]) == ("invalid_blocks", [problem])
    assert reply["response_metadata"] == {"messages": [f"[ERROR] {problem}"]}
    assert slack.postings == ()


def test_a_message_at_its_limits_is_taken(slack: Slack, client: WebClient) -> None:
    """Every limit is the last value that passes, not the first that fails."""
    blocks = [
        {"type": "header", "text": _text(150)},
        section("x" * 3_000),
        {"type": "context", "elements": [_text(5)] * 10},
        {
            "type": "actions",
            "elements": [button(str(number), text=_text(75)) for number in range(25)],
        },
        *[{"type": "divider", "block_id": str(number)} for number in range(46)],
    ]
    client.chat_postMessage(channel=CHANNEL, text="x", blocks=blocks)
    assert len(slack.visible()[0].blocks) == 50


def test_there_are_at_most_fifty_blocks_with_ids_of_their_own(client: WebClient) -> None:
    """The 51st block and a repeated block_id are refused."""
    for blocks in ([{"type": "divider"}] * 51, [{"type": "divider", "block_id": "a"}] * 2):
        error = error_of(
            lambda: client.chat_postMessage(channel=CHANNEL, text="x", blocks=blocks)  # noqa: B023
        )
        assert error == "invalid_blocks"


@pytest.mark.parametrize(
    ("letter", "length", "refused"),
    [("x", 2_750, False), ("x", 2_751, True), ("日", 1_300, False), ("日", 1_350, True)],
)
def test_all_text_together_has_a_limit(
    client: WebClient, letter: str, length: int, refused: bool
) -> None:
    """Four sections pass alone and are refused together above 11,000 characters or 16,000 bytes."""

    def post() -> Any:
        return client.chat_postMessage(
            channel=CHANNEL, text="x", blocks=[section(letter * length)] * 4
        )

    if refused:
        assert error_of(post) == "msg_blocks_too_long"
    else:
        assert post()["ok"]


def test_an_update_has_a_shorter_limit_than_a_post(slack: Slack, client: WebClient) -> None:
    """A text of 4,001 characters can be posted but not given to an update; 40,001 are cut on
    posting.
    """
    ts = client.chat_postMessage(channel=CHANNEL, text="x" * 4_001)["ts"]
    long = client.chat_postMessage(channel=CHANNEL, text="x" * 40_001)
    client.chat_update(channel=CHANNEL, ts=ts, text="y" * 4_000)
    assert (
        error_of(lambda: client.chat_update(channel=CHANNEL, ts=ts, text="z" * 4_001))
        == "msg_too_long"
    )
    assert [len(message.text) for message in slack.visible()] == [4_000, 40_000]
    assert long["warning"] == "message_truncated"


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({"event_type": "a"}, "invalid_metadata_format"),
        ({"event_type": "a", "event_payload": {}, "more": 1}, "invalid_metadata_format"),
        ({"event_type": "", "event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "a", "event_payload": {"id": "x" * 1_000}}, "metadata_too_large"),
    ],
    ids=["incomplete", "unknown key", "no name", "too large"],
)
def test_metadata_has_one_shape_and_a_size(
    client: WebClient, metadata: dict[str, Any], error: str
) -> None:
    """Metadata is an event type and a payload of less than 1,000 bytes together."""
    assert (
        error_of(lambda: client.chat_postMessage(channel=CHANNEL, text="x", metadata=metadata))
        == error
    )


@pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")
def test_a_message_needs_words(client: WebClient) -> None:
    """Neither text nor blocks is refused; blocks alone are enough."""
    assert error_of(lambda: client.chat_postMessage(channel=CHANNEL, text=" ")) == "no_text"
    assert client.chat_postMessage(channel=CHANNEL, blocks=[section("x")])["ok"]
