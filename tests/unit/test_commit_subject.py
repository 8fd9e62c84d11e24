"""The check of commit messages: what it lets pass, and what it says of the rest."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "commit_subject.py"
if not SCRIPT.is_file():
    pytest.skip("looks at the source tree, not at a wheel", allow_module_level=True)

mistakes = runpy.run_path(str(SCRIPT))["mistakes"]


@pytest.mark.parametrize(
    "message",
    [
        "Add a source for forums",
        "Add a source for forums\n\nThey have no feed of their own.\n",
        "Address what hosts send beyond their answer",
        "Feed the sender from one place",
        "Need a server only where there is one",
        "Pass the time in",
        "Re-read what changed",
        "Store: keep what was read",
        "Say so…" + "x" * 64,
        "\n\nAdd what follows empty lines\n",
        "# a comment\nAdd what follows it\n# another\n",
        "Add this\n\nwhy\n# ------------------------ >8 ------------------------\nno\nmessage",
        'Revert "Add a source for forums"',
        "Merge branch 'forums'",
        "fixup! Add a source for forums",
    ],
)
def test_a_good_message_passes(message: str) -> None:
    """An order with a capital and without a full stop passes, with or without more below; so does
    what git writes.
    """
    assert mistakes(message) == []


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("", "empty"),
        ("\n# only a comment\n", "empty"),
        ("Add " + "x" * 69, "73 characters"),
        ("add a source", "'add' is no verb with a capital"),
        ("feat: add a source", "'feat' is no verb with a capital"),
        ("#12 Add a source", "empty"),
        ("12: Add a source", "'12' is no verb"),
        ("Added a source", "'Added' is no order"),
        ("Adding a source", "'Adding' is no order"),
        ("Adds a source", "'Adds' is no order"),
        ("Add a source.", "full stop"),
        ("Add a source\nwith words", "empty line"),
    ],
)
def test_a_mistake_is_named(message: str, said: str) -> None:
    """Each mistake is told in words that say what to do, and one mistake is told once."""
    (found,) = mistakes(message)

    assert said in found


def test_every_mistake_is_told_at_once() -> None:
    """Nobody has to try again for each of several."""
    assert len(mistakes("added " + "x" * 70 + ".\nand so on")) == 4


@pytest.mark.parametrize(("message", "code"), [("Add a source\n", 0), ("Added a source\n", 1)])
def test_the_exit_code_tells_git(tmp_path: Path, message: str, code: int) -> None:
    """Git makes no commit when the script ends with something else than 0."""
    file = tmp_path / "COMMIT_EDITMSG"
    file.write_text(message, "utf-8")

    ended = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, str(SCRIPT), str(file)], capture_output=True, text=True, check=False
    )

    assert ended.returncode == code
    assert bool(ended.stderr) is bool(code)
