"""What a delivery shows, read from the store as it is at that moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.domain.alert import Alert, Severity
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.delivery import (
    Card,
    Delivery,
    DeliveryKind,
    DeliveryState,
    OverflowSummary,
    ThreadEntry,
)
from monitor.domain.mention import join_mentions
from monitor.domain.notice import Notice
from monitor.domain.sla import compute_limit_statuses, seconds_by_limit
from monitor.errors import DeliveryRejected
from monitor.notifiers.base import PostedMessage
from monitor.store import Transaction

#: Cards named in a summary.
_CARDS_IN_SUMMARY = 5


def load_card(
    tx: Transaction, delivery: Delivery, calendar: BusinessCalendar, now: datetime
) -> Card:
    """Return the card of a delivery's alert in its channel, with how its limits stand now.

    Raises DeliveryRejected where the alert is no longer in the database.
    """
    card = tx.alerts.card(delivery.alert_id)
    if card is None:
        raise DeliveryRejected(f"alert {delivery.alert_id} is not in the database any more")
    posting = delivery if delivery.kind is DeliveryKind.CARD else _card_delivery(tx, delivery)
    card = _place_card(card, posting or delivery)
    has_limits = bool(seconds_by_limit(card.alert.limits))
    events = tx.alerts.events(card.alert.id) if has_limits else ()
    waits = compute_limit_statuses(card.alert, events, calendar)
    return replace(card, repeat=delivery.repeat, limit_statuses=waits, as_of=now)


def _card_delivery(tx: Transaction, delivery: Delivery) -> Delivery | None:
    return tx.deliveries.get(delivery.card_id) if delivery.card_id else None


def _place_card(card: Card, posting: Delivery) -> Card:
    """Return the card as it is shown by this delivery: elsewhere it addresses others."""
    alert = card.alert
    if not posting.home:
        alert = replace(alert, channel=posting.channel, mention=posting.mention)
    elif posting.mention:
        alert = replace(alert, mention=join_mentions(alert.mention, posting.mention))
    card = replace(card, alert=alert)
    return replace(card, meant_for=posting.meant_for, replaces_deleted=bool(posting.replaces))


def load_entry(tx: Transaction, delivery: Delivery) -> ThreadEntry:
    """Return the event that an entry or an escalation tells of, with its alert.

    Raises DeliveryRejected where one of them is no longer in the database.
    """
    alert = tx.alerts.get(delivery.alert_id)
    event = tx.alerts.event(delivery.event_id)
    if alert is None or event is None:
        raise DeliveryRejected(
            f"what happened to alert {delivery.alert_id} is not in the database any more"
        )
    return ThreadEntry(alert=alert, event=event, repeat=delivery.repeat, home=delivery.home)


def load_summary(tx: Transaction, delivery: Delivery, now: datetime) -> OverflowSummary:
    """Return the counts of a summary's alerts by rule and severity, and the most urgent few."""
    counts = tx.deliveries.count_merged_alerts(delivery.id)
    rules: Counter[str] = Counter()
    severities: Counter[Severity] = Counter()
    for group in counts:
        rules[group.rule_name] += group.count
        severities[group.severity] += group.count
    first = tx.alerts.cards(tx.deliveries.find_merged_alerts(delivery.id, _CARDS_IN_SUMMARY))
    return OverflowSummary(
        channel=delivery.channel,
        since=min((group.oldest for group in counts), default=now),
        total=sum(group.count for group in counts),
        by_rule=tuple(rules.most_common()),
        by_severity=tuple(sorted(severities.items(), key=lambda item: item[0].rank)),
        first=tuple(first.values()),
        repeat=delivery.repeat,
    )


def load_notice(tx: Transaction, delivery: Delivery) -> tuple[Notice, Sequence[Alert]]:
    """Return a notice, and those of its alerts that are still in the database.

    Raises DeliveryRejected where the notice is not.
    """
    notice = tx.notices.get(delivery.id)
    if notice is None:
        raise DeliveryRejected("what it was to tell is not in the database any more")
    alerts = map(tx.alerts.get, notice.alert_ids)
    return notice, [alert for alert in alerts if alert]


def find_posted_card(tx: Transaction, delivery: Delivery) -> PostedMessage | None:
    """Return where the card is shown that a delivery is about; None where it is not."""
    card = _card_delivery(tx, delivery)
    if card is None or card.state is not DeliveryState.SENT:
        return None
    return PostedMessage(card.message_id, card.posted_to)
