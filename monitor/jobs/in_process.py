"""Polls each source when it is due and keeps the sender going until stopped; only this module knows
APScheduler.
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
from monitor.pipeline.poller import MAX_PARALLEL_POLLS, ConfiguredSource
from monitor.pipeline.sender import drain_outbox
from monitor.replies.publisher import publish_due

log = structlog.get_logger(__name__)

#: How late a poll may start; a machine that slept polls once, not once for each slot missed.
_GRACE = 3600
#: Polls are spread by up to this part of their interval, so that sources do not come all at once.
_JITTER = 0.1
_SEND_EVERY = 1.0
#: The watchdog has a thread of its own: polls that hang are no reason to be silent.
_WATCH = "watch"
#: The clock of the alerts has one too, and looks every so many seconds.
_CLOCK, _TICK = "clock", 3
#: So have the answers to customers: a service that is slow to take one delays nothing else.
_ANSWERS, _PUBLISH_EVERY = "answers", 2
#: SIGTERM is followed within 10 s: what still polls by then is left behind, its transaction whole
#: or not at all.
_STOP_WITHIN = 7.0


def run_until_stopped(app: App, stop: threading.Event) -> bool:
    """Work until `stop` is set, then finish what is in flight; False when something did not end in
    time.
    """
    own = (_WATCH, _CLOCK, _ANSWERS)
    scheduler = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(MAX_PARALLEL_POLLS)}
        | {name: ThreadPoolExecutor(1) for name in own},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": _GRACE},
        timezone="UTC",
    )
    scheduler.add_job(partial(_run_housekeeping, app), IntervalTrigger(hours=1, timezone="UTC"))
    scheduler.add_job(partial(_run_learning, app), IntervalTrigger(hours=1, timezone="UTC"))
    minutely = IntervalTrigger(minutes=1, timezone="UTC")
    scheduler.add_job(
        partial(_run_watchdog, app), minutely, executor=_WATCH, next_run_time=utc_now()
    )
    often = IntervalTrigger(seconds=_TICK, timezone="UTC")
    scheduler.add_job(
        partial(_advance_timers, app, stop), often, executor=_CLOCK, next_run_time=utc_now()
    )
    soon = IntervalTrigger(seconds=_PUBLISH_EVERY, timezone="UTC")
    scheduler.add_job(
        partial(_publish_replies, app, stop), soon, executor=_ANSWERS, next_run_time=utc_now()
    )
    for polled in app.poller.polled_sources:
        _schedule_poll(scheduler, app, polled, stop, timedelta())
    scheduler.start()
    log.info("started", sources=len(app.poller.sources), rules=len(app.config.rules))
    sender = threading.Thread(target=_send_deliveries, args=(app, stop), name="sender", daemon=True)
    sender.start()
    stop.wait()
    log.info("stopping")
    polls = threading.Thread(target=partial(scheduler.shutdown, wait=True), daemon=True)
    polls.start()
    deadline = time.monotonic() + _STOP_WITHIN
    for thread in (sender, polls):
        thread.join(max(0, deadline - time.monotonic()))
    ended = not (sender.is_alive() or polls.is_alive())
    log.info("stopped", all_ended=ended)
    return ended


def _schedule_poll(
    scheduler: BackgroundScheduler,
    app: App,
    polled: ConfiguredSource,
    stop: threading.Event,
    wait: timedelta,
) -> None:
    """Poll once after `wait`; the poll itself plans the next one, since only it knows how long to
    stay away.
    """
    at = utc_now() + wait * random.uniform(1, 1 + _JITTER)
    job = partial(_poll_source, scheduler, app, polled, stop)
    # However late it is, after a suspended night too, it must run: it is the one that plans the
    # next poll.
    trigger, name = DateTrigger(at, timezone="UTC"), f"poll:{polled.id}"
    scheduler.add_job(job, trigger, id=name, replace_existing=True, misfire_grace_time=None)


def _poll_source(
    scheduler: BackgroundScheduler, app: App, polled: ConfiguredSource, stop: threading.Event
) -> None:
    if stop.is_set():
        return
    wait = polled.every
    try:
        report = app.poller.poll_source(polled, utc_now())
        if stop.is_set():  # what a poll says that is cut off is no news
            return
        read = report.ingested
        wait = max(polled.every, report.wait)
        if report.error:
            log.warning("poll_failed", source=polled.id, error=report.error)
        else:
            log.info(
                "polled",
                source=polled.id,
                new=read.new,
                updated=read.updated,
                alerts=len(read.opened),
            )
        for warning in report.warnings:
            log.warning("poll_warning", source=polled.id, warning=warning)
    finally:
        if not stop.is_set():
            _schedule_poll(scheduler, app, polled, stop, wait)


def _run_housekeeping(app: App) -> None:
    try:
        app.poller.purge_expired(utc_now())
        for told in app.poller.push_sources:
            app.poller.record_listening_hour(told.id, utc_now())
    except RepwatchError as error:
        log.warning("housekeeping_failed", error=str(error))


def _run_learning(app: App) -> None:
    try:
        retrain_if_due(app)
    except RepwatchError as error:
        log.warning("learning_failed", error=str(error))


def _advance_timers(app: App, stop: threading.Event) -> None:
    try:
        app.timers.run_due_steps(utc_now(), stop.is_set)
    except RepwatchError as error:
        log.warning("clock_failed", error=str(error))
    except Exception:
        log.exception("clock_broken")  # a bug of ours must not stop the clock for good


def _publish_replies(app: App, stop: threading.Event) -> None:
    try:
        publish_due(app.publisher, utc_now, stop.is_set)
    except RepwatchError as error:
        log.warning("publishing_failed", error=str(error))
    except Exception:
        log.exception("publishing_broken")  # a bug of ours must not end the publishing for good


def _run_watchdog(app: App) -> None:
    try:
        app.watchdog.run_checks(utc_now())
    except Exception:
        log.exception(
            "watchdog_broken"
        )  # a bug of ours; without a heartbeat people hear of it all the same


def _send_deliveries(app: App, stop: threading.Event) -> None:
    """Empty the outbox again and again; a database that is away for a while does not end it."""
    while not stop.is_set():
        try:
            drain_outbox(
                app.sender,
                utc_now,
                lambda seconds: _wait_or_stop(stop, seconds),
                until=utc_now(),
                stopping=stop.is_set,
            )
        except RepwatchError as error:
            log.error("sender_failed", error=str(error))  # noqa: TRY400 - one line for people, the cause is in it
        except Exception:
            log.exception("sender_broken")  # a bug of ours must not end the sending for good
        stop.wait(_SEND_EVERY)


def _wait_or_stop(stop: threading.Event, seconds: float) -> None:
    stop.wait(seconds)
