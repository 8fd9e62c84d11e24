"""rules backtest: when would it have fired?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.options import CONFIG, ConfigOption, JsonOption
from monitor.cli.output import print_json
from monitor.cli.rules import rule_commands
from monitor.errors import ConfigError, ConfigProblem, suggest_nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.bootstrap import App
    from monitor.store import Transaction
    from monitor.tuning.backtest import BacktestRequest
    from rules.rule import Rule

_LONGEST_DAYS = 366


@rule_commands.command("backtest")
def backtest_rule(
    rule: Annotated[str, typer.Option("--rule", help="Its id, as `rules list` shows it.")] = "",
    file: Annotated[
        Path | None,
        typer.Option("--file", help="Rules as they would be: try the one of this file instead."),
    ] = None,
    days: Annotated[
        int, typer.Option("--days", min=1, max=_LONGEST_DAYS, help="How many days, with today.")
    ] = 28,
    against: Annotated[
        str,
        typer.Option("--against", help="Compare with a file of rules, or an earlier version."),
    ] = "",
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Try a rule on the days that were: what it would have sent, and whether that was useful.

    What decides is what decides when feedback comes in, on what is stored; nothing is sent or
    changed. A rule of a file is compared with the one that is in force.

    Example: [bold]repwatch rules backtest --rule billing --days 28[/bold]
    Example: [bold]repwatch rules backtest --file draft.toml --rule billing[/bold]
    """
    from monitor.cli.backtest_views import print_backtest, to_backtest_json
    from monitor.cli.program import open_program
    from monitor.tuning.backtest import run_backtest

    with open_program(config) as program:
        rules = program.rules.load_rules().rules
        tried = _find_rule(rule, load_draft(file, rules) if file else rules)
        with program.store.read() as tx:
            other = _find_other(tx, against, tried, rules)
            found = run_backtest(tx, make_request(program, tried, other, days))
    if json:
        print_json(to_backtest_json(found))
    else:
        print_backtest(found)


def make_request(program: App, tried: Rule, other: Rule | None, days: int = 28) -> BacktestRequest:
    """Return the back-test of a rule over the last days, among all rules that hold."""
    from monitor import bootstrap
    from monitor.pipeline.grouping import AlertPolicy
    from monitor.tuning.backtest import BacktestRequest, find_first_day

    settings, now = program.config.settings, bootstrap.utc_now()
    rules = program.rules.load_rules().rules
    zone = settings.digest.timezone or "UTC"
    return BacktestRequest(
        rule=tried,
        rules=rules,
        since=find_first_day(now, days, zone),
        until=now,
        policy=AlertPolicy.from_settings(settings),
        channel=program.notifier.default_channel,
        calendar=settings.hours.business_calendar,
        zone=zone,
        source_ids=tuple(source.id for source in settings.sources),
        workspace=settings.workspace,
        against=other,
    )


def load_draft(file: Path, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the rules of a file, which may change those in force in part.

    Of a file of defaults alone, all that they change.
    """
    from monitor.config import read_toml
    from rules.load import load_own_rules

    loaded = load_own_rules(file, {each.id: each for each in rules})
    written = {table["id"] for table in read_toml(file).get("rules", ())}
    return tuple(each for each in loaded if each.id in written) or loaded


def _find_rule(rule_id: str, rules: Sequence[Rule]) -> Rule:
    """Return the rule with an id, or the only one there is; raises ConfigError."""
    if not rule_id and len(rules) == 1:
        return rules[0]
    found = next((rule for rule in rules if rule.id == rule_id), None)
    if found is not None:
        return found
    ids = [rule.id for rule in rules]
    unknown = f"there is no rule {rule_id!r}; {suggest_nearest(rule_id, ids)}"
    message = unknown if rule_id else f"which rule? one of: {', '.join(ids)}"
    raise ConfigError([ConfigProblem("--rule", message)])


def _find_other(tx: Transaction, against: str, tried: Rule, rules: Sequence[Rule]) -> Rule | None:
    """Return what the rule is compared with: a file, an earlier version, or what is in force."""
    from rules.load import parse_rules

    if not against:
        in_force = next((rule for rule in rules if rule.id == tried.id), None)
        return in_force if in_force and in_force.version != tried.version else None
    if Path(against).exists():
        return _find_rule(tried.id, load_draft(Path(against), rules))
    versions = tx.rules.versions(tried.id)
    found = [one for one in versions if one.version.startswith(against)]
    if not found:
        known = ", ".join(one.version for one in versions) or "none yet"
        message = f"{against!r} is no file, and no version of {tried.id!r}; its versions: {known}"
        raise ConfigError([ConfigProblem("--against", message)])
    [rule] = parse_rules({"rules": [dict(found[0].definition)]}, f"version {found[0].version}")
    return rule
