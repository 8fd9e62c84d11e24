"""`import`, `search`, `export` and `forget`: what goes in and what comes out."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.command import ROWS, SURVEY, configure, run

NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "two\nlines, and a comma", 'a "quote"', "plain"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a survey that was not read yet."""
    return configure(tmp_path)


def imported(folder: Path, *options: str) -> dict[str, object]:
    result = run(folder, "import", "survey.csv", "--source", "survey", "--json", *options)
    assert (result.code, result.stderr) == (0, "")
    found: dict[str, object] = result.json
    return found


def exported(folder: Path, *options: str) -> list[dict[str, str]]:
    result = run(folder, "export", "feedback", *options)
    assert (result.code, result.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(result.stdout, newline="")))


def test_importing_twice_adds_nothing_and_a_dry_run_stores_nothing(folder: Path) -> None:
    """A dry run counts the rows; the first import stores them, the second none; an edited row is
    updated.
    """
    said = {"rows": 3, "warnings": []}
    assert imported(folder, "--dry-run") == {**said, "new": None, "updated": None, "dry_run": True}
    assert exported(folder) == []
    assert imported(folder) == {**said, "new": 3, "updated": 0, "dry_run": False}
    assert imported(folder) == {**said, "new": 0, "updated": 0, "dry_run": False}
    (folder / "survey.csv").write_text(ROWS.replace("all is well", "all was well"), "utf-8")
    assert imported(folder) == {**said, "new": 0, "updated": 1, "dry_run": False}
    assert [row["text"] for row in exported(folder)][-1] == "all was well"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["survey.csv", "--source", "survy"], 2, "did you mean 'survey'?"),
        (["none.csv", "--source", "survey"], 1, "none.csv: no such file"),
    ],
)
def test_an_import_that_cannot_be_says_why(
    folder: Path, arguments: list[str], code: int, says: str
) -> None:
    """One line on standard error, nothing on standard output."""
    result = run(folder, "import", *arguments)
    assert (result.code, result.stdout, len(result.lines)) == (code, "", 1)
    assert says in result.stderr


def test_an_export_survives_the_round_trip_and_runs_no_formula(folder: Path) -> None:
    """What starts a formula gets an apostrophe; commas, quotes and line ends come back; JSON lines
    stay as they are.
    """
    with (folder / "survey.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                ["id", "answer", "who", "stars"],
                *([n, text, text, 3] for n, text in enumerate(NASTY)),
            ]
        )
    imported(folder)
    stored = [text.strip() for text in NASTY]
    rows = exported(folder)
    assert [row["text"] for row in rows] == [
        f"'{text}" if text[0] in "=+-@" else text for text in stored
    ]
    assert [row["author"] for row in rows] == [row["text"] for row in rows]
    lines = run(folder, "export", "feedback", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["text"] for line in lines] == stored


def test_a_search_speaks_the_rules_language(folder: Path) -> None:
    """Found feedback is printed as text or JSON with the words found; a mistake names its
    character.
    """
    imported(folder)
    found = run(folder, "search", "crash* NOT well", "--json")
    assert (found.json["id"], found.json["author"], found.json["found"]) == (
        "1",
        "Ann",
        ["crashes"],
    )
    shown = run(folder, "search", "crash*")
    assert "the app crashes [bold]always[/bold]" in shown.stdout
    nothing = run(folder, "search", "zebra")
    assert (nothing.code, nothing.stdout, nothing.stderr) == (0, "", "nothing found\n")
    wrong = run(folder, "search", "(crash")
    assert (wrong.code, wrong.stdout, len(wrong.lines)) == (2, "", 1)
    assert "at character" in wrong.stderr


def test_forgetting_removes_the_person_everywhere(folder: Path) -> None:
    """Feedback, name and words are gone from exports, alerts and the file; forgetting twice removes
    nothing.
    """
    configure(folder, rows="id,answer,who,stars\n2,fine,Bob,5\n")
    run(folder, "once")
    configure(folder)
    run(folder, "once")
    assert "App crashes" in run(folder, "alerts", "show", "1").stdout
    assert run(folder, "forget", "ann").stdout == "removed 2 feedback of 'ann'\n"
    assert [row["author"] for row in exported(folder)] == ["Bob"]
    shown = run(folder, "alerts", "show", "1")
    assert shown.code == 0
    assert "Ann" not in shown.stdout
    assert "always" not in shown.stdout
    assert run(folder, "forget", "ann").stdout == "removed 0 feedback of 'ann'\n"


def test_a_day_that_is_none_is_a_mistake(folder: Path) -> None:
    """The option is named, with how to write it."""
    result = run(folder, "export", "feedback", "--since", "last week")
    assert (result.code, len(result.lines)) == (2, 1)
    assert result.stderr.startswith("repwatch: --since: 'last week' is no day")


def test_a_reader_that_leaves_is_no_error_to_show(folder: Path) -> None:
    """`export | head` ends without a word on standard error."""
    rows = "".join(f"{n},{'long answer ' * 40},Ann,3\n" for n in range(400))
    configure(folder, SURVEY, rows="id,answer,who,stars\n" + rows)
    imported(folder)
    command = f"{shlex.quote(sys.executable)} -m monitor export feedback | head -1"
    env = {"PATH": os.environ.get("PATH", os.defpath)}
    done = subprocess.run(  # noqa: S603
        ["sh", "-c", command],  # noqa: S607
        cwd=folder,
        env=env,
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith(b"source,id,")
    assert done.stderr == b""
