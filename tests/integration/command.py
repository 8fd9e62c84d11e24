"""A command as its users run it: a process of its own in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.world.program import SECONDS, Result

#: A survey of one row a line; every row is new when the test runs, since no date is given to most of them.
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


def run(folder: Path, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Result:
    """The end of one command; whatever it was, people see no traceback."""
    done = subprocess.run(  # noqa: S603 - the tests' own words
        [sys.executable, "-m", "monitor", *arguments],
        cwd=folder,
        env={"PATH": os.environ.get("PATH", os.defpath), "NO_COLOR": "1", **(env or {})},
        input=stdin,
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    result = Result(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in result.stderr, result.stderr
    return result


def configure(folder: Path, config: str = SURVEY, rules: str = RULES, rows: str = ROWS) -> Path:
    """The folder with a configuration, rules and a survey in it."""
    for name, text in (("config.toml", config), ("rules.toml", rules), ("survey.csv", rows)):
        (folder / name).write_text(text, "utf-8")
    return folder
