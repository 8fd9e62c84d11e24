"""People on the command line: who acts, by the `--by` option, and who holds an alert."""

from __future__ import annotations

import getpass
import os
import re
from typing import Annotated

import typer

from monitor.domain.actor import Actor
from monitor.domain.alert import Alert

ByOption = Annotated[
    str,
    typer.Option(
        "--by",
        help="Who you are: a name, or a Slack user's id; your login name where it is left out.",
    ),
]
_SLACK_USER = re.compile(r"[UW][A-Z0-9]{5,20}")


def actor_from_name(name: str) -> Actor:
    """Return the person named on the command line: a Slack user by id, anybody else by name.

    An empty name stands for who runs the command.
    """
    if _SLACK_USER.fullmatch(name):
        return Actor.slack(name)
    named = Actor.parse(name)
    return named if named.is_person else Actor.cli(name or _login_name())


def holder_name(alert: Alert) -> str:
    """Return the bare name of who holds an alert; empty for nobody."""
    return alert.assignee.display_name if alert.assignee else ""


def _login_name() -> str:
    """Return who runs the command; their number where a container knows no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid{os.getuid()}"
