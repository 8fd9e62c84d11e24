"""Refuse a floor of coverage that was lowered, and one that lies far below what is measured.

    python .ci/coverage_floor.py [FOLDER WITH .coverage]

The floor is `fail_under` of `[tool.coverage.report]` in pyproject.toml, which coverage itself holds
against what it measured. That it only rises is held here, against each commit that changed it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: Percent points by which the floor may lie below what was measured.
SLACK = 1.0
_FLOOR = re.compile(r"^fail_under\s*=\s*([0-9.]+)", re.MULTILINE)


def read_floor(text: str) -> float | None:
    """Return the floor that the text of a pyproject.toml names, in percent."""
    found = _FLOOR.search(text)
    return float(found[1]) if found else None


def judge_floor(floor: float, earlier: float, measured: float) -> str | None:
    """Return what is wrong with a floor beside the highest earlier one and what was measured."""
    if floor < earlier:
        return f"the floor was lowered from {earlier:g} to {floor:g}: test what is new instead"
    if measured < floor:
        return f"{measured:.1f} % is covered, less than the floor of {floor:g}: test what is new"
    if measured > floor + SLACK:
        return f"{measured:.1f} % is covered: raise fail_under from {floor:g} in pyproject.toml"
    return None


def read_earlier_floors(root: Path) -> Iterator[float]:
    """Yield each floor that a commit set; raises CalledProcessError where there is no history."""
    log = ("log", "--format=%H", "-G", "^fail_under", "--", "pyproject.toml")
    for commit in _git(root, *log).split():
        floor = read_floor(_git(root, "show", f"{commit}:pyproject.toml"))
        if floor is not None:
            yield floor


def read_measured(folder: Path) -> float:
    """Return the share of lines and branches that the .coverage file of a folder says, percent."""
    words = ("coverage", "report", "--fail-under=0", "--format=total", "--precision=2")
    command = [sys.executable, "-m", *words, f"--rcfile={ROOT / 'pyproject.toml'}"]
    output = subprocess.run(  # noqa: S603 - our own words
        command, cwd=folder, check=True, capture_output=True, text=True
    ).stdout
    return float(output)


def _git(root: Path, *words: str) -> str:
    return subprocess.run(  # noqa: S603 - our own words
        ["git", "-C", str(root), *words],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def main(arguments: list[str]) -> int:
    """Judge the floor of this checkout, and return the exit code."""
    floor = read_floor((ROOT / "pyproject.toml").read_text("utf-8"))
    if floor is None:
        sys.stderr.write("pyproject.toml names no fail_under\n")
        return 1
    try:
        earlier = max(read_earlier_floors(ROOT), default=0.0)
    except (OSError, subprocess.CalledProcessError):
        sys.stderr.write("NOT CHECKED: whether the floor was lowered, since there is no history\n")
        earlier = 0.0
    measured = read_measured(Path(arguments[0]) if arguments else ROOT)
    wrong = judge_floor(floor, earlier, measured)
    sys.stdout.write(f"{wrong or f'{measured:.1f} % is covered, the floor is {floor:g} %'}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
