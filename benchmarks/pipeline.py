"""Feedback per second from parsed item to committed alert decision, beside the plain vaderSentiment
package.

    python benchmarks/pipeline.py [--items 6000] [--rules 100] [--rounds 3]

Both run on one core in the same process, in turn, on the same texts of about 120 characters; the
ratio is what counts. The path is the real one: plain text, analysis, the rules, grouping, and
transactions of 200 on a SQLite file.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from monitor.analysis.analyzer import Analyzer
from monitor.demo.server import RecordedFeedback
from monitor.domain.feedback import Author, Feedback
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.store import open_store
from rules.engine import Engine
from rules.load import load_preset, parse_rules

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
_WORDS = (  # noqa: SIM905 - reads better
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar "
    "papa"
).split()
_LENGTH = 120


def texts(count: int, seed: int = 7) -> list[str]:
    """Sentences of the recorded reviews and posts, joined and cut at a word to about 120
    characters; no two alike.
    """
    recorded = RecordedFeedback.from_package()
    bodies = [str(entry["body"]) for entry in (*recorded.reviews, *recorded.posts)]
    sentences = [
        part
        for body in bodies
        for part in re.split(r"(?<=[.!?])\s+", body)
        if 20 < len(part) < _LENGTH
    ]
    chosen = random.Random(seed)
    made = []
    for number in range(count):
        text = chosen.choice(sentences)
        while len(text) < _LENGTH:
            text += " " + chosen.choice(sentences)
        made.append(f"{text[: text.rfind(' ', 0, _LENGTH - 5)]} {number}")
    return made


def engine(count: int) -> Engine:
    """The support team's preset, and rules on rare words up to `count`."""
    preset = load_preset("support")
    rare: list[dict[str, object]] = []
    for number in range(count - len(preset)):
        first, second = _WORDS[number % len(_WORDS)], _WORDS[(number * 7 + 3) % len(_WORDS)]
        query = f'("{first} {number}x" OR {second}{number}* OR {first}{second}) AND NOT refund'
        rare.append({"id": f"rare-{number}", "all": [{"text": query}, {"stars": {"max": 2}}]})
    return Engine((*preset, *parse_rules({"rules": rare}, "benchmark")))


def run_pipeline(
    items: list[Feedback], rules: Engine, folder: Path, *, deep: bool
) -> tuple[float, int]:
    """Seconds for the whole path, and how many alerts were opened."""
    store = open_store(f"sqlite:///{folder / 'bench.db'}")
    analyzer = Analyzer(deep=deep)
    analyzer.analyze(
        Feedback(
            source_id="warm", external_id="up", body="The models are loaded at the first long text"
        )
    )
    ingest = Ingest(store, analyzer, rules, "#support")
    started = time.process_time()
    done = ingest(items, NOW, AlertPolicy(alert_if_newer_than=timedelta(hours=24)))
    seconds = time.process_time() - started
    assert done.new == len(items)
    assert done.opened
    store.close()
    return seconds, len(done.opened)


def run_package(bodies: list[str]) -> float:
    """Seconds for the package alone."""
    package = SentimentIntensityAnalyzer()
    started = time.process_time()
    for body in bodies:
        package.polarity_scores(body)
    return time.process_time() - started


def main() -> None:
    """Measure in turn and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=6000)
    parser.add_argument("--rules", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    bodies = texts(args.items)
    items = [
        Feedback(
            source_id="bench",
            external_id=str(n),
            body=body,
            author=Author(name=f"a{n}"),
            created_at=NOW,
        )
        for n, body in enumerate(bodies)
    ]
    rules = engine(args.rules)
    rows = []
    for _ in range(args.rounds):
        with TemporaryDirectory() as folder:
            alone = run_package(bodies)
            seconds, opened = run_pipeline(items, rules, Path(folder), deep=False)
        with TemporaryDirectory() as folder:
            deeper, _ = run_pipeline(items, rules, Path(folder), deep=True)
        rows.append((alone, seconds, deeper))
    length = statistics.mean(map(len, bodies))
    print(
        f"{args.items} texts of {length:.0f} characters, {args.rules} rules, SQLite; median of "
        f"{args.rounds} rounds\n"
    )
    print(f"{'':28}{'feedback/s':>12}{'ratio':>10}")
    for at, label in enumerate(
        ("vaderSentiment alone", "item to committed decision", "the same, read deep")
    ):
        rate = args.items / statistics.median(row[at] for row in rows)
        ratio = statistics.median(row[0] / row[at] for row in rows)
        print(f"{label:28}{rate:12,.0f}{ratio:10.2f}" + ("   (target 0.30)" if at == 1 else ""))
    print(f"{'alerts opened':28}{opened:12,}")


if __name__ == "__main__":
    main()
