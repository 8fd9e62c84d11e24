"""How the team responded: times against limits, what was closed, and what still waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from monitor.digest.counts import Series
from monitor.digest.measures import measure_share
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.response_times import ResponseStep, measure_responses
from monitor.digest.team_times import (
    TimedAlert,
    count_answered,
    count_closed,
    count_kept_limits,
    count_recovered,
    get_working_seconds,
    load_timed_alerts,
    to_alert_times,
)
from monitor.digest.wording import Wording, bullets, paragraph, show_chart, strong, text_line
from monitor.domain.alert import AlertStatus, Severity
from monitor.domain.chart import ResponseChart, ResponseGroup
from monitor.domain.digest import NamedMeasure
from monitor.domain.document import DocumentBlock, TextLine

_MOST_WAITING = 5
_PRESSING = (Severity.URGENT, Severity.HIGH)
_STEP_TITLES = {
    ResponseStep.ACKNOWLEDGE: "Until somebody has it",
    ResponseStep.REPLY: "Until it is answered",
    ResponseStep.RESOLVE: "Until it is closed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingAlert:
    """An alert of a problem that nobody has closed."""

    alert_id: int
    rule: str
    severity: Severity
    opened_at: datetime
    working_seconds: float  #: for which it has been open, as of the end of the period
    is_taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseReport:
    """What the team did about the alerts of a period."""

    opened: int
    measures: tuple[NamedMeasure, ...]
    chart: ResponseChart | None
    waiting: tuple[WaitingAlert, ...]  #: the longest wait first
    waiting_count: int
    pressing: int  #: of those the urgent and the high ones


class ResponsePart(DigestPart[ResponseReport]):
    """Response times in working hours with open ones counted as not yet, and what still waits."""

    key = "response"
    title = "How we responded"
    value_type = ResponseReport

    def load(self, data: PeriodData) -> ResponseReport | None:
        if not data.scope.is_everything:  # an alert may be about feedback of several scopes
            return None
        history = [load_timed_alerts(data, period) for period in (data.period, *data.earlier)]
        opened, *before = history
        waiting = _find_waiting(data)
        if not opened and not waiting and not any(before):
            return None
        known = tuple(before[: next((at for at, one in enumerate(before) if not one), len(before))])
        return ResponseReport(
            opened=len(opened),
            measures=(
                *_measure_team(Series(now=opened, before=known)),
                *_measure_answers(data),
            ),
            chart=_chart_times(opened),
            waiting=tuple(waiting[:_MOST_WAITING]),
            waiting_count=len(waiting),
            pressing=sum(each.severity in _PRESSING for each in waiting),
        )

    def describe(self, value: ResponseReport, wording: Wording) -> tuple[DocumentBlock, ...]:
        blocks: list[DocumentBlock] = [
            paragraph(f"{wording.count(value.opened, 'alerts')} opened. Times are working time.")
        ]
        blocks.append(bullets(*(_describe_measure(one, wording) for one in value.measures)))
        if value.chart:
            blocks.append(show_chart(value.chart, wording.numbers))
        if value.waiting:
            count = wording.count(value.waiting_count, "alerts")
            blocks.append(paragraph(f"Still open at the end: {count}. The most urgent first:"))
            blocks.append(bullets(*(_describe_waiting(one, wording) for one in value.waiting)))
        return tuple(blocks)


def _measure_team(series: Series[tuple[TimedAlert, ...]]) -> Iterable[NamedMeasure]:
    for step in measure_responses(series.convert(to_alert_times)):
        title = _STEP_TITLES[step.step]
        for name, measure in (("half", step.median), ("nine in ten", step.ninetieth)):
            yield NamedMeasure(
                key=f"time_to_{step.step}:{'median' if name == 'half' else 'p90'}",
                title=f"{title}, {name} within",
                measure=measure,
                noun="alerts",
                is_more_better=False,
            )
    yield NamedMeasure(
        key="limits_kept",
        title="Limits kept",
        measure=measure_share(series.convert(count_kept_limits)),
        noun="limits",
        is_more_better=True,
    )
    yield NamedMeasure(
        key="close_rate",
        title="Closed by the end of the period",
        measure=measure_share(series.convert(count_closed)),
        noun="alerts",
        is_more_better=True,
    )


def _chart_times(alerts: Sequence[TimedAlert]) -> ResponseChart | None:
    """Return how soon alerts of each severity were taken, against the limit that most have."""
    by_severity: dict[Severity, list[TimedAlert]] = {}
    for timed in alerts:
        by_severity.setdefault(timed.alert.severity, []).append(timed)
    groups = [
        _group_times(severity, by_severity[severity])
        for severity in sorted(by_severity, key=lambda each: each.rank)
        if severity is not Severity.PRAISE
    ]
    if not groups:
        return None
    title = "Working time until somebody has an alert, by severity"
    return ResponseChart(title=title, groups=tuple(groups))


def _group_times(severity: Severity, alerts: Sequence[TimedAlert]) -> ResponseGroup:
    limits = [timed.alert.limits.acknowledge for timed in alerts]
    usual = max(sorted(set(limits), key=str), key=limits.count)
    waits = [get_working_seconds(timed.times.to_acknowledge) for timed in alerts]
    over = tuple(sorted(wait for wait in waits if wait is not None))
    return ResponseGroup(
        label=str(severity), limit=usual or None, seconds=over, open_count=len(waits) - len(over)
    )


def _find_waiting(data: PeriodData) -> list[WaitingAlert]:
    """Return the alerts that were open at the end of the period; praise waits for nobody."""
    waiting = [
        WaitingAlert(
            alert_id=alert.id,
            rule=alert.rule_name,
            severity=alert.severity,
            opened_at=alert.opened_at,
            working_seconds=data.calendar.working_seconds_between(alert.opened_at, data.end),
            is_taken=history.status_at(data.end) is not AlertStatus.OPEN,
        )
        for history in data.load_open_alerts()
        for alert in [history.alert]
    ]
    return sorted(waiting, key=lambda each: (each.severity.rank, -each.working_seconds))


def _measure_answers(data: PeriodData) -> Iterable[NamedMeasure]:
    yield NamedMeasure(
        key="response_rate",
        title="Negative feedback that was answered",
        measure=measure_share(data.series_of_periods(partial(count_answered, data))),
        is_more_better=True,
    )
    recovered = data.series_of_periods(partial(count_recovered, data))
    if recovered.now.n:
        yield NamedMeasure(
            key="recovery",
            title="Raised their rating after an answer, of those who gave a sign",
            measure=measure_share(recovered),
            noun="people",
            is_more_better=True,
        )


def _describe_measure(named: NamedMeasure, wording: Wording) -> TextLine:
    fact = wording.fact(named.title, named.measure, named.noun)
    return text_line(f"{fact.label}: ", strong(fact.value), f" ({fact.detail}); {fact.change}")


def _describe_waiting(waiting: WaitingAlert, wording: Wording) -> TextLine:
    taken = "taken" if waiting.is_taken else "nobody has it"
    age = wording.numbers.write_duration(waiting.working_seconds)
    return text_line(
        strong(f"Alert {waiting.alert_id}"),
        f" · {waiting.severity} · {waiting.rule} · open for {age} of working time · {taken}",
    )
