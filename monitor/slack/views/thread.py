"""Messages about one event of an alert: in the thread below its card, in another channel, or for
one person.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from monitor.domain.actor import Actor, ActorKind
from monitor.domain.alert import Alert
from monitor.domain.delivery import ThreadEntry
from monitor.domain.event import EventKind
from monitor.notifiers import wording
from monitor.notifiers.event_text import describe_event
from monitor.notifiers.plain_text import safe_url, sanitize_text
from monitor.slack.blocks import (
    Block,
    action_blocks,
    context_blocks,
    make_button,
    section_blocks,
)
from monitor.slack.message import SLACK_FORMAT, SlackMessage, first_fitting
from monitor.slack.mrkdwn import (
    Mrkdwn,
    break_autolinks,
    cut,
    escape,
    escape_line,
    escape_unlinked,
    format_mentions,
    join_lines,
    join_parts,
    link,
    localize_times,
    mention_member,
    mention_people,
    quote,
)
from monitor.slack.views import action_ids
from monitor.slack.views.action_ids import AlertVersion, ReplyProposal
from monitor.slack.views.card import missing_buttons_note, repeat_warning, version_value
from monitor.slack.views.reply_text import reply_blocks

# The first is what a whole reply needs; the others are for texts whose characters take many bytes.
_ROOM = (3_000, 1_500, 500, 200, 60)
_QUOTED = 1_500
_NAME, _REASON, _NOTE, _URL, _ACTOR = 150, 300, 600, 500, 80
_REPLY_ID = re.compile("[1-9][0-9]{0,17}")
#: Events of which the holder of the alert is to know at once.
_FOR_HOLDER = frozenset(
    {
        EventKind.ASSIGNED,
        EventKind.NUDGED,
        EventKind.LATE,
        EventKind.WOKEN,
        EventKind.REOPENED,
        EventKind.RAISED,
        EventKind.REPLY_APPROVED,
        EventKind.REPLY_REJECTED,
        EventKind.REPLY_FAILED,
        EventKind.REPLY_UNCERTAIN,
        EventKind.OUTCOME,
    }
)
#: Events that ask somebody to do something now.
_URGENT = frozenset(
    {
        EventKind.NUDGED,
        EventKind.LATE,
        EventKind.WOKEN,
        EventKind.REOPENED,
        EventKind.RAISED,
        EventKind.ESCALATED,
        EventKind.RELEASED,
    }
)
#: Events with a reply that a person posts, or has posted, and copies for that.
_TO_COPY = frozenset({EventKind.REPLIED, EventKind.REPLY_FAILED, EventKind.REPLY_UNCERTAIN})
#: Reminders, which a sign of life answers.
_REMINDERS = (EventKind.NUDGED, EventKind.LATE)


def render_entry(
    entry: ThreadEntry, interactive: bool = False, actor_name: str = ""
) -> SlackMessage:
    """Return the message for the thread; a broadcast one names the alert it is about.

    `actor_name` stands for who acted, who needs no call; without it they are mentioned.
    """
    candidates = (_build_entry(entry, interactive, actor_name, room) for room in _ROOM)
    return first_fitting(candidates, SlackMessage.keeps_limits)


def render_escalation(
    entry: ThreadEntry, url: str, interactive: bool = False, actor_name: str = ""
) -> SlackMessage:
    """Return the message that calls people from another channel to the card at `url`.

    It can be understood, and the alert taken, without the card. `actor_name` is as in
    `render_entry`.
    """
    candidates = (_build_escalation(entry, url, interactive, actor_name, room) for room in _ROOM)
    return first_fitting(candidates, SlackMessage.keeps_limits)


def format_direct_text(text: str, limit: int) -> Mrkdwn:
    """Return any text, harmless, for one person; "user:U123" in it becomes a mention, and a time in
    UTC the reader's own.
    """
    escaped = escape(cut(sanitize_text(text), limit))
    return localize_times(mention_people(break_autolinks(escaped)))


def _build_escalation(
    entry: ThreadEntry, url: str, interactive: bool, actor_name: str, room: int
) -> SlackMessage:
    alert, line = entry.alert, _event_line(entry, actor_name, room)
    name = escape_line(wording.severity_and_rule(alert), min(room, _NAME))
    reason = escape_line(alert.reason, min(room, _REASON))
    label = Mrkdwn(f"Open the card of alert {alert.id}")
    card = Mrkdwn(f"*{link(url, label)}*" if url else f"Alert {alert.id}")
    why = Mrkdwn(f"*Why it fired:* {reason}" if reason else "")
    repeat = repeat_warning(entry.repeat)
    buttons = _urgent_buttons(alert, entry.event.kind) if interactive else []
    blocks = (
        *section_blocks(line, Mrkdwn(f"*{name}*"), why, card),
        *context_blocks(repeat),
        *action_blocks(buttons),
    )
    plain = break_autolinks(join_lines(line, name, why, repeat))
    text = Mrkdwn(f"{line} · {break_autolinks(name)}")
    way_to_act = missing_buttons_note(alert) if buttons else ""
    return SlackMessage(text, blocks, join_lines(plain, card, way_to_act))


def _build_entry(entry: ThreadEntry, interactive: bool, actor_name: str, room: int) -> SlackMessage:
    alert, event = entry.alert, entry.event
    line = _event_line(entry, actor_name, room)
    rule = escape_line(alert.rule_name, min(room, _NAME))
    about = Mrkdwn(f"Alert {alert.id} · {rule}")
    reply = event.details.get("text", "")
    quoted = _quote_reply(reply, min(room, _QUOTED))
    severity = wording.severity_label(alert.severity)
    channel_note = Mrkdwn(f"{severity} · {about}" if entry.is_broadcast else "")
    repeat = repeat_warning(entry.repeat)
    buttons = _entry_buttons(entry) if interactive else []
    is_copied = bool(quoted) and event.kind in _TO_COPY
    blocks = (
        *section_blocks(line, Mrkdwn("") if is_copied else quoted),
        *(reply_blocks(reply, room) if is_copied else []),
        *context_blocks(channel_note),
        *context_blocks(repeat),
        *action_blocks(buttons),
    )
    unlinked = break_autolinks(about)
    way_to_act = missing_buttons_note(alert) if _urgent_buttons(alert, event.kind) else ""
    plain = join_lines(line, break_autolinks(quoted), unlinked, repeat)
    plain = join_lines(plain, way_to_act if interactive else "")
    return SlackMessage(Mrkdwn(f"{line} · {unlinked}"), blocks, plain)


def _quote_reply(reply: str, room: int) -> Mrkdwn:
    plain = sanitize_text(reply)
    return quote(cut(plain, room)) if plain else Mrkdwn("")


def _event_line(entry: ThreadEntry, actor_name: str, room: int) -> Mrkdwn:
    """What happened, after mentions of the people it concerns."""
    event, alert = entry.event, entry.alert
    name = escape_unlinked(actor_name, _ACTOR)
    formatter = replace(
        SLACK_FORMAT,
        text=partial(escape_unlinked, limit=min(room, _NOTE)),
        actor=lambda actor: name or mention_member(actor),
    )
    line = describe_event(event, alert, formatter)
    mentions = [mention for mention in _find_mentions(entry) if mention not in line]
    url = safe_url(event.details.get("url", ""), _URL)
    place = link(url, Mrkdwn("see it")) if url else ""
    return join_parts(*mentions, line, place, separator=" ")


def _find_mentions(entry: ThreadEntry) -> list[Mrkdwn]:
    """Whom the event calls; nobody below a further card, since they are called at the first."""
    if not entry.home:
        return []
    called, holder = _format_called(entry), _format_holder(entry)
    if called and entry.event.kind is not EventKind.RAISED:
        return [called]
    return [mention for mention in (called, holder) if mention]


def _format_called(entry: ThreadEntry) -> Mrkdwn:
    """Mentions of those whom the event calls."""
    event, alert = entry.event, entry.alert
    called = format_mentions(event.details.get("mention", ""))
    if event.kind is EventKind.REOPENED and not alert.assignee:
        return called or format_mentions(alert.mention)
    return called


def _format_holder(entry: ThreadEntry) -> Mrkdwn:
    """A mention of the Slack member whom the event concerns; empty for none, and for its actor."""
    event = entry.event
    if event.kind not in _FOR_HOLDER:
        return Mrkdwn("")
    holder = Actor.parse_optional(event.details.get("for", "")) or entry.alert.assignee
    if holder is None or holder.kind is not ActorKind.SLACK or holder == event.actor:
        return Mrkdwn("")
    return mention_member(holder)


def _entry_buttons(entry: ThreadEntry) -> list[Block]:
    """What can be done about an event on the spot."""
    event, alert = entry.event, entry.alert
    reply_id = event.details.get("reply", "")
    if not _REPLY_ID.fullmatch(reply_id):
        return _urgent_buttons(alert, event.kind)
    value = ReplyProposal(int(reply_id), AlertVersion(alert.id, alert.turn)).encoded_value
    if event.kind is EventKind.REPLY_PROPOSED:
        return [
            make_button(
                action_ids.APPROVE,
                "Approve",
                value,
                style="primary",
                spoken=f"Approve the answer of alert {alert.id}",
            ),
            make_button(
                action_ids.REJECT,
                "Send back...",
                value,
                spoken=f"Send the answer of alert {alert.id} back",
            ),
        ]
    if event.kind in _TO_COPY:
        spoken = f"Copy the answer of alert {alert.id}"
        return [make_button(action_ids.COPY_REPLY, "Copy the answer...", value, spoken=spoken)]
    return _urgent_buttons(alert, event.kind)


def _urgent_buttons(alert: Alert, kind: EventKind) -> list[Block]:
    """A button for what is asked of people; none for an alert that is closed."""
    if kind not in _URGENT or alert.status.is_closed:
        return []
    value = version_value(alert)
    if not alert.assignee:
        spoken = f"Take alert {alert.id}"
        return [make_button(action_ids.TAKE, "Take it", value, style="primary", spoken=spoken)]
    if kind in _REMINDERS:
        spoken = f"Still on alert {alert.id}"
        return [make_button(action_ids.CONFIRM, "Still on it", value, spoken=spoken)]
    return []
