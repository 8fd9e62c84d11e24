"""Themes of a digest: how often chance makes one, how often a planted one is found, what it costs.

    python benchmarks/theme_quality.py --data DIR [--digests 200]

The texts are questions to a bank (banking77) and comments of patients (nhs-feedback), dealt to
weeks by chance: what is found there is false. Planted are phrases in chosen numbers of texts of the
week and of the eight before. Times are CPU time of a whole digest's themes.
"""

from __future__ import annotations

import argparse
import csv
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from pathlib import Path

from monitor.digest.themes import WEEKS_BEFORE, find_themes
from monitor.domain.period import Period
from monitor.domain.theme import Theme, ThemeKind, ThemeReport, ThemeText
from monitor.domain.tokens import normalize_text

PERIOD = Period.from_name("2026-W47")
_WEEK = timedelta(weeks=1)
_SIZES = (200, 1_000)
#: Of items of the week and of those before: planted how many times.
PLANTED = {
    "new, 5 of 200": (200, 5, 0),
    "new, 8 of 1,000": (1_000, 8, 0),
    "12 against 2.5 a week, of 1,000": (1_000, 12, 20),
    "20 -> 40 of 1,000": (1_000, 40, 160),
    "40 -> 16 of 1,000 (fading)": (1_000, 16, 320),
}
_SAYINGS = ("zorbing the widget", "frobnicated widget", "quux blorp", "the blue screen flickers")
_OVERLAPPING = (
    "app crashes",
    "crashes on login",
    "the app crashes on login",
    "it crashes on login",
)


def read_corpora(folder: Path) -> dict[str, list[str]]:
    """Return the normalised texts of both corpora, of three words or more, each once."""
    bank = _read_column(folder / "banking77" / "train.csv", "text")
    bank += _read_column(folder / "banking77" / "test.csv", "text")
    patients = _read_column(folder / "nhs-feedback" / "text_data.csv", "feedback")
    return {
        name: [text for text in dict.fromkeys(map(normalize_text, texts)) if text.count(" ") > 1]
        for name, texts in (("banking77", bank), ("nhs-feedback", patients))
    }


def _read_column(path: Path, column: str) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


def deal_weeks(texts: Sequence[str], size: int, chosen: random.Random) -> list[ThemeText]:
    """Return a week of `size` texts and eight weeks of as many each, drawn by chance.

    No text comes twice as long as there are enough; the rest is drawn again.
    """
    wanted = size * (WEEKS_BEFORE + 1)
    drawn = chosen.sample(texts, min(wanted, len(texts)))
    drawn += chosen.choices(texts, k=wanted - len(drawn))
    chosen.shuffle(drawn)
    dealt = []
    for number, words in enumerate(drawn):
        week = number // size
        at = PERIOD.since - week * _WEEK + chosen.random() * _WEEK * 0.999
        dealt.append(ThemeText(feedback_id=number + 1, words=words, at=at))
    return dealt


def plant(
    dealt: Sequence[ThemeText], sayings: Sequence[str], now: int, before: int, chosen: random.Random
) -> tuple[list[ThemeText], set[int]]:
    """Return the texts with sayings put into some, and the ids of those of the week."""
    late = [text.feedback_id for text in dealt if text.at >= PERIOD.since]
    early = [text.feedback_id for text in dealt if text.at < PERIOD.since]
    planted = {*chosen.sample(late, now), *chosen.sample(early, before)}
    changed = [
        replace(text, words=_insert(text.words, sayings[text.feedback_id % len(sayings)], chosen))
        if text.feedback_id in planted
        else text
        for text in dealt
    ]
    return changed, planted & set(late)


def _insert(words: str, saying: str, chosen: random.Random) -> str:
    parts = words.split(" ")
    place = chosen.randint(0, len(parts))
    return " ".join([*parts[:place], saying, *parts[place:]])


def find_planted(report: ThemeReport, kind: ThemeKind | None, words: str) -> Theme | None:
    """Return the first theme that holds one of the planted words."""
    wanted = set(words.split())
    return next(
        (
            theme
            for theme in report.themes
            if wanted & {word for phrase in theme.phrases for word in phrase.split()}
            and (kind is None or theme.kind is kind)
        ),
        None,
    )


def measure_false(corpora: dict[str, list[str]], digests: int) -> Iterator[tuple[str, ...]]:
    """Yield how many digests of shuffled weeks have a theme."""
    for name, texts in corpora.items():
        for size in _SIZES:
            chosen = random.Random(f"{name} {size}")
            reports = [find_themes(deal_weeks(texts, size, chosen), PERIOD) for _ in range(digests)]
            false = sum(bool(report.themes) for report in reports)
            themes = sum(len(report.themes) for report in reports)
            tested = statistics.mean(report.tested for report in reports)
            yield (
                name,
                f"{size:,}",
                f"{false / digests:.1%}",
                f"{themes / digests:.3f}",
                f"{tested:,.0f}",
            )


def measure_found(corpora: dict[str, list[str]], digests: int) -> Iterator[tuple[str, ...]]:
    """Yield how many planted themes are found, and in how many themes they fall apart."""
    for name, texts in corpora.items():
        for planted, (size, now, before) in PLANTED.items():
            chosen = random.Random(f"{name} {planted}")
            found, apart = 0, 0
            for _ in range(digests):
                dealt = deal_weeks(texts, size, chosen)
                changed, _ = plant(dealt, [chosen.choice(_SAYINGS)], now, before, chosen)
                report = find_themes(changed, PERIOD)
                held = [
                    theme
                    for theme in report.themes
                    if {"widget", "blorp", "flickers"} & set(" ".join(theme.phrases).split())
                ]
                found += bool(held)
                apart += len(held) > 1
            yield name, planted, f"{found / digests:.1%}", f"{apart / digests:.1%}"


def measure_joined(corpora: dict[str, list[str]], digests: int) -> Iterator[tuple[str, ...]]:
    """Yield how often overlapping phrases are one theme, and what part of the items it holds."""
    for name, texts in corpora.items():
        chosen = random.Random(f"{name} joined")
        one, recalls, precisions = 0, [], []
        for _ in range(digests):
            dealt = deal_weeks(texts, 1_000, chosen)
            changed, planted = plant(dealt, _OVERLAPPING, 40, 0, chosen)
            report = find_themes(changed, PERIOD)
            held = [theme for theme in report.themes if planted & set(theme.feedback_ids)]
            items = set(held[0].feedback_ids) if held else set()
            recalls.append(len(items & planted) / len(planted))
            precisions.append(len(items & planted) / max(len(items), 1))
            one += len(held) == 1 and recalls[-1] >= 0.9
        yield (
            name,
            f"{one / digests:.1%}",
            f"{statistics.mean(recalls):.1%}",
            f"{statistics.mean(precisions):.1%}",
        )


def measure_time(corpora: dict[str, list[str]], rounds: int) -> Iterator[tuple[str, ...]]:
    """Yield the CPU time of the themes of one digest."""
    for name, texts in corpora.items():
        for size in (200, 1_000, 2_000):
            chosen = random.Random(f"{name} time")
            dealt = deal_weeks(texts, size, chosen)
            changed, _ = plant(dealt, _OVERLAPPING, size // 25, 0, chosen)
            times = []
            for _ in range(rounds):
                begun = time.process_time()
                report = find_themes(changed, PERIOD)
                times.append(time.process_time() - begun)
            read = f"{report.now.read:,} + {report.before.read:,}"
            words = statistics.mean(text.words.count(" ") + 1 for text in changed)
            yield name, read, f"{words:.0f}", f"{statistics.median(times) * 1000:.0f} ms"


def print_table(title: str, heads: Sequence[str], rows: Iterator[tuple[str, ...]]) -> None:
    """Print rows as they come, below their heads."""
    widths = [max(len(head), 14) for head in heads]
    widths[min(1, len(heads) - 1)] = max(widths[1], 34)
    print(f"\n{title}")
    for row in chain([tuple(heads)], rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--digests", type=int, default=200)
    options = parser.parse_args()
    corpora = read_corpora(options.data)
    digests = options.digests
    print_table(
        f"Shuffled weeks, {digests} digests each",
        ("corpus", "items a week", "with a theme", "themes each", "phrases tested"),
        measure_false(corpora, digests),
    )
    print_table(
        f"Planted, {digests} digests each",
        ("corpus", "planted", "found", "in several"),
        measure_found(corpora, digests),
    )
    print_table(
        f"Overlapping phrases in 40 of 1,000, {digests} digests",
        ("corpus", "one theme with 90 % of its items", "of its items", "items its own"),
        measure_joined(corpora, digests),
    )
    print_table(
        "CPU time of one digest's themes",
        ("corpus", "texts read", "words each", "time"),
        measure_time(corpora, 5),
    )


if __name__ == "__main__":
    main()
