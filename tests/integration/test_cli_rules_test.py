"""`repwatch rules test`: what people and machines are told, and the exit code."""

from __future__ import annotations

from pathlib import Path

from tests.integration.command import configure, run

STORY = """
[[test]]
name = "a [bold]crash[/bold]"
[[test.feedback]]
at = "0m"
text = "it crashes [red]always[/red]\\u001b[31m"
[[test.expect]]
at = "5m"
alerts = [{ rule = "crash", severity = "high", contains = "always" }]
"""


def write(folder: Path, text: str) -> None:
    (folder / "story.toml").write_text(text, "utf-8")


def test_the_configured_rules_are_tested_where_a_file_names_none(tmp_path: Path) -> None:
    """And nothing is stored."""
    configure(tmp_path)
    write(tmp_path, STORY)
    result = run(tmp_path, "rules", "test", "story.toml")

    assert (result.code, result.stderr) == (0, "")
    assert "pass  a [bold]crash[/bold]" in result.stdout
    assert "1 test, all passed" in result.stdout
    assert not list(tmp_path.glob("*.db"))


def test_a_test_that_fails_ends_with_one(tmp_path: Path) -> None:
    """Whatever a text holds, the terminal is only written to."""
    configure(tmp_path)
    write(tmp_path, STORY.replace('severity = "high"', 'severity = "info"'))
    told = run(tmp_path, "rules", "test", "story.toml")
    found = run(tmp_path, "rules", "test", "story.toml", "--json")

    assert told.code == found.code == 1
    assert "1 test, 1 failed" in told.stdout
    assert "\x1b" not in told.stdout
    [test] = found.json["suites"][0]["tests"]
    assert test["failures"][0]["came"] == [
        "2026-03-02 09:00 crash, high, open, #feedback, 1 feedback"
    ]


def test_a_mistake_in_a_file_ends_with_two(tmp_path: Path) -> None:
    """All of them are told before anything is run."""
    write(tmp_path, 'presets = ["suport"]\n' + STORY)
    wrong_preset = run(tmp_path, "rules", "test", "story.toml")
    write(tmp_path, 'presets = ["support"]\n' + STORY)
    wrong_rule = run(tmp_path, "rules", "test", "story.toml", "gone.toml")

    assert wrong_preset.code == wrong_rule.code == 2
    assert "did you mean 'support'?" in wrong_preset.stderr
    assert "no rule is called 'crash'" in wrong_rule.stderr
    assert "gone.toml: no such file" in wrong_rule.stderr


def test_without_a_file_the_tests_of_the_presets_in_use_are_run(tmp_path: Path) -> None:
    """Without presets there is nothing to run, which is a mistake and no success."""
    configure(tmp_path, config='[rules]\npresets = ["brand"]\n')
    found = run(tmp_path, "rules", "test", "--json")
    configure(tmp_path, config="")
    nothing = run(tmp_path, "rules", "test")

    assert (found.code, found.json["passed"]) == (0, True)
    assert [suite["file"] for suite in found.json["suites"]] == ["brand.toml"]
    assert nothing.code == 2
    assert "no preset is in use" in nothing.stderr
