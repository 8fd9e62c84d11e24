"""Alerts as lists show them, and the answers of the command /repwatch that have one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from monitor.domain.alert import Alert
from monitor.domain.delivery import Card
from monitor.domain.workload import DurationStatistics, TeamFigures, Workload
from monitor.notifiers import wording
from monitor.slack import limits
from monitor.slack.blocks import Block, header_block, make_button, section_blocks
from monitor.slack.message import SLACK_FORMAT, first_fitting
from monitor.slack.mrkdwn import (
    Mrkdwn,
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

_NAME = 60
_TEXT_LIMITS = (2_000, 500)

_COMMANDS = {
    "search WORDS": "what customers wrote, in the language of the rules: `crash* AND NOT beta`",
    "mine": "the alerts that you have",
    "open": "what nobody has, and what is soon late",
    "show 41": "all about one alert, with its buttons",
    "join 41 38": "makes one alert of two; `part 41` makes two of them again",
    "link 41 URL": "links an alert to its ticket elsewhere",
    "duty": "who has duty, and who comes next",
    "handover @name": "gives all that you have to somebody, who is told once",
    "giveback": "undoes your last hand-over, as far as its alerts are still open with them",
    "stats": "how the team fares",
    "improvements": "what somebody will do about pain points; `improve` writes one down",
    "event 6.5.0 release": "marks a release, outage, campaign or other for the digest",
    "rules": (
        "how each rule fares, the noisiest first; managers edit, try and promote them there; "
        "`rules audit` shows what may have been missed"
    ),
    "mute RULE 2h": (
        "keeps a rule silent for a while, and counts what it hides; `mute RULE off` ends it "
        "(managers)"
    ),
    "digest": (
        "who gets the digest in this channel: `subscribe`, `unsubscribe`, `list`; `now` and "
        "`preview` make one (managers)"
    ),
    "help": "this",
}
_TIPS = (
    "On a card, 👀 as a reaction takes it, and ✅ resolves it.",
    "A long list has pages: *More* below it shows what follows, and so does `/repwatch open 2`.",
    "Write in the thread below a card: it tells the others that you are on it.",
    (
        "“Add feedback” in the menu of any message makes feedback of it: for what was said in "
        "person or by phone."
    ),
)


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
    severity = wording.severity_label(alert.severity)
    rule = escape_line(alert.rule_name, min(room, _NAME))
    said = linked_snippet(card.feedback, alert.words, room, min(MAX_URL, 2 * room))
    return Mrkdwn(f"{severity} · *{rule}* · {said}\n{format_standing(card, room)}")


def alert_with_button(card: Card, room: int) -> Block:
    """Return an alert as a block, with a button that shows all about it."""
    (block,) = section_blocks(format_alert(card, room))
    return {**block, "accessory": open_button(card.alert)}


def open_button(alert: Alert) -> Block:
    """Return the button that shows all about an alert."""
    spoken = f"Open alert {alert.id}"
    return make_button(action_ids.OPEN_CARD, "Open", version_value(alert), spoken=spoken)


def format_standing(card: Card, room: int = _NAME) -> Mrkdwn:
    """Return how an alert stands: its number, who has it, its limits and how many reports.

    The name of its source takes `room` characters at most.
    """
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
        escape_line(card.feedback.source_id, min(room, _NAME)),
    )


def format_figures(figures: TeamFigures) -> list[Mrkdwn]:
    """Return what a team did, each figure with its n."""
    are = "is" if figures.late_now == 1 else "are"
    now = (
        f"*Now:* {figures.open_now:,} open, of which {figures.unclaimed_now:,} nobody has"
        f" and {figures.late_now:,} {are} late"
    )
    if not figures.open_now:
        now = "*Now:* nothing is open"
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


def format_rest(count: int, command: str) -> Mrkdwn:
    """Return the note on what a list does not show, and how to see it; empty where it shows all."""
    return Mrkdwn(f"… and {count:,} more: `/repwatch {command}`" if count > 0 else "")


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


def _keeps_limits(message: CommandMessage) -> bool:
    return not limits.check_message(message)


def _make_message(text: Mrkdwn, blocks: Sequence[Block]) -> CommandMessage:
    return {"text": text, "blocks": list(blocks)}
