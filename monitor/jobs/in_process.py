"""Runs all jobs in one process until stopped: polls, the sender, timers, replies, the watchdog.

Only this module knows APScheduler.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.date import DateTrigger

from monitor.bootstrap import App, count_seconds, retrain_if_due, utc_now
from monitor.digest_runs import make_digests_if_due
from monitor.domain.clock_step import ClockStep, WatchedClock
from monitor.errors import RepwatchError
from monitor.followup.marked_events import mark_new_versions
from monitor.jobs.clock_watch import ClockWatch
from monitor.pipeline.poller import MAX_PARALLEL_POLLS, ConfiguredSource, PollReport
from monitor.pipeline.sender import drain_outbox
from monitor.replies.publisher import publish_due

log = structlog.get_logger(__name__)

#: Polls are spread by up to this part of their interval, so that sources do not come all at once.
_JITTER = 0.1
#: Seconds between two runs.
_HOUSEKEEPING_EVERY = _LEARNING_EVERY = 3600
_HOURLY_RULES_EVERY = 300
_WATCHDOG_EVERY = _UNREAD_EVERY = _DIGESTS_EVERY = 60
_TIMERS_EVERY = 3
_REPLIES_EVERY = 2
_SEND_EVERY = 1.0
#: Jobs with a thread of their own, so that nothing delays them: polls that hang are no reason for
#: the watchdog to be silent, and a service that is slow to take a reply stops no timer.
_WATCHDOG, _TIMERS, _REPLIES = "watchdog", "timers", "replies"
#: Seconds that jobs in flight have to end, out of the ten in which the program ends after SIGTERM.
#: A poll that takes longer is left behind, its transaction whole or not at all.
_STOP_WITHIN = 7.0


def run_until_stopped(app: App, stop: threading.Event) -> bool:
    """Run all jobs until `stop` is set, then let those in flight finish.

    Returns whether all of them ended in time.
    """
    app.pull_forward(utc_now())
    scheduler = _build_scheduler(app, stop)
    for polled in app.poller.polled_sources:
        _schedule_poll(scheduler, app, polled, stop, timedelta())
    clock_watch = _build_clock_watch(app, scheduler)
    app.watchdog.checks = (*app.watchdog.checks, clock_watch.find_problems)
    scheduler.start()
    log.info("started", sources=len(app.poller.sources), rules=len(app.rules.load_rules().rules))
    sender = threading.Thread(target=_send_deliveries, args=(app, stop), name="sender", daemon=True)
    watcher = threading.Thread(target=clock_watch.run, args=(stop,), name="clock", daemon=True)
    sender.start()
    watcher.start()
    stop.wait()
    log.info("stopping")
    shutdown = threading.Thread(target=partial(scheduler.shutdown, wait=True), daemon=True)
    shutdown.start()
    deadline = time.monotonic() + _STOP_WITHIN
    threads = (sender, watcher, shutdown)
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()))
    all_ended = not any(thread.is_alive() for thread in threads)
    log.info("stopped", all_ended=all_ended)
    return all_ended


def _build_scheduler(app: App, stop: threading.Event) -> BackgroundScheduler:
    """Return a scheduler with all repeated jobs; polls are added to it by `_schedule_poll`."""
    executors = {"default": ThreadPoolExecutor(MAX_PARALLEL_POLLS)}
    executors |= {name: ThreadPoolExecutor(1) for name in (_WATCHDOG, _TIMERS, _REPLIES)}
    scheduler = BackgroundScheduler(
        executors=executors,
        # However late a job is, after a suspended night too, it must run: once, see _PauseTrigger.
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone="UTC",
    )
    scheduler.add_job(partial(_run_housekeeping, app), _PauseTrigger(_HOUSEKEEPING_EVERY))
    scheduler.add_job(partial(_ask_hourly, app), _PauseTrigger(_HOURLY_RULES_EVERY))
    scheduler.add_job(partial(_run_learning, app), _PauseTrigger(_LEARNING_EVERY))
    scheduler.add_job(partial(_report_unread, app), _PauseTrigger(_UNREAD_EVERY))
    scheduler.add_job(partial(_report_shadows, app), _PauseTrigger(_UNREAD_EVERY))
    scheduler.add_job(partial(_make_digests, app), _PauseTrigger(_DIGESTS_EVERY))
    problems_clock = WatchedClock(utc_now, count_seconds, app.watchdog.follow_clock)
    replies_clock = WatchedClock(utc_now, count_seconds, app.publisher.follow_clock)
    for job, executor, seconds in (
        (partial(_run_watchdog, app, problems_clock), _WATCHDOG, _WATCHDOG_EVERY),
        (partial(_run_timers, app, stop), _TIMERS, _TIMERS_EVERY),
        (partial(_publish_replies, app, replies_clock, stop), _REPLIES, _REPLIES_EVERY),
    ):
        scheduler.add_job(job, _PauseTrigger(seconds), executor=executor, next_run_time=utc_now())
    return scheduler


class _PauseTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Lets a job run again so many seconds after it was due and found to be.

    Unlike APScheduler's own intervals it never counts the runs that were missed: set forward by
    decades, as on a machine that starts without a battery, a clock would have it count for hours.
    """

    def __init__(self, seconds: float) -> None:
        self._pause = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return when the job runs next; APScheduler names both arguments."""
        return now + self._pause


def _build_clock_watch(app: App, scheduler: BackgroundScheduler) -> ClockWatch:
    return ClockWatch(
        store=app.store,
        on_step=partial(_reschedule_jobs, scheduler),
        wall=utc_now,
        monotonic=count_seconds,
        report_for=2 * app.watchdog.persist_for,
    )


def _reschedule_jobs(scheduler: BackgroundScheduler, step: ClockStep) -> None:
    """Let every job run when it would have run, after the clock was set back.

    Set forward, each is due at once or earlier than it was, and runs once.
    """
    if not step.is_back:
        return
    for job in scheduler.get_jobs():
        with suppress(JobLookupError):  # it runs right now, and schedules itself
            scheduler.modify_job(job.id, next_run_time=max(step.at, job.next_run_time + step.by))


def _schedule_poll(
    scheduler: BackgroundScheduler,
    app: App,
    polled: ConfiguredSource,
    stop: threading.Event,
    wait: timedelta,
) -> None:
    """Schedule one poll after `wait`; it schedules the next one, for it knows how long to wait."""
    at = utc_now() + wait * random.uniform(1, 1 + _JITTER)
    scheduler.add_job(
        partial(_poll_source, scheduler, app, polled, stop),
        DateTrigger(at, timezone="UTC"),
        id=f"poll:{polled.id}",
        replace_existing=True,
    )


def _poll_source(
    scheduler: BackgroundScheduler, app: App, polled: ConfiguredSource, stop: threading.Event
) -> None:
    """Poll a source once and schedule the next poll, whatever happens in this one."""
    if stop.is_set():
        return
    wait = polled.every
    try:
        report = app.poller.poll_source(polled, utc_now())
        if stop.is_set():  # the report of a poll that was cut off is misleading
            return
        wait = max(polled.every, report.wait)
        _log_poll(polled.id, report)
    finally:
        if not stop.is_set():
            _schedule_poll(scheduler, app, polled, stop, wait)


def _log_poll(source_id: str, report: PollReport) -> None:
    if report.error:
        log.warning("poll_failed", source=source_id, error=report.error)
    else:
        ingested = report.ingested
        log.info(
            "polled",
            source=source_id,
            new=ingested.new,
            updated=ingested.updated,
            alerts=len(ingested.opened),
        )
    for warning in report.warnings:
        log.warning("poll_warning", source=source_id, warning=warning)


def _run_housekeeping(app: App) -> None:
    try:
        app.poller.purge_expired(utc_now())
        for pushed in app.poller.push_sources:
            app.poller.record_listening_hour(pushed.id, utc_now())
        for event in mark_new_versions(app.store, utc_now()):
            log.info("version_seen", event_name=event.name, since=event.at.isoformat())
    except RepwatchError as error:
        log.warning("housekeeping_failed", error=str(error))


def _ask_hourly(app: App) -> None:
    """Ask the rules that wait for what does not arrive."""
    try:
        opened = app.ingest.ask_hourly(utc_now(), app.poller.policy).opened
    except RepwatchError as error:
        log.warning("hourly_rules_failed", error=str(error))
        return
    for alert in opened:
        log.info("silence", rule=alert.rule_id, alert=alert.id)


def _report_unread(app: App) -> None:
    try:
        app.unread.queue_due(utc_now())
    except RepwatchError as error:
        log.warning("unread_failed", error=str(error))


def _report_shadows(app: App) -> None:
    try:
        app.shadows.queue_due(utc_now())
    except RepwatchError as error:
        log.warning("shadow_report_failed", error=str(error))


def _make_digests(app: App) -> None:
    try:
        make_digests_if_due(app, utc_now())
    except RepwatchError as error:
        log.warning("digest_failed", error=str(error))
    except Exception:  # a bug of ours must not end the digests for good
        log.exception("digest_broken")


def _run_learning(app: App) -> None:
    try:
        retrain_if_due(app)
    except RepwatchError as error:
        log.warning("learning_failed", error=str(error))


def _run_timers(app: App, stop: threading.Event) -> None:
    try:
        app.timers.run_due_steps(utc_now(), stop.is_set)
        app.duty.tell_change(utc_now())
    except RepwatchError as error:
        log.warning("clock_failed", error=str(error))
    except Exception:  # a bug of ours must not stop the timers for good
        log.exception("clock_broken")


def _publish_replies(app: App, clock: Callable[[], datetime], stop: threading.Event) -> None:
    try:
        publish_due(app.publisher, clock, stop.is_set)
    except RepwatchError as error:
        log.warning("publishing_failed", error=str(error))
    except Exception:  # a bug of ours must not end the publishing for good
        log.exception("publishing_broken")


def _run_watchdog(app: App, clock: Callable[[], datetime]) -> None:
    try:
        app.watchdog.run_checks(clock())
    except Exception:  # a bug of ours; people hear of it, for the heartbeat stops
        log.exception("watchdog_broken")


def _send_deliveries(app: App, stop: threading.Event) -> None:
    """Send what is due until `stop` is set; an unavailable database does not end the sending."""

    def sleep(seconds: float) -> None:
        stop.wait(seconds)

    clock = WatchedClock(utc_now, count_seconds, app.sender.follow_clock)
    while not stop.is_set():
        try:
            drain_outbox(app.sender, clock, sleep, until=clock(), stopping=stop.is_set)
        except RepwatchError as error:
            # One line for people: its text names the cause.
            log.error("sender_failed", error=str(error))  # noqa: TRY400
        except Exception:  # a bug of ours must not end the sending for good
            log.exception("sender_broken")
        stop.wait(_SEND_EVERY)
