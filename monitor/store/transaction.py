"""The store and its transactions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, Engine

from monitor.errors import StoreError
from monitor.store.alerts import AlertRepository
from monitor.store.answered_feedback import AnsweredRepository
from monitor.store.arrivals import ArrivalRepository
from monitor.store.clock_steps import ClockStepRepository
from monitor.store.customers import CustomerRepository
from monitor.store.deliveries import DeliveryRepository
from monitor.store.digest_orders import DigestOrderRepository
from monitor.store.digests import DigestRepository
from monitor.store.engine import (
    acquire_write_lock,
    is_in_memory,
    make_engine,
    parse_url,
    prepare_for_reading,
    prepare_for_writing,
)
from monitor.store.error_messages import translate_errors
from monitor.store.feedback import FeedbackRepository
from monitor.store.goals import GoalRepository
from monitor.store.handovers import HandoverRepository
from monitor.store.improvements import ImprovementRepository
from monitor.store.inbox import InboxRepository
from monitor.store.leases import LeaseRepository
from monitor.store.marked_events import MarkedEventRepository
from monitor.store.match_history import MatchHistoryRepository
from monitor.store.migrate import require_newest_schema, upgrade_engine
from monitor.store.mutes import MuteRepository
from monitor.store.near_copies import SimilarTextRepository
from monitor.store.notices import NoticeRepository
from monitor.store.own_feedback import OwnFeedbackRepository
from monitor.store.replies import ReplyRepository
from monitor.store.rollups import RollupRepository
from monitor.store.rule_changes import RuleChangeRepository
from monitor.store.rules import RuleVersionRepository
from monitor.store.search import truncate_write_ahead_log
from monitor.store.sources import SourceRepository
from monitor.store.statistics import PeriodStatistics, SystemStatistics
from monitor.store.unread import UnreadRepository
from monitor.store.verdicts import ModelTrainingRepository, VerdictRepository
from monitor.store.windows import WindowRepository

if TYPE_CHECKING:
    from monitor.store.period_alerts import CoverageRepository, PeriodAlertRepository
    from monitor.store.period_feedback import PeriodFeedbackRepository
    from monitor.store.public_answers import PublicAnswerRepository
    from monitor.store.readings import ReadingRepository
    from monitor.store.rule_figures import RuleFigureRepository
    from monitor.store.unalerted import UnalertedRepository


class Transaction:
    """One moment of the database: what is read belongs together, what is written is kept as a whole
    or not at all.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.feedback = FeedbackRepository(connection)
        self.arrivals = ArrivalRepository(connection)
        self.alerts = AlertRepository(connection)
        self.deliveries = DeliveryRepository(connection)
        self.sources = SourceRepository(connection)
        self.rules = RuleVersionRepository(connection)
        self.rule_changes = RuleChangeRepository(connection)
        self.mutes = MuteRepository(connection)
        self.notices = NoticeRepository(connection)
        self.handovers = HandoverRepository(connection)
        self.leases = LeaseRepository(connection)
        self.inbox = InboxRepository(connection)
        self.similar_texts = SimilarTextRepository(connection)
        self.system_statistics = SystemStatistics(connection)
        self.period_statistics = PeriodStatistics(connection)
        self.verdicts = VerdictRepository(connection)
        self.replies = ReplyRepository(connection)
        self.answered = AnsweredRepository(connection)
        self.models = ModelTrainingRepository(connection)
        self.clock_steps = ClockStepRepository(connection)
        self.unread = UnreadRepository(connection)
        self.own_feedback = OwnFeedbackRepository(connection)
        self.rollups = RollupRepository(connection)
        self.windows = WindowRepository(connection)
        self.match_history = MatchHistoryRepository(connection)
        self.customers = CustomerRepository(connection)
        self.digests = DigestRepository(connection)
        self.digest_orders = DigestOrderRepository(connection)
        self.improvements = ImprovementRepository(connection)
        self.marked_events = MarkedEventRepository(connection)
        self.goals = GoalRepository(connection)

    # What only a digest reads is loaded where it is read: the program that runs all day does not.

    @cached_property
    def period_feedback(self) -> PeriodFeedbackRepository:
        """The feedback of a period."""
        from monitor.store.period_feedback import PeriodFeedbackRepository

        return PeriodFeedbackRepository(self._connection)

    @cached_property
    def period_alerts(self) -> PeriodAlertRepository:
        """The alerts of a period."""
        from monitor.store.period_alerts import PeriodAlertRepository

        return PeriodAlertRepository(self._connection)

    @cached_property
    def coverage(self) -> CoverageRepository:
        """How much of its sources was seen in a period."""
        from monitor.store.period_alerts import CoverageRepository

        return CoverageRepository(self._connection)

    @cached_property
    def rule_figures(self) -> RuleFigureRepository:
        """How rules fared in a time."""
        from monitor.store.rule_figures import RuleFigureRepository

        return RuleFigureRepository(self._connection)

    @cached_property
    def readings(self) -> ReadingRepository:
        """What was read out of the feedback of a period."""
        from monitor.store.readings import ReadingRepository

        return ReadingRepository(self._connection)

    @cached_property
    def public_answers(self) -> PublicAnswerRepository:
        """What we have answered in public."""
        from monitor.store.public_answers import PublicAnswerRepository

        return PublicAnswerRepository(self._connection)

    @cached_property
    def unalerted(self) -> UnalertedRepository:
        """Negative feedback that alerted nobody."""
        from monitor.store.unalerted import UnalertedRepository

        return UnalertedRepository(self._connection)

    @contextmanager
    def isolate(self) -> Iterator[None]:
        """Run a step whose failure leaves the rest of the transaction as it was, and usable."""
        with self._connection.begin_nested():
            yield


class Store:
    """An open database; safe to share between threads."""

    def __init__(self, engine: Engine, url: URL) -> None:
        self._engine = engine
        self._url = url
        self._in_memory = is_in_memory(url)
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
        with self._begin_transaction(writes=True) as tx:
            yield tx
        self._unscrubbed |= tx.feedback.has_erased
        if self._unscrubbed and self._turn:
            with translate_errors(self._url), self._turn, self._engine.connect() as connection:
                self._unscrubbed = not truncate_write_ahead_log(connection)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that sees one moment, changes nothing and makes no writer wait. Raises
        StoreError.
        """
        with self._begin_transaction(writes=False) as tx:
            yield tx

    @contextmanager
    def _begin_transaction(self, *, writes: bool) -> Iterator[Transaction]:
        alone = self._turn if self._turn and (writes or self._in_memory) else nullcontext()
        with (
            translate_errors(self._url),
            alone,
            self._refuse_nesting(),
            self._engine.connect() as connection,
        ):
            prepared = (
                prepare_for_writing(connection) if writes else prepare_for_reading(connection)
            )
            with prepared.begin():
                if writes:
                    acquire_write_lock(prepared)
                yield Transaction(prepared)

    @contextmanager
    def _refuse_nesting(self) -> Iterator[None]:
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
        with translate_errors(parsed):
            (upgrade_engine if migrate else require_newest_schema)(engine, parsed)
    except BaseException:  # whatever it was, no connection may stay; it is raised again
        engine.dispose()
        raise
    return Store(engine, parsed)
