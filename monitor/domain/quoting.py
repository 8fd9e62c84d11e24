"""Words of customers, quoted for people."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST_QUOTE = 80  # characters of a value in a line about it


def quote_words(words: Iterable[str]) -> str:
    """Return the words, each in double quotes, with commas between them: `"slow", "crashes"`."""
    return ", ".join([f'"{word}"' for word in words])


def shorten_quote(text: str) -> str:
    """Return the text for a line that says more: what exceeds 80 characters is cut."""
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"
