"""The problem model: what it finds, what it leaves alone, and how it says why."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.analysis.lexicon import LexiconScore
from monitor.analysis.problem import MEASURES, SHIPPED, TROUBLE, WORKING, ProblemInput, ProblemModel
from monitor.analysis.signals import SignalFinder
from monitor.domain.feedback import Analysis, Label, Rating, VaderScores
from monitor.testing import make_feedback

ANALYZER = Analyzer()
DATA = Path(__file__).parents[1] / "data"
NEUTRAL = (DATA / "neutral_sentences.txt").read_text("utf-8").splitlines()
TRADES = tomllib.loads((DATA / "trade_sentences.toml").read_text("utf-8"))


def _read(text: str, **known: Any) -> Analysis:
    return ANALYZER.analyze(replace(make_feedback(text), **{"language": "en", **known}))


def _problem(text: str, **known: Any) -> float:
    probability = _read(text, **known).problem
    assert probability is not None
    return probability


@pytest.mark.parametrize(
    "text",
    [
        "Support never replied to my ticket",
        "The app crashes every time I open it",
        "I've been on hold for two hours and nobody answers",
        "Great, another outage. Love it.",
        "Still waiting for my refund after six weeks",
        "Can't log in since the last update, please fix",
        "You charged me twice!",
        "Cheaply made, it broke after a week",
        "I don't like this app",
        "The staff were rude and the room was dirty.",
    ],
)
def test_complaints_are_found(text: str) -> None:
    """Also where no word of feeling is in them."""
    assert _problem(text) >= WORKING


@pytest.mark.parametrize(
    "text",
    [
        "I love this app, it works great",
        "Thanks for the quick reply!",
        "Best service ever, the staff were so kind and helpful",
        "It fits perfectly and arrived on time.",
        "How do I change my address?",
        "It's ok",
        "ok",
    ],
)
def test_praise_and_questions_are_left_alone(text: str) -> None:
    """What needs nobody is not flagged."""
    assert _problem(text) < WORKING


def test_complaints_of_many_trades_are_found() -> None:
    """Of 60 plain ones that nothing was trained on, at least 40; of 40 sentences of praise and
    questions at most 2.
    """
    flagged = {
        kind: [text for text in texts if _problem(text) >= WORKING]
        for kind, texts in TRADES.items()
    }
    assert {kind: len(texts) for kind, texts in TRADES.items()} == {"complaints": 60, "others": 40}
    assert len(flagged["complaints"]) >= 40
    assert len(flagged["others"]) <= 2, flagged["others"]


@pytest.mark.parametrize(
    "text",
    [
        "This killer app never disappoints",
        "What a sick deal",
        "Set up without any issues, no problems at all",
        "I can't stop watching it",
        "No complaints, couldn't be happier",
    ],
)
def test_praise_in_bad_words_is_left_alone(text: str) -> None:
    """Idioms that name something bad and mean something good are neither a problem nor negative."""
    analysis = _read(text)
    assert _problem(text) < WORKING
    assert analysis.sentiment is not None
    assert analysis.sentiment.label is not Label.NEGATIVE


@pytest.mark.parametrize(
    "text",
    [
        "Researchers find bug in thirty year old chip",
        "Bank shares fall after the central bank raised rates",
        "The router died on Friday and they had a new one here the same day, thanks!",
        "Our heater failed on Sunday and on Monday a new one was in, at no charge. Thank you!",
        "No queues, no fuss, no hidden costs",
        "Holy hell, these noodles are insanely good",
    ],
)
def test_what_only_sounds_like_trouble_is_left_alone(text: str) -> None:
    """News, praise after a solved problem, praise by what is absent, praise in rough words."""
    assert _problem(text) < WORKING


def test_neutral_sentences_are_left_alone() -> None:
    """Of 200 statements and questions, many with words that weigh heavily in lexicons, at most 5 %
    are flagged.
    """
    flagged = [text for text in NEUTRAL if _problem(text) >= WORKING]
    assert len(NEUTRAL) == 200
    assert len(flagged) <= 10, flagged


def test_neutral_sentences_are_not_negative() -> None:
    """Of the same sentences at most 5 % are labelled negative, and who wonders is told why the
    others are not.
    """
    read = [_read(text).sentiment for text in NEUTRAL]
    negative = [
        text
        for text, sentiment in zip(NEUTRAL, read, strict=True)
        if sentiment and sentiment.score < 0
    ]
    assert len(negative) <= 10, negative
    assert not [sentiment for sentiment in read if sentiment is None]
    assert any(
        "sound negative, but a complaint is unlikely (" in why
        for why in _read("How do I kill a process?").why
    )


@pytest.mark.parametrize(
    "text", ["Nobody from support has answered my ticket", "Great, another outage. Love it."]
)
def test_trouble_in_kind_words_is_negative(text: str) -> None:
    """What the package scores well is a complaint all the same, and the line of words says so."""
    analysis = _read(text)
    assert analysis.vader is not None
    assert analysis.vader.compound > 0
    assert analysis.sentiment is not None
    assert analysis.sentiment.label is Label.NEGATIVE
    assert analysis.sentiment.score < 0
    assert "but what they tell is a problem" in analysis.why


def test_it_says_why_in_the_customer_s_words() -> None:
    """The line holds the probability, the heaviest words as they were written, and the signals."""
    [why] = [
        line
        for line in _read("Support NEVER replied to my ticket").why
        if line.startswith("probably a problem")
    ]
    assert '"NEVER replied"' in why
    assert "no_response" in why
    assert not [line for line in _read("I love it").why if "problem" in line]


def test_a_turn_of_phrase_is_named() -> None:
    """It is quoted whole, and no word of it once more; a text without a problem has no reason."""
    document = json.loads(SHIPPED.read_text("utf-8"))
    model = ProblemModel({**document, "grams": {"pump": 1.0}, "cues": {"once_good": 3.0}})
    given = _given("the pump was good until the pump broke")
    cued = given._replace(cues={"once_good": ("good until the pump",)})
    assert model.score(cued).why.endswith(': "good until the pump"')
    assert _read("I love it").problem_reason == ""


def test_praise_that_is_taken_back_counts_against() -> None:
    """A word of praise with a negation far in front of it makes a problem likelier."""
    taken_back = _problem("Nobody at the desk was friendly or helpful")
    assert taken_back > _problem("Somebody at the desk was friendly or helpful") + 0.3


def test_words_that_tell_nothing_are_not_named() -> None:
    """They weigh as much as before, and so does a pair of them; a pair with another word is
    named.
    """
    document = json.loads(SHIPPED.read_text("utf-8"))
    weights = {"was": 2.0, "it was": 2.0, "towed": 1.0, "to court": 1.0}
    model = ProblemModel({**document, "grams": weights})
    found = model.score(_given("it was towed and taken to court"))
    assert found.probability >= WORKING
    assert found.why.endswith(': "towed", "to court"')


def test_stars_count() -> None:
    """More stars never make a problem likelier, and bad ones outrank kind words."""
    for text in ("It is a table", "I hate it", "great"):
        figures = [_problem(text, rating=Rating(stars)) for stars in (1, 2, 3, 4, 5)]
        assert figures == sorted(figures, reverse=True)
    assert _problem("great, I love it", rating=Rating(1)) >= WORKING


def test_stars_alone_give_a_figure() -> None:
    """Where the words cannot be read the rating speaks; without one nothing does."""
    assert _problem("schlecht", rating=Rating(1), language="de") >= WORKING
    assert _problem("", rating=Rating(5)) < WORKING
    assert _read("schlecht", language="de").problem is None


def test_a_question_changes_what_its_answer_means() -> None:
    """Nothing to improve is praise, nothing to like is a complaint."""
    better = _problem("Nothing", question="What could we do better?")
    assert better < _problem("Nothing", question="What did you like best?")
    assert better < WORKING


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "😀😡👍🏽",
        "https://example.com/a?b=c http://x.y",
        "a" * 1_000_000,
        "bad " * 50_000,
        "плохо terrible 悪い سيئ גרוע",
        "هذا التطبيق لا يعمل",
        "t̴̨̛e̷r̶r̵i̸b̷l̵e̴ a̵p̸p̶",
        "\x00\x07\x1b[31mbad\x9f\u202e\ufeff",
        "\ud800 bad",
        "#@+$€£%",
        "''''''",
    ],
)
def test_bad_input_gets_a_result_or_a_reason(text: str) -> None:
    """Whatever comes, there is a probability, or it is said why there is none."""
    analysis = ANALYZER.analyze(make_feedback(text))
    assert (analysis.problem is None) == bool(analysis.unscored)
    assert analysis.problem is None or 0 <= analysis.problem <= 1


def test_the_same_text_gets_the_same_figure() -> None:
    """Two models, any order and any number of calls agree to the last digit."""
    texts = NEUTRAL[:20]
    first = [_read(text) for text in texts]
    other = Analyzer()
    assert (
        first
        == [other.analyze(replace(make_feedback(text), language="en")) for text in reversed(texts)][
            ::-1
        ]
    )


def test_the_shipped_file_is_small_and_whole() -> None:
    """Under 400 kB, a weight for every measure and for signals that exist, and no weight that rules
    alone. A signal that is newer than the model weighs nothing.
    """
    assert SHIPPED.stat().st_size < 400_000
    data = json.loads(SHIPPED.read_text("utf-8"))
    assert set(data["measures"]) == set(MEASURES)
    assert set(SignalFinder.load().about) >= set(data["signals"]) >= TROUBLE
    assert len(data["grams"]) < 20_000
    assert max(map(abs, data["grams"].values())) < 3.5


def _given(words: str) -> ProblemInput:
    return ProblemInput(
        text=words, words=words, vader=VaderScores(0, 0, 1, 0), reading=LexiconScore(0)
    )


def test_words_add_up() -> None:
    """With weights that one can follow, the probability is that of their sum, every word counted
    once.
    """
    data = {
        "bias": 0.0,
        "measures": dict.fromkeys(MEASURES, 0.0),
        "signals": {},
        "cues": {"odd": 2.0},
        "grams": {"slow": 0.5, "so": 0.0, "so slow": 1.0, "fast": -1.0},
        "stars": {"beside": {"bias": 0.0, "star": 0.0}, "alone": {"bias": 0.0, "star": 0.0}},
    }
    model = ProblemModel(data)
    assert model.score(_given("slow slow")).probability == 0.731  # 2 * 0.5
    assert model.score(_given("fast")).probability == 0.119  # 2 * -1
    assert model.score(_given("so slow")).probability == 0.85  # 2 / sqrt(3) * 1.5
    assert model.score(_given("table")).probability == 0.5
    cued = _given("fast")._replace(cues={"odd": ("fast",), "unknown": ("fast",)})
    assert model.score(cued).probability == 0.5  # -2 + 2
