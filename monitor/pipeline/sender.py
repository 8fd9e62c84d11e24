"""From the outbox to the channel: nothing lost, nothing doubled, never a flood.

Each delivery goes `pending -> attempting -> sent`; `attempting` is committed before the request
leaves. One whose answer was lost becomes `uncertain` and is looked for in the channel before it is
ever sent again. What exceeds a channel's budget is merged into one summary. One process sends at a
time: it holds a lease, and one that died is succeeded at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.clock_step import ClockStep
from monitor.domain.delivery import Delivery, DeliveryKind
from monitor.errors import (
    DeliveryDelayed,
    DeliveryError,
    DeliveryRefused,
    DeliveryRejected,
    NothingToShow,
    RepwatchError,
)
from monitor.health.unread import load_unread_summary
from monitor.leadership import Leadership
from monitor.masking import mask_alert_card, mask_event, mask_unread_summary
from monitor.notifiers.base import DigestNotifier, Notifier, PostedMessage
from monitor.pipeline.blocked_reasons import BlockedReasons
from monitor.pipeline.delivery_content import (
    find_posted_card,
    load_card,
    load_entry,
    load_notice,
    load_summary,
)
from monitor.pipeline.delivery_fate import (
    DeliveryDecision,
    DeliveryFate,
    GiveUp,
    LookAgain,
    PostCardAnew,
    RedirectTo,
    SendAgain,
    Shown,
    decide_after_failure,
    decide_after_look,
    decide_after_success,
    last_attempt_at,
)
from monitor.pipeline.digest_delivery import FILE_KINDS, DigestDeliverer, DigestMailer
from monitor.pipeline.digest_failures import tell_of_given_up
from monitor.pipeline.rate_limits import RateLimiter, ServiceMethod
from monitor.pipeline.refusals import MessageRefusal, ServiceTrouble
from monitor.store import Store, Transaction

log = structlog.get_logger(__name__)

LEASE_SECONDS = 60.0
_LEASE_HELD_RETRY = 5.0  #: seconds
#: What a whole digest is for one place.
_DIGESTS = (DeliveryKind.DIGEST, DeliveryKind.DIGEST_MAIL)
#: What another process tried may be so much older than it seems: the machine's clock may have been
#: set back since, and nobody saw it.
_UNSEEN_STEP = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class NextStep:
    """When the next step can do something."""

    seconds: float
    pacing: bool = False  #: only the channel's pace is waited for, no failure


@dataclass(slots=True)
class OutboxSender:
    """Sends what is due, one step at a time; the caller owns the clock and the waiting."""

    store: Store
    notifier: Notifier
    holder: str  #: names this process and instance in the lease
    #: whether a holder's process has certainly ended
    is_holder_dead: Callable[[str], bool] = lambda _: False
    mask: Callable[[str], str] = str  #: hides what must not be shown of a text
    #: when the team works
    calendar: BusinessCalendar = field(default_factory=BusinessCalendar.always_open)
    digests: DigestNotifier | None = None  #: shows digests; None where nothing does
    mailer: DigestMailer | None = None  #: sends digests by mail
    _digests: DigestDeliverer = field(init=False)
    _leadership: Leadership = field(init=False)
    _limiter: RateLimiter = field(default_factory=RateLimiter)
    _troubles: dict[ServiceMethod, ServiceTrouble] = field(
        default_factory=lambda: defaultdict(ServiceTrouble)
    )
    _blocked: BlockedReasons = field(default_factory=BlockedReasons)
    #: by the id of what this process tried and knows no fate of: how much older it may be than its
    #: stored time says, since the clock was set forward, or the machine slept
    _own_attempts: dict[str, timedelta] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._digests = DigestDeliverer(self.store, self.digests, self.mailer)
        self._leadership = Leadership(
            store=self.store,
            task="sender",
            holder=self.holder,
            ttl=timedelta(seconds=LEASE_SECONDS),
            renew_after=timedelta(seconds=LEASE_SECONDS / 3),
            on_takeover=self._mark_interrupted,
            on_abandoned=self._mend_abandoned,
            is_holder_dead=self.is_holder_dead,
        )

    @property
    def blocked_reason(self) -> str:
        """Why something cannot be sent although it should be; empty while all goes well."""
        return self._blocked.first

    def send_next(self, now: datetime) -> NextStep | None:
        """Do at most one thing; None when nothing waits to be sent."""
        self._blocked.expire(now)
        if paused := self._seconds_paused(now):
            return NextStep(paused)
        with self.store.read() as tx:
            due_at = tx.deliveries.next_due_at(now)
        if due_at is None:
            return None
        if due_at > now:
            return NextStep((due_at - now).total_seconds())
        if not self._leadership.acquire(now):
            return NextStep(_LEASE_HELD_RETRY)
        return self._take_step(now)

    def _seconds_paused(self, now: datetime) -> float:
        """The seconds in which nothing can be done: a pause of the chat holds up no mail."""
        paused = self._limiter.seconds_paused(now)
        if not paused:
            return 0
        with self.store.read() as tx:
            mail_at = tx.deliveries.next_due_at(now, DeliveryKind.DIGEST_MAIL)
        if mail_at is None:
            return paused
        mail_paused = self._limiter.seconds_paused(now, ServiceMethod.MAIL)
        return min(paused, max((mail_at - now).total_seconds(), mail_paused))

    def pull_forward(self, now: datetime) -> None:
        """Send in time what was tried before the clock was set back while nothing ran.

        Called before the first step.
        """
        with self.store.write() as tx:
            if not self._leadership.is_led_by_other(tx):
                tx.clock_steps.pull_attempts_forward(now)

    def follow_clock(self, step: ClockStep) -> None:
        """Let every wait last as long as it would have, after the clock was set.

        Called between two steps. What another process sends is that one's to mend.
        """
        with self.store.write() as tx:
            if not self._leadership.is_led_by_other(tx):
                tx.clock_steps.move_attempts(step)
        self._limiter.follow_clock(step)
        self._blocked.follow_clock(step)
        if not step.is_back:
            self._own_attempts = {name: age + step.by for name, age in self._own_attempts.items()}

    def release_lease(self) -> None:
        """Let another process send at once."""
        self._leadership.release()

    def _take_step(self, now: datetime) -> NextStep:
        """Do the most pressing thing: look for a message, merge overflow, or send; else wait."""
        with self.store.read() as tx:
            uncertain = self._find_uncertain(tx, now)
            plan = self._limiter.plan_next(tx, self.notifier.rate_limits, now)
            next_looks = self._find_uncertain(tx, now, timedelta(seconds=plan.wait))
        if uncertain:
            self._resolve_uncertain(uncertain[0], now)
        elif plan.over:
            self._merge_overflow(plan.over, now)
        elif plan.ready:
            self._send_delivery(plan.ready, now)
        else:
            waits = [(delivery.not_before - now).total_seconds() for delivery in next_looks]
            return NextStep(min([plan.wait, *waits]), pacing=plan.pacing)
        return NextStep(0)

    def _find_uncertain(
        self, tx: Transaction, now: datetime, ahead: timedelta = timedelta()
    ) -> list[Delivery]:
        """What can be looked for until then; mails alone while the chat is paused."""
        found = tx.deliveries.find_uncertain(now + ahead)
        if not self._limiter.seconds_paused(now):
            return found
        return [delivery for delivery in found if _is_mail(delivery)]

    def _merge_overflow(self, overflow: Mapping[str, list[str]], now: datetime) -> None:
        with self.store.write() as tx:
            if self._leadership.still_leads(tx):
                for channel, ids in overflow.items():
                    tx.deliveries.merge_into_summary(ids, channel, now)

    def _send_delivery(self, delivery: Delivery, now: datetime) -> None:
        with self.store.write() as tx:
            if not (self._leadership.still_leads(tx) and tx.deliveries.claim(delivery.id, now)):
                return
        if not _is_mail(delivery):
            self._limiter.count_message(delivery.channel, self.notifier.rate_limits, now)
        self._limiter.take_turn(delivery)
        self._own_attempts[delivery.id] = timedelta()
        attempt = replace(delivery, attempted_at=now)
        with self._leadership.abandoned_on_error():
            self._apply_decision(self._attempt(attempt, now), attempt, now)

    def _attempt(self, delivery: Delivery, now: datetime) -> DeliveryDecision:
        """Show a claimed delivery and decide what follows; RepwatchError where the store fails."""
        try:
            return decide_after_success(self._show(delivery, now))
        except DeliveryError as error:
            return self._decide_after_failure(error, delivery, now)
        except RepwatchError:
            raise
        except Exception as error:  # a bug of ours in one card must not hold up the others
            log.exception("card_broken", delivery=delivery.id)
            broken = DeliveryRejected(f"it cannot be shown: {type(error).__name__}")
            return self._decide_after_failure(broken, delivery, now)

    def _show(self, delivery: Delivery, now: datetime) -> PostedMessage:
        match delivery.kind:
            case DeliveryKind.CARD | DeliveryKind.UPDATE:
                return self._show_card(delivery, now)
            case DeliveryKind.SUMMARY:
                return self._show_summary(delivery, now)
            case DeliveryKind.UNREAD:
                return self._show_unread(delivery)
            case DeliveryKind.ENTRY | DeliveryKind.CALL:
                return self._show_event(delivery)
            case DeliveryKind.NOTICE:
                return self._show_notice(delivery)
            case _:
                return self._digests.show(delivery)

    def _show_card(self, delivery: Delivery, now: datetime) -> PostedMessage:
        with self.store.read() as tx:
            card = load_card(tx, delivery, self.calendar, now)
            posted = find_posted_card(tx, delivery)
        masked = mask_alert_card(card, self.mask)
        if delivery.kind is DeliveryKind.CARD:
            return self.notifier.post_card(masked, delivery)
        if posted is None:
            raise DeliveryRejected("its card is not shown any more")
        self.notifier.update_card(masked, posted)
        return posted

    def _show_summary(self, delivery: Delivery, now: datetime) -> PostedMessage:
        with self.store.read() as tx:
            summary = load_summary(tx, delivery, now)
        first = tuple(mask_alert_card(card, self.mask) for card in summary.first)
        return self.notifier.post_summary(replace(summary, first=first), delivery)

    def _show_unread(self, delivery: Delivery) -> PostedMessage:
        with self.store.read() as tx:
            summary = load_unread_summary(tx, tx.unread.get_summary_subject(delivery.id))
        if not summary.by_reason:
            raise NothingToShow("nothing of what nobody read is in the database any more")
        masked = replace(mask_unread_summary(summary, self.mask), repeat=delivery.repeat)
        return self.notifier.post_unread(masked, delivery)

    def _show_event(self, delivery: Delivery) -> PostedMessage:
        with self.store.read() as tx:
            entry = load_entry(tx, delivery)
            posted = find_posted_card(tx, delivery)
        masked = replace(entry, event=mask_event(entry.event, self.mask))
        if delivery.kind is DeliveryKind.CALL:
            return self.notifier.post_escalation(masked, posted, delivery)
        if posted is None:
            raise DeliveryRejected("its card is not shown any more")
        return self.notifier.post_thread_entry(masked, posted, delivery)

    def _show_notice(self, delivery: Delivery) -> PostedMessage:
        with self.store.read() as tx:
            notice, alerts = load_notice(tx, delivery)
        return self.notifier.post_notice(notice, alerts, delivery)

    def _decide_after_failure(
        self, error: DeliveryError, delivery: Delivery, now: datetime
    ) -> DeliveryDecision:
        log.warning("delivery_failed", delivery=delivery.id, kind=delivery.kind, error=str(error))
        return decide_after_failure(
            error,
            delivery,
            failures=self._trouble_of(delivery).failures,
            settle=self._settle_time,
            default_channel=self.notifier.default_channel,
            now=now,
            refusal=self._count_refusal(error, delivery),
        )

    def _count_refusal(self, error: DeliveryError, delivery: Delivery) -> MessageRefusal:
        if isinstance(error, DeliveryRefused):
            return self._trouble_of(delivery).refusals.add(delivery.id)
        return MessageRefusal(count=0)

    def _trouble_of(self, delivery: Delivery) -> ServiceTrouble:
        """What went wrong of late with the service that a delivery needs."""
        return self._troubles[ServiceMethod.from_delivery_kind(delivery.kind).service]

    def _resolve_uncertain(self, delivery: Delivery, now: datetime) -> None:
        """Look for a message of unknown fate; only what certainly was not shown is sent again."""
        looks_paused = self._limiter.seconds_paused(now, ServiceMethod.LOOK) > 0
        result = self._look_for(delivery, now)
        decision = decide_after_look(
            result,
            delivery,
            failures=self._trouble_of(delivery).failures,
            settle=self._settle_time,
            looks_paused=looks_paused,
            now=now,
        )
        self._apply_decision(decision, delivery, now)

    def _look_for(self, delivery: Delivery, now: datetime) -> PostedMessage | DeliveryError | None:
        """The message in its channel, None where it is not there, or why nobody could look."""
        method = ServiceMethod.FILE if delivery.kind in FILE_KINDS else ServiceMethod.LOOK
        wait = self._limiter.seconds_paused(now, method)
        if wait and not _is_mail(delivery):
            return DeliveryDelayed("the channel's history is not to be read for a while", wait)
        with self.store.read() as tx:
            channel_id = delivery.posted_to or tx.deliveries.find_channel_id(delivery.channel)
            card = find_posted_card(tx, delivery)
        wanted = replace(delivery, posted_to=channel_id)
        try:
            if self._digests.has_own_look(delivery):
                return self._digests.find(delivery)
            return self.notifier.find_posted(wanted, self._tried_ago(delivery, now), card)
        except DeliveryDelayed as error:
            if error.retry_after:
                until = now + timedelta(seconds=error.retry_after)
                self._limiter.pause_methods(until, method)
            return error
        except DeliveryError as error:
            return error

    def _tried_ago(self, delivery: Delivery, now: datetime) -> timedelta:
        """How long ago a delivery was tried at the most."""
        ago = max(timedelta(), now - last_attempt_at(delivery))
        return ago + self._own_attempts.get(delivery.id, _UNSEEN_STEP)

    def _apply_decision(
        self, decision: DeliveryDecision, delivery: Delivery, now: datetime
    ) -> None:
        """Remember what follows for other messages, and store the fate of this one."""
        trouble = self._trouble_of(delivery)
        trouble.failures = decision.failures
        if not isinstance(decision.fate, LookAgain | None):
            self._own_attempts.pop(delivery.id, None)
        if decision.pause:
            self._limiter.pause_methods(decision.pause.until, *decision.pause.methods)
        if decision.channel_closed_until:
            self._limiter.close_channel(delivery.channel, decision.channel_closed_until)
        if decision.blocked:
            self._blocked.add(decision.blocked, delivery.channel, decision.error, now)
        if isinstance(decision.fate, GiveUp):
            trouble.refusals.forget(delivery.id)
            if delivery.kind in _DIGESTS:
                self._blocked.clear_for_given_up(delivery.channel, by_mail=_is_mail(delivery))
        if isinstance(decision.fate, Shown):
            trouble.refusals.note_shown(delivery.id)
            tried_at = last_attempt_at(delivery)
            self._blocked.clear_for_sent(delivery.channel, tried_at, by_mail=_is_mail(delivery))
        if decision.fate is None:
            return
        with self.store.write() as tx:
            if self._leadership.still_leads(tx):  # else the successor finds out by itself
                _store_fate(tx, delivery, decision.fate, decision.error, now)
                if isinstance(decision.fate, GiveUp):
                    tell_of_given_up(tx, delivery, decision.error, now)

    def _mark_interrupted(self, tx: Transaction, now: datetime) -> None:
        """What the last leader was sending may or may not be shown."""
        tx.deliveries.mark_interrupted(now + self._settle_time)

    def _mend_abandoned(self, tx: Transaction, now: datetime) -> None:
        """Trust no time of a leader that went: if the clock was set, it could not move them."""
        tx.clock_steps.pull_attempts_forward(now)
        tx.clock_steps.look_anew(now)

    @property
    def _settle_time(self) -> timedelta:
        """The time until a message that was shown can be found in its channel."""
        return timedelta(seconds=self.notifier.rate_limits.settle_seconds)


def _is_mail(delivery: Delivery) -> bool:
    """Whether it needs the mail server, and not the chat."""
    return delivery.kind is DeliveryKind.DIGEST_MAIL


def _store_fate(
    tx: Transaction, delivery: Delivery, fate: DeliveryFate, error: str, now: datetime
) -> None:
    match fate:
        case Shown(posted):
            tx.deliveries.mark_sent(delivery.id, now, posted.message_id, posted.channel_id)
        case SendAgain(at, repeat):
            tx.deliveries.retry_at(delivery.id, at, error=error, repeat=repeat)
        case LookAgain(at, probes):
            tx.deliveries.mark_uncertain(delivery.id, at, error=error, probes=probes)
        case RedirectTo(channel):
            tx.deliveries.redirect_to(delivery.id, channel, now, error=error)
        case PostCardAnew():
            tx.deliveries.replace_deleted_card(delivery.id, now, error=error)
        case GiveUp():
            tx.deliveries.mark_dead(delivery.id, error=error)


def drain_outbox(
    sender: OutboxSender,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    *,
    until: datetime,
    stopping: Callable[[], bool] = lambda: False,
    on_sent: Callable[[], None] = lambda: None,
) -> None:
    """Send all that is due, at the channel's pace, and what becomes due before `until`.

    Waits for a channel's pace also beyond `until`; `on_sent` is called after each step.
    """
    while not stopping():
        now = clock()
        step = sender.send_next(now)
        if step is None:
            return
        if step.seconds <= 0:
            on_sent()
            continue
        in_time = now + timedelta(seconds=step.seconds) <= until
        if not (in_time or step.pacing):
            return
        sleep(step.seconds)
