"""What a command loads: to start quickly, nothing that it does not need."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.world.program import SECONDS

#: Libraries and rooms that help and version have no use for; typer itself checks the values of
#: options with pydantic.
HEAVY = (
    "alembic",
    "apscheduler",
    "fastapi",
    "feedparser",
    "httpx2",
    "lark",
    "numpy",
    "praw",
    "prometheus_client",
    "re2",
    "scipy",
    "sklearn",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
    "sqlmodel",
    "starlette",
    "structlog",
    "uvicorn",
    "vaderSentiment",
    "monitor.analysis",
    "monitor.bootstrap",
    "monitor.config",
    "monitor.http",
    "monitor.notifiers",
    "monitor.pipeline",
    "monitor.settings",
    "monitor.slack",
    "monitor.store",
    "rules",
    "sources",
)
#: The part of them with which texts are analysed.
ANALYSIS = ("vaderSentiment", "monitor.analysis", "monitor.config", "monitor.settings")
#: Runs a command as `python -m monitor` does, then lists what was loaded.
LISTED = """
import json, sys
from monitor.__main__ import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
json.dump(sorted(sys.modules), sys.stderr)
"""


def loaded(folder: Path, *arguments: str) -> set[str]:
    """The heavy modules that a command loads in a process of its own."""
    done = subprocess.run(  # noqa: S603 - the tests' own words
        [sys.executable, "-c", LISTED, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=SECONDS,
    )
    modules = set(json.loads(done.stderr))
    assert done.stdout
    assert "typer" in modules
    return modules.intersection(HEAVY)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["alerts", "list", "--help"]])
def test_help_and_version_load_only_the_command_line(tmp_path: Path, arguments: list[str]) -> None:
    """No store, no HTTP client, no notifier, no analysis and none of their libraries."""
    assert loaded(tmp_path, *arguments) == set()


def test_scoring_a_text_loads_only_the_analysis(tmp_path: Path) -> None:
    """No store, no HTTP client and no notifier; no numpy where a text is plainly English."""
    found = loaded(tmp_path, "score", "--text", "The app crashes and nobody has answered me.")

    assert found == set(ANALYSIS)
