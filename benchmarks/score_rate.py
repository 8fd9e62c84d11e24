"""How many lines `repwatch score` reads in a second beside what the vaderSentiment package scores.

    python benchmarks/score_rate.py [--lines N] [--rounds N]

Both read the same lines of 120 characters from standard input and print one JSON line each; start
and loading are part of it. Prints the best of interleaved rounds, in user and system time.
"""

import argparse
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

SENTENCES = Path(__file__).parent / "data" / "sentences.txt"
LINES, LENGTH, ROUNDS = 20_000, 120, 3
TARGET = 0.5
#: As few lines as do the same with the package alone.
PACKAGE = """\
import json
import sys

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

score = SentimentIntensityAnalyzer().polarity_scores
for line in sys.stdin:
    print(json.dumps(score(line.rstrip("\\n"))))
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Lines that are scored in a second.")
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="the best of so many counts")
    arguments = parser.parse_args()
    with TemporaryDirectory() as name:
        texts = Path(name) / "texts"
        texts.write_text("\n".join(make_lines(arguments.lines)) + "\n", "utf-8")
        commands = (
            [sys.executable, "-c", PACKAGE],
            [sys.executable, "-m", "monitor", "score"],
        )
        rounds = [
            [processor_seconds(command, texts) for command in commands]
            for _ in range(arguments.rounds)
        ]
    package, ours = (arguments.lines / min(times) for times in zip(*rounds, strict=True))
    print(f"{'program':<16} {'lines a second':>14} {'ratio':>7} {'target':>7}")
    print(f"{'vaderSentiment':<16} {package:>14,.0f}")
    print(f"{'repwatch score':<16} {ours:>14,.0f} {ours / package:>6.2f}x {TARGET:>6}x")


def make_lines(count: int) -> list[str]:
    """So many lines of real sentences, joined and cut to one length."""
    sentences = SENTENCES.read_text("utf-8").splitlines()
    shuffle = random.Random(4)
    lines = []
    for _ in range(count):
        line = shuffle.choice(sentences)
        while len(line) < LENGTH:
            line = f"{line} {shuffle.choice(sentences)}"
        lines.append(line[:LENGTH])
    return lines


def processor_seconds(command: Sequence[str], texts: Path) -> float:
    """User and system time of a command that reads `texts`."""
    with texts.open("rb") as given:
        process = subprocess.Popen(  # noqa: S603 - our own words
            command, stdin=given, stdout=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
