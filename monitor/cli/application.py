"""The root of the command line: what holds for all commands, and `--version`."""

from __future__ import annotations

from inspect import cleandoc
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from monitor import __version__
from monitor.cli.output import print_line


class _CommandGroup(TyperGroup):
    """Commands whose help is shown with each paragraph as one line.

    A docstring ends its lines where the code has to, and typer keeps those ends. A list of commands
    shows the first paragraph.
    """

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for command in self.commands.values():
            paragraphs = cleandoc(command.help or "").split("\n\n")
            lines = [paragraph.replace("\n", " ") for paragraph in paragraphs]
            command.help = "\n\n".join(lines)
            command.short_help = lines[0]


class _RepwatchGroup(_CommandGroup):
    """All commands; a mistake in an option is explained as one in the configuration is."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            _explain_bad_parameter(error)
            raise


def _explain_bad_parameter(error: typer.BadParameter) -> None:
    """Put our words in place of pydantic's, with which typer checks values."""
    from pydantic import ValidationError

    from monitor.config import explain_mistake

    if isinstance(error.__cause__, ValidationError):
        error.message = explain_mistake(error.__cause__.errors()[0])


app = typer.Typer(
    name="repwatch",
    cls=_RepwatchGroup,
    help="Hear what customers say, find what needs a human, put it in Slack, follow it until it is "
    "answered.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def make_command_group(*, invoke_without_command: bool = False) -> typer.Typer:
    """Return an empty group of commands, which shows its help where no command is named.

    With `invoke_without_command` its callback runs instead.
    """
    return typer.Typer(
        cls=_CommandGroup,
        no_args_is_help=not invoke_without_command,
        invoke_without_command=invoke_without_command,
    )


@app.callback(invoke_without_command=True)
def print_version(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", is_eager=True)
    ] = False,
) -> None:
    """Print the version where that is asked for, and end."""
    if version:
        print_line(f"repwatch {__version__}")
        raise typer.Exit
