"""Webhooks: verify and store what services send before it is acknowledged, ingest it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from monitor.domain.feedback import Feedback
from monitor.errors import SourceError, SourceRefused, SourceUnavailable
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import NOTHING_INGESTED, Ingest, IngestResult
from monitor.pipeline.poller import backoff_interval, requested_wait
from monitor.store import Store, Transaction
from monitor.store.feedback import FeedbackKey
from monitor.store.inbox import InboxEntry
from sources.base import HookRequest, Page, PushSource

log = structlog.get_logger(__name__)

#: Entries ingested in one go.
BATCH_SIZE = 50
#: Attempts before an entry is a dead letter: about eight hours, as the pause doubles.
MAX_ATTEMPTS = 10
_FIRST_PAUSE = timedelta(minutes=1)
#: What the inbox keeps of a request beside its body: every other header may hold a secret.
_KEPT_HEADERS = ("content-type",)
_SECRET_QUERY = "token"  # noqa: S105 (a name)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEntryResult:
    """What became of one entry of the inbox."""

    source_id: str
    ingested: IngestResult = NOTHING_INGESTED
    warnings: tuple[str, ...] = ()
    error: str = ""  #: for people, redacted; empty for a success
    given_up: bool = False  #: it is a dead letter now


@dataclass(frozen=True, slots=True)
class WebhookReceiver:
    """Takes in what services send to the push sources."""

    sources: Mapping[str, PushSource]
    store: Store
    ingest: Ingest
    policy: AlertPolicy
    redact: Callable[[str], str]

    def accept(self, source_id: str, request: HookRequest, now: datetime) -> bool:
        """Verify a request to a known source and write it into the inbox; False: it was there.

        Raises SourceRefused when its signature is wrong, StoreError when it cannot be written: then
        the request must not be acknowledged.
        """
        digest = self.sources[source_id].verify(request, now)
        headers = {name: request.headers[name] for name in _KEPT_HEADERS if name in request.headers}
        public = {name: value for name, value in request.query.items() if name != _SECRET_QUERY}
        query = {name: self.redact(value) for name, value in public.items()}
        with self.store.write() as tx:
            return tx.inbox.add_once(
                source_id, digest, now, headers=headers, query=query, body=request.body
            )

    def ingest_due_entries(
        self, now: datetime, stopping: Callable[[], bool] = lambda: False
    ) -> tuple[InboxEntryResult, ...]:
        """Ingest what is due, at most 50 entries in the order of arrival; errors stay with theirs.

        A service that is unavailable is not asked for its other entries: they fail with the first.
        Raises StoreError, after which every entry is either as it was or done.
        """
        with self.store.read() as tx:
            entries = tx.inbox.find_due(now, BATCH_SIZE)
        unavailable: dict[str, SourceUnavailable] = {}
        results = []
        for entry in entries:
            if stopping():
                break
            results.append(self._ingest_entry(entry, now, unavailable))
        return tuple(results)

    def purge_finished(self, now: datetime) -> None:
        """Delete entries that were done or given up long enough ago."""
        with self.store.write() as tx:
            tx.inbox.delete_expired(now)

    def retry_dead_letters(self, now: datetime) -> int:
        """Make dead letters due again, whose cause may be mended; return how many there were."""
        with self.store.write() as tx:
            return tx.inbox.retry_dead(now)

    def _ingest_entry(
        self, entry: InboxEntry, now: datetime, unavailable: dict[str, SourceUnavailable]
    ) -> InboxEntryResult:
        """Ingest one entry; `unavailable` has the services that did not answer in this batch."""
        known_error = unavailable.get(entry.source_id)
        if known_error:
            return self._record_failure(entry, known_error, now)
        try:
            page = self._parse_entry(entry, now)
        except SourceUnavailable as error:
            unavailable[entry.source_id] = error
            return self._record_failure(entry, error, now)
        except SourceError as error:
            return self._record_failure(entry, error, now)
        ingested = self.ingest(self._drop_outdated(page.items), now, self.policy)
        with self.store.write() as tx:
            if tx.inbox.mark_done(entry.id, now):
                _save_source_success(tx, entry.source_id, now, ingested.new)
        return InboxEntryResult(
            source_id=entry.source_id, ingested=ingested, warnings=page.warnings
        )

    def _parse_entry(self, entry: InboxEntry, now: datetime) -> Page:
        """Return what an entry holds. Raises SourceError, also for a plug-in's own mistake."""
        source = self.sources.get(entry.source_id)
        if source is None:
            raise SourceRefused(f"{entry.source_id!r} is no longer a source of the configuration")
        request = HookRequest(entry.headers, entry.query, entry.body)
        try:
            return source.receive(request, now)
        except SourceError:
            raise
        except Exception as error:  # as in a poll: one entry's mistake must not hold up the others
            # Not above debug: the message of such an error may quote a customer.
            log.debug("hook_broken", source=entry.source_id, exc_info=True)
            message = f"the source itself is broken: {type(error).__name__}"
            raise SourceError(message) from error

    def _drop_outdated(self, items: Sequence[Feedback]) -> list[Feedback]:
        """Leave out versions older than what is stored: services send late and out of order."""
        stored = self._load_stored(items)
        return [item for item in items if not _is_outdated(item, stored.get(item.key))]

    def _load_stored(self, items: Sequence[Feedback]) -> dict[FeedbackKey, Feedback]:
        stored = {}
        with self.store.read() as tx:
            known = tx.feedback.find_known([item.key for item in items])
            for key, row in known.items():
                analyzed = tx.feedback.get(row.id)
                if analyzed:
                    stored[key] = analyzed[0]
        return stored

    def _record_failure(
        self, entry: InboxEntry, error: SourceError, now: datetime
    ) -> InboxEntryResult:
        """Make the entry due again later, or a dead letter; return the result that says so."""
        message = self.redact(str(error))
        attempts = entry.attempts + 1
        given_up = attempts >= MAX_ATTEMPTS
        pause = max(backoff_interval(_FIRST_PAUSE, attempts), requested_wait(error))
        due_at = None if given_up else now + pause
        with self.store.write() as tx:
            if tx.inbox.mark_failed(entry.id, message, due_at):
                _save_source_failure(tx, entry.source_id, now, message)
        return InboxEntryResult(source_id=entry.source_id, error=message, given_up=given_up)


def _is_outdated(item: Feedback, stored: Feedback | None) -> bool:
    """Return whether a later version is stored; a deletion is never outdated."""
    if stored is None or item.deleted:
        return False
    stored_at, sent_at = stored.edited_at or stored.created_at, item.edited_at or item.created_at
    return stored_at is not None and sent_at is not None and sent_at < stored_at


def _save_source_success(tx: Transaction, source_id: str, now: datetime, items: int) -> None:
    tx.sources.save(tx.sources.get_state(source_id).after_success(now))
    tx.sources.count_poll(source_id, now, failed=False, items=items)


def _save_source_failure(tx: Transaction, source_id: str, now: datetime, error: str) -> None:
    tx.sources.save(tx.sources.get_state(source_id).after_failure(error, now))
    tx.sources.count_poll(source_id, now, failed=True, items=0)
