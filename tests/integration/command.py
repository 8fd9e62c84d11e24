"""A command in a process and a folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile

from tests.world.launch import launch
from tests.world.program import SECONDS, Result

#: A survey of one row a line; every row is new when the test runs, since no date is given to most
#: of them.
SURVEY = """\
[rules]
file = "rules.toml"

[[sources]]
id = "survey"
kind = "csv_file"
path = "survey.csv"

[sources.mapping]
id = "id"
body = "answer"
author = "who"
rating = "stars"
"""
RULES = """\
[[rules]]
id = "crash"
name = "App crashes"
severity = "high"
group_by = ["feedback"]
all = [{ text = "crash*" }]
"""
ROWS = """\
id,answer,who,stars
1,the app crashes [bold]always[/bold],Ann,1
2,"=HYPERLINK(""https://evil.example"")",Bob,5
3,all is well,Ann,4
"""


def run(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    fresh: bool = False,
) -> Result:
    """The end of one command; whatever it was, people see no traceback.

    A `fresh` one loads the program itself, as a user's does, which takes a second.
    """
    environment = {"PATH": os.environ.get("PATH", os.defpath), "NO_COLOR": "1", **(env or {})}
    with TemporaryFile() as given, TemporaryFile() as stdout, TemporaryFile() as stderr:
        given.write(stdin)
        given.seek(0)
        if fresh:
            command = [sys.executable, "-m", "monitor", *arguments]
            code = subprocess.run(  # noqa: S603 - the tests' own words
                command,
                cwd=folder,
                env=environment,
                stdin=given,
                stdout=stdout,
                stderr=stderr,
                timeout=SECONDS,
            ).returncode
        else:
            launched = launch(arguments, folder, environment, given, stdout, stderr)
            try:
                code = launched.wait(SECONDS)
            finally:
                launched.send_signal(signal.SIGKILL)  # one that takes too long
        stdout.seek(0)
        stderr.seek(0)
        result = Result(code, stdout.read().decode(), stderr.read().decode())
    assert "Traceback" not in result.stderr, result.stderr
    return result


def configure(folder: Path, config: str = SURVEY, rules: str = RULES, rows: str = ROWS) -> Path:
    """The folder with a configuration, rules and a survey in it."""
    for name, text in (("config.toml", config), ("rules.toml", rules), ("survey.csv", rows)):
        (folder / name).write_text(text, "utf-8")
    return folder
