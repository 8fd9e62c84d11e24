"""How often a planted source of noise is suggested, and how often chance alone brings a suggestion.

    python benchmarks/suggestions.py [--months 200]

Simulates months of judged cards of one rule: with one subreddit of which 11 of 12 cards are
dismissed, and without. Prints, by how many cards a month there are and how many of the others are
dismissed, the share of months in which the noise is suggested first, and in which anything is
without it.
"""

from __future__ import annotations

import argparse
import time

from tests.world.judged_months import NOISE, simulate_cards, suggest_for

_CARDS, _SHARES = (30, 40, 80), (0.1, 0.2, 0.3, 0.4, 0.5)
_OTHER_MONTHS = 100_000  #: seeds of those without noise begin here


def main() -> None:
    """Simulate, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--months", type=int, default=200)
    months = parser.parse_args().months
    print(f"{months} simulated months each")
    print(f"{'cards':>6}{'dismissed':>11}{'noise first':>13}{'by chance':>11}{'ms each':>9}")
    for cards in _CARDS:
        for share in _SHARES:
            print_row(months, cards, share)


def print_row(months: int, cards: int, share: float) -> None:
    """Print what comes of months with so many cards, such a share of them dismissed by chance."""
    begun = time.process_time()
    firsts = [
        suggest_for(simulate_cards(seed, noise=True, cards=cards, share=share))[:1]
        for seed in range(months)
    ]
    found = sum(first[0].edit.text == f"exclude {NOISE}" for first in firsts if first)
    chance = sum(
        bool(
            suggest_for(simulate_cards(_OTHER_MONTHS + seed, noise=False, cards=cards, share=share))
        )
        for seed in range(months)
    )
    each = 1000 * (time.process_time() - begun) / (2 * months)
    print(f"{cards:6}{share:11.0%}{found / months:13.1%}{chance / months:11.1%}{each:9.1f}")


if __name__ == "__main__":
    main()
