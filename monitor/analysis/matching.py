"""Finding sequences of words: each waits for its rarest word, and is tried where that stands.

A text without any of these words costs one look-up for each of its own. What must stand right
beside the rarest word is looked up as well, so that most of what waits for a word is never tried.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, compress
from typing import Final, NamedTuple

from monitor.analysis.token_cache import TokenCache
from monitor.domain.tokens import tokenize as words_of

#: The first word and the one behind the last, by number.
WordRange = tuple[int, int]

SHORTEST_PREFIX: Final = 3  #: letters before a *
MOST_FOUND: Final = 30  #: places of one name that are looked at
#: Words that patterns should not wait for, because nearly every text holds one.
_COMMON: Final = frozenset(
    words_of(
        "a about after again all also always am an and any app are as at back be because been "
        "before being but by can can't could did didn't do does doesn't don't even every "
        "everything for from get give go going good got great had has have he help her how i i'm "
        "if in is it just know like love make me more much my need never new no not now of on one "
        "only or our out over people please really she should so some still than thank that the "
        "their them then there these they this time to too try trying u up us use used using very "
        "want was way we well were what when where which who why will with won't work works would "
        "you your"
    )
)
_COMMONEST: Final = frozenset(
    words_of("a and for i in is it my of on that the this to was with you")
)
_COMMON_COST, _COMMONEST_COST = 10, 40
_PREFIX_COST: Final = 2


class PatternStep(NamedTuple):
    """One place in a pattern: the words that may stand there."""

    exact: frozenset[str]
    prefixes: tuple[str, ...]
    between: int = 0  #: other words allowed in front of it

    @property
    def is_adjacent(self) -> bool:
        """Whether one of a few whole words must stand right beside the step before."""
        return not self.between and not self.prefixes

    @property
    def cost(self) -> int:
        """How often a text can be expected to hold one of the words, roughly."""
        common, commonest = len(self.exact & _COMMON), len(self.exact & _COMMONEST)
        rest = len(self.exact) - common + _PREFIX_COST * len(self.prefixes)
        return rest + _COMMON_COST * (common - commonest) + _COMMONEST_COST * commonest


@dataclass(frozen=True, slots=True, eq=False)
class CompiledPattern:
    """A pattern as it is tried where its rarest word was found."""

    name: int  #: its number
    sign: str  #: that the text must hold; empty where it need not hold any
    before: tuple[PatternStep, ...]  #: backwards, with the gaps as seen from there
    behind: tuple[PatternStep, ...]
    first: int = 0  #: of the words known to fit, as seen from the rarest
    last: int = 0

    def match_at(self, words: Sequence[str], at: int) -> WordRange | None:
        """Return the shortest range around the rarest word at `at` that fits; None for none."""
        start: int | None = at + self.first
        end: int | None = at + self.last
        if self.before:
            start = _match_steps(self.before, words, at + self.first, -1)
        if self.behind and start is not None:
            end = _match_steps(self.behind, words, at + self.last, 1)
        return None if start is None or end is None else (start, end + 1)


def compile_pattern(
    name: int, steps: Sequence[PatternStep], sign: str = ""
) -> tuple[PatternStep, CompiledPattern]:
    """Return the rarest of the steps, and the pattern that waits for it."""
    at = min(range(len(steps)), key=lambda place: steps[place].cost)
    # Backwards, the gap in front of a word belongs to the word before it.
    before = tuple(
        PatternStep(steps[place].exact, steps[place].prefixes, steps[place + 1].between)
        for place in reversed(range(at))
    )
    return steps[at], CompiledPattern(name, sign, before, tuple(steps[at + 1 :]))


class _WaitingPattern(NamedTuple):
    """A pattern, and what tells without trying it that it cannot fit."""

    name: int
    sign: str  #: that the text must hold
    needed: frozenset[str]  #: of which one must stand between these two; empty for no such words
    start: int  #: from the rarest word
    stop: int
    pattern: CompiledPattern


class _WordBucket(NamedTuple):
    """What waits for one word, sorted by what must stand beside it or near it."""

    other: tuple[_WaitingPattern, ...]
    far: tuple[_WaitingPattern, ...]  #: those of `other` that need no word near it
    near: frozenset[str]  #: of which all others need one
    back: int  #: how far in front of it, in words
    ahead: int  #: how far behind it, in words
    #: by the word behind, which is known to fit
    next: Mapping[str, tuple[_WaitingPattern, ...]]
    #: by the word in front, which is known to fit
    previous: Mapping[str, tuple[_WaitingPattern, ...]]
    names: frozenset[int]  #: of all of them


#: Where patterns fit, by the number of their name.
FoundRanges = dict[int, list[WordRange]]


class PatternIndex:
    """Finds patterns in texts, by their rarest words.

    Nothing that can be seen changes after construction, so one instance serves all threads.
    """

    __slots__ = ("_buckets", "_exact", "_longest", "_prefixes")

    def __init__(self, patterns: Iterable[tuple[PatternStep, CompiledPattern]]) -> None:
        """Take patterns, each with the step that holds its rarest word."""
        self._exact: dict[str, list[CompiledPattern]] = {}
        self._prefixes: dict[str, list[CompiledPattern]] = {}
        for rarest, one in patterns:
            for word in rarest.exact:
                self._exact.setdefault(word, []).append(one)
            for prefix in rarest.prefixes:
                self._prefixes.setdefault(prefix, []).append(one)
        self._longest = max(map(len, self._prefixes), default=0)
        self._buckets = TokenCache(self._bucket_for_word)

    def _bucket_for_word(self, word: str) -> _WordBucket | None:
        """Return what waits for `word`, exactly or by its beginning; None where nothing does."""
        beginnings = (
            word[:length] for length in range(SHORTEST_PREFIX, min(len(word), self._longest) + 1)
        )
        found = [
            *self._exact.get(word, ()),
            *(one for part in beginnings for one in self._prefixes.get(part, ())),
        ]
        return _build_bucket(dict.fromkeys(found)) if found else None

    def find_patterns(
        self, words: Sequence[str], text: str, names: Collection[int] | None = None
    ) -> FoundRanges:
        """Return where the words of `text` fit patterns, of all names or of `names`.

        At most MOST_FOUND places of one name. `words` are the text's normalised words, in order.
        """
        words = [*words, ""]  # beside the first word and the last stands an empty one
        buckets = list(map(self._buckets.__getitem__, words))
        places: FoundRanges = {}
        for at, bucket in compress(enumerate(buckets), buckets):
            if bucket is None or (names is not None and bucket.names.isdisjoint(names)):
                continue
            # What the word does not rule out together with those around it; a function of its own
            # would take as long.
            other, candidates, near, back, ahead, following, preceding, _ = bucket
            if near and not near.isdisjoint(words[at - back if at > back else 0 : at + ahead + 1]):
                candidates = other
            if following:
                candidates += following.get(words[at + 1], ())
            if preceding:
                candidates += preceding.get(words[at - 1], ())
            for name, sign, needed, start, stop, one in candidates:
                around = words[at + start if at > -start else 0 : at + stop]
                if needed and needed.isdisjoint(around):
                    continue
                if (sign and sign not in text) or (names is not None and name not in names):
                    continue
                known = places.get(name)
                if known is None:
                    if place := one.match_at(words, at):
                        places[name] = [place]
                elif len(known) < MOST_FOUND and (place := one.match_at(words, at)):
                    known.append(place)
        return places


def _await_pattern(one: CompiledPattern) -> _WaitingPattern:
    """Return the pattern with the words of the first step that is told without trying it."""
    if one.behind and not one.behind[0].prefixes:
        step, start = one.behind[0], one.last + 1
        return _WaitingPattern(one.name, one.sign, step.exact, start, start + step.between + 1, one)
    if one.before and not one.before[0].prefixes:
        step, stop = one.before[0], one.first
        return _WaitingPattern(one.name, one.sign, step.exact, stop - step.between - 1, stop, one)
    return _WaitingPattern(one.name, one.sign, frozenset(), 0, 0, one)


def _build_bucket(patterns: Collection[CompiledPattern]) -> _WordBucket:
    """Sort the patterns that wait for one word by what must stand beside it or near it."""
    other: list[CompiledPattern] = []
    behind: dict[str, list[CompiledPattern]] = {}
    in_front: dict[str, list[CompiledPattern]] = {}
    for one in patterns:
        if one.behind and one.behind[0].is_adjacent:
            rest = replace(one, behind=one.behind[1:], last=1)
            for word in one.behind[0].exact:
                behind.setdefault(word, []).append(rest)
        elif one.before and one.before[0].is_adjacent:
            rest = replace(one, before=one.before[1:], first=-1)
            for word in one.before[0].exact:
                in_front.setdefault(word, []).append(rest)
        else:
            other.append(one)
    far: list[CompiledPattern] = []
    steps_ahead: list[PatternStep] = []
    steps_back: list[PatternStep] = []
    for one in other:
        if one.behind and not one.behind[0].prefixes:
            steps_ahead.append(one.behind[0])
        elif one.before and not one.before[0].prefixes:
            steps_back.append(one.before[0])
        else:
            far.append(one)
    return _WordBucket(
        other=tuple(map(_await_pattern, other)),
        far=tuple(map(_await_pattern, far)),
        near=frozenset().union(*[step.exact for step in chain(steps_ahead, steps_back)]),
        back=max([step.between + 1 for step in steps_back], default=0),
        ahead=max([step.between + 1 for step in steps_ahead], default=0),
        next={word: tuple(map(_await_pattern, rest)) for word, rest in behind.items()},
        previous={word: tuple(map(_await_pattern, rest)) for word, rest in in_front.items()},
        names=frozenset([one.name for one in patterns]),
    )


def _match_steps(
    steps: Sequence[PatternStep], words: Sequence[str], at: int, direction: int
) -> int | None:
    """Return where the last step is first reached from `at`; None where a step cannot be.

    `direction` is 1 forwards and -1 backwards. The pattern bounds the time, whatever the text.
    """
    reached = [at]  # in order
    for exact, prefixes, between in steps:
        if direction > 0:
            first = reached[0] + 1
            around = words[first : reached[-1] + between + 2]
        else:
            first = max(0, reached[0] - between - 1)
            around = words[first : reached[-1]]
        if prefixes:
            fitting = [
                place
                for place, word in enumerate(around, first)
                if word in exact or word.startswith(prefixes)
            ]
        elif exact.isdisjoint(around):
            return None
        else:
            fitting = [place for place, word in enumerate(around, first) if word in exact]
        if len(reached) > 1:
            near = {
                place + direction * distance
                for place in reached
                for distance in range(1, between + 2)
            }
            fitting = [place for place in fitting if place in near]
        if not fitting:
            return None
        reached = fitting
    return reached[0] if direction > 0 else reached[-1]
