"""Every text scores as the vaderSentiment package scores it, to the last bit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    NEGATE,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
)

from monitor.analysis.vader import VaderScorer

PACKAGE = SentimentIntensityAnalyzer()
VADER = VaderScorer()

LEXICON = sorted(PACKAGE.lexicon)
CONTRAST = [
    "but",
    "BUT",
    "but,",
    "good",
    "good",
    "bad",
    "great",
    "terrible",
    "the",
    "no",
    "GOOD",
    "bus stop",
    "the shit",
]
RULE_WORDS = [
    "no",
    "or",
    "nor",
    "never",
    "so",
    "this",
    "without",
    "doubt",
    "least",
    "at",
    "very",
    "kind",
    "sort",
    "of",
]
PHRASES = [
    *SPECIAL_CASES,
    "just enough",
    "kind of",
    "sort of",
    "without doubt",
    "never so",
    "never this",
    "yeah",
]
PLAIN = [
    "the",
    "a",
    "I",
    "app",
    "App",
    "NHS",
    "İstanbul",
    "ΟΔΟΣ",
    "K",
    "ﬁne",
    "don’t",
    "xn't",
    "\x00",
    "\ud800",
    "♥",
    "×",
]
PUNCTUATION = ["", "", "", "", "!", "?", "...", ",", "!!", "???", "'s", '"', ")", ":", "‼"]
SPACES = [" ", " ", " ", " ", "", "  ", "\t", "\n", "\x1f", "\x85", "\u2003", "/"]

#: Tweets (MIT, from the ground truth published with vaderSentiment, without names).
TWEETS = [
    "LMAO, AMAZING!",
    "Yay. Another good phone interview.",
    "Two words that should die this year: Sexting and jeggings. Die die die",
    (
        "wow perfect skies for this meteor shower! falling every couple minutes here huge and "
        "bright... awesome :D"
    ),
    "mad day. good mad not bad mad or mad mad. but mad anyway.",
    "had the best lucky charm ever tonight. thanks y. :)",
    "Canada wins a medal in swimming! :) Wow - here we come world! ;)",
    (
        "DON'T CARE DON'T CARE DON'T CARE DON'T CARE DON'T CARE DON'T CARE DON'T CARE DON'T CARE "
        "#royalwedding"
    ),
    "This morning was fun, fun, fun, fun... but then this afternoon was spring cleaning.",
    "Babysitting a self-cleaning oven = NOT fun.",
    (
        "Great production. Not so keen about some of the performers though. But awesome, awesome "
        "seats. :)"
    ),
    "Sorry to say, but the starving artist stereotype sucks, is stupid and I hate it.",
    "epic win! good game canada! ... but not good enough! #wjhc :-)",
    "I feel funny. Funny strange not funny haha.",
    "Goodbye Magic Kingdom!!! :'( :'( :'( Waiting for bus back to resort for DME :'( :'( :'(",
    "Unisex bathrooms: Very pc, but not very practical.",
    "So pissed!!! Damn UPS!",
    "Really... Who wouldn't want a strong, funny, sexy, intelligent woman? #stupidpersonalsshit",
    "No new LOST!?!? Damn.",
]

words = st.one_of(
    st.sampled_from(LEXICON),
    st.sampled_from(["good", "bad", "great", "terrible"]),
    st.sampled_from(sorted(BOOSTER_DICT)),
    st.sampled_from(NEGATE),
    st.sampled_from(RULE_WORDS),
    st.sampled_from(PHRASES),
    st.sampled_from(CONTRAST),
    st.sampled_from(PLAIN),
    st.sampled_from(sorted(PACKAGE.emojis)),
)
casings = st.sampled_from([str, str, str, str, str.upper, str.title])
tokens = st.builds(
    lambda front, word, casing, behind, space: front + casing(word) + behind + space,
    st.sampled_from(["", "", "", "", "", '"', "(", "#", "😂"]),
    words,
    casings,
    st.sampled_from(PUNCTUATION),
    st.sampled_from(SPACES),
)
any_text = st.text(st.characters(exclude_categories=()))  # lone surrogates too


def assert_same(
    text: str, vader: VaderScorer = VADER, package: SentimentIntensityAnalyzer = PACKAGE
) -> None:
    """The same keys in the same order with the same bits; `repr` tells -0.0 from 0.0."""
    assert repr(package.polarity_scores(text)) == repr(vader.score(text))


@settings(max_examples=300, deadline=None)
@given(st.lists(tokens, max_size=30))
def test_texts_dense_with_rules(parts: list[str]) -> None:
    """Boosters, negations, phrases, capitals, emoji and punctuation in any order give the package's
    scores.
    """
    assert_same("".join(parts))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(CONTRAST), max_size=40))
def test_contrast_among_equal_values(parts: list[str]) -> None:
    """Repeated values around "but" are changed at the places where the package changes them."""
    assert_same(" ".join(parts))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*RULE_WORDS, *PHRASES, "good", "SO", "bad", "isn't"]),
        min_size=3,
        max_size=8,
    )
)
def test_short_rule_words(parts: list[str]) -> None:
    """The words that rules name, close to each other and to either end, give the package's
    scores.
    """
    assert_same(" ".join(parts))


@settings(max_examples=300, deadline=None)
@given(any_text)
def test_any_text(text: str) -> None:
    """Whatever characters a text holds, it gets the package's scores."""
    assert_same(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(tokens, any_text), max_size=12))
def test_words_among_any_text(parts: list[str]) -> None:
    """Words that count keep the package's scores next to characters of every kind."""
    assert_same("".join(parts))


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.one_of(words, st.sampled_from(["app", "the"])),
        st.floats(-4, 4, allow_subnormal=False),
        max_size=6,
    ),
    st.lists(st.sampled_from(LEXICON), max_size=3),
    st.lists(tokens, max_size=20),
)
def test_edited_lexicon(added: dict[str, float], removed: list[str], parts: list[str]) -> None:
    """An analyzer whose lexicon was edited and a scorer made from that lexicon agree."""
    package = SentimentIntensityAnalyzer.__new__(SentimentIntensityAnalyzer)
    package.emojis = PACKAGE.emojis
    package.lexicon = {
        word: value for word, value in PACKAGE.lexicon.items() if word not in removed
    } | added

    assert_same("".join(parts) + " ".join(added), VaderScorer(package.lexicon), package)


@pytest.mark.parametrize("text", TWEETS)
def test_real_tweets(text: str) -> None:
    """Real tweets get the package's scores, as written, in capitals and joined to a longer text."""
    for form in (text, text.upper(), text.lower(), " ".join([text, *TWEETS])):
        assert_same(form)


def test_emoji_between_words() -> None:
    """Every emoji, of one code point or of several, is spelled out or left alone as the package
    does it.
    """
    for emoji in PACKAGE.emojis:
        for form in (
            emoji,
            f"good {emoji}bad",
            f"good{emoji} bad",
            f"NOT{emoji}good\t{emoji}\n{emoji}{emoji}!",
        ):
            assert_same(form)
