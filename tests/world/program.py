"""The program as its users run it: a folder with its files, a command in a process of its own, and
what came of it.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.world.launch import Launched, launch
from tests.world.reddit import Reddit
from tests.world.slack import BOT_TOKEN, CHANNEL, Slack
from tests.world.waiting import LAST_RESORT

Table = Mapping[str, Any]

SECONDS = LAST_RESORT  #: no command of a test takes so long
#: Every feedback whose text holds "broken" is an alert of its own.
BROKEN: Table = {
    "id": "broken",
    "name": "Something is broken",
    "group_by": ["feedback"],
    "all": [{"text": "broken"}],
}

#: Every stored time that a decision about sending or polling looks at.
_TIMES = (
    ("alerts", "opened_at"),
    ("alerts", "updated_at"),
    ("deliveries", "created_at"),
    ("deliveries", "not_before"),
    ("deliveries", "attempted_at"),
    ("deliveries", "sent_at"),
    ("leases", "expires_at"),
    ("source_states", "last_attempt_at"),
    ("source_states", "last_success_at"),
    ("source_states", "due_at"),
)
_NEVER = "0002"  # a lease that was given back ended in the year 1
_NO_LIMITS: Table = {"posts_per_second": 0, "cards_per_hour": 0, "settle_seconds": 0.1}
# Where the tests run without bytecode, every command would spend two seconds on compiling.
_BYTECODE = Path(tempfile.gettempdir()) / "repwatch-tests-bytecode"


@dataclass(frozen=True, slots=True)
class Result:
    """What a command left behind."""

    code: int  #: negative for the signal that ended it
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON document."""
        return json.loads(self.stdout)

    @property
    def lines(self) -> list[str]:
        """What people read on standard error."""
        return self.stderr.splitlines()


class Running:
    """A command under way, in a `with` statement; what still runs at its end is killed."""

    def __init__(
        self,
        program: Program,
        process: subprocess.Popen[bytes] | Launched,
        outputs: tuple[Path, Path],
    ) -> None:
        self._program = program
        self._process = process
        self._outputs = outputs

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self.kill()
            self._process.wait(SECONDS)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def ended(self) -> bool:
        """True once the process has ended."""
        return self._process.poll() is not None

    @property
    def stderr(self) -> str:
        """What it has said so far."""
        return self._outputs[1].read_text("utf-8")

    def kill(self) -> None:
        """End it at once, as a power cut would; harmless when it has ended."""
        self._process.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end, as a service manager does."""
        self._process.send_signal(signal.SIGTERM)

    def result(self, seconds: float = SECONDS) -> Result:
        """Wait for its end; subprocess.TimeoutExpired should it take longer than this."""
        code = self._process.wait(seconds)
        stdout, stderr = (path.read_text("utf-8") for path in self._outputs)
        return self._program.checked(Result(code, stdout, stderr))


class Program:
    """repwatch with a configuration, rules, secrets and a database of its own.

    Cards go to `slack`, without limits unless a test sets some. Whatever a command prints is
    checked: no secret and no traceback is ever in it.
    """

    def __init__(
        self, folder: Path, slack: Slack | None = None, reddit: Reddit | None = None
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._slack = slack
        self._count = 0
        self.secrets = {"SLACK_BOT_TOKEN": BOT_TOKEN} if slack else {}
        if reddit:
            self.secrets |= {
                "REDDIT_CLIENT_ID": reddit.client_id,
                "REDDIT_CLIENT_SECRET": reddit.client_secret,
            }

    @property
    def database(self) -> Path:
        """The file of the database."""
        return self.folder / "repwatch.db"

    def configure(
        self, *sources: Table, rules: Sequence[Table] = (BROKEN,), **sections: Table
    ) -> None:
        """Write config.toml, rules.toml and .env; `sections` are laid over what suits the local
        servers.
        """
        slack: Table = {}
        if self._slack:
            slack = {"default_channel": CHANNEL, "api_url": self._slack.api_url, **_NO_LIMITS}
        usual: dict[str, Table] = {
            "slack": slack,
            "http": {"allow_private_networks": True},
            "rules": {"file": "rules.toml"},
        }
        tables = {
            name: {**usual.get(name, {}), **sections.get(name, {})} for name in usual | sections
        }
        self._write(
            "config.toml",
            *(_table(f"[{name}]", table) for name, table in tables.items()),
            *map(_source, sources),
        )
        self._write("rules.toml", *(_table("[[rules]]", rule) for rule in rules))
        self._write(".env", *(f"{name}={value}" for name, value in self.secrets.items()))

    def run(self, *arguments: str, file_blocks: int = 0) -> Result:
        """Run one command to its end; with `file_blocks`, no file can grow beyond so many blocks of
        512 bytes.
        """
        with self.start(*arguments, file_blocks=file_blocks) as running:
            return running.result()

    def once(self, drain: float = 0) -> Result:
        """Run one cycle to its end, with the summary as JSON."""
        return self.run("once", "--json", *(("--drain", str(drain)) if drain else ()))

    def start(self, *arguments: str, file_blocks: int = 0, fresh: bool = False) -> Running:
        """Start one command; a `fresh` one loads the program itself, as a user's does, which takes
        a second.
        """
        self._count += 1
        outputs = (self.folder / f"{self._count}.stdout", self.folder / f"{self._count}.stderr")
        with (
            Path(os.devnull).open("rb") as stdin,
            outputs[0].open("wb") as stdout,
            outputs[1].open("wb") as stderr,
        ):
            if not (fresh or file_blocks):
                return Running(
                    self,
                    launch(arguments, self.folder, _environment(), stdin, stdout, stderr),
                    outputs,
                )
            command, environment = [sys.executable, "-m", "monitor", *arguments], _environment()
            if file_blocks:
                # Python itself takes no notice when a file of bytecode is cut short, and no later
                # start could read it.
                environment["PYTHONDONTWRITEBYTECODE"] = "1"
                command = ["sh", "-c", f'ulimit -f {file_blocks} && exec "$0" "$@"', *command]
            process = subprocess.Popen(  # noqa: S603 - the tests' own words
                command, cwd=self.folder, env=environment, stdin=stdin, stdout=stdout, stderr=stderr
            )
        return Running(self, process, outputs)

    def checked(self, result: Result) -> Result:
        """The result, if it is fit for people to see."""
        assert "Traceback" not in result.stderr, result.stderr
        for value in self.secrets.values():
            assert value not in result.stdout + result.stderr, "a secret was printed"
        return result

    def query(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows that SQLite gives for a statement; a change is committed."""
        with closing(sqlite3.connect(self.database)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def deliveries(self) -> Counter[str]:
        """How many deliveries are in each state."""
        return Counter(dict(self.query("SELECT state, count(*) FROM deliveries GROUP BY state")))

    def seconds_to_next_delivery(self) -> float:
        """How long the outbox has nothing to do; 0 where something is due."""
        ((at,),) = self.query(
            "SELECT min(not_before) FROM deliveries WHERE state IN ('pending', 'uncertain')"
        )
        due = datetime.fromisoformat(at).replace(tzinfo=UTC) if at else datetime.now(UTC)
        return max(0.0, (due - datetime.now(UTC)).total_seconds())

    def let_pass(self, seconds: float) -> None:
        """Let time pass for everything that is stored, without waiting for it."""
        with closing(sqlite3.connect(self.database)) as connection, connection:
            for table, column in _TIMES:
                found = connection.execute(f"SELECT rowid, {column} FROM {table}").fetchall()  # noqa: S608
                moved = [(_earlier(at, seconds), row) for row, at in found if at and at > _NEVER]
                connection.executemany(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", moved)  # noqa: S608

    def _write(self, name: str, *parts: str) -> None:
        (self.folder / name).write_text("\n".join(parts) + "\n", "utf-8")


def delivery_ids(slack: Slack) -> list[str]:
    """The delivery that each message in the workspace belongs to, oldest first."""
    return [(message.metadata or {})["event_payload"]["delivery_id"] for message in slack.postings]


def _environment() -> dict[str, str]:
    """Nothing of the machine's but where to find programs: no proxies, no secrets."""
    bytecode = {"PYTHONPYCACHEPREFIX": str(_BYTECODE)} if sys.dont_write_bytecode else {}
    return {"PATH": os.environ.get("PATH", os.defpath), "NO_COLOR": "1", **bytecode}


def _source(source: Table) -> str:
    return _table("[[sources]]", source)


def _table(head: str, values: Table) -> str:
    return "\n".join([head, *(f"{key} = {_toml(value)}" for key, value in values.items()), ""])


def _toml(value: object) -> str:
    """A value as TOML writes it; JSON's strings, numbers and lists are the same there."""
    if isinstance(value, Mapping):
        return (
            "{ "
            + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items())
            + " }"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _earlier(at: str, seconds: float) -> str:
    moved = datetime.fromisoformat(at) - timedelta(seconds=seconds)
    return moved.isoformat(sep=" ", timespec="microseconds")
