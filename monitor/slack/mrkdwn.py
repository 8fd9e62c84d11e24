"""Slack's mrkdwn: text of strangers in it is shown, and can do nothing.

`PlainText` is sanitized once, cut to its length, and escaped once; what is then `Mrkdwn` goes into
messages as it is. Slack knows three kinds of commands in a text
(https://docs.slack.dev/messaging/formatting-message-text/):

* `<...>` for mentions, links and dates: `&`, `<` and `>` become entities, as Slack asks for;
* `* _ ~ ` ` around words, `>` at the start of a line and `:name:` for emoji, for which it has no
  escape. They become characters that look alike and command nothing. A zero-width character beside
  them would not do: Slack counts some of those as the word boundary that makes formatting start;
* bare addresses and names: every text object says `verbatim`, and every message `parse=none` and
  `link_names=false`; `break_autolinks` serves the texts that have no object around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NewType

import regex

from monitor.domain.actor import Actor, ActorKind
from monitor.domain.mention import (
    BROADCAST_MENTION,
    MAX_MENTIONS,
    MEMBER_MENTION,
    split_mentions,
)
from monitor.notifiers.plain_text import (
    PlainText,
    find_spans,
    one_line,
    safe_url,
    split_graphemes,
    utf16_length,
)
from monitor.notifiers.wording import format_utc

#: Text in Slack's markup in which the words of strangers are escaped.
Mrkdwn = NewType("Mrkdwn", str)

_ENTITY = re.compile("[&<>]")
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
_MAX_BOLD = 40

_MEMBER_ID = re.compile(r"[UW][A-Z0-9]{5,20}")
# Escaping replaces a colon that could begin an emoji.
_NAMED_PERSON = re.compile(r"\buser[:꞉]([UW][A-Z0-9]{5,20})\b")
_NAMED_GROUP = re.compile(r"\bgroup[:꞉](S[A-Z0-9]{5,20})\b")
_UTC_TIME = re.compile(r"\b(20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}) UTC\b")
_MAX_TIMES = 5  # each takes fifty characters more than in UTC
_MAX_NAME = 80
_MAX_NOTE = 600


def escape(text: PlainText) -> Mrkdwn:
    """Return the text, on any number of lines, with every command in it made harmless."""
    plain = _COMMAND.sub(_replace_look_alikes, text)
    return Mrkdwn(_ENTITY.sub(lambda match: _ENTITIES[match.group()], plain))


def escape_line(text: str, limit: int | None = None) -> Mrkdwn:
    """Return any text, sanitized, on one line, cut to `limit` and escaped."""
    line = one_line(text)
    return escape(line if limit is None else cut(line, limit))


def escape_unlinked(text: str, limit: int = _MAX_NOTE) -> Mrkdwn:
    """Return what `escape_line` does, harmless also where no text object is around it."""
    return break_autolinks(escape_line(text, limit))


def code_span(text: str, limit: int) -> Mrkdwn:
    """Return any text on one line, to be copied as it is; empty for nothing.

    Between backticks Slack formats nothing, so that only they, and `& < >`, need care.
    """
    plain = cut(one_line(text), limit).replace("`", "ˋ")
    shown = _ENTITY.sub(lambda match: _ENTITIES[match.group()], plain)
    return Mrkdwn(f"`{shown}`" if shown else "")


def break_autolinks(text: Mrkdwn) -> Mrkdwn:
    """Return the text with an invisible joiner in whatever a client links or pings by itself."""
    return Mrkdwn(_AUTOMATIC.sub(lambda match: match.group() + _JOINER, text))


def join_parts(*parts: str, separator: str = " · ") -> Mrkdwn:
    """Join the parts that are not empty; each is mrkdwn, or words of ours."""
    return Mrkdwn(separator.join(part for part in parts if part))


def join_lines(*lines: str) -> Mrkdwn:
    """Join the lines that are not empty; each is mrkdwn, or words of ours."""
    return join_parts(*lines, separator="\n")


def cut(text: PlainText, limit: int) -> PlainText:
    """Return the text, ended at a word with "…" where its escaped form is longer than `limit`.

    Lengths are UTF-16 units. What a reader sees as one character is never split.
    """
    if _escaped_length(text) <= limit:
        return text
    if limit <= 0:
        return PlainText("")
    kept, length = [], 1  # the ellipsis
    for grapheme in split_graphemes(text[: limit + 64]):  # no more can fit
        length += _escaped_length(grapheme)
        if length > limit:
            break
        kept.append(grapheme)
    return PlainText(f"{_end_at_word(''.join(kept), text)}…")


def excerpt(text: PlainText, words: Iterable[str], limit: int) -> PlainText:
    """Return what `cut` does; the excerpt starts shortly before the first of the words where the
    beginning would not show any.
    """
    beginning = cut(text, limit)
    first = min((start for start, _ in find_spans(text, words)), default=0)
    if beginning == text or first + 20 < len(beginning):
        return beginning
    start = text.rfind(" ", 0, max(0, first - limit // 4)) + 1
    if not start:
        return beginning
    return PlainText(f"… {cut(PlainText(text[start:]), limit - 2)}")


def bold_words(text: PlainText, words: Iterable[str]) -> Mrkdwn:
    """Return the escaped text with each of the words in bold.

    Case counts: the words are pieces of the text.
    """
    pieces, last = [], 0
    for start, end in find_spans(text, words)[:_MAX_BOLD]:
        begins_inside = start and _WORD_CHARACTER.match(text[start - 1])
        ends_inside = _WORD_CHARACTER.match(text[end : end + 1])
        before = _BOUNDARY if begins_inside else ""
        after = _BOUNDARY if ends_inside else ""
        word = escape(PlainText(text[start:end]))
        pieces += [escape(PlainText(text[last:start])), f"{before}*{word}*{after}"]
        last = end
    return Mrkdwn("".join([*pieces, escape(PlainText(text[last:]))]))


def quote(text: PlainText, words: Iterable[str] = ()) -> Mrkdwn:
    """Return the text as a quotation, with the words in bold."""
    return Mrkdwn("\n".join(f"> {line}" for line in bold_words(text, words).split("\n")))


def link(url: str, label: Mrkdwn) -> Mrkdwn:
    """Return the label, a single line, as a link; alone where `url` is no address of the web."""
    shown, target = label.replace("|", "¦"), safe_url(url)
    if not (target and shown):
        return Mrkdwn(shown)
    return Mrkdwn(f"<{target.replace('&', '&amp;')}|{shown}>")


def local_time(at: datetime) -> Mrkdwn:
    """Return the date and time, which each reader sees in their own time zone."""
    shown = "{date_short_pretty} at {time}"
    return Mrkdwn(f"<!date^{int(at.timestamp())}^{shown}|{format_utc(at)}>")


def local_clock(at: datetime) -> Mrkdwn:
    """Return the time of day, which each reader sees in their own time zone."""
    return Mrkdwn(f"<!date^{int(at.timestamp())}^{{time}}|{at.astimezone(UTC):%H:%M} UTC>")


def format_mentions(written: str) -> Mrkdwn:
    """Return the mentions that an operator wrote; what is not well-formed is text."""
    parts = split_mentions(written)[:MAX_MENTIONS]
    return Mrkdwn(" ".join(_safe_mention(part) for part in parts))


def mention_member(person: Actor | None) -> Mrkdwn:
    """Return a mention of a person whose Slack id is known, else the name; empty for nobody."""
    if person is None:
        return Mrkdwn("")
    if person.kind is ActorKind.SLACK and _MEMBER_ID.fullmatch(person.id):
        return Mrkdwn(f"<@{person.id}>")
    name = person.id if person.kind is ActorKind.CLI else str(person)
    return escape_unlinked(name, _MAX_NAME)


def mention_people(text: Mrkdwn) -> Mrkdwn:
    """Return the text with people and groups in it, as "user:U123" or "group:S123", mentioned."""
    people_mentioned = _NAMED_PERSON.sub(r"<@\1>", text)
    return Mrkdwn(_NAMED_GROUP.sub(r"<!subteam^\1>", people_mentioned))


def localize_times(text: Mrkdwn) -> Mrkdwn:
    """Return the text with the first times in it, as "2026-11-02 09:30 UTC", in each reader's own
    time zone.
    """
    return Mrkdwn(_UTC_TIME.sub(_replace_utc_time, text, _MAX_TIMES))


def _replace_utc_time(found: re.Match[str]) -> str:
    try:
        return local_time(datetime.strptime(found[1], "%Y-%m-%d %H:%M").replace(tzinfo=UTC))
    except ValueError:  # no day or hour that there is
        return found[0]


def _safe_mention(part: str) -> Mrkdwn:
    if special := BROADCAST_MENTION.fullmatch(part):
        return Mrkdwn(f"<!{special[1] or special[2]}>")
    return Mrkdwn(part) if MEMBER_MENTION.fullmatch(part) else escape_line(part, _MAX_NAME)


def _replace_look_alikes(command: regex.Match[str]) -> str:
    return "".join(_LOOK_ALIKE.get(char, char) for char in command.group())


def _escaped_length(text: str) -> int:
    """The length of plain text once it is escaped."""
    return utf16_length(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def _end_at_word(kept: str, text: str) -> str:
    """The beginning without the word that was cut in two, unless that word is most of it."""
    if text[len(kept) : len(kept) + 1].isspace():
        return kept.rstrip()
    at = max(kept.rfind(" "), kept.rfind("\n"))
    return kept[:at].rstrip() if at >= len(kept) // 2 else kept
