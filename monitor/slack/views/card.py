"""An alert as a Slack message: values in, JSON out.

A card says, from the top: how much it matters and which rule, whom it addresses, what it is about
and where, the customer's words, why it fired, and who has it until when; then what can be done
next. It fits Slack's limits for every feedback there can be: the longer texts are cut until it
does.
"""

from __future__ import annotations

from monitor.domain.alert import Alert, AlertStatus, Severity
from monitor.domain.delivery import Card, OverflowSummary
from monitor.domain.feedback import Feedback
from monitor.notifiers import wording
from monitor.notifiers.plain_text import host_of, one_line, safe_url
from monitor.slack.blocks import (
    Block,
    action_blocks,
    context_blocks,
    header_block,
    make_button,
    overflow_menu,
    section_blocks,
)
from monitor.slack.message import SLACK_FORMAT, SlackMessage, first_fitting
from monitor.slack.mrkdwn import (
    bold_words,
    break_autolinks,
    cut,
    escape,
    excerpt,
    format_mentions,
    link,
    local_time,
    mention_member,
    quote,
)
from monitor.slack.views import action_ids
from monitor.slack.views.action_ids import AlertVersion

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
_NEXT_ACTIONS = {
    AlertStatus.OPEN: (action_ids.TAKE,),
    AlertStatus.ACKNOWLEDGED: (action_ids.REPLY, action_ids.RESOLVE),
    AlertStatus.REPLIED: (action_ids.RESOLVE,),
    AlertStatus.SNOOZED: (action_ids.WAKE,),
}


def render_card(card: Card, interactive: bool = False) -> SlackMessage:
    """The card as a message within Slack's limits; with a `desk` that listens, it has buttons."""
    return first_fitting(_build_card(card, room, interactive) for room in _ROOM)


def render_summary(summary: OverflowSummary) -> SlackMessage:
    """One message that accounts for every alert in the summary."""
    return first_fitting(_build_summary(summary, room) for room in _SUMMARY_ROOM)


def card_buttons(card: Card) -> list[Block]:
    """What can be done about an alert as it stands; what is usually done next stands out."""
    alert, value = card.alert, AlertVersion(card.alert.id, card.alert.turn).encoded_value
    if alert.status.is_closed:
        return [
            make_button(action_ids.REOPEN, "Reopen", value),
            make_button(action_ids.WHY, "Why?", value),
        ]
    read = not (card.feedback.deleted or wording.is_about_source(card.feedback))
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
    following = next(name for name in _NEXT_ACTIONS[alert.status] if name in offered)
    shown = [
        make_button(name, text, value, style="primary" if name == following else "")
        for name, text in offered.items()
    ]
    return [*shown, overflow_menu(action_ids.MORE, _menu_choices(card, value, read))]


def _menu_choices(card: Card, value: str, read: bool) -> dict[str, str]:
    left_out = set() if read else {action_ids.CORRECT}
    left_out |= {action_ids.DISMISS} if wording.is_about_source(card.feedback) else set()
    return {f"{name}:{value}": text for name, text in _MENU.items() if name not in left_out}


def _build_card(card: Card, room: int, interactive: bool) -> SlackMessage:
    blocks = [
        header_block(wording.format_headline(card.alert)),
        *section_blocks(format_mentions(card.alert.mention), _format_title(card.feedback, room)),
        *context_blocks(*_fact_parts(card, room)),
        *section_blocks(_quote_customer(card, room)),
        *section_blocks(_format_alert_reason(card.alert, room)),
        *context_blocks(_fit_insight(card, room)),
        *section_blocks(" · ".join(_state_parts(card))),
        *context_blocks(*_report_parts(card, room)),
        *context_blocks(f"⚠️ {wording.REPEAT_WARNING}" if card.repeat else ""),
        *action_blocks(card_buttons(card) if interactive else _original_button(card.feedback)),
    ]
    return SlackMessage(
        _notification_text(card, min(room, _NOTIFICATION)),
        tuple(blocks),
        _plain_fallback(card, min(room, _DEGRADED_ROOM)),
    )


def _format_title(feedback: Feedback, room: int) -> str:
    """The title as a link, followed by where it leads: a stranger's title could name another
    place.
    """
    url = safe_url(feedback.url)
    place = f" ({host_of(url)})" if url else ""
    if title := wording.distinct_title(feedback):
        return f"*{link(url, cut(title, min(room, _TITLE)))}*{place}"
    return f"*{link(url, 'Original')}*{place}" if url else ""


def _fact_parts(card: Card, room: int) -> list[str]:
    """Where, how good, when, by whom: one element each."""
    feedback, at, name = card.feedback, wording.written_at(card.feedback), min(room, _NAME)
    return [
        escape(cut(feedback.source_id, name)),
        wording.format_star_rating(feedback.rating) if feedback.rating else "",
        escape(cut(wording.format_sentiment(card.analysis), name)),
        " · ".join(
            part for part in (local_time(at) if at else "", wording.format_delay(card)) if part
        ),
        escape(cut(wording.format_author(card), 2 * name)),
        escape(cut(f"version {feedback.app_version}", name)) if feedback.app_version else "",
    ]


def _quote_customer(card: Card, room: int) -> str:
    """The customer's words, and the way to the rest of them."""
    feedback, found = card.feedback, card.alert.words
    asked = (
        f"_{escape(cut(one_line(feedback.question), min(room, _TITLE)))}_\n"
        if feedback.question
        else ""
    )
    text = wording.quoted_words(feedback, found)
    if not text:
        return f"{asked}_{wording.missing_words_note(feedback)}_"
    shown = excerpt(text, found, room)
    more = (
        f"\n{link(feedback.url, '… read more')}"
        if shown.endswith("…") and safe_url(feedback.url)
        else ""
    )
    return f"{asked}{quote(shown, found)}{more}"


def _format_alert_reason(alert: Alert, room: int) -> str:
    reason = cut(one_line(alert.reason), min(room, _REASON))
    return f"*Why this fired:* {escape(reason)}" if reason else ""


def _fit_insight(card: Card, room: int) -> str:
    return escape(cut(wording.format_insight(card.analysis), min(room, _INSIGHT)))


def _state_parts(card: Card) -> list[str]:
    """Who has it, for how long it is left alone, and how its limits stand."""
    alert = card.alert
    until = (
        wording.format_snooze(alert.snooze, SLACK_FORMAT)
        if alert.snooze and alert.status is AlertStatus.SNOOZED
        else ""
    )
    status = f"*{wording.format_status(alert, mention_member(alert.assignee))}*"
    return [f"{status} {until}" if until else status, *wording.format_limits(card, SLACK_FORMAT)]


def _report_parts(card: Card, room: int) -> list[str]:
    """How many reports share it, and what to call it."""
    return [
        escape(cut(wording.format_reports(card), min(room, _REPORTS))),
        f"Alert {card.alert.id}",
    ]


def _original_button(feedback: Feedback) -> list[Block]:
    url = safe_url(feedback.url)
    return [make_button(action_ids.OPEN_ORIGINAL, "Open original", url=url)] if url else []


def _notification_text(card: Card, room: int) -> str:
    """One line that reads well on a locked screen."""
    text = one_line(wording.quoted_words(card.feedback, card.alert.words))
    said = (
        f"“{escape(excerpt(text, card.alert.words, room))}”"
        if text
        else wording.missing_words_note(card.feedback)
    )
    stars = wording.format_star_rating(card.feedback.rating) if card.feedback.rating else ""
    where = " ".join(part for part in (stars, escape(card.feedback.source_id)) if part)
    first = escape(cut(wording.format_headline(card.alert), 150))
    line = break_autolinks(f"{first}: {said} — {where}")
    return " ".join(part for part in (format_mentions(card.alert.mention), line) if part)


def _plain_fallback(card: Card, room: int) -> str:
    """The card without blocks: everything that matters, and the way to the original."""
    text = wording.quoted_words(card.feedback, card.alert.words)
    quoted = quote(excerpt(text, card.alert.words, room), card.alert.words)
    lines = [
        f"*{escape(cut(wording.format_headline(card.alert), 150))}*",
        escape(cut(wording.distinct_title(card.feedback), min(room, _TITLE))),
        " · ".join(fact for fact in _fact_parts(card, room) if fact),
        quoted if text else wording.missing_words_note(card.feedback),
        _format_alert_reason(card.alert, room),
        _fit_insight(card, room),
        " · ".join(part for part in (*_state_parts(card), *_report_parts(card, room)) if part),
        f"⚠️ {wording.REPEAT_WARNING}" if card.repeat else "",
    ]
    original = link(card.feedback.url, "Open original") if safe_url(card.feedback.url) else ""
    said = [break_autolinks(line) for line in lines]
    return "\n".join(
        line for line in (format_mentions(card.alert.mention), *said, original) if line
    )


def _build_summary(summary: OverflowSummary, room: int) -> SlackMessage:
    severities = [
        (f"{wording.SEVERITY_MARKS[name]} {wording.SEVERITY_NAMES[name]}", n)
        for name, n in summary.by_severity
    ]
    rules = [(cut(name, room), n) for name, n in summary.by_rule]
    head = f"📦 {wording.summary_headline(summary)}"
    by_severity = (
        f"*By severity:* {escape(wording.format_counts(severities, len(severities)))}"
        if severities
        else ""
    )
    by_rule = f"*By rule:* {escape(wording.format_counts(rules, _RULES_SHOWN))}" if rules else ""
    first = "\n".join(_summary_line(card, room) for card in summary.first[:_FIRST_SHOWN])
    note = f"Beyond this channel's budget since {local_time(summary.since)}; each is kept and can be taken."
    repeat = f"⚠️ {wording.REPEAT_WARNING}" if summary.repeat else ""
    blocks = [
        header_block(head),
        *section_blocks(by_severity, by_rule),
        *section_blocks(f"*The most urgent:*\n{first}" if first else ""),
        *context_blocks(note),
        *context_blocks(repeat),
    ]
    text = ": ".join(
        part for part in (head, escape(wording.format_counts(severities, len(severities)))) if part
    )
    plain = "\n".join(
        line for line in (f"*{head}*", by_severity, break_autolinks(by_rule), note, repeat) if line
    )
    return SlackMessage(text, tuple(blocks), plain)


def _summary_line(card: Card, room: int) -> str:
    """One line of a summary."""
    said = wording.quoted_words(card.feedback, card.alert.words) or wording.missing_words_note(
        card.feedback
    )
    snippet = excerpt(one_line(said), card.alert.words, room)
    url = safe_url(card.feedback.url, _FIRST_URL)
    shown = link(url, snippet) if url else bold_words(snippet, card.alert.words)
    where = f"{escape(cut(card.alert.rule_name, room))}, {escape(card.feedback.source_id)}, alert {card.alert.id}"
    host = f", {host_of(url)}" if url else ""
    return f"{wording.SEVERITY_MARKS[card.alert.severity]} {shown} ({where}{host})"
