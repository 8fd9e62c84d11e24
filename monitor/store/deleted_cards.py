"""What follows when somebody deletes a card in its channel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, select, update

from monitor.domain.alert import AlertStatus, Severity
from monitor.domain.delivery import DeliveryKind, DeliveryState
from monitor.domain.event import EVENTS_THAT_NEED_CARD
from monitor.store.delivery_conditions import IN_FLIGHT, kind_is, state_in
from monitor.store.outbox import delivery_row
from monitor.store.schema import alert_events, alerts, deliveries

_NEEDING_CARD = frozenset(map(str, EVENTS_THAT_NEED_CARD))
_CLOSED = [str(status) for status in AlertStatus if status.is_closed]


def replace_deleted_card(
    connection: Connection, delivery_id: str, now: datetime, error: str
) -> bool:
    """Post a card anew; see `DeliveryRepository.replace_deleted_card`."""
    in_flight = and_(deliveries.c.id == delivery_id, state_in(*IN_FLIGHT))
    given = connection.execute(select(deliveries).where(in_flight)).one_or_none()
    if given is None:
        return False
    card = connection.execute(select(deliveries).where(deliveries.c.id == given.card_id)).one()
    if card.state != str(DeliveryState.SENT):  # posted anew already, because of another line
        _follow_new_card(connection, given, card)
    elif _is_unwanted(connection, card, given):
        _give_card_up(connection, card, error)
    else:
        _post_anew(connection, card, now)
        _follow_new_card(connection, given, card)
    return True


def _is_unwanted(connection: Connection, card: Row[Any], given: Row[Any]) -> bool:
    """Return whether nobody needs the card again: its alert is closed, or it was posted anew.

    A line that calls people, or tells of a missed limit, needs it all the same.
    """
    if _is_closed(connection, card.alert_id):
        return True
    kind = select(alert_events.c.kind).where(alert_events.c.id == (given.event_id or 0))
    told = connection.execute(kind).scalar()
    return bool(card.replaces) and told not in _NEEDING_CARD


def _is_closed(connection: Connection, alert_id: int) -> bool:
    closed = select(alerts.c.id).where(alerts.c.id == alert_id, alerts.c.status.in_(_CLOSED))
    return connection.execute(closed).scalar() is not None


def _post_anew(connection: Connection, card: Row[Any], now: datetime) -> None:
    """Queue the card once more, with what waits for the deleted one."""
    row = delivery_row(
        DeliveryKind.CARD,
        f"card:{card.id}:anew",
        channel=card.channel,
        severity=Severity(card.severity),
        at=now,
        alert_id=card.alert_id,
        budgeted=False,
        home=card.home,
        mention=card.mention,
        fallback=card.fallback,
        meant_for=card.meant_for,
        replaces=card.id,
    )
    connection.execute(insert(deliveries).values(row))
    merged = {"state": str(DeliveryState.MERGED), "merged_into": row["id"]}
    connection.execute(update(deliveries).where(deliveries.c.id == card.id).values(merged))
    about_it = deliveries.c.card_id == card.id
    shown_anyway = (about_it, kind_is(DeliveryKind.UPDATE), state_in(DeliveryState.PENDING))
    connection.execute(delete(deliveries).where(*shown_anyway))
    waiting = (about_it, state_in(DeliveryState.PENDING, *IN_FLIGHT))
    connection.execute(update(deliveries).where(*waiting).values(card_id=row["id"]))


def _follow_new_card(connection: Connection, given: Row[Any], card: Row[Any]) -> None:
    """Let the delivery that found the card gone go with the one in its place."""
    successor = select(deliveries.c.merged_into).where(deliveries.c.id == card.id)
    new_id = connection.execute(successor).scalar()
    if new_id is None:
        values = {"state": str(DeliveryState.DEAD), "error": "its card was given up"}
    elif given.kind == str(DeliveryKind.UPDATE):
        values = {"state": str(DeliveryState.MERGED), "merged_into": new_id}
    else:
        values = {"state": str(DeliveryState.PENDING), "card_id": new_id}
    connection.execute(update(deliveries).where(deliveries.c.id == given.id).values(values))


def _give_card_up(connection: Connection, card: Row[Any], error: str) -> None:
    below = deliveries.c.kind.in_([str(DeliveryKind.UPDATE), str(DeliveryKind.ENTRY)])
    about_it = and_(
        deliveries.c.card_id == card.id, below, state_in(DeliveryState.PENDING, *IN_FLIGHT)
    )
    values = {"state": str(DeliveryState.DEAD), "error": error}
    connection.execute(update(deliveries).where(about_it).values(values))
    connection.execute(update(deliveries).where(deliveries.c.id == card.id).values(values))
