"""The condition on competitors: by the words and sources that the configuration gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from monitor.domain.feedback import Analysis, Evidence
from monitor.domain.tokens import normalize_text
from monitor.domain.workspace import NO_WORKSPACE, Competitor, Workspace
from monitor.followup.brand_checks import check_brand_settings
from monitor.settings import Settings
from monitor.testing import NOON, make_feedback
from rules.checks import find_gaps
from rules.conditions.competitor import CompetitorCondition
from rules.load import parse_rules

RIVAL = Competitor("Rival", ("rival app", "rival*"), ("rival-reviews",))
WORKSPACE = Workspace(competitors=(RIVAL, Competitor("Ünder Cover", ("undercover",))))


def say(value: object, body: str, source_id: str = "shop", to: Workspace = WORKSPACE) -> str | None:
    """What the card says, or None where the condition does not hold."""
    evidence = Evidence(
        feedback=make_feedback(body, source_id=source_id),
        analysis=Analysis(text=body, words=normalize_text(body)),
        now=NOON,
        workspace=to,
    )
    clause = CompetitorCondition(value).check(evidence)
    return clause.description if clause else None


@pytest.mark.parametrize(
    ("value", "body", "source_id", "said"),
    [
        (True, "The Rival App is cheaper", "shop", 'names Rival: "Rival", "Rival App"'),
        (True, "RIVALRY", "shop", 'names Rival: "RIVALRY"'),
        (True, "no arrival", "shop", None),
        (True, "it works", "rival-reviews", "is about Rival"),
        (
            True,
            "undercover",
            "rival-reviews",
            'is about Rival and names Ünder Cover: "undercover"',
        ),
        ("rival", "rivals", "shop", 'names Rival: "rivals"'),
        ("Rival", "undercover", "shop", None),
        (["x", "ünder*"], "Undercover!", "shop", 'names Ünder Cover: "Undercover"'),
        ({"name": "*"}, "rival", "shop", 'names Rival: "rival"'),
    ],
)
def test_competitor(value: object, body: str, source_id: str, said: str | None) -> None:
    """Its words are found as in a query, and what its own sources bring is about it."""
    assert say(value, body, source_id) == said


def test_without_competitors_it_never_holds() -> None:
    """Whose name it is cannot be known."""
    assert say(True, "rival", to=NO_WORKSPACE) is None


@pytest.mark.parametrize("value", [False, "", [""], 5, {"name": False}])
def test_mistakes_are_refused(value: object) -> None:
    """Neither `false` nor an empty name names anybody."""
    with pytest.raises(ValueError, match=r"(?s)."):
        CompetitorCondition(value)


def test_a_name_that_nobody_has_is_a_mistake() -> None:
    """It is told with the nearest one; so is a rule where no competitor is configured."""
    rules = parse_rules(
        {"rules": [{"id": "a", "all": [{"competitor": ["Rivall", "u*"]}]}]}, "r.toml"
    )
    problems = list(find_gaps(rules, replace(WORKSPACE, competitors=(RIVAL,))))
    assert [problem.message for problem in problems] == [
        "no competitor is called 'Rivall'; did you mean 'Rival'?",
        "no competitor is called 'u*'; allowed: Rival",
    ]
    (missing,) = find_gaps(rules, NO_WORKSPACE)
    assert missing.message.endswith("set [[brand.competitors]]")
    known = parse_rules({"rules": [{"id": "a", "all": [{"competitor": True}]}]}, "r.toml")
    assert list(find_gaps(known, WORKSPACE)) == []


def test_the_configuration_gives_the_competitors() -> None:
    """Words and sources reach the rules as they stand under `[brand]`; a word that no query can
    find is a mistake.
    """
    table = {"name": "Rival", "words": ["rival app", "rival*"], "sources": ["rival-reviews"]}
    settings = Settings.model_validate(
        {
            "folder": Path(),
            "brand": {"competitors": [table, {"name": "B", "words": ["fine", "!!!"]}]},
            "sources": [{"id": "rival-reviews", "kind": "feed"}],
        }
    )
    assert settings.workspace.competitors[0] == RIVAL
    assert settings.workspace.calendar is None
    (problem,) = check_brand_settings(settings, "config.toml")
    assert problem.where == "config.toml: brand.competitors[1].words[1]"
    assert problem.message.startswith("'!!!' cannot be found: ")
