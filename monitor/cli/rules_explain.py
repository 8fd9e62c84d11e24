"""rules explain: why rules fired for a feedback, or stayed quiet."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.options import CONFIG, ConfigOption, JsonOption
from monitor.cli.output import print_json
from monitor.cli.rules import rule_commands


@rule_commands.command("explain")
def explain_rules(
    feedback: Annotated[
        int | None, typer.Option("--feedback", help="Its id, as `search` shows it.")
    ] = None,
    alert: Annotated[
        int | None, typer.Option("--alert", help="Explain all that is in this alert.")
    ] = None,
    all_rules: Annotated[
        bool, typer.Option("--all", help="Also the rules that were far from it, clause by clause.")
    ] = False,
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
) -> None:
    """Tell of a stored feedback which rules fired and which nearly did, clause by clause.

    As of its arrival, by the rules as they are now, beside what was decided then.

    Example: [bold]repwatch rules explain --feedback 1204[/bold]
    Example: [bold]repwatch rules explain --alert 41 --all[/bold]
    """
    from monitor import bootstrap
    from monitor.cli.program import open_program
    from monitor.cli.rules_explain_views import (
        hide_texts,
        print_alert_explanation,
        print_feedback_explanation,
        to_alert_json,
        to_feedback_json,
    )
    from monitor.errors import ConfigError, ConfigProblem
    from monitor.tuning.explain import explain_alert, explain_feedback
    from rules.engine import Engine

    if (feedback is None) == (alert is None):
        message = "say what to explain: either --feedback ID or --alert ID"
        raise ConfigError([ConfigProblem("rules explain", message)])
    with open_program(config) as program, program.store.read() as tx:
        settings = program.config.settings
        engine = Engine(program.config.rules, settings.brand.emergency_line)
        hide = bootstrap.build_masker(settings)
        if alert is None:
            found = explain_feedback(tx, engine, feedback or 0, settings.workspace)
            if json:
                print_json(hide_texts(to_feedback_json(found, all_rules=all_rules), hide))
            else:
                print_feedback_explanation(found, hide, all_rules=all_rules)
            return
        told = explain_alert(tx, engine, alert, settings.workspace)
        if json:
            print_json(hide_texts(to_alert_json(told, all_rules=all_rules), hide))
        else:
            print_alert_explanation(told, hide, all_rules=all_rules)
