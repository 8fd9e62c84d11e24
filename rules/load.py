"""Reading rules from TOML files; every mistake is named at once by its file, rule and key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from monitor.config import read_toml, validate_model
from monitor.domain.silencer import Silencer
from monitor.errors import ConfigError, ConfigProblem, suggest_nearest
from rules.base import Condition
from rules.defaults import RuleDefaults, WrittenRule, find_unknown_rules, parse_defaults
from rules.rule import Escalation, Rule
from rules.tables import RuleTable, find_misplaced_windows, parse_conditions

_PRESETS = Path(__file__).parent / "presets"
_PARTS = ("all", "any", "none")


def load_rules(
    file: Path | None = None, presets: Sequence[str] = (), *, signals: bool = True
) -> tuple[Rule, ...]:
    """Return the rules of the presets and of the file, in that order.

    A rule with the id of an earlier one takes its place; one in the file without conditions changes
    that rule in part, and the defaults of the file are merged into every rule. Without `signals`
    those of presets look for words instead. Raises ConfigError with the mistakes of all of them.
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


def preset_suites(names: Sequence[str]) -> tuple[Path, ...]:
    """Return the files with the tests of presets and of those that they include, each once."""
    found: dict[Path, None] = {}
    for name in names:
        included = read_toml(_PRESETS / f"{name}.toml").get("include", ())
        suites = (*preset_suites(included), _PRESETS / "tests" / f"{name}.toml")
        found.update(dict.fromkeys(suites))
    return tuple(path for path in found if path.exists())


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
    rules = (*included, *parse_rules(data, path.name, origin=f"preset {name}"))
    by_words = _PRESETS / "words" / path.name
    if signals or not by_words.exists():
        return rules
    instead = {rule.id: rule for rule in load_rules_file(by_words, f"preset {name}")}
    return tuple(instead.get(rule.id, rule) for rule in rules)


def load_rules_file(path: Path, origin: str = "") -> tuple[Rule, ...]:
    """Return the rules of a TOML file; raises ConfigError with every mistake in it."""
    data = read_toml(path)
    return parse_rules(data, path.name, text=path.read_text("utf-8-sig"), origin=origin)


def load_own_rules(path: Path, presets: Mapping[str, Rule]) -> tuple[Rule, ...]:
    """Return the rules of a file, and those of presets that its defaults change."""
    data = read_toml(path)
    return parse_rules(data, path.name, text=path.read_text("utf-8-sig"), presets=presets)


def parse_rules(
    data: Mapping[str, Any],
    file: str,
    *,
    text: str = "",
    origin: str = "",
    presets: Mapping[str, Rule] | None = None,
) -> tuple[Rule, ...]:
    """Return the rules of a parsed file; `file` names it in mistakes.

    `text` is the file itself, for the lines of mistakes, and `origin` what people call it. Of
    `presets`, rules by id, those come too that the defaults of the file change. Raises ConfigError
    with all mistakes.
    """
    known = ["rules", "defaults"]
    problems = [
        ConfigProblem(f"{file}: {key}", f"unknown key; {suggest_nearest(key, known)}")
        for key in data
        if key not in known
    ]
    defaults, mistakes = parse_defaults(data.get("defaults", []), file, text)
    problems += mistakes
    tables = data.get("rules", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigError(
            [
                *problems,
                ConfigProblem(f"{file}: rules", "write each rule as a table headed [[rules]]"),
            ]
        )
    if presets is not None:
        ids = {*presets, *(str(table.get("id")) for table in tables)}
        problems += find_unknown_rules(defaults, ids, file, text)
    written = [WrittenRule.of(table, origin or file) for table in tables]
    rules = _parse_tables(written, file, defaults, presets or {}, problems)
    rules += _change_presets(written, file, defaults, presets or {}, problems)
    if problems:
        raise ConfigError(problems)
    return tuple(rules)


def _parse_tables(
    tables: Sequence[WrittenRule],
    file: str,
    defaults: Sequence[RuleDefaults],
    presets: Mapping[str, Rule],
    problems: list[ConfigProblem],
) -> list[Rule]:
    """Return the rules of a file; their mistakes are added to the problems."""
    rules: list[Rule] = []
    first_position: dict[str, int] = {}  # by id
    for at, written in enumerate(tables):
        where = _rule_location(file, at, written.table.get("id"))
        rule, mistakes = _parse_rule(_complete(written, presets).merge(defaults), where)
        problems += mistakes
        if rule:
            rules.append(rule)
        name = str(written.table.get("id", at))
        first = first_position.setdefault(name, at)
        if first != at:
            problems.append(
                ConfigProblem(f"{where}.id", f"{name!r} is already taken by rules[{first}]")
            )
    return rules


def _change_presets(
    tables: Sequence[WrittenRule],
    file: str,
    defaults: Sequence[RuleDefaults],
    presets: Mapping[str, Rule],
    problems: list[ConfigProblem],
) -> list[Rule]:
    """Return the rules of presets that defaults change and that the file does not hold itself."""
    own = {written.table.get("id") for written in tables}
    rules: list[Rule] = []
    for preset in presets.values():
        before = WrittenRule(preset.definition, preset.origins)
        after = before.merge(defaults)
        if preset.id in own or after.table == before.table:
            continue
        rule, mistakes = _parse_rule(after, f'{file}: defaults of the rule "{preset.id}"')
        problems += mistakes
        rules += [rule] if rule else []
    return rules


def _complete(written: WrittenRule, presets: Mapping[str, Rule]) -> WrittenRule:
    """Return the rule, with all that it leaves as it is where it changes one in part."""
    changed = presets.get(str(written.table.get("id")))
    if changed is None or "all" in written.table or "any" in written.table:
        return written
    return WrittenRule(changed.definition, changed.origins).override(written)


def _rule_location(file: str, at: int, rule_id: object) -> str:
    if isinstance(rule_id, str) and rule_id:
        return f'{file}: rule "{rule_id}" (rules[{at}])'
    return f"{file}: rules[{at}]"


def _parse_rule(written: WrittenRule, where: str) -> tuple[Rule | None, list[ConfigProblem]]:
    """Return the rule, or None, and the mistakes in it.

    Its conditions are read even where the rest is wrong, so that all mistakes are found.
    """
    table = written.table
    read_table, table_problems = validate_model(RuleTable, table, f"{where}.")
    problems = [
        ConfigProblem(problem.where.removesuffix("."), problem.message)
        for problem in table_problems
    ]
    conditions: dict[str, tuple[Condition, ...]] = {}
    for part in _PARTS:
        listed = table.get(part)
        items = listed if isinstance(listed, list) else []
        conditions[part], mistakes = parse_conditions(items, f"{where}.{part}")
        problems += mistakes
    problems += find_misplaced_windows(conditions, where)
    if read_table is None or problems:
        return None, problems
    return _build_rule(read_table, conditions, written), []


def _build_rule(
    table: RuleTable, conditions: Mapping[str, tuple[Condition, ...]], written: WrittenRule
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
        hold_for=table.hold_for,
        keep_firing_for=table.keep_firing_for,
        group_wait=table.group_wait,
        silenced_by=tuple(Silencer(one.rule, one.equal) for one in table.silenced_by),
        escalate=tuple(sorted(steps, key=lambda step: step.after)),
        definition=dict(written.table),
        origins=written.origins,
    )
