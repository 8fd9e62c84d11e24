"""The feedback lexicon: known mistakes mended, a file of one's own laid over it, every mistake in
it named.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.analysis.lexicon import SHIPPED, Lexicon, LexiconScore, LexiconScorer, parse_entries
from monitor.analysis.vader import VaderScorer, package_lexicon
from monitor.errors import ConfigError

SCORER = LexiconScorer()
PACKAGE = VaderScorer()


@pytest.mark.parametrize(
    "text",
    [
        "I don’t like this app",
        "slow/terrible support",
        "good,bad,terrible",
        "awful...never again",
        "they are not really so good",
        "🤬",
        "👎🏽",
        "💔",
        "Yeah right, sure",
        "I am fed up",
        "I can't stand this",
        "terrible&nbsp;<br>bad",
        "login not working",
        "app crashes",
        "stuck at the last update, unable to log in",
        "#EpicFail",
        "baaaaad",
        "my room was filthy",
        "the seat was cramped, and we came three hours late again",
        "it keeps buffering",
        "broken promises and no apology",
        "the bread was stale",
    ],
)
def test_complaints_that_the_package_misses(text: str) -> None:
    """What the package reads as neutral or good, for its spelling or its vocabulary, is a complaint
    here.
    """
    assert PACKAGE.score(text)["compound"] > -0.3
    assert SCORER.score(text).compound <= -0.05


@pytest.mark.parametrize(
    "text",
    [
        "I ❤️ it",
        "👍🏿",
        "ok!",
        "can't wait for it",
        "no complaints",
        "works perfectly",
        "couldn't be better",
        "it never disappoints",
        "a killer app",
        "without any issues",
        "can't stop playing",
        "I can't recommend them enough",
        "I cannot recommend this dentist highly enough",
        "nothing was too much trouble",
        "she never looked better",
        "no need to look elsewhere",
        "a must have",
    ],
)
def test_praise_that_the_package_misses(text: str) -> None:
    """Praise is read as praise, whatever its spelling and its negations."""
    assert SCORER.score(text).compound > 0.05


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No, it works",
        "@love https://good.com/bad",
        "Please call support",
        "the bus stop",
        "I must have left it in your shop",
        "Can someone call back after five",
        "they sort it out",
        "I declined the upgrade",
        "they rescheduled it",
        "the form about compensation",
        "through no fault of mine",
        "there is no better bakery",
        "the update killed it",
        "a stained glass window",
        "our drains",
    ],
)
def test_what_says_nothing(text: str) -> None:
    """Names, links and words that are good or bad only elsewhere, or in one trade and not in
    another, have no tone.
    """
    assert SCORER.score(text) == LexiconScore(0.0)


def test_the_shipped_words_are_not_what_the_package_has_already() -> None:
    """Each entry changes something: a word with the package's own weight would be noise in the
    file.
    """
    package = package_lexicon()
    assert [
        entry
        for entry, weight in Lexicon.load().weights.items()
        if package.get(entry) == weight and " " not in entry
    ] == []


def test_the_words_shown_are_the_customers_own() -> None:
    """Contributions stand in the order of the text, spelt as there, emphasis last."""
    found = SCORER.contributions("I’m FED UP: app craaashes, “terrible” 👎🏽!!")
    assert [part.words for part in found] == ["FED UP", "craaashes", "terrible", "👎", "!"]
    assert all(part.change < 0 for part in found)


def test_contributions_sum_to_the_score() -> None:
    """The shares of all words and marks make the score, before it is rounded."""
    reading = SCORER.score(
        "Great app but it crashes all the time and support never answers. Refund?? 👎"
    )
    assert sum(part.change for part in reading.contributions) == pytest.approx(
        reading.compound, abs=5e-5
    )


def test_words_that_cancel_are_still_shown() -> None:
    """A score of 0 with words behind it names them."""
    scorer = LexiconScorer(Lexicon({"yea": 2.0, "nay": -2.0}))
    reading = scorer.score("yea nay")
    assert reading.compound == 0
    assert [(part.words, part.change > 0) for part in reading.contributions] == [
        ("yea", True),
        ("nay", False),
    ]


def _own(folder: Path, text: str) -> LexiconScorer:
    path = folder / "own.toml"
    path.write_text(text, "utf-8")
    return LexiconScorer(Lexicon.load(path))


def test_ones_own_file_adds_changes_and_silences(tmp_path: Path) -> None:
    """New words count, known ones weigh what the file says, and 0 makes words, phrases and emoji
    say nothing.
    """
    scorer = _own(
        tmp_path,
        """
        [weights]
        "Wobbly" = -2
        "crashes" = 3
        "refund" = 0
        "terrible" = 0
        "not working" = 0
        "👎🏽" = 0
        "😂" = -3
        "sell  out" = -3
        """,
    )
    assert scorer.score("so wobbly").compound < 0 < scorer.score("it crashes").compound
    assert all(
        scorer.score(text).compound == 0 for text in ("refund", "terrible", "not working", "👎")
    )
    assert scorer.score("😂").compound < 0
    assert scorer.score("a sell out").compound < 0
    assert scorer.score("glitches").compound < 0


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    """A file without entries leaves the shipped ones."""
    text = "app crashes, refund!"
    assert _own(tmp_path, "").score(text) == SCORER.score(text)


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"slow": "bad"}, "a number is needed"),
        ({"slow": True}, "a number is needed"),
        ({"slow": -5}, "-5 is out of range"),
        ({"slow": float("nan")}, "nan is out of range"),
        ({"can't stand": -1, "Can’t  Stand": -2}, "it is there twice"),
        ({"": -1}, "write a word"),
        ({"slow!": -1}, "write a word"),
        ({"a . b": -1}, "write a word"),
        ({"👎👎": -1}, "write a word"),
        ({"one two three four five six seven": -1}, "it is too long"),
        ({"x" * 61: -1}, "it is too long"),
    ],
)
def test_every_mistake_is_named(entries: dict[str, object], message: str) -> None:
    """The last entry is refused by its name in the file, with what is allowed."""
    with pytest.raises(ConfigError) as error:
        parse_entries({"weights": entries}, "own.toml")
    (problem,) = error.value.problems
    assert problem.where == f"own.toml: weights.{list(entries)[-1]!r}" or "twice" in message
    assert message in problem.message


def test_all_mistakes_are_named_at_once() -> None:
    """A wrong key and two wrong entries are three lines."""
    with pytest.raises(ConfigError) as error:
        parse_entries({"wieghts": {}, "weights": {"slow": 9, "fast": "x"}}, "own.toml")
    assert len(error.value.problems) == 3
    assert "did you mean 'weights'?" in str(error.value)


def test_entries_outside_their_table_are_explained() -> None:
    """Whoever writes `weights = -1` is told where entries go."""
    with pytest.raises(ConfigError, match="write the entries below a line"):
        parse_entries({"weights": -1}, "own.toml")


def test_too_many_entries_are_refused() -> None:
    """A file cannot fill the memory."""
    with pytest.raises(ConfigError, match="at most 5000"):
        parse_entries({"weights": {f"word{i}": 1 for i in range(5001)}}, "own.toml")


def test_the_shipped_file_is_sorted_out() -> None:
    """It is read without a mistake and holds words, phrases and emoji."""
    lexicon = Lexicon.load()
    assert SHIPPED.exists()
    assert {"crashes", "fed up", "👎"} <= set(lexicon.weights)
    assert "fed up" in lexicon.phrases
    assert lexicon.emoji["👎"] == "emoji_1f44e"


def test_explaining_does_not_change_the_packages_scores() -> None:
    """With the package's own lexicon the explanation's compound is the package's, emoji and
    emphasis included.
    """
    for text in (
        "good, but 😂😂 NOT so bad!!",
        "I ❤ it 😂x",
        "no good?? kind of",
        "",
        "nothing here",
    ):
        assert PACKAGE.explain(text).compound == PACKAGE.score(text)["compound"]


def test_an_emoji_counts_where_it_stands() -> None:
    """The words that it is spelt out to count as one, at its place among the words as written."""
    explanation = PACKAGE.explain("well 😂😂 good")
    assert [place for place, _ in explanation.values] == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("It does not arrive. Terrible app.", -1),
        ("I did not know! Great app", 1),
        ("NOT NOW. GREAT APP.", 1),
        ('It "never." Good 😂', 1),
        ("It is not good. It never was", -1),
        ("It does not look terrible.", 1),
    ],
)
def test_a_negation_ends_with_its_sentence(text: str, sign: int) -> None:
    """What is denied in one sentence says nothing about the words of the next."""
    assert SCORER.score(text).compound * sign > 0


def test_a_flood_of_negated_sentences_is_read_in_linear_time() -> None:
    """A megabyte of them is done before the test's time limit, every word shown as written."""
    reading = SCORER.score("not so. Terrible " * 60_000)
    assert {part.words for part in reading.contributions} == {"Terrible"}
