"""The tone: the customer's rating outranks the words, and unread is not neutral."""

from __future__ import annotations

import pytest

from monitor.analysis.language import unreadable
from monitor.analysis.sentiment import NEUTRAL, STRONG, tone
from monitor.feedback import Label, Rating, Scale, Sentiment, Vader
from monitor.words import joined


def _vader(compound: float) -> Vader:
    return Vader(compound=compound, neg=0, neu=1, pos=0)


@pytest.mark.parametrize(
    ("compound", "label"),
    [
        (1, Label.POSITIVE),
        (NEUTRAL, Label.POSITIVE),
        (NEUTRAL - 0.0001, Label.NEUTRAL),
        (0, Label.NEUTRAL),
        (0.0001 - NEUTRAL, Label.NEUTRAL),
        (-NEUTRAL, Label.NEGATIVE),
        (-1, Label.NEGATIVE),
    ],
)
def test_without_a_rating_the_words_decide(compound: float, label: Label) -> None:
    """The package's own bounds hold, and the score is its compound."""
    assert tone(_vader(compound), None)[0] == Sentiment(label, compound)


@pytest.mark.parametrize(
    ("rating", "compound", "label", "score"),
    [
        (Rating(1), None, Label.NEGATIVE, -1),
        (Rating(2), 0.9, Label.NEGATIVE, -0.5),
        (Rating(3), 0.9, Label.NEUTRAL, 0),
        (Rating(4), -0.4, Label.POSITIVE, 0.5),
        (Rating(5), STRONG, Label.MIXED, 1),
        (Rating(5), STRONG + 0.001, Label.POSITIVE, 1),
        (Rating(3), -0.9, Label.NEUTRAL, 0),
        (Rating(5, Scale.INVERTED5), 0.9, Label.NEGATIVE, -1),
        (Rating(6, Scale.NPS), None, Label.NEGATIVE, -0.5),
        (Rating(9, Scale.NPS), None, Label.POSITIVE, 0.75),
        (Rating(0, Scale.THUMBS), None, Label.NEGATIVE, -1),
    ],
)
def test_the_rating_outranks_the_words(rating: Rating, compound: float | None, label: Label, score: float) -> None:
    """Stars give label and score; only a strong complaint beside good stars makes it mixed."""
    sentiment, why = tone(None if compound is None else _vader(compound), rating)
    assert sentiment == Sentiment(label, score)
    assert why[0].startswith(f"rated {rating.value:g} on {rating.scale}")


def test_words_that_were_overruled_are_named() -> None:
    """Whoever wonders about the label sees what the words would have said."""
    assert tone(_vader(0.8), Rating(1))[1][-1] == "which outranks the words (+0.80)"
    assert tone(_vader(-0.8), Rating(5))[1][-1] == "yet the words score -0.80"
    assert len(tone(_vader(-0.8), Rating(1))[1]) == 1


def test_neither_words_nor_rating_is_no_sentiment() -> None:
    """Unread is not neutral."""
    assert tone(None, None) == (None, ())


@pytest.mark.parametrize(
    ("text", "declared", "reason"),
    [
        ("It works", "", ""),
        ("It works", "en", ""),
        ("It works", "en-GB", ""),
        ("It works", "EN_us", ""),
        ("Das geht", "de", "language: de"),
        ("Das geht", "de-AT", "language: de"),
        ("не работает", "", "script: not Latin"),
        ("アプリが落ちる app", "", "script: not Latin"),
        ("It works, спасибо", "", ""),
        ("naïve café", "", ""),
        ("👍👍👍", "", ""),
        ("...", "", "no words"),
        ("...", "de", "no words"),
        ("", "", "no words"),
    ],
)
def test_what_the_scorer_cannot_read_has_a_reason(text: str, declared: str, reason: str) -> None:
    """Another language, another script or no words; emoji and a few foreign letters can be read."""
    assert unreadable(text, joined(text), declared) == reason
