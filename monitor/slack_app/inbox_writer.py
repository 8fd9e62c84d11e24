"""Writes down what arrives before it is acknowledged: in time, or not at all."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from datetime import datetime

import structlog

from monitor.errors import RepwatchError, StoreUnavailable
from monitor.slack_app.interactions import Arrival
from monitor.store import Store
from monitor.store.inbox import DESK

log = structlog.get_logger(__name__)

#: Seconds that writing may take: Slack waits three for the acknowledgement, and shows people an
#: error then.
WITHIN = 2.0
#: Seconds more for a commit that has begun.
_COMMITTING = 0.5
_AT_ONCE = 100


class _Slip:
    """An arrival on its way into the inbox: whoever comes first writes it or gives it up."""

    def __init__(self, arrival: Arrival) -> None:
        self.arrival = arrival
        self.settled = threading.Event()
        self.written = False
        self._first = threading.Lock()

    def claim(self) -> bool:
        """Whether this is the first to decide about it."""
        return self._first.acquire(blocking=False)


class Intake:
    """One thread that writes; what arrives while it waits for the database is written in one go."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        came: Callable[[], None],
        within: float = WITHIN,
    ) -> None:
        """`came` is called when there is something new in the inbox."""
        self._store = store
        self._now = now
        self._came = came
        self._within = within
        self._slips: queue.SimpleQueue[_Slip | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="desk-intake", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Write what is there, then end."""
        self._slips.put(None)
        self._thread.join(timeout)

    def take(self, arrival: Arrival) -> None:
        """Write it into the inbox; StoreUnavailable where that takes too long.

        It is then not done later, unless its commit had begun: what is delivered again is known by
        then.
        """
        slip = _Slip(arrival)
        self._slips.put(slip)
        if not slip.settled.wait(self._within) and slip.claim():
            raise StoreUnavailable(
                f"the database did not take in what a person did within {self._within:g} s"
            )
        if not slip.settled.wait(_COMMITTING) or not slip.written:
            raise StoreUnavailable("what a person did in Slack could not be written down")

    def _run(self) -> None:
        while slips := self._waiting():
            written = self._write(slips)
            for slip in slips:
                slip.settled.set()
            if written:
                self._came()

    def _waiting(self) -> list[_Slip]:
        """All that waits, at least one; empty at the end."""
        found = [self._slips.get()]
        while len(found) < _AT_ONCE and found[-1] is not None and not self._slips.empty():
            found.append(self._slips.get())
        if found[-1] is None and len(found) > 1:
            self._slips.put(None)
        return [slip for slip in found if slip is not None]

    def _write(self, slips: list[_Slip]) -> bool:
        try:
            with self._store.write() as tx:
                claimed = [slip for slip in slips if slip.claim()]
                for slip in claimed:
                    arrival, at = slip.arrival, self._now()
                    tx.inbox.put(
                        DESK, arrival.digest, at, headers={}, query={}, body=arrival.dumped()
                    )
        except RepwatchError as error:
            log.error("desk_not_written", error=str(error), waiting=len(slips))  # noqa: TRY400 - one line for people
            return False
        except Exception:
            log.exception("desk_intake_broken")  # a bug of ours must not end the thread
            return False
        for slip in claimed:
            slip.written = True
        return bool(claimed)
