"""Text as a person reads it: HTML to text, entities, control characters, quoted text set aside."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from monitor.feedback import Markup

#: Characters of a body that are kept; Reddit's own limit for a post is 40,000.
MAX_BODY = 50_000
#: Characters of HTML that are parsed for it.
_MAX_HTML = 300_000

_SILENT = "script|style|noscript|template|iframe|object|svg|math|head|title|textarea"
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside div dl dt dd fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr "
        "li main nav ol p pre section table tr ul br",
    )
)
_LINE = {"li": "\n- "}
_LINE_AFTER = {"p": "\n\n"}
#: Comments, elements without readable text, tags, text; linear, since no part can be read in two ways.
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    rf"|<(?P<silent>{_SILENT})\b.*?(?:</(?P=silent)\s*>|\Z)"
    r"|<(?P<closing>/?)(?P<tag>[a-z][a-z0-9:-]*+)(?:[^<>\"']++|\"[^\"]{0,4000}+\"|'[^']{0,4000}+')*+>"
    r"|<[!?][^>]*+>"
    r"|(?P<text>[^<]++|<)",
    re.IGNORECASE | re.DOTALL,
)
#: Controls, soft hyphens and zero-width characters that hide words; the joiner stays, it builds emoji.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r" *\n *")
_BLANK_LINES = re.compile(r"\n{3,}")
_WROTE = re.compile(r"(?m)^(?:On .{4,120} wrote:|-{2,} ?Original Message ?-{2,}|Am .{4,120} schrieb .{1,80}:)\s*$")
_BBCODE_QUOTE = re.compile(r"(?is)\[quote[^\]]{0,200}\](?:(?!\[quote).)*?\[/quote\]")
_QUOTED_LINES = re.compile(r"(?m)^[ \t]*>.*(?:\n|\Z)")


def plain(text: str, markup: Markup = Markup.TEXT, limit: int = MAX_BODY) -> str:
    """The text without markup, hidden characters and needless space, at most `limit` characters of it.

    Every character of the result can be stored and encoded: no NUL, no lone surrogate.
    """
    if markup is Markup.HTML and ("<" in text or "&" in text):
        text = _html_to_text(text[:_MAX_HTML])
    elif "&" in text:
        text = html.unescape(text)
    if text.isprintable() and "  " not in text and len(text) <= limit:
        return text.strip()
    text = _UNSEEN.sub("", text[: 2 * limit].replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))
    text = _SURROGATE.sub("\ufffd", text)
    text = _BLANK_LINES.sub("\n\n", _LINE_ENDS.sub("\n", _SPACES.sub(" ", text))).strip()
    return text if len(text) <= limit else _cut(text, limit)


def own_words(text: str) -> str:
    """The text without what it quotes from others; all of it when nothing else would be left."""
    if ">" not in text and "[quote" not in text.lower() and "wrote:" not in text and "--" not in text:
        return text
    wrote = _WROTE.search(text)
    kept = text[: wrote.start()] if wrote else text
    kept = _QUOTED_LINES.sub("", _BBCODE_QUOTE.sub("", kept)).strip()
    return kept or text


def _cut(text: str, limit: int) -> str:
    """At most `limit` characters, ended at a word where one ends near, with an ellipsis."""
    head = text[: limit - 1]
    space = head.rfind(" ", limit - 100)
    return (head[:space] if space > 0 else head).rstrip() + "…"


def _html_to_text(markup: str) -> str:
    return html.unescape("".join(_pieces(markup)))


def _pieces(markup: str) -> Iterator[str]:
    """The visible text in order; blocks begin and end a line, list items and quotes keep their sign.

    Works on tags as they come, without a tree: the tree that HTML5 asks for takes minutes to build for a page of
    200,000 nested elements.
    """
    quoted = 0  # open block quotes
    kept = 0  # open <pre>, whose line ends count
    for token in _TOKEN.finditer(markup):
        closing, tag = token["closing"], (token["tag"] or "").lower()
        if token["text"]:
            yield token["text"] if kept and not quoted else token["text"].replace("\n", " ")
        elif tag == "blockquote":
            quoted = max(0, quoted - 1) if closing else quoted + 1
            yield "\n" if closing else "\n&gt; "
        elif tag in _BLOCKS:
            kept = max(0, kept + (-1 if closing else 1)) if tag == "pre" else kept
            yield " " if quoted else _LINE.get(tag, "\n") if not closing else _LINE_AFTER.get(tag, "\n")
        elif tag in ("td", "th"):
            yield " "
