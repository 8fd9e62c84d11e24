"""People act on alerts in Slack, over Socket Mode and over signed HTTP alike; each act counts
once.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.domain.actor import Actor
from monitor.domain.alert import AlertStatus
from tests.integration.slack_app_place import HTTP, SOCKET, Case, SlackAppPlace, somebody, told
from tests.world.faults import answers
from tests.world.slack import CHANNEL, Slack
from tests.world.slack_people import Person
from tests.world.slack_wire import JSON_TYPE
from tests.world.waiting import wait_until


@pytest.fixture(scope="module")
def slack() -> Iterator[Slack]:
    """A workspace for all tests here: each has an alert and people of its own."""
    with Slack(posts_per_second=None) as server:
        yield server


@pytest.fixture(scope="module", params=["socket", "http"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, slack: Slack
) -> Iterator[SlackAppPlace]:
    """A desk, reached by one way and by the other."""
    secrets = SOCKET if request.param == "socket" else HTTP
    with SlackAppPlace(tmp_path_factory.mktemp("desk"), slack, secrets) as running:
        yield running


@pytest.fixture
def case(place: SlackAppPlace) -> Case:
    """A new alert."""
    return place.open_alert()


@pytest.fixture
def ann(slack: Slack) -> Person:
    """Somebody of the team."""
    return somebody(slack)


@pytest.fixture
def ben(slack: Slack) -> Person:
    """Somebody else of the team."""
    return somebody(slack)


def opened(person: Person) -> None:
    """Wait until a dialog is open."""
    assert wait_until(lambda: person.modal is not None)


def test_a_click_takes_an_alert_and_the_card_shows_it(
    place: SlackAppPlace, case: Case, ann: Person
) -> None:
    """Take it: acknowledged to Slack, noted with who and from where, and shown on the card."""
    assert ann.click(case.card, "take").acked
    assert place.settled()
    assert (case.alert.status, case.alert.assignee) == (
        AlertStatus.ACKNOWLEDGED,
        Actor.slack(ann.id),
    )
    assert (case.events[-1].actor, case.events[-1].via) == (Actor.slack(ann.id), "slack:button")
    place.deliver()
    assert f"<@{ann.id}>" in str(case.card.blocks)


def test_a_stale_click_explains_itself_and_changes_nothing(
    place: SlackAppPlace, case: Case, ann: Person, ben: Person, slack: Slack
) -> None:
    """Whoever clicks on a card as it was before is told in private who has the alert by now."""
    before = case.card
    ann.click(before, "take")
    assert place.settled()
    ben.click(before, "take", stale=True)
    assert f"held by <@{ann.id}>" in told(slack, ben)[0]
    assert (case.alert.assignee, case.kinds) == (Actor.slack(ann.id), ["opened", "acknowledged"])
    assert not ann.notes


def test_a_double_click_acts_once(place: SlackAppPlace, case: Case, ann: Person) -> None:
    """Two clicks of one person in a row are one act."""
    before = case.card
    ann.click(before, "take")
    ann.click(before, "take", stale=True)
    assert place.settled()
    assert case.kinds == ["opened", "acknowledged"]


def test_what_slack_brings_again_acts_once(
    place: SlackAppPlace, case: Case, ann: Person, slack: Slack
) -> None:
    """A payload whose acknowledgement was lost is acknowledged again and not done again, whatever
    came in between.
    """
    first = ann.click(case.card, "take")
    reaction = ann.react(case.card, "white_check_mark")
    assert place.settled()
    place.deliver()
    ann.click(case.card, "reopen")
    assert place.settled()
    assert slack.transport.again(first).wait().acked
    assert slack.transport.again(reaction).wait().acked
    assert place.settled()
    assert case.kinds == ["opened", "acknowledged", "resolved", "reopened"]


def test_a_dialog_resolves_with_what_was_filled_in(
    place: SlackAppPlace, case: Case, ann: Person
) -> None:
    """Resolve asks where it came from and what was done, and both stand in the alert's history."""
    ann.click(case.card, "resolve")
    opened(ann)
    ann.submit(
        ann.modal, {"other_cause": "A bad release", "action_taken": "Rolled back", "note": "6.3.3"}
    )
    assert place.settled()
    event = case.events[-1]
    assert (case.alert.status, event.via, event.note) == (
        AlertStatus.RESOLVED,
        "slack:modal",
        "6.3.3",
    )
    assert event.details == {"root_cause": "A bad release", "action_taken": "Rolled back"}


def test_a_dialog_that_is_filled_in_wrongly_stays_open(
    place: SlackAppPlace, case: Case, ann: Person
) -> None:
    """A mistake is shown at its field, and nothing is kept of it."""
    ann.choose(case.card, "more", f"correct:{case.handle}")
    opened(ann)
    assert ann.submit(ann.modal, {}).errors
    assert ann.modal is not None
    assert place.settled()
    assert case.kinds == ["opened"]


def test_a_dialog_about_what_has_moved_on_changes_nothing(
    place: SlackAppPlace, case: Case, ann: Person, ben: Person, slack: Slack
) -> None:
    """What is sent off after somebody else has acted is refused in private, and a written answer is
    handed back.
    """
    ann.click(case.card, "reply")
    opened(ann)
    ben.click(case.card, "take")
    assert place.settled()
    ann.submit(ann.modal, {"text": "We are sorry"})
    assert "We are sorry" in told(slack, ann)[0]
    assert (case.alert.assignee, case.kinds) == (Actor.slack(ben.id), ["opened", "acknowledged"])


def test_an_answer_that_was_posted_by_hand_is_noted(
    place: SlackAppPlace, case: Case, ann: Person
) -> None:
    """Where nothing can be published for the person, their word counts that they did."""
    ann.click(case.card, "reply")
    opened(ann)
    ann.submit(ann.modal, {"text": "We are sorry"})
    assert place.settled()
    assert case.alert.status is AlertStatus.REPLIED


def test_an_answer_can_be_copied_after_the_dialog_is_closed(
    place: SlackAppPlace, case: Case, ann: Person, ben: Person
) -> None:
    """The line below the card hides addresses as every line does; the dialog behind its button has
    the answer to the last character.
    """
    text = "Dear Dana,\n\n*please* write to help@acme.example"
    ann.click(case.card, "reply")
    opened(ann)
    ann.submit(ann.modal, {"text": text})
    assert place.settled()
    place.deliver()
    (line,) = (message for message in place.slack.visible() if message.thread_ts == case.card.ts)
    assert "*please* write to [e-mail]" in str(line.blocks)
    ben.click(line, "copy_reply")
    opened(ben)
    assert ben.modal is not None
    (copied,) = ben.modal.blocks[0]["elements"][0]["elements"]
    assert copied["text"] == text


def test_reactions_take_and_resolve(place: SlackAppPlace, case: Case, ann: Person) -> None:
    """The eyes take the alert whose card they are put on, the check mark resolves it, and others do
    nothing.
    """
    ann.react(case.card, "eyes")
    ann.react(case.card, "tada")
    assert place.settled()
    assert case.alert.assignee == Actor.slack(ann.id)
    ann.react(case.card, "white_check_mark")
    assert place.settled()
    assert (case.alert.status, case.events[-1].via) == (AlertStatus.RESOLVED, "slack:reaction")


def test_a_check_mark_below_a_card_resolves_nothing(
    place: SlackAppPlace, case: Case, ann: Person, slack: Slack
) -> None:
    """Whoever ticks a line of the log agrees with it; the alert stays as it is."""
    ann.click(case.card, "take")
    assert place.settled()
    place.deliver()
    line = slack.thread(case.card)[-1]
    ann.react(line, "white_check_mark")
    assert place.settled()
    assert case.alert.status is AlertStatus.ACKNOWLEDGED


def test_reactions_elsewhere_do_nothing(place: SlackAppPlace, ann: Person) -> None:
    """A reaction to what is no card of ours has no effect and no answer."""
    ann.react(ann.says(CHANNEL, "lunch?"), "white_check_mark")
    assert place.settled()
    assert not ann.notes


def test_words_below_a_card_are_a_sign_of_life(
    place: SlackAppPlace, case: Case, ann: Person, slack: Slack
) -> None:
    """Somebody who writes in the thread is at it: noted once in a while, without their words and
    without a line.
    """
    ann.click(case.card, "take")
    assert place.settled()
    place.deliver()
    ben, before = somebody(slack), len(slack.postings)
    ben.says(case.card, "my own words")
    ben.says(case.card, "and more of them")
    assert place.settled()
    assert case.kinds == ["opened", "acknowledged", "confirmed"]
    assert (case.events[-1].actor, case.events[-1].note) == (Actor.slack(ben.id), "")
    place.deliver()
    assert len(slack.postings) == before


def test_an_alert_can_be_given_and_put_away(
    place: SlackAppPlace, case: Case, ann: Person, ben: Person
) -> None:
    """The menu assigns to somebody else, and puts away until a time."""
    ann.choose(case.card, "more", f"assign:{case.handle}")
    opened(ann)
    ann.submit(ann.modal, {"assignee": ben.id})
    assert place.settled()
    assert case.alert.assignee == Actor.slack(ben.id)
    place.deliver()
    ann.choose(case.card, "more", f"snooze:{case.handle}")
    opened(ann)
    ann.submit(ann.modal, {})
    assert place.settled()
    assert case.alert.status is AlertStatus.SNOOZED


def test_why_is_explained(case: Case, ann: Person) -> None:
    """Why? shows the clause that held, to the one who asked."""
    ann.click(case.card, "why")
    opened(ann)
    assert ann.modal is not None
    assert "broken" in str(ann.modal.content["blocks"])


def test_a_click_that_came_too_late_for_a_dialog_is_explained(
    place: SlackAppPlace, case: Case, ann: Person, slack: Slack
) -> None:
    """Where Slack opens no dialog any more, the person is asked to click again."""
    expired = answers(200, JSON_TYPE, b'{"ok":false,"error":"expired_trigger_id"}')
    slack.fail_next(expired, path="/api/views.open")
    ann.click(case.card, "resolve")
    assert "click again" in told(slack, ann)[0]
    assert place.settled()
