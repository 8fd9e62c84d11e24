"""Cues: turns of phrase that the problem model weighs beside words, such as praise taken back.

What makes a cue is written in a TOML table of patterns, one for each cue, as signals are: see
`monitor.analysis.patterns`. `<good>` in a pattern stands for any of the words that the table
`words` lists under that name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from monitor.analysis.patterns import (
    WORD_LISTS,
    PatternSet,
    PatternTable,
    expand_word_lists,
    validate_tables,
)
from monitor.config import read_toml
from monitor.domain.tokens import tokenize as words_of
from monitor.errors import ConfigError

SHIPPED: Final = Path(__file__).parent / "data" / "cues.toml"
_CLAUSES: Final = "one_clause"
#: What ends a clause within a sentence; a hyphen within a word does not.
_CLAUSE_END: Final = re.compile(r"[,;:()–—\"/]|\s-")
#: Cues whose last word may be praise that they take back.
_TAKING_BACK: Final = ("praise_taken_back", "far_negation")
#: What a word of praise is read as that such a cue takes back.
TAKEN_BACK: Final = "praise_taken_back"
_JOINING: Final = frozenset({"or", "nor", "and"})
#: In front of a cue's name among patterns; no signal has a space in its name.
_PREFIX: Final = "cue "


class CueFinder:
    """Finds cues in texts.

    Nothing that can be seen changes after construction, so one instance serves all threads.
    """

    __slots__ = ("_names", "_one_clause", "_praise", "about", "patterns")

    def __init__(self, data: Mapping[str, Any], file: str = "cues.toml") -> None:
        """Compile the tables of a file; raises ConfigError with every mistake."""
        listed: Mapping[str, str] = data.get(WORD_LISTS, {})
        written = expand_word_lists(data)
        written.pop(_CLAUSES, None)
        found, problems = validate_tables(written, file, PatternTable, lambda _: "")
        if problems:
            raise ConfigError(problems)
        #: the cues that are looked for, and what each means
        self.about: Mapping[str, str] = {name: table.about for name, table in found.items()}
        self.patterns = PatternSet({_PREFIX + name: table for name, table in found.items()}, file)
        self._names = {_PREFIX + name: name for name in found}
        self._one_clause = frozenset(data.get(_CLAUSES, ()))
        self._praise = frozenset(listed.get("good", "").split())

    @classmethod
    def load(cls) -> CueFinder:
        """Return the shipped cues."""
        return _load_cue_finder()

    def select_cues(self, found: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """Return the cues among what patterns have found."""
        names = self._names
        cues = {names[one]: said for one, said in found.items() if one in names}
        if self._one_clause.isdisjoint(cues):
            return cues
        for name in self._one_clause.intersection(cues):
            cues[name] = tuple([said for said in cues[name] if not _CLAUSE_END.search(said)])
        return {name: said for name, said in cues.items() if said}

    def take_back_praise(
        self, tokens: Sequence[str], cues: Mapping[str, tuple[str, ...]]
    ) -> Sequence[str]:
        """Return the words of a text with TAKEN_BACK for each word of praise that a cue takes back.

        The same sequence where there is none.
        """
        wordings = [said for cue in _TAKING_BACK if cue in cues for said in cues[cue]]
        if not wordings:
            return tokens
        read = list(tokens)
        for said in wordings:
            words = words_of(said)
            if words[-1] in self._praise and (at := _find_run(tokens, words)) >= 0:
                self._take_back_from(read, at + len(words) - 1)
        return read if TAKEN_BACK in read else tokens

    def _take_back_from(self, read: list[str], at: int) -> None:
        """Take back the praise at a place and what is joined to it: "clean or quiet"."""
        read[at] = TAKEN_BACK
        while at + 2 < len(read) and read[at + 1] in _JOINING and read[at + 2] in self._praise:
            at += 2
            read[at] = TAKEN_BACK


def _find_run(tokens: Sequence[str], words: Sequence[str]) -> int:
    """Return where these words stand in a row; -1 for nowhere."""
    length, first = len(words), words[0]
    return next(
        (
            at
            for at, token in enumerate(tokens)
            if token == first and list(tokens[at : at + length]) == list(words)
        ),
        -1,
    )


@cache
def _load_cue_finder() -> CueFinder:
    return CueFinder(read_toml(SHIPPED), SHIPPED.name)
