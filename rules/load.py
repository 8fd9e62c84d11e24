"""Reading rules from TOML files; every mistake is named at once by its file, rule and key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from monitor.config import read_toml, validate_model
from monitor.domain.advice import MAX_ADVICE, require_placeholders
from monitor.domain.alert import Severity
from monitor.domain.mention import require_mentions
from monitor.errors import ConfigError, ConfigProblem, suggest_nearest
from monitor.registry import UnknownKind, load_plugin
from monitor.settings import Duration, Name, Section, Switch
from rules.base import Condition, ConditionOptions, ensure_sequence, enum_validator
from rules.rule import Escalation, GroupBy, Rule, RuleMode

_PRESETS = Path(__file__).parent / "presets"
_PARTS = ("all", "any", "none")


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


class _EscalationTable(Section):
    after: Duration
    mention: Mentions = ""
    channel: OneLineText = ""

    @model_validator(mode="after")
    def _check_has_recipient(self) -> _EscalationTable:
        if not (self.mention or self.channel):
            raise ValueError("mention or channel is needed: whom to call")
        return self


class _RuleTable(Section):
    """One `[[rules]]` table as written; its conditions are read apart."""

    id: Name
    name: OneLineText = ""
    severity: Annotated[Severity, enum_validator(Severity)] = Severity.NORMAL
    mode: Annotated[RuleMode, enum_validator(RuleMode)] = RuleMode.LIVE
    all: Conditions = ()
    any: Conditions = ()
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
    escalate: tuple[_EscalationTable, ...] = ()

    @model_validator(mode="after")
    def _check_consistency(self) -> _RuleTable:
        if self.mode is not RuleMode.OFF and not (self.all or self.any):
            raise ValueError(_explain_missing_conditions(self.id))
        alone = [by.value for by in self.group_by if by in (GroupBy.FEEDBACK, GroupBy.RULE)]
        if alone and len(self.group_by) > 1:
            raise ValueError(f"group_by: {alone[0]!r} stands alone")
        if len(set(self.group_by)) < len(self.group_by):
            raise ValueError("group_by: one value stands there twice")
        return self


def load_rules(
    file: Path | None = None, presets: Sequence[str] = (), *, signals: bool = True
) -> tuple[Rule, ...]:
    """Return the rules of the presets and of the file, in that order.

    A rule with the id of an earlier one takes its place; one in the file without conditions changes
    that rule in part. Without `signals` those of presets look for words instead. Raises ConfigError
    with the mistakes of all of them.
    """
    rules: dict[str, Rule] = {}
    problems: list[ConfigProblem] = []
    readers = [partial(load_preset, name, signals=signals) for name in presets]
    readers += [partial(load_own_rules, file, rules)] if file else []
    for read_rules in readers:
        try:
            found = read_rules()
        except ConfigError as error:
            problems += error.problems
        else:
            rules.update((rule.id, rule) for rule in found)
    if problems:
        raise ConfigError(problems)
    return tuple(rules.values())


def preset_names() -> tuple[str, ...]:
    """Return the names of the rules that come with the program."""
    return tuple(sorted(path.stem for path in _PRESETS.glob("*.toml")))


def load_preset(name: str, *, signals: bool = True) -> tuple[Rule, ...]:
    """Return the rules of a preset and, before them, of the presets that it includes.

    Without `signals` those that look for words instead. Raises ConfigError when no preset has that
    name.
    """
    if name not in preset_names():
        raise ConfigError(
            [
                ConfigProblem(
                    "rules.presets",
                    f"unknown preset {name!r}; {suggest_nearest(name, preset_names())}",
                )
            ]
        )
    path = _PRESETS / f"{name}.toml"
    data = dict(read_toml(path))
    included = load_rules(presets=data.pop("include", ()), signals=signals)
    rules = (*included, *parse_rules(data, path.name))
    by_words = _PRESETS / "words" / path.name
    if signals or not by_words.exists():
        return rules
    instead = {rule.id: rule for rule in load_rules_file(by_words)}
    return tuple(instead.get(rule.id, rule) for rule in rules)


def load_own_rules(path: Path, presets: Mapping[str, Rule]) -> tuple[Rule, ...]:
    """Return the rules of a file that may change those of presets, known by id, in part."""
    data = dict(read_toml(path))
    if isinstance(data.get("rules"), list):
        data["rules"] = [_complete_table(table, presets) for table in data["rules"]]
    return parse_rules(data, path.name)


def _complete_table(table: object, presets: Mapping[str, Rule]) -> object:
    """Return the table, with all that it leaves as it is where it changes a rule in part."""
    if not isinstance(table, dict) or "all" in table or "any" in table:
        return table
    changed = presets.get(str(table.get("id")))
    return table if changed is None else {**changed.definition, **table}


def _explain_missing_conditions(rule_id: str) -> str:
    """Return what may be wrong with a rule without conditions."""
    return (
        "nothing says what to look for; write at least one condition in all or any (no preset in "
        f"use has a rule {rule_id!r} that this could change)"
    )


def load_rules_file(path: Path) -> tuple[Rule, ...]:
    """Return the rules of a TOML file; raises ConfigError with every mistake in it."""
    return parse_rules(read_toml(path), path.name)


def parse_rules(data: Mapping[str, Any], file: str) -> tuple[Rule, ...]:
    """Return the rules of a parsed file; `file` names it in mistakes.

    Raises ConfigError with all of them.
    """
    problems = [
        ConfigProblem(f"{file}: {key}", f"unknown key; {suggest_nearest(key, ['rules'])}")
        for key in data
        if key != "rules"
    ]
    tables = data.get("rules", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigError(
            [
                *problems,
                ConfigProblem(f"{file}: rules", "write each rule as a table headed [[rules]]"),
            ]
        )
    rules: list[Rule] = []
    first_position: dict[str, int] = {}  # by id
    for at, table in enumerate(tables):
        where = _rule_location(file, at, table.get("id"))
        rule, mistakes = _parse_rule(table, where)
        problems += mistakes
        if rule:
            rules.append(rule)
        name = str(table.get("id", at))
        first = first_position.setdefault(name, at)
        if first != at:
            problems.append(
                ConfigProblem(f"{where}.id", f"{name!r} is already taken by rules[{first}]")
            )
    if problems:
        raise ConfigError(problems)
    return tuple(rules)


def _rule_location(file: str, at: int, rule_id: object) -> str:
    if isinstance(rule_id, str) and rule_id:
        return f'{file}: rule "{rule_id}" (rules[{at}])'
    return f"{file}: rules[{at}]"


def _parse_rule(table: Mapping[str, Any], where: str) -> tuple[Rule | None, list[ConfigProblem]]:
    """Return the rule, or None, and the mistakes in it.

    Its conditions are read even where the rest is wrong, so that all mistakes are found.
    """
    read_table, table_problems = validate_model(_RuleTable, table, f"{where}.")
    problems = [
        ConfigProblem(problem.where.removesuffix("."), problem.message)
        for problem in table_problems
    ]
    conditions: dict[str, tuple[Condition, ...]] = {}
    for part in _PARTS:
        written = table.get(part)
        items = written if isinstance(written, list) else []
        conditions[part], mistakes = _parse_conditions(items, f"{where}.{part}")
        problems += mistakes
    if read_table is None or problems:
        return None, problems
    return _build_rule(read_table, conditions, table), []


def _build_rule(
    table: _RuleTable,
    conditions: Mapping[str, tuple[Condition, ...]],
    definition: Mapping[str, Any],
) -> Rule:
    steps = [Escalation(step.after, step.mention, step.channel) for step in table.escalate]
    return Rule(
        id=table.id,
        name=table.name or table.id,
        severity=table.severity,
        mode=table.mode,
        all=conditions["all"],
        any=conditions["any"],
        none=conditions["none"],
        channel=table.channel,
        mention=table.mention,
        fallback=table.fallback,
        advice=table.advice,
        group_by=table.group_by,
        cooldown=table.cooldown,
        acknowledge_within=table.acknowledge_within,
        respond_within=table.respond_within,
        resolve_within=table.resolve_within,
        working_hours=table.working_hours,
        reopen_within=table.reopen_within,
        unless_other=table.unless_other,
        escalate=tuple(sorted(steps, key=lambda step: step.after)),
        definition=dict(definition),
    )


def _parse_conditions(
    items: Sequence[object], where: str
) -> tuple[tuple[Condition, ...], list[ConfigProblem]]:
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
