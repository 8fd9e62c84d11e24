"""Carrying out a change of an alert: the alert, its event and what is to be shown of it, in one
transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, update

from monitor.domain.action import AlertChange
from monitor.domain.actor import SYSTEM, Actor
from monitor.domain.alert import TRANSITIONS, Alert, AlertStatus
from monitor.domain.event import DUTY_DETAIL, EventKind
from monitor.errors import AlertError
from monitor.store.column_types import to_json
from monitor.store.mapping import snooze_to_json, to_event, to_utc
from monitor.store.outbox import is_prompt, queue_thread_entry, queue_updates
from monitor.store.schema import alert_events, alerts
from monitor.store.statements import split_batches


def apply_change(
    connection: Connection,
    alert: Alert,
    change: AlertChange,
    *,
    at: datetime,
    actor: Actor,
    via: str = "",
    feedback_id: int | None = None,
) -> None:
    """Change an alert as it was read in this transaction, note who did it, and have it shown.

    `feedback_id` is whose words the note quotes: it goes when they go.
    Raises AlertError for a move that its status does not allow, and where somebody else was first.
    """
    if change.to is not None and change.to not in TRANSITIONS[alert.status]:
        allowed = ", ".join(sorted(TRANSITIONS[alert.status]))
        raise AlertError(
            f"alert {alert.id} is {alert.status} and cannot become {change.to}; it can become: "
            f"{allowed}"
        )
    unchanged = (alerts.c.id == alert.id, alerts.c.version == alert.version)
    if (
        connection.execute(
            update(alerts).where(*unchanged).values(_changed_columns(alert, change, at))
        ).rowcount
        != 1
    ):
        raise AlertError(
            f"alert {alert.id} was changed by somebody else at the same time; look at it again"
        )
    event = event_row(
        alert.id,
        at,
        change.kind,
        actor,
        feedback_id=feedback_id,
        before=None if change.to is None else alert.status,
        after=change.to,
        note=change.note,
        via=via,
        details=to_json(change.details),
    )
    row = connection.execute(insert(alert_events).values(event).returning(*alert_events.c)).one()
    told = to_event(row)
    queue_updates(connection, [alert.id], at, prompt=is_prompt(told))
    queue_thread_entry(connection, alert, told, at)


def assign_opened(
    connection: Connection, opened: Sequence[Alert], person: Actor, at: datetime, via: str
) -> None:
    """Give alerts that this transaction has opened to whoever has duty; they stay open.

    Nobody has seen them, so that their version and turn stay what they are.
    """
    if not opened:
        return
    details = to_json({"assignee": str(person), DUTY_DETAIL: "yes"})
    ids = [alert.id for alert in opened]
    for chunk in split_batches(ids):
        statement = update(alerts).where(alerts.c.id.in_(chunk))
        connection.execute(statement.values(assignee=str(person)))
    rows = [
        event_row(alert_id, at, EventKind.ASSIGNED, SYSTEM, via=via, details=details)
        for alert_id in ids
    ]
    connection.execute(insert(alert_events), rows)


def event_row(
    alert_id: int,
    at: datetime,
    kind: EventKind,
    actor: Actor,
    *,
    feedback_id: int | None = None,
    before: AlertStatus | None = None,
    after: AlertStatus | None = None,
    note: str = "",
    via: str = "",
    details: str = "{}",
) -> dict[str, Any]:
    """The columns of an event."""
    return {
        "alert_id": alert_id,
        "feedback_id": feedback_id,
        "at": to_utc(at),
        "kind": str(kind),
        "actor": str(actor),
        "before": None if before is None else str(before),
        "after": None if after is None else str(after),
        "note": note,
        "via": via,
        "details": details,
    }


def _changed_columns(alert: Alert, change: AlertChange, at: datetime) -> dict[str, Any]:
    """What changes in the alert's row. Its clock is looked at anew, unless it is closed by now."""
    status = change.to or alert.status
    values: dict[str, Any] = {
        "version": alert.version + 1,
        "next_at": None if status.is_closed else to_utc(at),
    }
    if change.to is not None:
        values |= {"status": str(change.to), "snooze": None}
    if change.snooze is not None:
        values["snooze"] = snooze_to_json(change.snooze)
    if change.assignee is not None:
        values["assignee"] = str(change.assignee)
    elif change.unassign:
        values["assignee"] = ""
    if len(values) > 2:
        values |= {"turn": alert.turn + 1, "updated_at": to_utc(at)}
    if change.ticket is not None:
        values["ticket"] = change.ticket
    return values
