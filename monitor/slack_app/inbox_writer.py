"""Writes down what arrives before it is acknowledged: in time, or not at all."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from datetime import datetime

import structlog

from monitor.errors import RepwatchError, StoreUnavailable
from monitor.slack_app.interactions import Interaction
from monitor.store import Store
from monitor.store.inbox import SLACK_SOURCE_ID

log = structlog.get_logger(__name__)

#: Seconds that writing may take: Slack waits three for the acknowledgement, and shows people an
#: error then.
WRITE_TIMEOUT = 2.0
#: Seconds more for a commit that has begun.
_COMMIT_GRACE = 0.5
_BATCH_SIZE = 100


class _PendingWrite:
    """An arrival on its way into the inbox: whoever comes first writes it or gives it up."""

    def __init__(self, interaction: Interaction) -> None:
        self.arrival = interaction
        self.settled = threading.Event()
        self.written = False
        self._first = threading.Lock()

    def claim(self) -> bool:
        """Whether this is the first to decide about it."""
        return self._first.acquire(blocking=False)


class InboxWriter:
    """One thread that writes; what arrives while it waits for the database is written in one go."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        on_written: Callable[[], None],
        within: float = WRITE_TIMEOUT,
    ) -> None:
        """`came` is called when there is something new in the inbox."""
        self._store = store
        self._now = now
        self._came = on_written
        self._within = within
        self._slips: queue.SimpleQueue[_PendingWrite | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="desk-intake", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Write what is there, then end."""
        self._slips.put(None)
        self._thread.join(timeout)

    def write_interaction(self, interaction: Interaction) -> None:
        """Write it into the inbox; StoreUnavailable where that takes too long.

        It is then not done later, unless its commit had begun: what is delivered again is known by
        then.
        """
        slip = _PendingWrite(interaction)
        self._slips.put(slip)
        if not slip.settled.wait(self._within) and slip.claim():
            raise StoreUnavailable(
                f"the database did not take in what a person did within {self._within:g} s"
            )
        if not slip.settled.wait(_COMMIT_GRACE) or not slip.written:
            raise StoreUnavailable("what a person did in Slack could not be written down")

    def _run(self) -> None:
        while slips := self._next_batch():
            written = self._write_batch(slips)
            for slip in slips:
                slip.settled.set()
            if written:
                self._came()

    def _next_batch(self) -> list[_PendingWrite]:
        """All that waits, at least one; empty at the end."""
        found = [self._slips.get()]
        while len(found) < _BATCH_SIZE and found[-1] is not None and not self._slips.empty():
            found.append(self._slips.get())
        if found[-1] is None and len(found) > 1:
            self._slips.put(None)
        return [slip for slip in found if slip is not None]

    def _write_batch(self, slips: list[_PendingWrite]) -> bool:
        try:
            with self._store.write() as tx:
                claimed = [slip for slip in slips if slip.claim()]
                for slip in claimed:
                    arrival, at = slip.arrival, self._now()
                    tx.inbox.add_once(
                        SLACK_SOURCE_ID,
                        arrival.dedupe_key,
                        at,
                        headers={},
                        query={},
                        body=arrival.to_json(),
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
