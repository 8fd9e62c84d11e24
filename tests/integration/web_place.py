"""repwatch with its web application on a real socket, and what services send to it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2
from rich.console import Console

from monitor import bootstrap
from monitor.bootstrap import App
from monitor.domain.alert import Alert
from monitor.domain.feedback import Feedback
from monitor.store.inbox import InboxCount
from monitor.testing import RecordingNotifier
from monitor.web.server import WebServer
from tests.world.mortal import provide_tables
from tests.world.waiting import LAST_RESORT, wait_until

DATA = Path(__file__).parents[1] / "data" / "hooks"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ENVIRON = {"HOOK_SECRET": "hook-secret-1", "HOOK_OLD": "hook-secret-0", "API_TOKEN": "api-token-1"}
CONFIG = """
[store]
url = "sqlite:///store.db"
[http]
allow_private_networks = true
[rules]
file = "rules.toml"
[web]
listen = "127.0.0.1:0"
[[sources]]
id = "typeform"
kind = "webhook"
preset = "typeform"
secret_env = "HOOK_SECRET"
old_secret_env = "HOOK_OLD"
[[sources]]
id = "delighted"
kind = "webhook"
preset = "delighted"
secret_env = "HOOK_SECRET"
[[sources]]
id = "trustpilot"
kind = "webhook"
preset = "trustpilot"
secret_env = "HOOK_SECRET"
[[sources]]
id = "surveymonkey"
kind = "webhook"
preset = "surveymonkey"
secret_env = "HOOK_SECRET"
client_id = "cid"
token_env = "API_TOKEN"
api_url = "{api}"
[[sources]]
id = "generic"
kind = "webhook"
secret_env = "HOOK_SECRET"
mapping = {{ id = "id", body = "text" }}
[[sources]]
id = "file"
kind = "csv_file"
path = "sample:survey.csv"
"""
RULES = """
[[rules]]
id = "broken"
name = "Something is broken"
group_by = ["feedback"]
all = [{ text = "broken" }]
"""


def example(name: str) -> Any:
    """An event as its service sends it."""
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))


def encoded(event: Any) -> bytes:
    """An event as bytes."""
    return event if isinstance(event, bytes) else json.dumps(event).encode()


def typeform_signature(body: bytes, secret: str = ENVIRON["HOOK_SECRET"]) -> dict[str, str]:
    """The header that Typeform sends."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return {"Typeform-Signature": "sha256=" + base64.b64encode(digest).decode()}


def surveymonkey_signature(body: bytes) -> dict[str, str]:
    """The header that SurveyMonkey sends."""
    digest = hmac.new(f"cid&{ENVIRON['HOOK_SECRET']}".encode(), body, hashlib.sha1).digest()
    return {"Sm-Signature": base64.b64encode(digest).decode()}


def write_config(folder: Path, api: str = "http://127.0.0.1:1", text: str = CONFIG) -> Path:
    """The configuration of a place, with its rules beside it."""
    (folder / "rules.toml").write_text(RULES, "utf-8")
    path = folder / "config.toml"
    path.write_text(text.format(api=api), "utf-8")
    return path


def built(folder: Path) -> App:
    """All parts of a place, joined and open."""
    provide_tables(folder / "store.db")
    checked = bootstrap.load_checked_config(folder / "config.toml", ENVIRON)
    return bootstrap.build_app(checked, Console(file=StringIO()), notifier=RecordingNotifier())


@dataclass
class Clock:
    """A time that stands still until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """What time it is."""
        return self.now

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by


@dataclass
class Place:
    """A folder with its configuration, and the program that works in it, in a `with` statement."""

    folder: Path
    clock: Clock = field(default_factory=Clock)

    def __enter__(self) -> Self:
        self.app = built(self.folder)
        self.stop = threading.Event()
        self.server = WebServer(self.app, self.stop, self.clock)
        self.client = httpx2.Client(base_url=self.server.url, trust_env=False, timeout=LAST_RESORT)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.client.close()
        self.stop.set()
        assert self.server.join(LAST_RESORT), "the web server did not end"
        self.app.close()

    def post(
        self, source_id: str, event: Any, headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        """Send an event; without other headers with the right token."""
        given = {"X-Repwatch-Token": ENVIRON["HOOK_SECRET"]} if headers is None else headers
        return self.client.post(f"/hooks/{source_id}", content=encoded(event), headers=given)

    def post_typeform(self, event: Any, secret: str = ENVIRON["HOOK_SECRET"]) -> httpx2.Response:
        """Send an event as Typeform signs it."""
        body = encoded(event)
        return self.post("typeform", body, typeform_signature(body, secret))

    def settled(self) -> bool:
        """Whether nothing waits in the inbox any more, in time."""
        return wait_until(lambda: self.inbox.waiting == 0)

    @property
    def inbox(self) -> InboxCount:
        """How full the inbox is."""
        with self.app.store.read() as tx:
            return tx.inbox.count()

    @property
    def stored(self) -> dict[str, Feedback]:
        """All feedback by its own id."""
        with self.app.store.read() as tx:
            return {item.external_id: item for item, _ in tx.feedback.iterate_stored()}

    @property
    def alerts(self) -> list[Alert]:
        """All alerts, newest first."""
        with self.app.store.read() as tx:
            return tx.alerts.find()
