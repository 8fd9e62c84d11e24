"""Text as words: the one way in which rules, search and fingerprints see a text.

A text and a keyword are normalised alike, so that they meet whatever their case, width, quotes or punctuation:

* words are runs of letters, marks and digits; an apostrophe inside a word stays, a possessive 's goes;
* scripts written without spaces, and Hangul with its glued particles, are one word per character, so that a phrase is a
  substring there;
* `# @ + $ € £ %` and emoji are words of their own: "#fail" is found by `fail` and by `#fail`, "c++" by `c++`;
* all else only separates.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import islice

import regex

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_SYMBOLS = r"#@+$€£%"
_APOSTROPHES = "'’ʼ＇‘"

_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*|[#@+$%]")
_WORD = regex.compile(
    rf"[{_UNSPACED}][\p{{M}}ﾞﾟ]*"
    rf"|[[\w]--[_{_UNSPACED}]]+(?:[{_APOSTROPHES}][[\w]--[_{_UNSPACED}]]+)*"
    rf"|[{_SYMBOLS}＃＠＋＄％￡]"
    r"|\p{Extended_Pictographic}|\p{Regional_Indicator}{2}",
    regex.VERSION1,
)
_VARIATION = regex.compile(r"[\uFE0E\uFE0F\u200D\U0001F3FB-\U0001F3FF]")


def words(text: str) -> list[str]:
    """The normalised words of `text`, in order."""
    if text.isascii():
        found: list[str] = _ASCII_WORD.findall(text.lower())
        if "'s" in text or "'S" in text:
            return [_unpossessed(word) if word.endswith("'s") else word for word in found]
        return found
    return [word for match in _WORD.finditer(text) for word in _normalised(match.group())]


def joined(text: str) -> str:
    """The normalised words of `text`, one space between them."""
    return " ".join(words(text))


def spans(text: str, most: int | None = None) -> list[tuple[int, int]]:
    """Where each of `words(text)`, or of the first `most`, stands in `text`: start and end, parallel to it."""
    if text.isascii():
        return [match.span() for match in islice(_ASCII_WORD.finditer(text.lower()), most)]
    return list(islice((match.span() for match in _WORD.finditer(text) for _ in _normalised(match.group())), most))


def fingerprint(joined_words: str) -> str:
    """Equal for texts of the same words; empty for a text without any."""
    if not joined_words:
        return ""
    return hashlib.blake2b(joined_words.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _normalised(token: str) -> list[str]:
    """One matched token as words: usually one, more where compatibility forms unfold into several."""
    if token.isascii():
        return [_unpossessed(token.lower())]
    bare = _VARIATION.sub("", token)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", bare).casefold())
    for apostrophe in _APOSTROPHES[1:]:
        folded = folded.replace(apostrophe, "'")
    if " " in folded or not _WORD.fullmatch(folded):
        return [_unpossessed(part) for part in _WORD.findall(folded)]
    return [_unpossessed(folded)]


def _unpossessed(word: str) -> str:
    while word.endswith("'s"):
        word = word.removesuffix("'s")
    return word
