"""How long a week's digest takes out of much feedback, and how much memory.

    python benchmarks/digest.py [--items 1000000] [--years 1] [--url URL] [--runs 3]

Fills a database (SQLite in a temporary folder, or an empty one at URL), then builds, words and
draws a digest in a process of its own, as the program does, and prints a table: seconds from the
first query to the frozen numbers, for the page, for three pictures, and the most memory that the
process ever had. Imports are told apart.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from tempfile import TemporaryDirectory

from feedback_filler import NOW, fill_store

from monitor.store import open_store

_WEEK = "2026-W47"


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--years", type=float, default=1)
    parser.add_argument("--url", default="", help="an empty database; default: SQLite")
    parser.add_argument("--measure", metavar="URL", help=argparse.SUPPRESS)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure_digest(options.measure)))
        return
    with TemporaryDirectory(prefix="repwatch-bench-") as folder:
        url = options.url or f"sqlite:///{folder}/digest.db"
        store = open_store(url)
        began = time.perf_counter()
        fill_store(store, options.items, years=options.years)
        store.close()
        print(f"filled {options.items:,} in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        runs = [_measure_apart(url) for _ in range(options.runs)]
    print(f"{'':24}" + "".join(f"run {number + 1:<6}" for number in range(len(runs))))
    for name in runs[0]:
        print(f"{name:24}" + "".join(f"{run[name]:<10.2f}" for run in runs))


def measure_digest(url: str) -> dict[str, float]:
    """Return seconds and megabytes of one digest, in this process."""
    began = time.perf_counter()
    from monitor.digest.build import DigestRequest, build_digest
    from monitor.digest.charts_png import render_chart_png
    from monitor.digest.make import DigestWorkshop
    from monitor.domain.digest import Audience
    from monitor.domain.digest_post import list_figures
    from monitor.domain.period import Period
    from monitor.settings import Settings

    store = open_store(url)
    with store.read() as tx:
        sources = [one.source_id for one in tx.feedback.count_by_source()]
    settings = Settings.model_validate(
        {
            "sources": [{"id": name, "kind": "feed"} for name in sources],
            "brand": {"segments": ["plan", "country"]},
        }
    )
    imported = time.perf_counter()
    with store.read() as tx:
        digest = build_digest(tx, DigestRequest(Period.from_name(_WEEK)), settings, NOW)
    built = time.perf_counter()
    worded = DigestWorkshop(store, settings, str).word(digest, Audience.LEADERSHIP)
    size = len(worded.html)
    rendered = time.perf_counter()
    for figure in list_figures(worded.document)[:3]:
        render_chart_png(figure.chart)
    drawn = time.perf_counter()
    return {
        "import and open, s": imported - began,
        "build, s": built - imported,
        "page, s": rendered - built,
        "three pictures, s": drawn - rendered,
        "page, kB": size / 1000,
        "parts that failed": len(digest.failures),
        "memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    }


def _measure_apart(url: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", url]
    done = subprocess.run(  # noqa: S603 - our own file
        command, capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
