"""model status, train, off: what the team's verdicts have taught, and whether it is used."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.application import make_command_group
from monitor.cli.options import CONFIG, ConfigOption, JsonOption
from monitor.cli.output import print_json
from monitor.errors import LearningError

model_commands = make_command_group()


@model_commands.command("status")
def show_model_status(config: ConfigOption = CONFIG, json: JsonOption = False) -> None:
    """Show what was learned of which feedback needs a human and of stages, and how good it was when
    it was measured.

    Example: [bold]repwatch model status[/bold]
    """
    from monitor.cli.model_views import load_learning_status, print_learning_status
    from monitor.cli.program import open_program

    with open_program(config) as program, program.store.read() as tx:
        status = load_learning_status(tx)
    if json:
        print_json(status.to_dict())
    else:
        print_learning_status(status)


@model_commands.command("train")
def train_model(
    config: ConfigOption = CONFIG,
    if_due: Annotated[
        bool,
        typer.Option(
            "--if-due",
            help="Only with new verdicts, a day after the last training, and unless switched off.",
        ),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Learn from the team's verdicts, measure, and use the results where they are better than what
    is shipped.

    Example: [bold]repwatch model train[/bold]
    """
    from monitor import bootstrap
    from monitor.cli.model_views import TOO_FEW_VERDICTS, print_trainings, trainings_to_dict
    from monitor.cli.program import open_program
    from monitor.learning.training import is_training_due, train_models

    with open_program(config) as program:
        now = bootstrap.utc_now()
        if if_due and not is_training_due(program.store, now):
            if json:
                print_json(trainings_to_dict({}))
            return
        if not program.config.settings.analysis.deep:
            message = "learning needs the shipped model; set deep = true under [analysis]"
            raise LearningError(message)
        trainings = train_models(program.store, program.config.analyzer.analyze_without_team, now)
    if not trainings and not if_due:
        raise LearningError(TOO_FEW_VERDICTS)
    if json:
        print_json(trainings_to_dict(trainings))
    else:
        print_trainings(trainings)


@model_commands.command("off")
def switch_off_model(config: ConfigOption = CONFIG) -> None:
    """Use the shipped model, and train none of the team's until `model train` is called by hand.

    Example: [bold]repwatch model off[/bold]
    """
    from monitor import bootstrap
    from monitor.cli.model_views import SWITCHED_OFF
    from monitor.cli.program import open_program
    from monitor.cli.terminal import print_text
    from monitor.learning.training import switch_off_learning

    with open_program(config) as program:
        switch_off_learning(program.store, bootstrap.utc_now())
    print_text(SWITCHED_OFF)
