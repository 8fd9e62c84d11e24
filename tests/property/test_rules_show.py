"""Any value that a rule file can hold is shown so that it is read back as it was."""

from __future__ import annotations

import math
import tomllib

from hypothesis import given
from hypothesis import strategies as st

from rules.show import format_value

TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("'\"\\\n\r\t\x7f\0#]}="), max_size=40
)
VALUES = st.recursive(
    TEXTS | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def comparable(value: object) -> object:
    """A value in which what is no number equals itself."""
    if isinstance(value, float) and math.isnan(value):
        return "no number"
    if isinstance(value, list):
        return list(map(comparable, value))
    if isinstance(value, dict):
        return {key: comparable(item) for key, item in value.items()}
    return value


@given(value=VALUES)
def test_round_trip(value: object) -> None:
    """Texts with quotes and lines of their own, numbers, lists and tables in one another."""
    shown = f"key = {format_value(value)}  # a comment\n"
    assert comparable(tomllib.loads(shown)["key"]) == comparable(value)
