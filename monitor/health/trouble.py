"""How likely a text is trouble that nobody can read: by its marks, capitals, length, words and
author.

It puts texts into an order for a person who looks at a few of them, and decides nothing else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import regex

from monitor.domain.tokens import normalize_text
from monitor.domain.unread import UnreadText

_WORDS_FILE = Path(__file__).parent / "trouble_words.toml"
#: The languages that share an alphabet that tells no single one.
_LANGUAGES_BY_SCRIPT: Mapping[str, tuple[str, ...]] = {
    "script: Cyrillic": ("ru", "uk"),
    "script: Arabic": ("ar",),
    "script: Devanagari": ("hi",),
}
#: In Latin letters these are often taken for a relative, or for each other.
_OFTEN_MISTAKEN = ("hi-Latn", "id", "tl")
_MARK = regex.compile(r"[!?¡¿！？؟]")
_CAPITAL, _LETTER = regex.compile(r"\p{Lu}"), regex.compile(r"\p{L}")
#: Of so many letters at least so large a part in capitals is shouting.
_SHOUTED_LETTERS, _SHOUTED_SHARE = 10, 0.6
#: What each finding weighs, and how many of it count. Words say most; an earlier complaint and
#: shouting are as good as one word, marks and length only settle what is even otherwise.
_PER_WORD, _MOST_WORDS = 3.0, 4
_PER_MARK, _MOST_MARKS = 0.5, 4
_SHOUTING = _COMPLAINED_BEFORE = 3.0
_FULL_LENGTH, _AT_FULL_LENGTH = 400, 1.5
#: Characters that are looked at: more do not change the order.
_LOOKED_AT = 4000


def rank_by_trouble(texts: Iterable[UnreadText], limit: int) -> tuple[UnreadText, ...]:
    """Return the texts that are most likely trouble, the likeliest first; of two alike the later
    one.
    """

    def order(text: UnreadText) -> tuple[float, int]:
        return -weigh_trouble(text), -text.feedback.id

    return tuple(sorted(texts, key=order)[:limit])


def weigh_trouble(text: UnreadText) -> float:
    """Return how likely a text is trouble, from 0 to 21.5; only the order means something."""
    written = text.analysis.text[:_LOOKED_AT]
    words = count_trouble_words(text)
    marks = len(_MARK.findall(written))
    return (
        _PER_WORD * min(words, _MOST_WORDS)
        + _PER_MARK * min(marks, _MOST_MARKS)
        + _AT_FULL_LENGTH * min(len(written) / _FULL_LENGTH, 1)
        + (_SHOUTING if _is_shouted(written) else 0)
        + (_COMPLAINED_BEFORE if text.complained_before else 0)
    )


def count_trouble_words(text: UnreadText) -> int:
    """Return how many different words of trouble of its language, or a likely one, a text has."""
    words = f" {text.analysis.words[:_LOOKED_AT]} "
    found = {
        word
        for language in _likely_languages(text)
        for word in _words_by_language().get(language, ())
        if word in words
    }
    return len(found)


def _likely_languages(text: UnreadText) -> tuple[str, ...]:
    by_script = _LANGUAGES_BY_SCRIPT.get(text.analysis.unscored)
    if by_script:
        return by_script
    code = text.analysis.language
    return (code, *(other for other in _OFTEN_MISTAKEN if other != code))


def _is_shouted(written: str) -> bool:
    letters = len(_LETTER.findall(written))
    capitals = len(_CAPITAL.findall(written))
    return letters >= _SHOUTED_LETTERS and capitals >= _SHOUTED_SHARE * letters


@cache
def _words_by_language() -> Mapping[str, tuple[str, ...]]:
    """The words of each language as `Analysis.words` has them, between spaces where they end."""
    shipped = tomllib.loads(_WORDS_FILE.read_text("utf-8"))
    return {
        language: tuple({_to_needle(word) for word in words.split(",")})
        for language, words in shipped.items()
    }


def _to_needle(word: str) -> str:
    normal = normalize_text(word.strip().removesuffix("*"))
    return f" {normal}" if word.strip().endswith("*") else f" {normal} "
