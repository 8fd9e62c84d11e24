"""Works off what services have sent to the hooks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from monitor.inbox_worker import InboxWorker
from monitor.pipeline.webhooks import BATCH_SIZE, InboxEntryResult, WebhookReceiver

log = structlog.get_logger(__name__)

#: Seconds between two sweeps of the inbox when nothing comes.
SWEEP_SECONDS = 20.0
_PURGE_EVERY = timedelta(hours=1)


class WebhookHandler:
    """Sweeps the inbox for requests to hooks, and purges it every hour."""

    def __init__(self, receiver: WebhookReceiver, now: Callable[[], datetime]) -> None:
        self._receiver = receiver
        self._now = now
        self._purged_at: datetime | None = None

    def retry_dead_letters(self) -> None:
        """Make due again what was given up: a person may have mended its cause."""
        self._receiver.retry_dead_letters(self._now())

    def sweep(self, is_stopping: Callable[[], bool]) -> None:
        """Work off every entry that is due; raises StoreError."""
        self._purge_if_due()
        while not is_stopping():
            results = self._receiver.ingest_due_entries(self._now(), is_stopping)
            for result in results:
                _log_result(result)
            if len(results) < BATCH_SIZE:
                return

    def _purge_if_due(self) -> None:
        now = self._now()
        if self._purged_at is None or now - self._purged_at >= _PURGE_EVERY:
            self._receiver.purge_finished(now)
            self._purged_at = now


def build_webhook_worker(receiver: WebhookReceiver, now: Callable[[], datetime]) -> InboxWorker:
    """Return the worker of the hooks; it begins with what was given up before."""
    handler = WebhookHandler(receiver, now)
    return InboxWorker("inbox", handler.sweep, SWEEP_SECONDS, handler.retry_dead_letters)


def _log_result(result: InboxEntryResult) -> None:
    if result.error:
        event = "hook_given_up" if result.given_up else "hook_failed"
        log.warning(event, source=result.source_id, error=result.error)
    else:
        ingested = result.ingested
        log.info(
            "received",
            source=result.source_id,
            new=ingested.new,
            updated=ingested.updated,
            alerts=len(ingested.opened),
        )
    for warning in result.warnings:
        log.warning("hook_warning", source=result.source_id, warning=warning)
