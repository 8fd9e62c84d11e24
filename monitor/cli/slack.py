"""slack manifest: getting the app in Slack made."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

import typer

from monitor.cli.frame import JsonOption, print_json, print_line
from monitor.errors import ConfigError, ConfigProblem
from monitor.slack.manifest import build_manifest, to_yaml
from monitor.slack.mode import PATH

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _slack_group() -> None:
    """Set up the app in Slack."""


@app.command("manifest")
def print_manifest(
    http: Annotated[
        str,
        typer.Option(
            "--http",
            help="Where Slack reaches repwatch over HTTP, instead of Socket Mode.",
            metavar="URL",
        ),
    ] = "",
    json: JsonOption = False,
) -> None:
    """Print the manifest to paste at api.slack.com/apps: the app with exactly what repwatch uses.

    Example: [bold]repwatch slack manifest --http https://repwatch.example.com[/bold]
    """
    made = build_manifest(_slack_events_url(http) if http else "")
    if json:
        print_json(made)
    else:
        print_line(to_yaml(made).rstrip("\n"))


def _slack_events_url(url: str) -> str:
    """The address that Slack calls; only the host need be given."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise ConfigError(
            [
                ConfigProblem(
                    "--http",
                    "an address is needed that Slack can call, like https://repwatch.example.com",
                )
            ]
        )
    return url if parts.path.strip("/") else f"https://{parts.netloc}{PATH}"
