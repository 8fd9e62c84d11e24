"""A database and a configuration of 0.1.0 work unchanged.

What 0.1.0 said of them stands in `tests/data/v0.1.0/golden`, with how it went on with them.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from monitor import __version__
from tests.integration.acme_place import DATA, Current, restore, run_all
from tests.integration.acme_slack import cards_of, gone_on_with
from tests.world.transcript import commands_in, transcript

#: The version of the tables to which the program brings a database.
NEWEST = "0018"
GOLDEN = DATA / "golden"
TRANSCRIPTS = (
    "acts",
    "alerts-list",
    "alerts-show",
    "export",
    "help",
    "mistakes",
    "others",
    "score",
    "search",
)


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_every_command_says_what_0_1_0_said(name: str, tmp_path: Path) -> None:
    """Each command that 0.1.0 was given over its database says the same, byte for byte."""
    expected = (GOLDEN / f"{name}.txt").read_text("utf-8")
    expected = expected.replace("repwatch 0.1.0\n", f"repwatch {__version__}\n")
    expected = expected.replace("database is at version 0008", f"database is at version {NEWEST}")
    folder = restore(tmp_path / "acme")
    said = transcript(commands_in(expected), partial(run_all, folder), folder, DATA)
    assert said.split("\n") == expected.split("\n")


def test_slack_shows_every_alert_as_0_1_0_did(tmp_path: Path) -> None:
    """Cards, lines below them, calls and summaries are posted with the same blocks and values."""
    compare(cards_of(Current(), restore(tmp_path / "acme")))


def test_the_program_goes_on_where_0_1_0_was_killed(tmp_path: Path) -> None:
    """What waited is sent once, what was due is done, and old cards, dialogs and commands work."""
    messages = json.loads((DATA / "slack.json").read_text("utf-8"))
    compare(gone_on_with(Current(), restore(tmp_path / "acme"), messages))


def compare(files: dict[str, str]) -> None:
    """Compare what was made with the golden files of these names."""
    for name, made in files.items():
        assert made.split("\n") == (GOLDEN / name).read_text("utf-8").split("\n"), name
