"""`python -m monitor` and the console script."""

from __future__ import annotations

import io
import os
import sys


def main() -> None:
    """Run the command line; what people can mend is one line on standard error, never a
    traceback.
    """
    from monitor.cli import app
    from monitor.errors import ConfigError, QueryError, RepwatchError

    _force_utf8_streams()
    try:
        app()
    except RepwatchError as error:
        for line in str(error).splitlines():
            sys.stderr.write(f"repwatch: {line}\n")
        sys.exit(2 if isinstance(error, (ConfigError, QueryError)) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing more can be said to it, also not at
        # exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _force_utf8_streams() -> None:
    """Data is UTF-8 whatever the locale says, and no character in it can end the program."""
    for stream, encoding, errors in (
        (sys.stdin, "utf-8-sig", "replace"),
        (sys.stdout, "utf-8", "backslashreplace"),
    ):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors=errors)


if __name__ == "__main__":
    main()
