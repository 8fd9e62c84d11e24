"""The floor of coverage: it only rises, and it lies close below what is measured."""

from __future__ import annotations

import runpy
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "coverage_floor.py"
if not SCRIPT.is_file():
    pytest.skip("looks at the source tree, not at a wheel", allow_module_level=True)

script = runpy.run_path(str(SCRIPT))
judge_floor, read_earlier_floors = script["judge_floor"], script["read_earlier_floors"]


def test_a_floor_just_below_what_is_measured_passes() -> None:
    """The floor is the highest there was, and less than a point below what is covered."""
    assert judge_floor(80.0, 80.0, 80.4) is None


@pytest.mark.parametrize(
    ("floor", "earlier", "measured", "words"),
    [
        (79.0, 80.0, 79.5, "lowered from 80 to 79"),
        (80.0, 80.0, 79.9, "less than the floor of 80"),
        (80.0, 80.0, 81.1, "raise fail_under from 80"),
    ],
)
def test_what_is_wrong_is_said(floor: float, earlier: float, measured: float, words: str) -> None:
    """A lowered floor, one that is missed and one that lags behind are each refused by name."""
    assert words in judge_floor(floor, earlier, measured)


def test_every_floor_that_a_commit_set_is_known(tmp_path: Path) -> None:
    """The floors are read from history, whether or not the present file still names them."""

    def git(*words: str) -> None:
        person = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        command = ["git", "-C", str(tmp_path), *person, *words]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own words

    git("init", "-q")
    for floor in ("", "fail_under = 70.5\n", "fail_under = 75\n", "fail_under = 71\n"):
        (tmp_path / "pyproject.toml").write_text(f"[tool.coverage.report]\n{floor}", "utf-8")
        git("add", "-A")
        git("commit", "-q", "-m", "Change it")
    assert sorted(read_earlier_floors(tmp_path)) == [70.5, 71, 75]
