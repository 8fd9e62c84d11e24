"""Text for the scorer: what is taken apart, what is joined, what is left alone, and where it all
came from.
"""

from __future__ import annotations

import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from monitor.analysis.normalise import TextNormaliser, phrase_word

KNOWN = ("good", "bad", "best", "love", "ok", "grrr", "terrible", ":d", "x/o")
NORMALISE = TextNormaliser(
    KNOWN, ("fed up", "can't stand", "up to", "fed up with"), {"👎": "thumb"}
)


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("", ""),
        ("The app opens.", "The app opens."),
        ("I don’t and don`t", "I don't and don't"),
        ("“good”", '"good"'),
        ("slow/terrible", "slow/ terrible"),
        ("good,bad;ugly", "good, bad; ugly"),
        ("awful...never", "awful... never"),
        ("awful!!never", "awful!! never"),
        ("good(bad)ugly", "good( bad) ugly"),
        ("one--two–three", "one-- two– three"),
        ("10,000 v1.2 24/7 U.S.A e.g.this", "10,000 v1.2 24/7 U.S.A e.g.this"),
        ("well-made x/o :D", "well-made x/o :D"),
        ("sooooo goooood", "so good"),
        ("bessssst", "best"),
        ("looooovvvve", "love"),
        ("hmmmmmm", "hmm"),
        ("grrr", "grrr"),
        ("1000000 ------ !!!!!", "1000000 ------ !!!!!"),
        ("#EpicFail #fail #FAIL", "Epic Fail #fail #FAIL"),
        ("@love good", "good"),
        ("see https://good.com/bad?a=1 www.good.com me@love.org", "see"),
        ("see good@love.org@bad", "see"),
        ("see:https://good.com", "see:"),
        ("bad&nbsp;<br>good &amp;", "bad good &"),
        ("don&#39;t", "don't"),
        ("❤️ it", "❤ it"),
        ("good😂bad", "good 😂 bad"),
        ("👎🏽👎", "thumb thumb"),
        ("ok! ok, No, no!", "ok ! ok No, no!"),
        ("I am fed up.", "I am fed_up."),
        ("FED UP!!", "FED_UP!!"),
        ("fed up with it", "fed_up_with it"),
        ("fed, up fed (up)", "fed, up fed (up)"),
        ("fed up to here", "fed_up to here"),
        ("I can’t stand it, CAN'T STAND", "I cant_stand it, CANT_STAND"),
        ("cant stand", "cant_stand"),
        ("fed up&nbsp;good", "fed up good"),
        ("not really so good", "not really good"),
        ("never quite so good", "never quite so good"),
        ("so not so good", "so not so good"),
        ("isn't it so?", "isn't it so?"),
    ],
)
def test_what_the_scorer_is_given(text: str, normalised: str) -> None:
    """Glued words, repeated letters, tags, emoji, marks and phrases become words; all else is left
    as it was.
    """
    assert NORMALISE(text).text == normalised


def test_plain_text_is_not_copied() -> None:
    """Where nothing applies, the text itself is handed on."""
    text = "The app opens, but it is slow."
    assert NORMALISE(text).text is text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It is slow/terrible!", ["It", "is", "slow/", "terrible!"]),
        ("I’m FED UP, #EpicFail", ["I’m", "FED UP,", "Epic", "Fail"]),
        ("@me sooooo bad👎🏽", ["sooooo", "bad", "👎"]),
        ("bad&nbsp;good", ["bad&nbsp;good", "bad&nbsp;good"]),
        ("plain words", ["plain", "words"]),
    ],
)
def test_every_word_knows_its_place_in_the_original(text: str, words: list[str]) -> None:
    """The place of each word holds what the customer wrote for it."""
    normalised = NORMALISE(text)
    assert [text[slice(*span)] for span in normalised.spans] == words
    assert len(normalised.text.split()) == len(words)


def test_a_phrase_does_not_negate() -> None:
    """The word of a phrase holds no apostrophe, which would make a negation of it."""
    assert phrase_word("can't stand") == "cant_stand"


def test_every_word_of_the_package_is_left_alone() -> None:
    """Whatever the scorer's own lexicon knows, emoticons and elongated words too, reaches it as it
    is written.
    """
    lexicon = SentimentIntensityAnalyzer().lexicon
    normalise = TextNormaliser(lexicon)
    single = [word for word in lexicon if len(word.split()) == 1 and not word.startswith("@")]
    assert [word for word in single if normalise(word).text != word] == []


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "👎",
        "aa.",
        "aa/",
        "#Aa",
        "fed ",
        "fed up ",
        "&amp;",
        "<a",
        "@",
        "so not ",
        "w@",
        ".",
        "&#9",
        "\ud800",
        "ab\u0301",
        "a@",
    ],
)
def test_a_long_text_is_read_to_its_end(piece: str) -> None:
    """Hostile repetition is normalised as a whole, with a place for every word."""
    normalised = NORMALISE(piece * 20_000)
    assert len(normalised.spans) == len(normalised.text.split())


def test_an_endless_number_is_no_entity() -> None:
    """A number that Python refuses to read is left as it is."""
    text = f"&#{'9' * 5_000};"
    assert NORMALISE(text).text == text
