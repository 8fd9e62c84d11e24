"""Golden messages and dialogs: what Slack is sent for each example, to the last character, and how
it looks.

Write them anew after a wanted change, and read the difference before keeping it:

    REPWATCH_GOLDEN=write pytest tests/unit/test_slack_golden.py tests/unit/test_console.py
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from monitor.slack import limits
from monitor.slack.message import SlackMessage
from monitor.slack.views import card as cards
from monitor.slack.views import thread
from monitor.slack.views.digest import render_digest, render_digest_part
from monitor.slack.views.notice import render_notice
from monitor.slack.views.unread import render_unread
from tests.golden.slack import digest_examples as digests
from tests.golden.slack.examples import CARDS, SUMMARY, UNREAD, UNREAD_HOSTILE, URGENT
from tests.golden.slack.screens_page import page
from tests.golden.slack.views import (
    COMMAND_ANSWERS,
    ENTRIES,
    ESCALATIONS,
    HOMES,
    MODALS,
    NOTICES,
    SUMMARY_ID,
    actor_name,
)
from tests.world.slack_blocks import block_problems, is_too_long, view_problems

FOLDER = Path(__file__).parents[1] / "golden" / "slack"
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "slack-screens.md"
MESSAGES: Mapping[str, SlackMessage] = {
    **{f"cards/{name}": cards.render_card(card, interactive=True) for name, card in CARDS.items()},
    "cards/without-desk": cards.render_card(URGENT),
    "cards/summary": cards.render_summary(SUMMARY, SUMMARY_ID),
    "cards/summary-without-desk": cards.render_summary(SUMMARY),
    "digests/usual": render_digest(digests.USUAL, digests.FILES, interactive=True),
    "digests/without-pictures": render_digest(digests.USUAL, {}, repeat=True),
    "digests/preview": render_digest(digests.PREVIEW, digests.FILES, interactive=True),
    "digests/hostile": render_digest(digests.HOSTILE, {}),
    "digests/long": render_digest(digests.LONG, {}),
    "digests/themes": render_digest_part(digests.USUAL, 1, digests.FILES),
    "digests/coverage": render_digest_part(digests.USUAL, 2, digests.FILES, repeat=True),
    "unread/usual": render_unread(UNREAD),
    "unread/hostile": render_unread(UNREAD_HOSTILE),
    **{
        f"thread/{name}": thread.render_entry(entry, interactive=True, actor_name=actor_name(entry))
        for name, entry in ENTRIES.items()
    },
    "thread/unnamed": thread.render_entry(ENTRIES["taken"], interactive=True),
    "thread/without-desk": thread.render_entry(ENTRIES["late"]),
    **{
        f"escalations/{name}": thread.render_escalation(*call, interactive=True)
        for name, call in ESCALATIONS.items()
    },
    **{
        f"notices/{name}": render_notice(*notice, interactive=True, actor_name="Bert")
        for name, notice in NOTICES.items()
    },
    "notices/without-desk": render_notice(*NOTICES["handed-over"], repeat=True),
    "escalations/without-desk": thread.render_escalation(*ESCALATIONS["escalated"]),
}
VIEWS: Mapping[str, Mapping[str, Any]] = {
    **{f"modals/{name}": view for name, view in MODALS.items()},
    **{f"home/{name}": view for name, view in HOMES.items()},
}
SHOWN: Mapping[str, Any] = {
    **{
        name: {**message.payload, "plain": message.plain.split("\n")}
        for name, message in MESSAGES.items()
    },
    **VIEWS,
    **{f"commands/{name}": answer for name, answer in COMMAND_ANSWERS.items()},
}


def writing() -> bool:
    """Whether the files are to be written anew."""
    return os.environ.get("REPWATCH_GOLDEN") == "write"


@pytest.mark.parametrize("name", SHOWN)
def test_it_is_as_agreed(name: str) -> None:
    """Every example gives exactly what was agreed on, with the plain text for bad days."""
    file = FOLDER / f"{name}.json"
    if writing():
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(SHOWN[name], indent=2, ensure_ascii=False) + "\n", "utf-8")

    assert json.loads(file.read_text("utf-8")) == SHOWN[name]


@pytest.mark.parametrize("name", MESSAGES)
def test_message_keeps_every_limit(name: str) -> None:
    """Every golden message passes our own limits and those of the strict Slack of the tests."""
    message = MESSAGES[name]

    assert limits.check_message(message.payload) == []
    assert limits.check_message(message.plain_payload) == []
    assert block_problems(list(message.blocks)) == []
    assert not is_too_long(list(message.blocks))


@pytest.mark.parametrize("name", COMMAND_ANSWERS)
def test_answer_keeps_every_limit(name: str) -> None:
    """Every golden answer of the command passes our own limits and those of the strict Slack."""
    assert limits.check_message(COMMAND_ANSWERS[name]) == []
    assert block_problems(COMMAND_ANSWERS[name]["blocks"]) == []
    assert not is_too_long(COMMAND_ANSWERS[name]["blocks"])


@pytest.mark.parametrize("name", VIEWS)
def test_view_keeps_every_limit(name: str) -> None:
    """Every golden dialog and Home tab passes our own limits and those of the strict Slack."""
    view = VIEWS[name]

    assert limits.check_view(view) == []
    assert view_problems(dict(view), view["type"]) == []


def test_every_golden_file_has_its_example() -> None:
    """No golden file outlives the example that made it."""
    assert {
        str(file.relative_to(FOLDER).with_suffix("")) for file in FOLDER.rglob("*.json")
    } == set(SHOWN)


@pytest.mark.skipif(not PAGE.parent.is_dir(), reason="the pages are not part of what is installed")
def test_the_page_shows_what_is_sent() -> None:
    """The page that shows the screens is drawn from these very messages."""
    if writing():
        PAGE.write_text(page(), "utf-8")

    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize(
    "name",
    [
        "cards/without-desk",
        "thread/without-desk",
        "escalations/without-desk",
        "cards/summary-without-desk",
    ],
)
def test_nothing_can_be_clicked_without_a_desk(name: str) -> None:
    """Where nobody listens there is no button, but for links."""
    elements = [element for block in MESSAGES[name].blocks for element in block.get("elements", [])]

    assert all("url" in element for element in elements if "action_id" in element)
