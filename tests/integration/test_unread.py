"""The daily message about what nobody read: what counts, once a day for each source, in Slack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from pydantic import SecretStr

from monitor.analysis.analyzer import Analyzer
from monitor.domain.feedback import Feedback
from monitor.domain.unread import SummarySubject
from monitor.health.unread import UnreadReporter, load_unread_summary
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.sender import OutboxSender
from monitor.settings import SlackSettings
from monitor.slack.notifier import SlackNotifier
from monitor.store import Store
from monitor.testing import NOON, RecordingNotifier, make_feedback, memory_store
from rules.engine import Engine
from rules.load import parse_rules
from tests.world.faults import lost_after_commit
from tests.world.slack import BOT_TOKEN, CHANNEL, Slack

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NINE = NOON.replace(hour=9)
RULES = parse_rules(
    {"rules": [{"id": "scam", "all": [{"text": "estafa OR broken"}]}]}, "rules.toml"
)
SPANISH = "El pedido llegó tarde otra vez y nadie contesta a mis mensajes"
GERMAN = "Die Lieferung kam wieder zu spät und niemand antwortet auf meine Nachrichten"
WORSE = "¡¡NO FUNCIONA NADA!! Quiero la devolución de mi dinero, qué vergüenza de servicio"


@pytest.fixture(name="place")
def _place() -> Iterator[Store]:
    store = memory_store()
    yield store
    store.close()


def found(store: Store, *items: Feedback, at: datetime = NINE - HOUR) -> None:
    """Let a source show something at a time."""
    Ingest(store, Analyzer(), Engine(RULES), CHANNEL)(items, at, AlertPolicy())


def said(body: str, source: str = "news", at: datetime = NINE - HOUR, **more: object) -> Feedback:
    """Feedback of a source that was written just before it was found."""
    return make_feedback(body, source_id=source, created_at=at, **more)  # type: ignore[arg-type]


def reporter(store: Store, *sources: str, ends_at: time | None = time(9)) -> UnreadReporter:
    """The reporter of a process that has just started."""
    return UnreadReporter(
        store=store,
        source_ids=sources or ("news",),
        channel=CHANNEL,
        ends_at=ends_at,
        timezone="",
    )


def shown(store: Store, now: datetime = NOON) -> RecordingNotifier:
    """What is shown when everything that waits is sent."""
    notifier = RecordingNotifier()
    sender = OutboxSender(store, notifier, holder="here/1/a")
    while sender.send_next(now):
        pass
    return notifier


def test_each_source_has_one_message_a_day_through_restarts(place: Store) -> None:
    """However often and by however many processes it is asked, and none where all was read."""
    found(place, said(SPANISH), said(GERMAN, "forum"), said("It came late again", "english"))
    sources = ("news", "forum", "english")
    first = reporter(place, *sources)
    assert first.queue_due(NINE - timedelta(seconds=1)) == 0
    assert first.queue_due(NINE) == 2
    assert first.queue_due(NINE + HOUR) + reporter(place, *sources).queue_due(NOON) == 0
    assert {one.subject.source_id for one in shown(place).unread} == {"news", "forum"}
    found(place, said(SPANISH, at=NOON), at=NOON)
    assert reporter(place, *sources).queue_due(NINE + DAY - HOUR) == 0
    assert first.queue_due(NINE + DAY) == 1
    assert reporter(place, *sources).queue_due(NINE + 2 * DAY) == 0


def test_it_can_be_switched_off(place: Store) -> None:
    """Without a time nobody is told."""
    found(place, said(SPANISH))
    assert reporter(place, ends_at=None).queue_due(NOON) == 0


def test_only_what_nobody_heard_of_counts(place: Store) -> None:
    """Stars, an alert, an old text that was found when the source was first read, and what can be
    read are left out.
    """
    found(
        place,
        said(SPANISH),
        said(GERMAN),
        said(GERMAN + "!"),
        said(SPANISH, stars=1),
        said("Esto es una estafa y nadie contesta a mis mensajes"),
        said(SPANISH + " siempre", at=NINE - 30 * DAY),
        said("The parcel came late again and nobody answers"),
    )
    reporter(place).queue_due(NINE)
    [summary] = shown(place).unread
    assert summary.by_reason == (("language: de", 2), ("language: es", 1))
    assert summary.total == 3


def test_the_worst_are_named_and_who_complained_before(place: Store) -> None:
    """Three at most; an earlier complaint in English, with few stars or an alert counts, one that
    came later or is of somebody else does not.
    """
    found(
        place,
        said("It is broken", author="Ana", at=NINE - 5 * DAY),
        said("Fine", author="Bea", stars=1, at=NINE - 5 * DAY),
        said("Fine", author="Eva", stars=5, at=NINE - 5 * DAY),
        at=NINE - 5 * DAY,
    )
    found(
        place,
        said(SPANISH, author="Ana"),
        said(SPANISH + " otra vez", author="Bea"),
        said(SPANISH + " siempre", author="Eva"),
        said(SPANISH + " y ya está", author="Leo"),
        said(WORSE, author="Eva"),
    )
    with place.read() as tx:
        summary = load_unread_summary(tx, SummarySubject("news", NINE - DAY, NINE))
    assert summary.worst[0].feedback.body == WORSE
    named = {text.feedback.author.name: text.complained_before for text in summary.worst}
    assert named == {"Eva": False, "Ana": True, "Bea": True}
    assert summary.total == 5


def test_what_was_forgotten_meanwhile_is_not_sent(place: Store) -> None:
    """The message holds what is there when it is sent: nothing of a person who was forgotten."""
    found(place, said(SPANISH, author="Ana"))
    reporter(place).queue_due(NINE)
    with place.write() as tx:
        tx.feedback.forget_author("Ana", NINE)
    assert shown(place).unread == []


def test_a_lost_answer_shows_it_once_in_slack_and_hostile_words_are_words(place: Store) -> None:
    """It goes through the outbox like any other message: it is looked for before it is sent again,
    and nobody is called by what a stranger wrote.
    """
    hostile = f"{SPANISH} <!channel> @here <https://evil.example|su banco> *ya*"
    found(place, said(hostile, url="https://forum.example/1"))
    reporter(place).queue_due(NINE)
    now = NOON
    with Slack(posts_per_second=None, clock=lambda: now.timestamp()) as slack:
        slack.fail_next(lost_after_commit, path="chat.postMessage")
        settings = SlackSettings(default_channel=CHANNEL, api_url=slack.api_url)
        notifier = SlackNotifier(SecretStr(BOT_TOKEN), settings, monotonic=lambda: now.timestamp())
        sender = OutboxSender(place, notifier, holder="here/1/a")
        while step := sender.send_next(now):
            now += timedelta(seconds=step.seconds)
        [message] = slack.postings
    assert "1 text of news was not read" in message.reading.words
    assert "su banco" in message.reading.words
    assert message.reading.pings == ()
    assert {one.url for one in message.reading.links} == {"https://forum.example/1"}
