"""How fast the whole analysis is beside that of another checkout of repwatch, by pages.

    python benchmarks/analysis_speed.py --against DIR [--rounds N]

DIR is a checkout, such as `git worktree add DIR COMMIT` makes; both run with the packages of this
Python. Each page of 50 texts (benchmarks/data/sentences.txt, joined and cut to one length) is
analysed by both in turn, N times, in processor time; of each page the fastest counts, since other
programs on the machine only ever slow one down. Tables are frozen as `repwatch run` freezes them.
Prints microseconds a text, and how fast this checkout is beside the other: 0.9 is the least that a
change may leave.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

SENTENCES = Path(__file__).parent / "data" / "sentences.txt"
PAGE = 50
LENGTHS = {120: 12, 500: 4}  #: characters of a text, and pages of such texts
ROUNDS = 25
LEAST = 0.9


def main() -> None:
    """Print the table, or, as a worker, time the pages that are asked for."""
    parser = argparse.ArgumentParser(description="Speed of the analysis beside another checkout.")
    parser.add_argument("--against", type=Path, help="the other checkout")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="the best of so many counts")
    arguments = parser.parse_args()
    if arguments.against is None:
        work()
        return
    here = Path(__file__).resolve().parent.parent
    workers = [start_worker(root) for root in (arguments.against.resolve(), here)]
    print(f"{'characters':>10} {'there us':>9} {'here us':>9} {'ratio':>7} {'least':>7}")
    for length, pages in LENGTHS.items():
        there, ours = fastest_pages(workers, length, pages, arguments.rounds)
        print(f"{length:>10} {there:>9.1f} {ours:>9.1f} {there / ours:>7.2f} {LEAST:>7}")
    for worker in workers:
        worker.communicate()


def start_worker(root: Path) -> subprocess.Popen[str]:
    """Start this script with the code of a checkout."""
    return subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, __file__],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONHASHSEED": "0"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def fastest_pages(
    workers: Sequence[subprocess.Popen[str]], length: int, pages: int, rounds: int
) -> list[float]:
    """Return for each worker the mean of its fastest times of each page, a text in microseconds."""
    best = [[float("inf")] * pages for _ in workers]
    for _ in range(rounds):
        for page in range(pages):
            for worker, times in zip(workers, best, strict=True):
                times[page] = min(times[page], ask_worker(worker, length, page))
    return [sum(times) / pages * 1e6 for times in best]


def ask_worker(worker: subprocess.Popen[str], length: int, page: int) -> float:
    """Return the seconds a text of one page, once."""
    if worker.stdin is None or worker.stdout is None:
        raise SystemExit("a worker has no pipes")
    worker.stdin.write(f"{length} {page}\n")
    worker.stdin.flush()
    answer = worker.stdout.readline()
    if not answer:
        raise SystemExit("a worker ended; is the other folder a checkout of repwatch?")
    return float(answer)


def work() -> None:
    """Analyse the page that each line names, and print the seconds that a text took."""
    from monitor.analysis.analyzer import Analyzer
    from monitor.domain.feedback import Feedback

    analyzer = Analyzer()
    pages = {
        (length, page): [
            Feedback(source_id="speed", external_id="1", body=text)
            for text in make_texts(length, page)
        ]
        for length, count in LENGTHS.items()
        for page in range(count)
    }
    for page in pages.values():
        analyzer.analyze_all(page)
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        length, number = map(int, line.split())
        start = time.process_time()
        analyzer.analyze_all(pages[length, number])
        print((time.process_time() - start) / PAGE, flush=True)


def make_texts(length: int, seed: int) -> list[str]:
    """Return a page of texts: real sentences, joined and cut to one length."""
    sentences = SENTENCES.read_text("utf-8").splitlines()
    shuffle = random.Random(seed)
    texts = []
    for _ in range(PAGE):
        text = shuffle.choice(sentences)
        while len(text) < length:
            text = f"{text} {shuffle.choice(sentences)}"
        texts.append(text[:length])
    return texts


if __name__ == "__main__":
    main()
