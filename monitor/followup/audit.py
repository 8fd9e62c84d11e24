"""Whether the clocks of the alerts go right: nothing that is open may be forgotten, whatever went
wrong before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from monitor.domain.alert import Alert
from monitor.domain.event import AlertEvent
from monitor.errors import StoreError
from monitor.followup.timers import AlertTimers, TimerStep, next_step
from monitor.store import Store

log = structlog.get_logger(__name__)

#: The clock looks every few seconds: what is due for longer than this is not late but forgotten.
STEP_OVERDUE = timedelta(minutes=5)
#: What a service has sent may wait this long, should what it is asked for more be away.
INBOX_OVERDUE = timedelta(hours=1)
_PAGE = 200


@dataclass(slots=True)
class TimerAuditor:
    """Looks at every open alert anew; called each minute."""

    store: Store
    clock: AlertTimers
    repaired: int = 0  #: clocks that were set right since the program started

    def audit_timers(self, now: datetime) -> Iterator[tuple[str, str]]:
        """Set right what can be, and find what people should know of: each a key and a text.

        Raises StoreError.
        """
        if broken := self._repair_late_timers(now):
            yield (
                "steps",
                (
                    f"what comes next cannot be worked out for {len(broken)} alerts, {broken[0]} among "
                    "them"
                ),
            )
        with self.store.read() as tx:
            step, received = tx.totals.oldest_timer_at(now), tx.inbox.count().oldest
        if step and now - step > STEP_OVERDUE:
            yield (
                "clock",
                f"what comes next for an alert has been due for {_format_minutes(now - step)}",
            )
        if received and now - received > INBOX_OVERDUE:
            yield (
                "inbox",
                f"what a service has sent has been waiting for {_format_minutes(now - received)}",
            )

    def _repair_late_timers(self, now: datetime) -> list[int]:
        """Wind every clock that would ring too late or never; the alerts for which no next step can
        be told.
        """
        broken: list[int] = []
        last = 0
        while True:
            with self.store.read() as tx:
                alerts = tx.alerts.list_unclosed(after_id=last, limit=_PAGE)
                events = tx.alerts.events_by_alert([alert.id for alert in alerts])
            for alert in alerts:
                try:
                    if _is_timer_late(
                        alert, self._find_next_step(alert, events[alert.id], now), now
                    ):
                        self._rewind_timer(alert.id, now)
                except StoreError:
                    raise
                except Exception:  # a mistake of ours in one alert must not hide the others
                    log.exception("step_broken", alert=alert.id)
                    broken.append(alert.id)
            if len(alerts) < _PAGE:
                return broken
            last = alerts[-1].id

    def _find_next_step(
        self, alert: Alert, events: Sequence[AlertEvent], now: datetime
    ) -> TimerStep | None:
        return next_step(
            alert, events, now, calendar=self.clock.calendar, respond=self.clock.respond
        )

    def _rewind_timer(self, alert_id: int, now: datetime) -> None:
        with self.store.write() as tx:
            alert = tx.alerts.get(alert_id)
            step = self._find_next_step(alert, tx.alerts.events(alert_id), now) if alert else None
            if (
                alert is None or step is None or not _is_timer_late(alert, step, now)
            ):  # it was changed meanwhile
                return
            tx.alerts.schedule_timer(
                alert, max(step.at, now)
            )  # a past time would look as if the clock stood still
        self.repaired += 1
        log.warning("clock_repaired", alert=alert_id, was=str(alert.next_at), now=str(step.at))


def _is_timer_late(alert: Alert, step: TimerStep | None, now: datetime) -> bool:
    """Whether its clock rings after the time of its next step; one that rings too early does no
    harm.
    """
    return step is not None and (alert.next_at is None or alert.next_at > max(step.at, now))


def _format_minutes(span: timedelta) -> str:
    return f"{span.total_seconds() / 60:.0f} minutes"
