"""The sender and the real Slack client on a line where a third of all requests goes wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.testing import memory_store
from tests.world.storm import LOOKING, PEOPLE, POSTING, STEPS, Storm
from tests.world.waiting import LAST_RESORT

SHARES = {
    name: 0.0 if name == "slower than the timeout" else share for name, share in POSTING.items()
}


def test_a_storm_loses_nothing_and_doubles_nothing() -> None:
    """Every fault happens, to two senders on one store; benchmarks/delivery_faults.py does the same
    at length.

    Time is simulated, so no answer may be late on the machine's own clock: its message would come
    after looks that are half a minute apart.
    """
    store = memory_store()
    try:
        outcome = Storm(store, seed=1, alerts=50, posting=SHARES, timeout=LAST_RESORT).rage()
    finally:
        store.close()
    assert (outcome.lost, outcome.doubled, outcome.unsettled) == (0, 0, 0)
    expected = {name for name, share in {**SHARES, **LOOKING}.items() if share}
    assert set(outcome.faults) >= expected, "the seed leaves a fault out"


@pytest.mark.parametrize("hours", [-25, -1, 1, 25])
def test_a_wrong_clock_that_is_set_in_the_storm_doubles_nothing(hours: int) -> None:
    """The machine's clock is off by hours, and is set by minutes to a day between a message and the
    look for it: no message is lost, doubled, or left waiting for the time to come round.
    """
    store = memory_store()
    try:
        outcome = Storm(
            store,
            seed=hours + 100,
            alerts=30,
            posting=SHARES,
            timeout=LAST_RESORT,
            skew=timedelta(hours=hours),
            steps={by: 3 * share for by, share in STEPS.items()},
        ).rage()
    finally:
        store.close()
    assert (outcome.lost, outcome.doubled, outcome.unsettled) == (0, 0, 0)
    assert outcome.faults["clock set"]
    assert timedelta(seconds=outcome.seconds) < timedelta(minutes=45)


def test_people_who_write_and_delete_cards_in_the_storm_lose_nothing() -> None:
    """Each line is shown below a card, a deleted card is posted anew, and what came out at top
    level is removed.
    """
    store = memory_store()
    try:
        storm = Storm(store, 3, 20, posting=SHARES, timeout=LAST_RESORT, people=PEOPLE)
        outcome = storm.rage()
    finally:
        store.close()
    assert (outcome.lost, outcome.doubled, outcome.unsettled) == (0, 0, 0)
    assert set(outcome.faults) >= set(PEOPLE)
