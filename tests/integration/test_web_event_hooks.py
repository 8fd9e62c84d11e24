"""Events that other programs mark over HTTP: only what is signed, each once, mistakes in words."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from monitor.domain.marked_event import MarkedEvent, MarkedEventKind, MarkOrigin
from monitor.store import Store
from monitor.testing import memory_store
from monitor.web.event_hooks import build_event_routes

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = "events-secret-1"
PATH = "/hooks/events/mark"


@dataclass
class EventPlace:
    """A web application with the route, and the store behind it."""

    store: Store
    client: TestClient

    def post(self, body: str, secret: str = SECRET) -> tuple[int, str]:
        """The answer to a signed request: status and body."""
        digest = hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
        headers = {"X-Repwatch-Signature": f"sha256={digest}"}
        answer = self.client.post(PATH, content=body.encode(), headers=headers)
        return answer.status_code, answer.text

    @property
    def marked(self) -> list[MarkedEvent]:
        """What is stored."""
        with self.store.read() as tx:
            return tx.marked_events.newest(10)


@pytest.fixture
def place() -> Iterator[EventPlace]:
    """A place that knows the secret."""
    store = memory_store()
    web = FastAPI()
    web.include_router(build_event_routes(store, SecretStr(SECRET), lambda: NOW))
    with TestClient(web) as client:
        yield EventPlace(store, client)
    store.close()


def test_a_signed_event_is_marked_once(place: EventPlace) -> None:
    """Told again, the answer names the same event and says that it is not new."""
    body = '{"name": "6.5.0", "kind": "release", "at": "2026-11-20T08:30+01:00"}'

    first, second = place.post(body), place.post(body)

    assert first == (200, '{"id":1,"new":true}')
    assert second == (200, '{"id":1,"new":false}')
    [event] = place.marked
    assert (event.name, event.kind) == ("6.5.0", MarkedEventKind.RELEASE)
    assert event.at == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    assert event.origin is MarkOrigin.WEBHOOK


def test_without_a_time_it_happens_now(place: EventPlace) -> None:
    """And without a kind it is of no kind in particular."""
    assert place.post('{"name": "Price list"}')[0] == 200

    assert [(event.at, event.kind) for event in place.marked] == [(NOW, MarkedEventKind.OTHER)]


def test_who_does_not_know_the_secret_is_refused(place: EventPlace) -> None:
    """Another secret, or no signature, get 401 without a word, and nothing is kept."""
    wrong = place.post('{"name": "6.5.0"}', "other-secret")
    unsigned = place.client.post(PATH, content=b'{"name": "6.5.0"}')

    assert (wrong, unsigned.status_code, place.marked) == ((401, ""), 401, [])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("[]", "an object is needed"),
        ("{", "the body is no JSON"),
        ("[" * 100_000, "the body is no JSON"),
        ('{"nam": "6.5.0"}', "unknown key 'nam'; did you mean 'name'?"),
        ('{"name": 6}', "name: text is needed"),
        ('{"name": ""}', "an event needs a name"),
        ('{"name": "x", "kind": "releas"}', "did you mean 'release'?"),
        ('{"name": "x", "at": "soon"}', "at: no time; write it like"),
        ('{"name": "x", "until": "2026-11-01"}', "it ends before it begins"),
    ],
)
def test_a_mistake_is_told_to_whoever_signed_it(place: EventPlace, body: str, said: str) -> None:
    """With what is wrong and what is meant; nothing is stored."""
    status, text = place.post(body)

    assert status == 422
    assert said in text
    assert place.marked == []


def test_without_a_secret_there_is_no_route() -> None:
    """Nobody can mark anything by accident."""
    store = memory_store()
    web = FastAPI()
    web.include_router(build_event_routes(store, SecretStr(""), lambda: NOW))

    with TestClient(web) as client:
        assert client.post(PATH, content=b"{}").status_code == 404
    store.close()
