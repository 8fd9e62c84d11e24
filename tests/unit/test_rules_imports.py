"""The rules are pure: they pull in nothing that talks to a network, a database or a clock."""

from __future__ import annotations

import subprocess
import sys

from tests.world.waiting import LAST_RESORT

FORBIDDEN = (
    "httpx2",
    "sqlalchemy",
    "sqlmodel",
    "slack_sdk",
    "apscheduler",
    "praw",
    "feedparser",
    "requests",
)
PROGRAM = """
import sys
import rules.engine, rules.load, monitor.domain.feedback

for preset in rules.load.preset_names():
    rules.engine.Engine(rules.load.load_preset(preset))
print(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_importing_the_rules_loads_no_library_of_the_edges() -> None:
    """A fresh interpreter that has built every preset knows none of them."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        timeout=LAST_RESORT,
    )
    loaded = set(done.stdout.split())
    assert {"rules", "monitor", "lark", "re2"} <= loaded
    assert loaded.isdisjoint(FORBIDDEN)
