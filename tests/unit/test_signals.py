"""Signals: how patterns are written and found, what undoes them, one's own file, and what the
shipped ones find.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from monitor.analysis.patterns import MOST_SHOWN, WORD_LISTS, expand_word_lists, parse_pattern
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
        "Nobody in our firm can log in",
        "Every request times out",
        "The whole platform has been dead since noon",
        "No signal in the village for two days",
        "Everything is down",
    ],
    "billing": [
        "money taken twice",
        "I was charged twice",
        "hidden fees!",
        "overcharged me",
        "charged me for nothing",
    ],
    "money_lost": [
        "My wages never arrived this month",
        "You debited the mortgage twice",
        "My account was charged six times for one night",
        "4,000 dollars vanished from my account",
        "The cash machine swallowed my money and debited my account",
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
        "Ticket open since March",
        "Fifth email and still not a word from you",
    ],
    "churn": [
        "switching to a competitor",
        "Cancel my subscription",
        "uninstalled",
        "I will never use them again",
        "We will look elsewhere",
        "Not happy, go elsewhere",
        "Cancelled today, never again",
        "That was my last order with you",
    ],
    "major_churn": [
        "After twelve years as a customer we are leaving",
        "We are moving all 90 seats to another provider",
        "Our hospital will not renew the contract",
        "You just lost your biggest client",
    ],
    "data_loss": [
        "the update deleted all my photos",
        "lost all my progress",
        "it deletes everything",
        "You erased the videos of my daughter",
        "Three years of invoices vanished",
        "My folder is empty since the sync",
        "Where did all my photos go?",
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
        "The toaster gave me an electric shock",
        "I bit on a piece of metal in your bread",
        "A shelf fell on my foot",
        "The brakes of the hired car failed",
        "We all threw up after your oysters",
        "Your driver ran a red light",
        "The cot collapsed with our baby in it",
        "The pharmacy gave my mother the wrong tablets",
        "Someone could have died",
    ],
    "self_harm": [
        "I want to kill myself",
        "I have no reason to live",
        "Since your letter I think about ending my life",
        "She tried to hang herself",
        "I am suicidal",
    ],
    "harassment": [
        "Your driver keeps texting my sister",
        "The guard groped me",
        "He threatened to publish my pictures",
        "I know where your boss lives",
        "One of your users is stalking me",
        "The plumber touched my leg",
        "I will burn down your shop",
    ],
    "discrimination": [
        "Refused because of my headscarf",
        "Your waiter made racist remarks",
        "The taxi drove off when he saw my wheelchair",
        "They would not let my guide dog in, we were turned away",
        "I was told women are not served here",
    ],
    "legal": [
        "I will contact my lawyer",
        "see you in court",
        "I'm going to sue you",
        "we take legal action",
        "I have filed a claim with the small claims court",
        "My solicitor will write to you",
        "Reported to the ombudsman",
        "I went to the police about your courier",
    ],
    "press": [
        "I am a reporter with the Herald",
        "We are going to the press",
        "A journalist has contacted me about your prices",
        "My post about you is going viral",
    ],
    "security": [
        "my account was hacked",
        "someone used my card",
        "there is a payment I did not make",
        "Somebody logged in to my account and changed the password",
        "I can see the invoices of another customer",
        "You sent my payslip to a stranger",
        "A caller knew my booking number",
        "I never made these payments",
        "Everyone can read my private messages",
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
    "warning": [
        "Stay away from this company",
        "I would not recommend this to anyone",
        "Avoid at all costs!",
        "Buyer beware",
        "Told everyone at work to avoid it",
        "Never book with these people",
    ],
    "automation": [
        "I only get automated replies",
        "The chatbot goes round in circles",
        "I cannot reach a real person",
        "Useless bot, no human anywhere",
        "Just want to speak to a human",
    ],
    "usability": [
        "The app is confusing to use",
        "I can't find the settings button",
        "Menus are a mess and hard to navigate",
        "Too many clicks to pay a bill",
        "The site takes forever to load",
    ],
    "impersonal": [
        "They treat you like a number",
        "I had to explain everything again to every agent",
        "Asked me again for my order number",
        "Passed from pillar to post",
    ],
}

NOT_FOUND = {
    "outage": [
        "slow down",
        "the price went down to 5",
        "scroll down the page",
        "never down",
        "the doctor was unavailable",
        "I work offline on the train",
        "The outage was fixed in minutes, great",
        "What happens if the server goes down?",
        "power outage at home",
    ],
    "billing": ["the phone is fully charged", "no hidden fees", "the nurse in charge"],
    "money_lost": [
        "Worth my whole salary",
        "How long does a transfer take?",
        "You refunded the double charge at once, thanks",
        "Can I pay my rent by card?",
    ],
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
    "major_churn": [
        "We moved all our shops to you",
        "Ten years a customer and still happy",
        "We are moving house",
        "How do I cancel a seat?",
    ],
    "data_loss": [
        "never lost my data",
        "I deleted all my photos",
        "afraid to lose my notes",
        "everything has gone well",
        "Can I restore a file that I deleted?",
        "The stain vanished",
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
        "This burger is fire",
        "I was shocked by the price",
        "My battery died",
        "The boss burned my team in the last level of the film",
        "We laughed so hard that I choked",
        "What if the battery overheats?",
        "Lovely nurses who took care of me in hospital after I broke my arm",
    ],
    "self_harm": [
        "I am dying to try it",
        "This level makes me want to kill myself",
        "My phone wants to die",
        "A film about suicide",
        "The nurse saved me when I was suicidal, thank you",
    ],
    "harassment": [
        "I could murder a curry",
        "The cat stalks the vacuum",
        "Training against harassment",
        "He threatened to buy another one",
        "The knife is sharp",
        "Follow us on Instagram",
    ],
    "discrimination": [
        "A film about racism in the sixties",
        "Your staff were so kind to my deaf mother",
        "A black dress",
        "Is there a ramp for wheelchairs?",
        "Too old for this game, my thumbs hurt",
    ],
    "legal": [
        "the food court",
        "I am a lawyer",
        "tennis court",
        "DOT",
        "This cake should be illegal",
        "Would you sue me if I left?",
        "My wife says she will sue me, haha",
        "Our lawyer was excellent",
    ],
    "press": [
        "Press the red button",
        "The coffee press leaks",
        "I read about you in the newspaper",
        "A video that went viral, thank you",
    ],
    "security": [
        "what a scam",
        "total fraud",
        "protects against hackers",
        "no malware",
        "What if my account gets hacked?",
        "My card was stolen and you blocked it in a minute, thanks",
        "The new series is about a hacker",
        "It was a steal at that price",
    ],
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
    "warning": [
        "I can't recommend it enough",
        "Stay away from sugar, says my doctor",
        "It helps me avoid traffic",
        "You can't go wrong with this",
    ],
    "automation": [
        "The bot solved it in a minute, great",
        "Automatic updates are fine",
        "A real person answered straight away",
        "Bots in ranked matches ruin the game",
    ],
    "usability": [
        "Not confusing at all, lovely app",
        "It was hard to find fault with anything",
        "I can find everything quickly",
    ],
    "impersonal": [
        "My order number is 4711",
        "They never made me feel like just a number",
        "I didn't have to repeat myself",
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
    shipped = expand_word_lists(read_toml(SHIPPED))
    assert list(SIGNALS.about) == list(shipped) == list(FOUND) == list(NOT_FOUND)
    assert all(SIGNALS.about.values())


def test_a_word_list_stands_for_its_words() -> None:
    """In a pattern, alone or beside other words; nothing of the list's table is left."""
    data = {"words": {"pets": "cat dog"}, "vet": {"about": "<pets>", "any": ["my <pets>|bird ill"]}}
    assert expand_word_lists(data) == {"vet": {"about": "<pets>", "any": ["my cat|dog|bird ill"]}}


def test_every_word_list_is_used() -> None:
    """And each pattern names only lists that are there, or the file would not load."""
    written = SHIPPED.read_text("utf-8")
    assert all(f"<{name}>" in written for name in read_toml(SHIPPED)[WORD_LISTS])


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
