"""Poll sources: read what is new, ingest it, remember how it went; errors stay with a source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from monitor.domain.feedback import Feedback
from monitor.domain.source_health import Gap, SourceState
from monitor.errors import RepwatchError, SourceError, SourceGone, SourceUnavailable
from monitor.health.source_alerts import HealthCheckSchedule, update_source_alert
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import NOTHING_INGESTED, Ingest, IngestResult
from monitor.replies.outcomes import FOLLOW_FOR
from monitor.store import Store, Transaction
from sources.base import Page, PushSource, Recheckable, Source

log = structlog.get_logger(__name__)

#: Sources polled side by side at most: a poll is mostly waiting for an answer, and a slow host must
#: not hold up others.
MAX_PARALLEL_POLLS = 64
#: How often, and how young, feedback is rechecked: most edits and deletions come early.
RECHECK_EVERY = timedelta(hours=1)
RECHECK_WITHIN = timedelta(hours=48)
#: The longest interval after failures in a row.
_MAX_BACKOFF = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """How one poll of one source went."""

    id: str
    ingested: IngestResult = NOTHING_INGESTED
    error: str = ""  #: for people, redacted; empty for a success
    warnings: tuple[str, ...] = ()
    wait: timedelta = timedelta()  #: how long the source asks to be left alone at least


@dataclass(frozen=True, slots=True)
class ConfiguredSource:
    """A source with the id and the poll interval that the configuration gives it."""

    id: str
    source: Source
    every: timedelta


@dataclass(frozen=True, slots=True)
class _PollProgress:
    """How far one poll has come: what is committed, and nothing else."""

    state: SourceState  #: as it was at the start, but for the cursor and the recheck
    ingested: IngestResult = NOTHING_INGESTED
    warnings: tuple[str, ...] = ()
    wait: float = 0  #: seconds, as in `Page`
    fresh: float = 0  #: seconds, as in `Page`
    gaps: tuple[Gap, ...] = ()
    success_saved: bool = False

    @property
    def is_first_contact(self) -> bool:
        """Whether the source was never read with success before this poll."""
        return self.state.last_success_at is None

    def with_result(self, page: Page, ingested: IngestResult) -> _PollProgress:
        """Add what became of a page whose cursor has no meaning: of a recheck or a backfill."""
        warnings = self.warnings + page.warnings
        return replace(self, ingested=self.ingested + ingested, warnings=warnings)

    def with_page(self, page: Page, ingested: IngestResult, now: datetime) -> _PollProgress:
        """Add a page that was collected, with its cursor."""
        return replace(
            self.with_result(page, ingested),
            state=replace(self.state, cursor=page.cursor, last_attempt_at=now),
            wait=max(self.wait, page.wait),
            fresh=max(self.fresh, page.fresh),
            gaps=self.gaps + page.gaps,
        )

    def to_report(self) -> PollReport:
        """Return the report on a poll that ends here."""
        return PollReport(
            id=self.state.source_id,
            ingested=self.ingested,
            warnings=self.warnings,
            wait=timedelta(seconds=max(self.wait, self.fresh)),
        )


@dataclass(frozen=True, slots=True)
class Poller:
    """Polls the configured sources and ingests what they hand over."""

    sources: tuple[ConfiguredSource, ...]
    store: Store
    ingest: Ingest
    policy: AlertPolicy
    redact: Callable[[str], str]
    health_checks: HealthCheckSchedule = field(
        default_factory=HealthCheckSchedule, init=False, repr=False, compare=False
    )

    @property
    def polled_sources(self) -> tuple[ConfiguredSource, ...]:
        """The sources that are polled: all but the push sources."""
        return tuple(polled for polled in self.sources if not isinstance(polled.source, PushSource))

    @property
    def push_sources(self) -> tuple[ConfiguredSource, ...]:
        """The sources whose services call a webhook."""
        return tuple(polled for polled in self.sources if isinstance(polled.source, PushSource))

    def poll_all(
        self, now: datetime, on_polled: Callable[[PollReport], None] = lambda _: None
    ) -> tuple[PollReport, ...]:
        """Poll every source once, side by side; call `on_polled` with each report as it comes."""

        def poll_one(polled: ConfiguredSource) -> PollReport:
            report = self.poll_source(polled, now)
            on_polled(report)
            return report

        workers = max(1, min(MAX_PARALLEL_POLLS, len(self.polled_sources)))
        with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="poll") as pool:
            return tuple(pool.map(poll_one, self.polled_sources))

    def poll_source(self, polled: ConfiguredSource, now: datetime) -> PollReport:
        """Ingest what is new in one source, then check the source's health.

        Never raises for what goes wrong in the source or in the store: the report has the error.
        """
        report = self._poll_if_due(polled, now)
        self._check_health(polled.id, now, failed=bool(report.error))
        return report

    def backfill(self, polled: ConfiguredSource, since: datetime, now: datetime) -> PollReport:
        """Ingest a source's history back to `since`; none of it alerts, and the cursor stays.

        What is young enough to alert, or has no date, is left to the next poll. Never raises for
        what goes wrong in the source or in the store: the report has the error.
        """
        until = now - self.policy.alert_if_newer_than
        policy, siblings = AlertPolicy(backfill=True), self._sibling_ids(polled)
        progress = _PollProgress(SourceState(source_id=polled.id))
        try:
            with _name_plugin_mistakes(polled):
                for page in polled.source.collect("", now):
                    history = select_history(page.items, since, until)
                    ingested = self.ingest(history, now, policy, None, siblings)
                    progress = progress.with_result(page, ingested)
                    if is_all_before(page.items, since):
                        break
        except RepwatchError as error:
            return replace(progress.to_report(), error=self.redact(str(error)))
        return progress.to_report()

    def purge_expired(self, now: datetime) -> None:
        """Delete what is kept for a limited time only and has outlived it."""
        with self.store.write() as tx:
            tx.similar_texts.delete_expired(now)
            tx.inbox.delete_expired(now)

    def record_listening_hour(self, source_id: str, now: datetime) -> None:
        """Count an hour in which a push source could be called, and check its health.

        Called hourly: without the count, hours without a call could not be told from our downtime.
        """
        with self.store.write() as tx:
            tx.sources.count_poll(source_id, now, failed=False, items=0)
        update_source_alert(self.store, source_id, self.ingest.default_channel, now)

    def _poll_if_due(self, polled: ConfiguredSource, now: datetime) -> PollReport:
        try:
            with self.store.read() as tx:
                state = tx.sources.get_state(polled.id)
        except RepwatchError as error:
            # Nothing is recorded: a state made up here would replace the cursor.
            return PollReport(id=polled.id, error=str(error))
        return _report_not_due(state, now) or self._poll(polled, state, now)

    def _poll(self, polled: ConfiguredSource, state: SourceState, now: datetime) -> PollReport:
        progress = _PollProgress(state)
        try:
            with _name_plugin_mistakes(polled):
                for committed in self._ingest_pages(polled, state, now):
                    progress = committed
        except RepwatchError as error:
            return self._record_failure(polled, progress, error, now)
        return progress.to_report()

    def _ingest_pages(
        self, polled: ConfiguredSource, state: SourceState, now: datetime
    ) -> Iterator[_PollProgress]:
        """Yield the progress after each commit: of every page, of the recheck, of the success.

        The success is saved with the last page where nothing follows it, so that a poll without
        news is one small transaction.
        """
        source, progress = polled.source, _PollProgress(state)
        recheckable = _recheckable_if_due(source, state, now)
        for page, is_last in _flag_last_page(source.collect(state.cursor, now)):
            ends_poll = is_last and recheckable is None
            progress = self._ingest_page(polled, progress, page, now, ends_poll=ends_poll)
            yield progress
        if recheckable:
            for rechecked in self._recheck_young(recheckable, progress, now):
                progress = rechecked
                yield progress
        if not progress.success_saved:
            with self.store.write() as tx:
                _save_poll_success(tx, progress, now)
        if progress.is_first_contact and not state.failures:
            # There is no history yet that its silence could be judged by.
            self.health_checks.record_check(polled.id, now, well=True)

    def _ingest_page(
        self,
        polled: ConfiguredSource,
        progress: _PollProgress,
        page: Page,
        now: datetime,
        *,
        ends_poll: bool,
    ) -> _PollProgress:
        """Ingest a page; its cursor, or the success of the whole poll, is saved with it."""

        def save_progress(tx: Transaction, ingested: IngestResult) -> None:
            reached = progress.with_page(page, ingested, now)
            if ends_poll:
                _save_poll_success(tx, reached, now)
            else:
                tx.sources.save(reached.state)

        policy = replace(self.policy, first_contact=progress.is_first_contact)
        siblings = self._sibling_ids(polled)
        ingested = self.ingest(page.items, now, policy, save_progress, siblings)
        return replace(progress.with_page(page, ingested, now), success_saved=ends_poll)

    def _recheck_young(
        self, source: Recheckable, progress: _PollProgress, now: datetime
    ) -> Iterator[_PollProgress]:
        """Ingest edits and deletions of young and of answered feedback; yield as `_ingest_pages`.

        Where the source cannot say, that is a warning: the poll itself has still succeeded.
        """
        ids = self._ids_to_recheck(progress.state.source_id, now)
        try:
            for page in source.recheck(ids, now) if ids else ():
                ingested = self.ingest(page.items, now, self.policy)
                progress = progress.with_result(page, ingested)
                yield progress
        except SourceError as error:
            reason = self.redact(str(error))
            warning = f"edits and deletions could not be looked for: {reason}"
            yield replace(progress, warnings=(*progress.warnings, warning))
            return
        yield replace(progress, state=replace(progress.state, rechecked_at=now))

    def _ids_to_recheck(self, source_id: str, now: datetime) -> list[str]:
        with self.store.read() as tx:
            young = tx.feedback.external_ids(source_id, since=now - RECHECK_WITHIN)
            answered = tx.answered.external_ids(source_id, now - FOLLOW_FOR)
        return list(dict.fromkeys([*young, *answered]))

    def _record_failure(
        self, polled: ConfiguredSource, progress: _PollProgress, error: RepwatchError, now: datetime
    ) -> PollReport:
        """Save the failure where the store can; return the report on it."""
        message, pause = self.redact(str(error)), requested_wait(error)
        due_at = now + pause if pause else None
        gone = isinstance(error, SourceGone)
        state = progress.state.after_failure(message, now, due_at=due_at, stopped=gone)
        with (
            suppress(RepwatchError),
            self.store.write() as tx,
        ):  # the first error is the one to show
            _save_poll_failure(tx, state, progress, now)
        wait = max(pause, backoff_interval(polled.every, state.failures))
        return replace(progress.to_report(), error=message, wait=wait)

    def _check_health(self, source_id: str, now: datetime, *, failed: bool) -> None:
        """Raise or end the source's alert after a failure, and from time to time otherwise."""
        if not (failed or self.health_checks.is_due(source_id, now)):
            return
        try:
            well = update_source_alert(self.store, source_id, self.ingest.default_channel, now)
        except RepwatchError as error:
            log.warning("watch_failed", source=source_id, error=str(error))
            return
        self.health_checks.record_check(source_id, now, well=well)

    def _sibling_ids(self, polled: ConfiguredSource) -> tuple[str, ...]:
        """The other sources that hand over the same feedback under the same external ids."""
        space = polled.source.space
        if not space:
            return ()
        siblings = [other for other in self.sources if other.source.space == space]
        return tuple(other.id for other in siblings if other != polled)


def select_history(items: Sequence[Feedback], since: datetime, until: datetime) -> list[Feedback]:
    """Return the feedback written from `since` to before `until`, without what has no date."""
    return [item for item in items if item.created_at and since <= item.created_at < until]


def is_all_before(items: Sequence[Feedback], since: datetime) -> bool:
    """Return whether all that has a date was written before `since`; False where nothing has."""
    dates = [item.created_at for item in items if item.created_at]
    return bool(dates) and max(dates) < since


def backoff_interval(every: timedelta, failures: int) -> timedelta:
    """Return the pause after so many failures in a row: `every`, doubled each time, up to 6 h.

    Never less than `every`.
    """
    doublings = min(failures - 1, 20)  # more would overflow, and the limit is reached long before
    doubled: timedelta = every * 2**doublings
    return max(every, min(doubled, _MAX_BACKOFF))


def requested_wait(error: RepwatchError) -> timedelta:
    """Return how long the service asked to be left alone, as in `Retry-After`; zero if not."""
    if isinstance(error, SourceUnavailable) and error.retry_after:
        return timedelta(seconds=error.retry_after)
    return timedelta()


@contextmanager
def _name_plugin_mistakes(polled: ConfiguredSource) -> Iterator[None]:
    """Raise an error that no plug-in should raise as a RepwatchError that names its class.

    Its own mistake must not stop the other sources.
    """
    try:
        yield
    except RepwatchError:
        raise
    except Exception as error:  # any, since a plug-in may be anybody's
        kind, mistake = type(polled.source).__name__, type(error).__name__
        log.warning("source_broken", source=polled.id, kind=kind, error=mistake)
        # Not above debug: the message of such an error may quote a customer.
        log.debug("source_broken_at", source=polled.id, exc_info=True)
        message = f"the {kind} itself is broken: {mistake}"
        raise RepwatchError(message) from error


def _report_not_due(state: SourceState, now: datetime) -> PollReport | None:
    """Return the report on a source that must not be polled now; None where it may.

    A pause after an error is reported as an error, one that a service asks for as a warning.
    """
    if state.stopped:
        return PollReport(id=state.source_id, error=f"stopped: {state.error}")
    if state.due_at is None or state.due_at <= now:
        return None
    wait = state.due_at - now
    pause = f"left alone until {state.due_at:%H:%M:%S} UTC"
    if state.error:
        return PollReport(id=state.source_id, error=f"{pause}: {state.error}", wait=wait)
    warning = f"{pause}, as its service asks"
    return PollReport(id=state.source_id, warnings=(warning,), wait=wait)


def _recheckable_if_due(source: Source, state: SourceState, now: datetime) -> Recheckable | None:
    last = state.rechecked_at
    is_due = last is None or now - last >= RECHECK_EVERY
    return source if is_due and isinstance(source, Recheckable) else None


def _flag_last_page(pages: Iterator[Page]) -> Iterator[tuple[Page, bool]]:
    """Yield each page and whether it is the last; an error after a page is raised behind it."""
    held = next(pages, None)
    while held is not None:
        try:
            following = next(pages, None)
        except Exception:  # any, and raised again: what was read before it is stored first
            yield held, False
            raise
        yield held, following is None
        held = following


def _save_poll_success(tx: Transaction, progress: _PollProgress, now: datetime) -> None:
    due_at = now + timedelta(seconds=progress.wait) if progress.wait else None
    state = progress.state.after_success(now, due_at)
    # What a first contact brings has gathered over years: no measure of what comes in an hour.
    items = 0 if progress.is_first_contact else progress.ingested.new
    tx.sources.save(state)
    tx.sources.count_poll(state.source_id, now, failed=False, items=items)
    _save_gaps(tx, state.source_id, progress.gaps)
    tx.sources.close_gap(state.source_id, now)


def _save_poll_failure(
    tx: Transaction, state: SourceState, progress: _PollProgress, now: datetime
) -> None:
    blind_since = Gap(state.last_success_at or now, None, state.error)
    tx.sources.save(state)
    tx.sources.count_poll(state.source_id, now, failed=True, items=progress.ingested.new)
    _save_gaps(tx, state.source_id, (*progress.gaps, blind_since))


def _save_gaps(tx: Transaction, source_id: str, gaps: Sequence[Gap]) -> None:
    for gap in gaps:
        tx.sources.add_gap(source_id, gap)
