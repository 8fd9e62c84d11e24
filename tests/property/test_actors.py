"""Actors keep their stored form, whatever it is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.actor import Actor

STORED = st.text() | st.builds(
    "{}{}{}".format,
    st.sampled_from(["user", "cli", "rule", "system", "web"]),
    st.just(":"),
    st.text(),
)


@given(STORED)
def test_stored_form_survives(stored: str) -> None:
    """Whatever is stored is written again as the same bytes."""
    assert str(Actor.parse(stored)) == stored
