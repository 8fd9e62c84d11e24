"""Digests on a bad line: messages, sections and files, with the real desk, sender and Slack client
and a Slack on this machine.

    python benchmarks/digest_faults.py [--seeds 500] [--first 0] [--senders 2] [--jobs 2]
        [--timeouts 0.2]

Each seed is one digest that is due. Faults by chance on every request of posting, looking and
handing over files; processes that are killed at any commit, and killed or hung before and after
every step; two that make the same digest at once. Of five seeds one has its message deleted by
somebody, one a channel that is archived for up to 25 minutes, one a Slack that works on files for a
minute. In the latter two text may stand in the place of pictures that were not taken in five tries,
which is counted.

A digest must be shown once, with each section once and in order, one set of files, and the same
numbers in the message, the thread, its pictures, its files and the store; what is shown again
because nobody could look says so and is counted apart. Time is simulated, but for the --timeouts:
so many answers in a hundred are slower than the client waits.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.golden.slack.digest_examples import USUAL
from tests.world.digest_outcome import DigestOutcome
from tests.world.digest_storm import DigestStorm, Mishap
from tests.world.mortal import opened, provide_tables

#: What goes on beside the faults, by the seed.
MISHAPS = (Mishap.NONE, Mishap.DELETED, Mishap.NONE, Mishap.ARCHIVED, Mishap.SLOW_FILES)
_REPORT_EVERY = 10  #: seeds


@dataclass(frozen=True, slots=True)
class SeedResult:
    """What came of one seed."""

    seed: int
    mishap: Mishap
    outcome: DigestOutcome
    mistakes: tuple[str, ...]


def measure(seed: int, senders: int, timeouts: float) -> SeedResult:
    """One storm over an empty database in a file."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    mishap = MISHAPS[seed % len(MISHAPS)]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "store.db"
        provide_tables(file)
        with opened(file) as store:
            storm = DigestStorm(store, seed, USUAL, senders, mishap, timeouts)
            outcome = storm.rage()
    mistakes = outcome.find_mistakes(
        USUAL,
        is_deleted=mishap is Mishap.DELETED,
        may_lack_pictures=mishap in (Mishap.ARCHIVED, Mishap.SLOW_FILES),
    )
    return SeedResult(seed, mishap, outcome, tuple(mistakes))


def show_progress(results: Iterable[SeedResult], count: int) -> Iterator[SeedResult]:
    """Tell on standard error how far it is, and of each seed that went wrong at once."""
    began = time.perf_counter()
    wrong = 0
    for number, result in enumerate(results, 1):
        if result.mistakes:
            wrong += 1
            print(f"seed {result.seed} ({result.mishap}): {', '.join(result.mistakes)}", flush=True)
        if number % _REPORT_EVERY == 0 or number == count:
            took = time.perf_counter() - began
            left = took / number * (count - number)
            said = f"{number}/{count} seeds, {wrong} wrong, {took:.0f} s, {left:.0f} s left"
            print(said, file=sys.stderr, flush=True)
        yield result


def print_table(results: list[SeedResult]) -> None:
    """Print the sums, for each mishap and for all."""
    print(
        f"{'mishap':<17}{'digests':>8}{'wrong':>7}{'messages':>10}{'files':>7}{'pictures':>10}{'repeats':>9}"
        f"{'other numbers':>15}{'longest':>10}"
    )
    for mishap in (*Mishap, None):
        some = [one for one in results if mishap in (None, one.mishap)]
        if some:
            print(_format_row("all" if mishap is None else mishap, some))


def _format_row(name: str, results: list[SeedResult]) -> str:
    outcomes = [one.outcome for one in results]
    other = sum(not one.numbers <= one.snapshots for one in outcomes)
    pictures = sum(one.pictures for one in outcomes)
    repeats = sum(one.repeats for one in outcomes)
    return (
        f"{name:<17}{len(results):>8}{sum(bool(one.mistakes) for one in results):>7}"
        f"{sum(one.roots for one in outcomes):>10}{sum(len(one.files) for one in outcomes):>7}"
        f"{pictures:>10}{repeats:>9}{other:>15}"
        f"{max(one.seconds for one in outcomes) / 60:>6.0f} min"
    )


def main() -> int:
    """Print what was wrong by seed, and the sums; 1 when anything was."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--senders", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeouts", type=float, default=0.2)
    given = parser.parse_args()
    began = time.perf_counter()
    one = partial(measure, senders=given.senders, timeouts=given.timeouts)
    seeds = range(given.first, given.first + given.seeds)
    with ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as pool:
        results = list(show_progress(pool.map(one, seeds), given.seeds))
    faults: Counter[str] = Counter()
    for result in results:
        faults.update(result.outcome.faults)
    print_table(results)
    print(f"took {time.perf_counter() - began:.0f} s")
    print("faults met:", ", ".join(f"{name} {count}" for name, count in faults.most_common()))
    return 1 if any(result.mistakes for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
