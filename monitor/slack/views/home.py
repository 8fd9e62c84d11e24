"""The Home tab: what there is to do for one person, and how the team fares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from monitor.domain.delivery import Card
from monitor.domain.workload import Workload
from monitor.slack import limits
from monitor.slack.blocks import (
    Block,
    action_blocks,
    context_blocks,
    divider_block,
    header_block,
    section_blocks,
)
from monitor.slack.mrkdwn import Mrkdwn, local_time
from monitor.slack.views import lists
from monitor.slack.views.card import card_buttons
from monitor.slack.views.duty import duty_blocks
from monitor.slack.views.thread import format_direct_text

# Two blocks for each alert of the first two lists, one for each of the third: at most 72 of 100
# blocks, and two for the duty.
_MAX_ALERTS, _MAX_SOON = 12, 15
_ROOM = 150
_MAX_REFUSAL = 2_700


def render_home(overview: Workload) -> dict[str, Any]:
    """Return the Home tab of one person; its buttons do the same as those on the cards."""
    nothing_yours, nothing_free = "Nothing is in your hands.", "Everything is taken."
    mine = lists.as_of_overview(overview, overview.mine)
    free = lists.as_of_overview(overview, overview.unclaimed)
    as_of = Mrkdwn(f"As of {local_time(overview.at)}")
    help_note = Mrkdwn("`/repwatch help` tells what else can be asked.")
    blocks = [
        *duty_blocks(overview),
        *_due_soon_blocks(overview),
        *_alert_list_blocks("Yours", mine, overview.mine_count, nothing_yours, "mine"),
        *_alert_list_blocks(
            "Nobody has these", free, overview.unclaimed_count, nothing_free, "open"
        ),
        divider_block(),
        header_block("The team"),
        *section_blocks(*lists.format_figures(overview.figures)),
        *context_blocks(as_of, help_note),
    ]
    return {"type": "home", "blocks": blocks[: limits.VIEW_BLOCKS]}


def render_refusal(reason: str) -> dict[str, Any]:
    """Return the Home tab of a person who may see nothing; `reason` is plain text."""
    return {"type": "home", "blocks": section_blocks(format_direct_text(reason, _MAX_REFUSAL))}


def _due_soon_blocks(overview: Workload) -> list[Block]:
    """The alerts whose limit comes next; another list has them too, so one button is enough."""
    if not overview.due_soon:
        return []
    cards = lists.as_of_overview(overview, overview.due_soon[:_MAX_SOON])
    return [
        header_block(f"⏰ Soon late, or late ({overview.due_soon_count:,})"),
        *(lists.alert_with_button(card, _ROOM) for card in cards),
        divider_block(),
    ]


def _alert_list_blocks(
    title: str, cards: Sequence[Card], count: int, empty: str, command: str
) -> list[Block]:
    """A list of alerts with their buttons; `command` shows all of it."""
    shown = cards[:_MAX_ALERTS]
    blocks: list[Block] = []
    for card in shown:
        blocks += section_blocks(lists.format_alert(card, _ROOM))
        blocks += action_blocks(card_buttons(card))
    return [
        header_block(f"{title} ({count:,})"),
        *(blocks or section_blocks(Mrkdwn(f"_{empty}_"))),
        *context_blocks(lists.format_rest(count - len(shown), command)),
    ]
