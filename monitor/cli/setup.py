"""init, check, db upgrade, db rebuild: getting to a running program."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.application import app, make_command_group
from monitor.cli.options import CONFIG, ConfigOption, JsonOption
from monitor.cli.output import print_json
from monitor.errors import ConfigError, ConfigProblem, RepwatchError

database_commands = make_command_group()


@app.command("init")
def write_config(
    folder: Annotated[Path, typer.Argument(help="Where to write config.toml.")] = Path(),
) -> None:
    """Write a commented config.toml and say what to do next; never overwrites.

    Example: [bold]repwatch init[/bold]
    """
    from monitor.cli.terminal import err, out

    target = folder / "config.toml"
    _write_example(target)
    out.print(f"wrote {target}", markup=False)
    option = "" if target == CONFIG else f" --config {target}"
    err.print(
        f"Next: `repwatch once{option}` reads the sample source; it is old, so its matches are "
        "counted in silence.\n"
        f"Then add your own sources to {target}, and `repwatch check{option}` tells whether they "
        "answer.",
        markup=False,
    )


@app.command("check")
def check_setup(config: ConfigOption = CONFIG, json: JsonOption = False) -> None:
    """Check configuration, rules, credentials and whether every source answers; nothing is stored
    or sent.

    Example: [bold]repwatch check --config config.toml[/bold]
    """
    from monitor import bootstrap
    from monitor.checks import run_checks
    from monitor.cli.terminal import out
    from monitor.logs import configure_logging

    checked = bootstrap.load_checked_config(config, os.environ)
    configure_logging(checked.settings.log, checked.settings.secrets.redact)
    findings = run_checks(checked)
    checked.http.close()
    if json:
        print_json([{"part": item.part, "ok": item.ok, "says": item.says} for item in findings])
    else:
        for item in findings:
            mark = "[green]ok[/green]    " if item.ok else "[red]failed[/red]"
            out.print(f"{mark} ", end="")
            out.print(f"{item.part}: {item.says}", markup=False, soft_wrap=True)
    if not all(item.ok for item in findings):
        raise typer.Exit(1)


@database_commands.command("upgrade")
def upgrade_database(config: ConfigOption = CONFIG) -> None:
    """Bring the database to this version; nothing is done when it is there already.

    Example: [bold]repwatch db upgrade[/bold]
    """
    from monitor import bootstrap
    from monitor.cli.terminal import out

    checked = bootstrap.load_checked_config(config, os.environ)
    checked.http.close()
    version = bootstrap.upgrade_store(checked.settings)
    out.print(f"the database is at version {version}", markup=False)


@database_commands.command("rebuild")
def rebuild_database(config: ConfigOption = CONFIG, json: JsonOption = False) -> None:
    """Count all feedback anew for the digest; safe while repwatch runs.

    Needed after the official accounts of a source have changed, whose feedback is left out.

    Example: [bold]repwatch db rebuild[/bold]
    """
    from monitor.cli.program import open_program
    from monitor.cli.terminal import out, show_counted_progress
    from monitor.pipeline.rebuild import rebuild_counts

    with open_program(config) as program, show_counted_progress("counting months") as progress:
        result = rebuild_counts(program.store, program.ingest.official, *progress)
    if json:
        print_json({"months": result.months, "feedback": result.feedback, "marked": result.marked})
        return
    out.print(
        f"counted {result.feedback:,} feedback of customers in {result.months} months; "
        f"{result.marked:,} marked anew as written by your own accounts or not",
        markup=False,
        soft_wrap=True,
    )


def _write_example(target: Path) -> None:
    """Write the shipped config.toml to `target`.

    Raises ConfigError where a file is there already, RepwatchError where none can be written.
    """
    from importlib import resources

    template = resources.files("monitor").joinpath("config.example.toml").read_text("utf-8")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(template)
    except FileExistsError:
        problem = ConfigProblem(str(target), "is already there and is left as it is")
        raise ConfigError([problem]) from None
    except OSError as error:
        raise RepwatchError(f"cannot write {target}: {error.strerror}") from None
