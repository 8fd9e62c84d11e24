"""Chat spelling, read as the words that are meant: "w8ed 4 days, soooo baaad, nvr agn".

Only what finds patterns and weighs words reads a text so: what is shown, searched and matched by
rules stays as the customer wrote it. Each word becomes one word, so that every place stays what it
was.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from monitor.analysis.token_cache import LONGEST_CACHED, MOST_TOKENS, TokenCache
from monitor.analysis.vader import package_lexicon
from monitor.config import read_toml

SHIPPED: Final = Path(__file__).parent / "data" / "spelling.toml"

_STRETCHED: Final = re.compile(r"([^\W\d_])\1\1+")
_DOUBLED: Final = re.compile(r"(.)\1")
_VOWEL: Final = re.compile(r"[aeiou]")
_SHORTEST: Final = 4  # letters of a word that may be misspelt
_SHORTEST_COMMON: Final = 5  # letters of the word that may be meant by it
#: A text with so many misspelt words is one in which such words are read as others; a single one
#: may be a name.
_ENOUGH: Final = 2


class _Reading(NamedTuple):
    word: str
    sure: bool  #: whether it holds by itself


class Spelling:
    """Reads words that are spelt as in a chat.

    Nothing that can be seen changes after construction, so one instance serves all threads.
    """

    __slots__ = ("_as_written", "_by_consonants", "_by_letters", "_known", "_readings", "_short")

    def __init__(self, data: Mapping[str, Any], known: Collection[str]) -> None:
        """Take the tables of a file, and words that are none of them misspelt."""
        common: list[str] = data["common"].split()
        self._short: Mapping[str, str] = data["short"]
        self._known = frozenset(known).union(common)
        meant = [word for word in reversed(common) if len(word) >= _SHORTEST_COMMON]
        self._by_consonants = {_consonants(word): word for word in meant}
        self._by_letters = {"".join(sorted(word)): word for word in meant}
        self._readings = TokenCache(self._read_word)
        #: words seen that are read as written; most texts hold no others, which one step tells
        self._as_written: set[str] = set()

    @classmethod
    def load(cls) -> Spelling:
        """Return the shipped one."""
        return _load_spelling()

    def read_tokens(self, tokens: Sequence[str]) -> Sequence[str]:
        """Return the normalised words of a text as they are meant, each at its place.

        The same sequence where all of them are written so.
        """
        if self._as_written.issuperset(tokens):
            return tokens
        readings = list(map(self._readings.__getitem__, tokens))
        if not any(readings):
            self._keep_as_written(tokens)
            return tokens
        trusted = len(readings) - readings.count(None) >= _ENOUGH
        return [
            reading.word if reading is not None and (trusted or reading.sure) else token
            for token, reading in zip(tokens, readings, strict=True)
        ]

    def _keep_as_written(self, tokens: Sequence[str]) -> None:
        if len(self._as_written) + len(tokens) > MOST_TOKENS:
            self._as_written.clear()
        self._as_written.update([token for token in tokens if len(token) <= LONGEST_CACHED])

    def _read_word(self, word: str) -> _Reading | None:
        """Return how a word is read; None where it is read as written."""
        if word in self._short:
            return _Reading(self._short[word], sure=True)
        if len(word) > LONGEST_CACHED or not word.isalpha():
            return None
        if _STRETCHED.search(word):
            return self._read_stretched(word)
        if word in self._known or len(word) < _SHORTEST:
            return None
        common = self._find_common(word)
        return _Reading(common, sure=False) if common else None

    def _read_stretched(self, word: str) -> _Reading | None:
        """Return the word with stretched letters cut to two or one, whichever gives a known word.

        None for what has no vowel, such as "hmmm".
        """
        twice, once = _STRETCHED.sub(r"\1\1", word), _STRETCHED.sub(r"\1", word)
        for shortened in (twice, once):
            if shortened in self._short:
                return _Reading(self._short[shortened], sure=True)
            if shortened in self._known:
                return _Reading(shortened, sure=True)
        return _Reading(once, sure=True) if _VOWEL.search(once) else None

    def _find_common(self, word: str) -> str:
        """Return the common word that `word` is a misspelling of; empty for none.

        Vowels may be missing, letters may be doubled or not, or two neighbours be exchanged.
        """
        same_consonants = self._by_consonants.get(_consonants(word), "")
        if same_consonants and _is_within(_single(word), _single(same_consonants)):
            return same_consonants
        same_letters = self._by_letters.get("".join(sorted(word)), "")
        return same_letters if _are_neighbours_exchanged(word, same_letters) else ""


def _single(word: str) -> str:
    """Return the word without the second of two equal letters."""
    return _DOUBLED.sub(r"\1", word)


def _consonants(word: str) -> str:
    """Return the first letter and all consonants behind it, in order, none of them doubled."""
    single = _single(word)
    return single[0] + _single(_VOWEL.sub("", single[1:]))


def _is_within(letters: str, word: str) -> bool:
    """Return whether the letters stand in `word` in their order."""
    rest = iter(word)
    return all(letter in rest for letter in letters)


def _are_neighbours_exchanged(word: str, other: str) -> bool:
    """Return whether the words, which have the same letters, differ in two neighbours alone."""
    different = [
        place for place, pair in enumerate(zip(word, other, strict=False)) if len(set(pair)) > 1
    ]
    return len(different) == 2 and different[1] - different[0] == 1


@cache
def _load_spelling() -> Spelling:
    return Spelling(read_toml(SHIPPED), package_lexicon())
