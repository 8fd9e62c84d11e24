"""What is different in two versions of a rule, in words."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.difference import describe_difference, loses_conditions
from rules.load import parse_rules
from rules.rule import Rule


def make_rule(**keys: Any) -> Rule:
    """A rule about billing that is written with these keys."""
    written = {"id": "billing", "all": [{"text": "refund"}, {"stars": {"max": 3}}]} | keys
    [rule] = parse_rules({"rules": [written]}, "rules.toml")
    return rule


def test_conditions_are_matched_by_their_kind() -> None:
    """A limit that moved, a word that is new, an exclusion that is gone: a line for each."""
    old = make_rule(none=[{"author": "ourbrand"}])
    new = make_rule(
        all=[{"stars": {"max": 2}}, {"text": "refund"}],
        any=[{"text": "charged"}],
        none=[{"source": "dealsbot"}],
    )
    assert describe_difference(old, new) == (
        "it has 3 stars or fewer -> 2 stars or fewer",
        "or it says charged (new)",
        "excludes what is by ourbrand (no longer)",
        "excludes what comes from dealsbot (new)",
    )


def test_keys_are_told_as_people_write_them() -> None:
    """A channel, a span and an escalation, each before and after."""
    old = make_rule(channel="#a", respond_within="24h")
    new = make_rule(
        respond_within="4h", escalate=[{"after": "30m", "channel": "#leads"}], name="Money"
    )
    assert describe_difference(old, new) == (
        "name 'billing' -> 'Money'",
        "channel #a -> the default channel",
        "respond within 24 h -> 4 h",
        "calls nobody -> #leads after 30 min",
    )


def test_the_order_of_conditions_is_no_difference() -> None:
    """They are asked together, wherever they stand."""
    turned = make_rule(all=[{"stars": {"max": 3}}, {"text": "refund"}])
    assert describe_difference(make_rule(), turned) == ()


def test_a_condition_that_is_written_otherwise_is_told() -> None:
    """Also where it asks for the same, because the text is another version."""
    written = make_rule(all=[{"text": {"query": "refund"}}, {"stars": {"max": 3}}])
    assert describe_difference(make_rule(), written) == ("it says refund (written otherwise)",)


def test_a_condition_that_became_another_is_not_lost() -> None:
    """Only one that is gone without another of its kind is."""
    assert not loses_conditions(make_rule(), make_rule(all=[{"text": "money"}, {"stars": 1}]))
    assert loses_conditions(make_rule(), make_rule(all=[{"text": "refund"}]))
    assert loses_conditions(make_rule(none=[{"author": "us"}]), make_rule())


_CONDITIONS = st.lists(
    st.sampled_from([{"text": "refund"}, {"text": "money"}, {"stars": 1}, {"stars": {"max": 2}}]),
    max_size=4,
)


@given(_CONDITIONS, _CONDITIONS)
def test_every_difference_is_told_and_nothing_else(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    """A line for each condition that is not in both, and none for two lists of the same ones."""
    old, new = make_rule(none=before), make_rule(none=after)
    told = describe_difference(old, new)
    assert (not told) == (sorted(map(str, before)) == sorted(map(str, after)))
