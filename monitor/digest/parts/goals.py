"""Goals: how far each is, and what it takes from now on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.digest.counts import RatingCounts, Series
from monitor.digest.goal_progress import GoalPoint, GoalProgress, GoalState, judge_goal
from monitor.digest.measures import measure_ease, measure_nps, measure_satisfaction, measure_stars
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.tallies import Tallies
from monitor.digest.tally_counts import count_points, count_problems, count_tones
from monitor.digest.team_times import measure_team_value
from monitor.digest.wording import Wording, bullets, paragraph, strong, text_line
from monitor.domain.document import DocumentBlock, TextLine
from monitor.domain.feedback import Scale
from monitor.domain.goal import Goal, GoalMeasure
from monitor.domain.measure import Measure, Unit
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
_COUNTED: Mapping[GoalMeasure, Callable[[Tallies], float | None]] = {
    GoalMeasure.BALANCE: lambda tallies: count_tones(tallies).balance.value,
    GoalMeasure.PROBLEM_SHARE: lambda tallies: count_problems(tallies).value,
    GoalMeasure.VOLUME: lambda tallies: float(tallies.total) if tallies.total else None,
}


def _measure_goal(data: PeriodData, goal: Goal) -> GoalLine:
    periods = [data.period, *(data.period.earlier(count) for count in range(1, _HISTORY))]
    survey, scale = _choose_survey(data, goal)
    values = [_measure_period(data, goal, period, survey, scale) for period in periods]
    zone = ZoneInfo(data.period.zone)
    points = [
        GoalPoint(_last_day(period.until, zone), value)
        for period, value in zip(periods, values, strict=True)
    ]
    today = _last_day(data.end, zone)
    progress = judge_goal(
        points,
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
) -> float | None:
    if goal.measure not in _COUNTED and scale is None:
        return measure_team_value(data, goal.measure, period)
    counted = data.count_people(period)
    if survey:
        counted = counted.of_sources([survey])
    if scale is None:
        return _COUNTED[goal.measure](counted)
    return _RATED[goal.measure].measure(Series(now=count_points(counted, scale))).value


def _describe_goal(goal: GoalLine, wording: Wording) -> TextLine:
    numbers, progress = wording.numbers, goal.progress
    target = numbers.write_value(goal.unit, goal.target)
    wanted = f"{target} by {numbers.write_date(goal.by)}"
    asked = f" (in {goal.survey})" if goal.survey else ""
    now = numbers.write_value(goal.unit, progress.value)
    if progress.state is GoalState.NEEDS and progress.needed is not None:
        pace = numbers.write_value(goal.unit, progress.needed, signed=True)
        said = f"needs {pace} a week"
    else:
        said = _STATE_WORDS.get(progress.state, str(progress.state))
    return text_line(strong(goal.label), f"{asked}: {now}, goal {wanted}: ", strong(said))
