"""Near copies among many texts at once: what is copied, quoted or published again.

The same idea as in `monitor.analysis.similar` (MinHash over pairs of neighbouring words, Broder
1997, https://doi.org/10.1109/SEQUEN.1997.666900), here over arrays and stricter, because two people
who say the same in their own words must count as two.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Shorter texts are nobody's copies: many people write "worst app ever".
FEWEST_WORDS: Final = 8
#: Share of equal places in two signatures from which on one text is a copy of the other.
SAME: Final = 0.7

_PLACES: Final = 32
_BANDS: Final = 8  # of four places: 0.89 of the copies at 0.7 are found, 0.99 at 0.8
_SEED: Final = 20_261_130
_HIGHEST: Final = np.uint64(2**64 - 1)


def find_originals(words: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each text the place of the first text that it is a near copy of, or its own.

    `words` are the numbers of the words of all texts, one text after the other; `starts` says where
    each begins. No text is empty.
    """
    count = len(starts)
    lengths = np.diff(np.append(starts, len(words)))
    signatures = _sign_texts(words, starts)
    originals = np.arange(count)
    long_enough = np.flatnonzero(lengths >= FEWEST_WORDS)
    for band in np.split(signatures, _BANDS, axis=1):
        keys = _join_places(band[long_enough])
        _, first, group = np.unique(keys, return_index=True, return_inverse=True)
        leaders = long_enough[first[group]]
        alike = (signatures[long_enough] == signatures[leaders]).mean(axis=1) >= SAME
        found = np.where(alike, leaders, long_enough)
        originals[long_enough] = np.minimum(originals[long_enough], found)
    return _follow_originals(originals)


def _sign_texts(words: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Return 32 numbers for each text: the least of so many hashes over its pairs of words."""
    if not len(starts):
        return np.empty((0, _PLACES), np.uint32)
    numbers = np.random.default_rng(_SEED).integers(1, 2**63, 2 * _PLACES + 2, np.uint64)
    odd = numbers | np.uint64(1)
    hashed = words.astype(np.uint64)
    pairs = hashed * odd[0] + np.append(hashed[1:], np.uint64(0)) * odd[1]
    across = np.append(starts[1:], len(words)) - 1  # the last word of a text has none beside it
    signatures = np.empty((len(starts), _PLACES), np.uint32)
    for place in range(_PLACES):
        values = pairs * odd[2 + place] + odd[2 + _PLACES + place]
        values[across] = _HIGHEST
        least = np.minimum.reduceat(values, starts)
        signatures[:, place] = (least >> np.uint64(32)).astype(np.uint32)
    return signatures


def _join_places(band: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return one key for the places of a band."""
    odd = np.random.default_rng(_SEED + 1).integers(1, 2**63, band.shape[1], np.uint64)
    keys: NDArray[np.uint64] = (band.astype(np.uint64) * (odd | np.uint64(1))).sum(
        axis=1, dtype=np.uint64
    )
    return keys


def _follow_originals(originals: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the originals of originals, until each is its own."""
    while True:
        further = originals[originals]
        if np.array_equal(further, originals):
            return originals
        originals = further
