"""Which phrases are one theme: those that the same texts hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

#: Overlap of two sets of texts, beyond chance, from which on they are one theme.
_JOINED: Final = 0.5
#: A phrase is the theme's own when so many of its texts belong to it; others come with it.
_OWN: Final = 0.7


@dataclass(frozen=True, slots=True)
class ChangedPhrase:
    """A phrase whose use has changed."""

    phrase: int
    texts: frozenset[int]
    score: float  #: size of the change times authors


@dataclass(slots=True)
class PhraseGroup:
    """Phrases of one theme; grows while they are joined."""

    phrases: list[int]  #: its own, the best first
    texts: set[int]


def join_phrases(
    changed: Sequence[ChangedPhrase],
    all_texts: int,
    stands_alone: Callable[[int, set[int]], bool],
) -> list[PhraseGroup]:
    """Return the phrases in groups, the best first.

    A phrase comes into the group whose texts it shares. Is it a general word, most of whose texts
    are elsewhere ("app"), then it belongs to the group only as long as its change is explained by
    it: `stands_alone` tells whether a phrase has changed without these texts too.
    """
    groups: list[PhraseGroup] = []
    by_score = sorted(changed, key=lambda one: (-one.score, one.phrase))
    for one in by_score:
        best = max(groups, key=lambda group: len(group.texts & one.texts), default=None)
        if best is None or _overlap_beyond_chance(one.texts, best.texts, all_texts) < _JOINED:
            groups.append(PhraseGroup([one.phrase], set(one.texts)))
        elif len(one.texts & best.texts) >= _OWN * len(one.texts):
            best.phrases.append(one.phrase)
            best.texts |= one.texts
        elif stands_alone(one.phrase, best.texts):
            groups.append(PhraseGroup([one.phrase], set(one.texts)))
    return _join_groups(groups, all_texts)


def _join_groups(groups: list[PhraseGroup], all_texts: int) -> list[PhraseGroup]:
    """Return the groups with those joined that have grown together."""
    kept: list[PhraseGroup] = []
    for group in groups:
        other = next(
            (
                one
                for one in kept
                if len(one.texts & group.texts) >= _OWN * min(len(one.texts), len(group.texts))
                and _overlap_beyond_chance(one.texts, group.texts, all_texts) >= _JOINED
            ),
            None,
        )
        if other is None:
            kept.append(group)
        else:
            other.phrases += group.phrases
            other.texts |= group.texts
    return kept if len(kept) == len(groups) else _join_groups(kept, all_texts)


def _overlap_beyond_chance(
    one: frozenset[int] | set[int], other: frozenset[int] | set[int], all_texts: int
) -> float:
    """Return the share of the smaller set that is in the larger; 0 by chance alone, 1 all of it."""
    smaller, larger = sorted((len(one), len(other)))
    if not smaller:
        return 0.0
    by_chance = min(larger / max(all_texts, 1), 0.99)
    return (len(one & other) / smaller - by_chance) / (1 - by_chance)
