"""Several senders on one store, side by side on a clock of their own: they are killed and replaced,
they hang, and the clock of their machine is wrong and is set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.domain.clock_step import WatchedClock
from monitor.notifiers.base import DigestNotifier, Notifier
from monitor.pipeline.sender import OutboxSender
from monitor.store import Store

#: Long enough for every wait that a fault can cause, one after the other.
_LONG = timedelta(days=3)


class Killed(BaseException):
    """The process ends at this line."""


@dataclass
class Senders:
    """So many processes, as they would be after a mistake in the set-up; time is what `now`
    says, and the machine tells it as wrong as `clock_error` says.
    """

    store: Store
    now: datetime
    count: int
    digests: DigestNotifier | None = None  #: what shows digests
    clock_error: timedelta = timedelta()  #: how far ahead the machine's clock is
    kills: int = 0
    hangs: int = 0
    _processes: list[OutboxSender] = field(default_factory=list)
    _clocks: list[WatchedClock] = field(default_factory=list)
    _dead: set[str] = field(default_factory=set)
    _busy: set[int] = field(default_factory=set)  # those in the middle of a step
    _born: int = 0

    def live(self, notifier: Notifier, order: Callable[[], Iterable[int]]) -> None:
        """Let them take steps in this order until nothing waits for any of them."""
        self._processes = [self._born_with(notifier) for _ in range(self.count)]
        self._clocks = [self._clock_of(process) for process in self._processes]
        end = self.now + _LONG
        while self.now < end:
            turns = list(order())
            waits = [
                wait for number in turns if (wait := self._step(number % self.count)) is not None
            ]
            if not waits and len({number % self.count for number in turns}) == self.count:
                return
            self.now += timedelta(seconds=min(waits, default=0.0))
        raise AssertionError("it does not come to an end")

    @property
    def machine_time(self) -> datetime:
        """What the clock of the machine tells."""
        return self.now + self.clock_error

    def monotonic(self) -> float:
        """Seconds that pass, whatever the machine's clock tells."""
        return self.now.timestamp()

    def hang(self, seconds: float, steps: int) -> None:
        """The process that calls this hangs for so long, and until the others have taken so many
        steps without it.
        """
        self.hangs += 1
        self.now += timedelta(seconds=seconds)
        for _ in range(steps):
            free = [number for number in range(self.count) if number not in self._busy]
            waits = [wait for number in free if (wait := self._step(number)) is not None]
            self.now += timedelta(seconds=min(waits, default=0.0))

    def _step(self, number: int) -> float | None:
        """Seconds until this process has something to do; None for nothing."""
        process = self._processes[number]
        self._busy.add(number)
        try:
            after = process.send_next(self._clocks[number]())
        except Killed:
            self.kills += 1
            self._dead.add(process.holder)
            self._processes[number] = born = self._born_with(process.notifier)
            self._clocks[number] = self._clock_of(born)
            self._start(born)
            return 0.0
        finally:
            self._busy.discard(number)
        return None if after is None else after.seconds

    def _start(self, born: OutboxSender) -> None:
        """Let a process do what it does first, however often it is killed over that."""
        while True:
            try:
                born.pull_forward(self.machine_time)
            except Killed:
                self.kills += 1
            else:
                return

    def _clock_of(self, process: OutboxSender) -> WatchedClock:
        return WatchedClock(lambda: self.machine_time, self.monotonic, process.follow_clock)

    def _born_with(self, notifier: Notifier) -> OutboxSender:
        self._born += 1
        return OutboxSender(
            self.store,
            notifier,
            holder=f"here/{self._born}",
            digests=self.digests,
            is_holder_dead=self._dead.__contains__,
        )
