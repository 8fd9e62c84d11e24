"""Text as words: examples of what rules and search see."""

from __future__ import annotations

import pytest

from monitor.domain.tokens import fingerprint_text, locate_tokens, normalize_text, tokenize


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The APP crashes!", ["the", "app", "crashes"]),
        ("don't DON’T don＇t", ["don't", "don't", "don't"]),
        ("the app's icon, Joe’s", ["the", "app", "icon", "joe"]),
        ("a's's", ["a"]),
        ("'quoted' rock'n'roll", ["quoted", "rock'n'roll"]),
        (
            "#fail @support c++ 5$ 9% 3€ £4",
            ["#", "fail", "@", "support", "c", "+", "+", "5", "$", "9", "%", "3", "€", "£", "4"],
        ),
        ("snake_case log-in e.g. a/b", ["snake", "case", "log", "in", "e", "g", "a", "b"]),
        ("Ｆｕｌｌ　Ｗｉｄｔｈ ＃１", ["full", "width", "#", "1"]),
        ("ﬁne ﬂow", ["fine", "flow"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("ΣΊΣΥΦΟΣ σίσυφος", ["σίσυφοσ", "σίσυφοσ"]),
        ("İstanbul", ["i̇stanbul"]),
        ("cafe\u0301 CAFÉ", ["café", "café"]),
        ("soft\ufe0f👍🏽👍", ["soft", "👍", "👍"]),
        ("🇩🇪🇫🇷", ["🇩🇪", "🇫🇷"]),
        ("", []),
        (" .,;:!? ... — ", []),
    ],
)
def test_words_of_many_spellings(text: str, expected: list[str]) -> None:
    """Case, width, quotes and ligatures do not tell words apart; symbols and emoji are words; the
    rest separates.
    """
    assert tokenize(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("返品したい", ["返", "品", "し", "た", "い"]),
        ("한국어 앱", ["한", "국", "어", "앱"]),
        ("appが壊れた", ["app", "が", "壊", "れ", "た"]),
        ("ｶﾞ", ["ガ"]),
    ],
)
def test_scripts_without_spaces_are_one_word_per_character(text: str, expected: list[str]) -> None:
    """A phrase in Chinese, Japanese or Korean is found as a substring, also beside Latin
    letters.
    """
    assert tokenize(text) == expected


def test_spans_point_into_the_text_as_written() -> None:
    """What is highlighted is the customer's own spelling, the possessive included."""
    text = "Ｔｈｅ App’s 返品 is ﬁne"
    assert [text[start:end] for start, end in locate_tokens(text)] == [
        "Ｔｈｅ",
        "App’s",
        "返",
        "品",
        "is",
        "ﬁne",
    ]


def test_the_short_way_for_ascii_agrees_with_the_long_one() -> None:
    """A text means the same whether or not something that is not ASCII follows it."""
    text = "Don't #fail c++ 100% joe's_x a''b 'tis rock'n'roll @me $5"
    assert tokenize(text + " é") == [*tokenize(text), "é"]
    assert locate_tokens(text + " é")[:-1] == locate_tokens(text)


def test_fingerprints_follow_the_words() -> None:
    """Equal for equal words, different for others, empty for none, and never an error."""
    assert fingerprint_text(normalize_text("The App CRASHES!!")) == fingerprint_text(
        normalize_text("the app, crashes")
    )
    assert fingerprint_text(normalize_text("the app crashes")) != fingerprint_text(
        normalize_text("the app crashed")
    )
    assert fingerprint_text(normalize_text("...")) == ""
    assert len(fingerprint_text("\ud800")) == 32
