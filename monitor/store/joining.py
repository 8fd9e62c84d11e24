"""Making one alert of two, and two of one again: what a person says belongs together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select, update

from monitor.domain.actor import Actor
from monitor.domain.alert import Alert, AlertStatus, MatchOutcome, Severity
from monitor.domain.event import EventKind
from monitor.store.alert_cards import IS_MEMBER
from monitor.store.column_types import to_json
from monitor.store.mapping import limits_to_json, to_alert, to_utc
from monitor.store.outbox import queue_updates
from monitor.store.raising import tell_event
from monitor.store.schema import alerts, matches
from monitor.store.transitions import event_row


def join_alerts(
    connection: Connection, alert: Alert, target: Alert, *, at: datetime, actor: Actor, via: str
) -> None:
    """Move all that an alert holds into another one, and close it; each says so."""
    outcome = case(
        (matches.c.outcome == str(MatchOutcome.OPENED), str(MatchOutcome.GROUPED)),
        else_=matches.c.outcome,
    )
    origin = case((matches.c.joined_from == 0, alert.id), else_=matches.c.joined_from)
    moved = {"alert_id": target.id, "outcome": outcome, "joined_from": origin}
    connection.execute(update(matches).where(matches.c.alert_id == alert.id).values(moved))
    closed = {"status": str(AlertStatus.RESOLVED), "joined_into": target.id, "next_at": None}
    _change_alert(connection, alert, closed | {"snooze": None}, at)
    waited = max(0.0, (alert.opened_at - target.opened_at).total_seconds())
    limits = target.limits.merge(alert.limits.delay(waited))
    kept = {
        "members": _count_members(target.id),
        "limits": limits_to_json(limits),
        "fallback": target.fallback and alert.fallback,
    }
    _change_alert(connection, target, kept | {"next_at": to_utc(at)}, at)
    _tell_both(
        connection,
        EventKind.JOINED,
        (alert, "into"),
        (target, "from"),
        at,
        actor,
        via,
        AlertStatus.RESOLVED,
    )


def part_alerts(
    connection: Connection, alert: Alert, target: Alert, *, at: datetime, actor: Actor, via: str
) -> None:
    """Give an alert back what it held before it was joined, and open it again.

    `target` is the alert that holds it now, see `find_holder`. What held later for the same
    feedback goes with it: a feedback is in one alert.
    """
    own = matches.c.joined_from == alert.id
    first = connection.execute(select(func.min(matches.c.id)).where(own, IS_MEMBER)).scalar()
    held = matches.c.joined_from.in_([alert.id, *_find_joined(connection, alert.id)])
    severity = _take_later_matches(connection, alert, target, held)
    connection.execute(update(matches).where(held).values(alert_id=alert.id))
    outcome = case((matches.c.id == first, str(MatchOutcome.OPENED)), else_=matches.c.outcome)
    back = {"joined_from": 0, "outcome": outcome}
    connection.execute(update(matches).where(own).values(back))
    opened = {
        "status": str(AlertStatus.OPEN),
        "joined_into": 0,
        "severity": str(severity),
        "next_at": to_utc(at),
        "members": _count_members(alert.id),
    }
    _change_alert(connection, alert, opened, at)
    _change_alert(connection, target, {"members": _count_members(target.id)}, at)
    _tell_both(
        connection,
        EventKind.PARTED,
        (alert, "from"),
        (target, "out"),
        at,
        actor,
        via,
        AlertStatus.OPEN,
    )


def _take_later_matches(
    connection: Connection, alert: Alert, target: Alert, held: ColumnElement[bool]
) -> Severity:
    """Move what held for the same feedback after the alert was joined; return the alert's severity.

    It is that of the most severe of them where that is more than the alert's own.
    """
    ids = list(connection.execute(select(matches.c.feedback_id).where(held)).scalars())
    later = and_(
        matches.c.feedback_id.in_(ids), matches.c.alert_id == target.id, matches.c.joined_from == 0
    )
    found = connection.execute(select(matches.c.severity).where(later)).scalars()
    severities = [alert.severity, *(Severity(name) for name in found)]
    connection.execute(update(matches).where(later).values(alert_id=alert.id))
    return min(severities, key=lambda severity: severity.rank)


def find_holder(connection: Connection, alert: Alert) -> int:
    """Return the id of the alert that now holds what a joined alert held.

    It is another one than that which it was joined into where that was joined further.
    """
    holder = select(matches.c.alert_id).where(matches.c.joined_from == alert.id).limit(1)
    found: int | None = connection.execute(holder).scalar()
    return found or alert.joined_into


def follow_joined(connection: Connection, found: Alert) -> Alert:
    """Return the alert that an alert was joined into, or itself: what belongs to one joins that."""
    followed = found
    while followed.joined_into:
        row = connection.execute(select(alerts).where(alerts.c.id == followed.joined_into)).one()
        followed = to_alert(row)
    return followed


def _find_joined(connection: Connection, alert_id: int) -> list[int]:
    """Return the alerts that were joined into an alert, and into those, and so on."""
    found: list[int] = []
    level = [alert_id]
    while level:
        into = select(alerts.c.id).where(alerts.c.joined_into.in_(level))
        level = list(connection.execute(into).scalars())
        found += level
    return found


def _count_members(alert_id: int) -> Any:
    return (
        select(func.count(matches.c.feedback_id.distinct()))
        .select_from(matches)
        .where(matches.c.alert_id == alert_id, IS_MEMBER)
        .scalar_subquery()
    )


def _change_alert(
    connection: Connection, alert: Alert, values: dict[str, Any], at: datetime
) -> None:
    changed = {"version": alert.version + 1, "turn": alert.turn + 1, "updated_at": to_utc(at)}
    connection.execute(update(alerts).where(alerts.c.id == alert.id).values(changed | values))


def _tell_both(
    connection: Connection,
    kind: EventKind,
    moved: tuple[Alert, str],
    other: tuple[Alert, str],
    at: datetime,
    actor: Actor,
    via: str,
    after: AlertStatus,
) -> None:
    """Write what happened into both alerts; `after` is the state of the one that was moved."""
    for (alert, word), (counterpart, _) in ((moved, other), (other, moved)):
        is_moved = alert is moved[0]
        event = event_row(
            alert.id,
            at,
            kind,
            actor,
            before=alert.status if is_moved else None,
            after=after if is_moved else None,
            via=via,
            details=to_json({word: str(counterpart.id)}),
        )
        tell_event(connection, alert, event, at)
    queue_updates(connection, [moved[0].id, other[0].id], at, prompt=actor.is_person)
