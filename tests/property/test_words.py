"""What holds for the words of any text whatever."""

from __future__ import annotations

from itertools import groupby, pairwise

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.tokens import locate_tokens, locate_tokens_at, normalize_text, tokenize

_NASTY = "aAsS'’ʼ＇‘ \n0#@+$€£%_-éßŉİΣςﬁ①½ＡＢ＃中日がｶﾞกำ한㍿👍🏽🇩🇪\u200d\ufe0f\u0301\xad\ud800"
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from(_NASTY)), max_size=40)


@given(TEXTS)
def test_spans_are_parallel_to_words_and_in_order(text: str) -> None:
    """There is one span for each word, inside the text, not empty; two words share one or stand one
    after the other.
    """
    found = locate_tokens(text)
    assert len(found) == len(tokenize(text))
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(one == two or one[1] <= two[0] for one, two in pairwise(found))


@given(TEXTS)
def test_what_a_span_holds_gives_its_words_again(text: str) -> None:
    """The slice of the text, read alone, is exactly the words that it stands for."""
    for span, group in groupby(
        zip(locate_tokens(text), tokenize(text), strict=True), key=lambda pair: pair[0]
    ):
        assert tokenize(text[slice(*span)]) == [word for _, word in group]


@given(
    st.one_of(TEXTS, st.text("ab'. \n$", max_size=60)), st.lists(st.integers(0, 40), max_size=16)
)
def test_words_found_one_by_one_stand_where_all_of_them_stand(text: str, places: list[int]) -> None:
    """Looking up a few places gives the spans that looking up all gives; none beyond the last."""
    every = locate_tokens(text)
    expected = {place: every[place] for place in places if place < len(every)}
    assert locate_tokens_at(text, places) == expected


@given(TEXTS)
def test_the_short_ways_agree_with_the_long_one(text: str) -> None:
    """A combining mark in a text makes it be read token by token, and that changes none of its
    words.
    """
    assert tokenize(f"{text} \u0301") == [*tokenize(text), "\u0301"]


@given(TEXTS)
def test_joined_words_are_final(text: str) -> None:
    """Normalising twice changes nothing more, so a stored text and a stored keyword still meet."""
    assert normalize_text(normalize_text(text)) == normalize_text(text)
    assert normalize_text(text).split(" ") == (tokenize(text) or [""])


@given(TEXTS)
def test_case_and_quotes_do_not_count(text: str) -> None:
    """Upper case, folded case and curly apostrophes give the same words."""
    assert normalize_text(text.upper()) == normalize_text(text.casefold()) == normalize_text(text)
    assert normalize_text(text.replace("'", "’")) == normalize_text(text.replace("’", "'"))


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=40))
def test_full_width_is_no_other_text(text: str) -> None:
    """What is typed on an East Asian keyboard in full width is found by the narrow keyword."""
    wide = "".join(
        chr(ord(char) + 0xFEE0) if char.isalnum() or char in "#@+$%'" else char for char in text
    )
    assert normalize_text(wide) == normalize_text(text)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=20))
def test_han_is_one_word_per_character(text: str) -> None:
    """Whatever stands beside it, each ideograph is a word of its own."""
    assert tokenize(text) == list(text)
    assert tokenize(f"a{text}1") == ["a", *text, "1"] if text else tokenize("a1") == ["a1"]
