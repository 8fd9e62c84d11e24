"""The whole suite again and again, in other orders and beside a busy machine.

    python -m tests.soak [--times 5] [--busy 4] [--seed 1] [words for pytest ...]

Each run has a seed of its own, so another order and other examples. Beside it, as many processes as
`--busy` says do nothing but calculate; they end with this one, and on their own after a while. A
table tells how each run ended. The exit code is 1 where anything failed. Nothing of it sends
anything to another machine.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: Seconds after which one run is taken for stuck.
LONGEST_RUN = 2 * 3600
#: Calculates until its parent is gone, or the time that it is given is over.
_LOOP = """
import os, sys, time
parent, end = int(sys.argv[1]), time.monotonic() + float(sys.argv[2])
while os.getppid() == parent and time.monotonic() < end:
    sum(range(100_000))
"""
_COUNT = re.compile(r"(\d+) (passed|failed|errors?)\b")
_FAILURE = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """How one run of the suite ended."""

    seed: int
    code: int  #: of pytest; 0 where everything passed
    passed: int
    failed: int  #: errors of fixtures included
    seconds: float
    failures: tuple[str, ...]  #: names of tests

    @property
    def row(self) -> str:
        """One line of the table."""
        return f"{self.seed:>10} {self.passed:>7} {self.failed:>7} {self.seconds:>8.0f} s"


def read_run(seed: int, code: int, seconds: float, output: str) -> Run:
    """Return what pytest's output says; a run that broke off counts as a failure."""
    last = next((line for line in reversed(output.splitlines()) if _COUNT.search(line)), "")
    counts = {what.rstrip("s"): int(number) for number, what in _COUNT.findall(last)}
    failed = counts.get("failed", 0) + counts.get("error", 0)
    broken_off = 1 if code and not failed else 0
    return Run(
        seed,
        code,
        counts.get("passed", 0),
        failed + broken_off,
        seconds,
        tuple(sorted(set(_FAILURE.findall(output)))),
    )


@contextmanager
def busy_loops(count: int, seconds: float) -> Iterator[tuple[subprocess.Popen[bytes], ...]]:
    """Keep so many processes calculating beside the block, and for no longer than `seconds`."""
    command = [sys.executable, "-c", _LOOP, str(os.getpid()), str(seconds)]
    loops = tuple(subprocess.Popen(command) for _ in range(count))  # noqa: S603 - our own words
    try:
        yield loops
    finally:
        for loop in loops:
            loop.kill()
        for loop in loops:
            loop.wait()


def run_suite(seed: int, busy: int, words: Sequence[str], log: Path) -> Run:
    """Run the suite once in the order of a seed; what pytest says goes to a file."""
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", "auto", f"--randomly-seed={seed}"]
    begun = time.monotonic()
    with busy_loops(busy, LONGEST_RUN), log.open("wb") as output:
        try:
            code = subprocess.run(  # noqa: S603 - our own words
                [*pytest, *words],
                cwd=ROOT,
                stdout=output,
                stderr=output,
                timeout=LONGEST_RUN,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            code = -1
    return read_run(seed, code, time.monotonic() - begun, log.read_text("utf-8", "replace"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suite as often as asked, print the table, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="runs of the suite")
    parser.add_argument("--busy", type=int, default=4, help="busy loops beside it")
    parser.add_argument("--seed", type=int, help="of the first run; chosen where it is not given")
    parser.add_argument("--logs", type=Path, default=ROOT / ".pytest_cache" / "soak")
    given, words = parser.parse_known_args(arguments)
    first = random.randrange(1_000_000_000) if given.seed is None else given.seed
    given.logs.mkdir(parents=True, exist_ok=True)
    _say(f"{'seed':>10} {'passed':>7} {'failed':>7} {'duration':>10}")
    runs = []
    for seed in range(first, first + given.times):
        runs.append(run_suite(seed, given.busy, words, given.logs / f"{seed}.log"))
        _say(runs[-1].row, *(f"           {name}" for name in runs[-1].failures))
    failed = [run for run in runs if run.code]
    _say(f"{len(runs) - len(failed)} of {len(runs)} runs passed; {given.logs} holds what each said")
    return 1 if failed else 0


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
