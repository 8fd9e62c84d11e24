"""What a competitor is praised for: where we are blamed for it, and where customers wish for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np

from monitor.digest.counts import ShareCount
from monitor.digest.intervals import bound_share_change
from monitor.digest.phrase_changes import adjust_p_values
from monitor.digest.phrases import (
    FEWEST_AUTHORS,
    Numbers,
    PhraseCounts,
    arrange_texts,
    count_phrases,
    format_phrase,
)
from monitor.domain.feedback import Label
from monitor.domain.theme import PraiseAndBlame, ThemeText, UnmatchedWish

LEVEL: Final = 0.05
_THEIRS: Final = 0
_OURS: Final = 1
_WISHES: Final = 2
#: Phrases with so many texts in common say the same; the surest is told.
_SAME_TEXTS: Final = 0.7

FoundT = TypeVar("FoundT")


def compare_praise_and_blame(
    ours: Sequence[ThemeText], theirs: Sequence[ThemeText]
) -> tuple[PraiseAndBlame, ...]:
    """Return the phrases that they are praised with and we are blamed with, the surest first.

    At least five authors do each. Fisher's exact test asks whether those who name it of us blame
    more often than those who name it of them (Benjamini-Hochberg at 5 %), and it must stand out on
    either side: more blame than we get in general, more praise than they do. Unread texts are left
    out.
    """
    read = [text for text in (*theirs, *ours) if text.label is not None and text.words.strip()]
    groups = _Groups(read, [_THEIRS] * _count_read(theirs) + [_OURS] * _count_read(ours))
    sides = [groups.split_tone(phrase) for phrase in range(len(groups.counts.lengths))]
    general = groups.split_general_tone()
    asked = [
        (phrase, side)
        for phrase, side in enumerate(sides)
        if side.blamed >= FEWEST_AUTHORS and side.praised >= FEWEST_AUTHORS
    ]
    p = [_test_more(side.blamed, side.ours, side.theirs_blamed, side.theirs) for _, side in asked]
    adjusted = adjust_p_values(np.array(p))
    found = [
        _describe_pair(groups, phrase, side, float(level))
        for (phrase, side), level in zip(asked, adjusted, strict=True)
        if level <= LEVEL and _stands_out(side, general)
    ]
    found.sort(key=lambda one: (-one.low, -one.blamed, one.phrase))
    return _leave_out_repeats(found, _ids_of_pair)


def find_unmatched_wishes(
    wishes: Sequence[ThemeText], ours: Sequence[ThemeText], theirs: Sequence[ThemeText]
) -> tuple[UnmatchedWish, ...]:
    """Return what at least five of our customers wish for and five praise a competitor for.

    `wishes` are the texts of ours that wish for something. A phrase must be more frequent in them
    than in our other texts (Fisher's exact test, Benjamini-Hochberg at 5 %).
    """
    wished = {text.feedback_id for text in wishes}
    others = [text for text in ours if text.feedback_id not in wished and text.words.strip()]
    own = [text for text in wishes if text.words.strip()]
    praise = [text for text in theirs if text.label is Label.POSITIVE and text.words.strip()]
    groups = _Groups(
        [*praise, *others, *own],
        [_THEIRS] * len(praise) + [_OURS] * len(others) + [_WISHES] * len(own),
    )
    sizes = np.bincount(groups.of_unit, minlength=3)
    counted = [
        (phrase, np.bincount(groups.of_unit[units], minlength=3))
        for phrase, units in enumerate(groups.counts.units)
    ]
    asked = [
        (phrase, counts)
        for phrase, counts in counted
        if counts[_WISHES] >= FEWEST_AUTHORS and counts[_THEIRS] >= FEWEST_AUTHORS
    ]
    p = [
        _test_more(int(counts[_WISHES]), int(sizes[_WISHES]), int(counts[_OURS]), int(sizes[_OURS]))
        for _, counts in asked
    ]
    found = [
        UnmatchedWish(
            phrase=groups.name(phrase),
            wished=int(counts[_WISHES]),
            praised=int(counts[_THEIRS]),
            p=float(level),
            wished_ids=groups.ids_of(phrase, _WISHES),
            praised_ids=groups.ids_of(phrase, _THEIRS),
        )
        for (phrase, counts), level in zip(asked, adjust_p_values(np.array(p)), strict=True)
        if level <= LEVEL
    ]
    found.sort(key=lambda one: (one.p, -one.wished, -len(one.phrase), one.phrase))
    return _leave_out_repeats(found, _ids_of_wish)


@dataclass(frozen=True, slots=True)
class _Sides:
    """Authors of both sides, by the tone in which they write; who blames and praises does both."""

    ours: int
    blamed: int
    theirs: int
    theirs_blamed: int
    praised: int


class _Groups:
    """Texts of several groups with their phrases; an author counts once in each group."""

    def __init__(self, texts: Sequence[ThemeText], groups: Sequence[int]) -> None:
        alike = [replace(text, source_id="") for text in texts]  # the groups are compared
        read = arrange_texts(alike, np.array(groups, np.int64), (len(texts), 0))
        weights = (~read.unit_is_now).astype(float)
        self.counts: PhraseCounts = count_phrases(replace(read, unit_expects=weights))
        self.of_text = np.array(groups, np.int64)
        self.of_unit = np.zeros(len(read.unit_is_now), np.int64)
        self.of_unit[read.unit] = self.of_text
        self._unit = read.unit
        self._blames = np.array([text.label is Label.NEGATIVE for text in texts], np.bool_)
        self._praises = np.array([text.label is Label.POSITIVE for text in texts], np.bool_)

    def split_tone(self, phrase: int) -> _Sides:
        """Return who names a phrase on either side, and in which tone."""
        return self._split(self.counts.texts_of(phrase))

    def split_general_tone(self) -> _Sides:
        """Return everybody on either side."""
        return self._split(np.arange(len(self.of_text)))

    def name(self, phrase: int) -> str:
        """Return a phrase as most people write it."""
        return format_phrase(self.counts.writings_of(phrase)[0])

    def ids_of(self, phrase: int, group: int, label: Label | None = None) -> tuple[int, ...]:
        """Return the feedback of a group, or of one tone in it, that holds a phrase."""
        texts = self.counts.texts_of(phrase)
        own = [self.counts.read.texts[place] for place in texts[self.of_text[texts] == group]]
        return tuple(text.feedback_id for text in own if label is None or text.label is label)

    def _split(self, texts: Numbers) -> _Sides:
        ours = texts[self.of_text[texts] == _OURS]
        theirs = texts[self.of_text[texts] == _THEIRS]
        return _Sides(
            ours=self._count(ours),
            blamed=self._count(ours[self._blames[ours]]),
            theirs=self._count(theirs),
            theirs_blamed=self._count(theirs[self._blames[theirs]]),
            praised=self._count(theirs[self._praises[theirs]]),
        )

    def _count(self, texts: Numbers) -> int:
        return len(np.unique(self._unit[texts]))


def _count_read(texts: Sequence[ThemeText]) -> int:
    return sum(text.label is not None and bool(text.words.strip()) for text in texts)


def _stands_out(side: _Sides, general: _Sides) -> bool:
    """Return whether the phrase brings us more blame than usual, and them more praise."""
    more_blame = side.blamed * general.ours >= general.blamed * side.ours
    return more_blame and side.praised * general.theirs >= general.praised * side.theirs


def _describe_pair(groups: _Groups, phrase: int, side: _Sides, p: float) -> PraiseAndBlame:
    ours = ShareCount(side.blamed, side.ours)
    theirs = ShareCount(side.theirs_blamed, side.theirs)
    limits = bound_share_change(ours, theirs)
    return PraiseAndBlame(
        phrase=groups.name(phrase),
        praised=side.praised,
        theirs=side.theirs,
        blamed=side.blamed,
        ours=side.ours,
        difference=100 * (side.blamed / side.ours - side.theirs_blamed / side.theirs),
        low=limits.low or 0.0,
        high=limits.high or 0.0,
        p=p,
        blamed_ids=groups.ids_of(phrase, _OURS, Label.NEGATIVE),
        praised_ids=groups.ids_of(phrase, _THEIRS, Label.POSITIVE),
    )


def _test_more(one: int, of_one: int, other: int, of_other: int) -> float:
    """Return the one-sided p of Fisher's exact test that the first share is no larger."""
    total, both = one + other, of_one + of_other
    whole = _log_choose(both, total)
    tail = (
        math.exp(_log_choose(of_one, each) + _log_choose(of_other, total - each) - whole)
        for each in range(one, min(of_one, total) + 1)
    )
    return min(1.0, math.fsum(tail))


def _log_choose(of: int, count: int) -> float:
    if not 0 <= count <= of:
        return -math.inf
    return math.lgamma(of + 1) - math.lgamma(count + 1) - math.lgamma(of - count + 1)


def _leave_out_repeats(
    found: Sequence[FoundT], ids_of: Callable[[FoundT], set[int]]
) -> tuple[FoundT, ...]:
    """Return what was found without the phrases that the texts of a surer one hold."""
    kept: list[FoundT] = []
    for one in found:
        own = ids_of(one)
        shared = [len(own & (ids := ids_of(other))) / min(len(own), len(ids)) for other in kept]
        if max(shared, default=0.0) < _SAME_TEXTS:
            kept.append(one)
    return tuple(kept)


def _ids_of_pair(one: PraiseAndBlame) -> set[int]:
    return {*one.blamed_ids, *one.praised_ids}


def _ids_of_wish(one: UnmatchedWish) -> set[int]:
    return {*one.wished_ids, *one.praised_ids}
