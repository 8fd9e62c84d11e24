"""Try a rule on the days that were: what it would have sent, and whether that was worth reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.digest.counts import ShareCount
from monitor.digest.intervals import bound_share
from monitor.domain.alert import AlertStatus
from monitor.domain.backtest import (
    Backtest,
    Replay,
    ReplayedAlert,
    ReplaySample,
    RuleDifference,
    SourceView,
)
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.measure import Estimate
from monitor.domain.workspace import NO_WORKSPACE, Workspace
from monitor.pipeline.grouping import AlertPolicy
from monitor.store import Transaction
from monitor.tuning.marked_feedback import count_caught
from monitor.tuning.replay import MOST_HELD, ReplayPlan, replay_rule
from rules.rule import Rule

#: Examples of each kind.
_SAMPLES = 3
_TAKEN = (AlertStatus.ACKNOWLEDGED, AlertStatus.REPLIED, AlertStatus.RESOLVED)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestRequest:
    """What is tried, on which days, beside what."""

    rule: Rule
    rules: tuple[Rule, ...]  #: all that are in force; the tried one takes its own place among them
    since: datetime
    until: datetime
    policy: AlertPolicy
    channel: str  #: of cards whose rule names none
    calendar: BusinessCalendar
    zone: str  #: in which days begin
    source_ids: tuple[str, ...] = ()  #: of the configured sources
    workspace: Workspace = NO_WORKSPACE  #: what rules may ask for of team and brand
    against: Rule | None = None  #: another version of the rule; None: nothing is compared

    def plan(self, rule: Rule) -> ReplayPlan:
        """Return the replay of one version of the rule, in its place among the others."""
        others = [each for each in self.rules if each.id != rule.id]
        places = [at for at, each in enumerate(self.rules) if each.id == rule.id]
        at = places[0] if places else len(others)
        return ReplayPlan(
            rule_id=rule.id,
            rules=(*others[:at], rule, *others[at:]),
            since=self.since,
            until=self.until,
            policy=self.policy,
            channel=self.channel,
            workspace=self.workspace,
        )


def find_first_day(now: datetime, days: int, zone: str) -> datetime:
    """Return when the first of so many local days begins, of which today is the last."""
    today = now.astimezone(ZoneInfo(zone)).date()
    first = today - timedelta(days=days - 1)
    return datetime.combine(first, time(), ZoneInfo(zone)).astimezone(UTC)


def run_backtest(tx: Transaction, request: BacktestRequest) -> Backtest:
    """Return what a rule would have done in a time, beside what the team said of it since."""
    replay = replay_rule(tx, request.plan(request.rule))
    other = replay_rule(tx, request.plan(request.against)) if request.against else None
    days = _count_days(replay, request)
    return Backtest(
        rule_id=request.rule.id,
        rule_name=request.rule.name,
        version=request.rule.version,
        since=request.since,
        until=request.until,
        zone=request.zone,
        sources=_view_sources(tx, replay, request),
        replay=replay,
        days=days,
        most_in_an_hour=_count_busiest_hour([alert.opened_at for alert in replay.alerts]),
        at_night=sum(not request.calendar.is_open_at(one.opened_at) for one in replay.alerts),
        judged=_judge_alerts(tx, replay.alerts),
        difference=_compare(tx, replay, other, request) if other else None,
        samples=_choose_samples(tx, replay, other),
        caveats=tuple(_list_caveats(replay, request)),
        marked=count_caught(tx, replay.alerted, request.since, request.until),
    )


def _count_days(replay: Replay, request: BacktestRequest) -> tuple[int, ...]:
    zone = ZoneInfo(request.zone)
    first = request.since.astimezone(zone).date()
    last = (request.until - timedelta(seconds=1)).astimezone(zone).date()
    counts = Counter(alert.opened_at.astimezone(zone).date() for alert in replay.alerts)
    return tuple(
        counts[first + timedelta(days=number)] for number in range((last - first).days + 1)
    )


def _count_busiest_hour(times: Sequence[datetime]) -> int:
    """Return the most alerts that were opened within any hour."""
    most, first = 0, 0
    for place, at in enumerate(times):
        while at - times[first] >= _HOUR:
            first += 1
        most = max(most, place - first + 1)
    return most


def _view_sources(
    tx: Transaction, replay: Replay, request: BacktestRequest
) -> tuple[SourceView, ...]:
    coverage = tx.coverage.list_sources(request.since, request.until, request.source_ids)
    blind = {one.source_id: one.blind_hours for one in coverage}
    names = sorted({*replay.by_source, *request.source_ids})
    return tuple(
        SourceView(
            source_id=name,
            items=replay.by_source.get(name, 0),
            blind_hours=blind.get(name, 0.0),
        )
        for name in names
    )


def _judge_alerts(tx: Transaction, alerts: Sequence[ReplayedAlert]) -> Estimate:
    """Return the share of the judged alerts of which any feedback was called useful."""
    said = tx.verdicts.find_useful([which for alert in alerts for which in alert.feedback_ids])
    judged = [
        any(said[which] for which in alert.feedback_ids if which in said)
        for alert in alerts
        if any(which in said for which in alert.feedback_ids)
    ]
    count = ShareCount(sum(judged), len(judged))
    limits = bound_share(count)
    return Estimate(value=count.value, n=count.n, low=limits.low, high=limits.high)


def _compare(
    tx: Transaction, replay: Replay, other: Replay, request: BacktestRequest
) -> RuleDifference:
    lost = sorted(other.alerted - replay.alerted)
    said = tx.verdicts.find_useful(lost)
    status = {which: alert.status for which, alert in tx.alerts.newest_by_feedback(lost).items()}
    real = [which for which in lost if said.get(which, status.get(which) in _TAKEN)]
    useless = [
        which
        for which in lost
        if not said.get(which, status.get(which) is not AlertStatus.DISMISSED)
    ]
    return RuleDifference(
        against=request.against.version if request.against else "",
        gained=len(replay.alerted - other.alerted),
        lost=len(lost),
        lost_real=len(real),
        lost_useless=len(useless),
    )


def _choose_samples(
    tx: Transaction, replay: Replay, other: Replay | None
) -> dict[str, tuple[ReplaySample, ...]]:
    """Return a few alerts of each kind, the newest ones: caught, gained and lost."""
    kinds = {"caught": replay.alerts}
    if other is not None:
        kinds["gained"] = _without(replay.alerts, other.alerted)
        kinds["lost"] = _without(other.alerts, replay.alerted)
    return {kind: tuple(_show_samples(tx, alerts[-_SAMPLES:])) for kind, alerts in kinds.items()}


def _without(alerts: Sequence[ReplayedAlert], alerted: frozenset[int]) -> tuple[ReplayedAlert, ...]:
    return tuple(alert for alert in alerts if alerted.isdisjoint(alert.feedback_ids))


def _show_samples(tx: Transaction, alerts: Sequence[ReplayedAlert]) -> Iterator[ReplaySample]:
    first = {alert.feedback_ids[0]: alert for alert in reversed(alerts)}
    for feedback, analysis in tx.period_feedback.list_by_ids(list(first)):
        yield ReplaySample(
            feedback_id=feedback.id,
            at=first[feedback.id].opened_at,
            source_id=feedback.source_id,
            text=analysis.text,
            reason=first[feedback.id].reason,
        )


def _list_caveats(replay: Replay, request: BacktestRequest) -> Iterable[str]:
    if replay.stopped_at is not None:
        yield (
            f"given up at {replay.stopped_at:%Y-%m-%d %H:%M} UTC: by then the rule had held for "
            f"{MOST_HELD:,} feedback"
        )
    if not replay.read:
        yield "nothing arrived in this time: there is nothing to try a rule on"
    elif not replay.alerts and not replay.silenced:
        yield "the rule held for nothing: look for a typo before you look at the limits"
    yield "nobody closes alerts in a replay, so a problem that came back joins its alert longer"
    yield "edited feedback is read as it stands now; what was deleted or forgotten is not there"
    if request.rule.mode != "live":
        yield f"its mode is {request.rule.mode}: it sends nothing until that is live"
