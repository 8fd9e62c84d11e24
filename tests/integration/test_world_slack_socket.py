"""Socket Mode behaves as Slack's does, seen through a bare websocket and through the real Bolt
handler.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Event
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.world.clients import slack_client
from tests.world.slack import APP_TOKEN, BOT_TOKEN, CHANNEL, Slack
from tests.world.slack_apps import bolt_app, over_socket
from tests.world.slack_people import Person
from tests.world.slack_socket import MOST_CONNECTIONS, SocketMode
from tests.world.waiting import LAST_RESORT


@pytest.fixture
def slack() -> Iterator[Slack]:
    """A workspace that waits long for an acknowledgement, unless `hurry` is called."""
    with Slack(posts_per_second=None, transport=SocketMode(ack_within=LAST_RESORT)) as server:
        yield server


@pytest.fixture
def ann(slack: Slack) -> Person:
    """A person who does not wait for the app."""
    return Person(slack, "U0ANN", "ann", waits=False)


def hurry(slack: Slack) -> None:
    """Let the workspace give up an acknowledgement soon."""
    slack.transport.ack_within = 0.1


def ticket(slack: Slack) -> str:
    """An address that lets one connection in."""
    return str(slack_client(slack, APP_TOKEN).apps_connections_open(app_token=APP_TOKEN)["url"])


@contextmanager
def line(slack: Slack) -> Iterator[tuple[ClientConnection, dict[str, Any]]]:
    """A bare connection, and the greeting on it."""
    with connect(ticket(slack), proxy=None) as connection:
        yield connection, heard(connection)


def heard(connection: ClientConnection) -> dict[str, Any]:
    """The next message on a connection."""
    message = json.loads(connection.recv(LAST_RESORT))
    assert isinstance(message, dict)
    return message


def acknowledge(connection: ClientConnection, envelope: dict[str, Any], **more: Any) -> None:
    """Answer an envelope."""
    connection.send(json.dumps({"envelope_id": envelope["envelope_id"], **more}))


# Connections


def test_slack_says_hello(slack: Slack) -> None:
    """Each connection is greeted with the number of those that are open, and with the app's id."""
    with line(slack) as (_, first), line(slack) as (_, second):
        assert (first["type"], first["num_connections"], second["num_connections"]) == (
            "hello",
            1,
            2,
        )
        assert first["connection_info"] == {"app_id": "A0WORLD"}
        assert first["debug_info"]["approximate_connection_time"] > 0
    assert slack.socket.wait_for(0) == ()


def test_a_ticket_lets_one_connection_in(slack: Slack) -> None:
    """A used ticket and a made-up one are refused."""
    url = ticket(slack)
    with connect(url, proxy=None):
        for again in (url, url.replace("ticket=", "ticket=x")):
            with pytest.raises(InvalidStatus) as refused:
                connect(again, proxy=None)
            assert refused.value.response.status_code == 401


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("apps.connections.open", BOT_TOKEN, "not_allowed_token_type"),
        ("apps.connections.open", "xapp-unknown", "invalid_auth"),
        ("chat.postMessage", APP_TOKEN, "not_allowed_token_type"),
    ],
)
def test_each_token_has_its_methods(slack: Slack, method: str, token: str, error: str) -> None:
    """Connections need the app's token, and everything else the bot's."""
    with pytest.raises(SlackApiError) as caught:
        slack_client(slack, token).api_call(method, params={"channel": CHANNEL, "text": "x"})
    assert caught.value.response["error"] == error


def test_ten_connections_are_the_most(slack: Slack) -> None:
    """The eleventh is told so and closed."""
    with ExitStack() as stack:
        for _ in range(MOST_CONNECTIONS):
            stack.enter_context(line(slack))
        with line(slack) as (last, message):
            assert (message["type"], message["reason"]) == ("disconnect", "too_many_websockets")
            with pytest.raises(ConnectionClosed):
                last.recv(LAST_RESORT)
        assert len(slack.socket.lines) == MOST_CONNECTIONS


def test_slack_announces_the_end_of_a_connection(slack: Slack) -> None:
    """After a warning a connection still works; a refresh ends it."""
    with line(slack) as (connection, _):
        slack.socket.disconnect("warning")
        assert heard(connection)["reason"] == "warning"
        slack.socket.disconnect("refresh_requested")
        assert heard(connection)["reason"] == "refresh_requested"
        with pytest.raises(ConnectionClosed):
            connection.recv(LAST_RESORT)


def test_a_bolt_app_comes_back(slack: Slack, ann: Person) -> None:
    """After a refresh the real handler connects anew, and hears what is done then."""
    app = bolt_app(slack)
    app.command("/repwatch")(lambda ack: ack("here"))
    with over_socket(slack, app):
        (before,) = slack.socket.lines
        slack.socket.disconnect()
        slack.transport.ack_within = 2  # what was lost with the connection is asked for again
        while not ann.command("/repwatch").wait().acked:
            pass
        assert before not in slack.socket.lines


# Envelopes


def test_connections_take_turns(slack: Slack, ann: Person) -> None:
    """An envelope goes to one connection, and the next to another."""
    with line(slack) as (first, _), line(slack) as (second, _):
        commands = [ann.command("/repwatch", text).wait_for_first for text in ("one", "two")]
        envelopes = [heard(first), heard(second)]
        acknowledge(first, envelopes[0])
        acknowledge(second, envelopes[1])
        assert {envelope["payload"]["text"] for envelope in envelopes} == {"one", "two"}
        assert [wait().acked for wait in commands] == [True, True]


def test_an_acknowledgement_may_carry_the_answer(slack: Slack, ann: Person) -> None:
    """What comes with the acknowledgement of a command is shown, and the time until then is
    known.
    """
    with line(slack) as (connection, _):
        delivery = ann.command("/repwatch", "mine")
        envelope = heard(connection)
        acknowledge(connection, envelope, payload={"text": "nothing"})
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        assert delivery.wait().response == {"text": "nothing"}
        assert delivery.seconds > 0
        assert [note.text for note in ann.notes] == ["nothing"]


def test_an_event_comes_again_until_it_is_acknowledged(slack: Slack, ann: Person) -> None:
    """What was lost with one connection comes on another, in a new envelope that says why."""
    with line(slack) as (first, _), line(slack) as (second, _):
        ann.says(CHANNEL, "hello")
        lost = heard(first)
        first.close()
        found = heard(second)
        acknowledge(second, found)
        (delivery,) = slack.deliveries
        assert (delivery.wait().acked, delivery.attempts) == (True, 2)
    assert (lost["retry_attempt"], lost["retry_reason"]) == (0, "")
    assert (found["retry_attempt"], found["retry_reason"]) == (1, "connection_closed")
    assert lost["payload"] == found["payload"]
    assert lost["envelope_id"] != found["envelope_id"]


def test_an_event_that_meets_silence_comes_again(slack: Slack, ann: Person) -> None:
    """Four times it is brought to a connection that does not acknowledge, and then no more."""
    hurry(slack)
    with line(slack) as (connection, _):
        ann.says(CHANNEL, "hello")
        (delivery,) = slack.deliveries
        assert (delivery.wait().acked, delivery.trouble) == (False, "timeout")
        assert [heard(connection)["retry_attempt"] for _ in range(4)] == [0, 1, 2, 3]


def test_an_event_is_given_up_after_three_repeats(slack: Slack, ann: Person) -> None:
    """Four attempts are all, also while no connection is open."""
    with line(slack):
        pass
    slack.socket.wait_for(0)
    ann.says(CHANNEL, "hello")
    (delivery,) = slack.deliveries
    assert (delivery.wait().attempts, delivery.acked, delivery.trouble) == (
        4,
        False,
        "no_connection",
    )


def test_a_click_is_brought_once(slack: Slack, ann: Person) -> None:
    """What a person does is not repeated: the person sees that it did not work."""
    hurry(slack)
    with line(slack):
        delivery = ann.shortcut(None, "new").wait()
        assert (delivery.attempts, delivery.acked, delivery.trouble) == (1, False, "timeout")


def test_the_same_payload_can_be_brought_again(slack: Slack, ann: Person) -> None:
    """Slack may repeat what it believes to be lost."""
    with line(slack) as (connection, _):
        first = ann.shortcut(None, "new")
        slack.transport.again(first)
        once, twice = heard(connection), heard(connection)
    assert once["payload"] == twice["payload"]


# What goes wrong on the line


def test_a_deaf_line_stays_open_and_silent(slack: Slack, ann: Person) -> None:
    """Neither envelopes nor pongs come on it, until it hears again."""
    hurry(slack)
    with line(slack) as (connection, _):
        slack.socket.deafen()
        assert ann.shortcut(None, "lost").wait().trouble == "timeout"
        assert not connection.ping().wait(0.1)
        with pytest.raises(TimeoutError):
            connection.recv(0.1)
        assert len(slack.socket.lines) == 1
        slack.socket.deafen(deaf=False)
        ann.shortcut(None, "found")
        assert heard(connection)["payload"]["callback_id"] == "found"


def test_a_line_can_be_cut(slack: Slack) -> None:
    """A cut connection ends without a closing word."""
    with line(slack) as (connection, _):
        slack.socket.drop()
        with pytest.raises(ConnectionClosed) as caught:
            connection.recv(LAST_RESORT)
        assert caught.value.rcvd is None
    slack.socket.wait_for(0)


def test_slack_pings_on_its_own() -> None:
    """Ping frames come without being asked for, and the client's pongs tell how long they took."""
    with Slack(transport=SocketMode(ping_interval=0.01)) as slack, line(slack):
        (connection,) = slack.socket.wait_for(1)
        waiting = Event()
        while connection.latency == 0:
            waiting.wait(0.01)
        assert connection.latency > 0
