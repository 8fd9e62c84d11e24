"""Collecting from feeds: the rate beside feedparser alone, fifty slow hosts at once, memory over many polls.

    python benchmarks/collect.py [--data FOLDER] [--polls 10000] [--hosts 50]

FOLDER holds feed documents, in any depth; without it the few that the tests use are read. Everything is served from
this machine. Rates are in seconds of this process's own time, both measured in the same run.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import feedparser

from monitor.analysis.analyzer import Analyzer
from monitor.config import HttpSettings, Secrets
from monitor.feedback import Feedback
from monitor.http import Http
from monitor.pipeline.cycle import Cycle, Polled
from monitor.pipeline.group import Policy
from monitor.pipeline.ingest import Ingest
from monitor.store import Store, open_store
from rules.engine import Engine
from sources._xmlfeed import parse
from sources.base import SourceContext
from sources.feed import FeedOptions, FeedSource

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
FEEDS = Path(__file__).parent.parent / "tests" / "data" / "feeds"
_LATENCY = 0.2


def documents(folder: Path) -> list[bytes]:
    """Every file that feedparser finds entries in."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in {".xml", ".rss", ".atom", ".rdf"})
    bodies = [path.read_bytes() for path in files]
    return [body for body in bodies if feedparser.parse(io.BytesIO(body)).entries]


def ingest_into(store: Store) -> Ingest:
    """The path without rules and with plain reading: what is measured is collecting."""
    analyzer = Analyzer(deep=False)
    analyzer.analyze(Feedback(source_id="warm", external_id="up", body="Wie geht es euch denn heute so, meine Lieben"))
    return Ingest(store, analyzer, Engine(()), "#support")


def measure_rate(bodies: list[bytes], rounds: int) -> None:
    """Entries a second: parsed by the package alone, and parsed, identified, analysed and stored by us."""
    rows = []
    for _ in range(rounds):
        started = time.process_time()
        count = sum(len(feedparser.parse(io.BytesIO(body)).entries) for body in bodies)
        alone = time.process_time() - started
        with TemporaryDirectory() as folder:
            store = open_store(f"sqlite:///{folder}/bench.db")
            ingest = ingest_into(store)
            started = time.process_time()
            for number, body in enumerate(bodies):
                source = FeedSource(
                    f"f{number}",
                    FeedOptions(url="https://example.com/feed"),
                    SourceContext(http=None, secrets=Secrets()),  # type: ignore[arg-type]  # nothing is fetched
                )
                document = parse(body, "https://example.com/feed", {})
                ingest(source._items(document), NOW, Policy(backfill=True))
            rows.append((count / alone, count / (time.process_time() - started)))
            store.close()
    package, ours = (statistics.median(row[at] for row in rows) for at in (0, 1))
    print(f"{len(bodies)} feeds, {count} entries; median of {rounds} rounds, entries/s of own time")
    print(f"{'feedparser.parse alone':36}{package:10,.0f}")
    print(f"{'parsed, identified, read, stored':36}{ours:10,.0f}")
    print(f"{'ratio':36}{ours / package:10.2f}   (target 1.50)\n")


@contextmanager
def slow_host(number: int, body: bytes) -> Iterator[str]:
    """A host of its own address that answers after a fifth of a second, with an ETag."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            time.sleep(_LATENCY)
            fresh = self.headers.get("If-None-Match") != '"1"'
            self.send_response(200 if fresh else 304)
            self.send_header("ETag", '"1"')
            self.send_header("Content-Length", str(len(body) if fresh else 0))
            self.end_headers()
            self.wfile.write(body if fresh else b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server has
            """Say nothing."""

    server = ThreadingHTTPServer((f"127.0.1.{number + 1}", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.1.{number + 1}:{server.server_port}/feed"
    finally:
        server.shutdown()
        server.server_close()


def measure_hosts(body: bytes, hosts: int) -> None:
    """How long one cycle over many slow hosts takes: first contact, and again with nothing new."""
    with ExitStack() as stack, TemporaryDirectory() as folder:
        urls = [stack.enter_context(slow_host(number, body)) for number in range(hosts)]
        http = stack.enter_context(Http(HttpSettings(allow_private_networks=True)))
        store = open_store(f"sqlite:///{folder}/bench.db")
        context = SourceContext(http=http, secrets=Secrets())
        polled = tuple(
            Polled(f"f{number}", FeedSource(f"f{number}", FeedOptions(url=url), context), timedelta(minutes=5))
            for number, url in enumerate(urls)
        )
        cycle = Cycle(polled, store, ingest_into(store), timedelta(hours=24), str)
        print(f"{hosts} hosts of {_LATENCY * 1000:.0f} ms each, wall time; the slowest host alone takes 1.00")
        for label in ("first contact", "nothing new"):
            started = time.perf_counter()
            reports = cycle.run(NOW)
            seconds = time.perf_counter() - started
            assert not any(report.error for report in reports)
            print(f"{label:36}{seconds / _LATENCY:10.2f}   (target 1.50)")
        store.close()
    print()


def measure_memory(polls: int) -> None:
    """Resident memory while one changing feed is polled again and again."""
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/bench.db")
        ingest = ingest_into(store)
        context = SourceContext(http=None, secrets=Secrets())  # type: ignore[arg-type]  # nothing is fetched
        source = FeedSource("f", FeedOptions(url="https://example.com/feed"), context)
        marks = []
        for number in range(polls):
            body = _rss(number).encode()
            ingest(source._items(parse(body, "https://example.com/feed", {})), NOW, Policy(backfill=True))
            if number % (polls // 5) == polls // 10:
                marks.append(_resident())
        store.close()
    print(f"{polls} polls of a feed with one new entry each; resident MB at five moments")
    print("".join(f"{mark / 1e6:10.1f}" for mark in marks))
    print(f"{'growth from the second to the last':36}{(marks[-1] - marks[1]) / 1e6:10.1f} MB   (peak ", end="")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB)")


def _rss(number: int) -> str:
    items = "".join(
        f"<item><guid>g{at}</guid><title>Entry {at}</title><description>Words of the entry {at}</description></item>"
        for at in range(number, max(-1, number - 10), -1)
    )
    return f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'


def _resident() -> int:
    """Bytes of this process in memory, from the kernel's own count of pages."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Measure all three and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=FEEDS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--polls", type=int, default=10_000)
    parser.add_argument("--hosts", type=int, default=50)
    args = parser.parse_args()
    bodies = documents(args.data)
    measure_rate(bodies, args.rounds)
    whole = [body for body in bodies if parse(body, "https://example.com/feed", {}).whole]
    measure_hosts(min(whole, key=len), args.hosts)
    measure_memory(args.polls)


if __name__ == "__main__":
    main()
