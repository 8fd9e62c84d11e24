"""An alert as a Slack message, and the summary of many.

The card of an urgent or high alert shows, from the top: how much it matters and which rule, whom it
addresses, who has it and until when, what it is about and where, the customer's words, why it fired
and what to do; then what can be done next. Any other takes two lines and its buttons: the
customer's words, and what has to be known to act; the rest is behind Why?. A card fits Slack's
limits for every feedback there can be: the longer texts are cut until it does.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from monitor.domain.alert import Alert, AlertStatus, Severity
from monitor.domain.delivery import Card, OverflowSummary
from monitor.domain.feedback import Feedback
from monitor.notifiers import wording
from monitor.notifiers.plain_text import PlainText, host_of, one_line, safe_url, sanitize_text
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
    Mrkdwn,
    break_autolinks,
    cut,
    escape,
    escape_line,
    excerpt,
    format_mentions,
    join_lines,
    join_parts,
    link,
    local_time,
    mention_member,
    quote,
)
from monitor.slack.views import action_ids
from monitor.slack.views.action_ids import AlertVersion, ListKind, PageRequest
from monitor.slack.views.snippet import MAX_URL, linked_snippet

# How long the longer texts may be. The first is what a card usually has; the others are for texts
# whose characters take many bytes, so that the whole message stays in its budget.
CARD_ROOMS = (1_000, 500, 250, 100, 40)
_SUMMARY_ROOM = (100, 50, 25)
_HEADLINE, _TITLE, _NAME, _REASON, _NOTIFICATION = 150, 200, 80, 600, 150
_INSIGHT, _REPORTS, _PLAIN_QUOTE, _FIRST_WORDS = 300, 300, 500, 140
_RULES_SHOWN, _ALERTS_SHOWN, _TICKET = 8, 5, 40

_MENU = {
    action_ids.ASSIGN: "Assign...",
    action_ids.SNOOZE: "Snooze or remind me...",
    action_ids.DISMISS: "Not useful",
    action_ids.CORRECT: "Wrong sentiment...",
    action_ids.ESCALATE: "Escalate...",
}
# What a screen reader says of a button, before the number of its alert.
_SPOKEN = {
    action_ids.TAKE: "Take",
    action_ids.WAKE: "Wake",
    action_ids.REPLY: "Reply to the customer of",
    action_ids.RESOLVE: "Resolve",
    action_ids.REOPEN: "Reopen",
    action_ids.WHY: "Show all about",
}
# What is usually done next: the first of these that is offered.
_NEXT_ACTIONS = {
    AlertStatus.OPEN: (action_ids.TAKE,),
    AlertStatus.ACKNOWLEDGED: (action_ids.REPLY, action_ids.RESOLVE),
    AlertStatus.REPLIED: (action_ids.RESOLVE,),
    AlertStatus.SNOOZED: (action_ids.WAKE,),
}


def render_card(card: Card, interactive: bool = False) -> SlackMessage:
    """Return the card as a message within Slack's limits; `interactive`: with buttons."""
    candidates = (_build_card(card, room, interactive) for room in CARD_ROOMS)
    return first_fitting(candidates, SlackMessage.keeps_limits)


def render_summary(summary: OverflowSummary, delivery_id: str = "") -> SlackMessage:
    """Return one message that accounts for every alert in the summary.

    With the id of its delivery it has a button that lists them.
    """
    buttons = _summary_button(delivery_id) if delivery_id else []
    candidates = (_build_summary(summary, buttons, room) for room in _SUMMARY_ROOM)
    return first_fitting(candidates, SlackMessage.keeps_limits)


def version_value(alert: Alert) -> str:
    """Return what a control carries to act on this version of the alert."""
    return AlertVersion(alert.id, alert.turn).encoded_value


def star_rating(feedback: Feedback) -> str:
    """Return the rating as stars; empty for none."""
    return wording.format_star_rating(feedback.rating) if feedback.rating else ""


def repeat_warning(repeat: bool) -> Mrkdwn:
    """Return the warning on a message that may be shown for the second time, else nothing."""
    return Mrkdwn(f"⚠️ {wording.REPEAT_WARNING}" if repeat else "")


def card_buttons(card: Card) -> list[Block]:
    """Return the controls for an alert as it stands; what is usually done next is primary."""
    alert = card.alert
    value = version_value(alert)
    labels = _button_labels(card)
    next_actions = _NEXT_ACTIONS.get(alert.status, ())
    primary = next((name for name in next_actions if name in labels), "")
    buttons = [
        make_button(
            name,
            label,
            value,
            style="primary" if name == primary else "",
            spoken=f"{_SPOKEN[name]} alert {alert.id}",
        )
        for name, label in labels.items()
    ]
    if alert.status.is_closed:
        return buttons
    return [*buttons, overflow_menu(action_ids.MORE, _menu_choices(card, value))]


def _button_labels(card: Card) -> dict[str, str]:
    """The buttons of an alert as it stands, in their order."""
    alert = card.alert
    if alert.joined_into:
        return {action_ids.WHY: "Why?"}
    if alert.status.is_closed:
        return {action_ids.REOPEN: "Reopen", action_ids.WHY: "Why?"}
    labels = {}
    if alert.status is AlertStatus.OPEN or not alert.assignee:
        labels[action_ids.TAKE] = "Take it"
    if alert.status is AlertStatus.SNOOZED:
        labels[action_ids.WAKE] = "Wake"
    if _has_customer(card.feedback):
        thanks = alert.severity is Severity.PRAISE
        labels[action_ids.REPLY] = "Say thanks" if thanks else "Reply"
    return {**labels, action_ids.RESOLVE: "Resolve", action_ids.WHY: "Why?"}


def _menu_choices(card: Card, value: str) -> dict[str, str]:
    left_out = set()
    if not _has_customer(card.feedback):
        left_out.add(action_ids.CORRECT)
    if wording.is_about_source(card.feedback):
        left_out.add(action_ids.DISMISS)
    return {f"{name}:{value}": text for name, text in _MENU.items() if name not in left_out}


def _has_customer(feedback: Feedback) -> bool:
    """Whether there are words of a customer, who could be answered."""
    return not (feedback.deleted or wording.is_about_source(feedback))


def _build_card(card: Card, room: int, interactive: bool) -> SlackMessage:
    buttons = card_buttons(card) if interactive else _original_button(card.feedback)
    is_severe = card.alert.severity in (Severity.URGENT, Severity.HIGH)
    blocks = [
        *(full_card_blocks(card, room) if is_severe else _short_blocks(card, room)),
        # Without buttons there is no Why?.
        *section_blocks(_reason_of_short_card(card, room, is_severe or interactive)),
        *context_blocks(_format_place_note(card)),
        *context_blocks(repeat_warning(card.repeat)),
        *action_blocks(buttons),
    ]
    return SlackMessage(
        _notification_text(card, min(room, _NOTIFICATION)),
        tuple(blocks),
        _plain_fallback(card, min(room, _PLAIN_QUOTE), interactive),
    )


def _reason_of_short_card(card: Card, room: int, is_explained: bool) -> Mrkdwn:
    return Mrkdwn("") if is_explained else _format_alert_reason(card.alert, room)


def full_card_blocks(card: Card, room: int) -> list[Block]:
    """Return all that is known of an alert, its longer texts cut to `room` characters."""
    return [
        header_block(wording.format_headline(card.alert)),
        *section_blocks(_format_standing(card), _format_title(card.feedback, room)),
        *context_blocks(*_fact_parts(card, room)),
        *section_blocks(_quote_customer(card, room)),
        *section_blocks(
            _format_alert_reason(card.alert, room),
            _format_other_rules(card, room, starts_line=True),
        ),
        *section_blocks(_format_advice(card.alert, room)),
        *context_blocks(_format_insight(card, room), _format_history(card, room)),
        *context_blocks(_format_reports(card, room)),
    ]


def _short_blocks(card: Card, room: int) -> list[Block]:
    """The customer's words, and one line of what has to be known to act."""
    alert, feedback = card.alert, card.feedback
    severity = wording.severity_label(alert.severity)
    said = linked_snippet(feedback, alert.words, min(room, _FIRST_WORDS))
    headline = join_parts(f"*{severity}*", said)
    facts = join_parts(
        escape_line(alert.rule_name, min(room, _NAME)),
        _format_other_rules(card, room),
        escape_line(feedback.source_id, min(room, _NAME)),
        star_rating(feedback),
        _format_written(card),
        escape_line(wording.format_author(card), 2 * min(room, _NAME)),
        _format_history(card, room),
        *_attribute_parts(card, room),
        _format_reports(card, room),
        f"Alert {alert.id}",
    )
    return [
        *section_blocks(join_parts(format_mentions(alert.mention), headline, separator=" ")),
        *section_blocks(_format_advice(alert, room)),
        *context_blocks(join_parts(*_state_parts(card), _format_ticket(alert)), facts),
    ]


def _format_title(feedback: Feedback, room: int) -> Mrkdwn:
    """The title as a link, and where that leads: a stranger's title could name another place."""
    url = safe_url(feedback.url)
    title = cut(wording.distinct_title(feedback), min(room, _TITLE))
    if not (title or url):
        return Mrkdwn("")
    label = escape(title) or Mrkdwn("Original")
    place = f" ({host_of(url)})" if url else ""
    return Mrkdwn(f"*{link(url, label)}*{place}")


def _fact_parts(card: Card, room: int) -> list[Mrkdwn]:
    """Its number, where, how good, when, by whom: one element each."""
    feedback, name_room = card.feedback, min(room, _NAME)
    version = f"version {feedback.app_version}" if feedback.app_version else ""
    return [
        Mrkdwn(f"Alert {card.alert.id}"),
        escape_line(feedback.source_id, name_room),
        Mrkdwn(star_rating(feedback)),
        escape_line(wording.format_sentiment(card.analysis), name_room),
        _format_written(card),
        escape_line(wording.format_author(card), 2 * name_room),
        escape(cut(sanitize_text(version), name_room)),
        *_attribute_parts(card, room),
    ]


def _attribute_parts(card: Card, room: int) -> list[Mrkdwn]:
    """The attributes of the feedback that are to be shown, as far as it has them."""
    given = card.feedback.attributes
    return [
        escape_line(f"{name}: {given[name]}", min(room, _NAME))
        for name in card.attributes
        if given.get(name)
    ]


def _format_written(card: Card) -> Mrkdwn:
    at = wording.written_at(card.feedback)
    return join_parts(local_time(at) if at else "", wording.format_delay(card))


def _quote_customer(card: Card, room: int) -> Mrkdwn:
    """The customer's words, and the way to the rest of them."""
    feedback, words = card.feedback, card.alert.words
    question = format_question(feedback, min(room, _TITLE))
    text = wording.quoted_words(feedback, words)
    if not text:
        return join_lines(question, f"_{wording.missing_words_note(feedback)}_")
    shown = excerpt(text, words, room)
    is_cut = shown.endswith("…") and safe_url(feedback.url)
    more = link(feedback.url, Mrkdwn("… read more")) if is_cut else ""
    return join_lines(question, quote(shown, words), more)


def format_question(feedback: Feedback, room: int) -> Mrkdwn:
    """Return the question of the survey that the customer answered; empty for none."""
    question = escape_line(feedback.question, room)
    return Mrkdwn(f"_{question}_" if feedback.question else "")


def _format_alert_reason(alert: Alert, room: int) -> Mrkdwn:
    reason = escape_line(alert.reason, min(room, _REASON))
    return Mrkdwn(f"*Why this fired:* {reason}" if reason else "")


def _format_other_rules(card: Card, room: int, *, starts_line: bool = False) -> Mrkdwn:
    others = wording.format_other_rules(card, starts_line=starts_line)
    return escape_line(others, min(room, _REASON))


def _format_advice(alert: Alert, room: int) -> Mrkdwn:
    advice = escape_line(wording.format_advice(alert), min(room, _REASON))
    return Mrkdwn(f"👉 {advice}" if advice else "")


def _format_place_note(card: Card) -> Mrkdwn:
    return escape_line(wording.format_place_note(card), _REASON)


def _format_insight(card: Card, room: int) -> Mrkdwn:
    return escape_line(wording.format_insight(card.analysis), min(room, _INSIGHT))


def _format_history(card: Card, room: int) -> Mrkdwn:
    return escape_line(wording.format_history(card), min(room, _INSIGHT))


def _state_parts(card: Card) -> list[str]:
    """Who has it, for how long it is left alone, and how its limits stand."""
    alert = card.alert
    status = f"*{wording.format_status(alert, mention_member(alert.assignee))}*"
    if alert.snooze and alert.status is AlertStatus.SNOOZED:
        until = wording.format_snooze(alert.snooze, SLACK_FORMAT)
        status = join_parts(status, until, separator=" ")
    return [status, *wording.format_limits(card, SLACK_FORMAT)]


def _format_ticket(alert: Alert) -> Mrkdwn:
    """Return a link to the alert's ticket, called by the last part of its address."""
    url = safe_url(alert.ticket)
    if not url:
        return Mrkdwn("")
    name = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return Mrkdwn(f"🎫 {link(url, escape_line(name, _TICKET) or Mrkdwn('Ticket'))}")


def _format_standing(card: Card) -> Mrkdwn:
    """Whom it addresses, who has it, and until when."""
    state = join_parts(*_state_parts(card), _format_ticket(card.alert))
    return join_parts(format_mentions(card.alert.mention), state, separator=" ")


def _format_reports(card: Card, room: int) -> Mrkdwn:
    return escape_line(wording.format_reports(card), min(room, _REPORTS))


def _original_button(feedback: Feedback) -> list[Block]:
    url = safe_url(feedback.url)
    return [make_button(action_ids.OPEN_ORIGINAL, "Open original", url=url)] if url else []


def _notification_text(card: Card, room: int) -> Mrkdwn:
    """One line that reads well on a locked screen."""
    feedback, words = card.feedback, card.alert.words
    text = one_line(wording.quoted_words(feedback, words))
    quoted = f"“{escape(excerpt(text, words, room))}”"
    said = quoted if text else wording.missing_words_note(feedback)
    where = join_parts(star_rating(feedback), escape_line(feedback.source_id), separator=" ")
    headline = escape_line(wording.format_headline(card.alert), _HEADLINE)
    line = break_autolinks(Mrkdwn(f"{headline}: {said} — {where}"))
    return join_parts(format_mentions(card.alert.mention), line, separator=" ")


def missing_buttons_note(alert: Alert) -> Mrkdwn:
    """Return the note on a message that Slack took as simple text only: how to act all the same."""
    return Mrkdwn(f"No buttons here: `/repwatch show {alert.id}` has them.")


def _plain_fallback(card: Card, room: int, interactive: bool) -> Mrkdwn:
    """The card without blocks: everything that matters, and the ways to act and to the original."""
    feedback, words = card.feedback, card.alert.words
    text = wording.quoted_words(feedback, words)
    quoted = quote(excerpt(text, words, room), words)
    headline = escape_line(wording.format_headline(card.alert), _HEADLINE)
    body = join_lines(
        f"*{headline}*",
        join_parts(*_state_parts(card)),
        escape(cut(wording.distinct_title(feedback), min(room, _TITLE))),
        join_parts(*_fact_parts(card, room)),
        quoted if text else wording.missing_words_note(feedback),
        _format_alert_reason(card.alert, room),
        _format_other_rules(card, room, starts_line=True),
        _format_advice(card.alert, room),
        _format_insight(card, room),
        _format_history(card, room),
        _format_reports(card, room),
        _format_place_note(card),
        repeat_warning(card.repeat),
    )
    original = link(feedback.url, Mrkdwn("Open original")) if safe_url(feedback.url) else ""
    links = join_parts(original, _format_ticket(card.alert))
    way_to_act = missing_buttons_note(card.alert) if interactive else ""
    mentions = format_mentions(card.alert.mention)
    return join_lines(mentions, break_autolinks(body), links, way_to_act)


def _summary_button(delivery_id: str) -> list[Block]:
    value = PageRequest(ListKind.SUMMARY, subject=delivery_id).encoded_value
    return [
        make_button(
            action_ids.OPEN_SUMMARY, "Show all", value, spoken="Show all alerts of this summary"
        )
    ]


def _build_summary(summary: OverflowSummary, buttons: list[Block], room: int) -> SlackMessage:
    headline = f"📦 {wording.summary_headline(summary)}"
    by_severity = _count_severities(summary)
    by_rule = _count_rules(summary, room)
    alerts = join_lines(*(_summary_line(card, room) for card in summary.first[:_ALERTS_SHOWN]))
    note = Mrkdwn(
        f"Beyond this channel's budget since {local_time(summary.since)}; "
        "each is kept and can be taken."
    )
    repeat = repeat_warning(summary.repeat)
    severity_line = Mrkdwn(f"*By severity:* {by_severity}" if by_severity else "")
    rule_line = Mrkdwn(f"*By rule:* {by_rule}" if by_rule else "")
    blocks = (
        header_block(headline),
        *section_blocks(severity_line, rule_line),
        *section_blocks(Mrkdwn(f"*The most urgent:*\n{alerts}" if alerts else "")),
        *context_blocks(note),
        *context_blocks(repeat),
        *action_blocks(buttons),
    )
    plain = join_lines(f"*{headline}*", severity_line, break_autolinks(rule_line), note, repeat)
    return SlackMessage(join_parts(headline, by_severity, separator=": "), blocks, plain)


def _count_severities(summary: OverflowSummary) -> Mrkdwn:
    counts = [(wording.severity_label(severity), count) for severity, count in summary.by_severity]
    return escape_line(wording.format_counts(counts, len(counts)))


def _count_rules(summary: OverflowSummary, room: int) -> Mrkdwn:
    counts = [(cut(one_line(name), room), count) for name, count in summary.by_rule]
    return escape(PlainText(wording.format_counts(counts, _RULES_SHOWN)))


def _summary_line(card: Card, room: int) -> Mrkdwn:
    """One line of a summary."""
    alert, feedback = card.alert, card.feedback
    rule, source = escape_line(alert.rule_name, room), escape_line(feedback.source_id)
    parts = (rule, source, f"alert {alert.id}", host_of(safe_url(feedback.url, MAX_URL)))
    where = join_parts(*parts, separator=", ")
    severity = wording.severity_label(alert.severity)
    return Mrkdwn(f"{severity} · {linked_snippet(feedback, alert.words, room)} ({where})")
