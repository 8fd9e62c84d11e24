"""Alerts about sources that fail or fall silent: raised once, ended when the source recovers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from monitor.domain.action import AlertChange
from monitor.domain.actor import SYSTEM
from monitor.domain.alert import Alert, AlertStatus, Severity
from monitor.domain.event import EventKind
from monitor.domain.source_health import HISTORY_SPAN, SourceHealth, assess_health
from monitor.store import Store, Transaction

HEALTH_RULE_ID = "source-health"
#: How often a healthy source is assessed: silence is a matter of hours.
CHECK_EVERY = timedelta(minutes=10)
_ALERT_NAME = "A source is blind"


def load_source_health(tx: Transaction, source_id: str, now: datetime) -> SourceHealth:
    """Return the health of a source, assessed from its stored state and recent history."""
    since = now - HISTORY_SPAN
    state = tx.sources.get_state(source_id)
    hours = tx.sources.hours(source_id, since)
    gaps = tx.sources.gaps(source_id, since)
    return assess_health(state, hours, gaps, now)


class HealthCheckSchedule:
    """Limits how often a source is assessed, for that reads four weeks of its history."""

    def __init__(self) -> None:
        self._last_well_at: dict[str, datetime] = {}

    def is_due(self, source_id: str, now: datetime) -> bool:
        """Return whether to assess a source: it was not well, or not checked for `CHECK_EVERY`."""
        well_at = self._last_well_at.get(source_id)
        return well_at is None or not timedelta() <= now - well_at < CHECK_EVERY

    def record_check(self, source_id: str, now: datetime, *, well: bool) -> None:
        """Record that a source was assessed, and whether it is `well`."""
        if well:
            self._last_well_at[source_id] = now
        else:
            self._last_well_at.pop(source_id, None)


def update_source_alert(store: Store, source_id: str, channel: str, now: datetime) -> bool:
    """Raise or end the alert about a source where needed; return whether the source is well."""
    with store.read() as tx:
        health = load_source_health(tx, source_id, now)
        if _decide_alert_change(health, _latest_health_alert(tx, source_id)) is None:
            return not health.needs_attention
    with store.write() as tx:
        health = load_source_health(tx, source_id, now)
        latest = _latest_health_alert(tx, source_id)
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
    group = (HEALTH_RULE_ID, source_id)
    return tx.alerts.latest_by_group({group}).get(group)


def _decide_alert_change(
    health: SourceHealth, latest: Alert | None
) -> Literal["raise", "end"] | None:
    """Return whether to raise an alert or to end the open one, `latest`; None for neither.

    One that a person closed is not raised again until the source was well in between.
    """
    is_open = latest is not None and not latest.status.is_closed
    if not health.needs_attention:
        return "end" if is_open else None
    if is_open or (latest and _is_about_same_problem(latest, health)):
        return None
    return "raise"


def _is_about_same_problem(latest: Alert, health: SourceHealth) -> bool:
    """Return whether the source was never read successfully since the alert was opened."""
    last_success_at = health.state.last_success_at
    return last_success_at is None or last_success_at < latest.opened_at
