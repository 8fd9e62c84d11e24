"""What services send by themselves: proved and written down before it is acknowledged, worked off
afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from monitor.domain.feedback import Feedback
from monitor.errors import SourceError, SourceRefused, SourceUnavailable
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import NOTHING_INGESTED, Ingest, IngestResult
from monitor.pipeline.poller import backoff_interval
from monitor.store import Store, Transaction
from monitor.store.inbox import InboxEntry
from sources.base import HookRequest, Page, PushSource

log = structlog.get_logger(__name__)

#: Entries worked off in one go, and how often one is tried: over about eight hours, as the pause
#: doubles.
BATCH_SIZE = 50
MAX_ATTEMPTS = 10
_FIRST_PAUSE = timedelta(minutes=1)
#: What the inbox keeps of a request beside its body: everything else may hold a secret.
_KEPT_HEADERS = ("content-type",)
_SECRET_QUERY = "token"  # noqa: S105 (a name)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEntryResult:
    """What became of one entry of the inbox."""

    source_id: str
    ingested: IngestResult = NOTHING_INGESTED
    warnings: tuple[str, ...] = ()
    error: str = ""
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class WebhookReceiver:
    """Takes in what services send to the sources that are told instead of asking."""

    sources: Mapping[str, PushSource]
    store: Store
    ingest: Ingest
    alert_if_newer_than: timedelta
    redact: Callable[[str], str]
    #: so soon after it was resolved, the same problem is the same alert
    reopen_within: timedelta = timedelta()

    def accept(self, source_id: str, request: HookRequest, now: datetime) -> bool:
        """Prove a request to a known source and write it into the inbox; False when it is there
        already.

        Raises SourceRefused when it cannot be proved, StoreError when it cannot be written: then
        nothing is promised.
        """
        digest = self.sources[source_id].verify(request, now)
        headers = {name: request.headers[name] for name in _KEPT_HEADERS if name in request.headers}
        query = {
            name: self.redact(value)
            for name, value in request.query.items()
            if name != _SECRET_QUERY
        }
        with self.store.write() as tx:
            return tx.inbox.add_once(
                source_id, digest, now, headers=headers, query=query, body=request.body
            )

    def ingest_due_entries(
        self, now: datetime, stopping: Callable[[], bool] = lambda: False
    ) -> tuple[InboxEntryResult, ...]:
        """Work off what is due, at most 50 entries in the order of their arrival; an error stays
        with its entry.

        A service that is unavailable is not asked for its other entries: they wait with the first,
        and nobody waits for them. Raises StoreError, after which every entry is as it was or done.
        """
        with self.store.read() as tx:
            entries = tx.inbox.find_due(now, BATCH_SIZE)
        away: dict[str, SourceUnavailable] = {}
        return tuple(self._ingest_entry(entry, now, away) for entry in entries if not stopping())

    def purge_finished(self, now: datetime) -> None:
        """Forget what was done or given up long enough ago."""
        with self.store.write() as tx:
            tx.inbox.delete_expired(now)

    def retry_dead_letters(self, now: datetime) -> int:
        """Try once more what was given up: a person may have mended its cause. Returns how many
        there were.
        """
        with self.store.write() as tx:
            return tx.inbox.retry_dead(now)

    def _ingest_entry(
        self, entry: InboxEntry, now: datetime, unavailable: dict[str, SourceUnavailable]
    ) -> InboxEntryResult:
        if entry.source_id in unavailable:
            return self._record_failure(entry, unavailable[entry.source_id], now)
        try:
            page = self._parse_entry(entry, now)
        except SourceUnavailable as error:
            unavailable[entry.source_id] = error
            return self._record_failure(entry, error, now)
        except SourceError as error:
            return self._record_failure(entry, error, now)
        except Exception as error:  # as in a poll: one entry's mistake must not hold up the others
            log.debug(
                "hook_broken", source=entry.source_id, exc_info=True
            )  # its message may quote a customer
            return self._record_failure(
                entry, SourceError(f"the source itself is broken: {type(error).__name__}"), now
            )
        policy = AlertPolicy(
            alert_if_newer_than=self.alert_if_newer_than, reopen_within=self.reopen_within
        )
        ingested = self.ingest(self._drop_outdated(page.items), now, policy)
        with self.store.write() as tx:
            if tx.inbox.mark_done(entry.id, now):
                _save_source_state(tx, entry.source_id, now, items=ingested.new)
        return InboxEntryResult(
            source_id=entry.source_id, ingested=ingested, warnings=page.warnings
        )

    def _parse_entry(self, entry: InboxEntry, now: datetime) -> Page:
        source = self.sources.get(entry.source_id)
        if source is None:
            raise SourceRefused(f"{entry.source_id!r} is no longer a source of the configuration")
        return source.receive(HookRequest(entry.headers, entry.query, entry.body), now)

    def _drop_outdated(self, items: Sequence[Feedback]) -> list[Feedback]:
        """The items without those that are older than what is stored: services send late and out of
        order.
        """
        with self.store.read() as tx:
            known = tx.feedback.find_known([item.key for item in items])
            stored = {key: found[0] for key in known if (found := tx.feedback.get(known[key].id))}
        return [
            item
            for item in items
            if item.key not in stored or not _is_outdated(item, stored[item.key])
        ]

    def _record_failure(
        self, entry: InboxEntry, error: SourceError, now: datetime
    ) -> InboxEntryResult:
        message = self.redact(str(error))
        tries = entry.attempts + 1
        asked = (error.retry_after or 0) if isinstance(error, SourceUnavailable) else 0
        pause = max(backoff_interval(_FIRST_PAUSE, tries), timedelta(seconds=asked))
        with self.store.write() as tx:
            if tx.inbox.mark_failed(
                entry.id, message, None if tries >= MAX_ATTEMPTS else now + pause
            ):
                _save_source_state(tx, entry.source_id, now, error=message)
        return InboxEntryResult(
            source_id=entry.source_id, error=message, given_up=tries >= MAX_ATTEMPTS
        )


def _is_outdated(item: Feedback, stored: Feedback) -> bool:
    if item.deleted:
        return False
    ours, theirs = stored.edited_at or stored.created_at, item.edited_at or item.created_at
    return ours is not None and theirs is not None and theirs < ours


def _save_source_state(
    tx: Transaction, source_id: str, now: datetime, *, items: int = 0, error: str = ""
) -> None:
    """Remember how the source fares."""
    before = tx.sources.get_state(source_id)
    state = replace(
        before,
        last_attempt_at=now,
        last_success_at=before.last_success_at if error else now,
        failures=before.failures + 1 if error else 0,
        error=error,
    )
    tx.sources.save(state)
    tx.sources.count_poll(source_id, now, failed=bool(error), items=items)
