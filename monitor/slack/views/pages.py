"""Lists in pages, for one person: alerts, what a summary holds, and what a search finds.

A page always holds as many entries as it should: where they do not fit into a message, each is
shortened and none is left out, so that the next page goes on where this one ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from monitor.domain.alert import Alert
from monitor.domain.delivery import Card
from monitor.domain.feedback import Feedback
from monitor.notifiers import wording
from monitor.notifiers.plain_text import host_of, one_line, safe_url
from monitor.slack import limits
from monitor.slack.blocks import (
    Block,
    action_blocks,
    context_blocks,
    header_block,
    make_button,
    section_blocks,
)
from monitor.slack.message import first_fitting
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
from monitor.slack.views.action_ids import ListKind, PageRequest
from monitor.slack.views.card import star_rating
from monitor.slack.views.lists import alert_with_button, open_button
from monitor.slack.views.snippet import MAX_URL, linked_snippet

#: Entries of a page.
PAGE_SIZE: Final = 10
# How much of each entry is shown: the first with which all of them fit into one message.
_ROOMS = (200, 80, 30, 10)
# Two buttons carry the subject, in bytes, beside ten entries.
_NAME, _QUERY, _MAX_SUBJECT = 60, 100, 700

PageMessage = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPart:
    """A part of a list of alerts under a title of its own, as far as it is on a page."""

    title: str
    count: int  #: of the whole part
    cards: tuple[Card, ...] = ()  #: on this page


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPage:
    """A page of a list of alerts."""

    request: PageRequest
    parts: tuple[ListPart, ...]
    page_count: int = 1


@dataclass(frozen=True, slots=True)
class FoundFeedback:
    """A feedback that a search found, and the alert that it is in."""

    feedback: Feedback
    alert: Alert | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """A page of what a search found; how many pages there are is not counted."""

    request: PageRequest
    results: tuple[FoundFeedback, ...] = ()
    has_more: bool = False


def render_alert_page(page: AlertPage) -> PageMessage:
    """Return a page of alerts, each with a button that opens it."""
    return first_fitting((_build_alert_page(page, room) for room in _ROOMS), _keeps_limits)


def render_search_page(page: SearchPage) -> PageMessage:
    """Return a page of what customers wrote; what is in an alert has a button that opens it."""
    return first_fitting((_build_search_page(page, room) for room in _ROOMS), _keeps_limits)


def _build_alert_page(page: AlertPage, room: int) -> PageMessage:
    blocks: list[Block] = []
    for part in page.parts:
        blocks += _part_blocks(part, room)
    has_more = page.request.number < page.page_count
    titles = (f"{part.title} ({part.count:,})" for part in page.parts)
    text = join_parts(*titles, _format_place(page))
    footer = [*context_blocks(_format_footer(page)), *page_buttons(page.request, has_more)]
    return {"text": text, "blocks": [*blocks, *footer]}


def _part_blocks(part: ListPart, room: int) -> list[Block]:
    """The part as far as it is on the page; one that is empty as a whole says so."""
    alerts = [alert_with_button(card, room) for card in part.cards]
    if part.count and not alerts:
        return []
    header = header_block(f"{part.title} ({part.count:,})")
    return [header, *(alerts or section_blocks(Mrkdwn("_Nothing._")))]


def _format_place(page: AlertPage) -> str:
    return f"page {page.request.number} of {page.page_count}" if page.page_count > 1 else ""


def _format_footer(page: AlertPage) -> Mrkdwn:
    """Which page it is, and how to see the next; empty for a list that has only one."""
    return format_place(page.request, page.page_count)


def format_place(request: PageRequest, page_count: int) -> Mrkdwn:
    """Return which page it is, and how to see the next; empty for a list that has only one."""
    number, kind = request.number, request.kind
    if page_count < 2:
        return Mrkdwn("")
    has_command = kind not in (ListKind.SEARCH, ListKind.SUMMARY)
    command = f", or `/repwatch {kind} {number + 1}`," if has_command else ""
    rest = f"*More*{command} shows what follows" if number < page_count else ""
    return join_parts(f"Page {number} of {page_count}", rest)


def page_buttons(request: PageRequest, has_more: bool) -> list[Block]:
    """Return the ways to the pages beside this one."""
    before = request.at(request.number - 1).encoded_value
    after = request.at(request.number + 1).encoded_value
    buttons = []
    if request.number > 1:
        buttons.append(
            make_button(action_ids.PAGE_BEFORE, "Back", before, spoken="The page before")
        )
    if has_more:
        buttons.append(
            make_button(action_ids.PAGE_AFTER, "More", after, spoken="More: the next page")
        )
    return action_blocks(buttons if _can_be_carried(request) else [])


def _can_be_carried(request: PageRequest) -> bool:
    """Whether a button can ask for any page of the list: a query may be too long for it."""
    return limits.json_size(request.subject) <= _MAX_SUBJECT


def _build_search_page(page: SearchPage, room: int) -> PageMessage:
    shown_query = cut(one_line(page.request.subject), _QUERY)
    results = [_found_block(found, room) for found in page.results]
    blocks = [header_block(f"Search: {shown_query}"), *results]
    if not page.results:
        nothing = "_Nothing. Try fewer words, or the beginning of one:_ `crash*`"
        blocks += section_blocks(Mrkdwn(nothing))
    footer = [
        *context_blocks(_format_search_footer(page)),
        *page_buttons(page.request, page.has_more),
    ]
    count = wording.format_plural(len(page.results), "result")
    place = f" on page {page.request.number}" if page.request.number > 1 else ""
    more = " and more" if page.has_more else ""
    text = f"{count}{place}{more} for {break_autolinks(escape(shown_query))}"
    return {"text": Mrkdwn(text), "blocks": [*blocks, *footer]}


def _format_search_footer(page: SearchPage) -> Mrkdwn:
    """Where the page begins and ends in what was found; empty where it holds all of it."""
    if not page.results or (page.request.number == 1 and not page.has_more):
        return Mrkdwn("")
    first = (page.request.number - 1) * PAGE_SIZE + 1
    last = first + len(page.results) - 1
    by_button = "*More* shows what follows" if _can_be_carried(page.request) else ""
    rest = by_button or "there is more: ask for less, with more words"
    shown = f"{first:,} to {last:,}" if last > first else f"{first:,}"
    return join_parts(shown, rest if page.has_more else "nothing follows")


def _found_block(found: FoundFeedback, room: int) -> Block:
    """A feedback; where it is in an alert, how that stands and a button that opens it."""
    alert = found.alert
    lines = [_format_feedback(found.feedback, room)]
    if alert:
        status = wording.format_status(alert, mention_member(alert.assignee))
        lines.append(join_parts(f"Alert {alert.id}", status))
    (block,) = section_blocks(*lines)
    if alert is None:
        return block
    return {**block, "accessory": open_button(alert)}


def _format_feedback(feedback: Feedback, room: int) -> Mrkdwn:
    """A feedback in two lines."""
    at, name_room = wording.written_at(feedback), min(room, _NAME)
    facts = join_parts(
        escape_line(feedback.source_id, name_room),
        star_rating(feedback),
        escape_line(feedback.author.name, name_room),
        local_time(at) if at else "",
        host_of(safe_url(feedback.url, min(MAX_URL, 2 * room))),
    )
    return Mrkdwn(f"{linked_snippet(feedback, (), room, min(MAX_URL, 2 * room))}\n{facts}")


def _keeps_limits(message: PageMessage) -> bool:
    return not limits.check_message(message)
