"""Whether the scorer can read a text: what it cannot read gets no score, and a reason."""

from __future__ import annotations

import regex

_LETTERS = regex.compile(r"\p{L}")
_LATIN = regex.compile(r"\p{Latin}")
#: The scorer's lexicon is English.
READABLE = "en"


def unreadable(text: str, words: str, declared: str) -> str:
    """Why the words cannot be scored; empty when they can.

    `declared` is the language that the source names, BCP 47, or empty.
    """
    if not words:
        return "no words"
    language = declared.partition("-")[0].partition("_")[0].lower()
    if language and language != READABLE:
        return f"language: {language}"
    if not text.isascii():
        letters = len(_LETTERS.findall(text))
        if letters and len(_LATIN.findall(text)) < letters / 2:
            return "script: not Latin"
    return ""
