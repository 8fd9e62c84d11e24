"""What follows by itself while an alert waits: a holder, a waking, a nudge, a missed limit, a call,
a giving back.

Nothing here is remembered but the alert's events: the next step is worked out from them, carried
out in one transaction with the event that says so, and never again. So it goes on where it was,
whenever the process ends.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from monitor.domain.action import MAX_SNOOZE, AlertChange
from monitor.domain.actor import SYSTEM, Actor, ActorKind
from monitor.domain.alert import Alert, AlertStatus, Snooze
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.event import AlertEvent, EventKind
from monitor.domain.sla import (
    compute_limit_statuses,
    current_round_events,
    limits_started_at,
    seconds_by_limit,
    sla_deadline,
)
from monitor.errors import StoreError
from monitor.settings import RespondSettings
from monitor.store import Store, Transaction

log = structlog.get_logger(__name__)

VIA = "clock"
#: People are reminded when so much of a limit has passed.
NUDGE_AT = 0.75
#: What is put away until it gets worse wakes with at least so many reports in an hour, and more
#: than ever before.
WORSE_AT_LEAST = 3
_HOUR = timedelta(hours=1)
#: With each of these, one more report is there.
_REPORT_EVENTS = frozenset({EventKind.OPENED, EventKind.GROUPED})
#: A mistake of ours in one alert must not hold up the others: it is looked at again after this.
_RETRY_BROKEN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class TimerStep:
    """What happens next to an alert unless somebody acts, and when."""

    at: datetime  #: in the past for what should have happened by now
    change: AlertChange


def next_step(
    alert: Alert,
    events: Sequence[AlertEvent],
    now: datetime,
    *,
    calendar: BusinessCalendar,
    respond: RespondSettings,
    last: Actor | None = None,
) -> TimerStep | None:
    """The next step of an alert with these events; None where it waits for people alone.

    `last` is who was the last to be assigned an alert in turn.
    """
    if alert.status.is_closed:
        return None
    if alert.status is AlertStatus.SNOOZED:
        return _unsnooze_step(alert, events)
    steps = [
        *_assignment_steps(alert, events, respond, last),
        *_limit_steps(alert, events, now, calendar),
        *_escalation_steps(alert, events, calendar),
        *_confirmation_steps(alert, events, calendar, respond.confirm_seconds),
    ]
    return min(steps, key=lambda step: step.at, default=None)


def manual_escalation(
    alert: Alert, events: Sequence[AlertEvent], managers: Sequence[str]
) -> Mapping[str, str]:
    """The details of a call that somebody makes by hand: the next one of the alert's chain, else to
    the managers.
    """
    made = len(_escalations_made(events))
    if made < len(alert.limits.escalate):
        return _escalation_details(alert, made)
    return (
        {"mention": " ".join(format_mention(Actor.slack(member)) for member in managers)}
        if managers
        else {}
    )


#: A name that somebody was given on the command line is no command to Slack.
_INERT_CHARACTERS = str.maketrans({"<": "‹", ">": "›", "@": "＠"})


def format_mention(person: Actor) -> str:
    """How somebody is addressed: a Slack user or user group by id, anybody else by name."""
    if person.kind is not ActorKind.SLACK:
        return person.display_name.translate(_INERT_CHARACTERS)
    return f"<!subteam^{person.id}>" if person.is_slack_group else f"<@{person.id}>"


def _unsnooze_step(alert: Alert, events: Sequence[AlertEvent]) -> TimerStep:
    """Whichever of the things that it was put away for comes first."""
    snooze = alert.snooze or Snooze(until=alert.updated_at + MAX_SNOOZE)
    found = [(snooze.until or alert.updated_at + MAX_SNOOZE, "time")]
    if snooze.members is not None and alert.members >= snooze.members:
        found.append((alert.updated_at, "members"))
    if snooze.worse and (at := _worsened_at(events)):
        found.append((at, "worse"))
    at, why = min(found)
    to = AlertStatus.ACKNOWLEDGED if alert.assignee else AlertStatus.OPEN
    return TimerStep(at, AlertChange(kind=EventKind.WOKEN, to=to, details={"why": why}))


def _worsened_at(events: Sequence[AlertEvent]) -> datetime | None:
    """When reports came faster than before: more of them within an hour than in any hour before it
    was put away.
    """
    put_away = max(
        (index for index, event in enumerate(events) if event.kind is EventKind.SNOOZED),
        default=len(events),
    )
    most = max(_reports_per_hour(events[:put_away]), default=(0, None))[0]
    needed = max(WORSE_AT_LEAST, most + 1)
    return next((at for count, at in _reports_per_hour(events[put_away:]) if count >= needed), None)


def _reports_per_hour(events: Sequence[AlertEvent]) -> Iterator[tuple[int, datetime]]:
    """For each report, how many came in the hour that ends with it."""
    times = sorted(event.at for event in events if event.kind in _REPORT_EVENTS)
    return ((number - bisect_right(times, at - _HOUR), at) for number, at in enumerate(times, 1))


def _assignment_steps(
    alert: Alert, events: Sequence[AlertEvent], respond: RespondSettings, last: Actor | None
) -> Iterator[TimerStep]:
    """Somebody for an alert that nobody has ever had; one about the program's own work has no
    report and no holder.
    """
    if respond.assign == "nobody" or not respond.people or alert.assignee or not alert.members:
        return
    if alert.status is not AlertStatus.OPEN or any(
        event.actor.is_person or event.kind is EventKind.ASSIGNED for event in events
    ):
        return
    last_member = last.id if last and respond.assign == "round_robin" else ""
    holder = Actor.slack(_next_person(respond.people, last_member))
    details = {"assignee": str(holder), "mention": format_mention(holder)}
    change = AlertChange(kind=EventKind.ASSIGNED, assignee=holder, details=details)
    yield TimerStep(alert.opened_at, change)


def _next_person(people: Sequence[str], last: str) -> str:
    """Who comes after the last one; the first where that one is no longer among them."""
    return people[(people.index(last) + 1) % len(people)] if last in people else people[0]


def _limit_steps(
    alert: Alert, events: Sequence[AlertEvent], now: datetime, calendar: BusinessCalendar
) -> Iterator[TimerStep]:
    """Before each limit that is not met a nudge, unless it is too late for one, and after it the
    word that it is.
    """
    told = {(event.kind, event.details.get("limit")) for event in current_round_events(events)}
    since = limits_started_at(alert, events)
    for wait in compute_limit_statuses(alert, events, calendar):
        if wait.met_at or (EventKind.LATE, wait.kind) in told:
            continue
        if wait.due_at <= now or (EventKind.NUDGED, wait.kind) in told:
            yield TimerStep(
                wait.due_at, _build_reminder(EventKind.LATE, alert, wait.kind, wait.due_at)
            )
        else:
            at = sla_deadline(
                alert.limits, calendar, since, NUDGE_AT * seconds_by_limit(alert.limits)[wait.kind]
            )
            yield TimerStep(at, _build_reminder(EventKind.NUDGED, alert, wait.kind, wait.due_at))


def _build_reminder(kind: EventKind, alert: Alert, limit: str, due_at: datetime) -> AlertChange:
    whom = format_mention(alert.assignee) if alert.assignee else alert.mention
    return AlertChange(
        kind=kind, details={"limit": limit, "due_at": due_at.isoformat(), "mention": whom}
    )


def _escalation_steps(
    alert: Alert, events: Sequence[AlertEvent], calendar: BusinessCalendar
) -> Iterator[TimerStep]:
    """The next call of the chain, while nobody has taken the alert; it begins anew when one is
    given back.
    """
    made, opened = len(_escalations_made(events)), _events_since_opened(events)
    if alert.status is AlertStatus.OPEN and opened and made < len(alert.limits.escalate):
        at = sla_deadline(alert.limits, calendar, opened[0].at, alert.limits.escalate[made].after)
        yield TimerStep(
            at, AlertChange(kind=EventKind.ESCALATED, details=_escalation_details(alert, made))
        )


def _events_since_opened(events: Sequence[AlertEvent]) -> Sequence[AlertEvent]:
    """What happened since the alert became open the last time, that event first."""
    return events[
        max(
            (n for n, event in enumerate(events) if event.after is AlertStatus.OPEN),
            default=len(events),
        ) :
    ]


def _escalations_made(events: Sequence[AlertEvent]) -> list[AlertEvent]:
    """The calls since then, the ones made by hand among them."""
    return [event for event in _events_since_opened(events) if event.kind is EventKind.ESCALATED]


def _escalation_details(alert: Alert, level: int) -> Mapping[str, str]:
    call = alert.limits.escalate[level]
    return {"step": str(level + 1), "mention": call.mention, "channel": call.channel}


def _confirmation_steps(
    alert: Alert, events: Sequence[AlertEvent], calendar: BusinessCalendar, seconds: float
) -> Iterator[TimerStep]:
    """Whether whoever has taken it is still on it: asked once, and without a sign of life it is
    given back.

    Whatever a person does is such a sign. However long the program did not run, people have a
    quarter of the time to answer.
    """
    if alert.status is not AlertStatus.ACKNOWLEDGED or seconds <= 0:
        return
    signs = [
        number
        for number, event in enumerate(events)
        if event.actor.is_person or event.after is not None
    ]
    if not signs:
        return
    since, silence = events[signs[-1]].at, events[signs[-1] + 1 :]
    due_at = sla_deadline(alert.limits, calendar, since, seconds)
    asked = [
        event.at
        for event in silence
        if event.kind is EventKind.NUDGED and event.details.get("limit") == "confirm"
    ]
    if not asked:
        at = sla_deadline(alert.limits, calendar, since, NUDGE_AT * seconds)
        yield TimerStep(at, _build_reminder(EventKind.NUDGED, alert, "confirm", due_at))
        return
    at = max(due_at, sla_deadline(alert.limits, calendar, asked[0], (1 - NUDGE_AT) * seconds))
    details = {"why": "silence", "from": str(alert.assignee or "")}
    yield TimerStep(
        at,
        AlertChange(kind=EventKind.RELEASED, to=AlertStatus.OPEN, unassign=True, details=details),
    )


@dataclass(frozen=True, slots=True)
class AlertTimers:
    """Carries out what is due."""

    store: Store
    calendar: BusinessCalendar
    respond: RespondSettings

    def run_due_steps(self, now: datetime, stopping: Callable[[], bool] = lambda: False) -> int:
        """Do all that is due, each step in a transaction of its own; how many there were.

        Raises StoreError, after which every step is done or not done.
        """
        done = 0
        while not stopping():
            with self.store.read() as tx:
                due = tx.alerts.find_timers_due(now)
                events = tx.alerts.events_by_alert([alert.id for alert in due])
            if not due:
                break
            for alert_id in self._select_ready(due, events, now):
                if stopping():
                    break
                done += self._try_next_step(alert_id, now)
        return done

    def _select_ready(
        self, due: Sequence[Alert], events: Mapping[int, Sequence[AlertEvent]], now: datetime
    ) -> Sequence[int]:
        """The alerts for which something is to be done; the clocks of the others are wound in one
        transaction.
        """
        ready: list[int] = []
        resting: list[tuple[Alert, datetime | None]] = []
        for alert in due:
            try:
                step = next_step(
                    alert, events[alert.id], now, calendar=self.calendar, respond=self.respond
                )
            except Exception:
                log.exception(
                    "step_broken", alert=alert.id
                )  # a bug of ours in one alert must not stop the others
                resting.append((alert, now + _RETRY_BROKEN_AFTER))
                continue
            if step and step.at <= now:
                ready.append(alert.id)
            else:
                resting.append((alert, step.at if step else None))
        if resting:
            with self.store.write() as tx:
                for alert, at in resting:
                    tx.alerts.schedule_timer(
                        alert, at
                    )  # one that has changed meanwhile is still due
        return ready

    def _find_next_step(self, tx: Transaction, alert: Alert, now: datetime) -> TimerStep | None:
        last = (
            tx.alerts.last_assignee_by(SYSTEM)
            if self.respond.assign == "round_robin" and not alert.assignee
            else None
        )
        events = tx.alerts.events(alert.id)
        return next_step(
            alert, events, now, calendar=self.calendar, respond=self.respond, last=last
        )

    def _try_next_step(self, alert_id: int, now: datetime) -> bool:
        try:
            return self._run_next_step(alert_id, now)
        except StoreError:
            raise
        except Exception:
            log.exception("step_broken", alert=alert_id)  # likewise; it is looked at again later
        with self.store.write() as tx:
            if alert := tx.alerts.get(alert_id):
                tx.alerts.schedule_timer(alert, now + _RETRY_BROKEN_AFTER)
        return False

    def _run_next_step(self, alert_id: int, now: datetime) -> bool:
        """Do the next step of one alert if it is due, and wind its clock to the one after it."""
        with self.store.write() as tx:
            alert = tx.alerts.get(alert_id)
            if (
                alert is None or alert.next_at is None or alert.next_at > now
            ):  # another process was first
                return False
            step = self._find_next_step(tx, alert, now)
            due = step is not None and step.at <= now
            if step and due:
                alert = tx.alerts.apply_change(alert_id, step.change, at=now, actor=SYSTEM, via=VIA)
                step = self._find_next_step(tx, alert, now)
            tx.alerts.schedule_timer(alert, step.at if step else None)
        return due
