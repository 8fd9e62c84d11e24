"""Whether the sources still see: one that went blind raises its own alert once, and says when it
sees again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.domain.action import Change
from monitor.domain.alert import Alert, AlertStatus, Severity
from monitor.domain.source_health import HISTORY, Health, judge
from monitor.store import Store, Transaction

RULE = "source-health"
#: How often a source that answers is judged: silence is a matter of hours.
LOOK_EVERY = timedelta(minutes=10)
_NAME = "A source is blind"


def health_of(tx: Transaction, source_id: str, now: datetime) -> Health:
    """How a source is, from all that is remembered of it."""
    since = now - HISTORY
    state = tx.sources.state(source_id)
    return judge(state, tx.sources.hours(source_id, since), tx.sources.gaps(source_id, since), now)


class Watch:
    """When each source was last found well: judging one reads four weeks of its history."""

    def __init__(self) -> None:
        self._well: dict[str, datetime] = {}

    def due(self, source_id: str, now: datetime) -> bool:
        """Whether a source that has just answered is to be judged: it was ill, or may have been
        silent for too long.
        """
        well = self._well.get(source_id)
        return well is None or now - well >= LOOK_EVERY

    def looked(self, source_id: str, now: datetime, *, well: bool) -> None:
        """A source was judged."""
        if well:
            self._well[source_id] = now
        else:
            self._well.pop(source_id, None)


def watch(store: Store, source_id: str, channel: str, now: datetime) -> bool:
    """Raise or end the alert of a source, where that is due; returns whether the source is well."""
    with store.read() as tx:
        health = health_of(tx, source_id, now)
        if _due(health, _latest(tx, source_id)) is None:
            return not health.ill
    with store.write() as tx:
        health, latest = health_of(tx, source_id, now), _latest(tx, source_id)
        match _due(health, latest):
            case "raise":
                tx.alerts.raise_notice(
                    rule_id=RULE,
                    name=_NAME,
                    severity=Severity.HIGH,
                    group=source_id,
                    channel=channel,
                    reason=f"{source_id} {health.says}",
                    at=now,
                )
            case "end" if latest:
                well = Change(
                    kind="recovered", to=AlertStatus.RESOLVED, note=f"{source_id} is read again"
                )
                tx.alerts.apply(latest.id, well, at=now, actor="system", via="clock")
        return not health.ill


def _latest(tx: Transaction, source_id: str) -> Alert | None:
    return tx.alerts.latest({(RULE, source_id)}).get((RULE, source_id))


def _due(health: Health, latest: Alert | None) -> str | None:
    """What is to be done: nothing while an alert about a blind source is open, or was closed by a
    person.

    One that a person has closed comes back only after the source was well in between: `recovered`
    closes it then.
    """
    open_alert = latest is not None and not latest.status.closed
    if health.ill and not open_alert and not (latest and _closed_by_person(latest, health)):
        return "raise"
    return "end" if open_alert and not health.ill else None


def _closed_by_person(latest: Alert, health: Health) -> bool:
    """Whether the alert is about the very illness that lasts: the source was never well since it
    was raised.
    """
    well = health.state.last_success_at
    return well is None or well < latest.opened_at
