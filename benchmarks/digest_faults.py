"""Digests on a bad line: messages, sections and files, with the real Slack client and a Slack on
this machine.

    python benchmarks/digest_faults.py [--seeds 500] [--first 0] [--senders 2]

Faults by chance on every request of posting, looking and handing over files; processes that are
killed and that hang before and after every step. A digest must be shown once, with each section
once and in order, one set of files, and the bytes that were queued; what is shown again because
nobody could look says so and is counted apart.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

sys.path.insert(0, str(Path(__file__).parent.parent))

from monitor.store import open_store
from tests.golden.slack.digest_examples import USUAL
from tests.world.digest_storm import DigestOutcome, DigestStorm


def measure(seed: int, senders: int) -> DigestOutcome:
    """One storm over an empty database in a file."""
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/store.db")
        try:
            return DigestStorm(store, seed, USUAL, senders).rage()
        finally:
            store.close()


def find_mistakes(outcome: DigestOutcome) -> list[str]:
    """What is not as it must be; nothing where all is."""
    titles = [part.blocks[0]["text"]["text"] for part in outcome.parts]
    pages = [file.content for _, file in outcome.shared]
    threads = {message.thread_ts for message, _ in outcome.shared}
    threads |= {part.thread_ts for part in outcome.parts}
    wanted = {
        "messages": len(outcome.roots) == 1,
        "sections": titles == [section.title for section in USUAL.document.sections],
        "files": pages == [one.content for one in USUAL.attachments],
        "pictures": outcome.shown_pictures == tuple(one.content for one in USUAL.pictures),
        "threads": threads == {root.ts for root in outcome.roots},
        "unsettled": outcome.unsettled == 0,
        "dead": outcome.dead == 0,
    }
    return [name for name, holds in wanted.items() if not holds]


def main() -> int:
    """Print what was wrong by seed, and the sums; 1 when anything was."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--senders", type=int, default=2)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    faults: Counter[str] = Counter()
    wrong = repeats = 0
    longest, began = 0.0, time.perf_counter()
    for seed in range(given.first, given.first + given.seeds):
        outcome = measure(seed, given.senders)
        faults.update(outcome.faults)
        repeats += outcome.repeats
        longest = max(longest, outcome.seconds)
        if mistakes := find_mistakes(outcome):
            wrong += 1
            print(f"seed {seed}: {', '.join(mistakes)}", flush=True)
    print(f"digests            {given.seeds}")
    print(f"not as they must   {wrong}")
    print(f"labelled repeats   {repeats}")
    print(f"longest            {longest / 60:.0f} min simulated")
    print(f"took               {time.perf_counter() - began:.0f} s")
    print("faults met:", ", ".join(f"{name} {count}" for name, count in faults.most_common()))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
