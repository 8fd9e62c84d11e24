"""The Home tab: what there is to do for one person, and how the team fares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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
from monitor.slack.mrkdwn import local_time
from monitor.slack.views import card as cards
from monitor.slack.views import lists

# Two blocks for each alert of the first two lists, one for each of the third: at most 72 of 100
# blocks.
_SHOWN, _SOON = 12, 15
_ROOM = 150


def render_home(overview: Workload) -> dict[str, Any]:
    """What one person sees when they open the app; buttons do the same as on the cards."""
    blocks = [
        *_due_soon_blocks(overview),
        *_alert_list_blocks(
            "Yours", overview, overview.mine, overview.mine_count, "Nothing is in your hands."
        ),
        *_alert_list_blocks(
            "Nobody has these",
            overview,
            overview.unclaimed,
            overview.unclaimed_count,
            "Everything is taken.",
        ),
        divider_block(),
        header_block("The team"),
        *section_blocks(*lists.format_figures(overview.figures)),
        *context_blocks(
            f"As of {local_time(overview.at)}", "`/repwatch help` tells what else can be asked."
        ),
    ]
    return {"type": "home", "blocks": blocks[: limits.VIEW_BLOCKS]}


def _due_soon_blocks(overview: Workload) -> list[Block]:
    """The alerts whose limit comes next; they are in another list too, so here one button is
    enough.
    """
    if not overview.due_soon:
        return []
    shown = [
        lists.alert_with_button(replace(card, at=overview.at), _ROOM)
        for card in overview.due_soon[:_SOON]
    ]
    return [
        header_block(f"⏰ Soon late, or late ({overview.due_soon_count:,})"),
        *shown,
        divider_block(),
    ]


def _alert_list_blocks(
    title: str, overview: Workload, listed: Sequence[Card], count: int, empty: str
) -> list[Block]:
    shown = [replace(card, at=overview.at) for card in listed[:_SHOWN]]
    more = f"… and {count - len(shown):,} more" if count > len(shown) else ""
    alerts = [
        block
        for card in shown
        for block in (
            *section_blocks(lists.format_alert(card, _ROOM)),
            *action_blocks(cards.card_buttons(card)),
        )
    ]
    return [
        header_block(f"{title} ({count:,})"),
        *(alerts or section_blocks(f"_{empty}_")),
        *context_blocks(more),
    ]
