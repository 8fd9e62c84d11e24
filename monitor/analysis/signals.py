"""Signals: named things that a feedback says, such as an outage or a wish to leave.

Each comes with the customer's own words. What makes a signal is written in a TOML table of
patterns, one for each signal: see `monitor.analysis.patterns`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from monitor.analysis.patterns import (
    PatternSet,
    PatternTable,
    expand_word_lists,
    merge_tables,
    validate_tables,
)
from monitor.config import read_toml
from monitor.domain.feedback import Signal
from monitor.errors import ConfigError
from monitor.settings import NAME_PATTERN

SHIPPED: Final = Path(__file__).parent / "data" / "signals.toml"


class SignalFinder:
    """Finds signals in texts.

    Nothing that can be seen changes after construction, so one instance serves all threads.
    """

    __slots__ = ("about", "patterns")

    def __init__(self, tables: Mapping[str, Mapping[str, Any]], file: str = "signals.toml") -> None:
        """Compile the tables of a file; `file` names it in mistakes.

        Raises ConfigError with all of them.
        """
        found, problems = validate_tables(tables, file, PatternTable, _signal_name_error)
        if problems:
            raise ConfigError(problems)
        #: the signals that are looked for, and what each means
        self.about: Mapping[str, str] = {name: table.about for name, table in found.items()}
        self.patterns = PatternSet(found, file)

    @classmethod
    def load(cls, own: Path | None = None) -> SignalFinder:
        """Return the shipped signals with a workspace's own file laid over them.

        Raises ConfigError with every mistake in that file.
        """
        shipped = expand_word_lists(read_toml(SHIPPED))
        if own is None:
            return cls(shipped, SHIPPED.name)
        tables = read_toml(own)
        cls(tables, own.name)  # names mistakes by the file that holds them
        return cls(merge_tables(shipped, tables), own.name)

    def find_signals(self, text: str, words: str) -> tuple[Signal, ...]:
        """Return the signals in `text`, in the order of the file.

        `words` are its normalised words, one space between them; raises ValueError where they are
        those of another text.
        """
        return self.select_signals(self.patterns.find_in_text(text, words))

    def select_signals(self, found: Mapping[str, tuple[str, ...]]) -> tuple[Signal, ...]:
        """Return the signals among what patterns have found."""
        return tuple([Signal(name, words) for name, words in found.items() if name in self.about])


def _signal_name_error(name: str) -> str:
    if re.fullmatch(NAME_PATTERN, name):
        return ""
    return "name a signal with lower-case letters, digits, - and _, at most 63"
