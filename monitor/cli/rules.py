"""rules check and list: what a manager needs before saving a rule."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from monitor import bootstrap
from monitor.cli.frame import CONFIG, ConfigOption, JsonOption, out, print_json
from monitor.notifiers.wording import format_plural
from rules.rule import Rule

app = typer.Typer(no_args_is_help=True)


@app.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(help="A rules file; the configured ones where it is left out.")
    ] = None,
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Check rules: every mistake with its file, rule and key; exit code 2 when there is one.

    Example: [bold]repwatch rules check rules.toml[/bold]
    """
    rules = (
        bootstrap.load_checked_rules(file, config, os.environ)
        if file
        else _load_configured_rules(config)
    )
    if json:
        print_json({"rules": len(rules), "problems": []})
    else:
        out.print(f"{format_plural(len(rules), 'rule')}, no mistakes")


@app.command("list")
def list_rules(config: ConfigOption = CONFIG, json: JsonOption = False) -> None:
    """List the rules that hold, with what each asks.

    Example: [bold]repwatch rules list[/bold]
    """
    rules = _load_configured_rules(config)
    if json:
        print_json([{"id": rule.id, "version": rule.version, **rule.definition} for rule in rules])
        return
    table = Table("id", "severity", "mode", "groups by", "asks", box=None, pad_edge=False)
    for rule in rules:
        cells = (
            rule.id,
            rule.severity,
            rule.mode,
            ", ".join(rule.group_by),
            _describe_conditions(rule),
        )
        table.add_row(*map(Text, cells))
    out.print(
        table if rules else "no rules: name a file or presets under [rules] in the configuration"
    )


def _describe_conditions(rule: Rule) -> str:
    """What the conditions of a rule ask for, in one line."""
    parts = [item.describe() for item in rule.all]
    parts += [" or ".join(item.describe() for item in rule.any)] if rule.any else []
    parts += [f"not {item.describe()}" for item in rule.none]
    return " and ".join(parts)


def _load_configured_rules(config: Path) -> tuple[Rule, ...]:
    checked = bootstrap.load_checked_config(config, os.environ)
    checked.http.close()
    return checked.rules
