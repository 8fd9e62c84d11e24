"""The duty, hand-overs and reminders in a store in memory, and what is said about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.domain.action import Refusal
from monitor.domain.actor import SYSTEM, Actor
from monitor.domain.alert import Alert
from monitor.domain.duty import DutyRotation, Shift
from monitor.domain.event import DUTY_DETAIL, HANDOVER_DETAIL, AlertEvent, EventKind
from monitor.domain.handover import Handover
from monitor.domain.notice import Notice, NoticeKind
from monitor.followup.duty import DutyRoster
from monitor.followup.handover import (
    HandoverRequest,
    describe_outcome,
    find_held,
    give_back,
    hand_over,
)
from monitor.followup.reminders import queue_reminder
from monitor.notifiers.event_text import describe_event
from monitor.notifiers.notice_text import describe_shift, format_local_time, format_notice
from monitor.notifiers.wording import PLAIN_FORMAT
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.sender import OutboxSender
from monitor.store import Store
from monitor.testing import NOON, RecordingNotifier, make_feedback, memory_store
from rules.engine import Engine
from rules.load import parse_rules

ANNA, BERT = Actor.slack("U0ANNA12"), Actor.slack("U0BERT34")
ENGINE = Engine(parse_rules({"rules": [{"id": "any", "all": [{"text": "broken"}]}]}, "rules.toml"))
ROTATION = DutyRotation(
    people=(ANNA,), zone="Europe/Berlin", first_day=date(2026, 1, 5), handover=time(9), days=7
)


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store."""
    opened = memory_store()
    yield opened
    opened.close()


def assigned(store: Store) -> Alert:
    """A new alert, which is with Anna because she has duty."""
    duty = DutyRoster(store, ROTATION, "#support")
    ingest = Ingest(store, Analyzer(), ENGINE, "#support", on_opened=duty.assign_opened)
    ingest([make_feedback("it is broken", created_at=NOON)], NOON, AlertPolicy())
    with store.read() as tx:
        [alert] = find_held(tx, ANNA)
    return alert


def notices(store: Store, now: datetime = NOON) -> list[Notice]:
    """What is told by now, beside cards."""
    notifier = RecordingNotifier()
    sender = OutboxSender(store, notifier, "me")
    while (step := sender.send_next(now)) is not None and step.seconds == 0:
        continue
    return notifier.notices


def test_alerts_go_over_and_come_back(store: Store) -> None:
    """Each way in one step, with one message for whoever did not do it."""
    alert = assigned(store)
    request = HandoverRequest(id="1", giver=ANNA, receiver=BERT, actor=ANNA)

    with store.write() as tx:
        over = hand_over(tx, request, NOON)
        back = give_back(tx, ANNA, NOON, request_id="2")
        again = give_back(tx, ANNA, NOON, request_id="3")

    assert describe_outcome(over) == f"1 alert went over from {ANNA} to {BERT}."
    assert describe_outcome(back) == f"1 alert went back from {BERT} to {ANNA}."
    assert isinstance(again, Refusal)
    assert {(told.kind, told.person) for told in notices(store)} == {
        (NoticeKind.HANDOVER, BERT),
        (NoticeKind.TAKEN_BACK, BERT),
    }
    with store.read() as tx:
        assert [held.id for held in find_held(tx, ANNA)] == [alert.id]


def test_an_alert_on_an_older_turn_stays(store: Store) -> None:
    """It is named among those that were left alone; where it was the only one, nothing is done."""
    alert = assigned(store)
    seen = {alert.id: alert.turn + 1}
    request = HandoverRequest(id="1", giver=ANNA, receiver=BERT, actor=ANNA, seen=seen)

    with store.write() as tx:
        done = hand_over(tx, request, NOON)

    assert done == Refusal("All of these had changed meanwhile. Nothing was done.")
    assert notices(store) == []


def test_what_was_left_alone_is_named() -> None:
    """Whoever handed over looks at it again."""
    done = Handover(id="1", at=NOON, giver=ANNA, receiver=BERT, moved=(1, 2), skipped=(3,))

    assert describe_outcome(done) == (
        f"2 alerts went over from {ANNA} to {BERT}. These had changed meanwhile and were left "
        "alone: 3."
    )


def test_a_shift_is_told_once(store: Store) -> None:
    """A process that starts anew finds it told."""
    first = DutyRoster(store, ROTATION, "#support").tell_change(NOON)
    second = DutyRoster(store, ROTATION, "#support").tell_change(NOON)

    assert (first, second) == (True, False)
    assert [notice.person for notice in notices(store)] == [ANNA]


def test_a_person_is_reminded_at_their_time(store: Store) -> None:
    """The notice waits until then."""
    alert = assigned(store)
    with store.write() as tx:
        queue_reminder(tx, alert.id, ANNA, NOON + timedelta(hours=2), NOON, request_id="1")

    assert notices(store) == []
    assert [told.kind for told in notices(store, NOON + timedelta(hours=2))] == [
        NoticeKind.REMINDER
    ]


def test_a_time_is_told_in_its_zone() -> None:
    """With the day, in English whatever the machine speaks, and the name of the zone."""
    at = datetime(2026, 12, 7, 8, tzinfo=UTC)

    assert format_local_time(at, "Europe/Berlin") == "Mon 7 Dec 09:00 (Europe/Berlin)"
    assert describe_shift(Shift(ANNA, None, at), "Europe/Berlin", PLAIN_FORMAT) == (
        "On duty: U0ANNA12 until Mon 7 Dec 09:00 (Europe/Berlin)"
    )
    assert describe_shift(Shift(ANNA, None, None), "", PLAIN_FORMAT) == "On duty: U0ANNA12"


def test_a_notice_of_the_duty_names_what_was_left(store: Store) -> None:
    """One line in words; of many only the first and how many there are."""
    few = Notice(kind=NoticeKind.DUTY, person=ANNA, alert_ids=(7,))
    many = Notice(kind=NoticeKind.DUTY, person=ANNA, alert_ids=tuple(range(1, 24)))

    assert format_notice(few, (), PLAIN_FORMAT) == [
        "👉 Now on duty: U0ANNA12",
        "1 open alert is still with whoever had duty before: 7",
    ]
    named = replace(few, actor=BERT)
    assert format_notice(named, (), PLAIN_FORMAT)[1] == (
        f"1 open alert is still with {BERT.id}, who had duty before: 7"
    )
    assert format_notice(many, (), PLAIN_FORMAT)[1].endswith("19, 20 and 3 more")
    (alert,) = [assigned(store)]
    listed = Notice(kind=NoticeKind.REMINDER, person=ANNA, alert_ids=(alert.id,))
    assert format_notice(listed, [alert] * 22, PLAIN_FORMAT)[-1] == "… and 2 more"


@pytest.mark.parametrize(
    ("actor", "details", "expected"),
    [
        (SYSTEM, {DUTY_DETAIL: "yes"}, "👉 U0BERT34 has duty"),
        (ANNA, {HANDOVER_DETAIL: "1", "from": str(ANNA)}, "🤝 U0ANNA12 handed it over to U0BERT34"),
        (BERT, {HANDOVER_DETAIL: "1", "from": str(ANNA)}, "🤝 U0BERT34 took it back from U0ANNA12"),
        (
            Actor.cli("dora"),
            {HANDOVER_DETAIL: "1", "from": str(ANNA)},
            "🤝 dora handed it over from U0ANNA12 to U0BERT34",
        ),
    ],
)
def test_the_history_says_why_somebody_has_it(
    actor: Actor, details: dict[str, str], expected: str
) -> None:
    """The duty, or who handed it over; neither gets a line in the thread."""
    event = AlertEvent(
        alert_id=1,
        at=NOON,
        kind=EventKind.ASSIGNED,
        actor=actor,
        details={"assignee": str(BERT), **details},
    )

    assert describe_event(event) == expected
    assert event.is_told_elsewhere
