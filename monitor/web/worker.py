"""Works off the inbox: at once when something came, and by itself for what is to be tried again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from monitor.errors import RepwatchError
from monitor.pipeline.webhooks import BATCH_SIZE, InboxEntryResult, WebhookReceiver

log = structlog.get_logger(__name__)

#: Seconds between two looks at the inbox when nothing comes.
SWEEP_SECONDS = 20.0
_TIDY_EVERY = timedelta(hours=1)


class WebhookInboxWorker:
    """One thread, so that the events of a source are worked off in their order."""

    def __init__(self, reception: WebhookReceiver, now: Callable[[], datetime]) -> None:
        self._reception = reception
        self._now = now
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._tidied: datetime | None = None
        self._thread = threading.Thread(target=self._run_loop, name="inbox", daemon=True)

    def start(self) -> None:
        """Begin with what an earlier process has left, given up or not."""
        self._thread.start()

    def wake(self) -> None:
        """Something has come."""
        self._wake.set()

    def stop(self, timeout: float) -> None:
        """End after the entry in hand, or leave it: until its last transaction it counts as not
        worked off.
        """
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout)

    def _run_loop(self) -> None:
        self._run_guarded(lambda: self._reception.retry_dead_letters(self._now()))
        while not self._stop.is_set():
            self._wake.clear()
            self._run_guarded(self._sweep_inbox)
            self._wake.wait(SWEEP_SECONDS)

    def _run_guarded(self, step: Callable[[], object]) -> None:
        """A database that is away for a while does not end the thread."""
        try:
            step()
        except RepwatchError as error:
            log.error("inbox_failed", error=str(error))  # noqa: TRY400 (one line for people, the cause is in it)
        except Exception:
            log.exception("inbox_broken")

    def _sweep_inbox(self) -> None:
        now = self._now()
        if self._tidied is None or now - self._tidied >= _TIDY_EVERY:
            self._reception.purge_finished(now)
            self._tidied = now
        while not self._stop.is_set():
            handled = self._reception.ingest_due_entries(self._now(), self._stop.is_set)
            for one in handled:
                _log_handled(one)
            if len(handled) < BATCH_SIZE:
                return


def _log_handled(handled: InboxEntryResult) -> None:
    read = handled.ingested
    if handled.error:
        event = "hook_given_up" if handled.given_up else "hook_failed"
        log.warning(event, source=handled.source_id, error=handled.error)
    else:
        log.info(
            "received",
            source=handled.source_id,
            new=read.new,
            updated=read.updated,
            alerts=len(read.opened),
        )
    for warning in handled.warnings:
        log.warning("hook_warning", source=handled.source_id, warning=warning)
