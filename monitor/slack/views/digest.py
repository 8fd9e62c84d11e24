"""A digest in Slack: a short message with its charts, and a message for each section below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.domain.digest_post import DigestPost
from monitor.domain.document import DocumentBlock, Figure
from monitor.notifiers.plain_text import utf16_length
from monitor.slack.blocks import (
    Block,
    action_blocks,
    context_blocks,
    header_block,
    make_button,
)
from monitor.slack.limits import json_size
from monitor.slack.message import SlackMessage, first_fitting
from monitor.slack.mrkdwn import Mrkdwn, break_autolinks, escape_line, join_lines, join_parts
from monitor.slack.views import action_ids
from monitor.slack.views.card import repeat_warning
from monitor.slack.views.digest_blocks import (
    DigestRoom,
    FigureSource,
    draw_blocks,
    format_line,
    plain_lines,
)

_ROOMS = (
    DigestRoom(text=900, rows=30, chart_lines=24),
    DigestRoom(text=500, rows=20, chart_lines=16),
    DigestRoom(text=250, rows=10, chart_lines=12),
    DigestRoom(text=120, rows=5, chart_lines=8),
)
_TITLE = 150
_NOTIFICATION = 400
#: Characters of the simple form, and bytes of it as they are sent, below Slack's limits.
_PLAIN, _PLAIN_SIZE = 3_600, 9_000
_CUT_NOTE = Mrkdwn("_Cut here: the page below this message has the whole._")
_NO_PAGE_NOTE = Mrkdwn("_Cut here: `repwatch digest` shows the whole._")


@dataclass(frozen=True, slots=True)
class _Part:
    """What one message shows."""

    post: DigestPost
    title: str
    blocks: Sequence[DocumentBlock]
    first_figure: int
    pictures: Mapping[int, str]
    below: tuple[Block, ...] = ()

    def figures(self) -> FigureSource:
        """Return what stands for its figures, from the first one on."""
        return FigureSource(self.pictures, self.post.chart_texts, self.first_figure)

    @property
    def cut_note(self) -> Mrkdwn:
        """What is said where something did not fit."""
        return _CUT_NOTE if self.post.attachments else _NO_PAGE_NOTE


def render_digest(
    post: DigestPost,
    pictures: Mapping[int, str],
    *,
    interactive: bool = False,
    repeat: bool = False,
) -> SlackMessage:
    """Return the first message of a digest.

    `pictures` are Slack's files by the figures that they show; text stands for the others.
    """
    document = post.document
    note = escape_line(post.digest_id, _TITLE)
    hint = "details in the thread" if document.sections else ""
    below = (
        *_preview_buttons(post, interactive=interactive),
        *context_blocks(join_parts(note, hint), repeat_warning(repeat)),
    )
    part = _Part(post, document.title, document.lead, 0, pictures, below)
    return _render_part(part, document.title)


def render_digest_part(
    post: DigestPost, number: int, pictures: Mapping[int, str], *, repeat: bool = False
) -> SlackMessage:
    """Return the message of a section, counted from 1, for the thread."""
    section = post.document.sections[number - 1]
    earlier = [*post.document.lead]
    for before in post.document.sections[: number - 1]:
        earlier += before.blocks
    first_figure = sum(isinstance(block, Figure) for block in earlier)
    below = tuple(context_blocks(repeat_warning(repeat)))
    part = _Part(post, section.title, section.blocks, first_figure, pictures, below)
    return _render_part(part, f"{post.document.title}: {section.title}")


def _preview_buttons(post: DigestPost, *, interactive: bool) -> list[Block]:
    """What can be done with a preview; nothing of a digest that was sent."""
    if not (interactive and post.order_id):
        return []
    send = make_button(
        action_ids.SEND_DIGEST, "Send now", post.order_id, style="primary", spoken="Send it now"
    )
    return action_blocks([send])


def _render_part(part: _Part, spoken: str) -> SlackMessage:
    return first_fitting(_candidates(part, spoken), SlackMessage.keeps_limits)


def _candidates(part: _Part, spoken: str) -> Iterator[SlackMessage]:
    """Yield the message with ever less room, then with ever fewer blocks."""
    for room in _ROOMS:
        yield _build_message(part, spoken, room, len(part.blocks))
    for count in range(len(part.blocks) - 1, -1, -1):
        yield _build_message(part, spoken, _ROOMS[-1], count)


def _build_message(part: _Part, spoken: str, room: DigestRoom, count: int) -> SlackMessage:
    shown = part.blocks[:count]
    cut_note = part.cut_note if count < len(part.blocks) else Mrkdwn("")
    blocks = (
        header_block(part.title),
        *draw_blocks(shown, part.figures(), room),
        *context_blocks(cut_note),
        *part.below,
    )
    title = escape_line(part.title, _TITLE)
    lines = [Mrkdwn(f"*{title}*"), *plain_lines(part.blocks, part.figures(), room)]
    return SlackMessage(_notification(part, spoken), blocks, _fit_lines(lines, part.cut_note))


def _notification(part: _Part, spoken: str) -> Mrkdwn:
    """What stands in a notification: the title, and the first line of prose."""
    title = escape_line(spoken, _TITLE)
    said = next((block.line for block in part.blocks if hasattr(block, "line")), ())
    return break_autolinks(
        join_parts(title, format_line(said, _NOTIFICATION - _TITLE), separator=": ")
    )


def _fit_lines(lines: Sequence[Mrkdwn], note: Mrkdwn) -> Mrkdwn:
    """Return so many lines as there is room for, and a note where some are left out."""
    kept: list[Mrkdwn] = []
    length = size = 0
    for line in lines:
        safe = break_autolinks(line)
        length += utf16_length(safe) + 1
        size += json_size(safe)
        if length > _PLAIN or size > _PLAIN_SIZE:
            kept.append(note)
            break
        kept.append(safe)
    return join_lines(*kept)
