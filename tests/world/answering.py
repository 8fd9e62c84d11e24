"""A place that takes answers, shows them with a delay, and fails as planned; and people who answer
there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from monitor.analysis.analyzer import Analyzer
from monitor.domain.action import Action, ActionKind, Refusal
from monitor.domain.actor import Actor
from monitor.domain.alert import Alert
from monitor.domain.delivery import DeliveryState
from monitor.domain.event import AlertEvent
from monitor.domain.feedback import Feedback
from monitor.domain.reply import OfficialAccounts, Reply
from monitor.errors import SourceRefused, SourceUnavailable, SourceUncertain
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest, IngestResult
from monitor.replies.publisher import ReplyPublisher
from monitor.replies.workflow import ReplyWorkflow
from monitor.store import Store
from monitor.testing import NOON
from rules.engine import Engine
from rules.load import parse_rules
from sources.base import PublishedReply, ReplyingSource

RULES = parse_rules(
    {"rules": [{"id": "broken", "group_by": ["feedback"], "all": [{"text": "broken"}]}]},
    "rules.toml",
)
ANALYZER, ENGINE = Analyzer(deep=False), Engine(RULES)
ANNA, BEN = Actor.slack("U1"), Actor.slack("U2")


class Killed(BaseException):
    """The process ends here."""


class Fault(Enum):
    """What can happen to one answer."""

    NONE = auto()
    LOST_BEFORE = auto()  #: never arrived, and nobody knows
    LOST_AFTER = auto()  #: published, and nobody knows
    BROKEN_AFTER = auto()  #: published, and the source's own code fails
    BUSY = auto()
    REFUSED = auto()
    KILLED_BEFORE = auto()
    KILLED_AFTER = auto()  #: published, and never written down


_UNPUBLISHED = {Fault.LOST_BEFORE, Fault.BUSY, Fault.REFUSED, Fault.KILLED_BEFORE}
_ERRORS: dict[Fault, BaseException] = {
    Fault.LOST_BEFORE: SourceUncertain("the connection was lost"),
    Fault.LOST_AFTER: SourceUncertain("the connection was lost"),
    Fault.BROKEN_AFTER: RuntimeError("unexpected"),
    Fault.BUSY: SourceUnavailable("busy", 1200),
    Fault.REFUSED: SourceRefused("the thread is locked"),
    Fault.KILLED_BEFORE: Killed(),
    Fault.KILLED_AFTER: Killed(),
}


@dataclass
class Place(ReplyingSource):
    """Where answers are published; what is public is shown to those who look for it `lag` seconds
    later.
    """

    clock: Callable[[], datetime]
    faults: list[Fault] = field(default_factory=list)  #: the last comes first
    #: for each look, whether it fails; the last comes first
    blind: list[bool] = field(default_factory=list)
    lag: float = 0.0
    able: bool = True
    max_reply_length = 350
    #: when, below what, the text
    public: list[tuple[datetime, str, str]] = field(default_factory=list)

    @property
    def can_reply(self) -> bool:
        return self.able

    @property
    def account(self) -> str:
        return "AcmeSupport"

    def publish_reply(self, feedback: Feedback, text: str) -> PublishedReply:
        fault = self.faults.pop() if self.faults else Fault.NONE
        if fault not in _UNPUBLISHED:
            self.public.append((self.clock(), feedback.external_id, text))
        if fault in _ERRORS:
            raise _ERRORS[fault]
        return self._answered(len(self.public))

    def find_reply(self, feedback: Feedback, text: str, since: datetime) -> PublishedReply | None:
        if self.blind and self.blind.pop():
            raise SourceUnavailable("nothing can be read now")
        for number, (at, below, said) in enumerate(self.public, 1):
            shown = self.clock() - at >= timedelta(seconds=self.lag)
            if shown and at >= since and (below, said) == (feedback.external_id, text):
                return self._answered(number)
        return None

    def _answered(self, number: int) -> PublishedReply:
        return PublishedReply(f"https://example.com/answers/{number}", f"answer-{number}")


@dataclass
class Office:
    """A store, a place to answer at, and those who do; only `wait` moves the clock."""

    store: Store
    approval: bool = False
    official: OfficialAccounts = field(default_factory=dict)
    now: datetime = NOON
    place: Place = field(init=False)
    answers: ReplyWorkflow = field(init=False)
    answerer: ReplyPublisher = field(init=False)
    _processes: int = 0

    def __post_init__(self) -> None:
        self.place = Place(lambda: self.now)
        self.answers = ReplyWorkflow(reply_sources={"test": self.place}, approval=self.approval)
        self.restart()

    def restart(self, *, others_may_live: bool = False) -> None:
        """Begin a new process; the one before has ended, whatever it was doing, unless it may live
        on.
        """
        self._processes += 1
        current = f"process-{self._processes}"
        self.answerer = ReplyPublisher(
            self.store,
            {"test": self.place},
            current,
            lambda holder: holder != current and not others_may_live,
        )

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def hear(self, *items: Feedback) -> IngestResult:
        """Take in what a source hands over."""
        return Ingest(self.store, ANALYZER, ENGINE, "#support", self.official)(
            items, self.now, AlertPolicy()
        )

    def answer(
        self,
        alert: Alert,
        text: str = "We are on it.",
        *,
        publish: bool = True,
        actor: Actor = ANNA,
    ) -> Alert | Refusal:
        """Send off the dialog."""
        with self.store.write() as tx:
            action = Action(kind=ActionKind.REPLY, actor=actor, via="slack:modal")
            return self.answers.submit(tx, alert.id, text, publish, action, self.now)

    def publish(self, seconds: float = 600) -> None:
        """Let the publisher work for so long; what kills it is followed by a new process."""
        end = self.now + timedelta(seconds=seconds)
        while self.now < end:
            try:
                wait = self.answerer.publish_next(self.now)
            except Killed:
                self.restart()
                wait = 0
            if wait is None:
                return
            self.wait(wait or 1)

    def alert(self, alert_id: int) -> Alert:
        """The alert as it is now."""
        with self.store.read() as tx:
            found = tx.alerts.get(alert_id)
        assert found is not None
        return found

    def replies(self, alert_id: int) -> list[Reply]:
        """Its answers."""
        with self.store.read() as tx:
            return tx.replies.list_for_alert(alert_id)

    def events(self, alert_id: int, *kinds: str) -> list[AlertEvent]:
        """What happened to it, of these kinds."""
        with self.store.read() as tx:
            return [event for event in tx.alerts.events(alert_id) if event.kind in kinds]

    def waiting(self) -> int:
        """How many messages the team will see."""
        with self.store.read() as tx:
            return tx.deliveries.count_by_state().get(DeliveryState.PENDING, 0)


def edited(item: Feedback, **changes: object) -> Feedback:
    """The same feedback, changed by its author."""
    return replace(item, **changes)  # type: ignore[arg-type]
