"""One alert in full for one person, whatever its severity: the answer of `/repwatch show`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from monitor.domain.delivery import Card
from monitor.notifiers.plain_text import safe_url, utf16_length
from monitor.slack import limits
from monitor.slack.blocks import Block, action_blocks, context_blocks, section_blocks
from monitor.slack.message import first_fitting
from monitor.slack.mrkdwn import Mrkdwn, join_lines, link
from monitor.slack.views.card import card_buttons, render_card

#: The id of the row of buttons: by it a click is known to come from such an answer, which then
#: shows the alert anew.
BUTTONS: Final = "shown_alert"
_SECTION = 3_000


def render_shown_alert(card: Card, url: str = "") -> dict[str, Any]:
    """Return a message with all of an alert and its buttons; `url` leads to its card.

    It addresses nobody: whom the card calls has nothing to do with who looks at it.
    """
    unaddressed = replace(card, alert=replace(card.alert, mention=""))
    whole = render_card(unaddressed, interactive=True).plain
    place = link(url, Mrkdwn("Show the card in its channel")) if safe_url(url) else Mrkdwn("")
    buttons = [{**row, "block_id": BUTTONS} for row in action_blocks(card_buttons(card))]
    candidates = (
        {
            "text": text.partition("\n")[0],
            "blocks": [*_split_sections(text), *context_blocks(place), *buttons],
        }
        for text in (whole, _without_quote(whole))
    )
    return first_fitting(candidates, lambda message: not limits.check_message(message))


def _without_quote(text: Mrkdwn) -> Mrkdwn:
    """The text without the customer's words, for those whose characters take many bytes."""
    return join_lines(*(line for line in text.split("\n") if not line.startswith("> ")))


def _split_sections(text: Mrkdwn) -> list[Block]:
    """The text in as few sections as it fits into; no line of it is longer than one."""
    blocks: list[Block] = []
    lines: list[Mrkdwn] = []
    length = 0
    for line in map(Mrkdwn, text.split("\n")):
        length += utf16_length(line) + 1
        if length > _SECTION:
            blocks += section_blocks(*lines)
            lines, length = [], utf16_length(line) + 1
        lines.append(line)
    return [*blocks, *section_blocks(*lines)]
