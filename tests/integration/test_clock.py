"""The clock of the alerts at work in a store: every step once, whoever carries it out, and none
forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest

from monitor.domain.action import Action, ActionKind
from monitor.domain.actor import SYSTEM, Actor
from monitor.domain.alert import AlertStatus, EscalationStep, MatchOutcome, SlaLimits, Snooze
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.delivery import DeliveryKind
from monitor.followup.act import apply_action
from monitor.followup.audit import TimerAuditor
from monitor.followup.timers import AlertTimers
from monitor.pipeline.sender import OutboxSender
from monitor.settings import RespondSettings
from monitor.store import Store
from monitor.testing import RecordingNotifier, memory_store
from tests.integration.store_values import NOW, decision, item, recorded, stored

LIMITS = SlaLimits(acknowledge=600, escalate=(EscalationStep(900, "@lead", "#leads"),))
RESPOND = RespondSettings(assign="round_robin", people=("U1", "U2", "U3"))
#: Asked for working time it can tell none: there is no such place.
BROKEN = BusinessCalendar("Nowhere/Atlantis", frozenset(range(5)), time(9), time(17))


def at(seconds: float) -> datetime:
    """So many seconds after the opening."""
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def place() -> Iterator[Store]:
    """An empty store."""
    store = memory_store()
    yield store
    store.close()


def clock(
    store: Store, calendar: BusinessCalendar | None = None, respond: RespondSettings = RESPOND
) -> AlertTimers:
    """The clock of a process that has just started."""
    return AlertTimers(store, calendar or BusinessCalendar.always_open(), respond)


def opened(store: Store, name: str = "1", limits: SlaLimits = LIMITS) -> int:
    """A new alert."""
    [made] = stored(store, item(name))
    [alert] = recorded(store, decision(made, group=name, limits=limits)).opened
    return alert.id


def joined(store: Store, alert_id: int, name: str, seconds: float) -> None:
    """Another report of it."""
    [made] = stored(store, item(name))
    recorded(
        store, decision(made, MatchOutcome.GROUPED, alert_id=alert_id, group="1"), at=at(seconds)
    )


def act(
    store: Store, alert_id: int, act: ActionKind, seconds: float, snooze: Snooze | None = None
) -> None:
    """Somebody does something."""
    with store.write() as tx:
        apply_action(
            tx, alert_id, Action(kind=act, actor=Actor.cli("anna"), snooze=snooze), at(seconds)
        )


def kinds(store: Store, alert_id: int) -> list[str]:
    """What has happened to an alert."""
    with store.read() as tx:
        return [event.kind for event in tx.alerts.events(alert_id)]


def test_each_step_is_carried_out_once_by_whichever_process(place: Store) -> None:
    """Two processes and a restart look at the same clock again and again: each thing happens at its
    time, once.
    """
    alert_id = opened(place)
    one, other = clock(place), clock(place)
    for seconds in (0, 449, 450, 599, 600, 899, 900, 5000):
        assert (
            one.run_due_steps(at(seconds))
            + other.run_due_steps(at(seconds))
            + clock(place).run_due_steps(at(seconds))
            <= 1
        )
    assert kinds(place, alert_id) == ["opened", "assigned", "nudged", "late", "escalated"]
    with place.read() as tx:
        alert = tx.alerts.get(alert_id)
        events = tx.alerts.events(alert_id)
    assert alert
    assert (alert.assignee, alert.next_at) == (Actor.slack("U1"), None)
    assert [event.at for event in events] == [at(0), at(0), at(450), at(600), at(900)]
    assert {(event.actor, event.via) for event in events[1:]} == {(SYSTEM, "clock")}


def test_a_call_goes_to_the_channel_of_the_chain(place: Store) -> None:
    """The escalation stands below the card and is shown where the leads are."""
    opened(place)
    notifier = RecordingNotifier()
    clock(place).run_due_steps(at(900))
    deliverer = OutboxSender(place, notifier, holder="here/1/a")
    while deliverer.send_next(at(1000)):
        pass
    assert [entry.event.kind for entry in notifier.entries] == ["assigned", "late", "escalated"]
    [call] = notifier.calls
    assert call.event.details == {"step": "1", "mention": "@lead", "channel": "#leads"}
    assert [wait.kind for wait in notifier.cards[0].limit_statuses] == ["acknowledge"]
    with place.read() as tx:
        assert [one.kind for one in tx.deliveries.find_due(at(2000), 9)] == []


def test_everybody_gets_their_turn_also_after_a_restart(place: Store) -> None:
    """Who was the last one stands in the store."""
    for number in range(5):
        opened(place, str(number), SlaLimits())
        clock(place).run_due_steps(at(number))
    with place.read() as tx:
        holders = [alert.assignee for alert in reversed(tx.alerts.find())]
    assert holders == [
        Actor.slack("U1"),
        Actor.slack("U2"),
        Actor.slack("U3"),
        Actor.slack("U1"),
        Actor.slack("U2"),
    ]


def test_a_report_wakes_what_was_put_away_until_there_are_so_many(place: Store) -> None:
    """The report that makes the number full brings the alert back at once, and not the one
    before.
    """
    alert_id = opened(place, limits=SlaLimits())
    act(place, alert_id, ActionKind.SNOOZE, 10, Snooze(members=3))
    for number, expected in (("2", AlertStatus.SNOOZED), ("3", AlertStatus.OPEN)):
        joined(place, alert_id, number, 20)
        clock(place).run_due_steps(at(21))
        with place.read() as tx:
            alert = tx.alerts.get(alert_id)
        assert alert
        assert alert.status is expected


def test_a_mistake_in_one_alert_does_not_hold_up_the_others(place: Store) -> None:
    """The others are nudged; the broken one is tried again later, and people hear of it."""
    broken = opened(place, "1", SlaLimits(acknowledge=600, working_hours=True))
    well = opened(place, "2")
    quiet = RespondSettings()
    going = clock(place, BROKEN, quiet)
    assert going.run_due_steps(at(450)) == 1
    assert (kinds(place, broken), kinds(place, well)) == (["opened"], ["opened", "nudged"])
    assert dict(TimerAuditor(place, going).audit_timers(at(451))) == {
        "steps": f"what comes next cannot be worked out for 1 alerts, {broken} among them"
    }
    assert clock(place, None, quiet).run_due_steps(at(800)) == 2
    assert kinds(place, broken) == ["opened", "late"]


def test_the_auditor_sets_forgotten_clocks_right(place: Store) -> None:
    """A clock that would ring never or too late is wound anew and counted; one that goes right is
    left alone.
    """
    never, late, right = (opened(place, str(number)) for number in range(3))
    going = clock(place, respond=RespondSettings())
    going.run_due_steps(at(0))
    with place.write() as tx:
        for alert_id, wrong in ((never, None), (late, at(9999))):
            alert = tx.alerts.get(alert_id)
            assert alert
            tx.alerts.schedule_timer(alert, wrong)
    auditor = TimerAuditor(place, going)
    assert list(auditor.audit_timers(at(1))) == []
    assert auditor.repaired == 2
    assert list(auditor.audit_timers(at(2))) == []
    assert auditor.repaired == 2
    assert going.run_due_steps(at(450)) == 3
    assert [kinds(place, alert_id)[-1] for alert_id in (never, late, right)] == ["nudged"] * 3


def test_a_clock_that_was_set_right_late_is_no_trouble(place: Store) -> None:
    """Alerts of an older version have no time at all: theirs is now, and nobody is told that the
    clock stands still.
    """
    forgotten = opened(place, "1")
    with place.write() as tx:
        alert = tx.alerts.get(forgotten)
        assert alert
        tx.alerts.schedule_timer(alert, None)
    going = clock(place, respond=RespondSettings())
    assert list(TimerAuditor(place, going).audit_timers(at(9000))) == []
    assert going.run_due_steps(at(9000)) > 0


def test_the_auditor_tells_of_a_clock_that_stands_and_of_a_full_inbox(place: Store) -> None:
    """What is due for minutes, and what a service has sent an hour ago, is trouble that people hear
    of.
    """
    opened(place)
    with place.write() as tx:
        tx.inbox.add_once("survey", "d", NOW, headers={}, query={}, body=b"{}")
    auditor = TimerAuditor(place, clock(place))
    assert list(auditor.audit_timers(at(290))) == []
    assert dict(auditor.audit_timers(at(3700))) == {
        "clock": "what comes next for an alert has been due for 62 minutes",
        "inbox": "what a service has sent has been waiting for 62 minutes",
    }


def test_what_was_resolved_is_not_looked_at_again(place: Store) -> None:
    """A closed alert has no clock, and a reopened one has a new one."""
    alert_id = opened(place)
    clock(place).run_due_steps(at(0))
    act(place, alert_id, ActionKind.RESOLVE, 10)
    assert clock(place).run_due_steps(at(5000)) == 0
    act(place, alert_id, ActionKind.REOPEN, 6000)
    assert clock(place).run_due_steps(at(6450)) == 1
    assert kinds(place, alert_id)[-2:] == ["reopened", "nudged"]
    with place.read() as tx:
        assert {one.kind for one in tx.deliveries.find_due(at(9999), 99)} == {DeliveryKind.CARD}
