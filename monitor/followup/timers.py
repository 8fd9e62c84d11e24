"""Timer-driven steps of an open alert: assign, un-snooze, remind, mark overdue, escalate, release.

The next step is worked out from the alert's events alone, and carried out in one transaction with
the event that records it. So a restarted process goes on where the last one ended.
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
    NUDGE_AT,
    compute_limit_statuses,
    current_round_events,
    nudge_time,
    sla_deadline,
)
from monitor.errors import StoreError
from monitor.settings import RespondSettings
from monitor.store import Store, Transaction

log = structlog.get_logger(__name__)

VIA = "clock"
#: An alert snoozed until it gets worse wakes at this many reports in an hour, if they are more than
#: in any hour before.
WORSE_AT_LEAST = 3
_HOUR = timedelta(hours=1)
#: Events that each stand for one more report.
_REPORT_EVENTS = frozenset({EventKind.OPENED, EventKind.GROUPED})
#: An alert whose step fails by a bug of ours is tried again after this; the others go on.
_RETRY_BROKEN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class TimerStep:
    """The next change of an alert unless somebody acts, and its time."""

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
    """Return the next step of an alert with these events; None where it waits for people alone.

    `last` is who was assigned the last alert, where people take turns.
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
    """Return the details of an escalation by a person; empty where nobody is left to call.

    It is the next one of the alert's chain, and after the last one a call of the managers.
    """
    made = len(_escalations_made(events))
    if made < len(alert.limits.escalate):
        return _escalation_details(alert, made)
    if not managers:
        return {}
    return {"mention": " ".join(format_mention(Actor.slack(member)) for member in managers)}


#: Replacements for what would make a name from the command line a mention in Slack.
_INERT_CHARACTERS = str.maketrans({"<": "‹", ">": "›", "@": "＠"})


def format_mention(person: Actor) -> str:
    """Return how a person is addressed: a Slack member or group by id, anybody else by name."""
    if person.kind is not ActorKind.SLACK:
        return person.display_name.translate(_INERT_CHARACTERS)
    return f"<!subteam^{person.id}>" if person.is_slack_group else f"<@{person.id}>"


def _unsnooze_step(alert: Alert, events: Sequence[AlertEvent]) -> TimerStep:
    """Wake the alert at the first of the conditions that it was snoozed until."""
    latest = alert.updated_at + MAX_SNOOZE
    snooze = alert.snooze or Snooze(until=latest)
    wakings = [(snooze.until or latest, "time")]
    if snooze.members is not None and alert.members >= snooze.members:
        wakings.append((alert.updated_at, "members"))
    worse_at = _worsened_at(events) if snooze.worse else None
    if worse_at:
        wakings.append((worse_at, "worse"))
    at, why = min(wakings)
    to = AlertStatus.ACKNOWLEDGED if alert.assignee else AlertStatus.OPEN
    return TimerStep(at, AlertChange(kind=EventKind.WOKEN, to=to, details={"why": why}))


def _worsened_at(events: Sequence[AlertEvent]) -> datetime | None:
    """Return when a snoozed alert got more reports in an hour than ever before; None if it did not.

    "Before" is until it was snoozed; fewer than `WORSE_AT_LEAST` reports in an hour never count.
    """
    snoozings = [n for n, event in enumerate(events) if event.kind is EventKind.SNOOZED]
    snoozed = max(snoozings, default=len(events))
    before, since = events[:snoozed], events[snoozed:]
    most_before = max((count for count, _ in _reports_per_hour(before)), default=0)
    needed = max(WORSE_AT_LEAST, most_before + 1)
    return next((at for count, at in _reports_per_hour(since) if count >= needed), None)


def _reports_per_hour(events: Sequence[AlertEvent]) -> Iterator[tuple[int, datetime]]:
    """Yield for each report how many came in the hour that ends with it, and when it came."""
    times = sorted(event.at for event in events if event.kind in _REPORT_EVENTS)
    for number, at in enumerate(times, 1):
        before_the_hour = bisect_right(times, at - _HOUR)
        yield number - before_the_hour, at


def _assignment_steps(
    alert: Alert, events: Sequence[AlertEvent], respond: RespondSettings, last: Actor | None
) -> Iterator[TimerStep]:
    """Assign an alert that nobody has ever had, at once.

    An alert about a source has no members and is not assigned.
    """
    if respond.assign == "nobody" or not respond.people:
        return
    if alert.status is not AlertStatus.OPEN or alert.assignee or not alert.members:
        return
    if any(event.actor.is_person or event.kind is EventKind.ASSIGNED for event in events):
        return
    takes_turns = respond.assign == "round_robin"
    last_member = last.id if last and takes_turns else ""
    holder = Actor.slack(_next_person(respond.people, last_member))
    details = {"assignee": str(holder), "mention": format_mention(holder)}
    change = AlertChange(kind=EventKind.ASSIGNED, assignee=holder, details=details)
    yield TimerStep(alert.opened_at, change)


def _next_person(people: Sequence[str], last: str) -> str:
    """Return who comes after the last one; the first where that one is no longer among them."""
    if last not in people:
        return people[0]
    return people[(people.index(last) + 1) % len(people)]


def _limit_steps(
    alert: Alert, events: Sequence[AlertEvent], now: datetime, calendar: BusinessCalendar
) -> Iterator[TimerStep]:
    """Remind before each limit that is not met, and mark it overdue once it has passed.

    There is no reminder any more for a limit that has passed already.
    """
    done = {(event.kind, event.details.get("limit")) for event in current_round_events(events)}
    for limit in compute_limit_statuses(alert, events, calendar):
        if limit.met_at or (EventKind.LATE, limit.kind) in done:
            continue
        if limit.due_at <= now or (EventKind.NUDGED, limit.kind) in done:
            overdue = _build_reminder(EventKind.LATE, alert, limit.kind, limit.due_at)
            yield TimerStep(limit.due_at, overdue)
        else:
            at = nudge_time(alert, events, calendar, limit.kind)
            nudge = _build_reminder(EventKind.NUDGED, alert, limit.kind, limit.due_at)
            yield TimerStep(at, nudge)


def _build_reminder(kind: EventKind, alert: Alert, limit: str, due_at: datetime) -> AlertChange:
    mention = format_mention(alert.assignee) if alert.assignee else alert.mention
    details = {"limit": limit, "due_at": due_at.isoformat(), "mention": mention}
    return AlertChange(kind=kind, details=details)


def _escalation_steps(
    alert: Alert, events: Sequence[AlertEvent], calendar: BusinessCalendar
) -> Iterator[TimerStep]:
    """Make the next escalation of the chain while the alert is open.

    The chain begins anew each time that the alert becomes open.
    """
    since_opened = _events_since_opened(events)
    if alert.status is not AlertStatus.OPEN or not since_opened:
        return
    made = len(_escalations_made(events))
    if made < len(alert.limits.escalate):
        after = alert.limits.escalate[made].after
        at = sla_deadline(alert.limits, calendar, since_opened[0].at, after)
        details = _escalation_details(alert, made)
        yield TimerStep(at, AlertChange(kind=EventKind.ESCALATED, details=details))


def _events_since_opened(events: Sequence[AlertEvent]) -> Sequence[AlertEvent]:
    """Return the events since the alert became open the last time, that one first."""
    openings = [n for n, event in enumerate(events) if event.after is AlertStatus.OPEN]
    return events[openings[-1] :] if openings else ()


def _escalations_made(events: Sequence[AlertEvent]) -> list[AlertEvent]:
    """Return the escalations since the alert became open the last time, those by people too."""
    return [event for event in _events_since_opened(events) if event.kind is EventKind.ESCALATED]


def _escalation_details(alert: Alert, level: int) -> Mapping[str, str]:
    call = alert.limits.escalate[level]
    return {"step": str(level + 1), "mention": call.mention, "channel": call.channel}


def _confirmation_steps(
    alert: Alert, events: Sequence[AlertEvent], calendar: BusinessCalendar, seconds: float
) -> Iterator[TimerStep]:
    """Ask the holder once whether they are still on it, and release the alert if nobody reacts.

    Anything that a person does is a reaction. However long the program did not run, the last
    quarter of `seconds` is left to react after the question.
    """
    if alert.status is not AlertStatus.ACKNOWLEDGED or seconds <= 0:
        return
    signs = [n for n, event in enumerate(events) if event.actor.is_person or event.after]
    if not signs:
        return
    last_sign_at, silence = events[signs[-1]].at, events[signs[-1] + 1 :]
    due_at = sla_deadline(alert.limits, calendar, last_sign_at, seconds)
    asked_at = next((event.at for event in silence if _asks_to_confirm(event)), None)
    if asked_at is None:
        at = sla_deadline(alert.limits, calendar, last_sign_at, NUDGE_AT * seconds)
        yield TimerStep(at, _build_reminder(EventKind.NUDGED, alert, "confirm", due_at))
        return
    answer_by = sla_deadline(alert.limits, calendar, asked_at, (1 - NUDGE_AT) * seconds)
    details = {"why": "silence", "from": str(alert.assignee or "")}
    release = AlertChange(
        kind=EventKind.RELEASED, to=AlertStatus.OPEN, unassign=True, details=details
    )
    yield TimerStep(max(due_at, answer_by), release)


def _asks_to_confirm(event: AlertEvent) -> bool:
    return event.kind is EventKind.NUDGED and event.details.get("limit") == "confirm"


@dataclass(frozen=True, slots=True)
class AlertTimers:
    """Carries out the steps that are due."""

    store: Store
    calendar: BusinessCalendar
    respond: RespondSettings

    def find_next_step(
        self, alert: Alert, events: Sequence[AlertEvent], now: datetime, last: Actor | None = None
    ) -> TimerStep | None:
        """Return `next_step` of an alert by this calendar and these settings."""
        return next_step(
            alert, events, now, calendar=self.calendar, respond=self.respond, last=last
        )

    def run_due_steps(self, now: datetime, stopping: Callable[[], bool] = lambda: False) -> int:
        """Do all steps that are due, each in a transaction of its own; return how many were done.

        Raises StoreError; no step is then half done.
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
        """Return the ids of the alerts whose step is due, and set the timers of the others."""
        ready: list[int] = []
        waiting: list[tuple[Alert, datetime | None]] = []
        for alert in due:
            try:
                step = self.find_next_step(alert, events[alert.id], now)
            except Exception:  # a bug of ours in one alert must not stop the others
                log.exception("step_broken", alert=alert.id)
                waiting.append((alert, now + _RETRY_BROKEN_AFTER))
                continue
            if step and step.at <= now:
                ready.append(alert.id)
            else:
                waiting.append((alert, step.at if step else None))
        if waiting:
            with self.store.write() as tx:
                for alert, at in waiting:  # one that has changed meanwhile is still due
                    tx.alerts.schedule_timer(alert, at)
        return ready

    def _load_next_step(self, tx: Transaction, alert: Alert, now: datetime) -> TimerStep | None:
        takes_turns = self.respond.assign == "round_robin" and not alert.assignee
        last = tx.alerts.last_assignee_by(SYSTEM) if takes_turns else None
        return self.find_next_step(alert, tx.alerts.events(alert.id), now, last)

    def _try_next_step(self, alert_id: int, now: datetime) -> bool:
        """Return whether a step was done; where that fails, it is tried again later."""
        try:
            return self._run_next_step(alert_id, now)
        except StoreError:
            raise
        except Exception:  # a bug of ours in one alert must not stop the others
            log.exception("step_broken", alert=alert_id)
        with self.store.write() as tx:
            alert = tx.alerts.get(alert_id)
            if alert:
                tx.alerts.schedule_timer(alert, now + _RETRY_BROKEN_AFTER)
        return False

    def _run_next_step(self, alert_id: int, now: datetime) -> bool:
        """Do the next step of one alert if it is due, and set its timer to the one after it."""
        with self.store.write() as tx:
            alert = tx.alerts.get(alert_id)
            if alert is None or alert.next_at is None or alert.next_at > now:
                return False  # another process was first
            step = self._load_next_step(tx, alert, now)
            is_due = step is not None and step.at <= now
            if step and is_due:
                alert = tx.alerts.apply_change(alert_id, step.change, at=now, actor=SYSTEM, via=VIA)
                step = self._load_next_step(tx, alert, now)
            tx.alerts.schedule_timer(alert, step.at if step else None)
        return is_due
