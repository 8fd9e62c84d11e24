"""Digests that are due: noted in this process, made in another."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial

from monitor.bootstrap import App
from monitor.domain.digest_post import MadeDigest
from monitor.domain.digest_schedule import DigestOrder
from monitor.errors import RepwatchError
from monitor.settings import Settings
from monitor.store import Store

#: Seconds that all digests that are due may take together.
_TIMEOUT = 600
#: Where the function is that makes a digest.
_MAKER_MODULE, _MAKER = "monitor.digest.build", "make_digest"


#: Makes a digest of what is stored, as configured: an order, and the time.
DigestFunction = Callable[[Store, Settings, DigestOrder, datetime], MadeDigest]


def load_digest_maker() -> DigestFunction | None:
    """Return what makes digests, `make_digest` of monitor.digest.build; None where it is not there.

    It is loaded only where a digest is made.
    """
    try:
        build = importlib.import_module(_MAKER_MODULE)
    except ModuleNotFoundError:
        return None
    found: DigestFunction | None = getattr(build, _MAKER, None)
    return found


def carry_out_due_digests(app: App, now: datetime) -> int:
    """Make and queue the digests that are due, in this process; return how many were queued."""
    make = load_digest_maker()
    if make is None:
        raise RepwatchError("this repwatch has no part that makes digests")
    return app.digests.carry_out_due(partial(make, app.store, app.config.settings), now)


def make_digests_if_due(app: App, now: datetime) -> None:
    """Note the digests that are due, and have them made by another process.

    What that needs stays out of this one's memory. Raises RepwatchError.
    """
    app.digests.clear_shown()
    app.digests.queue_due_slots(now)
    if not app.digests.has_due(now):
        return
    command = [sys.executable, "-m", "monitor", "digest-due", "--config", str(app.config.file)]
    try:
        subprocess.run(  # noqa: S603
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
            timeout=_TIMEOUT,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise RepwatchError("making a digest failed; `repwatch digest` says why") from error
