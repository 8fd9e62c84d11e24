"""Text of strangers made safe to show: no controls, no reordering, no towers of marks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NewType
from urllib.parse import quote, urlsplit

import regex

#: Text that was sanitized and need not be again.
PlainText = NewType("PlainText", str)

#: Longer addresses are not linked: they appear up to three times in a message of at most 12,000
#: bytes.
URL_LIMIT = 1000

#: Marks that may follow one letter. Living scripts need up to about four; towers of dozens cover
#: the lines around them.
MARK_LIMIT = 6

#: Lines of a quotation; a poem of a hundred lines would push the buttons out of sight.
LINES_SHOWN = 12

_LINE_ENDS = regex.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Colours and cursor moves of terminals (ECMA-48), whole, so that no "[31m" is left behind.
_TERMINAL_SEQUENCE = regex.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)"
    r"|\x1b[ -/]*[0-~]"
)
# Controls, characters that reorder the text around them, and invisible ones that can hide words.
# The joiners U+200C and U+200D stay: Persian, Indic scripts and emoji need them. So do the single
# direction marks U+200E and U+200F.
_HIDDEN = regex.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00AD\u180E\u200B\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB"
    r"\uFDD0-\uFDEF\uFFFE\uFFFF\U000E0000-\U000E007F]"
)
_LONE_SURROGATE = regex.compile(r"[\uD800-\uDFFF]")
_MARK_TOWER = regex.compile(rf"(\p{{M}}{{{MARK_LIMIT}}})\p{{M}}+")
_SPACES = regex.compile(r"[\t\p{Zs}]+")
_GRAPHEME = regex.compile(r"\X")
# As in rules: scripts written without spaces have no word ends; elsewhere a word is not sought
# inside another.
_SPACED = r"[[\w]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]"
_SPACED_LETTER = regex.compile(_SPACED, regex.VERSION1)
_MAX_WORDS = 100
_HOST = regex.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")


def sanitize_text(text: str) -> PlainText:
    """Return the text without controls, direction overrides and towers of marks.

    Lines are kept, empty ones dropped, and spaces within a line become single. Idempotent.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _HIDDEN.sub("", _TERMINAL_SEQUENCE.sub("", text))
    text = _MARK_TOWER.sub(r"\1", _LONE_SURROGATE.sub("\ufffd", text))
    lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
    return PlainText("\n".join(line for line in lines if line))


def one_line(text: str) -> PlainText:
    """Return the sanitized text on one line."""
    return PlainText(sanitize_text(text).replace("\n", " "))


def sanitize_drawing(text: str) -> PlainText:
    """Return a text whose spaces mean something, without controls and direction overrides."""
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    text = _HIDDEN.sub("", _TERMINAL_SEQUENCE.sub("", text))
    return PlainText(_MARK_TOWER.sub(r"\1", _LONE_SURROGATE.sub("\ufffd", text)))


def fold_lines(text: str, lines: int = LINES_SHOWN) -> PlainText:
    """Return the sanitized text on at most `lines` lines; the last one holds all the rest."""
    plain = sanitize_text(text)
    parts = plain.split("\n")
    if len(parts) <= lines:
        return plain
    kept, rest = parts[: lines - 1], parts[lines - 1 :]
    return PlainText("\n".join([*kept, " ".join(rest)]))


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, as services count that are written in other languages.

    It is never less than `len(text)`.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_graphemes(text: str) -> list[str]:
    """Return the text split into what a reader sees as single characters."""
    return _GRAPHEME.findall(text)


def find_spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Return where the words stand in a sanitized text, as (start, end).

    Where they overlap, the longest wins; a match over several lines has one span for each line.
    """
    distinct = {one_line(word) for word in words} - {""}
    longest_first = sorted(distinct, key=len, reverse=True)[:_MAX_WORDS]
    if not longest_first:
        return []
    pattern = regex.compile("|".join(map(_word_pattern, longest_first)), regex.VERSION1)
    return [
        (match.start() + line.start(), match.start() + line.end())
        for match in pattern.finditer(text)
        for line in regex.finditer(r"[^\n]+", match.group())
    ]


def safe_url(url: str, limit: int = URL_LIMIT) -> str:
    """Return an http(s) address quoted so that it cannot break out of a link.

    Empty where it is none, or is longer than `limit` with each & escaped to five characters.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https") or "\\" in parts.netloc or not _HOST.fullmatch(host):
        return ""
    host = f"[{host}]" if ":" in host else host
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    path = quote(parts.path + query + fragment, safe="/?#[]@!$&()*+,;=%:~-._", errors="replace")
    safe = f"{scheme}://{host}{port}{path}"
    escaped_length = len(safe) + 4 * safe.count("&")
    return safe if escaped_length <= limit else ""


def host_of(url: str) -> str:
    """Return the host of an address that `safe_url` returned; empty for an empty one."""
    return urlsplit(url).hostname or ""


def _word_pattern(word: str) -> str:
    """Return the pattern of a whole word or phrase; its spaces may be line breaks."""
    before = f"(?<!{_SPACED})" if _SPACED_LETTER.match(word[0]) else ""
    after = f"(?!{_SPACED})" if _SPACED_LETTER.match(word[-1]) else ""
    return before + "[ \\n]".join(regex.escape(part) for part in word.split(" ")) + after
