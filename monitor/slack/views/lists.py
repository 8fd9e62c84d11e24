"""What the command answers, for the eyes of the one who asked: lists of alerts and of feedback,
figures, help.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from monitor.domain.delivery import Card
from monitor.domain.feedback import Feedback
from monitor.domain.workload import Figures, Overview, Pace
from monitor.notifiers import wording
from monitor.notifiers.plain_text import host_of, one_line, safe_url
from monitor.slack import limits
from monitor.slack.blocks import Block, button, context, header, section
from monitor.slack.message import SLACK
from monitor.slack.mrkdwn import cut, escape, excerpt, inert, link, local_time, mark, member
from monitor.slack.views import action_ids
from monitor.slack.views.action_ids import Handle
from monitor.slack.views.thread import addressed

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
            action_ids.OPEN_CARD, "Open", Handle(card.alert.id, card.alert.turn).text
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


def figure_lines(figures: Figures) -> list[str]:
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


#: The arguments of a message.
Answer = dict[str, Any]

# How many are shown, and how much of each: the first that fits into one message.
_TRIES = ((10, 200), (10, 80), (5, 80), (3, 40))
_SAID = (2_000, 500)

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


def mine(overview: Overview) -> Answer:
    """The alerts that somebody has."""
    return _fitting(
        _alerts(("Yours", _seen(overview, overview.mine), overview.mine_count), size=size)
        for size in _TRIES
    )


def open_alerts(overview: Overview) -> Answer:
    """The alerts that nobody has, after those whose limit comes next."""
    soon = ("Soon late, or late", _seen(overview, overview.due_soon), overview.due_soon_count)
    free = ("Nobody has these", _seen(overview, overview.unclaimed), overview.unclaimed_count)
    return _fitting(_alerts(soon, free, size=size) for size in _TRIES)


def found(query: str, shown: Sequence[Feedback], *, more: bool) -> Answer:
    """What customers wrote that a query finds, newest first; `more` tells that there is more than
    is shown.
    """
    return _fitting(_found(query, shown, more, size) for size in _TRIES)


def stats(figures: Figures) -> Answer:
    """How the team fares."""
    said = figure_lines(figures)
    return _answer(said[0], [header("The team"), *section(*said)])


def usage() -> Answer:
    """What can be asked."""
    listed = [f"`/repwatch {command}` {does}" for command, does in _COMMANDS]
    return _answer(
        "What /repwatch can do", [*section(*listed), *section(*(f"• {tip}" for tip in _TIPS))]
    )


def said(text: str) -> Answer:
    """Plain words for one person; people in them are named as "user:U123"."""
    tries = (addressed(text, limit) or "–" for limit in _SAID)
    return _fitting(_answer(shown, section(shown)) for shown in tries)


def _seen(overview: Overview, listed: Sequence[Card]) -> list[Card]:
    return [replace(card, at=overview.at) for card in listed]


def _alerts(*parts: tuple[str, Sequence[Card], int], size: tuple[int, int]) -> Answer:
    most, room = size
    blocks = [
        block
        for title, listed, count in parts
        for block in _part(title, listed[:most], count, room)
    ]
    text = " · ".join(f"{title} ({count:,})" for title, _, count in parts)
    return _answer(text, blocks)


def _part(title: str, listed: Sequence[Card], count: int, room: int) -> list[Block]:
    alerts = [with_button(card, room) for card in listed]
    more = f"… and {count - len(listed):,} more" if count > len(listed) else ""
    return [header(f"{title} ({count:,})"), *(alerts or section("_Nothing._")), *context(more)]


def _found(query: str, shown: Sequence[Feedback], more: bool, size: tuple[int, int]) -> Answer:
    most, room = size
    listed = [section(_feedback(feedback, room)) for feedback in shown[:most]]
    asked = cut(one_line(query), 100)
    nothing = section("_Nothing. Try fewer words, or the beginning of one:_ `crash*`")
    rest = "… and more: ask for less, with more words" if more or len(shown) > most else ""
    blocks = [
        header(f"Search: {asked}"),
        *(block for line in listed for block in line),
        *context(rest),
    ]
    text = f"{wording.plural(len(shown), 'result')}{' and more' if more else ''} for {inert(escape(asked))}"
    return _answer(text, blocks if listed else [header(f"Search: {asked}"), *nothing])


def _fitting(tries: Iterable[Answer]) -> Answer:
    """The first answer within the limits, or the last one."""
    for answer in tries:
        if not limits.message(answer):
            break
    return answer


def _answer(text: str, blocks: Sequence[Block]) -> Answer:
    return {"text": text, "blocks": list(blocks)}


def _feedback(feedback: Feedback, room: int) -> str:
    """A feedback in two lines."""
    text = one_line(wording.words_of(feedback, ())) or wording.missing(feedback)
    at, url = wording.written_at(feedback), safe_url(feedback.url, 300)
    snippet = excerpt(text, (), room)
    parts = (
        escape(cut(feedback.source_id, 60)),
        wording.stars(feedback.rating) if feedback.rating else "",
        escape(cut(one_line(feedback.author.name), 60)),
        local_time(at) if at else "",
        host_of(url),
    )
    return f"{link(url, snippet) if url else mark(snippet, ())}\n{' · '.join(part for part in parts if part)}"
