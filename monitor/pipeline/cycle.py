"""One poll of one source, and one full cycle over all of them: an error stays with its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from monitor.errors import RepwatchError, SourceError, SourceGone, SourceUnavailable
from monitor.health import Gap, SourceState
from monitor.pipeline.group import Policy
from monitor.pipeline.ingest import NOTHING, Ingest, Ingested
from monitor.pipeline.watch import watch
from monitor.store import Store
from sources.base import Receiving, Recheckable, Source

log = structlog.get_logger(__name__)

#: Sources polled side by side at most; a poll is mostly waiting for an answer, and a slow host must not hold up others.
WORKERS = 64
#: What a source can recheck is looked at again this often, while it is so young: most edits and deletions come early.
RECHECK_EVERY = timedelta(hours=1)
RECHECK_WITHIN = timedelta(hours=48)
#: After failures a source is asked less often, up to this.
_MAX_BACKOFF = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """How one poll of one source went."""

    id: str
    ingested: Ingested = NOTHING
    error: str = ""
    warnings: tuple[str, ...] = ()
    wait: timedelta = timedelta()  #: how long the source asks to be left alone at least


@dataclass(frozen=True, slots=True)
class Polled:
    """A source that is polled, under the id and at the interval that the configuration gives it."""

    id: str
    source: Source
    every: timedelta


@dataclass(frozen=True, slots=True)
class Cycle:
    """Collect, analyse, evaluate and group, for every source."""

    sources: tuple[Polled, ...]
    store: Store
    ingest: Ingest
    alert_if_newer_than: timedelta
    redact: Callable[[str], str]

    @property
    def asked(self) -> tuple[Polled, ...]:
        """The sources that are polled: all but those that are told by their service."""
        return tuple(polled for polled in self.sources if not isinstance(polled.source, Receiving))

    @property
    def told(self) -> tuple[Polled, ...]:
        """The sources that are told by their service."""
        return tuple(polled for polled in self.sources if isinstance(polled.source, Receiving))

    def run(self, now: datetime, done: Callable[[SourceReport], None] = lambda _: None) -> tuple[SourceReport, ...]:
        """Poll every source once, side by side; `done` hears of each as it ends."""

        def one(polled: Polled) -> SourceReport:
            report = self.poll(polled, now)
            done(report)
            return report

        workers = max(1, min(WORKERS, len(self.asked)))
        with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="poll") as pool:
            return tuple(pool.map(one, self.asked))

    def poll(self, polled: Polled, now: datetime) -> SourceReport:
        """Read what is new in one source and decide on it; never raises for what goes wrong in the source."""
        report = self._poll(polled, now)
        try:
            watch(self.store, polled.id, self.ingest.default_channel, now)
        except RepwatchError as error:
            log.warning("watch_failed", source=polled.id, error=str(error))
        return report

    def tidy(self, now: datetime) -> None:
        """Forget what is kept for a time only, and whose time is over."""
        with self.store.write() as tx:
            tx.similar.tidy(now)
            tx.inbox.tidy(now)

    def listened(self, source_id: str, now: datetime) -> None:
        """Note that a source could have been told something in this hour, and judge its silence; called hourly."""
        with self.store.write() as tx:
            tx.sources.count(source_id, now, failed=False, items=0)
        watch(self.store, source_id, self.ingest.default_channel, now)

    def backfill(self, polled: Polled, since: datetime, now: datetime) -> SourceReport:
        """Read a source's history back to `since`; nothing of it alerts, and the cursor stays where it is.

        What is young enough to alert, or has no date, is left to the next poll.
        """
        until = now - self.alert_if_newer_than
        reading = _Reading(SourceState(source_id=polled.id))
        try:
            for page in polled.source.collect("", now):
                dated = [(item, item.created_at) for item in page.items if item.created_at]
                wanted = [item for item, at in dated if since <= at < until]
                reading.ingested += self.ingest(wanted, now, Policy(backfill=True), None, self._siblings(polled))
                reading.warnings += page.warnings
                if dated and all(at < since for _, at in dated):
                    break
        except RepwatchError as error:
            return replace(reading.report(polled.id), error=self.redact(str(error)))
        return reading.report(polled.id)

    def _poll(self, polled: Polled, now: datetime) -> SourceReport:
        try:
            with self.store.read() as tx:
                state = tx.sources.state(polled.id)
        except RepwatchError as error:
            return SourceReport(id=polled.id, error=str(error))
        if state.stopped:
            return SourceReport(id=polled.id, error=f"stopped: {state.error}")
        if state.due_at and state.due_at > now:
            return SourceReport(id=polled.id, error=f"left alone until {state.due_at:%H:%M:%S} UTC: {state.error}")
        reading = _Reading(state)
        try:
            self._collect(polled, reading, now)
        except RepwatchError as error:
            return self._failed(polled, reading, error, now)
        except Exception as error:  # a plug-in may be anybody's: its mistake must not stop the others
            log.exception("source_broken", source=polled.id)
            mistake = RepwatchError(f"the {type(polled.source).__name__} itself is broken: {type(error).__name__}")
            return self._failed(polled, reading, mistake, now)
        return reading.report(polled.id)

    def _collect(self, polled: Polled, reading: _Reading, now: datetime) -> None:
        policy = Policy(
            alert_if_newer_than=self.alert_if_newer_than, first_contact=reading.state.last_success_at is None
        )
        for page in polled.source.collect(reading.state.cursor, now):
            state = replace(reading.state, cursor=page.cursor, last_attempt_at=now)
            reading.ingested += self.ingest(page.items, now, policy, state, self._siblings(polled))
            reading.state = state
            reading.warnings += page.warnings
            reading.wait = max(reading.wait, page.wait)
            reading.gaps += page.gaps
        if isinstance(polled.source, Recheckable):
            self._recheck(polled.id, polled.source, reading, now)
        reading.state = replace(
            reading.state, last_attempt_at=now, last_success_at=now, due_at=None, failures=0, error=""
        )
        self._save(reading, now, failed=False, items=0 if policy.first_contact else reading.ingested.new)

    def _siblings(self, polled: Polled) -> tuple[str, ...]:
        """The other sources that hand over the same feedback under the same external ids."""
        space = polled.source.space
        return tuple(other.id for other in self.sources if space and other.source.space == space and other != polled)

    def _recheck(self, source_id: str, source: Recheckable, reading: _Reading, now: datetime) -> None:
        """Follow edits and deletions of what is young; when that fails, the poll itself has still succeeded."""
        last = reading.state.rechecked_at
        if last is not None and now - last < RECHECK_EVERY:
            return
        with self.store.read() as tx:
            ids = tx.feedback.external_ids(source_id, since=now - RECHECK_WITHIN)
        try:
            for page in source.recheck(ids, now) if ids else ():
                reading.ingested += self.ingest(page.items, now, Policy(alert_if_newer_than=self.alert_if_newer_than))
                reading.warnings += page.warnings
        except SourceError as error:
            reading.warnings += (f"edits and deletions could not be looked for: {self.redact(str(error))}",)
            return
        reading.state = replace(reading.state, rechecked_at=now)

    def _failed(self, polled: Polled, reading: _Reading, error: RepwatchError, now: datetime) -> SourceReport:
        message = self.redact(str(error))
        failures = reading.state.failures + 1
        asked = error.retry_after if isinstance(error, SourceUnavailable) and error.retry_after else 0
        reading.state = replace(
            reading.state,
            last_attempt_at=now,
            failures=failures,
            error=message,
            due_at=now + timedelta(seconds=asked) if asked else None,
            stopped=isinstance(error, SourceGone),
        )
        with suppress(RepwatchError):  # the first error is the one to show
            self._save(reading, now, failed=True, items=reading.ingested.new)
        wait = max(timedelta(seconds=asked), backoff(polled.every, failures))
        return replace(reading.report(polled.id), error=message, wait=wait)

    def _save(self, reading: _Reading, now: datetime, *, failed: bool, items: int) -> None:
        """Remember the state, count the poll, and begin or end the gap."""
        state = reading.state
        with self.store.write() as tx:
            tx.sources.save(state)
            tx.sources.count(state.source_id, now, failed=failed, items=items)
            for gap in reading.gaps:
                tx.sources.add_gap(state.source_id, gap)
            if failed:
                tx.sources.add_gap(state.source_id, Gap(state.last_success_at or now, None, state.error))
            else:
                tx.sources.close_gap(state.source_id, now)


@dataclass(slots=True)
class _Reading:
    """What one poll has read so far; it outlives an error in the middle."""

    state: SourceState
    ingested: Ingested = NOTHING
    warnings: tuple[str, ...] = ()
    wait: float = 0
    gaps: tuple[Gap, ...] = ()

    def report(self, source_id: str) -> SourceReport:
        return SourceReport(
            id=source_id, ingested=self.ingested, warnings=self.warnings, wait=timedelta(seconds=self.wait)
        )


def backoff(every: timedelta, failures: int) -> timedelta:
    """How long to wait after so many failures in a row: the interval, doubled each time, up to six hours."""
    doubled: timedelta = every * 2 ** min(failures - 1, 20)
    return max(every, min(doubled, _MAX_BACKOFF))


def summary(reports: tuple[SourceReport, ...], deliveries: Mapping[str, int]) -> dict[str, object]:
    """What a cycle did, as `once --json` prints it."""
    total = sum((report.ingested for report in reports), NOTHING)
    return {
        "sources": [
            {
                "id": report.id,
                "fetched": report.ingested.fetched,
                "new": report.ingested.new,
                "updated": report.ingested.updated,
                "error": report.error or None,
            }
            for report in reports
        ],
        "alerts": {"opened": len(total.opened), "grouped": total.grouped, "suppressed": total.suppressed},
        "deliveries": dict(deliveries),
    }
