"""Defaults: what a file of rules says once for many of them, merged when rules are loaded."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.config import validate_model
from monitor.errors import ConfigProblem, suggest_nearest
from rules.tables import DefaultsTable, parse_conditions
from rules.wildcards import matches_wildcard

#: The list that adds up; of every other key the rule's own value wins.
_ADDED = "none"
_OF_ONE_RULE = {
    "id": "belongs to one rule; name the rules in `rules`",
    "name": "belongs to one rule",
    "all": "belongs to one rule; only `none` adds up",
    "any": "belongs to one rule; only `none` adds up",
}
#: Where each key of a rule was written; of `none` where each of its conditions was.
Origins = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class RuleDefaults:
    """One `[[defaults]]` table."""

    rules: tuple[str, ...]  #: ids, in which a * stands for anything
    keys: Mapping[str, Any]  #: as they are written
    origin: str  #: where they were written, for people

    def applies_to(self, rule_id: str) -> bool:
        """Return whether it is said for this rule."""
        return any(matches_wildcard(pattern, rule_id) for pattern in self.rules)


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """A rule as it is written, perhaps in several places."""

    table: Mapping[str, Any]
    origins: Origins

    @classmethod
    def of(cls, table: Mapping[str, Any], origin: str) -> WrittenRule:
        """Return a rule that is written in one place."""
        return cls(table, {key: (origin,) * _count(value) for key, value in table.items()})

    def override(self, own: WrittenRule) -> WrittenRule:
        """Return this rule, changed in part by the keys of another table."""
        return WrittenRule({**self.table, **own.table}, {**self.origins, **own.origins})

    def merge(self, defaults: Sequence[RuleDefaults]) -> WrittenRule:
        """Return the rule with what the defaults say for it, of which the later win."""
        rule_id = str(self.table.get("id"))
        table, origins = dict(self.table), dict(self.origins)
        for one in defaults:
            if not one.applies_to(rule_id):
                continue
            for key, value in one.keys.items():
                if key == _ADDED:
                    _add_conditions(table, origins, value, one.origin)
                elif key not in self.table:
                    table[key], origins[key] = value, (one.origin,)
        return WrittenRule(table, origins)


def parse_defaults(
    tables: object, file: str, text: str = ""
) -> tuple[tuple[RuleDefaults, ...], list[ConfigProblem]]:
    """Return the defaults of a file, and every mistake in them with its line in `text`."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        message = "write each of the defaults as a table headed [[defaults]]"
        return (), [ConfigProblem(f"{file}: defaults", message)]
    found: list[RuleDefaults] = []
    problems: list[ConfigProblem] = []
    for at, table in enumerate(tables):
        for key, message in _find_mistakes(table):
            name = re.split(r"[.\[]", key, maxsplit=1)[0]
            where = f"defaults[{at}].{key}" if key else f"defaults[{at}]"
            problems.append(ConfigProblem(f"{_place(file, text, at, name)}: {where}", message))
        line = _find_line(text, at)
        origin = f"{file}, defaults in line {line}" if line else f"{file}, defaults[{at}]"
        keys = {key: value for key, value in table.items() if key != "rules"}
        found.append(RuleDefaults(_list_patterns(table), keys, origin))
    return (() if problems else tuple(found)), problems


def find_unknown_rules(
    defaults: Sequence[RuleDefaults], ids: Collection[str], file: str, text: str = ""
) -> Iterator[ConfigProblem]:
    """Yield the names under `rules` that no rule has."""
    for at, one in enumerate(defaults):
        for pattern in one.rules:
            if pattern != "*" and not any(matches_wildcard(pattern, name) for name in ids):
                yield ConfigProblem(
                    f"{_place(file, text, at, 'rules')}: defaults[{at}].rules",
                    f"no rule is called {pattern!r}; {suggest_nearest(pattern, sorted(ids))}",
                )


def _find_mistakes(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each mistake of a table with its key, empty for the table itself."""
    for key in table:
        if key in _OF_ONE_RULE:
            yield key, _OF_ONE_RULE[key]
    if not set(table) - {"rules"}:
        yield "", "says nothing; write at least one key beside rules, like channel or none"
    shared = {key: value for key, value in table.items() if key not in _OF_ONE_RULE}
    _, problems = validate_model(DefaultsTable, shared, "")
    if table.get("rules") == []:
        yield "rules", "an empty list means no rule; leave it out for all"
    conditions = table.get(_ADDED)
    _, wrong = parse_conditions(conditions if isinstance(conditions, list) else [], _ADDED)
    yield from ((problem.where, problem.message) for problem in (*problems, *wrong))


def _list_patterns(table: Mapping[str, Any]) -> tuple[str, ...]:
    named = table.get("rules", "*")
    return tuple(named) if isinstance(named, list) else (str(named),)


def _add_conditions(
    table: dict[str, Any], origins: dict[str, tuple[str, ...]], added: object, origin: str
) -> None:
    """Add conditions to `none` of a rule; one that stands there already is not doubled."""
    present = table.get(_ADDED, [])
    if not (isinstance(present, list) and isinstance(added, list)):
        return  # a mistake of the rule, which is told where the rule is read
    new = [item for item in added if item not in present]
    table[_ADDED] = [*present, *new]
    origins[_ADDED] = (*origins.get(_ADDED, ()), *[origin] * len(new))


def _count(value: object) -> int:
    return len(value) if isinstance(value, list) else 1


def _place(file: str, text: str, at: int, key: str) -> str:
    line = _find_line(text, at, key)
    return f"{file}, line {line}" if line else file


def _find_line(text: str, at: int, key: str = "") -> int:
    """Return the line of a key in the table `[[defaults]]` at a place, or of its head; 0 for none.

    Counted from 1. What stands in texts of several lines is no key.
    """
    head = re.compile(r"\s*\[\[\s*[\"']?defaults[\"']?\s*\]\]")
    wanted = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]")
    seen, found, quote = -1, 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if not quote:
            if head.match(line):
                seen += 1
                found = number if seen == at else found
            elif re.match(r"\s*\[\[?\s*[\w\"']+\s*\]", line) and seen == at:
                return found
            elif seen == at and key and wanted.match(line):
                return number
        for mark in re.findall(r"\"\"\"|'''", line):
            quote = "" if mark == quote else quote or mark
    return found
