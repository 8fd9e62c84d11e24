"""Whether the sources still see: one that went blind raises its own alert once, and says when it sees again."""

from __future__ import annotations

from datetime import datetime

from monitor.alert import Alert, AlertStatus, Severity
from monitor.health import HISTORY, Health, judge
from monitor.store import Store, Transaction

RULE = "source-health"
_NAME = "A source is blind"


def health_of(tx: Transaction, source_id: str, now: datetime) -> Health:
    """How a source is, from all that is remembered of it."""
    since = now - HISTORY
    state = tx.sources.state(source_id)
    return judge(state, tx.sources.hours(source_id, since), tx.sources.gaps(source_id, since), now)


def watch(store: Store, source_id: str, channel: str, now: datetime) -> Alert | None:
    """Raise or end the alert of a source, where that is due; the alert that was raised or ended."""
    with store.read() as tx:
        if _due(health_of(tx, source_id, now), _latest(tx, source_id)) is None:
            return None
    with store.write() as tx:
        health, latest = health_of(tx, source_id, now), _latest(tx, source_id)
        match _due(health, latest):
            case "raise":
                return tx.alerts.raise_notice(
                    rule_id=RULE,
                    name=_NAME,
                    severity=Severity.HIGH,
                    group=source_id,
                    channel=channel,
                    reason=f"{source_id} {health.says}",
                    at=now,
                )
            case "end" if latest:
                note = f"{source_id} is read again"
                return tx.alerts.move(
                    latest.id, AlertStatus.RESOLVED, at=now, actor="system", kind="recovered", note=note
                )
        return None


def _latest(tx: Transaction, source_id: str) -> Alert | None:
    return tx.alerts.latest({(RULE, source_id)}).get((RULE, source_id))


def _due(health: Health, latest: Alert | None) -> str | None:
    """What is to be done: nothing while an alert about a blind source is open, or was closed by a person.

    One that a person has closed comes back only after the source was well in between: `recovered` closes it then.
    """
    open_alert = latest is not None and not latest.status.closed
    if health.ill and not open_alert and not (latest and _closed_by_person(latest, health)):
        return "raise"
    return "end" if open_alert and not health.ill else None


def _closed_by_person(latest: Alert, health: Health) -> bool:
    """Whether the alert is about the very illness that lasts: the source was never well since it was raised."""
    well = health.state.last_success_at
    return well is None or well < latest.opened_at
