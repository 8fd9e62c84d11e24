"""The workload: alerts that wait for one person and for the team, and how fast the team is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from monitor.domain.actor import Actor
from monitor.domain.alert import Alert, AlertStatus, LimitStatus
from monitor.domain.business_hours import BusinessCalendar
from monitor.domain.delivery import Card
from monitor.domain.event import AlertEvent, EventKind
from monitor.domain.sla import (
    ElapsedTime,
    compute_limit_statuses,
    measure_sla_times,
    nudge_time,
)
from monitor.domain.workload import DurationStatistics, TeamFigures, Workload
from monitor.masking import mask_alert_card
from monitor.store import Transaction

#: The period of the team's figures.
PERIOD = timedelta(days=7)
#: How many alerts of each list are shown.
SHOWN_PER_LIST = 15
#: Times are measured over at most so many alerts, the newest; the figures say how many.
_MAX_MEASURED = 2_000
_PAGE = 500

EventHistories = Mapping[int, Sequence[AlertEvent]]


def build_overview(
    tx: Transaction,
    person: Actor,
    now: datetime,
    calendar: BusinessCalendar,
    mask: Callable[[str], str] = str,
) -> Workload:
    """Return the alerts for one person to see: theirs, nobody's, and those due soon.

    `mask` applies the privacy setting to a text.
    """
    unclosed = list(_unclosed_alerts(tx))
    histories = tx.alerts.events_by_alert([alert.id for alert in unclosed])
    mine = _held_by(person, unclosed)
    unclaimed = _unclaimed(unclosed)
    due_soon = _due_soon(unclosed, histories, now, calendar)
    lists = [alerts[:SHOWN_PER_LIST] for alerts in (mine, unclaimed, due_soon)]
    shown_ids = [alert.id for alerts in lists for alert in alerts]
    cards = {
        alert_id: with_limit_statuses(mask_alert_card(card, mask), histories[alert_id], calendar)
        for alert_id, card in tx.alerts.cards(shown_ids).items()
    }
    shown_mine, shown_unclaimed, shown_due_soon = (
        tuple(cards[alert.id] for alert in alerts) for alerts in lists
    )
    return Workload(
        person=person,
        at=now,
        figures=_measure_team(tx, now, calendar, unclosed, histories),
        mine=shown_mine,
        unclaimed=shown_unclaimed,
        due_soon=shown_due_soon,
        mine_count=len(mine),
        unclaimed_count=len(unclaimed),
        due_soon_count=len(due_soon),
    )


def list_own_alerts(tx: Transaction, person: Actor) -> list[int]:
    """Return the ids of all alerts that a person has, the most urgent first."""
    return [alert.id for alert in _held_by(person, _unclosed_alerts(tx))]


def list_open_alerts(
    tx: Transaction, now: datetime, calendar: BusinessCalendar
) -> tuple[list[int], list[int]]:
    """Return the ids of the alerts due soon, the first due first, and of those nobody has, the
    most urgent first; an alert may be among both.
    """
    unclosed = list(_unclosed_alerts(tx))
    histories = tx.alerts.events_by_alert([alert.id for alert in unclosed])
    due_soon = _due_soon(unclosed, histories, now, calendar)
    return [alert.id for alert in due_soon], [alert.id for alert in _unclaimed(unclosed)]


def load_cards(
    tx: Transaction,
    alert_ids: Collection[int],
    calendar: BusinessCalendar,
    mask: Callable[[str], str] = str,
) -> list[Card]:
    """Return the cards of these alerts for people to see, in their order; unknown ids are left
    out.
    """
    histories = tx.alerts.events_by_alert(alert_ids)
    return [
        with_limit_statuses(mask_alert_card(card, mask), histories[alert_id], calendar)
        for alert_id, card in tx.alerts.cards(alert_ids).items()
    ]


def load_team_figures(tx: Transaction, now: datetime, calendar: BusinessCalendar) -> TeamFigures:
    """Return what the team did in the last seven days, and how many alerts wait now."""
    unclosed = list(_unclosed_alerts(tx))
    histories = tx.alerts.events_by_alert([alert.id for alert in unclosed])
    return _measure_team(tx, now, calendar, unclosed, histories)


def with_limit_statuses(
    card: Card, events: Sequence[AlertEvent], calendar: BusinessCalendar
) -> Card:
    """Return the card with the status of each limit of its alert."""
    return replace(card, limit_statuses=compute_limit_statuses(card.alert, events, calendar))


def _measure_team(
    tx: Transaction,
    now: datetime,
    calendar: BusinessCalendar,
    unclosed: Sequence[Alert],
    histories: EventHistories,
) -> TeamFigures:
    since = now - PERIOD
    counts = tx.period_statistics.count_events(since, now)
    opened = tx.period_statistics.list_opened(since, now, _MAX_MEASURED)
    events = tx.alerts.events_by_alert([alert.id for alert in opened])
    elapsed = [measure_sla_times(alert.opened_at, events[alert.id], calendar) for alert in opened]
    limits = [
        limit
        for alert in opened
        for limit in compute_limit_statuses(alert, events[alert.id], calendar)
    ]
    late = [alert for alert in unclosed if _is_overdue(alert, histories[alert.id], now, calendar)]
    to_acknowledge = (times.to_acknowledge for times in elapsed)
    to_reply = (times.to_reply for times in elapsed)
    to_resolve = (times.to_resolve for times in elapsed)
    return TeamFigures(
        since=since,
        until=now,
        opened=counts.get(EventKind.OPENED, 0),
        acknowledged=counts.get(EventKind.ACKNOWLEDGED, 0),
        replied=counts.get(EventKind.REPLIED, 0),
        resolved=counts.get(EventKind.RESOLVED, 0),
        dismissed=counts.get(EventKind.DISMISSED, 0),
        reopened=counts.get(EventKind.REOPENED, 0),
        open_now=len(unclosed),
        unclaimed_now=sum(map(_is_unclaimed, unclosed)),
        late_now=len(late),
        to_acknowledge=_summarize_times(to_acknowledge, limits, "acknowledge", now),
        to_reply=_summarize_times(to_reply, limits, "respond", now),
        to_resolve=_summarize_times(to_resolve, limits, "resolve", now),
    )


def _summarize_times(
    times: Iterable[ElapsedTime | None], limits: Iterable[LimitStatus], kind: str, now: datetime
) -> DurationStatistics:
    """Return how long something took by the clock, and how often its limit was kept.

    A limit that still runs is not counted.
    """
    of_kind = [limit for limit in limits if limit.kind == kind]
    decided = [limit for limit in of_kind if limit.met_at or limit.is_late(now)]
    in_time = sum(not limit.is_late(now) for limit in decided)
    seconds = sorted(elapsed.wall for elapsed in times if elapsed)
    if not seconds:
        return DurationStatistics(n=0, in_time=in_time, limited=len(decided))
    ninetieth = ceil(0.9 * len(seconds)) - 1
    return DurationStatistics(
        n=len(seconds),
        median=median(seconds),
        slowest_tenth=seconds[ninetieth],
        in_time=in_time,
        limited=len(decided),
    )


def _unclosed_alerts(tx: Transaction) -> Iterator[Alert]:
    """Yield every alert that is not closed."""
    after = 0
    while page := tx.alerts.list_unclosed(after, _PAGE):
        yield from page
        after = page[-1].id


def _due_soon(
    unclosed: Sequence[Alert], histories: EventHistories, now: datetime, calendar: BusinessCalendar
) -> list[Alert]:
    """Return the alerts with a limit that is missed or three quarters over, first due first."""
    due: list[tuple[datetime, int, Alert]] = []
    for alert in unclosed:
        events = histories[alert.id]
        pressing = [
            limit.due_at
            for limit in _unmet_limits(alert, events, calendar)
            if nudge_time(alert, events, calendar, limit.kind) <= now
        ]
        if pressing:
            due.append((min(pressing), alert.id, alert))
    return [alert for *_, alert in sorted(due, key=lambda entry: entry[:2])]


def _is_overdue(
    alert: Alert, events: Sequence[AlertEvent], now: datetime, calendar: BusinessCalendar
) -> bool:
    return any(limit.is_late(now) for limit in _unmet_limits(alert, events, calendar))


def _unmet_limits(
    alert: Alert, events: Sequence[AlertEvent], calendar: BusinessCalendar
) -> list[LimitStatus]:
    """Return the limits that nobody has met yet; none while the alert is snoozed."""
    if alert.status is AlertStatus.SNOOZED:
        return []
    limits = compute_limit_statuses(alert, events, calendar)
    return [limit for limit in limits if limit.met_at is None]


def _held_by(person: Actor, unclosed: Iterable[Alert]) -> list[Alert]:
    return sorted((alert for alert in unclosed if alert.assignee == person), key=_urgency_key)


def _unclaimed(unclosed: Iterable[Alert]) -> list[Alert]:
    return sorted(filter(_is_unclaimed, unclosed), key=_urgency_key)


def _is_unclaimed(alert: Alert) -> bool:
    return alert.status is AlertStatus.OPEN and not alert.assignee


def _urgency_key(alert: Alert) -> tuple[int, datetime, int]:
    """Sort the most urgent first, then the oldest."""
    return alert.severity.rank, alert.opened_at, alert.id
