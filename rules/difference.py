"""What is different in two versions of a rule, in words that a manager reads; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest
from typing import Any

from rules.base import Condition
from rules.rule import Escalation, Rule

_PARTS = ("all", "any", "none")
#: How a condition of each list is told.
_SUBJECTS = {"all": "it", "any": "or it", "none": "excludes what"}


def describe_difference(old: Rule, new: Rule) -> tuple[str, ...]:
    """Return a line for each thing that is different, conditions first; empty where nothing is.

    Conditions of a list are matched by their kind: "it has 3 stars or fewer -> 2 stars or fewer".
    """
    conditions = (line for part in _PARTS for line in _compare_conditions(old, new, part))
    return (*conditions, *_compare_keys(old, new))


def loses_conditions(old: Rule, new: Rule) -> bool:
    """Return whether `new` lacks a condition that `old` has, with no other of its kind instead."""
    return any(after is None for part in _PARTS for _, after in _pair_conditions(old, new, part))


@dataclass(frozen=True, slots=True)
class _ComparedCondition:
    """A condition as it is written, and as it is read."""

    kind: str
    value: Any
    condition: Condition


def _list_conditions(rule: Rule, part: str) -> list[_ComparedCondition]:
    conditions: Sequence[Condition] = getattr(rule, part)
    written: Sequence[Any] = rule.definition.get(part, ())
    found = []
    for item, condition in zip(written, conditions, strict=True):
        ((kind, value),) = item.items()
        found.append(_ComparedCondition(kind, value, condition))
    return found


def _pair_conditions(
    old: Rule, new: Rule, part: str
) -> Iterator[tuple[_ComparedCondition | None, _ComparedCondition | None]]:
    """Yield what is different in one list: the condition before and after, None for none.

    What stands in both is no difference, wherever it stands; of the rest those of one kind belong
    together in their order.
    """
    before, after = _list_conditions(old, part), _list_conditions(new, part)
    for one in list(after):
        same = next((each for each in before if _is_same(each, one)), None)
        if same is not None:
            before.remove(same)
            after.remove(one)
    for kind in dict.fromkeys(one.kind for one in (*before, *after)):
        yield from zip_longest(
            [one for one in before if one.kind == kind], [one for one in after if one.kind == kind]
        )


def _is_same(one: _ComparedCondition, other: _ComparedCondition) -> bool:
    return (one.kind, one.value) == (other.kind, other.value)


def _compare_conditions(old: Rule, new: Rule, part: str) -> Iterator[str]:
    subject = _SUBJECTS[part]
    for before, after in _pair_conditions(old, new, part):
        told_before = before.condition.describe() if before else ""
        told_after = after.condition.describe() if after else ""
        if not told_after:
            yield f"{subject} {told_before} (no longer)"
        elif not told_before:
            yield f"{subject} {told_after} (new)"
        elif told_before == told_after:
            yield f"{subject} {told_after} (written otherwise)"
        else:
            yield f"{subject} {told_before} -> {_drop_beginning(told_before, told_after)}"


def _drop_beginning(before: str, after: str) -> str:
    """Return `after` without the words that both begin with; the whole where nothing is left."""
    old, new = before.split(" "), after.split(" ")
    shared = 0
    while shared < min(len(old), len(new)) and old[shared] == new[shared]:
        shared += 1
    return " ".join(new[shared:]) or after


def _compare_keys(old: Rule, new: Rule) -> Iterator[str]:
    for label, tell in _KEYS:
        before, after = tell(old), tell(new)
        if before != after:
            yield f"{label} {before} -> {after}"


def _tell_text(value: str) -> str:
    return value or "none"


def _tell_channel(rule: Rule) -> str:
    return rule.channel or "the default channel"


def _tell_span(span: timedelta | None) -> str:
    """Return a length of time as it is written: "24 h", "90 s", "2 d"."""
    if span is None:
        return "none"
    seconds = span.total_seconds()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        # One day is told as 24 h, as people write it.
        if seconds >= size * (2 if unit == "d" else 1) and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"


def _tell_switch(value: bool) -> str:
    return "yes" if value else "no"


def _tell_escalation(steps: Sequence[Escalation]) -> str:
    told = (
        f"{' '.join(filter(None, (step.mention, step.channel)))} after {_tell_span(step.after)}"
        for step in steps
    )
    return ", ".join(told) or "nobody"


_KEYS: tuple[tuple[str, Callable[[Rule], str]], ...] = (
    ("name", lambda rule: repr(rule.name)),
    ("severity", lambda rule: str(rule.severity)),
    ("mode", lambda rule: str(rule.mode)),
    ("channel", _tell_channel),
    ("mention", lambda rule: _tell_text(rule.mention)),
    ("may go to the default channel", lambda rule: _tell_switch(rule.fallback)),
    ("advice", lambda rule: _tell_text(rule.advice)),
    ("one alert for the same", lambda rule: " and ".join(rule.group_by)),
    ("cooldown", lambda rule: _tell_span(rule.cooldown or None)),
    ("acknowledge within", lambda rule: _tell_span(rule.acknowledge_within)),
    ("respond within", lambda rule: _tell_span(rule.respond_within)),
    ("resolve within", lambda rule: _tell_span(rule.resolve_within)),
    ("counts working time alone", lambda rule: _tell_switch(rule.working_hours)),
    ("reopen within", lambda rule: _tell_span(rule.reopen_within)),
    ("counts only where no other rule holds", lambda rule: _tell_switch(rule.unless_other)),
    ("calls", lambda rule: _tell_escalation(rule.escalate)),
)
