"""The text of a reply as it was written, for whoever posts it by hand."""

from __future__ import annotations

from monitor.domain.reply import MAX_REPLY_LENGTH
from monitor.notifiers.plain_text import host_of, safe_url
from monitor.slack.blocks import (
    Block,
    context_blocks,
    fit_prefilled,
    plain_text,
    preformatted_block,
    section_blocks,
)
from monitor.slack.mrkdwn import Mrkdwn, link
from monitor.slack.views import action_ids

_TITLE = 24  #: of a modal, and of its button
_WORDS_GONE = Mrkdwn("_The words of this answer are no longer kept here._")


def reply_blocks(text: str, room: int) -> list[Block]:
    """Return a reply to be copied, with its empty lines; a note says so where it is cut to `room`.

    `text` has at least one character that can be seen.
    """
    beginning = fit_prefilled(text, room)
    is_whole = beginning == fit_prefilled(text, MAX_REPLY_LENGTH)
    note = Mrkdwn("" if is_whole else "Only the beginning fits here.")
    return [preformatted_block(beginning), *context_blocks(note)]


def render_copy_modal(text: str, url: str = "") -> Block:
    """Return the modal with a reply to be copied; `url` leads to the feedback that it answers."""
    whole = fit_prefilled(text, MAX_REPLY_LENGTH)
    copied = [preformatted_block(whole)] if whole else section_blocks(_WORDS_GONE)
    return {
        "type": "modal",
        "callback_id": action_ids.MESSAGE,
        "private_metadata": "",
        "title": plain_text("The answer", _TITLE),
        "close": plain_text("Close", _TITLE),
        "blocks": [*copied, *section_blocks(_format_place(url))],
    }


def _format_place(url: str) -> Mrkdwn:
    """The way to what is answered; empty where no address of the web leads there."""
    target = safe_url(url)
    if not target:
        return Mrkdwn("")
    return Mrkdwn(f"*{link(target, Mrkdwn('Open the original'))}* ({host_of(target)})")
