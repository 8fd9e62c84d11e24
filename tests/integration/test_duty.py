"""The duty at work in a store: new alerts have a holder, and each change is told once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from monitor.analysis.analyzer import Analyzer
from monitor.domain.action import Action, ActionKind
from monitor.domain.actor import SYSTEM, Actor
from monitor.domain.alert import AlertStatus, SlaLimits
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.delivery import DeliveryKind
from monitor.domain.duty import DutyRotation
from monitor.domain.event import EventKind
from monitor.domain.notice import Notice, NoticeKind
from monitor.domain.sla import compute_limit_statuses, measure_sla_times
from monitor.followup.act import apply_action
from monitor.followup.duty import DutyRoster
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.sender import OutboxSender
from monitor.store import Store
from monitor.testing import RecordingNotifier, make_feedback
from rules.engine import Engine
from rules.load import parse_rules
from tests.integration.store_values import NOW

ANNA, BERT = Actor.slack("U0ANNA12"), Actor.slack("U0BERT34")
ROTATION = DutyRotation(
    people=(ANNA, BERT), zone="UTC", first_day=date(2026, 11, 16), handover=time(9), days=7
)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)  # Bert takes over
ENGINE = Engine(
    parse_rules(
        {
            "rules": [
                {
                    "id": "crash",
                    "all": [{"text": "crash*"}],
                    "group_by": ["feedback"],
                    "acknowledge_within": "10m",
                }
            ]
        },
        "rules.toml",
    )
)
ROUND_THE_CLOCK = BusinessCalendar.always_open()


def roster(store: Store, *, assigns: bool = True) -> DutyRoster:
    """The duty of a process that has just started."""
    return DutyRoster(store, ROTATION, "#duty", assigns)


def ingested(store: Store, duty: DutyRoster, name: str = "1", at: datetime = NOW) -> int:
    """The alert about a new feedback, from the path itself."""
    ingest = Ingest(store, Analyzer(), ENGINE, "#support", on_opened=duty.assign_opened)
    feedback = make_feedback(external_id=name, body="It crashes", created_at=at)
    [alert] = ingest([feedback], at, AlertPolicy()).opened
    return alert.id


def shown(store: Store, now: datetime) -> RecordingNotifier:
    """What a sender shows of all that is due."""
    notifier = RecordingNotifier()
    sender = OutboxSender(store, notifier, "me")
    while (step := sender.send_next(now)) is not None and step.seconds == 0:
        continue
    sender.release_lease()
    return notifier


def test_a_new_alert_is_open_and_with_whoever_has_duty(store: Store) -> None:
    """It is assigned in the transaction that opens it, and nobody has taken it."""
    alert_id = ingested(store, roster(store))

    with store.read() as tx:
        alert, events = tx.alerts.get(alert_id), tx.alerts.events(alert_id)
    assert alert is not None
    assert (alert.assignee, alert.status) == (ANNA, AlertStatus.OPEN)
    assert [(event.kind, event.actor) for event in events[1:]] == [(EventKind.ASSIGNED, SYSTEM)]


def test_the_card_alone_tells_who_has_duty(store: Store) -> None:
    """Its first post names the holder; no update and no line below it calls them again."""
    ingested(store, roster(store))

    notifier = shown(store, NOW)

    assert [card.alert.assignee for card in notifier.cards] == [ANNA]
    assert (notifier.updates, notifier.entries) == ([], [])


def test_having_duty_is_no_response(store: Store) -> None:
    """The limit is met, and the time measured, when that person takes it and not before."""
    alert_id = ingested(store, roster(store))
    later = NOW + timedelta(minutes=5)

    with store.read() as tx:
        before = tx.alerts.events(alert_id)
    with store.write() as tx:
        apply_action(tx, alert_id, Action(kind=ActionKind.TAKE, actor=ANNA), later)
    with store.read() as tx:
        alert, after = tx.alerts.get(alert_id), tx.alerts.events(alert_id)

    assert alert is not None
    assert alert.limits == SlaLimits(acknowledge=600)
    (unmet,) = compute_limit_statuses(alert, before, ROUND_THE_CLOCK)
    (met,) = compute_limit_statuses(alert, after, ROUND_THE_CLOCK)
    assert (unmet.met_at, met.met_at) == (None, later)
    assert measure_sla_times(NOW, before, ROUND_THE_CLOCK).to_acknowledge is None
    taken_after = measure_sla_times(NOW, after, ROUND_THE_CLOCK).to_acknowledge
    assert taken_after is not None
    assert taken_after.wall == 300


def test_nobody_is_assigned_where_that_is_switched_off(store: Store) -> None:
    """The duty is told and new alerts are left to all."""
    alert_id = ingested(store, roster(store, assigns=False))

    with store.read() as tx:
        alert = tx.alerts.get(alert_id)
    assert alert is not None
    assert alert.assignee is None


def test_a_change_is_told_once_by_whichever_process(store: Store) -> None:
    """Restarts and a second process look again and again; each shift has one message."""
    one, other = roster(store), roster(store)
    for moment in (NOW, NOW + timedelta(hours=1), MONDAY - timedelta(seconds=1), MONDAY, MONDAY):
        one.tell_change(moment)
        other.tell_change(moment)
        roster(store).tell_change(moment)

    notifier = shown(store, MONDAY)

    assert [notice.person for notice in notifier.notices] == [ANNA, BERT]


def test_of_changes_that_were_missed_the_last_one_is_told(store: Store) -> None:
    """Nobody needs to hear who had duty while the program did not run."""
    duty = roster(store)
    assert duty.tell_change(NOW)

    assert duty.tell_change(MONDAY + timedelta(weeks=3))

    notices = shown(store, MONDAY + timedelta(weeks=3)).notices
    assert [notice.until for notice in notices] == [MONDAY, MONDAY + timedelta(weeks=4)]


def test_the_message_tells_what_is_still_with_the_shift_before(store: Store) -> None:
    """Who takes over sees the open alerts; those that were closed are none of them."""
    left, closed = (ingested(store, roster(store), name) for name in "12")
    with store.write() as tx:
        apply_action(tx, closed, Action(kind=ActionKind.RESOLVE, actor=ANNA), NOW)

    roster(store).tell_change(MONDAY)

    assert shown(store, MONDAY).notices == [
        Notice(
            kind=NoticeKind.DUTY,
            person=BERT,
            alert_ids=(left,),
            actor=ANNA,
            until=MONDAY + timedelta(weeks=1),
            zone="UTC",
        )
    ]


def test_the_message_goes_to_the_channel_of_the_duty(store: Store) -> None:
    """It belongs to no card, and waits for none."""
    roster(store).tell_change(NOW)

    with store.read() as tx:
        (delivery,) = tx.deliveries.find_due(NOW)
    assert (delivery.kind, delivery.channel, delivery.alert_id) == (
        DeliveryKind.NOTICE,
        "#duty",
        0,
    )


def test_without_people_nobody_has_duty(store: Store) -> None:
    """Nothing is told, and nothing is assigned."""
    duty = DutyRoster(store, None, "#duty")

    assert not duty.tell_change(NOW)
    assert duty.shift_at(NOW) is None
    alert_id = ingested(store, duty)
    with store.read() as tx:
        alert = tx.alerts.get(alert_id)
    assert alert is not None
    assert alert.assignee is None
