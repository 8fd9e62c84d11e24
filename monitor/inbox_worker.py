"""The thread in which a front works off its entries of the inbox."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from monitor.errors import RepwatchError

log = structlog.get_logger(__name__)

#: Handles what is due. It is passed a function that tells whether the worker is stopping, and then
#: returns after the entry in hand.
Sweep = Callable[[Callable[[], bool]], object]


class InboxWorker:
    """One thread that sweeps the inbox: whenever it is woken, and every so often for retries.

    A single thread, so that entries are handled in the order of their arrival.
    """

    def __init__(
        self,
        name: str,
        sweep: Sweep,
        every_seconds: float,
        at_start: Callable[[], object] | None = None,
    ) -> None:
        """`name` is that of the thread, and the first word of its log events.

        `at_start` runs once, in the thread, before the first sweep.
        """
        self._name = name
        self._sweep = sweep
        self._every_seconds = every_seconds
        self._at_start = at_start
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin with what an earlier process has left."""
        self._thread.start()

    def wake(self) -> None:
        """Sweep now: there is a new entry."""
        self._woken.set()

    def stop(self, timeout: float) -> None:
        """End after the entry in hand, or leave it after `timeout` seconds.

        An entry that is left counts as not worked off until its last transaction.
        """
        self._stopping.set()
        self._woken.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        if self._at_start:
            run_guarded(self._name, self._at_start)
        while True:
            self._woken.clear()
            if self._stopping.is_set():  # asked after the clearing, which may have taken its wake
                return
            run_guarded(self._name, lambda: self._sweep(self._stopping.is_set))
            self._woken.wait(self._every_seconds)


def run_guarded(name: str, step: Callable[[], object]) -> None:
    """Run a step and log what it raises: an outage of the database or of a service ends no thread.

    The log events are `NAME_failed` for an error of ours and `NAME_broken` for a bug.
    """
    try:
        step()
    except RepwatchError as error:
        log.error(f"{name}_failed", error=str(error))  # noqa: TRY400 - one line for people
    except Exception:  # a bug of ours must not end the thread
        log.exception(f"{name}_broken")
