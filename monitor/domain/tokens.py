"""Text as words: the one way in which rules, search and fingerprints see a text.

A text and a keyword are normalised alike, so that they meet whatever their case, width, quotes or
punctuation:

* words are runs of letters, marks and digits; an apostrophe inside a word stays, a possessive 's
  goes;
* scripts written without spaces, and Hangul with its glued particles, are one word per character,
  so that a phrase is a substring there;
* `# @ + $ € £ %` and emoji are words of their own: "#fail" is found by `fail` and by `#fail`, "c++"
  by `c++`;
* all else only separates.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

import regex

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_SYMBOLS = r"#@+$€£%"
_SYMBOLS_ASCII = frozenset("#@+$%")
_FEW = 12  # places that are quicker found one by one
_APOSTROPHES = "'’ʼ＇‘"

_ASCII_WORD = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*|[#@+$%]")
#: An apostrophe without a letter or a digit on either side.
_LONE_APOSTROPHE = re.compile(r"'(?:(?<![a-z0-9]')|(?![a-z0-9]))")
#: What `_strip_possessive` takes off a word in lower case.
_POSSESSIVE = re.compile(r"'s(?:'s)*(?![a-z0-9'])")
_WORD = regex.compile(
    rf"[{_UNSPACED}][\p{{M}}ﾞﾟ]*"
    rf"|[[\w]--[_{_UNSPACED}]]+(?:[{_APOSTROPHES}][[\w]--[_{_UNSPACED}]]+)*"
    rf"|[{_SYMBOLS}＃＠＋＄％￡]"
    r"|\p{Extended_Pictographic}|\p{Regional_Indicator}{2}",
    regex.VERSION1,
)
_VARIATION = regex.compile(r"[\uFE0E\uFE0F\u200D\U0001F3FB-\U0001F3FF]")
#: A word of what `_fold_non_ascii` returns.
_FOLDED_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[#@+$%]|[^\x00-\x7F]")
_LETTERS = regex.compile(rf"[[\w]--[{_UNSPACED}]]+", regex.VERSION1)
#: What changes with its neighbours, or changes them.
_JOINING = regex.compile(r"[[\p{M}]--[\uFE0E\uFE0F]]|\p{Regional_Indicator}", regex.VERSION1)
_ASCII = bytes(range(128))
#: A byte of ASCII in lower case; a space for what separates.
_LOWER = (
    bytes(byte if chr(byte) in f"{_SYMBOLS}'" or chr(byte).isalnum() else 32 for byte in _ASCII)
    .lower()
    .ljust(256)
)
#: Characters beyond ASCII that are folded one by one; in a text of more of them the long way is as
#: quick.
_MOST_FOLDED = 100


def tokenize(text: str) -> list[str]:
    """Return the normalised words of `text`, in order."""
    folded = text if text.isascii() else _fold_non_ascii(text)
    if folded is None:
        return [word for token in _WORD.findall(text) for word in _normalize_token(token)]
    if folded.isascii():
        return _tokenize_ascii(folded)
    found = _FOLDED_WORD.findall(folded.lower())
    if "'s" in folded or "'S" in folded:
        return [_strip_possessive(word) if word.endswith("'s") else word for word in found]
    return found


def normalize_text(text: str) -> str:
    """Return the normalised words of `text`, one space between them."""
    return " ".join(tokenize(text))


def locate_tokens(text: str, limit: int | None = None) -> list[tuple[int, int]]:
    """Return where each of `tokenize(text)`, or of its first `limit`, stands in `text`.

    Each as start and end, parallel to the words.
    """
    if text.isascii():
        return list(map(re.Match.span, islice(_ASCII_WORD.finditer(text.lower()), limit)))
    return list(
        islice(
            (
                match.span()
                for match in _WORD.finditer(text)
                for _ in _normalize_token(match.group())
            ),
            limit,
        )
    )


def locate_tokens_at(text: str, places: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return where those of `tokenize(text)` stand that have these places among them.

    As `locate_tokens`, in a part of its time for few places. Places beyond the last are left out.
    """
    asked = sorted(set(places))
    if not asked:
        return {}
    if len(asked) > _FEW or not text.isascii() or not _SYMBOLS_ASCII.isdisjoint(text):
        found = locate_tokens(text, asked[-1] + 1)
        return {place: found[place] for place in asked if place < len(found)}
    # Cutting off the words in front takes a tenth of the time of matching them.
    rest, cut = _separate_ascii(text).rstrip(" "), 0
    length, spans = len(rest), {}
    for place in asked:
        parts = rest.split(None, place - cut)
        if len(parts) <= place - cut:
            break
        rest, cut = parts[-1].lstrip(" "), place
        start = length - len(rest)
        end = rest.find(" ")
        spans[place] = (start, length if end < 0 else start + end)
    return spans


def fingerprint_text(normalized_text: str) -> str:
    """Return a hash that is equal for texts of the same words; empty for a text without any."""
    if not normalized_text:
        return ""
    return hashlib.blake2b(normalized_text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _tokenize_ascii(text: str) -> list[str]:
    """Return the words of a text of ASCII; splitting takes half the time of matching."""
    text = _separate_ascii(text)
    if "'s" in text:
        text = _POSSESSIVE.sub("", text)
    for symbol in "#@+$%":
        if symbol in text:
            text = text.replace(symbol, f" {symbol} ")
    return text.split()


def _separate_ascii(text: str) -> str:
    """Return a text of ASCII in lower case with a space for each character that only separates."""
    separated = text.encode().translate(_LOWER).decode()
    return _LONE_APOSTROPHE.sub(" ", separated) if "'" in separated else separated


def _fold_non_ascii(text: str) -> str | None:
    """Return the text with each character beyond ASCII as it is in words.

    A text has few of them, the same again and again: reading it token by token takes three times as
    long. None where they cannot be taken one by one.
    """
    others = set(
        text.encode("utf-8", "surrogatepass")
        .translate(None, _ASCII)
        .decode("utf-8", "surrogatepass")
    )
    if len(others) > _MOST_FOLDED:
        return None
    for other in others:
        folded = _fold_character(other)
        if folded is None:
            return None
        text = text.replace(other, folded)
    return text


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str | None:
    """Return what a character beyond ASCII is in words; None where its neighbours decide.

    That is letters, nothing, a word of its own between spaces, or a space.
    """
    if _JOINING.fullmatch(character):
        return None
    if not _WORD.fullmatch(character):
        return "'" if character in _APOSTROPHES else " "
    found = _normalize_token(character)
    if not _LETTERS.fullmatch(character):
        joined = " ".join(found)
        return f" {joined} " if _FOLDED_WORD.findall(joined) == found else None
    if _VARIATION.fullmatch(character):
        return ""
    letters = _casefold_compatible(character)
    compatible = unicodedata.normalize("NFKC", character)
    is_one_word = found == [letters] == _normalize_token(letters)
    are_letters = bool(_LETTERS.fullmatch(compatible) and _LETTERS.fullmatch(letters))
    is_stable = letters.isalnum() and letters.lower() == letters
    return letters if is_one_word and are_letters and is_stable else None


def _normalize_token(token: str) -> list[str]:
    """Return one matched token as words, usually one.

    Compatibility forms may unfold into several.
    """
    if token.isascii():
        return [_strip_possessive(token.lower())]
    bare = _VARIATION.sub("", token)
    folded = _casefold_compatible(bare)
    for apostrophe in _APOSTROPHES[1:]:
        folded = folded.replace(apostrophe, "'")
    if " " in folded or not _WORD.fullmatch(folded):
        return [_strip_possessive(part) for part in _WORD.findall(folded)]
    return [_strip_possessive(folded)]


def _casefold_compatible(text: str) -> str:
    """Return the text folded in case and compatibility (NFKC), stable under itself."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _strip_possessive(word: str) -> str:
    """Return the word without a possessive 's, however often it stands there."""
    while word.endswith("'s"):
        word = word.removesuffix("'s")
    return word
