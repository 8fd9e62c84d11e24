"""What a batch of decisions changes about alerts besides opening and joining them.

One that is raised gets a more severe rule to lead it; one whose words belong to another alert as
well is named there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, union_all, update

from monitor.domain.actor import Actor
from monitor.domain.alert import (
    Alert,
    AlertReference,
    AlertStatus,
    CardPlace,
    Decision,
    Severity,
    SlaLimits,
)
from monitor.domain.delivery import DeliveryKind, DeliveryState
from monitor.domain.event import SLA_START_EVENTS, EventKind
from monitor.domain.mention import join_mentions
from monitor.store.column_types import to_json, to_key_text
from monitor.store.mapping import limits_to_json, to_alert, to_event, to_utc
from monitor.store.outbox import find_shown_channel, queue_more_cards, queue_thread_entry
from monitor.store.schema import alert_events, alerts, deliveries, matches
from monitor.store.statements import split_batches
from monitor.store.transitions import event_row

_CLOSED = [str(status) for status in AlertStatus if status.is_closed]
#: How often an alert is told of another one about the same words.
_RELATED_EVERY = timedelta(hours=1)
#: A decision with the alert that it opened, and one with the id of the alert that it is part of.
Opened = tuple[Decision, Alert]
Attached = tuple[Decision, int]


def load_alerts(connection: Connection, alert_ids: Collection[int]) -> list[Alert]:
    """Return these alerts as they are now, in the order of their ids."""
    found: list[Alert] = []
    for chunk in split_batches(sorted(alert_ids)):
        statement = select(alerts).where(alerts.c.id.in_(chunk)).order_by(alerts.c.id)
        found += [to_alert(row) for row in connection.execute(statement)]
    return found


def name_channels(decision: Decision, default_channel: str) -> tuple[CardPlace, ...]:
    """Return the places of a decision with the name of the default channel where they have none."""
    return tuple(
        replace(place, channel=place.channel or default_channel) for place in decision.places
    )


def raise_alerts(
    connection: Connection, attached: Iterable[Attached], at: datetime, default_channel: str
) -> tuple[int, ...]:
    """Let the decisions that raise their alerts lead them, and call people as to new ones.

    Its own channel stays: the card is there. Returns the ids of the alerts.
    """
    raising: dict[int, Decision] = {}
    for decision, alert_id in attached:
        if decision.raises:
            before = raising.get(alert_id)
            limits = decision.limits.merge(before.limits) if before else decision.limits
            raising[alert_id] = replace(decision, limits=limits)
    less_severe = [
        alert
        for alert in load_alerts(connection, raising)
        if raising[alert.id].match.severity.rank < alert.severity.rank
    ]
    for alert in less_severe:
        _raise_alert(connection, alert, raising[alert.id], at, default_channel)
    return tuple(alert.id for alert in less_severe)


def _raise_alert(
    connection: Connection, before: Alert, decision: Decision, at: datetime, default_channel: str
) -> None:
    match = decision.match
    status = _status_when_raised(before)
    place = CardPlace(match.channel or default_channel, match.mention, match.fallback)
    raised = (
        update(alerts)
        .where(alerts.c.id == before.id)
        .values(_raised_columns(before, decision, status, place, at))
        .returning(*alerts.c)
    )
    alert = to_alert(connection.execute(raised).one())
    _raise_waiting_cards(connection, alert)
    _add_mentions(connection, before, place)
    called_in = find_shown_channel(connection, alert, place.channel)
    queue_more_cards(connection, alert, [place], at)
    event = event_row(
        alert.id,
        at,
        EventKind.RAISED,
        Actor.rule(match.rule_id),
        feedback_id=match.feedback.id,
        before=before.status,
        after=status,
        note=match.reason,
        details=to_json(
            {
                "severity": str(match.severity),
                "rule": match.rule_name,
                # A card that is still to be posted calls them itself.
                **({"mention": match.mention, "in": called_in} if called_in else {}),
            }
        ),
    )
    tell_event(connection, alert, event, at)


def _status_when_raised(alert: Alert) -> AlertStatus:
    """Return the status of an alert from then on: what was put away comes back."""
    if alert.status is not AlertStatus.SNOOZED:
        return alert.status
    return AlertStatus.ACKNOWLEDGED if alert.assignee else AlertStatus.OPEN


def _raised_columns(
    before: Alert, decision: Decision, status: AlertStatus, place: CardPlace, at: datetime
) -> dict[str, Any]:
    """Return what changes: the rule that leads, what it asks for, and the limits of all.

    The card in the alert's own channel goes on addressing its people where the rule has another.
    """
    match = decision.match
    is_elsewhere = place.channel != before.channel
    return {
        "rule_id": match.rule_id,
        "rule_name": match.rule_name,
        "rule_version": match.rule_version,
        "rule_number": match.rule_number,
        "severity": str(match.severity),
        "status": str(status),
        "snooze": None,
        "explained_by": match.feedback.id,
        "fallback": before.fallback and match.fallback,
        "mention": before.mention if is_elsewhere else match.mention or before.mention,
        "advice": match.advice,
        "reason": match.reason,
        "words": to_json(match.matched_words),
        "limits": limits_to_json(before.limits.merge(decision.limits).merge(match.limits)),
        "turn": before.turn + 1,
        "version": before.version + 1,
        "updated_at": to_utc(at),
        "next_at": to_utc(at),
    }


def _raise_waiting_cards(connection: Connection, alert: Alert) -> None:
    """Let cards that wait go out as those of the more severe alert."""
    waiting = (
        deliveries.c.alert_id == alert.id,
        deliveries.c.kind == str(DeliveryKind.CARD),
        deliveries.c.state == str(DeliveryState.PENDING),
    )
    values: dict[str, Any] = {"severity": str(alert.severity)}
    if alert.severity is Severity.URGENT or alert.limits.escalate:
        values["budgeted"] = False
    if not alert.fallback:
        values["fallback"] = False
    connection.execute(update(deliveries).where(*waiting).values(values))


def _add_mentions(connection: Connection, before: Alert, place: CardPlace) -> None:
    """Let cards that wait in the channel of the raising rule address its people, too.

    Those whom they were to address are addressed as well: nobody has seen the cards yet.
    """
    waiting = (
        deliveries.c.alert_id == before.id,
        deliveries.c.kind == str(DeliveryKind.CARD),
        deliveries.c.state == str(DeliveryState.PENDING),
        or_(deliveries.c.channel == place.channel, deliveries.c.meant_for == place.channel),
    )
    columns = (deliveries.c.id, deliveries.c.home, deliveries.c.mention)
    for card in connection.execute(select(*columns).where(*waiting)).all():
        known = join_mentions(before.mention if card.home else "", card.mention)
        values = {"mention": join_mentions(place.mention, known)}
        connection.execute(update(deliveries).where(deliveries.c.id == card.id).values(values))


def add_limits(connection: Connection, attached: Sequence[Attached], at: datetime) -> None:
    """Let the limits of rules that were not on an alert before count from now on.

    Called after the matches were linked. An alert that is raised has those of all its rules
    already.
    """
    raised = {alert_id for decision, alert_id in attached if decision.raises}
    asking = [
        (decision, alert_id)
        for decision, alert_id in attached
        if alert_id not in raised and not decision.match.limits.is_empty
    ]
    by_alert: dict[int, SlaLimits] = {}
    for decision, alert_id in asking:
        if _is_first_of_rule(connection, decision, alert_id):
            known = by_alert.get(alert_id, SlaLimits())
            by_alert[alert_id] = known.merge(decision.match.limits)
    for alert in load_alerts(connection, by_alert):
        waited = (at - _limits_since(connection, alert)).total_seconds()
        limits = alert.limits.merge(by_alert[alert.id].delay(max(0.0, waited)))
        values = {"limits": limits_to_json(limits), "next_at": to_utc(at)}
        open_now = (alerts.c.id == alert.id, alerts.c.status.not_in(_CLOSED))
        connection.execute(update(alerts).where(*open_now).values(values))


def _is_first_of_rule(connection: Connection, decision: Decision, alert_id: int) -> bool:
    """Return whether the alert has no other match of the rule, and is not led by it."""
    rule_id, feedback_id = to_key_text(decision.match.rule_id), decision.match.feedback.id
    others = (
        matches.c.alert_id == alert_id,
        matches.c.rule_id == rule_id,
        matches.c.feedback_id != feedback_id,
    )
    led = (alerts.c.id == alert_id, alerts.c.rule_id == rule_id)
    known = union_all(select(matches.c.id).where(*others), select(alerts.c.id).where(*led))
    return connection.execute(known.limit(1)).scalar() is None


def _limits_since(connection: Connection, alert: Alert) -> datetime:
    starts = (
        alert_events.c.alert_id == alert.id,
        alert_events.c.kind.in_([str(kind) for kind in SLA_START_EVENTS]),
    )
    newest = func.max(alert_events.c.at, type_=alert_events.c.at.type)
    found: datetime | None = connection.execute(select(newest).where(*starts)).scalar()
    return found or alert.opened_at


def relate_alerts(connection: Connection, opened: Sequence[Opened], at: datetime) -> None:
    """Let a new alert and the less severe one that is about the same name each other."""
    related = [pair for pair in opened if pair[0].related]
    if not related:
        return
    by_opener = {decision.match.feedback.id: alert.id for decision, alert in opened}
    for decision, alert in related:
        other_id = _resolve_reference(decision.related, by_opener)
        for other in load_alerts(connection, [other_id] if other_id else []):
            if not _was_just_related(connection, other, at):
                _name_other_alert(connection, other, alert, decision, at)
            _name_other_alert(connection, alert, other, decision, at)


def _was_just_related(connection: Connection, alert: Alert, at: datetime) -> bool:
    """Return whether another alert was named on it within the hour: its thread is no list."""
    related = (
        alert_events.c.alert_id == alert.id,
        alert_events.c.kind == str(EventKind.RELATED),
        alert_events.c.at > to_utc(at - _RELATED_EVERY),
    )
    found = connection.execute(select(alert_events.c.id).where(*related).limit(1)).scalar()
    return found is not None


def _resolve_reference(reference: AlertReference | None, by_opener: dict[int, int]) -> int:
    """Return the id of the alert; 0 where there is none."""
    if reference is None:
        return 0
    return reference.alert_id or by_opener.get(reference.opener, 0)


def _name_other_alert(
    connection: Connection, alert: Alert, other: Alert, decision: Decision, at: datetime
) -> None:
    details = {
        "alert": str(other.id),
        "severity": str(other.severity),
        "rule": other.rule_name,
    }
    event = event_row(
        alert.id,
        at,
        EventKind.RELATED,
        Actor.rule(decision.match.rule_id),
        feedback_id=decision.match.feedback.id,
        details=to_json(details),
    )
    tell_event(connection, alert, event, at)


def tell_event(connection: Connection, alert: Alert, event: dict[str, Any], at: datetime) -> None:
    """Write an event, and tell it below the alert's cards."""
    row = connection.execute(insert(alert_events).values(event).returning(*alert_events.c)).one()
    queue_thread_entry(connection, alert, to_event(row), at)
