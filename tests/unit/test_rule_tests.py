"""Tests of rules run through the whole pipeline, on a clock of their own."""

from __future__ import annotations

import tomllib

import pytest

from monitor.analysis.analyzer import Analyzer
from monitor.config import read_toml
from monitor.domain.rule_test import RuleTestResult
from monitor.tuning.rule_test_files import find_unknown_rules, parse_suite, read_suite
from monitor.tuning.rule_tests import RuleTestBench
from rules.load import load_rules, parse_rules, preset_names, preset_suites

ANALYZER = Analyzer()
RULES = parse_rules(
    tomllib.loads("""
    [[rules]]
    id = "crash"
    severity = "high"
    group_by = ["rule"]
    cooldown = "6h"
    acknowledge_within = "1h"
    channel = "#mobile"
    escalate = [{ after = "2h", mention = "@here" }]
    all = [{ text = "crash*" }]
    [[rules]]
    id = "each"
    group_by = ["feedback"]
    all = [{ text = "ticket" }]
    """),
    "rules.toml",
)
CRASH = """
[[test.feedback]]
at = "0m"
author = "ann"
text = "It crashes when I log in"
"""


def run(story: str, head: str = "") -> RuleTestResult:
    suite = parse_suite(tomllib.loads(f'{head}\n[[test]]\nname = "a story"\n{story}'), "story.toml")
    [result] = RuleTestBench(analyzer=ANALYZER, rules=RULES).run_suite(suite).results
    return result


def expect(at: str, said: str) -> str:
    return f'[[test.expect]]\nat = "{at}"\n{said}\n'


def passes(story: str, head: str = "") -> bool:
    result = run(story, head)
    assert result.failures == ()
    return result.passed


def test_a_card_says_what_a_person_reads() -> None:
    """The customer's words without the marks that make them bold, in the rule's channel."""
    wanted = (
        'rule = "crash", severity = "high", feedback = 1, channel = "#mobile", '
        'contains = "crashes when I log in", lacks = ["*", "<!date"], late = false'
    )
    assert passes(CRASH + expect("5m", f"alerts = [{{ {wanted} }}]\ncards = 1"))


def test_more_of_the_same_joins_and_later_comes_back() -> None:
    """What was resolved stays quiet while it cools down, and opens the same alert afterwards."""
    story = (
        CRASH
        + CRASH.replace('"0m"', '"10m"').replace("ann", "bob")
        + '[[test.action]]\nat = "30m"\ndo = "resolve"\nrule = "crash"\n'
        + CRASH.replace('"0m"', '"1h"').replace("ann", "cid")
        + CRASH.replace('"0m"', '"7h"').replace("ann", "dan")
        + expect("20m", 'alerts = [{ rule = "crash", feedback = 2 }]\ncards = 1')
        + expect("2h", 'alerts = []\nsilent = { "cooldown until" = 1 }')
        + expect("8h", 'alerts = [{ rule = "crash", status = "open", feedback = 3 }]')
    )
    assert passes(story)


def test_limits_pass_and_people_are_called_in_their_time() -> None:
    """Between two moments of a story the clock stops at whatever is due."""
    story = (
        CRASH
        + expect("55m", 'alerts = [{ rule = "crash", late = false, escalated = false }]')
        + expect("61m", 'alerts = [{ rule = "crash", late = true, escalated = false }]')
        + expect("150m", 'alerts = [{ rule = "crash", late = true, escalated = true }]')
    )
    assert passes(story)


def test_what_is_taken_is_not_late() -> None:
    """Somebody has it."""
    story = (
        CRASH
        + '[[test.action]]\nat = "5m"\ndo = "take"\nrule = "crash"\n'
        + expect("3h", 'alerts = [{ rule = "crash", status = "acknowledged", late = false }]')
    )
    assert passes(story)


def test_history_and_own_accounts_and_muted_rules_stay_quiet() -> None:
    """Each for its reason, which the test counts."""
    story = (
        CRASH.replace('"0m"', '"-3d"')
        + CRASH.replace('"0m"', '"-3d"').replace("ann", "una")
        + "undated = true\n"
        + CRASH.replace("ann", "@Acme")
        + '[[test.action]]\nat = "1h"\ndo = "mute"\nrule = "crash"\nfor = "2h"\n'
        + CRASH.replace('"0m"', '"90m"').replace("ann", "eve")
        + expect(
            "2h",
            'quiet = ["crash"]\nalerts = []\ncards = 0\n[test.expect.silent]\n"older than" = 1\n'
            '"first contact" = 1\n"account of our own" = 1\n"muted by" = 1',
        )
    )
    assert passes(story, 'official = ["acme"]')


def test_an_outage_delays_what_comes_and_is_an_alert_of_its_own_only_where_expected() -> None:
    """What was written meanwhile arrives when the source answers again."""
    story = (
        '[[test.outage]]\nfrom = "10m"\nfor = "3h"\n'
        + CRASH.replace('"0m"', '"20m"')
        + expect("3h", "alerts = []")
        + expect("4h", 'alerts = [{ rule = "crash" }]')
    )
    assert passes(story)


def test_what_is_over_the_budget_is_summed_up() -> None:
    """The first cards are posted, one message stands for the others."""
    story = (
        '[[test.feedback]]\nat = "0m"\nauthor = "ann"\ntext = "ticket of person {n}"\nrepeat = 5\n'
        'every = "0s"\n' + expect("1m", "cards = 2\nsummaries = 1")
    )
    assert passes(story, "cards_per_hour = 2")


def test_a_failure_says_what_came_and_why_the_rule_stayed_quiet() -> None:
    """The nearest feedback first, with the condition that was missing."""
    result = run(
        '[[test.feedback]]\nat = "0m"\ntext = "a ticket about nothing"\n'
        + expect("5m", 'alerts = [{ rule = "crash" }]')
    )
    [failure] = result.failures

    assert failure.message.startswith("expected: crash; not expected: 2026-03-02 09:00 each")
    assert failure.came == ("2026-03-02 09:00 each, normal, open, #feedback, 1 feedback",)
    [why] = failure.why
    assert why.startswith('crash, feedback 1 "a ticket about nothing": quiet: not met: says')


def test_an_action_that_meets_no_alert_is_a_failure() -> None:
    """A story that goes otherwise than its author thinks proves nothing."""
    result = run(
        CRASH
        + '[[test.action]]\nat = "0m"\ndo = "resolve"\nrule = "each"\n'
        + expect("5m", "cards = 1")
    )
    assert [failure.message for failure in result.failures] == [
        "resolve the alerts of each: there is none to resolve"
    ]


@pytest.mark.parametrize("name", preset_names())
def test_the_tests_of_a_preset_pass_and_cover_each_of_its_rules(name: str) -> None:
    """As shipped: every rule of its own fires in one story at least."""
    *_, path = preset_suites([name])
    suite = read_suite(path)
    rules = load_rules(presets=suite.settings.presets)
    own = {table["id"] for table in read_toml(path.parents[1] / path.name)["rules"]}
    results = RuleTestBench(analyzer=ANALYZER, rules=rules).run_suite(suite).results

    assert list(find_unknown_rules(suite, [rule.id for rule in rules])) == []
    assert {one.name: one.failures for one in results if not one.passed} == {}
    assert own <= {rule for one in results for rule in one.rules_fired}
    assert len(results) >= 12


def test_a_preset_brings_the_tests_of_those_it_includes() -> None:
    """Each once, whatever else includes it."""
    names = [path.stem for path in preset_suites(["support", "severe"])]
    assert names == ["severe", "support"]
