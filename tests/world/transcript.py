"""Commands and all that they say, as text that can be compared with what another version said.

A command is a line after `$`, with what it reads after `<`; below it stand its standard output,
indented, its standard error after `!`, and the code with which it ended after `=`, unless it is 0.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

PROMPT = "$ repwatch "

#: The arguments of a command and what it reads.
Order = tuple[list[str], str]
#: Its code, standard output and standard error.
Ended = tuple[int, str, str]


def commands_in(text: str) -> list[str]:
    """The commands of a transcript, as they were typed."""
    lines = text.split("\n")
    return [line.removeprefix(PROMPT) for line in lines if line.startswith(PROMPT)]


def transcript(
    commands: Sequence[str], run: Callable[[list[Order]], list[Ended]], folder: Path, given: Path
) -> str:
    """What these commands say when `run` runs them.

    `folder`, where they run, has no name in it; what they read lies in `given`.
    """
    orders = [_order(command, given) for command in commands]
    place = str(folder.resolve())
    said = zip(commands, run(orders), strict=True)
    return "".join(_one(command, *ended).replace(place, "FOLDER") for command, ended in said)


def _order(command: str, given: Path) -> Order:
    typed, _, file = command.partition(" < ")
    return shlex.split(typed), (given / file).read_text("utf-8") if file else ""


def _one(command: str, code: int, stdout: str, stderr: str) -> str:
    ended = f"= {code}\n" if code else ""
    return f"{PROMPT}{command}\n{_marked(stdout, '  ')}{_marked(stderr, '! ')}{ended}"


def _marked(text: str, mark: str) -> str:
    """Each line after a mark; where the last has no end, that is said."""
    if not text:
        return ""
    whole = "" if text.endswith("\n") else f"{mark}(no end of line)\n"
    lines = text.removesuffix("\n").split("\n")
    return "".join(f"{mark}{line}\n" if line else f"{mark.rstrip()}\n" for line in lines) + whole
