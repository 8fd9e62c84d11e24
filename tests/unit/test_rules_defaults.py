"""Defaults of a rule file, and a rule shown as TOML with where each part was written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from rules.load import load_preset, load_rules, load_rules_file, parse_rules, preset_names
from rules.rule import Rule
from rules.show import format_rule

OWN = """
[[defaults]]
none = [{ author = "ourbrand" }]

[[defaults]]
rules = ["billing", "own-*"]
channel = "#payments"
cooldown = "2h"
none = [{ author = "ourbrand" }, { hours = { from = "22:00", to = "06:00", zone = "UTC" } }]

[[defaults]]
rules = "own-b"
cooldown = "4h"
severity = "high"

[[rules]]
id = "own-a"
channel = "#a"
all = [{ text = "x" }]
none = [{ stars = { min = 4 } }]

[[rules]]
id = "own-b"
all = [{ text = "y" }]

[[rules]]
id = "churn"
mention = "@here"
"""


def load(folder: Path, text: str = OWN, presets: tuple[str, ...] = ("support",)) -> dict[str, Rule]:
    """The rules of a file and of presets, by id."""
    path = folder / "rules.toml"
    path.write_text(text, "utf-8")
    return {rule.id: rule for rule in load_rules(path, presets)}


def mistakes(folder: Path, text: str, presets: tuple[str, ...] = ("support",)) -> list[str]:
    """What is said of the file."""
    with pytest.raises(ConfigError) as caught:
        load(folder, text, presets)
    return [str(problem) for problem in caught.value.problems]


def excluded(rule: Rule) -> list[str]:
    return [condition.kind() for condition in rule.none]


def test_a_rules_own_key_wins_and_exclusions_add_up(tmp_path: Path) -> None:
    """Of several defaults the later one wins; an exclusion that is said twice is there once."""
    rules = load(tmp_path)
    a, b = rules["own-a"], rules["own-b"]
    assert (a.channel, a.cooldown.total_seconds(), a.severity) == ("#a", 7200, "normal")
    assert (b.channel, b.cooldown.total_seconds(), b.severity) == ("#payments", 14400, "high")
    assert excluded(a) == ["stars", "author", "hours"]
    assert excluded(b) == ["author", "hours"]


def test_defaults_change_rules_of_presets(tmp_path: Path) -> None:
    """Those that nobody wrote down anew, those changed in part, and the order stays."""
    before = {rule.id: rule for rule in load_preset("support")}
    after = load(tmp_path)
    assert list(after) == [*before, "own-a", "own-b"]
    billing, safety, churn = (after[name] for name in ("billing", "safety", "churn"))
    assert billing.channel == "#payments"
    assert excluded(billing) == [*excluded(before["billing"]), "author", "hours"]
    assert excluded(safety) == [*excluded(before["safety"]), "author"]
    assert (churn.mention, excluded(churn)[-1]) == ("@here", "author")
    assert billing.severity is before["billing"].severity
    assert billing.version != before["billing"].version


def test_a_rule_that_no_default_names_stays_the_same(tmp_path: Path) -> None:
    """It keeps its version, so that nobody takes it for changed."""
    text = '[[defaults]]\nrules = "billing"\nchannel = "#payments"'
    after, before = load(tmp_path, text), {rule.id: rule for rule in load_preset("support")}
    assert [name for name in after if after[name] != before[name]] == ["billing"]
    assert after["safety"].version == before["safety"].version


def test_one_file_can_be_read_alone(tmp_path: Path) -> None:
    """A name under `rules` may be that of a preset, which is not known then."""
    path = tmp_path / "rules.toml"
    path.write_text(OWN.replace('id = "churn"\n', 'id = "churn"\nall = [{ stars = 1 }]\n'), "utf-8")
    assert [rule.id for rule in load_rules_file(path)] == ["own-a", "own-b", "churn"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('chanel = "#a"', "line 3: defaults[0].chanel: unknown key; did you mean 'channel'?"),
        (
            'rules = "biling"\nmode = "off"',
            "line 3: defaults[0].rules: no rule is called 'biling'; did you mean 'billing'?",
        ),
        (
            'all = [{ text = "x" }]\nmode = "off"',
            "line 3: defaults[0].all: belongs to one rule; only `none` adds up",
        ),
        (
            'mode = "off"\nid = "a"',
            "line 4: defaults[0].id: belongs to one rule; name the rules in `rules`",
        ),
        (
            'rules = "billing"',
            "line 2: defaults[0]: says nothing; write at least one key beside rules",
        ),
        (
            'rules = []\nmode = "off"',
            "line 3: defaults[0].rules: an empty list means no rule; leave it out for all",
        ),
        (
            'none = [{ txet = "x" }]',
            "line 3: defaults[0].none[0].txet: unknown condition 'txet'; did you mean 'text'?",
        ),
        (
            "none = [\n  { stars = { most = 3 } }\n]",
            "line 3: defaults[0].none[0].stars.most: unknown key; allowed: max, min, exactly",
        ),
        (
            'mention = "@lead"',
            "line 3: defaults[0].mention: '@lead' calls nobody; write @here",
        ),
        (
            'advice = "x"\ncooldown = "2"',
            'line 4: defaults[0].cooldown: a time with its unit is needed, like "90s"',
        ),
    ],
)
def test_a_mistake_names_file_line_and_key(tmp_path: Path, written: str, said: str) -> None:
    """It is told once, however many rules the defaults are for."""
    (found,) = mistakes(tmp_path, f"# mine\n[[defaults]]\n{written}\n")
    assert found.startswith(f"rules.toml, {said}")


def test_the_line_is_that_of_the_right_table(tmp_path: Path) -> None:
    """Neither words in a text of several lines nor the same key elsewhere are taken for it."""
    text = """
[[rules]]
id = "a"
chanel = "#a"
all = [{ text = '''
[[defaults]]
chanel OR x
''' }]
[[defaults]]
channel = "#a"
[[defaults]]
mode = "live"
chanel = "#b"
"""
    assert [said.rpartition(": ")[0] for said in mistakes(tmp_path, text, ())] == [
        "rules.toml, line 13: defaults[1].chanel",
        'rules.toml: rule "a" (rules[0]).chanel',
        'rules.toml: rule "a" (rules[0]).all[0].text',
    ]


@pytest.mark.parametrize("text", ["defaults = 3", "[defaults]\nmode = 'off'"])
def test_defaults_are_tables(tmp_path: Path, text: str) -> None:
    """Another shape is answered with how to write it."""
    assert mistakes(tmp_path, text) == [
        "rules.toml: defaults: write each of the defaults as a table headed [[defaults]]"
    ]


def test_a_shown_rule_says_where_each_part_was_written(tmp_path: Path) -> None:
    """Preset, change in part and defaults, each part by its own comment."""
    rules = load(tmp_path)
    shown = format_rule(rules["own-a"]).splitlines()
    quiet = '  { hours = { from = "22:00", to = "06:00", zone = "UTC" } },'
    assert shown == [
        "[[rules]]",
        'id = "own-a"  # rules.toml',
        'channel = "#a"  # rules.toml',
        "all = [  # rules.toml",
        '  { text = "x" },',
        "]",
        "none = [",
        "  { stars = { min = 4 } },  # rules.toml",
        '  { author = "ourbrand" },  # rules.toml, defaults in line 2',
        f"{quiet}  # rules.toml, defaults in line 5",
        "]",
        'cooldown = "2h"  # rules.toml, defaults in line 5',
    ]
    churn = format_rule(rules["churn"])
    assert 'mention = "@here"  # rules.toml\n' in churn
    assert 'id = "churn"  # rules.toml\n' in churn
    assert "  # preset support\n" in churn


def test_what_is_shown_can_be_copied(tmp_path: Path) -> None:
    """Every rule, also of presets, is read back as the very same rule, with the same version."""
    rules = [*load(tmp_path).values()]
    rules += [rule for name in preset_names() for rule in load_preset(name)]
    for rule in rules:
        (again,) = parse_rules(tomllib.loads(format_rule(rule)), "copy.toml")
        assert again == rule
        assert again.version == rule.version
