"""Between the acknowledgement and the feedback nothing is lost: neither by a kill nor by a stop,
and errors end.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import httpx2
import pytest

from monitor import bootstrap
from monitor.pipeline.webhooks import MAX_ATTEMPTS
from sources.base import HookRequest
from tests.integration.web_place import (
    ENVIRON,
    NOW,
    Clock,
    Place,
    built,
    encoded,
    example,
    surveymonkey_signature,
    write_config,
)
from tests.world.faults import Handler, Reply, Request, answers
from tests.world.server import LocalServer
from tests.world.waiting import LAST_RESORT, wait_until

ROOT = Path(__file__).parents[2]
SERVER = """
import os, sys, threading
from pathlib import Path
from rich.console import Console
from monitor import bootstrap
from monitor.logs import configure_logging
from monitor.web.server import start_web_server
config = bootstrap.load_checked_config(Path(sys.argv[1]), os.environ)
configure_logging(config.settings.log, config.settings.secrets.redact)
app = bootstrap.build_app(config, Console(stderr=True))
print(start_web_server(app, threading.Event()).url, flush=True)
"""
TOKEN = {"x-repwatch-token": ENVIRON["HOOK_SECRET"]}


class SlowApi(LocalServer):
    """SurveyMonkey's interface, which keeps whoever asks waiting until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.weather = lambda _: self._slowly

    def answer(self, request: Request) -> Reply:
        return Reply(body=encoded(example("surveymonkey_response")))

    def _slowly(self, request: Request, handler: Handler) -> Reply:
        self.go.wait(LAST_RESORT)
        return handler(request)


@dataclass
class Process:
    """The web application in a process of its own."""

    folder: Path
    url: str = field(init=False)

    def __enter__(self) -> Process:
        command = [sys.executable, "-c", SERVER, str(self.folder / "config.toml")]
        environ = {**os.environ, **ENVIRON}
        self._process = subprocess.Popen(  # noqa: S603 (our own words)
            command,
            cwd=ROOT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(LAST_RESORT)
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_config(tmp_path)
    return tmp_path


def test_a_kill_between_acknowledgement_and_processing_loses_nothing(tmp_path: Path) -> None:
    """A response that was acknowledged and was being fetched when the process died is stored after
    the restart.
    """
    body = encoded(example("surveymonkey"))
    with SlowApi() as api:
        write_config(tmp_path, api.url)
        with Process(tmp_path) as process:
            answer = httpx2.post(
                f"{process.url}/hooks/surveymonkey",
                content=body,
                headers=surveymonkey_signature(body),
                trust_env=False,
            )
            assert wait_until(lambda: bool(api.requests))
        api.go.set()
        # The process that was killed lived by the machine's clock.
        with Place(tmp_path, Clock(bootstrap.utc_now())) as place:
            assert wait_until(lambda: "600601" in place.stored)
            again = place.post("surveymonkey", body, surveymonkey_signature(body))

    assert (answer.status_code, again.status_code) == (200, 200)


def test_what_a_stop_has_left_is_worked_off_after_the_start(folder: Path) -> None:
    """An entry that was only written is worked off by the next process without any request."""
    app = built(folder)
    accepted = app.webhooks.accept(
        "generic", HookRequest(TOKEN, {}, b'{"id": "1", "text": "kept"}'), NOW
    )
    app.close()
    with Place(folder) as place:
        assert wait_until(lambda: "1" in place.stored)

    assert accepted


def test_it_stops_while_a_source_is_slow(tmp_path: Path) -> None:
    """A fetch under way does not hold up the stop; its entry still waits afterwards."""
    body = encoded(example("surveymonkey"))
    with SlowApi() as api:
        write_config(tmp_path, api.url)
        with Place(tmp_path) as place:
            place.post("surveymonkey", body, surveymonkey_signature(body))
            assert wait_until(lambda: bool(api.requests))
            place.stop.set()
            ended = place.server.join(10)
            waiting = place.inbox.waiting
        api.go.set()

    assert ended
    assert waiting == 1


def test_it_stops_while_a_request_is_coming_in(folder: Path) -> None:
    """A sender that is in the middle of its body does not hold up the stop, and was promised
    nothing.
    """
    with Place(folder) as place:
        host, port = place.server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=LAST_RESORT) as connection:
            connection.sendall(
                b"POST /hooks/generic HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{"
            )
            assert place.client.get("/healthz").status_code == 200
            place.stop.set()
            ended = place.server.join(8)  # reading the body alone may take ten
            answer = connection.recv(100)

    assert ended
    assert not answer.startswith(b"HTTP/1.1 2")


def test_a_restart_revives_what_was_given_up(folder: Path) -> None:
    """After its cause was mended, an entry that was given up comes through with the next start."""
    app = built(folder)
    app.webhooks.accept("generic", HookRequest(TOKEN, {}, b'{"id": "1", "text": "kept"}'), NOW)
    with app.store.write() as tx:
        (entry,) = tx.inbox.find_due(NOW)
        tx.inbox.mark_failed(entry.id, "a wrong token", None)
    app.close()
    with Place(folder) as place:
        revived = wait_until(lambda: "1" in place.stored)

    assert revived


def test_errors_end_after_ten_tries_and_a_restart_tries_once_more(folder: Path) -> None:
    """The pause doubles from a minute on; then the entry is dead and counted, and others went on
    all the time.
    """
    app = built(folder)
    reception = app.webhooks
    reception.accept("generic", HookRequest(TOKEN, {}, b"not json"), NOW)
    now, tried = NOW, []
    for _ in range(60 * 24):
        tried += [now for handled in reception.ingest_due_entries(now) if handled.error]
        now += timedelta(minutes=1)
    pauses = [int((later - earlier) / timedelta(minutes=1)) for earlier, later in pairwise(tried)]
    with app.store.read() as tx:
        count, state = tx.inbox.count(), tx.sources.get_state("generic")
    revived = reception.retry_dead_letters(now)
    once_more = [handled.given_up for handled in reception.ingest_due_entries(now)]
    app.close()

    assert len(tried) == MAX_ATTEMPTS
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert (count.waiting, count.dead) == (0, 1)
    assert (state.failures, state.last_success_at) == (MAX_ATTEMPTS, None)
    assert (revived, once_more) == (1, [True])


def test_a_service_that_is_away_is_asked_once_in_a_go(tmp_path: Path) -> None:
    """With one answer that does not come, all its entries wait, and entries of others behind them
    go through.
    """
    with SlowApi() as api:
        api.weather = lambda _: answers(503, {"Retry-After": "60"})
        write_config(tmp_path, api.url)
        app = built(tmp_path)
        reception = app.webhooks
        for number in range(3):
            body = encoded(
                example("surveymonkey") | {"event_id": f"e{number}", "object_id": str(number)}
            )
            signed = {name.lower(): value for name, value in surveymonkey_signature(body).items()}
            reception.accept("surveymonkey", HookRequest(signed, {}, body), NOW)
        reception.accept("generic", HookRequest(TOKEN, {}, b'{"id": "1", "text": "fine"}'), NOW)
        handled = reception.ingest_due_entries(NOW)
        asked = [request.path for request in api.requests]
        app.close()

    assert asked == ["/v3/surveys/5005/responses/0/details"]
    assert [bool(one.error) for one in handled] == [True, True, True, False]
    assert handled[-1].ingested.new == 1


def test_success_is_told_of_the_source(folder: Path) -> None:
    """A hook that was worked off is the source's last success, and ends its row of failures."""
    app = built(folder)
    reception = app.webhooks
    later = NOW + timedelta(seconds=1)
    for body, at in ((b"not json", NOW), (b'{"id": "1", "text": "fine"}', later)):
        reception.accept("generic", HookRequest(TOKEN, {}, body), at)
        reception.ingest_due_entries(at)
    with app.store.read() as tx:
        state = tx.sources.get_state("generic")
    app.close()

    assert (state.failures, state.error, state.last_success_at) == (0, "", later)


def test_a_source_that_left_the_configuration_keeps_its_entries(folder: Path) -> None:
    """What waits for a source that is gone is told as such and comes through when the source is
    back.
    """
    app = built(folder)
    app.webhooks.accept("generic", HookRequest(TOKEN, {}, b'{"id": "1", "text": "kept"}'), NOW)
    app.close()
    config = folder / "config.toml"
    complete = config.read_text("utf-8")
    config.write_text(complete.replace('id = "generic"', 'id = "renamed"'), "utf-8")
    without = errors_of(folder, NOW)
    config.write_text(complete, "utf-8")
    back = errors_of(folder, NOW + timedelta(minutes=1))

    assert without == ["'generic' is no longer a source of the configuration"]
    assert back == [""]


def errors_of(folder: Path, now: datetime) -> list[str]:
    app = built(folder)
    try:
        return [handled.error for handled in app.webhooks.ingest_due_entries(now)]
    finally:
        app.close()
