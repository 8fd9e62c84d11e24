"""The tone: the customer's rating outranks the words, and unread is not neutral."""

from __future__ import annotations

import pytest

from monitor.analysis.lexicon import Contribution, Lexicon, LexiconScore, LexiconScorer
from monitor.analysis.sentiment import (
    COMPLAINT,
    MILD,
    MODERATE,
    NEUTRAL,
    STRONG,
    SURE,
    QuestionAim,
    decide_sentiment,
    question_aim,
)
from monitor.domain.feedback import Label, Rating, Scale, Sentiment, VaderScores
from monitor.domain.tokens import normalize_text

SCORER = LexiconScorer()
BETTER = "What could we do better?"
GOOD = "What was good?"


def _vader(compound: float) -> VaderScores:
    return VaderScores(compound=compound, neg=0, neu=1, pos=0)


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
    assert decide_sentiment(_vader(compound), None)[0] == Sentiment(label, compound)


@pytest.mark.parametrize(
    ("compound", "problem", "label", "score"),
    [
        (-0.7, COMPLAINT - 0.001, Label.NEUTRAL, 0),
        (-0.7, COMPLAINT, Label.NEGATIVE, -0.7),
        (0.4, SURE - 0.001, Label.POSITIVE, 0.4),
        (0.4, SURE, Label.NEGATIVE, -0.1),
        (0, 0.9, Label.NEGATIVE, -0.8),
        (0, 1, Label.NEGATIVE, -1),
        (0.4, 0, Label.POSITIVE, 0.4),
        (-0.04, 0, Label.NEUTRAL, -0.04),
    ],
)
def test_the_probability_of_a_problem_has_a_say(
    compound: float, problem: float, label: Label, score: float
) -> None:
    """Words that sound bad need one, surely bad ones need no tone; where the words lose, a line
    says so.
    """
    sentiment, why = decide_sentiment(_vader(compound), None, problem=problem)
    assert sentiment == Sentiment(label, score)
    assert why[0] == f"the words score {compound:+.2f}"
    assert (len(why) == 2) == (score != compound)


def test_a_workspace_s_own_words_need_no_second_opinion() -> None:
    """Whoever says that "wobbly" is bad is believed; the same word in the shipped lexicon is
    doubted.
    """
    text = "The wobbly line is the border."
    own = LexiconScorer(Lexicon({"wobbly": -2.0}, own=frozenset({"wobbly"}))).score(text)
    shipped = LexiconScorer(Lexicon({"wobbly": -2.0})).score(text)
    assert (own.compound, own.contributions) == (shipped.compound, shipped.contributions)
    assert decide_sentiment(own, None, problem=0.1)[0] == Sentiment(Label.NEGATIVE, own.compound)
    assert decide_sentiment(shipped, None, problem=0.1)[0] == Sentiment(Label.NEUTRAL, 0)


def test_the_rating_outranks_the_probability() -> None:
    """Stars decide whatever the model says."""
    assert decide_sentiment(_vader(-0.4), Rating(3), problem=1)[0] == Sentiment(Label.NEUTRAL, 0)
    assert decide_sentiment(_vader(0.4), Rating(4), problem=1)[0] == Sentiment(Label.POSITIVE, 0.5)


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
def test_the_rating_outranks_the_words(
    rating: Rating, compound: float | None, label: Label, score: float
) -> None:
    """Stars give label and score; only a strong complaint beside good stars makes it mixed."""
    sentiment, why = decide_sentiment(None if compound is None else _vader(compound), rating)
    assert sentiment == Sentiment(label, score)
    assert why[0].startswith(f"rated {rating.value:g} on {rating.scale}")


def test_words_that_were_overruled_are_named() -> None:
    """Whoever wonders about the label sees what the words would have said."""
    assert decide_sentiment(_vader(0.8), Rating(1))[1][-1] == "which outranks the words (+0.80)"
    assert decide_sentiment(_vader(-0.8), Rating(5))[1][-1] == "yet the words score -0.80"
    assert len(decide_sentiment(_vader(-0.8), Rating(1))[1]) == 1


def test_neither_words_nor_rating_is_no_sentiment() -> None:
    """Unread is not neutral."""
    assert decide_sentiment(None, None) == (None, ())


def test_the_words_that_weighed_most_are_named() -> None:
    """Three at most, the heaviest first, the same word once with all that it adds."""
    parts = (
        Contribution("crashes", -0.3),
        Contribution("fine", 0.05),
        Contribution("refund", -0.2),
        Contribution("Crashes", -0.25),
        Contribution("ok", 0.1),
    )
    assert decide_sentiment(LexiconScore(-0.6, parts), None)[1] == (
        "the words score -0.60: crashes -0.55, refund -0.20, ok +0.10",
    )


def test_a_rating_is_shown_with_the_words() -> None:
    """Words that agree with the stars are named too; words that do not are called outranked."""
    parts = (Contribution("crashes", -0.44),)
    rated = "rated 1 on stars5 (1 of 5 stars)"
    assert decide_sentiment(LexiconScore(-0.44, parts), Rating(1))[1] == (rated, "crashes -0.44")
    praise = (Contribution("Great", 0.5),)
    assert decide_sentiment(LexiconScore(0.5, praise), Rating(1))[1] == (
        rated,
        "which outranks the words (+0.50: Great +0.50)",
    )


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (BETTER, QuestionAim.BETTER),
        ("How could we improve?", QuestionAim.BETTER),
        ("What went wrong?", QuestionAim.BETTER),
        ("What did you like least?", QuestionAim.BETTER),
        (GOOD, QuestionAim.GOOD),
        ("What did you enjoy?", QuestionAim.GOOD),
        ("Why did you give this score?", QuestionAim.EITHER),
        ("What was good and what could be better?", QuestionAim.EITHER),
        ("Were you satisfied and/or dissatisfied?", QuestionAim.EITHER),
        ("", QuestionAim.EITHER),
    ],
)
def test_what_a_question_asks_for(question: str, asked: QuestionAim) -> None:
    """Its words tell; one that asks for both sides, or for none, decides nothing."""
    assert question_aim(question) is asked


@pytest.mark.parametrize(
    ("question", "answer", "score"),
    [
        (BETTER, "Nothing", MODERATE),
        (BETTER, "No, nothing at all!", MODERATE),
        (BETTER, "Can’t think of anything", MODERATE),
        (BETTER, "no complaints", MODERATE),
        (GOOD, "Nothing", -MODERATE),
        (GOOD, "absolutely nothing", -MODERATE),
        (BETTER, "N/A", 0),
        (BETTER, "don't know", 0),
        (GOOD, "not sure", 0),
        (BETTER, "more staff on the ward", -MILD),
        (BETTER, "the car park", -MILD),
        (GOOD, "the nurses", MILD),
        (BETTER, "More friendly staff", -MILD),
        (BETTER, "A better explanation would help", -MILD),
    ],
)
def test_an_answer_is_read_with_its_question(question: str, answer: str, score: float) -> None:
    """Nothing, no answer, and answers without tone of their own mean what the question makes of
    them.
    """
    sentiment, why = decide_sentiment(SCORER.score(answer), None, question, normalize_text(answer))
    assert sentiment is not None
    assert sentiment.score == score
    assert len(why) == 1


@pytest.mark.parametrize(
    ("question", "answer", "label"),
    [
        (BETTER, "The food was terrible", Label.NEGATIVE),
        (BETTER, "Everything was excellent", Label.POSITIVE),
        (BETTER, "Nothing, all staff were great and could not be more helpful", Label.POSITIVE),
        (GOOD, "Terrible service", Label.NEGATIVE),
        ("", "Nothing", Label.NEUTRAL),
        ("Why?", "more staff", Label.NEUTRAL),
    ],
)
def test_words_with_a_tone_speak_for_themselves(question: str, answer: str, label: Label) -> None:
    """A question changes nothing where the answer is clear, and nothing is read into a question
    that asks for both.
    """
    sentiment, _ = decide_sentiment(SCORER.score(answer), None, question, normalize_text(answer))
    assert sentiment is not None
    assert sentiment.label is label


def test_a_rating_outranks_the_question() -> None:
    """Stars decide; the question is not looked at."""
    answer = "Nothing"
    assert decide_sentiment(SCORER.score(answer), Rating(1), BETTER, normalize_text(answer))[
        0
    ] == Sentiment(Label.NEGATIVE, -1)
