"""The program behind a command: opened as configured, closed at the end, stopped by signals."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from monitor import bootstrap
from monitor.cli.terminal import out, to_terminal_text, warn
from monitor.logs import configure_logging
from monitor.tuning.rule_layers import EffectiveRules


@contextmanager
def open_program(
    config: Path, stopping: Callable[[], bool] = lambda: False, *, cards: Console = out
) -> Iterator[bootstrap.App]:
    """Open the whole program as configured, and close it at the end.

    Without Slack, alerts are shown on `cards`. Raises ConfigError and StoreError.
    """
    checked = bootstrap.load_checked_config(config, os.environ, stopping)
    configure_logging(checked.settings.log, checked.settings.secrets.redact)
    program = bootstrap.build_app(checked, cards)
    try:
        yield program
    finally:
        program.close()


def load_effective_rules(config: Path) -> EffectiveRules:
    """Return the rules that hold: those of the configuration and, over presets, what people saved.

    What of it does not hold is told on standard error. Raises ConfigError and StoreError.
    """
    checked = bootstrap.load_checked_config(config, os.environ)
    checked.http.close()
    effective = bootstrap.load_effective_rules(checked)
    for note in effective.notes:
        warn(f"note: {to_terminal_text(note)}")
    return effective


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """Yield an event that SIGTERM and SIGINT set; a second Ctrl-C ends at once."""
    stop = threading.Event()

    def request_stop(number: int, _frame: object) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, request_stop) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
