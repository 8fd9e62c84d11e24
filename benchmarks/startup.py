"""How much processor time a command takes to start, beside the help of a small typer program.

    python benchmarks/startup.py [--rounds N]

Prints the least user and system time of several interleaved rounds, and how many times that of
the small program it is. The small program has two commands and nothing to do: less than that no
command line made with typer and rich takes.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

ROUNDS = 5
SMALL = """\
import typer

app = typer.Typer()


@app.command()
def greet(name: str = "you") -> None:
    \"""Say hello.\"""


@app.command()
def leave(name: str = "you") -> None:
    \"""Say goodbye.\"""


app()
"""
#: What is measured: the words of a command, and how many times the small program it may take.
COMMANDS = (
    (("--help",), 2.0),
    (("--version",), 2.0),
    (("score", "--text", "The app crashes and nobody has answered me."), 4.0),
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Processor time of a start.")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="the best of so many counts")
    rounds = parser.parse_args().rounds
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "small.py").write_text(SMALL, "utf-8")
        lines = [
            [sys.executable, "small.py", "--help"],
            *([sys.executable, "-m", "monitor", *words] for words, _ in COMMANDS),
        ]
        small, *ours = best_of(lines, folder, rounds)
    print(f"{'command':<24} {'ms':>8} {'ratio':>7} {'target':>7}")
    print(f"{'typer, two commands':<24} {small * 1e3:>8.0f}")
    for (words, target), seconds in zip(COMMANDS, ours, strict=True):
        name = " ".join(words[:2])
        print(f"{name:<24} {seconds * 1e3:>8.0f} {seconds / small:>6.2f}x {target:>6.0f}x")


def best_of(lines: Sequence[Sequence[str]], folder: Path, rounds: int) -> list[float]:
    """The least seconds of each command line, which take turns; a first round fills the caches."""
    turns = [[processor_seconds(line, folder) for line in lines] for _ in range(rounds + 1)]
    return [min(times) for times in zip(*turns[1:], strict=True)]


def processor_seconds(line: Sequence[str], folder: Path) -> float:
    """User and system time of a command until its end."""
    process = subprocess.Popen(  # noqa: S603 - our own words
        line, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(line)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
