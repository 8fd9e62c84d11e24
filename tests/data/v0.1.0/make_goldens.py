"""What the program of commit b0c6ba2 says of the database that it has made.

Runs with that commit's code alone; the README beside it says how.
"""
# ruff: noqa: E501, S603 - lists of commands

from __future__ import annotations

import importlib.util
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from shutil import copytree
from types import ModuleType
from typing import Any

import time_machine

DATA = Path(__file__).parent
#: Starts the program at a time that stands still.
_START = """
import runpy, sys, time_machine
from datetime import datetime
time_machine.travel(datetime.fromisoformat(sys.argv.pop(1)), tick=False).start()
runpy.run_module("monitor", run_name="__main__", alter_sys=True)
"""


def _ours(folder: str, name: str) -> ModuleType:
    """A module of today's tests, which stands beside that commit's."""
    spec = importlib.util.spec_from_file_location(name, DATA.parents[1] / folder / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


batch, transcripts = _ours("world", "batch"), _ours("world", "transcript")
places = _ours("integration", "acme_slack")

#: Alerts with a history of their own; the others are like one of them.
ALERTS = (
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    12,
    14,
    15,
    16,
    17,
    18,
    20,
    21,
    22,
    36,
    37,
    38,
    41,
    42,
    43,
    46,
    47,
    49,
    52,
)
#: Some of them, and one that there is not.
IN_JSON = (2, 3, 8, 49, 99)
READING = " -c reading.toml"
GROUPS = {
    "": ("demo", "init", "check", "once", "run", "score", "import", "search", "collect", "forget"),
    "alerts": ("list", "show", "ack", "assign", "release", "reply", "resolve", "dismiss", "snooze", "wake", "reopen",
               "escalate", "correct", "note"),
    "sources": ("resume",),
    "rules": ("check", "list"),
    "model": ("status", "train", "off"),
    "export": ("feedback", "alerts"),
    "slack": ("manifest",),
    "db": ("upgrade",),
}  # fmt: skip
QUERIES = (
    "refund", "crash* OR freez*", '"log in"', "site NEAR/3 down", "refund NOT juice", "(refund",
    "surkea", "Tisch", "money AND soup",
)  # fmt: skip


def helps() -> Iterator[str]:
    """Every command's help."""
    yield from ("--help", "--version", "nonsense", "alerts lst", "search")
    for group, commands in GROUPS.items():
        if group:
            yield f"{group} --help"
        yield from (f"{group} {command} --help".strip() for command in commands)


def lists() -> Iterator[str]:
    """Alerts in lists, by every filter."""
    filters = [
        "--limit 1000",
        "--status open --status snoozed --limit 4",
        "--mine --by U0ANNA0001",
        "--mine --by dana",
    ]
    filters += [
        "--unclaimed",
        "--late --unclaimed",
        "--rule crash --late",
        "--status gone",
        "--limit 0",
        "--mine --unclaimed",
    ]
    filters += [
        "--status dismissed --status replied --json",
        "--mine --by U0BERT0002 --limit 3 --json",
    ]
    yield from (f"alerts list {one}{READING}" for one in filters)


def shows() -> Iterator[str]:
    """Each alert, and one that there is not."""
    yield from (f"alerts show {number}{READING}" for number in ALERTS)
    yield from (f"alerts show {number} --json{READING}" for number in IN_JSON)


def searches() -> Iterator[str]:
    """Words that are found, and not found."""
    yield from (f"search {transcripts.shlex.quote(query)}{READING}" for query in QUERIES)
    yield f"search refund --source reddit --since 2026-11-12 --limit 2 --json{READING}"
    yield f"search 'crash*' --json --limit 3{READING}"
    yield "search crash --since yesterday"


def exports() -> Iterator[str]:
    """All that there is, in both forms."""
    yield f"export feedback{READING}"
    yield f"export feedback --format jsonl --source ios{READING}"
    yield f"export alerts --format csv{READING}"
    yield f"export alerts --format jsonl --status resolved --status dismissed --status snoozed{READING}"


def others() -> Iterator[str]:
    """Sources, rules, models and the database, as configured in full."""
    yield from ("sources", "sources --json", "rules list", "rules list --json", "model status")
    yield from (
        "alerts list --limit 5",
        "alerts show 2",
        "search soup --json",
        "import nps.csv --source nps --json",
    )
    yield from ("import nps.csv --source forum", "sources resume old-blog", "sources resume nobody")
    yield from (f"{command}{READING}" for command in (
        "model status --json", "model train --if-due --json", "model train", "db upgrade", "model off",
        "model status", "forget q_user", "search case --source reddit --json", "alerts show 8",
    ))  # fmt: skip
    yield from ("slack manifest --http https://watch.acme.example --json", "slack manifest", "init")
    yield "slack manifest --http acme"


def acts() -> Iterator[str]:
    """What people do in the terminal, one after the other."""
    by, other = f"--by U0ANNA0001{READING}", f"--by dana{READING}"
    yield f"alerts ack 48 {by}"
    yield f"alerts ack 46 {by} --json"
    yield f"alerts assign 46 U0BERT0002 --note 'he knows it' {other}"
    yield f"alerts release 46 {by}"
    yield f"alerts snooze 46 --for 4h --worse {by}"
    yield f"alerts snooze 46 --members 1 {by}"
    yield f"alerts snooze 46 --for 60d {by}"
    yield f"alerts wake 46 {by}"
    yield f"alerts wake 46 {by}"
    yield f"alerts escalate 46 {by}"
    yield f"alerts escalate 46 {by}"
    yield f"alerts reply 46 {by} --note 'by phone'"
    yield f"alerts correct 46 {by}"
    yield f"alerts correct 46 --sentiment negative --stage use {by}"
    yield f"alerts note 46 'They wait for a call' {by}"
    yield f"alerts reopen 46 {by}"
    yield f"alerts resolve 46 --root-cause delivery --action refunded {by}"
    yield f"alerts reply 46 {by}"
    yield f"alerts reopen 46 --note 'not fixed' {by}"
    yield f"alerts dismiss 46 {by} --json"
    yield "alerts ack nothing"
    yield f"alerts show 46{READING}"


def scores() -> Iterator[str]:
    """Words on their own."""
    yield "score < texts.txt"
    yield "score --text 'The app crashes and nobody answers'"
    yield 'score --text \'{"text": "not JSON here"}\' --json'
    yield "score < bad_rating.txt"


def mistakes() -> Iterator[str]:
    """Configurations and rules with mistakes in them."""
    for file in sorted((DATA / "mistakes").glob("*.toml")):
        rules = file.name.startswith("rules")
        yield (
            f"rules check mistakes/{file.name}" if rules else f"check --config mistakes/{file.name}"
        )
    yield "check --config nowhere.toml"
    yield "rules check nowhere.toml"


TRANSCRIPTS = {
    "help": helps, "alerts-list": lists, "alerts-show": shows, "search": searches, "export": exports,
    "others": others, "acts": acts, "score": scores, "mistakes": mistakes,
}  # fmt: skip


def restore(folder: Path) -> None:
    """The operator's folder with the database in it."""
    copytree(DATA / "operator", folder)
    (folder / "env").rename(folder / ".env")
    copytree(DATA / "mistakes", folder / "mistakes")
    with closing(sqlite3.connect(folder / "repwatch.db")) as database:
        database.executescript((DATA / "database.sql").read_text("utf-8"))


def run_all(folder: Path, orders: list[Any], at: str = places.NOW) -> list[Any]:
    """The commands in a process of their own, at a time that stands still."""
    with tempfile.TemporaryFile() as told:
        child = os.fork()
        if not child:
            os.chdir(folder)
            path = os.environ["PATH"]
            os.environ.clear()
            os.environ.update({"PATH": path, "NO_COLOR": "1"})
            time_machine.travel(datetime.fromisoformat(at), tick=False).start()
            sys.argv[0] = "-c"
            sys.path[0] = str(folder)
            told.write(json.dumps([batch.ended(*order) for order in orders]).encode())
            told.flush()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        told.seek(0)
        return json.load(told)


class Old:
    """The program of that commit."""

    def once(self, folder: Path, at: str) -> tuple[int, str, str]:
        """Run `once --json` at a time that stands still."""
        done = self._started(folder, at, "once", "--json")
        out, err = done.communicate(timeout=120)
        return done.returncode, out, err

    @contextmanager
    def run(self, folder: Path, at: str) -> Iterator[None]:
        """Let `run` work at a time that stands still, in a `with` statement."""
        running = self._started(folder, at, "run")
        try:
            yield
        finally:
            running.terminate()
            sys.stderr.write(running.communicate(timeout=30)[1])

    def manifest(self) -> Any:
        """What `slack manifest --json` prints."""
        return json.loads(
            self._started(DATA, places.NOW, "slack", "manifest", "--json").communicate()[0]
        )

    def _started(self, folder: Path, at: str, *arguments: str) -> subprocess.Popen[str]:
        environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH")} | {
            "NO_COLOR": "1"
        }
        command = [sys.executable, "-c", _START, at, *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, cwd=folder, env=environment, stdout=pipe, stderr=pipe, text=True
        )


def in_slack() -> dict[str, str]:
    """What is shown in Slack, and how it goes on there."""
    messages = json.loads((DATA / "slack.json").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as place:
        shown, later = Path(place) / "shown", Path(place) / "later"
        restore(shown)
        restore(later)
        return places.cards_of(Old(), shown) | places.gone_on_with(Old(), later, messages)


def load() -> None:
    """Everything that a command needs, once."""
    from monitor import cli
    from monitor.analysis.analyzer import Analyzer
    from monitor.testing import make_feedback

    assert cli.app
    Analyzer().analyze(make_feedback("The app crashes."))


def main(*only: str) -> None:
    """Write the golden files."""
    (DATA / "golden").mkdir(exist_ok=True)
    if not only or "slack" in only:
        for name, text in in_slack().items():
            (DATA / "golden" / name).write_text(text, "utf-8")
            sys.stderr.write(f"{name}: {len(text)}\n")
    load()
    for name, commands in TRANSCRIPTS.items():
        if only and name not in only:
            continue
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place).resolve() / "acme"
            restore(folder)
            said = transcripts.transcript(list(commands()), partial(run_all, folder), folder, DATA)
        (DATA / "golden" / f"{name}.txt").write_text(said, "utf-8")
        sys.stderr.write(f"{name}: {len(said)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
