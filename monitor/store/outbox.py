"""Queueing deliveries: rows of the outbox, written in the transaction of the change they show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, update

from monitor.domain.alert import Alert, CardPlace, Severity
from monitor.domain.delivery import VIA_THREAD, DeliveryKind, DeliveryState
from monitor.domain.event import (
    EVENTS_BEYOND_BUDGET,
    EVENTS_THAT_NEED_CARD,
    AlertEvent,
    EventKind,
)
from monitor.store.mapping import to_utc
from monitor.store.schema import alerts, deliveries

#: What is told below a card that it has brought about; a reopening is told by the card itself.
_TOLD_BELOW_NEW_CARD = EVENTS_THAT_NEED_CARD - {EventKind.REOPENED}
_IS_WAITING_UPDATE = and_(
    deliveries.c.kind == str(DeliveryKind.UPDATE),
    deliveries.c.state == str(DeliveryState.PENDING),
)
_VIA_SLACK = "slack"
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
    **more: Any,
) -> dict[str, Any]:
    """Return the columns of a new delivery, due at once; `more` are columns with other values.

    `dedupe_key` keeps it from being queued twice.
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
        "budgeted": True,
        "card_id": "",
        "home": True,
        "mention": "",
        "fallback": True,
        "meant_for": "",
        "replaces": "",
        "prompt": False,
        **more,
    }


@dataclass(frozen=True, slots=True)
class AlertCards:
    """An alert, and the cards that are to show it."""

    alert: Alert
    places: tuple[CardPlace, ...] = ()  #: where else it is shown
    wait: float = 0  #: seconds until they are due


def queue_cards(connection: Connection, opened: Sequence[AlertCards], at: datetime) -> None:
    """Queue the cards of new alerts."""
    rows = []
    for cards in opened:
        alert, due = cards.alert, at + timedelta(seconds=cards.wait)
        own = _card_row(alert, f"alert:{alert.id}:card", at)
        others = _place_rows(alert, cards.places, {alert.channel}, at)
        rows += [{**row, "not_before": to_utc(due)} for row in (own, *others)]
    if rows:
        connection.execute(insert(deliveries), rows)


def queue_more_cards(
    connection: Connection, alert: Alert, places: Iterable[CardPlace], at: datetime
) -> None:
    """Queue cards of an alert in the channels that have none which is shown or will be."""
    cards = _live_cards(connection, alert.id)
    covered = {channel for card in cards for channel in (card.channel, card.meant_for)}
    rows = _place_rows(alert, places, covered or {alert.channel}, at)
    if rows:
        connection.execute(insert(deliveries), rows)


def find_shown_channel(connection: Connection, alert: Alert, channel: str) -> str:
    """Return the channel if a card of the alert is shown there already, else nothing."""
    cards = _live_cards(connection, alert.id)
    shown = any(card.is_posted and channel in (card.channel, card.meant_for) for card in cards)
    return channel if shown else ""


def queue_updates(
    connection: Connection, alert_ids: Sequence[int], at: datetime, *, prompt: bool = False
) -> None:
    """Queue an update of each card of the changed alerts, unless one waits.

    `prompt`: a person has changed them and looks at the card.
    """
    if prompt:
        waiting = (deliveries.c.alert_id.in_(alert_ids), _IS_WAITING_UPDATE)
        connection.execute(update(deliveries).where(*waiting).values(prompt=True))
    columns = (alerts.c.id, alerts.c.version, alerts.c.severity)
    known = select(*columns).where(alerts.c.id.in_(alert_ids))
    changed = {row.id: row for row in connection.execute(known)}
    rows = [
        delivery_row(
            DeliveryKind.UPDATE,
            f"card:{card.id}:update:{changed[card.alert_id].version}",
            channel=card.channel,
            severity=Severity(changed[card.alert_id].severity),
            at=at,
            alert_id=card.alert_id,
            card_id=card.id,
            prompt=prompt,
        )
        for card in _cards_to_update(connection, alert_ids)
    ]
    if rows:
        connection.execute(insert(deliveries), rows)


def queue_thread_entry(
    connection: Connection, alert: Alert, event: AlertEvent, at: datetime
) -> None:
    """Queue the thread entries of an event, and a call where the event names another channel.

    What the card itself shows, and what people wrote in the thread, gets no entry. An alert without
    a card in its own channel, since it was summarised, has no thread there: it gets a card first
    where people are called, a limit was missed, or the whole channel is to see the event. Where
    people are called no budget holds the card back.
    """
    if event.is_told_elsewhere or event.via == VIA_THREAD:
        return
    rows = []
    budgeted = event.kind not in EVENTS_BEYOND_BUDGET
    cards = _live_cards(connection, alert.id)
    has_home = any(card.home for card in cards)
    if has_home and not budgeted:
        _lift_budget(connection, alert.id)
    told = list(cards)
    if not has_home and event.kind in EVENTS_THAT_NEED_CARD:
        home = _card_row(alert, f"alert:{alert.id}:card:{event.id}", at, budgeted=budgeted)
        rows.append(home)
        if event.kind in _TOLD_BELOW_NEW_CARD:
            told.append(_LiveCard(home["id"], alert.channel, home=True))
    rows += [_entry_row(alert, event, card, at) for card in told]
    if is_prompt(event):
        _hurry_lines(connection, [card.id for card in told])
    called = event.details.get("channel", "")
    if told and called and called != alert.channel:
        rows.append(_call_row(alert, event, called, told, at))
    if rows:
        connection.execute(insert(deliveries), rows)


def is_prompt(event: AlertEvent) -> bool:
    """Return whether a person did it in Slack and looks at the card."""
    return event.actor.is_person and event.via.startswith(_VIA_SLACK)


def _hurry_lines(connection: Connection, card_ids: Sequence[str]) -> None:
    """Let the lines go out that wait below these cards, since a person's line comes after them."""
    waiting = (
        deliveries.c.card_id.in_(card_ids),
        deliveries.c.kind == str(DeliveryKind.ENTRY),
        deliveries.c.state == str(DeliveryState.PENDING),
    )
    connection.execute(update(deliveries).where(*waiting).values(prompt=True))


def _card_row(
    alert: Alert, dedupe_key: str, at: datetime, *, budgeted: bool = True, **more: Any
) -> dict[str, Any]:
    """Return the columns of a card; what is urgent or is to be escalated is never held back."""
    severe = alert.severity is Severity.URGENT or bool(alert.limits.escalate)
    columns = {
        "channel": alert.channel,
        "fallback": alert.fallback,
        "budgeted": budgeted and not severe,
        **more,
    }
    return delivery_row(
        DeliveryKind.CARD, dedupe_key, severity=alert.severity, at=at, alert_id=alert.id, **columns
    )


def _place_rows(
    alert: Alert, places: Iterable[CardPlace], covered: Collection[str], at: datetime
) -> list[dict[str, Any]]:
    """Return the columns of the cards in channels that are not covered, one for each."""
    by_channel: dict[str, CardPlace] = {}
    for place in places:
        if place.channel not in covered:
            by_channel.setdefault(place.channel, place)
    return [
        _card_row(
            alert,
            f"alert:{alert.id}:card:{uuid4().hex}",
            at,
            channel=place.channel,
            mention=place.mention,
            fallback=alert.fallback and place.fallback,
            home=False,
        )
        for place in by_channel.values()
    ]


def _entry_row(alert: Alert, event: AlertEvent, card: _LiveCard, at: datetime) -> dict[str, Any]:
    """Return the columns of the line about an event below a card."""
    return delivery_row(
        DeliveryKind.ENTRY,
        f"event:{event.id}" if card.home else f"event:{event.id}:below:{card.id}",
        channel=card.channel,
        severity=alert.severity,
        at=at,
        alert_id=alert.id,
        event_id=event.id,
        card_id=card.id,
        home=_calls_below(event, card),
        prompt=is_prompt(event),
    )


def _calls_below(event: AlertEvent, card: _LiveCard) -> bool:
    """Return whether the line calls people: below the first card, or where the event says."""
    called_in = event.details.get("in", "")
    if called_in:
        return called_in in (card.channel, card.meant_for)
    return card.home


def _call_row(
    alert: Alert, event: AlertEvent, channel: str, cards: Sequence[_LiveCard], at: datetime
) -> dict[str, Any]:
    """Return the columns of the call in the channel that the event names."""
    home = next((card for card in cards if card.home), cards[0])
    return delivery_row(
        DeliveryKind.CALL,
        f"event:{event.id}:call",
        channel=channel,
        severity=alert.severity,
        at=at,
        alert_id=alert.id,
        event_id=event.id,
        card_id=home.id,
        fallback=alert.fallback,
    )


def _lift_budget(connection: Connection, alert_id: int) -> None:
    """Let cards that still wait for their channel's budget go out at once."""
    waiting = (
        deliveries.c.alert_id == alert_id,
        deliveries.c.kind == str(DeliveryKind.CARD),
        deliveries.c.state == str(DeliveryState.PENDING),
    )
    connection.execute(update(deliveries).where(*waiting).values(budgeted=False))


@dataclass(frozen=True, slots=True)
class _LiveCard:
    """A card that is shown or will be."""

    id: str
    channel: str
    home: bool
    meant_for: str = ""
    state: str = str(DeliveryState.PENDING)

    @property
    def is_posted(self) -> bool:
        """Whether people can see it, or may."""
        return self.state != str(DeliveryState.PENDING)


def _live_cards(connection: Connection, alert_id: int) -> list[_LiveCard]:
    """Return the cards of an alert that are shown or will be, its own channel's first."""
    live = (*_is_live_card(), deliveries.c.alert_id == alert_id)
    columns = [deliveries.c[name] for name in ("id", "channel", "home", "meant_for", "state")]
    order = (deliveries.c.home.desc(), deliveries.c.created_at, deliveries.c.id)
    statement = select(*columns).where(*live).order_by(*order)
    return [_LiveCard(*row) for row in connection.execute(statement)]


def _cards_to_update(connection: Connection, alert_ids: Sequence[int]) -> list[Row[Any]]:
    """Return the live cards of these alerts for which no update waits.

    The rows are locked: an update that a sender is claiming at this moment may show the alert as it
    was before.
    """
    wanted = or_(_IS_WAITING_UPDATE, and_(*_is_live_card()))
    statement = (
        select(deliveries)
        .where(deliveries.c.alert_id.in_(alert_ids), wanted)
        .order_by(deliveries.c.id)
        .with_for_update()
    )
    rows = connection.execute(statement).all()
    awaited = {row.card_id for row in rows if row.kind == str(DeliveryKind.UPDATE)}
    return [row for row in rows if row.kind == str(DeliveryKind.CARD) and row.id not in awaited]


def _is_live_card() -> tuple[ColumnElement[bool], ...]:
    return (
        deliveries.c.kind == str(DeliveryKind.CARD),
        deliveries.c.state.not_in(_STATES_WITHOUT_CARD),
    )
