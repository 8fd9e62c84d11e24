"""What every condition must satisfy; a new file in rules/conditions is found and tested by itself.

The examples are those of the reference, so that what is documented is what works.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import cycle, product
from pathlib import Path
from typing import Any

import pytest

from monitor.domain.alert import Clause
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.facts import NO_FACTS, ProblemLimit, StoredFacts
from monitor.domain.feedback import (
    Analysis,
    Author,
    Evidence,
    Feedback,
    Kind,
    Label,
    Rating,
    Sentiment,
    Signal,
)
from monitor.domain.tokens import normalize_text
from monitor.domain.workspace import NO_WORKSPACE, Competitor, Workspace
from monitor.registry import list_kinds, load_plugin
from rules.base import Condition
from rules.reference import describe_options, update_reference
from rules.window_condition import WindowCondition
from tests.contract.window_evidence import see_windows

REFERENCE = (Path(__file__).parents[2] / "docs" / "reference" / "rules.md").read_text("utf-8")
KINDS = list_kinds("rules.conditions")
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


def condition_class(kind: str) -> type[Condition]:
    return load_plugin("rules.conditions", kind, Condition)


def section(kind: str) -> str:
    """What the reference says about the kind."""
    found = re.search(rf"^### `{kind}`\n(.*?)(?=^##)", REFERENCE, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def examples(kind: str) -> list[Any]:
    """The values that the reference gives to the kind."""
    blocks = re.findall(r"```toml\n(.*?)```", section(kind), re.DOTALL)
    tables = [item for block in blocks for part in tomllib.loads(block).values() for item in part]
    return [table[kind] for table in tables]


#: What the deep analyzers read, of two texts.
_READ: tuple[dict[str, Any], ...] = (
    {
        "signals": (Signal("outage", ("is down",)), Signal("no_response", ("never replied",))),
        "stage": "support",
        "touchpoint": "service",
        "drivers": ("price", "speed"),
        "problem": 0.95,
        "language": "de",
    },
    {
        "signals": (Signal("praise", ("great",)),),
        "stage": "post-purchase",
        "touchpoint": "unsure",
        "drivers": ("price",),
        "problem": 0.1,
        "language": "en",
    },
)
#: What sources tell beside the words, of three feedback.
_TOLD: tuple[dict[str, Any], ...] = (
    {},
    {
        "attributes": {"subreddit": "apple", "labels": "bug, help wanted", "seats": "120"},
        "app_version": "4.2.1",
    },
    {"attributes": {"Country": "AT", "seats": "twelve"}, "app_version": "5.0-beta"},
    {"source_id": "rival-reviews"},
)
_TEAM = Workspace(
    calendar=BusinessCalendar("Europe/Berlin", frozenset(range(5)), time(9), time(12)),
    competitors=(Competitor("Rival", ("app",), ("rival-reviews",)), Competitor("Other", ("返品",))),
)
_FACTS = (
    NO_FACTS,
    StoredFacts(
        is_first_by_author=True,
        copies=(),
        problem_limits=(ProblemLimit(10.0, 0.74, is_learned=True),),
    ),
    StoredFacts(is_first_by_author=False, copies=tuple(NOW - timedelta(hours=n) for n in range(9))),
)
_WORKSPACES = (NO_WORKSPACE, _TEAM, NO_WORKSPACE, _TEAM, _TEAM)


def _evidences() -> Iterator[Evidence]:
    texts = ("", "Refund! The app CRASHES", "\x00\ud800 ‮ 返品", "x" * 10_000)
    ratings = (None, Rating(1), Rating(3), Rating(5))
    tones = (None, Sentiment(Label.NEGATIVE, -0.6), Sentiment(Label.POSITIVE, 0.9))
    authors = (Author(), Author(name="SpamBot", reach=50_000), Author(name="OurBrand"))
    times = (None, NOW - timedelta(hours=2), NOW + timedelta(hours=2))
    told, workspaces = cycle(_TOLD), cycle(_WORKSPACES)
    facts = cycle((*_FACTS, *_FACTS[1:], *_FACTS[1:]))
    for text, rating, tone, author, at in product(texts, ratings, tones, authors, times):
        feedback = Feedback(
            source_id="shop",
            external_id="1",
            kind=Kind.REVIEW,
            title=text[:20],
            body=text,
            rating=rating,
            author=author,
            created_at=at,
        )
        feedback = replace(feedback, **next(told))
        whole = f"{text[:20]}\n{text}"
        analysis = Analysis(text=whole, words=normalize_text(whole), sentiment=tone)
        given = Evidence(
            feedback=feedback,
            analysis=analysis,
            now=NOW,
            workspace=next(workspaces),
            facts=next(facts),
        )
        yield given
        yield replace(given, analysis=replace(analysis, **_READ[bool(rating)]))


EVIDENCES = tuple(_evidences())


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_documented(kind: str) -> None:
    """The class and its options say what is true in a sentence, and the reference names every key
    with an example.
    """
    found = condition_class(kind)
    assert found.kind() == kind
    for documented in (found, found.Options):
        assert (vars(documented).get("__doc__") or "").strip().endswith(".")
    assert examples(kind)
    for key in found.Options.allowed_keys():
        assert re.search(rf"`{key}`|\b{key} = ", section(kind)), (
            f"{key} is not in the section on {kind}"
        )
    if not found.short:
        assert "Short form" not in section(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_says_what_it_means(kind: str) -> None:
    """Each key has its comment, and what it takes is told in words."""
    for option in describe_options(condition_class(kind)):
        assert option.meaning, f"{kind}.{option.key} has no comment #:"
        assert option.takes


def test_the_reference_is_current() -> None:
    """What the page says of conditions is what their code says; `make reference` writes it anew."""
    assert update_reference(REFERENCE) == REFERENCE


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_and_missing_keys_are_refused(kind: str) -> None:
    """Neither a key that does not exist nor an empty table is read as anything."""
    found = condition_class(kind)
    for value in ({"no_such_key": 1}, {}, [], None, object()):
        with pytest.raises(ValueError, match=r"(?s)."):
            found(value)


@pytest.mark.parametrize("kind", KINDS)
def test_it_describes_itself(kind: str) -> None:
    """What it asks for is one line that continues a sentence; different examples are described
    differently.
    """
    descriptions = [condition_class(kind)(value).describe() for value in examples(kind)]
    for description in descriptions:
        assert description.splitlines() == [description.strip()]
        assert description[0].islower()
        assert not description.endswith(".")
    assert len(set(descriptions)) == len(descriptions)


@pytest.mark.parametrize("kind", KINDS)
def test_check_is_pure(kind: str) -> None:
    """The same evidence gets the same answer in any order, from any thread and any equal condition;
    nothing is kept.
    """
    for value in examples(kind):
        original = copy.deepcopy(value)
        one, two = condition_class(kind)(value), condition_class(kind)(value)
        kept = copy.deepcopy(vars(one))
        evidences = see_windows(one, EVIDENCES)
        first = [one.check(given) for given in evidences]
        with ThreadPoolExecutor(4) as pool:
            again = list(pool.map(one.check, evidences))
        assert first == again == [two.check(given) for given in reversed(evidences)][::-1]
        assert vars(one) == kept
        assert value == original


@pytest.mark.parametrize("kind", KINDS)
def test_its_answers_tell_something(kind: str) -> None:
    """Its examples hold for some evidence and not for other; a clause carries its kind and one line
    of reason.
    """
    conditions = [condition_class(kind)(value) for value in examples(kind)]
    answers = [one.check(given) for one in conditions for given in see_windows(one, EVIDENCES)]
    clauses = [answer for answer in answers if isinstance(answer, Clause)]
    assert clauses
    assert None in answers
    for clause in clauses:
        assert clause.condition == kind
        assert clause.description.splitlines() == [clause.description]
        assert all(clause.words)


@pytest.mark.parametrize("kind", KINDS)
def test_what_it_needs_is_there_wherever_it_holds(kind: str) -> None:
    """The query by which the engine skips texts never hides evidence for which the condition
    holds.
    """
    for value in examples(kind):
        condition = condition_class(kind)(value)
        for given in EVIDENCES:
            if condition.needs is not None and condition.check(given):
                assert condition.needs.matches(given.analysis.words)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_loaded_never_holds(kind: str) -> None:
    """A condition that looks at facts declares which: without them it does not hold, and one that
    declares none does not look at any. Without its window one over a window does not hold.
    """
    for value in examples(kind):
        condition = condition_class(kind)(value)
        for given in EVIDENCES:
            unknown = condition.check(replace(given, facts=NO_FACTS))
            assert unknown is None if condition.facts else unknown == condition.check(given)
            if isinstance(condition, WindowCondition):
                assert unknown is None


def test_there_are_conditions() -> None:
    """The tests above have something to find."""
    assert {"text", "sentiment", "signal", "journey", "stars", "source", "author", "age"} <= set(
        KINDS
    )
