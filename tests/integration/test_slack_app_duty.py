"""The duty and hand-overs in a workspace: told, shown on Home, done by command and by dialog."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from monitor.domain.actor import Actor
from monitor.domain.alert import AlertStatus
from tests.integration.slack_app_place import Case, SlackAppPlace, somebody, told
from tests.world.slack import Slack
from tests.world.slack_people import Person
from tests.world.waiting import wait_until

DUTY = '[duty]\npeople = ["U0DUTY123"]\ntimezone = "Europe/Berlin"\n'


@pytest.fixture(scope="module")
def slack() -> Iterator[Slack]:
    """A workspace."""
    with Slack(posts_per_second=None) as server:
        yield server


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, slack: Slack) -> Iterator[SlackAppPlace]:
    """A desk whose duty is always the same person's."""
    with SlackAppPlace(tmp_path_factory.mktemp("desk"), slack, more=DUTY) as running:
        yield running


@pytest.fixture
def ann(slack: Slack) -> Person:
    """One who hands over."""
    return somebody(slack)


@pytest.fixture
def bert(slack: Slack) -> Person:
    """One who takes over."""
    return somebody(slack)


def taken_by(place: SlackAppPlace, person: Person) -> Case:
    """A new alert that somebody has taken."""
    case = place.open_alert()
    person.click(case.card, "take")
    assert place.settled()
    return case


def answered(person: Person, text: str) -> str:
    """What /repwatch answers."""
    before = len(person.notes)
    assert person.command("/repwatch", text).acked
    assert wait_until(lambda: len(person.notes) > before)
    return person.notes[-1].text


def private(place: SlackAppPlace, person: Person) -> list[str]:
    """What somebody was told in private by what is due now."""
    place.deliver()
    return [message.text for message in person.direct]


def test_a_new_card_names_whoever_has_duty_once(place: SlackAppPlace) -> None:
    """It is posted with the holder, and stays open: nothing below it calls them again."""
    case = place.open_alert()

    assert "Open, assigned to <@U0DUTY123>" in str(case.card.blocks)
    assert case.alert.status is AlertStatus.OPEN
    assert place.slack.visible()[-1].ts == case.card.ts


def test_a_change_is_told_in_the_channel(place: SlackAppPlace) -> None:
    """Only the person who takes over is mentioned."""
    place.app.duty.tell_change(place.now())
    place.deliver()

    assert place.slack.visible()[-1].text == "👉 Now on duty: <@U0DUTY123>"


def test_the_command_tells_who_has_duty(place: SlackAppPlace, ann: Person) -> None:
    """For the one who asked alone."""
    assert answered(ann, "duty") == "On duty: <@U0DUTY123>"


@pytest.mark.parametrize("written", ["<@{id}|{name}>", "<@{id}>", "{id}"])
def test_all_goes_over_by_command(
    place: SlackAppPlace, ann: Person, bert: Person, written: str
) -> None:
    """Who hands over is answered, who takes over is told once, and the thread stays quiet."""
    cases = [taken_by(place, ann) for _ in range(2)]
    place.deliver()
    lines = len(place.slack.visible())

    said = answered(ann, f"handover {written.format(id=bert.id, name=bert.name)}")

    assert said == f"2 alerts went over from <@{ann.id}> to <@{bert.id}>."
    assert [case.alert.assignee for case in cases] == [Actor.slack(bert.id)] * 2
    assert private(place, bert) == [f"🤝 <@{bert.id}>: <@{ann.id}> handed 2 alerts over to you"]
    assert len(place.slack.visible()) == lines


def test_what_went_over_is_given_back_by_command(
    place: SlackAppPlace, ann: Person, bert: Person
) -> None:
    """What the other has resolved meanwhile stays; a second time there is nothing left."""
    kept, back = taken_by(place, ann), taken_by(place, ann)
    answered(ann, f"handover {bert.id}")
    bert.react(kept.card, "white_check_mark")
    assert place.settled()

    said = answered(ann, "giveback")

    assert said == f"1 alert went back from <@{bert.id}> to <@{ann.id}>."
    assert (back.alert.assignee, kept.alert.assignee) == (
        Actor.slack(ann.id),
        Actor.slack(bert.id),
    )
    assert private(place, bert)[-1] == f"🤝 <@{bert.id}>: <@{ann.id}> took 1 alert back from you"
    assert "There is nothing to give back" in answered(ann, "giveback")


@pytest.mark.parametrize("text", ["handover", "handover @bert", "handover <!subteam^S0123|@team>"])
def test_without_a_persons_id_a_dialog_asks_to_whom(
    place: SlackAppPlace, ann: Person, bert: Person, text: str
) -> None:
    """Slack has not said who is meant: one chooses."""
    case = taken_by(place, ann)

    ann.command("/repwatch", text)
    assert wait_until(lambda: ann.modal is not None)
    assert ann.submit(ann.modal, {"assignee": bert.id}).acked
    assert place.settled()

    assert case.alert.assignee == Actor.slack(bert.id)
    assert case.events[-1].via == "slack:modal"
    assert f"1 alert went over from <@{ann.id}> to <@{bert.id}>." in told(place.slack, ann)


def test_home_hands_over_and_gives_back(place: SlackAppPlace, ann: Person, bert: Person) -> None:
    """Its buttons are there while there is something to do, and it follows what was done."""
    case = taken_by(place, ann)
    ann.open_home()
    assert wait_until(lambda: ann.home is not None)
    shown = str(ann.home.blocks if ann.home else "")
    assert "On duty: <@U0DUTY123>" in shown
    assert "Give all back" not in shown

    ann.click(ann.home, "hand_over")
    assert wait_until(lambda: ann.modal is not None)
    ann.submit(ann.modal, {"assignee": bert.id})
    assert place.settled()
    assert case.alert.assignee == Actor.slack(bert.id)
    assert wait_until(lambda: "Give all back (1 alert)" in str(ann.home and ann.home.blocks))
    assert "Hand over all" not in str(ann.home and ann.home.blocks)

    ann.click(ann.home, "give_back")
    assert place.settled()
    assert case.alert.assignee == Actor.slack(ann.id)


def test_what_changed_while_the_dialog_was_open_is_left_alone(
    place: SlackAppPlace, ann: Person, bert: Person
) -> None:
    """Nobody's later click is undone by an older view."""
    changed, same = taken_by(place, ann), taken_by(place, ann)
    ann.command("/repwatch", "handover")
    assert wait_until(lambda: ann.modal is not None)
    bert.react(changed.card, "white_check_mark")
    assert place.settled()

    ann.submit(ann.modal, {"assignee": bert.id})
    assert place.settled()

    assert (changed.alert.status, same.alert.assignee) == (
        AlertStatus.RESOLVED,
        Actor.slack(bert.id),
    )
    assert any(f"left alone: {changed.id}." in said for said in told(place.slack, ann))


def test_who_has_nothing_is_told_so(place: SlackAppPlace, ann: Person, bert: Person) -> None:
    """By command in the answer, else in the dialog."""
    assert "There is nothing to hand over" in answered(ann, f"handover {bert.id}")
    ann.command("/repwatch", "handover")
    assert wait_until(lambda: ann.modal is not None)
    assert "nothing to hand over" in str(ann.modal and ann.modal.blocks)


def test_words_of_a_search_are_those_that_were_typed(place: SlackAppPlace, ann: Person) -> None:
    """Slack writes people, channels, links and signs in its own way; the query does not."""
    place.open_alert("broken & dull @person1")

    assert "1 result" in answered(ann, 'search "broken &amp; dull" AND <@U0PERSON1|person1>')


def test_a_person_is_reminded_and_the_alert_stays(place: SlackAppPlace, ann: Person) -> None:
    """From the menu of the card: an answer now, a private message at the time, and nothing else."""
    case = place.open_alert()
    ann.choose(case.card, "more", f"snooze:{case.handle}")
    assert wait_until(lambda: ann.modal is not None)
    before = case.events

    ann.submit(ann.modal, {"effect": "remind"})
    assert place.settled()

    assert case.events == before
    (said,) = told(place.slack, ann)
    assert said.startswith(f"You will be reminded of alert {case.id} in private: ")
    assert "09:00 (Europe/Berlin)" in said
    with place.app.store.read() as tx:
        due = tx.deliveries.find_due(place.now() + timedelta(days=2))
    assert ann.id in [delivery.channel for delivery in due]


def test_two_alerts_are_joined_parted_and_linked_by_command(
    place: SlackAppPlace, ann: Person
) -> None:
    """Each says what was done, and what does not fit says why."""
    one, two = place.open_alert().id, place.open_alert().id
    assert answered(ann, f"join {one} {two}") == f"Alert {one} is joined into alert {two}."
    assert "is joined into" in answered(ann, f"join {one} {two}")
    assert answered(ann, f"part #{one}") == f"Alert {one} is open again by itself."
    assert "T-1" in answered(ann, f"link {one} https://tracker.example/T-1")
    assert "like this: /repwatch join 41 38" in answered(ann, "join 1")
