"""Mistakes and warnings about rules, each with its place in the file, like those of a compiler."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from monitor.errors import ConfigProblem
from rules.toml_places import TomlPath, TomlPlace, find_places, locate

_TOML_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)")
_CHARACTER = re.compile(r"\(at character (\d+)\)")
_NAMED_RULE = re.compile(r'rule "[^"]*" \((rules\[\d+\])\)')
_LINE_OF_DEFAULTS = re.compile(r"^, line \d+")
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
#: A longer line is cut around what is marked.
_WIDEST = 100


class FindingKind(StrEnum):
    """How bad it is."""

    MISTAKE = "mistake"  #: the rules cannot be used
    WARNING = "warning"  #: they can, and probably not as meant


@dataclass(frozen=True, slots=True)
class RuleWarning:
    """What is probably not meant, and where it stands in a rule."""

    rule_id: str
    path: TomlPath  #: within the table of the rule
    message: str
    word: str = ""  #: the part of the value that is meant


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFinding:
    """A mistake or a warning with its place; line and column count from 1, 0 for nowhere."""

    kind: FindingKind
    file: str
    where: str  #: the key, as in `ConfigProblem`
    message: str
    line: int = 0
    column: int = 0
    excerpt: str = ""  #: the line as it stands in the file
    width: int = 0  #: how many characters of it are meant, from the column on

    @property
    def marked_excerpt(self) -> tuple[str, ...]:
        """The line with its place, and a line of marks below; nothing where there is no place."""
        if not self.line:
            return ()
        margin = " " * len(str(self.line))
        start = max(0, self.column - 1)
        cut = max(0, start - _WIDEST // 2)
        shown = self.excerpt[cut : cut + _WIDEST].replace("\t", " ")
        marks = " " * (start - cut) + "^" * max(1, min(self.width, len(shown) - start + cut))
        return (
            f"{margin}--> {self.file}:{self.line}:{self.column}",
            f"{self.line} | {shown}",
            f"{margin} | {marks}",
        )


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A file of rules as it is written; an empty text for rules of no file."""

    name: str
    text: str = field(default="", repr=False)
    rule_ids: tuple[str, ...] = ()  #: in the order of the file

    def place_problem(self, problem: ConfigProblem) -> RuleFinding:
        """Return a mistake with its place in this file, as far as that is known."""
        if position := _TOML_POSITION.search(problem.message):
            line, column = int(position[1]), int(position[2])
            return self._find(FindingKind.MISTAKE, problem, line, column, 1)
        place = self._locate(self._to_path(problem.where))
        if place and (character := _CHARACTER.search(problem.message)):
            place = self._find_character(place, int(character[1]))
        return self._place(FindingKind.MISTAKE, problem, place)

    def place_warning(self, warning: RuleWarning) -> RuleFinding:
        """Return a warning with its place, which is nowhere for a rule of a preset."""
        label = "".join(
            f"[{step}]" if isinstance(step, int) else f".{step}" for step in warning.path
        )
        problem = ConfigProblem(f'{self.name}: rule "{warning.rule_id}"{label}', warning.message)
        if warning.rule_id not in self.rule_ids:
            problem = ConfigProblem(f'rule "{warning.rule_id}"{label}', warning.message)
            return self._place(FindingKind.WARNING, problem, None)
        at = self.rule_ids.index(warning.rule_id)
        place = self._locate(("rules", at, *warning.path))
        if place and warning.word:
            found = self.text.find(warning.word, place.value)
            start = found + len(warning.word) - len(warning.word.lstrip())
            end = found + len(warning.word.rstrip())
            place = TomlPlace(start, end, start) if found >= 0 else place
        return self._place(FindingKind.WARNING, problem, place)

    def _find_character(self, place: TomlPlace, number: int) -> TomlPlace:
        """Return where a character of a text stands, counted from 1; of odd texts their key."""
        quote, inside = self.text[place.value : place.value + 1], place.value + 1
        end = self.text.find(quote, inside) if quote in ("'", '"') else -1
        at = inside + number - 1
        if end == inside or at >= end or "\\" in self.text[inside:at]:
            return place
        return TomlPlace(at, at + 1, at)

    def _locate(self, path: TomlPath) -> TomlPlace | None:
        return locate(find_places(self.text), path) if self.text else None

    def _to_path(self, where: str) -> TomlPath:
        """Return the way to what a mistake names: "FILE: rule "a" (rules[0]).all[1].stars"."""
        key = where.removeprefix(self.name)
        key = _LINE_OF_DEFAULTS.sub("", key).removeprefix(": ")
        key = _NAMED_RULE.sub(r"\1", key)
        for at, rule_id in enumerate(self.rule_ids):
            key = key.replace(f'rule "{rule_id}"', f"rules[{at}]", 1)
        return tuple(int(found[1]) if found[1] else found[2] for found in _STEP.finditer(key))

    def _place(
        self, kind: FindingKind, problem: ConfigProblem, place: TomlPlace | None
    ) -> RuleFinding:
        if place is None:
            return self._find(kind, problem, 0, 0, 0)
        line = self.text.count("\n", 0, place.start) + 1
        begins = self.text.rfind("\n", 0, place.start) + 1
        return self._find(kind, problem, line, place.start - begins + 1, place.end - place.start)

    def _find(
        self, kind: FindingKind, problem: ConfigProblem, line: int, column: int, width: int
    ) -> RuleFinding:
        lines: Sequence[str] = self.text.split("\n")
        excerpt = lines[line - 1].rstrip("\r") if 0 < line <= len(lines) else ""
        return RuleFinding(
            kind=kind,
            file=self.name,
            where=problem.where,
            message=problem.message,
            line=line if excerpt else 0,
            column=column if excerpt else 0,
            excerpt=excerpt,
            width=min(width, max(1, len(excerpt) - column + 1)),
        )
