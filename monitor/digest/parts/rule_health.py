"""How the rules fare: fired, useful, unclaimed; and what people had to escalate by hand."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from monitor.digest.counts import ShareCount
from monitor.digest.intervals import bound_share
from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.team_times import TimedAlert, load_timed_alerts
from monitor.digest.wording import Wording, bullets, muted, paragraph, text_line
from monitor.domain.document import DocumentBlock, Table
from monitor.domain.event import EventKind
from monitor.domain.measure import Estimate, Unit
from monitor.domain.rule_record import is_noisy

_MOST_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHealth:
    """One rule in a period."""

    rule_id: str
    name: str
    opened: int  #: alerts that it led
    unclaimed: int  #: of those that nobody has taken by the end
    useful: Estimate  #: share of what the team judged that it called useful, in percent


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReport:
    """Every rule that opened an alert or was judged, the one with most alerts first."""

    rules: tuple[RuleHealth, ...]
    escalated: int  #: alerts that a person escalated by hand
    silent: tuple[str, ...]  #: rules that held for nothing in the period


class RuleHealthPart(DigestPart[RuleReport]):
    """Which rules alert on what, and how much of it the team found useful."""

    key = "rule_health"
    title = "How the rules fare"
    value_type = RuleReport

    def load(self, data: PeriodData) -> RuleReport | None:
        if not data.scope.is_everything:  # a rule alerts on feedback of several scopes
            return None
        alerts = load_timed_alerts(data, data.period)
        verdicts = _load_verdicts(data)
        if not alerts and not verdicts:
            return None
        by_rule: dict[str, list[TimedAlert]] = {}
        for timed in alerts:
            by_rule.setdefault(timed.alert.rule_id, []).append(timed)
        names = {timed.alert.rule_id: timed.alert.rule_name for timed in alerts}
        rules = [
            _measure_rule(rule_id, names, by_rule.get(rule_id, ()), verdicts.get(rule_id))
            for rule_id in {*by_rule, *verdicts}
        ]
        return RuleReport(
            rules=tuple(sorted(rules, key=lambda rule: (-rule.opened, rule.rule_id))),
            escalated=_count_escalated(data),
            silent=_find_silent(data, by_rule),
        )

    def describe(self, value: RuleReport, wording: Wording) -> tuple[DocumentBlock, ...]:
        numbers = wording.numbers
        rows = tuple(
            (
                rule.name,
                numbers.write_count(rule.opened),
                numbers.write_count(rule.unclaimed),
                numbers.write_value(Unit.PERCENT, rule.useful.value),
                numbers.write_range(Unit.PERCENT, rule.useful.low, rule.useful.high),
                wording.count(rule.useful.n, "verdicts"),
            )
            for rule in value.rules[:_MOST_SHOWN]
        )
        columns = ("rule", "alerts", "nobody took", "useful", "95 % interval", "judged")
        blocks: list[DocumentBlock] = [Table(columns=columns, rows=rows, numeric=(1, 2, 3, 4, 5))]
        if value.escalated:
            count = wording.count(value.escalated, "alerts")
            blocks.append(bullets(text_line(f"{count} were escalated by hand.")))
        noisy = [rule.name for rule in value.rules if is_noisy(rule.useful)]
        if noisy:
            shown = ", ".join(noisy[:_MOST_SHOWN])
            blocks.append(bullets(text_line(f"Less than half is useful of: {shown}.")))
        if value.silent:
            shown = ", ".join(value.silent[:_MOST_SHOWN])
            blocks.append(paragraph(muted(f"Opened no alert: {shown}.")))
        return tuple(blocks)


def _load_verdicts(data: PeriodData) -> dict[str, ShareCount]:
    found = data.tx.period_alerts.count_rule_verdicts(data.period.since, data.period.until)
    return {one.rule_id: ShareCount(one.useful, one.useful + one.not_useful) for one in found}


def _count_escalated(data: PeriodData) -> int:
    acts = data.tx.period_alerts.list_acts_by_hand(data.period.since, data.period.until)
    return len({act.alert_id for act in acts if act.kind is EventKind.ESCALATED})


def _find_silent(data: PeriodData, opened: Container[str]) -> tuple[str, ...]:
    """Return the rules that decided something before, and opened nothing in the period."""
    since = data.earlier[-1].since
    activity = data.tx.period_alerts.count_rule_activity(since, data.period.until)
    known = {one.rule_id: one.rule_name for one in activity if one.live}
    return tuple(sorted(name for rule_id, name in known.items() if rule_id not in opened))


def _measure_rule(
    rule_id: str,
    names: dict[str, str],
    alerts: Sequence[TimedAlert],
    useful: ShareCount | None,
) -> RuleHealth:
    judged = useful or ShareCount(0, 0)
    limits = bound_share(judged)
    return RuleHealth(
        rule_id=rule_id,
        name=names.get(rule_id, rule_id),
        opened=len(alerts),
        unclaimed=sum(timed.times.to_acknowledge is None for timed in alerts),
        useful=Estimate(value=judged.value, n=judged.n, low=limits.low, high=limits.high),
    )
