"""`repwatch rules import, edit, promote, discard, delete, revert, history, export`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.command import ROWS, RULES, SURVEY, configure, run

PRICES = """
[[rules]]
id = "prices"
name = "[bold]Prices"
group_by = ["feedback"]
all = [{ text = "price*" }, { stars = { max = 3 } }]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a survey, the rule crash in its file and the presets of reviews of apps."""
    config = SURVEY.replace("[rules]", '[rules]\npresets = ["app_reviews"]')
    return configure(tmp_path, config, RULES, ROWS)


def saved(folder: Path, text: str = PRICES, *arguments: str) -> None:
    """A rule that is imported."""
    (folder / "draft.toml").write_text(text, "utf-8")
    result = run(folder, "rules", "import", "draft.toml", *arguments)
    assert result.code == 0, result.stderr


def history(folder: Path, rule_id: str = "prices") -> list[dict[str, object]]:
    """The changes of a rule, newest first."""
    found = run(folder, "rules", "history", rule_id, "--json").json
    assert isinstance(found, list)
    return found


def test_a_new_rule_is_imported_into_shadow_and_promoted(folder: Path) -> None:
    """Every step says what holds and what to do next, and the history tells all of it."""
    (folder / "draft.toml").write_text(PRICES, "utf-8")
    first = run(folder, "rules", "import", "draft.toml", "--by", "anna", "--reason", "a campaign")
    promoted = run(folder, "rules", "promote", "prices", "--by", "bert")
    told = run(folder, "rules", "history", "prices")

    assert first.stdout.splitlines()[0:2] == ["prices:", "  a new rule"]
    assert "prices: 0 alerts in 28 days" in first.stdout
    assert "prices, version 1, saved: is in shadow and sends nothing; `repwatch" in first.stdout
    assert promoted.stdout == "prices, version 2, promoted: is in force\n"
    assert [(one["number"], one["author"], one["reason"]) for one in history(folder)] == [
        (2, "cli:bert", ""),
        (1, "cli:anna", "a campaign"),
    ]
    assert "promoted by bert (in force)\n   mode shadow -> live\n" in told.stdout
    assert "saved by anna: a campaign\n   new\n" in told.stdout


def test_an_edit_is_tried_beside_the_version_in_force(folder: Path) -> None:
    """It is shown in the list, promoted, and undone."""
    saved(folder, PRICES, "--live")
    edited = run(
        folder, "rules", "edit", "prices", "--set", "channel=#money", "--set", "respond_within=4h"
    )
    listed = run(folder, "rules", "list").stdout
    shown = run(folder, "rules", "show", "prices", "--json").json
    run(folder, "rules", "promote", "prices")
    after = run(folder, "rules", "show", "prices", "--json").json
    run(folder, "rules", "revert", "prices", "1")
    back = run(folder, "rules", "show", "prices", "--json").json

    assert "  channel the default channel -> #money\n" in edited.stdout
    assert "  respond within none -> 4 h\n" in edited.stdout
    assert "version 2, saved: is tried in shadow beside the version in force" in edited.stdout
    assert "prices: version 2 is tried in shadow beside this one" in listed
    assert ("channel" in shown, shown["number"], shown["tried"]) == (False, 1, 2)
    assert (after["channel"], after["number"], after["tried"]) == ("#money", 3, None)
    assert ("channel" in back, back["number"]) == (False, 4)
    assert history(folder)[0]["reason"] == "back to version 1"


def test_a_newer_version_than_the_one_seen_refuses_a_change(folder: Path) -> None:
    """Both changes are shown, and nothing is kept."""
    saved(folder, PRICES, "--live")
    run(folder, "rules", "edit", "prices", "--set", "channel=#a", "--seen", "1", "--by", "anna")
    late = run(folder, "rules", "edit", "prices", "--set", "severity=high", "--seen", "1")

    assert late.code == 1
    assert "Version 2, by anna:\n  channel the default channel -> #a\n" in late.stderr
    assert "repwatch: prices was changed meanwhile: version 2 by anna" in late.stderr
    assert history(folder)[0]["number"] == 2


def test_a_rule_of_the_file_is_printed_to_be_copied(folder: Path) -> None:
    """The sentence says where it stands; the TOML is data, and loads."""
    refused = run(folder, "rules", "edit", "crash", "--set", "severity=urgent", "--no-backtest")
    toml = refused.stdout.partition("\n[[rules]]")[2]
    (folder / "rules.toml").write_text(f"[[rules]]{toml}", "utf-8")

    assert refused.code == 1
    assert 'rule "crash" stands in rules.toml and is changed there alone' in refused.stderr
    assert run(folder, "rules", "show", "crash", "--json").json["severity"] == "urgent"
    assert [one["number"] for one in history(folder, "crash")] == [2, 1]


def test_a_rule_is_edited_in_an_editor(folder: Path) -> None:
    """The text says what saving does; a mistake keeps it, and no change saves nothing."""
    saved(folder, PRICES, "--live")
    seen = folder / "seen.toml"
    script = folder / "editor.sh"
    script.write_text(
        f'#!/bin/sh\ncp "$1" {seen}\nsed "s/max = 3/max = 2/" {seen} > "$1"\n'
        'touch -d "2030-01-01" "$1"\n',
        "utf-8",
    )
    script.chmod(0o755)
    edited = run(folder, "rules", "edit", "prices", env={"EDITOR": str(script)})
    unchanged = run(folder, "rules", "edit", "prices", env={"EDITOR": "true"})
    script.write_text('#!/bin/sh\necho "[[rules]" > "$1"\ntouch -d "2030-01-01" "$1"\n', "utf-8")
    broken = run(folder, "rules", "edit", "prices", env={"EDITOR": str(script)})

    assert seen.read_text("utf-8").startswith(
        "# prices: what you change here is saved as version 2.\n# It is tried in shadow; the"
    )
    assert "  it has 3 stars or fewer -> 2 stars or fewer\n" in edited.stdout
    assert "nothing was saved in the editor" in unchanged.stderr
    assert broken.code == 2
    kept = broken.stderr.rpartition("rules import ")[2].partition("`")[0]
    assert Path(kept).read_text("utf-8") == "[[rules]\n"
    Path(kept).unlink()


def test_what_mutes_loses_or_deletes_needs_a_reason(folder: Path) -> None:
    """And is refused in one line without one."""
    saved(folder, PRICES, "--live")
    off = run(folder, "rules", "edit", "prices", "--set", "mode=off")
    lost = run(folder, "rules", "edit", "prices", "--set", 'all=[{ text = "price*" }]')
    gone = run(folder, "rules", "delete", "prices")
    told = run(folder, "rules", "delete", "prices", "--reason", "over\x1b[31m")

    assert off.stderr == "repwatch: say why: the change switches the rule off\n"
    assert lost.stderr == "repwatch: say why: the rule loses a condition\n"
    assert gone.stderr == "repwatch: say why: a rule is deleted with a reason\n"
    assert told.stdout.startswith("prices, version 2, deleted: the rule is gone; `repwatch rules")
    assert run(folder, "rules", "show", "prices").code == 2
    assert run(folder, "rules", "revert", "prices", "1").code == 0
    assert "\x1b" not in run(folder, "rules", "history", "prices").stdout


def test_of_a_file_all_rules_are_saved_or_none(folder: Path) -> None:
    """One that is refused leaves the others out; those that say the same already do not matter."""
    both = PRICES + '\n[[rules]]\nid = "crash"\nseverity = "info"\n'
    (folder / "draft.toml").write_text(both, "utf-8")
    refused = run(folder, "rules", "import", "draft.toml", "--no-backtest")
    assert refused.code == 1
    assert run(folder, "rules", "history", "prices").code == 1
    again = run(folder, "rules", "import", "draft.toml", "--seen", "1")
    assert "--seen: is of one rule, and draft.toml holds 2" in again.stderr


def test_a_rule_is_taken_home_as_toml(folder: Path) -> None:
    """What is exported is what holds, and can be the rules file."""
    saved(folder, PRICES, "--live")
    run(folder, "rules", "edit", "low-stars", "--set", "channel=#stars", "--live")
    exported = run(folder, "rules", "export", "prices", "low-stars").stdout
    (folder / "rules.toml").write_text(exported.replace("#stars", "#low"), "utf-8")

    unknown = run(folder, "rules", "export", "price")
    assert "repwatch: no rule is called 'price'; did you mean 'prices'?\n" in unknown.stderr
    result = run(folder, "rules", "list", "--json")
    rules = {one["id"]: one for one in result.json}
    assert (rules["prices"]["name"], rules["low-stars"]["channel"]) == ("[bold]Prices", "#low")
    assert result.stderr == (
        'note: rule "low-stars" stands in rules.toml, which wins over what was saved (version 2); '
        "remove it there to have that one\n"
    )


def test_a_reply_to_a_key_that_nobody_knows_names_the_nearest(folder: Path) -> None:
    """Mistakes are those of a rules file, and keep the draft."""
    saved(folder, PRICES, "--live")
    result = run(folder, "rules", "edit", "prices", "--set", "chanel=#a")
    nothing = run(folder, "rules", "edit", "prices", "--set", "channel")
    assert "chanel: unknown key; did you mean 'channel'?" in result.stderr
    assert (result.code, nothing.code) == (2, 2)
    kept = result.stderr.rpartition("rules import ")[2].partition("`")[0]
    Path(kept).unlink()


def test_a_check_tells_of_a_saved_rule_that_no_longer_holds(folder: Path) -> None:
    """Its signal is gone with the file of signals; no version of it is left to hold."""
    (folder / "signals.toml").write_text(
        '[wobbly]\nabout = "It wobbles."\nany = ["wobbl*"]\n', "utf-8"
    )
    config = (folder / "config.toml").read_text("utf-8")
    (folder / "config.toml").write_text(f'{config}[analysis]\nsignals = "signals.toml"\n', "utf-8")
    saved(folder, PRICES.replace('{ text = "price*" }', '{ signal = "wobbly" }'), "--live")
    (folder / "config.toml").write_text(config, "utf-8")
    checked = run(folder, "check")
    listed = run(folder, "rules", "list", "--json")

    assert checked.code == 1
    assert "no signal is called 'wobbly'" in checked.stdout
    assert "prices" not in {one["id"] for one in listed.json}
    assert (
        "note: a saved rule does not hold, and nothing else is there: version 1 of" in listed.stderr
    )
