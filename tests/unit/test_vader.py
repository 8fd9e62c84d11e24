"""The exact VADER: known answers, the package's own mistakes, edited lexicons, hostile texts and
threads.
"""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from math import inf, nan, sqrt
from types import FrameType
from typing import Any

import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from monitor.analysis.vader import PolarityScores, VaderScorer

VADER = VaderScorer()
PACKAGE = SentimentIntensityAnalyzer()

#: Text and compound, wrong as many of them are: users compare our scores with the package's.
KNOWN = [
    ("", 0.0),
    (" \n\t", 0.0),
    ("The app opens", 0.0),
    ("The app is good", 0.4404),
    ("it is so GOOD", 0.6866),
    ("IT IS SO GOOD", 0.5777),
    ("it is kind of good", 0.3832),
    ("least good", -0.3412),
    ("at least good", 0.4404),
    ("no good app", -0.3412),
    ("it has no or little good", 0.1045),
    ("good\x1fbad", -0.1531),
    ("\ud800 good", 0.4404),
    ("\x00good", 0.0),
    ("I don't like this app", -0.2755),
    ("I don’t like this app", 0.3612),  # a curly apostrophe negates nothing
    ("slow/terrible support", 0.4019),  # words glued by punctuation are one unknown word
    ("good,bad,terrible", 0.0),
    ("awful...never again", 0.0),
    ("terrible&nbsp;<br>bad", 0.0),
    ("they are not really so good", 0.6236),  # "so" right before the word turns the negation off
    ("I ❤️ it", 0.0),  # only emoji of one code point are known
    ("🤬", 0.0),
    ("👎🏽", 0.0),
    ("💔", 0.2732),  # "broken heart"
    ("Love it 😂terrible service", 0.5106),  # the description is glued to the next word
    ("Yeah right, sure", 0.5423),  # set phrases need three words in front of them
    ("the bus stop is great", -0.296),
    ("this is the bomb ok", 0.8402),
    ("I am fed up", 0.0),  # entries of several words are never found
    ("I can't stand this", 0.0),
    ("good but good but good", 0.8641),  # of equal values the first is halved again and again
    ("bad but good but bad and good and bad", -0.6187),
    ("No, it works", 0.0),  # words of two letters keep their punctuation
    ("ok!", 0.0),
    ("> great app", 0.6249),
    ("Great, another update that deletes my files. Thanks a lot!", 0.807),
    ("Die App war gut und hat mich nicht enttäuscht", -0.8316),
]

#: Repeated without end, each makes the package's time grow with the square of the length or worse.
HOSTILE = [
    "😂",
    "the good ",
    "NOT so GOOD but ",
    "good but bad ",
    "n't ",
    "no ",
    "kind of ",
    "the shit ",
    "😂x",
    "Σ'",
    ":) ",
]


@pytest.mark.parametrize(("text", "compound"), KNOWN)
def test_known_answers(text: str, compound: float) -> None:
    """The compound value is the recorded one, and all four values are the installed package's."""
    scores = VADER.score(text)

    assert compound == scores["compound"]
    assert list(PACKAGE.polarity_scores(text).items()) == list(scores.items())


def test_edited_lexicon() -> None:
    """Words that a user adds, changes or removes count as they do for an analyzer with the same
    edits.
    """
    analyzer = SentimentIntensityAnalyzer()
    analyzer.lexicon.update(
        {
            "crashes": -2.5,
            "good": 0.5,
            "but": 1.5,
            "least": 1.0,
            "very": 2.0,
            "don't": -1.0,
            "bus": 1.0,
        }
    )
    del analyzer.lexicon["no"]
    edited = VaderScorer(analyzer.lexicon)

    for text in (
        "It CRASHES, but very good",
        "no good app",
        "at least it crashes",
        "the least good and very good",
        "I don't crash, but it crashes",
        "at the end of the bus stop is good",
    ):
        assert analyzer.polarity_scores(text) == edited.score(text)
        assert VADER.score(text) != edited.score(text)


def test_lexicon_is_copied() -> None:
    """An edit after construction changes no score."""
    lexicon = {"good": 1.0}
    vader = VaderScorer(lexicon)
    before = vader.score("good")

    lexicon["good"] = -3.0

    assert before == vader.score("good")


@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_value_must_be_finite(value: float) -> None:
    """A value that is no number is refused with the word that has it."""
    with pytest.raises(ValueError, match="'crashes'"):
        VaderScorer({"good": 1.0, "crashes": value})


def test_empty_lexicon() -> None:
    """Without a lexicon every word is neutral."""
    expected: PolarityScores = {"neg": 0.0, "neu": 1.0, "pos": 0.0, "compound": 0.0}

    assert expected == VaderScorer({}).score("so good, but VERY bad 😂!!!")


def test_long_praise() -> None:
    """40,000 characters of one word give what the formula gives: value 1.9 each, plus one for each
    word that counts.
    """
    times = 40_000 // len("the good ")
    expected: PolarityScores = {"neg": 0.0, "neu": 0.256, "pos": 0.744, "compound": 0.0}
    expected["compound"] = round(1.9 * times / sqrt((1.9 * times) ** 2 + 15), 4)

    assert expected == VADER.score("the good " * times)


def test_emoji_flood() -> None:
    """10,000 emoji have the proportions of twenty, for which the package can be asked."""
    few, many = PACKAGE.polarity_scores("😂" * 20), VADER.score("😂" * 10_000)

    assert (few["neg"], few["neu"], few["pos"], 1.0) == (
        many["neg"],
        many["neu"],
        many["pos"],
        many["compound"],
    )


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_short(piece: str) -> None:
    """Hostile patterns score as in the package at every length that it can still manage."""
    for times in (1, 2, 3, 4, 5, 8, 33, 100):
        assert PACKAGE.polarity_scores(piece * times) == VADER.score(piece * times)


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_linear_work(piece: str) -> None:
    """Text of twice the length makes at most twice the calls."""
    once, twice = (calls(partial(VADER.score, piece * times)) for times in (2_000, 4_000))

    assert twice <= 2 * once + 50


def test_new_tokens_never_fill_memory() -> None:
    """However many different tokens arrive, few are remembered, and the scores stay right."""
    vader = VaderScorer()
    for batch in range(8):
        vader.score(" ".join(f"token{batch}x{number}" for number in range(10_000)))
    vader.score(" ".join("x" * length for length in range(1_000)))

    assert len(vader._words) <= 1 << 15
    assert max(map(len, vader._words)) <= 40
    assert PACKAGE.polarity_scores("not good, token7x1!") == vader.score("not good, token7x1!")


def test_threads_share_one_instance() -> None:
    """Eight threads that push each other's tokens out of the memo all get the right scores."""
    vader = VaderScorer()
    texts = [
        f"the {n} app is {word} but not w{n * 7919}!"
        for n in range(2_000)
        for word in ("good", "TERRIBLE")
    ]
    flood = [" ".join(f"t{round_}n{n}" for n in range(5_000)) for round_ in range(20)]
    expected = [PACKAGE.polarity_scores(text) for text in texts]

    with ThreadPoolExecutor(8) as pool:
        flooding = [pool.submit(vader.score, text) for text in flood]
        scoring = [pool.submit(lambda: [vader.score(text) for text in texts]) for _ in range(6)]
        assert all(future.result()["neu"] == 1.0 for future in flooding)
        assert [expected] * 6 == [future.result() for future in scoring]


def calls(action: Callable[[], object]) -> int:
    """How many calls, of Python and of C functions, an action makes."""
    count = 0

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    previous = sys.getprofile()
    sys.setprofile(profile)
    try:
        action()
    finally:
        sys.setprofile(previous)
    return count
