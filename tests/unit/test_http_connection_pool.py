"""Connections between two requests, with wires of our own in place of the network."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore2
import pytest

from monitor.http.connection_pool import MAX_IDLE_CONNECTIONS, ConnectionPool

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"


class _Wire(httpcore2.NetworkStream):
    """A connection to a host that gives the same answer to every request, or has hung up."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.asked = 0
        self.hung_up = False
        self.closed = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return b"" if self.hung_up else self.answer

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.asked += buffer.startswith(b"GET")

    def close(self) -> None:
        self.closed = True

    def get_extra_info(self, info: str) -> Any:
        return self.hung_up if info == "is_readable" else None


class _Network(httpcore2.NetworkBackend):
    """Opens a wire for each connection and remembers it."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.wires: list[_Wire] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> _Wire:
        self.wires.append(_Wire(self.answer))
        return self.wires[-1]


def opened(answer: bytes = ANSWER) -> tuple[ConnectionPool, _Network]:
    network = _Network(answer)
    return ConnectionPool(network, ssl.create_default_context()), network


def ask(connections: ConnectionPool, host: str = "one.example", *, read: bool = True) -> None:
    """Ask for a page and close the answer, read or not."""
    response, done = connections.send(
        httpcore2.Request("GET", f"http://{host}/", headers={"Host": host})
    )
    if read:
        assert response.read() == b"body"
    response.close()
    done()


def test_the_next_request_takes_the_same_connection() -> None:
    """A host is connected to once for all that follow closely."""
    connections, network = opened()
    for _ in range(3):
        ask(connections)
    assert [wire.asked for wire in network.wires] == [3]


def test_an_answer_that_was_not_read_ends_its_connection() -> None:
    """What is left of an answer never stands before the next one."""
    connections, network = opened()
    ask(connections, read=False)
    ask(connections)
    assert [wire.closed for wire in network.wires] == [True, False]


@pytest.mark.parametrize("more", [ANSWER.replace(b"body", b"evil"), b"\r\n", b"x"])
def test_what_a_host_sends_beyond_its_answer_is_no_answer(more: bytes) -> None:
    """A second answer that nobody asked for, read along with the first one, is not the answer to
    the next request.
    """
    connections, network = opened(ANSWER + more)
    ask(connections)
    ask(connections)
    assert [(wire.asked, wire.closed) for wire in network.wires] == [(1, True), (1, True)]


def test_a_connection_that_the_host_has_ended_is_not_taken() -> None:
    """A host that hangs up between two requests costs another connection, not a request."""
    connections, network = opened()
    ask(connections)
    network.wires[0].hung_up = True
    ask(connections)
    assert [(wire.asked, wire.closed) for wire in network.wires] == [(1, True), (1, False)]


def test_two_requests_at_once_never_share_a_connection() -> None:
    """While an answer is being read its connection is nobody else's; one of the two is kept
    afterwards.
    """
    connections, network = opened()
    response, done = connections.send(
        httpcore2.Request("GET", "http://one.example/", headers={"Host": "one.example"})
    )
    ask(connections)
    assert [wire.asked for wire in network.wires] == [1, 1]
    response.read()
    response.close()
    done()
    done()
    assert [wire.closed for wire in network.wires] == [False, True]


def test_no_more_than_twenty_wait() -> None:
    """Of many hosts only the last are kept, and closing leaves none."""
    connections, network = opened()
    for number in range(MAX_IDLE_CONNECTIONS + 5):
        ask(connections, f"{number}.example")
    assert [wire.closed for wire in network.wires] == [True] * 5 + [False] * MAX_IDLE_CONNECTIONS
    connections.close()
    assert all(wire.closed for wire in network.wires)


def test_another_port_or_scheme_is_another_connection() -> None:
    """What is said to one origin never goes to another."""
    connections, network = opened()
    ask(connections, "one.example")
    ask(connections, "one.example:8080")
    assert [wire.asked for wire in network.wires] == [1, 1]
