"""Digests that are due: noted in this process, made in another."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime

from monitor.bootstrap import App, build_masker
from monitor.errors import RepwatchError

#: Seconds that all digests that are due may take together.
_TIMEOUT = 600


def carry_out_due_digests(app: App, now: datetime) -> int:
    """Make and queue the digests that are due, in this process; return how many were queued."""
    from monitor.digest.make import DigestWorkshop  # heavy: loaded only where a digest is made

    settings = app.config.settings
    workshop = DigestWorkshop(app.store, settings, build_masker(settings))
    return app.digests.carry_out_due(workshop.make, now)


def make_digests_if_due(app: App, now: datetime) -> None:
    """Note the digests that are due, and have them made by another process.

    What that needs stays out of this one's memory; what it logs comes into the same log. Should it
    end in the middle, what it had taken says so. Raises RepwatchError.
    """
    app.digests.clear_shown(now)
    app.digests.queue_due_slots(now)
    if not app.digests.has_due(now):
        return
    command = [sys.executable, "-m", "monitor", "digest-due", "--config", str(app.config.file)]
    try:
        subprocess.run(  # noqa: S603
            command,
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=_TIMEOUT,
        )
    except (OSError, subprocess.SubprocessError) as error:
        app.digests.note_broken_run(now)
        raise RepwatchError("making a digest failed; the lines before say why") from error
