"""Goals: how far each is, and what it takes from now on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.digest.counts import RatingCounts, Series
from monitor.digest.goal_progress import GoalPoint, GoalProgress, GoalState, judge_goal
from monitor.digest.measures import (
    measure_ease,
    measure_nps,
    measure_satisfaction,
    measure_share,
    measure_stars,
    measure_tone,
)
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.tallies import Tallies
from monitor.digest.tally_counts import count_points, count_problems, count_tones
from monitor.digest.team_times import measure_team_value
from monitor.digest.wording import Wording, bullets, paragraph, strong, text_line
from monitor.domain.document import DocumentBlock, TextLine
from monitor.domain.feedback import Scale
from monitor.domain.goal import Goal, GoalMeasure
from monitor.domain.measure import Estimate, Measure, Unit
from monitor.domain.period import Period

#: Periods from which the pace of a goal is made, the newest included.
_HISTORY = 13
_STATE_WORDS = {
    GoalState.REACHED: "reached",
    GoalState.ON_TRACK: "on track",
    GoalState.MISSED: "missed",
    GoalState.NO_DATA: "nothing was measured yet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalLine:
    """One goal as it stands at the end of the period."""

    label: str
    unit: Unit
    target: float
    by: date
    progress: GoalProgress
    now: Estimate  #: in the period alone
    survey: str = ""  #: whose answers count; of several surveys that with the most


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalReport:
    """The vision, and every goal."""

    vision: str
    goals: tuple[GoalLine, ...]


class GoalsPart(DigestPart[GoalReport]):
    """Each goal: reached, on track, or what it needs a week."""

    key = "goals"
    title = "Goals"
    value_type = GoalReport

    def load(self, data: PeriodData) -> GoalReport | None:
        goals = [wanted.goal for wanted in data.settings.goals]
        if not goals:
            return None
        return GoalReport(
            vision=data.settings.brand.vision,
            goals=tuple(_measure_goal(data, goal) for goal in goals),
        )

    def describe(self, value: GoalReport, wording: Wording) -> tuple[DocumentBlock, ...]:
        blocks: list[DocumentBlock] = []
        if value.vision:
            blocks.append(paragraph(value.vision))
        blocks.append(bullets(*(_describe_goal(goal, wording) for goal in value.goals)))
        return tuple(blocks)


@dataclass(frozen=True, slots=True)
class _RatedGoal:
    """How a goal about ratings is measured: on the first of its scales that anybody used."""

    scales: tuple[Scale, ...]
    measure: Callable[[Series[RatingCounts]], Measure]


_RATED: Mapping[GoalMeasure, _RatedGoal] = {
    GoalMeasure.NPS: _RatedGoal((Scale.NPS,), measure_nps),
    GoalMeasure.CSAT: _RatedGoal((Scale.CSAT5, Scale.INVERTED5), measure_satisfaction),
    GoalMeasure.CES: _RatedGoal((Scale.CES7, Scale.CES5), measure_ease),
    GoalMeasure.STARS: _RatedGoal((Scale.STARS5,), measure_stars),
}
_COUNTED: Mapping[GoalMeasure, Callable[[Tallies], Measure]] = {
    GoalMeasure.BALANCE: lambda tallies: measure_tone(Series(now=count_tones(tallies))),
    GoalMeasure.PROBLEM_SHARE: lambda tallies: measure_share(Series(now=count_problems(tallies))),
}
#: Hours of the week by which a volume is counted.
_WEEK_HOURS = 168


def _measure_goal(data: PeriodData, goal: Goal) -> GoalLine:
    periods = [data.period, *(data.period.earlier(count) for count in range(1, _HISTORY))]
    survey, scale = _choose_survey(data, goal)
    figures = [_measure_period(data, goal, period, survey, scale) for period in periods]
    zone = ZoneInfo(data.period.zone)
    points = [
        GoalPoint(_last_day(period.until, zone), figure.value)
        for period, figure in zip(periods, figures, strict=True)
    ]
    today = _last_day(data.end, zone)
    # An old figure says nothing of where a goal stands.
    progress = judge_goal(
        points if figures[0].value is not None else (),
        target=goal.target,
        by=goal.by,
        today=today,
        higher_is_better=not goal.measure.lower_is_better,
    )
    return GoalLine(
        label=goal.label,
        unit=goal.measure.unit,
        target=goal.target,
        by=goal.by,
        progress=progress,
        now=figures[0],
        survey=survey if not goal.source else "",
    )


def _last_day(end: datetime, zone: ZoneInfo) -> date:
    """Return the local day that a moment ends, or lies in."""
    return (end - timedelta(seconds=1)).astimezone(zone).date()


def _choose_survey(data: PeriodData, goal: Goal) -> tuple[str, Scale | None]:
    """Return the source and scale of a goal about ratings: as named, else that with most answers.

    Surveys are never added up, and two scales of effort least of all.
    """
    rated = _RATED.get(goal.measure)
    if rated is None:
        return goal.source, None
    counted = data.count_people(data.period)
    pairs: Sequence[tuple[str, Scale]] = [
        (source_id, scale)
        for source_id, scale in counted.rated_scales
        if scale in rated.scales and goal.source in ("", source_id)
    ]
    if not pairs:
        return goal.source, rated.scales[0]
    return min(
        pairs,
        key=lambda pair: (-count_points(counted.of_sources([pair[0]]), pair[1]).n, pair[0]),
    )


def _measure_period(
    data: PeriodData, goal: Goal, period: Period, survey: str, scale: Scale | None
) -> Estimate:
    if goal.measure is GoalMeasure.VOLUME:
        return _measure_volume(data, period, survey)
    if goal.measure not in _COUNTED and scale is None:
        return Estimate(value=measure_team_value(data, goal.measure, period), n=0)
    counted = data.count_people(period)
    if survey:
        counted = counted.of_sources([survey])
    if scale is None:
        return _COUNTED[goal.measure](counted).estimate
    return _RATED[goal.measure].measure(Series(now=count_points(counted, scale))).estimate


def _measure_volume(data: PeriodData, period: Period, source_id: str) -> Estimate:
    """Return how much feedback a week a period had, as far as it is over."""
    received = data.count_received(period)
    total = (received.of_sources([source_id]) if source_id else received).total
    hours = (min(period.until, data.now) - period.since) / timedelta(hours=1)
    value = total / (hours / _WEEK_HOURS) if total and hours > 0 else None
    return Estimate(value=value, n=total)


def _describe_goal(goal: GoalLine, wording: Wording) -> TextLine:
    numbers, progress = wording.numbers, goal.progress
    target = numbers.write_value(goal.unit, goal.target)
    wanted = f"{target} by {numbers.write_date(goal.by)}"
    asked = f" (in {goal.survey})" if goal.survey else ""
    now = numbers.write_value(goal.unit, goal.now.value)
    if goal.now.n:
        now = wording.describe_estimate(goal.now, goal.unit)
    if progress.state is GoalState.NEEDS and progress.needed is not None:
        said = f"needs {_write_pace(progress.needed, goal.unit, wording)} a week"
    else:
        said = _STATE_WORDS.get(progress.state, str(progress.state))
    return text_line(strong(goal.label), f"{asked}: {now}, goal {wanted}: ", strong(said))


def _write_pace(pace: float, unit: Unit, wording: Wording) -> str:
    """Return a change a week, finely enough that a slow one is not told as none."""
    if unit is Unit.SECONDS:
        return wording.numbers.write_value(unit, pace, signed=True)
    decimals = 1 if abs(pace) >= 1 else 2
    return wording.numbers.write_number(pace, decimals, signed=True)
