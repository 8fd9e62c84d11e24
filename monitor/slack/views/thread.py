"""The log of an alert: lines in the thread below its card, calls from other channels, and words for
one person.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from monitor.domain.alert import Alert
from monitor.domain.delivery import Entry
from monitor.notifiers import wording
from monitor.notifiers.event_text import happened
from monitor.notifiers.plain_text import one_line, safe_url
from monitor.slack.blocks import Block, actions, button, context, section
from monitor.slack.message import SLACK, Message, fitting
from monitor.slack.mrkdwn import cut, escape, excerpt, inert, link, member, mentions, quote, said
from monitor.slack.views import action_ids
from monitor.slack.views.action_ids import Handle, Proposal

_ROOM = (1_500, 500, 200, 60)
_NAME, _REASON, _SAID, _URL = 150, 300, 600, 500
#: What the one who has the alert is to see at once.
_FOR_HOLDER = frozenset(
    {
        "assigned",
        "nudged",
        "late",
        "woken",
        "reopened",
        "reply_approved",
        "reply_rejected",
        "reply_failed",
    }
    | {"reply_uncertain", "outcome"}
)
#: What asks somebody to do something now.
_URGENT = frozenset({"nudged", "late", "woken", "reopened", "escalated", "released"})
# Escaping replaces a colon that could begin an emoji.
_NAMED = re.compile(r"\buser[:꞉]([UW][A-Z0-9]{5,20})\b")


def entry(entry: Entry, desk: bool = False) -> Message:
    """One line below a card; one that the whole channel is to see says which alert it is about."""
    return fitting(_entry(entry, desk, room) for room in _ROOM)


def call(entry: Entry, url: str, desk: bool = False) -> Message:
    """A call from another channel to a card that is shown at `url`; it can be understood, and
    taken, on its own.
    """
    return fitting(_call(entry, url, desk, room) for room in _ROOM)


def _call(entry: Entry, url: str, desk: bool, room: int) -> Message:
    alert, line = entry.alert, _line(entry, room)
    name = escape(cut(wording.called(alert), min(room, _NAME)))
    reason = escape(cut(one_line(alert.reason), min(room, _REASON)))
    card = f"*{link(url, f'Alert {alert.id}')}*" if url else f"Alert {alert.id}"
    why = f"*Why it fired:* {reason}" if reason else ""
    repeat = _repeat(entry)
    blocks = (
        *section(line, f"*{name}*", why, card),
        *context(repeat),
        *actions(_to_do(alert, entry.event.kind) if desk else []),
    )
    plain = "\n".join(inert(part) for part in (line, name, why, repeat) if part)
    return Message(
        f"{line} · {inert(name)}", blocks, "\n".join(part for part in (plain, card) if part)
    )


def addressed(text: str, limit: int) -> str:
    """Plain words for one person, harmless; people in it, named as "user:U123", become mentions."""
    return _NAMED.sub(r"<@\1>", inert(escape(cut(text, limit))))


def _entry(entry: Entry, desk: bool, room: int) -> Message:
    alert, event = entry.alert, entry.event
    line = _line(entry, room)
    about = f"Alert {alert.id} · {escape(cut(one_line(alert.rule_name), min(room, _NAME)))}"
    words = event.details.get("text", "")
    proposed = quote(excerpt(words, (), room), ()) if words.strip() else ""
    repeat = _repeat(entry)
    blocks = (
        *section(line, proposed),
        *context(f"{wording.SEVERITY_MARKS[alert.severity]} {about}" if entry.loud else ""),
        *context(repeat),
        *actions(_controls(entry) if desk else []),
    )
    plain = "\n".join(part for part in (line, inert(proposed), inert(about), repeat) if part)
    return Message(f"{line} · {inert(about)}", blocks, plain)


def _line(entry: Entry, room: int) -> str:
    """What happened, after those whom it concerns."""
    event, alert = entry.event, entry.alert
    line = happened(event, alert, replace(SLACK, text=partial(said, limit=min(room, _SAID))))
    called = mentions(event.details.get("mention", ""))
    if event.kind == "reopened" and not alert.assignee:
        called = called or mentions(alert.mention)
    whose = event.details.get("for", "") or alert.assignee
    theirs = event.kind in _FOR_HOLDER and whose.startswith("user:") and whose != event.actor
    holder = member(whose) if theirs and not called else ""
    way = link(url, "see it") if (url := safe_url(event.details.get("url", ""), _URL)) else ""
    return " ".join(
        [
            *(whom for whom in (called, holder) if whom and whom not in line),
            line,
            *([way] if way else []),
        ]
    )


def _controls(entry: Entry) -> list[Block]:
    """What can be done about it on the spot."""
    event, alert = entry.event, entry.alert
    reply_id = event.details.get("reply", "")
    if event.kind == "reply_proposed" and re.fullmatch("[1-9][0-9]{0,17}", reply_id):
        value = Proposal(int(reply_id), Handle(alert.id, alert.turn)).text
        return [
            button(action_ids.APPROVE, "Approve", value, style="primary"),
            button(action_ids.REJECT, "Send back...", value),
        ]
    return _to_do(alert, event.kind)


def _to_do(alert: Alert, kind: str) -> list[Block]:
    """A button for what is asked of people; none for an alert that is closed."""
    if kind not in _URGENT or alert.status.closed:
        return []
    value = Handle(alert.id, alert.turn).text
    if not alert.assignee:
        return [button(action_ids.TAKE, "Take it", value, style="primary")]
    return [button(action_ids.CONFIRM, "Still on it", value)] if kind in ("nudged", "late") else []


def _repeat(entry: Entry) -> str:
    return f"⚠️ {wording.REPEAT}" if entry.repeat else ""
