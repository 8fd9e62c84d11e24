"""Acme's folder as it was under 0.1.0, with its database; `tests/data/v0.1.0` has the parts."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryFile

from tests.integration.acme_slack import NOW, Json
from tests.integration.command import run
from tests.world.launch import TIME, launch
from tests.world.program import SECONDS
from tests.world.transcript import Ended, Order

DATA = Path(__file__).parents[1] / "data" / "v0.1.0"


def restore(folder: Path) -> Path:
    """The folder with configuration, secrets, rules, files and the database."""
    copytree(DATA / "operator", folder)
    (folder / "env").rename(folder / ".env")
    copytree(DATA / "mistakes", folder / "mistakes")
    with closing(sqlite3.connect(folder / "repwatch.db")) as database:
        database.executescript((DATA / "database.sql").read_text("utf-8"))
    return folder


def environment(at: str = NOW) -> dict[str, str]:
    """What a command there is started with; it is this time for it."""
    return {"PATH": os.environ.get("PATH", os.defpath), "NO_COLOR": "1", TIME: at}


def run_all(folder: Path, orders: list[Order]) -> list[Ended]:
    """How each of these commands ended, one after the other, at a time that stands still."""
    with TemporaryFile() as given, TemporaryFile() as stdout, TemporaryFile() as stderr:
        given.write(json.dumps(orders).encode())
        given.seek(0)
        files = (given, stdout, stderr)
        launched = launch((), folder, environment(), *files, module="tests.world.batch")
        code = launched.wait(SECONDS)
        stdout.seek(0)
        stderr.seek(0)
        assert code == 0, stderr.read().decode()
        return [(code, said, errors) for code, said, errors in json.load(stdout)]


class Current:
    """The program as it is here."""

    def once(self, folder: Path, at: str) -> Ended:
        """Run `once --json` at a time that stands still."""
        done = run(folder, "once", "--json", env=environment(at))
        return done.code, done.stdout, done.stderr

    @contextmanager
    def run(self, folder: Path, at: str) -> Iterator[None]:
        """Let `run` work at a time that stands still, in a `with` statement."""
        with TemporaryFile() as given, TemporaryFile() as stdout, TemporaryFile() as stderr:
            running = launch(["run"], folder, environment(at), given, stdout, stderr)
            try:
                yield
                running.send_signal(signal.SIGTERM)
                assert running.wait(SECONDS) == 0
            finally:
                running.send_signal(signal.SIGKILL)

    def manifest(self) -> Json:
        """What `slack manifest --json` prints."""
        made: Json = run(DATA, "slack", "manifest", "--json").json
        return made
