"""Journey: what words, questions and sources tell of stage, touchpoint and drivers, and one's own
file.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.analysis.journey import JourneyClassifier, JourneyPlace
from monitor.domain.feedback import Analysis, Driver, Feedback, Kind, Stage, Touchpoint
from monitor.domain.tokens import normalize_text
from monitor.errors import ConfigError
from monitor.testing import make_feedback

ANALYZER = Analyzer(
    expected={
        "store": JourneyPlace(Stage.USE, Touchpoint.PRODUCT),
        "shop": JourneyPlace(None, Touchpoint.PLACE),
    }
)


def read(body: str, **fields: Any) -> Analysis:
    return ANALYZER.analyze(replace(make_feedback(body), **fields))


@pytest.mark.parametrize(
    ("text", "stage", "touchpoint"),
    [
        ("I came across your ad on TV", "awareness", "marketing"),
        ("Which cards do you accept?", "research", "unsure"),
        ("I am thinking about buying the larger one", "research", "unsure"),
        ("My card was declined at the checkout", "purchase", "sales"),
        ("The app crashes since the last update", "use", "product"),
        ("Very easy to use, love the new features", "use", "product"),
        ("I opened a ticket and support never replied", "support", "service"),
        ("On hold for an hour, then they hung up on me", "support", "service"),
        ("I have been a loyal customer since 2019", "engagement", "unsure"),
        ("The parcel never arrived", "post-purchase", "unsure"),
        ("Please cancel my subscription", "post-purchase", "unsure"),
        ("The nurses were lovely", "unsure", "service"),
        ("The waiting room was cold and the toilets dirty", "unsure", "physical place"),
        ("ok", "unsure", "unsure"),
        ("", "unsure", "unsure"),
    ],
)
def test_words_tell_stage_and_touchpoint(text: str, stage: str, touchpoint: str) -> None:
    """What is said decides; where nothing is said that tells, the answer is "unsure"."""
    analysis = read(text)
    assert (analysis.stage, analysis.touchpoint) == (stage, touchpoint)


@pytest.mark.parametrize(
    ("text", "drivers"),
    [
        ("Great quality, but far too expensive", ("quality", "price")),
        ("I waited three weeks and nobody told me why", ("speed", "communication")),
        ("The staff were rude", ("empathy",)),
        ("So easy to use", ("convenience",)),
        (
            "Every time a different agent, and conflicting information",
            ("consistency", "communication"),
        ),
        ("The plan was tailored to my needs", ("personalization",)),
        ("There was no delay", ()),
        ("It is blue", ()),
    ],
)
def test_words_tell_drivers(text: str, drivers: tuple[str, ...]) -> None:
    """All that the words name, in one order, and none where they name none."""
    assert read(text).drivers == drivers


def test_the_words_that_decided_are_shown() -> None:
    """Each fact names at most two of the customer's own wordings."""
    why = read("Support never replied. Far TOO expensive").why
    assert 'stage support: "never replied", "Support never"' in why
    assert 'price: "TOO expensive"' in why


def test_a_source_tells_where_words_do_not() -> None:
    """What is configured for a source stands until the customer's words say otherwise, and the
    reason says so.
    """
    plain, words = read("Nice", source_id="store"), read("Support never replied", source_id="store")
    assert (plain.stage, plain.touchpoint) == ("use", "product")
    assert "stage use: by its source" in plain.why
    assert (words.stage, words.touchpoint) == ("support", "service")
    assert read("Nice", source_id="shop").touchpoint == "physical place"
    assert read("Nice", source_id="shop").stage == "unsure"


def test_a_ticket_is_support() -> None:
    """A ticket asks for help whatever it says, unless its source is configured otherwise."""
    assert (read("Hello", kind=Kind.TICKET).stage, read("Hello", kind=Kind.TICKET).touchpoint) == (
        "support",
        "service",
    )
    assert read("Hello", kind=Kind.TICKET, source_id="store").stage == "use"


def test_a_question_tells_where_the_answer_belongs() -> None:
    """A survey about the checkout gets answers about the checkout; a question without a place
    leaves it open.
    """
    asked = {"question": "How easy was it to place your order?"}
    assert (read("Fine", **asked).stage, read("Fine", **asked).touchpoint) == ("purchase", "sales")
    assert "stage purchase: by the question" in read("Fine", **asked).why
    assert read("Fine", question="Why?").stage == "unsure"
    assert read("Fine", question="Why?", source_id="store").stage == "use"


def test_of_equals_the_expected_one_counts() -> None:
    """One word for each of two stages: the source decides, and without it the one that asks for
    more.
    """
    journey = JourneyClassifier(
        {"stage": {"use": {"any": ["a"]}, "support": {"any": ["b"]}, "purchase": {"any": ["c"]}}}
    )
    stages = [
        journey.classify_feedback(make_feedback(), journey.patterns.find_in_text(text, text)).stage
        for text in ("a b", "a c", "b a")
    ]
    expecting = JourneyClassifier(
        {"stage": {"use": {"any": ["a"]}, "support": {"any": ["b"]}}},
        {"test": JourneyPlace(Stage.USE, None)},
    )
    assert stages == ["support", "purchase", "support"]
    assert (
        expecting.classify_feedback(
            make_feedback(), expecting.patterns.find_in_text("a b", "a b")
        ).stage
        == "use"
    )


def test_signals_count_like_patterns() -> None:
    """What a signal has found tells of the journey too, with its words."""
    journey = JourneyClassifier({"stage": {"support": {"signals": ["silence"]}}})
    step = journey.classify_feedback(make_feedback(), {"silence": ("no answer",), "other": ("x",)})
    assert (step.stage, step.touchpoint, step.why) == (
        "support",
        "service",
        ('stage support: "no answer"',),
    )


def own(tmp_path: Path, text: str) -> JourneyClassifier:
    file = tmp_path / "own.toml"
    file.write_text(text, "utf-8")
    return JourneyClassifier.load(file)


def stage_of(journey: JourneyClassifier, text: str) -> str:
    feedback: Feedback = make_feedback(text)
    return journey.classify_feedback(
        feedback, journey.patterns.find_in_text(text, normalize_text(text))
    ).stage


def test_ones_own_file_lies_over_the_shipped_one(tmp_path: Path) -> None:
    """It adds, replaces and switches off, table by table."""
    text = """
        [stage.purchase]
        any = ["wobbly till"]
        [stage.support]
        replace = true
        any = ["hotline"]
        [stage.use]
        off = true
    """
    journey = own(tmp_path, text)
    assert (
        stage_of(journey, "At the wobbly till")
        == stage_of(journey, "At the checkout")
        == "purchase"
    )
    assert stage_of(journey, "Your hotline") == "support"
    assert stage_of(journey, "I opened a ticket") == "unsure"
    assert stage_of(journey, "So easy to use") == "unsure"


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("[stage.checkout]", "own.toml: stage.checkout", "no such stage; "),
        ("[stages.use]", "own.toml: stages", "unknown table; "),
        ("stage = 1", "own.toml: stage", "write tables headed"),
        ("[stage]\nuse = 1", "own.toml: stage.use", "write it as a table"),
        ('[driver.price]\nany = ["a!b"]', "own.toml: driver.price.any[0]", "is not one word"),
        ("[driver.price]\nall = []", "own.toml: driver.price.all", "unknown key"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, where: str, message: str) -> None:
    """By file, table, list and place."""
    with pytest.raises(ConfigError) as error:
        own(tmp_path, text)
    [problem] = error.value.problems
    assert problem.where == where
    assert message in str(problem)


def test_the_shipped_file_knows_every_name() -> None:
    """Each stage, touchpoint and driver can be found, and says what it means."""
    about = JourneyClassifier.load().about
    names = [f"stage.{one}" for one in Stage if one is not Stage.UNSURE]
    names += [f"touchpoint.{one}" for one in Touchpoint if one is not Touchpoint.UNSURE]
    names += [f"driver.{one}" for one in Driver]
    assert sorted(about) == sorted(names)
    assert all(about.values())
