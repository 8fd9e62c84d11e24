"""`repwatch rules suggest`: from judged cards to a saved change."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.store import open_store
from monitor.tuning.rule_layers import ConfiguredRules
from monitor.tuning.saving import save_rule
from tests.integration import judged_store, rule_values
from tests.integration.command import RULES, SURVEY, configure, run

#: No rules but those that people saved.
SAVED = SURVEY.partition("\n\n")[2]
BILLING = '\n[[rules]]\nid = "billing"\ngroup_by = ["feedback"]\nall = [{ text = "refund" }]\n'


def judged(folder: Path, config: str, rules: str) -> Path:
    """A folder whose store holds two months of judged cards of the rule billing."""
    configure(folder, config=f'[store]\nurl = "sqlite:///judged.db"\n\n{config}', rules=rules)
    store = open_store(f"sqlite:///{folder}/judged.db")
    judged_store.fill_judged(store, datetime.now(UTC))
    store.close()
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which somebody has saved the rule."""
    judged(tmp_path, SAVED, RULES)
    store = open_store(f"sqlite:///{tmp_path}/judged.db")
    with store.write() as tx:
        save_rule(tx, ConfiguredRules(rules=()), judged_store.BILLING, rule_values.by(), live=True)
    store.close()
    return tmp_path


def test_a_suggestion_is_shown_and_saved_in_shadow(folder: Path) -> None:
    """With what it saves and loses; what is saved says who wanted it and why, once."""
    shown = run(folder, "rules", "suggest", "billing")
    applied = run(folder, "rules", "suggest", "billing", "--apply", "1", "--by", "anna", "--json")
    again = run(folder, "rules", "suggest", "billing", "--apply", "1")

    assert shown.code == 0, shown.stderr
    assert "1. exclude r/dealsbot: 11 of 12 dismissed there, loses 1 useful" in shown.stdout
    assert "loses alert" in shown.stdout
    assert "or nothing, just this one" in shown.stdout
    assert applied.json["saved"]["in_shadow"] is True
    assert any("dealsbot" in line for line in applied.json["saved"]["difference"])
    assert (again.code, "says the same already" in again.stderr) == (1, True)


def test_a_rule_of_the_file_is_told_to_be_copied(tmp_path: Path) -> None:
    """It is changed there alone: the refusal has the TOML; an unknown number names how many."""
    judged(tmp_path, SURVEY, BILLING)
    refused = run(tmp_path, "rules", "suggest", "billing", "--apply", "1")
    unknown = run(tmp_path, "rules", "suggest", "billing", "--apply", "9")
    typo = run(tmp_path, "rules", "suggest", "biling")

    assert (refused.code, unknown.code, typo.code) == (1, 1, 2)
    assert "copy this into it" in refused.stderr
    assert 'name = "subreddit", is = "dealsbot"' in refused.stderr
    assert "there is no suggestion 9 for billing, which has 1" in unknown.stderr
    assert "billing" in typo.stderr
