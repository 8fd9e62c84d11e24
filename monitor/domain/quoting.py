"""Words of customers, quoted for people."""

from __future__ import annotations

from collections.abc import Iterable


def quote_words(words: Iterable[str]) -> str:
    """Return the words, each in double quotes, with commas between them: `"slow", "crashes"`."""
    return ", ".join([f'"{word}"' for word in words])
