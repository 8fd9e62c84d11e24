"""Connections that Slack ends for good are opened again ever more rarely."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import pytest

from monitor.errors import DeliveryUncertain
from monitor.slack_app.socket_mode import (
    ConnectionSupervisor,
    ConnectionTimeouts,
    SocketConnection,
    _disconnect_reason,
)
from monitor.testing import NOON

MINUTE = timedelta(minutes=1)


@dataclass
class Line:
    """A connection; one that is refused is told so as soon as it is open."""

    last_heard_at: datetime
    refusal: str = ""
    is_greeted: bool = True
    fails: bool = False  #: to connect, since the end came before anybody looked

    def connect(self) -> None:
        if self.fails:
            raise DeliveryUncertain("closed at once")

    def close(self) -> None:
        """Nothing is kept."""


@dataclass
class Slack:
    """What is opened, and when; `full` ends each connection for good."""

    now: datetime = NOON
    full: bool = True
    hasty: bool = False  #: ends a connection before it counts as open
    opened_at: list[float] = field(default_factory=list)  #: seconds after noon

    def open_line(self) -> SocketConnection:
        self.opened_at.append((self.now - NOON).total_seconds())
        refusal = "no more connections" if self.full else ""
        line = Line(self.now, refusal, is_greeted=not self.full, fails=self.full and self.hasty)
        return cast("SocketConnection", line)


def supervise(
    slack: Slack, count: int = 1, silent_after: timedelta = timedelta(days=1)
) -> ConnectionSupervisor:
    timeouts = ConnectionTimeouts(silent_after=silent_after)
    return ConnectionSupervisor(slack.open_line, count, lambda: slack.now, lambda: None, timeouts)


def watch(slack: Slack, supervisor: ConnectionSupervisor, span: timedelta) -> None:
    """Check every five seconds, as the supervisor's own thread does."""
    end = slack.now + span
    while slack.now < end:
        supervisor._check_connections()
        slack.now += timedelta(seconds=5)


def test_a_refused_connection_is_opened_ever_more_rarely() -> None:
    """The waits double from ten seconds to five minutes, and people are told after three."""
    slack = Slack()
    supervisor = supervise(slack)
    watch(slack, supervisor, 2 * MINUTE)
    assert supervisor.outage_reason == ""
    watch(slack, supervisor, 18 * MINUTE)
    waits = [later - at for at, later in zip(slack.opened_at, slack.opened_at[1:], strict=False)]
    assert waits == [15, 25, 45, 85, 165, 305, 305]
    assert "no more connections" in supervisor.outage_reason


def test_a_connection_that_is_refused_before_it_is_open_counts_alike() -> None:
    """The end may come so soon that connecting fails: the waits are the same."""
    slack = Slack(hasty=True)
    supervisor = supervise(slack)
    watch(slack, supervisor, 5 * MINUTE)
    waits = [later - at for at, later in zip(slack.opened_at, slack.opened_at[1:], strict=False)]
    assert waits == [10, 20, 40, 80]
    assert "no more connections" in supervisor.outage_reason


def test_a_silent_connection_is_replaced_while_another_is_left_alone() -> None:
    """What Slack has ended for good does not keep the other connection from being replaced."""
    slack = Slack(full=False)
    supervisor = supervise(slack, count=2, silent_after=MINUTE)
    supervisor._check_connections()
    refused, silent = supervisor._connections
    assert refused is not None
    refused.refusal = "no more connections"
    slack.now += 2 * MINUTE
    supervisor._check_connections()
    assert supervisor._connections[0] is None
    assert supervisor._connections[1] is not silent


def test_connections_that_last_end_the_series() -> None:
    """Once they have stood longer than the longest wait, the next refusal is the first again."""
    slack = Slack()
    supervisor = supervise(slack)
    watch(slack, supervisor, 2 * MINUTE)
    slack.full = False
    watch(slack, supervisor, 10 * MINUTE)
    assert supervisor.outage_reason == ""
    (line,) = supervisor._connections
    assert line is not None
    line.refusal, slack.full, slack.opened_at = "ended again", True, []
    watch(slack, supervisor, MINUTE)
    assert slack.opened_at == [730, 755]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ('{"type":"disconnect","reason":"too_many_websockets"}', "too_many_websockets"),
        ('{"type":"disconnect"}', ""),
        ('{"type":"hello"}', ""),
        ('{"type":"events_api","payload":{"text":"disconnect","reason":"x"}}', ""),
        ('{"disconnect', ""),
        ("Ping from disconnect", ""),
        ("", ""),
    ],
)
def test_only_slack_s_own_word_ends_a_connection(message: str, reason: str) -> None:
    """What a customer writes, and what is no JSON, is no word of it."""
    assert _disconnect_reason(message) == reason
