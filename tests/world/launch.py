"""Commands in processes of their own, without the second that each would spend on loading the
program.

A process beside the tests has loaded everything and does nothing else; for each command it splits
in two (fork), and the new process gets a folder, an environment and files of its own, runs
`monitor.__main__` and ends as any other does.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from struct import Struct
from typing import BinaryIO, NoReturn

import time_machine

from tests.world.waiting import LAST_RESORT

#: A variable of the environment with the time that it is for a command: it stands still.
TIME = "REPWATCH_TESTS_TIME"
#: What commands load, now or when they need it; the web framework and the models' trainer are left
#: to the few that do.
_LOADED = (
    "alembic.command",
    "alembic.runtime.migration",
    "holidays",
    "monitor.checks",
    "monitor.cli",
    "monitor.cli.alert_actions",
    "monitor.cli.cycle",
    "monitor.cli.export_rows",
    "monitor.cli.importing",
    "monitor.cli.model_views",
    "monitor.cli.scoring",
    "monitor.pipeline.search",
    "monitor.slack.manifest",
    "monitor.slack.mode",
    "monitor.slack.notifier",
    "monitor.store.migrations",
    "praw",
    "rich.progress",
    "rules.conditions.text",
    "sources.csv_file",
    "sources.feed",
    "typer.rich_utils",
)
_NUMBER = Struct("!q")
_ROOT = Path(__file__).parents[2]


class Launched:
    """A command under way; used as a Popen is."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._reading = threading.Lock()
        self.returncode: int | None = None
        self.pid = self._told(line)

    def poll(self) -> int | None:
        """The code with which it ended; None while it runs."""
        if self._reading.acquire(blocking=False):  # else another thread waits for its end
            try:
                with suppress(subprocess.TimeoutExpired):
                    self._read(0)
            finally:
                self._reading.release()
        return self.returncode

    def wait(self, timeout: float) -> int:
        """The code with which it ends, negative for a signal; TimeoutExpired when that takes
        longer.
        """
        with self._reading:
            return self._read(timeout)

    def _read(self, timeout: float) -> int:
        if self.returncode is None:
            self._line.settimeout(timeout)
            try:
                self.returncode = self._told(self._line)
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout) from None
            self._line.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """As `kill` does; nothing when it has ended: its number may be that of another process by
        now.
        """
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    @staticmethod
    def _told(line: socket.socket) -> int:
        told = line.recv(_NUMBER.size)
        assert told, "the process that has everything loaded has ended; its standard error says why"
        (number,) = _NUMBER.unpack(told)
        assert isinstance(number, int)
        return number


def launch(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *files: BinaryIO,
    module: str = "monitor",
) -> Launched:
    """Start `python -m monitor` with these arguments, this environment and no other, and these
    three standard files; or another module.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(_nursery(), [b"."], [theirs.fileno(), *(file.fileno() for file in files)])
    wanted = {
        "module": module,
        "arguments": arguments,
        "folder": str(folder),
        "environment": dict(environment),
    }
    ours.sendall(json.dumps(wanted).encode() + b"\n")
    return Launched(ours)


@cache
def _nursery() -> socket.socket:
    """The way to the process that has everything loaded; that one ends when ours is closed, so with
    this process.
    """
    ours, theirs = socket.socketpair()
    code = f"from tests.world.launch import serve; serve({theirs.fileno()})"
    bytecode = {"PYTHONDONTWRITEBYTECODE": "1"} if sys.dont_write_bytecode else {}
    process = subprocess.Popen(  # noqa: S603 - the tests' own words
        [sys.executable, "-c", code],
        cwd=_ROOT,
        env={
            "PATH": os.environ.get("PATH", os.defpath),
            "NO_COLOR": "1",
            "OPENBLAS_NUM_THREADS": "1",
            **bytecode,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=[theirs.fileno()],
    )
    theirs.close()

    @atexit.register
    def _end() -> None:
        ours.close()
        process.wait(LAST_RESORT)

    return ours


def serve(number: int) -> None:
    """Load everything, then split off a process for each command that comes over this socket."""
    orders = socket.socket(fileno=number)
    _load()
    gc.freeze()
    while True:
        word, files, _, _ = socket.recv_fds(orders, 1, 4)
        if not word:
            return
        if os.fork() == 0:
            orders.close()
            _attend(socket.socket(fileno=files[0]), files[1:])
            return
        for file in files:
            os.close(file)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass


def _load() -> None:
    """All of the modules, and the tables that are read with the first feedback."""
    for name in _LOADED:
        import_module(name)
    from monitor.analysis.analyzer import Analyzer
    from monitor.testing import make_feedback

    Analyzer().analyze(make_feedback("The app crashes."))
    assert threading.active_count() == 1, "what runs in another thread does not survive a fork"


def _attend(line: socket.socket, files: Sequence[int]) -> None:
    """Split off the command itself, and tell over the line its number and how it ended."""
    wanted = json.loads(line.makefile("rb").readline())
    command = os.fork()
    if command:
        for file in files:
            os.close(file)
        _tell(line, command)
    line.close()
    for target, file in enumerate(files):
        os.dup2(file, target)
        os.close(file)
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    if at := os.environ.pop(TIME, ""):
        time_machine.travel(datetime.fromisoformat(at), tick=False).start()
    sys.argv[1:] = wanted["arguments"]
    sys.path[0] = wanted["folder"]
    runpy.run_module(wanted["module"], run_name="__main__", alter_sys=True)


def _tell(line: socket.socket, command: int) -> NoReturn:
    with suppress(BrokenPipeError):
        line.sendall(_NUMBER.pack(command))
        _, status = os.waitpid(command, 0)
        line.sendall(_NUMBER.pack(os.waitstatus_to_exitcode(status)))
    os._exit(0)
