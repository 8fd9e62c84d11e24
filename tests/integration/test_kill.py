"""The process is killed at one moment after another: nothing is lost, nothing is doubled, and the
next run goes on.
"""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.world.faults import ConnectionLost, Fault, Handler, Reply, Request, dripping
from tests.world.feeds import entries, rss
from tests.world.program import Program, Running, Table, delivery_ids
from tests.world.server import LocalServer
from tests.world.slack import Slack
from tests.world.waiting import LAST_RESORT
from tests.world.web import Web

POST = "chat.postMessage"
KILLS = 6  #: in each phase


@pytest.fixture
def program(tmp_path: Path, slack: Slack) -> Program:
    """The program in an empty folder."""
    return Program(tmp_path, slack)


class Killer:
    """Kills a running command at a chosen request to a server: before, during or shortly after its
    answer.
    """

    def __init__(self, server: LocalServer, path: str) -> None:
        self._path = path
        self._victim: Running | None = None
        self._left = 0
        self._over = threading.Event()
        self._how: Callable[[Request, Handler, Running], Reply] = _unheard
        server.weather = self._weather

    def strike(
        self, victim: Running, request: int, how: Callable[[Request, Handler, Running], Reply]
    ) -> int:
        """Kill it at so many requests from now; the code with which it ended."""
        self._over.clear()
        self._left, self._how, self._victim = request, how, victim
        code = victim.result().code
        self._victim = None
        self._over.set()
        return code

    def _weather(self, request: Request) -> Fault | None:
        if self._victim is None or not request.path.endswith(self._path):
            return None
        self._left -= 1
        if self._left < 0:
            return self._gone
        return self._fault if self._left == 0 else None

    def _gone(self, request: Request, handle: Handler) -> Reply:
        """Keep what was struck from ending by itself before it is dead."""
        self._over.wait(LAST_RESORT)
        raise ConnectionLost

    def _fault(self, request: Request, handle: Handler) -> Reply:
        assert self._victim is not None
        return self._how(request, handle, self._victim)


def _unheard(request: Request, handle: Handler, victim: Running) -> Reply:
    """Killed before the server did anything."""
    victim.kill()
    raise ConnectionLost


def _unanswered(request: Request, handle: Handler, victim: Running) -> Reply:
    """Killed when the server had done what was asked, before the answer."""
    handle(request)
    victim.kill()
    raise ConnectionLost


def _halfway(request: Request, handle: Handler, victim: Running) -> Reply:
    """Killed while it reads the answer."""
    whole = b"".join(handle(request).pieces())

    def pieces() -> Iterator[bytes]:
        yield whole[: len(whole) // 2]
        victim.kill()

    return Reply(200, {"Content-Type": "application/json"}, pieces)


def _after(seconds: float) -> Callable[[Request, Handler, Running], Reply]:
    """Killed so many seconds after the answer."""

    def how(request: Request, handle: Handler, victim: Running) -> Reply:
        threading.Timer(seconds, victim.kill).start()
        return handle(request)

    return how


def feeds(web: Web, *names: str) -> list[Table]:
    return [{"id": name, "kind": "feed", "url": f"{web.url}/{name}"} for name in names]


def assert_whole(program: Program, slack: Slack, count: int) -> None:
    """All is stored and decided once, every alert is accounted for by exactly one message."""
    assert program.query("PRAGMA integrity_check") == [("ok",)]
    for table in (
        "feedback",
        "analyses",
        "matches",
        "alerts",
        "feedback_words WHERE feedback_words MATCH 'broken'",
    ):
        assert (table, program.query(f"SELECT count(*) FROM {table}")) == (table, [(count,)])  # noqa: S608
    shown = program.query(
        "SELECT id FROM deliveries WHERE state = 'sent' AND kind != 'update' ORDER BY id"
    )
    assert [id_ for (id_,) in shown] == sorted(delivery_ids(slack))
    cards = program.query(
        "SELECT count(DISTINCT alert_id) FROM deliveries WHERE state IN ('sent', 'merged')"
    )
    assert cards == [(count,)]
    assert set(program.deliveries()) <= {"sent", "merged"}


def test_killed_while_sending(program: Program, slack: Slack, web: Web) -> None:
    """Every alert is in the channel exactly once, wherever between the claim and the receipt the
    process died.
    """
    chance = random.Random(5)
    program.configure(*feeds(web, "news"), slack={"settle_seconds": 0.05, "posts_per_second": 20})
    web.publish("/news", rss(entries(5 * KILLS)))
    killer = Killer(slack, POST)
    ways = [_unheard, _unanswered, _halfway, _after(0.0), _after(0.01), _after(0.05)]
    codes = []
    for kill in range(KILLS):
        web.publish("/news", rss(entries(5 * KILLS + kill)))
        with program.start("once", "--drain", str(LAST_RESORT)) as running:
            codes.append(killer.strike(running, chance.randint(1, 3), ways[kill]))

    assert codes == [-signal.SIGKILL] * KILLS
    assert program.once(drain=LAST_RESORT).code == 0

    assert_whole(program, slack, 6 * KILLS - 1)


def test_killed_while_the_database_is_made_and_filled(
    program: Program, slack: Slack, web: Web
) -> None:
    """A cursor never runs ahead of what is stored: whatever chunk was lost is read again."""
    chance = random.Random(6)
    program.configure(*feeds(web, "many", "slow", "few"), slack={"cards_per_hour": 5})
    for name, count in (("many", 700), ("slow", 30), ("few", 1)):
        web.publish(f"/{name}", rss(entries(count, f"{name} broken")))
    web.fail_next(dripping(0.002, 256), path="/slow", times=KILLS)
    for _ in range(2):
        with program.start("once") as running:
            while not (program.database.exists() or running.ended):
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.05))
            running.kill()
    killer = Killer(web, "/many")
    codes = []
    for how in (_unheard, _halfway, *(_after(chance.uniform(0.05, 0.9)) for _ in range(KILLS - 4))):
        with program.start("once") as running:
            codes.append(killer.strike(running, 1, how))

    assert codes[:2] == [-signal.SIGKILL] * 2
    assert program.once(drain=LAST_RESORT).code == 0

    assert_whole(program, slack, 731)
    assert program.once().json["sources"] == [
        {"id": name, "fetched": 0, "new": 0, "updated": 0, "error": None}
        for name in ("many", "slow", "few")
    ]


def test_several_at_the_same_time_do_no_harm(program: Program, slack: Slack, web: Web) -> None:
    """Three start together on a database that does not exist yet: one sends, and each alert is
    shown once.
    """
    program.configure(*feeds(web, "news"), slack={"settle_seconds": 0.05, "posts_per_second": 100})
    web.publish("/news", rss(entries(25)))

    with ExitStack() as stack:
        crowd = [stack.enter_context(program.start("once")) for _ in range(3)]
        results = [running.result() for running in crowd]

    assert [(result.code, result.stderr) for result in results] == [(0, "")] * 3
    assert program.once(drain=LAST_RESORT).code == 0
    assert_whole(program, slack, 25)
