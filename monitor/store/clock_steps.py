"""Stored times after the machine's clock was set: what waits, waits no longer than it would have.

Only what the program itself waits for is mended. When something happened, and what people were
promised in hours, stays as the clock of then told it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    bindparam,
    delete,
    or_,
    select,
    update,
)

from monitor.domain.clock_step import MIN_STEP, ClockStep
from monitor.domain.delivery import DeliveryKind, DeliveryState
from monitor.domain.digest_schedule import DigestOrderState
from monitor.domain.reply import ReplyState
from monitor.store.delivery_conditions import IN_FLIGHT, state_in
from monitor.store.digest_orders import MAKING_TAKES
from monitor.store.digest_tables import digest_orders, digest_schedules, digests
from monitor.store.mapping import to_utc
from monitor.store.schema import deliveries, inbox, replies, source_states, told_shifts
from monitor.store.statements import split_batches
from monitor.store.unread import UnreadRepository

#: How far back the sender counts what it sent: the budget of a channel is one of an hour.
_COUNTED_BACK = timedelta(hours=1)
#: Set forward, nothing waits for when it was made.
_ATTEMPT_TIMES = ("attempted_at", "sent_at", "not_before")
_DELIVERY_TIMES = (*_ATTEMPT_TIMES, "created_at")
_REPLY_TIMES = ("attempted_at", "not_before")
_SOURCE_TIMES = ("last_attempt_at", "last_success_at", "due_at", "rechecked_at")
_KEY = "row_key"
#: The longest that a message waits to be tried again, unless a service asked for more.
_LONGEST_WAIT = timedelta(minutes=10)
_WAITING_REPLIES = [
    str(state) for state in (ReplyState.APPROVED, ReplyState.ATTEMPTING, ReplyState.UNCERTAIN)
]


class ClockStepRepository:
    """Moves the times of what waits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def move_attempts(self, step: ClockStep) -> int:
        """Move the times of what was sent of late, or was tried and waits; return how many rows.

        Only the sender writes them, so all that it wrote before the step is moved by its size: a
        message of unknown fate is looked for neither late nor early, and from the right time on.
        """
        recent = deliveries.c.attempted_at > to_utc(step.earliest - _COUNTED_BACK)
        waits = state_in(DeliveryState.PENDING, *IN_FLIGHT)
        tried = and_(deliveries.c.attempted_at.is_not(None), or_(recent, waits))
        names = _DELIVERY_TIMES if step.is_back else _ATTEMPT_TIMES
        return self._move(deliveries, tried, names, lambda _: step.by)

    def move_replies(self, step: ClockStep) -> int:
        """Move the times of answers to customers that were tried and wait; return how many rows."""
        waits = and_(replies.c.state.in_(_WAITING_REPLIES), replies.c.attempted_at.is_not(None))
        return self._move(replies, waits, _REPLY_TIMES, lambda _: step.by)

    def move_sources(self, step: ClockStep) -> int:
        """Move the times of sources that a clock wrote before it was set back; return how many."""
        states = source_states.c
        return sum(
            self._move(source_states, states[name] > to_utc(step.at), [name], lambda _: step.by)
            for name in _SOURCE_TIMES
        )

    def pull_attempts_forward(self, now: datetime) -> int:
        """Move the times of what was tried later than `now`, so that it was tried now.

        For where nobody saw by how much the clock was set back: at a start, and where a sender is
        gone. What was tried earlier is tried again soon, too. Returns how many rows.
        """
        ahead = deliveries.c.attempted_at > to_utc(now + MIN_STEP)
        moved = self._move(deliveries, ahead, _DELIVERY_TIMES, lambda row: now - row.attempted_at)
        latest = to_utc(now + _LONGEST_WAIT)
        waits = and_(state_in(DeliveryState.PENDING), deliveries.c.attempted_at.is_not(None))
        too_late = and_(waits, deliveries.c.not_before > latest)
        return moved + self._set(deliveries, too_late, {"not_before": latest})

    def look_anew(self, now: datetime) -> int:
        """Let what is uncertain be looked for now, as if it had never been; return how many.

        For where it is not known when the last look was: a first one decides nothing in vain.
        """
        values = {"not_before": to_utc(now), "probes": 0}
        return self._set(deliveries, state_in(DeliveryState.UNCERTAIN), values)

    def pull_replies_forward(self, now: datetime) -> int:
        """Do what `pull_attempts_forward` does for answers to customers."""
        ahead = replies.c.attempted_at > to_utc(now + MIN_STEP)
        return self._move(replies, ahead, _REPLY_TIMES, lambda row: now - row.attempted_at)

    def pull_forward(self, now: datetime) -> int:
        """Make due what was never tried and what a clock that was set back since has put off.

        Whatever was written later than `now` was written by such a clock: by what was under way
        when it was set, or before the program was started. Harmless to repeat. Returns how many
        rows.
        """
        at, ahead = to_utc(now), to_utc(now + MIN_STEP)
        untried = and_(
            deliveries.c.attempted_at.is_(None),
            deliveries.c.created_at > ahead,
            deliveries.c.not_before <= deliveries.c.created_at,  # else it is for a time of its own
        )
        approved = and_(replies.c.attempted_at.is_(None), replies.c.not_before > ahead)
        waits = and_(inbox.c.due_at.is_not(None), inbox.c.received_at > ahead)
        polled = source_states.c.last_attempt_at > ahead
        # A shift that only that clock had reached is told when it comes.
        self._connection.execute(delete(told_shifts).where(told_shifts.c.at > ahead))
        UnreadRepository(self._connection).forget_days_after(now)
        return (
            self._set(deliveries, untried, {"created_at": at, "not_before": at})
            + self._set(replies, approved, {"not_before": at})
            + self._set(inbox, waits, {"received_at": at, "due_at": at})
            + self._set(source_states, polled, {"due_at": at, "last_attempt_at": at})
            + self._pull_digests_forward(now)
            + sum(
                self._set(source_states, source_states.c[name] > ahead, {name: at})
                for name in ("last_success_at", "rechecked_at")
            )
        )

    def _pull_digests_forward(self, now: datetime) -> int:
        """Forget the slots of schedules that only a clock that was ahead had reached, so that they
        come when it is time; do at once what it has put off.
        """
        at, ahead = to_utc(now), to_utc(now + MIN_STEP)
        future = and_(digest_orders.c.schedule != "", digest_orders.c.at > ahead)
        of_schedule = select(digest_orders.c.id).where(future)
        for slot in list(self._connection.execute(of_schedule).scalars()):
            roots = [
                deliveries.c.dedupe_key.startswith(f"{kind}:{slot}:", autoescape=True)
                for kind in (DeliveryKind.DIGEST, DeliveryKind.DIGEST_MAIL)
            ]
            early = {"dedupe_key": deliveries.c.dedupe_key + f":before {now.isoformat()}"}
            self._set(deliveries, or_(*roots), early)
            self._connection.execute(delete(digests).where(digests.c.slot == slot))
        forgotten = self._connection.execute(delete(digest_orders).where(future)).rowcount
        later = digest_orders.c.not_before > to_utc(now + MAKING_TAKES + MIN_STEP)
        is_due = digest_orders.c.state == str(DigestOrderState.DUE)
        since = {"since": at}
        return (
            forgotten
            + self._set(digest_orders, and_(is_due, later), {"not_before": at})
            + self._set(digest_schedules, digest_schedules.c.since > ahead, since)
        )

    def retry_inbox(self, now: datetime) -> int:
        """Make due at once what waits in the inbox for another try; return how many entries."""
        return self._set(inbox, inbox.c.due_at > to_utc(now), {"due_at": to_utc(now)})

    def _set(self, table: Table, wanted: ColumnElement[bool], values: dict[str, Any]) -> int:
        return self._connection.execute(update(table).where(wanted).values(values)).rowcount

    def _move(
        self,
        table: Table,
        wanted: ColumnElement[bool],
        names: Sequence[str],
        by: Callable[[Row[Any]], timedelta],
    ) -> int:
        """Add to these columns of some rows what `by` says of the row; an empty one stays empty."""
        [key] = table.primary_key.columns
        rows = self._connection.execute(
            select(key.label(_KEY), *(table.c[name] for name in names)).where(wanted)
        ).all()
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        statement = update(table).where(key == bindparam("row_key")).values(values)
        for chunk in split_batches(rows):
            self._connection.execute(statement, [_moved_row(row, names, by(row)) for row in chunk])
        return len(rows)


def _moved_row(row: Row[Any], names: Sequence[str], by: timedelta) -> dict[str, object]:
    moments = row._mapping
    moved = {
        f"new_{name}": to_utc(None if moments[name] is None else moments[name] + by)
        for name in names
    }
    return {"row_key": moments[_KEY], **moved}
