"""A change is told apart from a change of who was heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest.mix import GroupTotal, decompose_change

GROUPS = st.dictionaries(
    st.sampled_from("abcd"),
    st.builds(GroupTotal, st.integers(1, 50), st.integers(-5000, 5000).map(float)),
    min_size=1,
)


def test_more_from_the_worse_source_explains_a_fall_that_no_source_has() -> None:
    """Simpson's paradox: both sources rose, and all of them together fell."""
    before = {"App Store": GroupTotal(20, -1000.0), "Survey": GroupTotal(80, 4000.0)}
    now = {"App Store": GroupTotal(80, -3200.0), "Survey": GroupTotal(20, 1200.0)}

    effect = decompose_change(now, before)

    assert effect is not None
    assert effect.change == pytest.approx(-50)
    assert effect.within > 0
    assert effect.explains_most
    assert (effect.leading.name, effect.leading.grew) == ("App Store", True)


def test_a_fall_within_the_sources_is_not_put_down_to_their_shares() -> None:
    """Nobody was heard more than before."""
    before = {"App Store": GroupTotal(50, 500.0), "Survey": GroupTotal(50, 4000.0)}
    now = {"App Store": GroupTotal(50, -500.0), "Survey": GroupTotal(50, 3000.0)}

    effect = decompose_change(now, before)

    assert effect is not None
    assert effect.within == pytest.approx(-20)
    assert effect.mix == pytest.approx(0)
    assert not effect.explains_most


def test_a_new_source_is_all_mix() -> None:
    """What was not there before has not changed."""
    effect = decompose_change(
        {"Old": GroupTotal(50, 2500.0), "New": GroupTotal(50, 0.0)},
        {"Old": GroupTotal(50, 2500.0)},
    )

    assert effect is not None
    assert effect.within == 0
    assert effect.mix == pytest.approx(-25)
    assert effect.leading.name == "New"


def test_an_empty_period_has_no_mix() -> None:
    """There is no change to be explained."""
    assert decompose_change({}, {"Old": GroupTotal(50, 2500.0)}) is None
    assert decompose_change({"Old": GroupTotal(1, 1.0)}, {"Old": GroupTotal(0, 0.0)}) is None


@given(GROUPS, GROUPS)
def test_the_parts_sum_up_to_the_change(
    now: dict[str, GroupTotal], before: dict[str, GroupTotal]
) -> None:
    """Nothing is lost between them, and looked at backwards it is the same with its sign turned."""
    effect, back = decompose_change(now, before), decompose_change(before, now)

    assert effect is not None
    assert back is not None
    assert effect.within + effect.mix == pytest.approx(effect.change, abs=1e-6)
    assert back.within == pytest.approx(-effect.within, abs=1e-6)
    assert back.mix == pytest.approx(-effect.mix, abs=1e-6)
