"""Whether the linear VADER still answers, to the last bit, what the vaderSentiment package answers.

    python benchmarks/vader_parity.py [--data DIR] [--random N]

Compares real texts from DIR (vader-groundtruth/*_GroundTruth.txt and goemotions/*.tsv, where
present), N random texts dense with everything that a rule looks at, random characters and hostile
patterns. Prints the texts compared and the differences per set, the first of them in full, and
exits with 1 if there is any.
"""

import argparse
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    NEGATE,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
)

from monitor.analysis.vader import VaderScorer

SEED = 11
PHRASES = [
    *SPECIAL_CASES,
    "just enough",
    "kind of",
    "sort of",
    "without doubt",
    "never so",
    "never this",
]
RULE_WORDS = [
    "no",
    "or",
    "nor",
    "never",
    "so",
    "this",
    "without",
    "doubt",
    "least",
    "at",
    "very",
    "kind",
    "sort",
    "of",
]
FEW_VALUES = ["but", "but", "BUT", "good", "bad", "great", "terrible", "GOOD", "the"]
PLAIN = [
    "the",
    "a",
    "I",
    "app",
    "App",
    "İx",
    "ΑΣ",
    "don’t",
    "xn't",
    "\x00",
    "\ud800",
    "...",
    "!",
    "??",
    '"no"',
    "NO,",
]
SPACES = [" "] * 12 + ["", "  ", "\t", "\n", "\x1f", "\x85", "\u2003", "/"]
ENDINGS = [""] * 30 + [".", "!", "?", ",", "'s", "!!", "???", '"', ")"]
HOSTILE = [
    "😂",
    "💔x",
    "the good ",
    "NOT so GOOD but ",
    "good but bad ",
    "n't ",
    "no ",
    "no or ",
    "kind of ",
    "the shit ",
]
HOSTILE += [
    "Σ'",
    ":) ",
    "!?",
    "\x00",
    "\ud800 ",
    "never so this ",
    "least ",
    "A ",
    "a\u0301 ",
    "\u200b",
    "good",
    "İ ",
]


def main() -> int:
    """Print the table; 0 if nothing differs."""
    parser = argparse.ArgumentParser(
        description="Compare the linear VADER with the vaderSentiment package."
    )
    parser.add_argument(
        "--data", type=Path, help="folder that holds vader-groundtruth/ and goemotions/"
    )
    parser.add_argument(
        "--random", type=int, default=100_000, help="number of random texts (default 100,000)"
    )
    arguments = parser.parse_args()
    sets: dict[str, Iterable[str]] = dict(real(arguments.data)) if arguments.data else {}
    sets |= {
        "random, dense with rules": dense(arguments.random),
        "random characters": characters(arguments.random // 10),
        "hostile": hostile(),
    }
    package, ours = SentimentIntensityAnalyzer(), VaderScorer()
    different = 0
    print(f"{'set':52} {'texts':>8} {'differences':>12}")
    for name, texts in sets.items():
        compared, differences = compare(package, ours, texts)
        different += len(differences)
        print(f"{name:52} {compared:>8,} {len(differences):>12,}", flush=True)
        for text in differences[:3]:
            print(f"    {text!a}: {package.polarity_scores(text)} {ours.score(text)}")
    return 1 if different else 0


def compare(
    package: SentimentIntensityAnalyzer, ours: VaderScorer, texts: Iterable[str]
) -> tuple[int, list[str]]:
    """How many texts there were, and those whose answers differ in any bit or in the order of the
    keys.
    """
    compared = 0
    differences = []
    for text in texts:
        compared += 1
        if repr(package.polarity_scores(text)) != repr(ours.score(text)):
            differences.append(text)
    return compared, differences


def real(data: Path) -> Iterator[tuple[str, list[str]]]:
    """The texts of each file of real texts, by its name."""
    files = [(file, 2) for file in sorted((data / "vader-groundtruth").glob("*_GroundTruth.txt"))]
    files += [(file, 0) for file in sorted((data / "goemotions").glob("*.tsv"))]
    if not files:
        raise SystemExit(
            f"{data} holds neither vader-groundtruth/ nor goemotions/; name their parent folder"
        )
    for file, column in files:
        lines = file.read_text("utf-8").rstrip("\n").split("\n")
        yield f"{file.parent.name}/{file.stem}", [line.split("\t", 2)[column] for line in lines]


def dense(count: int) -> Iterator[str]:
    """Texts of 1 to 40 words of which most take part in some rule."""
    package = SentimentIntensityAnalyzer()
    pools: list[list[str]] = [
        list(package.lexicon),
        list(BOOSTER_DICT),
        list(NEGATE),
        list(package.emojis),
    ]
    pools += [PHRASES, RULE_WORDS, RULE_WORDS, FEW_VALUES, FEW_VALUES, PLAIN]
    draw = random.Random(SEED)
    for number in range(count):
        chosen = [FEW_VALUES] if number % 10 == 0 else pools
        parts = []
        for _ in range(draw.choice((1, 2, 3, 4, 5, 6, 8, 13, 21, 40))):
            word = draw.choice(draw.choice(chosen))
            chance = draw.random()
            word = word.upper() if chance < 0.15 else word.title() if chance < 0.2 else word
            parts.append(word + draw.choice(ENDINGS) + draw.choice(SPACES))
        yield "".join(parts)


def characters(count: int) -> Iterator[str]:
    """Texts of random characters, lone surrogates included, with a word here and there."""
    draw = random.Random(SEED)
    for _ in range(count):
        limit = draw.choice((0x80, 0x250, 0x3000, 0x11_0000))
        parts = [chr(draw.randrange(limit)) for _ in range(draw.randrange(60))]
        for word in ("good", "NOT", " "):
            parts.insert(draw.randrange(len(parts) + 1), draw.choice((word, f" {word} ")))
        yield "".join(parts)


def hostile() -> Iterator[str]:
    """Patterns that make the package slow, at lengths that it can still manage."""
    for piece in HOSTILE:
        for times in (1, 2, 3, 4, 5, 7, 10, 50, 250):
            yield piece * times
            yield f"so good but {piece * times} bad!"
    yield "the good " * 600
    yield "good but bad and GREAT, " * 250


if __name__ == "__main__":
    sys.exit(main())
