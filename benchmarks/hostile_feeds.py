"""How the time to parse a hostile feed grows with its size.

    python benchmarks/hostile_feeds.py [--rounds 3]

Each shape is parsed at 256, 512 and 1,024 kB, well formed and broken. Where the time is linear,
twice the size takes twice the time; what takes more than 2.5 times, over both steps, is marked,
and the exit code is 1. Above it stands the time that recorded feeds of the same size take.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from math import sqrt
from pathlib import Path

from sources.feed.document import NotAFeed
from sources.feed.xml import parse_xml_feed
from tests.world.hostile_feeds import SHAPES, make_hostile_feed

SIZES = (1 << 18, 1 << 19, 1 << 20)
MOST = 2.5
FEEDS = Path(__file__).parents[1] / "tests" / "data" / "feeds"
ADDRESS = "https://example.com/feed"


def parse_seconds(body: bytes, rounds: int) -> float:
    """Return the best of some rounds, in seconds of this process's own time."""
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        with suppress(NotAFeed):
            parse_xml_feed(body, ADDRESS, {})
        best = min(best, time.process_time() - started)
    return best


def recorded_rate(rounds: int) -> float:
    """Return the seconds that a megabyte of recorded feeds takes."""
    bodies = [path.read_bytes() for path in FEEDS.rglob("*.xml")]
    seconds = sum(parse_seconds(body, rounds) for body in bodies)
    return seconds * (1 << 20) / sum(map(len, bodies))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, and return the exit code."""
    parser = argparse.ArgumentParser(description="Hostile feeds, by their size.")
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many counts")
    given = parser.parse_args(arguments)
    print(f"a megabyte of recorded feeds takes {recorded_rate(given.rounds):.2f} s\n")
    kilobytes = "".join(f"{size >> 10:>7,} kB" for size in SIZES)
    print(f"{'seconds':<40}{kilobytes}{'growth':>9}   (target below {MOST})")
    worst = 0.0
    for broken in (False, True):
        for name, shape in SHAPES.items():
            bodies = [make_hostile_feed(shape, size, broken=broken) for size in SIZES]
            seconds = [parse_seconds(body, given.rounds) for body in bodies]
            growth = sqrt(seconds[-1] / seconds[0])
            worst = max(worst, growth)
            columns = "".join(f"{value:>10.3f}" for value in seconds)
            label = f"{name}, {'broken' if broken else 'well formed'}"
            print(f"{label:<40}{columns}{growth:>8.2f}x{' !' if growth > MOST else ''}")
    print(f"\nworst growth {worst:.2f}x")
    return 1 if worst > MOST else 0


if __name__ == "__main__":
    sys.exit(main())
