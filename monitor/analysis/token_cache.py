"""A cache keyed by token, shared by all analyzers that look at a text word by word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

#: Tokens that one cache holds; with the largest values, those of VADER's words, about 10 MB.
MOST_TOKENS: Final = 1 << 15
#: Characters of the longest token that is kept; longer ones are rarely seen twice.
LONGEST_CACHED: Final = 40

_Value = TypeVar("_Value")


class TokenCache(dict[str, _Value]):
    """Maps a token to `compute(token)`, computed at the first look-up and then kept.

    It is emptied when full, so that a flood of new tokens costs time but never memory. Threads may
    share it where `compute` depends on the token alone: every step is one atomic dictionary
    operation. Look up with `cache[token]` or `cache.__getitem__`; `get` computes nothing.
    """

    def __init__(self, compute: Callable[[str], _Value]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, token: str) -> _Value:
        value = self._compute(token)
        if len(token) <= LONGEST_CACHED:
            if len(self) >= MOST_TOKENS:
                self.clear()
            self[token] = value
        return value
