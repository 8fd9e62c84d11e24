"""`repwatch rules explain`: why a rule fired, or stayed quiet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.command import RULES, configure, run

MORE_RULES = (
    RULES
    + """
[[rules]]
id = "angry-crash"
all = [{ text = "crash*" }, { stars = { max = 2 } }]
none = [{ author = "Ann" }]
[[rules]]
id = "far"
all = [{ text = "billing" }, { stars = { min = 4 } }]
[[rules]]
id = "off"
mode = "off"
all = [{ text = "crash*" }]
"""
)
ROWS = """\
id,answer,who,stars
1,the app crashes [bold]always[/bold],Ann,1
2,it crashes\x1b[31m on login,Bob,2
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A survey that was read twice, since what has no date alerts nobody at first."""
    configure(tmp_path, rules=MORE_RULES, rows="id,answer,who,stars\n0,all is well,Ann,5\n")
    assert run(tmp_path, "once").code == 0
    configure(tmp_path, rules=MORE_RULES, rows=ROWS)
    assert run(tmp_path, "once").code == 0
    return tmp_path


def test_rules_that_came_close_are_told_clause_by_clause(folder: Path) -> None:
    """What fired, then what one condition kept from it; the others are counted."""
    result = run(folder, "rules", "explain", "--feedback", "2")

    assert result.code == 0
    assert "crash: opened alert 1: says" in result.stdout
    assert "angry-crash: quiet: ruled out: is by Ann" in result.stdout
    assert "✗ none: is by Ann" in result.stdout
    assert "2 more rules did not come close, 1 of them off: --all" in result.stdout
    assert "crashes [bold]always[/bold]" in result.stdout
    assert "far" not in result.stdout


def test_machines_get_every_clause_and_what_was_decided(folder: Path) -> None:
    """With --all those of every rule."""
    found = run(folder, "rules", "explain", "--feedback", "3", "--all", "--json").json
    rules = {rule["rule"]: rule for rule in found["rules"]}

    assert list(rules) == ["crash", "angry-crash", "far", "off"]
    assert rules["crash"]["decision"]["outcome"] == "opened"
    assert rules["angry-crash"]["decision"]["outcome"] == "also"
    assert [clause["met"] for clause in rules["angry-crash"]["clauses"]] == [True, True, False]
    assert (rules["far"]["missing"], rules["off"]["clauses"]) == (2, [])
    assert (found["left_out"], found["reading"]["language"]) == (0, "en")


def test_a_rule_that_has_changed_since_is_told(folder: Path) -> None:
    """What decided is not what stands in the file now; a rule that is gone is named."""
    (folder / "rules.toml").write_text(RULES.replace("crash*", "login"), "utf-8")
    changed = run(folder, "rules", "explain", "--feedback", "2")
    found = run(folder, "rules", "explain", "--feedback", "3", "--json").json

    assert "the rule has changed since" in changed.stdout
    assert "would not hold" in changed.stdout
    assert [decision["rule"] for decision in found["former"]] == ["angry-crash"]


def test_an_alert_is_explained_with_its_history(folder: Path) -> None:
    """What happened to it, and each feedback in it."""
    run(folder, "alerts", "ack", "1")
    result = run(folder, "rules", "explain", "--alert", "1")
    found = run(folder, "rules", "explain", "--alert", "1", "--json").json

    assert "alert 1: App crashes, high, acknowledged" in result.stdout
    assert "opened by rule:crash" in result.stdout
    assert [event["kind"] for event in found["events"]] == ["opened", "acknowledged"]
    assert [one["feedback"] for one in found["feedback"]] == [2]


def test_what_is_not_there_is_told_in_one_line(folder: Path) -> None:
    """With what to do."""
    feedback = run(folder, "rules", "explain", "--feedback", "99")
    alert = run(folder, "rules", "explain", "--alert", "99")
    neither = run(folder, "rules", "explain")

    assert (feedback.code, alert.code, neither.code) == (1, 1, 2)
    assert "there is no feedback 99; `repwatch search` shows" in feedback.stderr
    assert "there is no alert 99; `repwatch alerts list` shows" in alert.stderr
    assert "either --feedback ID or --alert ID" in neither.stderr
