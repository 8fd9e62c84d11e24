"""Phrases of one to three words, counted by the people who write them.

What is counted is an author once a period: somebody who writes ten times in a week is one, and so
are near copies of one text. Each source is compared with itself, so that a source that grows or is
new brings no themes of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from typing import Final, cast

import numpy as np
import regex
from numpy.typing import NDArray

from monitor.digest.near_texts import find_originals
from monitor.digest.phrase_ends import (
    FUNCTION_WORDS,
    may_begin,
    may_end,
    may_stand_alone,
    remove_signature,
)
from monitor.domain.theme import TextsRead, ThemeText

#: Texts that are read of the period and of the weeks before; of more, these many by chance.
MOST_NOW: Final = 2_000
MOST_BEFORE: Final = 8_000
#: Words that are read of a text.
MOST_WORDS: Final = 200
#: Authors that a phrase needs, now or, to fade, expected now.
FEWEST_AUTHORS: Final = 5

_LONGEST: Final = 3
#: A phrase that so many authors of a source have always used is part of a form or signature there.
_BOILERPLATE: Final = 0.6
#: So many all at once are a new form: people who tell of one thing never agree as much.
_NEW_BOILERPLATE: Final = 0.9
_FEWEST_FOR_BOILERPLATE: Final = 20
_UNSPACED = regex.compile(
    r"(?<=[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]) "
    r"(?=[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])"
)

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ReadTexts:
    """The texts that are read, as arrays; `unit` is an author in one period."""

    texts: tuple[ThemeText, ...]  #: oldest first
    is_now: NDArray[np.bool_]  #: of each text
    unit: Numbers  #: of each text
    unit_is_now: NDArray[np.bool_]
    unit_source: Numbers
    unit_expects: Floats  #: authors now for each before, in its source
    unit_chance: Floats  #: share of the authors of its source that are of now
    words: Numbers  #: of all texts, in their ground form
    written: Numbers  #: the same, as they are written
    text_of_word: Numbers
    vocabulary: tuple[str, ...]
    now: TextsRead
    before: TextsRead


@dataclass(frozen=True, slots=True)
class PhraseCounts:
    """The phrases that enough people use; parallel arrays, and by phrase where it stands."""

    read: ReadTexts
    lengths: Numbers
    now: Numbers  #: authors
    before: Numbers  #: authors, once a period
    expected: Floats  #: authors now, had each source gone on as before
    chance: Floats  #: with which an author of the phrase is of now, had nothing changed
    units: tuple[Numbers, ...]
    places: tuple[Numbers, ...]  #: of the first word, in `read.words`

    def texts_of(self, phrase: int) -> Numbers:
        """Return the texts that hold a phrase, oldest first."""
        return cast("Numbers", np.unique(self.read.text_of_word[self.places[phrase]]))

    def writings_of(self, phrase: int) -> list[str]:
        """Return the ways in which a phrase is written, the most frequent first."""
        length = int(self.lengths[phrase])
        rows = self.places[phrase][:, None] + np.arange(length)
        found = Counter(map(tuple, self.read.written[rows].tolist()))
        by_count = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return [" ".join(self.read.vocabulary[word] for word in words) for words, _ in by_count]


def choose_sample(ids: Sequence[int], most: int) -> list[int]:
    """Return at most `most` of the ids, in their order; the same ones on every machine.

    An id that is chosen among many is chosen among fewer too (bottom-k sampling by SplitMix64,
    Steele et al. 2014, https://doi.org/10.1145/2660193.2660195).
    """
    if len(ids) <= most:
        return list(ids)
    mixed = np.array(ids, np.int64).astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    chosen = np.sort(np.argsort(mixed, kind="stable")[:most])
    return [ids[place] for place in chosen.tolist()]


def format_phrase(words: str) -> str:
    """Return normalised words for people: scripts without spaces get none."""
    return _UNSPACED.sub("", words)


def read_texts(
    texts: Sequence[ThemeText],
    since: datetime,
    until: datetime,
    totals: tuple[int, int] | None = None,
) -> ReadTexts:
    """Return the texts as arrays: those of the period from `since` to `until` and those before it.

    Texts without words and from `until` on are left out, and of more than are read some by chance.
    `totals` says of how many the texts of the period and those before were chosen already; None: of
    themselves.
    """
    own = {text.feedback_id: text for text in texts if text.at < until and text.words.strip()}
    late = [number for number, text in own.items() if text.at >= since]
    early = [number for number, text in own.items() if text.at < since]
    chosen = choose_sample(early, MOST_BEFORE) + choose_sample(late, MOST_NOW)
    kept = sorted((own[number] for number in chosen), key=lambda text: (text.at, text.feedback_id))
    span = (until - since).total_seconds()
    ages = [(since - text.at).total_seconds() for text in kept]
    blocks = np.array([0 if age <= 0 else 1 + int(age // span) for age in ages], np.int64)
    return arrange_texts(kept, blocks, totals or (len(late), len(early)))


def arrange_texts(
    texts: Sequence[ThemeText], blocks: Numbers, totals: tuple[int, int]
) -> ReadTexts:
    """Return texts as arrays; an author counts once in each block, and block 0 is now."""
    split = [remove_signature(text.words).split(" ", MOST_WORDS)[:MOST_WORDS] for text in texts]
    lengths = np.array([len(words) for words in split], np.int64)
    written, vocabulary = _number_words(split)
    ground = _find_ground_forms(vocabulary)[written]
    unit, first = _find_units(texts, blocks, find_originals(ground, np.cumsum(lengths) - lengths))
    is_now = blocks == 0
    sources = _number_values([texts[place].source_id for place in first])
    expects, chance = _compare_sources(sources, is_now[first])
    authors_now = int(is_now[first].sum())
    return ReadTexts(
        texts=tuple(texts),
        is_now=is_now,
        unit=unit,
        unit_is_now=is_now[first],
        unit_source=sources,
        unit_expects=expects,
        unit_chance=chance,
        words=ground,
        written=written,
        text_of_word=np.repeat(np.arange(len(texts)), lengths),
        vocabulary=tuple(vocabulary),
        now=TextsRead(read=int(is_now.sum()), total=totals[0], authors=authors_now),
        before=TextsRead(
            read=int((~is_now).sum()), total=totals[1], authors=len(first) - authors_now
        ),
    )


def count_phrases(read: ReadTexts, fewest: int = FEWEST_AUTHORS) -> PhraseCounts:
    """Return the phrases that at least `fewest` authors use now, or were expected to.

    A longer phrase is looked for only where its parts are frequent enough (Agrawal and Srikant
    1994).
    """
    parts = _WordParts.from_vocabulary(read.vocabulary)
    places = np.arange(len(read.words))
    numbers = read.words  # of the phrase that begins at each place
    found: list[_Level] = []
    for length in range(1, _LONGEST + 1):
        frequent = _is_frequent(read, numbers, places, fewest)
        places, numbers = places[frequent], numbers[frequent]
        level = _Level(length, numbers, places, _is_boilerplate(read, numbers, places))
        found.append(level.keep(parts.are_phrases(read.words, places, length) | level.form))
        places, numbers = _lengthen_phrases(read, places, numbers, length)
    return _collect_phrases(read, found, fewest)


@dataclass(frozen=True, slots=True)
class _Level:
    """Phrases of one length, place by place."""

    length: int
    numbers: Numbers
    places: Numbers
    form: NDArray[np.bool_]  #: whether it belongs to a form or signature of its source

    def keep(self, chosen: NDArray[np.bool_]) -> _Level:
        """Return some of the places."""
        return _Level(self.length, self.numbers[chosen], self.places[chosen], self.form[chosen])

    def is_on(self, words: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return for each place whether one of the marked words is in the phrase."""
        found = words[self.places]
        for offset in range(1, self.length):
            found = found | words[self.places + offset]
        return found


def _number_words(split: Sequence[Sequence[str]]) -> tuple[Numbers, list[str]]:
    known: defaultdict[str, int] = defaultdict(count().__next__)
    words = np.fromiter(map(known.__getitem__, chain.from_iterable(split)), np.int64)
    return words, list(known)


def _number_values(values: Sequence[str]) -> Numbers:
    known: dict[str, int] = {}
    return np.array([known.setdefault(value, len(known)) for value in values], np.int64)


def _find_ground_forms(vocabulary: Sequence[str]) -> Numbers:
    """Return for each word the number of its ground form, where that is a word of the texts too."""
    numbers = {word: number for number, word in enumerate(vocabulary)}
    ground = []
    for number, word in enumerate(vocabulary):
        form = next((form for form in _shorten_word(word) if form in numbers), word)
        ground.append(number if form in FUNCTION_WORDS else numbers[form])
    return np.array(ground, np.int64)


def _shorten_word(word: str) -> list[str]:
    """Return what an English word may be a form of, the likeliest first; never under 4 letters."""
    stem = ""
    forms: list[str] = []
    if word.endswith("ies"):
        forms = [word[:-3] + "y"]
    elif word.endswith("s") and not word.endswith("ss"):
        forms = [word[:-1], *([word[:-2]] if word.endswith("es") else [])]
    elif word.endswith("ed"):
        stem = word[:-2]
    elif word.endswith("ing"):
        stem = word[:-3]
    if len(stem) > 2:
        undoubled = [stem[:-1]] if stem[-1] == stem[-2] else []
        forms = [f"{stem}e", stem, *undoubled]
    return [form for form in forms if len(form) >= 4]


def _find_units(
    texts: Sequence[ThemeText], blocks: Numbers, originals: Numbers
) -> tuple[Numbers, list[int]]:
    """Return for each text its author in its period, and for each such unit its first text."""
    known: dict[tuple[int, str | int], int] = {}
    first: list[int] = []
    units = []
    for place, (block, original) in enumerate(
        zip(blocks.tolist(), originals.tolist(), strict=True)
    ):
        key = (block, texts[original].author or original)
        if key not in known:
            known[key] = len(first)
            first.append(place)
        units.append(known[key])
    return np.array(units, np.int64), first


def _compare_sources(sources: Numbers, is_now: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return for each unit how many authors now stand for one before, and the share of now."""
    now = np.bincount(sources, weights=is_now).astype(float)
    before = np.bincount(sources, weights=~is_now).astype(float)
    expects = np.divide(now, before, out=np.zeros_like(now), where=before > 0)
    return np.where(is_now, 0.0, expects[sources]), (now / np.maximum(now + before, 1))[sources]


def _is_frequent(
    read: ReadTexts, numbers: Numbers, places: Numbers, fewest: int
) -> NDArray[np.bool_]:
    """Return for each place whether enough authors use the phrase that begins there."""
    if not len(numbers):
        return np.empty(0, np.bool_)
    phrases, units = _distinct_pairs(read, numbers, places)
    now = np.bincount(phrases, weights=read.unit_is_now[units])
    expected = np.bincount(phrases, weights=read.unit_expects[units])
    return ((now >= fewest) | (expected >= fewest))[numbers]


def _distinct_pairs(read: ReadTexts, numbers: Numbers, places: Numbers) -> tuple[Numbers, Numbers]:
    """Return each phrase with each of its units, once."""
    units = len(read.unit_is_now)
    keys = np.sort(numbers * units + read.unit[read.text_of_word[places]])
    return np.divmod(keys[np.append(True, keys[1:] != keys[:-1])], units)


@dataclass(frozen=True, slots=True)
class _WordParts:
    """What each word of a vocabulary can be in a phrase."""

    alone: NDArray[np.bool_]
    begins: NDArray[np.bool_]
    ends: NDArray[np.bool_]
    numbers: NDArray[np.bool_]

    @classmethod
    def from_vocabulary(cls, vocabulary: Sequence[str]) -> _WordParts:
        return cls(
            np.array([may_stand_alone(word) for word in vocabulary], np.bool_),
            np.array([may_begin(word) for word in vocabulary], np.bool_),
            np.array([may_end(word) for word in vocabulary], np.bool_),
            np.array([word.isdigit() for word in vocabulary], np.bool_),
        )

    def are_phrases(self, words: Numbers, places: Numbers, length: int) -> NDArray[np.bool_]:
        """Return for each place whether the phrase that begins there can stand for itself."""
        first, last = words[places], words[places + length - 1]
        if length == 1:
            return self.alone[first]
        second, last_but_one = words[places + 1], words[places + length - 2]
        has_content = self.alone[first] | self.alone[second] | self.alone[last]
        counts_something = ~self.numbers[first] | self.alone[second]
        is_counted = ~self.numbers[last] | self.alone[last_but_one]
        return has_content & self.begins[first] & self.ends[last] & counts_something & is_counted


def _lengthen_phrases(
    read: ReadTexts, places: Numbers, numbers: Numbers, length: int
) -> tuple[Numbers, Numbers]:
    """Return the phrases that are one word longer, where both of their parts are frequent."""
    follows = np.zeros(len(read.words) + 1, np.bool_)
    follows[places] = True
    last = np.minimum(places + length, len(read.words) - 1)
    whole = (read.text_of_word[last] == read.text_of_word[places]) & (last == places + length)
    longer = whole & follows[places + 1]
    places, numbers = places[longer], numbers[longer]
    keys = numbers * len(read.vocabulary) + read.words[places + length]
    return places, np.unique(keys, return_inverse=True)[1].astype(np.int64)


def _collect_phrases(read: ReadTexts, found: Sequence[_Level], fewest: int) -> PhraseCounts:
    """Return the phrases of all lengths without those of forms and signatures."""
    formal = np.zeros(len(read.words), np.bool_)
    for level in found:
        if level.length > 1:  # a word that all use may stand beside words that few do
            for offset in range(level.length):
                formal[level.places[level.form] + offset] = True
    own = [level.keep(~level.form & ~level.is_on(formal)) for level in found]
    shifts = np.cumsum([0, *(int(level.numbers.max(initial=-1)) + 1 for level in own)])
    places = np.concatenate([level.places for level in own])
    lengths = np.concatenate([np.full(len(level.places), level.length) for level in own])
    shifted = [level.numbers + shift for level, shift in zip(own, shifts[:-1], strict=True)]
    _, numbers = np.unique(np.concatenate(shifted), return_inverse=True)
    frequent = _is_frequent(read, numbers, places, fewest)
    places, lengths = places[frequent], lengths[frequent]
    _, first, numbers = np.unique(numbers[frequent], return_index=True, return_inverse=True)
    if not len(numbers):
        return _no_phrases(read)
    phrases, units = _distinct_pairs(read, numbers, places)
    now = np.bincount(phrases, weights=read.unit_is_now[units])
    total = np.bincount(phrases)
    return PhraseCounts(
        read=read,
        lengths=lengths[first],
        now=now.astype(np.int64),
        before=total - now.astype(np.int64),
        expected=np.bincount(phrases, weights=read.unit_expects[units]).astype(float),
        chance=np.bincount(phrases, weights=read.unit_chance[units]) / total,
        units=_split_by_phrase(phrases, units),
        places=_split_by_phrase(numbers, places),
    )


def _is_boilerplate(read: ReadTexts, numbers: Numbers, places: Numbers) -> NDArray[np.bool_]:
    """Return for each place whether nearly all of its source use the phrase that begins there."""
    if not len(numbers):
        return np.empty(0, np.bool_)
    sources = int(read.unit_source.max()) + 1
    phrases, units = _distinct_pairs(read, numbers, places)
    keys = phrases * sources + read.unit_source[units]
    cells = (int(numbers.max()) + 1) * sources
    shares = []
    for chosen in (read.unit_is_now, ~read.unit_is_now):
        size = np.bincount(read.unit_source, weights=chosen, minlength=sources)
        enough = np.where(size >= _FEWEST_FOR_BOILERPLATE, size, np.inf)
        used = np.bincount(keys, weights=chosen[units], minlength=cells)
        shares.append(used.reshape(-1, sources) / enough)
    now, before = shares
    form = (before >= _BOILERPLATE) | (now >= _NEW_BOILERPLATE)
    of_place = read.unit_source[read.unit[read.text_of_word[places]]]
    return form[numbers, of_place]


def _split_by_phrase(phrases: Numbers, values: Numbers) -> tuple[Numbers, ...]:
    order = np.argsort(phrases, kind="stable")
    ends = np.cumsum(np.bincount(phrases))[:-1]
    return tuple(np.split(values[order], ends))


def _no_phrases(read: ReadTexts) -> PhraseCounts:
    none = np.empty(0, np.int64)
    return PhraseCounts(read, none, none, none, none.astype(float), none.astype(float), (), ())
