"""Answers and what was answered, on each database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.feedback import Author
from monitor.domain.reply import ReplyState
from monitor.replies.outcomes import FOLLOW_FOR
from monitor.store import Store
from monitor.testing import make_feedback
from tests.world.answering import Office

POST = make_feedback("broken", external_id="post", author="Carla")


def test_an_answer_moves_once(store: Store) -> None:
    """Whoever has read an older state changes nothing."""
    office = Office(store)
    alert = office.hear(POST).opened[0]
    office.answer(alert)
    (reply,) = office.replies(alert.id)
    with store.write() as tx:
        assert tx.replies.next_due_at() == office.now
        assert tx.replies.find_due(office.now) == reply
        held = tx.replies.update_if_unchanged(
            reply, state=ReplyState.ATTEMPTING, attempts=1, attempted_at=office.now
        )
        assert held is not None
        assert tx.replies.update_if_unchanged(reply, state=ReplyState.FAILED) is None
        assert tx.replies.find_due(office.now) is None
        assert tx.replies.find_open(alert.id) == held
    with store.write() as tx:
        assert tx.replies.mark_interrupted(office.now + timedelta(seconds=30)) == 1
        assert tx.replies.next_due_at() == office.now + timedelta(seconds=30)
        assert tx.replies.get(reply.id) == replace(
            held, state=ReplyState.UNCERTAIN, not_before=office.now + timedelta(seconds=30)
        )


def test_what_was_answered_is_remembered_until_its_author_is_back(store: Store) -> None:
    """By author and source, for a while; another answer begins anew."""
    office = Office(store)
    alert = office.hear(POST).opened[0]
    since = office.now - FOLLOW_FOR
    with store.write() as tx:
        assert tx.answered.find_by_authors("test", [Author(name="CARLA")], since) == []
        tx.answered.mark_answered(alert.id, office.now)
        (watched,) = tx.answered.find_by_authors("test", [Author(name="CARLA"), Author()], since)
        assert (watched.alert_id, watched.feedback.external_id, watched.came_back) == (
            alert.id,
            "post",
            False,
        )
        assert tx.answered.external_ids("test", since) == ["post"]
        assert tx.answered.find_by_authors("other", [Author(name="Carla")], since) == []
        assert (
            tx.answered.find_by_authors("test", [Author(name="Carla")], office.now + timedelta(1))
            == []
        )
        tx.answered.mark_came_back(watched)
        assert tx.answered.find_by_authors("test", [Author(name="Carla")], since) == []
        tx.answered.mark_answered(alert.id, office.now)
        assert len(tx.answered.find_by_authors("test", [Author(name="Carla")], since)) == 1


@pytest.mark.parametrize("publish", [True, False])
def test_a_whole_answer(store: Store, publish: bool) -> None:
    """From the dialog to its outcome, and with its feedback the words of it go."""
    office = Office(store)
    alert = office.hear(POST).opened[0]
    office.answer(alert, "Dear Carla", publish=publish)
    office.publish()
    office.wait(60)
    office.hear(replace(POST, body="was broken"))
    office.hear(replace(POST, deleted=True))
    assert [event.details["outcome"] for event in office.events(alert.id, "outcome")] == [
        "edited",
        "deleted",
    ]
    assert office.replies(alert.id)[0].text == ""
    with store.read() as tx:
        assert tx.answered.external_ids("test", office.now - FOLLOW_FOR) == []
