"""Replay what arrived in a time through the pipeline itself, and see what one rule makes of it.

Everything that decides is what decides when feedback comes in: `rules.engine`, the comparison of
near copies, and `monitor.pipeline.grouping` with its groups and cooldowns. Only the alerts are kept
in memory, and nothing is sent. What was read out of the words is taken as it is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby

from monitor.domain.alert import Alert, Decision, Match, MatchOutcome
from monitor.domain.backtest import Replay, ReplayedAlert
from monitor.domain.feedback import Evidence
from monitor.domain.window import HOUR, start_of_hour
from monitor.domain.workspace import NO_WORKSPACE, Workspace
from monitor.pipeline.facts import add_facts
from monitor.pipeline.grouping import JOIN_WITHIN, AlertPolicy, decide_matches
from monitor.pipeline.near_copies import regroup_near_copies
from monitor.pipeline.problem_limits import ProblemLimits
from monitor.pipeline.windows import (
    WindowReader,
    find_longest_memory,
    find_window_keys,
    list_waiting_keys,
)
from monitor.store import Transaction
from monitor.store.feedback import AnalysedFeedback
from monitor.tuning.replayed_alerts import ReplayedAlerts, ReplayedTexts
from monitor.tuning.replayed_windows import ReplayedWindows
from rules.engine import Engine
from rules.rule import Rule, RuleMode

#: What was written longer before it arrived counts for no window.
_LATE = timedelta(days=7)
#: Feedback for which a rule may hold before the replay is given up: nobody reads so many cards.
MOST_HELD = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayPlan:
    """Which rule is tried, beside which others, on what."""

    rule_id: str
    rules: tuple[Rule, ...]  #: all that hold beside it, and itself
    since: datetime  #: of arrivals
    until: datetime
    policy: AlertPolicy
    channel: str  #: of cards whose rule names none
    workspace: Workspace = NO_WORKSPACE  #: what rules may ask for of team and brand

    @property
    def live_rules(self) -> tuple[Rule, ...]:
        """The rules, the tried one live whatever its mode."""
        return tuple(
            replace(rule, mode=RuleMode.LIVE) if rule.id == self.rule_id else rule
            for rule in self.rules
        )

    @property
    def begins(self) -> datetime:
        """Where the replay begins, so that what was open or cooling down by `since` is known.

        What is cooling down may itself have joined what was open before.
        """
        return self.since - JOIN_WITHIN - max(rule.cooldown for rule in self.rules)

    @property
    def window_begins(self) -> datetime:
        """From when on feedback is counted for the windows of the rules, so that they are full."""
        windows = [window for rule in self.rules for window in rule.windows]
        return self.begins - find_longest_memory(windows) if windows else self.begins


def replay_rule(tx: Transaction, plan: ReplayPlan) -> Replay:
    """Return what a rule would have made of the feedback that arrived in a time.

    Nobody closes an alert in a replay. What our own accounts wrote, and what was too old when it
    came, is left out as it always is.
    """
    replayer = _Replayer(tx, plan)
    stopped_at = None
    arrivals = _iterate_arrivals(tx, plan, replayer.engine, replayer.by_source)
    for (arrived_at, source_id), items in groupby(arrivals, _name_poll):
        replayer.ask_hourly(arrived_at or plan.since)
        if replayer.held >= MOST_HELD:
            stopped_at = arrived_at
            break
        replayer.take_in(source_id, list(items), arrived_at or plan.since)
    if stopped_at is None:
        replayer.ask_hourly(plan.until)
    return replayer.collect(stopped_at)


def _name_poll(item: AnalysedFeedback) -> tuple[datetime | None, str]:
    return item[0].first_seen_at, item[0].source_id


@dataclass(slots=True)
class _Rebuilt:
    """An alert of a replay, and the feedback in it for which the tried rule held."""

    alert: Alert
    reason: str
    feedback_ids: list[int] = field(default_factory=list)


class _Replayer:
    """One replay, and what is counted on the way."""

    def __init__(self, tx: Transaction, plan: ReplayPlan) -> None:
        self._tx, self._plan = tx, plan
        self.engine = Engine(plan.live_rules)
        self.held = 0  #: feedback for which the tried rule did
        self.by_source: Counter[str] = Counter()
        self._alerts, self._texts = ReplayedAlerts(plan.channel), ReplayedTexts()
        self._rebuilt: dict[int, _Rebuilt] = {}  #: by the alert's id
        self._silenced: Counter[str] = Counter()
        self._first_contacts: dict[str, datetime | None] = {}
        self._windows, self._reader = ReplayedWindows(tx.windows), WindowReader()
        self._waiting = list_waiting_keys(self.engine)
        self._asked_at = start_of_hour(plan.begins)  #: the last full hour that was asked
        self._waited_for: set[tuple[str, int]] = set()  #: rules and feedback told of already
        self._problem_limits = ProblemLimits(read_until=plan.until)

    def take_in(self, source_id: str, items: Sequence[AnalysedFeedback], now: datetime) -> None:
        """Take in what one poll of a source brought.

        Also that for which only other rules hold: the tried one's feedback may join their alerts.
        """
        workspace, facts = self._plan.workspace, self.engine.facts
        evidence = [
            Evidence(feedback=item, analysis=read, now=now, workspace=workspace)
            for item, read in items
        ]
        if facts:
            evidence = add_facts(self._tx, evidence, facts, self._problem_limits)
        keys = find_window_keys(self.engine, evidence)
        if any(keys):
            self._windows.add(evidence, keys)
        if now < self._plan.begins:
            return
        if any(keys):
            evidence = self._reader.add_windows(self._windows, evidence, keys, self.engine)
        found = [match for each in evidence for match in self.engine.evaluate(each)]
        if not found:
            return
        matches = regroup_near_copies(self._texts, found, now)
        is_first = self._find_first_contact(source_id) == now
        self._decide(matches, now, replace(self._plan.policy, first_contact=is_first))

    def ask_hourly(self, until: datetime) -> None:
        """Ask the rules that wait for what does not arrive, at each full hour before a time."""
        if not self._waiting:
            return
        while (now := self._asked_at + HOUR) < until:
            self._asked_at = now
            matches = [match for key in self._waiting for match in self._look_back(key, now)]
            if matches:
                policy = replace(self._plan.policy, alert_if_newer_than=timedelta.max)
                self._decide(matches, now, policy)

    def _look_back(self, key: str, now: datetime) -> Iterator[Match]:
        latest = self._windows.get_latest(key)
        if latest is None:
            return
        asked = replace(latest, now=now)
        evidence = self._reader.look_back(self._windows, key, asked, self.engine)
        for match in self.engine.evaluate_hour(evidence):
            told = (match.rule_id, match.feedback.id)
            if told not in self._waited_for:
                self._waited_for.add(told)
                yield match

    def _decide(self, matches: Sequence[Match], now: datetime, policy: AlertPolicy) -> None:
        """Decide about matches as the program does, and count those of the tried rule."""
        self.held += sum(match.rule_id == self._plan.rule_id for match in matches)
        decisions = decide_matches(matches, self._alerts.find_known(matches, now), now, policy)
        recorded = self._alerts.record(decisions, now)
        if now < self._plan.since:
            return
        self._silenced.update(
            decision.reason
            for decision in decisions
            if decision.outcome is MatchOutcome.SUPPRESSED and self._is_tried(decision)
        )
        for decision, alert in recorded:
            if self._is_tried(decision):
                new = _Rebuilt(alert, decision.match.reason)
                rebuilt = self._rebuilt.setdefault(alert.id, new)
                rebuilt.feedback_ids.append(decision.match.feedback.id)

    def _find_first_contact(self, source_id: str) -> datetime | None:
        if source_id not in self._first_contacts:
            found = self._tx.arrivals.find_first_contact(source_id)
            self._first_contacts[source_id] = found
        return self._first_contacts[source_id]

    def _is_tried(self, decision: Decision) -> bool:
        return decision.match.rule_id == self._plan.rule_id

    def collect(self, stopped_at: datetime | None) -> Replay:
        """Return what came of it."""
        own = [one for one in self._rebuilt.values() if one.alert.opened_at >= self._plan.since]
        in_alerts = sum(len(one.feedback_ids) for one in self._rebuilt.values())
        return Replay(
            read=self.by_source.total(),
            by_source=dict(sorted(self.by_source.items())),
            alerts=tuple(
                ReplayedAlert(
                    opened_at=one.alert.opened_at,
                    severity=one.alert.severity,
                    leads=one.alert.rule_id == self._plan.rule_id,
                    reason=one.reason,
                    feedback_ids=tuple(one.feedback_ids),
                )
                for one in own
            ),
            grouped=in_alerts - len(own),
            silenced=dict(self._silenced.most_common()),
            stopped_at=stopped_at,
        )


def _iterate_arrivals(
    tx: Transaction, plan: ReplayPlan, engine: Engine, by_source: Counter[str]
) -> Iterator[AnalysedFeedback]:
    """Yield what may concern any rule, as it arrived; count all that did, by source.

    What was written long before it arrived alerts nobody, so the time of writing bounds the search.
    """
    begins = plan.window_begins
    written_since = begins - max(plan.policy.alert_if_newer_than, _LATE) - timedelta(days=1)
    for arrival in tx.feedback.iterate_arrivals(
        engine.may_hold, since=written_since, until=plan.until
    ):
        if not begins <= arrival.at < plan.until or arrival.own:
            continue
        if arrival.at >= plan.since:
            by_source[arrival.source_id] += 1
        if arrival.found is not None:
            yield arrival.found
