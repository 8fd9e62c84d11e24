"""How much faster the linear VADER is than the vaderSentiment package, in one run on one core.

    python benchmarks/sentiment_speed.py [--data DIR]

Prints medians of interleaved rounds, in microseconds per text, and their ratio. DIR may hold the package's published
ground truth (DIR/vader-groundtruth/*_GroundTruth.txt) to take sentences from; a small built-in list serves otherwise.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from monitor.analysis.vader import VaderScorer

SENTENCES = (
    "The app worked fine until the last update, now it closes as soon as I open my orders.",
    "I waited forty minutes on the phone and nobody could tell me where the parcel was.",
    "Delivery came a day early and the driver was really friendly.",
    "I don't understand why you removed the dark theme.",
    "Support answered within the hour, but the refund has still not arrived!",
    "Great prices, slow website.",
    "We ordered two chairs in March and one of them was delivered without screws.",
    "This is the third time my card was charged twice and I am VERY angry.",
    "It does what it says, nothing more and nothing less.",
    "Can I change the address after I have paid?",
    "The new checkout is so much better than the old one :)",
    "Please bring back the button for saved searches, I used it every day.",
    "My son loves the game, although the ads between the levels are terrible.",
    "The shop on the corner of our street never has the size that the website promises.",
    "Thanks to Maria at the front desk, who found us a quiet room at midnight.",
    "I would not recommend this phone to anybody who needs a good camera.",
)

#: Length in characters, texts per round, rounds, and the ratio that is aimed for.
LENGTHS = ((120, 200, 15, 4), (500, 60, 15, 9), (5_000, 8, 11, 40), (40_000, 1, 3, 250))
EMOJI = 10_000
EMOJI_ROUNDS = 5


def main() -> None:
    """Print the table of ratios and the time for an emoji flood."""
    parser = argparse.ArgumentParser(description="Speed of the linear VADER against the vaderSentiment package.")
    parser.add_argument("--data", type=Path, help="folder that holds vader-groundtruth/")
    prose = sentences(parser.parse_args().data)
    package, ours = SentimentIntensityAnalyzer().polarity_scores, VaderScorer().score

    print(f"{'characters':>10} {'package us':>12} {'ours us':>10} {'ratio':>8} {'target':>7}")
    for length, count, rounds, target in LENGTHS:
        texts = cut(prose, length, count)
        theirs, mine = race(package, ours, texts, rounds)
        print(f"{length:>10,} {theirs:>12,.1f} {mine:>10,.1f} {theirs / mine:>7.1f}x {target:>6}x")
    flood = median(seconds(ours, ["😂" * EMOJI]) for _ in range(EMOJI_ROUNDS))
    print(f"{EMOJI:,} emoji: {flood * 1e3:.1f} ms (target 50 ms)")


def sentences(data: Path | None) -> Iterator[str]:
    """Sentences without end, in a shuffled order that is the same in every run."""
    lines: list[str] = list(SENTENCES)
    if data is not None:
        files = sorted((data / "vader-groundtruth").glob("*_GroundTruth.txt"))
        lines = [line.split("\t", 2)[2] for file in files for line in file.read_text("utf-8").rstrip("\n").split("\n")]
        if not lines:
            raise SystemExit(
                f"{data / 'vader-groundtruth'} holds no *_GroundTruth.txt; leave out --data or name another"
            )
    shuffle = random.Random(4)
    while True:
        shuffle.shuffle(lines)
        yield from lines


def cut(prose: Iterator[str], length: int, count: int) -> list[str]:
    """`count` texts of about `length` characters, sentences joined and the last one cut."""
    texts = []
    for _ in range(count):
        text = next(prose)
        while len(text) < length:
            text = f"{text} {next(prose)}"
        texts.append(text[:length])
    return texts


def race(
    package: Callable[[str], object], ours: Callable[[str], object], texts: Sequence[str], rounds: int
) -> tuple[float, float]:
    """Median microseconds per text of the package and of ours, taking turns."""
    turns = [(seconds(package, texts), seconds(ours, texts)) for _ in range(rounds)]
    theirs, mine = (median(times) / len(texts) * 1e6 for times in zip(*turns, strict=True))
    return theirs, mine


def seconds(score: Callable[[str], object], texts: Sequence[str]) -> float:
    """CPU seconds that scoring all texts takes."""
    start = time.process_time()
    for text in texts:
        score(text)
    return time.process_time() - start


if __name__ == "__main__":
    main()
