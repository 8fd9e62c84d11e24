"""Audit of the timers: no open alert may be forgotten, whatever went wrong before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from monitor.domain.alert import Alert
from monitor.domain.event import AlertEvent
from monitor.errors import StoreError
from monitor.followup.timers import AlertTimers, TimerStep
from monitor.store import Store

log = structlog.get_logger(__name__)

#: Timers run every few seconds: a step that is due for longer than this is not late but forgotten.
STEP_OVERDUE = timedelta(minutes=5)
#: How long an inbox entry may wait: the service may be away that is asked for the rest of it.
INBOX_OVERDUE = timedelta(hours=1)
_PAGE = 200


@dataclass(slots=True)
class TimerAuditor:
    """Checks the timer of every open alert; called each minute."""

    store: Store
    timers: AlertTimers
    repaired: int = 0  #: timers that were set right since the program started

    def audit_timers(self, now: datetime) -> Iterator[tuple[str, str]]:
        """Repair late timers, and yield the problems that remain, each as a key and a text.

        Raises StoreError.
        """
        broken = self._repair_late_timers(now)
        if broken:
            count, example = len(broken), broken[0]
            text = f"what comes next cannot be worked out for {count} alerts, {example} among them"
            yield "steps", text
        with self.store.read() as tx:
            step_at = tx.system_statistics.oldest_timer_at(now)
            received_at = tx.inbox.count().oldest
        if step_at and now - step_at > STEP_OVERDUE:
            waited = _format_minutes(now - step_at)
            yield "clock", f"what comes next for an alert has been due for {waited}"
        if received_at and now - received_at > INBOX_OVERDUE:
            waited = _format_minutes(now - received_at)
            yield "inbox", f"what a service has sent has been waiting for {waited}"

    def _repair_late_timers(self, now: datetime) -> list[int]:
        """Reset every timer that would run too late or never.

        Returns the ids of alerts whose next step cannot be worked out. Raises StoreError.
        """
        broken: list[int] = []
        last_id = 0
        while True:
            with self.store.read() as tx:
                alerts = tx.alerts.list_unclosed(after_id=last_id, limit=_PAGE)
                events = tx.alerts.events_by_alert([alert.id for alert in alerts])
            for alert in alerts:
                try:
                    self._repair_if_late(alert, events[alert.id], now)
                except StoreError:
                    raise
                except Exception:  # a bug of ours in one alert must not hide the others
                    log.exception("step_broken", alert=alert.id)
                    broken.append(alert.id)
            if len(alerts) < _PAGE:
                return broken
            last_id = alerts[-1].id

    def _repair_if_late(self, alert: Alert, events: Sequence[AlertEvent], now: datetime) -> None:
        step = self.timers.find_next_step(alert, events, now)
        if _is_timer_late(alert, step, now):
            self._reset_timer(alert.id, now)

    def _reset_timer(self, alert_id: int, now: datetime) -> None:
        """Set the timer of an alert to its next step, if it is still late in this transaction."""
        with self.store.write() as tx:
            alert = tx.alerts.get(alert_id)
            if alert is None:
                return
            step = self.timers.find_next_step(alert, tx.alerts.events(alert_id), now)
            if step is None or not _is_timer_late(alert, step, now):
                return  # it was changed meanwhile
            # A past time would look as if the timers stood still.
            tx.alerts.schedule_timer(alert, max(step.at, now))
        self.repaired += 1
        log.warning("clock_repaired", alert=alert_id, was=str(alert.next_at), now=str(step.at))


def _is_timer_late(alert: Alert, step: TimerStep | None, now: datetime) -> bool:
    """Return whether the timer runs after the time of its next step; too early does no harm."""
    if step is None:
        return False
    return alert.next_at is None or alert.next_at > max(step.at, now)


def _format_minutes(span: timedelta) -> str:
    return f"{span.total_seconds() / 60:.0f} minutes"
