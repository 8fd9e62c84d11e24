"""Signals: named things that a feedback says, such as an outage or a wish to leave, with the customer's own words.

What makes a signal is written in a TOML table, one for each signal:

    any = [...]      patterns, one of which must be found
    unless = [...]   patterns that undo a finding which they overlap: "no crash*" undoes "crash"
    sign = "?"       a character that must end the sentence in which it was found

A pattern stands in one sentence. It is made of words as `monitor.words` reads them, side by side and in order:

    charged twice            these words
    charg* twice|again       any word that begins so; one or another word
    charged ~3 twice         up to three other words between
    smoke NEAR/4 battery     in either order, at most four words from one to the other

Every pattern waits for its rarest word. A text without any of these words costs one look-up for each of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field

from monitor.config import NAME, Section, read_toml, validate
from monitor.errors import ConfigError, Problem
from monitor.feedback import Signal
from monitor.words import spans
from monitor.words import words as words_of

SHIPPED: Final = Path(__file__).parent / "data" / "signals.toml"
MOST_SHOWN: Final = 3  #: places in the text that one signal names
MOST_PATTERNS: Final = 500  #: in one list
MOST_STEPS: Final = 12  #: words of a pattern, one behind the other
MOST_BETWEEN: Final = 20  #: other words between two
SHORTEST_PREFIX: Final = 3  #: letters before a *
_MOST_FOUND: Final = 30  # places of one signal that are looked at

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

    def fits(self, word: str) -> bool:
        return word in self.exact or word.startswith(self.prefixes)

    @property
    def cost(self) -> int:
        """How often a text can be expected to hold one of the words, roughly."""
        common, commonest = len(self.exact & _COMMON), len(self.exact & _COMMONEST)
        rest = len(self.exact) - common + _PREFIX_COST * len(self.prefixes)
        return rest + _COMMON_COST * (common - commonest) + _COMMONEST_COST * commonest


@dataclass(frozen=True, slots=True, eq=False)
class _Pattern:
    signal: str
    undoes: bool
    before: tuple[_Step, ...]  #: from the rarest word backwards, with the gaps as seen from there
    rarest: _Step
    behind: tuple[_Step, ...]

    def found(self, words: Sequence[str], at: int) -> Place | None:
        """The shortest stretch of words around the rarest at `at` that the pattern fits."""
        if self._misses(words, at + 1, self.behind) or self._misses(words, at - 1, self.before):
            return None
        start = _walk(self.before, words, at, -1)
        end = _walk(self.behind, words, at, 1) if start is not None else None
        return None if start is None or end is None else (start, end + 1)

    @staticmethod
    def _misses(words: Sequence[str], at: int, steps: tuple[_Step, ...]) -> bool:
        """Whether the very next word already rules the pattern out, as it mostly does."""
        if not steps or steps[0].between:
            return False
        return not (0 <= at < len(words) and steps[0].fits(words[at]))


class _Table(Section):
    """One signal as written."""

    about: Annotated[str, Field(max_length=500)] = ""
    any: Annotated[tuple[str, ...], Field(max_length=MOST_PATTERNS)] = ()
    unless: Annotated[tuple[str, ...], Field(max_length=MOST_PATTERNS)] = ()
    sign: Annotated[str, Field(max_length=1)] = ""
    off: bool = False  #: in a file of one's own: the signal is not looked for
    replace: bool = False  #: in a file of one's own: the shipped patterns do not count


class Signals:
    """Finds signals in texts.

    Nothing that can be seen changes after construction, so one instance serves all threads.
    """

    __slots__ = ("_about", "_signs", "_waiting")

    def __init__(self, tables: Mapping[str, Mapping[str, Any]], file: str = "signals.toml") -> None:
        """Compile the tables of a file; `file` names it in mistakes. Raises ConfigError with all of them."""
        checked = _checked(tables, file)
        self._about = {name: table.about for name, table in checked.items()}
        self._signs = {name: table.sign for name, table in checked.items() if table.sign}
        self._waiting = _Waiting(_patterns(checked, file))

    @classmethod
    def load(cls, own: Path | None = None) -> Signals:
        """The shipped signals, with one's own file laid over them; ConfigError with every mistake in that file."""
        shipped = read_toml(SHIPPED)
        if own is None:
            return cls(shipped, SHIPPED.name)
        tables = read_toml(own)
        cls(tables, own.name)  # names mistakes by the file that holds them
        return cls(_layered(shipped, tables), own.name)

    @property
    def about(self) -> Mapping[str, str]:
        """The signals that are looked for, and what each means."""
        return dict(self._about)

    def find(self, text: str, words: str) -> tuple[Signal, ...]:
        """The signals in `text`, in the order of the file; `words` are its normalised words, one space between them.

        Raises ValueError where `words` are those of another text.
        """
        tokens = words.split(" ")
        waiting = list(map(self._waiting.__getitem__, tokens))
        if not any(waiting):
            return ()
        found, undoing = _places(tokens, waiting)
        if not found:
            return ()
        written = _Written.of(text, tokens)
        signals = []
        for name in self._about:
            places = [place for place in found.get(name, ()) if written.together(place, self._signs.get(name, ""))]
            if places and (kept := _kept(places, [p for p in undoing(name) if written.together(p)])):
                signals.append(Signal(name, written.own_words(kept)))
        return tuple(signals)


class _Waiting(dict[str, tuple[_Pattern, ...]]):
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

    def __missing__(self, word: str) -> tuple[_Pattern, ...]:
        beginnings = (word[:length] for length in range(SHORTEST_PREFIX, min(len(word), self._longest) + 1))
        found = [*self._exact.get(word, ()), *(p for part in beginnings for p in self._prefixes.get(part, ()))]
        patterns = tuple(dict.fromkeys(found))
        if len(word) <= _MEMO_TOKEN:
            if len(self) >= _MEMO_SIZE:
                self.clear()
            self[word] = patterns
        return patterns


@dataclass(frozen=True, slots=True)
class _Written:
    """A text as the customer wrote it, by the places of its words."""

    text: str
    spans: Sequence[Place]
    sentences: Sequence[int]  #: the number of the sentence that each word stands in
    endings: Sequence[str]  #: the punctuation behind each sentence

    @classmethod
    def of(cls, text: str, tokens: Sequence[str]) -> _Written:
        places = spans(text)
        if len(places) != len(tokens):
            raise ValueError("the words must be those of the text, as monitor.words.joined gives them")
        closers = [end for end in _SENTENCE_END.finditer(text) if _closes(text, end)]
        ends = [end.start() for end in closers]
        numbers = [bisect_left(ends, end) for _, end in places]
        return cls(text, places, numbers, [*(end.group() for end in closers), ""])

    def together(self, place: Place, sign: str = "") -> bool:
        """Whether the words stand in one sentence, which ends with `sign`."""
        first, last = self.sentences[place[0]], self.sentences[place[1] - 1]
        return first == last and sign in self.endings[last]

    def own_words(self, places: Iterable[Place]) -> tuple[str, ...]:
        """What stands at the first places, each wording once."""
        shown: dict[str, str] = {}
        for start, end in places:
            words = " ".join(self.text[self.spans[start][0] : self.spans[end - 1][1]].split())
            shown.setdefault(words.casefold(), words)
        return tuple(shown.values())[:MOST_SHOWN]


def _closes(text: str, end: re.Match[str]) -> bool:
    """Whether a sentence ends there: "v1.2" and "booking.com" hold only points."""
    behind = text[end.end() : end.end() + 1]
    return not behind or behind.isspace() or behind in _QUOTES or end.group()[0] not in ".…"


def _places(
    tokens: Sequence[str], waiting: Sequence[Sequence[_Pattern]]
) -> tuple[dict[str, list[Place]], Callable[[str], list[Place]]]:
    """Where the patterns of each signal fit, and what looks up where those fit that undo a signal."""
    found: dict[str, list[Place]] = {}
    undoing: dict[str, list[tuple[_Pattern, int]]] = {}
    for at, patterns in enumerate(waiting):
        for pattern in patterns:
            if pattern.undoes:
                undoing.setdefault(pattern.signal, []).append((pattern, at))
            elif (place := pattern.found(tokens, at)) and len(found.get(pattern.signal, ())) < _MOST_FOUND:
                found.setdefault(pattern.signal, []).append(place)

    def undone(signal: str) -> list[Place]:
        places = (pattern.found(tokens, at) for pattern, at in undoing.get(signal, ()))
        return [place for place in places if place]

    return found, undone


def _walk(steps: Sequence[_Step], words: Sequence[str], at: int, way: int) -> int | None:
    """Where the last step is first reached from `at`; in time that the pattern bounds, whatever the text."""
    reached = [at]
    for step in steps:
        if step.between:
            near = {place + way * distance for place in reached for distance in range(1, step.between + 2)}
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


def _layered(shipped: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The shipped tables with one's own added to them, in their place, or in addition."""
    tables = dict(shipped)
    for name, table in own.items():
        under = {} if table.get("replace") else shipped.get(name, {})
        lists = {key: [*under.get(key, ()), *table.get(key, ())] for key in ("any", "unless")}
        tables[name] = {**under, **table, **lists}
    return tables


def _checked(tables: Mapping[str, Any], file: str) -> dict[str, _Table]:
    checked: dict[str, _Table] = {}
    problems: list[Problem] = []
    for name, values in tables.items():
        where = f"{file}: {name}"
        if not re.fullmatch(NAME, name):
            problems.append(Problem(where, "name a signal with lower-case letters, digits, - and _, at most 63"))
        elif not isinstance(values, dict):
            problems.append(Problem(where, f"write each signal as a table headed [{name}]"))
        else:
            table, found = validate(_Table, values, f"{where}.")
            problems += found
            checked.update({name: table} if table and not table.off else {})
    if problems:
        raise ConfigError(problems)
    return checked


def _patterns(tables: Mapping[str, _Table], file: str) -> list[_Pattern]:
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


def _compiled(signal: str, undoes: bool, steps: Sequence[_Step]) -> _Pattern:
    at = min(range(len(steps)), key=lambda place: steps[place].cost)
    # Backwards, the gap in front of a word belongs to the word before it.
    before = tuple(
        _Step(steps[place].exact, steps[place].prefixes, steps[place + 1].between) for place in reversed(range(at))
    )
    return _Pattern(signal, undoes, before, steps[at], tuple(steps[at + 1 :]))


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
