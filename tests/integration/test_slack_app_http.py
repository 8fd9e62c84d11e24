"""Slack calls over HTTP: only what it signed is let in, once, and only so much of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.integration.slack_app_place import HTTP, SlackAppPlace, somebody
from tests.world.slack import Slack
from tests.world.slack_http import Sent, SignedHttp
from tests.world.slack_people import Person


@pytest.fixture(scope="module")
def slack() -> Iterator[Slack]:
    """A workspace."""
    with Slack(posts_per_second=None) as server:
        yield server


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, slack: Slack) -> Iterator[SlackAppPlace]:
    """A desk that Slack calls."""
    with SlackAppPlace(tmp_path_factory.mktemp("desk"), slack, HTTP) as running:
        yield running


@pytest.fixture
def line(place: SlackAppPlace, slack: Slack) -> SignedHttp:
    """Slack's end of it."""
    assert isinstance(slack.transport, SignedHttp)
    return slack.transport


@pytest.fixture
def ann(slack: Slack) -> Person:
    """Somebody of the team."""
    return somebody(slack)


def test_slack_takes_the_address(line: SignedHttp) -> None:
    """The question that Slack asks before it takes an address is answered."""
    assert line.verify("a challenge")


@pytest.mark.parametrize("stamp", ["", "now", "1.5", "9" * 300, "0"])
def test_a_malformed_or_old_timestamp_is_refused(
    line: SignedHttp, place: SlackAppPlace, stamp: str
) -> None:
    """401, and not an error of ours, although the signature over it is right."""
    event = {"type": "event_callback", "event_id": "Ev1", "event": {}}
    assert line.post(line.request_with("events_api", event).signed(stamp)).status == 401


def test_what_slack_did_not_sign_is_refused(line: SignedHttp, place: SlackAppPlace) -> None:
    """Another secret, another body, or no signature at all."""
    request = line.request_with("events_api", {"type": "event_callback"})
    stamp = request.headers["X-Slack-Request-Timestamp"]
    assert line.post(request.signed(stamp, secret="guessed")).status == 401
    assert line.post(replace(request, body=request.body + b" ")).status == 401
    assert line.post(request.without("X-Slack-Signature")).status == 401
    assert line.post(request.without("X-Slack-Request-Timestamp")).status == 401


def test_an_exact_replay_has_no_effect(line: SignedHttp, place: SlackAppPlace, ann: Person) -> None:
    """A recorded request that is sent again is acknowledged, and nothing happens a second time."""
    case = place.open_alert()
    ann.click(case.card, "take")
    assert place.settled()
    recorded = line.sent[-1]
    place.deliver()
    ann.react(case.card, "white_check_mark")
    assert place.settled()
    heard = line.post(recorded)
    assert (heard.status, heard.body) == (200, "")
    assert place.settled()
    assert case.kinds == ["opened", "acknowledged", "resolved"]


def test_a_body_that_is_too_large_is_refused(line: SignedHttp, place: SlackAppPlace) -> None:
    """No more than a megabyte is read of anything."""
    request = line.request_with("events_api", {})
    claimed = Sent(request.url, b"x", {"Content-Length": "1000001"})
    assert line.post(claimed).status == 413


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"payload=%7B", b"\xff\xfe", json.dumps({"type": "x"}).encode()]
)
def test_what_makes_no_sense_breaks_nothing(
    line: SignedHttp, place: SlackAppPlace, body: bytes
) -> None:
    """A signed body of any kind is answered, and the next one is taken in."""
    request = replace(line.request_with("events_api", {}), body=body)
    answered = line.post(request.signed(request.headers["X-Slack-Request-Timestamp"]))
    assert answered.status in {200, 400, 404}
    assert line.verify(body.hex() or "nothing")


def test_no_answer_tells_what_runs_here(line: SignedHttp) -> None:
    """The usual headers stand on these answers too."""
    heard = line.post(
        line.request_with("events_api", {"type": "url_verification", "challenge": "headers"})
    )
    assert heard.headers["x-content-type-options"] == "nosniff"
    assert "server" not in heard.headers
