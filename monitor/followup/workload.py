"""What there is to do, for one person and for the team, and how quickly the team does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from monitor.domain.actor import Actor
from monitor.domain.alert import Alert, AlertStatus, LimitStatus
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.delivery import Card
from monitor.domain.event import AlertEvent, EventKind
from monitor.domain.sla import ElapsedTime, compute_limit_statuses, measure_sla_times
from monitor.domain.workload import DurationStatistics, TeamFigures, Workload
from monitor.masking import mask_alert_card
from monitor.store import Transaction

#: The period that figures are about.
PERIOD = timedelta(days=7)
#: A limit that ends so soon is one to look at now.
SOON = timedelta(hours=24)
#: How many alerts of each list are shown.
SHOWN_PER_LIST = 15
#: Times are taken over at most so many alerts, the newest; how many they were is always said.
_MEASURED = 2_000
_PAGE = 500

EventHistories = Mapping[int, Sequence[AlertEvent]]


def build_overview(
    tx: Transaction,
    person: Actor,
    now: datetime,
    calendar: BusinessCalendar,
    mask: Callable[[str], str] = str,
) -> Workload:
    """What one person is to see of all alerts; `mask` hides what must not be shown of
    a text.
    """
    standing = list(_unclosed_alerts(tx))
    histories = tx.alerts.events_by_alert([alert.id for alert in standing])
    mine = sorted((alert for alert in standing if alert.assignee == person), key=_urgency_key)
    unclaimed = sorted((alert for alert in standing if _is_unclaimed(alert)), key=_urgency_key)
    due = _due_soon(standing, histories, now, calendar)
    ids = [
        alert.id
        for alert in (*mine[:SHOWN_PER_LIST], *unclaimed[:SHOWN_PER_LIST], *due[:SHOWN_PER_LIST])
    ]
    cards = {
        alert_id: with_waits(mask_alert_card(card, mask), histories[alert_id], calendar)
        for alert_id, card in tx.alerts.cards(ids).items()
    }
    return Workload(
        person=person,
        at=now,
        figures=measure_workload(tx, now, calendar, standing, histories),
        mine=tuple(cards[alert.id] for alert in mine[:SHOWN_PER_LIST]),
        unclaimed=tuple(cards[alert.id] for alert in unclaimed[:SHOWN_PER_LIST]),
        due_soon=tuple(cards[alert.id] for alert in due[:SHOWN_PER_LIST]),
        mine_count=len(mine),
        unclaimed_count=len(unclaimed),
        due_soon_count=len(due),
    )


def load_team_figures(tx: Transaction, now: datetime, calendar: BusinessCalendar) -> TeamFigures:
    """What the team did in the last seven days, and how it stands."""
    standing = list(_unclosed_alerts(tx))
    return measure_workload(
        tx, now, calendar, standing, tx.alerts.events_by_alert([alert.id for alert in standing])
    )


def measure_workload(
    tx: Transaction,
    now: datetime,
    calendar: BusinessCalendar,
    standing: Sequence[Alert],
    histories: EventHistories,
) -> TeamFigures:
    """The same, with the alerts that are not closed and what happened to them."""
    since = now - PERIOD
    happened = tx.periods.count_events(since, now)
    opened = tx.periods.list_opened(since, now, _MEASURED)
    events = tx.alerts.events_by_alert([alert.id for alert in opened])
    spent = [measure_sla_times(alert.opened_at, events[alert.id], calendar) for alert in opened]
    limits = [
        wait
        for alert in opened
        for wait in compute_limit_statuses(alert, events[alert.id], calendar)
    ]
    late = [alert for alert in standing if _is_overdue(alert, histories[alert.id], now, calendar)]
    return TeamFigures(
        since=since,
        until=now,
        opened=happened.get(EventKind.OPENED, 0),
        acknowledged=happened.get(EventKind.ACKNOWLEDGED, 0),
        replied=happened.get(EventKind.REPLIED, 0),
        resolved=happened.get(EventKind.RESOLVED, 0),
        dismissed=happened.get(EventKind.DISMISSED, 0),
        reopened=happened.get(EventKind.REOPENED, 0),
        open_now=len(standing),
        unclaimed_now=sum(map(_is_unclaimed, standing)),
        late_now=len(late),
        to_acknowledge=measure_pace(
            (one.to_acknowledge for one in spent), limits, "acknowledge", now
        ),
        to_reply=measure_pace((one.to_reply for one in spent), limits, "respond", now),
        to_resolve=measure_pace((one.to_resolve for one in spent), limits, "resolve", now),
    )


def measure_pace(
    times: Iterable[ElapsedTime | None], limits: Iterable[LimitStatus], limit: str, now: datetime
) -> DurationStatistics:
    """How long something took by the clock, and how often its limit was kept; one that runs still
    is not counted.
    """
    seconds = sorted(one.wall for one in times if one)
    decided = [wait for wait in limits if wait.kind == limit and (wait.met_at or wait.is_late(now))]
    kept = sum(not wait.is_late(now) for wait in decided)
    if not seconds:
        return DurationStatistics(n=0, in_time=kept, limited=len(decided))
    tenth = seconds[ceil(0.9 * len(seconds)) - 1]
    return DurationStatistics(
        n=len(seconds),
        median=median(seconds),
        slowest_tenth=tenth,
        in_time=kept,
        limited=len(decided),
    )


def with_waits(card: Card, events: Sequence[AlertEvent], calendar: BusinessCalendar) -> Card:
    """The card with how its alert stands against its limits."""
    return replace(card, waits=compute_limit_statuses(card.alert, events, calendar))


def _unclosed_alerts(tx: Transaction) -> Iterator[Alert]:
    """Every alert that is not closed."""
    after = 0
    while page := tx.alerts.list_unclosed(after, _PAGE):
        yield from page
        after = page[-1].id


def _due_soon(
    standing: Sequence[Alert], histories: EventHistories, now: datetime, calendar: BusinessCalendar
) -> list[Alert]:
    """Alerts that are late or will be soon unless somebody acts, the first of them first."""
    found = []
    for alert in standing:
        ends = [wait.due_at for wait in _unmet_limits(alert, histories[alert.id], calendar)]
        if ends and min(ends) <= now + SOON:
            found.append((min(ends), alert.id, alert))
    return [alert for *_, alert in sorted(found, key=lambda each: each[:2])]


def _is_overdue(
    alert: Alert, events: Sequence[AlertEvent], now: datetime, calendar: BusinessCalendar
) -> bool:
    return any(wait.is_late(now) for wait in _unmet_limits(alert, events, calendar))


def _unmet_limits(
    alert: Alert, events: Sequence[AlertEvent], calendar: BusinessCalendar
) -> list[LimitStatus]:
    """The limits that nobody has met yet; none while the alert is put away."""
    if alert.status is AlertStatus.SNOOZED:
        return []
    return [wait for wait in compute_limit_statuses(alert, events, calendar) if wait.met_at is None]


def _is_unclaimed(alert: Alert) -> bool:
    return alert.status is AlertStatus.OPEN and not alert.assignee


def _urgency_key(alert: Alert) -> tuple[int, datetime, int]:
    """The most urgent first, then the oldest."""
    return alert.severity.rank, alert.opened_at, alert.id
