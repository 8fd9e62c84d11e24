"""What nobody read of a source in a day, as a Slack message."""

from __future__ import annotations

from monitor.domain.unread import UnreadSummary, UnreadText
from monitor.notifiers import unread_text, wording
from monitor.notifiers.plain_text import host_of, safe_url
from monitor.slack.blocks import context_blocks, header_block, section_blocks
from monitor.slack.message import SlackMessage, first_fitting
from monitor.slack.mrkdwn import (
    Mrkdwn,
    break_autolinks,
    escape,
    escape_line,
    join_lines,
    join_parts,
    local_time,
)
from monitor.slack.views.card import repeat_warning
from monitor.slack.views.snippet import MAX_URL, linked_snippet, snippet

#: Characters of each text; fewer where the message would be too long.
_ROOM = (200, 100, 40)
_MARK = "🌐"


def render_unread(summary: UnreadSummary) -> SlackMessage:
    """Return one message: the numbers by language, and the texts most likely trouble."""
    candidates = (_build_message(summary, room) for room in _ROOM)
    return first_fitting(candidates, SlackMessage.keeps_limits)


def _build_message(summary: UnreadSummary, room: int) -> SlackMessage:
    headline = f"{_MARK} {unread_text.unread_headline(summary)}"
    languages = break_autolinks(escape_line(unread_text.format_unread_languages(summary.by_reason)))
    span = join_parts(
        local_time(summary.subject.since), local_time(summary.subject.until), separator=" – "
    )
    worst = join_lines(*(_linked_line(text, room) for text in summary.worst))
    unlinked = join_lines(*(_plain_line(text, room) for text in summary.worst))
    title = Mrkdwn(f"*{unread_text.WORST_TITLE}:*")
    note = Mrkdwn(unread_text.UNREAD_NOTE)
    repeat = repeat_warning(summary.repeat)
    blocks = (
        header_block(headline),
        *section_blocks(languages),
        *section_blocks(title, worst),
        *context_blocks(span, note),
        *context_blocks(repeat),
    )
    first_line = escape_line(headline)
    plain = join_lines(f"*{first_line}*", languages, title, unlinked, span, note, repeat)
    return SlackMessage(join_parts(first_line, languages, separator=": "), blocks, plain)


def _linked_line(text: UnreadText, room: int) -> Mrkdwn:
    """One line: the first words as a link, and what is known of them."""
    return Mrkdwn(f"• {linked_snippet(text.feedback, (), room)} ({_format_facts(text)})")


def _plain_line(text: UnreadText, room: int) -> Mrkdwn:
    """The same without a link."""
    said = break_autolinks(escape(snippet(text.feedback, (), room)))
    return Mrkdwn(f"• {said} ({_format_facts(text)})")


def _format_facts(text: UnreadText) -> Mrkdwn:
    """The language, where a link leads, and whether the author is known for complaints."""
    facts = (
        unread_text.name_unread_language(text.analysis.unscored),
        host_of(safe_url(text.feedback.url, MAX_URL)),
        "has complained before" if text.complained_before else "",
    )
    return break_autolinks(escape_line(wording.join_facts(*facts)))
