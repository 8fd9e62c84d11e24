"""`repwatch rules check`: mistakes and warnings with their places, and the exit code."""

from __future__ import annotations

from pathlib import Path

from tests.integration.command import RULES, SURVEY, configure, run

PARTS = '[[defaults]]\nrules = ["billing"]\nchannel = "#money"\n'
ODD = RULES + 'channel = "support"\n'
NARROW = """
[[rules]]
id = "narrow"
all = [{ text = "crash* OR bang" }]
"""


def test_a_mistake_is_marked_in_its_line(tmp_path: Path) -> None:
    """On standard error, as for every command, and exit code 2."""
    configure(tmp_path, rules=RULES.replace("severity", "sevrity"))
    told = run(tmp_path, "rules", "check", "rules.toml")
    found = run(tmp_path, "rules", "check", "--json")

    assert told.code == found.code == 2
    first, *excerpt = told.stderr.splitlines()
    assert first == (
        'repwatch: rules.toml: rule "crash" (rules[0]).sevrity: unknown key; '
        "did you mean 'severity'?"
    )
    assert excerpt == [
        "   --> rules.toml:4:1",
        '  4 | sevrity = "high"',
        "    | ^^^^^^^",
    ]
    [problem] = found.json["problems"]
    assert (problem["kind"], problem["line"], problem["column"]) == ("mistake", 4, 1)


def test_warnings_alone_are_no_failure_unless_asked_for(tmp_path: Path) -> None:
    """With --strict they end with 1."""
    configure(tmp_path, rules=ODD)
    told = run(tmp_path, "rules", "check", "rules.toml")
    strict = run(tmp_path, "rules", "check", "--strict", "--json")

    assert (told.code, strict.code) == (0, 1)
    assert "warning: rules.toml: rule \"crash\".channel: 'support' is no channel" in told.stdout
    assert "--> rules.toml:7:1" in told.stdout
    assert "1 rule, no mistakes, 1 warning" in told.stdout
    assert [one["kind"] for one in strict.json["problems"]] == ["warning"]


def test_a_file_alone_knows_the_rules_of_presets(tmp_path: Path) -> None:
    """Those in use, and without a configuration those of all."""
    (tmp_path / "own.toml").write_text(PARTS, "utf-8")
    without = run(tmp_path, "rules", "check", "own.toml")
    configure(tmp_path, config=SURVEY.replace("[rules]\n", '[rules]\npresets = ["brand"]\n'))
    unused = run(tmp_path, "rules", "check", "own.toml")

    assert (without.code, without.stderr) == (0, "")
    assert unused.code == 2
    assert "no rule is called 'billing'" in unused.stderr


def test_a_rule_that_stored_feedback_shows_in_the_shadow_of_another_is_told(
    tmp_path: Path,
) -> None:
    """By how much of it the other one leads."""
    rows = "".join(f"{number},it crashes {number},Ann,1\n" for number in range(12))
    configure(tmp_path, rules=RULES + NARROW, rows=f"id,answer,who,stars\n{rows}")
    before = run(tmp_path, "rules", "check", "--json").json
    run(tmp_path, "once")
    after = run(tmp_path, "rules", "check", "--json").json

    assert before["problems"] == []
    [problem] = after["problems"]
    assert problem["message"].startswith("12 of 12 feedback of 'narrow' also in 'crash'")
