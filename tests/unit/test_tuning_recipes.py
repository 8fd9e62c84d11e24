"""The rules in docs/howto/tune-a-rule.md do what the wish above each of them says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain.alert import Match, Severity
from monitor.domain.feedback import Analysis, Evidence, Feedback, Rating, Signal
from rules.engine import Engine
from rules.load import load_own_rules, load_preset

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "tune-a-rule.md"
if not PAGE.is_file():
    pytest.skip("the pages are not part of what is installed", allow_module_level=True)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
REFUND = (Signal("refund", ("refund",)),)


def alerted(folder: Path, wish: str, evidence: Evidence) -> dict[str, Match]:
    """What the preset alerts of with the rules below this wish, by the id of the rule."""
    [written] = re.findall(rf'### "{wish}.*?```toml\n(.*?)```', PAGE.read_text("utf-8"), re.DOTALL)
    (folder / "rules.toml").write_text(written, "utf-8")
    preset = {rule.id: rule for rule in load_preset("support")}
    own = {rule.id: rule for rule in load_own_rules(folder / "rules.toml", preset)}
    return {match.rule_id: match for match in Engine((preset | own).values()).evaluate(evidence)}


def heard(at: datetime = NOON, **fields: object) -> Evidence:
    """A complaint about a refund that arrived at a time."""
    of_words = {name: fields.pop(name) for name in ("problem", "signals") if name in fields}
    feedback = Feedback(
        source_id="app", external_id="1", body="refund", created_at=at, first_seen_at=at
    )
    analysis = Analysis(text="refund", words="refund", problem=0.85, signals=REFUND, language="de")
    return Evidence(
        feedback=replace(feedback, **fields),  # type: ignore[arg-type]
        analysis=replace(analysis, **of_words),  # type: ignore[arg-type]
        now=at,
    )


def test_a_net_asks_for_more(tmp_path: Path) -> None:
    """For a problem of 90 % where the preset takes 80 %."""
    few, many = (heard(signals=(), problem=problem) for problem in (0.85, 0.95))

    assert "problem" not in alerted(tmp_path, "It is too noisy", few)
    assert "problem" in alerted(tmp_path, "It is too noisy", many)


def test_a_subreddit_is_left_out(tmp_path: Path) -> None:
    """And what the preset leaves out stays out."""
    wish = "Not this subreddit"
    noise, other = (heard(attributes={"subreddit": name}) for name in ("DealsBot", "acme"))

    assert "billing" not in alerted(tmp_path, wish, noise)
    assert "billing" in alerted(tmp_path, wish, other)
    assert "billing" not in alerted(tmp_path, wish, heard(problem=0.2))


def test_a_vip_who_wants_money_back_is_urgent(tmp_path: Path) -> None:
    """By the plan that the source tells."""
    wish = "Refunds of our VIPs first"
    found = alerted(tmp_path, wish, heard(attributes={"plan": "Enterprise XL"}))

    assert found["vip-refund"].severity is Severity.URGENT
    assert "vip-refund" not in alerted(tmp_path, wish, heard(attributes={"plan": "free"}))


def test_one_star_in_german_goes_to_the_german_team(tmp_path: Path) -> None:
    """Neither two stars nor another language does."""
    wish = "One star in German"
    found = alerted(tmp_path, wish, heard(rating=Rating(1)))
    other = heard(rating=Rating(1))
    english = replace(other, analysis=replace(other.analysis, language="en"))

    assert found["one-star-german"].channel == "#support-de"
    assert "one-star-german" not in alerted(tmp_path, wish, heard(rating=Rating(2)))
    assert "one-star-german" not in alerted(tmp_path, wish, english)


def test_nets_are_quiet_at_night(tmp_path: Path) -> None:
    """By the time of arrival in Berlin; other rules are not."""
    wish = "Not at night"
    night = NOON + timedelta(hours=11)

    assert "low-stars" in alerted(tmp_path, wish, heard(signals=(), rating=Rating(1)))
    assert "low-stars" not in alerted(tmp_path, wish, heard(night, signals=(), rating=Rating(1)))
    assert "billing" in alerted(tmp_path, wish, heard(night))


def test_billing_goes_elsewhere_and_to_a_person(tmp_path: Path) -> None:
    """Each change leaves the rest of the rule as the preset has it."""
    moved = alerted(tmp_path, "Billing belongs in another channel", heard())["billing"]
    called = alerted(tmp_path, "To a person after 30 minutes", heard())["billing"]

    assert (moved.channel, moved.mention) == ("#payments", "<!subteam^S0123ABCD>")
    [step] = called.limits.escalate
    assert (step.after, step.mention) == (1800, "<@U0123ABCD>")
    assert moved.reason == called.reason
