"""The action register in a workspace: written down by dialog, listed, finished, changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.domain.actor import Actor
from monitor.domain.improvement import (
    Improvement,
    ImprovementChange,
    ImprovementState,
    PainPoint,
)
from monitor.followup.improvements import (
    ImprovementWish,
    add_improvement,
    change_improvement,
)
from tests.integration.slack_app_place import SlackAppPlace, somebody
from tests.world.slack import Slack
from tests.world.slack_messages import Message
from tests.world.slack_people import Person
from tests.world.waiting import wait_until


@pytest.fixture
def slack() -> Iterator[Slack]:
    """A workspace."""
    with Slack(posts_per_second=None) as server:
        yield server


@pytest.fixture
def place(tmp_path: Path, slack: Slack) -> Iterator[SlackAppPlace]:
    """A desk where one person is the manager."""
    more = '[respond]\nmanagers = ["U0MANAGER1"]\n'
    with SlackAppPlace(tmp_path / "desk", slack, more=more) as running:
        yield running


@pytest.fixture
def ann(slack: Slack) -> Person:
    """An agent."""
    return somebody(slack)


def written_down(place: SlackAppPlace, owner: Person | None = None) -> Improvement:
    """An improvement that is in the register."""
    wish = ImprovementWish(
        title="Faster refunds",
        actor=Actor.cli("dora"),
        request_id="first",
        about=PainPoint(query="refund*"),
        owner=Actor.slack(owner.id) if owner else None,
    )
    with place.app.store.write() as tx:
        added = add_improvement(tx, wish, place.now())
    assert isinstance(added, Improvement)
    return added


def stored(place: SlackAppPlace, number: int = 1) -> Improvement:
    """An improvement as it is stored now."""
    with place.app.store.read() as tx:
        found = tx.improvements.get(number)
    assert found
    return found


def answered(person: Person, text: str) -> Message:
    """What /repwatch answers."""
    before = len(person.notes)
    assert person.command("/repwatch", text).acked
    assert wait_until(lambda: len(person.notes) > before)
    return person.notes[-1]


def test_an_agent_writes_down_an_improvement(place: SlackAppPlace, ann: Person) -> None:
    """The dialog begins with the words of the command; what was filled in is stored, and told."""
    assert ann.command("/repwatch", "improve Faster refunds").acked
    assert wait_until(lambda: ann.modal is not None)
    ann.submit(
        ann.modal,
        {
            "title": "Faster refunds",
            "assignee": ann.id,
            "due": "2026-12-15",
            "stage": "support",
            "query": "refund*",
            "next_action": "Ask finance",
        },
    )
    assert place.settled()

    made = stored(place)
    assert (made.title, made.owner, str(made.due)) == (
        "Faster refunds",
        Actor.slack(ann.id),
        "2026-12-15",
    )
    assert str(made.about) == "support · “refund*”"


def test_an_owner_finishes_in_the_list(place: SlackAppPlace, ann: Person) -> None:
    """The button does it, and the list in which it was clicked shows it as done."""
    written_down(place, ann)
    shown = answered(ann, "improvements")

    ann.click(shown, "finish_improvement")

    assert place.settled()
    assert stored(place).state is ImprovementState.DONE
    assert wait_until(lambda: any("✅ done" in str(note.blocks) for note in ann.notes))


def test_a_change_keeps_what_others_did_meanwhile(place: SlackAppPlace, ann: Person) -> None:
    """The dialog shows what is stored; sent off after somebody else's change, it is refused and
    what was written is told.
    """
    written_down(place, ann)
    shown = answered(ann, "improvements")
    ann.click(shown, "change_improvement")
    assert wait_until(lambda: ann.modal is not None)
    first = ann.modal
    with place.app.store.write() as tx:
        wanted = ImprovementChange(actor=Actor.cli("dora"), title="Refunds at once")
        change_improvement(tx, 1, wanted, place.now(), is_manager=True)

    ann.submit(first, {"title": "Refunds in a day", "state": "doing"})
    assert place.settled()
    assert stored(place).title == "Refunds at once"
    assert wait_until(lambda: any("Refunds in a day" in told.text for told in ann.direct))


def test_somebody_else_changes_nothing(place: SlackAppPlace, ann: Person) -> None:
    """Neither owner nor manager: they are told whose it is."""
    written_down(place)
    shown = answered(ann, "improvements")

    ann.click(shown, "finish_improvement")

    assert place.settled()
    assert stored(place).state is ImprovementState.PLANNED
    assert wait_until(lambda: any("for managers" in note.text for note in ann.notes))


def test_an_event_is_marked_by_command(place: SlackAppPlace, ann: Person) -> None:
    """With its kind and when it began; without a name the usage is told."""
    said = answered(ann, "event Login down outage 2026-11-20T08:30").text
    usage = answered(ann, "event").text

    with place.app.store.read() as tx:
        [event] = tx.marked_events.newest(10)
    assert (event.name, event.kind, event.actor) == ("Login down", "outage", Actor.slack(ann.id))
    assert f"{event.at:%Y-%m-%d %H:%M}" == "2026-11-20 08:30"
    assert said.startswith("Login down is marked: outage, 2026-11-20 08:30 (UTC).")
    assert "Write it like this" in usage
