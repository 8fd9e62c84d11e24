"""Text for people: coloured on a terminal, plain elsewhere, and progress on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


@contextmanager
def show_progress(label: str, total: int | None) -> Iterator[Callable[[], None]]:
    """Show the progress of a long work on standard error, where that is a terminal.

    Yields a function to call as each part ends; `total` is the number of parts, None where nobody
    knows it.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)


@contextmanager
def show_counted_progress(label: str) -> Iterator[tuple[Callable[[int], None], Callable[[], None]]]:
    """Show the progress of a work whose number of parts is known only once it has begun.

    Yields a function to call with that number, and one to call as each part ends.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda total: bar.update(task, total=total), lambda: bar.advance(task)


def print_text(text: str) -> None:
    """Print text that others wrote: nothing in it is markup, and it is wrapped nowhere."""
    out.print(Text(to_terminal_text(text)), soft_wrap=True)


def warn(text: str, *, style: str | None = None) -> None:
    """Print one line on standard error: nothing in it is markup, and it is wrapped nowhere."""
    err.print(text, markup=False, soft_wrap=True, style=style)


def to_terminal_text(text: str) -> str:
    """Return `text` with spaces for what could move the cursor or colour the screen."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)
