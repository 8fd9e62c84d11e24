"""The log of an alert: lines in the thread below its card, calls from other channels, and words for
one person.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from monitor.domain.actor import Actor, ActorKind
from monitor.domain.alert import Alert
from monitor.domain.delivery import ThreadEntry
from monitor.domain.event import AlertEvent, EventKind
from monitor.notifiers import wording
from monitor.notifiers.event_text import describe_event
from monitor.notifiers.plain_text import one_line, safe_url
from monitor.slack.blocks import Block, action_blocks, context_blocks, make_button, section_blocks
from monitor.slack.message import SLACK_FORMAT, SlackMessage, first_fitting
from monitor.slack.mrkdwn import (
    break_autolinks,
    cut,
    escape,
    escape_one_line,
    excerpt,
    format_mentions,
    link,
    mention_member,
    quote,
)
from monitor.slack.views import action_ids
from monitor.slack.views.action_ids import AlertVersion, ReplyProposal

_ROOM = (1_500, 500, 200, 60)
_NAME, _REASON, _SAID, _URL = 150, 300, 600, 500
#: What the one who has the alert is to see at once.
_FOR_HOLDER = frozenset(
    {
        EventKind.ASSIGNED,
        EventKind.NUDGED,
        EventKind.LATE,
        EventKind.WOKEN,
        EventKind.REOPENED,
        EventKind.REPLY_APPROVED,
        EventKind.REPLY_REJECTED,
        EventKind.REPLY_FAILED,
        EventKind.REPLY_UNCERTAIN,
        EventKind.OUTCOME,
    }
)
#: What asks somebody to do something now.
_URGENT = frozenset(
    {
        EventKind.NUDGED,
        EventKind.LATE,
        EventKind.WOKEN,
        EventKind.REOPENED,
        EventKind.ESCALATED,
        EventKind.RELEASED,
    }
)
# Escaping replaces a colon that could begin an emoji.
_PERSON_ID = re.compile(r"\buser[:꞉]([UW][A-Z0-9]{5,20})\b")


def render_entry(entry: ThreadEntry, interactive: bool = False) -> SlackMessage:
    """One line below a card; one that the whole channel is to see says which alert it is about."""
    return first_fitting(_build_entry(entry, interactive, room) for room in _ROOM)


def render_escalation(entry: ThreadEntry, url: str, interactive: bool = False) -> SlackMessage:
    """A call from another channel to a card that is shown at `url`; it can be understood, and
    taken, on its own.
    """
    return first_fitting(_build_escalation(entry, url, interactive, room) for room in _ROOM)


def _build_escalation(entry: ThreadEntry, url: str, interactive: bool, room: int) -> SlackMessage:
    alert, line = entry.alert, _event_line(entry, room)
    name = escape(cut(wording.severity_and_rule(alert), min(room, _NAME)))
    reason = escape(cut(one_line(alert.reason), min(room, _REASON)))
    card = f"*{link(url, f'Alert {alert.id}')}*" if url else f"Alert {alert.id}"
    why = f"*Why it fired:* {reason}" if reason else ""
    repeat = _repeat_warning(entry)
    blocks = (
        *section_blocks(line, f"*{name}*", why, card),
        *context_blocks(repeat),
        *action_blocks(_urgent_buttons(alert, entry.event.kind) if interactive else []),
    )
    plain = "\n".join(break_autolinks(part) for part in (line, name, why, repeat) if part)
    return SlackMessage(
        f"{line} · {break_autolinks(name)}",
        blocks,
        "\n".join(part for part in (plain, card) if part),
    )


def format_direct_text(text: str, limit: int) -> str:
    """Plain words for one person, harmless; people in it, named as "user:U123", become mentions."""
    return _PERSON_ID.sub(r"<@\1>", break_autolinks(escape(cut(text, limit))))


def _build_entry(entry: ThreadEntry, interactive: bool, room: int) -> SlackMessage:
    alert, event = entry.alert, entry.event
    line = _event_line(entry, room)
    about = f"Alert {alert.id} · {escape(cut(one_line(alert.rule_name), min(room, _NAME)))}"
    words = event.details.get("text", "")
    proposed = quote(excerpt(words, (), room), ()) if words.strip() else ""
    repeat = _repeat_warning(entry)
    blocks = (
        *section_blocks(line, proposed),
        *context_blocks(
            f"{wording.SEVERITY_MARKS[alert.severity]} {about}" if entry.is_broadcast else ""
        ),
        *context_blocks(repeat),
        *action_blocks(_entry_buttons(entry) if interactive else []),
    )
    plain = "\n".join(
        part for part in (line, break_autolinks(proposed), break_autolinks(about), repeat) if part
    )
    return SlackMessage(f"{line} · {break_autolinks(about)}", blocks, plain)


def _event_line(entry: ThreadEntry, room: int) -> str:
    """What happened, after those whom it concerns."""
    event, alert = entry.event, entry.alert
    line = describe_event(
        event, alert, replace(SLACK_FORMAT, text=partial(escape_one_line, limit=min(room, _SAID)))
    )
    called = format_mentions(event.details.get("mention", ""))
    if event.kind is EventKind.REOPENED and not alert.assignee:
        called = called or format_mentions(alert.mention)
    holder = "" if called else _mention_holder(event, alert)
    way = link(url, "see it") if (url := safe_url(event.details.get("url", ""), _URL)) else ""
    return " ".join(
        [
            *(whom for whom in (called, holder) if whom and whom not in line),
            line,
            *([way] if way else []),
        ]
    )


def _mention_holder(event: AlertEvent, alert: Alert) -> str:
    """Mention of the Slack member whom an event concerns; empty for none, and for their own act."""
    if event.kind not in _FOR_HOLDER:
        return ""
    holder = Actor.parse_optional(event.details.get("for", "")) or alert.assignee
    if holder is None or holder.kind is not ActorKind.SLACK or holder == event.actor:
        return ""
    return mention_member(holder)


def _entry_buttons(entry: ThreadEntry) -> list[Block]:
    """What can be done about it on the spot."""
    event, alert = entry.event, entry.alert
    reply_id = event.details.get("reply", "")
    if event.kind is EventKind.REPLY_PROPOSED and re.fullmatch("[1-9][0-9]{0,17}", reply_id):
        value = ReplyProposal(int(reply_id), AlertVersion(alert.id, alert.turn)).encoded_value
        return [
            make_button(action_ids.APPROVE, "Approve", value, style="primary"),
            make_button(action_ids.REJECT, "Send back...", value),
        ]
    return _urgent_buttons(alert, event.kind)


def _urgent_buttons(alert: Alert, kind: EventKind) -> list[Block]:
    """A button for what is asked of people; none for an alert that is closed."""
    if kind not in _URGENT or alert.status.is_closed:
        return []
    value = AlertVersion(alert.id, alert.turn).encoded_value
    if not alert.assignee:
        return [make_button(action_ids.TAKE, "Take it", value, style="primary")]
    return (
        [make_button(action_ids.CONFIRM, "Still on it", value)]
        if kind in (EventKind.NUDGED, EventKind.LATE)
        else []
    )


def _repeat_warning(entry: ThreadEntry) -> str:
    return f"⚠️ {wording.REPEAT_WARNING}" if entry.repeat else ""
