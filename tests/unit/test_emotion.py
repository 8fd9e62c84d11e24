"""The emotion head: a hint where the words are clear, none elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.analysis.emotion import PLEASANT, SHIPPED, EmotionModel
from monitor.domain.tokens import normalize_text
from monitor.testing import make_feedback

MODEL = EmotionModel.load()


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("Thank you so much for your help", "gratitude"),
        ("I love it, I love it", "joy"),
        ("I am scared that my data is gone", "worry"),
        ("So sad and disappointed", "sadness"),
        ("I hate this, so annoying", "anger"),
        ("The parcel has two labels", None),
        ("How do I change my address?", None),
        ("", None),
    ],
)
def test_clear_words_give_a_hint(text: str, emotion: str | None) -> None:
    """Words of an emotion name it; a statement or a question names none."""
    assert MODEL.hint_for_words(normalize_text(text)) == emotion


def test_a_problem_gets_no_pleasant_hint() -> None:
    """Thanks in a complaint are irony more often than not."""
    words = normalize_text("Thank you so much for losing my bag")
    assert MODEL.hint_for_words(words) == "gratitude"
    assert MODEL.hint_for_words(words, problem=True) not in PLEASANT


def test_what_is_not_read_has_no_emotion() -> None:
    """A text in another language gets no hint, whatever its words mean in English."""
    assert (
        Analyzer().analyze(replace(make_feedback("die app ist super fun"), language="de")).emotion
        is None
    )


def test_the_shipped_file_is_small() -> None:
    """Under 400 kB, and all pleasant emotions are ones that it knows."""
    assert SHIPPED.stat().st_size < 400_000
    assert set(MODEL.emotions) > PLEASANT


def test_the_clearest_emotion_wins() -> None:
    """Of those that reach their threshold it is the one furthest beyond."""
    model = EmotionModel(
        {
            "joy": {"bias": 0, "threshold": 1, "grams": {"yay": 1.0, "so yay": 1.0}},
            "anger": {"bias": 0, "threshold": 1, "grams": {"argh": 2.0}},
        }
    )
    assert [
        model.hint_for_words(words) for words in ("yay", "argh", "yay argh", "so", "so yay")
    ] == [
        "joy",
        "anger",
        "anger",
        None,
        "joy",
    ]
