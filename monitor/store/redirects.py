"""What becomes of a delivery whose channel is out of reach: it goes to another one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from monitor.domain.actor import SYSTEM
from monitor.domain.delivery import DeliveryKind, DeliveryState
from monitor.domain.event import EventKind
from monitor.domain.mention import join_mentions
from monitor.store.column_types import to_json
from monitor.store.delivery_conditions import BELOW_CARD, IN_FLIGHT, LIVE_STATES, state_in
from monitor.store.mapping import to_utc
from monitor.store.outbox import queue_updates
from monitor.store.raising import load_alerts, tell_event
from monitor.store.schema import alerts, deliveries
from monitor.store.transitions import event_row


def redirect_delivery(
    connection: Connection, delivery_id: str, channel: str, at: datetime, error: str
) -> bool:
    """Send a delivery to another channel; see `DeliveryRepository.redirect_to`."""
    in_flight = (deliveries.c.id == delivery_id, state_in(*IN_FLIGHT))
    given = connection.execute(select(deliveries).where(*in_flight)).one_or_none()
    if given is None:
        return False
    if _is_private(connection, given):
        _redirect(connection, given, given.channel, at, error)
        return True
    other = _find_card_in(connection, given, channel)
    if other is None or other.state == str(DeliveryState.PENDING):
        _redirect(connection, given, channel, at, error)
        if other is not None:
            _merge_waiting_card(connection, other, into=given)
    else:
        _hand_over(connection, given, to=other, at=at, error=error)
    return True


def _is_private(connection: Connection, given: Row[Any]) -> bool:
    """Return whether its alert was made private meanwhile: it waits for its own channel."""
    private = (alerts.c.id == (given.alert_id or 0), alerts.c.fallback.is_(False))
    return connection.execute(select(alerts.c.id).where(*private)).scalar() is not None


def _find_card_in(connection: Connection, given: Row[Any], channel: str) -> Row[Any] | None:
    """Return another card of the same alert that is in a channel or will be."""
    if given.kind != str(DeliveryKind.CARD):
        return None
    others = (
        deliveries.c.alert_id == given.alert_id,
        deliveries.c.kind == str(DeliveryKind.CARD),
        deliveries.c.id != given.id,
        deliveries.c.channel == channel,
        state_in(*LIVE_STATES),
    )
    return connection.execute(select(deliveries).where(*others).limit(1)).one_or_none()


def _redirect(
    connection: Connection, given: Row[Any], channel: str, at: datetime, error: str
) -> None:
    values = {
        "state": str(DeliveryState.PENDING),
        "channel": channel,
        "meant_for": given.channel if channel != given.channel else given.meant_for,
        "not_before": to_utc(at),
        "probes": 0,
        "error": error,
    }
    connection.execute(update(deliveries).where(deliveries.c.id == given.id).values(values))


def _merge_waiting_card(connection: Connection, other: Row[Any], *, into: Row[Any]) -> None:
    """Let one card stand for two that would be in one channel: both wait to be posted."""
    merged = {"state": str(DeliveryState.MERGED), "merged_into": into.id}
    connection.execute(update(deliveries).where(deliveries.c.id == other.id).values(merged))
    below = (deliveries.c.card_id == other.id, deliveries.c.kind.in_(BELOW_CARD))
    connection.execute(delete(deliveries).where(*below, state_in(DeliveryState.PENDING)))
    about = deliveries.c.card_id == other.id
    connection.execute(update(deliveries).where(about).values(card_id=into.id))
    mention = join_mentions(into.mention, other.mention)
    kept = {"home": into.home or other.home, "mention": mention}
    connection.execute(update(deliveries).where(deliveries.c.id == into.id).values(kept))


def _hand_over(
    connection: Connection, given: Row[Any], *, to: Row[Any], at: datetime, error: str
) -> None:
    """Let the card that the channel has stand for the one that cannot be posted.

    It says for which channel that was meant, and a line below it calls whom that would have called.
    """
    dead = {"state": str(DeliveryState.DEAD), "error": f"{error}; {to.channel} shows the alert"}
    connection.execute(update(deliveries).where(deliveries.c.id == given.id).values(dead))
    kept = {"meant_for": to.meant_for or given.channel, "home": to.home or given.home}
    connection.execute(update(deliveries).where(deliveries.c.id == to.id).values(kept))
    lines = (deliveries.c.card_id == given.id, deliveries.c.kind.in_(BELOW_CARD))
    connection.execute(delete(deliveries).where(*lines, state_in(DeliveryState.PENDING)))
    calls = deliveries.c.card_id == given.id
    connection.execute(update(deliveries).where(calls).values(card_id=to.id))
    newer = {"version": alerts.c.version + 1}
    connection.execute(update(alerts).where(alerts.c.id == given.alert_id).values(newer))
    for alert in load_alerts(connection, [given.alert_id]):
        mention = alert.mention if given.home else given.mention
        details = to_json({"channel_meant": given.channel, "mention": mention, "in": to.channel})
        event = event_row(alert.id, at, EventKind.REDIRECTED, SYSTEM, details=details)
        tell_event(connection, alert, event, at)
        queue_updates(connection, [alert.id], at)
