"""Recorded words through the whole path, from the network to the database, in every weather and
with a death in it.

One harness for several services: each stream says how its service shows, edits and hides something,
and how it looks when it has nothing to show. In every tenth tick the process is killed before or
after some commit, and the next tick opens the database anew.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import stamina
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.analyzer import Analyzer
from monitor.analysis.clean import to_plain_text
from monitor.domain.feedback import Markup
from monitor.http import HttpClient
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.poller import ConfiguredSource, Poller
from monitor.settings import HttpSettings, Secrets
from rules.engine import Engine
from sources.app_store.source import AppStoreOptions, AppStoreSource
from sources.base import Source, SourceContext
from sources.discourse import DiscourseOptions, DiscourseSource
from sources.feed.source import FeedOptions, FeedSource
from sources.github_issues import GithubIssuesOptions, GithubIssuesSource
from sources.hacker_news import HackerNewsOptions, HackerNewsSource
from sources.mastodon import MastodonOptions, MastodonSource
from tests.world.app_store import AppStore, without_entries
from tests.world.clock import Clock
from tests.world.discourse import Discourse
from tests.world.faults import Reply
from tests.world.github import Github
from tests.world.hacker_news import HackerNews, without_hits
from tests.world.mastodon import Mastodon, without_statuses
from tests.world.mortal import Killed, empty_database, opened
from tests.world.replay import WEATHER, Weather
from tests.world.server import LocalServer
from tests.world.web import Web

START = datetime(2026, 11, 22, 8, tzinfo=UTC).timestamp()
RECORDED = Path(__file__).parent.parent / "data"
ANALYZER = Analyzer(deep=False)
#: In which tick of ten the process dies.
DEATH = 9


@cache
def words() -> tuple[str, ...]:
    """What people wrote, as their services handed it over."""
    statuses = (RECORDED / "mastodon" / "statuses.jsonl").read_text("utf-8").splitlines()
    posts = json.loads((RECORDED / "discourse" / "posts_latest.json").read_text("utf-8"))[
        "latest_posts"
    ]
    issues = json.loads((RECORDED / "github" / "issues.json").read_text("utf-8"))
    found = [json.loads(line)["content"] for line in statuses] + [post["cooked"] for post in posts]
    return (*found, *(issue["body"] or "" for issue in issues))


class Stream(ABC):
    """One service, and what is to be stored of it in the end."""

    server: LocalServer

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.edited: dict[str, str] = {}
        self.shown: list[str] = []

    @abstractmethod
    def show(self, text: str, late: int) -> str:
        """Let something be seen that was written `late` seconds ago, and return its external id."""

    @abstractmethod
    def edit(self, name: str, text: str) -> None:
        """Let its author write something else."""

    @abstractmethod
    def source(self, http: HttpClient) -> Source:
        """What reads it."""

    @staticmethod
    @abstractmethod
    def blank(reply: Reply) -> Reply:
        """The page without anything on it."""

    @property
    def now(self) -> datetime:
        """The time, as the bot is told it."""
        return datetime.fromtimestamp(self.clock(), UTC)


class MastodonStream(Stream):
    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.server = self.home = Mastodon(clock=clock)

    def show(self, text: str, late: int) -> str:
        return self.home.post(text, "acme", at=self.clock() - late)

    def edit(self, name: str, text: str) -> None:
        self.home.edit(name, text)

    def source(self, http: HttpClient) -> Source:
        own = MastodonOptions.model_validate({"instance": self.home.url, "hashtags": ["acme"]})
        return MastodonSource("it", own, SourceContext(http=http, secrets=Secrets()))

    blank = staticmethod(without_statuses)


class DiscourseStream(Stream):
    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.server = self.forum = Discourse(clock=clock)

    def show(self, text: str, late: int) -> str:
        return str(self.forum.write(text))

    def edit(self, name: str, text: str) -> None:
        self.forum.edit(int(name), text)

    def source(self, http: HttpClient) -> Source:
        own = DiscourseOptions.model_validate({"url": self.forum.address})
        return DiscourseSource("it", own, SourceContext(http=http, secrets=Secrets()))

    @staticmethod
    def blank(reply: Reply) -> Reply:
        return Reply(200, {"Content-Type": "application/json"}, b'{"latest_posts": []}')


class GithubStream(Stream):
    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.server = self.hub = Github(clock=clock)
        self.hub.create("acme/app")

    def show(self, text: str, late: int) -> str:
        return f"I_acme/app_{self.hub.open_issue('acme/app', 'Issue', text)}"

    def edit(self, name: str, text: str) -> None:
        self.hub.change(name, body=text, updated_at=f"{self.now:%Y-%m-%dT%H:%M:%SZ}")

    def source(self, http: HttpClient) -> Source:
        own = GithubIssuesOptions.model_validate(
            {"repositories": ["acme/app"], "api_url": self.hub.url}
        )
        return GithubIssuesSource("it", own, SourceContext(http=http, secrets=Secrets()))

    @staticmethod
    def blank(reply: Reply) -> Reply:
        return Reply(200, {"Content-Type": "application/json"}, b"[]")


class HackerNewsStream(Stream):
    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.server = self.site = HackerNews(limit=5, clock=clock)

    def show(self, text: str, late: int) -> str:
        # One answer holds five: of more in one second some are lost, which is told as a gap.
        return self.site.comment(f"acme {text}", at=self.clock() - len(self.shown) % 7, lag=late)

    def edit(self, name: str, text: str) -> None:
        self.site.change(name, comment_text=text)

    def source(self, http: HttpClient) -> Source:
        own = HackerNewsOptions.model_validate({"query": "acme", "base_url": self.site.url})
        return HackerNewsSource("it", own, SourceContext(http=http, secrets=Secrets()))

    blank = staticmethod(without_hits)


class AppStoreStream(Stream):
    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.server = self.shop = AppStore(clock=clock)
        self.shop.serve("42", "us")

    def show(self, text: str, late: int) -> str:
        return self.shop.review(
            "42", "us", to_plain_text(text, Markup.HTML) or "-", at=self.clock() - late
        )

    def edit(self, name: str, text: str) -> None:
        self.shop.edit("42", "us", name, text)

    def source(self, http: HttpClient) -> Source:
        own = AppStoreOptions.model_validate(
            {"app_id": "42", "base_url": self.shop.url, "countries": ["us"]}
        )
        return AppStoreSource("it", own, SourceContext(http=http, secrets=Secrets()))

    blank = staticmethod(without_entries)


class FeedStream(Stream):
    """A feed that shows all it has, the newest first."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.server = self.web = Web(clock=clock)
        self.texts: dict[str, str] = {}

    def show(self, text: str, late: int) -> str:
        name = f"urn:entry:{len(self.texts)}"
        self._publish(name, text)
        return name

    def edit(self, name: str, text: str) -> None:
        self._publish(name, text)

    def source(self, http: HttpClient) -> Source:
        own = FeedOptions.model_validate({"url": self.web.url + "/feed"})
        return FeedSource("it", own, SourceContext(http=http, secrets=Secrets()))

    @staticmethod
    def blank(reply: Reply) -> Reply:
        return Reply(200, {"Content-Type": "application/rss+xml"}, b"")

    def _publish(self, name: str, text: str) -> None:
        self.texts[name] = text
        items = "".join(
            f"<item><guid>{name}</guid><description><![CDATA[{text.replace(']]>', '')}]]>"
            "</description></item>"
            for name, text in reversed(self.texts.items())
        )
        self.web.publish(
            "/feed", f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'
        )


@dataclass(frozen=True)
class Tick:
    """One poll: how long after the last one, what happened before, what its requests meet, and when
    it dies.
    """

    after: int
    shown: int
    late: int
    edit: int
    weather: list[str] = field(default_factory=list)
    dies: int = 1


TICKS = st.lists(
    st.builds(
        Tick,
        after=st.integers(60, 400),
        shown=st.integers(0, 6),
        late=st.sampled_from([0, 0, 300]),
        edit=st.integers(-4, 4),
        weather=st.lists(st.sampled_from(WEATHER), max_size=3),
        dies=st.integers(1, 4),
    ),
    min_size=10,
    max_size=20,
)


def poll(stream: Stream, http: HttpClient, file: Path, fuse: int = 0) -> None:
    """One poll by a process that knows only what is in the database."""
    with suppress(Killed), opened(file, fuse) as store:
        polled = ConfiguredSource("it", stream.source(http), timedelta(minutes=1))
        ingest = Ingest(store, ANALYZER, Engine(()), "#support")
        Poller((polled,), store, ingest, AlertPolicy(), str).poll_source(polled, stream.now)


def live(stream: Stream, tick: Tick) -> None:
    """Let happen what happens before a poll."""
    stream.clock.forward(tick.after)
    for _ in range(tick.shown):
        stream.shown.append(stream.show(words()[len(stream.shown) % len(words())], tick.late))
    if 0 <= tick.edit < len(stream.shown):
        name = stream.shown[-1 - tick.edit]
        stream.edited[name] = f"acme changed at {stream.clock():.0f}"
        stream.edit(name, stream.edited[name])


@pytest.mark.parametrize(
    "kind",
    [FeedStream, MastodonStream, DiscourseStream, GithubStream, HackerNewsStream, AppStoreStream],
)
@settings(max_examples=3, deadline=None)
@given(ticks=TICKS)
def test_everything_is_stored_exactly_once(kind: type[Stream], ticks: list[Tick]) -> None:
    """Whatever fails, comes late or dies on the way: each thing is there once, in its last
    words.
    """
    with (
        TemporaryDirectory() as folder,
        stamina.set_testing(True, attempts=1),
        HttpClient(HttpSettings(allow_private_networks=True)) as http,
    ):
        file = Path(folder) / "replay.db"
        file.write_bytes(empty_database())
        stream = kind(Clock(START))
        with stream.server:
            stream.shown.append(stream.show("acme first", 0))
            poll(stream, http, file)
            for number, tick in enumerate(ticks):
                live(stream, tick)
                stream.server.weather = Weather(tick.weather, stream.blank)
                poll(stream, http, file, tick.dies if number % 10 == DEATH else 0)
            stream.server.weather = lambda request: None
            for _ in range(3):
                stream.clock.forward(4_000)
                poll(stream, http, file)
        with opened(file) as store, store.read() as tx:
            held = [(item.external_id, item.body) for item, _ in tx.feedback.iterate_stored()]

    assert sorted(name for name, _ in held) == sorted(stream.shown)
    assert {name: body for name, body in held if name in stream.edited} == stream.edited
