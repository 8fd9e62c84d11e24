"""How long counts of a year take, beside counting the feedback itself in the same run.

    python benchmarks/rollups.py [--items 1000000] [--years 1] [--url URL]

Without a URL an SQLite file is filled in a temporary folder; a database that holds feedback is
measured as it is. The fill is that of `feedback_filler.py`. Each time is the best of three.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from feedback_filler import NOW, fill_store

from monitor.domain.period import Period, PeriodKind
from monitor.store import Store, Transaction, open_store
from monitor.store.rollup_cells import count_cells, written_between

ZONE = "America/New_York"
ROUNDS = 3


def measure(
    store: Store, what: str, ask: Callable[[Transaction], object], target: str = ""
) -> None:
    """Print how long a question takes."""
    times = []
    for _ in range(ROUNDS):
        with store.read() as tx:
            started = time.perf_counter()
            answer = ask(tx)
            times.append(time.perf_counter() - started)
    size = len(answer) if isinstance(answer, list) else ""
    print(f"{what:52}{min(times) * 1000:10,.0f} ms{size!s:>9}   {target}", flush=True)


def measure_all(store: Store) -> None:
    """Print a line for everything that the digest asks of feedback."""
    week = Period.last_complete(PeriodKind.WEEK, NOW, ZONE)
    month = Period.last_complete(PeriodKind.MONTH, NOW, ZONE)
    since, until = week.since, week.until
    year = (until - timedelta(days=365), until)

    with store.read() as tx:
        sources = [one.source_id for one in tx.feedback.count_by_source()]

    def read_raw(tx: Transaction) -> object:
        return count_cells(tx.feedback._connection, [written_between(*year)])

    measure(store, "a year of counts", lambda tx: tx.rollups.count_cells(*year), "target 100 ms")
    measure(
        store,
        "a year from a half hour on",
        lambda tx: tx.rollups.count_cells(*(at + timedelta(minutes=30) for at in year)),
    )
    measure(store, "the same year from the feedback itself", read_raw)
    measure(store, "a week of counts", lambda tx: tx.rollups.count_cells(since, until))
    measure(store, "a week of counts by local day", lambda tx: count_by_day(tx, week))
    measure(store, "a month by local day", lambda tx: count_by_day(tx, month))
    asks = {
        "who answered again in a week": lambda tx: tx.period_feedback.count_repeats(since, until),
        "who answered again in a month": lambda tx: tx.period_feedback.count_repeats(
            month.since, month.until
        ),
        "answers by question": lambda tx: tx.period_feedback.count_by_question(since, until),
        "by an attribute": lambda tx: tx.period_feedback.count_by_attribute("plan", since, until),
        "by app version": lambda tx: tx.period_feedback.count_by_app_version(since, until),
        "5,000 texts": lambda tx: tx.period_feedback.sample_texts(since, until, 5_000),
        "quotes of every stage": lambda tx: tx.readings.list_typical_ids(since, until, sources),
        "unread": lambda tx: tx.period_feedback.count_unread(since, until),
        "late": lambda tx: tx.period_feedback.count_late(since, until, until),
    }
    for what, ask in asks.items():
        measure(store, f"{what} (week)" if "month" not in what else what, ask)


def count_by_day(tx: Transaction, period: Period) -> list[int]:
    """Return how much came on each local day."""
    return [
        sum(cell.count for cell in tx.rollups.count_cells(day.since, day.until))
        for day in period.days
    ]


def measure_rebuild(store: Store) -> None:
    """Print how long counting anew takes, and the longest that others wait meanwhile."""
    with store.read() as tx:
        months = tx.rollups.list_months()
    times = []
    for month in months:
        started = time.perf_counter()
        with store.write() as tx:
            tx.rollups.rebuild_month(month)
        times.append(time.perf_counter() - started)
    print(f"{'counting all anew':52}{sum(times) * 1000:10,.0f} ms")
    print(f"{'the longest month of it':52}{max(times) * 1000:10,.0f} ms")


def main() -> None:
    """Fill where nothing is, measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--years", type=float, default=1)
    parser.add_argument("--url")
    args = parser.parse_args()
    with TemporaryDirectory() as folder:
        store = open_store(args.url or f"sqlite:///{Path(folder) / 'bench.db'}")
        with store.read() as tx:
            count = sum(one.count for one in tx.feedback.count_by_source())
        if not count:
            started = time.perf_counter()
            fill_store(store, args.items, years=args.years)
            print(f"{'filling':52}{(time.perf_counter() - started) * 1000:10,.0f} ms")
            count = args.items
        print(f"about {count:,} feedback, zone {ZONE}; best of {ROUNDS}\n")
        measure_all(store)
        measure_rebuild(store)
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{'the most memory':52}{megabytes:10,} MB")
        store.close()


if __name__ == "__main__":
    main()
