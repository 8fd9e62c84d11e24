"""Replay what arrived in a time through the pipeline itself, and see what one rule makes of it.

Everything that decides is what decides when feedback comes in: `rules.engine`, then
`monitor.pipeline.ingest` with its grouping, cooldowns and near copies, on a database in memory that
sends nothing. What was read out of the words is taken as it is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby

from monitor.domain.alert import Alert, MatchOutcome, StoredDecision
from monitor.domain.backtest import Replay, ReplayedAlert
from monitor.domain.feedback import Analysis, Evidence, Feedback
from monitor.pipeline.grouping import JOIN_WITHIN, AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.store import Store, Transaction, open_store
from monitor.store.feedback import AnalysedFeedback, FeedbackKey
from rules.engine import Engine
from rules.rule import Rule, RuleMode

#: Feedback for which a rule may hold before the replay is given up: nobody reads so many cards.
MOST_HELD = 5_000
_IN_MEMORY = "sqlite://"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayPlan:
    """Which rule is tried, beside which others, on what."""

    rule_id: str
    rules: tuple[Rule, ...]  #: all that hold beside it, and itself
    since: datetime  #: of arrivals
    until: datetime
    policy: AlertPolicy
    channel: str  #: of cards whose rule names none

    @property
    def live_rules(self) -> tuple[Rule, ...]:
        """The rules, the tried one live whatever its mode."""
        return tuple(
            replace(rule, mode=RuleMode.LIVE) if rule.id == self.rule_id else rule
            for rule in self.rules
        )

    @property
    def begins(self) -> datetime:
        """Where the replay begins, so that what was open or cooling down by `since` is known."""
        own = next(rule for rule in self.rules if rule.id == self.rule_id)
        return self.since - max(JOIN_WITHIN, own.cooldown)


def replay_rule(tx: Transaction, plan: ReplayPlan) -> Replay:
    """Return what a rule would have made of the feedback that arrived in a time.

    Nobody closes an alert in a replay. What our own accounts wrote, and what was too old when it
    came, is left out as it always is.
    """
    store = open_store(_IN_MEMORY)
    try:
        return _Replayer(plan, store).run(tx)
    finally:
        store.close()


@dataclass(slots=True)
class _StoredAnalyses:
    """Gives back what was read of feedback when it came, in place of reading it again."""

    by_key: dict[FeedbackKey, Analysis] = field(default_factory=dict)

    def analyze_all(self, items: Sequence[Feedback]) -> list[Analysis]:
        """Return the stored analysis of each feedback, in order."""
        return [self.by_key[item.key] for item in items]


class _Replayer:
    """One replay, and what is counted on the way."""

    def __init__(self, plan: ReplayPlan, store: Store) -> None:
        self._plan, self._store = plan, store
        [tried] = [rule for rule in plan.live_rules if rule.id == plan.rule_id]
        self._tried = Engine([tried])
        self._analyses = _StoredAnalyses()
        self._ingest = Ingest(store, self._analyses, Engine(plan.live_rules), plan.channel)
        self._held: dict[FeedbackKey, int] = {}  #: the ids, in the store that is read
        self._by_source: Counter[str] = Counter()

    def run(self, tx: Transaction) -> Replay:
        """Take in what arrived, poll by poll; return what came of it."""
        stopped_at = None
        arrivals = _iterate_arrivals(tx, self._plan, self._tried, self._by_source)
        for arrived_at, items in groupby(arrivals, lambda item: item[0].first_seen_at):
            if len(self._held) >= MOST_HELD:
                stopped_at = arrived_at
                break
            self._take_in(list(items), arrived_at or self._plan.since)
        return self._collect(stopped_at)

    def _take_in(self, items: Sequence[AnalysedFeedback], now: datetime) -> None:
        """Take in, of what one poll brought, that for which the rule holds."""
        held = [
            (item, analysis)
            for item, analysis in items
            if self._tried.evaluate(Evidence(feedback=item, analysis=analysis, now=now))
        ]
        if not held:
            return
        self._analyses.by_key = {item.key: analysis for item, analysis in held}
        self._held |= {item.key: item.id for item, _ in held}
        self._ingest([replace(item, id=0) for item, _ in held], now, self._plan.policy)

    def _collect(self, stopped_at: datetime | None) -> Replay:
        with self._store.read() as tx:
            known = tx.feedback.find_known(self._held)
            decided = [
                (self._held[key], decision)
                for key, stored in known.items()
                for decision in tx.alerts.list_decisions(stored.id)
                if decision.rule_id == self._plan.rule_id and decision.at >= self._plan.since
            ]
            alert_ids = {decision.alert_id for _, decision in decided if decision.alert_id}
            alerts = {which: tx.alerts.get(which) for which in alert_ids}
        silenced = Counter(
            decision.reason
            for _, decision in decided
            if decision.outcome is MatchOutcome.SUPPRESSED
        )
        replayed = [
            _to_replayed(alert, [one for one in decided if one[1].alert_id == which], self._plan)
            for which, alert in alerts.items()
            if alert and alert.opened_at >= self._plan.since
        ]
        replayed.sort(key=lambda alert: (alert.opened_at, alert.feedback_ids))
        return Replay(
            read=self._by_source.total(),
            by_source=dict(sorted(self._by_source.items())),
            alerts=tuple(replayed),
            grouped=len(decided) - silenced.total() - len(replayed),
            silenced=dict(silenced.most_common()),
            stopped_at=stopped_at,
        )


def _to_replayed(
    alert: Alert, decided: list[tuple[int, StoredDecision]], plan: ReplayPlan
) -> ReplayedAlert:
    decided.sort(key=lambda one: (one[1].at, one[0]))
    return ReplayedAlert(
        opened_at=alert.opened_at,
        severity=alert.severity,
        leads=alert.rule_id == plan.rule_id,
        reason=" and ".join(clause.description for clause in decided[0][1].clauses),
        feedback_ids=tuple(which for which, _ in decided),
    )


def _iterate_arrivals(
    tx: Transaction, plan: ReplayPlan, tried: Engine, by_source: Counter[str]
) -> Iterator[AnalysedFeedback]:
    """Yield what may concern the rule, as it arrived; count all that did, by source.

    What was written long before it arrived alerts nobody, so the time of writing bounds the search.
    """
    written_since = plan.begins - plan.policy.alert_if_newer_than - timedelta(days=1)
    for arrival in tx.feedback.iterate_arrivals(
        tried.may_hold, since=written_since, until=plan.until
    ):
        if not plan.begins <= arrival.at < plan.until or arrival.own:
            continue
        if arrival.at >= plan.since:
            by_source[arrival.source_id] += 1
        if arrival.found is not None:
            yield arrival.found
