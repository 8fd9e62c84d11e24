"""Near copies: texts that say the same in almost the same words.

They are copied, quoted, cut, signed or mistyped. MinHash over pairs of neighbouring words: the
share of equal places in two signatures estimates the Jaccard similarity of their sets of pairs
(Broder 1997, https://doi.org/10.1109/SEQUEN.1997.666900). Signatures are stored, so they are the
same in every process, on every machine and in every later version: changing `_SEED` or anything
below needs a migration that empties what is stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Shorter texts have no signature: different people write "worst app ever".
FEWEST_WORDS = 8
#: Words that are looked at; a text that is the same so far is the same.
MOST_WORDS = 2000
#: Likeness from which on two texts are reports of one thing. Measured in `benchmarks/similar.py`.
ALIKE = 0.5

#: Texts of one band that a new one is compared with: what half the world writes costs no more.
_MOST_CANDIDATES = 16
_SIGNATURE_LENGTH = 64
_BANDS = 16
_SEED = b"repwatch similar 1"


def minhash_signature(words: str) -> bytes:
    """Return 256 bytes that are alike for texts that are; empty for a text of under eight words.

    `words` are normalised and have one space between them, as in `Analysis.words`. The bytes are 64
    little-endian 32-bit numbers.
    """
    hashes = [
        crc32(word)
        for word in words.encode("utf-8", "replace").split(b" ", MOST_WORDS)[:MOST_WORDS]
    ]
    if len(hashes) < FEWEST_WORDS:
        return b""
    import numpy as np

    constants = _hash_constants()
    word_hashes = np.array(hashes, np.uint64)
    pairs = word_hashes[:-1] * constants.first + word_hashes[1:] * constants.second
    values = (constants.factors * pairs + constants.terms) >> np.uint64(32)
    return bytes(values.min(axis=1).astype("<u4").data)


def bands_of_signature(signature: bytes) -> tuple[int, ...]:
    """Return the sixteen keys under which a text is found (locality-sensitive hashing).

    Keys are signed 64-bit numbers, each of its own band. Two texts of similarity J share one with a
    probability of 1 - (1 - J^4)^16: 0.64 at 0.5, 0.99 at 0.7. No key where there is no signature.
    """
    return bands_of_signatures([signature])[0]


def bands_of_signatures(signatures: Sequence[bytes]) -> list[tuple[int, ...]]:
    """Return the bands of each of many texts, in a tenth of the time of one by one."""
    import numpy as np

    constants = _hash_constants()
    halves = np.frombuffer(b"".join(signatures), "<u8").reshape(-1, _BANDS, 2)
    keys = (
        (halves * constants.halves + constants.bands)
        .sum(axis=2, dtype=np.uint64)
        .view(np.int64)
        .tolist()
    )
    rows = iter(keys)
    return [tuple(next(rows)) if one else () for one in signatures]


def estimate_similarity(one: bytes, other: bytes) -> float:
    """Return the estimated Jaccard similarity of two texts by their signatures, 0 to 1.

    0 where one has no signature. The standard error is at most 0.0625 (64 places).
    """
    if not one or not other:
        return 0.0
    import numpy as np

    equal = np.frombuffer(one, "<u4") == np.frombuffer(other, "<u4")
    return int(np.count_nonzero(equal)) / _SIGNATURE_LENGTH


class AlikeFinder:
    """Compares a text with each of many others; exact, where bands find most and faster."""

    def __init__(self, signatures: Sequence[bytes]) -> None:
        """`signatures` may hold empty ones, which are like no text."""
        self._places = [at for at, signature in enumerate(signatures) if signature]
        self._signatures = b"".join(signatures)

    def find_alike(self, signature: bytes) -> list[int]:
        """Return the places of the texts that are alike, in order."""
        if not signature or not self._places:
            return []
        import numpy as np

        table = np.frombuffer(self._signatures, "<u4").reshape(-1, _SIGNATURE_LENGTH)
        equal = (table == np.frombuffer(signature, "<u4")).sum(axis=1)
        (rows,) = np.nonzero(equal >= ALIKE * _SIGNATURE_LENGTH)
        return [self._places[row] for row in rows.tolist()]


class ComparableText(Protocol):
    """What makes a text comparable with others."""

    @property
    def feedback_id(self) -> int:
        """Whose text it is; grows with time."""

    @property
    def fingerprint(self) -> str:
        """Of the same words, as in `Analysis.fingerprint`: names the group."""

    @property
    def signature(self) -> bytes:
        """As `minhash_signature` gives it."""


@dataclass(frozen=True, slots=True)
class NearCopyGroups:
    """Which texts are near copies of which."""

    #: for each new feedback, the fingerprint of the oldest text like it, or its own
    leaders: Mapping[int, str]
    #: the feedback whose text is like no older one: what later ones are to be compared with
    new: tuple[int, ...]
    seen: tuple[int, ...]  #: the known feedback that new ones are like
    #: for each new feedback that is like an older one, the oldest of these
    copied: Mapping[int, int]


def group_near_copies(
    new: Sequence[ComparableText], known: Iterable[ComparableText]
) -> NearCopyGroups:
    """Assign each new text, in order, to the oldest text that it is a near copy of.

    That may be a known one or a new one before it; a text like no other stands by itself. Texts are
    compared with the first of their group only: a chain of small changes never joins two different
    texts.
    """
    index = _BandIndex()
    older = sorted(known, key=lambda text: text.feedback_id)
    for text, bands in zip(
        older, bands_of_signatures([text.signature for text in older]), strict=True
    ):
        index.add_text(text, bands)
    leaders: dict[int, str] = {}
    first_of_group: list[int] = []
    seen: dict[int, None] = {}  # in order
    copied: dict[int, int] = {}
    for text, bands in zip(new, bands_of_signatures([text.signature for text in new]), strict=True):
        leader = index.find_oldest_alike(text, bands)
        leaders[text.feedback_id] = leader.fingerprint if leader else text.fingerprint
        if leader is not None:
            seen[leader.feedback_id] = None
            copied[text.feedback_id] = leader.feedback_id
        elif bands:
            index.add_text(text, bands)
            first_of_group.append(text.feedback_id)
    return NearCopyGroups(
        leaders=leaders,
        new=tuple(first_of_group),
        seen=tuple(found for found in seen if found not in leaders),
        copied=copied,
    )


class _BandIndex:
    """Texts by their bands."""

    def __init__(self) -> None:
        self._by_band: dict[int, list[ComparableText]] = {}

    def add_text(self, text: ComparableText, bands: Sequence[int]) -> None:
        for key in bands:
            self._by_band.setdefault(key, []).append(text)

    def find_oldest_alike(
        self, text: ComparableText, bands: Sequence[int]
    ) -> ComparableText | None:
        """Return the oldest near copy, of at most _MOST_CANDIDATES texts in each band."""
        found = {
            one.feedback_id: one
            for key in bands
            for one in self._by_band.get(key, ())[:_MOST_CANDIDATES]
        }
        for _, one in sorted(found.items()):
            if estimate_similarity(text.signature, one.signature) >= ALIKE:
                return one
        return None


def replace_group_text(group: str, own: str, leader: str) -> str:
    """Return the group key with the leader's text in place of the feedback's own.

    `own` and `leader` are fingerprints.
    """
    if not own or own == leader:
        return group
    return "|".join(
        f"text:{leader}" if part == f"text:{own}" else part for part in group.split("|")
    )


@dataclass(frozen=True, slots=True)
class _HashConstants:
    """Random odd 64-bit numbers, drawn from the seed by BLAKE2b, for multiplicative hashing.

    They take the place of random permutations.
    """

    factors: NDArray[np.uint64]
    terms: NDArray[np.uint64]
    halves: NDArray[np.uint64]
    bands: NDArray[np.uint64]
    first: np.uint64
    second: np.uint64


@cache
def _hash_constants() -> _HashConstants:
    import numpy as np

    def draw_numbers(name: bytes, count: int) -> NDArray[np.uint64]:
        digests = (
            hashlib.blake2b(b"%s %d" % (name, number), digest_size=8, key=_SEED)
            for number in range(count)
        )
        return np.frombuffer(b"".join(digest.digest() for digest in digests), "<u8").astype(
            np.uint64
        ) | np.uint64(1)

    return _HashConstants(
        factors=draw_numbers(b"factor", _SIGNATURE_LENGTH)[:, None],
        terms=draw_numbers(b"term", _SIGNATURE_LENGTH)[:, None],
        halves=draw_numbers(b"half", 2),
        bands=draw_numbers(b"band", 2 * _BANDS).reshape(_BANDS, 2),
        first=draw_numbers(b"first", 1)[0],
        second=draw_numbers(b"second", 1)[0],
    )
