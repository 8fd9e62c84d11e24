"""No sequence of clicks, timers, reports, failures and restarts breaks an alert's life or loses a
word of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import count

from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from monitor.analysis.analyzer import Analyzer
from monitor.domain.action import Action, ActionKind, Refusal
from monitor.domain.actor import SYSTEM, Actor
from monitor.domain.alert import TRANSITIONS, Alert, AlertStatus, Snooze
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.delivery import DeliveryState
from monitor.domain.event import CARD_ONLY_EVENTS, AlertEvent
from monitor.errors import DeliveryDelayed, DeliveryUncertain, StoreUnavailable
from monitor.followup.act import apply_action
from monitor.followup.audit import TimerAuditor
from monitor.followup.timers import AlertTimers, next_step
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.sender import OutboxSender
from monitor.settings import RespondSettings
from monitor.testing import NOON, RecordingNotifier, make_feedback, memory_store
from rules.engine import Engine
from rules.load import parse_rules

_LIMITED = {
    "all": [{"text": "broken"}],
    "group_by": ["rule"],
    "mention": "@here",
    "acknowledge_within": "10m",
    "respond_within": "1h",
    "resolve_within": "8h",
    "escalate": [{"after": "15m", "mention": "<@U0123LEAD>"}, {"after": "2h", "channel": "#leads"}],
}
RULES = parse_rules(
    {
        "rules": [
            {"id": "limited", **_LIMITED},
            {"id": "by-day", **_LIMITED, "working_hours": True},
            {"id": "free", "all": [{"text": "broken"}], "group_by": ["rule"]},
        ]
    },
    "rules.toml",
)
ANALYZER, ENGINE = Analyzer(deep=False), Engine(RULES)
CALENDAR = BusinessCalendar("UTC", frozenset(range(5)), time(9), time(17))
RESPOND = RespondSettings(
    assign="round_robin",
    people=("U1", "U2", "U3"),
    managers=("U9",),
    confirm_after=timedelta(hours=2),
)
POLICY = AlertPolicy(reopen_within=timedelta(days=7))
WAITS = st.sampled_from([1, 60, 8 * 60, 11 * 60, 40 * 60, 2 * 3600, 9 * 3600, 3 * 86400])
FAULTS = st.lists(
    st.sampled_from(
        [
            None,
            None,
            DeliveryUncertain("no answer"),
            DeliveryDelayed("slow down", 7),
            StoreUnavailable("?"),
        ]
    ),
    max_size=6,
)
#: Counted from the moment and from the reports that there are.
SNOOZES = st.builds(
    Snooze,
    until=st.sampled_from(
        [None, NOON + timedelta(hours=2), NOON + timedelta(days=9), NOON + timedelta(days=50)]
    ),
    members=st.none() | st.integers(0, 3),
    worse=st.booleans(),
)


class Killed(BaseException):
    """The process ends between two steps."""


class Life(RuleBasedStateMachine):
    """Some alerts, the people and clocks that move them, and a channel that fails now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.store = memory_store()
        self.notifier = RecordingNotifier()
        self.born = count(1)
        self.alerts: list[Alert] = []  #: as they were after the last step
        self.events: dict[int, list[AlertEvent]] = {}
        self.start()

    @initialize()
    def first(self) -> None:
        """There is something to act on from the beginning."""
        self.report(1)

    @rule()
    def start(self) -> None:
        """A new process takes the place of the one before."""
        self.deliverer = OutboxSender(
            self.store,
            self.notifier,
            holder=f"here/{next(self.born)}",
            is_holder_dead=lambda _: True,
        )
        self.ingest = Ingest(self.store, ANALYZER, ENGINE, "#support")
        self.clock = AlertTimers(self.store, CALENDAR, RESPOND)

    @rule(reports=st.integers(1, 4))
    def report(self, reports: int) -> None:
        """Customers write."""
        items = [make_feedback("it is broken", created_at=self.now) for _ in range(reports)]
        self.ingest(items, self.now, POLICY)

    @rule(seconds=WAITS)
    def wait(self, seconds: int) -> None:
        """Time passes, and nobody looks at the clock."""
        self.now += timedelta(seconds=seconds)

    @rule(killed_after=st.none() | st.integers(0, 3))
    def tick(self, killed_after: int | None) -> None:
        """The clock is looked at; the process may end between two steps."""
        looks = count()

        def stopping() -> bool:
            if killed_after is not None and next(looks) >= killed_after:
                raise Killed
            return False

        try:
            self.clock.run_due_steps(self.now, stopping)
        except Killed:
            self.start()
        else:
            assert not list(TimerAuditor(self.store, self.clock).audit_timers(self.now))
            with self.store.read() as tx:
                assert not tx.alerts.find_timers_due(self.now)

    @rule(
        which=st.integers(0, 9),
        act=st.sampled_from(ActionKind),
        who=st.sampled_from(
            [Actor.slack("U1"), Actor.slack("U2"), Actor.cli("anna"), Actor.source("reddit")]
        ),
        whom=st.sampled_from([Actor.slack("U1"), Actor.slack("U2"), None]),
        snooze=st.none() | SNOOZES,
        behind=st.sampled_from([0, 0, 0, 1, 2, None]),
    )
    def click(
        self,
        which: int,
        act: ActionKind,
        who: Actor,
        whom: Actor | None,
        snooze: Snooze | None,
        behind: int | None,
    ) -> None:
        """Somebody does something, perhaps to what has changed since they saw it."""
        alert = self.alerts[which % len(self.alerts)]
        before = self.events[alert.id]
        turn = None if behind is None else alert.turn - behind
        if snooze and snooze.until:
            snooze = replace(snooze, until=snooze.until - NOON + self.now)
        if snooze and snooze.members is not None:
            snooze = replace(snooze, members=snooze.members + alert.members)
        action = Action(kind=act, actor=who, turn=turn, assignee=whom, snooze=snooze, note="n")
        note(f"{alert.id} is {alert.status}")
        with self.store.write() as tx:
            outcome = apply_action(tx, alert.id, action, self.now, RESPOND.managers)
            after = tx.alerts.events(alert.id)
        if isinstance(outcome, Refusal):
            assert outcome.message
            assert after == before
            return
        assert not behind
        assert len(after) == len(before) + 1
        assert (after[-1].actor, after[-1].at) == (who, self.now)

    @rule(which=st.integers(0, 9), snooze=SNOOZES)
    def put_away(self, which: int, snooze: Snooze) -> None:
        """Somebody puts an alert away; alone it would be too rare."""
        self.click(which, ActionKind.SNOOZE, Actor.slack("U1"), None, snooze, 0)

    @rule(which=st.integers(0, 9))
    def take(self, which: int) -> None:
        """Somebody takes an alert."""
        self.click(which, ActionKind.TAKE, Actor.slack("U2"), None, None, 0)

    @rule(faults=FAULTS, shown=st.booleans(), steps=st.integers(1, 12))
    def send(self, faults: list[Exception | None], shown: bool, steps: int) -> None:
        """The outbox is worked off for a while; requests fail, their answers are lost, the process
        ends with one.
        """
        busy = DeliveryDelayed  # says that nothing was shown
        self.notifier.errors = [
            fault for fault in faults if not (shown and isinstance(fault, busy))
        ]
        self.notifier.lose_responses = shown
        for _ in range(steps):
            try:
                after = self.deliverer.send_next(self.now)
            except StoreUnavailable:
                self.start()
                continue
            if after is None:
                break
            self.now += timedelta(seconds=min(after.seconds, 60))
        self.notifier.errors = []

    @invariant()
    def nothing_is_broken(self) -> None:
        """What holds for every alert at every moment."""
        with self.store.read() as tx:
            alerts = tx.alerts.find(limit=1000)
            events = {alert.id: tx.alerts.events(alert.id) for alert in alerts}
        for alert in alerts:
            before = self.events.get(alert.id, [])
            assert events[alert.id][: len(before)] == before, "events are only ever added"
            follows_its_events(alert, events[alert.id])
            does_each_step_once(events[alert.id])
            has_its_next_step(alert, events[alert.id], self.now)
        self.alerts = sorted(alerts, key=lambda alert: alert.id)
        self.events = events

    def teardown(self) -> None:
        """Once all is sent, every word stands in the thread exactly once, and every card shows how
        it is.
        """
        self.notifier.errors = []
        while (after := self.deliverer.send_next(self.now)) is not None:
            self.now += timedelta(seconds=after.seconds)
        entries = Counter(entry.event.id for entry in self.notifier.entries)
        calls = Counter(entry.event.id for entry in self.notifier.calls)
        said = [
            event
            for events in self.events.values()
            for event in events
            if event.kind not in CARD_ONLY_EVENTS
        ]
        assert entries == Counter(event.id for event in said)
        assert calls == Counter(
            event.id for event in said if event.details.get("channel", "") not in ("", "#support")
        )
        cards = {
            card.alert.id: card.alert for card in (*self.notifier.cards, *self.notifier.updates)
        }
        assert cards == {
            alert.id: replace(alert, next_at=cards[alert.id].next_at) for alert in self.alerts
        }
        with self.store.read() as tx:
            assert {
                state for state, number in tx.deliveries.count_by_state().items() if number
            } == {DeliveryState.SENT}
        self.store.close()


def follows_its_events(alert: Alert, events: Sequence[AlertEvent]) -> None:
    """Its events follow each other in time and by allowed moves, and end in the state that it
    has.
    """
    status: AlertStatus | None = None
    for event in events:
        if event.after is not None:
            assert event.before is status
            assert status is None or event.after in TRANSITIONS[status]
            status = event.after
    assert status is alert.status
    assert (alert.snooze is not None) == (alert.status is AlertStatus.SNOOZED)
    assert [event.at for event in events] == sorted(event.at for event in events)


def does_each_step_once(events: Sequence[AlertEvent]) -> None:
    """A nudge, a missed limit, a call, a holder in turn: once in the stretch of time that it
    belongs to.
    """
    stretch: Counter[str] = Counter()
    done: Counter[tuple[object, ...]] = Counter()
    for event in events:
        stretch["round"] += event.kind in ("opened", "reopened")
        stretch["open"] += event.after is AlertStatus.OPEN
        stretch["silence"] += event.actor.is_person or event.after is not None
        limit = event.details.get("limit", "")
        belongs = {"escalated": "open", "assigned": ""}.get(
            event.kind, "silence" if limit == "confirm" else "round"
        )
        if event.actor == SYSTEM and event.kind in ("nudged", "late", "escalated", "assigned"):
            done[event.kind, limit, event.details.get("step"), stretch[belongs]] += 1
    assert max(done.values(), default=1) == 1


def has_its_next_step(alert: Alert, events: Sequence[AlertEvent], now: datetime) -> None:
    """Its clock does not ring later than its next step, and is silent once it is closed."""
    step = next_step(alert, events, now, calendar=CALENDAR, respond=RESPOND)
    if alert.status.is_closed:
        assert (step, alert.next_at) == (None, None)
    elif step:
        assert alert.next_at is not None
        assert alert.next_at <= max(step.at, now)


TestLife = Life.TestCase
#: Few, since each is a whole life; `--hypothesis-profile=long` takes hundreds.
TestLife.settings = settings(
    max_examples=settings().max_examples // 6, stateful_step_count=30, deadline=None
)
