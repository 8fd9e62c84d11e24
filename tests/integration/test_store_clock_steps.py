"""Stored times when the clock is set: what waits, waits no longer than it would have."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.domain.alert import Severity
from monitor.domain.clock_step import ClockStep
from monitor.domain.delivery import Delivery
from monitor.domain.source_health import SourceState
from monitor.domain.unread import UnreadDay
from monitor.store import Store
from tests.integration.store_values import CHANNEL, NOW, decision, item, recorded, stored

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BACK, FORWARD = ClockStep(-HOUR, NOW - HOUR), ClockStep(HOUR, NOW + HOUR)


def card(store: Store, name: str = "1") -> Delivery:
    """The card of a new alert."""
    [made] = stored(store, item(name))
    [alert] = recorded(store, decision(made, group=name, severity=Severity.HIGH)).opened
    with store.read() as tx:
        return next(one for one in tx.deliveries.find_due(NOW, 99) if one.alert_id == alert.id)


def again(store: Store, delivery: Delivery) -> Delivery:
    """A delivery as it is stored now."""
    with store.read() as tx:
        found = tx.deliveries.get(delivery.id)
    assert found
    return found


@pytest.mark.parametrize("step", [BACK, FORWARD], ids=["back", "forward"])
def test_what_was_tried_waits_as_long_as_it_would_have(store: Store, step: ClockStep) -> None:
    """A message of unknown fate and one that is tried again later keep their rest of a wait, and
    how long ago they were tried.
    """
    uncertain, delayed, sent = (card(store, name) for name in "123")
    with store.write() as tx:
        for one in (uncertain, delayed, sent):
            tx.deliveries.claim(one.id, NOW - 10 * SECOND)
        tx.deliveries.mark_uncertain(uncertain.id, NOW + 5 * SECOND)
        tx.deliveries.retry_at(delayed.id, NOW + MINUTE)
        tx.deliveries.mark_sent(sent.id, NOW, "1.1", "C1")
        assert tx.clock_steps.move_attempts(step) == 3
    waits = [again(store, one).not_before - step.at for one in (uncertain, delayed)]
    assert waits == [5 * SECOND, MINUTE]
    tried = [again(store, one).attempted_at for one in (uncertain, delayed, sent)]
    assert tried == [step.at - 10 * SECOND] * 3
    with store.read() as tx:
        assert tx.deliveries.count_cards_since(CHANNEL, step.at - HOUR) == 2
        assert tx.deliveries.count_cards_since(CHANNEL, step.at) == 0


def test_what_was_never_tried_is_due_at_once(store: Store) -> None:
    """A card that was written by the clock of before, also after it was set back, waits for
    nothing; what was written since stays as it is.
    """
    before = card(store)
    with store.write() as tx:
        assert tx.clock_steps.pull_forward(NOW - SECOND) == 0
        assert tx.clock_steps.pull_forward(NOW - DAY) == 1
        assert tx.clock_steps.pull_forward(NOW - DAY) == 0
        assert [one.id for one in tx.deliveries.find_due(NOW - DAY)] == [before.id]


def test_a_start_finds_what_was_tried_by_a_clock_ahead(store: Store) -> None:
    """Nobody saw the clock being set back: what was tried in the future was tried now."""
    delayed = card(store)
    with store.write() as tx:
        tx.deliveries.claim(delayed.id, NOW)
        tx.deliveries.retry_at(delayed.id, NOW + MINUTE)
        assert tx.clock_steps.pull_attempts_forward(NOW - DAY) == 1
        assert tx.clock_steps.pull_attempts_forward(NOW - DAY) == 0
    found = again(store, delayed)
    assert (found.attempted_at, found.not_before) == (NOW - DAY, NOW - DAY + MINUTE)


def test_sources_and_what_services_sent_wait_no_longer(store: Store) -> None:
    """A pause that a source asked for keeps its rest; what waits in the inbox is tried again."""
    asked = SourceState(source_id="news").after_failure("busy", NOW, due_at=NOW + MINUTE)
    late = SourceState(source_id="late").after_success(NOW + SECOND, NOW + MINUTE)
    with store.write() as tx:
        tx.sources.save(asked)
        tx.inbox.add_once("survey", "1", NOW - DAY, headers={}, query={}, body=b"")
        [entry] = tx.inbox.find_due(NOW)
        tx.inbox.mark_failed(entry.id, "busy", NOW + MINUTE)
        tx.inbox.add_once("survey", "2", NOW, headers={}, query={}, body=b"")
        tx.clock_steps.move_sources(BACK)
        tx.clock_steps.retry_inbox(BACK.at)
        assert len(tx.inbox.find_due(BACK.at)) == 2
        state = tx.sources.get_state("news")
        assert (state.due_at, state.last_attempt_at) == (BACK.at + MINUTE, BACK.at)
        tx.sources.save(late)
        assert tx.clock_steps.pull_forward(BACK.at) > 0
        assert tx.sources.get_state("late").due_at == BACK.at
        assert tx.sources.get_state("news") == state
        assert tx.clock_steps.pull_forward(BACK.at) == 0


def test_a_day_that_only_a_wrong_clock_reached_is_told_when_it_comes(store: Store) -> None:
    """What was not sent of it is not sent, what was stays readable, and both days are told again;
    a day that is over stays told.
    """
    over, early, sent_early = (
        UnreadDay((NOW + number * DAY).date(), NOW + (number - 1) * DAY, NOW + number * DAY)
        for number in (0, 2, 3)
    )
    with store.write() as tx:
        assert tx.unread.queue_summary("news", sent_early, CHANNEL, NOW + 3 * DAY)
        [shown] = tx.deliveries.find_due(NOW + 3 * DAY)
        tx.deliveries.claim(shown.id, NOW + 3 * DAY)
        tx.deliveries.mark_sent(shown.id, NOW + 3 * DAY, "1.1", "C1")
        for day in (over, early):
            assert tx.unread.queue_summary("news", day, CHANNEL, day.until)
        tx.clock_steps.pull_forward(NOW)
    with store.write() as tx:
        assert [one.created_at for one in tx.deliveries.find_due(NOW + DAY)] == [NOW]
        assert tx.unread.get_summary_subject(shown.id).until == sent_early.until
        again = [
            tx.unread.queue_summary("news", day, CHANNEL, day.until)
            for day in (over, early, sent_early)
        ]
    assert again == [False, True, True]
