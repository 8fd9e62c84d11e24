"""Delivery on a bad line: alerts lost and doubled, with the real Slack client and a Slack on this
machine.

    python benchmarks/delivery_faults.py [--alerts 300] [--seeds 10] [--senders 2] [--clocks]
        [--timeout 1]

Faults by chance on every request: answers lost before and after the commit, 500 and fatal_error
after it, 429 with and without Retry-After, answers slower than the timeout, processes killed before
and after the request, and one that hangs until another has taken over; errors whose name nobody
knows; a history that lags by ten seconds and is limited. Meanwhile people write notes on alerts and
delete cards, so that Slack shows replies to a deleted card at top level. Lost (alerts and lines)
and doubled must be 0.

With --clocks the machine's clock is off by up to an hour and more, by another figure for each seed,
and is set back and forward by minutes, an hour and a day between requests.

Time is simulated, but a request takes real time: on a machine that is so busy that an answer takes
longer than the timeout, a message may come after both looks for it, and counts as doubled. There a
longer --timeout is needed, with which no answer is late.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

sys.path.insert(0, str(Path(__file__).parent.parent))

from monitor.store import open_store
from tests.world.storm import PEOPLE, STEPS, TIMEOUT, Outcome, Storm

#: How far ahead of Slack's the machine's clock is, by the seed.
SKEWS = [timedelta(minutes=minutes) for minutes in (-60, 60, -30, 30, -5, 5, -1, 1, -1500, 1500)]


def measure(alerts: int, seed: int, senders: int, *, clocks: bool, timeout: int) -> Outcome:
    """One storm over an empty database in a file."""
    skew, steps = (SKEWS[seed % len(SKEWS)], STEPS) if clocks else (timedelta(), {})
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/store.db")
        try:
            storm = Storm(
                store,
                seed,
                alerts,
                senders,
                skew=skew,
                steps=steps,
                people=PEOPLE,
                timeout=timeout,
            )
            return storm.rage()
        finally:
            store.close()


def main() -> int:
    """Print a line for each seed and the sums; 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--alerts", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--senders", type=int, default=2)
    parser.add_argument("--clocks", action="store_true")
    parser.add_argument("--timeout", type=int, default=TIMEOUT)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    print(
        "seed  alerts  requests  faults  lost  doubled  labelled repeats  unsettled  simulated   "
        "real"
    )
    faults: Counter[str] = Counter()
    failed = 0
    for seed in range(given.seeds):
        began = time.perf_counter()
        one = measure(given.alerts, seed, given.senders, clocks=given.clocks, timeout=given.timeout)
        faults.update(one.faults)
        failed += one.lost + one.doubled + one.unsettled
        print(
            f"{seed:>4}  {one.alerts:>6}  {one.requests:>8}  {sum(one.faults.values()):>6}  "
            f"{one.lost:>4}"
            f"  {one.doubled:>7}  {one.repeats:>16}  {one.unsettled:>9}  {one.seconds / 60:>5.0f} "
            "min"
            f"  {time.perf_counter() - began:>4.0f} s",
            flush=True,
        )
    print("faults met: " + ", ".join(f"{name} {count}" for name, count in faults.most_common()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
