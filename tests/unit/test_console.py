"""The console: what is shown at several widths, and that it stays text.

The golden files are written as told in test_slack_golden.py.
"""

from __future__ import annotations

import io
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from monitor.domain.actor import Actor
from monitor.domain.alert import AlertStatus
from monitor.errors import DeliveryUncertain
from monitor.notifiers.base import Notifier, PostedMessage, RateLimits
from monitor.notifiers.console import ConsoleNotifier
from tests.golden.slack.examples import CARDS, DELIVERY, SUMMARY, UNREAD, UNREAD_HOSTILE, URGENT

FOLDER = Path(__file__).parents[1] / "golden" / "console"
POSTED = PostedMessage("console-0193-delivery", "console")

UNREAD_SUMMARIES = {"unread": UNREAD, "unread-hostile": UNREAD_HOSTILE}
NAMES = [*CARDS, "summary", *UNREAD_SUMMARIES]


def console(width: int = 80, *, colours: bool = False) -> Console:
    """A console that writes to memory."""
    return Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colours,
        color_system="truecolor" if colours else None,
    )


def written(screen: Console) -> str:
    """What a console in memory was given."""
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


def shown(name: str, width: int = 80, *, colours: bool = False) -> str:
    """What one example looks like."""
    screen = console(width, colours=colours)
    notifier = ConsoleNotifier(screen)
    if name == "summary":
        notifier.post_summary(SUMMARY, DELIVERY)
    elif name in UNREAD_SUMMARIES:
        notifier.post_unread(UNREAD_SUMMARIES[name], DELIVERY)
    else:
        notifier.post_card(CARDS[name], DELIVERY)
    return written(screen)


@pytest.mark.parametrize("name", NAMES)
def test_card_is_as_agreed(name: str) -> None:
    """Every example looks exactly as was agreed on, in 80 columns and without colours."""
    file = FOLDER / f"{name}.txt"
    if os.environ.get("REPWATCH_GOLDEN") == "write":
        file.write_text(shown(name), "utf-8")

    assert file.read_text("utf-8") == shown(name)


def test_every_golden_file_has_its_example() -> None:
    """No golden file outlives the example that made it."""
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(NAMES)


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("name", NAMES)
def test_card_fits_the_width(name: str, width: int) -> None:
    """No line is wider than the terminal."""
    assert max(cell_len(line) for line in shown(name, width).split("\n")) <= width


def test_matched_words_stand_out_in_colour() -> None:
    """The words that made the rule fire are highlighted, and only these."""
    text = shown("urgent", colours=True)

    assert "\x1b[1;7mcrashes\x1b[0m" in text
    assert "\x1b[1;7mrefund\x1b[0m" in text
    assert text.count("\x1b[1;7m") == 2


def test_hostile_text_is_only_text() -> None:
    """Escape sequences, overrides and rich's own markup in a customer's words reach no terminal as
    commands.
    """
    text = shown("hostile", width=120)

    assert not set("\x1b\x07\u202e\u2066") & set(text)
    assert "[bold]x[/bold]" in text


def test_update_is_one_line() -> None:
    """An update says briefly what is new."""
    screen = console()
    card = replace(
        URGENT,
        alert=replace(
            URGENT.alert, members=3, status=AlertStatus.RESOLVED, assignee=Actor.cli("anna")
        ),
    )

    ConsoleNotifier(screen).update_card(card, POSTED)

    assert written(screen) == "alert 41: 3 reports now, ✅ Resolved by anna\n"


def test_notifier_promises() -> None:
    """The console has no limits, cannot be read back, and names its messages after the
    deliveries.
    """
    notifier: Notifier = ConsoleNotifier(console())

    assert RateLimits() == notifier.rate_limits
    assert notifier.default_channel == "console"
    assert notifier.post_card(URGENT, DELIVERY) == POSTED
    assert notifier.find_posted(DELIVERY, timedelta()) is None


def test_broken_output_is_an_uncertain_delivery() -> None:
    """A full disk behind the console is reported as what it is for a delivery."""

    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(DeliveryUncertain, match="does not take the card"):
        ConsoleNotifier(Console(file=Full())).post_card(URGENT, DELIVERY)
