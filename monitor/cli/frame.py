"""What all commands share: the application, its options, opening and closing everything, how things
are printed.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text
from typer.core import TyperGroup

from monitor import __version__, bootstrap
from monitor.config import explain_mistake
from monitor.errors import ConfigError, ConfigProblem
from monitor.logs import configure_logging


class _RepwatchGroup(TyperGroup):
    """All commands; what is wrong with an option is said in the words of the configuration's
    mistakes.
    """

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            if isinstance(error.__cause__, ValidationError):
                error.message = explain_mistake(error.__cause__.errors()[0])
            raise


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
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", help="The configuration file.", show_default=True)
]
CONFIG = Path("config.toml")
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
SourceOption = Annotated[str | None, typer.Option("--source", help="Only of this source (its id).")]
SinceOption = Annotated[
    str | None, typer.Option("--since", help="Only from this day on, like 2026-11-01.")
]


class ExportFormat(StrEnum):
    """How rows are written."""

    CSV = "csv"
    JSONL = "jsonl"


@app.callback(invoke_without_command=True)
def _print_version(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", is_eager=True)
    ] = False,
) -> None:
    if version:
        print_line(f"repwatch {__version__}")
        raise typer.Exit


@contextmanager
def open_program(
    config: Path, stopping: Callable[[], bool] = lambda: False, *, cards: Console = out
) -> Iterator[bootstrap.App]:
    """The whole program as configured, closed at the end; without Slack, `cards` is where cards are
    shown.
    """
    checked = bootstrap.load_checked_config(config, os.environ, stopping)
    configure_logging(checked.settings.log, checked.settings.secrets.redact)
    joined = bootstrap.build_app(checked, cards)
    try:
        yield joined
    finally:
        joined.close()


@contextmanager
def show_progress(label: str, total: int | None) -> Iterator[Callable[[], None]]:
    """A function to call as each part of a long work ends; shown on standard error when that is a
    terminal.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)


def print_line(text: str) -> None:
    """One line of data."""
    sys.stdout.write(text + "\n")


def print_json(value: object) -> None:
    """One JSON document on one line, in UTF-8 whatever the text holds."""
    print_line(json.dumps(value, ensure_ascii=False, default=str))


def write_rows(
    rows: Iterable[Mapping[str, object]], columns: Sequence[str], form: ExportFormat
) -> None:
    """Rows as JSON lines, or as CSV in which no cell can start a formula."""
    if form is ExportFormat.JSONL:
        for row in rows:
            print_json(row)
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_format_cell(row.get(column)) for column in columns])


def _format_cell(value: object) -> object:
    """A spreadsheet runs what begins with one of these; an apostrophe in front makes it text."""
    if isinstance(value, str) and value.lstrip(" ").startswith(
        ("=", "+", "-", "@", "\t", "\r", "\n")
    ):
        return f"'{value}"
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else value


def to_terminal_text(text: str) -> str:
    """Text for a terminal: nothing in it can move the cursor or colour the screen."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)


def print_text(text: str) -> None:
    """Text that others wrote, for people: nothing in it is markup."""
    out.print(Text(to_terminal_text(text)), soft_wrap=True)


def parse_day_option(text: str | None, name: str) -> datetime | None:
    """The start of the day in UTC, or the moment that an option names."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        problem = ConfigProblem(
            name, f"{text!r} is no day; write it like 2026-11-01 or 2026-11-01T09:30+01:00"
        )
        raise ConfigError([problem]) from None
