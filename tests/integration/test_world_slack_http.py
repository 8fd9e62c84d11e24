"""Signed requests are as Slack's are, and the real Bolt app tells the honest from the forged."""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App

from tests.world.faults import Request
from tests.world.slack import CHANNEL, Slack
from tests.world.slack_apps import bolt_app, over_http
from tests.world.slack_http import Sent, SignedHttp
from tests.world.slack_people import Person
from tests.world.web import Web


@pytest.fixture
def calls() -> list[str]:
    """What the app was asked for, in order."""
    return []


@pytest.fixture
def app(slack: Slack, calls: list[str]) -> App:
    """A Bolt app with one command."""
    app = bolt_app(slack)

    @app.command("/repwatch")
    def command(ack: Any, command: dict[str, Any]) -> None:
        calls.append(command["text"])
        ack("done")

    return app


@pytest.fixture
def http(slack: Slack, app: App) -> Iterator[SignedHttp]:
    """The app's address, as the workspace knows it."""
    with over_http(slack, app) as transport:
        yield transport


@pytest.fixture
def sent(slack: Slack, http: SignedHttp) -> Sent:
    """An honest request that was answered once."""
    assert Person(slack, "U0ANN").command("/repwatch", "mine").acked
    return http.sent[-1]


def test_an_address_proves_itself(http: SignedHttp) -> None:
    """The app answers the challenge of url_verification."""
    assert http.verify()


def test_an_honest_request_can_be_replayed(http: SignedHttp, sent: Sent, calls: list[str]) -> None:
    """The very same bytes are signed well, so only an app that remembers them can refuse them."""
    assert http.post(sent).status == 200
    assert calls == ["mine", "mine"]
    assert http.sent == [sent, sent]


def test_a_forged_request_is_refused(
    slack: Slack, http: SignedHttp, sent: Sent, calls: list[str]
) -> None:
    """A wrong secret, a wrong signature, an old timestamp and missing headers never reach a
    listener.
    """
    now = sent.headers["X-Slack-Request-Timestamp"]
    forged = [
        sent.signed(now, secret="guessed"),
        sent.signed(now, signature="v0=" + "0" * 64),
        sent.signed(str(int(now) - 301)),
        sent.without("X-Slack-Signature"),
    ]
    assert [http.post(request).status for request in forged] == [401] * 4
    assert calls == ["mine"]


@pytest.fixture
def host(slack: Slack, web: Web) -> SignedHttp:
    """A host that refuses everything."""
    http = SignedHttp(
        f"{web.url}/events", interactivity=f"{web.url}/clicks", commands=f"{web.url}/commands"
    )
    slack.use(http)
    return http


@pytest.mark.parametrize("timestamp", ["", "yesterday", "1e9"])
def test_a_timestamp_may_be_nonsense(
    slack: Slack, host: SignedHttp, web: Web, timestamp: str
) -> None:
    """A timestamp that is no number arrives as it is, with a signature that fits it."""
    Person(slack, "U0ANN").command("/repwatch")
    (honest,) = host.sent
    host.post(honest.signed(timestamp))
    first, second = web.requests
    assert second.headers["x-slack-request-timestamp"] == timestamp
    assert first.headers["x-slack-signature"] != second.headers["x-slack-signature"]
    assert first.body == second.body


def test_an_event_says_that_it_comes_again(slack: Slack, host: SignedHttp, web: Web) -> None:
    """Three repeats follow a refusal, each with its number and the reason."""
    Person(slack, "U0ANN", waits=False).says(CHANNEL, "hello")
    (delivery,) = slack.deliveries
    assert (delivery.wait().attempts, delivery.trouble) == (4, "http_error")
    assert [_retry(request) for request in web.requests] == [
        (None, None),
        ("1", "http_error"),
        ("2", "http_error"),
        ("3", "http_error"),
    ]


def test_each_kind_has_its_form_and_place(slack: Slack, host: SignedHttp, web: Web) -> None:
    """Events are JSON, interactions and commands are forms, and each may have an address of its
    own.
    """
    ann = Person(slack, "U0ANN")
    ann.says(CHANNEL, "hello")
    ann.shortcut(None, "new")
    ann.command("/repwatch")
    slack.deliveries[0].wait()
    first = {request.path: request for request in reversed(web.requests)}
    assert {path: request.headers["content-type"] for path, request in first.items()} == {
        "/events": "application/json",
        "/clicks": "application/x-www-form-urlencoded",
        "/commands": "application/x-www-form-urlencoded",
    }
    assert first["/clicks"].body.startswith(b"payload=%7B")
    assert b"command=%2Frepwatch" in first["/commands"].body


def test_a_person_sees_that_nobody_answers(slack: Slack) -> None:
    """A click on an app whose address is gone fails once and is not repeated."""
    with Web() as gone:
        url = gone.url
    slack.use(SignedHttp(url))
    delivery = Person(slack, "U0ANN").shortcut(None, "new")
    assert (delivery.attempts, delivery.acked, delivery.trouble) == (1, False, "connection_failed")


def _retry(request: Request) -> tuple[str | None, str | None]:
    return request.headers.get("x-slack-retry-num"), request.headers.get("x-slack-retry-reason")
