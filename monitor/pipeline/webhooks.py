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
from monitor.pipeline.grouping import Policy
from monitor.pipeline.ingest import NOTHING, Ingest, Ingested
from monitor.pipeline.poller import backoff
from monitor.store import Store, Transaction
from monitor.store.inbox import InboxEntry
from sources.base import HookRequest, Page, Receiving

log = structlog.get_logger(__name__)

#: Entries worked off in one go, and how often one is tried: over about eight hours, as the pause
#: doubles.
BATCH = 50
TRIES = 10
_FIRST_PAUSE = timedelta(minutes=1)
#: What the inbox keeps of a request beside its body: everything else may hold a secret.
_KEPT_HEADERS = ("content-type",)
_SECRET_QUERY = "token"  # noqa: S105 (a name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What became of one entry of the inbox."""

    source_id: str
    ingested: Ingested = NOTHING
    warnings: tuple[str, ...] = ()
    error: str = ""
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class Reception:
    """Takes in what services send to the sources that are told instead of asking."""

    sources: Mapping[str, Receiving]
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
            return tx.inbox.put(
                source_id, digest, now, headers=headers, query=query, body=request.body
            )

    def work(
        self, now: datetime, stopping: Callable[[], bool] = lambda: False
    ) -> tuple[Handled, ...]:
        """Work off what is due, at most 50 entries in the order of their arrival; an error stays
        with its entry.

        A service that is unavailable is not asked for its other entries: they wait with the first,
        and nobody waits for them. Raises StoreError, after which every entry is as it was or done.
        """
        with self.store.read() as tx:
            entries = tx.inbox.waiting(now, BATCH)
        away: dict[str, SourceUnavailable] = {}
        return tuple(self._handle(entry, now, away) for entry in entries if not stopping())

    def tidy(self, now: datetime) -> None:
        """Forget what was done or given up long enough ago."""
        with self.store.write() as tx:
            tx.inbox.tidy(now)

    def revive(self, now: datetime) -> int:
        """Try once more what was given up: a person may have mended its cause. Returns how many
        there were.
        """
        with self.store.write() as tx:
            return tx.inbox.revive(now)

    def _handle(
        self, entry: InboxEntry, now: datetime, away: dict[str, SourceUnavailable]
    ) -> Handled:
        if entry.source_id in away:
            return self._failed(entry, away[entry.source_id], now)
        try:
            page = self._read(entry, now)
        except SourceUnavailable as error:
            away[entry.source_id] = error
            return self._failed(entry, error, now)
        except SourceError as error:
            return self._failed(entry, error, now)
        except Exception as error:  # as in a poll: one entry's mistake must not hold up the others
            log.debug(
                "hook_broken", source=entry.source_id, exc_info=True
            )  # its message may quote a customer
            return self._failed(
                entry, SourceError(f"the source itself is broken: {type(error).__name__}"), now
            )
        policy = Policy(
            alert_if_newer_than=self.alert_if_newer_than, reopen_within=self.reopen_within
        )
        ingested = self.ingest(self._not_outdated(page.items), now, policy)
        with self.store.write() as tx:
            if tx.inbox.done(entry.id, now):
                _note(tx, entry.source_id, now, items=ingested.new)
        return Handled(source_id=entry.source_id, ingested=ingested, warnings=page.warnings)

    def _read(self, entry: InboxEntry, now: datetime) -> Page:
        source = self.sources.get(entry.source_id)
        if source is None:
            raise SourceRefused(f"{entry.source_id!r} is no longer a source of the configuration")
        return source.receive(HookRequest(entry.headers, entry.query, entry.body), now)

    def _not_outdated(self, items: Sequence[Feedback]) -> list[Feedback]:
        """The items without those that are older than what is stored: services send late and out of
        order.
        """
        with self.store.read() as tx:
            known = tx.feedback.known([item.key for item in items])
            stored = {key: found[0] for key in known if (found := tx.feedback.get(known[key].id))}
        return [
            item
            for item in items
            if item.key not in stored or not _outdated(item, stored[item.key])
        ]

    def _failed(self, entry: InboxEntry, error: SourceError, now: datetime) -> Handled:
        message = self.redact(str(error))
        tries = entry.attempts + 1
        asked = (error.retry_after or 0) if isinstance(error, SourceUnavailable) else 0
        pause = max(backoff(_FIRST_PAUSE, tries), timedelta(seconds=asked))
        with self.store.write() as tx:
            if tx.inbox.failed(entry.id, message, None if tries >= TRIES else now + pause):
                _note(tx, entry.source_id, now, error=message)
        return Handled(source_id=entry.source_id, error=message, given_up=tries >= TRIES)


def _outdated(item: Feedback, stored: Feedback) -> bool:
    if item.deleted:
        return False
    ours, theirs = stored.edited_at or stored.created_at, item.edited_at or item.created_at
    return ours is not None and theirs is not None and theirs < ours


def _note(
    tx: Transaction, source_id: str, now: datetime, *, items: int = 0, error: str = ""
) -> None:
    """Remember how the source fares."""
    before = tx.sources.state(source_id)
    state = replace(
        before,
        last_attempt_at=now,
        last_success_at=before.last_success_at if error else now,
        failures=before.failures + 1 if error else 0,
        error=error,
    )
    tx.sources.save(state)
    tx.sources.count(source_id, now, failed=bool(error), items=items)
