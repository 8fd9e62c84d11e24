"""The manifest asks for what is used, and the copy in the documentation is the one that is
printed.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.slack.manifest import EVENTS, SCOPES, build_manifest, to_yaml
from monitor.slack_app.bolt import EVENTS as HEARD
from tests.world.slack_app import EVENT_SCOPES

COPY = Path(__file__).parents[2] / "docs" / "slack-app-manifest.yaml"


@pytest.mark.skipif(not COPY.is_file(), reason="the pages are not part of what is installed")
def test_the_copy_is_what_is_printed() -> None:
    """Whoever pastes the one or the other makes the same app."""
    assert COPY.read_text("utf-8") == to_yaml(build_manifest())


def test_every_event_is_heard_and_allowed() -> None:
    """What is subscribed to has a listener and the scope that Slack asks for; nothing more is
    subscribed to.
    """
    assert {event.split(".")[0] for event in EVENTS} == set(HEARD)
    assert {EVENT_SCOPES[event] for event in EVENTS} - {""} <= set(SCOPES)


def test_over_http_every_request_has_an_address() -> None:
    """Events, clicks and the command all go to the one address, and Socket Mode is off."""
    made = build_manifest("https://repwatch.example.com/slack/events")
    assert json.dumps(made).count("https://repwatch.example.com/slack/events") == 3
    assert made["settings"]["socket_mode_enabled"] is False
    assert "http" not in json.dumps(build_manifest())


def test_the_yaml_says_what_the_json_says() -> None:
    """Lines of keys and values, lists with dashes, texts in quotes."""
    text = to_yaml({"a": {"b": ["x", {"c": True, "d": "é: #"}]}, "e": 1})
    assert text == 'a:\n  b:\n    - "x"\n    - c: true\n      d: "é: #"\ne: 1\n'
