"""One feedback in, one analysis out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.domain.feedback import Label, Rating
from monitor.domain.tokens import normalize_text
from monitor.testing import make_feedback

ANALYZER = Analyzer()


@pytest.mark.parametrize(
    ("title", "body", "text"),
    [
        ("Slow", "It is slow", "Slow\nIt is slow"),
        ("Slow", "", "Slow"),
        ("", "It is slow", "It is slow"),
        ("It is…", "It is slow", "It is slow"),
        ("Title", "> quoted\nmine", "Title\nmine"),
        ("  ", "mine", "mine"),
    ],
)
def test_the_text_is_title_and_own_words(title: str, body: str, text: str) -> None:
    """A title that the body repeats stands there once, and quotations do not count."""
    analysis = ANALYZER.analyze(make_feedback(body, title=title))
    assert (analysis.text, analysis.words) == (text, normalize_text(text))


def test_english_is_scored_with_the_reason() -> None:
    """The words decide, and the analysis says which; read plainly, it is the package's own
    score.
    """
    analysis = Analyzer(deep=False).analyze(make_feedback("I hate this terrible app"))
    assert analysis.scored
    assert analysis.sentiment is not None
    assert analysis.sentiment.label is Label.NEGATIVE
    assert analysis.vader is not None
    assert analysis.sentiment.score == analysis.vader.compound
    assert analysis.why == (f"the words score {analysis.vader.compound:+.2f}",)
    why = ANALYZER.analyze(make_feedback("I hate this terrible app")).why[0]
    assert all(word in why for word in ("hate", "terrible"))


def test_what_cannot_be_read_gets_no_score() -> None:
    """No vader, no sentiment, and the reason; English words in a German text are not taken for
    English.
    """
    analysis = ANALYZER.analyze(replace(make_feedback("die app ist super fun"), language="de"))
    assert (analysis.scored, analysis.vader, analysis.sentiment) == (False, None, None)
    assert analysis.why == ("the words are not scored (language: de)",)


def test_a_rating_counts_in_any_language() -> None:
    """Stars need no words: the tone is known although the text is not."""
    analysis = ANALYZER.analyze(replace(make_feedback("schlecht"), language="de", rating=Rating(1)))
    assert not analysis.scored
    assert analysis.sentiment is not None
    assert analysis.sentiment.label is Label.NEGATIVE
    assert len(analysis.why) == 2


def test_signals_are_named_with_the_customer_s_words() -> None:
    """A refund that is asked for is a signal, with the words that say so."""
    found = ANALYZER.analyze(make_feedback("I want my money back")).signals
    assert found is not None
    assert [(signal.name, signal.words) for signal in found] == [
        ("refund", ("want my money back",))
    ]


def test_fields_without_an_analyzer_are_none() -> None:
    """What nobody looked for is unknown, which is not the same as not found."""
    analysis = Analyzer(deep=False).analyze(make_feedback("It crashes"))
    assert (analysis.problem, analysis.signals, analysis.stage, analysis.touchpoint) == (None,) * 4
    assert (analysis.drivers, analysis.emotion) == (None, None)


def test_a_page_is_read_as_its_parts_are() -> None:
    """What is read out of a feedback does not depend on those beside it, readable or not, nor on
    their order.
    """
    page = [
        make_feedback("The app crashes and nobody answers."),
        make_feedback(""),
        replace(make_feedback("die app ist super fun"), language="de", rating=Rating(2)),
        make_feedback("I love it 😀"),
    ]
    for analyzer in (ANALYZER, Analyzer(deep=False)):
        alone = [analyzer.analyze(feedback) for feedback in page]
        assert analyzer.analyze_all(page) == alone
        assert analyzer.analyze_all(page[::-1]) == alone[::-1]
    assert ANALYZER.analyze_all([]) == []
