"""What there is to do, for one person and for the team, and how quickly the team does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from monitor.domain.alert import Alert, AlertEvent, AlertStatus, Wait
from monitor.domain.business_hours import Calendar
from monitor.domain.delivery import Card
from monitor.domain.sla import Spent, clocks, waits
from monitor.domain.workload import Figures, Overview, Pace
from monitor.masking import masked
from monitor.store import Transaction

#: The period that figures are about.
PERIOD = timedelta(days=7)
#: A limit that ends so soon is one to look at now.
SOON = timedelta(hours=24)
#: How many alerts of each list are shown.
SHOWN = 15
#: Times are taken over at most so many alerts, the newest; how many they were is always said.
_MEASURED = 2_000
_PAGE = 500

Histories = Mapping[int, Sequence[AlertEvent]]


def overview(
    tx: Transaction,
    person: str,
    now: datetime,
    calendar: Calendar,
    mask: Callable[[str], str] = str,
) -> Overview:
    """What one person ("user:U123") is to see of all alerts; `mask` hides what must not be shown of
    a text.
    """
    standing = list(_standing(tx))
    histories = tx.alerts.histories([alert.id for alert in standing])
    mine = sorted((alert for alert in standing if alert.assignee == person), key=_urgency)
    unclaimed = sorted((alert for alert in standing if _unclaimed(alert)), key=_urgency)
    due = _due(standing, histories, now, calendar)
    ids = [alert.id for alert in (*mine[:SHOWN], *unclaimed[:SHOWN], *due[:SHOWN])]
    cards = {
        alert_id: with_waits(masked(card, mask), histories[alert_id], calendar)
        for alert_id, card in tx.alerts.cards(ids).items()
    }
    return Overview(
        person=person,
        at=now,
        figures=figures(tx, now, calendar, standing, histories),
        mine=tuple(cards[alert.id] for alert in mine[:SHOWN]),
        unclaimed=tuple(cards[alert.id] for alert in unclaimed[:SHOWN]),
        due_soon=tuple(cards[alert.id] for alert in due[:SHOWN]),
        mine_count=len(mine),
        unclaimed_count=len(unclaimed),
        due_soon_count=len(due),
    )


def team_figures(tx: Transaction, now: datetime, calendar: Calendar) -> Figures:
    """What the team did in the last seven days, and how it stands."""
    standing = list(_standing(tx))
    return figures(
        tx, now, calendar, standing, tx.alerts.histories([alert.id for alert in standing])
    )


def figures(
    tx: Transaction,
    now: datetime,
    calendar: Calendar,
    standing: Sequence[Alert],
    histories: Histories,
) -> Figures:
    """The same, with the alerts that are not closed and what happened to them."""
    since = now - PERIOD
    happened = tx.periods.happened(since, now)
    opened = tx.periods.opened(since, now, _MEASURED)
    events = tx.alerts.histories([alert.id for alert in opened])
    spent = [clocks(alert.opened_at, events[alert.id], calendar) for alert in opened]
    limits = [wait for alert in opened for wait in waits(alert, events[alert.id], calendar)]
    late = [alert for alert in standing if _late(alert, histories[alert.id], now, calendar)]
    return Figures(
        since=since,
        until=now,
        opened=happened.get("opened", 0),
        acknowledged=happened.get("acknowledged", 0),
        replied=happened.get("replied", 0),
        resolved=happened.get("resolved", 0),
        dismissed=happened.get("dismissed", 0),
        reopened=happened.get("reopened", 0),
        open_now=len(standing),
        unclaimed_now=sum(map(_unclaimed, standing)),
        late_now=len(late),
        to_acknowledge=pace((one.to_acknowledge for one in spent), limits, "acknowledge", now),
        to_reply=pace((one.to_reply for one in spent), limits, "respond", now),
        to_resolve=pace((one.to_resolve for one in spent), limits, "resolve", now),
    )


def pace(times: Iterable[Spent | None], limits: Iterable[Wait], limit: str, now: datetime) -> Pace:
    """How long something took by the clock, and how often its limit was kept; one that runs still
    is not counted.
    """
    seconds = sorted(one.wall for one in times if one)
    decided = [wait for wait in limits if wait.kind == limit and (wait.met_at or wait.late(now))]
    kept = sum(not wait.late(now) for wait in decided)
    if not seconds:
        return Pace(n=0, in_time=kept, limited=len(decided))
    tenth = seconds[ceil(0.9 * len(seconds)) - 1]
    return Pace(
        n=len(seconds),
        median=median(seconds),
        slowest_tenth=tenth,
        in_time=kept,
        limited=len(decided),
    )


def with_waits(card: Card, events: Sequence[AlertEvent], calendar: Calendar) -> Card:
    """The card with how its alert stands against its limits."""
    return replace(card, waits=waits(card.alert, events, calendar))


def _standing(tx: Transaction) -> Iterator[Alert]:
    """Every alert that is not closed."""
    after = 0
    while page := tx.alerts.standing(after, _PAGE):
        yield from page
        after = page[-1].id


def _due(
    standing: Sequence[Alert], histories: Histories, now: datetime, calendar: Calendar
) -> list[Alert]:
    """Alerts that are late or will be soon unless somebody acts, the first of them first."""
    found = []
    for alert in standing:
        ends = [wait.due_at for wait in _running(alert, histories[alert.id], calendar)]
        if ends and min(ends) <= now + SOON:
            found.append((min(ends), alert.id, alert))
    return [alert for *_, alert in sorted(found, key=lambda each: each[:2])]


def _late(alert: Alert, events: Sequence[AlertEvent], now: datetime, calendar: Calendar) -> bool:
    return any(wait.late(now) for wait in _running(alert, events, calendar))


def _running(alert: Alert, events: Sequence[AlertEvent], calendar: Calendar) -> list[Wait]:
    """The limits that nobody has met yet; none while the alert is put away."""
    if alert.status is AlertStatus.SNOOZED:
        return []
    return [wait for wait in waits(alert, events, calendar) if wait.met_at is None]


def _unclaimed(alert: Alert) -> bool:
    return alert.status is AlertStatus.OPEN and not alert.assignee


def _urgency(alert: Alert) -> tuple[int, datetime, int]:
    """The most urgent first, then the oldest."""
    return alert.severity.rank, alert.opened_at, alert.id
