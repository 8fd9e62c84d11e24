"""What may be sent now and what has to wait: paces, pauses that were asked for, closed channels,
and budgets.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.domain.delivery import Delivery, DeliveryKind
from monitor.notifiers.base import RateLimits
from monitor.store import Transaction

#: Overflow of a channel is summarised at most this often.
SUMMARY_EVERY = timedelta(minutes=10)
_HOUR = timedelta(hours=1)
#: An edit waits behind posts for so many times its usual wait at most (45 s at 2 s).
_EDIT_WAITS_BEHIND_POSTS = 22.5
#: Stands for all channels together.
_ALL_CHANNELS = "*"
#: Seconds to wait when only the next hour's budget helps.
_BUDGET_RETRY = 30.0


class ServiceMethod(StrEnum):
    """What a service counts, and limits, apart."""

    POST = "post"
    EDIT = "edit"
    LOOK = "look"

    @classmethod
    def from_delivery_kind(cls, kind: DeliveryKind) -> ServiceMethod:
        """How a delivery of this kind is shown."""
        return cls.EDIT if kind is DeliveryKind.UPDATE else cls.POST


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPlan:
    """What is done with the deliveries that are due."""

    ready: Delivery | None = None  #: the next to be sent now
    #: by channel, the cards to merge into a summary
    over: Mapping[str, list[str]] = field(default_factory=dict)
    wait: float = 0  #: seconds until there may be something ready, if nothing is
    pacing: bool = False  #: only the pace is waited for, no failure and no budget


@dataclass(slots=True)
class RateLimiter:
    """Remembers what was sent and what was refused, as far as it decides what may be sent next."""

    #: channels whose pace allows nothing before
    _busy_until: dict[str, datetime] = field(default_factory=dict)
    #: channels that nothing can be sent to
    _closed_until: dict[str, datetime] = field(default_factory=dict)
    _paused_until: dict[ServiceMethod, datetime] = field(default_factory=dict)

    def count_message(self, channel: str, limits: RateLimits, now: datetime) -> None:
        """Count one message against the pace of its channel and of all channels together."""
        for name, rate in (
            (channel, limits.posts_per_second),
            (_ALL_CHANNELS, limits.total_per_second),
        ):
            if rate:
                self._busy_until[name] = now + timedelta(seconds=1 / rate)

    def close_channel(self, channel: str, until: datetime) -> None:
        """Send nothing to a channel before a time."""
        self._closed_until[channel] = until

    def pause_methods(self, until: datetime, *methods: ServiceMethod) -> None:
        """Use these methods, or none at all where none is named, not before a time."""
        for method in methods or ServiceMethod:
            self._paused_until[method] = max(until, self._paused_until.get(method, until))

    def seconds_paused(self, now: datetime, *methods: ServiceMethod) -> float:
        """Seconds until the first of these methods, or of all, may be used again."""
        return min(self._seconds_left(method, now) for method in methods or ServiceMethod)

    def plan_next(self, tx: Transaction, limits: RateLimits, now: datetime) -> SendPlan:
        """What may be sent now; of the cards beyond a channel's budget, the least urgent ones go
        into a summary.
        """
        over, spent = _find_overflow(tx, limits, now)
        if over:
            return SendPlan(over=over)
        kinds = [
            kind
            for kind in DeliveryKind
            if self._seconds_left(ServiceMethod.from_delivery_kind(kind), now)
        ]
        closed, busy = (
            _future_moments(self._closed_until, now),
            _future_moments(self._busy_until, now),
        )
        ready = (
            None
            if _ALL_CHANNELS in busy
            else _next_delivery(tx, limits, now, spent, kinds, [*closed, *busy])
        )
        if ready:
            return SendPlan(ready=ready)
        if held := tx.deliveries.find_due(
            now, 1, no_cards_in=spent, excluded_kinds=kinds, excluded_channels=closed
        ):
            edit = held[0].created_at + timedelta(seconds=limits.edit_after_seconds)
            moments = [at for at in (*busy.values(), edit) if at > now]
            return SendPlan(wait=(min(moments) - now).total_seconds(), pacing=True)
        opening = [*closed.values(), *(at for at in self._paused_until.values() if at > now)]
        return SendPlan(wait=(min(opening) - now).total_seconds() if opening else _BUDGET_RETRY)

    def _seconds_left(self, method: ServiceMethod, now: datetime) -> float:
        return max(0.0, (self._paused_until.get(method, now) - now).total_seconds())


def _next_delivery(
    tx: Transaction,
    limits: RateLimits,
    now: datetime,
    spent: Collection[str],
    kinds: Collection[DeliveryKind],
    channels: Collection[str],
) -> Delivery | None:
    """The next to be sent: an edit comes after every post, unless it has waited for long.

    While it waits it takes with it whatever else changes, so that a busy card is edited rarely.
    """
    for waited in (limits.edit_after_seconds * _EDIT_WAITS_BEHIND_POSTS, limits.edit_after_seconds):
        before = now - timedelta(seconds=waited)
        found = tx.deliveries.find_due(
            now,
            1,
            no_cards_in=spent,
            excluded_kinds=kinds,
            excluded_channels=channels,
            edits_before=before,
        )
        if found:
            return found[0]
    return None


def _find_overflow(
    tx: Transaction, limits: RateLimits, now: datetime
) -> tuple[dict[str, list[str]], list[str]]:
    """The cards beyond each budget, unless a summary was made just now, and the channels whose
    budget is spent.
    """
    over: dict[str, list[str]] = {}
    spent: list[str] = []
    for channel, count in (
        tx.deliveries.count_due_cards(now).items() if limits.cards_per_hour else ()
    ):
        left = max(0, limits.cards_per_hour - tx.deliveries.count_cards_since(channel, now - _HOUR))
        if count > left and not tx.deliveries.has_summary_since(channel, now - SUMMARY_EVERY):
            over[channel] = tx.deliveries.find_due_cards_beyond(now, channel, left)
        if not left:
            spent.append(channel)
    return over, spent


def _future_moments(moments: Mapping[str, datetime], now: datetime) -> dict[str, datetime]:
    return {name: at for name, at in moments.items() if at > now}
