"""Acme at the time of 0.1.0: its repwatch, the places that it reads and the people who use it.

Runs with the code of commit b0c6ba2 alone; the README beside it says how.
"""
# ruff: noqa: E501

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from shutil import copytree
from typing import Any

import httpx2
import time_machine
from monitor.desk.front import Desk
from monitor.notifiers.slack.manifest import manifest
from monitor.pipeline.deliver import drain
from monitor.pipeline.publish import work_off
from rich.console import Console

from monitor import bootstrap
from monitor.web.server import WebServer
from tests.world import server as local
from tests.world.app_store import AppStore
from tests.world.discourse import Discourse
from tests.world.github import Github
from tests.world.hacker_news import HackerNews
from tests.world.mastodon import Mastodon
from tests.world.reddit import Reddit
from tests.world.reddit_feed import RedditFeeds
from tests.world.slack import Slack
from tests.world.slack_http import SIGNING_SECRET, SignedHttp
from tests.world.slack_messages import Message
from tests.world.slack_people import Person
from tests.world.web import Web

OPERATOR = Path(__file__).parent / "operator"
#: The machine that the program ran on, and its process there.
HOLDER = "watch-1 pid:[4026531836]/4711/0a1b2c3d"
#: Channels beside the default one.
CHANNELS = {
    "C0SUPPORT": "support",
    "C0LEADS01": "support-leads",
    "C0LEGAL01": "legal",
    "C0PRAISE1": "praise",
}
PEOPLE = {
    "U0ANNA0001": "anna",
    "U0BERT0002": "bert",
    "U0CARLA003": "carla",
    "U0DORA0004": "dora",
}
#: Slack at the port that config.toml names, and so on.
FIRST_PORT = 47001


def load_the_dice(seed: int = 1) -> None:
    """Let ids and keys be the same each time."""
    dice = Random(seed)
    uuid.uuid4 = lambda: uuid.UUID(int=dice.getrandbits(128), version=4)
    secrets.token_hex = lambda size=32: dice.randbytes(size).hex()
    from monitor.store import outbox

    outbox.uuid4 = uuid.uuid4
    bootstrap._holder = lambda: HOLDER


def at_port(server: local.LocalServer, port: int) -> local.LocalServer:
    """Start a server of the tests' world where the configuration says that it is."""

    class Placed(local._Listener):
        allow_reuse_address = True

        def server_bind(self) -> None:
            self.server_address = ("127.0.0.1", port)
            super().server_bind()

    usual, local._Listener = local._Listener, Placed
    try:
        return server.start()
    finally:
        local._Listener = usual


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something that happens in another thread."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it does not come about"
        time.sleep(0.005)


class World:
    """The places that are read and written to, on a clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._stack = ExitStack()
        self.clock = time_machine.travel(start, tick=False)
        self._moved = self.clock.start()
        self.slack, self.web = Slack(posts_per_second=None), Web()
        self.ios, self.reddit = AppStore(), Reddit(recorded=False)
        self.feeds, self.fediverse = RedditFeeds(), Mastodon()
        self.forum, self.github, self.hn = Discourse(), Github(), HackerNews()
        self.servers = (
            self.slack, self.web, self.ios, self.reddit, self.feeds, self.fediverse, self.forum, self.github, self.hn
        )  # fmt: skip
        for number, server in enumerate(self.servers):
            at_port(server, FIRST_PORT + number)
            self._stack.callback(server.stop)
        self.slack.install(manifest(f"http://127.0.0.1:{FIRST_PORT - 1}"))
        for channel, name in CHANNELS.items():
            self.slack.add_channel(channel, name)
        self.people = {name: Person(self.slack, user, name) for user, name in PEOPLE.items()}
        self.slack.add_group("S0SUPPORT1", "support", ["U0ANNA0001", "U0BERT0002"])
        for place in (self.reddit, self.feeds):
            place.standing["acme"] = "public"
        self.github.create("acme/widgets")

    def close(self) -> None:
        """End everything."""
        self._stack.close()
        self.clock.stop()

    def move(self, to: datetime) -> None:
        """Let it be a later time, once all that happened so far has been heard."""
        until(lambda: all(one.done for one in self.slack.deliveries))
        assert to >= datetime.now(UTC), f"{to} is over"
        self._moved.move_to(to)

    def sleep(self, seconds: float) -> None:
        """Let time pass instead of waiting."""
        self._moved.shift(timedelta(seconds=seconds))


class Acme:
    """The program in its folder, and what is done with it."""

    def __init__(self, folder: Path, world: World) -> None:
        self.folder, self.world = folder, world
        if not folder.exists():
            copytree(OPERATOR, folder)
            (folder / "env").rename(folder / ".env")
            for file in folder.iterdir():
                os.utime(file, (1_793_000_000, 1_793_000_000))
        checked = bootstrap.plan(folder / "config.toml", {"SLACK_APP_TOKEN": " "})
        self.app = bootstrap.build(checked, Console(file=StringIO()))
        self.stop = threading.Event()
        self.desk = Desk(self.app, bootstrap.now)

    def open(self) -> None:
        """Let people and services reach it."""
        self.desk.start(self.stop)
        self.listen()

    def listen(self) -> None:
        """Let it be reached, whoever works off what comes."""
        self.web = WebServer(self.app, self.stop, bootstrap.now, self.desk.answer)
        self.world.slack.use(SignedHttp(f"{self.web.url}/slack/events"))

    def close(self) -> None:
        """Stop as the program does."""
        self.stop.set()
        self.web.join(10)
        self.app.close()

    # What the program does by itself

    def poll(self, *ids: str) -> dict[str, Any]:
        """Read some sources, or all of them."""
        found = {}
        for polled in self.app.cycle.asked:
            if not ids or polled.id in ids:
                found[polled.id] = self.app.cycle.poll(polled, bootstrap.now())
        return found

    def advance(self) -> int:
        """Do what is due by the clock."""
        return self.app.clock.advance(bootstrap.now())

    def publish(self) -> None:
        """Publish what may be."""
        work_off(self.app.answerer, bootstrap.now, lambda: False)

    def deliver(self, seconds: float = 60) -> None:
        """Send what is due, and wait so long for the rest."""
        end = bootstrap.now() + timedelta(seconds=seconds)
        drain(self.app.deliverer, bootstrap.now, self.world.sleep, until=end)

    def go(self, to: datetime, *polls: str) -> None:
        """A turn of the program at a time: read, step, publish, send."""
        self.world.move(to)
        if polls:
            self.poll(*polls)
        self.advance()
        self.publish()
        self.deliver()

    # What is seen

    def alert(self, rule: str, words: str) -> int:
        """The number of the newest alert of a rule whose first feedback has these words."""
        with self.app.store.read() as tx:
            for alert in tx.alerts.find(rule_id=rule, limit=1000):
                card = tx.alerts.card(alert.id)
                if words in card.analysis.text or words == alert.group:
                    return alert.id
            told = [
                (a.id, a.rule_id, tx.alerts.card(a.id).analysis.text)
                for a in tx.alerts.find(limit=1000)
            ]
        raise AssertionError(f"no alert of {rule} with {words!r}, only {told}")

    def status(self, number: int) -> tuple[str, str]:
        """How an alert stands and who has it."""
        with self.app.store.read() as tx:
            alert = tx.alerts.get(number)
            return str(alert.status), alert.assignee

    def card(self, number: int) -> Message:
        """The card of an alert as people see it now."""
        with self.app.store.read() as tx:
            shown = tx.deliveries.shown(number)
        assert shown is not None, f"alert {number} has no card"
        return self.world.slack.channels[shown.posted_to].messages[shown.message_id]

    def line(self, number: int, words: str) -> Message:
        """The last line below a card that holds these words."""
        found = [
            one
            for one in self.world.slack.thread(self.card(number))
            if words in f"{one.text} {one.blocks}"
        ]
        assert found, f"no line {words!r} below alert {number}"
        return found[-1]

    def turn(self, number: int) -> str:
        """What the controls of a card carry."""
        with self.app.store.read() as tx:
            return f"{number}:{tx.alerts.get(number).turn}"

    # What people do

    def settle(self) -> None:
        """Wait until what people did is done, then show it."""
        until(self._settled)
        self.deliver()

    def _settled(self) -> bool:
        with self.app.store.read() as tx:
            return not tx.inbox.waiting(bootstrap.now() + timedelta(minutes=5), desk=True)

    def click(self, who: str, number: int, action: str) -> None:
        """Click a button of a card that does something at once."""
        assert self.world.people[who].click(self.card(number), action).acked
        self.settle()

    def react(self, who: str, number: int, emoji: str) -> None:
        """Put an emoji on a card."""
        assert self.world.people[who].react(self.card(number), emoji).acked
        self.settle()

    def fill(self, who: str, number: int, dialog: str, values: dict[str, Any]) -> None:
        """Open a dialog from a card, fill it in and send it off."""
        person = self.world.people[who]
        self.open_dialog(who, number, dialog)
        done = person.submit(person.modal, values)
        assert not done.errors, done.errors
        self.settle()

    def open_dialog(self, who: str, number: int, dialog: str) -> None:
        """Open a dialog from a button or from the menu of a card."""
        person = self.world.people[who]
        if dialog in ("assign", "snooze", "correct", "escalate"):
            person.choose(self.card(number), "more", f"{dialog}:{self.turn(number)}")
        else:
            person.click(self.card(number), dialog)
        until(lambda: person.modal is not None)
        until(self._settled)

    def dismiss(self, who: str, number: int) -> None:
        """Choose "not useful" from the menu of a card."""
        self.world.people[who].choose(self.card(number), "more", f"dismiss:{self.turn(number)}")
        self.settle()

    def command(self, who: str, text: str) -> str:
        """Type /repwatch, and read the answer."""
        person = self.world.people[who]
        before = len(person.notes)
        assert person.command("/repwatch", text, channel="C0SUPPORT").acked
        until(lambda: len(person.notes) > before)
        until(self._settled)
        return f"{person.notes[-1].text} {person.notes[-1].blocks}"

    def cli(self, *arguments: str) -> None:
        """Run a command of the terminal."""
        from monitor.cli import app

        with redirect_stdout(StringIO()):
            app([*arguments, "--config", str(self.folder / "config.toml")], standalone_mode=False)

    # What services send

    def hook(self, source: str, body: bytes, headers: dict[str, str]) -> int:
        """Call a hook, and return the status."""
        with httpx2.Client(trust_env=False) as client:
            return client.post(
                f"{self.web.url}/hooks/{source}", content=body, headers=headers
            ).status_code

    def desk_app(self, **fields: Any) -> None:
        """Let Acme's own desk application tell of a ticket."""
        body = json.dumps(fields).encode()
        proof = hmac.new(b"desk-app-secret-value", body, hashlib.sha256).hexdigest()
        assert self.hook("desk-app", body, {"X-Acme-Signature": proof}) < 300
        until(lambda: not self._waiting())

    def _waiting(self) -> int:
        with self.app.store.read() as tx:
            return len(tx.inbox.waiting(bootstrap.now()))


@contextmanager
def acme(folder: Path, start: datetime) -> Iterator[Acme]:
    """Acme at work, in a `with` statement."""
    load_the_dice()
    world = World(start)
    try:
        place = Acme(folder, world)
        place.open()
        try:
            yield place
        finally:
            place.close()
    finally:
        world.close()


def utc(day: int, clock: str) -> datetime:
    """A time of November 2026."""
    hour, minute, *second = map(int, clock.split(":"))
    return datetime(2026, 11, day, hour, minute, *second, tzinfo=UTC)


assert SIGNING_SECRET in (OPERATOR / "env").read_text("utf-8")
