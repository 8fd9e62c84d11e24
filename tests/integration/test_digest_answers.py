"""Our own answers in the digest: which are known, and where two of them may differ."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from monitor.digest.build import DigestRequest
from monitor.digest.make import DigestWorkshop
from monitor.digest.scope import DigestScope
from monitor.digest.snapshot import dump_digest, load_digest
from monitor.domain.actor import Actor
from monitor.domain.digest import Audience, Digest
from monitor.domain.feedback import Analysis, Author, Feedback, Signal
from monitor.domain.period import Period
from monitor.domain.reply import Reply, ReplyState
from monitor.settings import Settings
from monitor.store import Store
from tests.integration.store_values import NOW, decision, item, recorded, stored

WEEK = Period.from_name("2026-W47")
HOUR = timedelta(hours=1)
MADE_AT = WEEK.until + 9 * HOUR
SOURCES = [{"id": "app", "kind": "feed"}]
TEAM = Author(name="Acme")


def asked(name: str, body: str = "Where is my money?", **fields: Any) -> tuple[Feedback, Analysis]:
    """A customer's feedback about the price."""
    fields = {"created_at": NOW - 5 * HOUR, "author": Author(name=f"Person {name}")} | fields
    feedback, analysis = item(name, body, **fields)
    return feedback, replace(analysis, drivers=("price",))


def answered(name: str, body: str, **fields: Any) -> tuple[Feedback, Analysis]:
    """What one of our own accounts wrote."""
    return item(name, body, author=TEAM, own=True, **fields)


def send(store: Store, alert_id: int, feedback: Feedback, text: str, **fields: Any) -> None:
    """Store an answer that was written in repwatch."""
    reply = Reply(
        **{
            "id": 0,
            "alert_id": alert_id,
            "feedback_id": feedback.id,
            "source_id": feedback.source_id,
            "text": text,
            "state": ReplyState.PUBLISHED,
            "actor": Actor.slack("U1"),
            "at": NOW - HOUR,
            **fields,
        }
    )
    with store.write() as tx:
        tx.replies.add(reply)


def workshop(store: Store, **brand: Any) -> DigestWorkshop:
    """A workshop for one source."""
    settings = Settings.model_validate({"sources": SOURCES, "brand": brand})
    return DigestWorkshop(store, settings, str)


def build(store: Store, scope: str = "", **brand: Any) -> Digest:
    """The digest of the week."""
    request = DigestRequest(WEEK, DigestScope.from_name(scope))
    return workshop(store, **brand).build(request, MADE_AT)


def read(store: Store, digest: Digest) -> str:
    """The digest in plain text, on one line."""
    return re.sub(r"\s+", " ", workshop(store).word(digest, Audience.LEADERSHIP).text)


def test_what_we_answered_is_known_from_here_and_from_there(store: Store) -> None:
    """Sent or copied from repwatch, or seen below a customer's words; each answer once."""
    one, two, _, _, _, _, _ = stored(
        store,
        asked("1"),
        asked("2", thread_id="t"),
        answered("seen", "In its thread", parent_id="gone", thread_id="2", created_at=NOW),
        answered("ours", "Sent from here", parent_id="1", thread_id="1"),
        answered("same", "sent  FROM here", parent_id="1"),
        answered("news", "We are open"),
        asked("theirs", parent_id="1"),
    )
    [alert] = recorded(store, decision(one)).opened
    send(store, alert.id, one[0], "Sent from here", external_id="ours")
    send(store, alert.id, one[0], "Copied", state=ReplyState.COPIED, at=NOW - 2 * HOUR)
    send(store, alert.id, one[0], "A draft", state=ReplyState.PROPOSED)
    send(store, alert.id, one[0], "Last year", at=NOW - timedelta(days=300))
    with store.read() as tx:
        found = tx.public_answers.list_between(WEEK.since, WEEK.until, ["app"])
        elsewhere = tx.public_answers.list_between(WEEK.since, WEEK.until, ["web"])

    assert [(each.text, each.feedback_id) for each in found] == [
        ("Copied", one[0].id),
        ("Sent from here", one[0].id),
        ("In its thread", two[0].id),
    ]
    assert (found[-1].shown_id, found[0].shown_id) != (two[0].id, two[0].id)
    assert elsewhere == []


def test_two_answers_that_may_differ_are_shown_with_links(store: Store) -> None:
    """Without names: the words are looked up where they stand, and a part of the customers has no
    answers of its own.
    """
    one, _, _ = stored(
        store,
        asked("1", url="https://shop.example/1", attributes={"plan": "pro"}),
        asked("2", url="https://shop.example/2", attributes={"plan": "pro"}),
        answered(
            "3", "Sorry Ann! We cannot refund you.", parent_id="2", url="https://shop.example/ours"
        ),
    )
    [alert] = recorded(store, decision(one)).opened
    send(store, alert.id, one[0], "We can refund you.", state=ReplyState.FAILED)
    assert "consistency" not in build(store).parts
    send(store, alert.id, one[0], "We can refund you.")
    digest = build(store)
    text, html = read(store, digest), workshop(store).word(digest, Audience.LEADERSHIP).html

    assert "Two answers may differ on a promise of refunds (both about price): yes" in text
    first, second = "yes (https://shop.example/1) (Nov 22)", "no (https://shop.example/ours)"
    assert f"{first} against {second} (Nov 22)" in text
    assert f"repwatch search --ids {one[0].id},{one[0].id + 1}" in text
    assert "2 answers of ours compared" in text
    assert "https://shop.example/1" in html
    assert "https://shop.example/ours" in html
    assert "Ann" not in dump_digest(digest)
    assert load_digest(dump_digest(digest)) == digest
    assert "consistency" not in build(store, "plan=pro").parts


def test_how_to_questions_without_an_article_are_told(store: Store) -> None:
    """They have a line of their own; an answer with a link, also on Monday, ends it."""
    items = [asked(str(n), "How do I export my invoices?") for n in range(4)]
    question = (Signal("question", ("how do i",)),)
    stored(store, *((one, replace(read, signals=question)) for one, read in items))
    stored(store, answered("ours", "It is in the menu", parent_id="1"))
    pages: dict[str, Any] = {"help_pages": ["https://help.acme.example/"]}
    text = read(store, build(store, **pages))

    assert "Questions how to do something: 100% of all" in text
    told = "No article was cited for: export invoices (4 people ask, 1 answer known, none with a l"
    assert told in text
    page, monday = "https://help.acme.example/export", WEEK.until + HOUR
    stored(store, answered("late", f"See {page}", parent_id="2", created_at=monday))
    assert "No article" not in read(store, build(store, **pages))
