"""Signals: how patterns are written and found, what undoes them, one's own file, and what the
shipped ones find.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from monitor.analysis.patterns import MOST_SHOWN, parse_pattern
from monitor.analysis.signals import SHIPPED, SignalFinder
from monitor.config import read_toml
from monitor.domain.feedback import Signal
from monitor.domain.tokens import normalize_text
from monitor.errors import ConfigError

SIGNALS = SignalFinder.load()


def _find(signals: SignalFinder, text: str) -> tuple[Signal, ...]:
    return signals.find_signals(text, normalize_text(text))


def _named(text: str) -> set[str]:
    return {signal.name for signal in _find(SIGNALS, text)}


@pytest.mark.parametrize(
    ("pattern", "text", "words"),
    [
        ("refund", "A REFUND, please", ("REFUND",)),
        ("charged twice", "I was charged  twice.", ("charged twice",)),
        ("charged twice", "charged me twice", ()),
        ("charged ~2 twice", "charged me today twice", ("charged me today twice",)),
        ("charged ~2 twice", "charged me just today twice", ()),
        ("charged ~2 twice", "twice charged", ()),
        ("charg* twice|again", "charging again", ("charging again",)),
        ("smoke NEAR/3 battery", "the battery began to smoke", ("battery began to smoke",)),
        ("smoke NEAR/3 battery", "smoke from battery", ("smoke from battery",)),
        ("smoke NEAR/3 battery", "smoke from the old battery", ()),
        ("can't pay", "I cant pay, I can’t pay", ("cant pay", "can’t pay")),
        ("pay now", "pay. Now", ()),
        ("pay now", "pay\n\nnow", ()),
        ("pay now", "pay\nnow", ("pay now",)),
        ("v1 2", "v1.2", ("v1.2",)),
        ("the|a end", "THE END", ("THE END",)),
        ("one ~1 two ~1 three", "one x two y three", ("one x two y three",)),
        ("café", "CAFÉ", ("CAFÉ",)),
    ],
)
def test_a_pattern_finds_the_customers_own_words(
    pattern: str, text: str, words: tuple[str, ...]
) -> None:
    """Words, choices, beginnings, gaps and nearness are found in one sentence, and shown as they
    were written.
    """
    found = _find(SignalFinder({"it": {"any": [pattern]}}), text)
    assert found == ((Signal("it", words),) if words else ())


def test_what_overlaps_an_exception_is_not_found() -> None:
    """An exception undoes what it overlaps, and nothing else."""
    signals = SignalFinder({"bug": {"any": ["crash*"], "unless": ["no ~1 crash*"]}})
    assert _find(signals, "no more crashes") == ()
    assert _find(signals, "no crash before, crashed today") == (Signal("bug", ("crashed",)),)
    assert _find(signals, "No. Crashes!") == (Signal("bug", ("Crashes",)),)


def test_a_sign_must_end_the_sentence() -> None:
    """A question is only one where its own sentence ends with a question mark."""
    signals = SignalFinder({"question": {"any": ["can you"], "sign": "?"}})
    assert _find(signals, "Can you help?! Thanks.") == (Signal("question", ("Can you",)),)
    assert _find(signals, "Wherever you can you win. Right?") == ()
    assert _find(signals, "can you") == ()


def test_signals_come_in_the_order_of_the_file_with_each_wording_once() -> None:
    """Several places are named, the same words once, a few at most."""
    signals = SignalFinder({"b": {"any": ["bad|badly|badge|badger"]}, "a": {"any": ["one"]}})
    text = "one bad, Bad badly badge badger"
    assert _find(signals, text) == (Signal("b", ("bad", "badly", "badge")), Signal("a", ("one",)))
    assert MOST_SHOWN == 3


def test_words_of_another_text_are_refused() -> None:
    """Places could not be told, so nothing is guessed."""
    with pytest.raises(ValueError, match="those of the text"):
        SignalFinder({"it": {"any": ["refund"]}}).find_signals("no", "a refund")


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("", "the pattern is empty"),
        ("~2", "must stand between two words"),
        ("a ~2", "a word is missing at the end"),
        ("a ~2 ~2 b", "must stand between two words"),
        ("a ~21 b", "must stand between two words"),
        ("a NEAR/2", "a word is missing beside NEAR/2"),
        ("NEAR/2 a", "a word is missing beside NEAR/2"),
        ("a NEAR/0 b", "write NEAR/n once"),
        ("a near/x b", "write NEAR/n once"),
        ("a NEAR/2 b NEAR/2 c", "write NEAR/n once"),
        ("re*", "is too short"),
        ("a|", "is not one word"),
        ("non-stop", "is not one word"),
        ("$", "is not one word"),
        (" ".join("a" * 13), "at most 12 are allowed"),
    ],
)
def test_what_is_wrong_with_a_pattern_is_said(pattern: str, message: str) -> None:
    """Every mistake has words of its own, and is named by file, signal, list and place."""
    with pytest.raises(ValueError, match=message):
        parse_pattern(pattern)
    with pytest.raises(ConfigError) as error:
        SignalFinder({"it": {"any": ["fine", pattern], "unless": [pattern]}}, "own.toml")
    assert [problem.where for problem in error.value.problems] == [
        "own.toml: it.any[1]",
        "own.toml: it.unless[0]",
    ]


@pytest.mark.parametrize(
    ("tables", "where"),
    [
        ({"It is": {"any": ["x"]}}, "own.toml: It is"),
        ({"it": ["x"]}, "own.toml: it"),
        ({"it": {"all": ["x"]}}, "own.toml: it.all"),
        ({"it": {"any": "x"}}, "own.toml: it.any"),
        ({"it": {"sign": "??"}}, "own.toml: it.sign"),
    ],
)
def test_what_is_wrong_with_a_table_is_named(tables: dict[str, Any], where: str) -> None:
    """Names, keys and values that do not fit are told by their place."""
    with pytest.raises(ConfigError) as error:
        SignalFinder(tables, "own.toml")
    assert [problem.where for problem in error.value.problems] == [where]


def _own(folder: Path, text: str) -> SignalFinder:
    path = folder / "own.toml"
    path.write_text(text, "utf-8")
    return SignalFinder.load(path)


def test_ones_own_file_adds_replaces_and_turns_off(tmp_path: Path) -> None:
    """Patterns are added, taken instead, or not looked for; a new name is a new signal."""
    signals = _own(
        tmp_path,
        """
        refund.any = ["cashback"]
        refund.unless = ["refund desk"]
        legal = { any = ["notary"], replace = true }
        praise.off = true
        wobbly = { about = "It wobbles.", any = ["wobbl*"] }
        """,
    )

    def names(text: str) -> list[str]:
        return [signal.name for signal in _find(signals, text)]

    assert names("where is my refund, my cashback") == ["refund"]
    assert names("at the refund desk") == []
    assert names("a lawsuit") == []
    assert names("my notary") == ["legal"]
    assert names("I love this app") == []
    assert names("it wobbles") == ["wobbly"]
    assert signals.about["wobbly"] == "It wobbles."
    assert signals.about["refund"] == SIGNALS.about["refund"]
    assert "praise" not in signals.about


def test_mistakes_in_ones_own_file_are_named_by_that_file(tmp_path: Path) -> None:
    """The shipped patterns before one's own do not move the numbers."""
    with pytest.raises(ConfigError, match=r"own\.toml: refund\.any\[0\]: 'a!b'"):
        _own(tmp_path, 'refund.any = ["a!b"]')
    with pytest.raises(ConfigError, match=r"own\.toml: refund: write it as a table"):
        _own(tmp_path, "refund = 1")


FOUND = {
    "outage": [
        "website down for 3 hours",
        "Is the app down?",
        "Servers are down again",
        "503 error",
        "site won't load",
    ],
    "billing": [
        "money taken twice",
        "I was charged twice",
        "hidden fees!",
        "overcharged me",
        "charged me for nothing",
    ],
    "refund": ["I want a refund", "give me my money back", "still not reimbursed"],
    "no_response": [
        "emailed three times, no reply",
        "nobody answers the phone",
        "They ignore my emails",
        "still waiting for a reply",
        "Support never answers my tickets",
        "Three emails, nothing.",
        "I can't get through to anybody",
        "on the phone for over an hour",
        "No one told us anything at the gate",
        "it goes straight to voicemail",
    ],
    "churn": [
        "switching to a competitor",
        "Cancel my subscription",
        "uninstalled",
        "I will never use them again",
        "We will look elsewhere",
        "Not happy, go elsewhere",
    ],
    "data_loss": [
        "the update deleted all my photos",
        "lost all my progress",
        "it deletes everything",
    ],
    "bug": [
        "app crashes",
        "login not working",
        "it keeps freezing",
        "can't log in",
        "black screen",
    ],
    "safety": [
        "the battery overheated",
        "smoke came from the charger",
        "it caught fire",
        "burned my hand",
        "food poisoning",
    ],
    "legal": [
        "I will contact my lawyer",
        "see you in court",
        "I'm going to sue you",
        "we take legal action",
    ],
    "security": [
        "my account was hacked",
        "someone used my card",
        "there is a payment I did not make",
    ],
    "abuse": ["you idiots", "fuck you", "go to hell"],
    "praise": ["I love this app", "Excellent service", "very helpful", "thank you so much"],
    "advocacy": ["Would recommend to everyone", "highly recommended", "told all my friends"],
    "feature_request": [
        "I wish it had a dark mode",
        "please add an export",
        "would be nice if it could sync",
        "bring back the list",
    ],
    "question": ["How do I change my address?", "can I pay by card?", "Is there a way to export?"],
}

NOT_FOUND = {
    "outage": [
        "slow down",
        "the price went down to 5",
        "scroll down the page",
        "never down",
        "the doctor was unavailable",
    ],
    "billing": ["the phone is fully charged", "no hidden fees", "the nurse in charge"],
    "refund": ["read the refund policy", "money back guarantee"],
    "no_response": [
        "I never answered",
        "the screen doesn't respond when I touch it",
        "ignore the bad reviews",
        "unanswered questions",
        "I couldn't get through the book",
        "She stayed on the phone for an hour until it worked",
    ],
    "churn": [
        "I don't want to cancel my subscription",
        "No need to look elsewhere",
        "I won't go elsewhere",
        "uninstalled and then reinstalled",
        "cancel the transfer",
        "can't delete this app",
    ],
    "data_loss": [
        "never lost my data",
        "I deleted all my photos",
        "afraid to lose my notes",
        "everything has gone well",
    ],
    "bug": [
        "no bugs",
        "it never crashes",
        "a crash course",
        "bug fixes are welcome",
        "freeze my card",
        "windows do not open",
    ],
    "safety": [
        "fire your developers",
        "fire them all",
        "on my Kindle Fire",
        "🔥🔥",
        "dangerously good",
        "it makes me sick to see",
    ],
    "legal": ["the food court", "I am a lawyer", "tennis court", "DOT"],
    "security": ["what a scam", "total fraud", "protects against hackers", "no malware"],
    "abuse": ["I felt like an idiot", "this is shit"],
    "praise": [
        "I would love this app if it worked",
        "not very helpful",
        "I used to love this app",
        "thanks for nothing",
    ],
    "advocacy": ["I would not recommend it", "can't recommend", "my card must have been stolen"],
    "feature_request": ["I wish I had never bought it", "please give me my money"],
    "question": [
        "How do I love it. Let me count",
        "What is the point of this app?",
        "are you kidding me?",
    ],
}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in FOUND.items() for text in texts]
)
def test_what_the_shipped_signals_find(name: str, text: str) -> None:
    """Usual ways to say it are found."""
    assert name in _named(text)


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in NOT_FOUND.items() for text in texts]
)
def test_what_the_shipped_signals_leave_alone(name: str, text: str) -> None:
    """What only looks like it is not found."""
    assert name not in _named(text)


def test_every_shipped_signal_is_explained_and_tried() -> None:
    """Each says what it means and has texts that it finds and texts that it leaves alone."""
    assert list(SIGNALS.about) == list(read_toml(SHIPPED)) == list(FOUND) == list(NOT_FOUND)
    assert all(SIGNALS.about.values())


def test_a_text_that_says_nothing_has_no_signals() -> None:
    """No words, no signals."""
    assert _find(SIGNALS, "") == ()
    assert _find(SIGNALS, "The sky above our town.") == ()


@pytest.mark.parametrize(
    "piece",
    [
        "charged ",
        "no crash ",
        "how do i ",
        "love ",
        "card i don't ",
        "....",
        "a.",
        "would be nice ",
    ],
)
def test_a_long_text_names_only_a_few_places(piece: str) -> None:
    """Hostile repetition is read to its end, and what is shown stays short."""
    found = _find(SIGNALS, piece * 5_000)
    assert all(len(signal.words) <= MOST_SHOWN for signal in found)
    assert sum(len(words) for signal in found for words in signal.words) < 2_000
