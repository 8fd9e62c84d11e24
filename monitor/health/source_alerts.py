"""Whether the sources still see: one that went blind raises its own alert once, and says when it
sees again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.domain.action import AlertChange
from monitor.domain.actor import SYSTEM
from monitor.domain.alert import Alert, AlertStatus, Severity
from monitor.domain.event import EventKind
from monitor.domain.source_health import HISTORY_SPAN, SourceHealth, assess_health
from monitor.store import Store, Transaction

HEALTH_RULE_ID = "source-health"
#: How often a source that answers is judged: silence is a matter of hours.
CHECK_EVERY = timedelta(minutes=10)
_ALERT_NAME = "A source is blind"


def load_source_health(tx: Transaction, source_id: str, now: datetime) -> SourceHealth:
    """How a source is, from all that is remembered of it."""
    since = now - HISTORY_SPAN
    state = tx.sources.get_state(source_id)
    return assess_health(
        state, tx.sources.hours(source_id, since), tx.sources.gaps(source_id, since), now
    )


class HealthCheckSchedule:
    """When each source was last found well: judging one reads four weeks of its history."""

    def __init__(self) -> None:
        self._well: dict[str, datetime] = {}

    def is_due(self, source_id: str, now: datetime) -> bool:
        """Whether a source that has just answered is to be judged: it was ill, or may have been
        silent for too long.
        """
        well = self._well.get(source_id)
        return well is None or now - well >= CHECK_EVERY

    def record_check(self, source_id: str, now: datetime, *, well: bool) -> None:
        """A source was judged."""
        if well:
            self._well[source_id] = now
        else:
            self._well.pop(source_id, None)


def update_source_alert(store: Store, source_id: str, channel: str, now: datetime) -> bool:
    """Raise or end the alert of a source, where that is due; returns whether the source is well."""
    with store.read() as tx:
        health = load_source_health(tx, source_id, now)
        if _decide_alert_change(health, _latest_health_alert(tx, source_id)) is None:
            return not health.needs_attention
    with store.write() as tx:
        health, latest = load_source_health(tx, source_id, now), _latest_health_alert(tx, source_id)
        match _decide_alert_change(health, latest):
            case "raise":
                tx.alerts.open_system_alert(
                    rule_id=HEALTH_RULE_ID,
                    name=_ALERT_NAME,
                    severity=Severity.HIGH,
                    group=source_id,
                    channel=channel,
                    reason=f"{source_id} {health.summary}",
                    at=now,
                )
            case "end" if latest:
                well = AlertChange(
                    kind=EventKind.RECOVERED,
                    to=AlertStatus.RESOLVED,
                    note=f"{source_id} is read again",
                )
                tx.alerts.apply_change(latest.id, well, at=now, actor=SYSTEM, via="clock")
        return not health.needs_attention


def _latest_health_alert(tx: Transaction, source_id: str) -> Alert | None:
    return tx.alerts.latest_by_group({(HEALTH_RULE_ID, source_id)}).get((HEALTH_RULE_ID, source_id))


def _decide_alert_change(health: SourceHealth, latest: Alert | None) -> str | None:
    """What is to be done: nothing while an alert about a blind source is open, or was closed by a
    person.

    One that a person has closed comes back only after the source was well in between: `recovered`
    closes it then.
    """
    open_alert = latest is not None and not latest.status.is_closed
    if (
        health.needs_attention
        and not open_alert
        and not (latest and _was_closed_by_person(latest, health))
    ):
        return "raise"
    return "end" if open_alert and not health.needs_attention else None


def _was_closed_by_person(latest: Alert, health: SourceHealth) -> bool:
    """Whether the alert is about the very illness that lasts: the source was never well since it
    was raised.
    """
    well = health.state.last_success_at
    return well is None or well < latest.opened_at
