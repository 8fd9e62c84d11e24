"""Goals: where a measure is to be, by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from monitor.domain.measure import Unit


class GoalMeasure(StrEnum):
    """The measures that a goal can be set for."""

    NPS = "nps"
    CSAT = "csat"
    CES = "ces"
    STARS = "stars"
    BALANCE = "balance"
    PROBLEM_SHARE = "problem_share"
    VOLUME = "volume"
    RESPONSE_RATE = "response_rate"
    CLOSE_RATE = "close_rate"
    RECOVERY = "recovery"
    SHARE_OF_VOICE = "share_of_voice"
    TIME_TO_ACKNOWLEDGE = "time_to_acknowledge"
    TIME_TO_REPLY = "time_to_reply"
    TIME_TO_RESOLVE = "time_to_resolve"

    @property
    def unit(self) -> Unit:
        """What its target is counted in."""
        return _UNITS.get(self, Unit.PERCENT)

    @property
    def lower_is_better(self) -> bool:
        """Whether the goal is reached from above."""
        return self in _LOWER_IS_BETTER


_UNITS: Final = {
    GoalMeasure.NPS: Unit.POINTS,
    GoalMeasure.BALANCE: Unit.POINTS,
    GoalMeasure.CES: Unit.EASE,
    GoalMeasure.STARS: Unit.STARS,
    GoalMeasure.VOLUME: Unit.COUNT,
    GoalMeasure.TIME_TO_ACKNOWLEDGE: Unit.SECONDS,
    GoalMeasure.TIME_TO_REPLY: Unit.SECONDS,
    GoalMeasure.TIME_TO_RESOLVE: Unit.SECONDS,
}
_LOWER_IS_BETTER: Final = frozenset(
    {
        GoalMeasure.PROBLEM_SHARE,
        GoalMeasure.TIME_TO_ACKNOWLEDGE,
        GoalMeasure.TIME_TO_REPLY,
        GoalMeasure.TIME_TO_RESOLVE,
    }
)
#: The least and the most that a target can be, by unit; a volume is feedback a week.
TARGET_RANGES: Final = {
    Unit.POINTS: (-100.0, 100.0),
    Unit.PERCENT: (0.0, 100.0),
    Unit.EASE: (1.0, 7.0),
    Unit.STARS: (1.0, 5.0),
    Unit.COUNT: (0.0, 1e9),
    Unit.SECONDS: (1.0, 520 * 7 * 86_400.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Where a measure is to be on a day."""

    measure: GoalMeasure
    target: float  #: in the unit of the measure
    by: date
    name: str = ""  #: for people; empty: the measure's own
    source: str = ""  #: of this source alone; empty: of all

    @property
    def key(self) -> str:
        """What stays the same when target, date or name change: "nps", "stars@app-store"."""
        return f"{self.measure}@{self.source}" if self.source else str(self.measure)

    @property
    def label(self) -> str:
        """What people read: the name, else the measure and the source."""
        of_source = f" of {self.source}" if self.source else ""
        return self.name or f"{str(self.measure).replace('_', ' ')}{of_source}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalVersion:
    """What a goal said from a moment on."""

    key: str
    at: datetime
    goal: Goal | None  #: None: it was taken out of the configuration then


def find_goal_changes(
    known: dict[str, Goal | None], goals: tuple[Goal, ...], at: datetime
) -> list[GoalVersion]:
    """Return what is different in the goals that are configured now.

    `known` has by key what each said last, None for one that was taken out.
    """
    wanted = {goal.key: goal for goal in goals}
    changed = [goal for key, goal in wanted.items() if known.get(key) != goal]
    gone = [key for key, goal in known.items() if goal is not None and key not in wanted]
    return [
        *(GoalVersion(key=goal.key, at=at, goal=goal) for goal in changed),
        *(GoalVersion(key=key, at=at, goal=None) for key in gone),
    ]


_SUFFIXES: Final = {Unit.PERCENT: " %", Unit.POINTS: " points", Unit.STARS: " stars"}


def format_target(goal: Goal) -> str:
    """Return a target with its unit, for people: "45 points", "4 h", "90 %"."""
    unit = goal.measure.unit
    if unit is Unit.SECONDS:
        return _format_seconds(goal.target)
    if unit is Unit.COUNT:
        return f"{goal.target:,.0f} a week"
    return f"{goal.target:g}{_SUFFIXES.get(unit, '')}"


def _format_seconds(seconds: float) -> str:
    """The span in the largest unit in which it is whole."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"
