"""What holds for the score and its contributions, whatever the text."""

from __future__ import annotations

import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.lexicon import Lexicon, LexiconScorer
from monitor.analysis.normalise import TextNormaliser
from monitor.analysis.vader import VaderScorer, package_lexicon

LEXICON = Lexicon.load()
SCORER = LexiconScorer(LEXICON)
PACKAGE = VaderScorer()
_OVER = LEXICON.overlay_on(package_lexicon())
NORMALISE = TextNormaliser(_OVER, LEXICON.phrases, LEXICON.emoji)
PLAIN_SCORER = VaderScorer(_OVER)
_WORDS = [
    "good",
    "terrible",
    "crashes",
    "refund",
    "not",
    "so",
    "but",
    "very",
    "the",
    "GOOD",
    "fed up",
    "can’t stand",
    "no",
    "!",
    "??",
]
_MORE = [
    "👎🏽",
    "😂",
    "❤️",
    "#EpicFail",
    "slow/bad",
    "sooo",
    "least",
    "kind of",
    "never",
    "this",
    "good",
    "without doubt",
    "x",
]
TEXTS = st.one_of(
    st.lists(st.sampled_from(_WORDS + _MORE), max_size=20).map(" ".join),
    st.lists(st.sampled_from(_WORDS + _MORE), max_size=8).map("".join),
    st.text(max_size=30),
)


@given(TEXTS)
def test_contributions_sum_to_the_unrounded_score(text: str) -> None:
    """With x the sum of VADER's values behind the score, the contributions sum to x / sqrt(x² +
    15).

    So long as there is one sentence: VADER itself lets a negation act on the next one.
    """
    total = PLAIN_SCORER.explain(NORMALISE(text).text).total
    changes = [part.change for part in SCORER.contributions(text)]
    if not any(mark in text for mark in ".!?…"):
        assert sum(changes) == pytest.approx(total / math.sqrt(total**2 + 15), abs=1e-9)
    assert SCORER.score(text).compound == pytest.approx(sum(changes), abs=5.1e-5)


@given(TEXTS)
def test_the_words_of_a_contribution_are_in_the_text(text: str) -> None:
    """Nothing is shown that the customer did not write."""
    assert all(part.words in text for part in SCORER.contributions(text))
    assert all(part.words for part in SCORER.contributions(text))


@given(TEXTS)
def test_an_explanation_ends_where_the_score_does(text: str) -> None:
    """The explained compound is bit for bit the scored one, and its values and emphasis sum to its
    total.
    """
    explanation = PACKAGE.explain(text)
    assert explanation.compound == PACKAGE.score(text)["compound"]
    values = sum(value for _, value in explanation.values)
    assert values + explanation.emphasis == pytest.approx(explanation.total, abs=1e-9)
    assert all(0 <= place < len(text.split()) for place, _ in explanation.values)


@given(
    st.lists(st.sampled_from(["good", "bad", "app", "it", "crashes"]), min_size=1, max_size=8).map(
        " ".join
    )
)
def test_quotes_and_forms_do_not_count(text: str) -> None:
    """The same words in typographic quotes score the same."""
    assert (
        SCORER.score(f"“{text}”").compound
        == SCORER.score(unicodedata.normalize("NFC", f'"{text}"')).compound
    )
