"""What a test may leave behind in its process: nothing.

Tests share a worker. A logger, an environment variable or a library's function that one test
changes decides how a later one ends, and only in some orders. `prepare_process` sets what the
program sets once for its whole process, `take_snapshot` keeps what tests share, and
`list_leftovers` names what has changed.
"""

from __future__ import annotations

import datetime
import gc
import locale
import logging
import os
import random
import signal
import smtplib
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import tracemalloc
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import thread as pools
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import feedparser
import feedparser.api
import feedparser.mixin
import feedparser.namespaces._base
import feedparser.urls
import httpcore2
import httpx2
import praw
import prawcore
import requests
import requests.adapters
import sklearn.linear_model  # noqa: F401 - sets variables and filters for the whole process
import slack_sdk.web.base_client
import stamina
import stamina.instrumentation
import structlog
import time_machine

import sources.feed  # noqa: F401 - bounds functions of feedparser for the whole process
from monitor.http import HttpClient
from monitor.settings import HttpSettings
from tests.world.waiting import LAST_RESORT

#: Modules and classes of libraries: every attribute of theirs is compared.
PATCHABLE: Mapping[str, Any] = {
    "feedparser": feedparser,
    "feedparser.api": feedparser.api,
    "feedparser.mixin": feedparser.mixin,
    "feedparser.mixin._FeedParserMixin": feedparser.mixin._FeedParserMixin,
    "feedparser.namespaces._base": feedparser.namespaces._base,
    "feedparser.urls": feedparser.urls,
    "httpcore2.ConnectionPool": httpcore2.ConnectionPool,
    "httpx2.Client": httpx2.Client,
    "praw.Reddit": praw.Reddit,
    "praw.config.Config": praw.config.Config,
    "prawcore.rate_limit.RateLimiter": prawcore.rate_limit.RateLimiter,
    "prawcore.Requestor": prawcore.Requestor,
    "prawcore.sessions": prawcore.sessions,
    "prawcore.sessions.FiniteRetryStrategy": prawcore.sessions.FiniteRetryStrategy,
    "prawcore.Session": prawcore.Session,
    "requests.Session": requests.Session,
    "requests.adapters.HTTPAdapter": requests.adapters.HTTPAdapter,
    "slack_sdk.web.base_client.BaseClient": slack_sdk.web.base_client.BaseClient,
}
#: Functions and classes of Python's own.
BUILT_IN: tuple[tuple[Any, str], ...] = (
    (datetime, "datetime"),
    (datetime, "date"),
    (logging, "Logger"),
    (logging, "basicConfig"),
    (os, "environ"),
    (os, "urandom"),
    (random, "random"),
    (random, "uniform"),
    (smtplib, "SMTP"),
    (socket, "socket"),
    (socket, "create_connection"),
    (socket, "getaddrinfo"),
    (sqlite3, "connect"),
    (subprocess, "Popen"),
    (threading, "Thread"),
    (threading, "excepthook"),
    (time, "time"),
    (time, "monotonic"),
    (time, "sleep"),
    (sys, "excepthook"),
    (sys, "unraisablehook"),
    (sys, "argv"),
)
#: Loggers whose levels Bolt sets whenever somebody makes an app or a listener.
_SET_ANEW = "slack_bolt."
_BUILT_IN_PLACES = tuple((f"{place.__name__}.{name}", place, name) for place, name in BUILT_IN)
_SIGNALS = tuple(
    (f"handler of {number.name}", number)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGPIPE)
)
#: pytest's own, different in each phase of a test.
_NOT_COMPARED = b"PYTEST_CURRENT_TEST"
_ABSENT = "absent"

Loggers = dict[logging.Logger, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the tests of one worker share, at one moment."""

    environment: dict[bytes, bytes]
    settings: dict[str, object]
    loggers: Loggers
    attributes: dict[str, dict[str, Any]]  #: of PATCHABLE, by its names
    threads: frozenset[threading.Thread]


def prepare_process() -> None:
    """Set what the program sets once for its whole process, so that no test does so by being
    first.
    """
    HttpClient(HttpSettings()).close()  # quiets the loggers of its libraries
    # Reads praw.ini, which holds for all that follow.
    praw.Reddit(client_id="x", client_secret="x", user_agent="x", check_for_updates=False)
    structlog.reset_defaults()
    stamina.is_active()
    stamina.instrumentation.get_on_retry_hooks()


def take_snapshot() -> Snapshot:
    """Return what tests share as it is now."""
    # What os.environ keeps inside; to decode all of it would take longer than everything else.
    environment = vars(os.environ)["_data"].copy()
    environment.pop(_NOT_COMPARED, None)
    return Snapshot(
        environment,
        _settings(),
        _loggers(),
        {name: vars(place).copy() for name, place in PATCHABLE.items()},
        frozenset(threading.enumerate()),
    )


def list_leftovers(before: Snapshot, after: Snapshot, patience: float = LAST_RESORT) -> list[str]:
    """Return one line for each thing that became different between two snapshots.

    A logger or an attribute that is new belongs to the module that was imported meanwhile, and is
    no leftover. A thread that is about to end is waited for, `patience` seconds at most.
    """
    return [
        *_environment_differences(before.environment, after.environment),
        *_differences("", before.settings, after.settings),
        *_logger_differences(before.loggers, after.loggers),
        *_attribute_differences(before.attributes, after.attributes),
        *_lasting_threads(after.threads - before.threads, patience),
    ]


def _settings() -> dict[str, object]:
    """What has one value for the whole process."""
    try:
        folder = os.getcwd()  # noqa: PTH109 - three times as fast as Path.cwd
    except FileNotFoundError:
        folder = "a folder that is gone"
    log = structlog.get_config()
    return {
        "working folder": folder,
        "import path": tuple(sys.path),
        "locale": locale.setlocale(locale.LC_CTYPE),
        "time zone": time.tzname,
        "time limit of sockets": socket.getdefaulttimeout(),
        "filters of warnings": tuple(warnings.filters),
        "logging.disable": logging.root.manager.disable,
        "frozen clock": time_machine.escape_hatch.is_travelling(),
        "recursion limit": sys.getrecursionlimit(),
        "garbage collection": gc.isenabled(),
        "memory tracing": tracemalloc.is_tracing(),
        "stamina: retries": (stamina.is_active(), stamina.is_testing()),
        "stamina: hooks": stamina.instrumentation.get_on_retry_hooks(),
        "structlog: processors": tuple(log["processors"]),
        "structlog: factories": (log["wrapper_class"], log["context_class"], log["logger_factory"]),
        "structlog: caching": log["cache_logger_on_first_use"],
        **{name: signal.getsignal(number) for name, number in _SIGNALS},
        **{name: getattr(place, attribute) for name, place, attribute in _BUILT_IN_PLACES},
    }


def _loggers() -> Loggers:
    known = logging.root.manager.loggerDict.values()
    return {
        logger: (
            logger.level,
            logger.propagate,
            logger.disabled,
            *(_own(logger.handlers) if logger.handlers else ()),
            *logger.filters,
        )
        for logger in (logging.root, *known)
        if isinstance(logger, logging.Logger)
    }


def _own(handlers: list[logging.Handler]) -> list[logging.Handler]:
    """Those that pytest has not put there: it does so anew for each phase of a test."""
    return [one for one in handlers if not type(one).__module__.startswith("_pytest.")]


def _differences(
    where: str, before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[str]:
    if before == after:
        return
    for name in sorted(before.keys() | after.keys()):
        was, is_now = before.get(name, _ABSENT), after.get(name, _ABSENT)
        if was is not is_now and was != is_now:
            yield f"{where}{name} was {_shown(was)} and is {_shown(is_now)}"


def _environment_differences(
    before: Mapping[bytes, bytes], after: Mapping[bytes, bytes]
) -> Iterator[str]:
    if before != after:
        decoded = (
            {os.fsdecode(name): os.fsdecode(value) for name, value in variables.items()}
            for variables in (before, after)
        )
        yield from _differences("environment: ", *decoded)


def _logger_differences(before: Loggers, after: Loggers) -> Iterator[str]:
    if before == after:
        return
    for logger, was in before.items():
        if logger.name.startswith(_SET_ANEW):
            continue
        is_now = after.get(logger, was)
        yield from _differences(f"logger {logger.name}: ", _named(was), _named(is_now))


def _named(logger: tuple[Any, ...]) -> dict[str, object]:
    level, propagates, disabled, *handlers = logger
    return {
        "level": level,
        "propagate": propagates,
        "disabled": disabled,
        "handlers and filters": handlers,
    }


def _attribute_differences(
    before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    if before == after:
        return
    for place, was in before.items():
        known = {name: value for name, value in after[place].items() if name in was}
        yield from _differences(f"attribute {place}.", was, known)


def _lasting_threads(new: frozenset[threading.Thread], patience: float) -> Iterator[str]:
    """Yield a line for each thread that does not end.

    Ours have names, and are waited for also where they would end with the process: one that goes on
    in the next test sends, logs and draws random numbers there. Those that a library keeps to
    itself are left out, and the workers of a pool: they wait, and end with it.
    """
    for thread in new:
        is_library_s = thread.daemon and thread.name.startswith("Thread-")
        if is_library_s or _is_of_a_pool(thread):
            continue
        with suppress(RuntimeError):  # one that has not been started
            thread.join(patience)
        if thread.is_alive():
            yield f"thread {thread.name} still runs"


def _is_of_a_pool(thread: threading.Thread) -> bool:
    return thread in pools._threads_queues or thread.name == "AnyIO worker thread"


def _shown(value: object) -> str:
    """A value on one line, cut where it is endless."""
    said = " ".join(repr(value).split())
    return said if len(said) <= 200 else f"{said[:200]}..."
