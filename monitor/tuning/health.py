"""How each rule has fared: what it brought, how much of it was useful, and who took it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.digest.counts import ShareCount
from monitor.digest.intervals import bound_share
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.measure import Estimate
from monitor.domain.period_facts import AlertHistory
from monitor.domain.rule_record import RuleMark, RuleRecord, RuleRecords, is_noisy, is_useless
from monitor.domain.sla import compute_limit_statuses
from monitor.store import Transaction
from rules.rule import Rule, RuleMode

#: How soon somebody is to take an alert whose rule does not say, in seconds.
_TAKEN_WITHIN = timedelta(days=1).total_seconds()
#: The time of a promise.
_MONTH = timedelta(days=28)
_NOBODY = ShareCount(0, 0)  #: has judged


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFacts:
    """What is stored of one rule in a time."""

    alerts: tuple[AlertHistory, ...] = ()  #: that it led
    matches: int = 0
    useful: ShareCount = _NOBODY
    useful_in_month: ShareCount = _NOBODY  #: the same of the last 28 days
    held_back: int = 0
    last_fired: datetime | None = None
    false_alarms: int = 0  #: alerts of the last 28 days that were judged not useful


def measure_rule(
    rule: Rule, facts: RuleFacts, calendar: BusinessCalendar, now: datetime
) -> RuleRecord:
    """Return how a rule has fared, with the marks that it earns."""
    late, decided = _count_late(facts.alerts, calendar, now)
    useful = _estimate(facts.useful)
    is_quiet = not facts.alerts and not facts.matches
    marks = {
        RuleMark.NOISY: is_noisy(useful) or is_useless(_estimate(facts.useful_in_month)),
        RuleMark.DEAD: is_quiet and rule.mode is not RuleMode.OFF,
        RuleMark.UNCLAIMED: 2 * late > decided,
    }
    return RuleRecord(
        rule_id=rule.id,
        name=rule.name,
        mode=str(rule.mode),
        cards=len(facts.alerts),
        matches=facts.matches,
        useful=useful,
        unclaimed=late,
        decided=decided,
        held_back=facts.held_back,
        last_fired=facts.last_fired,
        promised=sum(window.alarms_per_month for window in rule.windows),
        false_alarms=facts.false_alarms,
        marks=tuple(mark for mark, is_earned in marks.items() if is_earned),
    )


def load_rule_records(
    tx: Transaction,
    rules: Sequence[Rule],
    since: datetime,
    until: datetime,
    calendar: BusinessCalendar,
) -> RuleRecords:
    """Return how the rules have fared from a time on and before another, the noisiest first."""
    facts = load_rule_facts(tx, [rule.id for rule in rules], since, until)
    records = [measure_rule(rule, facts[rule.id], calendar, until) for rule in rules]
    return RuleRecords(since=since, until=until, records=tuple(sorted(records, key=_rank)))


def load_rule_facts(
    tx: Transaction, rule_ids: Sequence[str], since: datetime, until: datetime
) -> Mapping[str, RuleFacts]:
    """Return what is stored of these rules in a time, by their ids."""
    alerts = _load_alerts(tx, since, until)
    matches: dict[str, int] = {}
    for one in tx.period_alerts.count_rule_activity(since, until):
        matches[one.rule_id] = matches.get(one.rule_id, 0) + one.count
    useful = _load_useful(tx, since, until)
    in_month = _load_useful(tx, until - _MONTH, until)
    useless = _find_useless(tx, _load_alerts(tx, until - _MONTH, until))
    held = tx.period_alerts.find_held_back(since, until)
    found = {}
    for rule_id in rule_ids:
        own = alerts.get(rule_id, ())
        newest = tx.alerts.find(rule_id=rule_id, limit=1)
        found[rule_id] = RuleFacts(
            alerts=tuple(own),
            matches=matches.get(rule_id, 0),
            useful=useful.get(rule_id, _NOBODY),
            useful_in_month=in_month.get(rule_id, _NOBODY),
            held_back=sum(one.alert.id in held for one in own),
            last_fired=newest[0].opened_at if newest else None,
            false_alarms=useless.get(rule_id, 0),
        )
    return found


def _load_alerts(
    tx: Transaction, since: datetime, until: datetime
) -> Mapping[str, Sequence[AlertHistory]]:
    """Return the alerts that were opened in a time, by the rule that led them.

    One that a person joined into another counts there.
    """
    found: dict[str, list[AlertHistory]] = {}
    for history in tx.period_alerts.list_opened(since, until):
        if not history.alert.joined_into:
            found.setdefault(history.alert.rule_id, []).append(history)
    return found


def _load_useful(tx: Transaction, since: datetime, until: datetime) -> Mapping[str, ShareCount]:
    return {
        one.rule_id: ShareCount(one.useful, one.useful + one.not_useful)
        for one in tx.period_alerts.count_rule_verdicts(since, until)
    }


def _find_useless(
    tx: Transaction, alerts: Mapping[str, Sequence[AlertHistory]]
) -> Mapping[str, int]:
    """Return how many alerts of each rule were judged not useful."""
    subjects = [one.feedback_id for own in alerts.values() for one in own]
    said = tx.verdicts.find_useful(subjects)
    return {
        rule_id: sum(said.get(one.feedback_id) is False for one in own)
        for rule_id, own in alerts.items()
    }


def _count_late(
    alerts: Sequence[AlertHistory], calendar: BusinessCalendar, now: datetime
) -> tuple[int, int]:
    """Return how many alerts nobody took in time, and how many were taken or are late."""
    late = decided = 0
    for history in alerts:
        limits = history.alert.limits
        within = _TAKEN_WITHIN if limits.acknowledge is None else limits.acknowledge
        alert = replace(history.alert, limits=replace(limits, acknowledge=within))
        statuses = compute_limit_statuses(alert, history.events, calendar)
        taken = next(one for one in statuses if one.kind == "acknowledge")
        late += taken.is_late(now)
        decided += taken.met_at is not None or taken.is_late(now)
    return late, decided


def _estimate(count: ShareCount) -> Estimate:
    limits = bound_share(count)
    return Estimate(value=count.value, n=count.n, low=limits.low, high=limits.high)


def _rank(record: RuleRecord) -> tuple[bool, float, int, str]:
    """Return the place of a rule: what is noisy first, then by how much was not useful."""
    useless = record.useful.n * (1 - (record.useful.value or 0) / 100)
    return RuleMark.NOISY not in record.marks, -useless, -record.cards, record.rule_id
