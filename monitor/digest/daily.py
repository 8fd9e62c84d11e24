"""The daily chart of a period: volume by tone, balance, alerts, events, what was not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.digest.period_data import PeriodData
from monitor.digest.tally_counts import count_tones
from monitor.domain.chart import DailyChart, DayColumn, PointState
from monitor.domain.period import LocalDay
from monitor.domain.period_facts import BlindSpan

_HOUR = timedelta(hours=1)
#: A day counts as blind where a source could not be read for more than this share of it.
_BLIND_FROM = 0.25


def build_daily_chart(data: PeriodData) -> DailyChart:
    """Return the days of the period; those that are still to come are left out."""
    zone = ZoneInfo(data.period.zone)
    opened = (history.alert.opened_at for history in data.load_alerts(data.period))
    alerts = _count_by_day(opened, zone)
    events: dict[date, list[str]] = {}
    for event in data.load_events():
        events.setdefault(event.at.astimezone(zone).date(), []).append(event.name)
    days = [day for day in data.period.days if day.since < data.now]
    return DailyChart(
        title="Feedback and sentiment balance by day",
        days=tuple(
            _build_column(data, day, alerts[day.date], tuple(events.get(day.date, ())))
            for day in days
        ),
    )


def _build_column(
    data: PeriodData, day: LocalDay, alerts: int, events: tuple[str, ...]
) -> DayColumn:
    tallies = data.count_span(day.since, day.until)
    tones = count_tones(tallies)
    return DayColumn(
        day=day.date,
        positive=tones.positive,
        neutral=tones.neutral + tones.mixed,
        negative=tones.negative,
        unread=tones.unread,
        balance=tones.balance.value,
        alerts=alerts,
        events=events,
        blind_hours=round(_count_blind_hours(data, day), 1),
        state=_judge_day(data, day),
    )


def _judge_day(data: PeriodData, day: LocalDay) -> PointState:
    if day.until > data.now:
        return PointState.UNFINISHED
    blind = _count_blind_hours(data, day)
    return PointState.BLIND if blind > _BLIND_FROM * day.hours else PointState.WHOLE


def _count_blind_hours(data: PeriodData, day: LocalDay) -> float:
    """Return for how many hours of a day the blindest source could not be read."""
    hours = (sum(_measure_overlap(span, day) for span in one.blind) for one in data.load_coverage())
    return max(hours, default=0.0)


def _measure_overlap(span: BlindSpan, day: LocalDay) -> float:
    """Return how many hours of a day a blind span covers."""
    overlap = min(span.until, day.until) - max(span.since, day.since)
    return max(0.0, overlap / _HOUR)


def _count_by_day(moments: Iterable[datetime], zone: ZoneInfo) -> Counter[date]:
    return Counter(at.astimezone(zone).date() for at in moments)
