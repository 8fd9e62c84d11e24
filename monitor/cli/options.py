"""The options that commands share, and how their values are read."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor.errors import ConfigError, ConfigProblem

#: The configuration file where none is named.
CONFIG = Path("config.toml")
#: Rows that a command reads where all are wanted: more than there ever are.
ALL_ROWS = 1_000_000

ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", help="The configuration file.", show_default=True)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
SourceOption = Annotated[str | None, typer.Option("--source", help="Only of this source (its id).")]
SinceOption = Annotated[
    str | None, typer.Option("--since", help="Only from this day on, like 2026-11-01.")
]
LimitOption = Annotated[
    int, typer.Option("--limit", min=1, max=ALL_ROWS, help="At most so many, newest first.")
]


class ExportFormat(StrEnum):
    """The format of exported rows."""

    CSV = "csv"
    JSONL = "jsonl"


def parse_day_option(text: str | None, option: str) -> datetime | None:
    """Return the start of the day in UTC, or the moment, that `option` names; None for None.

    Raises ConfigError where `text` is neither.
    """
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        message = f"{text!r} is no day; write it like 2026-11-01 or 2026-11-01T09:30+01:00"
        raise ConfigError([ConfigProblem(option, message)]) from None
