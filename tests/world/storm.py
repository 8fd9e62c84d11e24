"""The real Slack notifier on a bad line: faults by chance on every request, processes that are
killed and that hang.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from pydantic import SecretStr

from monitor.analysis.analyzer import Analyzer
from monitor.domain.action import AlertChange
from monitor.domain.actor import Actor
from monitor.domain.alert import Alert
from monitor.domain.delivery import Card, Delivery, DeliveryState, OverflowSummary, ThreadEntry
from monitor.domain.event import EventKind
from monitor.domain.notice import Notice
from monitor.domain.unread import UnreadSummary
from monitor.notifiers import wording
from monitor.notifiers.base import PostedMessage, RateLimits
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.sender import LEASE_SECONDS
from monitor.settings import SlackSettings
from monitor.slack.notifier import SlackNotifier
from monitor.store import Store
from monitor.testing import NOON, make_feedback
from rules.engine import Engine
from rules.load import parse_rules
from tests.world.faults import (
    Fault,
    Request,
    answers_after_commit,
    late,
    lost_after_commit,
    lost_before_commit,
)
from tests.world.senders import Killed, Senders
from tests.world.slack import (
    BOT_TOKEN,
    CHANNEL,
    Slack,
    failed_after_commit,
    ratelimited,
    refused,
)
from tests.world.slack_messages import Message

DrawnT = TypeVar("DrawnT")

RULES = parse_rules(
    {"rules": [{"id": "broken", "group_by": ["feedback"], "all": [{"text": "broken"}]}]},
    "rules.toml",
)
ANNA = Actor.slack("U1")
TIMEOUT = 1  #: real seconds that the client waits for an answer, unless told otherwise
LAG = 10.0  #: seconds after which the history knows of a message

#: What happens to a request to post, in a hundred; the rest is answered as it should be.
POSTING: Mapping[str, float] = {
    "lost before commit": 6,
    "lost after commit": 8,
    "500 after commit": 5,
    "fatal_error after commit": 3,
    "429 with Retry-After": 6,
    "429 without": 3,
    "slower than the timeout": 0.5,
    "killed before the request": 3,
    "killed after it": 4,
    "hung, then answered": 2,
    "unknown error": 4,
}
#: What people do after a step of a sender, in a hundred.
PEOPLE: Mapping[str, float] = {"note": 25, "card deleted": 10}
#: By how much the machine's clock is set after a request to post, each so often in a thousand.
STEPS: Mapping[timedelta, float] = {
    timedelta(days=-1): 3,
    timedelta(hours=-1): 10,
    timedelta(minutes=-2): 10,
    timedelta(minutes=2): 10,
    timedelta(hours=1): 10,
    timedelta(days=1): 3,
}
#: What happens to a look into the history, in a hundred.
LOOKING: Mapping[str, float] = {
    "429 with Retry-After": 20,
    "429 without": 5,
    "lost before commit": 5,
}

_FAULTS: Mapping[str, Fault] = {
    "lost before commit": lost_before_commit,
    "lost after commit": lost_after_commit,
    "500 after commit": answers_after_commit(500),
    "fatal_error after commit": failed_after_commit(),
    "429 with Retry-After": ratelimited(20),
    "429 without": ratelimited(None),
    "slower than the timeout": late(TIMEOUT + 0.5),
    "unknown error": refused("odd_reason_of_the_day"),
}
_POSTING, _EDITING = "chat.postMessage", "chat.update"
_LOOKING = ("conversations.history", "conversations.replies")
#: What may happen to an edit, too: it is harmless to repeat.
_EDIT_FAULTS = ("lost before commit", "lost after commit", "unknown error")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a storm left behind."""

    alerts: int
    lost: int  #: alerts that nobody saw, and lines that are nowhere
    doubled: int  #: messages shown again without a label
    repeats: int  #: messages shown again with one
    unsettled: int  #: deliveries that are not sent
    requests: int
    seconds: float  #: of simulated time
    faults: Mapping[str, int] = field(default_factory=dict)


@dataclass
class Storm:
    """Some alerts, some senders, and a line on which much goes wrong, all of it decided by
    `seed`.
    """

    store: Store
    seed: int
    alerts: int
    senders: int = 2
    posting: Mapping[str, float] = field(default_factory=lambda: POSTING)
    looking: Mapping[str, float] = field(default_factory=lambda: LOOKING)
    timeout: int = TIMEOUT  #: real seconds that the client waits for an answer
    skew: timedelta = timedelta()  #: how far ahead of Slack's the machine's clock is at first
    steps: Mapping[timedelta, float] = field(default_factory=dict)  #: as in `STEPS`
    people: Mapping[str, float] = field(default_factory=dict)  #: as in `PEOPLE`

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self.card_alerts: dict[str, int] = {}  #: by delivery of a card, its alert
        self._notes: list[str] = []
        self._removed: dict[int, str] = {}  # by alert, the card that somebody deleted
        self._noted: set[int] = set()  # of those, what somebody wrote about since
        self._met: Counter[str] = Counter()
        self._processes = Senders(self.store, NOON, self.senders, clock_error=self.skew)
        self._slack = Slack(history_lag=LAG, clock=self._processes.monotonic)
        self._slack.weather = self._weather

    def rage(self) -> Outcome:
        """Let the alerts come in, and send until nothing waits any more."""
        now = self._processes.machine_time
        items = [make_feedback(f"broken {number}", created_at=now) for number in range(self.alerts)]
        Ingest(self.store, Analyzer(), Engine(RULES), CHANNEL)(items, now, AlertPolicy())
        with self._slack as slack:
            settings = SlackSettings(
                default_channel=CHANNEL, api_url=slack.api_url, cards_per_hour=0
            )
            inner = SlackNotifier(
                SecretStr(BOT_TOKEN),
                settings,
                timeout=self.timeout,
                monotonic=self._processes.monotonic,
            )
            self._processes.live(_Mortal(inner, self), self._order)
        return self._outcome()

    def strike(self, post: Callable[[], PostedMessage]) -> PostedMessage:
        """Post, and perhaps be killed or hang in the middle of it."""
        fault = self._drawn(
            {name: share for name, share in self.posting.items() if name not in _FAULTS}
        )
        self._set_clock()
        if fault == "killed before the request":
            raise Killed
        try:
            posted = post()
        finally:
            self._set_clock()
        if fault == "killed after it":
            raise Killed
        if fault:
            self._processes.hang(LEASE_SECONDS + 1, self._chance.randrange(40))
        return posted

    def _set_clock(self) -> None:
        """Perhaps set the machine's clock, and write anew what was never tried, as `run` does."""
        by = self._drawn_from(self.steps, 1000) if self.steps else None
        if by is None:
            return
        self._met["clock set"] += 1
        self._processes.clock_error += by
        with self.store.write() as tx:
            tx.clock_steps.pull_forward(self._processes.machine_time)

    def _order(self) -> list[int]:
        numbers = list(range(self.senders))
        self._chance.shuffle(numbers)
        match self._drawn(self.people) if self.people else "":
            case "note":
                self._write_note()
            case "card deleted":
                self._delete_card()
        return numbers

    def _write_note(self) -> None:
        """Let somebody write a note on an alert, rather on one whose card was deleted."""
        shown = {self.card_alerts[name] for name in self._live_cards()}
        alerts = sorted(set(self._removed) - self._noted) or sorted(shown)
        if not alerts or len(self._notes) >= self.alerts:
            return
        alert_id = self._chance.choice(alerts)
        self._noted.add(alert_id)
        note = f"note {len(self._notes)}"
        change = AlertChange(kind=EventKind.NOTED, note=note)
        at = self._processes.machine_time
        with self.store.write() as tx:
            tx.alerts.apply_change(alert_id, change, at=at, actor=ANNA, via="slack:modal")
        self._notes.append(note)

    def _delete_card(self) -> None:
        """Let somebody delete a card, the first one of its alert."""
        first = [
            message
            for name, message in self._live_cards().items()
            if self.card_alerts[name] not in self._removed
        ]
        if first and len(self._removed) < self.alerts / 3:
            message = self._chance.choice(first)
            self._removed[self.card_alerts[_delivery_id(message)]] = message.ts
            with self._slack.holding:
                self._slack.channels.change(message, replace(message, deleted=True))

    def _live_cards(self) -> Mapping[str, Message]:
        """The cards that people see, by their deliveries."""
        visible = {_delivery_id(message): message for message in self._slack.visible(CHANNEL)}
        return {name: message for name, message in visible.items() if name in self.card_alerts}

    def _weather(self, request: Request) -> Fault | None:
        edits = {name: self.posting[name] for name in _EDIT_FAULTS if name in self.posting}
        shares = {_POSTING: self.posting, _EDITING: edits}
        shares |= dict.fromkeys(_LOOKING, self.looking)
        for path, faults in shares.items():
            if request.path.endswith(path):
                name = self._drawn(
                    {name: share for name, share in faults.items() if name in _FAULTS}
                )
                return _FAULTS.get(name)
        return None

    def _drawn(self, shares: Mapping[str, float]) -> str:
        """One of these by their shares of a hundred, or nothing."""
        name = self._drawn_from(shares, 100)
        if name is None:
            return ""
        self._met[name] += 1
        return name

    def _drawn_from(self, shares: Mapping[DrawnT, float], total: float) -> DrawnT | None:
        """One of these by their shares of a total, or None."""
        wanted = self._chance.uniform(0, total)
        for name, share in shares.items():
            wanted -= share
            if wanted < 0:
                return name
        return None

    def _outcome(self) -> Outcome:
        # What somebody deleted before its fate was known is rightly posted anew.
        kept = [message for message in self._slack.postings if not self._is_gone(message)]
        plain = Counter(_delivery_id(message) for message in kept if not _is_labelled(message))
        seen = {self.card_alerts.get(_delivery_id(message)) for message in self._slack.postings}
        below = " ".join(message.text for message in kept)
        unsaid = [note for note in self._notes if not re.search(rf"{note}\b", below)]
        with self.store.read() as tx:
            states = tx.deliveries.count_by_state()
        settled = states[DeliveryState.SENT] + states[DeliveryState.MERGED]
        return Outcome(
            alerts=self.alerts,
            lost=self.alerts - len(seen - {None}) + len(unsaid),
            doubled=sum(plain.values()) - len(plain),
            repeats=sum(map(_is_labelled, self._slack.postings)),
            unsettled=sum(states.values()) - settled,
            requests=len(self._slack.requests),
            seconds=(self._processes.now - NOON).total_seconds(),
            faults=dict(self._met),
        )

    def _is_gone(self, message: Message) -> bool:
        """Whether somebody deleted it, or we did: a reply that came out at top level."""
        return self._slack.channels[CHANNEL].messages[message.ts].deleted


def _delivery_id(message: Message) -> str:
    """The id of the delivery that a message shows; empty for what a person has written."""
    return str(((message.metadata or {}).get("event_payload") or {}).get("delivery_id", ""))


def _is_labelled(message: Message) -> bool:
    return wording.REPEAT_WARNING in f"{message.text}{message.blocks}"


class _Mortal:
    """A notifier whose process may end or hang while it posts."""

    def __init__(self, inner: SlackNotifier, storm: Storm) -> None:
        self._inner = inner
        self._storm = storm

    @property
    def rate_limits(self) -> RateLimits:
        return self._inner.rate_limits

    @property
    def default_channel(self) -> str:
        return self._inner.default_channel

    def post_card(self, card: Card, delivery: Delivery) -> PostedMessage:
        self._storm.card_alerts[delivery.id] = card.alert.id
        return self._storm.strike(lambda: self._inner.post_card(card, delivery))

    def update_card(self, card: Card, posted: PostedMessage) -> None:
        self._inner.update_card(card, posted)

    def post_summary(self, summary: OverflowSummary, delivery: Delivery) -> PostedMessage:
        return self._inner.post_summary(summary, delivery)

    def post_unread(self, summary: UnreadSummary, delivery: Delivery) -> PostedMessage:
        raise AssertionError("nothing is unread here")

    def post_thread_entry(
        self, entry: ThreadEntry, card: PostedMessage, delivery: Delivery
    ) -> PostedMessage:
        return self._storm.strike(lambda: self._inner.post_thread_entry(entry, card, delivery))

    def post_escalation(
        self, entry: ThreadEntry, card: PostedMessage | None, delivery: Delivery
    ) -> PostedMessage:
        return self._inner.post_escalation(entry, card, delivery)

    def post_notice(
        self, notice: Notice, alerts: Sequence[Alert], delivery: Delivery
    ) -> PostedMessage:
        return self._inner.post_notice(notice, alerts, delivery)

    def find_posted(
        self, delivery: Delivery, tried_ago: timedelta, card: PostedMessage | None = None
    ) -> PostedMessage | None:
        return self._inner.find_posted(delivery, tried_ago, card)
