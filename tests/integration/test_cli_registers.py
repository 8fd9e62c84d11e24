"""`repwatch improvements`, `events` and `goals`: what people write down, on the command line."""

from __future__ import annotations

from pathlib import Path

from tests.integration.command import RULES, SURVEY, configure, run

GOALS = """
[[goals]]
measure = "time_to_reply"
target = "4h"
by = 2026-01-31
"""


def test_an_improvement_is_written_down_changed_and_done(tmp_path: Path) -> None:
    """Machines read each step; what does not fit is refused in one line, with exit code 1."""
    configure(tmp_path, config=SURVEY, rules=RULES)
    said = ("--query", "refund*", "--owner", "anna", "--due", "2026-12-15", "--by", "dora")
    added = run(tmp_path, "improvements", "add", "Faster refunds", *said, "--json").json
    run(tmp_path, "improvements", "update", "1", "--state", "doing", "--due", "")
    done = run(tmp_path, "improvements", "done", "1", "--note", "In 6.5.0")
    again = run(tmp_path, "improvements", "done", "1")
    shown = run(tmp_path, "improvements", "show", "1", "--json").json

    assert (added["owner"], added["due"], added["created_by"]) == (
        "cli:anna",
        "2026-12-15",
        "cli:dora",
    )
    assert done.stdout == (
        "Changed: improvement 1, Faster refunds\n    done · anna · about “refund*”\n"
    )
    assert (again.code, again.stderr.strip()) == (1, "repwatch: Improvement 1 is already done.")
    assert [event["kind"] for event in shown["events"]] == ["added", "started", "done"]
    assert shown["effect"]["missing"] == "28 days of the 28 days after are to come"


def test_an_event_is_marked_and_taken_back(tmp_path: Path) -> None:
    """Told twice it is marked once; one that ends before it begins is a mistake."""
    configure(tmp_path, config=SURVEY, rules=RULES)
    told = ("events", "add", "Login down", "--kind", "outage", "--at", "2026-11-20T08:30")
    first, second = run(tmp_path, *told, "--by", "dora"), run(tmp_path, *told)
    wrong = run(tmp_path, *told, "--until", "2026-11-19")
    removed = run(tmp_path, "events", "remove", "1")
    left = run(tmp_path, "events", "list", "--json").json

    assert first.stdout == (
        "Marked: 1  2026-11-20 08:30 UTC  outage  Login down  (command by dora)\n"
    )
    assert second.stdout.startswith("Marked before: 1 ")
    assert (wrong.code, "ends before it begins" in wrong.stderr) == (2, True)
    assert (removed.code, left) == (0, [])


def test_goals_are_listed_with_their_history(tmp_path: Path) -> None:
    """What was taken out stays in the history, and a day that is over is a warning."""
    configure(tmp_path, config=SURVEY + GOALS, rules=RULES)
    listed = run(tmp_path, "goals", "list")
    checked = run(tmp_path, "check")
    run(tmp_path, "goals", "history")
    configure(tmp_path, config=SURVEY, rules=RULES)
    history = run(tmp_path, "goals", "history", "--json").json

    assert listed.stdout == "time to reply: at most 4 h by 2026-01-31\n"
    assert checked.code == 0
    assert "goals[0].by: 2026-01-31 is over" in checked.stdout
    assert [(version["key"], bool(version["goal"])) for version in history] == [
        ("time_to_reply", False),
        ("time_to_reply", True),
    ]
