"""From the outbox to the channel: nothing lost, nothing doubled, never a flood.

Each delivery goes `pending -> attempting -> sent`; `attempting` is committed before the request
leaves. One whose answer was lost becomes `uncertain` and is looked for in the channel before it is
ever sent again. What exceeds a channel's budget is merged into one summary. One process sends at a
time: it holds a lease, and one that died is succeeded at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.delivery import (
    Card,
    Delivery,
    DeliveryKind,
    DeliveryState,
    OverflowSummary,
    ThreadEntry,
)
from monitor.domain.sla import compute_limit_statuses, seconds_by_limit
from monitor.errors import (
    DeliveryDelayed,
    DeliveryError,
    DeliveryForbidden,
    DeliveryRejected,
    DeliveryUncertain,
    DeliveryUnreachable,
    RepwatchError,
)
from monitor.masking import mask_alert_card, mask_event
from monitor.notifiers.base import Notifier, PostedMessage
from monitor.pipeline.rate_limits import RateLimiter, ServiceMethod
from monitor.store import Store, Transaction

log = structlog.get_logger(__name__)

LEASE = "sender"
LEASE_SECONDS = 60.0
#: What tells of an event instead of showing a card.
_EVENT_KINDS = frozenset({DeliveryKind.ENTRY, DeliveryKind.CALL})
#: Cards named in a summary.
_CARDS_IN_SUMMARY = 5
#: A message of unknown fate counts as not shown after two looks this many settle times apart (30 s
#: at 5 s).
_SETTLES_BETWEEN_PROBES = 6
#: When the channel cannot be read for so many settle times (2 min at 5 s), it is sent again,
#: labelled.
_SETTLES_UNTIL_RESEND = 24
#: However short the settle time is: one passing error of the history is not yet blindness.
_LEAST_SECONDS_TO_RESEND = 3.0
_LEAST_PAUSE = 0.5
_FIRST_RETRY = 2.0
_MAX_RETRY = 600.0
_TOLERATED_LOSSES = 2  #: lost answers in a row that may be chance; more of them are an outage
_OPERATOR_RETRY = 600.0  #: for what a person must mend first
#: Stands for the service as a whole among the troubles, which are kept by channel.
_SERVICE = ""
_LEASE_HELD_RETRY = 5.0
#: A message that was given up is trouble for so long, also when others go out.
_DEAD_LETTER, _REPORT_DEAD_LETTER_FOR = "a message given up", timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NextStep:
    """When the next step can do something."""

    seconds: float
    pacing: bool = False  #: only the channel's pace is waited for, no failure


@dataclass(frozen=True, slots=True)
class _HeldLease:
    """That this process is the sender; the token tells whether somebody else was in between."""

    token: int
    taken_at: datetime


@dataclass(slots=True)
class OutboxSender:
    """Sends what is due, one step at a time; the caller owns the clock and the waiting."""

    store: Store
    notifier: Notifier
    holder: str  #: names this process and instance in the lease
    #: whether a holder's process has certainly ended
    gone: Callable[[str], bool] = field(default=lambda _: False)
    mask: Callable[[str], str] = field(default=str)  #: hides what must not be shown of a text
    calendar: BusinessCalendar = field(
        default_factory=BusinessCalendar.always_open
    )  #: when the team works
    _lease: _HeldLease | None = None
    _pacing: RateLimiter = field(default_factory=RateLimiter)
    _failures: int = 0  #: of the service, in a row
    _given_up_at: datetime | None = None
    #: what a person should know, by channel or for all
    _troubles: dict[str, str] = field(default_factory=dict)

    @property
    def blocked_reason(self) -> str:
        """Why something cannot be sent although it should be; empty while all goes well."""
        return next(iter(self._troubles.values()), "")

    def send_next(self, now: datetime) -> NextStep | None:
        """Do at most one thing; None when nothing waits to be sent."""
        if self._given_up_at and now - self._given_up_at >= _REPORT_DEAD_LETTER_FOR:
            self._troubles.pop(_DEAD_LETTER, None)
        if rest := self._pacing.seconds_paused(now):
            return NextStep(rest)
        with self.store.read() as tx:
            at = tx.deliveries.next_due_at(now)
        if at is None:
            return None
        if at > now:
            return NextStep((at - now).total_seconds())
        if not self._acquire_lease(now):
            return NextStep(_LEASE_HELD_RETRY)
        with self.store.read() as tx:
            uncertain = tx.deliveries.find_uncertain(now)
            plan = self._pacing.plan_next(tx, self.notifier.rate_limits, now)
            looks = tx.deliveries.find_uncertain(now + timedelta(seconds=plan.wait))
        if uncertain:
            self._resolve_uncertain(uncertain[0], now)
        elif plan.over:
            self._merge_overflow(plan.over, now)
        elif plan.ready:
            self._send_delivery(plan.ready, now)
        else:
            waits = [(one.not_before - now).total_seconds() for one in looks]
            return NextStep(min([plan.wait, *waits]), pacing=plan.pacing)
        return NextStep(0)

    def release_lease(self) -> None:
        """Let another process send at once."""
        if self._lease:
            self._lease = None
            with self.store.write() as tx:
                tx.leases.release(LEASE, self.holder)

    def _acquire_lease(self, now: datetime) -> bool:
        """Hold the lease; on taking it over, whatever its last holder was sending is of unknown
        fate.
        """
        if self._lease and now - self._lease.taken_at < timedelta(seconds=LEASE_SECONDS / 3):
            return True
        with self.store.write() as tx:
            other = tx.leases.current_holder(LEASE)
            if other and other != self.holder and self.gone(other):
                tx.leases.release(LEASE, other)
            token = tx.leases.acquire(LEASE, self.holder, now, LEASE_SECONDS)
            if token is not None and (self._lease is None or self._lease.token != token):
                settled = now + timedelta(seconds=self.notifier.rate_limits.settle_seconds)
                tx.deliveries.mark_interrupted(settled)
        self._lease = None if token is None else _HeldLease(token, now)
        return token is not None

    def _still_holds_lease(self, tx: Transaction) -> bool:
        """Whether nobody else became the sender meanwhile; if somebody did, what this one does
        counts no more.
        """
        if self._lease and tx.leases.is_held(LEASE, self.holder, self._lease.token):
            return True
        log.warning("no_longer_the_sender", holder=self.holder)
        self._lease = None
        return False

    def _merge_overflow(self, overflow: Mapping[str, list[str]], now: datetime) -> None:
        with self.store.write() as tx:
            for channel, ids in overflow.items() if self._still_holds_lease(tx) else ():
                tx.deliveries.merge_into_summary(ids, channel, now)

    def _send_delivery(self, delivery: Delivery, now: datetime) -> None:
        with self.store.write() as tx:
            if not (self._still_holds_lease(tx) and tx.deliveries.claim(delivery.id, now)):
                return
        self._pacing.count_message(delivery.channel, self.notifier.rate_limits, now)
        try:
            posted = self._render_and_show(replace(delivery, attempted_at=now), now)
        except DeliveryError as error:
            self._record_failure(delivery, error, now)
        except RepwatchError:
            self._lease = (
                None  # the fate is not written down: taking the lease again makes it uncertain
            )
            raise
        except Exception as error:
            log.exception(
                "card_broken", delivery=delivery.id
            )  # a bug of ours: the others must go on
            self._record_failure(
                delivery, DeliveryRejected(f"it cannot be shown: {type(error).__name__}"), now
            )
        else:
            self._troubles.pop(_SERVICE, None)
            self._troubles.pop(delivery.channel, None)
            self._failures = 0
            self._settle_delivery(
                delivery,
                DeliveryState.SENT,
                now,
                message_id=posted.message_id,
                posted_to=posted.channel_id,
            )

    def _render_and_show(self, delivery: Delivery, now: datetime) -> PostedMessage:
        """Render from the state as it is now, and send."""
        with self.store.read() as tx:
            shown = _find_posted_card(tx, delivery)
            if delivery.kind is DeliveryKind.SUMMARY:
                summary = _load_summary(tx, delivery, now)
            elif delivery.kind in _EVENT_KINDS:
                entry = _load_entry(tx, delivery)
            else:
                card = _load_card(tx, delivery, self.calendar, now)
        if delivery.kind is DeliveryKind.SUMMARY:
            shown_cards = tuple(mask_alert_card(card, self.mask) for card in summary.first)
            return self.notifier.post_summary(replace(summary, first=shown_cards), delivery)
        if delivery.kind in _EVENT_KINDS:
            if shown is None:
                raise DeliveryRejected("its card is not shown any more")
            told = replace(entry, event=mask_event(entry.event, self.mask))
            send = (
                self.notifier.post_thread_entry
                if delivery.kind is DeliveryKind.ENTRY
                else self.notifier.post_escalation
            )
            return send(told, shown, delivery)
        if delivery.kind is DeliveryKind.CARD or shown is None:
            return self.notifier.post_card(mask_alert_card(card, self.mask), delivery)
        self.notifier.update_card(mask_alert_card(card, self.mask), shown)
        return shown

    def _record_failure(self, delivery: Delivery, error: DeliveryError, now: datetime) -> None:
        """Write down what a failed send means for the delivery."""
        message = str(error)
        log.warning("delivery_failed", delivery=delivery.id, kind=delivery.kind, error=message)
        settle = self.notifier.rate_limits.settle_seconds
        match error:
            case DeliveryUncertain() if delivery.kind is not DeliveryKind.UPDATE:
                self._failures += 1
                if (
                    self._failures > _TOLERATED_LOSSES
                ):  # each further message would only be one more to look for
                    self._pacing.pause_methods(
                        now + timedelta(seconds=self._retry_delay(_TOLERATED_LOSSES)),
                        ServiceMethod.POST,
                    )
                later = now + timedelta(seconds=settle)
                self._settle_delivery(
                    delivery,
                    DeliveryState.UNCERTAIN,
                    now,
                    error=message,
                    not_before=later,
                    probes=0,
                )
            case DeliveryRejected():
                self._troubles[_DEAD_LETTER], self._given_up_at = (
                    f"a message was given up: {message}",
                    now,
                )
                self._settle_delivery(delivery, DeliveryState.DEAD, now, error=message)
            case DeliveryForbidden():
                self._pause_service(message, now, _OPERATOR_RETRY)
                self._settle_delivery(
                    delivery, DeliveryState.PENDING, now, error=message, not_before=now
                )
            case DeliveryUnreachable():
                self._redirect_to_default(delivery, message, now)
            case DeliveryDelayed(retry_after=float() | int() as seconds):
                later = now + timedelta(seconds=max(seconds, _LEAST_PAUSE))
                self._pacing.pause_methods(later, ServiceMethod.from_delivery_kind(delivery.kind))
                self._settle_delivery(
                    delivery, DeliveryState.PENDING, now, error=message, not_before=later
                )
            case _:
                self._failures += 1
                self._pause_service(message, now, self._retry_delay())
                self._settle_delivery(
                    delivery, DeliveryState.PENDING, now, error=message, not_before=now
                )

    def _retry_delay(self, tolerated: int = 0) -> float:
        """Seconds to leave the service alone after so many failures in a row, the first of them
        left out of account.
        """
        return min(
            _FIRST_RETRY * 2.0 ** min(max(self._failures - tolerated - 1, 0), 20), _MAX_RETRY
        )

    def _pause_service(self, message: str, now: datetime, seconds: float) -> None:
        """Leave the service alone for a while, the queue kept as it is: every message would fail
        the same way.
        """
        self._troubles[_SERVICE] = message
        self._pacing.pause_methods(now + timedelta(seconds=seconds))

    def _redirect_to_default(self, delivery: Delivery, message: str, now: datetime) -> None:
        """A closed channel falls back to the default one; a closed default one is tried again
        later.
        """
        default = self.notifier.default_channel
        if delivery.kind in (DeliveryKind.UPDATE, DeliveryKind.ENTRY):  # its card is out of reach
            self._settle_delivery(delivery, DeliveryState.DEAD, now, error=message)
        elif delivery.channel != default:
            self._settle_delivery(
                delivery, DeliveryState.PENDING, now, error=message, not_before=now, channel=default
            )
        else:
            self._troubles[delivery.channel] = message
            self._pacing.close_channel(delivery.channel, now + timedelta(seconds=_OPERATOR_RETRY))
            self._settle_delivery(
                delivery, DeliveryState.PENDING, now, error=message, not_before=now
            )

    def _resolve_uncertain(self, delivery: Delivery, now: datetime) -> None:
        """Find out whether a message of unknown fate was shown; only what certainly was not is sent
        again.
        """
        settle = self.notifier.rate_limits.settle_seconds
        since = delivery.attempted_at or delivery.created_at
        patience = max(settle * _SETTLES_UNTIL_RESEND, _LEAST_SECONDS_TO_RESEND)
        if self._pacing.seconds_paused(
            now, ServiceMethod.LOOK
        ):  # another one was refused; this one may have its turn
            patience *= 2
        try:
            posted = self._find_in_channel(delivery, since, now)
        except DeliveryForbidden as error:
            self._pause_service(str(error), now, _OPERATOR_RETRY)
            return
        except DeliveryError as error:
            asked = (
                error.retry_after if isinstance(error, DeliveryDelayed) and error.retry_after else 0
            )
            if now - since >= timedelta(seconds=max(patience, asked)):
                self._settle_delivery(
                    delivery,
                    DeliveryState.PENDING,
                    now,
                    error=str(error),
                    not_before=now,
                    repeat=True,
                )
            else:
                later = now + timedelta(seconds=max(asked, settle, _LEAST_PAUSE))
                self._settle_delivery(
                    delivery, DeliveryState.UNCERTAIN, now, error=str(error), not_before=later
                )
            return
        if posted:
            self._failures = 0
            self._settle_delivery(
                delivery,
                DeliveryState.SENT,
                now,
                message_id=posted.message_id,
                posted_to=posted.channel_id,
            )
        elif delivery.probes >= 1:
            later = now + timedelta(seconds=self._retry_delay() if self._failures > 1 else 0)
            self._settle_delivery(delivery, DeliveryState.PENDING, now, not_before=later, probes=0)
        else:
            later = now + timedelta(seconds=settle * _SETTLES_BETWEEN_PROBES)
            self._settle_delivery(
                delivery, DeliveryState.UNCERTAIN, now, not_before=later, probes=delivery.probes + 1
            )

    def _find_in_channel(
        self, delivery: Delivery, since: datetime, now: datetime
    ) -> PostedMessage | None:
        """Look into the channel, unless the service asked to be left alone with that."""
        if wait := self._pacing.seconds_paused(now, ServiceMethod.LOOK):
            raise DeliveryDelayed("the channel's history is not to be read for a while", wait)
        with self.store.read() as tx:
            place = delivery.posted_to or tx.deliveries.find_channel_id(delivery.channel)
            card = _find_posted_card(tx, delivery)
        try:
            return self.notifier.find_posted(replace(delivery, posted_to=place), since, card)
        except DeliveryDelayed as error:
            if error.retry_after:
                self._pacing.pause_methods(
                    now + timedelta(seconds=error.retry_after), ServiceMethod.LOOK
                )
            raise

    def _settle_delivery(
        self,
        delivery: Delivery,
        state: DeliveryState,
        now: datetime,
        *,
        message_id: str = "",
        posted_to: str = "",
        error: str = "",
        not_before: datetime | None = None,
        repeat: bool | None = None,
        probes: int | None = None,
        channel: str | None = None,
    ) -> None:
        with self.store.write() as tx:
            if not self._still_holds_lease(tx):
                return  # a successor treats it as uncertain, and finds out by itself
            tx.deliveries.change_state(
                delivery.id,
                state,
                now=now,
                message_id=message_id,
                posted_to=posted_to,
                error=error,
                not_before=not_before,
                repeat=repeat,
                probes=probes,
                channel=channel,
            )


def _find_posted_card(tx: Transaction, delivery: Delivery) -> PostedMessage | None:
    """Where the card is that a delivery is about."""
    card = tx.deliveries.find_shown_card(delivery.alert_id) if delivery.alert_id else None
    return None if card is None else PostedMessage(card.message_id, card.posted_to)


def _load_entry(tx: Transaction, delivery: Delivery) -> ThreadEntry:
    alert, event = tx.alerts.get(delivery.alert_id), tx.alerts.event(delivery.event_id)
    if alert is None or event is None:
        raise DeliveryRejected(
            f"what happened to alert {delivery.alert_id} is not in the database any more"
        )
    return ThreadEntry(alert=alert, event=event, repeat=delivery.repeat)


def _load_card(
    tx: Transaction, delivery: Delivery, calendar: BusinessCalendar, now: datetime
) -> Card:
    card = tx.alerts.card(delivery.alert_id)
    if card is None:
        raise DeliveryRejected(f"alert {delivery.alert_id} is not in the database any more")
    events = tx.alerts.events(card.alert.id) if seconds_by_limit(card.alert.limits) else ()
    return replace(
        card,
        repeat=delivery.repeat,
        waits=compute_limit_statuses(card.alert, events, calendar),
        at=now,
    )


def _load_summary(tx: Transaction, delivery: Delivery, now: datetime) -> OverflowSummary:
    """What the members of a summary have in common, and the most urgent few of them."""
    found = tx.alerts.cards(tx.deliveries.merged_alert_ids(delivery.id)).values()
    cards = sorted(found, key=lambda card: (card.alert.severity.rank, card.alert.id))
    rules = Counter(card.alert.rule_name for card in cards)
    severities = Counter(card.alert.severity for card in cards)
    return OverflowSummary(
        channel=delivery.channel,
        since=min((card.alert.opened_at for card in cards), default=now),
        total=len(cards),
        by_rule=tuple(rules.most_common()),
        by_severity=tuple(sorted(severities.items(), key=lambda item: item[0].rank)),
        first=tuple(cards[:_CARDS_IN_SUMMARY]),
        repeat=delivery.repeat,
    )


def drain_outbox(
    sender: OutboxSender,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    *,
    until: datetime,
    stopping: Callable[[], bool] = lambda: False,
    on_sent: Callable[[], None] = lambda: None,
) -> None:
    """Send all that is due, at the channel's pace; what has to wait longer is waited for until
    `until`.
    """
    while not stopping():
        now = clock()
        after = sender.send_next(now)
        if after is None:
            return
        if (
            after.seconds > 0
            and not after.pacing
            and now + timedelta(seconds=after.seconds) > until
        ):
            return
        if after.seconds > 0:
            sleep(after.seconds)
        else:
            on_sent()
