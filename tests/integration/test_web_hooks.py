"""Hooks over real HTTP: only what is proved comes in, each thing once, and nothing that was
acknowledged is lost.
"""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.domain.feedback import Rating, Scale
from monitor.store.inbox import InboxEntry
from monitor.web.hooks import MAX_BODY
from tests.integration.web_place import (
    ENVIRON,
    NOW,
    Place,
    encoded,
    example,
    surveymonkey_signature,
    typeform_signature,
    write_config,
)
from tests.world.faults import Reply, Request, answers
from tests.world.server import LocalServer
from tests.world.waiting import LAST_RESORT, wait_until


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    write_config(tmp_path)
    with Place(tmp_path) as running:
        yield running


class Api(LocalServer):
    """SurveyMonkey's interface: one response."""

    def answer(self, request: Request) -> Reply:
        return Reply(body=encoded(example("surveymonkey_response")))


def test_a_signed_event_becomes_feedback_and_an_alert(place: Place) -> None:
    """What Typeform sends is acknowledged, stored with its figures, and alerts."""
    answer = place.post_typeform(example("typeform"))

    assert (answer.status_code, answer.content) == (200, b"")
    assert place.settled()
    item = place.stored["resp-7f3a91"]
    assert item.body == "Das Paket war kaputt 😡 and nobody answers"
    assert item.rating == Rating(2, Scale.NPS)
    assert item.question == "What is the main reason?"


def test_who_does_not_know_the_secret_is_refused(place: Place) -> None:
    """A changed byte, a wrong secret and no signature get 401 without a word, and nothing is
    kept.
    """
    body = encoded(example("typeform"))
    tampered = place.post("typeform", body.replace(b"kaputt", b"kapuTt"), typeform_signature(body))
    answers_given = [
        tampered,
        place.post_typeform(body, "wrong-secret"),
        place.post("typeform", body, {}),
    ]

    assert [(answer.status_code, answer.content) for answer in answers_given] == [(401, b"")] * 3
    assert (place.inbox.waiting, place.stored) == (0, {})


def test_both_secrets_hold_during_rotation(place: Place) -> None:
    """While one secret replaces another, events signed with either come in."""
    event = example("typeform")
    second = {**event, "event_id": "other"}

    assert place.post_typeform(event, ENVIRON["HOOK_OLD"]).status_code == 200
    assert place.post_typeform(second, ENVIRON["HOOK_SECRET"]).status_code == 200


def test_a_replay_is_acknowledged_and_ignored(place: Place) -> None:
    """The same event again, also with another body under the same event id, changes nothing."""
    event = example("delighted_updated")
    first = place.post("delighted", event)
    assert place.settled()
    event["event_data"]["comment"] = "something else"
    again = [place.post("delighted", example("delighted_updated")), place.post("delighted", event)]
    assert place.settled()

    assert [answer.status_code for answer in (first, *again)] == [200, 200, 200]
    assert place.stored["90210"].body.startswith("The invoice is broken again")
    assert len(place.alerts) == 1


def test_the_comment_that_comes_later_updates_the_same_feedback(place: Place) -> None:
    """The score is stored at the click, the comment is added to it, and only then the rule about
    words alerts.
    """
    place.post("delighted", example("delighted_created"))
    assert place.settled()
    before, alerts_before = place.stored["90210"], place.alerts
    place.post("delighted", example("delighted_updated"))
    assert place.settled()
    after = place.stored["90210"]

    assert (before.body, alerts_before) == ("", [])
    assert (after.id, after.rating) == (before.id, Rating(1, Scale.NPS))
    assert after.body.startswith("The invoice is broken again")
    assert [alert.rule_id for alert in place.alerts] == ["broken"]


def test_a_late_event_does_not_undo_a_newer_one(place: Place) -> None:
    """An event that was overtaken does not take the comment away again."""
    place.post("delighted", example("delighted_updated"))
    assert place.settled()
    late = place.post("delighted", example("delighted_created"))
    assert place.settled()

    assert late.status_code == 200
    assert place.stored["90210"].body.startswith("The invoice is broken again")


def test_a_batch_with_bad_events_brings_the_good_ones(place: Place) -> None:
    """Trustpilot's bad events are left out, and a later deletion removes a review."""
    place.post("trustpilot", example("trustpilot"), {"Authorization": "Basic eDpob29rLXNlY3JldC0x"})
    assert place.settled()
    before = set(place.stored)
    place.client.post(
        f"/hooks/trustpilot?token={ENVIRON['HOOK_SECRET']}", json=example("trustpilot_deleted")
    )
    assert place.settled()

    assert before == {"64f00000000000000000aaaa", "64f00000000000000000bbbb"}
    assert set(place.stored) == {"64f00000000000000000bbbb"}


def test_no_secret_gets_into_the_database(place: Place) -> None:
    """Of a request that waits, the body, the content type and the query are kept; no token, cookie
    or signature is.
    """
    secret = ENVIRON["HOOK_SECRET"]
    headers = {
        "X-Repwatch-Token": secret,
        "Cookie": "session=abc",
        "Content-Type": "application/json",
    }
    place.client.post(
        f"/hooks/generic?token={secret}&copy={secret}&kind=x", content=b"not json", headers=headers
    )
    with place.app.store.read() as tx:
        (entry,) = tx.inbox.find_due(NOW + timedelta(days=1))
    files = b"".join(path.read_bytes() for path in place.folder.glob("store.db*"))

    assert entry.headers == {"content-type": "application/json"}
    assert entry.query == {"copy": "***", "kind": "x"}
    assert b"application/json" in files
    assert not [value for value in (secret, "session=abc") if value.encode() in files]


@pytest.mark.parametrize(
    "source_id", ["nobody", "file", "..%2Ftypeform", "typeform/", "TYPEFORM", "%00"]
)
def test_only_hooks_of_the_configuration_exist(place: Place, source_id: str) -> None:
    """An unknown source, one that is polled, and any other spelling is not found."""
    assert place.post(source_id, b"{}").status_code == 404
    assert place.stored == {}


def test_services_may_ask_whether_the_address_exists(place: Place) -> None:
    """HEAD says yes for a hook and no for anything else, and reading a hook is not possible."""
    assert [place.client.head(f"/hooks/{name}").status_code for name in ("typeform", "nobody")] == [
        200,
        404,
    ]
    assert place.client.get("/hooks/typeform").status_code == 405


def test_a_body_of_the_largest_size_comes_in_and_a_larger_one_does_not(place: Place) -> None:
    """The limit is exact, also when the length is not announced."""
    frame = len(b'{"id":"1","text":""}')
    fits = b'{"id":"1","text":"' + b"x" * (MAX_BODY - frame) + b'"}'
    headers = {"X-Repwatch-Token": ENVIRON["HOOK_SECRET"]}

    def pieces(body: bytes) -> Iterator[bytes]:
        yield from (body[start : start + 65536] for start in range(0, len(body), 65536))

    announced = [place.post("generic", body).status_code for body in (fits, fits + b" ")]
    chunked = [
        place.client.post("/hooks/generic", content=pieces(body), headers=headers).status_code
        for body in (fits, fits + b" ")
    ]

    assert (announced, chunked) == ([200, 413], [200, 413])


def test_an_announced_length_is_refused_before_it_is_sent(place: Place) -> None:
    """Who says how much is to come is answered at once, without a byte of it."""
    host, port = place.server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=LAST_RESORT) as connection:
        connection.sendall(
            b"POST /hooks/generic HTTP/1.1\r\nHost: x\r\nContent-Length: 1000001\r\n\r\n"
        )
        answer = connection.recv(100)

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_an_endless_body_is_cut_off(place: Place) -> None:
    """Who goes on sending is answered after the limit, and the server goes on serving others."""
    host, port = place.server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=LAST_RESORT) as connection:
        connection.sendall(
            b"POST /hooks/generic HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        sent = 0
        try:
            while sent < 40 * MAX_BODY:
                connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
                sent += 0x10000
        except OSError:
            pass

    assert sent < 40 * MAX_BODY
    assert place.client.get("/healthz").status_code == 200


def test_a_sender_that_vanishes_leaves_nothing(place: Place) -> None:
    """A connection that breaks in the middle of a body is neither kept nor an error for others."""
    host, port = place.server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=LAST_RESORT) as connection:
        head = b"POST /hooks/generic HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
        connection.sendall(
            head + b"X-Repwatch-Token: " + ENVIRON["HOOK_SECRET"].encode() + b"\r\n\r\n{"
        )

    assert place.client.get("/healthz").status_code == 200
    assert place.inbox.waiting == 0


def _left(place: Place) -> list[InboxEntry]:
    """What is not worked off: an entry is done a moment after its feedback is stored."""
    with place.app.store.read() as tx:
        return tx.inbox.find_due(NOW + timedelta(days=1))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{not json",
        b"\xff\xfe\x00\x01",
        b"[" * 200_000,
        b'{"id":' * 150_000,
        b'{"id": NaN, "text": Infinity}',
        b'{"id": "1"}',
    ],
)
def test_a_proved_body_that_cannot_be_read_stays_with_its_entry(place: Place, body: bytes) -> None:
    """It is acknowledged, told as an error of the source, and what comes after it goes through."""
    first = place.post("generic", body)
    second = place.post("generic", b'{"id": "2", "text": "fine"}')
    assert wait_until(lambda: "2" in place.stored and len(_left(place)) == 1)
    (entry,) = _left(place)

    assert (first.status_code, second.status_code) == (200, 200)
    assert entry.attempts == 1
    assert entry.body == body


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (rb"\u0000nul\ud800and surrogate", "nul\ufffdand surrogate"),
        ("Ça marche pas 🤬 \u202e".encode(), "Ça marche pas 🤬"),
        (rb"\ud83d\ude21", "😡"),
        (b"<script>alert(1)</script><!channel>", "<script>alert(1)</script><!channel>"),
    ],
)
def test_hostile_and_foreign_text_is_only_text(place: Place, text: bytes, expected: str) -> None:
    """What no database stores is taken out, and everything else comes through as it was written."""
    place.post("generic", b'{"id": 123456789012345678901234567890, "text": "' + text + b'"}')
    assert place.settled()

    assert place.stored["123456789012345678901234567890"].body == expected


def test_surveymonkey_is_asked_again_until_it_answers(tmp_path: Path) -> None:
    """An interface that is away delays only its own entry; when its time has come the response is
    stored once.
    """
    body = encoded(example("surveymonkey"))
    with Api() as api:
        write_config(tmp_path, api.url)
        api.weather = lambda _: answers(503, {"Retry-After": "120"})
        with Place(tmp_path) as place:
            assert place.post("surveymonkey", body, surveymonkey_signature(body)).status_code == 200
            assert wait_until(lambda: bool(api.requests))
            place.post("generic", b'{"id": "2", "text": "fine"}')
            assert wait_until(lambda: "2" in place.stored)
            api.weather = lambda _: None
            place.clock.move(timedelta(seconds=119))
            place.post("generic", b'{"id": "3", "text": "fine"}')
            assert wait_until(lambda: "3" in place.stored)
            early = "600601" in place.stored
            place.clock.move(timedelta(seconds=1))
            place.post("generic", b'{"id": "4", "text": "fine"}')
            assert place.settled()
            stored = place.stored

    assert not early
    assert stored["600601"].body == "The box was broken"
    assert {request.headers["authorization"] for request in api.requests} == {
        f"Bearer {ENVIRON['API_TOKEN']}"
    }


def test_the_sender_is_told_to_come_back_while_the_database_fails(place: Place) -> None:
    """What cannot be written is not acknowledged: 503, so that the service sends it again."""
    with broken_inbox(place.folder):
        refused = place.post("generic", b'{"id": "1", "text": "again"}')
        ready = place.client.get("/readyz").status_code
        alive = place.client.get("/healthz").status_code
    accepted = place.post("generic", b'{"id": "1", "text": "again"}')
    assert place.settled()

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
    assert (ready, alive) == (503, 200)
    assert accepted.status_code == 200
    assert place.stored["1"].body == "again"


@contextmanager
def broken_inbox(folder: Path) -> Iterator[None]:
    """The table of the inbox is missing for a while."""
    with closing(sqlite3.connect(folder / "store.db", timeout=LAST_RESORT)) as connection:
        connection.execute("ALTER TABLE inbox RENAME TO away")
        connection.commit()
        yield
        connection.execute("ALTER TABLE away RENAME TO inbox")
        connection.commit()
