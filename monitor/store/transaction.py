"""The store and its transactions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from sqlalchemy import URL, Connection, Engine

from monitor.errors import StoreError
from monitor.store.alerts import Alerts
from monitor.store.answered_feedback import AnsweredBook
from monitor.store.deliveries import Deliveries
from monitor.store.engine import (
    for_reading,
    for_writing,
    in_memory,
    make_engine,
    one_at_a_time,
    parse_url,
)
from monitor.store.error_messages import translated
from monitor.store.feedback import FeedbackBook
from monitor.store.inbox import Inbox
from monitor.store.leases import Leases
from monitor.store.migrate import require_newest, upgrade_engine
from monitor.store.mutes import Mutes
from monitor.store.near_copies import Similar
from monitor.store.replies import Replies
from monitor.store.rules import Rules
from monitor.store.search import checkpoint
from monitor.store.sources import Sources
from monitor.store.statistics import Periods, Totals
from monitor.store.verdicts import TeamModels, Verdicts


class Transaction:
    """One moment of the database: what is read belongs together, what is written is kept as a whole
    or not at all.
    """

    def __init__(self, connection: Connection) -> None:
        self.feedback = FeedbackBook(connection)
        self.alerts = Alerts(connection)
        self.deliveries = Deliveries(connection)
        self.sources = Sources(connection)
        self.rules = Rules(connection)
        self.mutes = Mutes(connection)
        self.leases = Leases(connection)
        self.inbox = Inbox(connection)
        self.similar = Similar(connection)
        self.totals = Totals(connection)
        self.periods = Periods(connection)
        self.verdicts = Verdicts(connection)
        self.replies = Replies(connection)
        self.answered = AnsweredBook(connection)
        self.models = TeamModels(connection)


class Store:
    """An open database; safe to share between threads."""

    def __init__(self, engine: Engine, url: URL) -> None:
        self._engine = engine
        self._url = url
        self._in_memory = in_memory(url)
        # SQLite's own queue of writers is not fair, and a memory database has one connection: a
        # lock is both.
        self._turn = threading.RLock() if engine.dialect.name == "sqlite" else None
        self._open = False
        self._unscrubbed = False

    def close(self) -> None:
        """Give back every connection; the store is of no use afterwards."""
        self._engine.dispose()

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction that may change things; committed at the end, undone as a whole by any
        exception.

        Writers wait for each other: call no network inside. Raises StoreError.
        """
        with self._begun(writes=True) as tx:
            yield tx
        self._unscrubbed |= tx.feedback.erased
        if self._unscrubbed and self._turn:
            with translated(self._url), self._turn, self._engine.connect() as connection:
                self._unscrubbed = not checkpoint(connection)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that sees one moment, changes nothing and makes no writer wait. Raises
        StoreError.
        """
        with self._begun(writes=False) as tx:
            yield tx

    @contextmanager
    def _begun(self, *, writes: bool) -> Iterator[Transaction]:
        alone = self._turn if self._turn and (writes or self._in_memory) else nullcontext()
        with translated(self._url), alone, self._not_nested(), self._engine.connect() as connection:
            prepared = for_writing(connection) if writes else for_reading(connection)
            with prepared.begin():
                if writes:
                    one_at_a_time(prepared)
                yield Transaction(prepared)

    @contextmanager
    def _not_nested(self) -> Iterator[None]:
        """In memory there is one connection: a transaction inside another of the same thread would
        undo it.
        """
        if not self._in_memory:
            yield
            return
        if self._open:
            raise StoreError(
                "the database in memory takes one transaction at a time: end the open one first"
            )
        self._open = True
        try:
            yield
        finally:
            self._open = False


def open_store(url: str, *, migrate: bool = True) -> Store:
    """Open the database at `url`, by default bringing its schema up to date.

    `sqlite:///path`, `sqlite://` (in memory) and `postgresql+psycopg://user:password@host/database`
    are understood. Raises StoreTooNew, StoreUnavailable and StoreError.
    """
    parsed = parse_url(url)
    engine = make_engine(parsed)
    try:
        with translated(parsed):
            (upgrade_engine if migrate else require_newest)(engine, parsed)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, parsed)
