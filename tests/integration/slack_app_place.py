"""repwatch with its desk in a workspace: alerts are opened, people act on their cards, and what
came of it is seen.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx2
from rich.console import Console

from monitor import bootstrap
from monitor.bootstrap import App
from monitor.domain.alert import Alert
from monitor.domain.event import AlertEvent
from monitor.domain.feedback import Feedback
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import IngestResult
from monitor.pipeline.sender import drain_outbox
from monitor.slack.views.action_ids import AlertVersion
from monitor.slack_app.app import SlackApp
from monitor.slack_app.socket_mode import ConnectionTimeouts
from monitor.store.inbox import InboxCount
from monitor.testing import make_feedback
from monitor.web.server import WebServer
from tests.world.mortal import provide_tables
from tests.world.slack import APP_TOKEN, BOT_TOKEN, CHANNEL, Slack
from tests.world.slack_http import SIGNING_SECRET, SignedHttp
from tests.world.slack_messages import Message
from tests.world.slack_people import Person
from tests.world.slack_socket import SocketMode
from tests.world.waiting import LAST_RESORT, wait_until

RULES = """
[[rules]]
id = "broken"
name = "Something is broken"
severity = "high"
group_by = ["feedback"]
all = [{ text = "broken" }]
acknowledge_within = "30m"
"""
_CONFIG = """
[slack]
default_channel = "{channel}"
api_url = "{api_url}"
posts_per_second = 0
cards_per_hour = 0
settle_seconds = 0.1
[http]
allow_private_networks = true
[rules]
file = "rules.toml"
[analysis]
deep = false
[web]
listen = "127.0.0.1:0"
{more}
"""
_PEOPLE = count(1)
_SECRETS = {"SLACK_BOT_TOKEN": BOT_TOKEN}
SOCKET = {"SLACK_APP_TOKEN": APP_TOKEN}
HTTP = {"SLACK_SIGNING_SECRET": SIGNING_SECRET}


@dataclass
class SlackAppPlace:
    """A folder with its configuration, and the program that works in it, in a `with` statement."""

    folder: Path
    slack: Slack
    secrets: dict[str, str] = field(default_factory=lambda: dict(SOCKET))
    more: str = ""  #: of the configuration
    now: Callable[[], datetime] = bootstrap.utc_now
    write_timeout: float = LAST_RESORT
    timeouts: ConnectionTimeouts | None = None
    line: SocketMode = field(default_factory=SocketMode)
    listens: bool = True  #: the desk is started

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "rules.toml").write_text(RULES, "utf-8")
        text = _CONFIG.format(channel=CHANNEL, api_url=self.slack.api_url, more=self.more)
        (self.folder / "config.toml").write_text(text, "utf-8")
        provide_tables(self.folder / "repwatch.db")
        checked = bootstrap.load_checked_config(
            self.folder / "config.toml", _SECRETS | self.secrets
        )
        self.app: App = bootstrap.build_app(checked, Console(file=StringIO()))
        self.stop = threading.Event()
        self.web: WebServer | None = None
        self.desk = SlackApp(
            self.app, self.now, write_timeout=self.write_timeout, timeouts=self.timeouts
        )
        if self.listens:
            self._listen()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop.set()
        if self.listens:
            assert self.desk.join(LAST_RESORT), "the desk did not end"
        if self.web:
            assert self.web.join(LAST_RESORT), "the web server did not end"
        self.app.close()

    def _listen(self) -> None:
        if not self.desk.receives_http:
            self.slack.use(self.line)
        self.desk.start(self.stop)
        if self.desk.receives_http:
            self.web = WebServer(self.app, self.stop, self.now, self.desk.answer_request)
            # Its threads belong to whoever has the place, not to the first test that uses it.
            httpx2.get(f"{self.web.url}/healthz", trust_env=False, timeout=LAST_RESORT)
            self.slack.use(SignedHttp(f"{self.web.url}/slack/events"))
        else:
            self.slack.socket.wait_for(self.app.config.settings.desk.connections)

    # What happens

    def open_alert(self, text: str = "it is broken") -> Case:
        """Let a customer write, and return what the team sees of it."""
        read = self.ingest([make_feedback(text, created_at=self.now())])
        assert len(read.opened) == 1, read
        self.deliver()
        return Case(self, read.opened[0].id)

    def ingest(self, items: list[Feedback]) -> IngestResult:
        """Take feedback in, as a poll does."""
        return self.app.ingest(items, self.now(), AlertPolicy())

    def deliver(self) -> None:
        """Send what is due."""
        drain_outbox(self.app.sender, self.now, time.sleep, until=self.now())

    # What is seen

    def feedback(self, source_id: str) -> list[Feedback]:
        """What is stored of a source."""
        with self.app.store.read() as tx:
            return [item for item, _ in tx.feedback.iterate_stored() if item.source_id == source_id]

    @property
    def inbox(self) -> InboxCount:
        """How full the inbox is."""
        with self.app.store.read() as tx:
            return tx.inbox.count()

    def settled(self) -> bool:
        """Whether nothing waits in the inbox any more, once everything had its time."""
        return wait_until(lambda: self.inbox.waiting == 0)


@dataclass(frozen=True)
class Case:
    """One alert, as it is stored and as it is shown."""

    place: SlackAppPlace
    id: int

    @property
    def card(self) -> Message:
        """Its card as it is shown now."""
        with self.place.app.store.read() as tx:
            shown = tx.deliveries.find_shown_card(self.id)
        assert shown is not None
        found = self.place.slack.visible(shown.posted_to)
        return next(message for message in found if message.ts == shown.message_id)

    @property
    def alert(self) -> Alert:
        """The alert."""
        with self.place.app.store.read() as tx:
            found = tx.alerts.get(self.id)
        assert found is not None
        return found

    @property
    def events(self) -> list[AlertEvent]:
        """What happened to it."""
        with self.place.app.store.read() as tx:
            return tx.alerts.events(self.id)

    @property
    def kinds(self) -> list[str]:
        """What happened to it, in single words."""
        return [event.kind for event in self.events]

    @property
    def handle(self) -> str:
        """What its buttons carry."""
        return AlertVersion(self.id, self.alert.turn).encoded_value


def told(slack: Slack, person: Person) -> list[str]:
    """What a person alone was told, once there is something."""

    def said() -> list[str]:
        with slack.holding:
            direct = slack.visible(slack.channels.direct(person.id).id)
            return [message.text for message in (*person.notes, *direct)]

    assert wait_until(lambda: bool(said())), "nobody said anything"
    return said()


def somebody(slack: Slack) -> Person:
    """A person whom nothing has been said to yet."""
    number = next(_PEOPLE)
    return Person(slack, f"U0PERSON{number}", f"person{number}")
