"""The Home tab: what there is to do for one person, and how the team fares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from monitor.domain.delivery import Card
from monitor.domain.workload import Overview
from monitor.slack import limits
from monitor.slack.blocks import Block, actions, context, divider, header, section
from monitor.slack.mrkdwn import local_time
from monitor.slack.views import card as cards
from monitor.slack.views import lists

# Two blocks for each alert of the first two lists, one for each of the third: at most 72 of 100
# blocks.
_SHOWN, _SOON = 12, 15
_ROOM = 150


def view(overview: Overview) -> dict[str, Any]:
    """What one person sees when they open the app; buttons do the same as on the cards."""
    blocks = [
        *_soon(overview),
        *_listed(
            "Yours", overview, overview.mine, overview.mine_count, "Nothing is in your hands."
        ),
        *_listed(
            "Nobody has these",
            overview,
            overview.unclaimed,
            overview.unclaimed_count,
            "Everything is taken.",
        ),
        divider(),
        header("The team"),
        *section(*lists.figure_lines(overview.figures)),
        *context(
            f"As of {local_time(overview.at)}", "`/repwatch help` tells what else can be asked."
        ),
    ]
    return {"type": "home", "blocks": blocks[: limits.VIEW_BLOCKS]}


def _soon(overview: Overview) -> list[Block]:
    """The alerts whose limit comes next; they are in another list too, so here one button is
    enough.
    """
    if not overview.due_soon:
        return []
    shown = [
        lists.with_button(replace(card, at=overview.at), _ROOM)
        for card in overview.due_soon[:_SOON]
    ]
    return [header(f"⏰ Soon late, or late ({overview.due_soon_count:,})"), *shown, divider()]


def _listed(
    title: str, overview: Overview, listed: Sequence[Card], count: int, empty: str
) -> list[Block]:
    shown = [replace(card, at=overview.at) for card in listed[:_SHOWN]]
    more = f"… and {count - len(shown):,} more" if count > len(shown) else ""
    alerts = [
        block
        for card in shown
        for block in (*section(lists.alert(card, _ROOM)), *actions(cards.buttons(card)))
    ]
    return [header(f"{title} ({count:,})"), *(alerts or section(f"_{empty}_")), *context(more)]
