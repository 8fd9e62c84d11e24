"""Where the keys and items of a TOML file stand: `tomllib` tells what they say, not where.

A scanner of a text that `tomllib` has read: what is no TOML is never looked at here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

#: A way through tables and lists: ("rules", 0, "all", 1, "stars").
TomlPath = tuple[str | int, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_TEXTS = ('"""', "'''", '"', "'")
_TEXT = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?!")'
    r"|'''.*?'''(?!')"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_OTHER_VALUE = re.compile(r"[^,\]}\n#]*")


@dataclass(frozen=True, slots=True)
class TomlPlace:
    """Where a key, or an item of a list, stands; offsets count characters from 0."""

    start: int
    end: int
    value: int  #: where the value begins; of an item, and of the head of a table, as `start`


def find_places(text: str) -> dict[TomlPath, TomlPlace]:
    """Return the place of every key, table and item in the text of a TOML file.

    A table that several heads or dotted keys make has the place of the first of them.
    """
    return _Scanner(text).scan()


def locate(places: Mapping[TomlPath, TomlPlace], path: TomlPath) -> TomlPlace | None:
    """Return the place of a path or of the nearest that it lies in; None where none is there."""
    for length in range(len(path), 0, -1):
        found = places.get(path[:length])
        if found is not None:
            return found
    return None


class _Scanner:
    """One pass over a text."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._places: dict[TomlPath, TomlPlace] = {}
        self._lengths: dict[TomlPath, int] = {}  # of lists of tables

    def scan(self) -> dict[TomlPath, TomlPlace]:
        """Return the places; the text is read once."""
        table: TomlPath = ()
        self._skip(_SPACE)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._read_head()
            else:
                self._read_pair(table)
            self._skip(_SPACE)
        return self._places

    def _read_head(self) -> TomlPath:
        """Read `[a.b]` or `[[a.b]]`; return the table that follows."""
        start = self._at
        is_item = self._text.startswith("[[", start)
        self._at += 2 if is_item else 1
        keys = list(self._read_keys())
        self._at += 2 if is_item else 1
        place = TomlPlace(start, self._at, start)
        path: TomlPath = ()
        for number, (key, *_) in enumerate(keys):
            path = (*path, key)
            self._places.setdefault(path, place)
            is_last = number == len(keys) - 1
            if is_item and is_last:
                self._lengths[path] = self._lengths.get(path, 0) + 1
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
                self._places.setdefault(path, place)
        return path

    def _read_pair(self, table: TomlPath) -> None:
        """Read `a.b = value` of a table."""
        keys = list(self._read_keys())
        self._at += 1  # the equals sign
        self._skip(_BLANK)
        path, value = table, self._at
        for key, start, end in keys:
            path = (*path, key)
            self._places.setdefault(path, TomlPlace(start, end, value))
        self._read_value(path)

    def _read_keys(self) -> Iterator[tuple[str, int, int]]:
        """Yield the parts of a key with where each begins and ends."""
        while True:
            self._skip(_BLANK)
            start = self._at
            quoted = _TEXT.match(self._text, start)
            found = quoted or _BARE_KEY.match(self._text, start)
            if found is None:
                return
            self._at = found.end()
            yield _read_key(found.group(), quoted=quoted is not None), start, self._at
            self._skip(_BLANK)
            if not self._text.startswith(".", self._at):
                return
            self._at += 1

    def _read_value(self, path: TomlPath) -> None:
        text, at = self._text, self._at
        if text.startswith(_TEXTS, at):
            self._skip(_TEXT)
        elif text.startswith("[", at):
            self._read_list(path)
        elif text.startswith("{", at):
            self._read_inline_table(path)
        else:
            self._skip(_OTHER_VALUE)

    def _read_list(self, path: TomlPath) -> None:
        self._at += 1
        self._skip(_SPACE)
        number = 0
        while not self._text.startswith("]", self._at):
            start = self._at
            self._read_value((*path, number))
            self._places[(*path, number)] = TomlPlace(start, self._at, start)
            number += 1
            self._skip_comma()
        self._at += 1

    def _read_inline_table(self, path: TomlPath) -> None:
        self._at += 1
        self._skip(_SPACE)
        while not self._text.startswith("}", self._at):
            self._read_pair(path)
            self._skip_comma()
        self._at += 1

    def _skip_comma(self) -> None:
        self._skip(_SPACE)
        if self._text.startswith(",", self._at):
            self._at += 1
        self._skip(_SPACE)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at + 1


def _read_key(written: str, *, quoted: bool) -> str:
    if not quoted:
        return written
    return next(iter(tomllib.loads(f"{written} = 0")))
