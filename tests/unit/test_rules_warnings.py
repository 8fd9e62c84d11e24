"""What rules say and probably do not mean."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial

import pytest

from monitor.errors import ConfigProblem
from rules import warnings
from rules.findings import FindingKind, RuleFile, RuleWarning
from rules.load import load_preset, parse_rules, preset_names
from rules.rule import Rule

Finder = Callable[[Sequence[Rule]], Iterable[RuleWarning]]
SOURCES = partial(warnings.find_unknown_sources, source_ids=["survey", "reddit"])
WINDOWS = partial(warnings.find_short_windows, intervals={"survey": timedelta(minutes=5)})


def parse(*rules: str) -> tuple[Rule, ...]:
    text = "\n".join(f'[[rules]]\nid = "r{at}"\n{rule}' for at, rule in enumerate(rules))
    return parse_rules(tomllib.loads(text), "r.toml")


@pytest.mark.parametrize(
    ("find", "rule", "path", "told"),
    [
        (SOURCES, 'all = [{ source = "survay" }]', ("all", 0, "source", "id"), "mean 'survey'?"),
        (
            SOURCES,
            'all = [{ text = "a" }]\nnone = [{ source = { id = ["reddit", "redit"] } }]',
            ("none", 0, "source", "id"),
            "'redit'; did you mean 'reddit'?",
        ),
        (
            warnings.find_lower_operators,
            "any = [{ text = 'crash* or \"this and that\"' }]",
            ("any", 0, "text", "query"),
            "write OR",
        ),
        (
            warnings.find_swapped_limits,
            'acknowledge_within = "4h"\nrespond_within = "1h"\nall = [{ text = "a" }]',
            ("acknowledge_within",),
            "ends after respond_within (1 hour)",
        ),
        (
            warnings.find_odd_channels,
            'channel = "Money Team"\nall = [{ text = "a" }]',
            ("channel",),
            "did you mean '#money-team'?",
        ),
        (
            warnings.find_odd_channels,
            'escalate = [{ after = "1h", channel = "leads" }]\nall = [{ text = "a" }]',
            ("escalate", 0, "channel"),
            "did you mean '#leads'?",
        ),
        (
            warnings.find_contradictions,
            "all = [{ stars = { max = 2 } }, { stars = { min = 4 } }]",
            ("all", 1, "stars"),
            "no feedback has 2 stars or fewer, and has 4 stars or more",
        ),
        (
            warnings.find_contradictions,
            "all = [{ problem = 0.5 }, { problem = { below = 0.5 } }]",
            ("all", 1, "problem"),
            "can never hold",
        ),
        (
            warnings.find_contradictions,
            'all = [{ source = "a" }]\nany = [{ source = "b" }]',
            ("any", 0, "source"),
            "can never hold",
        ),
        (
            warnings.find_contradictions,
            'all = [{ text = "a" }]\nnone = [{ text = { query = "a" } }]',
            ("none", 0, "text"),
            "what must hold must not",
        ),
        (
            WINDOWS,
            'all = [{ similar_count = { min = 2, within = "1m" } }]',
            ("all", 0, "similar_count", "within"),
            "shorter than the 5 minutes between two polls of 'survey'",
        ),
    ],
)
def test_what_is_probably_not_meant_is_told(
    find: Finder, rule: str, path: tuple[str | int, ...], told: str
) -> None:
    """With where it stands in the rule."""
    [warning] = find(parse(rule))

    assert (warning.rule_id, warning.path) == ("r0", path)
    assert told in warning.message


@pytest.mark.parametrize(
    ("find", "rule"),
    [
        (SOURCES, 'all = [{ source = "survey" }]'),
        (warnings.find_lower_operators, "all = [{ text = 'reset NEAR/5 not OR (not OR never)' }]"),
        (warnings.find_lower_operators, "all = [{ text = 'a OR \"b or c\" AND oreo' }]"),
        (
            warnings.find_swapped_limits,
            'acknowledge_within = "1h"\nresolve_within = "1h"\nall = [{ text = "a" }]',
        ),
        (warnings.find_odd_channels, 'channel = "C0123ABCD"\nall = [{ text = "a" }]'),
        (warnings.find_odd_channels, 'channel = "#support-über_1"\nall = [{ text = "a" }]'),
        (warnings.find_contradictions, "any = [{ stars = 1 }, { stars = 5 }]"),
        (warnings.find_contradictions, "all = [{ stars = { max = 2 } }, { stars = 2 }]"),
        (WINDOWS, 'all = [{ similar_count = { min = 2, within = "5m" } }]'),
        (WINDOWS, "all = [{ similar_count = 2 }]"),
        (SOURCES, 'mode = "off"\nall = [{ source = "survay" }]'),
    ],
)
def test_what_is_meant_is_not_told(find: Finder, rule: str) -> None:
    """A warning that is wrong teaches people to skip warnings."""
    assert list(find(parse(rule))) == []


def test_a_rule_that_another_always_leads_adds_nothing() -> None:
    """One that is less severe, or leaves out more, does not lead."""
    crash = 'all = [{ text = "crash" }]'
    narrow = 'all = [{ text = "crash" }, { stars = { max = 2 } }]'
    found = warnings.find_covered_rules(parse(f'{crash}\nseverity = "high"', narrow))
    lesser = warnings.find_covered_rules(parse(f'{crash}\nseverity = "info"', narrow))
    excluding = warnings.find_covered_rules(parse(f"{crash}\nnone = [{{ stars = 1 }}]", narrow))

    assert [one.rule_id for one in found] == ["r1"]
    assert list(lesser) == list(excluding) == []


def test_a_part_of_no_rule_is_told() -> None:
    """With the rule that was probably meant."""
    tables: list[dict[str, object]] = [
        {"id": "bilings", "mode": "off"},
        {"id": "billing"},
        {"id": "own", "all": []},
    ]
    [warning] = warnings.find_parts_of_nothing(tables, ["billing", "churn"])

    assert warning.rule_id == "bilings"
    assert "did you mean 'billing'?" in warning.message


def test_presets_have_no_warnings() -> None:
    """What ships is no example of what is odd."""
    rules = {rule.id: rule for name in preset_names() for rule in load_preset(name)}.values()
    finders: Sequence[Finder] = (
        warnings.find_lower_operators,
        warnings.find_swapped_limits,
        warnings.find_odd_channels,
        warnings.find_contradictions,
        warnings.find_covered_rules,
    )
    assert [one for find in finders for one in find(tuple(rules))] == []


TEXT = '[[rules]]\nid = "a"\n\n[[rules]]\nid = "b"\nall = [\n  { text = "x or y" },\n]\n'
FILE = RuleFile("r.toml", TEXT, ("a", "b"))


@pytest.mark.parametrize(
    ("where", "line", "column"),
    [
        ('r.toml: rule "b" (rules[1]).all[0].text', 7, 5),
        ("r.toml: rules[0].id", 2, 1),
        ('r.toml: rule "b"', 4, 1),
        ('r.toml: rule "b" (rules[1]).all[3]', 6, 1),
        ("elsewhere.toml: slack", 0, 0),
    ],
)
def test_a_mistake_gets_its_place(where: str, line: int, column: int) -> None:
    """Or that of the nearest in which it lies; a mistake of another file has none."""
    found = FILE.place_problem(ConfigProblem(where, "odd"))
    assert (found.kind, found.line, found.column) == (FindingKind.MISTAKE, line, column)


def test_a_word_in_a_value_is_marked() -> None:
    """As a compiler does."""
    warning = RuleWarning("b", ("all", 0, "text", "query"), "odd", " or ")
    assert FILE.place_warning(warning).marked_excerpt == (
        " --> r.toml:7:15",
        '7 |   { text = "x or y" },',
        "  |               ^^",
    )


def test_what_is_no_toml_is_marked_where_the_reader_stopped() -> None:
    """The parser knows the line and the column."""
    problem = ConfigProblem("r.toml", "not valid TOML: Expected ']]' (at line 1, column 8)")
    found = RuleFile("r.toml", "[[rules]\n").place_problem(problem)
    assert (found.line, found.column, found.excerpt) == (1, 8, "[[rules]")


@pytest.mark.parametrize(
    ("value", "column"),
    [("'a OR'", 13), ('"(a b"', 13), ('"""a OR"""', 3), ('"\\"a OR"', 3)],
)
def test_a_mistake_within_a_query_is_marked_at_its_character(value: str, column: int) -> None:
    """In a text that is written as it is read; of others the key is marked."""
    written = RuleFile("r.toml", f"[[rules]]\nid = 'a'\nall = [\n{{ text = {value} }}]\n", ("a",))
    problem = ConfigProblem('r.toml: rule "a" (rules[0]).all[0].text', "odd (at character 3)")
    assert written.place_problem(problem).column == column
