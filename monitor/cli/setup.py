"""init, check, db upgrade: getting to a running program."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from monitor import bootstrap
from monitor.checks import run_checks
from monitor.cli.frame import CONFIG, ConfigOption, JsonOption, app, err, out, print_json
from monitor.errors import ConfigError, ConfigProblem, RepwatchError
from monitor.logs import configure_logging

db_app = typer.Typer(no_args_is_help=True)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where to write config.toml.")] = Path(),
) -> None:
    """Write a commented config.toml and say what to do next; never overwrites.

    Example: [bold]repwatch init[/bold]
    """
    target = folder / "config.toml"
    template = resources.files("monitor").joinpath("config.example.toml").read_text("utf-8")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(template)
    except FileExistsError:
        raise ConfigError(
            [ConfigProblem(str(target), "is already there and is left as it is")]
        ) from None
    except OSError as error:
        raise RepwatchError(f"cannot write {target}: {error.strerror}") from None
    out.print(f"wrote {target}", markup=False)
    option = "" if target == CONFIG else f" --config {target}"
    err.print(
        f"Next: `repwatch once{option}` reads the sample source; it is old, so its matches are "
        "counted in silence.\n"
        f"Then add your own sources to {target}, and `repwatch check{option}` tells whether they "
        "answer.",
        markup=False,
    )


@app.command()
def check(config: ConfigOption = CONFIG, json: JsonOption = False) -> None:
    """Check configuration, rules, credentials and whether every source answers; nothing is stored
    or sent.

    Example: [bold]repwatch check --config config.toml[/bold]
    """
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


@db_app.command("upgrade")
def db_upgrade(config: ConfigOption = CONFIG) -> None:
    """Bring the database to this version; nothing is done when it is there already.

    Example: [bold]repwatch db upgrade[/bold]
    """
    checked = bootstrap.load_checked_config(config, os.environ)
    checked.http.close()
    version = bootstrap.upgrade_store(checked.settings)
    out.print(f"the database is at version {version}", markup=False)
