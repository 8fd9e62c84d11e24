"""Golden messages: what Slack is sent for each example, to the last character.

Write them anew after a wanted change, and read the difference before keeping it:

    REPWATCH_GOLDEN=write pytest tests/unit/test_slack_golden.py tests/unit/test_notifier_console.py
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from monitor.notifiers.slack import cards, limits
from tests.golden.slack.examples import CARDS, SUMMARY
from tests.world.slack_blocks import block_problems, is_too_long

FOLDER = Path(__file__).parents[1] / "golden" / "slack"
MESSAGES = {**{name: cards.message(card) for name, card in CARDS.items()}, "summary": cards.summary(SUMMARY)}


@pytest.mark.parametrize("name", MESSAGES)
def test_message_is_as_agreed(name: str) -> None:
    """Every example gives exactly the message, and the plain text for bad days, that was agreed on."""
    message = MESSAGES[name]
    shown = {**message.payload, "plain": message.plain.split("\n")}
    file = FOLDER / f"{name}.json"
    if os.environ.get("REPWATCH_GOLDEN") == "write":
        file.write_text(json.dumps(shown, indent=2, ensure_ascii=False) + "\n", "utf-8")

    assert json.loads(file.read_text("utf-8")) == shown


@pytest.mark.parametrize("name", MESSAGES)
def test_message_keeps_every_limit(name: str) -> None:
    """Every golden message passes our own limits and those of the strict Slack of the tests."""
    message = MESSAGES[name]

    assert limits.message(message.payload) == []
    assert limits.message(message.degraded) == []
    assert block_problems(list(message.blocks)) == []
    assert not is_too_long(list(message.blocks))


def test_every_golden_file_has_its_example() -> None:
    """No golden file outlives the example that made it."""
    assert {file.stem for file in FOLDER.glob("*.json")} == set(MESSAGES)
