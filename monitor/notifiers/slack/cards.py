"""An alert as a Slack message: values in, JSON out.

A card says, from the top: how much it matters and which rule, whom it addresses, what it is about and where, the
customer's words, why it fired, and who has it. It fits Slack's limits for every feedback there can be: the longer
texts are cut until it does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from monitor.alert import Alert, Card, Entry, Summary
from monitor.feedback import Feedback
from monitor.notifiers import _wording as wording
from monitor.notifiers._plain import host_of, one_line, safe_url
from monitor.notifiers.slack import limits
from monitor.notifiers.slack.mrkdwn import cut, escape, excerpt, inert, link, local_time, mark, member, mentions, quote

Block = dict[str, Any]

# How long the longer texts may be. The first is what a card usually has; the others are for texts whose characters
# take many bytes, so that the whole message stays in its budget.
_ROOM = (1_000, 500, 250, 100)
_SUMMARY_ROOM = (100, 50, 25)
_TITLE, _NAME, _REASON, _NOTIFICATION = 200, 80, 600, 150
_DEGRADED_ROOM = 500
# Stands for what the sender adds, when sizes are weighed.
_METADATA = {"event_type": "x" * 40, "event_payload": {"delivery_id": "x" * 60}}
_RULES_SHOWN, _FIRST_SHOWN, _FIRST_URL = 8, 5, 300


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, and what is sent instead should Slack refuse it."""

    text: str  #: for notifications and screen readers
    blocks: tuple[Block, ...]
    plain: str  #: the whole in simple text

    @property
    def payload(self) -> dict[str, Any]:
        """The arguments that hold the message itself."""
        return {"text": self.text, "blocks": list(self.blocks)}

    @property
    def degraded(self) -> dict[str, Any]:
        """The same without blocks; the empty list takes away those of a message that is brought up to date."""
        return {"text": self.plain, "blocks": []}


def message(card: Card) -> Message:
    """The card as a message within Slack's limits."""
    return _fitting(_card(card, room) for room in _ROOM)


def summary(summary: Summary) -> Message:
    """One message that accounts for every alert in the summary."""
    return _fitting(_summary(summary, room) for room in _SUMMARY_ROOM)


def entry(entry: Entry) -> Message:
    """One line below a card."""
    said = inert(escape(cut(f"Alert {entry.alert.id}: {wording.happened(entry.event)}", _REASON)))
    line = " ".join(part for part in (mentions(entry.event.details.get("mention", "")), said) if part)
    repeat = f"⚠️ {wording.REPEAT}" if entry.repeat else ""
    return Message(line, (*_section(line), *_context(repeat)), "\n".join(part for part in (line, repeat) if part))


def call(entry_: Entry, url: str) -> Message:
    """A call from another channel to a card that is shown at `url`."""
    said = entry(entry_)
    way = link(url, f"Alert {entry_.alert.id}") if url else ""
    return Message(said.text, (*said.blocks, *_section(way)), "\n".join(part for part in (said.plain, way) if part))


def _fitting(tries: Iterable[Message]) -> Message:
    """The first message within the limits, or the last one."""
    for found in tries:
        if not limits.message({**found.payload, "metadata": _METADATA}):
            break
    return found


def _card(card: Card, room: int) -> Message:
    blocks = [
        _header(cut(wording.headline(card.alert), 150)),
        *_section(mentions(card.alert.mention), _title(card.feedback, room)),
        *_context(*_facts(card)),
        *_section(_words(card, room)),
        *_section(_why(card.alert, room)),
        *_context(*_state(card)),
        *_context(f"⚠️ {wording.REPEAT}" if card.repeat else ""),
        *_open_original(card.feedback),
    ]
    return Message(_notification(card, min(room, _NOTIFICATION)), tuple(blocks), _plain(card))


def _title(feedback: Feedback, room: int) -> str:
    """The title as a link, followed by where it leads: a stranger's title could name another place."""
    url = safe_url(feedback.url)
    place = f" ({host_of(url)})" if url else ""
    if title := wording.title_of(feedback):
        return f"*{link(url, cut(title, min(room, _TITLE)))}*{place}"
    return f"*{link(url, 'Original')}*{place}" if url else ""


def _facts(card: Card) -> list[str]:
    """Where, how good, when, by whom: one element each."""
    feedback, at = card.feedback, wording.written_at(card.feedback)
    return [
        escape(feedback.source_id),
        wording.stars(feedback.rating) if feedback.rating else "",
        escape(cut(wording.tone(card.analysis), _NAME)),
        local_time(at) if at else "",
        escape(cut(wording.author(feedback), _NAME)),
        escape(cut(f"version {feedback.app_version}", _NAME)) if feedback.app_version else "",
    ]


def _words(card: Card, room: int) -> str:
    """The customer's words, and the way to the rest of them."""
    feedback, found = card.feedback, card.alert.words
    asked = f"_{escape(cut(one_line(feedback.question), min(room, _TITLE)))}_\n" if feedback.question else ""
    text = wording.words_of(feedback, found)
    if not text:
        return f"{asked}_{wording.missing(feedback)}_"
    shown = excerpt(text, found, room)
    more = f"\n{link(feedback.url, '… read more')}" if shown.endswith("…") and safe_url(feedback.url) else ""
    return f"{asked}{quote(shown, found)}{more}"


def _why(alert: Alert, room: int) -> str:
    reason = cut(one_line(alert.reason), min(room, _REASON))
    return f"*Why this fired:* {escape(reason)}" if reason else ""


def _state(card: Card) -> list[str]:
    """Who has it, how many reports share it, and what to call it."""
    status = wording.status(card.alert, member(card.alert.assignee))
    return [f"*{status}*", escape(cut(wording.reports(card), 300)), f"Alert {card.alert.id}"]


def _open_original(feedback: Feedback) -> list[Block]:
    url = safe_url(feedback.url)
    text = {"type": "plain_text", "text": "Open original", "emoji": True}
    button = {"type": "button", "action_id": "open_original", "text": text, "url": url}
    return [{"type": "actions", "elements": [button]}] if url else []


def _notification(card: Card, room: int) -> str:
    """One line that reads well on a locked screen."""
    text = one_line(wording.words_of(card.feedback, card.alert.words))
    said = f"“{escape(excerpt(text, card.alert.words, room))}”" if text else wording.missing(card.feedback)
    stars = wording.stars(card.feedback.rating) if card.feedback.rating else ""
    where = " ".join(part for part in (stars, escape(card.feedback.source_id)) if part)
    first = escape(cut(wording.headline(card.alert), 150))
    line = inert(f"{first}: {said} — {where}")
    return " ".join(part for part in (mentions(card.alert.mention), line) if part)


def _plain(card: Card) -> str:
    """The card without blocks: everything that matters, and the way to the original."""
    text = wording.words_of(card.feedback, card.alert.words)
    quoted = quote(excerpt(text, card.alert.words, _DEGRADED_ROOM), card.alert.words)
    lines = [
        f"*{escape(cut(wording.headline(card.alert), 150))}*",
        escape(cut(wording.title_of(card.feedback), _TITLE)),
        " · ".join(fact for fact in _facts(card) if fact),
        quoted if text else wording.missing(card.feedback),
        _why(card.alert, _DEGRADED_ROOM),
        " · ".join(part for part in _state(card) if part),
        f"⚠️ {wording.REPEAT}" if card.repeat else "",
    ]
    original = link(card.feedback.url, "Open original") if safe_url(card.feedback.url) else ""
    said = [inert(line) for line in lines]
    return "\n".join(line for line in (mentions(card.alert.mention), *said, original) if line)


def _summary(summary: Summary, room: int) -> Message:
    severities = [
        (f"{wording.SEVERITY_MARKS[name]} {wording.SEVERITY_NAMES[name]}", n) for name, n in summary.by_severity
    ]
    rules = [(cut(name, room), n) for name, n in summary.by_rule]
    head = f"📦 {wording.more_alerts(summary)}"
    by_severity = f"*By severity:* {escape(wording.counts(severities, len(severities)))}" if severities else ""
    by_rule = f"*By rule:* {escape(wording.counts(rules, _RULES_SHOWN))}" if rules else ""
    first = "\n".join(_first(card, room) for card in summary.first[:_FIRST_SHOWN])
    note = f"Beyond this channel's budget since {local_time(summary.since)}; each is kept and can be taken."
    repeat = f"⚠️ {wording.REPEAT}" if summary.repeat else ""
    blocks = [
        _header(head),
        *_section(by_severity, by_rule),
        *_section(f"*The most urgent:*\n{first}" if first else ""),
        *_context(note),
        *_context(repeat),
    ]
    text = ": ".join(part for part in (head, escape(wording.counts(severities, len(severities)))) if part)
    plain = "\n".join(line for line in (f"*{head}*", by_severity, inert(by_rule), note, repeat) if line)
    return Message(text, tuple(blocks), plain)


def _first(card: Card, room: int) -> str:
    """One line of a summary."""
    said = wording.words_of(card.feedback, card.alert.words) or wording.missing(card.feedback)
    snippet = excerpt(one_line(said), card.alert.words, room)
    url = safe_url(card.feedback.url, _FIRST_URL)
    shown = link(url, snippet) if url else mark(snippet, card.alert.words)
    where = f"{escape(cut(card.alert.rule_name, room))}, {escape(card.feedback.source_id)}, alert {card.alert.id}"
    host = f", {host_of(url)}" if url else ""
    return f"{wording.SEVERITY_MARKS[card.alert.severity]} {shown} ({where}{host})"


def _header(text: str) -> Block:
    # Headers know no commands and no entities; the look-alikes are for clients that might think otherwise.
    harmless = text.replace("<", "‹").replace(">", "›")
    return {"type": "header", "text": {"type": "plain_text", "text": harmless, "emoji": True}}


def _section(*lines: str) -> list[Block]:
    text = "\n".join(line for line in lines if line)
    return [{"type": "section", "text": _mrkdwn(text)}] if text else []


def _context(*parts: str) -> list[Block]:
    elements = [_mrkdwn(part) for part in parts if part]
    return [{"type": "context", "elements": elements}] if elements else []


def _mrkdwn(text: str) -> Block:
    # verbatim: bare addresses, #channels and @names in a stranger's words stay plain text.
    return {"type": "mrkdwn", "text": text, "verbatim": True}
