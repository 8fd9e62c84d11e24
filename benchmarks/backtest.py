"""How long a rule takes to be tried on four weeks of feedback, and how much memory.

    python benchmarks/backtest.py [--items 100000] [--url URL]

Fills a database with four weeks (SQLite in a temporary folder, or an empty one at URL), then tries
rules on them, each in a process of its own, and prints a table: seconds of processor time and the
most memory beyond a process that tries nothing, what was found, and whether it was given up.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from datetime import timedelta
from tempfile import TemporaryDirectory

from feedback_filler import NOW, fill_store

from monitor.store import open_store

_DAYS = timedelta(days=28)
_PHRASE = '"refund payment" OR "late refund"'
_RULES = {
    "a phrase": [{"text": _PHRASE}],
    "two words": [{"text": "refund AND staff"}],
    "one star, negative": [{"stars": {"max": 1}}, {"sentiment": "negative"}],
    "a phrase, 3 in 1 h": [{"text": _PHRASE}, {"count": {"min": 3, "within": "1h"}}],
    "a phrase, spike": [{"text": _PHRASE}, {"spike": "3h"}],
    "everything": [{"age": {"newer_than": "500w"}}],
}


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--url", default="", help="an empty database; default: SQLite")
    parser.add_argument("--measure", nargs=2, metavar=("URL", "RULE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure_backtest(*options.measure)))
        return
    with TemporaryDirectory(prefix="repwatch-bench-") as folder:
        url = options.url or f"sqlite:///{folder}/backtest.db"
        store = open_store(url)
        fill_store(store, options.items, years=_DAYS / timedelta(days=365))
        store.close()
        idle = _measure_apart(url, "")
        found = {name: _measure_apart(url, name) for name in _RULES}
    print(f"{options.items:,} feedback in four weeks")
    print(f"{'rule':22}{'CPU, s':>8}{'MB':>8}{'read':>10}{'alerts':>9}{'given up':>10}")
    for name, one in found.items():
        cpu, memory = one["cpu"] - idle["cpu"], one["memory"] - idle["memory"]
        given_up = "yes" if one["given_up"] else "no"
        print(
            f"{name:22}{cpu:8.2f}{memory:8.0f}{one['read']:10,.0f}{one['alerts']:9,.0f}"
            f"{given_up:>10}"
        )


def measure_backtest(url: str, name: str) -> dict[str, float]:
    """Return what trying one of the rules takes in this process; without a name of trying none."""
    from monitor.domain.business_hours import BusinessCalendar
    from monitor.pipeline.grouping import AlertPolicy
    from monitor.tuning.backtest import BacktestRequest, run_backtest
    from rules.load import parse_rules

    store = open_store(url)
    table = {"id": "tried", "group_by": ["feedback"], "all": _RULES[name or "a phrase"]}
    (rule,) = parse_rules({"rules": [table]}, "rules.toml")
    request = BacktestRequest(
        rule=rule,
        rules=(rule,),
        since=NOW - _DAYS,
        until=NOW,
        policy=AlertPolicy(),
        channel="#cx",
        calendar=BusinessCalendar.always_open(),
        zone="UTC",
    )
    result: dict[str, float] = {"read": 0, "alerts": 0, "given_up": 0}
    if name:
        with store.read() as tx:
            found = run_backtest(tx, request)
        result |= {
            "read": found.replay.read,
            "alerts": len(found.replay.alerts),
            "given_up": found.replay.stopped_at is not None,
        }
    store.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return result | {"cpu": time.process_time(), "memory": memory}


def _measure_apart(url: str, name: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", url, name]
    done = subprocess.run(  # noqa: S603 - our own file
        command, capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
