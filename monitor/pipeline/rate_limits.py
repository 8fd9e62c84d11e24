"""What may be sent now and what has to wait: rate limits, pauses that a service asked for, closed
channels, and the hourly budget of cards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.domain.clock_step import ClockStep
from monitor.domain.delivery import Delivery, DeliveryKind, SendConstraints
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
    """A kind of request that a service counts and limits apart from the others."""

    POST = "post"
    EDIT = "edit"
    LOOK = "look"
    FILE = "file"
    MAIL = "mail"

    @classmethod
    def from_delivery_kind(cls, kind: DeliveryKind) -> ServiceMethod:
        """Return the method by which a delivery of this kind is shown."""
        return _METHODS.get(kind, cls.POST)

    @property
    def service(self) -> ServiceMethod:
        """What fails together, by its first method: the chat, its files, the mail server."""
        return self if self in (ServiceMethod.FILE, ServiceMethod.MAIL) else ServiceMethod.POST


_METHODS = {
    DeliveryKind.UPDATE: ServiceMethod.EDIT,
    DeliveryKind.DIGEST_PICTURE: ServiceMethod.FILE,
    DeliveryKind.DIGEST_FILE: ServiceMethod.FILE,
    DeliveryKind.DIGEST_MAIL: ServiceMethod.MAIL,
}
#: What the chat service does; mail has a server of its own.
_CHAT_METHODS = tuple(method for method in ServiceMethod if method is not ServiceMethod.MAIL)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPlan:
    """What to do with the deliveries that are due: merge, send, or wait."""

    ready: Delivery | None = None  #: the next to be sent now
    #: by channel, the cards to merge into a summary
    over: Mapping[str, list[str]] = field(default_factory=dict)
    wait: float = 0  #: seconds until there may be something ready, if nothing is
    pacing: bool = False  #: only the pace is waited for, no failure and no budget


@dataclass(slots=True)
class RateLimiter:
    """Remembers what was sent and what was refused, and plans by it what may be sent next."""

    #: by channel, and for all together: when its rate allows the next message
    _busy_until: dict[str, datetime] = field(default_factory=dict)
    #: by channel: when a channel that takes no messages is tried again
    _closed_until: dict[str, datetime] = field(default_factory=dict)
    _paused_until: dict[ServiceMethod, datetime] = field(default_factory=dict)
    #: a click was shown last of the two that take turns, clicks and what is urgent
    _is_urgent_next: bool = False

    def take_turn(self, delivery: Delivery) -> None:
        """Remember what was sent: a click and what is urgent take turns."""
        if delivery.shows_click or delivery.is_urgent_news:
            self._is_urgent_next = delivery.shows_click

    def count_message(self, channel: str, limits: RateLimits, now: datetime) -> None:
        """Count one message against the rate of its channel and of all channels together."""
        rates = {channel: limits.posts_per_second, _ALL_CHANNELS: limits.total_per_second}
        for name, per_second in rates.items():
            if per_second:
                self._busy_until[name] = now + timedelta(seconds=1 / per_second)

    def close_channel(self, channel: str, until: datetime) -> None:
        """Plan nothing for a channel before `until`."""
        self._closed_until[channel] = until

    def pause_methods(self, until: datetime, *methods: ServiceMethod) -> None:
        """Plan nothing by these methods before `until`; by none of the chat's where none is
        named.
        """
        for method in methods or _CHAT_METHODS:
            self._paused_until[method] = max(until, self._paused_until.get(method, until))

    def seconds_paused(self, now: datetime, *methods: ServiceMethod) -> float:
        """Return the seconds until the first of these methods may be used again.

        Without a method: until the first of all of the chat's.
        """
        return min(self._seconds_left(method, now) for method in methods or _CHAT_METHODS)

    def follow_clock(self, step: ClockStep) -> None:
        """Let every wait last as long as it would have, after the clock was set."""
        self._busy_until = {name: at + step.by for name, at in self._busy_until.items()}
        self._closed_until = {name: at + step.by for name, at in self._closed_until.items()}
        self._paused_until = {method: at + step.by for method, at in self._paused_until.items()}

    def plan_next(self, tx: Transaction, limits: RateLimits, now: datetime) -> SendPlan:
        """Plan the next step; the least urgent cards beyond a channel's budget become a summary."""
        overflow, spent = _find_overflow(tx, limits, now)
        if overflow and not self.seconds_paused(now):
            return SendPlan(over=overflow)
        paused = [
            kind
            for kind in DeliveryKind
            if self._seconds_left(ServiceMethod.from_delivery_kind(kind), now)
        ]
        closed = _future_moments(self._closed_until, now)
        busy = _future_moments(self._busy_until, now)
        constraints = SendConstraints(
            spent_channels=spent,
            blocked_kinds=paused,
            blocked_channels=closed,
            urgent_first=self._is_urgent_next,
        )
        if _ALL_CHANNELS not in busy:
            paced = replace(constraints, blocked_channels=[*closed, *busy])
            ready = _next_delivery(tx, limits, now, paced)
            if ready:
                return SendPlan(ready=ready)
        held_by_pace = tx.deliveries.find_due(now, 1, constraints)
        if held_by_pace:
            edit_at = held_by_pace[0].created_at + timedelta(seconds=limits.edit_after_seconds)
            next_at = min(at for at in (*busy.values(), edit_at) if at > now)
            return SendPlan(wait=(next_at - now).total_seconds(), pacing=True)
        return SendPlan(wait=self._seconds_until_opening(closed.values(), now))

    def _seconds_until_opening(self, closed_until: Iterable[datetime], now: datetime) -> float:
        """Seconds until a closed channel or a paused method may be used again, or the budget is
        worth another look.
        """
        paused_until = (at for at in self._paused_until.values() if at > now)
        opening = min([*closed_until, *paused_until], default=None)
        return _BUDGET_RETRY if opening is None else (opening - now).total_seconds()

    def _seconds_left(self, method: ServiceMethod, now: datetime) -> float:
        return max(0.0, (self._paused_until.get(method, now) - now).total_seconds())


def _next_delivery(
    tx: Transaction,
    limits: RateLimits,
    now: datetime,
    constraints: SendConstraints,
) -> Delivery | None:
    """Return the next delivery to send: an edit comes after every post, unless it has waited long.

    While it waits it takes with it whatever else changes, so that a busy card is edited rarely.
    """
    usual = limits.edit_after_seconds
    for edit_wait in (usual * _EDIT_WAITS_BEHIND_POSTS, usual):
        queued_by = now - timedelta(seconds=edit_wait)
        due = tx.deliveries.find_due(now, 1, replace(constraints, updates_queued_by=queued_by))
        if due:
            return due[0]
    return None


def _find_overflow(
    tx: Transaction, limits: RateLimits, now: datetime
) -> tuple[dict[str, list[str]], list[str]]:
    """Return the cards beyond each channel's budget, and the channels whose budget is spent.

    A channel that had a summary just now has no overflow yet.
    """
    overflow: dict[str, list[str]] = {}
    spent: list[str] = []
    if not limits.cards_per_hour:
        return overflow, spent
    for channel, waiting in tx.deliveries.count_due_cards(now).items():
        shown = tx.deliveries.count_cards_since(channel, now - _HOUR)
        left = max(0, limits.cards_per_hour - shown)
        if not left:
            spent.append(channel)
        if waiting > left and not tx.deliveries.has_summary_since(channel, now - SUMMARY_EVERY):
            overflow[channel] = tx.deliveries.find_due_cards_beyond(now, channel, left)
    return overflow, spent


def _future_moments(moments: Mapping[str, datetime], now: datetime) -> dict[str, datetime]:
    return {name: at for name, at in moments.items() if at > now}
