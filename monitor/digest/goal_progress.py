"""How far a goal is: reached, on track, or what it takes from now on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

FEWEST_POINTS = 3  #: below which no pace is told
LOOK_BACK = timedelta(weeks=13)  #: an older point says nothing of the pace
_WEEK = timedelta(weeks=1)


class GoalState(StrEnum):
    """How a goal stands."""

    REACHED = "reached"
    ON_TRACK = "on_track"  #: at the present pace it is reached in time
    NEEDS = "needs"  #: it takes a better pace, which `needed` tells
    MISSED = "missed"  #: the day has passed
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class GoalPoint:
    """The measure of a goal in one period."""

    day: date  #: on which the period ended
    value: float | None  #: None: nothing to count


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """How a goal stands, in the unit of its measure."""

    state: GoalState
    value: float | None = None  #: the newest that is known
    distance: float | None = None  #: what is to be gained: below 0 where it must fall
    pace: float | None = None  #: of the last weeks, a week; None where too little is known
    needed: float | None = None  #: a week from today on; None where the day has come


def judge_goal(
    history: Sequence[GoalPoint],
    *,
    target: float,
    by: date,
    today: date,
    higher_is_better: bool = True,
) -> GoalProgress:
    """Return how far a goal is that is to be reached by the end of a day.

    The pace is the median of the slopes between any two points of the last 13 weeks (P. K. Sen,
    Journal of the American Statistical Association 63, 1968): one odd week does not change it.
    """
    known = sorted(
        ((point.day, point.value) for point in history if point.value is not None),
        key=lambda point: point[0],
    )
    if not known:
        return GoalProgress(GoalState.NO_DATA)
    value = known[-1][1]
    distance, pace = target - value, _find_pace(known, today)
    sign = 1 if higher_is_better else -1
    if sign * distance <= 0:
        return GoalProgress(GoalState.REACHED, value, distance, pace)
    if today >= by:
        return GoalProgress(GoalState.MISSED, value, distance, pace)
    needed = distance / ((by - today) / _WEEK)
    enough = pace is not None and sign * (pace - needed) >= 0
    state = GoalState.ON_TRACK if enough else GoalState.NEEDS
    return GoalProgress(state, value, distance, pace, needed)


def _find_pace(known: Sequence[tuple[date, float]], today: date) -> float | None:
    recent = [(day, value) for day, value in known if day >= today - LOOK_BACK]
    if len(recent) < FEWEST_POINTS:
        return None
    slopes = [
        (value - earlier) / ((day - since) / _WEEK)
        for place, (day, value) in enumerate(recent)
        for since, earlier in recent[:place]
        if day > since
    ]
    return float(np.median(slopes)) if slopes else None
