"""The answers of the command /repwatch: lists of alerts and of feedback, figures, help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from monitor.domain.delivery import Card
from monitor.domain.feedback import Feedback
from monitor.domain.workload import DurationStatistics, TeamFigures, Workload
from monitor.notifiers import wording
from monitor.notifiers.plain_text import host_of, one_line, safe_url
from monitor.slack import limits
from monitor.slack.blocks import Block, context_blocks, header_block, make_button, section_blocks
from monitor.slack.message import SLACK_FORMAT, first_fitting
from monitor.slack.mrkdwn import (
    Mrkdwn,
    break_autolinks,
    cut,
    escape,
    escape_line,
    join_parts,
    local_time,
    mention_member,
)
from monitor.slack.views import action_ids
from monitor.slack.views.card import star_rating, version_value
from monitor.slack.views.snippet import MAX_URL, linked_snippet
from monitor.slack.views.thread import format_direct_text

#: The arguments of a message.
CommandMessage = dict[str, Any]

_NAME, _QUERY = 60, 100
# How many are shown, and how much of each: the first that fits into one message.
_SIZES = ((10, 200), (10, 80), (5, 80), (3, 40))
_TEXT_LIMITS = (2_000, 500)

_COMMANDS = {
    "search WORDS": "what customers wrote, in the language of the rules: `crash* AND NOT beta`",
    "mine": "the alerts that you have",
    "open": "what nobody has, and what is soon late",
    "duty": "who has duty, and who comes next",
    "handover @name": "gives all that you have to somebody, who is told once",
    "giveback": "undoes your last hand-over, as far as its alerts are still open with them",
    "stats": "how the team fares",
    "mute RULE 2h": (
        "keeps a rule silent for a while, and counts what it hides; `mute RULE off` ends it "
        "(managers)"
    ),
    "help": "this",
}
_TIPS = (
    "On a card, 👀 as a reaction takes it, and ✅ resolves it.",
    "Write in the thread below a card: it tells the others that you are on it.",
    (
        "“Add feedback” in the menu of any message makes feedback of it: for what was said in "
        "person or by phone."
    ),
)


def render_my_alerts(overview: Workload) -> CommandMessage:
    """Return the alerts that a person has."""
    mine = ("Yours", as_of_overview(overview, overview.mine), overview.mine_count)
    return first_fitting((_build_alert_lists(size, mine) for size in _SIZES), _keeps_limits)


def render_open_alerts(overview: Workload) -> CommandMessage:
    """Return the alerts whose limit comes next, and those that nobody has."""
    due_soon = as_of_overview(overview, overview.due_soon)
    unclaimed = as_of_overview(overview, overview.unclaimed)
    soon = ("Soon late, or late", due_soon, overview.due_soon_count)
    free = ("Nobody has these", unclaimed, overview.unclaimed_count)
    return first_fitting((_build_alert_lists(size, soon, free) for size in _SIZES), _keeps_limits)


def render_search_results(query: str, shown: Sequence[Feedback], *, more: bool) -> CommandMessage:
    """Return what customers wrote that a query finds; `more`: there is more than is shown."""
    candidates = (_build_search_results(query, shown, more, size) for size in _SIZES)
    return first_fitting(candidates, _keeps_limits)


def render_stats(figures: TeamFigures) -> CommandMessage:
    """Return how the team fares."""
    lines = format_figures(figures)
    return _make_message(lines[0], [header_block("The team"), *section_blocks(*lines)])


def render_usage() -> CommandMessage:
    """Return what can be asked."""
    commands = [Mrkdwn(f"`/repwatch {command}` {does}") for command, does in _COMMANDS.items()]
    tips = [Mrkdwn(f"• {tip}") for tip in _TIPS]
    blocks = [*section_blocks(*commands), *section_blocks(*tips)]
    return _make_message(Mrkdwn("What /repwatch can do"), blocks)


def render_text(text: str) -> CommandMessage:
    """Return a plain text for one person; "user:U123" in it becomes a mention."""
    shorter_texts = (format_direct_text(text, limit) or Mrkdwn("–") for limit in _TEXT_LIMITS)
    candidates = (_make_message(shown, section_blocks(shown)) for shown in shorter_texts)
    return first_fitting(candidates, _keeps_limits)


def as_of_overview(overview: Workload, cards: Sequence[Card]) -> list[Card]:
    """Return the cards as they stand at the moment of the overview."""
    return [replace(card, as_of=overview.at) for card in cards]


def format_alert(card: Card, room: int) -> Mrkdwn:
    """Return an alert in two lines; the customer's words lead to the original."""
    alert = card.alert
    severity, rule = wording.severity_label(alert.severity), escape_line(alert.rule_name, _NAME)
    first = f"{severity} · *{rule}* · {linked_snippet(card.feedback, alert.words, room)}"
    return Mrkdwn(f"{first}\n{format_standing(card)}")


def alert_with_button(card: Card, room: int) -> Block:
    """Return an alert as a block, with a button that shows all about it."""
    (block,) = section_blocks(format_alert(card, room))
    button = make_button(action_ids.OPEN_CARD, "Open", version_value(card.alert))
    return {**block, "accessory": button}


def format_standing(card: Card) -> Mrkdwn:
    """Return how an alert stands: its number, who has it, its limits and how many reports."""
    alert = card.alert
    status = wording.format_status(alert, mention_member(alert.assignee))
    until = wording.format_snooze(alert.snooze, SLACK_FORMAT) if alert.snooze else ""
    reports = wording.format_plural(alert.members, "report") if alert.members > 1 else ""
    return join_parts(
        f"Alert {alert.id}",
        f"{status} {until}".strip(),
        *wording.format_limits(card, SLACK_FORMAT, met=False),
        reports,
        star_rating(card.feedback),
        escape_line(card.feedback.source_id, _NAME),
    )


def format_figures(figures: TeamFigures) -> list[Mrkdwn]:
    """Return what a team did, each figure with its n."""
    are = "is" if figures.late_now == 1 else "are"
    now = (
        f"*Now:* {figures.open_now:,} open, of which {figures.unclaimed_now:,} nobody has"
        f" and {figures.late_now:,} {are} late"
    )
    counts = {
        "came up": figures.opened,
        "taken": figures.acknowledged,
        "answered": figures.replied,
        "resolved": figures.resolved,
        "not useful": figures.dismissed,
        "came back": figures.reopened,
    }
    durations = {
        "Taken": figures.to_acknowledge,
        "Answered": figures.to_reply,
        "Resolved": figures.to_resolve,
    }
    counted = join_parts(*(f"{count:,} {name}" for name, count in counts.items()))
    return [
        Mrkdwn(now),
        Mrkdwn(f"*Since {local_time(figures.since)}:* {counted}"),
        *(Mrkdwn(f"*{name}:* {_format_durations(given)}") for name, given in durations.items()),
    ]


def format_rest(count: int) -> Mrkdwn:
    """Return the note on what a list does not show; empty where it shows all."""
    return Mrkdwn(f"… and {count:,} more" if count > 0 else "")


def _format_durations(durations: DurationStatistics) -> str:
    """How long it took, with n."""
    if not durations.n or durations.median is None:
        return "none yet (n = 0)"
    half = f"half within {wording.format_duration(durations.median)}"
    nine_of_ten = ""
    if durations.slowest_tenth is not None:
        nine_of_ten = f", nine of ten within {wording.format_duration(durations.slowest_tenth)}"
    in_time = f"; {durations.in_time:,} of {durations.limited:,} in time"
    return f"{half}{nine_of_ten} (n = {durations.n:,}){in_time if durations.limited else ''}"


def _build_alert_lists(
    size: tuple[int, int], *parts: tuple[str, Sequence[Card], int]
) -> CommandMessage:
    """The lists of alerts, each as its title, its cards and how many there are in all."""
    count_shown, room = size
    blocks: list[Block] = []
    for title, cards, count in parts:
        blocks += _list_blocks(title, cards[:count_shown], count, room)
    titles = (f"{title} ({count:,})" for title, _, count in parts)
    return _make_message(join_parts(*titles), blocks)


def _list_blocks(title: str, cards: Sequence[Card], count: int, room: int) -> list[Block]:
    alerts = [alert_with_button(card, room) for card in cards]
    return [
        header_block(f"{title} ({count:,})"),
        *(alerts or section_blocks(Mrkdwn("_Nothing._"))),
        *context_blocks(format_rest(count - len(cards))),
    ]


def _build_search_results(
    query: str, results: Sequence[Feedback], more: bool, size: tuple[int, int]
) -> CommandMessage:
    count_shown, room = size
    shown_query = cut(one_line(query), _QUERY)
    blocks = [header_block(f"Search: {shown_query}")]
    for feedback in results[:count_shown]:
        blocks += section_blocks(_format_feedback(feedback, room))
    if not results:
        nothing = "_Nothing. Try fewer words, or the beginning of one:_ `crash*`"
        blocks += section_blocks(Mrkdwn(nothing))
    elif more or len(results) > count_shown:
        blocks += context_blocks(Mrkdwn("… and more: ask for less, with more words"))
    count = wording.format_plural(len(results), "result")
    and_more = " and more" if more else ""
    text = f"{count}{and_more} for {break_autolinks(escape(shown_query))}"
    return _make_message(Mrkdwn(text), blocks)


def _keeps_limits(message: CommandMessage) -> bool:
    return not limits.check_message(message)


def _make_message(text: Mrkdwn, blocks: Sequence[Block]) -> CommandMessage:
    return {"text": text, "blocks": list(blocks)}


def _format_feedback(feedback: Feedback, room: int) -> Mrkdwn:
    """A feedback in two lines."""
    at = wording.written_at(feedback)
    facts = join_parts(
        escape_line(feedback.source_id, _NAME),
        star_rating(feedback),
        escape_line(feedback.author.name, _NAME),
        local_time(at) if at else "",
        host_of(safe_url(feedback.url, MAX_URL)),
    )
    return Mrkdwn(f"{linked_snippet(feedback, (), room)}\n{facts}")
