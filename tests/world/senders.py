"""Several senders on one store, side by side on a clock of their own: they are killed and replaced,
and they hang.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.notifiers.base import Notifier
from monitor.pipeline.sender import OutboxSender
from monitor.store import Store

#: Long enough for every wait that a fault can cause, one after the other.
_LONG = timedelta(days=3)


class Killed(BaseException):
    """The process ends at this line."""


@dataclass
class Senders:
    """So many processes, as they would be after a mistake in the set-up; time is what `now`
    says.
    """

    store: Store
    now: datetime
    count: int
    kills: int = 0
    hangs: int = 0
    _processes: list[OutboxSender] = field(default_factory=list)
    _dead: set[str] = field(default_factory=set)
    _busy: set[int] = field(default_factory=set)  # those in the middle of a step
    _born: int = 0

    def live(self, notifier: Notifier, order: Callable[[], Iterable[int]]) -> None:
        """Let them take steps in this order until nothing waits for any of them."""
        self._processes = [self._born_with(notifier) for _ in range(self.count)]
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
            after = process.send_next(self.now)
        except Killed:
            self.kills += 1
            self._dead.add(process.holder)
            self._processes[number] = self._born_with(process.notifier)
            return 0.0
        finally:
            self._busy.discard(number)
        return None if after is None else after.seconds

    def _born_with(self, notifier: Notifier) -> OutboxSender:
        self._born += 1
        return OutboxSender(
            self.store,
            notifier,
            holder=f"here/{self._born}",
            is_holder_dead=self._dead.__contains__,
        )
