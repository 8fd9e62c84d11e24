"""Text of strangers inside Slack's mrkdwn: it is shown, and can do nothing.

Slack knows three kinds of commands in a text
(https://docs.slack.dev/messaging/formatting-message-text/):

* `<...>` for mentions, links and dates: `&`, `<` and `>` become entities, as Slack asks for;
* `* _ ~ ` ` around words, `>` at the start of a line and `:name:` for emoji, for which it has no escape. They become
  characters that look alike and command nothing. A zero-width character beside them would not do: Slack counts some of
  those as the word boundary that makes formatting start;
* bare addresses and names: every text object says `verbatim`, and every message `parse=none` and `link_names=false`;
  `inert` serves the texts that have no object around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

import regex

from monitor.domain.actor import Actor, ActorKind
from monitor.notifiers.plain_text import (
    find_spans,
    one_line,
    safe_url,
    sanitize_text,
    split_graphemes,
    utf16_length,
)
from monitor.notifiers.wording import format_utc

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LOOK_ALIKE = {"*": "∗", "~": "∼", "`": "ˋ", "_": "ˍ", ":": "꞉", ">": "›"}
# An underscore inside a word formats nothing and stays, so that names and error codes can be
# copied.
_COMMAND = regex.compile(
    r"[*~`]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?![0-9]+:)(?=[\w+'-]{1,100}:)|^[ ]*>+",
    regex.MULTILINE,
)
_AUTOMATIC = re.compile(
    r"@(?=channel|here|everyone)|\b(?:https?|ftp|mailto|tel|slack):", re.IGNORECASE
)
_JOINER = "\u2060"
_WORD_CHARACTER = regex.compile(r"[\w\p{M}]")
_BOUNDARY = "\u200b"  # lets our own bold start and end inside a word, as in scripts without spaces
_MARKS_AT_MOST = 40

_SPECIAL_MENTION = re.compile(r"@(here|channel|everyone)|<!(here|channel|everyone)>")
_MENTION = re.compile(r"<(?:@[UW]|!subteam\^S)[A-Z0-9]{1,20}(?:\|@?[\w.-]{1,60})?>")
_MEMBER_ID = re.compile(r"[UW][A-Z0-9]{5,20}")
_MENTIONS_AT_MOST = 5
_SAID_LENGTH = 600


def escape(text: str) -> str:
    """The text as it stands, on any number of lines, with every command in it made harmless."""
    return _escape_clean(sanitize_text(text))


def break_autolinks(escaped: str) -> str:
    """The escaped text with nothing in it that a client links or pings by itself; an invisible
    joiner breaks it up.
    """
    return _AUTOMATIC.sub(lambda found: found.group() + _JOINER, escaped)


def cut(text: str, limit: int) -> str:
    """As much of the clean text as is at most `limit` long once escaped, ended at a word with "…"
    if it was longer.

    Lengths are UTF-16 units. What a reader sees as one character is never split.
    """
    text = sanitize_text(text)
    if _escaped_length(text) <= limit:
        return text
    kept, cost = [], 1  # the ellipsis
    for grapheme in split_graphemes(text[: limit + 64]):  # no more can fit
        cost += _escaped_length(grapheme)
        if cost > limit:
            break
        kept.append(grapheme)
    return f"{_end_at_word(''.join(kept), text)}…" if limit > 0 else ""


def excerpt(text: str, words: Iterable[str], limit: int) -> str:
    """As `cut`, but from shortly before the first of the words when the beginning would not show
    any.
    """
    text = sanitize_text(text)
    beginning = cut(text, limit)
    first = min((at for at, _ in find_spans(text, words)), default=0)
    if beginning == text or first + 20 < len(beginning):
        return beginning
    start = text.rfind(" ", 0, max(0, first - limit // 4)) + 1
    return f"… {cut(text[start:], limit - 2)}" if start else beginning


def bold_words(text: str, words: Iterable[str]) -> str:
    """The escaped text with each of the words bold where it stands; case counts, for words are
    pieces of the text.
    """
    text = sanitize_text(text)
    pieces, last = [], 0
    for start, end in find_spans(text, words)[:_MARKS_AT_MOST]:
        before = _BOUNDARY if start and _WORD_CHARACTER.match(text[start - 1]) else ""
        after = _BOUNDARY if _WORD_CHARACTER.match(text[end : end + 1]) else ""
        pieces += [
            _escape_clean(text[last:start]),
            before,
            "*",
            _escape_clean(text[start:end]),
            "*",
            after,
        ]
        last = end
    return "".join([*pieces, _escape_clean(text[last:])])


def escape_one_line(text: str, limit: int = _SAID_LENGTH) -> str:
    """What somebody wrote, on one line and harmless everywhere, also in texts that have no object
    around them.
    """
    return break_autolinks(escape(cut(one_line(text), limit)))


def quote(text: str, words: Iterable[str]) -> str:
    """The text as a quotation, with the words bold."""
    return "\n".join(f"> {line}" for line in bold_words(text, words).split("\n"))


def link(url: str, label: str) -> str:
    """The label leading to the address; only the label where the address is none of the web."""
    shown, target = escape(one_line(label)).replace("|", "¦"), safe_url(url)
    return f"<{target.replace('&', '&amp;')}|{shown}>" if target and shown else shown


def local_time(at: datetime) -> str:
    """The time, which each reader sees in their own time zone."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{format_utc(at)}>"


def local_clock(at: datetime) -> str:
    """The time of day, which each reader sees in their own time zone."""
    return f"<!date^{int(at.timestamp())}^{{time}}|{at.astimezone(UTC):%H:%M} UTC>"


def format_mentions(written: str) -> str:
    """What an operator wrote to address people: well-formed mentions work, all else is text."""
    parts = written.replace(",", " ").split()[:_MENTIONS_AT_MOST]
    return " ".join(_safe_mention(part) for part in parts)


def mention_member(person: Actor | None) -> str:
    """A person: as a mention where we know the Slack id, else by name; empty for nobody."""
    if person is None:
        return ""
    if person.kind is ActorKind.SLACK and _MEMBER_ID.fullmatch(person.id):
        return f"<@{person.id}>"
    name = person.id if person.kind is ActorKind.CLI else str(person)
    return escape(cut(one_line(name), 80))


def _safe_mention(part: str) -> str:
    if special := _SPECIAL_MENTION.fullmatch(part):
        return f"<!{special[1] or special[2]}>"
    return part if _MENTION.fullmatch(part) else escape(cut(part, 80))


def _escaped_length(text: str) -> int:
    """The length of clean text once it is escaped."""
    return utf16_length(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def _end_at_word(kept: str, text: str) -> str:
    """The beginning without the word that was cut in two, unless that word is most of it."""
    if text[len(kept) : len(kept) + 1].isspace():
        return kept.rstrip()
    at = max(kept.rfind(" "), kept.rfind("\n"))
    return kept[:at].rstrip() if at >= len(kept) // 2 else kept


def _escape_clean(text: str) -> str:
    """The clean text, or a piece of it, escaped."""
    plain = _COMMAND.sub(
        lambda found: "".join(_LOOK_ALIKE.get(char, char) for char in found.group()), text
    )
    return re.sub("[&<>]", lambda found: _ENTITIES[found.group()], plain)
