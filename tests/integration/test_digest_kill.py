"""The real process is killed while it makes a digest and while it sends it: one message, one set of
files, nothing lost.
"""

from __future__ import annotations

import os
import random
import signal
import threading
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain.digest_schedule import DigestOrder, DigestTarget
from monitor.store import open_store
from tests.world.faults import ConnectionLost, Fault, Handler, Reply, Request
from tests.world.program import Program, Running
from tests.world.slack import CHANNEL, Slack
from tests.world.slack_files import PREFIX
from tests.world.waiting import wait_until

#: Kills while it is made, and twice as many while it is sent; `REPWATCH_DIGEST_KILLS=20` asks for
#: more.
ROUNDS = int(os.environ.get("REPWATCH_DIGEST_KILLS", "2"))
#: What the process asks of Slack on the way to a digest, by the end of the path.
STEPS = ("files.getUploadURLExternal", PREFIX, "files.completeUploadExternal", "chat.postMessage")
SOURCE = {
    "id": "file",
    "kind": "csv_file",
    "path": "said.csv",
    "mapping": {"id": "id", "created_at": "at", "body": "text"},
}


@pytest.fixture
def program(tmp_path: Path, slack: Slack) -> Program:
    """The program with a week of feedback and an order for its digest."""
    program = Program(tmp_path, slack)
    program.configure(
        SOURCE,
        rules=(),
        slack={"settle_seconds": 0.05},
        digest={"channel": CHANNEL},
        analysis={"deep": False},
    )
    now = datetime.now(UTC)
    lines = [
        f"{number},{(now - timedelta(hours=8 * number)).isoformat()},it is great and works"
        for number in range(60)
    ]
    (tmp_path / "said.csv").write_text("id,at,text\n" + "\n".join(lines) + "\n", "utf-8")
    assert program.once().code == 0
    order = DigestOrder(id="monday", target=DigestTarget(channel=CHANNEL), at=now)
    with closing(open_store(f"sqlite:///{program.database}")) as store, store.write() as tx:
        assert tx.digest_orders.add(order, now)
    return program


def make_and_kill(program: Program, seconds: float) -> None:
    """Start to make the digest, and kill that process so long after it has taken the order."""
    with program.start("digest-due") as making:
        assert wait_until(lambda: making.ended or bool(taken(program)))
        timer = threading.Timer(seconds, making.kill)
        timer.start()
        making.result()
        timer.cancel()
    # The quarter of an hour passes after which another process may make what a dead one had taken.
    program.query("UPDATE digest_orders SET not_before = at, attempts = 0 WHERE state = 'due'")


def taken(program: Program) -> list[tuple[object, ...]]:
    """The order, once a process makes it or has made it."""
    return program.query("SELECT id FROM digest_orders WHERE attempts > 0 OR state != 'due'")


class Striker:
    """Kills a process at a request to Slack: before it does anything, or before its answer."""

    def __init__(self, slack: Slack, victim: Running, path: str, *, is_done: bool) -> None:
        self._victim, self._path, self._is_done = victim, path, is_done
        self.has_struck = False
        slack.weather = self._weather

    def _weather(self, request: Request) -> Fault | None:
        return self._strike if self._path in request.path else None

    def _strike(self, request: Request, handle: Handler) -> Reply:
        if self._is_done and not self.has_struck:
            handle(request)
        self.has_struck = True
        self._victim.kill()
        raise ConnectionLost


def send_and_kill(program: Program, slack: Slack, number: int) -> bool:
    """Send until the process is killed at its next request of a kind; False where all is sent."""
    is_done = (number + number // len(STEPS)) % 2 == 1
    with program.start("run") as running:
        Striker(slack, running, STEPS[number % len(STEPS)], is_done=is_done)
        assert wait_until(lambda: running.ended or is_settled(program))
        if not running.ended:
            return False
        assert running.result().code == -signal.SIGKILL
    return True


def is_settled(program: Program) -> bool:
    """Whether nothing waits any more."""
    return set(program.deliveries()) == {"sent"}


def test_a_digest_survives_that_its_process_is_killed(program: Program, slack: Slack) -> None:
    """While it is made, before Slack has done what was asked, and before the answer is there."""
    chance = random.Random(7)
    for _ in range(ROUNDS):
        make_and_kill(program, chance.uniform(0, 0.4))
    assert program.run("digest-due").code == 0
    assert program.query("SELECT state FROM digest_orders") == [("queued",)]

    struck = 0
    for number in range(2 * ROUNDS):
        if not send_and_kill(program, slack, number):
            break
        struck += 1
    slack.weather = lambda request: None
    with program.start("run") as running:
        assert wait_until(lambda: running.ended or is_settled(program)), running.stderr
        assert not running.ended, running.stderr
    assert struck >= ROUNDS

    assert_shown_once(program, slack)


def assert_shown_once(program: Program, slack: Slack) -> None:
    """One message, its sections and its page once, its pictures as they were made, one snapshot."""
    assert program.query("PRAGMA integrity_check") == [("ok",)]
    assert program.query("SELECT count(*) FROM digests") == [(1,)]
    visible = slack.visible(CHANNEL)
    (root,) = [one for one in visible if one.thread_ts is None]
    thread = slack.thread(root)
    assert len(thread) == len(visible) - 1
    kinds = Counter(dict(program.query("SELECT kind, count(*) FROM deliveries GROUP BY kind")))
    assert kinds["digest"] == 1
    assert len([one for one in thread if not one.files]) == kinds["digest_part"] > 0
    pages = [name for one in thread for name in one.files]
    assert len(pages) == kinds["digest_file"] == 1
    pictures = [block for block in root.blocks if block["type"] == "image"]
    assert len(pictures) == kinds["digest_picture"]
    files = {file.id: file for file in slack.files.completed}
    assert len(files) == len(pages) + len(pictures), "a file was handed over twice"
