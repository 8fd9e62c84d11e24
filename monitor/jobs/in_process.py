"""Runs all jobs in one process until stopped: polls, the sender, timers, replies, the watchdog.

Only this module knows APScheduler.
"""

from __future__ import annotations

import random
import threading
import time
from datetime import timedelta
from functools import partial

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from monitor.bootstrap import App, retrain_if_due, utc_now
from monitor.errors import RepwatchError
from monitor.pipeline.poller import MAX_PARALLEL_POLLS, ConfiguredSource, PollReport
from monitor.pipeline.sender import drain_outbox
from monitor.replies.publisher import publish_due

log = structlog.get_logger(__name__)

#: How late a repeated job may start; after a machine slept it runs once, not once per missed time.
_MISFIRE_GRACE_SECONDS = 3600
#: Polls are spread by up to this part of their interval, so that sources do not come all at once.
_JITTER = 0.1
#: Seconds between two runs.
_HOUSEKEEPING_EVERY = _LEARNING_EVERY = 3600
_WATCHDOG_EVERY = 60
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
    scheduler = _build_scheduler(app, stop)
    for polled in app.poller.polled_sources:
        _schedule_poll(scheduler, app, polled, stop, timedelta())
    scheduler.start()
    log.info("started", sources=len(app.poller.sources), rules=len(app.config.rules))
    sender = threading.Thread(target=_send_deliveries, args=(app, stop), name="sender", daemon=True)
    sender.start()
    stop.wait()
    log.info("stopping")
    shutdown = threading.Thread(target=partial(scheduler.shutdown, wait=True), daemon=True)
    shutdown.start()
    deadline = time.monotonic() + _STOP_WITHIN
    for thread in (sender, shutdown):
        thread.join(max(0, deadline - time.monotonic()))
    all_ended = not (sender.is_alive() or shutdown.is_alive())
    log.info("stopped", all_ended=all_ended)
    return all_ended


def _build_scheduler(app: App, stop: threading.Event) -> BackgroundScheduler:
    """Return a scheduler with all repeated jobs; polls are added to it by `_schedule_poll`."""
    executors = {"default": ThreadPoolExecutor(MAX_PARALLEL_POLLS)}
    executors |= {name: ThreadPoolExecutor(1) for name in (_WATCHDOG, _TIMERS, _REPLIES)}
    scheduler = BackgroundScheduler(
        executors=executors,
        job_defaults={
            "coalesce": True,
            "max_instances": 1,
            "misfire_grace_time": _MISFIRE_GRACE_SECONDS,
        },
        timezone="UTC",
    )
    scheduler.add_job(partial(_run_housekeeping, app), _interval_trigger(_HOUSEKEEPING_EVERY))
    scheduler.add_job(partial(_run_learning, app), _interval_trigger(_LEARNING_EVERY))
    for job, executor, seconds in (
        (partial(_run_watchdog, app), _WATCHDOG, _WATCHDOG_EVERY),
        (partial(_run_timers, app, stop), _TIMERS, _TIMERS_EVERY),
        (partial(_publish_replies, app, stop), _REPLIES, _REPLIES_EVERY),
    ):
        scheduler.add_job(
            job, _interval_trigger(seconds), executor=executor, next_run_time=utc_now()
        )
    return scheduler


def _interval_trigger(seconds: int) -> IntervalTrigger:
    return IntervalTrigger(seconds=seconds, timezone="UTC")


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
        # However late it is, after a suspended night too, it must run: else there is no next poll.
        misfire_grace_time=None,
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
    except RepwatchError as error:
        log.warning("housekeeping_failed", error=str(error))


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


def _publish_replies(app: App, stop: threading.Event) -> None:
    try:
        publish_due(app.publisher, utc_now, stop.is_set)
    except RepwatchError as error:
        log.warning("publishing_failed", error=str(error))
    except Exception:  # a bug of ours must not end the publishing for good
        log.exception("publishing_broken")


def _run_watchdog(app: App) -> None:
    try:
        app.watchdog.run_checks(utc_now())
    except Exception:  # a bug of ours; people hear of it, for the heartbeat stops
        log.exception("watchdog_broken")


def _send_deliveries(app: App, stop: threading.Event) -> None:
    """Send what is due until `stop` is set; an unavailable database does not end the sending."""

    def sleep(seconds: float) -> None:
        stop.wait(seconds)

    while not stop.is_set():
        try:
            drain_outbox(app.sender, utc_now, sleep, until=utc_now(), stopping=stop.is_set)
        except RepwatchError as error:
            # One line for people: its text names the cause.
            log.error("sender_failed", error=str(error))  # noqa: TRY400
        except Exception:  # a bug of ours must not end the sending for good
            log.exception("sender_broken")
        stop.wait(_SEND_EVERY)
