"""What the command answers, for the eyes of the one who asked: lists of alerts and of feedback,
figures, help.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from monitor.domain.delivery import Card
from monitor.domain.feedback import Feedback
from monitor.domain.workload import DurationStatistics, TeamFigures, Workload
from monitor.notifiers import wording
from monitor.notifiers.plain_text import host_of, one_line, safe_url
from monitor.slack import limits
from monitor.slack.blocks import Block, context_blocks, header_block, make_button, section_blocks
from monitor.slack.message import SLACK_FORMAT
from monitor.slack.mrkdwn import (
    bold_words,
    break_autolinks,
    cut,
    escape,
    excerpt,
    link,
    local_time,
    mention_member,
)
from monitor.slack.views import action_ids
from monitor.slack.views.action_ids import AlertVersion
from monitor.slack.views.thread import format_direct_text

_NAME, _URL = 60, 300


def format_alert(card: Card, room: int) -> str:
    """An alert in two lines; what was said leads to the original."""
    text = one_line(
        wording.quoted_words(card.feedback, card.alert.words)
    ) or wording.missing_words_note(card.feedback)
    snippet = excerpt(text, card.alert.words, room)
    url = safe_url(card.feedback.url, _URL)
    shown = link(url, snippet) if url else bold_words(snippet, card.alert.words)
    rule = escape(cut(one_line(card.alert.rule_name), _NAME))
    return (
        f"{wording.SEVERITY_MARKS[card.alert.severity]} *{rule}* · {shown}\n{format_standing(card)}"
    )


def alert_with_button(card: Card, room: int) -> Block:
    """The same as a block, with a button that shows all about it."""
    (block,) = section_blocks(format_alert(card, room))
    return {
        **block,
        "accessory": make_button(
            action_ids.OPEN_CARD, "Open", AlertVersion(card.alert.id, card.alert.turn).encoded_value
        ),
    }


def format_standing(card: Card) -> str:
    """How it stands: its number, who has it, what it waits for and how many reports there are."""
    stars = wording.format_star_rating(card.feedback.rating) if card.feedback.rating else ""
    status = wording.format_status(card.alert, mention_member(card.alert.assignee))
    until = wording.format_snooze(card.alert.snooze, SLACK_FORMAT) if card.alert.snooze else ""
    reports = wording.format_plural(card.alert.members, "report") if card.alert.members > 1 else ""
    source = escape(cut(one_line(card.feedback.source_id), _NAME))
    waits = wording.format_limits(card, SLACK_FORMAT, met=False)
    parts = (f"Alert {card.alert.id}", f"{status} {until}".strip(), *waits, reports, stars, source)
    return " · ".join(part for part in parts if part)


def format_figures(figures: TeamFigures) -> list[str]:
    """What a team did, always with how much of it there was."""
    now = (
        f"*Now:* {figures.open_now:,} open, of which {figures.unclaimed_now:,} nobody has"
        f" and {figures.late_now:,} {'is' if figures.late_now == 1 else 'are'} late"
    )
    counts = (
        ("came up", figures.opened),
        ("taken", figures.acknowledged),
        ("answered", figures.replied),
        ("resolved", figures.resolved),
        ("not useful", figures.dismissed),
        ("came back", figures.reopened),
    )
    said = " · ".join(f"{count:,} {name}" for name, count in counts)
    since = f"*Since {local_time(figures.since)}:* {said}"
    paces = (
        ("Taken", figures.to_acknowledge),
        ("Answered", figures.to_reply),
        ("Resolved", figures.to_resolve),
    )
    return [now, since, *(f"*{name}:* {_format_pace(pace)}" for name, pace in paces)]


def _format_pace(pace: DurationStatistics) -> str:
    """How long it took, with n; nothing is said of none."""
    if not pace.n or pace.median is None:
        return "none yet (n = 0)"
    tenth = (
        f", nine of ten within {wording.format_duration(pace.slowest_tenth)}"
        if pace.slowest_tenth is not None
        else ""
    )
    kept = f"; {pace.in_time:,} of {pace.limited:,} in time" if pace.limited else ""
    return f"half within {wording.format_duration(pace.median)}{tenth} (n = {pace.n:,}){kept}"


#: The arguments of a message.
CommandMessage = dict[str, Any]

# How many are shown, and how much of each: the first that fits into one message.
_SIZES = ((10, 200), (10, 80), (5, 80), (3, 40))
_TEXT_LIMITS = (2_000, 500)

_COMMANDS = (
    ("search WORDS", "what customers wrote, in the language of the rules: `crash* AND NOT beta`"),
    ("mine", "the alerts that you have"),
    ("open", "what nobody has, and what is soon late"),
    ("stats", "how the team fares"),
    (
        "mute RULE 2h",
        (
            "keeps a rule silent for a while, and counts what it hides; `mute RULE off` ends it "
            "(managers)"
        ),
    ),
    ("help", "this"),
)
_TIPS = (
    "On a card, 👀 as a reaction takes it, and ✅ resolves it.",
    "Write in the thread below a card: it tells the others that you are on it.",
    (
        "“Add feedback” in the menu of any message makes feedback of it: for what was said in person "
        "or by phone."
    ),
)


def render_my_alerts(overview: Workload) -> CommandMessage:
    """The alerts that somebody has."""
    return _fit_message(
        _build_alert_lists(
            ("Yours", _as_of_overview(overview, overview.mine), overview.mine_count), size=size
        )
        for size in _SIZES
    )


def render_open_alerts(overview: Workload) -> CommandMessage:
    """The alerts that nobody has, after those whose limit comes next."""
    soon = (
        "Soon late, or late",
        _as_of_overview(overview, overview.due_soon),
        overview.due_soon_count,
    )
    free = (
        "Nobody has these",
        _as_of_overview(overview, overview.unclaimed),
        overview.unclaimed_count,
    )
    return _fit_message(_build_alert_lists(soon, free, size=size) for size in _SIZES)


def render_search_results(query: str, shown: Sequence[Feedback], *, more: bool) -> CommandMessage:
    """What customers wrote that a query finds, newest first; `more` tells that there is more than
    is shown.
    """
    return _fit_message(_build_search_results(query, shown, more, size) for size in _SIZES)


def render_stats(figures: TeamFigures) -> CommandMessage:
    """How the team fares."""
    said = format_figures(figures)
    return _make_message(said[0], [header_block("The team"), *section_blocks(*said)])


def render_usage() -> CommandMessage:
    """What can be asked."""
    listed = [f"`/repwatch {command}` {does}" for command, does in _COMMANDS]
    return _make_message(
        "What /repwatch can do",
        [*section_blocks(*listed), *section_blocks(*(f"• {tip}" for tip in _TIPS))],
    )


def render_text(text: str) -> CommandMessage:
    """Plain words for one person; people in them are named as "user:U123"."""
    tries = (format_direct_text(text, limit) or "–" for limit in _TEXT_LIMITS)
    return _fit_message(_make_message(shown, section_blocks(shown)) for shown in tries)


def _as_of_overview(overview: Workload, listed: Sequence[Card]) -> list[Card]:
    return [replace(card, at=overview.at) for card in listed]


def _build_alert_lists(
    *parts: tuple[str, Sequence[Card], int], size: tuple[int, int]
) -> CommandMessage:
    most, room = size
    blocks = [
        block
        for title, listed, count in parts
        for block in _list_blocks(title, listed[:most], count, room)
    ]
    text = " · ".join(f"{title} ({count:,})" for title, _, count in parts)
    return _make_message(text, blocks)


def _list_blocks(title: str, listed: Sequence[Card], count: int, room: int) -> list[Block]:
    alerts = [alert_with_button(card, room) for card in listed]
    more = f"… and {count - len(listed):,} more" if count > len(listed) else ""
    return [
        header_block(f"{title} ({count:,})"),
        *(alerts or section_blocks("_Nothing._")),
        *context_blocks(more),
    ]


def _build_search_results(
    query: str, shown: Sequence[Feedback], more: bool, size: tuple[int, int]
) -> CommandMessage:
    most, room = size
    listed = [section_blocks(_format_feedback(feedback, room)) for feedback in shown[:most]]
    asked = cut(one_line(query), 100)
    nothing = section_blocks("_Nothing. Try fewer words, or the beginning of one:_ `crash*`")
    rest = "… and more: ask for less, with more words" if more or len(shown) > most else ""
    blocks = [
        header_block(f"Search: {asked}"),
        *(block for line in listed for block in line),
        *context_blocks(rest),
    ]
    text = f"{wording.format_plural(len(shown), 'result')}{' and more' if more else ''} for {break_autolinks(escape(asked))}"
    return _make_message(text, blocks if listed else [header_block(f"Search: {asked}"), *nothing])


def _fit_message(candidates: Iterable[CommandMessage]) -> CommandMessage:
    """The first answer within the limits, or the last one."""
    for answer in candidates:
        if not limits.check_message(answer):
            break
    return answer


def _make_message(text: str, blocks: Sequence[Block]) -> CommandMessage:
    return {"text": text, "blocks": list(blocks)}


def _format_feedback(feedback: Feedback, room: int) -> str:
    """A feedback in two lines."""
    text = one_line(wording.quoted_words(feedback, ())) or wording.missing_words_note(feedback)
    at, url = wording.written_at(feedback), safe_url(feedback.url, 300)
    snippet = excerpt(text, (), room)
    parts = (
        escape(cut(feedback.source_id, 60)),
        wording.format_star_rating(feedback.rating) if feedback.rating else "",
        escape(cut(one_line(feedback.author.name), 60)),
        local_time(at) if at else "",
        host_of(url),
    )
    return f"{link(url, snippet) if url else bold_words(snippet, ())}\n{' · '.join(part for part in parts if part)}"
