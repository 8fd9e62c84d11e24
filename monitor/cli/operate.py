"""once, run, demo: the path at work."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import structlog
import typer

from monitor import bootstrap
from monitor.cli.frame import (
    CONFIG,
    ConfigOption,
    JsonOption,
    app,
    err,
    open_program,
    out,
    print_json,
    show_progress,
)
from monitor.domain.delivery import DeliveryState
from monitor.pipeline.ingest import NOTHING_INGESTED
from monitor.pipeline.poller import PollReport
from monitor.pipeline.sender import drain_outbox
from monitor.replies.publisher import publish_due
from monitor.slack.mode import InboundMode, choose_mode

if TYPE_CHECKING:
    from monitor.slack_app.app import SlackApp
    from monitor.web.server import WebServer

#: Reasons for silence that a summary names.
_REASONS = 5
#: Seconds that requests in hand have when the program stops.
_WEB_STOP = 2.0
#: Seconds that what people have just done has when the program stops; the rest waits in the inbox.
_DESK_STOP = 3.0


@app.command()
def once(
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
    wait: Annotated[
        float,
        typer.Option(
            "--drain",
            min=0,
            max=86_400,
            help="Seconds to wait for what cannot be sent at once.",
            metavar="SECONDS",
        ),
    ] = 0,
) -> None:
    """Poll every source once, decide, send what is due, print a summary.

    Exit code 0: all well; 1: something failed; 2: the configuration is wrong.

    Example: [bold]repwatch once --json --drain 30[/bold]
    """
    cards = err if json else out  # a machine that reads JSON reads nothing else
    with stop_on_signals() as stop, open_program(config, stop.is_set, cards=cards) as program:
        with show_progress("polling", len(program.poller.polled_sources)) as advance:
            reports = program.poller.poll_all(
                bootstrap.utc_now(), lambda _: advance()
            ) + _work_off_inbox(program, stop)
        program.poller.purge_expired(bootstrap.utc_now())
        program.timers.run_due_steps(bootstrap.utc_now(), stop.is_set)
        publish_due(program.publisher, bootstrap.utc_now, stop.is_set)
        with show_progress("sending", None) as advance:
            until = bootstrap.utc_now() + timedelta(seconds=wait)
            drain_outbox(
                program.sender,
                bootstrap.utc_now,
                lambda seconds: _wait_unless_stopped(stop, seconds),
                until=until,
                stopping=stop.is_set,
                on_sent=advance,
            )
        with program.store.read() as tx:
            states = tx.deliveries.count_by_state()
        trouble = program.sender.blocked_reason
    shown = (DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.UNCERTAIN, DeliveryState.DEAD)
    deliveries = {state.value: states.get(state, 0) for state in shown}
    deliveries[DeliveryState.UNCERTAIN] += states.get(
        DeliveryState.ATTEMPTING, 0
    )  # by a sender that is at it, or died
    if json:
        print_json(_summarize_reports(reports, deliveries))
    else:
        _print_reports(reports, deliveries)
    if trouble:
        err.print(f"not everything can be sent: {trouble}", markup=False, soft_wrap=True)
    if trouble or any(report.error for report in reports):
        raise typer.Exit(1)


def _work_off_inbox(program: bootstrap.App, stop: threading.Event) -> tuple[PollReport, ...]:
    """What services had sent by themselves and nobody had worked off yet."""
    handled = program.webhooks.ingest_due_entries(bootstrap.utc_now(), stop.is_set)
    reports = []
    for polled in program.poller.push_sources:
        own = [item for item in handled if item.source_id == polled.id]
        reports.append(
            PollReport(
                id=polled.id,
                ingested=sum((item.ingested for item in own), NOTHING_INGESTED),
                error=next((item.error for item in own if item.error), ""),
                warnings=tuple(warning for item in own for warning in item.warnings),
            )
        )
    return tuple(reports)


def _summarize_reports(
    reports: tuple[PollReport, ...], deliveries: Mapping[str, int]
) -> dict[str, object]:
    """What a cycle did, as `once --json` prints it."""
    total = sum((report.ingested for report in reports), NOTHING_INGESTED)
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
        "alerts": {
            "opened": len(total.opened),
            "grouped": total.grouped,
            "reopened": total.reopened,
            "suppressed": total.suppressed,
        },
        "deliveries": dict(deliveries),
    }


@app.command()
def run(config: ConfigOption = CONFIG) -> None:
    """Poll, decide and send until stopped; SIGTERM and Ctrl-C finish what is in flight.

    Example: [bold]repwatch run --config /etc/repwatch/config.toml[/bold]
    """
    from monitor.jobs.in_process import run_until_stopped

    with stop_on_signals() as stop, open_program(config, stop.is_set) as program:
        desk = _start_slack_app(program, stop)
        web = _start_web(program, stop, desk)
        bootstrap.freeze_startup_objects()
        ended = run_until_stopped(program, stop)
        if desk:
            desk.join(_DESK_STOP)
        if web:
            web.join(_WEB_STOP)
        if not ended:
            # A server that hangs holds a thread, and Python would wait for it: nothing is
            # half-written, so leave.
            program.sender.release_lease()
            program.publisher.release_lease()
            sys.stderr.flush()
            os._exit(0)


def _start_slack_app(program: bootstrap.App, stop: threading.Event) -> SlackApp | None:
    """The people's side in Slack, where the configuration asks for it; it ends by itself when
    `stop` is set.
    """
    way = choose_mode(program.config.settings)
    structlog.get_logger(__name__).info("desk", says=way.says)
    if way.mode is InboundMode.OFF:
        return None
    from monitor.slack_app.app import SlackApp

    desk = SlackApp(program, bootstrap.utc_now)
    program.watchdog.checks = (*program.watchdog.checks, desk.find_problems)
    desk.start(stop)
    return desk


def _start_web(
    program: bootstrap.App, stop: threading.Event, desk: SlackApp | None
) -> WebServer | None:
    """The web application, where the configuration asks for it."""
    if not program.config.settings.web.listen:
        return None
    from monitor.web.server import start_web_server  # FastAPI is loaded only where it works

    return start_web_server(
        program, stop, desk.answer_request if desk and desk.receives_http else None
    )


@app.command()
def demo() -> None:
    """Show the whole path on recorded feedback: no account, no network, a temporary folder; ends by
    itself.

    Example: [bold]repwatch demo[/bold]
    """
    from monitor.demo.replay import replay_demo  # the recorded world is loaded only for the show

    replay_demo(out, err)


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set; a second Ctrl-C ends at once."""
    stop = threading.Event()

    def request_stop(number: int, _frame: object) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    before = {
        number: signal.signal(number, request_stop) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait_unless_stopped(stop: threading.Event, seconds: float) -> None:
    """Wait, but no longer than until a signal comes."""
    end = time.monotonic() + seconds
    while not stop.is_set() and (left := end - time.monotonic()) > 0:
        stop.wait(min(left, 0.5))


def _print_reports(reports: tuple[PollReport, ...], deliveries: dict[str, int]) -> None:
    for report in reports:
        read = report.ingested
        out.print(
            f"{report.id}: {read.fetched} fetched, {read.new} new, {read.updated} updated",
            markup=False,
        )
        for warning in report.warnings:
            err.print(f"{report.id}: {warning}", markup=False, soft_wrap=True)
        if report.error:
            err.print(f"{report.id}: {report.error}", markup=False, soft_wrap=True, style="red")
    opened_now = sum(len(report.ingested.opened) for report in reports)
    grouped = sum(report.ingested.grouped for report in reports)
    reopened = sum(report.ingested.reopened for report in reports)
    silences = Counter(reason for report in reports for reason in report.ingested.silences)
    again = f", {reopened} reopened" if reopened else ""
    out.print(
        f"alerts: {opened_now} opened, {grouped} grouped{again}, {silences.total()} suppressed"
    )
    for reason, count in silences.most_common(_REASONS):
        out.print(f"  {count} suppressed: {reason}", markup=False)
    out.print("deliveries: " + ", ".join(f"{count} {state}" for state, count in deliveries.items()))
