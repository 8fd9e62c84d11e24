"""One poll of one source, and one full cycle over all of them: an error stays with its source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from monitor.domain.source_health import Gap, SourceState
from monitor.errors import RepwatchError, SourceError, SourceGone, SourceUnavailable
from monitor.health.source_alerts import HealthCheckSchedule, update_source_alert
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import NOTHING_INGESTED, Ingest, IngestResult
from monitor.replies.outcomes import FOLLOW_FOR
from monitor.store import Store, Transaction
from sources.base import Page, PushSource, Recheckable, Source

log = structlog.get_logger(__name__)

#: Sources polled side by side at most; a poll is mostly waiting for an answer, and a slow host must
#: not hold up others.
MAX_PARALLEL_POLLS = 64
#: What a source can recheck is looked at again this often, while it is so young: most edits and
#: deletions come early.
RECHECK_EVERY = timedelta(hours=1)
RECHECK_WITHIN = timedelta(hours=48)
#: After failures a source is asked less often, up to this.
_MAX_BACKOFF = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """How one poll of one source went."""

    id: str
    ingested: IngestResult = NOTHING_INGESTED
    error: str = ""
    warnings: tuple[str, ...] = ()
    wait: timedelta = timedelta()  #: how long the source asks to be left alone at least


@dataclass(frozen=True, slots=True)
class ConfiguredSource:
    """A source that is polled, under the id and at the interval that the configuration gives it."""

    id: str
    source: Source
    every: timedelta


@dataclass(frozen=True, slots=True)
class Poller:
    """Collect, analyse, evaluate and group, for every source."""

    sources: tuple[ConfiguredSource, ...]
    store: Store
    ingest: Ingest
    alert_if_newer_than: timedelta
    redact: Callable[[str], str]
    #: so soon after it was resolved, the same problem is the same alert
    reopen_within: timedelta = timedelta()
    watched: HealthCheckSchedule = field(
        default_factory=HealthCheckSchedule, init=False, repr=False, compare=False
    )

    @property
    def polled_sources(self) -> tuple[ConfiguredSource, ...]:
        """The sources that are polled: all but those that are told by their service."""
        return tuple(polled for polled in self.sources if not isinstance(polled.source, PushSource))

    @property
    def push_sources(self) -> tuple[ConfiguredSource, ...]:
        """The sources that are told by their service."""
        return tuple(polled for polled in self.sources if isinstance(polled.source, PushSource))

    def poll_all(
        self, now: datetime, on_polled: Callable[[PollReport], None] = lambda _: None
    ) -> tuple[PollReport, ...]:
        """Poll every source once, side by side; `done` hears of each as it ends."""

        def poll_one(polled: ConfiguredSource) -> PollReport:
            report = self.poll_source(polled, now)
            on_polled(report)
            return report

        workers = max(1, min(MAX_PARALLEL_POLLS, len(self.polled_sources)))
        with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="poll") as pool:
            return tuple(pool.map(poll_one, self.polled_sources))

    def poll_source(self, polled: ConfiguredSource, now: datetime) -> PollReport:
        """Read what is new in one source and decide on it; never raises for what goes wrong in the
        source.
        """
        report = self._try_poll(polled, now)
        try:
            if report.error or self.watched.is_due(polled.id, now):
                well = update_source_alert(self.store, polled.id, self.ingest.default_channel, now)
                self.watched.record_check(polled.id, now, well=well)
        except RepwatchError as error:
            log.warning("watch_failed", source=polled.id, error=str(error))
        return report

    def purge_expired(self, now: datetime) -> None:
        """Forget what is kept for a time only, and whose time is over."""
        with self.store.write() as tx:
            tx.similar.delete_expired(now)
            tx.inbox.delete_expired(now)

    def record_listening_hour(self, source_id: str, now: datetime) -> None:
        """Note that a source could have been told something in this hour, and judge its silence;
        called hourly.
        """
        with self.store.write() as tx:
            tx.sources.count_poll(source_id, now, failed=False, items=0)
        update_source_alert(self.store, source_id, self.ingest.default_channel, now)

    def backfill(self, polled: ConfiguredSource, since: datetime, now: datetime) -> PollReport:
        """Read a source's history back to `since`; nothing of it alerts, and the cursor stays where
        it is.

        What is young enough to alert, or has no date, is left to the next poll.
        """
        until = now - self.alert_if_newer_than
        reading = _PollProgress(SourceState(source_id=polled.id))
        try:
            for page in polled.source.collect("", now):
                dated = [(item, item.created_at) for item in page.items if item.created_at]
                wanted = [item for item, at in dated if since <= at < until]
                reading.ingested += self.ingest(
                    wanted, now, AlertPolicy(backfill=True), None, self._sibling_ids(polled)
                )
                reading.warnings += page.warnings
                if dated and all(at < since for _, at in dated):
                    break
        except RepwatchError as error:
            return replace(reading.to_report(polled.id), error=self.redact(str(error)))
        return reading.to_report(polled.id)

    def _try_poll(self, polled: ConfiguredSource, now: datetime) -> PollReport:
        try:
            with self.store.read() as tx:
                state = tx.sources.get_state(polled.id)
        except RepwatchError as error:
            return PollReport(id=polled.id, error=str(error))
        if state.stopped:
            return PollReport(id=polled.id, error=f"stopped: {state.error}")
        if state.due_at and state.due_at > now:
            return _report_postponed(state, state.due_at, now)
        reading = _PollProgress(state)
        try:
            self._ingest_pages(polled, reading, now)
        except RepwatchError as error:
            return self._record_failure(polled, reading, error, now)
        except (
            Exception
        ) as error:  # a plug-in may be anybody's: its mistake must not stop the others
            log.exception("source_broken", source=polled.id)
            mistake = RepwatchError(
                f"the {type(polled.source).__name__} itself is broken: {type(error).__name__}"
            )
            return self._record_failure(polled, reading, mistake, now)
        return reading.to_report(polled.id)

    def _ingest_pages(
        self, polled: ConfiguredSource, reading: _PollProgress, now: datetime
    ) -> None:
        """Take in page after page; what is remembered of the poll is written with the last of them.

        A poll without anything new is one small transaction.
        """
        source, siblings = polled.source, self._sibling_ids(polled)
        policy = self._make_policy(first_contact=reading.state.last_success_at is None)
        recheckable = (
            source if isinstance(source, Recheckable) and reading.is_recheck_due(now) else None
        )
        closed = False
        for page, last in _flag_last_page(source.collect(reading.state.cursor, now)):
            reading.add_page(page)
            state = replace(reading.state, cursor=page.cursor, last_attempt_at=now)
            closed = last and recheckable is None
            note = (
                partial(self._record_success, reading, state, policy, now)
                if closed
                else partial(_save_state, state)
            )
            reading.ingested += self.ingest(page.items, now, policy, note, siblings)
            reading.state = state
        if recheckable:
            self._recheck_young(polled.id, recheckable, reading, now)
        if not closed:
            with self.store.write() as tx:
                self._record_success(reading, reading.state, policy, now, tx, NOTHING_INGESTED)
        if policy.first_contact and not reading.state.failures:
            self.watched.record_check(polled.id, now, well=True)

    def _record_success(
        self,
        reading: _PollProgress,
        state: SourceState,
        policy: AlertPolicy,
        now: datetime,
        tx: Transaction,
        last: IngestResult,
    ) -> None:
        """Remember that a poll succeeded and what it brought, after what became of its last
        page.
        """
        due_at = now + timedelta(seconds=reading.wait) if reading.wait else None
        well = replace(
            state, last_attempt_at=now, last_success_at=now, due_at=due_at, failures=0, error=""
        )
        tx.sources.save(well)
        items = 0 if policy.first_contact else reading.ingested.new + last.new
        tx.sources.count_poll(state.source_id, now, failed=False, items=items)
        for gap in reading.gaps:
            tx.sources.add_gap(state.source_id, gap)
        tx.sources.close_gap(state.source_id, now)

    def _make_policy(self, *, first_contact: bool = False) -> AlertPolicy:
        return AlertPolicy(
            alert_if_newer_than=self.alert_if_newer_than,
            reopen_within=self.reopen_within,
            first_contact=first_contact,
        )

    def _sibling_ids(self, polled: ConfiguredSource) -> tuple[str, ...]:
        """The other sources that hand over the same feedback under the same external ids."""
        space = polled.source.space
        return tuple(
            other.id
            for other in self.sources
            if space and other.source.space == space and other != polled
        )

    def _recheck_young(
        self, source_id: str, source: Recheckable, reading: _PollProgress, now: datetime
    ) -> None:
        """Follow edits and deletions of what is young; when that fails, the poll itself has still
        succeeded.
        """
        with self.store.read() as tx:
            young = tx.feedback.external_ids(source_id, since=now - RECHECK_WITHIN)
            ids = list(
                dict.fromkeys([*young, *tx.answered.external_ids(source_id, now - FOLLOW_FOR)])
            )
        try:
            for page in source.recheck(ids, now) if ids else ():
                reading.ingested += self.ingest(page.items, now, self._make_policy())
                reading.warnings += page.warnings
        except SourceError as error:
            reading.warnings += (
                f"edits and deletions could not be looked for: {self.redact(str(error))}",
            )
            return
        reading.state = replace(reading.state, rechecked_at=now)

    def _record_failure(
        self, polled: ConfiguredSource, reading: _PollProgress, error: RepwatchError, now: datetime
    ) -> PollReport:
        message = self.redact(str(error))
        failures = reading.state.failures + 1
        asked = (
            error.retry_after if isinstance(error, SourceUnavailable) and error.retry_after else 0
        )
        reading.state = replace(
            reading.state,
            last_attempt_at=now,
            failures=failures,
            error=message,
            due_at=now + timedelta(seconds=asked) if asked else None,
            stopped=isinstance(error, SourceGone),
        )
        with (
            suppress(RepwatchError),
            self.store.write() as tx,
        ):  # the first error is the one to show
            tx.sources.save(reading.state)
            tx.sources.count_poll(polled.id, now, failed=True, items=reading.ingested.new)
            for gap in reading.gaps:
                tx.sources.add_gap(polled.id, gap)
            tx.sources.add_gap(polled.id, Gap(reading.state.last_success_at or now, None, message))
        wait = max(timedelta(seconds=asked), backoff_interval(polled.every, failures))
        return replace(reading.to_report(polled.id), error=message, wait=wait)


@dataclass(slots=True)
class _PollProgress:
    """What one poll has read so far; it outlives an error in the middle."""

    state: SourceState
    ingested: IngestResult = NOTHING_INGESTED
    warnings: tuple[str, ...] = ()
    wait: float = 0
    fresh: float = 0
    gaps: tuple[Gap, ...] = ()

    def add_page(self, page: Page) -> None:
        self.warnings += page.warnings
        self.wait = max(self.wait, page.wait)
        self.fresh = max(self.fresh, page.fresh)
        self.gaps += page.gaps

    def is_recheck_due(self, now: datetime) -> bool:
        last = self.state.rechecked_at
        return last is None or now - last >= RECHECK_EVERY

    def to_report(self, source_id: str) -> PollReport:
        wait = timedelta(seconds=max(self.wait, self.fresh))
        return PollReport(id=source_id, ingested=self.ingested, warnings=self.warnings, wait=wait)


def _report_postponed(state: SourceState, until: datetime, now: datetime) -> PollReport:
    """The report on a source whose service asks for patience: an error only where it was one that
    it answered.
    """
    wait = until - now
    if state.error:
        error = f"left alone until {until:%H:%M:%S} UTC: {state.error}"
        return PollReport(id=state.source_id, error=error, wait=wait)
    warning = f"left alone until {until:%H:%M:%S} UTC, as its service asks"
    return PollReport(id=state.source_id, warnings=(warning,), wait=wait)


def _save_state(state: SourceState, tx: Transaction, _: IngestResult) -> None:
    tx.sources.save(state)


def _flag_last_page(pages: Iterator[Page]) -> Iterator[tuple[Page, bool]]:
    """Each page, and whether it is the last; what goes wrong after a page is raised behind it."""
    held = next(pages, None)
    while held is not None:
        try:
            following = next(pages, None)
        except (
            Exception
        ):  # whatever it is, and it is raised again: what was read before it is stored first
            yield held, False
            raise
        yield held, following is None
        held = following


def backoff_interval(every: timedelta, failures: int) -> timedelta:
    """How long to wait after so many failures in a row: the interval, doubled each time, up to six
    hours.
    """
    doubled: timedelta = every * 2 ** min(failures - 1, 20)
    return max(every, min(doubled, _MAX_BACKOFF))
