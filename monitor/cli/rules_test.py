"""rules test: stories with their expectations, through the whole pipeline."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.options import CONFIG, ConfigOption, JsonOption
from monitor.cli.output import print_json
from monitor.cli.rules import rule_commands

if TYPE_CHECKING:
    from monitor.bootstrap import CheckedConfig
    from monitor.tuning.rule_test_files import RuleSuite
    from monitor.tuning.rule_tests import RuleTestBench
    from rules.rule import Rule


@rule_commands.command("test")
def run_rule_tests(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE...", help="Tests; those of the presets in use where none is named."
        ),
    ] = None,
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Run tests of rules: feedback with outages on a clock of its own, and what must come of it.

    What decides is what decides when the program runs, up to the text of the cards; nothing is
    sent or stored. Exit code 1 when a test fails, 2 for a mistake in a file.

    Example: [bold]repwatch rules test tests/billing.toml[/bold]
    """
    from monitor.cli.rules_test_views import print_suites, to_suites_json

    checked = _load_config(config, needed=not files)
    suites = _read_suites(files or _list_preset_suites(checked), checked)
    results = [bench.run_suite(suite) for suite, bench in suites]
    if json:
        print_json(to_suites_json(results))
    else:
        print_suites(results)
    if not all(result.passed for result in results):
        raise typer.Exit(1)


def _load_config(config: Path, *, needed: bool) -> CheckedConfig | None:
    """Return the configuration; None where there is none and tests can do without."""
    from monitor import bootstrap

    if not needed and not config.exists():
        return None
    checked = bootstrap.load_checked_config(config, os.environ)
    checked.http.close()
    return checked


def _list_preset_suites(checked: CheckedConfig | None) -> Sequence[Path]:
    """Return the tests of the presets in use; raises ConfigError where there are none."""
    from monitor.errors import ConfigError, ConfigProblem
    from rules.load import preset_suites

    found = preset_suites(checked.settings.rules.presets) if checked else ()
    if not found:
        message = "no preset is in use whose tests could be run; name a file of tests"
        raise ConfigError([ConfigProblem("rules test", message)])
    return found


def _read_suites(
    files: Sequence[Path], checked: CheckedConfig | None
) -> list[tuple[RuleSuite, RuleTestBench]]:
    """Return the tests of all files, each with the rules it is about.

    Raises ConfigError with the mistakes of all of them, before anything is run.
    """
    from monitor.errors import ConfigError, ConfigProblem
    from monitor.tuning.rule_test_files import find_unknown_rules, read_suite

    suites: list[tuple[RuleSuite, RuleTestBench]] = []
    problems: list[ConfigProblem] = []
    for file in files:
        try:
            suite = read_suite(file)
            rules = _load_rules(suite, checked)
        except ConfigError as error:
            problems += error.problems
            continue
        problems += find_unknown_rules(suite, [rule.id for rule in rules])
        suites.append((suite, _make_bench(rules, checked)))
    if problems:
        raise ConfigError(problems)
    return suites


def _load_rules(suite: RuleSuite, checked: CheckedConfig | None) -> tuple[Rule, ...]:
    from monitor.errors import ConfigError, ConfigProblem
    from rules.load import load_rules

    if not suite.uses_configured:
        deep = checked.settings.analysis.deep if checked else True
        return load_rules(suite.rules_file, suite.settings.presets, signals=deep)
    if checked is None:
        message = "it names neither rules nor presets, and there is no configuration to take from"
        raise ConfigError([ConfigProblem(suite.file, message)])
    return checked.rules


def _make_bench(rules: tuple[Rule, ...], checked: CheckedConfig | None) -> RuleTestBench:
    from monitor.analysis.analyzer import Analyzer
    from monitor.tuning.rule_tests import RuleTestBench

    if checked is None:
        return RuleTestBench(analyzer=Analyzer(), rules=rules)
    settings = checked.settings
    return RuleTestBench(
        analyzer=checked.analyzer,
        rules=rules,
        workspace=settings.workspace,
        calendar=settings.hours.business_calendar,
        attributes=settings.slack.attributes,
        emergency_line=settings.brand.emergency_line,
    )
