"""An alert as a Slack message: values in, JSON out.

A card says, from the top: how much it matters and which rule, whom it addresses, what it is about
and where, the customer's words, why it fired, and who has it until when; then what can be done
next. It fits Slack's limits for every feedback there can be: the longer texts are cut until it
does.
"""

from __future__ import annotations

from monitor.domain.alert import Alert, AlertStatus, Severity
from monitor.domain.delivery import Card, Summary
from monitor.domain.feedback import Feedback
from monitor.notifiers import wording
from monitor.notifiers.plain_text import host_of, one_line, safe_url
from monitor.slack.blocks import Block, actions, button, context, header, overflow, section
from monitor.slack.message import SLACK, Message, fitting
from monitor.slack.mrkdwn import (
    cut,
    escape,
    excerpt,
    inert,
    link,
    local_time,
    mark,
    member,
    mentions,
    quote,
)
from monitor.slack.views import action_ids
from monitor.slack.views.action_ids import Handle

# How long the longer texts may be. The first is what a card usually has; the others are for texts
# whose characters take many bytes, so that the whole message stays in its budget.
_ROOM = (1_000, 500, 250, 100, 40)
_SUMMARY_ROOM = (100, 50, 25)
_TITLE, _NAME, _REASON, _NOTIFICATION, _INSIGHT, _REPORTS = 200, 80, 600, 150, 300, 300
_DEGRADED_ROOM = 500
_RULES_SHOWN, _FIRST_SHOWN, _FIRST_URL = 8, 5, 300

_MENU = {
    action_ids.ASSIGN: "Assign...",
    action_ids.SNOOZE: "Snooze...",
    action_ids.DISMISS: "Not useful",
    action_ids.CORRECT: "Wrong sentiment...",
    action_ids.ESCALATE: "Escalate...",
}
# What is usually done next, the first that is offered.
_ORDER = {
    AlertStatus.OPEN: (action_ids.TAKE,),
    AlertStatus.ACKNOWLEDGED: (action_ids.REPLY, action_ids.RESOLVE),
    AlertStatus.REPLIED: (action_ids.RESOLVE,),
    AlertStatus.SNOOZED: (action_ids.WAKE,),
}


def message(card: Card, desk: bool = False) -> Message:
    """The card as a message within Slack's limits; with a `desk` that listens, it has buttons."""
    return fitting(_card(card, room, desk) for room in _ROOM)


def summary(summary: Summary) -> Message:
    """One message that accounts for every alert in the summary."""
    return fitting(_summary(summary, room) for room in _SUMMARY_ROOM)


def buttons(card: Card) -> list[Block]:
    """What can be done about an alert as it stands; what is usually done next stands out."""
    alert, value = card.alert, Handle(card.alert.id, card.alert.turn).text
    if alert.status.closed:
        return [button(action_ids.REOPEN, "Reopen", value), button(action_ids.WHY, "Why?", value)]
    read = not (card.feedback.deleted or wording.about_source(card.feedback))
    free = alert.status is AlertStatus.OPEN or not alert.assignee
    named = {
        action_ids.TAKE: "Take it" if free else "",
        action_ids.WAKE: "Wake" if alert.status is AlertStatus.SNOOZED else "",
        action_ids.REPLY: ("Say thanks" if alert.severity is Severity.PRAISE else "Reply")
        if read
        else "",
        action_ids.RESOLVE: "Resolve",
        action_ids.WHY: "Why?",
    }
    offered = {name: text for name, text in named.items() if text}
    following = next(name for name in _ORDER[alert.status] if name in offered)
    shown = [
        button(name, text, value, style="primary" if name == following else "")
        for name, text in offered.items()
    ]
    return [*shown, overflow(action_ids.MORE, _menu(card, value, read))]


def _menu(card: Card, value: str, read: bool) -> dict[str, str]:
    left_out = set() if read else {action_ids.CORRECT}
    left_out |= {action_ids.DISMISS} if wording.about_source(card.feedback) else set()
    return {f"{name}:{value}": text for name, text in _MENU.items() if name not in left_out}


def _card(card: Card, room: int, desk: bool) -> Message:
    blocks = [
        header(wording.headline(card.alert)),
        *section(mentions(card.alert.mention), _title(card.feedback, room)),
        *context(*_facts(card, room)),
        *section(_words(card, room)),
        *section(_why(card.alert, room)),
        *context(_insight(card, room)),
        *section(" · ".join(_state(card))),
        *context(*_counted(card, room)),
        *context(f"⚠️ {wording.REPEAT}" if card.repeat else ""),
        *actions(buttons(card) if desk else _original(card.feedback)),
    ]
    return Message(
        _notification(card, min(room, _NOTIFICATION)),
        tuple(blocks),
        _plain(card, min(room, _DEGRADED_ROOM)),
    )


def _title(feedback: Feedback, room: int) -> str:
    """The title as a link, followed by where it leads: a stranger's title could name another
    place.
    """
    url = safe_url(feedback.url)
    place = f" ({host_of(url)})" if url else ""
    if title := wording.title_of(feedback):
        return f"*{link(url, cut(title, min(room, _TITLE)))}*{place}"
    return f"*{link(url, 'Original')}*{place}" if url else ""


def _facts(card: Card, room: int) -> list[str]:
    """Where, how good, when, by whom: one element each."""
    feedback, at, name = card.feedback, wording.written_at(card.feedback), min(room, _NAME)
    return [
        escape(cut(feedback.source_id, name)),
        wording.stars(feedback.rating) if feedback.rating else "",
        escape(cut(wording.tone(card.analysis), name)),
        " · ".join(
            part for part in (local_time(at) if at else "", wording.found_later(card)) if part
        ),
        escape(cut(wording.author(card), 2 * name)),
        escape(cut(f"version {feedback.app_version}", name)) if feedback.app_version else "",
    ]


def _words(card: Card, room: int) -> str:
    """The customer's words, and the way to the rest of them."""
    feedback, found = card.feedback, card.alert.words
    asked = (
        f"_{escape(cut(one_line(feedback.question), min(room, _TITLE)))}_\n"
        if feedback.question
        else ""
    )
    text = wording.words_of(feedback, found)
    if not text:
        return f"{asked}_{wording.missing(feedback)}_"
    shown = excerpt(text, found, room)
    more = (
        f"\n{link(feedback.url, '… read more')}"
        if shown.endswith("…") and safe_url(feedback.url)
        else ""
    )
    return f"{asked}{quote(shown, found)}{more}"


def _why(alert: Alert, room: int) -> str:
    reason = cut(one_line(alert.reason), min(room, _REASON))
    return f"*Why this fired:* {escape(reason)}" if reason else ""


def _insight(card: Card, room: int) -> str:
    return escape(cut(wording.insight(card.analysis), min(room, _INSIGHT)))


def _state(card: Card) -> list[str]:
    """Who has it, for how long it is left alone, and how its limits stand."""
    alert = card.alert
    until = (
        wording.snoozed(alert.snooze, SLACK)
        if alert.snooze and alert.status is AlertStatus.SNOOZED
        else ""
    )
    status = f"*{wording.status(alert, member(alert.assignee))}*"
    return [f"{status} {until}" if until else status, *wording.waits(card, SLACK)]


def _counted(card: Card, room: int) -> list[str]:
    """How many reports share it, and what to call it."""
    return [escape(cut(wording.reports(card), min(room, _REPORTS))), f"Alert {card.alert.id}"]


def _original(feedback: Feedback) -> list[Block]:
    url = safe_url(feedback.url)
    return [button(action_ids.OPEN_ORIGINAL, "Open original", url=url)] if url else []


def _notification(card: Card, room: int) -> str:
    """One line that reads well on a locked screen."""
    text = one_line(wording.words_of(card.feedback, card.alert.words))
    said = (
        f"“{escape(excerpt(text, card.alert.words, room))}”"
        if text
        else wording.missing(card.feedback)
    )
    stars = wording.stars(card.feedback.rating) if card.feedback.rating else ""
    where = " ".join(part for part in (stars, escape(card.feedback.source_id)) if part)
    first = escape(cut(wording.headline(card.alert), 150))
    line = inert(f"{first}: {said} — {where}")
    return " ".join(part for part in (mentions(card.alert.mention), line) if part)


def _plain(card: Card, room: int) -> str:
    """The card without blocks: everything that matters, and the way to the original."""
    text = wording.words_of(card.feedback, card.alert.words)
    quoted = quote(excerpt(text, card.alert.words, room), card.alert.words)
    lines = [
        f"*{escape(cut(wording.headline(card.alert), 150))}*",
        escape(cut(wording.title_of(card.feedback), min(room, _TITLE))),
        " · ".join(fact for fact in _facts(card, room) if fact),
        quoted if text else wording.missing(card.feedback),
        _why(card.alert, room),
        _insight(card, room),
        " · ".join(part for part in (*_state(card), *_counted(card, room)) if part),
        f"⚠️ {wording.REPEAT}" if card.repeat else "",
    ]
    original = link(card.feedback.url, "Open original") if safe_url(card.feedback.url) else ""
    said = [inert(line) for line in lines]
    return "\n".join(line for line in (mentions(card.alert.mention), *said, original) if line)


def _summary(summary: Summary, room: int) -> Message:
    severities = [
        (f"{wording.SEVERITY_MARKS[name]} {wording.SEVERITY_NAMES[name]}", n)
        for name, n in summary.by_severity
    ]
    rules = [(cut(name, room), n) for name, n in summary.by_rule]
    head = f"📦 {wording.more_alerts(summary)}"
    by_severity = (
        f"*By severity:* {escape(wording.counts(severities, len(severities)))}"
        if severities
        else ""
    )
    by_rule = f"*By rule:* {escape(wording.counts(rules, _RULES_SHOWN))}" if rules else ""
    first = "\n".join(_first(card, room) for card in summary.first[:_FIRST_SHOWN])
    note = f"Beyond this channel's budget since {local_time(summary.since)}; each is kept and can be taken."
    repeat = f"⚠️ {wording.REPEAT}" if summary.repeat else ""
    blocks = [
        header(head),
        *section(by_severity, by_rule),
        *section(f"*The most urgent:*\n{first}" if first else ""),
        *context(note),
        *context(repeat),
    ]
    text = ": ".join(
        part for part in (head, escape(wording.counts(severities, len(severities)))) if part
    )
    plain = "\n".join(
        line for line in (f"*{head}*", by_severity, inert(by_rule), note, repeat) if line
    )
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
