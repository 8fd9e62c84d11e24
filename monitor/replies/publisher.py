"""From an approved answer to a public one: never two of them, whatever is lost or killed on the
way.

Each answer goes `approved -> attempting -> published`; `attempting` is committed before the request
leaves. One whose fate is unknown becomes `uncertain` and is looked for among our own answers; only
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
#: A lost answer is looked for after so long, and once more: services show what was written with a
#: delay.
PROBE_AFTER, PROBE_AGAIN_AFTER = timedelta(seconds=30), timedelta(seconds=60)
_PROBES_UNTIL_RESEND = 2
#: So many looks that failed, and people are told that nobody knows.
_REPORT_AFTER_FAILED_LOOKS = 3
_FIRST_RETRY, _MAX_RETRY = timedelta(seconds=30), timedelta(minutes=30)
#: An answer that the service does not take for so long is given up: by then the customer reads it
#: as a machine's.
GIVE_UP_AFTER = timedelta(hours=12)
_LEASE_HELD_RETRY = 5.0
_CUSTOMER_DELETED = "the customer has taken the words back"
_ALREADY_REPLIED = "somebody has answered meanwhile"
_SOURCE_TAKES_NO_REPLIES = "its source takes no answers any more: check its account in .env"


@dataclass(slots=True)
class ReplyPublisher:
    """Publishes what is due, one step at a time; the caller owns the clock and the waiting."""

    store: Store
    places: Mapping[str, ReplyingSource]  #: by source id
    holder: str  #: names this process and instance in the lease
    #: whether a holder's process has certainly ended
    is_holder_dead: Callable[[str], bool] = lambda _: False
    redact: Callable[[str], str] = str
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
        """Do at most one thing; the seconds until there is more to do, None when nothing waits."""
        with self.store.read() as tx:
            at = tx.replies.next_due_at()
        if at is None:
            return None
        if at > now:
            return (at - now).total_seconds()
        if not self._leadership.acquire(now):
            return _LEASE_HELD_RETRY
        with self.store.read() as tx:
            reply = tx.replies.find_due(now)
            found = tx.feedback.get(reply.feedback_id) if reply else None
        if reply is not None:
            self._advance_reply(reply, found[0] if found else None, now)
        return 0

    def release_lease(self) -> None:
        """Let another process publish at once."""
        self._leadership.release()

    def _advance_reply(self, reply: Reply, feedback: Feedback | None, now: datetime) -> None:
        place = self.places.get(reply.source_id)
        if reply.state is ReplyState.UNCERTAIN and feedback and place:
            self._resolve_uncertain(reply, feedback, place, now)
            return
        with self.store.write() as tx:
            if not self._leadership.still_leads(tx):
                return
            hindrance = _publish_obstacle(tx, reply, feedback, place)
            if hindrance or feedback is None or place is None:
                self._give_up(tx, reply, hindrance, now)
                return
            attempt = {
                "attempts": reply.attempts + 1,
                "attempted_at": now,
                "not_before": now,
                "error": "",
            }
            held = tx.replies.update_if_unchanged(reply, state=ReplyState.ATTEMPTING, **attempt)
        if held:
            with self._leadership.abandoned_on_error():
                self._publish_reply(held, feedback, place, now)

    def _publish_reply(
        self, reply: Reply, feedback: Feedback, place: ReplyingSource, now: datetime
    ) -> None:
        try:
            answered = place.publish_reply(feedback, reply.text)
        except SourceUnavailable as error:
            self._retry_or_give_up(reply, error, now)
        except SourceRefused as error:
            with self.store.write() as tx:
                self._give_up(tx, reply, self.redact(str(error)), now)
        except Exception as error:  # noqa: BLE001 - a plug-in may be anybody's: what it has done by then, nobody knows
            says = self._describe_error(error)
            log.warning("answer_uncertain", reply=reply.id, source=reply.source_id, error=says)
            with self.store.write() as tx:
                look = {"not_before": now + PROBE_AFTER, "probes": 0, "looks": 0}
                tx.replies.update_if_unchanged(
                    reply, state=ReplyState.UNCERTAIN, error=says, **look
                )
        else:
            self._record_published(reply, answered, now)

    def _resolve_uncertain(
        self, reply: Reply, feedback: Feedback, place: ReplyingSource, now: datetime
    ) -> None:
        try:
            found = place.find_reply(feedback, reply.text, reply.at)
        except Exception as error:  # noqa: BLE001 - a plug-in may be anybody's, and not to know is never to publish again
            self._record_failed_look(reply, feedback, self._describe_error(error), now)
            return
        if found:
            self._record_published(reply, found, now)
            return
        probes = reply.probes + 1
        with self.store.write() as tx:
            if probes < _PROBES_UNTIL_RESEND:
                tx.replies.update_if_unchanged(
                    reply, probes=probes, not_before=now + PROBE_AGAIN_AFTER
                )
            else:
                tx.replies.update_if_unchanged(
                    reply, state=ReplyState.APPROVED, probes=0, looks=0, not_before=now
                )

    def _record_published(self, reply: Reply, answered: PublishedReply, now: datetime) -> None:
        """That it is public is true whatever was thought of it in the meantime."""
        with self.store.write() as tx:
            current = tx.replies.get(reply.id)
            if current is None or current.state is ReplyState.PUBLISHED:
                return
            known = {
                "url": answered.url,
                "external_id": answered.external_id,
                "error": "",
                "not_before": None,
            }
            tx.replies.update_if_unchanged(current, state=ReplyState.PUBLISHED, **known)
            details = {"reply": str(reply.id), "url": answered.url}
            action = Action(act=ActionKind.REPLY, actor=reply.actor, via=reply.via, details=details)
            apply_action(tx, reply.alert_id, action, now)
        log.info("answered", reply=reply.id, source=reply.source_id, url=answered.url)

    def _retry_or_give_up(self, reply: Reply, error: SourceUnavailable, now: datetime) -> None:
        says = self._describe_error(error)
        asked = error.retry_after
        wait = timedelta(seconds=asked) if asked else _retry_delay(reply.attempts)
        with self.store.write() as tx:
            if now + wait - _publishable_since(tx, reply) > GIVE_UP_AFTER:
                self._give_up(tx, reply, says, now)
            else:
                tx.replies.update_if_unchanged(
                    reply, state=ReplyState.APPROVED, not_before=now + wait, error=says
                )

    def _record_failed_look(
        self, reply: Reply, feedback: Feedback, says: str, now: datetime
    ) -> None:
        """It cannot be looked for now: that is tried again, for ever, and said once."""
        looks = reply.looks + 1
        with self.store.write() as tx:
            later = now + _retry_delay(looks)
            if (
                tx.replies.update_if_unchanged(reply, looks=looks, not_before=later, error=says)
                and looks == _REPORT_AFTER_FAILED_LOOKS
            ):
                self._record_event(
                    tx, reply, EventKind.REPLY_UNCERTAIN, says, {"url": feedback.url}, now
                )

    def _give_up(self, tx: Transaction, reply: Reply, says: str, now: datetime) -> None:
        if tx.replies.update_if_unchanged(
            reply, state=ReplyState.FAILED, error=says, not_before=None
        ):
            # What may be public already is not called a failure.
            kind = (
                EventKind.REPLY_UNCERTAIN
                if reply.state is ReplyState.UNCERTAIN
                else EventKind.REPLY_FAILED
            )
            self._record_event(tx, reply, kind, says, {}, now)

    def _record_event(
        self,
        tx: Transaction,
        reply: Reply,
        kind: EventKind,
        says: str,
        details: Mapping[str, str],
        now: datetime,
    ) -> None:
        """A line below the card, with the words, so that nothing written is lost."""
        alert = tx.alerts.get(reply.alert_id)
        if alert is None:
            return
        log.warning(str(kind), reply=reply.id, source=reply.source_id, error=says)
        words = {"reply": str(reply.id), "text": reply.text, "for": str(reply.actor), **details}
        tx.alerts.apply_change(
            alert.id, AlertChange(kind=kind, note=says, details=words), at=now, actor=SYSTEM
        )

    def _describe_error(self, error: Exception) -> str:
        if isinstance(error, RepwatchError):
            return self.redact(str(error))
        return f"the source itself is broken: {type(error).__name__}"


def publish_due(
    publisher: ReplyPublisher, clock: Callable[[], datetime], stopping: Callable[[], bool]
) -> None:
    """Publish and look for all that is due by now."""
    while not stopping():
        wait = publisher.publish_next(clock())
        if wait is None or wait > 0:
            return


def _publish_obstacle(
    tx: Transaction, reply: Reply, feedback: Feedback | None, place: ReplyingSource | None
) -> str:
    """Why an answer must not be published, now that it could be; empty where it may."""
    if feedback is None:
        return _CUSTOMER_DELETED
    if place is None:
        return _SOURCE_TAKES_NO_REPLIES
    since = (event for event in tx.alerts.events(reply.alert_id) if event.at > reply.at)
    return _ALREADY_REPLIED if any(event.kind is EventKind.REPLIED for event in since) else ""


def _publishable_since(tx: Transaction, reply: Reply) -> datetime:
    """Since when an answer may be published: since a manager approved it, or since it was
    written.
    """
    approved = (
        event
        for event in tx.alerts.events(reply.alert_id)
        if event.kind is EventKind.REPLY_APPROVED
    )
    return max(
        (event.at for event in approved if event.details.get("reply") == str(reply.id)),
        default=reply.at,
    )


def _mark_interrupted(tx: Transaction, now: datetime) -> None:
    """What the last leader was publishing may or may not be public."""
    tx.replies.mark_interrupted(now + PROBE_AFTER)


def _retry_delay(failures: int) -> timedelta:
    return exponential_backoff(failures, first=_FIRST_RETRY, longest=_MAX_RETRY)
