"""Patterns: what to look for in the words of a text, as a manager can read and write it.

All of them are found in one pass.

A pattern stands in one sentence. It is made of words as `monitor.domain.tokens` reads them, side by
side and in order:

    charged twice            these words
    charg* twice|again       any word that begins so; one or another word
    charged ~3 twice         up to three other words between
    smoke NEAR/4 battery     in either order, at most four words from one to the other

Patterns with one name stand in a table:

    any = [...]      patterns, one of which must be found
    unless = [...]   patterns that undo a finding which they overlap: "no crash*" undoes "crash"
    sign = "?"       a character that must end the sentence in which it was found

In a shipped file `<family>` stands for any of the words that its table `words` lists under that
name.

How they are found: `monitor.analysis.matching`.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Annotated, Any, Final, NamedTuple, TypeVar

from pydantic import Field

from monitor.analysis.matching import (
    SHORTEST_PREFIX,
    FoundRanges,
    PatternIndex,
    PatternStep,
    WordRange,
    compile_pattern,
)
from monitor.config import validate_model
from monitor.domain.tokens import locate_tokens_at
from monitor.domain.tokens import tokenize as words_of
from monitor.errors import ConfigError, ConfigProblem
from monitor.settings import Section

MOST_SHOWN: Final = 3  #: places in the text that one name shows
MOST_PATTERNS: Final = 500  #: in one list
MOST_STEPS: Final = 12  #: words of a pattern, one behind the other
MOST_BETWEEN: Final = 20  #: other words between two
WORD_LISTS: Final = "words"  #: the table of a shipped file that lists words by name
_LISTED: Final = re.compile(r"<(\w+)>")
_LISTS: Final = frozenset({"any", "unless", "signals"})

#: A name, whether the words undo what is found by that name, and the words.
_NamedSequence = tuple[str, bool, list[PatternStep]]

#: Begins with one set of characters, which is what `re` looks for quickly.
_SENTENCE_END: Final = re.compile(
    r"[.!?…。！？\n](?:(?<=[.!?…])[.!?…]*+|(?<=\n)\n++|(?<=[。！？]))"
)
_ENDING: Final = frozenset(".!?…。！？\n")  # what it begins with
_QUOTES: Final = "\"')]”’"
_BETWEEN: Final = re.compile(r"~(\d{1,3})")
_NEAR: Final = re.compile(r"NEAR/(\d{1,3})")


class PatternTable(Section):
    """The patterns of one name as written."""

    about: Annotated[str, Field(max_length=500)] = ""
    any: Annotated[tuple[str, ...], Field(max_length=MOST_PATTERNS)] = ()
    unless: Annotated[tuple[str, ...], Field(max_length=MOST_PATTERNS)] = ()
    sign: Annotated[str, Field(max_length=1)] = ""
    off: bool = False  #: in a file of one's own: not looked for
    replace: bool = False  #: in a file of one's own: the shipped patterns do not count


PatternTableT = TypeVar("PatternTableT", bound=PatternTable)


class PatternSet:
    """Finds named patterns in texts.

    Nothing that can be seen changes after construction, so one instance serves all threads.
    """

    __slots__ = ("_finding", "_names", "_sequences", "_signs", "_undoing", "_undone")

    def __init__(self, tables: Mapping[str, PatternTable], file: str = "patterns") -> None:
        """Compile tables by name; `file` names them in mistakes.

        Raises ConfigError with all of them.
        """
        self._compile_sequences(
            tuple(tables),
            tuple(table.sign for table in tables.values()),
            _parse_sequences(tables, file),
        )

    def _compile_sequences(
        self, names: tuple[str, ...], signs: tuple[str, ...], sequences: Sequence[_NamedSequence]
    ) -> None:
        self._names, self._signs, self._sequences = names, signs, sequences
        numbers = {name: number for number, name in enumerate(names)}
        finding = [(numbers[name], steps) for name, undoes, steps in sequences if not undoes]
        undoing = [(numbers[name], steps) for name, undoes, steps in sequences if undoes]
        self._finding = PatternIndex(
            compile_pattern(number, steps, signs[number]) for number, steps in finding
        )
        self._undoing = PatternIndex(compile_pattern(number, steps) for number, steps in undoing)
        self._undone = frozenset([number for number, _ in undoing])

    def __or__(self, other: PatternSet) -> PatternSet:
        """Return both sets as one, found in one pass; no name may be in both."""
        both = PatternSet({})
        both._compile_sequences(
            (*self._names, *other._names),
            (*self._signs, *other._signs),
            [*self._sequences, *other._sequences],
        )
        return both

    def find_in_text(
        self, text: str, words: str, tokens: Sequence[str] = ()
    ) -> dict[str, tuple[str, ...]]:
        """Return the customer's words for each name that is found in `text`.

        Names are in the order of the tables. `words` are the text's normalised words, one space
        between them, `tokens` the same for callers that have them split. Raises ValueError where
        they are those of another text.
        """
        tokens = tokens or words.split(" ")
        found = self._finding.find_patterns(tokens, text)
        if not found:
            return {}
        undone: FoundRanges = {}
        if not self._undone.isdisjoint(found):
            undone = self._undoing.find_patterns(tokens, text, found)
        written = _OriginalText(text, chain(*found.values(), *undone.values()))
        shown = {}
        for number in sorted(found):
            places = written.within_sentence(found[number], self._signs[number])
            if number in undone or len(places) > 1:
                places = _drop_undone(places, written.within_sentence(undone.get(number, ())))
            if places:
                shown[self._names[number]] = written.original_words(places)
        return shown


class _OriginalText:
    """A text as the customer wrote it, by the places of its words."""

    __slots__ = ("_ends", "spans", "text")

    def __init__(self, text: str, found: Iterable[WordRange]) -> None:
        """Take a text and what was found in it.

        Raises ValueError where the text has fewer words.
        """
        both_ends = {place for start, end in found for place in (start, end - 1)}
        self.text = text
        #: of the words at which something begins or ends
        self.spans: Mapping[int, WordRange] = locate_tokens_at(text, both_ends)
        self._ends: _SentenceEnds | None = None
        if len(self.spans) < len(both_ends):
            raise ValueError(
                "the words must be those of the text, as monitor.domain.tokens.joined gives them"
            )

    def within_sentence(self, places: Sequence[WordRange], sign: str = "") -> list[WordRange]:
        """Return the places that stand in one sentence, which ends with `sign`."""
        text, spans = self.text, self.spans
        found = []
        for start, end in places:
            if sign or end - start > 1:
                first, last = spans[start][1], spans[end - 1][1]
                # Few hold anything that could end a sentence, and only these need all such places.
                may_end = sign or not _ENDING.isdisjoint(text[first:last])
                if may_end and self._crosses_end(first, last, sign):
                    continue
            found.append((start, end))
        return found

    def _crosses_end(self, first: int, last: int, sign: str) -> bool:
        """Return whether a sentence ends between these places, or the last one not with `sign`."""
        if self._ends is None:
            self._ends = _SentenceEnds.from_text(self.text)
        ends, signs = self._ends
        behind = bisect_left(ends, last)
        if bisect_left(ends, first) < behind:
            return True
        return bool(sign) and (behind == len(signs) or sign not in signs[behind])

    def original_words(self, places: Sequence[WordRange]) -> tuple[str, ...]:
        """Return what stands at the first places, each wording once."""
        text, spans = self.text, self.spans
        written = [text[spans[start][0] : spans[end - 1][1]] for start, end in places]
        wordings = [" ".join(words.split()) for words in written]
        if len(wordings) > 1:
            shown: dict[str, str] = {}
            for wording in wordings:
                shown.setdefault(wording.casefold(), wording)
            wordings = list(shown.values())[:MOST_SHOWN]
        return tuple(wordings)


class _SentenceEnds(NamedTuple):
    places: Sequence[int]
    signs: Sequence[str]  #: the punctuation, or the empty line, that stands there

    @classmethod
    def from_text(cls, text: str) -> _SentenceEnds:
        found = [end for end in _SENTENCE_END.finditer(text) if _is_sentence_end(text, end)]
        return cls([end.start() for end in found], [end.group() for end in found])


def _is_sentence_end(text: str, found: re.Match[str]) -> bool:
    """Return whether a sentence ends with this punctuation; "v1.2" holds only a point."""
    behind = text[found.end() : found.end() + 1]
    return not behind or behind.isspace() or behind in _QUOTES or found.group()[0] not in ".…"


def _drop_undone(found: Iterable[WordRange], undone: Sequence[WordRange]) -> list[WordRange]:
    """Return the places that nothing undoes, in order and without overlaps; the first counts."""
    kept: list[WordRange] = []
    for start, end in sorted(found):
        if kept and start < kept[-1][1]:
            continue
        if not any(start < other_end and other_start < end for other_start, other_end in undone):
            kept.append((start, end))
    return kept


def merge_tables(shipped: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the shipped tables with a workspace's own added to them or in their place."""
    tables = dict(shipped)
    for name, table in own.items():
        under = {} if table.get("replace") else shipped.get(name, {})
        lists = {key: [*under.get(key, ()), *table[key]] for key in table.keys() & _LISTS}
        tables[name] = {**under, **table, **lists}
    return tables


def expand_word_lists(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables of a shipped file, each `<name>` replaced by the words of that list.

    Raises KeyError for a list that is not there.
    """
    lists = {name: "|".join(text.split()) for name, text in data.get(WORD_LISTS, {}).items()}
    tables = {name: table for name, table in data.items() if name != WORD_LISTS}
    return {name: _expand_table(table, lists) for name, table in tables.items()}


def _expand_table(table: Any, lists: Mapping[str, str]) -> Any:
    if not isinstance(table, dict):
        return table
    return {key: _expand_patterns(value, lists) for key, value in table.items()}


def _expand_patterns(value: Any, lists: Mapping[str, str]) -> Any:
    if not isinstance(value, list):
        return value
    return [_LISTED.sub(lambda found: lists[found[1]], pattern) for pattern in value]


def validate_tables(
    tables: Mapping[str, Any],
    file: str,
    model: type[PatternTableT],
    name_error: Callable[[str], str],
) -> tuple[dict[str, PatternTableT], list[ConfigProblem]]:
    """Return the tables that are switched on, by name, and every mistake.

    `name_error` returns what is wrong with a name; empty for nothing.
    """
    found: dict[str, PatternTableT] = {}
    problems: list[ConfigProblem] = []
    for name, values in tables.items():
        where = f"{file}: {name}"
        if wrong := name_error(name):
            problems.append(ConfigProblem(where, wrong))
        elif not isinstance(values, dict):
            problems.append(ConfigProblem(where, f"write it as a table headed [{name}]"))
        else:
            table, table_problems = validate_model(model, values, f"{where}.")
            problems += table_problems
            if table and not table.off:
                found[name] = table
    return found, problems


def _parse_sequences(tables: Mapping[str, PatternTable], file: str) -> list[_NamedSequence]:
    sequences: list[_NamedSequence] = []
    problems: list[ConfigProblem] = []
    for name, table in tables.items():
        for key, written in (("any", table.any), ("unless", table.unless)):
            for at, one in enumerate(written):
                try:
                    sequences += [(name, key == "unless", steps) for steps in parse_pattern(one)]
                except ValueError as error:
                    problems.append(ConfigProblem(f"{file}: {name}.{key}[{at}]", str(error)))
    if problems:
        raise ConfigError(problems)
    return sequences


def parse_pattern(written: str) -> list[list[PatternStep]]:
    """Return the sequences that a written pattern stands for: two for NEAR, else one.

    Raises ValueError, which says what is wrong.
    """
    parts = written.split()
    near = [at for at, part in enumerate(parts) if part.upper().startswith("NEAR/")]
    if not near:
        return [_parse_steps(parts)]
    distance = _NEAR.fullmatch(parts[near[0]])
    if len(near) > 1 or not distance or not 1 <= int(distance[1]) <= MOST_BETWEEN:
        raise ValueError(f"write NEAR/n once, with n from 1 to {MOST_BETWEEN}")
    left, right = parts[: near[0]], parts[near[0] + 1 :]
    between = f"~{int(distance[1]) - 1}"
    if not left or not right:
        raise ValueError(f"a word is missing beside {parts[near[0]]}")
    return [_parse_steps([*left, between, *right]), _parse_steps([*right, between, *left])]


def _parse_steps(parts: Sequence[str]) -> list[PatternStep]:
    steps: list[PatternStep] = []
    between: int | None = None
    for part in parts:
        if gap := _BETWEEN.fullmatch(part):
            if between is not None or not steps or int(gap[1]) > MOST_BETWEEN:
                raise ValueError(
                    f"{part} must stand between two words, with a number up to {MOST_BETWEEN}"
                )
            between = int(gap[1])
        else:
            steps.append(_parse_step(part, between or 0))
            between = None
    if between is not None or not steps:
        raise ValueError("a word is missing at the end" if steps else "the pattern is empty")
    if len(steps) > MOST_STEPS:
        raise ValueError(f"{len(steps)} words; at most {MOST_STEPS} are allowed")
    return steps


def _parse_step(written: str, between: int) -> PatternStep:
    exact: set[str] = set()
    prefixes: list[str] = []
    for choice in written.split("|"):
        word = _parse_word(choice.removesuffix("*"), choice)
        if not choice.endswith("*"):
            exact |= {word, word.replace("'", "")}  # many write "cant"
        elif len(word) < SHORTEST_PREFIX:
            raise ValueError(
                f"{choice!r} is too short; at least {SHORTEST_PREFIX} letters are needed before *"
            )
        else:
            prefixes.append(word)
    return PatternStep(_share_words(frozenset(exact)), tuple(prefixes), between)


@cache
def _share_words(words: frozenset[str]) -> frozenset[str]:
    """Return one set for all equal ones: a word list stands in dozens of patterns."""
    return words


def _parse_word(written: str, choice: str) -> str:
    found = words_of(written)
    if len(found) != 1 or not found[0].replace("'", "").isalnum():
        raise ValueError(
            f"{choice!r} is not one word; write letters and digits, | between words to choose "
            "from, * at the end"
        )
    return sys.intern(found[0])  # most words stand in many patterns
