"""Altered copies of real texts are recognised; strangers are not."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.similar import (
    ALIKE,
    FEWEST_WORDS,
    bands_of_signature,
    estimate_similarity,
    group_near_copies,
    minhash_signature,
)
from monitor.demo.server import RecordedFeedback
from monitor.domain.tokens import fingerprint_text, normalize_text

Alter = Callable[[str, random.Random], str]


@dataclass(frozen=True)
class Text:
    """A text to be settled."""

    feedback_id: int
    fingerprint: str
    signature: bytes


def shape(feedback_id: int, text: str) -> Text:
    words = normalize_text(text)
    return Text(feedback_id, fingerprint_text(words), minhash_signature(words))


def recorded() -> list[str]:
    """Every recorded text of enough words, each once."""
    data = RecordedFeedback.from_package()
    bodies = [str(entry["body"]) for entry in (*data.reviews, *data.posts)]
    return [
        text for text in dict.fromkeys(bodies) if len(normalize_text(text).split()) >= FEWEST_WORDS
    ]


TEXTS = recorded()
real = st.sampled_from(TEXTS)
any_words = st.lists(st.text("abcdé東🚀", min_size=1, max_size=3), max_size=40).map(" ".join)


def with_typos(text: str, chosen: random.Random) -> str:
    letters = list(text)
    for place in chosen.sample(range(len(letters) - 1), max(1, len(letters) // 50)):
        letters[place], letters[place + 1] = letters[place + 1], letters[place]
    return "".join(letters)


def with_words_replaced(text: str, chosen: random.Random) -> str:
    words = text.split()
    for place in chosen.sample(range(len(words)), len(words) // 8):
        words[place] = f"zz{chosen.randrange(10**6)}"
    return " ".join(words)


@pytest.mark.parametrize(
    ("alter", "least"),
    [
        (lambda text, _: text.upper(), 1.0),
        (lambda text, _: f"{text} -- sent from my phone", 0.97),
        (lambda text, _: f"RT @someone: {text}", 0.99),
        (with_typos, 0.92),
        (lambda text, _: text[: len(text) * 3 // 4], 0.92),
        (with_words_replaced, 0.92),
    ],
    ids=["case", "signature", "retweet", "typos", "cut", "replaced"],
)
def test_altered_copies_are_recognised(alter: Alter, least: float) -> None:
    """Of the recorded texts, altered as people alter what they pass on, nearly all are put to their
    original.
    """
    chosen = random.Random(3)
    known = [shape(number, text) for number, text in enumerate(TEXTS, 1)]
    copies = [
        shape(len(TEXTS) + one.feedback_id, alter(TEXTS[one.feedback_id - 1], chosen))
        for one in known
    ]
    leaders = group_near_copies(copies, known).leaders
    right = sum(
        leaders[copy.feedback_id] == one.fingerprint
        for copy, one in zip(copies, known, strict=True)
    )

    assert len(TEXTS) > 150
    assert right >= least * len(TEXTS)


def test_strangers_are_not_alike() -> None:
    """No two of the recorded texts, which different people wrote, are taken for copies."""
    signatures = [minhash_signature(normalize_text(text)) for text in TEXTS]

    assert [
        pair for pair in combinations(signatures, 2) if estimate_similarity(*pair) >= ALIKE
    ] == []


@given(any_words, any_words)
def test_likeness_is_a_likeness(one: str, other: str) -> None:
    """It lies between 0 and 1, is the same both ways, and 1 for a text and itself where it has
    enough words.
    """
    first, second = minhash_signature(normalize_text(one)), minhash_signature(normalize_text(other))

    assert 0 <= estimate_similarity(first, second) <= 1
    assert estimate_similarity(first, second) == estimate_similarity(second, first)
    assert estimate_similarity(first, first) == float(bool(first))
    assert len(bands_of_signature(first)) == (16 if first else 0)


@given(st.lists(real, max_size=12))
def test_settling_in_parts_is_settling_at_once(texts: list[str]) -> None:
    """Whatever the chunks that feedback comes in, each text ends with the same leader."""
    shapes = [shape(number, text) for number, text in enumerate(texts, 1)]
    at_once = group_near_copies(shapes, [])
    known: list[Text] = []
    parts: dict[int, str] = {}
    for start in range(0, len(shapes), 3):
        settled = group_near_copies(shapes[start : start + 3], known)
        parts |= settled.leaders
        known += [one for one in shapes if one.feedback_id in settled.new]

    assert parts == at_once.leaders
    assert [one.feedback_id for one in known] == list(at_once.new)


@given(st.lists(any_words, max_size=12))
def test_every_text_is_settled_on_itself_or_one_before(texts: list[str]) -> None:
    """A leader is always a text that leads itself, and texts of the same words have the same
    leader.
    """
    shapes = [shape(number, text) for number, text in enumerate(texts, 1)]
    settled = group_near_copies(shapes, [])
    leading = {one.fingerprint for one in shapes if one.feedback_id in settled.new}

    assert settled.leaders.keys() == {one.feedback_id for one in shapes}
    for one in shapes:
        leader = settled.leaders[one.feedback_id]
        assert leader in leading if one.signature else leader == one.fingerprint
