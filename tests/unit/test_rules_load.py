"""Rules files: what is read, how files are put together, and how every mistake is named."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.domain.advice import EMERGENCY_LINE, MAX_ADVICE, fill_advice
from monitor.domain.alert import Severity
from monitor.errors import ConfigError
from rules.load import load_preset, load_rules, load_rules_file, preset_names
from rules.rule import Escalation, GroupBy, Rule, RuleMode

WHOLE = """
[[rules]]
id = "crash"
name = "App crashes"
severity = "high"
mode = "shadow"
all = [{ text = "crash*" }, { stars = { max = 2 } }]
any = [{ sentiment = "negative" }]
none = [{ author = "AutoModerator" }]
channel = "#support"
mention = "@here"
fallback = false
advice = "Call them, and name {emergency_line}."
group_by = ["source", "text"]
cooldown = "6h"
acknowledge_within = "15m"
respond_within = "4h"
resolve_within = "2d"
escalate = [{ after = "1h", channel = "#leads" }, { after = "30m", mention = "<@U0123LEAD>" }]
"""


def file(folder: Path, text: str) -> Path:
    path = folder / "rules.toml"
    path.write_text(text, "utf-8")
    return path


def mistakes(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_rules_file(file(folder, text))
    return [str(problem) for problem in caught.value.problems]


def test_every_key_is_read(tmp_path: Path) -> None:
    """A rule is what its table says, and keeps the table as it was written."""
    (rule,) = load_rules_file(file(tmp_path, WHOLE))
    assert (rule.id, rule.name, rule.severity, rule.mode) == (
        "crash",
        "App crashes",
        Severity.HIGH,
        RuleMode.SHADOW,
    )
    assert [condition.kind() for condition in (*rule.all, *rule.any, *rule.none)] == [
        "text",
        "stars",
        "sentiment",
        "author",
    ]
    assert (rule.channel, rule.mention, rule.fallback) == ("#support", "@here", False)
    assert rule.advice == "Call them, and name {emergency_line}."
    assert rule.group_by == (GroupBy.SOURCE, GroupBy.TEXT)
    assert (rule.cooldown, rule.acknowledge_within) == (timedelta(hours=6), timedelta(minutes=15))
    assert (rule.respond_within, rule.resolve_within) == (timedelta(hours=4), timedelta(days=2))
    assert rule.escalate == (
        Escalation(timedelta(minutes=30), mention="<@U0123LEAD>"),
        Escalation(timedelta(hours=1), channel="#leads"),
    )
    assert json.loads(json.dumps(rule.definition))["all"] == [
        {"text": "crash*"},
        {"stars": {"max": 2}},
    ]


def test_little_needs_to_be_said(tmp_path: Path) -> None:
    """An id and one condition make a rule that is normal, live and grouped by text."""
    (rule,) = load_rules_file(file(tmp_path, '[[rules]]\nid = "r"\nany = [{ text = "x" }]'))
    assert (rule.name, rule.severity, rule.mode) == ("r", Severity.NORMAL, RuleMode.LIVE)
    assert rule.group_by == (GroupBy.TEXT,)
    assert rule.cooldown == timedelta()
    assert (rule.advice, rule.fallback) == ("", True)


def test_comments_and_order_change_no_version(tmp_path: Path) -> None:
    """The version follows what is said, not how it is laid out."""
    (one,) = load_rules_file(
        file(tmp_path, '[[rules]]\nid = "r"\nseverity = "high"\nall = [{ text = "x" }]')
    )
    (two,) = load_rules_file(
        file(tmp_path, '# new\n[[rules]]\nall = [ {text="x"} ]\nseverity = "high"\nid = "r"')
    )
    (three,) = load_rules_file(
        file(tmp_path, '[[rules]]\nid = "r"\nseverity = "high"\nall = [{ text = "y" }]')
    )
    assert one.version == two.version != three.version


@pytest.mark.parametrize(
    ("rule", "mistake"),
    [
        ('sevrity = "high"', ".sevrity: unknown key; did you mean 'severity'?"),
        ('severity = "hihg"', ".severity: unknown value 'hihg'; did you mean 'high'?"),
        ('name = "a\\nb"', ".name: one line of plain text is needed"),
        ('advice = "a\\nb"', ".advice: one line of plain text is needed"),
        (
            'advice = "Call {phone}."',
            ".advice: unknown placeholder {phone}; allowed: {emergency_line}",
        ),
        ('fallback = "no"', ".fallback: true or false is needed"),
        ('mode = "love"', ".mode: unknown value 'love'; did you mean 'live'?"),
        ('group_by = ["txt"]', ".group_by[0]: unknown value 'txt'; did you mean 'text'?"),
        ('group_by = ["rule", "text"]', ": group_by: 'rule' stands alone"),
        ('group_by = ["text", "text"]', ": group_by: one value stands there twice"),
        (
            'cooldown = "10"',
            '.cooldown: a time with its unit is needed, like "90s", "5m", "24h" or "7d"',
        ),
        (
            'escalate = [{ after = "1h" }]',
            ".escalate[0]: mention or channel is needed: whom to call",
        ),
        ('mention = "@here U0123ABCD"', ".mention: 'U0123ABCD' calls nobody; write <@U0123ABCD>"),
        (
            'escalate = [{ after = "1h", mention = "@lead" }]',
            (
                ".escalate[0].mention: '@lead' calls nobody; write @here, @channel, @everyone, a "
                "person's id as <@U0123ABCD> or a group's as <!subteam^S0123ABCD>"
            ),
        ),
        (
            'none = [{ txet = "x" }]',
            ".none[0].txet: unknown condition 'txet'; did you mean 'text'?",
        ),
        (
            'none = [{ text = "a AND" }]',
            ".none[0].text: a word or a phrase is missing at the end (at character 6)",
        ),
        (
            "none = [{ stars = { min = 3, max = 2 } }]",
            ".none[0].stars: no rating is at least 3 and at most 2; exchange them",
        ),
        (
            "none = [{ stars = { most = 3 } }]",
            ".none[0].stars.most: unknown key; allowed: max, min, exactly",
        ),
        (
            'none = [{ text = { query = "a", inn = "title" } }]',
            ".none[0].text.inn: unknown key; did you mean 'in'?",
        ),
        (
            'none = [{ text = "a", stars = 1 }]',
            (
                ".none[0]: write each condition as one key with its value, like { stars "
                "= { max = 2 } "
                "}"
            ),
        ),
    ],
)
def test_a_mistake_names_file_rule_and_key(tmp_path: Path, rule: str, mistake: str) -> None:
    """Whoever reads the message knows where to look and what to write."""
    found = mistakes(tmp_path, f'[[rules]]\nid = "crash"\nall = [{{ text = "x" }}]\n{rule}')
    assert found == [f'rules.toml: rule "crash" (rules[0]){mistake}']


def test_stars_out_of_range_are_a_mistake(tmp_path: Path) -> None:
    """There are one to five stars."""
    (found,) = mistakes(tmp_path, '[[rules]]\nid = "crash"\nall = [{ stars = { max = 6 } }]')
    assert found.startswith('rules.toml: rule "crash" (rules[0]).all[0].stars.max: ')


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    """One reading of a file finds what is wrong with every rule in it."""
    text = """
    [[rule]]
    id = "x"
    [[rules]]
    id = "a"
    severity = "hi"
    all = [{ text = "(" }, { nothing = 1 }]
    [[rules]]
    id = "a"
    none = [{ stars = 1 }]
    [[rules]]
    name = "no id"
    all = "text"
    """
    assert [found.split(":")[1].strip() for found in mistakes(tmp_path, text)] == [
        "rule",
        'rule "a" (rules[0]).severity',
        'rule "a" (rules[0]).all[0].text',
        'rule "a" (rules[0]).all[1].nothing',
        'rule "a" (rules[1])',
        'rule "a" (rules[1]).id',
        "rules[2].id",
        "rules[2].all",
    ]


def test_a_rule_that_is_off_needs_no_conditions(tmp_path: Path) -> None:
    """Two lines switch a preset's rule off."""
    (rule,) = load_rules_file(file(tmp_path, '[[rules]]\nid = "praise"\nmode = "off"'))
    assert rule.mode is RuleMode.OFF


@pytest.mark.parametrize("text", ["rules = 3", 'rules = ["x"]', "[rules]\nid = 'x'"])
def test_rules_are_tables(tmp_path: Path, text: str) -> None:
    """Another shape is answered with how to write it."""
    assert mistakes(tmp_path, text) == [
        "rules.toml: rules: write each rule as a table headed [[rules]]"
    ]


def test_an_own_rule_takes_the_place_of_a_presets_rule(tmp_path: Path) -> None:
    """A rule with a known id replaces that rule where it stands; a new one comes last."""
    own = (
        '[[rules]]\nid = "new"\nall = [{ text = "x" }]\n[[rules]]\nid = "billing"\nall = [{ '
        'text = "y" }]'
    )
    ids = [rule.id for rule in load_preset("support")]
    merged = load_rules(file(tmp_path, own), ["support"])
    assert [rule.id for rule in merged] == [*ids, "new"]
    assert next(rule for rule in merged if rule.id == "billing").definition["all"] == [
        {"text": "y"}
    ]


def test_a_presets_rule_is_changed_in_part(tmp_path: Path) -> None:
    """Without conditions of its own a rule in the file changes only the keys that it names."""
    own = """
    [[rules]]
    id = "safety"
    mention = "@here"
    channel = "#safety"
    [[rules]]
    id = "churn"
    mode = "off"
    [[rules]]
    id = "billing"
    none = [{ stars = { min = 4 } }]
    """
    before = {rule.id: rule for rule in load_preset("support")}
    after = {rule.id: rule for rule in load_rules(file(tmp_path, own), ["support"])}
    safety = {**before["safety"].definition, "mention": "@here", "channel": "#safety"}
    assert after["safety"].definition == safety
    assert (after["safety"].mention, after["safety"].channel) == ("@here", "#safety")
    assert len(after["safety"].all) == len(before["safety"].all)
    assert (after["churn"].mode, after["churn"].name) == (RuleMode.OFF, before["churn"].name)
    assert [one.kind() for one in after["billing"].none] == ["stars"]
    assert list(after) == list(before)


def test_a_rule_that_no_preset_has_cannot_be_changed_in_part(tmp_path: Path) -> None:
    """A wrong id is no rule without conditions: the mistake is named."""
    with pytest.raises(ConfigError, match="nothing says what to look for"):
        load_rules(file(tmp_path, '[[rules]]\nid = "safty"\nmention = "@here"'), ["support"])


def test_mistakes_of_presets_and_file_come_together(tmp_path: Path) -> None:
    """An unknown preset does not hide what is wrong in the file."""
    with pytest.raises(ConfigError) as caught:
        load_rules(file(tmp_path, '[[rules]]\nid = "a"'), ["suport"])
    assert [str(problem) for problem in caught.value.problems] == [
        "rules.presets: unknown preset 'suport'; did you mean 'support'?",
        (
            'rules.toml: rule "a" (rules[0]): nothing says what to look for; write at least one '
            "condition in all or any (no preset in use has a rule 'a' that this could change)"
        ),
    ]


def test_nothing_asked_for_is_no_rule() -> None:
    """Neither a file nor a preset is needed."""
    assert load_rules() == ()


@pytest.mark.parametrize("name", preset_names())
def test_presets_are_ready_to_use(name: str) -> None:
    """Every shipped rule has a name of its own for people, and says what happens to it."""
    rules = load_preset(name)
    assert rules
    assert len({rule.name for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.name != rule.id
        assert rule.mode is RuleMode.LIVE
        assert {"severity", "name"} <= rule.definition.keys()


def test_support_includes_what_is_severe() -> None:
    """Who uses "support" has the severe rules, by signals and by words, and nobody has them
    twice.
    """
    for signals in (True, False):
        severe = load_preset("severe", signals=signals)
        assert load_preset("support", signals=signals)[: len(severe)] == severe
        both = load_rules(presets=["support", "severe"], signals=signals)
        assert both == load_preset("support", signals=signals)


@pytest.mark.parametrize("rule", load_preset("severe"), ids=lambda rule: rule.id)
def test_what_is_severe_calls_somebody_and_says_what_to_do(rule: Rule) -> None:
    """Each severe rule is urgent or high, is soon late, and has an advice that can be read with and
    without an emergency line.
    """
    assert rule.severity in (Severity.URGENT, Severity.HIGH)
    assert rule.acknowledge_within
    assert rule.acknowledge_within <= timedelta(hours=4)
    assert 40 < len(rule.advice) <= MAX_ADVICE
    assert fill_advice(rule.advice).endswith(".")


def test_who_speaks_of_ending_their_life_hears_from_a_person() -> None:
    """The advice of that rule alone names the emergency line."""
    advices = {rule.id: rule.advice for rule in load_preset("severe")}
    assert [name for name, advice in advices.items() if EMERGENCY_LINE in advice] == ["self-harm"]
    assert "No automatic answer" in advices["self-harm"]
    assert "names Samaritans, 116 123." in fill_advice(advices["self-harm"], "Samaritans, 116 123")


def test_presets_can_be_used_together() -> None:
    """Where two presets know the same id it is the same rule, so that neither hides anything of the
    other.
    """
    rules: list[Rule] = [rule for name in preset_names() for rule in load_preset(name)]
    for rule in rules:
        assert [other for other in rules if other.id == rule.id and other != rule] == []
    assert len(load_rules(presets=preset_names())) < len(rules)
