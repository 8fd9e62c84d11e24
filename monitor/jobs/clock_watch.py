"""The thread that sees when the machine's clock was set, so that nothing stands still because of
it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from monitor.domain.clock_step import ClockStep, WatchedClock
from monitor.inbox_worker import run_guarded
from monitor.store import Store

log = structlog.get_logger(__name__)

#: Seconds between two looks at the clock.
LOOK_EVERY = 2.0
#: Seconds after a step, and after the start, in which stored times are looked through again and
#: again: what was under way goes on writing the time at which it began.
_MEND_FOR = 300.0
#: Steps from this size on are a problem that people hear of: times that were shown are wrong.
_LARGE_STEP = timedelta(minutes=1)


@dataclass(slots=True, kw_only=True)
class ClockWatch:
    """Looks at the clock every few seconds, and lets what waits follow each step of it."""

    store: Store
    on_step: Callable[[ClockStep], object]  #: lets the jobs run at their time again
    wall: Callable[[], datetime]
    monotonic: Callable[[], float]
    report_for: timedelta  #: how long people are told of a large step
    _clock: WatchedClock = field(init=False)
    _mend_until: float = field(init=False)  # as `monotonic` counts
    _large_step: tuple[ClockStep, float] | None = None  # and when it was seen, likewise

    def __post_init__(self) -> None:
        self._clock = WatchedClock(self.wall, self.monotonic, self._follow)
        self._mend_until = self.monotonic() + _MEND_FOR

    def run(self, stop: threading.Event) -> None:
        """Look until `stop` is set; an unavailable database does not end it."""
        while not stop.is_set():
            run_guarded("clock_watch", self.look)
            stop.wait(LOOK_EVERY)

    def look(self) -> None:
        """Follow a step of the clock, and make due what an earlier clock has put off."""
        now = self._clock()
        if self.monotonic() < self._mend_until:
            with self.store.write() as tx:
                tx.clock_steps.pull_forward(now)

    def find_problems(self, now: datetime) -> Iterable[tuple[str, str]]:
        """Yield the last large step for a while: a check of the watchdog."""
        if self._large_step is None:
            return
        step, seen = self._large_step
        if self.monotonic() - seen < self.report_for.total_seconds():
            yield (
                "machine clock",
                f"{step}; waits go on as before, limits of alerts count by the new time",
            )

    def _follow(self, step: ClockStep) -> None:
        if step.is_back:
            with self.store.write() as tx:
                tx.clock_steps.move_sources(step)
                tx.clock_steps.retry_inbox(step.at)
        self.on_step(step)
        log.warning("clock_stepped", seconds=round(step.by.total_seconds(), 1))
        self._mend_until = self.monotonic() + _MEND_FOR
        if abs(step.by) >= _LARGE_STEP:
            self._large_step = (step, self.monotonic())
