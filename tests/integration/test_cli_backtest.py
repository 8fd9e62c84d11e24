"""`repwatch rules backtest`: what a rule would have sent, and beside which other."""

from __future__ import annotations

from pathlib import Path

from tests.integration.command import RULES, SURVEY, configure, run

DRAFT = """
[[rules]]
id = "crash"
none = [{ stars = { max = 1 } }]
"""
ROWS = """\
id,answer,who,stars
1,the app crashes [bold]always[/bold],Ann,1
2,it crashes\x1b[31m on login,Bob,2
3,all is well,Ann,4
"""


def filled(folder: Path) -> Path:
    """A folder whose survey was read twice, since what has no date alerts nobody at first."""
    configure(folder, rows="id,answer,who,stars\n0,it crashes,Ann,5\n")
    assert run(folder, "once").code == 0
    configure(folder, rows=ROWS)
    assert run(folder, "once").code == 0
    return folder


def test_a_rule_is_tried_on_what_came(tmp_path: Path) -> None:
    """As many alerts as were opened, with the reason, and nothing is sent or changed by it."""
    filled(tmp_path)
    opened = run(tmp_path, "alerts", "list", "--json").json
    found = run(tmp_path, "rules", "backtest", "--rule", "crash", "--json").json
    after = run(tmp_path, "alerts", "list", "--json").json

    assert (found["fired"], len(opened), found["suppressed"]) == (2, 2, 1)
    assert found["rule"]["id"] == "crash"
    assert [one["items"] for one in found["coverage"]] == [4]
    assert list(found["silenced"]) == ["no date, and first contact with its source"]
    assert sum(found["per_day"]) == 2
    assert len(found["per_day"]) == 28
    assert found["judged"] == {"value": None, "n": 0, "low": None, "high": None}
    assert after == opened


def test_a_draft_stands_beside_the_rule_in_force(tmp_path: Path) -> None:
    """It may say only what it changes; what it would no longer alert of is shown and weighed."""
    filled(tmp_path)
    (tmp_path / "draft.toml").write_text(DRAFT, "utf-8")
    run(tmp_path, "once")
    [lost, _kept] = sorted(
        run(tmp_path, "alerts", "list", "--json").json, key=lambda one: one["id"]
    )
    run(tmp_path, "alerts", "ack", str(lost["id"]))
    shown = run(tmp_path, "rules", "backtest", "--rule", "crash", "--file", "draft.toml")
    found = run(
        tmp_path, "rules", "backtest", "--rule", "crash", "--file", "draft.toml", "--json"
    ).json

    difference = found["difference"]
    assert (difference["gained"], difference["lost"], difference["lost_real"]) == (0, 1, 1)
    assert shown.code == 0
    assert "crash: 1 alert in 28 days" in shown.stdout
    assert "none of them was judged yet" in shown.stdout
    assert "It would no longer alert of these:" in shown.stdout
    assert "[bold]always[/bold]" in shown.stdout
    assert "\x1b" not in shown.stdout


def test_an_earlier_version_can_be_compared_with(tmp_path: Path) -> None:
    """By the beginning of its name; what is neither a file nor a version names those there are."""
    filled(tmp_path)
    [before] = [one["version"] for one in run(tmp_path, "rules", "list", "--json").json]
    (tmp_path / "rules.toml").write_text(RULES.replace("crash*", "login"), "utf-8")
    found = run(tmp_path, "rules", "backtest", "--against", before, "--json").json
    unknown = run(tmp_path, "rules", "backtest", "--against", "nowhere.toml")

    assert (found["difference"]["against"], found["difference"]["lost"]) == (before, 1)
    assert unknown.code == 2
    assert before in unknown.stderr


def test_what_cannot_be_tried_says_so(tmp_path: Path) -> None:
    """A rule that nobody has is a mistake with the nearest name; a source that gave nothing, and a
    rule that holds for nothing, are told before any number.
    """
    more = '\n[[rules]]\nid = "typo"\nall = [{ text = "refnud" }]\n'
    quiet = '\n[[sources]]\nid = "quiet"\nkind = "csv_file"\npath = "none.csv"\n'
    mapping = '[sources.mapping]\nid = "id"\nbody = "answer"\n'
    configure(tmp_path, config=SURVEY + quiet + mapping, rules=RULES + more)
    (tmp_path / "none.csv").write_text("id,answer\n", "utf-8")
    run(tmp_path, "once")
    wrong = run(tmp_path, "rules", "backtest", "--rule", "crahs")
    which = run(tmp_path, "rules", "backtest")
    nothing = run(tmp_path, "rules", "backtest", "--rule", "typo")

    assert (wrong.code, which.code, nothing.code) == (2, 2, 0)
    assert "crash" in wrong.stderr
    assert "which rule? one of: crash, typo" in which.stderr
    first, *_ = nothing.stdout.splitlines()
    assert "nothing from quiet" in first
    assert "look for a typo before you look at the limits" in nothing.stdout
