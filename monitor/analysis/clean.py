"""Text as a person reads it: HTML to text, entities, control characters, quoted text set aside."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from monitor.domain.feedback import Markup

#: Characters of a body that are kept; Reddit's own limit for a post is 40,000.
MAX_BODY = 50_000
#: Characters of HTML that are parsed for it.
_MAX_HTML = 300_000

_SILENT = "script|style|noscript|template|iframe|object|svg|math|head|title|textarea"
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside div dl dt dd fieldset figcaption figure footer form h1 h2 h3 h4 "
        "h5 h6 header hr li main nav ol p pre section table tr ul br",
    )
)
_BLOCK_STARTS = {"li": "\n- "}
_BLOCK_ENDS = {"p": "\n\n"}
#: Comments, elements without readable text, tags, text; linear, since no part can be read in two
#: ways and what is never closed reaches to the end.
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    rf"|<(?:{_SILENT})\b[^<>]*+(?<=/)>"
    rf"|<(?P<silent>{_SILENT})\b.*?(?:</(?P=silent)\s*>|\Z)"
    r"|<(?P<closing>/?)(?P<tag>[a-z][a-z0-9:-]*+)(?:[^<>\"']++|\"[^\"]{0,4000}+\"|'[^']{0,4000}+')*+>"
    r"|<[!?][^>]*+(?:>|\Z)"
    r"|(?P<text>[^<]++|<)",
    re.IGNORECASE | re.DOTALL,
)
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
#: Controls, soft hyphens, zero-width and reordering characters and tags, which hide words; the
#: joiners stay, since they build emoji and Persian.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
#: Python refuses to read a decimal number of more than 4300 digits; no character has one of ten.
_ENDLESS_NUMBER = re.compile(r"&#[0-9]{1000,};?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n{3,}")
_WROTE = re.compile(
    r"(?m)^(?:On .{4,120} wrote:|-{2,} ?Original Message ?-{2,}|Am .{4,120} schrieb .{1,80}:)\s*$"
)
_BBCODE_QUOTE = re.compile(r"(?is)\[quote[^\]]{0,200}\](?:(?!\[quote).)*?\[/quote\]")
#: One in another; deeper ones are left as they are.
_QUOTE_DEPTH = 10
_QUOTED_LINES = re.compile(r"(?m)^[ \t]*>.*(?:\n|\Z)")


def to_plain_text(text: str, markup: Markup = Markup.TEXT, limit: int = MAX_BODY) -> str:
    """Return the text without markup, hidden characters and needless space.

    At most `limit` characters are kept. Every character of the result can be stored and encoded: no
    NUL, no lone surrogate.
    """
    if markup is Markup.HTML and ("<" in text or "&" in text):
        text = _html_to_text(text[:_MAX_HTML])
    elif "&" in text:
        text = _unescape_entities(text)
    text = _normalise_spaces(_remove_invisible(text[: 2 * limit]))
    return text if len(text) <= limit else _truncate_at_word(text, limit)


def _remove_invisible(text: str) -> str:
    """Return the text without what nobody sees, each line ended by a line feed.

    Printable text is returned as it is.
    """
    if text.replace("\n", "").isprintable():
        return text
    return _SURROGATE.sub("\ufffd", _UNSEEN.sub("", _LINE_END.sub("\n", text)))


def _normalise_spaces(text: str) -> str:
    """Return the text with one space between words and at most one blank line between lines.

    Lines begin and end without spaces.
    """
    text = "\n".join([" ".join(line.split()) for line in text.split("\n")])
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return text.strip()


def strip_quoted_text(text: str) -> str:
    """Return the text without quotations; all of it when nothing else would be left."""
    if not _may_quote(text.lower()):
        return text
    kept = _QUOTED_LINES.sub("", _strip_bbcode_quotes(_strip_quoted_letter(text))).strip()
    return kept or text


def _may_quote(lower: str) -> bool:
    """Return whether a text in lower case holds a sign without which nothing is quoted."""
    # One by one: a loop takes four times as long.
    signs = ">" in lower or "--" in lower or "[quote" in lower
    return signs or "wrote:" in lower or "schrieb" in lower


def _strip_quoted_letter(text: str) -> str:
    """Return the text without the letter that it answers.

    Where that is marked line by line, only its heading goes here.
    """
    wrote = _WROTE.search(text)
    if not wrote:
        return text
    rest = text[wrote.end() :]
    return text[: wrote.start()] + (rest if rest.lstrip().startswith(">") else "")


def _strip_bbcode_quotes(text: str) -> str:
    """Return the text without BBCode quotes, the innermost first."""
    for _ in range(_QUOTE_DEPTH):
        text, found = _BBCODE_QUOTE.subn("", text)
        if not found:
            break
    return text


def _truncate_at_word(text: str, limit: int) -> str:
    """Return at most `limit` characters, ended at a word where one ends near, with an ellipsis."""
    head = text[: limit - 1]
    space = head.rfind(" ", limit - 100)
    return (head[:space] if space > 0 else head).rstrip() + "…"


def _html_to_text(markup: str) -> str:
    return _unescape_entities("".join(_iter_visible_text(markup)))


def _unescape_entities(text: str) -> str:
    return html.unescape(_ENDLESS_NUMBER.sub("\ufffd", text))


def _iter_visible_text(markup: str) -> Iterator[str]:
    """Yield the visible text in order, with line ends where blocks begin and end.

    List items and quotes keep their sign. Works on tags as they come, without a tree: the tree that
    HTML5 asks for takes minutes to build for a page of 200,000 nested elements.
    """
    quote_depth = 0  # open block quotes
    pre_depth = 0  # open <pre>, whose line ends count
    for token in _TOKEN.finditer(markup):
        closing, tag = token["closing"], (token["tag"] or "").lower()
        if token["text"]:
            keeps_lines = pre_depth and not quote_depth
            yield token["text"] if keeps_lines else token["text"].replace("\n", " ")
        elif tag == "blockquote":
            quote_depth = max(0, quote_depth - 1) if closing else quote_depth + 1
            yield "\n&gt; " if quote_depth else "\n"
        elif tag in _BLOCKS:
            if tag == "pre":
                pre_depth = max(0, pre_depth - 1) if closing else pre_depth + 1
            lines = _BLOCK_ENDS if closing else _BLOCK_STARTS
            yield " " if quote_depth else lines.get(tag, "\n")
        elif tag in ("td", "th"):
            yield " "
