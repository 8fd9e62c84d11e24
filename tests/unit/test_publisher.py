"""Answers on their way to the customer: approved or sent back, published once, or given up with the
words kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from monitor.domain.action import Action, ActionKind, Refusal
from monitor.domain.alert import Alert, AlertStatus
from monitor.domain.reply import ReplyState
from monitor.followup.act import apply_action
from monitor.followup.joining import join_alerts
from monitor.replies.publisher import GIVE_UP_AFTER, PROBE_AFTER
from monitor.store import Store
from monitor.testing import make_feedback, memory_store
from tests.world.answering import ANNA, BEN, Fault, Office


@pytest.fixture
def store() -> Iterator[Store]:
    opened = memory_store()
    yield opened
    opened.close()


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def opened(office: Office) -> Alert:
    """An alert for a post that is broken."""
    return office.hear(
        make_feedback("broken", external_id="post", url="https://example.com/post")
    ).opened[0]


def states(office: Office, alert: Alert) -> list[ReplyState]:
    return [reply.state for reply in office.replies(alert.id)]


def says(outcome: Alert | Refusal) -> str:
    assert isinstance(outcome, Refusal)
    return outcome.message


def test_an_answer_is_published_and_the_alert_is_replied(office: Office) -> None:
    """Who wrote it stands in the log with the address of the answer; before, the alert is theirs
    already.
    """
    alert = opened(office)
    taken = office.answer(alert)
    assert isinstance(taken, Alert)
    assert (taken.status, taken.assignee) == (AlertStatus.ACKNOWLEDGED, ANNA)
    office.publish()

    assert [text for _, _, text in office.place.public] == ["We are on it."]
    assert office.alert(alert.id).status is AlertStatus.REPLIED
    (event,) = office.events(alert.id, "replied")
    assert (event.actor, event.via, event.details["url"]) == (
        ANNA,
        "slack:modal",
        "https://example.com/answers/1",
    )
    assert states(office, alert) == [ReplyState.PUBLISHED]


def joined(office: Office) -> tuple[Alert, Alert]:
    """Two alerts, the first of which is joined into the second while its answer waits."""
    alert = opened(office)
    other = office.hear(make_feedback("broken", external_id="other")).opened[0]
    office.answer(alert)
    with office.store.write() as tx:
        assert isinstance(
            join_alerts(tx, alert.id, other.id, actor=BEN, via="test", now=office.now), Alert
        )
    return alert, other


def test_an_answer_for_an_alert_that_was_joined_is_noted_at_the_one_that_stands(
    office: Office,
) -> None:
    """The joined one stays closed, and the other is replied."""
    alert, other = joined(office)
    office.publish()
    assert [text for _, _, text in office.place.public] == ["We are on it."]
    assert office.alert(other.id).status is AlertStatus.REPLIED
    assert not office.events(alert.id, "replied")
    assert office.alert(alert.id).status is AlertStatus.RESOLVED


def test_an_answer_that_fails_after_a_join_is_told_below_the_card_that_stands(
    office: Office,
) -> None:
    """With the words, so that nothing written is lost."""
    _, other = joined(office)
    office.place.faults = [Fault.REFUSED]
    office.publish()
    (event,) = office.events(other.id, "reply_failed")
    assert event.details["text"] == "We are on it."


def test_nothing_is_published_where_the_alert_that_stands_was_answered(office: Office) -> None:
    """Somebody was quicker after the alerts were joined."""
    alert, other = joined(office)
    office.wait(1)
    office.answer(office.alert(other.id), publish=False)
    office.publish()
    assert not office.place.public
    assert states(office, alert) == [ReplyState.FAILED]


def test_what_a_person_posted_counts_as_replied_at_once(office: Office) -> None:
    """Nothing is published for them."""
    alert = opened(office)
    answered = office.answer(alert, publish=False)
    office.publish()
    assert isinstance(answered, Alert)
    assert (answered.status, states(office, alert)) == (AlertStatus.REPLIED, [ReplyState.COPIED])
    assert not office.place.public
    (event,) = office.events(alert.id, "replied")
    assert event.details["text"] == "We are on it."


@pytest.mark.parametrize(
    ("text", "reason"),
    [("  ", "empty"), ("x" * 351, "too long: 351 of 350")],
)
def test_an_answer_that_cannot_be_published_is_refused(
    office: Office, text: str, reason: str
) -> None:
    """It says why, and nothing is kept."""
    alert = opened(office)
    assert reason in says(office.answer(alert, text))
    assert office.replies(alert.id) == []


def test_a_place_that_takes_no_answers_leaves_the_posting_to_people(store: Store) -> None:
    """Without credentials nothing can be published; that it was posted can still be said."""
    office = Office(store)
    office.answers = replace(office.answers, reply_sources={})
    alert = opened(office)
    assert "post it yourself" in says(office.answer(alert))
    assert isinstance(office.answer(alert, publish=False), Alert)


def test_nobody_answers_while_an_answer_is_on_its_way(office: Office) -> None:
    """Two people who answer at the same time do not both speak for the brand."""
    alert = opened(office)
    office.answer(alert)
    assert "by user:U1 is being published already" in says(
        office.answer(alert, "Me too.", actor=BEN)
    )
    office.publish()
    assert len(office.place.public) == 1


def test_an_answer_waits_for_a_manager(store: Store) -> None:
    """What is proposed is shown with its words, and published when it is approved, once."""
    office = Office(store, approval=True)
    alert = opened(office)
    office.answer(alert)
    office.publish()
    (event,) = office.events(alert.id, "reply_proposed")
    (reply,) = office.replies(alert.id)
    assert (event.details, office.place.public) == (
        {"reply": str(reply.id), "text": "We are on it."},
        [],
    )

    with store.write() as tx:
        assert "your own answer" in says(office.answers.approve(tx, reply.id, ANNA, office.now))
        assert isinstance(office.answers.approve(tx, reply.id, BEN, office.now), Alert)
    with store.write() as tx:
        assert "approved already by user:U2" in says(
            office.answers.approve(tx, reply.id, ANNA, office.now)
        )
    office.publish()
    assert len(office.place.public) == 1
    assert [event.actor for event in office.events(alert.id, "reply_approved", "replied")] == [
        BEN,
        ANNA,
    ]


def test_an_answer_is_sent_back(store: Store) -> None:
    """With what is wrong with it; then another can be proposed."""
    office = Office(store, approval=True)
    alert = opened(office)
    office.answer(alert)
    (reply,) = office.replies(alert.id)
    with store.write() as tx:
        office.answers.reject(tx, reply.id, BEN, office.now, "Too short.")
    office.publish()
    (event,) = office.events(alert.id, "reply_rejected")
    assert (event.actor, event.note, office.place.public) == (BEN, "Too short.", [])
    assert isinstance(office.answer(alert, "We are on it, sorry."), Alert)
    assert states(office, alert) == [ReplyState.REJECTED, ReplyState.PROPOSED]


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.BROKEN_AFTER, Fault.KILLED_AFTER])
def test_an_answer_of_unknown_fate_is_found(office: Office, fault: Fault) -> None:
    """It is public once, and the alert is replied."""
    alert = opened(office)
    office.place.faults = [fault]
    office.answer(alert)
    office.publish()
    assert len(office.place.public) == 1
    assert (office.alert(alert.id).status, states(office, alert)) == (
        AlertStatus.REPLIED,
        [ReplyState.PUBLISHED],
    )


@pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.KILLED_BEFORE, Fault.BUSY])
def test_an_answer_that_did_not_arrive_is_published_later(office: Office, fault: Fault) -> None:
    """It is public once, and the alert is replied."""
    alert = opened(office)
    office.place.faults = [fault, fault]
    office.answer(alert)
    office.publish(3600)
    assert len(office.place.public) == 1
    assert states(office, alert) == [ReplyState.PUBLISHED]


def test_where_nobody_can_look_nothing_is_published_again_and_people_are_told(
    office: Office,
) -> None:
    """It stays uncertain for as long as it takes, is said once with its words, and is found in the
    end.
    """
    alert = opened(office)
    office.place.faults, office.place.blind = [Fault.LOST_AFTER], [True] * 12
    office.answer(alert)
    office.publish(3600)
    assert (states(office, alert), len(office.place.public)) == ([ReplyState.UNCERTAIN], 1)
    (event,) = office.events(alert.id, "reply_uncertain")
    assert (event.note, event.details["text"]) == ("nothing can be read now", "We are on it.")
    assert event.details["url"] == "https://example.com/post"

    office.publish(12 * 3600)
    assert (states(office, alert), len(office.place.public)) == ([ReplyState.PUBLISHED], 1)
    assert len(office.events(alert.id, "reply_uncertain")) == 1


def test_a_refused_answer_is_given_up_and_its_words_are_kept(office: Office) -> None:
    """The team is told why in the thread, and can answer anew."""
    alert = opened(office)
    office.place.faults = [Fault.REFUSED]
    office.answer(alert)
    office.publish()
    (event,) = office.events(alert.id, "reply_failed")
    assert (event.note, event.details["text"], event.details["for"]) == (
        "the thread is locked",
        "We are on it.",
        str(ANNA),
    )
    assert office.alert(alert.id).status is AlertStatus.ACKNOWLEDGED
    assert isinstance(office.answer(alert), Alert)


def test_a_place_that_is_always_busy_ends_the_trying(office: Office) -> None:
    """An answer that comes half a day late is none."""
    alert = opened(office)
    office.place.faults = [Fault.BUSY] * 100
    office.answer(alert)
    office.publish(GIVE_UP_AFTER.total_seconds() + 60)
    assert (states(office, alert), office.place.public) == ([ReplyState.FAILED], [])


def test_the_night_before_an_approval_does_not_count(store: Store) -> None:
    """What a manager approves the next morning is tried as long as what was written then."""
    office = Office(store, approval=True)
    alert = opened(office)
    office.place.faults = [Fault.BUSY]
    office.answer(alert)
    office.wait(GIVE_UP_AFTER.total_seconds() + 60)
    (reply,) = office.replies(alert.id)
    with store.write() as tx:
        office.answers.approve(tx, reply.id, BEN, office.now)
    office.publish(3600)
    assert (states(office, alert), len(office.place.public)) == ([ReplyState.PUBLISHED], 1)


def test_nothing_is_published_below_what_was_taken_back(office: Office) -> None:
    """Nor are the words kept that were written to the customer."""
    post = make_feedback("broken", external_id="post", author="Anna Customer")
    alert = office.hear(post).opened[0]
    office.answer(alert, "Dear Anna Customer")
    office.hear(replace(post, deleted=True))
    office.publish()
    (reply,) = office.replies(alert.id)
    assert (reply.state, reply.text, office.place.public) == (ReplyState.FAILED, "", [])
    with office.store.read() as tx:
        assert "Anna" not in repr(tx.alerts.events(alert.id))


def test_nothing_is_published_when_somebody_has_answered_meanwhile(office: Office) -> None:
    """An answer of unknown fate is not sent again after a person has posted one."""
    alert = opened(office)
    office.place.faults = [Fault.LOST_BEFORE]
    office.answer(alert)
    office.publish(PROBE_AFTER.total_seconds() - 5)
    office.answer(alert, "Posted by hand.", publish=False, actor=BEN)
    office.publish()
    assert (states(office, alert), office.place.public) == (
        [ReplyState.FAILED, ReplyState.COPIED],
        [],
    )


def test_a_second_publisher_waits_for_the_first(office: Office) -> None:
    """One process publishes at a time; another follows when the first is certainly gone."""
    alert = opened(office)
    office.place.faults = [Fault.LOST_BEFORE]
    office.answer(alert)
    first = office.answerer
    assert first.publish_next(office.now) == 0
    office.restart(others_may_live=True)
    office.wait(PROBE_AFTER.total_seconds())
    assert office.answerer.publish_next(office.now) == 5
    first.release_lease()
    assert office.answerer.publish_next(office.now) == 0
    office.publish()
    assert len(office.place.public) == 1


def test_a_closed_alert_stays_closed_when_its_answer_comes_out(office: Office) -> None:
    """The answer is in its log all the same."""
    alert = opened(office)
    office.answer(alert)
    with office.store.write() as tx:
        apply_action(tx, alert.id, Action(kind=ActionKind.RESOLVE, actor=BEN), office.now)
    office.publish()
    assert office.alert(alert.id).status is AlertStatus.RESOLVED
    assert len(office.events(alert.id, "replied")) == 1


def test_only_what_the_team_must_see_has_a_line(office: Office) -> None:
    """That an answer is on its way shows on the card alone; that it is out has its line."""
    alert = opened(office)
    office.answer(alert)
    before = office.waiting()
    office.publish()
    assert office.waiting() - before == 1
