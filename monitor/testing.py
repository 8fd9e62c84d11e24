"""For our tests and those of plug-in authors: a store in memory, a source and a notifier that need
no network.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import TypeVar

from sqlalchemy import Engine

from monitor.domain.alert import Alert
from monitor.domain.delivery import Card, Delivery, OverflowSummary, ThreadEntry
from monitor.domain.feedback import Author, Feedback, Rating
from monitor.domain.notice import Notice
from monitor.domain.unread import UnreadSummary
from monitor.errors import DeliveryError, DeliveryUnreachable, SourceError
from monitor.notifiers.base import PostedMessage, RateLimits
from monitor.store import Store
from monitor.store.engine import make_engine, parse_url
from monitor.store.migrate import upgrade_engine
from sources.base import Page, Source, SourceContext, SourceOptions

#: A moment to start from; tests move on from it by adding.
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
_NUMBERS = count(1)

ShownT = TypeVar("ShownT")


def memory_store() -> Store:
    """A store that lives in memory: the real one, on SQLite without a file."""
    url = parse_url("sqlite://")
    engine = make_engine(url)
    _migrated_database().backup(_driver_connection(engine))
    return Store(engine, url)


@cache
def _migrated_database() -> sqlite3.Connection:
    """A database with all tables and nothing in them; to copy it takes a fraction of the time to
    make it.
    """
    url = parse_url("sqlite://")
    engine = make_engine(url)
    upgrade_engine(engine, url)
    return _driver_connection(engine)


def _driver_connection(engine: Engine) -> sqlite3.Connection:
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)  # noqa: S101 - there is one driver for SQLite
    return raw


def make_feedback(
    body: str = "It works",
    *,
    source_id: str = "test",
    external_id: str = "",
    created_at: datetime | None = NOON,
    author: str = "",
    stars: float | None = None,
    title: str = "",
    url: str = "",
) -> Feedback:
    """A feedback of which only what matters to a test is given; its id is new each time where none
    is given.
    """
    return Feedback(
        source_id=source_id,
        external_id=external_id or f"made-{next(_NUMBERS)}",
        title=title,
        body=body,
        author=Author(name=author),
        created_at=created_at,
        rating=None if stars is None else Rating.from_value(stars),
        url=url,
    )


class FakeSource(Source):
    """Hands over what it is given, a page at a time; the cursor is the number of the page."""

    Options = SourceOptions

    def __init__(
        self,
        source_id: str = "test",
        options: SourceOptions | None = None,
        context: SourceContext | None = None,
        *,
        pages: Iterable[Iterable[Feedback]] = (),
        error: SourceError | None = None,
    ) -> None:
        """`error` is raised after the last page."""
        self.source_id = source_id
        self.pages = [tuple(page) for page in pages]
        self.error = error

    def collect(self, cursor: str, now: datetime) -> Iterator[Page]:
        """The pages after the cursor, then the error."""
        for number, items in enumerate(self.pages[int(cursor or 0) :], int(cursor or 0) + 1):
            yield Page(items=items, cursor=str(number))
        if self.error:
            raise self.error


@dataclass
class RecordingNotifier:
    """Keeps what it is asked to show; raises the errors that are put into `fails`, one for each
    call.
    """

    rate_limits: RateLimits = field(default_factory=RateLimits)
    default_channel: str = "#support"
    cards: list[Card] = field(default_factory=list)
    updates: list[Card] = field(default_factory=list)
    summaries: list[OverflowSummary] = field(default_factory=list)
    unread: list[UnreadSummary] = field(default_factory=list)
    entries: list[ThreadEntry] = field(default_factory=list)
    calls: list[ThreadEntry] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    shown: dict[str, PostedMessage] = field(default_factory=dict)  #: by delivery id
    errors: list[Exception | None] = field(default_factory=list)
    lose_responses: bool = False  #: show the message, then raise all the same
    closed_channels: set[str] = field(default_factory=set)  #: channels that nothing can be shown in
    look_error: DeliveryError | None = None  #: raised when something is looked for
    attempted: list[str] = field(default_factory=list)  #: ids of the deliveries it was to show

    def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
        """Keep the card, or fail as planned."""
        return self._keep_or_fail(delivery, self.cards, card)

    def update_card(self, card: Card, posted: PostedMessage) -> None:
        """Keep the card as it is now."""
        if card.alert.channel in self.closed_channels:
            raise DeliveryUnreachable(f"{card.alert.channel} is closed")
        self.updates.append(card)

    def post_summary(self, summary: OverflowSummary, delivery: Delivery) -> PostedMessage:
        """Keep the summary, or fail as planned."""
        return self._keep_or_fail(delivery, self.summaries, summary)

    def post_unread(self, summary: UnreadSummary, delivery: Delivery) -> PostedMessage:
        """Keep what nobody read, or fail as planned."""
        return self._keep_or_fail(delivery, self.unread, summary)

    def post_thread_entry(
        self, entry: ThreadEntry, card: PostedMessage, delivery: Delivery
    ) -> PostedMessage:
        """Keep the line, or fail as planned."""
        return self._keep_or_fail(delivery, self.entries, entry)

    def post_escalation(
        self, entry: ThreadEntry, card: PostedMessage | None, delivery: Delivery
    ) -> PostedMessage:
        """Keep the call, or fail as planned."""
        return self._keep_or_fail(delivery, self.calls, entry)

    def post_notice(
        self, notice: Notice, alerts: Sequence[Alert], delivery: Delivery
    ) -> PostedMessage:
        """Keep the notice, or fail as planned."""
        return self._keep_or_fail(delivery, self.notices, notice)

    def find_posted(
        self, delivery: Delivery, tried_ago: timedelta, card: PostedMessage | None = None
    ) -> PostedMessage | None:
        """What was shown of a delivery."""
        if self.look_error:
            raise self.look_error
        return self.shown.get(delivery.id)

    def _keep_or_fail(self, delivery: Delivery, shelf: list[ShownT], what: ShownT) -> PostedMessage:
        self.attempted.append(delivery.id)
        if delivery.channel in self.closed_channels:
            raise DeliveryUnreachable(f"{delivery.channel} is closed")
        error = self.errors.pop(0) if self.errors else None
        if error and not self.lose_responses:
            raise error
        shelf.append(what)
        self.shown[delivery.id] = PostedMessage(f"message-{len(self.shown) + 1}", delivery.channel)
        if error:
            raise error
        return self.shown[delivery.id]
