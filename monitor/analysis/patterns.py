"""Patterns: what to look for in the words of a text, written so that a manager can read it, found
in one pass.

A pattern stands in one sentence. It is made of words as `monitor.domain.tokens` reads them, side by side
and in order:

    charged twice            these words
    charg* twice|again       any word that begins so; one or another word
    charged ~3 twice         up to three other words between
    smoke NEAR/4 battery     in either order, at most four words from one to the other

Patterns with one name stand in a table:

    any = [...]      patterns, one of which must be found
    unless = [...]   patterns that undo a finding which they overlap: "no crash*" undoes "crash"
    sign = "?"       a character that must end the sentence in which it was found

How they are found: `monitor.analysis.matching`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Annotated, Any, Final, NamedTuple, TypeVar

from pydantic import Field

from monitor.analysis.matching import SHORTEST_PREFIX, Index, Place, Step, pattern
from monitor.config import validate
from monitor.domain.tokens import spans
from monitor.domain.tokens import words as words_of
from monitor.errors import ConfigError, Problem
from monitor.settings import Section

MOST_SHOWN: Final = 3  #: places in the text that one name shows
MOST_PATTERNS: Final = 500  #: in one list
MOST_STEPS: Final = 12  #: words of a pattern, one behind the other
MOST_BETWEEN: Final = 20  #: other words between two
_LISTS: Final = frozenset({"any", "unless", "signals"})

#: A name, whether the words undo what is found by that name, and the words.
_Sequence = tuple[str, bool, list[Step]]

#: Begins with one set of characters, which is what `re` looks for quickly.
_SENTENCE_END: Final = re.compile(
    r"[.!?…。！？\n](?:(?<=[.!?…])[.!?…]*+|(?<=\n)\n++|(?<=[。！？]))"
)
_QUOTES: Final = "\"')]”’"
_BETWEEN: Final = re.compile(r"~(\d{1,3})")
_NEAR: Final = re.compile(r"NEAR/(\d{1,3})")


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

    __slots__ = ("_finding", "_names", "_sequences", "_signs", "_undoing", "_undone")

    def __init__(self, tables: Mapping[str, Table], file: str = "patterns") -> None:
        """Compile tables by name; `file` names them in mistakes. Raises ConfigError with all of
        them.
        """
        self._prepare(
            tuple(tables), tuple(table.sign for table in tables.values()), _sequences(tables, file)
        )

    def _prepare(
        self, names: tuple[str, ...], signs: tuple[str, ...], sequences: Sequence[_Sequence]
    ) -> None:
        self._names, self._signs, self._sequences = names, signs, sequences
        numbers = {name: number for number, name in enumerate(names)}
        finding = [(numbers[name], steps) for name, undoes, steps in sequences if not undoes]
        undoing = [(numbers[name], steps) for name, undoes, steps in sequences if undoes]
        self._finding = Index(pattern(number, steps, signs[number]) for number, steps in finding)
        self._undoing = Index(pattern(number, steps) for number, steps in undoing)
        self._undone = frozenset([number for number, _ in undoing])

    def __or__(self, other: Patterns) -> Patterns:
        """Both, found in one pass; a name belongs to one of them."""
        both = Patterns({})
        both._prepare(
            (*self._names, *other._names),
            (*self._signs, *other._signs),
            [*self._sequences, *other._sequences],
        )
        return both

    def find(self, text: str, words: str, tokens: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
        """What is in `text`, by name, in the order of the tables, each with the customer's own
        words.

        `words` are the text's normalised words, one space between them, `tokens` the same for
        callers that have them split. Raises ValueError where they are those of another text.
        """
        tokens = tokens or words.split(" ")
        found = self._finding.find(tokens, text)
        if not found:
            return {}
        undone = {} if self._undone.isdisjoint(found) else self._undoing.find(tokens, text, found)
        reach = max([end for places in chain(found.values(), undone.values()) for _, end in places])
        written = _Written.of(text, reach)
        shown = {}
        for number in sorted(found):
            places = written.together(found[number], self._signs[number])
            if number in undone or len(places) > 1:
                places = _kept(places, written.together(undone.get(number, ())))
            if places:
                shown[self._names[number]] = written.own_words(places)
        return shown


class _Written(NamedTuple):
    """A text as the customer wrote it, by the places of its words."""

    text: str
    spans: Sequence[Place]
    ends: Sequence[int]  #: where sentences end
    signs: Sequence[str]  #: the punctuation, or the empty line, that stands there

    @classmethod
    def of(cls, text: str, most: int) -> _Written:
        """The text up to so many words; ValueError where it has fewer."""
        places = spans(text, most)
        if len(places) < most:
            raise ValueError(
                "the words must be those of the text, as monitor.domain.tokens.joined gives them"
            )
        ends = [
            (found.start(), found.group())
            for found in _SENTENCE_END.finditer(text)
            if _is_end(text, found)
        ]
        return cls(text, places, [at for at, _ in ends], [sign for _, sign in ends])

    def together(self, places: Sequence[Place], sign: str = "") -> list[Place]:
        """Those that stand in one sentence, which ends with `sign`."""
        spans, ends, signs = self.spans, self.ends, self.signs
        found = []
        for start, end in places:
            if sign or end - start > 1:
                behind = bisect_left(ends, spans[end - 1][1])
                if bisect_left(ends, spans[start][1]) < behind:
                    continue
                if sign and (behind == len(signs) or sign not in signs[behind]):
                    continue
            found.append((start, end))
        return found

    def own_words(self, places: Sequence[Place]) -> tuple[str, ...]:
        """What stands at the first places, each wording once."""
        text, spans = self.text, self.spans
        own = [" ".join(text[spans[start][0] : spans[end - 1][1]].split()) for start, end in places]
        if len(own) > 1:
            shown: dict[str, str] = {}
            for words in own:
                shown.setdefault(words.casefold(), words)
            own = list(shown.values())[:MOST_SHOWN]
        return tuple(own)


def _is_end(text: str, found: re.Match[str]) -> bool:
    """Whether a sentence ends with this punctuation; "v1.2" holds only a point."""
    behind = text[found.end() : found.end() + 1]
    return not behind or behind.isspace() or behind in _QUOTES or found.group()[0] not in ".…"


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
    """The tables that are switched on, by name, and every mistake; `mistake` says what is wrong
    with a name.
    """
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


def _sequences(tables: Mapping[str, Table], file: str) -> list[_Sequence]:
    sequences: list[_Sequence] = []
    problems: list[Problem] = []
    for name, table in tables.items():
        for key, written in (("any", table.any), ("unless", table.unless)):
            for at, one in enumerate(written):
                try:
                    sequences += [(name, key == "unless", steps) for steps in read(one)]
                except ValueError as error:
                    problems.append(Problem(f"{file}: {name}.{key}[{at}]", str(error)))
    if problems:
        raise ConfigError(problems)
    return sequences


def read(written: str) -> list[list[Step]]:
    """The sequences that a written pattern stands for: two for NEAR, else one. ValueError says what
    is wrong.
    """
    parts = written.split()
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


def _steps(parts: Sequence[str]) -> list[Step]:
    steps: list[Step] = []
    between: int | None = None
    for part in parts:
        if gap := _BETWEEN.fullmatch(part):
            if between is not None or not steps or int(gap[1]) > MOST_BETWEEN:
                raise ValueError(
                    f"{part} must stand between two words, with a number up to {MOST_BETWEEN}"
                )
            between = int(gap[1])
        else:
            steps.append(_step(part, between or 0))
            between = None
    if between is not None or not steps:
        raise ValueError("a word is missing at the end" if steps else "the pattern is empty")
    if len(steps) > MOST_STEPS:
        raise ValueError(f"{len(steps)} words; at most {MOST_STEPS} are allowed")
    return steps


def _step(written: str, between: int) -> Step:
    exact: set[str] = set()
    prefixes: list[str] = []
    for choice in written.split("|"):
        word = _word(choice.removesuffix("*"), choice)
        if not choice.endswith("*"):
            exact |= {word, word.replace("'", "")}  # many write "cant"
        elif len(word) < SHORTEST_PREFIX:
            raise ValueError(
                f"{choice!r} is too short; at least {SHORTEST_PREFIX} letters are needed before *"
            )
        else:
            prefixes.append(word)
    return Step(frozenset(exact), tuple(prefixes), between)


def _word(written: str, choice: str) -> str:
    found = words_of(written)
    if len(found) != 1 or not found[0].replace("'", "").isalnum():
        raise ValueError(
            f"{choice!r} is not one word; write letters and digits, | between words to choose "
            "from, * at the end"
        )
    return found[0]
