"""A person is reminded of an alert at their time, once, and the alert stays as it is."""

from __future__ import annotations

from datetime import timedelta

from monitor.domain.action import Refusal
from monitor.domain.actor import Actor
from monitor.domain.delivery import DeliveryKind, DeliveryState
from monitor.domain.notice import Notice, NoticeKind
from monitor.followup.reminders import queue_reminder
from monitor.pipeline.sender import OutboxSender
from monitor.store import Store
from monitor.testing import RecordingNotifier
from tests.integration.store_values import NOW, decision, item, recorded, stored

ANNA = Actor.slack("U0ANNA12")
SOON = NOW + timedelta(minutes=30)


def opened(store: Store) -> int:
    """A new alert."""
    [made] = stored(store, item())
    [alert] = recorded(store, decision(made)).opened
    return alert.id


def asked(store: Store, alert_id: int, after: timedelta, request_id: str = "1") -> Refusal | None:
    """Anna wants to be reminded."""
    with store.write() as tx:
        return queue_reminder(tx, alert_id, ANNA, NOW + after, NOW, request_id=request_id)


def shown(store: Store, after: timedelta) -> list[Notice]:
    """What a process that has just started tells by a time."""
    notifier = RecordingNotifier()
    sender = OutboxSender(store, notifier, "me")
    while (step := sender.send_next(NOW + after)) is not None and step.seconds == 0:
        continue
    sender.release_lease()
    return notifier.notices


def test_the_reminder_comes_at_its_time_and_once(store: Store) -> None:
    """Not before, whichever process sends, and never again."""
    alert_id = opened(store)
    assert asked(store, alert_id, timedelta(minutes=30)) is None

    told = [shown(store, timedelta(minutes=minutes)) for minutes in (0, 29, 30, 31, 600)]

    reminder = Notice(kind=NoticeKind.REMINDER, person=ANNA, alert_ids=(alert_id,))
    assert told == [[], [], [reminder], [], []]


def test_nothing_of_the_alert_changes(store: Store) -> None:
    """Unlike a snooze: the same version, the same turn, the same events, no line below its card."""
    alert_id = opened(store)
    with store.read() as tx:
        before = (tx.alerts.get(alert_id), tx.alerts.events(alert_id))

    asked(store, alert_id, timedelta(minutes=30))

    with store.read() as tx:
        assert (tx.alerts.get(alert_id), tx.alerts.events(alert_id)) == before
        due = tx.deliveries.find_due(SOON)
    assert [(one.kind, one.channel) for one in due if one.kind is DeliveryKind.NOTICE] == [
        (DeliveryKind.NOTICE, ANNA.id)
    ]


def test_a_request_that_arrives_twice_reminds_once(store: Store) -> None:
    """A redelivery is the same wish; another wish is another reminder."""
    alert_id = opened(store)

    for request_id in ("1", "1", "2"):
        asked(store, alert_id, timedelta(minutes=30), request_id)

    assert len(shown(store, timedelta(minutes=30))) == 2


def test_a_reminder_that_waits_is_no_trouble(store: Store) -> None:
    """The outbox is as old as what is due: the watchdog does not take the wait for a fault."""
    alert_id = opened(store)
    shown(store, timedelta())
    asked(store, alert_id, timedelta(days=2))

    with store.read() as tx:
        assert tx.system_statistics.oldest_outbox_at(NOW + timedelta(days=1)) is None
        assert tx.deliveries.count_by_state()[DeliveryState.PENDING] == 1


def test_what_cannot_be_is_refused_in_words(store: Store) -> None:
    """A time that has passed or is too far, and an alert that is gone."""
    alert_id = opened(store)

    assert asked(store, alert_id, timedelta()) == Refusal("That time has passed already.")
    assert asked(store, alert_id, timedelta(days=31)) == Refusal("A reminder comes within 30 days.")
    assert asked(store, 4711, timedelta(hours=1)) == Refusal(
        "There is no alert 4711; it was removed with its feedback."
    )
