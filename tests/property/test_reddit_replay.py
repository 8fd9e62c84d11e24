"""A replay of recorded comments through the whole path, in every weather that Reddit has.

What a poll may meet was counted on a recorded stream of r/all: empty and stale pages, neighbours
out of order, late arrivals. Here they come with failures of the network, and in every tenth poll
the process is killed before or after some commit. Each poll knows only what is in the database.
Nothing may be lost or stored twice.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.analyzer import Analyzer
from monitor.http import HttpClient
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.poller import ConfiguredSource, Poller
from monitor.settings import HttpSettings, Secrets
from rules.engine import Engine
from sources.base import SourceContext
from sources.reddit.source import RedditOptions, RedditSource
from tests.world.clock import Clock
from tests.world.faults import (
    Fault,
    Handler,
    Reply,
    Request,
    answers,
    lost_before_commit,
    truncated,
)
from tests.world.mortal import Killed, empty_database, opened
from tests.world.reddit import RECORDED, Reddit

START = datetime(2026, 11, 22, 8, tzinfo=UTC)
ANALYZER = Analyzer(deep=False)
JSON = {"Content-Type": "application/json"}
EMPTY = b'{"kind": "Listing", "data": {"children": [], "after": null, "before": null}}'
#: Seconds from one comment to the next, so that the stream is longer than what is read again.
PACE = 30
SHARE = 8  #: a page holds this part of what was asked for, so that the stream has many pages
LATEST = 590  #: seconds that a comment may appear late: less than what is read again
DEATH = 9  #: in which poll of ten the process dies

COMMENTS: list[dict[str, Any]] = [
    json.loads(line) for line in (RECORDED / "comments.jsonl").read_text("utf-8").splitlines()
]
WEATHERS = (
    "fine", "stale", "empty", "empty in the middle", "out of order", "429", "503", "reset",
    "truncated", "used up",
)  # fmt: skip


@dataclass(frozen=True)
class Tick:
    """One poll: how long after the last one, in which weather, and what happened to an item
    before.
    """

    after: int
    weather: str
    change: str
    item: int
    dies: int  #: at which half-step of a commit, where it dies


TICKS = st.lists(
    st.builds(
        Tick,
        after=st.integers(20, 900),
        weather=st.sampled_from(WEATHERS),
        change=st.sampled_from(("nothing", "edit", "delete", "remove", "forget")),
        item=st.integers(0, len(COMMENTS) - 1),
        dies=st.integers(1, 6),
    ),
    min_size=12,
    max_size=24,
)


def smaller(request: Request) -> Request:
    """The request, for a smaller page."""
    return replace(
        request, query={**request.query, "limit": str(int(request.query["limit"]) // SHARE)}
    )


def out_of_order(request: Request, handle: Handler) -> Reply:
    """Swap each pair of neighbours."""
    reply = handle(request)
    found = json.loads(b"".join(reply.pieces()))
    things = found["data"]["children"]
    for place in range(0, len(things) - 1, 2):
        things[place : place + 2] = reversed(things[place : place + 2])
    return replace(reply, body=json.dumps(found).encode())


@dataclass
class Stale:
    """Answers the first page with what it was when this last let it through."""

    kept: Reply | None = None

    def __call__(self, request: Request, handle: Handler) -> Reply:
        return self.kept if self.kept and "after" not in request.query else handle(request)

    def keep(self, request: Request, handle: Handler) -> Reply:
        """Let the page through, and remember it."""
        reply = handle(request)
        if "after" not in request.query:
            self.kept = reply
        return reply


@dataclass
class Stream:
    """Comments that appear on a Reddit as time goes by, some late, and the bot that reads them."""

    reddit: Reddit
    clock: Clock
    delays: list[int]
    file: Path
    http: HttpClient
    stale: Stale = field(default_factory=Stale)
    appeared: set[int] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    words: dict[str, str] = field(default_factory=dict)
    polls: int = 0

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now, UTC)

    def appear(self) -> None:
        """Let what is due be seen; a comment's own time is when it was written, not when it
        appeared.
        """
        for number, comment in enumerate(COMMENTS):
            written = START.timestamp() + number * PACE
            if number not in self.appeared and written + self.delays[number] <= self.clock.now:
                self.appeared.add(number)
                own = {
                    name: value
                    for name, value in comment.items()
                    if name not in ("subreddit", "body")
                }
                own |= {"created_utc": written, "created": written}
                self.reddit.comment("acme", comment["body"], **own)

    def change(self, tick: Tick) -> None:
        """Let somebody change an item that has appeared and is still there."""
        name = COMMENTS[tick.item]["name"]
        if tick.item not in self.appeared or name in self.gone or tick.change == "nothing":
            return
        if tick.change == "edit":
            self.words[name] = f"changed at poll {self.polls}"
            self.reddit.edit(name, self.words[name])
            return
        self.gone.add(name)
        getattr(self.reddit, tick.change)(name)

    def poll(self, weather: str, dies: int = 0) -> None:
        """One poll by a new process, which dies in every tenth."""
        fuse = dies if self.polls % 10 == DEATH else 0
        self.polls += 1
        self.reddit.remaining, self.reddit.window_left = (
            (1, 120) if weather == "used up" else (990, 300)
        )
        fault = self._fault(weather)
        self.reddit.weather = lambda request: (
            fault(request) if request.path.rstrip("/").endswith("/comments") else None
        )
        with suppress(Killed), opened(self.file, fuse) as store:
            polled = ConfiguredSource("reddit", self._source(), timedelta(minutes=1))
            ingest = Ingest(store, ANALYZER, Engine(()), "#support")
            Poller((polled,), store, ingest, AlertPolicy(), str).poll_source(polled, self.now)

    def _fault(self, weather: str) -> "_Weather":
        in_the_middle = answers(200, JSON, EMPTY)
        found: dict[str, Fault] = {
            "stale": self.stale,
            "empty": in_the_middle,
            "out of order": out_of_order,
            "429": answers(429, {"Retry-After": "100"}),
            "503": answers(503),
            "reset": lost_before_commit,
            "truncated": truncated(200),
        }
        if weather == "empty in the middle":
            return _Weather(self.stale.keep, in_the_middle)
        fault = found.get(weather, self.stale.keep)
        return _Weather(fault, fault)

    def _source(self) -> RedditSource:
        held = {"reddit_client_id": Reddit.client_id, "reddit_client_secret": Reddit.client_secret}
        own = {"subreddits": ["acme", "other"], "posts": False}
        options = RedditOptions.model_validate(
            own | {"reddit_url": self.reddit.url, "oauth_url": self.reddit.url}
        )
        return RedditSource(
            "reddit", options, SourceContext(http=self.http, secrets=Secrets.model_validate(held))
        )


@dataclass(frozen=True)
class _Weather:
    """One fault for first pages, and one for the following ones."""

    first: Fault
    later: Fault

    def __call__(self, request: Request) -> Fault:
        fault = self.later if "after" in request.query else self.first
        return lambda request, handle: fault(smaller(request), handle)


@contextmanager
def streaming(delays: list[int]) -> Iterator[Stream]:
    """A Reddit without comments and a bot without a past."""
    clock = Clock(START.timestamp())
    with (
        TemporaryDirectory() as folder,
        HttpClient(HttpSettings()) as http,
        Reddit(recorded=False, clock=clock) as reddit,
    ):
        file = Path(folder) / "replay.db"
        file.write_bytes(empty_database())
        reddit.standing["acme"] = "public"
        yield Stream(reddit, clock, delays, file, http)


@settings(max_examples=6, deadline=None)
@given(late=st.randoms(use_true_random=False), ticks=TICKS)
def test_every_comment_is_stored_exactly_once(late: Random, ticks: list[Tick]) -> None:
    """Whatever happened on the way, in the end all comments are there once, as they read now, and
    no deleted one is.
    """
    with streaming([late.randrange(LATEST) for _ in COMMENTS]) as stream:
        for tick in ticks:
            stream.clock.forward(tick.after)
            stream.appear()
            stream.change(tick)
            stream.poll(tick.weather, tick.dies)
        for pause in (len(COMMENTS) * PACE + 600, 600, 3_700):
            stream.clock.forward(pause)
            stream.appear()
            stream.poll("fine")
        with opened(stream.file) as store, store.read() as tx:
            stored = [
                (item.external_id, item.body)
                for item, _ in tx.feedback.iterate_stored(source_id="reddit")
            ]

    names = {comment["name"] for comment in COMMENTS}
    assert sorted(name for name, _ in stored) == sorted(names - stream.gone)
    assert {name: body for name, body in stored if name in stream.words} == {
        name: words for name, words in stream.words.items() if name not in stream.gone
    }
