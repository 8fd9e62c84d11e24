"""Collecting from feeds: the rate beside feedparser alone, fifty slow hosts at once, memory over
many polls.

    python benchmarks/collect.py [--data FOLDER] [--polls 10000] [--hosts 50]

FOLDER holds feed documents, in any depth; without it the few that the tests use are read.
Everything is served from this machine. Rates are in seconds of this process's own time, all
measured in turn in the same run. That documents are known again costs nothing is shown, but is not
the figure: it counts what was not read before.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import resource
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import feedparser

from monitor.analysis.analyzer import Analyzer
from monitor.cli.service import freeze_startup_objects
from monitor.domain.feedback import Analysis, Feedback
from monitor.domain.tokens import normalize_text
from monitor.http import HttpClient, HttpResponse
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.poller import ConfiguredSource, Poller
from monitor.settings import HttpSettings, Secrets
from monitor.store import Store, open_store
from rules.engine import Engine
from sources.base import SourceContext
from sources.feed.source import FeedOptions, FeedSource
from sources.feed.xml import parse_xml_feed

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
FEEDS = Path(__file__).parent.parent / "tests" / "data" / "feeds"
ADDRESS = "https://example.com/feed"
_LATENCY = 0.2


def documents(folder: Path) -> list[bytes]:
    """Every file that feedparser finds entries in."""
    files = sorted(
        path for path in folder.rglob("*") if path.suffix in {".xml", ".rss", ".atom", ".rdf"}
    )
    bodies = [path.read_bytes() for path in files]
    return [body for body in bodies if feedparser.parse(io.BytesIO(body)).entries]


class Unread(Analyzer):
    """Reads nothing out of a feedback but the words that search needs: what is left is
    collecting.
    """

    def analyze_all(self, page: Sequence[Feedback]) -> list[Analysis]:
        """The texts and their words."""
        texts = [f"{feedback.title}\n{feedback.body}" for feedback in page]
        return [Analysis(text=text, words=normalize_text(text)) for text in texts]


def ingest_into(store: Store, analyzer: Analyzer | None = None) -> Ingest:
    """The path without rules; by default with plain reading."""
    analyzer = analyzer or Analyzer(deep=False)
    analyzer.analyze(
        Feedback(
            source_id="warm", external_id="up", body="Wie geht es euch denn heute so, meine Lieben"
        )
    )
    return Ingest(store, analyzer, Engine(()), "#support")


def package_alone(bodies: list[bytes]) -> float:
    """Seconds of the package as it comes."""
    started = time.process_time()
    for body in bodies:
        feedparser.parse(io.BytesIO(body))
    return time.process_time() - started


def parsed_alone(bodies: list[bytes]) -> float:
    """Seconds of our own parsing: the package without sanitising, and its entries as ours."""
    started = time.process_time()
    for body in bodies:
        parse_xml_feed(body, ADDRESS, {})
    return time.process_time() - started


def ours(bodies: list[bytes], analyzer: Analyzer | None, *, again: bool = False) -> float:
    """Seconds to parse, identify and store all; `again`: to look at the same documents a second
    time.
    """
    answers = [HttpResponse(status=200, url=ADDRESS, body=body) for body in bodies]
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/bench.db")
        ingest = ingest_into(store, analyzer)
        cursors = [""] * len(bodies)
        for _ in range(1 + again):
            started = time.process_time()
            for number, answer in enumerate(answers):
                context = SourceContext(http=Answering(answer), secrets=Secrets())  # type: ignore[arg-type]  # no network
                source = FeedSource(f"f{number}", FeedOptions(url=ADDRESS), context)
                for page in source.collect(cursors[number], NOW):
                    if page.items:
                        ingest(page.items, NOW, AlertPolicy(backfill=True))
                    cursors[number] = page.cursor
            seconds = time.process_time() - started
        store.close()
    return seconds


@dataclass(frozen=True)
class Answering:
    """A client that has the answer already."""

    answer: HttpResponse

    def get(self, url: str, **_: object) -> HttpResponse:
        """The answer."""
        return self.answer


def measure_rate(bodies: list[bytes], rounds: int) -> None:
    """Entries a second: parsed by the package alone, and parsed, identified and stored by us, read
    or not.
    """
    ways: dict[str, Callable[[], float]] = {
        "feedparser.parse alone": lambda: package_alone(bodies),
        "our parsing alone": lambda: parsed_alone(bodies),
        "parsed, identified, stored": lambda: ours(bodies, Unread(deep=False)),
        "the same, read plainly": lambda: ours(bodies, None),
        "the same, read deep (default)": lambda: ours(bodies, Analyzer()),
        "the same documents a second time": lambda: ours(bodies, Unread(deep=False), again=True),
    }
    count = sum(len(feedparser.parse(io.BytesIO(body)).entries) for body in bodies)
    took = {label: [way()] for label, way in ways.items()}
    for _ in range(rounds - 1):
        for label, way in ways.items():
            took[label].append(way())
    print(
        f"{len(bodies)} feeds, {count} entries; the best of {rounds} rounds each, entries/s of own "
        "time\n"
    )
    alone = min(took["feedparser.parse alone"])
    for label, seconds in took.items():
        target = "   (target 1.00)" if label == "our parsing alone" else ""
        print(f"{label:36}{count / min(seconds):10,.0f}{alone / min(seconds):8.2f}{target}")
    print()


@contextmanager
def slow_hosts(count: int, body: bytes) -> Iterator[list[str]]:
    """The addresses of hosts in a process of their own: what they do is no work of ours."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, count, body), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def _serve(pipe: Connection, count: int, body: bytes) -> None:
    """Hosts of an address each that answer after a fifth of a second, with an ETag."""

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

    servers = [
        ThreadingHTTPServer((f"127.0.1.{number + 1}", 0), Handler) for number in range(count)
    ]
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
    pipe.send(
        [
            f"http://127.0.1.{number + 1}:{server.server_port}/feed"
            for number, server in enumerate(servers)
        ]
    )
    threading.Event().wait()


def measure_hosts(body: bytes, hosts: int) -> None:
    """How long one cycle over many slow hosts takes beside one over a single one: at first, and
    with nothing new.
    """
    with ExitStack() as stack, TemporaryDirectory() as folder:
        urls = stack.enter_context(slow_hosts(hosts + 1, body))
        http = stack.enter_context(HttpClient(HttpSettings(allow_private_networks=True)))
        store = open_store(f"sqlite:///{folder}/bench.db")
        context = SourceContext(http=http, secrets=Secrets())
        polled = tuple(
            ConfiguredSource(
                f"f{number}",
                FeedSource(f"f{number}", FeedOptions(url=url), context),
                timedelta(minutes=5),
            )
            for number, url in enumerate(urls)
        )
        ingest = ingest_into(store)
        one, many = (
            Poller(part, store, ingest, AlertPolicy(), str) for part in (polled[:1], polled[1:])
        )
        print(
            f"{hosts} hosts of {_LATENCY * 1000:.0f} ms each, wall time; one host alone takes 1.00"
        )
        for label in ("first contact", "nothing new"):
            alone, _ = _timed(one)
            seconds, own = _timed(many)
            spent = (
                f"{seconds * 1000:.0f} ms, of which {own * 1000 / hosts:.2f} ms of own time a poll"
            )
            print(f"{label:36}{seconds / alone:10.2f}   (target 1.50)   {spent}")
        store.close()
    print()


def _timed(cycle: Poller) -> tuple[float, float]:
    """Seconds that a cycle takes, and those of this process's own."""
    # as `run` does; what was measured before leaves much behind, and sweeping that up takes long
    freeze_startup_objects()
    started, own = time.perf_counter(), time.process_time()
    reports = cycle.poll_all(NOW)
    seconds, own = time.perf_counter() - started, time.process_time() - own
    assert not any(report.error for report in reports)
    return seconds, own


def measure_memory(polls: int) -> None:
    """Resident memory while one changing feed is polled again and again."""
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/bench.db")
        ingest = ingest_into(store)
        context = SourceContext(http=None, secrets=Secrets())  # type: ignore[arg-type]  # nothing is fetched
        source = FeedSource("f", FeedOptions(url=ADDRESS), context)
        marks = []
        for number in range(polls):
            body = _rss(number).encode()
            ingest(
                source._to_feedback_items(parse_xml_feed(body, ADDRESS, {})),
                NOW,
                AlertPolicy(backfill=True),
            )
            if number % (polls // 5) == polls // 10:
                marks.append(_resident())
        store.close()
    print(f"{polls} polls of a feed with one new entry each; resident MB at five moments")
    print("".join(f"{mark / 1e6:10.1f}" for mark in marks))
    print(
        f"{'growth from the second to the last':36}{(marks[-1] - marks[1]) / 1e6:10.1f} MB   (peak "
        "",
        end="",
    )
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB)")


def _rss(number: int) -> str:
    items = "".join(
        f"<item><guid>g{at}</guid><title>Entry {at}</title><description>Words of the entry "
        f"{at}</description></item>"
        for at in range(number, max(-1, number - 10), -1)
    )
    return f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'


def _resident() -> int:
    """Bytes of this process in memory, from the kernel's own count of pages."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Measure all three and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=FEEDS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--polls", type=int, default=10_000)
    parser.add_argument("--hosts", type=int, default=50)
    args = parser.parse_args()
    bodies = documents(args.data)
    measure_rate(bodies, args.rounds)
    whole = [body for body in bodies if parse_xml_feed(body, ADDRESS, {}).whole]
    measure_hosts(min(whole, key=len), args.hosts)
    measure_memory(args.polls)


if __name__ == "__main__":
    main()
