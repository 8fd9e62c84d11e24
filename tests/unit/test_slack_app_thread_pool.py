"""Who speaks to Slack never holds up the end of the program."""

from __future__ import annotations

import threading

from monitor.slack_app.thread_pool import DaemonThreadPool
from tests.world.waiting import LAST_RESORT


def test_what_hangs_is_left_behind_and_what_waits_is_not_begun() -> None:
    """Stopping ends although a job does not, and no thread is one that the program would wait
    for.
    """
    begun, goes_on, done = threading.Event(), threading.Event(), list[str]()
    speakers = DaemonThreadPool(1)

    def hangs() -> None:
        begun.set()
        goes_on.wait(LAST_RESORT)

    speakers.start()
    speakers.submit(hangs)
    speakers.submit(lambda: done.append("waited"))
    assert begun.wait(LAST_RESORT)
    speakers.stop(0.05)
    (own,) = (thread for thread in threading.enumerate() if thread.name == "desk-speaker-0")
    assert own.daemon
    goes_on.set()
    own.join(LAST_RESORT)
    assert (own.is_alive(), done) == (False, [])


def test_what_was_given_is_done() -> None:
    """Also what was given before the start; and what is in hand may end."""
    done = threading.Semaphore(0)
    speakers = DaemonThreadPool(2)
    speakers.submit(done.release)
    speakers.start()
    speakers.submit(done.release)
    assert all(done.acquire(timeout=LAST_RESORT) for _ in range(2))
    speakers.stop(LAST_RESORT)
    assert not [
        thread for thread in threading.enumerate() if thread.name.startswith("desk-speaker")
    ]
