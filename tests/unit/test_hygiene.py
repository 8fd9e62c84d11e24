"""What a test leaves behind is found, and fails that test."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import praw.config
import pytest
import stamina
import structlog
import time_machine

from tests.hygiene import list_leftovers, take_snapshot

ROOT = Path(__file__).parents[2]
LOGGER = logging.getLogger("repwatch.tests.hygiene")


@contextmanager
def _variable() -> Iterator[None]:
    os.environ["REPWATCH_PLANTED"] = "yes"
    yield
    del os.environ["REPWATCH_PLANTED"]


@contextmanager
def _folder() -> Iterator[None]:
    before = Path.cwd()
    os.chdir("/")
    yield
    os.chdir(before)


@contextmanager
def _level() -> Iterator[None]:
    LOGGER.setLevel(logging.ERROR)
    yield
    LOGGER.setLevel(logging.NOTSET)


@contextmanager
def _disabled() -> Iterator[None]:
    LOGGER.disabled = True
    yield
    LOGGER.disabled = False


@contextmanager
def _handler() -> Iterator[None]:
    handler = logging.NullHandler()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)


@contextmanager
def _silence() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@contextmanager
def _attribute() -> Iterator[None]:
    before = praw.config.Config.CONFIG
    praw.config.Config.CONFIG = ConfigParser({"planted": "yes"})
    yield
    praw.config.Config.CONFIG = before


@contextmanager
def _log() -> Iterator[None]:
    structlog.configure(cache_logger_on_first_use=True)
    yield
    structlog.reset_defaults()


@contextmanager
def _signal() -> Iterator[None]:
    # A handler of our own: what a process was started with may be to ignore the signal.
    before = signal.signal(signal.SIGHUP, lambda *_: None)
    yield
    signal.signal(signal.SIGHUP, before)


@contextmanager
def _warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _sockets() -> Iterator[None]:
    socket.setdefaulttimeout(60)
    yield
    socket.setdefaulttimeout(None)


@contextmanager
def _collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@contextmanager
def _thread() -> Iterator[None]:
    free = threading.Event()
    thread = threading.Thread(target=free.wait, name="planted")
    thread.start()
    yield
    free.set()
    thread.join()


PLANTED: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "environment: REPWATCH_PLANTED was 'absent' and is 'yes'": _variable,
    "working folder was ": _folder,
    "logger repwatch.tests.hygiene: level was 0 and is 40": _level,
    "logger repwatch.tests.hygiene: disabled was False and is True": _disabled,
    "logger root: handlers and filters was ": _handler,
    "logging.disable was 0 and is 50": _silence,
    "attribute praw.config.Config.CONFIG was ": _attribute,
    "structlog: caching was False and is True": _log,
    "stamina: retries was ": lambda: stamina.set_testing(True),
    "frozen clock was False and is True": lambda: time_machine.travel(0, tick=False),
    "handler of SIGHUP was ": _signal,
    "filters of warnings was ": _warnings,
    "time limit of sockets was None and is 60.0": _sockets,
    "garbage collection was True and is False": _collector,
    "thread planted still runs": _thread,
}


@pytest.mark.parametrize("says", PLANTED)
def test_what_is_left_behind_is_named(says: str) -> None:
    """Each thing that tests share is looked at, and one line says what became of it."""
    before = take_snapshot()
    with PLANTED[says]():
        (found,) = list_leftovers(before, take_snapshot(), patience=0.01)
    assert found.startswith(says)
    assert list_leftovers(before, take_snapshot()) == []


def test_what_is_new_belongs_to_whoever_made_it() -> None:
    """A logger that did not exist before was set by the module that was imported meanwhile."""
    before = take_snapshot()
    logging.getLogger(f"repwatch.tests.{id(before)}").setLevel(logging.ERROR)
    assert list_leftovers(before, take_snapshot()) == []


def test_the_test_that_leaves_something_fails_and_the_next_does_not(tmp_path: Path) -> None:
    """Every test has the fixture without asking for it; the line names what was left."""
    (tmp_path / "conftest.py").write_text(
        "from tests.conftest import _leaves_nothing_behind as _leaves_nothing_behind\n"
    )
    (tmp_path / "test_planted.py").write_text(
        "import os\ndef test_first():\n    os.environ['PLANTED'] = 'yes'\ndef test_second(): pass\n"
    )
    told = subprocess.run(  # noqa: S603 - our own words
        [
            sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(tmp_path),
            "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist", str(tmp_path),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout  # fmt: skip
    assert "left behind: environment: PLANTED was 'absent' and is 'yes'" in told
    assert "2 passed, 1 error" in told
