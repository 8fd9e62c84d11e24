"""How long the team took for the alerts of a period, as of its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.digest.counts import Series, ShareCount
from monitor.digest.period_data import PeriodData
from monitor.digest.response_times import (
    AlertTimes,
    ResponseStep,
    collect_waits,
    measure_waits,
)
from monitor.digest.voices import count_voices
from monitor.domain.alert import Alert
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.event import AlertEvent
from monitor.domain.goal import GoalMeasure
from monitor.domain.period import Period
from monitor.domain.period_facts import AlertHistory
from monitor.domain.sla import ElapsedTime, SlaTimes, compute_limit_statuses, measure_sla_times

_STEPS = {
    GoalMeasure.TIME_TO_ACKNOWLEDGE: ResponseStep.ACKNOWLEDGE,
    GoalMeasure.TIME_TO_REPLY: ResponseStep.REPLY,
    GoalMeasure.TIME_TO_RESOLVE: ResponseStep.RESOLVE,
}
#: What customers do after an answer: any sign at all, and the one that counts as won back.
_OUTCOME, _WON_BACK = "outcome", "rating_raised"


@dataclass(frozen=True, slots=True)
class TimedAlert:
    """An alert with what was measured of it, as of a time."""

    alert: Alert
    times: SlaTimes
    limits_kept: int
    limits_decided: int


def load_timed_alerts(data: PeriodData, period: Period) -> tuple[TimedAlert, ...]:
    """Return the alerts opened in a period, timed as of its end: what came later is not yet.

    So one period compares with another, although the older one has had more time since. An alert
    that a person joined into another counts there.
    """
    as_of = min(period.until, data.now)
    return tuple(_time_alert(history, data.calendar, as_of) for history in data.load_alerts(period))


def to_alert_times(alerts: Sequence[TimedAlert]) -> tuple[AlertTimes, ...]:
    """Return the working seconds of each alert to each step."""
    return tuple(
        AlertTimes(
            acknowledge=get_working_seconds(timed.times.to_acknowledge),
            reply=get_working_seconds(timed.times.to_reply),
            resolve=get_working_seconds(timed.times.to_resolve),
        )
        for timed in alerts
    )


def get_working_seconds(elapsed: ElapsedTime | None) -> float | None:
    """Return the working time of a wait; None while it lasts."""
    return elapsed.working if elapsed else None


def count_kept_limits(alerts: Sequence[TimedAlert]) -> ShareCount:
    """Return how many limits were kept, of those that were kept or missed."""
    kept = sum(timed.limits_kept for timed in alerts)
    return ShareCount(kept, sum(timed.limits_decided for timed in alerts))


def count_closed(alerts: Sequence[TimedAlert]) -> ShareCount:
    """Return how many alerts were closed."""
    return ShareCount(sum(timed.times.to_resolve is not None for timed in alerts), len(alerts))


def count_answered(data: PeriodData, period: Period) -> ShareCount:
    """Return how much of the negative feedback of a period was answered by its end."""
    as_of = min(period.until, data.now)
    span = (period.since, period.until)
    return ShareCount(*data.tx.readings.count_answered(*span, data.source_ids, as_of))


def count_recovered(data: PeriodData, period: Period) -> ShareCount:
    """Return how many raised their rating, of those who were answered in a period and gave a sign.

    Whoever was not heard of again by its end is not counted on either side.
    """
    as_of = min(period.until, data.now)
    signs = [
        {event.details.get(_OUTCOME) for event in each.outcomes if event.at < as_of}
        for each in data.load_replied_alerts(period)
    ]
    return ShareCount(sum(_WON_BACK in seen for seen in signs), sum(map(bool, signs)))


def measure_team_value(data: PeriodData, measure: GoalMeasure, period: Period) -> float | None:
    """Return a figure of the team in a period: a median in seconds, or a share in percent.

    None where there is nothing to measure, or the measure is none of the team's.
    """
    if measure in _STEPS:
        waits = collect_waits(to_alert_times(load_timed_alerts(data, period)), _STEPS[measure])
        return measure_waits(Series(now=waits), 0.5).value
    if measure is GoalMeasure.CLOSE_RATE:
        return count_closed(load_timed_alerts(data, period)).value
    if measure is GoalMeasure.RESPONSE_RATE:
        return count_answered(data, period).value
    if measure is GoalMeasure.RECOVERY:
        return count_recovered(data, period).value
    if measure is GoalMeasure.SHARE_OF_VOICE:
        return count_voices(data, period).value
    return None


def _time_alert(history: AlertHistory, calendar: BusinessCalendar, as_of: datetime) -> TimedAlert:
    alert = history.alert
    events: list[AlertEvent] = [event for event in history.events if event.at < as_of]
    limits = compute_limit_statuses(alert, events, calendar) if events else ()
    decided = [limit for limit in limits if limit.met_at or limit.is_late(as_of)]
    return TimedAlert(
        alert=alert,
        times=measure_sla_times(alert.opened_at, events, calendar),
        limits_kept=sum(not limit.is_late(as_of) for limit in decided),
        limits_decided=len(decided),
    )
