"""What people ask to see in Slack: Home, /repwatch and the shortcut; and who may do all this."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from monitor.domain.actor import Actor
from monitor.domain.alert import AlertStatus
from monitor.testing import make_feedback
from tests.integration.slack_app_place import Case, SlackAppPlace, somebody, told
from tests.world.slack import CHANNEL, Slack
from tests.world.slack_people import Person
from tests.world.waiting import wait_until

TEAM = '[respond]\nagents = ["S0AGENTS1"]\nmanagers = ["U0MANAGER"]\n'


@pytest.fixture(scope="module")
def slack() -> Iterator[Slack]:
    """A workspace with a group for the team."""
    with Slack(posts_per_second=None) as server:
        yield server


@pytest.fixture(scope="module")
def ann(slack: Slack) -> Person:
    """An agent."""
    return somebody(slack)


@pytest.fixture(scope="module")
def boss(slack: Slack) -> Person:
    """A manager."""
    return Person(slack, "U0MANAGER", "boss")


@pytest.fixture
def eve(slack: Slack) -> Person:
    """Somebody who is neither."""
    return somebody(slack)


@pytest.fixture(scope="module")
def place(
    tmp_path_factory: pytest.TempPathFactory, slack: Slack, ann: Person
) -> Iterator[SlackAppPlace]:
    """A desk for the agents of a group, and a manager."""
    slack.add_group("S0AGENTS1", "agents", [ann.id])
    with SlackAppPlace(tmp_path_factory.mktemp("desk"), slack, more=TEAM) as running:
        yield running


@pytest.fixture
def case(place: SlackAppPlace) -> Case:
    """A new alert."""
    return place.open_alert()


def answered(person: Person, text: str) -> str:
    """What /repwatch answers."""
    before = len(person.notes)
    assert person.command("/repwatch", text).acked
    assert wait_until(lambda: len(person.notes) > before)
    note = person.notes[-1]
    return f"{note.text} {note.blocks}"


def test_home_shows_what_there_is_and_its_buttons_work(
    place: SlackAppPlace, case: Case, boss: Person
) -> None:
    """Opening the tab publishes it, a button in it acts, and it follows what one has done
    oneself.
    """
    boss.open_home()
    assert wait_until(lambda: boss.home is not None)
    assert f"Alert {case.id} " in str(boss.home.blocks if boss.home else "")
    before = boss.home
    boss.click(boss.home, "take", case.handle)
    assert place.settled()
    assert (case.alert.assignee, case.events[-1].via) == (Actor.slack(boss.id), "slack:home")
    assert wait_until(
        lambda: boss.home is not None and before is not None and boss.home.hash != before.hash
    )
    assert "Yours (1)" in str(boss.home.blocks if boss.home else "")


def test_commands_answer_the_one_who_typed(place: SlackAppPlace, case: Case, ann: Person) -> None:
    """Every word is answered in private, and nothing shows in the channel."""
    ann.click(case.card, "take")
    assert place.settled()
    posted = len(place.slack.visible())
    assert f"Alert {case.id}" in answered(ann, "mine")
    assert "Nobody has these" in answered(ann, "open")
    assert "came up" in answered(ann, "stats")
    assert "it is broken" in answered(ann, "search brok*")
    assert "(at character" in answered(ann, "search (")
    assert "/repwatch search" in answered(ann, "")
    assert "did you mean" in answered(ann, "stat")
    assert len(place.slack.visible()) == posted


def test_one_alert_is_shown_in_full_and_its_buttons_work(
    place: SlackAppPlace, case: Case, ann: Person
) -> None:
    """The answer leads to the card, its button acts on the alert, and it then shows what came
    of it.
    """
    assert "it is *broken*" in answered(ann, f"show {case.id}")
    note = ann.notes[-1]
    assert f"p{case.card.ts.replace('.', '')}" in str(note.blocks)
    ann.click(note, "take")
    assert place.settled()
    assert (case.alert.assignee, case.events[-1].via) == (Actor.slack(ann.id), "slack:button")
    assert wait_until(lambda: "Taken by" in str(ann.sees(note).blocks))
    ann.click(note, "why")
    assert wait_until(lambda: ann.modal is not None)
    ann.close(ann.modal)


def test_a_stale_click_on_a_shown_alert_shows_it_anew(
    place: SlackAppPlace, case: Case, ann: Person, boss: Person
) -> None:
    """Whoever is too late is told so, and sees who has it by now."""
    answered(boss, f"show #{case.id}")
    note = boss.notes[-1]
    ann.click(case.card, "take")
    assert place.settled()
    boss.click(note, "take")
    assert place.settled()
    assert case.alert.assignee == Actor.slack(ann.id)
    assert wait_until(lambda: f"Taken by <@{ann.id}>" in str(boss.sees(note).blocks))


@pytest.mark.parametrize(
    ("number", "said"),
    [("999999", "no alert 999999"), ("<!here>", "no number of an alert"), ("0", "no number")],
)
def test_a_wrong_number_is_answered_in_one_line(
    place: SlackAppPlace, ann: Person, number: str, said: str
) -> None:
    """Whoever mistypes a number reads what to write instead."""
    answer = answered(ann, f"show {number}")
    assert said in answer
    assert "\n" not in ann.notes[-1].text
    assert ann.notes[-1].reading.pings == ()


def test_a_rule_is_muted_for_a_while_and_heard_again(place: SlackAppPlace, boss: Person) -> None:
    """What a muted rule finds is counted with the reason and not shown, until a manager lifts
    it.
    """
    assert "No rule is called 'brokn'" in answered(boss, "mute brokn 2h")
    assert "no length of time" in answered(boss, "mute broken long")
    assert "30 days at most" in answered(boss, "mute broken 10w")
    told = answered(boss, "mute broken 2h too noisy since 6.5")
    assert "is muted until <!date^" in told
    assert re.search(r"would have muted (\d+ reports?|nothing) in the last 7 days", told)
    now = place.now()
    read = place.ingest([make_feedback("broken again", created_at=now)])
    assert read.opened == ()
    assert read.silences[0].startswith(f"muted by user:{boss.id} until")
    assert read.silences[0].endswith(" UTC: too noisy since 6.5")
    assert "heard again" in answered(boss, "mute broken off")
    assert place.open_alert().alert.status is AlertStatus.OPEN


def test_only_managers_mute(ann: Person, place: SlackAppPlace) -> None:
    """An agent is told who may, and the rule is not muted."""
    assert "managers" in answered(ann, "mute broken 2h")
    with place.app.store.read() as tx:
        assert tx.mutes.active(place.now()) == []


def test_whoever_may_not_is_told_who_may(
    place: SlackAppPlace, case: Case, eve: Person, slack: Slack
) -> None:
    """A button, a reaction, words, Home and a command: each is refused, with the names of those who
    may.
    """
    before = case.card
    eve.click(before, "take")
    assert told(slack, eve) == [
        "Nothing was done: this is for the team (<!subteam^S0AGENTS1>, <@U0MANAGER>)."
    ]
    eve.react(before, "white_check_mark")
    eve.says(before, "let me")
    eve.click(before, "resolve")
    assert place.settled()
    assert "for the team" in answered(eve, "open")
    eve.open_home()
    assert wait_until(lambda: eve.home is not None)
    assert eve.modal is None
    eve.click(before, "take")
    assert place.settled()
    assert "for the team" in answered(eve, "open")
    assert "for the team" in str(eve.home.blocks if eve.home else "")
    assert case.kinds == ["opened"]


def test_whoever_may_not_is_left_alone_elsewhere(place: SlackAppPlace, eve: Person) -> None:
    """The same emoji on messages that are none of ours is nobody's business."""
    eve.react(eve.says(CHANNEL, "lunch?"), "eyes")
    assert place.settled()
    assert "for the team" in answered(eve, "open")
    assert len(eve.notes) == 1


def test_a_mute_without_a_length_is_asked_for_one(place: SlackAppPlace, boss: Person) -> None:
    """The rule is there: only the time is missing."""
    assert "Say for how long" in answered(boss, "mute broken")
    with place.app.store.read() as tx:
        assert tx.mutes.active(place.now()) == []


def test_a_message_becomes_feedback_once(place: SlackAppPlace, ann: Person, slack: Slack) -> None:
    """The shortcut asks for what is known of the customer; the same message twice is one
    feedback.
    """
    slack.say(CHANNEL, ann.id, "A customer rang: it is broken, again")
    message = slack.visible()[-1]
    ann.shortcut(message, "capture")
    assert wait_until(lambda: ann.modal is not None)
    ann.submit(ann.modal, {"author": "Mrs. Smith", "stars": "1"})
    assert place.settled()
    (kept,) = place.feedback("slack-desk")
    assert (kept.body, kept.author.name, kept.external_id) == (
        "A customer rang: it is broken, again",
        "Mrs. Smith",
        f"{CHANNEL}/{message.ts}",
    )
    assert kept.rating is not None
    assert kept.rating.stars == 1
    assert kept.url.startswith("https://")
    assert wait_until(lambda: any("It opened alert" in note for note in told(slack, ann)))
    ann.shortcut(message, "capture")
    assert wait_until(lambda: ann.modal is not None)
    ann.submit(ann.modal, {"author": "Mrs. Smith", "stars": "1"})
    assert place.settled()
    assert len(place.feedback("slack-desk")) == 1
    assert wait_until(lambda: any("already" in note for note in told(slack, ann)))
