"""Fingerprints of near duplicates: stable numbers, and who is put to whom."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

import pytest

from monitor.analysis.similar import (
    FEWEST_WORDS,
    MOST_WORDS,
    bands_of_signature,
    bands_of_signatures,
    estimate_similarity,
    group_near_copies,
    minhash_signature,
    replace_group_text,
)
from monitor.domain.tokens import fingerprint_text, normalize_text

CRASH = normalize_text(
    "The app crashes every time I open it since the last update, please fix this soon"
)
LATE = normalize_text(
    "My parcel arrived two weeks late and nobody answered my letters about the broken box"
)


@dataclass(frozen=True)
class Text:
    """A text to be settled."""

    feedback_id: int
    words: str

    @property
    def fingerprint(self) -> str:
        """As an analysis has it."""
        return fingerprint_text(self.words)

    @property
    def signature(self) -> bytes:
        """As it is stored."""
        return minhash_signature(self.words)


def texts(*words: str, first: int = 1) -> list[Text]:
    return [Text(number, one) for number, one in enumerate(words, first)]


def jaccard(one: Sequence[str], other: Sequence[str]) -> float:
    """The exact likeness of two lists of words."""
    first, second = set(pairwise(one)), set(pairwise(other))
    return len(first & second) / len(first | second)


def test_signatures_are_what_they_always_were() -> None:
    """Stored signatures and bands are compared with new ones: no later version may calculate
    others.
    """
    assert blake2b(minhash_signature(CRASH), digest_size=8).hexdigest() == "1c0b32e13898bbe6"
    assert bands_of_signature(minhash_signature(CRASH))[:2] == (
        709681498125231196,
        -9127640009922204434,
    )
    assert (
        blake2b(
            minhash_signature(normalize_text("naïve café 東京 🚀 один два три")), digest_size=8
        ).hexdigest()
        == "82a2c68d35237519"
    )


def test_every_process_calculates_the_same() -> None:
    """Whatever the seed of Python's own hashes."""
    script = (
        f"from monitor.analysis.similar import *; s = minhash_signature({CRASH!r}); "
        "print(s.hex(), *bands_of_signature(s))"
    )
    ran = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "1"},
    )
    sign = minhash_signature(CRASH)

    assert ran.stdout.split() == [sign.hex(), *map(str, bands_of_signature(sign))]


def test_sizes() -> None:
    """A signature has 256 bytes and sixteen bands of signed 64 bits, all different."""
    sign = minhash_signature(CRASH)

    assert len(sign) == 256
    assert len(set(bands_of_signature(sign))) == 16
    assert all(-(2**63) <= key < 2**63 for key in bands_of_signature(sign))
    assert any(
        key < 0 for text in (CRASH, LATE) for key in bands_of_signature(minhash_signature(text))
    )


def test_short_texts_have_none() -> None:
    """Under eight words there is no signature, no band and no likeness: many people write "worst
    app ever".
    """
    short = " ".join(CRASH.split()[: FEWEST_WORDS - 1])
    enough = " ".join(CRASH.split()[:FEWEST_WORDS])

    assert (minhash_signature(""), minhash_signature(short), bands_of_signature(b"")) == (
        b"",
        b"",
        (),
    )
    assert (
        estimate_similarity(minhash_signature(short), minhash_signature(short))
        == estimate_similarity(b"", minhash_signature(CRASH))
        == 0
    )
    assert estimate_similarity(minhash_signature(enough), minhash_signature(enough)) == 1


def test_bands_of_many_are_those_of_each() -> None:
    """The quick way gives the same numbers, also among texts without any."""
    signatures = [minhash_signature(CRASH), b"", minhash_signature(LATE), b""]

    assert bands_of_signatures(signatures) == [bands_of_signature(one) for one in signatures]
    assert bands_of_signatures([]) == []


def test_likeness_estimates_the_shared_pairs() -> None:
    """Within three standard errors of the exact Jaccard likeness, from equal texts to unrelated
    ones.
    """
    words = CRASH.split()
    for kept in range(len(words), 7, -1):
        other = [*words[:kept], *LATE.split()[kept:]]
        estimate = estimate_similarity(minhash_signature(CRASH), minhash_signature(" ".join(other)))

        assert estimate == pytest.approx(jaccard(words, other), abs=3 * 0.0625)


def test_a_long_text_is_told_by_its_beginning() -> None:
    """Words beyond the first two thousand change nothing, so that a novel costs no more."""
    many = " ".join(f"word{number}" for number in range(MOST_WORDS))

    assert minhash_signature(many) == minhash_signature(f"{many} {CRASH}")
    assert minhash_signature(many) != minhash_signature(" ".join(many.split()[:-500]))


def test_copies_in_one_batch_follow_the_first() -> None:
    """The first report leads, its copies take its fingerprint, and a stranger leads its own
    group.
    """
    batch = texts(CRASH, LATE, f"rt {CRASH}", f"{CRASH} sent from my phone", "worst app ever")
    settled = group_near_copies(batch, [])

    assert settled.leaders == {
        1: fingerprint_text(CRASH),
        2: fingerprint_text(LATE),
        3: fingerprint_text(CRASH),
        4: fingerprint_text(CRASH),
        5: fingerprint_text("worst app ever"),
    }
    assert (settled.new, settled.seen) == ((1, 2), ())


def test_known_texts_lead_and_the_oldest_first() -> None:
    """A copy of what is known joins the oldest text that it is like, in whatever order these are
    given.
    """
    known = texts(CRASH, f"{CRASH} again", LATE, first=1)
    settled = group_near_copies(texts(f"no {CRASH}", LATE, first=10), reversed(known))

    assert settled.leaders == {10: fingerprint_text(CRASH), 11: fingerprint_text(LATE)}
    assert (settled.new, settled.seen) == ((), (1, 3))


def test_a_chain_of_small_changes_ends() -> None:
    """Each step is like the one before, but only what is like the first text joins it."""
    steps = [*CRASH.split()]
    chain = []
    for place, word in enumerate(LATE.split()[: len(steps)]):
        steps[place] = word
        chain.append(" ".join(steps))
    settled = group_near_copies(texts(*chain), [])

    assert settled.leaders[2] == settled.leaders[1]
    assert settled.leaders[len(chain)] != settled.leaders[1]


def test_nothing_to_settle() -> None:
    """Without new texts nothing is decided, whatever is known."""
    settled = group_near_copies([], texts(CRASH))

    assert (settled.leaders, settled.new, settled.seen) == ({}, (), ())


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("text:aa", "text:bb"),
        ("text:aa|source:app", "text:bb|source:app"),
        ("text:cc|source:app", "text:cc|source:app"),
        ("source:text:aa", "source:text:aa"),
        ("author:app:text:aa|rule", "author:app:text:aa|rule"),
        ("feedback:app:1", "feedback:app:1"),
        ("text:aab", "text:aab"),
    ],
)
def test_a_group_takes_the_leaders_text(group: str, expected: str) -> None:
    """Only the part that is the feedback's own text changes."""
    assert replace_group_text(group, "aa", "bb") == expected
    assert replace_group_text(group, "aa", "aa") == replace_group_text(group, "", "bb") == group
