"""The tables of rule files as they are written, and the conditions in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from monitor.config import validate_model
from monitor.domain.advice import MAX_ADVICE, require_placeholders
from monitor.domain.alert import Severity
from monitor.domain.mention import require_mentions
from monitor.errors import ConfigProblem, suggest_nearest
from monitor.registry import UnknownKind, load_plugin
from monitor.settings import Duration, Name, Section, Switch
from rules.base import Condition, ConditionOptions, Texts, ensure_sequence, enum_validator
from rules.rule import GroupBy, RuleMode
from rules.window_condition import WindowCondition


def _require_one_line(value: str) -> str:
    if value.isprintable():
        return value
    raise ValueError("one line of plain text is needed")


OneLineText = Annotated[str, Field(strict=True, max_length=200), AfterValidator(_require_one_line)]
Mentions = Annotated[OneLineText, AfterValidator(require_mentions)]
Advice = Annotated[
    str,
    Field(strict=True, max_length=MAX_ADVICE),
    AfterValidator(_require_one_line),
    AfterValidator(require_placeholders),
]


def _require_condition_list(value: object) -> object:
    if isinstance(value, list):
        return tuple(value)
    raise ValueError(
        'a list of conditions is needed, like [{ text = "refund" }, { stars = { max = 2 } }]'
    )


Conditions = Annotated[tuple[Any, ...], BeforeValidator(_require_condition_list)]


class EscalationTable(Section):
    """One entry of `escalate` as written."""

    after: Duration
    mention: Mentions = ""
    channel: OneLineText = ""

    @model_validator(mode="after")
    def _check_has_recipient(self) -> EscalationTable:
        if not (self.mention or self.channel):
            raise ValueError("mention or channel is needed: whom to call")
        return self


class SilencerTable(Section):
    """One entry of `silenced_by` as written."""

    rule: Name
    equal: Texts = ()


class SharedKeys(Section):
    """The keys that a rule and the defaults of many have in common."""

    severity: Annotated[Severity, enum_validator(Severity)] = Severity.NORMAL
    mode: Annotated[RuleMode, enum_validator(RuleMode)] = RuleMode.LIVE
    none: Conditions = ()
    channel: OneLineText = ""
    mention: Mentions = ""
    fallback: Switch = True
    advice: Advice = ""
    group_by: Annotated[
        tuple[Annotated[GroupBy, enum_validator(GroupBy)], ...],
        BeforeValidator(ensure_sequence),
        Field(min_length=1),
    ] = (GroupBy.TEXT,)
    cooldown: Duration = timedelta()
    acknowledge_within: Duration | None = None
    respond_within: Duration | None = None
    resolve_within: Duration | None = None
    working_hours: bool = False
    reopen_within: Duration | None = None
    unless_other: bool = False
    hold_for: Annotated[Duration, Field(alias="for", le=timedelta(days=7))] = timedelta()
    keep_firing_for: Annotated[Duration, Field(le=timedelta(days=28))] | None = None
    group_wait: Annotated[Duration, Field(le=timedelta(hours=1))] = timedelta()
    silenced_by: tuple[SilencerTable, ...] = ()
    escalate: tuple[EscalationTable, ...] = ()

    @model_validator(mode="after")
    def _check_group_by(self) -> SharedKeys:
        alone = [by.value for by in self.group_by if by in (GroupBy.FEEDBACK, GroupBy.RULE)]
        if alone and len(self.group_by) > 1:
            raise ValueError(f"group_by: {alone[0]!r} stands alone")
        if len(set(self.group_by)) < len(self.group_by):
            raise ValueError("group_by: one value stands there twice")
        return self


class RuleTable(SharedKeys):
    """One `[[rules]]` table as written; its conditions are read apart."""

    id: Name
    name: OneLineText = ""
    all: Conditions = ()
    any: Conditions = ()

    @model_validator(mode="after")
    def _check_conditions(self) -> RuleTable:
        if self.mode is not RuleMode.OFF and not (self.all or self.any):
            raise ValueError(_explain_missing_conditions(self.id))
        return self


class DefaultsTable(SharedKeys):
    """One `[[defaults]]` table as written: what is said once for many rules."""

    rules: Texts = ("*",)  #: ids; a * stands for anything


def _explain_missing_conditions(rule_id: str) -> str:
    """Return what may be wrong with a rule without conditions."""
    return (
        "nothing says what to look for; write at least one condition in all or any (no preset in "
        f"use has a rule {rule_id!r} that this could change)"
    )


def find_misplaced_windows(
    conditions: Mapping[str, Sequence[Condition]], where: str
) -> list[ConfigProblem]:
    """Return a mistake for each condition over a window that does not stand in `all`."""
    return [
        ConfigProblem(
            f"{where}.{part}[{at}].{one.kind()}",
            "it counts what all other conditions hold for, so it stands in all",
        )
        for part, listed in conditions.items()
        for at, one in enumerate(listed)
        if part != "all" and isinstance(one, WindowCondition)
    ]


def parse_conditions(
    items: Sequence[object], where: str
) -> tuple[tuple[Condition, ...], list[ConfigProblem]]:
    """Return the conditions of one list of a rule, and the mistakes in it."""
    conditions: list[Condition] = []
    problems: list[ConfigProblem] = []
    for at, item in enumerate(items):
        condition, mistakes = _parse_condition(item, f"{where}[{at}]")
        if condition:
            conditions.append(condition)
        problems += mistakes
    return tuple(conditions), problems


def _parse_condition(item: object, where: str) -> tuple[Condition | None, list[ConfigProblem]]:
    if not isinstance(item, dict) or len(item) != 1:
        return None, [
            ConfigProblem(
                where,
                "write each condition as one key with its value, like { stars = { max = 2 } }",
            )
        ]
    ((kind, value),) = item.items()
    try:
        condition = load_plugin("rules.conditions", kind, Condition)
        table = condition.table(value)
    except UnknownKind as error:
        message = str(error).replace("unknown kind", "unknown condition")
        return None, [ConfigProblem(f"{where}.{kind}", message)]
    except ValueError as error:
        return None, [ConfigProblem(f"{where}.{kind}", str(error))]
    problems = _find_option_problems(
        condition.Options, table, f"{where}.{kind}", short=not isinstance(value, dict)
    )
    return (None, problems) if problems else (condition(value), [])


def _find_option_problems(
    options: type[ConditionOptions], table: Mapping[str, Any], where: str, *, short: bool
) -> list[ConfigProblem]:
    """Return what is wrong with a condition's table; in a short form there is no key to name."""
    _, found = validate_model(options, table, f"{where}.")
    unknown = {
        f"{where}.{key}": f"unknown key; {suggest_nearest(key, options.allowed_keys())}"
        for key in table
        if key not in options.allowed_keys()
    }
    return [
        ConfigProblem(
            where if short else problem.where.removesuffix("."),
            unknown.get(problem.where, problem.message),
        )
        for problem in found
    ]
