"""An alert in a list: one line of what was said, one of how it stands."""

from __future__ import annotations

from monitor.alert import Card
from monitor.notifiers import _wording as wording
from monitor.notifiers._plain import one_line, safe_url
from monitor.notifiers.slack import controls
from monitor.notifiers.slack._blocks import Block, button, section
from monitor.notifiers.slack._message import SLACK
from monitor.notifiers.slack.controls import Handle
from monitor.notifiers.slack.mrkdwn import cut, escape, excerpt, link, local_time, mark, member
from monitor.overview import Figures, Pace

_NAME, _URL = 60, 300


def alert(card: Card, room: int) -> str:
    """An alert in two lines; what was said leads to the original."""
    text = one_line(wording.words_of(card.feedback, card.alert.words)) or wording.missing(
        card.feedback
    )
    snippet = excerpt(text, card.alert.words, room)
    url = safe_url(card.feedback.url, _URL)
    shown = link(url, snippet) if url else mark(snippet, card.alert.words)
    rule = escape(cut(one_line(card.alert.rule_name), _NAME))
    return f"{wording.SEVERITY_MARKS[card.alert.severity]} *{rule}* · {shown}\n{standing(card)}"


def with_button(card: Card, room: int) -> Block:
    """The same as a block, with a button that shows all about it."""
    (block,) = section(alert(card, room))
    return {
        **block,
        "accessory": button(
            controls.OPEN_CARD, "Open", Handle(card.alert.id, card.alert.turn).text
        ),
    }


def standing(card: Card) -> str:
    """How it stands: its number, who has it, what it waits for and how many reports there are."""
    stars = wording.stars(card.feedback.rating) if card.feedback.rating else ""
    status = wording.status(card.alert, member(card.alert.assignee))
    until = wording.snoozed(card.alert.snooze, SLACK) if card.alert.snooze else ""
    reports = wording.plural(card.alert.members, "report") if card.alert.members > 1 else ""
    source = escape(cut(one_line(card.feedback.source_id), _NAME))
    waits = wording.waits(card, SLACK, met=False)
    parts = (f"Alert {card.alert.id}", f"{status} {until}".strip(), *waits, reports, stars, source)
    return " · ".join(part for part in parts if part)


def figures(figures: Figures) -> list[str]:
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
    return [now, since, *(f"*{name}:* {_pace(pace)}" for name, pace in paces)]


def _pace(pace: Pace) -> str:
    """How long it took, with n; nothing is said of none."""
    if not pace.n or pace.median is None:
        return "none yet (n = 0)"
    tenth = (
        f", nine of ten within {wording.duration(pace.slowest_tenth)}"
        if pace.slowest_tenth is not None
        else ""
    )
    kept = f"; {pace.in_time:,} of {pace.limited:,} in time" if pace.limited else ""
    return f"half within {wording.duration(pace.median)}{tenth} (n = {pace.n:,}){kept}"
