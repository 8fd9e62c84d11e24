"""Commands one after the other in one process, each with standard files of its own.

For tests of very many: what loading costs is paid once. Orders come as a list of [arguments,
standard input] in JSON on standard input; a list of [code, standard output, standard error] goes to
standard output.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import traceback
from collections.abc import Sequence
from tempfile import TemporaryFile

Ended = tuple[int, str, str]


def ended(arguments: Sequence[str], given: str) -> Ended:
    """How one command ended, and what it said."""
    kept = [os.dup(number) for number in range(3)]
    with TemporaryFile() as stdin, TemporaryFile() as stdout, TemporaryFile() as stderr:
        stdin.write(given.encode())
        stdin.seek(0)
        for number, file in enumerate((stdin, stdout, stderr)):
            os.dup2(file.fileno(), number)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.argv[1:] = arguments
        code = _code()
        sys.stdout.flush()
        sys.stderr.flush()
        for number, before in enumerate(kept):
            os.dup2(before, number)
            os.close(before)
        stdout.seek(0)
        stderr.seek(0)
        return code, stdout.read().decode(), stderr.read().decode()


def _code() -> int:
    """Run the program as `python -m monitor` does, and return the code with which it would end."""
    try:
        runpy.run_module("monitor", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - as the interpreter does: it is said, and is no end of the others
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    orders = json.load(sys.stdin)
    sys.stdout.write(json.dumps([ended(arguments, given) for arguments, given in orders]))
