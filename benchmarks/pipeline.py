"""Feedback per second from parsed item to committed alert decision, beside the plain vaderSentiment package.

    python benchmarks/pipeline.py [--items 6000] [--rules 100] [--rounds 3]

Both run on one core in the same process, in turn, on the same texts of about 120 characters; the ratio is what counts.
The path is the real one: plain text, analysis, the rules, grouping, and transactions of 200 on a SQLite file.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from monitor.analysis.analyzer import Analyzer
from monitor.feedback import Author, Feedback
from monitor.pipeline.group import Policy
from monitor.pipeline.ingest import Ingest
from monitor.store import open_store
from rules.engine import Engine
from rules.load import read

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
_SUBJECTS = "the app|my account|your support|this update|the website|checkout|the delivery|my invoice|login|sync".split(
    "|"
)
_VERBS = (
    "keeps crashing|works fine|is really slow|lost all my notes|charged me twice|never answers|looks great|is okay|"
    "stopped working|does what it says"
).split("|")
_ENDS = (
    "since the last version, and nobody seems to care about it|so I am quite happy with it after all these years|"
    "on my old phone and on the tablet at work, please have a look|and I want my money back as soon as possible|"
    "but my colleagues use something else now, so what can you do"
).split("|")
_WORDS = "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa".split()


def texts(count: int, seed: int = 7) -> list[str]:
    """Made sentences of about 120 characters, no two alike."""
    chosen = random.Random(seed)
    return [
        f"{chosen.choice(_SUBJECTS).capitalize()} {chosen.choice(_VERBS)} {chosen.choice(_ENDS)}. "
        f"{chosen.choice(_WORDS).capitalize()} {number}"
        for number in range(count)
    ]


def engine(count: int) -> Engine:
    """Rules of the usual kinds: a few match often, most rarely or never."""
    rules: list[dict[str, object]] = [
        {
            "id": "crash",
            "severity": "high",
            "all": [{"text": 'crash* OR "stopped working"'}, {"sentiment": "negative"}],
        },
        {"id": "billing", "severity": "urgent", "all": [{"text": '"charged me twice" OR (money NEAR/3 back)'}]},
    ]
    for number in range(count - len(rules)):
        first, second = _WORDS[number % len(_WORDS)], _WORDS[(number * 7 + 3) % len(_WORDS)]
        query = f'("{first} {number}x" OR {second}{number}* OR {first}{second}) AND NOT refund'
        rules.append({"id": f"rare-{number}", "all": [{"text": query}, {"stars": {"max": 2}}]})
    return Engine(read({"rules": rules}, "benchmark"))


def run_pipeline(items: list[Feedback], rules: Engine, folder: Path) -> float:
    """Seconds for the whole path."""
    store = open_store(f"sqlite:///{folder / 'bench.db'}")
    ingest = Ingest(store, Analyzer(), rules, "#support")
    started = time.perf_counter()
    done = ingest(items, NOW, Policy(alert_if_newer_than=timedelta(hours=24)))
    seconds = time.perf_counter() - started
    assert done.new == len(items)
    assert done.opened
    store.close()
    return seconds


def run_package(bodies: list[str]) -> float:
    """Seconds for the package alone."""
    package = SentimentIntensityAnalyzer()
    started = time.perf_counter()
    for body in bodies:
        package.polarity_scores(body)
    return time.perf_counter() - started


def main() -> None:
    """Measure in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=6000)
    parser.add_argument("--rules", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    bodies = texts(args.items)
    items = [
        Feedback(source_id="bench", external_id=str(n), body=body, author=Author(name=f"a{n}"), created_at=NOW)
        for n, body in enumerate(bodies)
    ]
    rules = engine(args.rules)
    rows = []
    for _ in range(args.rounds):
        with TemporaryDirectory() as folder:
            rows.append((run_package(bodies), run_pipeline(items, rules, Path(folder))))
    length = statistics.mean(map(len, bodies))
    print(
        f"{args.items} texts of {length:.0f} characters, {args.rules} rules, SQLite; median of {args.rounds} rounds\n"
    )
    print(f"{'':28}{'feedback/s':>12}")
    print(f"{'vaderSentiment alone':28}{args.items / statistics.median(row[0] for row in rows):12,.0f}")
    print(f"{'item to committed decision':28}{args.items / statistics.median(row[1] for row in rows):12,.0f}")
    print(f"{'ratio':28}{statistics.median(row[0] / row[1] for row in rows):12.2f}   (target 0.30)")


if __name__ == "__main__":
    main()
