"""once, run, demo: the path at work."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
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
    opened,
    out,
    print_json,
    progress,
)
from monitor.domain.delivery import DeliveryState
from monitor.pipeline.ingest import NOTHING
from monitor.pipeline.poller import SourceReport, summary
from monitor.pipeline.sender import drain
from monitor.replies.publisher import work_off
from monitor.slack.mode import Mode, way_of

if TYPE_CHECKING:
    from monitor.slack_app.app import Desk
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
    with stopping_on_signals() as stop, opened(config, stop.is_set, cards=cards) as program:
        with progress("polling", len(program.cycle.asked)) as advance:
            reports = program.cycle.run(bootstrap.now(), lambda _: advance()) + _told(program, stop)
        program.cycle.tidy(bootstrap.now())
        program.clock.advance(bootstrap.now(), stop.is_set)
        work_off(program.answerer, bootstrap.now, stop.is_set)
        with progress("sending", None) as advance:
            until = bootstrap.now() + timedelta(seconds=wait)
            drain(
                program.deliverer,
                bootstrap.now,
                lambda seconds: _rest(stop, seconds),
                until=until,
                stopping=stop.is_set,
                shown=advance,
            )
        with program.store.read() as tx:
            states = tx.deliveries.counts()
        trouble = program.deliverer.trouble
    shown = (DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.UNCERTAIN, DeliveryState.DEAD)
    deliveries = {state.value: states.get(state, 0) for state in shown}
    deliveries[DeliveryState.UNCERTAIN] += states.get(
        DeliveryState.ATTEMPTING, 0
    )  # by a sender that is at it, or died
    if json:
        print_json(summary(reports, deliveries))
    else:
        _print_reports(reports, deliveries)
    if trouble:
        err.print(f"not everything can be sent: {trouble}", markup=False, soft_wrap=True)
    if trouble or any(report.error for report in reports):
        raise typer.Exit(1)


def _told(program: bootstrap.App, stop: threading.Event) -> tuple[SourceReport, ...]:
    """What services had sent by themselves and nobody had worked off yet."""
    handled = program.reception.work(bootstrap.now(), stop.is_set)
    reports = []
    for polled in program.cycle.told:
        own = [item for item in handled if item.source_id == polled.id]
        reports.append(
            SourceReport(
                id=polled.id,
                ingested=sum((item.ingested for item in own), NOTHING),
                error=next((item.error for item in own if item.error), ""),
                warnings=tuple(warning for item in own for warning in item.warnings),
            )
        )
    return tuple(reports)


@app.command()
def run(config: ConfigOption = CONFIG) -> None:
    """Poll, decide and send until stopped; SIGTERM and Ctrl-C finish what is in flight.

    Example: [bold]repwatch run --config /etc/repwatch/config.toml[/bold]
    """
    from monitor.jobs.in_process import serve

    with stopping_on_signals() as stop, opened(config, stop.is_set) as program:
        desk = _desk(program, stop)
        web = _listen(program, stop, desk)
        bootstrap.settle()
        ended = serve(program, stop)
        if desk:
            desk.join(_DESK_STOP)
        if web:
            web.join(_WEB_STOP)
        if not ended:
            # A server that hangs holds a thread, and Python would wait for it: nothing is
            # half-written, so leave.
            program.deliverer.release()
            program.answerer.release()
            sys.stderr.flush()
            os._exit(0)


def _desk(program: bootstrap.App, stop: threading.Event) -> Desk | None:
    """The people's side in Slack, where the configuration asks for it; it ends by itself when
    `stop` is set.
    """
    way = way_of(program.plan.settings)
    structlog.get_logger(__name__).info("desk", says=way.says)
    if way.mode is Mode.OFF:
        return None
    from monitor.slack_app.app import Desk

    desk = Desk(program, bootstrap.now)
    program.watchdog.checks = (*program.watchdog.checks, desk.troubles)
    desk.start(stop)
    return desk


def _listen(program: bootstrap.App, stop: threading.Event, desk: Desk | None) -> WebServer | None:
    """The web application, where the configuration asks for it."""
    if not program.plan.settings.web.listen:
        return None
    from monitor.web.server import serve_web  # FastAPI is loaded only where it works

    return serve_web(program, stop, desk.answer if desk and desk.called else None)


@app.command()
def demo() -> None:
    """Show the whole path on recorded feedback: no account, no network, a temporary folder; ends by
    itself.

    Example: [bold]repwatch demo[/bold]
    """
    from monitor.demo.replay import replay  # the recorded world is loaded only for the show

    replay(out, err)


@contextmanager
def stopping_on_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set; a second Ctrl-C ends at once."""
    stop = threading.Event()

    def ask(number: int, _frame: object) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _rest(stop: threading.Event, seconds: float) -> None:
    """Wait, but no longer than until a signal comes."""
    end = time.monotonic() + seconds
    while not stop.is_set() and (left := end - time.monotonic()) > 0:
        stop.wait(min(left, 0.5))


def _print_reports(reports: tuple[SourceReport, ...], deliveries: dict[str, int]) -> None:
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
