"""Reading tests of rules: what may be written, and how mistakes are told."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain.feedback import Scale
from monitor.errors import ConfigError
from monitor.tuning.rule_test_files import RuleSuite, find_unknown_rules, parse_suite

STORY = """
start = 2026-03-02T09:00:00Z

[[test]]
name = "a burst"
[[test.feedback]]
at = "1h"
author = "ann"
text = "report {n}"
rating = { value = 3, scale = "nps" }
repeat = 3
every = "10m"
[[test.outage]]
source = "reddit"
from = "40m"
for = "30m"
[[test.action]]
at = "2h"
do = "resolve"
rule = "crash"
[[test.expect]]
at = 2026-03-02T12:00:00Z
alerts = [{ rule = "crash", also = "login" }]
quiet = ["billing"]
"""


def parse(text: str) -> RuleSuite:
    return parse_suite(tomllib.loads(text), "burst.toml")


def mistakes(text: str) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        parse(text)
    return str(raised.value).splitlines()


def test_repeated_feedback_has_authors_and_texts_of_its_own() -> None:
    """Three in all, ten minutes apart, each on the scale that it was given on."""
    [test] = parse(STORY).tests
    items = [item.feedback for item in test.feedback]

    assert [item.author.name for item in items] == ["ann-1", "ann-2", "ann-3"]
    assert [item.body for item in items] == ["report 1", "report 2", "report 3"]
    assert [item.arrives - test.start for item in test.feedback] == [
        timedelta(minutes=minutes) for minutes in (60, 70, 80)
    ]
    assert {item.rating.scale for item in items if item.rating} == {Scale.NPS}


def test_moments_count_from_the_start_or_are_written_out() -> None:
    """A date-time stands for itself."""
    [test] = parse(STORY).tests

    assert test.outages[0].since == datetime(2026, 3, 2, 9, 40, tzinfo=UTC)
    assert test.ends == datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert test.source_ids == ("reddit", "reviews")


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        (
            'author = "ann"',
            'autor = "ann"',
            "feedback[0].autor: unknown key; did you mean 'author'?",
        ),
        (
            'also = "login"',
            'alsoo = "x"',
            "expect[0].alerts[0].alsoo: unknown key; did you mean 'also'?",
        ),
        (
            'quiet = ["billing"]',
            "quite = []",
            "expect[0].quite: unknown key; did you mean 'quiet'?",
        ),
        (
            'do = "resolve"',
            'do = "resolv"',
            "action[0].do: unknown value 'resolv'; did you mean 'resolve'?",
        ),
        ('at = "2h"', 'at = "soon"', "action[0].at: a time after the start is needed"),
        ('scale = "nps"', 'scale = "thumbs"', "feedback[0]: rating: thumbs goes from 0 to 1"),
        ("T12:00:00Z", "T08:00:00Z", "expect[0].at: at most 60 days after the start"),
    ],
)
def test_a_mistake_names_file_test_and_key(written: str, instead: str, told: str) -> None:
    """With the nearest name where one is near."""
    [line] = mistakes(STORY.replace(written, instead))

    assert line.startswith('burst.toml: test "a burst" (test[0])')
    assert told in line


def test_a_mistake_in_the_head_names_what_may_stand_there() -> None:
    """The tests themselves are among it."""
    assert mistakes('preset = ["support"]\n' + STORY) == [
        "burst.toml: preset: unknown key; did you mean 'presets'?"
    ]


def test_a_test_without_expectations_proves_nothing() -> None:
    """Nor does a file without tests, nor an expectation of nothing."""
    assert "expect" in mistakes('[[test]]\nname = "x"\n[[test.feedback]]\nat = "0m"')[0]
    assert "no test in it" in mistakes("")[0]
    assert (
        "nothing is expected"
        in mistakes(
            '[[test]]\nname = "x"\n[[test.feedback]]\nat = "0m"\n[[test.expect]]\nat = "1m"'
        )[0]
    )


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ('at = "2h"', 'at = "-2h"', "action: the action of 'crash' comes before the start"),
        ('at = "2h"', 'at = "5h"', "it never happens"),
        ('at = "1h"', 'at = "4h"', "feedback: some of it arrives after the last"),
    ],
)
def test_what_would_never_happen_is_a_mistake(written: str, instead: str, told: str) -> None:
    """A story that is not told to its end proves less than it says."""
    [line] = mistakes(STORY.replace(written, instead))
    assert told in line


def test_a_rule_that_nobody_has_is_a_mistake() -> None:
    """Else a typo under `quiet` would pass for ever."""
    where = 'burst.toml: test "a burst" (test[0])'
    problems = [str(one) for one in find_unknown_rules(parse(STORY), ["crash", "logins"])]

    assert problems == [
        f"{where}: no rule is called 'billing'; allowed: crash, logins",
        f"{where}: no rule is called 'login'; did you mean 'logins'?",
    ]
