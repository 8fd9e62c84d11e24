"""Conditions on what is told beside the words: language, attributes, version of the app."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monitor.domain.feedback import Analysis, Evidence
from monitor.testing import NOON, make_feedback
from rules.base import Condition
from rules.conditions.attribute import AttributeCondition
from rules.conditions.language import LanguageCondition
from rules.conditions.version import VersionCondition


def evidence(*, language: str = "", **told: Any) -> Evidence:
    """A feedback of which only what its source tells is given."""
    feedback = replace(make_feedback(""), **told)
    analysis = Analysis(text="", words="", language=language, unscored=f"language: {language}")
    return Evidence(feedback=feedback, analysis=analysis, now=NOON)


def say(condition: Condition, given: Evidence) -> str | None:
    """What the card says, or None where the condition does not hold."""
    clause = condition.check(given)
    return clause.description if clause else None


@pytest.mark.parametrize(
    ("value", "language", "said"),
    [
        ("de", "de", "is in German"),
        (["de", "fr"], "fr", "is in French"),
        ({"code": "pt"}, "pt", "is in Portuguese"),
        ("de", "en", None),
        ("de", "", None),
        ("en", "", None),
    ],
)
def test_language(value: object, language: str, said: str | None) -> None:
    """What the analysis read counts, also where it is not scored; unknown is no language."""
    assert say(LanguageCondition(value), evidence(language=language)) == said


SUBREDDIT = {"subreddit": "Apple", "flair": "Bug Report"}


@pytest.mark.parametrize(
    ("value", "attributes", "said"),
    [
        ({"name": "subreddit", "is": "apple"}, SUBREDDIT, 'has subreddit "Apple"'),
        ({"name": "Subreddit", "is": ["x", "r/APPLE"]}, SUBREDDIT, 'has Subreddit "Apple"'),
        ({"name": "subreddit", "is": "/r/app*"}, SUBREDDIT, 'has subreddit "Apple"'),
        ({"name": "subreddit", "is": "appl"}, SUBREDDIT, None),
        ({"name": "flair", "is": "*bug*"}, SUBREDDIT, 'has flair "Bug Report"'),
        ("flair", SUBREDDIT, 'has flair "Bug Report"'),
        ("flair", {"flair": "  "}, None),
        ("flair", {}, None),
        ({"name": "flair", "given": True}, SUBREDDIT, 'has flair "Bug Report"'),
        ({"name": "flair", "given": False}, SUBREDDIT, None),
        ({"name": "plan", "given": False}, SUBREDDIT, "has no plan"),
        ({"name": "labels", "is": "bug"}, {"labels": "p1, bug"}, 'has labels "p1, bug"'),
        ({"name": "labels", "is": "p1, bug"}, {"labels": "p1, bug"}, 'has labels "p1, bug"'),
        ({"name": "seats", "min": 50}, {"seats": "50"}, 'has seats "50"'),
        ({"name": "seats", "min": 50}, {"seats": "49.9"}, None),
        ({"name": "seats", "min": 50, "max": 60}, {"seats": " 60.0 "}, 'has seats "60.0"'),
        ({"name": "seats", "max": 60}, {"seats": "-1"}, 'has seats "-1"'),
        ({"name": "seats", "max": 60}, {"seats": "1,000"}, None),
        ({"name": "seats", "max": 60}, {"seats": "nan"}, None),
        ({"name": "seats", "max": 60}, {"seats": "٥"}, None),
        ({"name": "seats", "max": 60}, {"seats": "few"}, None),
        ({"name": "seats", "max": 60}, {}, None),
        ({"name": "seats", "is": "5*", "max": 55}, {"seats": "59"}, None),
    ],
)
def test_attribute(value: object, attributes: dict[str, str], said: str | None) -> None:
    """Names and values are compared without case, one of a list is enough, and what is no number
    is between no limits.
    """
    assert say(AttributeCondition(value), evidence(attributes=attributes)) == said


def test_a_long_value_does_not_fill_the_card() -> None:
    """The card shows the beginning of what a survey lists."""
    said = say(AttributeCondition("choices"), evidence(attributes={"choices": "x" * 500}))
    assert said == f'has choices "{"x" * 79}…"'


@pytest.mark.parametrize(
    ("value", "version", "expected"),
    [
        ("4.2.1", "4.2.1", True),
        ("4.2", "4.2.1", False),
        ("4.2.*", "4.2.1", True),
        (["3.*", "5.0-BETA"], "5.0-beta", True),
        ("*", "", False),
        ({"min": "4.9"}, "4.10", True),
        ({"min": "4.9"}, "4.8.7", False),
        ({"min": "4"}, "4.0.0", True),
        ({"min": "4.0.0"}, "4", True),
        ({"max": "4.2"}, "4.2.9", True),
        ({"max": "4.2"}, "4.3", False),
        ({"max": "4.2"}, "4", True),
        ({"max": "4.2.0"}, "4.2.1", False),
        ({"min": "4.2", "max": "4.4"}, "V4.3.1-beta (812)", True),
        ({"min": "1"}, "Varies with device", False),
        ({"max": "99"}, "", False),
        ({"min": "1"}, "1234567890.1", False),
    ],
)
def test_version(value: object, version: str, expected: bool) -> None:
    """Versions are compared part by part; the last one takes in all below it, and what is no number
    is neither before nor after anything.
    """
    said = say(VersionCondition(value), evidence(app_version=version))
    assert said == (f"is about version {version}" if expected else None)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (LanguageCondition, "german", "no language has the code 'german'; did you mean 'de'?"),
        (LanguageCondition, "Frensh", "did you mean 'fr'?"),
        (LanguageCondition, "pt-BR", "did you mean 'pt'?"),
        (LanguageCondition, "DE", "did you mean 'de'?"),
        (LanguageCondition, "q9", 'write one like "de" or "pt"'),
        (LanguageCondition, [], "an empty value says nothing"),
        (AttributeCondition, {"is": "x"}, "name"),
        (AttributeCondition, {"name": "a", "is": []}, "an empty value says nothing"),
        (AttributeCondition, {"name": "a", "min": "5"}, "valid number"),
        (AttributeCondition, {"name": "a", "min": 6, "max": 5}, "exchange them"),
        (AttributeCondition, {"name": "a", "given": True, "is": "x"}, "given goes without"),
        (AttributeCondition, {"name": "a\nb"}, "one line"),
        (VersionCondition, 4.2, "valid string"),
        (VersionCondition, {"min": "4.x"}, "numbers with points between them"),
        (VersionCondition, {"min": "4.10", "max": "4.9"}, "exchange them"),
    ],
)
def test_mistakes_are_refused(kind: type[Condition], value: object, said: str) -> None:
    """What cannot be meant is refused when the condition is made, with what to write."""
    with pytest.raises(ValueError, match=r"(?s).+") as caught:
        kind(value)
    assert said in str(caught.value)
