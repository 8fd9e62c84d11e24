"""repwatch as a service: polling, sending, Slack and the web together, until a signal comes."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from monitor import bootstrap
from monitor.cli.program import open_program, stop_on_signals
from monitor.jobs.in_process import run_until_stopped
from monitor.slack.mode import InboundMode, choose_mode

if TYPE_CHECKING:
    from monitor.slack_app.app import SlackApp
    from monitor.web.server import WebServer

#: Seconds that requests in hand have when the program stops.
_WEB_STOP = 2.0
#: Seconds that what people have just done has when the program stops; the rest waits in the inbox.
_SLACK_STOP = 3.0


def run_service(config: Path) -> None:
    """Run everything that the configuration asks for until SIGTERM or SIGINT, then finish it.

    Ends the process where something hangs. Raises ConfigError and StoreError.
    """
    with stop_on_signals() as stop, open_program(config, stop.is_set) as program:
        slack_app = _start_slack_app(program, stop)
        if slack_app:
            program.watchdog.checks = (*program.watchdog.checks, slack_app.find_problems)
        web = _start_web(program, stop, slack_app)
        freeze_startup_objects()
        ended = run_until_stopped(program, stop)
        if slack_app:
            slack_app.join(_SLACK_STOP)
        if web:
            web.join(_WEB_STOP)
        if not ended:
            _exit_at_once(program)


def _start_slack_app(program: bootstrap.App, stop: threading.Event) -> SlackApp | None:
    """Start what people do in Slack, where the configuration asks for it; `stop` ends it."""
    choice = choose_mode(program.config.settings)
    structlog.get_logger(__name__).info("desk", says=choice.reason)
    if choice.mode is InboundMode.OFF:
        return None
    from monitor.slack_app.app import SlackApp  # slack_bolt is loaded only where it works

    slack_app = SlackApp(program, bootstrap.utc_now)
    slack_app.start(stop)
    return slack_app


def _start_web(
    program: bootstrap.App, stop: threading.Event, slack_app: SlackApp | None
) -> WebServer | None:
    """Start the web application, where the configuration asks for it; `stop` ends it."""
    if not program.config.settings.web.listen:
        return None
    from monitor.web.server import start_web_server  # FastAPI is loaded only where it works

    if slack_app and slack_app.receives_http:
        return start_web_server(program, stop, slack_app.answer_request)
    return start_web_server(program, stop, None)


def _exit_at_once(program: bootstrap.App) -> None:
    """End the process without waiting for threads: a server that hangs holds one.

    Nothing is half-written: a transaction that was open is undone.
    """
    program.sender.release_lease()
    program.publisher.release_lease()
    sys.stderr.flush()
    os._exit(0)


def freeze_startup_objects() -> None:
    """Take what was made so far out of garbage collection: going through it all would stop every
    thread for 0.1 s.

    What reading tables and configuration has left behind is given back to the machine.
    """
    gc.collect()
    _give_back_memory()
    gc.freeze()


#: The number of glibc's parameter for how many heaps its threads share (mallopt, malloc.h).
_M_ARENA_MAX = -8


def _give_back_memory() -> None:
    """Return free memory to the machine, and let the threads to come share one heap.

    Where the C library can: glibc keeps what was freed, and gives each thread a heap of its own.
    """
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_M_ARENA_MAX, 1)
        library.malloc_trim(0)
