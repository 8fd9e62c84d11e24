"""An edit of a rule before it is saved: what it changes, and what it would have done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.domain.backtest import Backtest
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.rule_change import RuleHistory, RuleOwner
from monitor.domain.rule_form import RuleHistoryLine, RulePreview
from monitor.pipeline.grouping import AlertPolicy
from monitor.settings import Settings
from monitor.store import Transaction
from monitor.tuning import backtest_words
from monitor.tuning.backtest import BacktestRequest, find_first_day, run_backtest
from monitor.tuning.rule_layers import ConfiguredRules, EffectiveRules
from monitor.tuning.saving import format_plain, list_differences
from rules.difference import describe_difference
from rules.rule import Rule

_DAYS = 28
_SAMPLES = 3
_KINDS = {"gained": "new", "lost": "no longer", "caught": "also now"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestPlace:
    """What the configuration says that every back-test needs."""

    policy: AlertPolicy
    channel: str  #: of cards whose rule names none
    calendar: BusinessCalendar
    zone: str  #: IANA name: in which days begin
    source_ids: tuple[str, ...]

    @classmethod
    def from_settings(cls, settings: Settings, channel: str) -> BacktestPlace:
        """Return the place that the configuration describes; `channel` is the default one."""
        return cls(
            policy=AlertPolicy.from_settings(settings),
            channel=channel,
            calendar=settings.hours.business_calendar,
            zone=settings.digest.timezone or "UTC",
            source_ids=tuple(source.id for source in settings.sources),
        )

    def make_request(
        self,
        configured: ConfiguredRules,
        effective: EffectiveRules,
        rule: Rule,
        now: datetime,
        *,
        days: int,
        against: Rule | None = None,
    ) -> BacktestRequest:
        """Return the back-test of a rule over the last days, among all rules that hold."""
        return BacktestRequest(
            rule=rule,
            rules=effective.rules,
            since=find_first_day(now, days, self.zone),
            until=now,
            policy=self.policy,
            channel=self.channel,
            calendar=self.calendar,
            zone=self.zone,
            source_ids=self.source_ids,
            workspace=configured.workspace,
            against=against,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """A rule as somebody wants it."""

    definition: Mapping[str, Any]
    number: int  #: of the rule's newest change that they saw
    reason: str = ""


def preview_rule(
    tx: Transaction,
    configured: ConfiguredRules,
    effective: EffectiveRules,
    place: BacktestPlace,
    draft: RuleDraft,
    now: datetime,
) -> RulePreview:
    """Return what a draft changes and what it would have done in 28 days; nothing is kept.

    Takes seconds where much feedback came. Raises ConfigError with every mistake of the draft.
    """
    rule = configured.read(draft.definition, "the rule")
    current = effective.get(rule.id)
    is_other = current is not None and current.version != rule.version
    request = place.make_request(
        configured, effective, rule, now, days=_DAYS, against=current if is_other else None
    )
    found = run_backtest(tx, request)
    is_file = configured.owner_of(rule.id) is RuleOwner.FILE
    return RulePreview(
        rule_id=rule.id,
        name=rule.name,
        number=draft.number,
        definition=rule.definition,
        changes=describe_difference(current, rule) if current else ("new",),
        coverage=backtest_words.describe_coverage(found),
        outcome=backtest_words.describe_outcome(found),
        marked=backtest_words.describe_marked(found.marked) if found.marked.marked else "",
        against=(backtest_words.describe_difference(found.difference) if found.difference else ""),
        samples=tuple(_choose_samples(found)),
        reason=draft.reason,
        toml=format_plain(rule) if is_file else "",
        file=configured.file if is_file else "",
    )


def list_history(history: RuleHistory) -> list[RuleHistoryLine]:
    """Return the changes of a rule for people, the newest first."""
    changes = list_differences(history)
    return [
        RuleHistoryLine(
            number=one.number,
            said=f"{one.kind}, to be tried in shadow" if one.is_candidate else str(one.kind),
            author=str(one.author),
            at=one.at,
            reason=one.reason,
            changes=changes[one.number],
        )
        for one in reversed(history.changes)
    ]


def find_file(configured: ConfiguredRules, rule: Rule) -> str:
    """Return the rules file that alone may change a rule; empty for a rule that is saved here."""
    return configured.file if configured.owner_of(rule.id) is RuleOwner.FILE else ""


def _choose_samples(found: Backtest) -> Iterator[tuple[str, str]]:
    """Yield three texts: one of each kind as far as there are, then more of the first kinds."""
    columns = [
        [(sample.text, said) for sample in found.samples.get(kind, ())][::-1]
        for kind, said in _KINDS.items()
    ]
    seen: set[str] = set()
    for row in range(_SAMPLES):
        for column in columns:
            if row < len(column) and column[row][0] not in seen and len(seen) < _SAMPLES:
                seen.add(column[row][0])
                yield column[row]
