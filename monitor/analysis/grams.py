"""Words and pairs of words in a text that a linear model has weights for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, Generic, TypeVar

ValueT = TypeVar("ValueT")
OtherT = TypeVar("OtherT")

#: A word, or two that stand side by side.
NGram = str | tuple[str, str]

_SINGLE_FACTOR: Final = 2.0  # the factor on a single known word


class NGramTable(Generic[ValueT]):
    """A table of words and pairs that finds those in a text; safe to share between threads."""

    __slots__ = ("_known", "values")

    def __init__(self, values: Mapping[str, ValueT]) -> None:
        """Take values by word, or by a pair written with one space between its words."""
        self.values = values
        words: dict[str, ValueT] = {}
        pairs: dict[str, dict[str, ValueT]] = {}
        for gram, value in values.items():
            first, _, second = gram.partition(" ")
            if second:
                pairs.setdefault(first, {})[second] = value
            else:
                words[first] = value
        #: what a word stands for, if anything, and the words that make a pair with it
        nothing: dict[str, ValueT] = {}
        self._known = {
            word: (words.get(word), pairs.get(word, nothing))
            for word in words.keys() | pairs.keys()
        }

    def __and__(self, other: NGramTable[OtherT]) -> NGramTable[tuple[ValueT | None, OtherT | None]]:
        """Return both tables as one, found in one pass: for each n-gram its value in each."""
        grams = dict.fromkeys((*self.values, *other.values))
        return NGramTable({gram: (self.values.get(gram), other.values.get(gram)) for gram in grams})

    def find_known(self, tokens: Sequence[str]) -> dict[NGram, ValueT]:
        """Return the known words and pairs of `tokens` with their values.

        Each stands there once, in the order in which they end.
        """
        look_up = self._known.get
        found: dict[NGram, ValueT] = {}
        before = ""
        nothing: dict[str, ValueT] = {}
        followers = nothing
        for token in tokens:
            if token in followers:
                found[before, token] = followers[token]
            known = look_up(token)
            if known is None:
                followers = nothing
                continue
            value, followers = known
            if value is not None:
                found[token] = value
            before = token
        return found


def length_factor(known: int) -> float:
    """Return the factor on the sum of the weights of `known` words and pairs: 2 / sqrt(known).

    So long texts do not gather weight by their length alone. 0 for no known words.
    """
    return _SINGLE_FACTOR / math.sqrt(known) if known else 0.0
