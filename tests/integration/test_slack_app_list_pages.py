"""Lists that are longer than a message: pages by number and by button, and what a summary holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.domain.actor import Actor
from monitor.slack.views.action_ids import AlertVersion
from monitor.slack.views.card import render_summary
from monitor.testing import make_feedback
from tests.golden.slack.examples import SUMMARY
from tests.integration.slack_app_place import Case, SlackAppPlace, somebody
from tests.world.slack import CHANNEL, Slack
from tests.world.slack_messages import Message
from tests.world.slack_people import Person
from tests.world.waiting import wait_until

COUNT = 23


@pytest.fixture
def slack() -> Iterator[Slack]:
    """A workspace."""
    with Slack(posts_per_second=None) as server:
        yield server


@pytest.fixture
def place(tmp_path: Path, slack: Slack) -> Iterator[SlackAppPlace]:
    """A desk with more alerts than one page shows, all in one summary."""
    with SlackAppPlace(tmp_path / "desk", slack) as running:
        now = running.now()
        items = [
            make_feedback(f"it is broken, says number {number}", created_at=now)
            for number in range(COUNT)
        ]
        assert len(running.ingest(items).opened) == COUNT
        with running.app.store.write() as tx:
            due = tx.deliveries.find_due(now + timedelta(minutes=1))
            tx.deliveries.merge_into_summary([each.id for each in due], CHANNEL, now)
        running.deliver()
        yield running


@pytest.fixture
def ann(slack: Slack) -> Person:
    """An agent to whom nothing has been shown yet."""
    return somebody(slack)


def asked(person: Person, text: str) -> Message:
    """What /repwatch answers."""
    before = len(person.notes)
    assert person.command("/repwatch", text).acked
    assert wait_until(lambda: len(person.notes) > before)
    return person.notes[-1]


def turned(person: Person, note: Message, button: str) -> Message:
    """The answer once it shows another page."""
    before = person.sees(note).blocks
    person.click(note, button)
    assert wait_until(lambda: person.sees(note).blocks != before)
    return person.sees(note)


def numbers(message: Message) -> list[int]:
    """The numbers of the alerts that a message lists."""
    texts = (block["text"]["text"] for block in message.blocks if "accessory" in block)
    return [
        int(found) for text in texts for found in re.findall(r"^Alert (\d+)", text, re.MULTILINE)
    ]


def test_pages_are_turned_in_one_answer(place: SlackAppPlace, ann: Person) -> None:
    """More shows what follows in the place of what was there, and nothing is left out; Back leads
    back.
    """
    first = asked(ann, "open")
    second = turned(ann, first, "page_after")
    third = turned(ann, second, "page_after")
    shown = [numbers(page) for page in (first, second, third)]
    assert [len(page) for page in shown] == [10, 10, 3]
    assert sorted(number for page in shown for number in page) == list(range(1, COUNT + 1))
    assert "page_after" not in str(third.blocks)
    assert numbers(turned(ann, third, "page_before")) == shown[1]
    assert len(ann.notes) == 1


def test_a_page_is_asked_for_by_its_number(place: SlackAppPlace, ann: Person) -> None:
    """The footer says how; beyond the end stands the last page, and other words are no number."""
    assert "/repwatch open 2" in str(asked(ann, "open").blocks)
    assert len(numbers(asked(ann, "open 3"))) == 3
    assert numbers(asked(ann, "open 99")) == numbers(asked(ann, "open 3"))
    assert "no number of a page" in asked(ann, "open late").text
    assert "Yours (0)" in asked(ann, "mine 2").text


def test_a_search_goes_on(place: SlackAppPlace, ann: Person) -> None:
    """What is found comes in pages too, and each result says how its alert stands."""
    first = asked(ann, "search broken")
    shown = numbers(first)
    assert "Open: nobody has it" in str(first.blocks)
    second = turned(ann, first, "page_after")
    third = turned(ann, second, "page_after")
    assert sorted([*shown, *numbers(second), *numbers(third)]) == list(range(1, COUNT + 1))
    assert "page_after" not in str(third.blocks)


def test_a_summary_lists_what_it_accounts_for(
    place: SlackAppPlace, slack: Slack, ann: Person
) -> None:
    """Its button shows the alerts to whoever clicks, page by page, and the summary stays as it
    is.
    """
    (summary,) = slack.visible()
    ann.click(summary, "open_summary")
    assert wait_until(lambda: len(ann.notes) == 1)
    first = ann.notes[0]
    assert f"In this summary ({COUNT})" in str(first.blocks)
    second = turned(ann, first, "page_after")
    third = turned(ann, second, "page_after")
    assert len({*numbers(second), *numbers(third)}) == COUNT - 10
    assert slack.visible() == (summary,)


def test_an_alert_is_taken_from_a_list(place: SlackAppPlace, slack: Slack, ann: Person) -> None:
    """What has no card in any channel is opened from the summary, and taken there."""
    (summary,) = slack.visible()
    ann.click(summary, "open_summary")
    assert wait_until(lambda: len(ann.notes) == 1)
    opened = ann.notes[0].blocks[1]["accessory"]["value"]
    ann.click(ann.notes[0], "open_card", opened)
    assert wait_until(lambda: len(ann.notes) == 2)
    ann.click(ann.notes[1], "take")
    assert place.settled()
    version = AlertVersion.from_value(opened)
    assert version is not None
    assert Case(place, version.alert_id).alert.assignee == Actor.slack(ann.id)
    assert wait_until(lambda: "Taken by" in str(ann.notes[1].blocks))


def test_a_summary_that_is_no_longer_kept_says_so(
    place: SlackAppPlace, slack: Slack, ann: Person
) -> None:
    """The button of a summary whose alerts were removed is answered in one line."""
    (summary,) = slack.visible()
    old = replace(summary, blocks=render_summary(SUMMARY, "removed-long-ago").blocks)
    ann.click(old, "open_summary", stale=True)
    assert wait_until(lambda: len(ann.notes) == 1)
    assert ann.notes[0].text == "What this summary accounts for is no longer kept here."
    assert place.settled()
