"""Patterns: what to look for in the words of a text, written so that a manager can read it, found in one pass.

A pattern stands in one sentence. It is made of words as `monitor.words` reads them, side by side and in order:

    charged twice            these words
    charg* twice|again       any word that begins so; one or another word
    charged ~3 twice         up to three other words between
    smoke NEAR/4 battery     in either order, at most four words from one to the other

Patterns with one name stand in a table:

    any = [...]      patterns, one of which must be found
    unless = [...]   patterns that undo a finding which they overlap: "no crash*" undoes "crash"
    sign = "?"       a character that must end the sentence in which it was found

Every pattern waits for its rarest word. A text without any of these words costs one look-up for each of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Annotated, Any, Final, NamedTuple, TypeVar

from pydantic import Field

from monitor.config import validate
from monitor.errors import ConfigError, Problem
from monitor.settings import Section
from monitor.words import spans
from monitor.words import words as words_of

MOST_SHOWN: Final = 3  #: places in the text that one name shows
MOST_PATTERNS: Final = 500  #: in one list
MOST_STEPS: Final = 12  #: words of a pattern, one behind the other
MOST_BETWEEN: Final = 20  #: other words between two
SHORTEST_PREFIX: Final = 3  #: letters before a *
_MOST_FOUND: Final = 30  # places of one name that are looked at
_LISTS: Final = frozenset({"any", "unless", "signals"})

#: The first word and the one behind the last, by number.
Place = tuple[int, int]

_SENTENCE_END: Final = re.compile(r"[.!?…]++|[。！？]|\n{2,}")
_QUOTES: Final = "\"')]”’"
_BETWEEN: Final = re.compile(r"~(\d{1,3})")
_NEAR: Final = re.compile(r"NEAR/(\d{1,3})")
_MEMO_SIZE: Final = 1 << 15  # tokens
_MEMO_TOKEN: Final = 40  # characters
#: Words that patterns should not wait for, because nearly every text holds one.
_COMMON: Final = frozenset(
    words_of(
        "a about after again all also always am an and any app are as at back be because been before being "
        "but by can can't could did didn't do does doesn't don't even every everything for from get give go "
        "going good got great had has have he help her how i i'm if in is it just know like love make me more "
        "much my need never new no not now of on one only or our out over people please really she should so "
        "some still than thank that the their them then there these they this time to too try trying u up us "
        "use used using very want was way we well were what when where which who why will with won't work "
        "works would you your"
    )
)
_COMMONEST: Final = frozenset(words_of("a and for i in is it my of on that the this to was with you"))
_COMMON_COST, _COMMONEST_COST = 10, 40
_PREFIX_COST: Final = 2


@dataclass(frozen=True, slots=True)
class _Step:
    """One place in a pattern: the words that may stand there."""

    exact: frozenset[str]
    prefixes: tuple[str, ...]
    between: int = 0  #: other words allowed in front of it

    @property
    def beside(self) -> bool:
        """Whether one of a few whole words must stand right beside the step before."""
        return not self.between and not self.prefixes

    def fits(self, word: str) -> bool:
        return word in self.exact or (bool(self.prefixes) and word.startswith(self.prefixes))

    @property
    def cost(self) -> int:
        """How often a text can be expected to hold one of the words, roughly."""
        common, commonest = len(self.exact & _COMMON), len(self.exact & _COMMONEST)
        rest = len(self.exact) - common + _PREFIX_COST * len(self.prefixes)
        return rest + _COMMON_COST * (common - commonest) + _COMMONEST_COST * commonest


@dataclass(frozen=True, slots=True, eq=False)
class _Pattern:
    name: str
    undoes: bool
    before: tuple[_Step, ...]  #: from the rarest word backwards, with the gaps as seen from there
    rarest: _Step
    behind: tuple[_Step, ...]

    def found(self, words: Sequence[str], at: int) -> Place | None:
        """The shortest stretch of words around the rarest at `at` that the pattern fits."""
        start = _walk(self.before, words, at, -1)
        end = _walk(self.behind, words, at, 1) if start is not None else None
        return None if start is None or end is None else (start, end + 1)


class Table(Section):
    """The patterns of one name as written."""

    about: Annotated[str, Field(max_length=500)] = ""
    any: Annotated[tuple[str, ...], Field(max_length=MOST_PATTERNS)] = ()
    unless: Annotated[tuple[str, ...], Field(max_length=MOST_PATTERNS)] = ()
    sign: Annotated[str, Field(max_length=1)] = ""
    off: bool = False  #: in a file of one's own: not looked for
    replace: bool = False  #: in a file of one's own: the shipped patterns do not count


TableT = TypeVar("TableT", bound=Table)


class Patterns:
    """Finds named patterns in texts.

    Nothing that can be seen changes after construction, so one instance serves all threads.
    """

    __slots__ = ("_compiled", "_names", "_rank", "_signed", "_signs", "_undoing", "_waiting")

    def __init__(self, tables: Mapping[str, Table], file: str = "patterns") -> None:
        """Compile tables by name; `file` names them in mistakes. Raises ConfigError with all of them."""
        signs = {name: table.sign for name, table in tables.items() if table.sign}
        self._prepare(tuple(tables), signs, _patterns(tables, file))

    def _prepare(self, names: tuple[str, ...], signs: dict[str, str], compiled: list[_Pattern]) -> None:
        self._names, self._signs, self._compiled = names, signs, compiled
        self._rank = {name: rank for rank, name in enumerate(names)}
        finding = [pattern for pattern in compiled if not pattern.undoes]
        self._waiting = _Waiting(pattern for pattern in finding if pattern.name not in signs)
        self._signed = {
            sign: _Waiting(pattern for pattern in finding if signs.get(pattern.name) == sign)
            for sign in dict.fromkeys(signs.values())
        }
        self._undoing = _Waiting(pattern for pattern in compiled if pattern.undoes)

    def __or__(self, other: Patterns) -> Patterns:
        """Both, found in one pass; a name belongs to one of them."""
        both = Patterns({})
        both._prepare((*self._names, *other._names), self._signs | other._signs, [*self._compiled, *other._compiled])
        return both

    def find(self, text: str, words: str, tokens: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
        """What is in `text`, by name, in the order of the tables, each with the customer's own words.

        `words` are the text's normalised words, one space between them, `tokens` the same for callers that have them
        split. Raises ValueError where they are those of another text.
        """
        tokens = tokens or words.split(" ")
        found = _places(tokens, self._waiting)
        for sign, waiting in self._signed.items():
            if sign in text:
                found |= _places(tokens, waiting)
        if not found:
            return {}
        undone = _places(tokens, self._undoing, found)
        written = _Written.of(text, max(end for places in chain(found.values(), undone.values()) for _, end in places))
        shown = {}
        for name in sorted(found, key=self._rank.__getitem__):
            sign = self._signs.get(name, "")
            places = [place for place in found[name] if written.together(place, sign)]
            exceptions = [place for place in undone.get(name, ()) if written.together(place)] if places else []
            if kept := _kept(places, exceptions):
                shown[name] = written.own_words(kept)
        return shown


class _Bucket(NamedTuple):
    """The patterns that wait for one word, sorted by what must stand beside it."""

    next: Mapping[str, tuple[_Pattern, ...]]  #: by the word behind
    previous: Mapping[str, tuple[_Pattern, ...]]  #: by the word in front
    other: tuple[_Pattern, ...]


class _Waiting(dict[str, _Bucket | None]):
    """Word to the patterns that wait for it; what is remembered goes when there is too much of it."""

    def __init__(self, patterns: Iterable[_Pattern]) -> None:
        super().__init__()
        self._exact: dict[str, list[_Pattern]] = {}
        self._prefixes: dict[str, list[_Pattern]] = {}
        for pattern in patterns:
            for word in pattern.rarest.exact:
                self._exact.setdefault(word, []).append(pattern)
            for prefix in pattern.rarest.prefixes:
                self._prefixes.setdefault(prefix, []).append(pattern)
        self._longest = max(map(len, self._prefixes), default=0)

    def __missing__(self, word: str) -> _Bucket | None:
        beginnings = (word[:length] for length in range(SHORTEST_PREFIX, min(len(word), self._longest) + 1))
        found = [*self._exact.get(word, ()), *(p for part in beginnings for p in self._prefixes.get(part, ()))]
        bucket = _bucket(dict.fromkeys(found)) if found else None
        if len(word) <= _MEMO_TOKEN:
            if len(self) >= _MEMO_SIZE:
                self.clear()
            self[word] = bucket
        return bucket


def _bucket(patterns: Iterable[_Pattern]) -> _Bucket:
    behind: dict[str, list[_Pattern]] = {}
    in_front: dict[str, list[_Pattern]] = {}
    other = []
    for pattern in patterns:
        if pattern.behind and pattern.behind[0].beside:
            for word in pattern.behind[0].exact:
                behind.setdefault(word, []).append(pattern)
        elif pattern.before and pattern.before[0].beside:
            for word in pattern.before[0].exact:
                in_front.setdefault(word, []).append(pattern)
        else:
            other.append(pattern)
    return _Bucket(_fixed(behind), _fixed(in_front), tuple(other))


def _fixed(lists: Mapping[str, list[_Pattern]]) -> dict[str, tuple[_Pattern, ...]]:
    return {word: tuple(patterns) for word, patterns in lists.items()}


@dataclass(frozen=True, slots=True)
class _Written:
    """A text as the customer wrote it, by the places of its words."""

    text: str
    spans: Sequence[Place]

    @classmethod
    def of(cls, text: str, most: int) -> _Written:
        """The text up to so many words; ValueError where it has fewer."""
        places = spans(text, most)
        if len(places) < most:
            raise ValueError("the words must be those of the text, as monitor.words.joined gives them")
        return cls(text, places)

    def together(self, place: Place, sign: str = "") -> bool:
        """Whether the words stand in one sentence, which ends with `sign`."""
        first, last = self.spans[place[0]][1], self.spans[place[1] - 1][1]
        if place[1] - place[0] > 1 and any(_ends(self.text, first, last)):
            return False
        return not sign or sign in next(_ends(self.text, last), "")

    def own_words(self, places: Iterable[Place]) -> tuple[str, ...]:
        """What stands at the first places, each wording once."""
        shown: dict[str, str] = {}
        for start, end in places:
            words = " ".join(self.text[self.spans[start][0] : self.spans[end - 1][1]].split())
            shown.setdefault(words.casefold(), words)
        return tuple(shown.values())[:MOST_SHOWN]


def _ends(text: str, start: int, end: int | None = None) -> Iterator[str]:
    """The punctuation, or the empty line, that ends each sentence between two places; "v1.2" holds only a point."""
    for found in _SENTENCE_END.finditer(text, start, len(text) if end is None else end):
        behind = text[found.end() : found.end() + 1]
        if not behind or behind.isspace() or behind in _QUOTES or found.group()[0] not in ".…":
            yield found.group()


def _places(tokens: Sequence[str], waiting: _Waiting, names: Container[str] | None = None) -> dict[str, list[Place]]:
    """Where the patterns fit, by name; of all names, or of these."""
    found: dict[str, list[Place]] = {}
    buckets = list(map(waiting.__getitem__, tokens))
    if not any(buckets):
        return found
    for at, bucket in [(at, bucket) for at, bucket in enumerate(buckets) if bucket]:
        for pattern in _candidates(bucket, tokens, at):
            if names is not None and pattern.name not in names:
                continue
            if len(found.get(pattern.name, ())) < _MOST_FOUND and (place := pattern.found(tokens, at)):
                found.setdefault(pattern.name, []).append(place)
    return found


def _candidates(bucket: _Bucket, tokens: Sequence[str], at: int) -> tuple[_Pattern, ...]:
    """The patterns that the word at `at` does not rule out together with its neighbours."""
    candidates = bucket.other
    if bucket.next and at + 1 < len(tokens):
        candidates += bucket.next.get(tokens[at + 1], ())
    if bucket.previous and at:
        candidates += bucket.previous.get(tokens[at - 1], ())
    return candidates


def _walk(steps: Sequence[_Step], words: Sequence[str], at: int, way: int) -> int | None:
    """Where the last step is first reached from `at`; in time that the pattern bounds, whatever the text."""
    reached = [at]
    for step in steps:
        if step.between:
            first, last, reach = min(reached), max(reached), step.between + 1
            around = words[first + 1 : last + reach + 1] if way > 0 else words[max(0, first - reach) : last]
            if not step.prefixes and step.exact.isdisjoint(around):
                return None
            near = {place + way * distance for place in reached for distance in range(1, reach + 1)}
        else:
            near = {place + way for place in reached}
        reached = [place for place in near if 0 <= place < len(words) and step.fits(words[place])]
        if not reached:
            return None
    return min(reached) if way > 0 else max(reached)


def _kept(found: Iterable[Place], undone: Sequence[Place]) -> list[Place]:
    """The places that nothing undoes, in order and without those that overlap an earlier one."""
    kept: list[Place] = []
    for start, end in sorted(found):
        if kept and start < kept[-1][1]:
            continue
        if not any(start < other_end and other_start < end for other_start, other_end in undone):
            kept.append((start, end))
    return kept


def layered(shipped: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The shipped tables with one's own added to them, in their place, or in addition."""
    tables = dict(shipped)
    for name, table in own.items():
        under = {} if table.get("replace") else shipped.get(name, {})
        lists = {key: [*under.get(key, ()), *table[key]] for key in table.keys() & _LISTS}
        tables[name] = {**under, **table, **lists}
    return tables


def checked(
    tables: Mapping[str, Any], file: str, model: type[TableT], mistake: Callable[[str], str]
) -> tuple[dict[str, TableT], list[Problem]]:
    """The tables that are switched on, by name, and every mistake; `mistake` says what is wrong with a name."""
    found: dict[str, TableT] = {}
    problems: list[Problem] = []
    for name, values in tables.items():
        where = f"{file}: {name}"
        if wrong := mistake(name):
            problems.append(Problem(where, wrong))
        elif not isinstance(values, dict):
            problems.append(Problem(where, f"write it as a table headed [{name}]"))
        else:
            table, wrongs = validate(model, values, f"{where}.")
            problems += wrongs
            found.update({name: table} if table and not table.off else {})
    return found, problems


def _patterns(tables: Mapping[str, Table], file: str) -> list[_Pattern]:
    patterns: list[_Pattern] = []
    problems: list[Problem] = []
    for name, table in tables.items():
        for key, written in (("any", table.any), ("unless", table.unless)):
            for at, pattern in enumerate(written):
                try:
                    patterns += [_compiled(name, key == "unless", steps) for steps in read(pattern)]
                except ValueError as error:
                    problems.append(Problem(f"{file}: {name}.{key}[{at}]", str(error)))
    if problems:
        raise ConfigError(problems)
    return patterns


def _compiled(name: str, undoes: bool, steps: Sequence[_Step]) -> _Pattern:
    at = min(range(len(steps)), key=lambda place: steps[place].cost)
    # Backwards, the gap in front of a word belongs to the word before it.
    before = tuple(
        _Step(steps[place].exact, steps[place].prefixes, steps[place + 1].between) for place in reversed(range(at))
    )
    return _Pattern(name, undoes, before, steps[at], tuple(steps[at + 1 :]))


def read(pattern: str) -> list[list[_Step]]:
    """The sequences that a written pattern stands for: two for NEAR, else one. ValueError says what is wrong."""
    parts = pattern.split()
    near = [at for at, part in enumerate(parts) if part.upper().startswith("NEAR/")]
    if not near:
        return [_steps(parts)]
    distance = _NEAR.fullmatch(parts[near[0]])
    if len(near) > 1 or not distance or not 1 <= int(distance[1]) <= MOST_BETWEEN:
        raise ValueError(f"write NEAR/n once, with n from 1 to {MOST_BETWEEN}")
    left, right = parts[: near[0]], parts[near[0] + 1 :]
    between = f"~{int(distance[1]) - 1}"
    if not left or not right:
        raise ValueError(f"a word is missing beside {parts[near[0]]}")
    return [_steps([*left, between, *right]), _steps([*right, between, *left])]


def _steps(parts: Sequence[str]) -> list[_Step]:
    steps: list[_Step] = []
    between: int | None = None
    for part in parts:
        if gap := _BETWEEN.fullmatch(part):
            if between is not None or not steps or int(gap[1]) > MOST_BETWEEN:
                raise ValueError(f"{part} must stand between two words, with a number up to {MOST_BETWEEN}")
            between = int(gap[1])
        else:
            steps.append(_step(part, between or 0))
            between = None
    if between is not None or not steps:
        raise ValueError("a word is missing at the end" if steps else "the pattern is empty")
    if len(steps) > MOST_STEPS:
        raise ValueError(f"{len(steps)} words; at most {MOST_STEPS} are allowed")
    return steps


def _step(written: str, between: int) -> _Step:
    exact: set[str] = set()
    prefixes: list[str] = []
    for choice in written.split("|"):
        word = _word(choice.removesuffix("*"), choice)
        if not choice.endswith("*"):
            exact |= {word, word.replace("'", "")}  # many write "cant"
        elif len(word) < SHORTEST_PREFIX:
            raise ValueError(f"{choice!r} is too short; at least {SHORTEST_PREFIX} letters are needed before *")
        else:
            prefixes.append(word)
    return _Step(frozenset(exact), tuple(prefixes), between)


def _word(written: str, choice: str) -> str:
    found = words_of(written)
    if len(found) != 1 or not found[0].replace("'", "").isalnum():
        raise ValueError(
            f"{choice!r} is not one word; write letters and digits, | between words to choose from, * at the end"
        )
    return found[0]
