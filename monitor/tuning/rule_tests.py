"""Run tests of rules: a story through the whole pipeline, on a clock that the test owns.

What decides is what decides when the program runs: the poller, the ingest with its groups, near
copies and cooldowns, the timers, the outbox with its budgets, and what renders Slack's cards. Only
the sources and the posting are the test's own, and the database is in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.analysis.analyzer import Analyzer
from monitor.domain.action import Action, ActionKind, Refusal
from monitor.domain.actor import Actor
from monitor.domain.alert import MatchOutcome
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.reply import OfficialAccounts, normalize_account_names
from monitor.domain.rule_test import (
    Expectation,
    RuleSuiteResult,
    RuleTest,
    RuleTestFailure,
    RuleTestResult,
    ScriptedAction,
    ScriptedActionKind,
)
from monitor.domain.workspace import NO_WORKSPACE, Workspace
from monitor.followup.act import apply_action
from monitor.followup.timers import AlertTimers
from monitor.notifiers.base import RateLimits
from monitor.pipeline.grouping import AlertPolicy
from monitor.pipeline.ingest import Ingest
from monitor.pipeline.poller import ConfiguredSource, Poller
from monitor.pipeline.sender import OutboxSender
from monitor.settings import RespondSettings
from monitor.store import Store
from monitor.store.mutes import Mute
from monitor.testing import memory_store
from monitor.tuning.posted_messages import PostedMessages
from monitor.tuning.rule_expectations import check_expectation, list_decisions
from monitor.tuning.rule_test_files import RuleSuite
from monitor.tuning.scripted_source import ScriptedSource
from rules.engine import Engine
from rules.rule import Rule

#: Before a test starts its sources are read for the first time: what they hold then is history.
_FIRST_CONTACT = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
#: So often the outbox may be asked at one moment; more means that it never comes to an end.
_MOST_SENDS = 10_000
_TESTER = Actor.cli("test")
_ACTIONS = {
    ScriptedActionKind.TAKE: ActionKind.TAKE,
    ScriptedActionKind.RESOLVE: ActionKind.RESOLVE,
    ScriptedActionKind.DISMISS: ActionKind.DISMISS,
    ScriptedActionKind.REOPEN: ActionKind.REOPEN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTestBench:
    """What a test runs with that its file does not say: the analysis and the configuration."""

    analyzer: Analyzer
    rules: tuple[Rule, ...]
    workspace: Workspace = NO_WORKSPACE
    calendar: BusinessCalendar = field(default_factory=BusinessCalendar.always_open)
    attributes: tuple[str, ...] = ()  #: names of those that cards show
    emergency_line: str = ""

    def run_suite(self, suite: RuleSuite) -> RuleSuiteResult:
        """Return how the tests of a file went; each begins with nothing stored."""
        engine = Engine(self.rules, self.emergency_line)
        return RuleSuiteResult(
            suite.file, tuple(self._run_test(test, suite, engine) for test in suite.tests)
        )

    def _run_test(self, test: RuleTest, suite: RuleSuite, engine: Engine) -> RuleTestResult:
        store = memory_store()
        try:
            return _RuleTestRun(test, suite, self, engine, store).run()
        finally:
            store.close()


class _RuleTestRun:
    """One run of one test, and the clock of it."""

    def __init__(
        self, test: RuleTest, suite: RuleSuite, bench: RuleTestBench, engine: Engine, store: Store
    ) -> None:
        self._test, self._engine, self._store, self._bench = test, engine, store, bench
        settings = suite.settings
        limits = RateLimits(cards_per_hour=settings.cards_per_hour)
        self._posted = PostedMessages(settings.channel, limits, bench.attributes)
        policy = AlertPolicy(
            alert_if_newer_than=settings.alert_if_newer_than, reopen_within=settings.reopen_within
        )
        ingest = Ingest(
            store=store,
            analyzer=bench.analyzer,
            engine=engine,
            default_channel=settings.channel,
            official=_make_official_accounts(test, settings.official),
            workspace=bench.workspace,
        )
        self._poller = Poller(tuple(_make_sources(test)), store, ingest, policy, str)
        respond = RespondSettings(reopen_within=settings.reopen_within)
        self._timers = AlertTimers(store, bench.calendar, respond)
        self._sender = OutboxSender(store, self._posted, holder="test", calendar=bench.calendar)

    def run(self) -> RuleTestResult:
        """Return how the test went."""
        moments = _list_moments(self._test)
        failures: list[RuleTestFailure] = []
        self._advance_to(self._test.start - _FIRST_CONTACT)
        for at, following in zip(moments, [*moments[1:], None], strict=True):
            self._advance_to(at)
            for action in self._test.actions:
                if action.at == at:
                    failures += self._act(action)
            self._send_due(at)
            for expected in self._test.expectations:
                if expected.at == at:
                    failures += self._check(expected)
            if following:
                self._run_timers_until(at, following)
        return RuleTestResult(self._test.name, tuple(failures), self._list_fired())

    def _advance_to(self, now: datetime) -> None:
        """Advance the clock: all that happens by itself at a moment happens here, in its order."""
        self._timers.run_due_steps(now)
        for polled in self._poller.sources:
            self._poller.poll_source(polled, now)
        self._poller.ingest.ask_hourly(now, self._poller.policy)
        self._timers.run_due_steps(now)
        self._send_due(now)

    def _run_timers_until(self, now: datetime, until: datetime) -> None:
        """Take the steps of open alerts that are due between two moments, each in its time."""
        while (due := self._find_next_timer(now)) is not None and due < until:
            now = due
            self._timers.run_due_steps(now)
            self._send_due(now)

    def _find_next_timer(self, now: datetime) -> datetime | None:
        with self._store.read() as tx:
            waiting = [alert.next_at for alert in tx.alerts.list_unclosed() if alert.next_at]
        return min((at for at in waiting if at > now), default=None)

    def _send_due(self, now: datetime) -> None:
        """Post all that may be posted now; what is over the budget waits."""
        for _ in range(_MOST_SENDS):
            step = self._sender.send_next(now)
            if step is None or step.seconds > 0:
                return

    def _act(self, action: ScriptedAction) -> Iterator[RuleTestFailure]:
        """Do what a person does; yield a failure where there is nothing to do it to."""
        with self._store.write() as tx:
            if action.kind is ScriptedActionKind.MUTE:
                until = action.until or action.at
                mute = Mute(rule_id=action.rule_id, until=until, actor=_TESTER)
                tx.mutes.put(mute, action.at)
                return
            wants_closed = action.kind is ScriptedActionKind.REOPEN
            found = [
                alert
                for alert in tx.alerts.find(rule_id=action.rule_id)
                if alert.status.is_closed == wants_closed
            ]
            wanted = Action(kind=_ACTIONS[action.kind], actor=_TESTER, via="test")
            refused = [apply_action(tx, alert.id, wanted, action.at) for alert in found]
        doing = f"{action.kind} the alerts of {action.rule_id}"
        if not found:
            yield RuleTestFailure(action.at, f"{doing}: there is none to {action.kind}")
        for refusal in refused:
            if isinstance(refusal, Refusal):
                yield RuleTestFailure(action.at, f"{doing}: {refusal.message}")

    def _check(self, expected: Expectation) -> Sequence[RuleTestFailure]:
        with self._store.read() as tx:
            return check_expectation(
                tx, expected, self._posted, self._engine, self._bench.workspace
            )

    def _list_fired(self) -> tuple[str, ...]:
        with self._store.read() as tx:
            decisions = list_decisions(tx)
        fired = {one.rule_id for one in decisions if one.outcome is not MatchOutcome.SUPPRESSED}
        return tuple(sorted(fired))


def _list_moments(test: RuleTest) -> list[datetime]:
    """Return when something happens or is expected, and each full hour since the start."""
    moments = {item.arrives for item in test.feedback}
    moments |= {at for outage in test.outages for at in (outage.since, outage.until)}
    moments |= {action.at for action in test.actions}
    moments |= {expected.at for expected in test.expectations}
    hours = int((test.ends - test.start) / _HOUR)
    moments |= {test.start + number * _HOUR for number in range(hours + 1)}
    return sorted(at for at in moments if test.start <= at <= test.ends)


def _make_sources(test: RuleTest) -> Iterator[ConfiguredSource]:
    for source_id in test.source_ids:
        source = ScriptedSource(source_id, feedback=test.feedback, outages=test.outages)
        yield ConfiguredSource(source_id, source, _HOUR)


def _make_official_accounts(test: RuleTest, names: Sequence[str]) -> OfficialAccounts:
    """Return our own accounts, the same in every source."""
    accounts = normalize_account_names(names)
    return dict.fromkeys(test.source_ids, accounts) if accounts else {}
