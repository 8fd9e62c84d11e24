"""Whatever people do to an improvement, its life makes sense, and its history tells it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.actor import Actor
from monitor.domain.improvement import (
    TRANSITIONS,
    Improvement,
    ImprovementChange,
    ImprovementState,
    ImprovementStep,
    decide_change,
    find_effect_windows,
)

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
ANNA, BERT = Actor.slack("U0ANNA12"), Actor.cli("bert")
CHANGES = st.builds(
    ImprovementChange,
    actor=st.sampled_from([ANNA, BERT]),
    turn=st.none() | st.integers(0, 4),
    state=st.none() | st.sampled_from(ImprovementState),
    title=st.none() | st.sampled_from(["Faster refunds", "Clear prices", ""]),
    owner=st.none() | st.sampled_from([ANNA, BERT]),
    without_owner=st.booleans(),
    due=st.none() | st.dates(date(2026, 11, 1), date(2027, 2, 1)),
    without_due=st.booleans(),
    note=st.sampled_from(["", "asked"]),
)


@given(st.lists(CHANGES, max_size=25))
def test_a_life_of_changes_keeps_its_promises(changes: list[ImprovementChange]) -> None:
    """Only allowed steps are made, each counts one turn, done and when it was done go together,
    the effect is never measured on what lies in the future, and the events give the state.
    """
    current = Improvement(
        id=1,
        title="Faster refunds",
        created_by=ANNA,
        created_at=START,
        changed_by=ANNA,
        changed_at=START,
    )
    state_told = str(current.state)
    for number, change in enumerate(changes):
        now = START + timedelta(days=number)
        step = decide_change(current, change, now)
        if not isinstance(step, ImprovementStep):
            assert step.message
            continue
        after = step.improvement
        assert after.turn == current.turn + 1
        assert after.changed_at == now
        assert after.state is current.state or after.state in TRANSITIONS[current.state]
        assert (after.done_at is not None) == (after.state is ImprovementState.DONE)
        assert current.started_at is None or after.started_at == current.started_at
        if "state" in step.event.changes:
            before, state_told = step.event.changes["state"]
            assert before == str(current.state)
        current = after
        windows = find_effect_windows(current, now)
        for window in (windows.before, windows.after):
            assert window is None or window.since < window.until <= now
    assert state_told == str(current.state)
