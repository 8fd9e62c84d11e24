"""A command split off from a loaded process is like one that a user starts."""

from __future__ import annotations

import signal
from pathlib import Path
from subprocess import TimeoutExpired

import pytest

from tests.integration.command import run
from tests.world.program import Program


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["rules", "list", "--help"],
        ["nope"],
        ["check"],
        ["score", "--text", "Nothing works! ✗"],
        ["score"],
    ],
    ids=" ".join,
)
def test_it_says_the_same_and_ends_alike(tmp_path: Path, arguments: list[str]) -> None:
    """Output, errors and code are those of a process that has loaded the program itself, whatever
    the command.
    """
    stdin = "Ça va.\n\nIt is BROKEN\n".encode()
    both = [
        run(tmp_path, *arguments, stdin=stdin, env={"COLUMNS": "90"}, fresh=fresh)
        for fresh in (False, True)
    ]
    assert both[0] == both[1]
    assert both[0].stdout or both[0].stderr


def test_its_folder_and_environment_are_its_own(tmp_path: Path) -> None:
    """Two commands after each other: what was given to the first is nothing to the second."""
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        (folder / "config.toml").write_text("[slack]\ndefault_channel = '#s'\n", "utf-8")
    missing = "SLACK_BOT_TOKEN is neither in the environment"
    assert missing not in run(first, "rules", "list", env={"SLACK_BOT_TOKEN": "xoxb-1"}).stderr
    assert missing in run(second, "rules", "list").stderr
    assert (run(first, "init", "new").stdout, [path.name for path in second.iterdir()]) == (
        "wrote new/config.toml\n",
        ["config.toml"],
    )


def test_it_is_killed_and_waited_for_like_any_other(tmp_path: Path) -> None:
    """It has a number of its own; the code tells the signal; who waits too short a time is told
    so.
    """
    program = Program(tmp_path)
    program.configure()
    with program.start("run") as one, program.start("run") as other:
        with pytest.raises(TimeoutExpired):
            one.result(0.01)
        assert one.pid != other.pid
        one.kill()
        assert one.result().code == -signal.SIGKILL
        one.kill()
        assert (one.ended, other.ended) == (True, False)
