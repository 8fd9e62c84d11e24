"""slack manifest: getting the app in Slack made."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.application import make_command_group
from monitor.cli.options import JsonOption
from monitor.cli.output import print_json, print_line
from monitor.errors import ConfigError, ConfigProblem

slack_commands = make_command_group()


@slack_commands.callback()
def _slack_group() -> None:
    """Set up the app in Slack."""


@slack_commands.command("manifest")
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
    from monitor.slack.manifest import build_manifest, to_yaml

    manifest = build_manifest(_slack_events_url(http) if http else "")
    if json:
        print_json(manifest)
    else:
        print_line(to_yaml(manifest).rstrip("\n"))


def _slack_events_url(url: str) -> str:
    """Return the address that Slack calls, made from `url`, of which only the host need be given.

    Raises ConfigError where Slack could not call it.
    """
    from urllib.parse import urlsplit

    from monitor.slack.mode import PATH

    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        message = "an address is needed that Slack can call, like https://repwatch.example.com"
        raise ConfigError([ConfigProblem("--http", message)])
    return url if parts.path.strip("/") else f"https://{parts.netloc}{PATH}"
