"""A rule as a form: what nobody changed stays as it was written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.rule_form import FieldKind
from monitor.slack import limits
from monitor.slack.views.rule_dialogs import carry_draft, read_draft, render_rule_form
from monitor.tuning.rule_forms import apply_form, build_form
from rules.load import load_preset, parse_rules, preset_names
from rules.rule import Rule

RULES = [rule for name in preset_names() for rule in load_preset(name)]


def make_rule(*conditions: dict[str, Any], **keys: Any) -> Rule:
    """A rule with these conditions in `all`."""
    table = {"id": "tried", "name": "Tried", "all": list(conditions), **keys}
    [rule] = parse_rules({"rules": [table]}, "rules.toml")
    return rule


def filled(rule: Rule, **changes: str) -> dict[str, str]:
    """The form of a rule as it comes back, with some fields changed; empty ones are not there."""
    values = {field.name: field.value for field in build_form(rule, 1).fields} | changes
    return {name: value for name, value in values.items() if value}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_an_untouched_form_changes_nothing(rule: Rule) -> None:
    """Every rule of every preset comes back as it was written, and its dialog fits into Slack."""
    form = build_form(rule, 1)

    assert apply_form(rule, filled(rule)) == dict(rule.definition)
    assert limits.check_view(render_rule_form(form)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_one_change_changes_one_thing(rule: Rule) -> None:
    """Every number can be changed by itself, and comes back as a number."""
    for field in build_form(rule, 1).fields:
        if field.kind not in (FieldKind.NUMBER, FieldKind.WHOLE) or not field.value:
            continue
        part, place, key = field.name.split(".")
        value = field.low if field.value != f"{field.low:g}" else field.high
        edited = apply_form(rule, filled(rule, **{field.name: f"{value:g}"}))
        ((_, changed),) = edited[part][int(place)].items()
        assert (changed[key] if isinstance(changed, dict) else changed) == value
        edited[part][int(place)] = rule.definition[part][int(place)]
        assert edited == dict(rule.definition)


def test_a_short_form_stays_short_while_it_can() -> None:
    """A text alone is written as before; with a part it needs a table."""
    rule = make_rule({"text": "slow"})

    assert apply_form(rule, filled(rule, **{"all.0.query": "slow*"}))["all"] == [{"text": "slow*"}]
    with_part = apply_form(rule, filled(rule, **{"all.0.in": "title"}))
    assert with_part["all"] == [{"text": {"query": "slow", "in": "title"}}]


def test_an_emptied_condition_is_gone_and_an_exclusion_is_added() -> None:
    """A limit that is emptied is gone too."""
    rule = make_rule({"text": "slow"}, {"stars": {"max": 2}}, respond_within="4h")

    edited = apply_form(rule, filled(rule, **{"all.1.max": "", "exclude": "beta"}) | {})
    assert edited["all"] == [{"text": "slow"}]
    assert edited["none"] == [{"text": "beta"}]
    assert "respond_within" not in apply_form(rule, filled(rule, respond_within=""))


def test_lists_are_written_a_line_each() -> None:
    """Several values come back as a list, one alone as itself."""
    rule = make_rule({"source": ["forum", "blog"]})

    edited = apply_form(rule, filled(rule, **{"all.0.id": "forum\nblog\nreddit"}))
    assert edited["all"] == [{"source": {"id": ["forum", "blog", "reddit"]}}] or edited["all"] == [
        {"source": ["forum", "blog", "reddit"]}
    ]


def test_what_is_no_number_is_left_for_the_reader_of_rules() -> None:
    """It stays the text that somebody wrote, which is named as a mistake then."""
    rule = make_rule({"stars": {"max": 2}})

    edited = apply_form(rule, filled(rule, **{"all.0.max": "two"}))
    assert edited["all"] == [{"stars": {"max": "two"}}]


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_carried_draft_comes_back(query: str, reason: str) -> None:
    """Whatever is written in it; anything else is no draft."""
    definition = {"id": "tried", "all": [{"text": query}]}
    carried = carry_draft("tried", 7, definition, reason)

    assert read_draft(carried) == (7, reason, definition)
    assert read_draft(query) is None
    assert read_draft(f"tried:{query}") is None
