"""Queries about alerts: what became of matches, what an alert holds, and how it moves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select, update

from monitor.domain.action import AlertChange
from monitor.domain.actor import Actor
from monitor.domain.alert import (
    Alert,
    AlertStatus,
    Clause,
    Decision,
    MatchOutcome,
    Severity,
    StoredDecision,
)
from monitor.domain.delivery import Card
from monitor.domain.event import AlertEvent, EventKind
from monitor.domain.feedback import Analysis, Feedback
from monitor.errors import AlertError
from monitor.store.alert_cards import (
    build_cards,
    count_earlier_feedback,
    find_quoting_alerts,
    list_members,
)
from monitor.store.column_types import to_key_text
from monitor.store.customers import CustomerRepository
from monitor.store.decisions import open_system_alert, record_decisions
from monitor.store.joining import find_holder, follow_joined, join_alerts, part_alerts
from monitor.store.mapping import (
    DecisionResults,
    clauses_from_json,
    to_alert,
    to_event,
    to_utc,
)
from monitor.store.outbox import queue_updates
from monitor.store.schema import alert_events, alerts, matches
from monitor.store.statements import columns_among_pairs, split_batches
from monitor.store.transitions import apply_change, assign_opened

_CLOSED = [str(status) for status in AlertStatus if status.is_closed]


class AlertRepository:
    """The problems that a team follows, and every decision that led or did not lead to one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def latest_by_group(self, groups: Collection[tuple[str, str]]) -> dict[tuple[str, str], Alert]:
        """The newest alert of each (rule id, group) that has one, whatever its status.

        In the place of one that was joined into another stands that one.
        """
        asked: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for group in groups:
            asked.setdefault((to_key_text(group[0]), to_key_text(group[1])), []).append(group)
        columns = (alerts.c.group_rule, alerts.c.group_key)
        found: dict[tuple[str, str], Alert] = {}
        for chunk in split_batches(list(asked)):
            newest = (
                select(func.max(alerts.c.id))
                .where(columns_among_pairs(*columns, chunk))
                .group_by(*columns)
            )
            for row in self._connection.execute(select(alerts).where(alerts.c.id.in_(newest))):
                current = follow_joined(self._connection, to_alert(row))
                found.update((group, current) for group in asked[row.group_rule, row.group_key])
        return found

    def latest_by_copy_group(self, groups: Collection[str]) -> dict[str, Alert]:
        """The newest alert of each group of near copies that is not closed, or was joined."""
        found: dict[str, Alert] = {}
        is_open = or_(alerts.c.status.not_in(_CLOSED), alerts.c.joined_into != 0)
        asked = {to_key_text(group): group for group in groups if group}
        for chunk in split_batches(list(asked)):
            newest = (
                select(func.max(alerts.c.id))
                .where(alerts.c.copy_group.in_(chunk), is_open)
                .group_by(alerts.c.copy_group)
            )
            columns = select(*alerts.c).where(alerts.c.id.in_(newest))
            for row in self._connection.execute(columns):
                found[asked[row.copy_group]] = follow_joined(self._connection, to_alert(row))
        return found

    def unclosed_by_feedback(self, feedback_ids: Collection[int]) -> dict[int, Alert]:
        """The alert of each of these feedback that is not closed; of several the newest."""
        return self._newest_by_feedback(feedback_ids, alerts.c.status.not_in(_CLOSED))

    def newest_by_feedback(self, feedback_ids: Collection[int]) -> dict[int, Alert]:
        """The alert that each of these feedback is in, closed or not; of several the newest."""
        return self._newest_by_feedback(feedback_ids)

    def _newest_by_feedback(
        self, feedback_ids: Collection[int], *conditions: ColumnElement[bool]
    ) -> dict[int, Alert]:
        found: dict[int, Alert] = {}
        for chunk in split_batches(list(feedback_ids)):
            statement = (
                select(matches.c.feedback_id, *alerts.c)
                .join_from(matches, alerts, alerts.c.id == matches.c.alert_id)
                .where(matches.c.feedback_id.in_(chunk), *conditions)
                .order_by(alerts.c.id)
            )
            for row in self._connection.execute(statement):
                found[row.feedback_id] = to_alert(row)
        return found

    def already_decided(self, pairs: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
        """Those of the (rule id, feedback id) that were decided before."""
        columns = (matches.c.rule_id, matches.c.feedback_id)
        asked = {
            (to_key_text(rule_id), feedback_id): (rule_id, feedback_id)
            for rule_id, feedback_id in pairs
        }
        found: set[tuple[str, int]] = set()
        for chunk in split_batches(list(asked)):
            rows = self._connection.execute(
                select(*columns).where(columns_among_pairs(*columns, chunk))
            )
            found.update(asked[rule_id, feedback_id] for rule_id, feedback_id in rows)
        return found

    def record_decisions(
        self, decisions: Sequence[Decision], at: datetime, default_channel: str
    ) -> DecisionResults:
        """Store decisions with all that follows from them: alerts, events and outbox rows.

        A rule decides about a feedback once: a decision that is there already is left alone and has
        no effect. One in shadow mode is stored and has no effect either.
        """
        return record_decisions(self._connection, decisions, at, default_channel)

    def open_system_alert(
        self,
        *,
        rule_id: str,
        name: str,
        severity: Severity,
        group: str,
        channel: str,
        reason: str,
        at: datetime,
    ) -> Alert:
        """Open an alert about the program's own work, which has no feedback, with its card."""
        return open_system_alert(
            self._connection,
            rule_id=rule_id,
            name=name,
            severity=severity,
            group=group,
            channel=channel,
            reason=reason,
            at=at,
        )

    def assign_opened(
        self, opened: Sequence[Alert], person: Actor, at: datetime, *, via: str
    ) -> None:
        """Give alerts that this transaction has opened to whoever has duty; they stay open.

        Their cards, which are not committed yet, show it.
        """
        assign_opened(self._connection, opened, person, at, via)

    def get(self, alert_id: int) -> Alert | None:
        """The alert with this id, or None."""
        return next(iter(self._select_alerts(select(alerts).where(alerts.c.id == alert_id))), None)

    def get_standing(self, alert_id: int) -> Alert | None:
        """The alert with this id or, where that was joined into another, the one that stands."""
        found = self.get(alert_id)
        return follow_joined(self._connection, found) if found else None

    def find(
        self,
        *,
        status: Collection[AlertStatus] | None = None,
        since: datetime | None = None,
        rule_id: str | None = None,
        assignee: Actor | None = None,
        unassigned: bool = False,
        limit: int = 50,
    ) -> list[Alert]:
        """Alerts in one of these states (None: in any), opened since a time, of a rule, held by
        `assignee` or by nobody (`unassigned`), newest first.
        """
        statement = select(alerts).order_by(alerts.c.id.desc()).limit(limit)
        if status is not None:
            statement = statement.where(alerts.c.status.in_([str(one) for one in status]))
        if since is not None:
            statement = statement.where(alerts.c.opened_at >= to_utc(since))
        if rule_id is not None:
            statement = statement.where(alerts.c.rule_id == to_key_text(rule_id))
        if assignee is not None:
            statement = statement.where(alerts.c.assignee == to_key_text(str(assignee)))
        if unassigned:
            statement = statement.where(alerts.c.assignee == "")
        return self._select_alerts(statement)

    def events(self, alert_id: int) -> list[AlertEvent]:
        """What happened to an alert, first to last."""
        statement = (
            select(alert_events)
            .where(alert_events.c.alert_id == alert_id)
            .order_by(alert_events.c.id)
        )
        return [to_event(row) for row in self._connection.execute(statement)]

    def event(self, event_id: int) -> AlertEvent | None:
        """The event with this id, or None."""
        row = self._connection.execute(
            select(alert_events).where(alert_events.c.id == event_id)
        ).one_or_none()
        return None if row is None else to_event(row)

    def members(self, alert_id: int) -> list[tuple[Feedback, Analysis, tuple[Clause, ...], str]]:
        """Every feedback in an alert, first to last, with why its rule held and what was decided.

        One that was purged is an empty feedback that says `deleted`.
        """
        return list_members(self._connection, alert_id)

    def card(self, alert_id: int) -> Card | None:
        """All that is needed to show an alert, or None where there is none."""
        card = self.cards([alert_id]).get(alert_id)
        return card and replace(
            card,
            earlier_count=count_earlier_feedback(self._connection, card.feedback),
            history=CustomerRepository(self._connection).find_history(card.feedback.id),
        )

    def cards(self, alert_ids: Collection[int]) -> dict[int, Card]:
        """All that is needed to list each of these alerts, by its id; unknown ids are left out.

        What the same people wrote earlier is only counted for a single card.
        """
        found: dict[int, Card] = {}
        for chunk in split_batches(list(dict.fromkeys(alert_ids))):
            listed = self._select_alerts(select(alerts).where(alerts.c.id.in_(chunk)))
            found |= build_cards(self._connection, listed)
        return {alert_id: found[alert_id] for alert_id in alert_ids if alert_id in found}

    def apply_change(
        self,
        alert_id: int,
        change: AlertChange,
        *,
        at: datetime,
        actor: Actor,
        via: str = "",
        turn: int | None = None,
    ) -> Alert:
        """Change an alert, note who did it, and have its card brought up to date.

        With `turn`, only if nobody has moved it since. Raises AlertError for an unknown alert, one
        that has changed, and a move that its status does not allow.
        """
        before = self._get_existing(alert_id, lock=True)
        if turn is not None and before.turn != turn:
            whose = f" by {before.assignee}" if before.assignee else ""
            raise AlertError(
                f"alert {alert_id} has changed since: it is {before.status}{whose}; look at it "
                "again"
            )
        apply_change(self._connection, before, change, at=at, actor=actor, via=via)
        return self._get_existing(alert_id)

    def join(self, alert_id: int, target_id: int, *, at: datetime, actor: Actor, via: str) -> None:
        """Make one alert of two: all that the first one holds moves into the target."""
        alert, target = (self._get_existing(one, lock=True) for one in (alert_id, target_id))
        join_alerts(self._connection, alert, target, at=at, actor=actor, via=via)

    def part(self, alert_id: int, *, at: datetime, actor: Actor, via: str) -> None:
        """Make two alerts of one that was joined: it opens again with what it held."""
        alert = self._get_existing(alert_id, lock=True)
        holder = self._get_existing(find_holder(self._connection, alert), lock=True)
        part_alerts(self._connection, alert, holder, at=at, actor=actor, via=via)

    def find_timers_due(self, now: datetime, limit: int = 100) -> list[Alert]:
        """Alerts whose clock has to be looked at, the longest overdue first."""
        statement = select(alerts).where(alerts.c.next_at <= to_utc(now))
        return self._select_alerts(statement.order_by(alerts.c.next_at, alerts.c.id).limit(limit))

    def schedule_timer(self, alert: Alert, next_at: datetime | None) -> bool:
        """Say when an alert's clock has to be looked at next; False where the alert has changed
        meanwhile.
        """
        unchanged = (alerts.c.id == alert.id, alerts.c.version == alert.version)
        statement = update(alerts).where(*unchanged).values(next_at=to_utc(next_at))
        return self._connection.execute(statement).rowcount == 1

    def list_unclosed(self, after_id: int = 0, limit: int = 200) -> list[Alert]:
        """Alerts that are not closed, with ids beyond `after`, in the order of their ids: page by
        page, all of them.
        """
        statement = select(alerts).where(alerts.c.id > after_id, alerts.c.status.not_in(_CLOSED))
        return self._select_alerts(statement.order_by(alerts.c.id).limit(limit))

    def events_by_alert(self, alert_ids: Collection[int]) -> dict[int, list[AlertEvent]]:
        """What happened to each of these alerts, first to last.

        That a report joined is left out, except where an alert is put away until reports come
        faster: there are many.
        """
        found: dict[int, list[AlertEvent]] = {alert_id: [] for alert_id in alert_ids}
        counting = select(alerts.c.id).where(alerts.c.snooze.like('%"worse":true%'))
        told = or_(
            alert_events.c.kind != str(EventKind.GROUPED), alert_events.c.alert_id.in_(counting)
        )
        for chunk in split_batches(list(found)):
            statement = (
                select(alert_events)
                .where(alert_events.c.alert_id.in_(chunk), told)
                .order_by(alert_events.c.id)
            )
            for row in self._connection.execute(statement):
                found[row.alert_id].append(to_event(row))
        return found

    def last_assignee_by(self, actor: Actor) -> Actor | None:
        """To whom this actor last assigned an alert; None where it never did."""
        by_actor = (
            alert_events.c.kind == str(EventKind.ASSIGNED),
            alert_events.c.actor == str(actor),
        )
        statement = (
            select(alert_events).where(*by_actor).order_by(alert_events.c.id.desc()).limit(1)
        )
        row = self._connection.execute(statement).one_or_none()
        if row is None:
            return None
        return Actor.parse_optional(to_event(row).details.get("assignee", ""))

    def refresh_cards(self, feedback_ids: Collection[int], at: datetime) -> None:
        """Have the cards that show one of these feedback brought up to date: its words were
        edited.
        """
        shown = sorted(find_quoting_alerts(self._connection, list(feedback_ids)))
        if shown:
            self._connection.execute(
                update(alerts).where(alerts.c.id.in_(shown)).values(version=alerts.c.version + 1)
            )
            queue_updates(self._connection, shown, at)

    def list_decisions(self, feedback_id: int) -> list[StoredDecision]:
        """What every rule that held for a feedback decided about it, and why."""
        statement = (
            select(matches).where(matches.c.feedback_id == feedback_id).order_by(matches.c.id)
        )
        return [_to_stored_decision(row) for row in self._connection.execute(statement)]

    def _get_existing(self, alert_id: int, *, lock: bool = False) -> Alert:
        statement = select(alerts).where(alerts.c.id == alert_id)
        found = self._select_alerts(statement.with_for_update() if lock else statement)
        if not found:
            raise AlertError(
                f"there is no alert {alert_id}; `repwatch alerts list` shows which there are"
            )
        return found[0]

    def _select_alerts(self, statement: Any) -> list[Alert]:
        return [to_alert(row) for row in self._connection.execute(statement)]


def _to_stored_decision(row: Row[Any]) -> StoredDecision:
    return StoredDecision(
        rule_id=row.rule_id,
        rule_version=row.rule_version,
        rule_number=row.rule_number,
        severity=Severity(row.severity),
        live=row.live,
        outcome=MatchOutcome(row.outcome),
        reason=row.reason,
        clauses=clauses_from_json(row.clauses),
        alert_id=row.alert_id or 0,
        at=row.at,
        rule_name=row.rule_name,
    )
