"""Chat spelling is read as the words that are meant, one word for one."""

from __future__ import annotations

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.analysis.problem import WORKING
from monitor.analysis.spelling import Spelling
from monitor.domain.tokens import tokenize
from monitor.testing import make_feedback

SPELLING = Spelling.load()
ANALYZER = Analyzer()


def _read(text: str) -> str:
    return " ".join(SPELLING.read_tokens(tokenize(text)))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("u r sooo sloooow", "you are so slow"),
        ("baaaad fooood", "bad food"),
        ("w8ed 3 hrs thx", "waited 3 hours thanks"),
        ("cant log in n its bn days", "can't log in and its bn days"),
        ("horibble delivry", "horrible delivery"),
        ("recieved it brokn", "received it broken"),
        ("the custmer servce", "the customer service"),
        ("hmmm", "hmmm"),
    ],
)
def test_words_are_read_as_they_are_meant(written: str, meant: str) -> None:
    """Short forms, stretched letters, missing vowels, doubled letters, exchanged neighbours."""
    assert _read(written) == meant


@pytest.mark.parametrize("text", ["Mr Delivry came", "our Custmer Ltd account", "I ate brokn"])
def test_one_odd_word_is_left_alone(text: str) -> None:
    """It may be a name; only two of them make a text misspelt."""
    assert _read(text) == " ".join(tokenize(text))


def test_plain_words_are_handed_back_as_they_came() -> None:
    """A text that needs nothing costs no copy."""
    tokens = tokenize("The lamp arrived on Monday and it works well.")
    assert SPELLING.read_tokens(tokens) is tokens


def test_places_stay() -> None:
    """Each word becomes one word, so that a pattern still finds its place in the text."""
    for text in ("w8ed 4 u 2day", "sooo manyyy ads omg", "idk y its nt wrking"):
        assert len(SPELLING.read_tokens(tokenize(text))) == len(tokenize(text))
        assert all(len(word.split()) == 1 for word in SPELLING.read_tokens(tokenize(text)))


def test_what_is_shown_stays_as_it_was_written() -> None:
    """The complaint and its signal are found, quoted as the customer wrote them; the words that
    rules and search look at, and VADER's scores, are those of the text as given.
    """
    text = "suport nvr replied 2 my ticket, soooo baaad"
    analysis = ANALYZER.analyze(make_feedback(text))
    assert analysis.problem is not None
    assert analysis.problem >= WORKING
    assert analysis.words == " ".join(tokenize(text))
    assert [signal.words for signal in analysis.signals or ()] == [("nvr replied",)]
    assert analysis.vader is not None
    assert analysis.vader.compound == 0
