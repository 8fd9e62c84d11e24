"""Queries about deliveries: what is due, who may try it, and what became of it. Every change is
conditional.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    case,
    delete,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)

from monitor.domain.alert import Severity
from monitor.domain.delivery import Delivery, DeliveryKind, DeliveryState, SendConstraints
from monitor.errors import AlertError
from monitor.store.deleted_cards import replace_deleted_card
from monitor.store.delivery_conditions import (
    BELOW_CARD,
    BUDGETED_CARD,
    BY_SEVERITY,
    IN_FLIGHT,
    IN_TURN,
    SENDING_ORDER,
    SHOWABLE,
    kind_is,
    sending_order,
    state_in,
)
from monitor.store.mapping import MergedAlertCount, to_utc
from monitor.store.outbox import delivery_row
from monitor.store.redirects import redirect_delivery
from monitor.store.schema import alerts, deliveries
from monitor.store.statements import split_batches

_NO_CONSTRAINTS = SendConstraints()


class DeliveryRepository:
    """The outbox: what is to be shown, and the fate of what was."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, delivery_id: str) -> Delivery | None:
        """The delivery with this id, or None."""
        return next(
            iter(self._select_deliveries(select(deliveries).where(deliveries.c.id == delivery_id))),
            None,
        )

    def find_due(
        self,
        now: datetime,
        limit: int = 50,
        constraints: SendConstraints = _NO_CONSTRAINTS,
    ) -> list[Delivery]:
        """What may be sent now under these constraints: what people did and what is urgent, then by
        severity and age.

        An update is due only once its card is shown, and a thread entry only once those before it
        are.
        """
        pending = and_(
            state_in(DeliveryState.PENDING),
            deliveries.c.not_before <= to_utc(now),
            SHOWABLE,
            IN_TURN,
        )
        allowed = _within_constraints(constraints)
        order = sending_order(urgent_first=constraints.urgent_first)
        return self._select_deliveries(
            select(deliveries).where(pending, *allowed).order_by(*order).limit(limit)
        )

    def count_due_cards(self, now: datetime) -> dict[str, int]:
        """Return how many first tries at cards within the budget may be sent now, by channel."""
        due = and_(
            state_in(DeliveryState.PENDING), deliveries.c.not_before <= to_utc(now), BUDGETED_CARD
        )
        statement = (
            select(deliveries.c.channel, func.count().label("waiting"))
            .where(due)
            .group_by(deliveries.c.channel)
        )
        return {row.channel: row.waiting for row in self._connection.execute(statement)}

    def find_due_cards_beyond(self, now: datetime, channel: str, first: int) -> list[str]:
        """Return the ids of the cards due in a channel beyond the `first` ones, as in `find_due`.

        Cards outside every budget are not among them.
        """
        due = and_(
            state_in(DeliveryState.PENDING), deliveries.c.not_before <= to_utc(now), BUDGETED_CARD
        )
        wanted = select(deliveries.c.id).where(due, deliveries.c.channel == channel)
        return list(
            self._connection.execute(wanted.order_by(*SENDING_ORDER).offset(first)).scalars()
        )

    def find_uncertain(self, now: datetime) -> list[Delivery]:
        """What may or may not have been shown and can be looked for now, the oldest attempt
        first.
        """
        waiting = and_(state_in(DeliveryState.UNCERTAIN), deliveries.c.not_before <= to_utc(now))
        return self._select_deliveries(
            select(deliveries).where(waiting).order_by(deliveries.c.attempted_at, deliveries.c.id)
        )

    def next_due_at(self, now: datetime, kind: DeliveryKind | None = None) -> datetime | None:
        """When there is next something to send or to look for, of all kinds or of one: `now` if
        there is already, None if nothing waits.

        What is being attempted counts too: its sender may have died.
        """
        waiting = or_(
            and_(state_in(DeliveryState.PENDING), SHOWABLE, IN_TURN), state_in(*IN_FLIGHT)
        )
        earliest = func.min(deliveries.c.not_before, type_=deliveries.c.not_before.type)
        statement = select(earliest).where(waiting, *([kind_is(kind)] if kind else []))
        found: datetime | None = self._connection.execute(statement).scalar()
        return None if found is None else max(found, now)

    def claim(self, delivery_id: str, now: datetime) -> bool:
        """Take a pending delivery for sending; False when somebody else was first.

        With a card go the updates that wait for it: it will show the alert as it is now.
        """
        values = {"attempts": deliveries.c.attempts + 1, "attempted_at": to_utc(now)}
        claimed = self._update_if_in_states(
            delivery_id, (DeliveryState.PENDING,), DeliveryState.ATTEMPTING, values
        )
        if claimed:
            self._drop_updates_awaiting(delivery_id)
        return claimed

    def _drop_updates_awaiting(self, card_id: str) -> None:
        """Delete the pending updates of a card; nothing for a delivery of another kind."""
        superseded = and_(
            deliveries.c.card_id == card_id,
            kind_is(DeliveryKind.UPDATE),
            state_in(DeliveryState.PENDING),
        )
        self._connection.execute(delete(deliveries).where(superseded))

    def mark_sent(self, delivery_id: str, now: datetime, message_id: str, posted_to: str) -> bool:
        """Record that a delivery is shown, under the service's own ids of message and channel.

        Like every fate, it is written only while the delivery is in flight: False, and nothing
        changed, when it no longer is.
        """
        shown = {"sent_at": to_utc(now), "message_id": message_id, "posted_to": posted_to}
        return self._store_fate(delivery_id, DeliveryState.SENT, "", shown)

    def mark_uncertain(
        self, delivery_id: str, look_at: datetime, *, error: str = "", probes: int = 0
    ) -> bool:
        """Record that a delivery may be shown and is to be looked for from `look_at` on.

        `probes` is how often it was looked for in vain. False when it is no longer in flight.
        """
        look = {"not_before": to_utc(look_at), "probes": probes}
        return self._store_fate(delivery_id, DeliveryState.UNCERTAIN, error, look)

    def retry_at(
        self, delivery_id: str, at: datetime, *, error: str = "", repeat: bool = False
    ) -> bool:
        """Put a delivery back into the queue, to be sent from `at` on.

        `repeat` says that it may have been shown; that sticks. False when it is no longer in
        flight.
        """
        retry: dict[str, Any] = {"not_before": to_utc(at), "probes": 0}
        if repeat:
            retry["repeat"] = True
        return self._store_fate(delivery_id, DeliveryState.PENDING, error, retry)

    def redirect_to(self, delivery_id: str, channel: str, at: datetime, *, error: str) -> bool:
        """Put a delivery back into the queue for another channel; False when it is no longer in
        flight.

        Where that channel has a card of the alert already, the one card says so and calls whom both
        call.
        """
        return redirect_delivery(self._connection, delivery_id, channel, at, error)

    def mark_dead(self, delivery_id: str, *, error: str) -> bool:
        """Give a delivery up, with the reason; False when it is no longer in flight.

        What only makes sense with a card that is given up goes with it.
        """
        given_up = self._store_fate(delivery_id, DeliveryState.DEAD, error, {})
        if given_up:
            orphaned = and_(
                deliveries.c.card_id == delivery_id,
                deliveries.c.kind.in_(BELOW_CARD),
                state_in(DeliveryState.PENDING),
            )
            values = {"state": str(DeliveryState.DEAD), "error": "what it belongs to was given up"}
            self._connection.execute(update(deliveries).where(orphaned).values(values))
        return given_up

    def replace_deleted_card(self, delivery_id: str, now: datetime, *, error: str) -> bool:
        """Post the card anew that this delivery is about, since it was deleted in its channel.

        What waits for it waits for the new one. It is done once, and not for an alert that is
        closed: whoever deletes it then wants it gone, and all that is about it is given up. False
        when the delivery is no longer in flight.
        """
        return replace_deleted_card(self._connection, delivery_id, now, error)

    def mark_interrupted(self, not_before: datetime) -> int:
        """Whatever is being attempted was left by a sender that died: only the holder of its lease
        may say so.

        A message becomes uncertain and is looked for from `not_before` on; an update, harmless to
        repeat, becomes pending again. Returns how many there were.
        """
        became = case(
            (deliveries.c.kind == str(DeliveryKind.UPDATE), str(DeliveryState.PENDING)),
            else_=str(DeliveryState.UNCERTAIN),
        )
        values = {
            "state": became,
            "not_before": to_utc(not_before),
            "error": "the sender was interrupted",
        }
        return self._connection.execute(
            update(deliveries).where(state_in(DeliveryState.ATTEMPTING)).values(values)
        ).rowcount

    def find_shown_card(self, alert_id: int) -> Delivery | None:
        """The newest card of an alert that was sent, or None; rather one in its own channel."""
        statement = select(deliveries).where(
            deliveries.c.alert_id == alert_id,
            kind_is(DeliveryKind.CARD),
            state_in(DeliveryState.SENT),
        )
        order = (deliveries.c.home.desc(), deliveries.c.sent_at.desc())
        statement = statement.order_by(*order).limit(1)
        return next(iter(self._select_deliveries(statement)), None)

    def find_by_message(self, posted_to: str, message_id: str) -> Delivery | None:
        """What a message shows, by the service's own ids of its channel and of itself; None for
        somebody else's.
        """
        ours = and_(deliveries.c.message_id == message_id, deliveries.c.posted_to == posted_to)
        statement = select(deliveries).where(ours, deliveries.c.message_id != "").limit(1)
        return next(iter(self._select_deliveries(statement)), None)

    def count_cards_since(self, channel: str, since: datetime) -> int:
        """Return how many cards a channel was, or may have been, given since a time.

        Cards outside every budget do not count.
        """
        tried = and_(
            state_in(DeliveryState.SENT, *IN_FLIGHT), deliveries.c.attempted_at >= to_utc(since)
        )
        budgeted = and_(kind_is(DeliveryKind.CARD), deliveries.c.budgeted)
        statement = select(func.count()).where(deliveries.c.channel == channel, budgeted, tried)
        return self._connection.execute(statement).scalar_one()

    def has_summary_since(self, channel: str, since: datetime) -> bool:
        """Whether a summary was made for a channel after a time."""
        made = and_(deliveries.c.channel == channel, deliveries.c.created_at > to_utc(since))
        statement = select(func.count()).where(made, kind_is(DeliveryKind.SUMMARY))
        return self._connection.execute(statement).scalar_one() > 0

    def find_channel_id(self, channel: str) -> str:
        """The service's own id of a channel that something was shown in; empty where nothing
        was.
        """
        shown = and_(deliveries.c.channel == channel, deliveries.c.posted_to != "")
        statement = (
            select(deliveries.c.posted_to)
            .where(shown)
            .order_by(deliveries.c.sent_at.desc())
            .limit(1)
        )
        return self._connection.execute(statement).scalar() or ""

    def merge_into_summary(self, ids: Sequence[str], channel: str, now: datetime) -> Delivery:
        """Put one summary in the place of these cards, as far as they are still pending.

        What waits for one of these cards goes with it. Raises AlertError when no card is pending
        any more.
        """
        members = self._lock_pending_cards(ids)
        if not members:
            raise AlertError("nothing is left to summarise: every card was sent meanwhile")
        row = delivery_row(
            DeliveryKind.SUMMARY,
            "summary",
            channel=channel,
            severity=min((member.severity for member in members), key=lambda one: one.rank),
            at=now,
            # What is private of one of them is private in the summary.
            fallback=all(member.fallback for member in members),
        )
        row["dedupe_key"] = f"summary:{row['id']}"
        self._connection.execute(insert(deliveries).values(row))
        for chunk in split_batches(members):
            self._merge_cards(chunk, row["id"])
        return self._select_deliveries(select(deliveries).where(deliveries.c.id == row["id"]))[0]

    def _lock_pending_cards(self, ids: Sequence[str]) -> list[Delivery]:
        """Return the cards among these deliveries that are pending, and keep others from them."""
        pending = (state_in(DeliveryState.PENDING), BUDGETED_CARD)
        return [
            card
            for chunk in split_batches(sorted(ids))  # who locks in one order waits for nobody
            for card in self._select_deliveries(
                select(deliveries)
                .where(deliveries.c.id.in_(chunk), *pending)
                .order_by(deliveries.c.id)
                .with_for_update()
            )
        ]

    def _merge_cards(self, cards: Sequence[Delivery], summary_id: str) -> None:
        """Let a summary account for these cards and for what waits for them."""
        about_them = and_(
            deliveries.c.card_id.in_([card.id for card in cards]),
            deliveries.c.kind.in_(BELOW_CARD),
            state_in(DeliveryState.PENDING),
        )
        merged = or_(deliveries.c.id.in_([card.id for card in cards]), about_them)
        values = {"state": str(DeliveryState.MERGED), "merged_into": summary_id}
        self._connection.execute(update(deliveries).where(merged).values(values))

    def count_merged_alerts(self, summary_id: str) -> list[MergedAlertCount]:
        """Count the alerts that a summary accounts for, by rule and severity, most urgent first."""
        accounted = and_(deliveries.c.merged_into == summary_id, kind_is(DeliveryKind.CARD))
        groups = (alerts.c.rule_name, alerts.c.severity)
        oldest = func.min(alerts.c.opened_at, type_=alerts.c.opened_at.type)
        statement = (
            select(*groups, func.count().label("number"), oldest.label("oldest"))
            .join_from(deliveries, alerts, alerts.c.id == deliveries.c.alert_id)
            .where(accounted)
            .group_by(*groups)
            .order_by(func.min(alerts.c.id))
        )
        counts = [
            MergedAlertCount(
                rule_name=row.rule_name,
                severity=Severity(row.severity),
                count=row.number,
                oldest=row.oldest,
            )
            for row in self._connection.execute(statement)
        ]
        return sorted(counts, key=lambda group: group.severity.rank)

    def find_merged_alerts(self, summary_id: str, limit: int | None = None) -> tuple[int, ...]:
        """Return the ids of the alerts that a summary accounts for, the most urgent first."""
        accounted = and_(deliveries.c.merged_into == summary_id, kind_is(DeliveryKind.CARD))
        statement = select(deliveries.c.alert_id).where(accounted)
        ordered = statement.order_by(BY_SEVERITY, deliveries.c.alert_id).limit(limit)
        return tuple(self._connection.execute(ordered).scalars())

    def count_by_state(self) -> dict[DeliveryState, int]:
        """How many deliveries are in each state."""
        rows = self._connection.execute(
            select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        )
        return dict.fromkeys(DeliveryState, 0) | {
            DeliveryState(state): count for state, count in rows
        }

    def _store_fate(
        self, delivery_id: str, state: DeliveryState, error: str, values: dict[str, Any]
    ) -> bool:
        return self._update_if_in_states(delivery_id, IN_FLIGHT, state, values | {"error": error})

    def _update_if_in_states(
        self,
        delivery_id: str,
        before: Collection[DeliveryState],
        after: DeliveryState,
        values: dict[str, Any],
    ) -> bool:
        unchanged = and_(deliveries.c.id == delivery_id, state_in(*before))
        changed = self._connection.execute(
            update(deliveries).where(unchanged).values(values | {"state": str(after)})
        )
        return changed.rowcount == 1

    def _select_deliveries(self, statement: Any) -> list[Delivery]:
        return [_to_delivery(row) for row in self._connection.execute(statement)]


def _within_constraints(constraints: SendConstraints) -> list[ColumnElement[bool]]:
    kinds = [str(kind) for kind in constraints.blocked_kinds]
    conditions = [
        not_(and_(BUDGETED_CARD, deliveries.c.channel.in_(constraints.spent_channels))),
        deliveries.c.channel.not_in(constraints.blocked_channels),
        deliveries.c.kind.not_in(kinds),
    ]
    if constraints.updates_queued_by is not None:
        too_new = deliveries.c.created_at > to_utc(constraints.updates_queued_by)
        may_wait = and_(kind_is(DeliveryKind.UPDATE), not_(deliveries.c.prompt))
        conditions.append(not_(and_(may_wait, too_new)))
    return conditions


def _to_delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        kind=DeliveryKind(row.kind),
        state=DeliveryState(row.state),
        channel=row.channel,
        created_at=row.created_at,
        not_before=row.not_before,
        alert_id=row.alert_id or 0,
        event_id=row.event_id or 0,
        attempts=row.attempts,
        attempted_at=row.attempted_at,
        probes=row.probes,
        sent_at=row.sent_at,
        message_id=row.message_id,
        posted_to=row.posted_to,
        error=row.error,
        severity=Severity(row.severity),
        repeat=row.repeat,
        card_id=row.card_id,
        home=row.home,
        mention=row.mention,
        fallback=row.fallback,
        meant_for=row.meant_for,
        replaces=row.replaces,
        prompt=row.prompt,
    )
