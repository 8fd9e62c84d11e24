"""Queueing deliveries: rows of the outbox, written in the transaction of the change they show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update

from monitor.domain.alert import Alert, Severity
from monitor.domain.delivery import VIA_THREAD, DeliveryKind, DeliveryState
from monitor.domain.event import (
    CARD_ONLY_EVENTS,
    EVENTS_THAT_NEED_CARD,
    AlertEvent,
    EventKind,
)
from monitor.store.mapping import to_utc
from monitor.store.schema import alerts, deliveries

#: What is told below a card that it has brought about; a reopening is told by the card itself.
_TOLD_BELOW_NEW_CARD = EVENTS_THAT_NEED_CARD - {EventKind.REOPENED}
_STATES_WITHOUT_CARD = (str(DeliveryState.MERGED), str(DeliveryState.DEAD))


def delivery_row(
    kind: DeliveryKind,
    dedupe_key: str,
    *,
    channel: str,
    severity: Severity,
    at: datetime,
    alert_id: int | None = None,
    event_id: int | None = None,
    budgeted: bool = True,
) -> dict[str, Any]:
    """Return the columns of a new delivery, due at once.

    `dedupe_key` keeps it from being queued twice; `budgeted` lets its channel's budget hold it
    back, if it is a card.
    """
    return {
        "id": uuid4().hex,
        "dedupe_key": dedupe_key,
        "kind": str(kind),
        "state": str(DeliveryState.PENDING),
        "channel": channel,
        "alert_id": alert_id,
        "event_id": event_id,
        "merged_into": None,
        "severity": str(severity),
        "created_at": to_utc(at),
        "not_before": to_utc(at),
        "attempts": 0,
        "attempted_at": None,
        "probes": 0,
        "sent_at": None,
        "message_id": "",
        "posted_to": "",
        "error": "",
        "repeat": False,
        "budgeted": budgeted,
    }


def queue_cards(connection: Connection, opened: Sequence[Alert], at: datetime) -> None:
    """Queue one card for each new alert."""
    rows = [_card_row(alert, f"alert:{alert.id}:card", at) for alert in opened]
    if rows:
        connection.execute(insert(deliveries), rows)


def queue_updates(connection: Connection, alert_ids: Sequence[int], at: datetime) -> None:
    """Queue an update of each changed alert's card, unless one waits or there is no card."""
    settled = _alerts_needing_no_update(connection, alert_ids)
    needed = [alert_id for alert_id in alert_ids if alert_id not in settled]
    if not needed:
        return
    columns = (alerts.c.id, alerts.c.version, alerts.c.channel, alerts.c.severity)
    rows = [
        delivery_row(
            DeliveryKind.UPDATE,
            f"alert:{alert_id}:update:{version}",
            channel=channel,
            severity=Severity(severity),
            at=at,
            alert_id=alert_id,
        )
        for alert_id, version, channel, severity in connection.execute(
            select(*columns).where(alerts.c.id.in_(needed))
        )
    ]
    connection.execute(insert(deliveries), rows)


def queue_thread_entry(
    connection: Connection, alert: Alert, event: AlertEvent, at: datetime
) -> None:
    """Queue the thread entry of an event, and a call where the event names another channel.

    What the card itself shows, and what people wrote in the thread, gets no entry. An alert without
    a card of its own, since it was summarised, has no thread: it gets a card first where people are
    called, a limit was missed, or the whole channel is to see the event. Where people are called no
    budget holds the card back.
    """
    if event.kind in CARD_ONLY_EVENTS or event.via == VIA_THREAD:
        return
    rows = []
    budgeted = event.kind is not EventKind.ESCALATED
    has_card = _has_card(connection, alert.id)
    if has_card and not budgeted:
        _lift_budget(connection, alert.id)
    elif not has_card and event.kind in EVENTS_THAT_NEED_CARD:
        rows.append(_card_row(alert, f"alert:{alert.id}:card:{event.id}", at, budgeted=budgeted))
    if has_card or event.kind in _TOLD_BELOW_NEW_CARD:
        rows += _entry_rows(alert, event, at)
    if rows:
        connection.execute(insert(deliveries), rows)


def _card_row(
    alert: Alert, dedupe_key: str, at: datetime, *, budgeted: bool = True
) -> dict[str, Any]:
    """Return the columns of a card; what is urgent or is to be escalated is never held back."""
    severe = alert.severity is Severity.URGENT or bool(alert.limits.escalate)
    return delivery_row(
        DeliveryKind.CARD,
        dedupe_key,
        channel=alert.channel,
        severity=alert.severity,
        at=at,
        alert_id=alert.id,
        budgeted=budgeted and not severe,
    )


def _entry_rows(alert: Alert, event: AlertEvent, at: datetime) -> list[dict[str, Any]]:
    """The entry in the alert's thread, and the call in the channel that the event names."""
    targets = [(DeliveryKind.ENTRY, f"event:{event.id}", alert.channel)]
    called = event.details.get("channel", "")
    if called and called != alert.channel:
        targets.append((DeliveryKind.CALL, f"event:{event.id}:call", called))
    return [
        delivery_row(
            kind,
            dedupe_key,
            channel=channel,
            severity=alert.severity,
            at=at,
            alert_id=alert.id,
            event_id=event.id,
        )
        for kind, dedupe_key, channel in targets
    ]


def _lift_budget(connection: Connection, alert_id: int) -> None:
    """Let a card that still waits for its channel's budget go out at once."""
    waiting = (
        deliveries.c.alert_id == alert_id,
        deliveries.c.kind == str(DeliveryKind.CARD),
        deliveries.c.state == str(DeliveryState.PENDING),
    )
    connection.execute(update(deliveries).where(*waiting).values(budgeted=False))


def _has_card(connection: Connection, alert_id: int) -> bool:
    """Whether a card of the alert is shown or will be."""
    card = (deliveries.c.alert_id == alert_id, deliveries.c.kind == str(DeliveryKind.CARD))
    statement = (
        select(deliveries.c.id)
        .where(*card, deliveries.c.state.not_in(_STATES_WITHOUT_CARD))
        .limit(1)
    )
    return connection.execute(statement).scalar() is not None


def _alerts_needing_no_update(connection: Connection, alert_ids: Sequence[int]) -> set[int]:
    """Alerts with an update that is still waiting, or of which no card is shown or will be.

    The rows are locked: an update that a sender is claiming at this moment may show the alert as it
    was before.
    """
    card = deliveries.c.kind == str(DeliveryKind.CARD)
    ended = deliveries.c.state.in_(_STATES_WITHOUT_CARD)
    waiting = (deliveries.c.kind == str(DeliveryKind.UPDATE)) & (
        deliveries.c.state == str(DeliveryState.PENDING)
    )
    statement = (
        select(deliveries.c.alert_id, card.label("card"), ended.label("ended"))
        .where(deliveries.c.alert_id.in_(alert_ids), waiting | card)
        .order_by(deliveries.c.id)
        .with_for_update()
    )
    rows = connection.execute(statement).all()
    standing = {row.alert_id for row in rows if row.card and not row.ended}
    return {
        row.alert_id for row in rows if not row.card or (row.ended and row.alert_id not in standing)
    }
