"""What a rule advises: what is filled in, and which placeholders there are."""

from __future__ import annotations

import pytest

from monitor.domain.advice import EMERGENCY_LINE, fill_advice, require_placeholders

ADVICE = "A person answers now and names {emergency_line}."


@pytest.mark.parametrize(
    ("advice", "line", "expected"),
    [
        (ADVICE, "Samaritans, 116 123", "A person answers now and names Samaritans, 116 123."),
        (ADVICE, "", "A person answers now and names the emergency line of their country."),
        (ADVICE, "{emergency_line}", "A person answers now and names {emergency_line}."),
        ("Call them.", "Samaritans, 116 123", "Call them."),
        ("", "", ""),
    ],
)
def test_the_emergency_line_stands_where_the_advice_asks_for_it(
    advice: str, line: str, expected: str
) -> None:
    """With a line or without the sentence can be read; other advice stays as it is."""
    assert fill_advice(advice, line) == expected


@pytest.mark.parametrize("advice", [ADVICE, "", "Keep 50 % {", "} and {"])
def test_what_can_be_filled_passes(advice: str) -> None:
    """The one placeholder passes, and so do brackets that hold nothing together."""
    assert require_placeholders(advice) == advice


@pytest.mark.parametrize("placeholder", ["{emergency_lin}", "{}", "{phone}", "{emergency_line }"])
def test_what_nobody_fills_is_a_mistake(placeholder: str) -> None:
    """A placeholder that would be shown as it stands is named, with the one that there is."""
    with pytest.raises(ValueError, match="unknown placeholder") as error:
        require_placeholders(f"Call {placeholder}.")
    assert placeholder in str(error.value)
    assert EMERGENCY_LINE in str(error.value)
