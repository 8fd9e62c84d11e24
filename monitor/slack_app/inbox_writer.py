"""Writes what arrives into the inbox before it is acknowledged: in time, or not at all."""

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
    """A pending inbox write.

    The writer thread and the request's timeout race to claim it, and exactly one wins.
    """

    def __init__(self, interaction: Interaction) -> None:
        self.interaction = interaction
        self.settled = threading.Event()
        self.written = False
        self._first = threading.Lock()

    def claim(self) -> bool:
        """Return whether this is the first claim."""
        return self._first.acquire(blocking=False)


class InboxWriter:
    """One thread that writes interactions; those that wait are written in one transaction."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        on_written: Callable[[], None],
        timeout: float = WRITE_TIMEOUT,
    ) -> None:
        """`on_written` is called after each transaction that added to the inbox."""
        self._store = store
        self._now = now
        self._on_written = on_written
        self._timeout = timeout
        self._queue: queue.SimpleQueue[_PendingWrite | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="desk-intake", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Write what is queued, then end."""
        self._queue.put(None)
        self._thread.join(timeout)

    def write_interaction(self, interaction: Interaction) -> None:
        """Write an interaction into the inbox; raises StoreUnavailable where that takes too long.

        It is then not written later, unless its commit had begun: in that case the inbox knows it
        when Slack delivers it again.
        """
        pending = _PendingWrite(interaction)
        self._queue.put(pending)
        if not pending.settled.wait(self._timeout) and pending.claim():
            raise StoreUnavailable(
                f"the database did not take in what a person did within {self._timeout:g} s"
            )
        if not pending.settled.wait(_COMMIT_GRACE) or not pending.written:
            raise StoreUnavailable("what a person did in Slack could not be written down")

    def _run(self) -> None:
        while batch := self._next_batch():
            written = self._write_batch(batch)
            for pending in batch:
                pending.settled.set()
            if written:
                self._on_written()

    def _next_batch(self) -> list[_PendingWrite]:
        """All that is queued, at least one; empty at the end."""
        taken = [self._queue.get()]
        while len(taken) < _BATCH_SIZE and taken[-1] is not None and not self._queue.empty():
            taken.append(self._queue.get())
        if taken[-1] is None and len(taken) > 1:
            self._queue.put(None)
        return [pending for pending in taken if pending is not None]

    def _write_batch(self, batch: list[_PendingWrite]) -> bool:
        """Write what is not given up yet; return whether anything was written."""
        try:
            claimed = self._claim_and_write(batch)
        except RepwatchError as error:
            log.error("desk_not_written", error=str(error), waiting=len(batch))  # noqa: TRY400 - one line for people
            return False
        except Exception:  # a bug of ours must not end the thread
            log.exception("desk_intake_broken")
            return False
        for pending in claimed:
            pending.written = True
        return bool(claimed)

    def _claim_and_write(self, batch: list[_PendingWrite]) -> list[_PendingWrite]:
        with self._store.write() as tx:
            claimed = [pending for pending in batch if pending.claim()]
            for pending in claimed:
                interaction = pending.interaction
                tx.inbox.add_once(
                    SLACK_SOURCE_ID,
                    interaction.dedupe_key,
                    self._now(),
                    headers={},
                    query={},
                    body=interaction.to_json(),
                )
        return claimed
