"""How many complaints the words alone find: plain VADER against normalised text with the feedback lexicon.

    python benchmarks/detect.py --data DIR

DIR holds public labelled sets, and what makes a complaint there: vader-groundtruth/amazonReviewSnippets_GroundTruth.txt
(people's mean intensity below -0.5), nhs-feedback/v6framework_230831.csv (labelled sentiment 4 or 5) and
nhs-feedback/text_data.csv (criticality below 0). A set that is not there is left out.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from monitor.analysis.lexicon import LexiconScorer
from monitor.analysis.sentiment import NEUTRAL, tone
from monitor.analysis.signals import Signals
from monitor.analysis.vader import VaderScorer
from monitor.feedback import Label
from monitor.words import joined

_COMPLAINT = -0.5  #: mean of about 20 raters, -4 to 4


@dataclass(frozen=True)
class Item:
    """A text and whether people called it a complaint."""

    text: str
    complaint: bool
    question: str = ""


def amazon(data: Path) -> list[Item]:
    """Sentences of product reviews."""
    path = data / "vader-groundtruth" / "amazonReviewSnippets_GroundTruth.txt"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    rows = [line.split("\t", 2) for line in lines]
    return [Item(text, float(mean) < _COMPLAINT) for _, mean, text in rows]


def answers(data: Path) -> list[Item]:
    """Answers of patients to open questions, with the question."""
    rows = _rows(data / "nhs-feedback" / "v6framework_230831.csv")
    return [
        Item(row["FFT answer"], row["Comment sentiment"] in ("4", "5"), row["FFT question"])
        for row in rows
        if row["Comment sentiment"]
    ]


def criticality(data: Path) -> list[Item]:
    """Comments of patients, without the question."""
    rows = _rows(data / "nhs-feedback" / "text_data.csv")
    return [Item(row["feedback"], row["criticality"].startswith("-")) for row in rows]


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Print precision and recall per set, then microseconds per text."""
    parser = argparse.ArgumentParser(description="Quality of complaint detection from words alone.")
    parser.add_argument("--data", type=Path, help="folder with vader-groundtruth/ and nhs-feedback/")
    data = parser.parse_args().data
    if data is None:
        print("nothing to measure on: give --data DIR")
        return
    sets = {"amazon": amazon(data), "nhs answers": answers(data), "nhs comments": criticality(data)}
    vader, ours = VaderScorer(), LexiconScorer()

    def with_question(item: Item) -> bool:
        sentiment, _ = tone(ours.read(item.text), None, item.question, joined(item.text))
        return sentiment is not None and sentiment.label is Label.NEGATIVE

    ways: dict[str, Callable[[Item], bool]] = {
        "VADER": lambda item: vader.score(item.text)["compound"] <= -NEUTRAL,
        "lexicon": lambda item: ours.read(item.text).compound <= -NEUTRAL,
        "with question": with_question,
    }
    print(f"{'set':14}{'texts':>7}{'share':>7}  {'way':14}{'precision':>10}{'recall':>8}{'F1':>7}")
    for name, items in sets.items():
        for way, negative in ways.items() if items else ():
            if way == "with question" and not any(item.question for item in items):
                continue
            share = sum(item.complaint for item in items) / len(items)
            print(f"{name:14}{len(items):>7}{share:>7.2f}  {way:14}{_quality(items, negative)}")
    texts = [item.text[:120] for items in sets.values() for item in items if len(item.text) >= 120]
    _speed(texts, {"VADER": vader.score, "lexicon": ours.read, "signals": _signals()})


def _quality(items: Iterable[Item], negative: Callable[[Item], bool]) -> str:
    found = [(negative(item), item.complaint) for item in items]
    true = sum(said and real for said, real in found)
    precision = true / (sum(said for said, _ in found) or 1)
    recall = true / (sum(real for _, real in found) or 1)
    return f"{precision:>10.3f}{recall:>8.3f}{2 * precision * recall / ((precision + recall) or 1):>7.3f}"


def _signals() -> Callable[[str], object]:
    signals = Signals.load()
    return lambda text: signals.find(text, joined(text))


def _speed(texts: list[str], ways: dict[str, Callable[[str], object]]) -> None:
    for name, way in ways.items():
        start = time.process_time()
        for text in texts:
            way(text)
        if texts:
            print(f"{name}: {(time.process_time() - start) / len(texts) * 1e6:.1f} us per text of 120 characters")


if __name__ == "__main__":
    main()
