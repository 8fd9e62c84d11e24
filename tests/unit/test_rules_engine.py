"""The engine: which rules hold, in which order, why, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import rules.load
from monitor.analysis.analyzer import Analyzer
from monitor.config import read_toml
from monitor.domain.alert import Severity
from monitor.domain.feedback import Analysis, Evidence, Feedback, Label, Rating, Sentiment
from monitor.domain.tokens import normalize_text
from rules.engine import Engine
from rules.load import load_preset, load_rules_file, parse_rules, preset_names

DEEP, SHALLOW = Analyzer(), Analyzer(deep=False)
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


def evidence(
    text: str, *, stars: float | None = None, sentiment: Sentiment | None = None
) -> Evidence:
    rating = None if stars is None else Rating(stars)
    feedback = Feedback(source_id="shop", external_id="1", body=text, rating=rating, created_at=NOW)
    return Evidence(
        feedback=feedback,
        analysis=Analysis(text=text, words=normalize_text(text), sentiment=sentiment),
        now=NOW,
    )


def engine(*rules: dict[str, Any]) -> Engine:
    return Engine(parse_rules({"rules": list(rules)}, "rules.toml"))


def fired(subject: Engine, given: Evidence) -> list[str]:
    return [match.rule_id for match in subject.evaluate(given)]


RULE = {
    "id": "crash",
    "name": "Crash",
    "all": [{"text": "crash*"}, {"stars": {"max": 2}}],
    "any": [{"text": "login"}, {"sentiment": "negative"}],
    "none": [{"text": "fixed"}],
}


@pytest.mark.parametrize(
    ("text", "stars", "label", "expected"),
    [
        ("crashes at login", 1, Label.NEUTRAL, True),
        ("crashes", 1, Label.NEGATIVE, True),
        ("crashes", 1, Label.NEUTRAL, False),
        ("crashes at login", 3, Label.NEGATIVE, False),
        ("login", 1, Label.NEGATIVE, False),
        ("login crash fixed", 1, Label.NEGATIVE, False),
        ("", 1, Label.NEGATIVE, False),
    ],
)
def test_all_any_and_none(text: str, stars: float, label: Label, expected: bool) -> None:
    """Every one of all, at least one of any, not one of none."""
    given = evidence(text, stars=stars, sentiment=Sentiment(label, 0))
    assert bool(fired(engine(RULE), given)) is expected
    assert engine(RULE).explain(given)[0].held is expected


def test_a_match_says_why() -> None:
    """The clauses that held come in the order of the rule, with the customer's words."""
    given = evidence("It CRASHES at login", stars=1, sentiment=Sentiment(Label.NEGATIVE, -0.5))
    (match,) = engine(RULE | {"cooldown": "1h", "channel": "#x", "mention": "@here"}).evaluate(
        given
    )
    assert (
        match.reason
        == 'says "CRASHES" and has 2 stars or fewer (1) and says "login" and is negative (-0.50)'
    )
    assert match.matched_words == ("CRASHES", "login")
    assert (match.cooldown, match.channel, match.mention, match.live) == (3600, "#x", "@here", True)
    assert match.group == f"text:{given.analysis.fingerprint}"


def test_modes() -> None:
    """A shadow rule matches without being live; a rule that is off is not looked at."""
    rules = [
        {"id": mode, "mode": mode, "all": [{"text": "x"}]} for mode in ("live", "shadow", "off")
    ]
    matches = engine(*rules).evaluate(evidence("x"))
    assert [(match.rule_id, match.live) for match in matches] == [("live", True), ("shadow", False)]


def test_the_most_severe_comes_first() -> None:
    """Severity orders the matches, and among equals the order of the rules."""
    names = ["praise", "normal", "urgent", "info", "high", "normal"]
    rules = [
        {"id": f"r{at}", "severity": name, "all": [{"text": "x"}]} for at, name in enumerate(names)
    ]
    assert fired(engine(*rules), evidence("x")) == ["r2", "r4", "r1", "r5", "r3", "r0"]
    assert Severity.URGENT.rank == 0


@pytest.mark.parametrize(
    ("text", "stars", "label", "reason"),
    [
        (
            "hello",
            5,
            Label.NEUTRAL,
            "not met: says crash*, has 2 stars or fewer, says login, is negative",
        ),
        ("crash", 1, Label.NEUTRAL, "not met: says login, is negative"),
        ("crash login fixed", 1, Label.NEUTRAL, 'ruled out: says "fixed"'),
        (
            "crash fixed",
            5,
            Label.NEGATIVE,
            'not met: has 2 stars or fewer; ruled out: says "fixed"',
        ),
        (
            "crash login",
            1,
            Label.NEUTRAL,
            'says "crash" and has 2 stars or fewer (1) and says "login"',
        ),
    ],
)
def test_silence_is_explained(text: str, stars: float, label: Label, reason: str) -> None:
    """Each verdict names what was not met and what ruled the rule out, or why it fires."""
    (verdict,) = engine(RULE).explain(evidence(text, stars=stars, sentiment=Sentiment(label, 0)))
    assert verdict.reason == reason


def test_a_rule_that_is_off_is_explained_too() -> None:
    """Nobody wonders why it is silent."""
    (verdict,) = engine({"id": "r", "mode": "off"}).explain(evidence("x"))
    assert (verdict.held, verdict.reason) == (False, "the rule is off")


def test_findings_stand_in_the_order_of_the_rule() -> None:
    """Every condition of the three lists is there, with whether it held."""
    (verdict,) = engine(RULE).explain(evidence("crash", stars=5))
    assert [(item.part, item.condition, item.is_met) for item in verdict.findings] == [
        ("all", "text", True),
        ("all", "stars", False),
        ("any", "text", False),
        ("any", "sentiment", False),
        ("none", "text", False),
    ]


def test_no_rules_match_nothing() -> None:
    """An engine without rules, and a rule without text conditions, need no words."""
    assert Engine(()).evaluate(evidence("x")) == ()
    assert fired(engine({"id": "r", "all": [{"stars": 1}]}), evidence("", stars=1)) == ["r"]


def test_a_query_that_two_rules_share_fires_both() -> None:
    """Rules are told apart even where they ask for the same."""
    rules = [{"id": name, "all": [{"text": "x AND y"}]} for name in ("a", "b")]
    assert fired(engine(*rules), evidence("y x")) == ["a", "b"]


HOSTILE = [
    "x" * 40_000,
    "crash " * 8_000,
    "\x00\ud800‮crash",
    "🔥" * 5_000,
    "",
    "'" * 10_000,
    "refund\n" * 6_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_get_an_answer(text: str) -> None:
    """Whatever a stranger writes, evaluation and explanation agree."""
    subject = Engine([rule for name in preset_names() for rule in load_preset(name)])
    given = evidence(text, stars=1, sentiment=Sentiment(Label.NEGATIVE, -0.9))
    held = {verdict.rule.id for verdict in subject.explain(given) if verdict.held}
    assert set(fired(subject, given)) == held
    assert held & {"low-stars", "app-crash"}


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("account-security", "Help, my account was hacked last night", True),
        ("account-security", "what a scam, total fraud", False),
        ("legal-threat", "You will hear from my lawyer", True),
        ("legal-threat", "the legal department at the food court", False),
        ("outage", "Your website is down again", True),
        ("outage", "we had a power outage at home", False),
        ("data-loss", "the update deleted all my photos", True),
        ("data-loss", "I deleted the old version", False),
        ("billing", "You charged me twice this month", True),
        ("billing", "what is your refund policy", False),
        ("no-response", "Emailed support, still no reply", True),
        ("no-response", "they replied in an hour", False),
        ("churn", "please cancel my subscription", True),
        ("churn", "my flight was cancelled", False),
        ("app-crash", "Crashes on start", True),
        ("app-crash", "it never crashes", False),
        ("app-login", "can't even log in", True),
        ("app-update", "stopped working after the last update", True),
        ("app-update", "nice update", False),
        ("app-purchase", "paid for premium and it doesn't work", True),
        ("boycott", "Boycott them!", True),
        ("press", "I'm a journalist with the Herald", True),
        ("press", "We are going to the press with this", True),
        ("press", "the coffee press is well made", False),
        ("safety", "The charger caught fire in our hallway", True),
        ("safety", "There were maggots in the soup", True),
        ("safety", "this burger is fire", False),
        ("self-harm", "I want to die and nobody of you cares", True),
        ("self-harm", "I am dying to try the soup", False),
        ("harassment", "One of your drivers, the driver of last night, groped me", True),
        ("harassment", "I could murder a curry", False),
        ("discrimination", "Your waiter made racist remarks about us", True),
        ("discrimination", "a black dress and a white one", False),
        ("money-lost", "My wages never arrived", True),
        ("money-lost", "Worth my whole salary", False),
        ("major-churn", "Our company will not renew our contract with you", True),
        ("major-churn", "How do I cancel one seat?", False),
        ("alternative", "Any alternatives you can recommend?", True),
    ],
)
def test_presets_know_their_cases(rule: str, text: str, expected: bool) -> None:
    """Each shipped rule fires for what it is for, and not for the false friend that it was written
    to avoid.

    It does so by what was read out of the words, and by the words alone where no signals are read.
    """
    rated = evidence(text, stars=2)
    for analyzer in (DEEP, SHALLOW):
        analysis = analyzer.analyze(rated.feedback)
        known = [
            rule
            for name in preset_names()
            for rule in load_preset(name, signals=analysis.signals is not None)
        ]
        assert (rule in fired(Engine(known), replace(rated, analysis=analysis))) is expected


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ("outage", "The mobile site wouldn't work on my tablet", True),
        ("data-loss", "Sometimes it erases my notes", True),
        ("billing", "They charge me without me confirming anything", True),
        ("billing", "I asked for a refund and got it at once, excellent service", False),
        ("billing", "What is the refund procedure?", False),
        ("no-response", "I have left over 15 messages and heard nothing", True),
        ("no-response", "Couldn't get through to service", True),
        ("churn", "I will take my custom elsewhere", True),
        ("churn", "Will not open even after uninstalling and reinstalling", False),
    ],
)
def test_presets_read_more_than_words(rule: str, text: str, expected: bool) -> None:
    """Signals show what the queries for the same miss, and leave out false friends that they
    cannot.
    """
    given = evidence(text)
    given = replace(given, analysis=DEEP.analyze(given.feedback))
    assert (rule in fired(Engine(load_preset("support")), given)) is expected


def test_rules_by_words_are_the_same_rules() -> None:
    """Where no signals are read, only what they ask for differs, and none asks for a signal."""
    for name in preset_names():
        shipped, by_words = load_preset(name), load_preset(name, signals=False)
        assert not [
            one for rule in by_words for one in (*rule.all, *rule.any, *rule.none) if one.signals
        ]
        for rule, other in zip(shipped, by_words, strict=True):
            assert replace(rule, definition={}) == replace(other, definition={})


@pytest.mark.parametrize(
    ("stars", "expected"), [(None, True), (1, True), (3, True), (4, False), (5, False)]
)
def test_who_praises_a_lawyer_threatens_nobody(stars: float | None, expected: bool) -> None:
    """Stars tell the reviews of a law firm from threats, where there are some."""
    given = evidence("My lawyer took it from there", stars=stars)
    given = replace(given, analysis=DEEP.analyze(given.feedback))
    held = fired(Engine(load_preset("support")), given)
    assert ("legal-threat" in held) is expected


def test_rules_by_words_are_those_that_ask_for_signals() -> None:
    """Each has its preset's rule beside it and leaves out the same, but for what an unlikely
    problem leaves out.
    """
    folder = Path(rules.load.__file__).parent / "presets" / "words"
    assert {path.stem for path in folder.iterdir()} <= set(preset_names())
    for path in folder.iterdir():
        by_words = {rule.id: rule.definition for rule in load_rules_file(path)}
        own_rules = read_toml(folder.parent / path.name)["rules"]
        shipped = {rule.id: rule for rule in parse_rules({"rules": own_rules}, path.name)}
        asking = {
            name
            for name, rule in shipped.items()
            if any(one.signals for one in (*rule.all, *rule.any))
        }
        assert set(by_words) == asking
        for name, own in by_words.items():
            left_out = [
                one for one in shipped[name].definition.get("none", []) if "problem" not in one
            ]
            assert own.get("none", []) == left_out


@pytest.mark.parametrize(("stars", "expected"), [(None, True), (4, False)])
def test_praise_and_anger_leave_the_stars_their_say(stars: float | None, expected: bool) -> None:
    """Words of anger speak only where there are no stars."""
    given = evidence("awful", stars=stars, sentiment=Sentiment(Label.NEGATIVE, -0.8))
    assert ("very-negative" in fired(Engine(load_preset("support")), given)) is expected


NET = {"id": "net", "unless_other": True, "all": [{"text": "bad"}]}
REFUND = {"id": "refund", "name": "Wants money", "severity": "high", "all": [{"text": "refund"}]}


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], ["net"]),
        ([REFUND], ["refund"]),
        ([REFUND | {"severity": "normal"}], ["refund"]),
        ([REFUND | {"mode": "shadow"}], ["refund", "net"]),
        ([REFUND | {"mode": "off"}], ["net"]),
        ([REFUND | {"severity": "info"}], ["net", "refund"]),
        ([REFUND | {"severity": "praise"}], ["net", "refund"]),
        ([REFUND | {"unless_other": True}], ["refund"]),
        ([REFUND | {"unless_other": True, "severity": "normal"}], ["net"]),
        ([REFUND | {"unless_other": True, "mode": "shadow"}], ["net"]),
    ],
)
def test_a_net_counts_only_where_no_other_rule_says_that_something_is_wrong(
    others: list[dict[str, Any]], expected: list[str]
) -> None:
    """Of several nets the most severe counts; shadow rules, praise and information silence none."""
    subject, given = engine(NET, *others), evidence("bad, I want a refund")
    assert fired(subject, given) == expected
    assert {one.rule.id for one in subject.explain(given) if one.held} == set(expected)


def test_a_net_says_which_rule_silences_it() -> None:
    """The explanation of a silent net names the rule that holds in its place."""
    net, _ = engine(NET, REFUND).explain(evidence("bad, I want a refund"))
    assert (net.held, net.reason) == (
        False,
        "counts only where no other rule holds, and 'Wants money' does",
    )
