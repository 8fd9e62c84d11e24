"""Words and pairs of words in a text that linear models have weights for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, Generic, TypeVar

ValueT = TypeVar("ValueT")
OtherT = TypeVar("OtherT")

_SINGLE_FACTOR: Final = 2.0  # the factor on a single known word


class NGramTable(Generic[ValueT]):
    """A table of words, and of pairs that stand side by side; safe to share between threads."""

    __slots__ = ("_pair", "values")

    def __init__(self, values: Mapping[str, ValueT]) -> None:
        """Take values by word, or by a pair written with one space between its words."""
        self.values = values
        self._pair: NGramTablePair[ValueT, ValueT] = NGramTablePair(values, {})

    def __and__(self, other: NGramTable[OtherT]) -> NGramTablePair[ValueT, OtherT]:
        """Return both tables as one, found in one pass."""
        return NGramTablePair(self.values, other.values)

    def find_known(self, tokens: Sequence[str]) -> dict[str, ValueT]:
        """Return the known words and pairs of `tokens` with their values.

        Each stands there once, in the order in which they end.
        """
        return self._pair.find_known(tokens)[0]


class NGramTablePair(Generic[ValueT, OtherT]):
    """Two tables of words and pairs, found in one pass; safe to share between threads."""

    __slots__ = ("_known",)

    def __init__(self, left: Mapping[str, ValueT], right: Mapping[str, OtherT]) -> None:
        """Take two tables of values, written as those of NGramTable."""
        words: dict[str, tuple[ValueT | None, OtherT | None]] = {}
        pairs: dict[str, _Followers[ValueT, OtherT]] = {}
        for gram in dict.fromkeys((*left, *right)):
            value, other = left.get(gram), right.get(gram)
            first, _, second = gram.partition(" ")
            if second:
                pairs.setdefault(first, {})[second] = (gram, value, other)
            else:
                words[first] = (value, other)
        nothing: _Followers[ValueT, OtherT] = {}
        #: what a word stands for in either table, if anything, and the words that make a pair with
        #: it
        self._known = {
            word: (*words.get(word, (None, None)), pairs.get(word, nothing))
            for word in words.keys() | pairs.keys()
        }

    def find_known(self, tokens: Sequence[str]) -> tuple[dict[str, ValueT], dict[str, OtherT]]:
        """Return the words and pairs of `tokens` that either table knows, with their values.

        Each stands there once, in the order in which they end.
        """
        found: dict[str, ValueT] = {}
        found_by_other: dict[str, OtherT] = {}
        nothing: _Followers[ValueT, OtherT] = {}
        followers = nothing
        for token, known in zip(tokens, map(self._known.get, tokens), strict=True):
            if token in followers:
                gram, value, other = followers[token]
                if value is not None:
                    found[gram] = value
                if other is not None:
                    found_by_other[gram] = other
            if known is None:
                followers = nothing
                continue
            value, other, followers = known
            if value is not None:
                found[token] = value
            if other is not None:
                found_by_other[token] = other
        return found, found_by_other


#: By the word behind: the pair as written, and what it stands for in either table.
_Followers = dict[str, tuple[str, ValueT | None, OtherT | None]]


def length_factor(known: int) -> float:
    """Return the factor on the sum of the weights of `known` words and pairs: 2 / sqrt(known).

    So long texts do not gather weight by their length alone. 0 for no known words.
    """
    return _SINGLE_FACTOR / math.sqrt(known) if known else 0.0
