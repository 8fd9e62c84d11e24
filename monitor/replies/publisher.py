"""Publishes approved replies: none of them twice, whatever is lost or killed on the way.

Each reply goes `approved -> attempting -> published`; `attempting` is committed before the request
leaves. One whose fate is unknown becomes `uncertain` and is looked for among our own replies; only
after two looks in vain is it published again. Where nobody can look, it stays uncertain and people
are told. One process publishes at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from monitor.domain.action import Action, ActionKind, AlertChange
from monitor.domain.actor import SYSTEM
from monitor.domain.backoff import exponential_backoff
from monitor.domain.clock_step import ClockStep
from monitor.domain.event import EventKind
from monitor.domain.feedback import Feedback
from monitor.domain.reply import Reply, ReplyState
from monitor.errors import RepwatchError, SourceRefused, SourceUnavailable
from monitor.followup.act import apply_action
from monitor.leadership import Leadership
from monitor.store import Store, Transaction
from sources.base import PublishedReply, ReplyingSource

log = structlog.get_logger(__name__)

LEASE_SECONDS = 120.0  #: longer than any request of a source takes
#: A reply of unknown fate is looked for after this, and once more: services show replies with a
#: delay.
PROBE_AFTER, PROBE_AGAIN_AFTER = timedelta(seconds=30), timedelta(seconds=60)
_PROBES_UNTIL_RESEND = 2
#: After this many failed looks people are told that the fate of a reply is unknown.
_REPORT_AFTER_FAILED_LOOKS = 3
_FIRST_RETRY, _MAX_RETRY = timedelta(seconds=30), timedelta(minutes=30)
#: A reply that the service does not take for so long is given up: later it would look automatic.
GIVE_UP_AFTER = timedelta(hours=12)
_LEASE_HELD_RETRY = 5.0
_CUSTOMER_DELETED = "the customer has taken the words back"
_ALREADY_REPLIED = "somebody has answered meanwhile"
_SOURCE_TAKES_NO_REPLIES = "its source takes no answers any more: check its account in .env"


@dataclass(slots=True)
class ReplyPublisher:
    """Publishes what is due, one step at a time; the caller owns the clock and the waiting."""

    store: Store
    reply_sources: Mapping[str, ReplyingSource]  #: by source id
    holder: str  #: names this process and instance in the lease
    #: whether a holder's process has certainly ended
    is_holder_dead: Callable[[str], bool] = lambda _: False
    redact: Callable[[str], str] = str  #: takes secrets out of a text
    _leadership: Leadership = field(init=False)

    def __post_init__(self) -> None:
        self._leadership = Leadership(
            store=self.store,
            task="publisher",
            holder=self.holder,
            ttl=timedelta(seconds=LEASE_SECONDS),
            on_takeover=_mark_interrupted,
            is_holder_dead=self.is_holder_dead,
        )

    def publish_next(self, now: datetime) -> float | None:
        """Take at most one step; return the seconds until the next one, None if nothing waits."""
        with self.store.read() as tx:
            due_at = tx.replies.next_due_at()
        if due_at is None:
            return None
        if due_at > now:
            return (due_at - now).total_seconds()
        if not self._leadership.acquire(now):
            return _LEASE_HELD_RETRY
        with self.store.read() as tx:
            reply = tx.replies.find_due(now)
            stored = tx.feedback.get(reply.feedback_id) if reply else None
        if reply is not None:
            feedback = stored[0] if stored else None
            self._advance_reply(reply, feedback, now)
        return 0

    def pull_forward(self, now: datetime) -> None:
        """Publish in time what was tried before the clock was set back while nothing ran.

        Called before the first step.
        """
        with self.store.write() as tx:
            if not self._leadership.is_led_by_other(tx):
                tx.clock_steps.pull_replies_forward(now)

    def follow_clock(self, step: ClockStep) -> None:
        """Let every wait last as long as it would have, after the clock was set.

        Called between two steps. What another process publishes is that one's to mend.
        """
        with self.store.write() as tx:
            if not self._leadership.is_led_by_other(tx):
                tx.clock_steps.move_replies(step)

    def release_lease(self) -> None:
        """Let another process publish at once."""
        self._leadership.release()

    def _advance_reply(self, reply: Reply, feedback: Feedback | None, now: datetime) -> None:
        """Look for a reply of unknown fate; publish any other, or give it up if it must not be."""
        source = self.reply_sources.get(reply.source_id)
        if reply.state is ReplyState.UNCERTAIN and feedback and source:
            self._resolve_uncertain(reply, feedback, source, now)
            return
        with self.store.write() as tx:
            if not self._leadership.still_leads(tx):
                return
            obstacle = _publish_obstacle(tx, reply, feedback, source)
            if obstacle or feedback is None or source is None:
                self._give_up(tx, reply, obstacle, now)
                return
            claimed = tx.replies.update_if_unchanged(
                reply,
                state=ReplyState.ATTEMPTING,
                attempts=reply.attempts + 1,
                attempted_at=now,
                not_before=now,
                error="",
            )
        if claimed:
            with self._leadership.abandoned_on_error():
                self._publish_reply(claimed, feedback, source, now)

    def _publish_reply(
        self, reply: Reply, feedback: Feedback, source: ReplyingSource, now: datetime
    ) -> None:
        """Publish a reply that is stored as `attempting`, and record how that went."""
        try:
            published = source.publish_reply(feedback, reply.text)
        except SourceUnavailable as error:
            self._retry_or_give_up(reply, error, now)
        except SourceRefused as error:
            with self.store.write() as tx:
                self._give_up(tx, reply, self.redact(str(error)), now)
        except Exception as error:  # noqa: BLE001 - a plug-in may fail after it has published
            self._record_uncertain(reply, self._describe_error(error), now)
        else:
            self._record_published(reply, published, now)

    def _resolve_uncertain(
        self, reply: Reply, feedback: Feedback, source: ReplyingSource, now: datetime
    ) -> None:
        """Look for a reply of unknown fate; after two looks in vain it may be published again."""
        try:
            published = source.find_reply(feedback, reply.text, _written_before(reply))
        except Exception as error:  # noqa: BLE001 - however a plug-in fails, the fate is unknown
            self._record_failed_look(reply, feedback, self._describe_error(error), now)
            return
        if published:
            self._record_published(reply, published, now)
            return
        probes = reply.probes + 1
        with self.store.write() as tx:
            if probes < _PROBES_UNTIL_RESEND:
                look_at = now + PROBE_AGAIN_AFTER
                tx.replies.update_if_unchanged(reply, probes=probes, not_before=look_at)
            else:
                tx.replies.update_if_unchanged(
                    reply, state=ReplyState.APPROVED, probes=0, looks=0, not_before=now
                )

    def _record_uncertain(self, reply: Reply, reason: str, now: datetime) -> None:
        """Record that a reply may be public: it is looked for before it is published again."""
        log.warning("answer_uncertain", reply=reply.id, source=reply.source_id, error=reason)
        with self.store.write() as tx:
            tx.replies.update_if_unchanged(
                reply,
                state=ReplyState.UNCERTAIN,
                error=reason,
                not_before=now + PROBE_AFTER,
                probes=0,
                looks=0,
            )

    def _record_published(self, reply: Reply, published: PublishedReply, now: datetime) -> None:
        """Record that a reply is public, whatever was decided about it meanwhile."""
        with self.store.write() as tx:
            current = tx.replies.get(reply.id)
            if current is None or current.state is ReplyState.PUBLISHED:
                return
            tx.replies.update_if_unchanged(
                current,
                state=ReplyState.PUBLISHED,
                url=published.url,
                external_id=published.external_id,
                error="",
                not_before=None,
            )
            details = {"reply": str(reply.id), "url": published.url}
            action = Action(
                kind=ActionKind.REPLY, actor=reply.actor, via=reply.via, details=details
            )
            alert = tx.alerts.get_standing(reply.alert_id)
            apply_action(tx, alert.id if alert else reply.alert_id, action, now)
        log.info("answered", reply=reply.id, source=reply.source_id, url=published.url)

    def _retry_or_give_up(self, reply: Reply, error: SourceUnavailable, now: datetime) -> None:
        """Publish again after the wait that the service asks for; give up if that is too late."""
        reason = self._describe_error(error)
        asked = error.retry_after
        wait = timedelta(seconds=asked) if asked else _retry_delay(reply.attempts)
        retry_at = now + wait
        with self.store.write() as tx:
            if retry_at - _publishable_since(tx, reply) > GIVE_UP_AFTER:
                self._give_up(tx, reply, reason, now)
            else:
                tx.replies.update_if_unchanged(
                    reply, state=ReplyState.APPROVED, not_before=retry_at, error=reason
                )

    def _record_failed_look(
        self, reply: Reply, feedback: Feedback, reason: str, now: datetime
    ) -> None:
        """Look for the reply again later, for as long as it takes; tell people once."""
        looks = reply.looks + 1
        look_at = now + _retry_delay(looks)
        with self.store.write() as tx:
            changed = tx.replies.update_if_unchanged(
                reply, looks=looks, not_before=look_at, error=reason
            )
            if changed and looks == _REPORT_AFTER_FAILED_LOOKS:
                details = {"url": feedback.url}
                self._record_event(tx, reply, EventKind.REPLY_UNCERTAIN, reason, details, now)

    def _give_up(self, tx: Transaction, reply: Reply, reason: str, now: datetime) -> None:
        """Record that a reply will not be published any more, and tell people why."""
        failed = tx.replies.update_if_unchanged(
            reply, state=ReplyState.FAILED, error=reason, not_before=None
        )
        if failed is None:
            return
        # What may be public already is not called a failure.
        was_uncertain = reply.state is ReplyState.UNCERTAIN
        kind = EventKind.REPLY_UNCERTAIN if was_uncertain else EventKind.REPLY_FAILED
        self._record_event(tx, reply, kind, reason, {}, now)

    def _record_event(
        self,
        tx: Transaction,
        reply: Reply,
        kind: EventKind,
        reason: str,
        details: Mapping[str, str],
        now: datetime,
    ) -> None:
        """Add a line below the card, with the reply's text, so that nothing written is lost.

        Below the card of the alert that stands, where this one was joined meanwhile.
        """
        alert = tx.alerts.get_standing(reply.alert_id)
        if alert is None:
            return
        log.warning(str(kind), reply=reply.id, source=reply.source_id, error=reason)
        kept = {"reply": str(reply.id), "text": reply.text, "for": str(reply.actor), **details}
        change = AlertChange(kind=kind, note=reason, details=kept)
        tx.alerts.apply_change(alert.id, change, at=now, actor=SYSTEM)

    def _describe_error(self, error: Exception) -> str:
        if isinstance(error, RepwatchError):
            return self.redact(str(error))
        return f"the source itself is broken: {type(error).__name__}"


def publish_due(
    publisher: ReplyPublisher, clock: Callable[[], datetime], stopping: Callable[[], bool]
) -> None:
    """Publish, or look for, every reply that is due, until `stopping`."""
    while not stopping():
        wait = publisher.publish_next(clock())
        if wait is None or wait > 0:
            return


def _publish_obstacle(
    tx: Transaction, reply: Reply, feedback: Feedback | None, source: ReplyingSource | None
) -> str:
    """Return why a due reply must not be published; empty where it may."""
    if feedback is None:
        return _CUSTOMER_DELETED
    if source is None:
        return _SOURCE_TAKES_NO_REPLIES
    standing = tx.alerts.get_standing(reply.alert_id)
    ids = {reply.alert_id, standing.id if standing else reply.alert_id}
    later = [event for one in ids for event in tx.alerts.events(one) if event.at > reply.at]
    if any(event.kind is EventKind.REPLIED for event in later):
        return _ALREADY_REPLIED
    return ""


def _publishable_since(tx: Transaction, reply: Reply) -> datetime:
    """Return when a manager approved a reply, else when it was written."""
    approved_at = (
        event.at
        for event in tx.alerts.events(reply.alert_id)
        if event.kind is EventKind.REPLY_APPROVED and event.details.get("reply") == str(reply.id)
    )
    return max(approved_at, default=reply.at)


def _written_before(reply: Reply) -> datetime:
    """Return a time before the reply can have been public, also where the clock was set meanwhile.

    When it was written is told by the clock of then; when it was tried has followed the clock.
    """
    return min(reply.at, reply.attempted_at or reply.at)


def _mark_interrupted(tx: Transaction, now: datetime) -> None:
    """Make uncertain what the last leader was publishing: it may or may not be public."""
    tx.replies.mark_interrupted(now + PROBE_AFTER)


def _retry_delay(failures: int) -> timedelta:
    return exponential_backoff(failures, first=_FIRST_RETRY, longest=_MAX_RETRY)
