"""Steps of the machine's clock, told by a second clock that nobody can set.

A clock is set when somebody mends it, when a time service finds it far off, and when a machine goes
on after it slept. Waits are then longer or shorter than they should be, by the size of the step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: The smallest difference that counts as a step. A time service that corrects a clock gently
#: changes its speed by 8 % at most (chrony's `maxslewrate`): it stays below it for a minute.
MIN_STEP = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class ClockStep:
    """The clock was set, or stood still for it while the machine slept."""

    by: timedelta  #: how far forward; negative for back
    at: datetime  #: the time as it is told since

    @property
    def is_back(self) -> bool:
        """Whether the clock was set back: what it has put off lies in the future."""
        return self.by < timedelta()

    @property
    def earliest(self) -> datetime:
        """The time at the step as told before or since, whichever is earlier."""
        return min(self.at, self.at - self.by)

    def __str__(self) -> str:
        """Say it in words for people."""
        direction = "back" if self.is_back else "forward"
        return f"the machine's clock was set {direction} by {abs(self.by.total_seconds()):,.0f} s"


@dataclass(slots=True)
class WatchedClock:
    """Tells the time, and of each step since it was last asked, before it tells the time.

    Each thread that waits has one of its own, so that it hears of a step before it decides anything
    by the new time. It is asked at least once a minute.
    """

    wall: Callable[[], datetime]
    monotonic: Callable[[], float]  #: seconds that only ever grow, at the speed of time
    #: what follows from a step; one that raises is told of the step again
    on_step: Callable[[ClockStep], object]
    _last: tuple[datetime, float] = field(init=False)

    def __post_init__(self) -> None:
        self._last = (self.wall(), self.monotonic())

    def __call__(self) -> datetime:
        """Return the time."""
        now, ticks = self.wall(), self.monotonic()
        last_now, last_ticks = self._last
        by = now - last_now - timedelta(seconds=ticks - last_ticks)
        if abs(by) >= MIN_STEP:
            self.on_step(ClockStep(by, now))
        self._last = (now, ticks)
        return now
