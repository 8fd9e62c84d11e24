"""What rules say and probably do not mean: nothing of it keeps them from being used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from typing import Any

from monitor.errors import suggest_nearest
from monitor.section import parse_duration
from rules.base import Condition
from rules.findings import RuleWarning
from rules.rule import Rule, RuleMode
from rules.spans import format_span

_QUOTED = re.compile(r'"[^"]*"')
_OPERATOR = re.compile(r"AND|OR|NOT|NEAR/\d+")
_LOWER_OPERATORS = ("and", "or", "not")
_CHANNEL = re.compile(r"#[^\s#A-Z.,;:!?'\"@]{1,80}|[CGD][A-Z0-9]{8,}|[UW][A-Z0-9]{8,}")
_PARTS = ("all", "any", "none")
#: Of each limit the key, in the order in which people act.
_LIMITS = ("acknowledge_within", "respond_within", "resolve_within")
#: Conditions that hold for one range of a number: the lowest and the highest there is.
_RANGES: Mapping[str, tuple[float, float]] = {"stars": (1, 5), "problem": (0, 1)}


@dataclass(frozen=True, slots=True)
class WrittenCondition:
    """A condition, and where it stands in its rule."""

    part: str  #: all, any or none
    at: int  #: its place in that list
    condition: Condition
    table: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """The name under which rules know it."""
        return self.condition.kind()

    def path_of(self, key: str) -> tuple[str | int, ...]:
        """Return the way to one of its keys; to itself where it is written in its short form."""
        return self.part, self.at, self.kind, key

    def says_the_same_as(self, other: WrittenCondition) -> bool:
        """Return whether both ask for the same."""
        return self.kind == other.kind and self.table == other.table


def list_conditions(rule: Rule) -> tuple[WrittenCondition, ...]:
    """Return every condition of a rule with its table, short forms written out."""
    found = []
    for part in _PARTS:
        written = rule.definition.get(part, [])
        for at, (item, condition) in enumerate(zip(written, getattr(rule, part), strict=True)):
            [value] = item.values()
            found.append(WrittenCondition(part, at, condition, type(condition).table(value)))
    return tuple(found)


def find_unknown_sources(rules: Iterable[Rule], source_ids: Sequence[str]) -> Iterator[RuleWarning]:
    """Yield the sources that conditions name and nobody has configured."""
    for rule in _list_active(rules):
        for written in list_conditions(rule):
            ids = written.table.get("id", ()) if written.kind == "source" else ()
            for name in [ids] if isinstance(ids, str) else ids:
                if name not in source_ids:
                    hint = suggest_nearest(name, source_ids)
                    message = f"no source is called {name!r}; {hint}"
                    yield RuleWarning(rule.id, written.path_of("id"), message, f'"{name}"')


def find_lower_operators(rules: Iterable[Rule]) -> Iterator[RuleWarning]:
    """Yield the words of text queries that look like operators and are looked for as words."""
    for rule in _list_active(rules):
        for written in list_conditions(rule):
            query = written.table.get("query")
            if written.kind != "text" or not isinstance(query, str):
                continue
            word = _find_lower_operator(query)
            if word:
                message = (
                    f"{word!r} is looked for as a word; write {word.upper()} where it is an "
                    "operator, or put it in quotes"
                )
                yield RuleWarning(rule.id, written.path_of("query"), message, f" {word} ")


def find_swapped_limits(rules: Iterable[Rule]) -> Iterator[RuleWarning]:
    """Yield limits that end before one of an earlier step does."""
    for rule in _list_active(rules):
        for earlier, later in combinations(_LIMITS, 2):
            first, last = getattr(rule, earlier), getattr(rule, later)
            if first is not None and last is not None and first > last:
                message = (
                    f"{earlier} ({format_span(first)}) ends after {later} ({format_span(last)}); "
                    "exchange them"
                )
                yield RuleWarning(rule.id, (earlier,), message)


def find_odd_channels(rules: Iterable[Rule]) -> Iterator[RuleWarning]:
    """Yield channels that cannot be one in Slack; whether one exists `repwatch check` asks."""
    for rule in _list_active(rules):
        places: list[tuple[tuple[str | int, ...], str]] = [(("channel",), rule.channel)]
        places += [
            (("escalate", at, "channel"), str(step.get("channel", "")))
            for at, step in enumerate(rule.definition.get("escalate", []))
        ]
        for path, channel in places:
            if channel and not _CHANNEL.fullmatch(channel):
                message = f"{channel!r} is no channel; {_suggest_channel(channel)}"
                yield RuleWarning(rule.id, path, message)


def find_contradictions(rules: Iterable[Rule]) -> Iterator[RuleWarning]:
    """Yield conditions because of which a rule can never hold."""
    for rule in _list_active(rules):
        conditions = list_conditions(rule)
        needed = [one for one in conditions if one.part == "all"]
        if len(rule.any) == 1:
            needed += [one for one in conditions if one.part == "any"]
        for excluded in (one for one in conditions if one.part == "none"):
            if any(excluded.says_the_same_as(one) for one in needed):
                message = "the rule can never hold: what must hold must not"
                yield RuleWarning(rule.id, ("none", excluded.at, excluded.kind), message)
        for one, other in combinations(needed, 2):
            if one.kind == other.kind and _exclude_each_other(one, other):
                said = f"{one.condition.describe()}, and {other.condition.describe()}"
                message = f"the rule can never hold: no feedback {said}"
                yield RuleWarning(rule.id, (other.part, other.at, other.kind), message)


def find_covered_rules(rules: Iterable[Rule]) -> Iterator[RuleWarning]:
    """Yield the rules that hold only where another does that leads before them: they add nothing.

    Only what is written alike is compared: other words for the same are not seen.
    """
    live = [rule for rule in rules if rule.mode is RuleMode.LIVE and not rule.unless_other]
    for rule in live:
        for other in live:
            if rule is not other and _leads(other, rule, live) and _covers(other, rule):
                message = (
                    f"whenever it holds {other.id!r} does, which leads: no alert is ever its own"
                )
                yield RuleWarning(rule.id, ("id",), message)
                break


def find_parts_of_nothing(
    tables: Sequence[Mapping[str, Any]], preset_ids: Sequence[str]
) -> Iterator[RuleWarning]:
    """Yield rules without conditions that change a rule which no preset in use has."""
    for table in tables:
        rule_id = str(table.get("id", ""))
        if "all" not in table and "any" not in table and rule_id not in preset_ids:
            hint = suggest_nearest(rule_id, preset_ids) if preset_ids else "no preset is in use"
            message = f"it has no conditions, and no preset in use has a rule {rule_id!r}; {hint}"
            yield RuleWarning(rule_id, ("id",), message)


def find_short_windows(
    rules: Iterable[Rule], intervals: Mapping[str, timedelta]
) -> Iterator[RuleWarning]:
    """Yield windows that are shorter than the time between two polls of a source.

    `intervals` are those of the sources by their ids. What comes with one poll is then never in one
    window with what came with another.
    """
    if not intervals:
        return
    slowest = max(intervals, key=lambda name: intervals[name])
    for rule in _list_active(rules):
        for written in list_conditions(rule):
            within = written.table.get("within")
            if not type(written.condition).counts_arrivals or within is None:
                continue
            if parse_duration(within) < intervals[slowest]:
                message = (
                    f"shorter than the {format_span(intervals[slowest])} between two polls of "
                    f"{slowest!r}: what two polls bring is never counted together"
                )
                yield RuleWarning(rule.id, written.path_of("within"), message)


def _list_active(rules: Iterable[Rule]) -> Iterator[Rule]:
    return (rule for rule in rules if rule.mode is not RuleMode.OFF)


def _find_lower_operator(query: str) -> str:
    """Return the first word between two words that is an operator in lower case; empty for none.

    Beside an operator it is a word that is meant as one.
    """
    tokens = _QUOTED.sub("quoted", query).replace("(", " AND ").replace(")", " AND ").split()
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        beside = _OPERATOR.fullmatch(before) or _OPERATOR.fullmatch(after)
        if token in _LOWER_OPERATORS and not beside:
            return token
    return ""


def _suggest_channel(channel: str) -> str:
    fixed = "#" + re.sub(r"[^\w-]+", "-", channel.lstrip("#").lower()).strip("-")
    if _CHANNEL.fullmatch(fixed):
        return f"did you mean {fixed!r}?"
    return 'write its name, like "#support", or its id'


def _exclude_each_other(one: WrittenCondition, other: WrittenCondition) -> bool:
    if one.kind in _RANGES:
        return _ranges_exclude(_to_range(one), _to_range(other))
    if one.kind == "source":
        ids, others = _to_names(one.table.get("id")), _to_names(other.table.get("id"))
        return bool(ids and others) and ids.isdisjoint(others)
    return False


def _ranges_exclude(one: tuple[float, float, bool], other: tuple[float, float, bool]) -> bool:
    (low, high, is_open), (other_low, other_high, other_open) = one, other
    return _is_beyond(low, other_high, other_open) or _is_beyond(other_low, high, is_open)


def _is_beyond(low: float, high: float, is_open: bool) -> bool:
    return low >= high if is_open else low > high


def _to_range(written: WrittenCondition) -> tuple[float, float, bool]:
    """Return the lowest and the highest value, and whether the highest itself is out."""
    table, (lowest, highest) = written.table, _RANGES[written.kind]
    if "exactly" in table:  # of the nearest whole number: a half counts up
        return table["exactly"] - 0.5, table["exactly"] + 0.5, True
    low = table.get("min", table.get("at_least", lowest))
    if "below" in table:
        return low, table["below"], True
    return low, table.get("max", highest), False


def _to_names(value: object) -> frozenset[str]:
    if value is None:
        return frozenset()
    return frozenset([value] if isinstance(value, str) else map(str, value))  # type: ignore[call-overload]


def _leads(one: Rule, other: Rule, rules: Sequence[Rule]) -> bool:
    """Return whether a rule stands before another on an alert that both hold for."""
    if one.severity is other.severity:
        return rules.index(one) < rules.index(other)
    return one.severity.rank < other.severity.rank


def _covers(wide: Rule, narrow: Rule) -> bool:
    """Return whether the wide rule holds wherever the narrow one does, by what is written."""
    own, narrower = list_conditions(wide), list_conditions(narrow)

    def is_among(written: WrittenCondition, part: str) -> bool:
        return any(one.part == part and written.says_the_same_as(one) for one in narrower)

    needed = all(is_among(one, "all") for one in own if one.part == "all")
    excluded = all(is_among(one, "none") for one in own if one.part == "none")
    alternatives = [one for one in own if one.part == "any"]
    narrow_any = [one for one in narrower if one.part == "any"]
    one_of_them = not alternatives or any(is_among(one, "all") for one in alternatives)
    same = bool(narrow_any) and all(
        any(one.says_the_same_as(other) for other in alternatives) for one in narrow_any
    )
    return needed and excluded and (one_of_them or same)
