"""A pool of daemon threads, which end with the program however long Slack takes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable


class DaemonThreadPool:
    """A few threads that run jobs; unlike those of an executor they never delay the exit."""

    def __init__(self, size: int) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        names = (f"desk-speaker-{number}" for number in range(size))
        self._threads = [
            threading.Thread(target=self._run, name=name, daemon=True) for name in names
        ]

    def start(self) -> None:
        """Begin with the jobs that were submitted before."""
        for thread in self._threads:
            thread.start()

    def submit(self, job: Callable[[], object]) -> None:
        """Run a job as soon as a thread is free; it must not raise. After `stop` it is dropped."""
        self._jobs.put(job)

    def stop(self, timeout: float) -> None:
        """Drop the jobs that wait, and give those under way `timeout` seconds in all."""
        self._stopping.set()
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
            if not self._stopping.is_set():
                job()
