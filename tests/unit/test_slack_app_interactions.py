"""What Slack brings is read into what somebody did: only what is needed, the same however often it
comes.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.actor import Actor
from monitor.slack.views import forms
from monitor.slack.views.action_ids import AlertVersion
from monitor.slack.views.forms import FormSubmission
from monitor.slack_app.interactions import (
    Interaction,
    InteractionKind,
    interaction_from_form,
    parse_payload,
)

Json = dict[str, Any]

COMMON: Json = {
    "team": {"id": "T1"},
    "api_app_id": "A1",
    "token": "verification-token",
    "user": {"id": "U1"},
}
CLICK: Json = {
    **COMMON,
    "type": "block_actions",
    "trigger_id": "t.1",
    "response_url": "https://hooks.example/1",
    "channel": {"id": "C1"},
    "container": {"type": "message", "message_ts": "1.0"},
    "message": {"text": "the customer's words"},
    "actions": [
        {"action_id": "take", "value": "41:3", "action_ts": "2.0", "text": {"text": "Take it"}}
    ],
}


def event(**fields: Any) -> Json:
    """An event in its envelope."""
    return {
        "type": "event_callback",
        "team_id": "T1",
        "api_app_id": "A1",
        "event_id": "Ev1",
        "event": fields,
    }


def test_a_click_is_read() -> None:
    """Who, where, what, and what opens a dialog; neither words of the message nor Slack's token."""
    arrival = parse_payload(CLICK)
    assert arrival is not None
    assert (arrival.kind, arrival.actor, arrival.channel, arrival.message) == (
        InteractionKind.CLICK,
        Actor.slack("U1"),
        "C1",
        "1.0",
    )
    assert (arrival.click.name, arrival.click.version) == ("take", AlertVersion(41, 3))
    assert (arrival.app, arrival.trigger) == ("A1", "t.1")
    kept = arrival.to_json()
    assert b"customer" not in kept
    assert b"verification" not in kept
    assert Interaction.from_json(kept) == arrival


def test_a_link_is_no_click() -> None:
    """Slack tells of it although the browser does it all."""
    assert (
        parse_payload({**CLICK, "actions": [{"action_id": "open_original", "action_ts": "2.0"}]})
        is None
    )


def test_the_digest_is_the_same_for_the_same_and_for_nothing_else() -> None:
    """A payload that comes again is known; another click of the same person on the same button is
    another.
    """
    again, other = parse_payload(dict(CLICK)), parse_payload({**CLICK, "trigger_id": "t.2"})
    first = parse_payload(CLICK)
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.dedupe_key == again.dedupe_key != other.dedupe_key


def test_reactions_that_do_something_are_read() -> None:
    """The eyes and the check mark on a message, and no other emoji."""
    item = {"type": "message", "channel": "C1", "ts": "1.0"}
    arrival = parse_payload(event(type="reaction_added", user="U1", reaction="eyes", item=item))
    assert arrival is not None
    assert (arrival.kind, arrival.text, arrival.message, arrival.key) == (
        InteractionKind.REACTION,
        "eyes",
        "1.0",
        "Ev1",
    )
    assert (
        parse_payload(event(type="reaction_added", user="U1", reaction="tada", item=item)) is None
    )


def test_words_in_a_thread_are_read_without_the_words() -> None:
    """Who wrote below which message, and nothing of what."""
    said = {
        "type": "message",
        "channel": "C1",
        "user": "U1",
        "ts": "2.0",
        "thread_ts": "1.0",
        "text": "secret",
    }
    arrival = parse_payload(event(**said))
    assert arrival is not None
    assert (arrival.kind, arrival.message) == (InteractionKind.WORDS, "1.0")
    assert b"secret" not in arrival.to_json()


@pytest.mark.parametrize(
    "fields",
    [
        {"thread_ts": None},
        {"thread_ts": "2.0"},
        {"bot_id": "B1"},
        {"subtype": "message_changed"},
        {"subtype": "channel_join"},
        {"user": None},
    ],
    ids=["in no thread", "its first message", "of a program", "edited", "Slack's own", "nobody's"],
)
def test_other_messages_are_left_out(fields: Json) -> None:
    """Only what a person writes below a message counts."""
    said = {
        "type": "message",
        "channel": "C1",
        "user": "U1",
        "ts": "2.0",
        "thread_ts": "1.0",
        **fields,
    }
    assert parse_payload(event(**said)) is None


def test_home_commands_and_shortcuts_are_read() -> None:
    """The Home tab alone, not the messages beside it; a command with its words; a message with its
    text.
    """
    assert parse_payload(event(type="app_home_opened", user="U1", tab="messages")) is None
    home = parse_payload(event(type="app_home_opened", user="U1", tab="home"))
    typed = parse_payload(
        {"command": "/repwatch", "text": "search crash", "user_id": "U1", "trigger_id": "t"}
    )
    chosen = parse_payload(
        {
            **COMMON,
            "type": "message_action",
            "trigger_id": "t",
            "message": {"ts": "1.0", "text": "it broke"},
        }
    )
    assert home is not None
    assert typed is not None
    assert chosen is not None
    assert (home.kind, typed.kind, typed.text) == (
        InteractionKind.HOME,
        InteractionKind.COMMAND,
        "search crash",
    )
    assert (chosen.kind, chosen.text, chosen.message) == (
        InteractionKind.SHORTCUT,
        "it broke",
        "1.0",
    )


def test_a_dialog_keeps_what_was_filled_in() -> None:
    """What was read of it when it was sent off is what is done about it later."""
    view = {"id": "V1", "hash": "h", "callback_id": "resolve", "private_metadata": "41:3"}
    filled = {"note": {"note": {"type": "plain_text_input", "value": "done"}}}
    body: Json = {
        **COMMON,
        "type": "view_submission",
        "view": {**view, "state": {"values": filled}},
    }
    dialog = forms.parse_submission(body["view"])
    assert isinstance(dialog, FormSubmission)
    arrival = Interaction.from_json(interaction_from_form(body, dialog).to_json())
    assert (arrival.kind, arrival.form_submission) == (InteractionKind.SUBMIT, dialog)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
_NAMES = st.sampled_from(
    ["type", "event", "user", "view", "actions", "team", "message", "command", "item", "container"]
)
_TYPES = st.sampled_from(["event_callback", "block_actions", "message_action", "view_submission"])


@given(st.dictionaries(_NAMES, _JSON, max_size=6), _TYPES)
def test_nothing_that_comes_breaks_the_reading(body: Json, kind: str) -> None:
    """Whatever stands where something else is expected is read as nothing."""
    arrival = parse_payload({**body, "type": kind})
    if arrival is not None:
        assert Interaction.from_json(arrival.to_json()) == arrival
        assert arrival.dedupe_key


@pytest.mark.parametrize(
    "fields", [{"subtype": ["file_share"]}, {"subtype": {}}, {"ts": 1, "thread_ts": "\ud800"}]
)
def test_strange_events_are_read_as_others_are(fields: Json) -> None:
    """A list where a word is expected, and half a character, make no error."""
    event = {
        "type": "message",
        "channel": "C1",
        "user": "U1",
        "ts": "2.0",
        "thread_ts": "1.0",
        **fields,
    }
    arrival = parse_payload(
        {**COMMON, "type": "event_callback", "event_id": "\ud800", "event": event}
    )
    assert arrival is None or arrival.dedupe_key
