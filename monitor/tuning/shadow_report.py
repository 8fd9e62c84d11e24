"""The daily line about what is tried in shadow: what it would have sent yesterday."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from monitor.domain.actor import SYSTEM
from monitor.domain.notice import Notice, NoticeKind
from monitor.domain.rule_change import RuleOwner
from monitor.domain.unread import UnreadDay
from monitor.pipeline.grouping import AlertPolicy
from monitor.settings import Settings
from monitor.store import Store, Transaction
from monitor.tuning.rule_book import RuleBook
from monitor.tuning.rule_layers import EffectiveRules
from rules.rule import Rule, RuleMode

if TYPE_CHECKING:
    from monitor.tuning.replay import ReplayPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowDay:
    """What one rule in shadow would have sent on a day."""

    rule: Rule  #: a candidate, or a rule that is itself in shadow
    cards: int
    live_cards: int | None = None  #: of the version in force; None where that sends nothing
    is_cut: bool = False  #: it held for so much that counting was given up

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.cards or self.live_cards)


@dataclass(slots=True, kw_only=True)
class ShadowReporter:
    """Queues one notice a day for each rule in shadow; which were queued is known in the store."""

    store: Store
    book: RuleBook
    channel: str
    policy: AlertPolicy
    told_at: time  #: local; the day that is told is the one before
    zone: str = ""  #: IANA name, empty for UTC
    _checked: dict[str, date] = field(default_factory=dict)  # by rule id, the last day looked at

    @classmethod
    def from_settings(cls, settings: Settings, store: Store, book: RuleBook, channel: str) -> Self:
        """Return the reporter that the configuration asks for; `channel` is the default one."""
        return cls(
            store=store,
            book=book,
            channel=channel,
            policy=AlertPolicy.from_settings(settings),
            told_at=settings.collect.unread_summary_at,
            zone=settings.hours.timezone,
        )

    def queue_due(self, now: datetime) -> int:
        """Queue what was not told of the last whole day; return how many notices are new.

        Called often: a rule is looked at once a day, from `told_at` on. Raises StoreError.
        """
        zone: tzinfo = ZoneInfo(self.zone) if self.zone else UTC
        if now.astimezone(zone).time() < self.told_at:
            return 0
        day = UnreadDay.last_before(now, time(), self.zone)
        effective = self.book.load_rules()
        return sum(
            self._queue_for_rule(effective, rule, day, now) for rule in list_shadows(effective)
        )

    def _queue_for_rule(
        self, effective: EffectiveRules, rule: Rule, day: UnreadDay, now: datetime
    ) -> bool:
        if self._checked.get(rule.id) == day.name:
            return False
        key = f"shadow:{rule.id}:{day.name.isoformat()}"
        with self.store.read() as tx:
            is_told = tx.notices.is_queued(key)  # by another process, or before a restart
            counted = None if is_told else self._count_day(tx, effective, rule, day)
        queued = False
        if counted is not None and not counted.is_quiet:
            notice = Notice(
                kind=NoticeKind.SHADOW_RULE,
                person=SYSTEM,
                text=describe_shadow_day(counted),
                command=f"repwatch rules promote {rule.base_id}",
            )
            with self.store.write() as tx:
                queued = tx.notices.queue(notice, self.channel, now, key)
        self._checked[rule.id] = day.name
        return queued

    def _count_day(
        self, tx: Transaction, effective: EffectiveRules, rule: Rule, day: UnreadDay
    ) -> ShadowDay:
        # Once a day: the program that runs all day need not keep it loaded before.
        from monitor.tuning.replay import replay_rule

        in_force = effective.get(rule.base_id)
        is_candidate = rule.base_id != rule.id
        others = tuple(one for one in effective.rules if one.id != rule.base_id)
        tried = replay_rule(tx, self._plan((*others, rule), rule.id, day))
        live_cards = None
        if is_candidate and in_force is not None:
            live_cards = len(replay_rule(tx, self._plan(effective.rules, in_force.id, day)).alerts)
        return ShadowDay(
            rule=rule,
            cards=len(tried.alerts),
            live_cards=live_cards,
            is_cut=tried.stopped_at is not None,
        )

    def _plan(self, rules: tuple[Rule, ...], rule_id: str, day: UnreadDay) -> ReplayPlan:
        from monitor.tuning.replay import ReplayPlan

        return ReplayPlan(
            rule_id=rule_id,
            rules=rules,
            since=day.since,
            until=day.until,
            policy=self.policy,
            channel=self.channel,
            workspace=self.book.configured.workspace,
        )


def list_shadows(effective: EffectiveRules) -> list[Rule]:
    """Return what people saved to be tried in shadow: candidates, and rules that are in shadow.

    A rule that a file keeps in shadow is that file's business: nobody waits for its promotion.
    """
    candidates = {rule.id for rule in effective.candidates.values()}
    saved = {name for name, owner in effective.owners.items() if owner is RuleOwner.STORE}
    return [
        rule
        for rule in effective.asked
        if rule.mode is RuleMode.SHADOW and rule.id in candidates | saved
    ]


def describe_shadow_day(counted: ShadowDay) -> str:
    """Return in one line what a rule in shadow would have sent."""
    rule, cards = counted.rule, counted.cards
    version = f", version {rule.number}" if rule.number else ""
    told = f"{cards:,} card{'' if cards == 1 else 's'} yesterday"
    if counted.is_cut:
        told = f"{told} and more: it holds for too many to count"
    beside = "" if counted.live_cards is None else f", the live version {counted.live_cards:,}"
    return f"{rule.base_id}{version} (shadow): {told}{beside}"
