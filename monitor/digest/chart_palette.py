"""The colours of charts: blue against orange, which people with any colour vision tell apart."""

from __future__ import annotations

from monitor.digest.chart_scene import Ink

#: Each ink on a light and on a dark page.
PALETTE: dict[Ink, tuple[str, str]] = {
    Ink.TEXT: ("#1c2733", "#e6ebf0"),
    Ink.SOFT: ("#516070", "#a9b5c1"),
    Ink.PAPER: ("#ffffff", "#14191f"),
    Ink.GRID: ("#dfe4e9", "#333d48"),
    Ink.AXIS: ("#7b8896", "#8592a0"),
    Ink.POSITIVE: ("#3b82c4", "#6cb0f0"),
    Ink.NEUTRAL: ("#87919b", "#7d8894"),
    Ink.NEGATIVE: ("#bf530a", "#ff9e57"),
    Ink.UNREAD: ("#87919b", "#7d8894"),
    Ink.ON_NEGATIVE: ("#ffffff", "#1c1206"),
    Ink.BLIND: ("#e6eaee", "#2a333d"),
    Ink.MARK: ("#0b5cad", "#79b8ff"),
    Ink.PALE: ("#d3dde7", "#33414f"),
    Ink.GOAL: ("#6b2fa0", "#c9a2ff"),
    Ink.ALERT: ("#a64b00", "#ffab70"),
    Ink.EVENT: ("#3c4856", "#c3ccd6"),
    Ink.COLD_3: ("#6aa9e0", "#1c65a8"),
    Ink.COLD_2: ("#a8cdee", "#1d4d7c"),
    Ink.COLD_1: ("#d9e9f7", "#1d3650"),
    Ink.MIDDLE: ("#ebebe8", "#363c43"),
    Ink.WARM_1: ("#fde4cc", "#4a3420"),
    Ink.WARM_2: ("#fbc391", "#734416"),
    Ink.WARM_3: ("#f4994f", "#945010"),
    Ink.VOID: ("#ffffff", "#14191f"),
}


def pick_colour(ink: Ink, *, on_dark: bool = False) -> str:
    """Return the colour of an ink on a light page, or on a dark one, as "#rrggbb"."""
    return PALETTE[ink][on_dark]
