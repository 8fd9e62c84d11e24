"""Threads that speak to Slack, and end with the program however long Slack takes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable


class DaemonThreadPool:
    """Does what it is given, a few things at once. Unlike those of a pool its threads never hold up
    the end.
    """

    def __init__(self, number: int) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._ending = threading.Event()
        names = (f"desk-speaker-{one}" for one in range(number))
        self._threads = [
            threading.Thread(target=self._run, name=name, daemon=True) for name in names
        ]

    def start(self) -> None:
        """Begin with what was given before."""
        for thread in self._threads:
            thread.start()

    def submit(self, job: Callable[[], object]) -> None:
        """Do this as soon as somebody is free; it must not raise. After `stop` it is not done any
        more.
        """
        self._jobs.put(job)

    def stop(self, timeout: float) -> None:
        """Leave what waits, and give what is in hand so many seconds to end."""
        self._ending.set()
        for _ in self._threads:
            self._jobs.put(None)
        joining = threading.Thread(target=self._join_threads, daemon=True)
        joining.start()
        joining.join(timeout)

    def _join_threads(self) -> None:
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not self._ending.is_set():
                job()
