"""One alert in full for one person, whatever its severity: the answer of `/repwatch show`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from monitor.domain.delivery import Card
from monitor.notifiers import wording
from monitor.notifiers.plain_text import safe_url
from monitor.slack import limits
from monitor.slack.blocks import action_blocks, context_blocks
from monitor.slack.message import first_fitting
from monitor.slack.mrkdwn import Mrkdwn, escape_line, join_lines, link
from monitor.slack.views.card import CARD_ROOMS, card_buttons, full_card_blocks, render_card

#: The id of the row of buttons: by it a click is known to come from such an answer, which then
#: shows the alert anew.
BUTTONS: Final = "shown_alert"
#: The last contacts of a customer that are shown, and the characters of each.
_CONTACTS_SHOWN, _CONTACT = 8, 200


def render_shown_alert(card: Card, url: str = "") -> dict[str, Any]:
    """Return a message with all of an alert and its buttons; `url` leads to its card.

    It addresses nobody: whom the card calls has nothing to do with who looks at it.
    """
    unaddressed = replace(card, alert=replace(card.alert, mention=""))
    place = link(url, Mrkdwn("Show the card in its channel")) if safe_url(url) else Mrkdwn("")
    buttons = [{**row, "block_id": BUTTONS} for row in action_blocks(card_buttons(card))]
    text = render_card(unaddressed, interactive=True).text
    known = context_blocks(_format_contacts(card), place)
    candidates = (
        {"text": text, "blocks": [*full_card_blocks(unaddressed, room), *known, *buttons]}
        for room in CARD_ROOMS
    )
    return first_fitting(candidates, lambda message: not limits.check_message(message))


def _format_contacts(card: Card) -> Mrkdwn:
    """What the customer wrote over all channels, a line each."""
    lines = wording.list_contacts(card.history, _CONTACTS_SHOWN) if card.history else []
    return join_lines(*(escape_line(line, _CONTACT) for line in lines))
