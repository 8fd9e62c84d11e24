"""Whatever fails, in whatever order: no customer gets two answers, and none that was sent is
forgotten.
"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.reply import ReplyState
from monitor.replies.publisher import PROBE_AFTER, PROBE_AGAIN_AFTER
from monitor.testing import make_feedback, memory_store
from tests.world.answering import Fault, Office

DAY = 86_400
#: A service that shows what was written later than this is beyond what two looks can see.
LONGEST_LAG = (PROBE_AFTER + PROBE_AGAIN_AFTER).total_seconds()


@settings(max_examples=20, deadline=None)
@given(
    alerts=st.integers(1, 4),
    faults=st.lists(st.sampled_from(Fault), max_size=12),
    blind=st.lists(st.booleans(), max_size=12),
    lag=st.sampled_from([0.0, 10.0, 45.0, LONGEST_LAG]),
)
def test_no_customer_gets_two_answers(
    alerts: int, faults: list[Fault], blind: list[bool], lag: float
) -> None:
    """Doubled = 0 and lost = 0 over any mix of faults, kills, lags and failing looks; what failed
    is known.
    """
    store = memory_store()
    try:
        office = Office(store)
        opened = office.hear(
            *(make_feedback(f"broken {number}") for number in range(alerts))
        ).opened
        office.place.faults, office.place.blind, office.place.lag = faults, blind, lag
        for alert in opened:
            office.answer(alert, f"Sorry, {alert.id}.")
        office.publish(DAY)
        found = {alert.id: office.replies(alert.id)[0].state for alert in opened}
    finally:
        store.close()
    said = [text for _, _, text in office.place.public]
    assert len(said) == len(set(said))
    assert set(found.values()) <= {ReplyState.PUBLISHED, ReplyState.FAILED}
    assert set(said) == {
        f"Sorry, {number}." for number, state in found.items() if state is ReplyState.PUBLISHED
    }
