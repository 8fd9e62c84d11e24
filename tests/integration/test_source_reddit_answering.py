"""Answering on Reddit, over real HTTP: as which account, once whatever is lost, and what is said
when it fails.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.feedback import Feedback
from monitor.domain.reply import ReplyState
from monitor.errors import SourceRefused, SourceUnavailable, SourceUncertain
from monitor.http import HttpClient
from monitor.replies.publisher import ReplyPublisher
from monitor.settings import HttpSettings, Secrets
from monitor.testing import make_feedback, memory_store
from sources.base import PublishedReply, SourceContext
from sources.reddit.source import RedditOptions, RedditSource
from tests.world.answering import Office
from tests.world.faults import (
    Fault,
    answers,
    answers_after_commit,
    lost_after_commit,
    lost_before_commit,
    truncated,
)
from tests.world.reddit import Reddit

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
PASSWORD = {"reddit_username": Reddit.account, "reddit_password": Reddit.password}
TOKEN = {"reddit_refresh_token": Reddit.refresh_token}
RATELIMIT = (
    b'{"json": {"errors": [["RATELIMIT", "Take a break for 9 minutes before trying again.", '
    b'"ratelimit"]]}}'
)


@pytest.fixture
def place() -> Iterator[Reddit]:
    """An empty Reddit, with plenty of requests left."""
    with Reddit(recorded=False, clock=NOW.timestamp) as server:
        yield server


def source(server: Reddit, login: dict[str, str], **secrets: str) -> RedditSource:
    application = {
        "reddit_client_id": Reddit.client_id,
        "reddit_client_secret": Reddit.client_secret,
    }
    held = Secrets.model_validate(application | login | secrets)
    own = {"subreddits": ["acme"], "reddit_url": server.url, "oauth_url": server.url}
    with HttpClient(HttpSettings()) as http:
        context = SourceContext(http=http, secrets=held)
    return RedditSource("acme", RedditOptions.model_validate(own), context)


def post(server: Reddit) -> Feedback:
    name = server.submit("acme", "Help", "It is broken")
    return Feedback(source_id="acme", external_id=name)


@pytest.mark.parametrize("login", [PASSWORD, TOKEN], ids=["password", "token"])
def test_an_answer_is_a_comment_of_the_account(place: Reddit, login: dict[str, str]) -> None:
    """Below the post, with the words as they were written; it is found again by them."""
    asked, reader = post(place), source(place, login)
    answered = reader.publish_reply(asked, "We are on it.\n\nYour Acme team")
    (comment,) = place.answers_to(asked.external_id)
    assert (comment["body"], comment["author"]) == (
        "We are on it.\n\nYour Acme team",
        Reddit.account,
    )
    assert answered == PublishedReply(
        f"https://www.reddit.com{comment['permalink']}", comment["name"]
    )
    assert reader.find_reply(asked, "We are on it. Your  Acme team ", NOW) == answered
    assert reader.find_reply(asked, "Something else", NOW) is None
    assert (
        reader.find_reply(
            replace(asked, external_id="t3_other"), "We are on it. Your Acme team", NOW
        )
        is None
    )
    assert (
        reader.find_reply(asked, "We are on it. Your Acme team", NOW + timedelta(hours=1)) is None
    )


def test_a_comment_is_answered_too(place: Reddit) -> None:
    """Below the comment itself, in its thread."""
    asked = post(place)
    comment = place.comment("acme", "broken for me too", on=asked.external_id)
    source(place, PASSWORD).publish_reply(replace(asked, external_id=comment), "Sorry.")
    assert [found["link_id"] for found in place.answers_to(comment)] == [asked.external_id]


@pytest.mark.parametrize(
    ("login", "can"),
    [
        (PASSWORD, True),
        (TOKEN, True),
        ({}, False),
        ({"reddit_username": Reddit.account}, False),
        ({**PASSWORD, "reddit_client_secret": ""}, False),
    ],
)
def test_only_an_account_can_answer(place: Reddit, login: dict[str, str], can: bool) -> None:
    """A name without a password is none, and without the application nobody logs in."""
    assert source(place, login).can_reply is can


@pytest.mark.parametrize(
    "login",
    [{**PASSWORD, "reddit_password": "wrong"}, {"reddit_refresh_token": "taken-back"}],
    ids=["password", "token"],
)
def test_a_refused_account_is_named(place: Reddit, login: dict[str, str]) -> None:
    """As the account, and not as the application, which still reads."""
    with pytest.raises(SourceRefused, match="REDDIT_REFRESH_TOKEN, or REDDIT_USERNAME"):
        source(place, login).publish_reply(post(place), "Sorry.")


def test_what_reddit_does_not_want_is_refused_in_its_words(place: Reddit) -> None:
    """A locked thread, and one that is gone."""
    asked, reader = post(place), source(place, TOKEN)
    place.locked.add(asked.external_id)
    with pytest.raises(SourceRefused, match="THREAD_LOCKED: Comments are locked"):
        reader.publish_reply(asked, "Sorry.")
    place.delete(asked.external_id)
    with pytest.raises(SourceRefused, match="DELETED_COMMENT"):
        reader.publish_reply(asked, "Sorry.")


@pytest.mark.parametrize(
    ("fault", "error", "published"),
    [
        pytest.param(answers(503), SourceUncertain, 0, id="failed"),
        pytest.param(answers_after_commit(500), SourceUncertain, 1, id="failed after the commit"),
        pytest.param(lost_before_commit, SourceUncertain, 0, id="lost"),
        pytest.param(lost_after_commit, SourceUncertain, 1, id="lost after the commit"),
        pytest.param(truncated(10), SourceUncertain, 1, id="cut off"),
        pytest.param(
            answers_after_commit(200, body=b"<html>"), SourceUncertain, 1, id="a page instead"
        ),
        pytest.param(answers_after_commit(200, body=b"{}"), SourceUncertain, 1, id="nothing in it"),
        pytest.param(
            answers(429, {"Retry-After": "40"}), SourceUnavailable, 0, id="too many requests"
        ),
        pytest.param(answers(200, body=RATELIMIT), SourceUnavailable, 0, id="too many comments"),
        pytest.param(answers(403), SourceRefused, 0, id="forbidden"),
        pytest.param(answers(404), SourceRefused, 0, id="not found"),
    ],
)
def test_what_is_known_of_an_answer_that_failed(
    place: Reddit, fault: Fault, error: type[Exception], published: int
) -> None:
    """Uncertain is whatever may have been published; in no case is it asked for twice."""
    asked, reader = post(place), source(place, PASSWORD)
    place.fail_next(fault, path="/api/comment")
    with pytest.raises(error):
        reader.publish_reply(asked, "Sorry.")
    assert len(place.requests_to("/api/comment")) == 1
    assert len(place.answers_to(asked.external_id)) == published


def test_how_long_to_wait_is_understood(place: Reddit) -> None:
    """Reddit says it in words."""
    place.fail_next(answers(200, body=RATELIMIT), path="/api/comment")
    with pytest.raises(SourceUnavailable) as caught:
        source(place, PASSWORD).publish_reply(post(place), "Sorry.")
    assert caught.value.retry_after == 540


def test_a_reddit_that_cannot_be_reached_has_published_nothing() -> None:
    """No connection came about: that is certain."""
    with Reddit(recorded=False) as gone:
        asked, reader = post(gone), source(gone, PASSWORD)
    with pytest.raises(SourceUnavailable, match="cannot be reached"):
        reader.publish_reply(asked, "Sorry.")


def test_what_cannot_be_looked_through_is_not_not_found(place: Reddit) -> None:
    """Nothing would be worse than to answer again because a page was missing."""
    asked, reader = post(place), source(place, PASSWORD)
    place.fail_next(answers(500), path="/comments")
    with pytest.raises(SourceUnavailable):
        reader.find_reply(asked, "Sorry.", NOW)


@pytest.mark.parametrize("lag", [0.0, 45.0])
@pytest.mark.parametrize(
    ("faults", "lost_first"),
    [
        pytest.param([lost_after_commit], False, id="lost after the commit"),
        pytest.param([answers_after_commit(502)], False, id="failed after the commit"),
        pytest.param(
            [lost_before_commit, answers(503), answers_after_commit(500)],
            True,
            id="one after another",
        ),
        pytest.param(
            [answers(429, {"Retry-After": "5"}), lost_after_commit], True, id="busy, then lost"
        ),
    ],
)
def test_nobody_is_answered_twice(
    place: Reddit, faults: list[Fault], lost_first: bool, lag: float
) -> None:
    """Through the publisher and the real client: one comment, found where its answer was lost."""
    store = memory_store()
    try:
        office = Office(store)
        place.clock, place.profile_lag = lambda: office.now.timestamp(), lag
        name = place.submit("acme", "Help", "It is broken")
        reader = source(place, PASSWORD)
        office.answers = replace(office.answers, reply_sources={"acme": reader})
        office.answerer = ReplyPublisher(store, {"acme": reader}, "one")
        (alert,) = office.hear(
            make_feedback("It is broken", source_id="acme", external_id=name)
        ).opened
        for fault in faults:
            place.fail_next(fault, path="/api/comment")
        office.answer(alert)
        office.publish(3600)
        (reply,) = office.replies(alert.id)
    finally:
        store.close()
    (comment,) = place.answers_to(name)
    assert (reply.state, reply.external_id) == (ReplyState.PUBLISHED, comment["name"])
    assert (reply.attempts > 1) is lost_first
