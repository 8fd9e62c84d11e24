"""The sender and the real Slack client on a line where a third of all requests goes wrong."""

from __future__ import annotations

from monitor.testing import memory_store
from tests.world.storm import LOOKING, POSTING, Storm
from tests.world.waiting import LAST_RESORT


def test_a_storm_loses_nothing_and_doubles_nothing() -> None:
    """Every fault happens, to two senders on one store; benchmarks/delivery_faults.py does the same
    at length.

    Time is simulated, so no answer may be late on the machine's own clock: its message would come
    after looks that are half a minute apart.
    """
    shares = {
        name: 0.0 if name == "slower than the timeout" else share for name, share in POSTING.items()
    }
    store = memory_store()
    try:
        outcome = Storm(store, seed=1, alerts=50, posting=shares, timeout=LAST_RESORT).rage()
    finally:
        store.close()
    assert (outcome.lost, outcome.doubled, outcome.unsettled) == (0, 0, 0)
    expected = {name for name, share in {**shares, **LOOKING}.items() if share}
    assert set(outcome.faults) >= expected, "the seed leaves a fault out"
