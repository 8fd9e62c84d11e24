"""The connections to Slack stay: what is cut, told to end or gone deaf is replaced, and lasting
deafness is told.
"""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk import WebClient
from websockets.sync.client import ClientConnection, connect

from monitor.bootstrap import utc_now
from monitor.domain.actor import Actor
from monitor.slack_app.socket_mode import ConnectionTimeouts
from tests.integration.slack_app_place import SlackAppPlace, somebody
from tests.world.faults import answers, truncated
from tests.world.slack import APP_TOKEN, Slack
from tests.world.slack_socket import MOST_CONNECTIONS, Line, SocketMode
from tests.world.waiting import wait_until

# The client's own watch begins at two seconds here. A busy machine may be silent for longer than
# this desk bears: whoever has it must not rely on a connection that stays.
HASTY = ConnectionTimeouts(
    silent_after=timedelta(seconds=0.9),
    outage_after=timedelta(seconds=0.3),
    check_seconds=0.05,
    ping_seconds=0.3,
)


ATTENTIVE = ConnectionTimeouts(check_seconds=0.05)
TOLD_AT_ONCE = replace(ATTENTIVE, outage_after=timedelta(), silent_after=timedelta(days=1))
MINUTE = timedelta(minutes=1)
OPEN = "/api/apps.connections.open"


@pytest.fixture
def place(tmp_path: Path, slack: Slack) -> Iterator[SlackAppPlace]:
    """A desk that loses patience quickly, in a workspace that does not wait for it."""
    with SlackAppPlace(tmp_path, slack, timeouts=HASTY, line=SocketMode(ack_within=5)) as running:
        yield running
    # Slack's client leaves the sockets of connections that failed to the garbage collector, whose
    # warning would fail whichever test runs by then.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def calm(tmp_path: Path, slack: Slack) -> Iterator[SlackAppPlace]:
    """A desk that sees soon what was cut, and takes no silence for deafness."""
    with SlackAppPlace(tmp_path, slack, timeouts=ATTENTIVE) as running:
        yield running


def _replaced(slack: Slack, before: Iterable[Line]) -> bool:
    """Whether two connections are open, and none of these is one of them."""
    now = slack.socket.lines
    return len(now) >= 2 and not set(now) & set(before)


def test_things_come_over_every_connection(calm: SlackAppPlace, slack: Slack) -> None:
    """Two connections are open, and what comes over either is done."""
    ann, cases = somebody(slack), [calm.open_alert() for _ in range(4)]
    assert all(ann.click(case.card, "take").acked for case in cases)
    assert calm.settled()
    assert {case.alert.assignee for case in cases} == {Actor.slack(ann.id)}


def test_what_is_cut_or_told_to_end_is_opened_again(calm: SlackAppPlace, slack: Slack) -> None:
    """Without a word or with one, two connections are there again, and both work."""
    ann, case = somebody(slack), calm.open_alert()
    dropped = slack.socket.lines[:1]
    slack.socket.drop(dropped)
    assert wait_until(lambda: _replaced(slack, dropped))
    ended = slack.socket.lines
    slack.socket.disconnect("refresh_requested")
    assert wait_until(lambda: _replaced(slack, ended))
    assert ann.click(case.card, "take").acked


def test_deaf_connections_are_replaced(place: SlackAppPlace, slack: Slack) -> None:
    """A connection that stays open while nothing comes over it, not even a pong, is replaced by one
    that works.
    """
    ann, case = somebody(slack), place.open_alert()
    deaf = slack.socket.lines
    slack.socket.deafen(deaf)
    assert wait_until(lambda: _replaced(slack, deaf))
    assert wait_until(lambda: ann.click(case.card, "take", stale=True).acked)
    assert wait_until(lambda: place.desk.find_problems(place.now()) == [])


def test_lasting_deafness_is_told(place: SlackAppPlace, slack: Slack) -> None:
    """Where new connections cannot be had, people are told why; and it is over once they can."""
    slack.revoke(APP_TOKEN)
    slack.socket.deafen()
    assert wait_until(lambda: place.desk.find_problems(place.now()) != [])
    ((key, says),) = place.desk.find_problems(place.now())
    assert (key, "SLACK_APP_TOKEN" in says, APP_TOKEN in says) == ("desk", True, False)
    slack.revoke(APP_TOKEN, "")
    assert wait_until(lambda: place.desk.find_problems(place.now()) == [])


def test_while_slack_is_away_connections_are_left_alone(tmp_path: Path, slack: Slack) -> None:
    """Silence of everything is no deafness: nothing is replaced until Slack answers again."""
    with SlackAppPlace(tmp_path, slack, timeouts=HASTY) as place:
        deaf = slack.socket.lines
        slack.fail_next(answers(503), path="/api/auth.test", times=8)
        slack.socket.deafen(deaf)
        assert wait_until(lambda: len(slack.requests_to("/api/auth.test")) >= 5)
        assert place.desk.replaced_connections == 0
        assert wait_until(lambda: _replaced(slack, deaf))
        assert wait_until(lambda: place.desk.find_problems(place.now()) == [])


def test_an_answer_that_breaks_off_is_trouble_too(place: SlackAppPlace, slack: Slack) -> None:
    """Whatever keeps new connections from being had, people are told."""
    slack.fail_next(truncated(10), path=OPEN, times=10_000)
    slack.socket.deafen()
    assert wait_until(lambda: "was lost" in str(place.desk.find_problems(place.now())))


@dataclass
class MovedClock:
    """A clock that stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move(self, span: timedelta) -> datetime:
        self.now += span
        return self.now


def hold_connection(slack: Slack) -> ClientConnection:
    """Open a connection as another process of the same app does."""
    client = WebClient(base_url=f"{slack.api_url.rstrip('/')}/")
    url = str(client.apps_connections_open(app_token=APP_TOKEN)["url"])
    return connect(url, proxy=None)


def test_connections_that_slack_ends_for_good_are_not_opened_at_once(
    tmp_path: Path, slack: Slack
) -> None:
    """While others hold all connections people are told, and nothing more is asked of Slack."""
    clock = MovedClock(utc_now())
    with (
        ExitStack() as others,
        SlackAppPlace(tmp_path, slack, now=clock, timeouts=TOLD_AT_ONCE) as place,
    ):
        ours = slack.socket.lines
        for _ in range(MOST_CONNECTIONS - len(ours)):
            others.enter_context(hold_connection(slack))
        slack.socket.disconnect("too_many_websockets", ours)
        assert wait_until(lambda: not set(slack.socket.lines) & set(ours))
        for _ in ours:
            others.enter_context(hold_connection(slack))
        asked = len(slack.requests_to(OPEN))
        assert wait_until(
            lambda: "too_many_websockets" in str(place.desk.find_problems(place.now()))
        )
        assert len(slack.requests_to(OPEN)) == asked

        others.close()
        assert wait_until(lambda: place.desk.find_problems(clock.move(MINUTE)) == [])
        ann, case = somebody(slack), place.open_alert()
        assert wait_until(lambda: ann.click(case.card, "take", stale=True).acked)
