"""Leadership over work that one process does at a time: a lease in the database with a fencing
token, and the succession of a leader that died.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from monitor.store import Store, Transaction

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _HeldLease:
    """The lease as this process holds it; the token tells whether somebody else was in between."""

    token: int
    renewed_at: datetime


@dataclass(slots=True, kw_only=True)
class Leadership:
    """One process's claim to be the only one that does a task.

    What a dead leader left unfinished becomes uncertain when, and only when, the lease is taken
    over: `on_takeover` runs in the transaction that takes it with a token new to this process.
    """

    store: Store
    task: str  #: the name of the lease
    holder: str  #: names this process and instance
    ttl: timedelta  #: how long the lease lasts without being renewed
    on_takeover: Callable[[Transaction, datetime], object]
    #: whether a holder's process has certainly ended: then its lease need not run out
    is_holder_dead: Callable[[str], bool]
    #: runs before `on_takeover` where the former leader, dead or late, did not give the lease back
    on_abandoned: Callable[[Transaction, datetime], object] = lambda _tx, _now: None
    renew_after: timedelta = timedelta()  #: a lease younger than this is not renewed yet
    _lease: _HeldLease | None = None

    def acquire(self, now: datetime) -> bool:
        """Take or renew the lease; False while another process holds it."""
        if self._lease and timedelta() <= now - self._lease.renewed_at < self.renew_after:
            return True
        with self.store.write() as tx:
            former = tx.leases.current_holder(self.task)
            if former != self.holder and self.is_holder_dead(former):
                tx.leases.release(self.task, former)
            token = tx.leases.acquire(self.task, self.holder, now, self.ttl.total_seconds())
            if token is not None and not self._is_known(token):
                if former not in ("", self.holder):
                    self.on_abandoned(tx, now)
                self.on_takeover(tx, now)
        self._lease = None if token is None else _HeldLease(token, now)
        return token is not None

    def still_leads(self, tx: Transaction) -> bool:
        """Return whether nobody else took the lease since; holds until the transaction ends.

        A former leader must change nothing any more: its successor has taken over the work.
        """
        if self._lease and tx.leases.is_held(self.task, self.holder, self._lease.token):
            return True
        log.warning("leadership_lost", task=self.task, holder=self.holder)
        self._lease = None
        return False

    @contextmanager
    def abandoned_on_error(self) -> Iterator[None]:
        """Forget the lease when the work in this block fails, without giving it back.

        Its result is then not recorded: the next `acquire` counts as a takeover and makes it
        uncertain, in this process too.
        """
        try:
            yield
        except BaseException:  # an interrupt too leaves the work undone; it is raised again
            self._lease = None
            raise

    def is_led_by_other(self, tx: Transaction) -> bool:
        """Return whether another process that may be alive had the lease last."""
        other = tx.leases.current_holder(self.task)
        return bool(other) and other != self.holder and not self.is_holder_dead(other)

    def release(self) -> None:
        """Let another process lead at once."""
        if self._lease is None:
            return
        self._lease = None
        with self.store.write() as tx:
            tx.leases.release(self.task, self.holder)

    def _is_known(self, token: int) -> bool:
        return self._lease is not None and self._lease.token == token


def make_holder_id() -> str:
    """Name this process, apart from every other and from an earlier one with the same number."""
    return f"{_machine_id()}/{os.getpid()}/{secrets.token_hex(4)}"


def _machine_id() -> str:
    """The host and, where there is such a thing, the space that process numbers are counted in."""
    with suppress(OSError):
        return f"{socket.gethostname()} {Path('/proc/self/ns/pid').readlink()}"
    return socket.gethostname()


def is_holder_dead(holder: str) -> bool:
    """Return whether a holder's process ended: it ran here, and its number is free or ours."""
    machine, _, rest = holder.partition("/")
    number = rest.partition("/")[0]
    if machine != _machine_id() or not number.isdigit():
        return False
    if int(number) == os.getpid():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
