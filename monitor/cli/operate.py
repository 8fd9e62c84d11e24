"""once, run, demo: the path at work."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.application import app
from monitor.cli.options import CONFIG, ConfigOption, JsonOption


@app.command("once")
def run_once(
    config: ConfigOption = CONFIG,
    json: JsonOption = False,
    drain: Annotated[
        float,
        typer.Option(
            "--drain",
            min=0,
            max=86_400,
            help="Seconds to wait for what cannot be sent at once.",
            metavar="SECONDS",
        ),
    ] = 0,
) -> None:
    """Poll every source once, decide, send what is due, print a summary.

    Exit code 0: all well; 1: something failed; 2: the configuration is wrong.

    Example: [bold]repwatch once --json --drain 30[/bold]
    """
    from monitor.cli.cycle import print_cycle, run_cycle
    from monitor.cli.terminal import err, out

    cards = err if json else out  # a machine that reads JSON reads nothing else
    result = run_cycle(config, drain, cards=cards)
    print_cycle(result, json=json)
    if result.failed:
        raise typer.Exit(1)


@app.command("run")
def run_continuously(config: ConfigOption = CONFIG) -> None:
    """Poll, decide and send until stopped; SIGTERM and Ctrl-C finish what is in flight.

    Example: [bold]repwatch run --config /etc/repwatch/config.toml[/bold]
    """
    from monitor.cli.service import run_service

    run_service(config)


@app.command("digest-due", hidden=True)
def make_due_digests(config: ConfigOption = CONFIG) -> None:
    """Make the digests that are due, and hand them to the outbox: `run` starts this by itself."""
    from monitor import bootstrap
    from monitor.cli.program import open_program
    from monitor.digest_runs import carry_out_due_digests

    with open_program(config) as program:
        carry_out_due_digests(program, bootstrap.utc_now())


@app.command("demo")
def show_demo() -> None:
    """Show the whole path on recorded feedback: no account, no network, a temporary folder; ends by
    itself.

    Example: [bold]repwatch demo[/bold]
    """
    from monitor.cli.terminal import err, out
    from monitor.demo.replay import replay_demo

    replay_demo(out, err)
