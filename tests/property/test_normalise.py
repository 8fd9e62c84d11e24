"""What holds for any text that is normalised for the scorer."""

from __future__ import annotations

from itertools import groupby, pairwise

from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.normalise import TextNormaliser

NORMALISE = TextNormaliser(
    ("good", "bad", "ok", "fail"), ("fed up", "can't stand"), {"👎": "thumb"}
)
_PIECES = [
    "good",
    "bad",
    "fed",
    "up",
    "Fed Up",
    "can’t",
    "stand",
    "so",
    "not",
    "ok!",
    "sooo",
    "#EpicFail",
    "@me",
    "👎🏽",
    "❤️",
]
_MORE = [
    "/",
    ",",
    "...",
    "!",
    "?",
    " ",
    "  ",
    "\n",
    "&nbsp;",
    "&amp;",
    "<br>",
    "http://a.b/c",
    "www.x",
    "'",
    "’",
    "_",
    "a",
    "É",
]
TEXTS = st.one_of(
    st.lists(st.sampled_from(_PIECES + _MORE), max_size=12).map("".join),
    st.lists(st.sampled_from(_PIECES), max_size=8).map(" ".join),
    st.text(max_size=30),
)


@given(TEXTS)
def test_places_are_parallel_to_words_and_in_order(text: str) -> None:
    """Each word has a place inside the original, not empty; two words share one or stand one after
    the other.
    """
    normalised = NORMALISE(text)
    assert normalised.original == text
    assert len(normalised.spans) == len(normalised.text.split())
    assert all(0 <= start < end <= len(text) for start, end in normalised.spans)
    assert all(one == two or one[1] <= two[0] for one, two in pairwise(normalised.spans))


@given(TEXTS)
def test_what_a_place_holds_gives_its_words_again(text: str) -> None:
    """The slice of the original, read alone, becomes exactly the words that it stands for."""
    normalised = NORMALISE(text)
    pairs = zip(normalised.spans, normalised.text.split(), strict=True)
    for span, group in groupby(pairs, key=lambda pair: pair[0]):
        assert NORMALISE(text[slice(*span)]).text.split() == [word for _, word in group]


@given(TEXTS)
def test_what_was_read_before_changes_nothing(text: str) -> None:
    """What is remembered of earlier texts makes no difference."""
    fresh = TextNormaliser(
        ("good", "bad", "ok", "fail"), ("fed up", "can't stand"), {"👎": "thumb"}
    )
    first, again = fresh(text), NORMALISE(text)
    assert first[:-1] == again[:-1]  # all but the function that finds the places
    assert first.spans == again.spans
