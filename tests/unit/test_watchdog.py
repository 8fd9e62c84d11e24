"""When people are told of trouble, and when the heart beats: a clock moved by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.domain.clock_step import ClockStep
from monitor.errors import DeliveryForbidden, StoreUnavailable
from monitor.health.watchdog import NOTIFY_AGAIN_AFTER, Watchdog, build_sender_check
from monitor.http import HttpClient
from monitor.notifiers.operator import OperatorAlarm
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.sender import OutboxSender, drain_outbox
from monitor.settings import AlarmSettings, HttpSettings, Secrets
from monitor.testing import NOON, RecordingNotifier, make_feedback, memory_store
from rules.engine import Engine
from rules.load import parse_rules

MINUTE = timedelta(minutes=1)
FIVE = timedelta(minutes=5)


class Bell(OperatorAlarm):
    """An alarm that keeps what it is to say, and can be deaf."""

    def __init__(self) -> None:
        super().__init__(HttpClient(HttpSettings()), AlarmSettings(), Secrets())
        self.told: list[tuple[datetime, str, str]] = []
        self.beats = 0
        self.broken = False

    def raise_alarm(self, subject: str, text: str, at: datetime) -> bool:
        if not self.broken:
            self.told.append((at, subject, text))
        return not self.broken

    def send_heartbeat(self) -> None:
        self.beats += 1


@dataclass
class Place:
    """A watchdog whose findings are set by hand."""

    bell: Bell = field(default_factory=Bell)
    found: list[tuple[str, str]] = field(default_factory=list)
    error: StoreUnavailable | None = None
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.watchdog = Watchdog(self.bell, [self.check], FIVE)

    def check(self, now: datetime) -> Iterable[tuple[str, str]]:
        if self.error:
            raise self.error
        return self.found

    def minutes(self, count: int) -> None:
        """Let so many minutes pass, with a look in each."""
        for _ in range(count):
            self.watchdog.run_checks(self.now)
            self.now += MINUTE

    @property
    def minutes_told(self) -> list[float]:
        return [(at - NOON) / MINUTE for at, _, _ in self.bell.told]


def test_while_all_is_well_the_heart_beats_and_nobody_is_told() -> None:
    """One beat a minute, no word."""
    place = Place()
    place.minutes(10)
    assert (place.bell.beats, place.bell.told) == (10, [])


def test_trouble_is_told_once_it_stands_and_again_after_six_hours() -> None:
    """After five minutes, not before, then every six hours; no heartbeat all the while."""
    place = Place(found=[("sender", "the token is refused")])
    place.minutes(13 * 60)
    assert place.minutes_told == [5, 5 + 360, 5 + 720]
    assert place.bell.beats == 0
    _, subject, text = place.bell.told[0]
    assert subject == "repwatch is in trouble: the token is refused"
    assert text == "Since 2026-11-18 12:00 UTC: the token is refused"


def test_trouble_that_passes_is_none() -> None:
    """Four minutes of it are told to nobody."""
    place = Place(found=[("sender", "busy")])
    place.minutes(4)
    place.found = []
    place.minutes(20)
    assert place.bell.told == []


def test_its_end_is_told_once() -> None:
    """Whoever was woken is told that it is over, and the heart beats at once."""
    place = Place(found=[("sender", "refused")])
    place.minutes(10)
    place.found = []
    place.minutes(30)
    assert [subject for _, subject, _ in place.bell.told] == [
        "repwatch is in trouble: refused",
        "repwatch: the trouble is over",
    ]
    assert place.bell.told[1][2] == "Over at 2026-11-18 12:09 UTC: refused"
    assert place.bell.beats == 30


def test_trouble_that_comes_and_goes_is_one() -> None:
    """Every other minute for hours: one word, not a hundred; the text may change."""
    place = Place()
    for minute in range(300):
        place.found = [("sender", f"refused, try {minute}")] if minute % 2 == 0 else []
        place.minutes(1)
    assert place.minutes_told == [6]


def test_another_trouble_is_told_by_itself() -> None:
    """Each has its own five minutes and its own six hours."""
    place = Place(found=[("sender", "refused")])
    place.minutes(10)
    place.found.append(("outbox", "forty minutes"))
    place.minutes(10)
    assert place.minutes_told == [5, 15]
    assert place.bell.told[1][1] == "repwatch is in trouble: forty minutes"


def test_an_alarm_that_nobody_took_is_raised_again() -> None:
    """A webhook that is away for a while swallows neither the trouble nor its end."""
    place = Place(found=[("sender", "refused")])
    place.bell.broken = True
    place.minutes(20)
    place.bell.broken = False
    place.minutes(1)
    assert place.minutes_told == [20]
    place.found, place.bell.broken = [], True
    place.minutes(20)
    place.bell.broken = False
    place.minutes(1)
    assert [text for _, _, text in place.bell.told][1:] == ["Over at 2026-11-18 12:20 UTC: refused"]


def test_a_check_that_cannot_look_is_trouble() -> None:
    """A database that is away stops the heartbeat and is told of."""
    place = Place(error=StoreUnavailable("the database is locked"))
    place.minutes(6)
    assert [subject for _, subject, _ in place.bell.told] == [
        "repwatch is in trouble: the database is locked"
    ]
    assert place.bell.beats == 0


@pytest.mark.parametrize("kind", ["sender", "outbox"])
def test_a_sender_in_trouble_is_found(kind: str) -> None:
    """A refused token is one trouble, a message that waits too long another; all well is none."""
    store, notifier = memory_store(), RecordingNotifier()
    try:
        rules = parse_rules({"rules": [{"id": "r", "all": [{"text": "broken"}]}]}, "rules.toml")
        deliverer = OutboxSender(store, notifier, holder="here/1/a")
        check = build_sender_check(store, deliverer, timedelta(minutes=15))
        Ingest(store, Analyzer(), Engine(rules), "#support")(
            [make_feedback("broken")], NOON, AlertPolicy()
        )
        assert list(check(NOON + 14 * MINUTE)) == []
        if kind == "sender":
            notifier.errors = [DeliveryForbidden("the token is refused")]
            drain_outbox(deliverer, lambda: NOON, lambda _: None, until=NOON)
            assert list(check(NOON)) == [("sender", "the token is refused")]
        else:
            assert list(check(NOON + 16 * MINUTE)) == [
                ("outbox", "the oldest message has waited for 16 minutes")
            ]
        later = NOON + timedelta(hours=1)
        drain_outbox(deliverer, lambda: later, lambda _: None, until=later)
        assert list(check(later)) == []
    finally:
        store.close()


def test_what_stands_is_told_at_most_every_six_hours() -> None:
    """The promise of the documentation."""
    assert timedelta(hours=6) == NOTIFY_AGAIN_AFTER


@pytest.mark.parametrize("hours", [-1, 1])
def test_trouble_lasts_as_long_as_it_does_when_the_clock_is_set(hours: int) -> None:
    """People hear of it after five minutes, and of its end after five more: neither at once nor an
    hour late.
    """
    place = Place()
    place.found = [("sender", "the token is refused")]
    by = timedelta(hours=hours)
    start = place.now
    for minute in range(10):
        place.now = start + minute * MINUTE + (by if minute > 2 else timedelta())
        if minute == 3:
            place.watchdog.follow_clock(ClockStep(by, place.now))
        place.watchdog.run_checks(place.now)
    assert [at for at, _, _ in place.bell.told] == [start + by + FIVE]
    place.found = []
    for minute in range(10, 20):
        place.now = start + minute * MINUTE + by
        place.watchdog.run_checks(place.now)
    assert [at for at, _, _ in place.bell.told][1:] == [start + by + timedelta(minutes=14)]
