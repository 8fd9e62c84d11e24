"""rules check, list and show: what a manager needs before saving a rule."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.application import make_command_group
from monitor.cli.options import CONFIG, ConfigOption, JsonOption
from monitor.cli.output import print_json

if TYPE_CHECKING:
    from monitor.tuning.rule_layers import EffectiveRules
    from rules.rule import Rule

rule_commands = make_command_group()


@rule_commands.command("check")
def check_rules(
    file: Annotated[
        Path | None, typer.Argument(help="A rules file; the configured ones where it is left out.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with 1 where there are warnings.")
    ] = False,
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Check rules: mistakes and warnings, each with file, line and column.

    Exit code 2 for a mistake. A warning is what can be used and is probably not meant.

    Example: [bold]repwatch rules check rules.toml[/bold]
    """
    from monitor.cli.rules_check import check_rules as find_all
    from monitor.cli.rules_check import print_check_report, to_check_json

    report = find_all(file, config)
    if json:
        print_json(to_check_json(report))
    else:
        print_check_report(report)
    if report.mistakes:
        raise typer.Exit(2)
    if strict and report.warnings:
        raise typer.Exit(1)


@rule_commands.command("list")
def list_rules(config: ConfigOption = CONFIG, json: JsonOption = False) -> None:
    """List the rules that hold, with what each asks.

    Example: [bold]repwatch rules list[/bold]
    """
    from rich.table import Table
    from rich.text import Text

    from monitor.cli.program import load_effective_rules
    from monitor.cli.terminal import out, print_text

    effective = load_effective_rules(config)
    rules = effective.rules
    if json:
        print_json([_to_dict(rule, effective) for rule in rules])
        return
    if not rules:
        out.print("no rules: name a file or presets under [rules] in the configuration")
        return
    table = Table("id", "severity", "mode", "groups by", "asks", box=None, pad_edge=False)
    for rule in rules:
        table.add_row(*map(Text, _rule_cells(rule)))
    out.print(table)
    for rule_id, tried in effective.candidates.items():
        print_text(f"{rule_id}: version {tried.number} is tried in shadow beside this one")


@rule_commands.command("show")
def show_rule(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="The id of the rule.")],
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Show a rule as complete TOML, with where each part was written.

    It can be copied; preset, change in part and defaults are merged. Example: [bold]repwatch rules
    show billing[/bold]
    """
    from monitor.cli.program import load_effective_rules
    from monitor.cli.terminal import out
    from monitor.errors import ConfigError, ConfigProblem, suggest_nearest
    from rules.show import format_rule

    effective = load_effective_rules(config)
    rules = {rule.id: rule for rule in effective.rules}
    rule = rules.get(rule_id)
    if rule is None:
        hint = suggest_nearest(rule_id, list(rules)) if rules else "there are no rules"
        raise ConfigError([ConfigProblem("rules", f"no rule is called {rule_id!r}; {hint}")])
    if json:
        origins = {key: list(places) for key, places in rule.origins.items()}
        print_json({**_to_dict(rule, effective), "origins": origins})
        return
    out.print(format_rule(rule), end="", markup=False, highlight=False, soft_wrap=True)


def _to_dict(rule: Rule, effective: EffectiveRules) -> dict[str, Any]:
    """Return a rule for machines: its text, with its number and what is tried beside it."""
    tried = effective.candidates.get(rule.id)
    own = {"id": rule.id, "version": rule.version, "number": rule.number}
    return {**own, "tried": tried.number if tried else None, **rule.definition}


def _rule_cells(rule: Rule) -> tuple[str, ...]:
    groups = ", ".join(rule.group_by)
    return rule.id, rule.severity, rule.mode, groups, _describe_conditions(rule)


def _describe_conditions(rule: Rule) -> str:
    """Return what the conditions of a rule ask for, in one line."""
    parts = [condition.describe() for condition in rule.all]
    alternatives = " or ".join(condition.describe() for condition in rule.any)
    stands_alone = len(rule.any) < 2 or not (rule.all or rule.none or rule.unless_other)
    if alternatives:
        parts.append(alternatives if stands_alone else f"({alternatives})")
    parts += [f"not {condition.describe()}" for condition in rule.none]
    if rule.unless_other:
        parts.append("no other rule holds")
    return " and ".join(parts)
