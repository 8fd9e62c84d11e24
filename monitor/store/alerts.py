"""Queries about alerts: what became of matches, what an alert holds, and how it moves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, update

from monitor.domain.action import Change
from monitor.domain.alert import (
    Alert,
    AlertEvent,
    AlertStatus,
    Clause,
    Decision,
    Explained,
    Outcome,
    Severity,
)
from monitor.domain.delivery import Card
from monitor.domain.feedback import Analysis, Feedback
from monitor.errors import AlertError
from monitor.store.column_types import key_text
from monitor.store.compiled import chunks, pairs_in
from monitor.store.decisions import raise_notice, record
from monitor.store.mapping import (
    Recorded,
    about,
    purged,
    to_alert,
    to_analysis,
    to_clauses,
    to_event,
    to_feedback,
    to_utc,
)
from monitor.store.outbox import queue_updates
from monitor.store.schema import alert_events, alerts, analyses, feedback, matches
from monitor.store.transitions import apply

#: How much of a source is looked through: there is no index of authors, and nobody waits long for a
#: card.
LOOKED_THROUGH = 20_000


def earlier(connection: Connection, of: Feedback) -> int:
    """How often the author wrote to the same source before, among the last that came there.

    A person is known by the source's own id, by name where the source gives no ids, and not at all
    without either.
    """
    if not of.author.known:
        return 0
    before = (
        feedback.c.source_id == key_text(of.source_id),
        feedback.c.at < to_utc(of.seen_or_created),
    )
    columns = (feedback.c.author_id, feedback.c.author_name)
    last = (
        select(*columns)
        .where(*before)
        .order_by(feedback.c.at.desc())
        .limit(LOOKED_THROUGH)
        .subquery()
    )
    same = [
        last.c.author_id == of.author.id,
        *([] if of.author.id else [last.c.author_name == of.author.name]),
    ]
    return connection.execute(select(func.count()).select_from(last).where(*same)).scalar_one()


_MEMBER = (
    *feedback.c,
    *(column.label(f"a_{column.name}") for column in analyses.c),
    *(column.label(f"m_{column.name}") for column in matches.c),
)
_MEMBERS = (
    select(*_MEMBER)
    .select_from(matches)
    .outerjoin(feedback, feedback.c.id == matches.c.feedback_id)
    .outerjoin(analyses, analyses.c.feedback_id == matches.c.feedback_id)
)


class Alerts:
    """The problems that a team follows, and every decision that led or did not lead to one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def latest(self, groups: Collection[tuple[str, str]]) -> dict[tuple[str, str], Alert]:
        """The newest alert of each (rule id, group) that has one, whatever its status."""
        asked: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for group in groups:
            asked.setdefault((key_text(group[0]), key_text(group[1])), []).append(group)
        columns = (alerts.c.rule_id, alerts.c.group_key)
        found: dict[tuple[str, str], Alert] = {}
        for chunk in chunks(list(asked)):
            newest = (
                select(func.max(alerts.c.id)).where(pairs_in(*columns, chunk)).group_by(*columns)
            )
            for alert in self._alerts(select(alerts).where(alerts.c.id.in_(newest))):
                found.update((group, alert) for group in asked[alert.rule_id, alert.group])
        return found

    def matched(self, pairs: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
        """Those of the (rule id, feedback id) that were decided before."""
        columns = (matches.c.rule_id, matches.c.feedback_id)
        asked = {
            (key_text(rule_id), feedback_id): (rule_id, feedback_id)
            for rule_id, feedback_id in pairs
        }
        found: set[tuple[str, int]] = set()
        for chunk in chunks(list(asked)):
            rows = self._connection.execute(select(*columns).where(pairs_in(*columns, chunk)))
            found.update(asked[rule_id, feedback_id] for rule_id, feedback_id in rows)
        return found

    def record(self, decisions: Sequence[Decision], at: datetime, default_channel: str) -> Recorded:
        """Store decisions with all that follows from them: alerts, events and outbox rows.

        A rule decides about a feedback once: a decision that is there already is left alone and has
        no effect. One in shadow mode is stored and has no effect either.
        """
        return record(self._connection, decisions, at, default_channel)

    def raise_notice(
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
        return raise_notice(
            self._connection,
            rule_id=rule_id,
            name=name,
            severity=severity,
            group=group,
            channel=channel,
            reason=reason,
            at=at,
        )

    def get(self, alert_id: int) -> Alert | None:
        """The alert with this id, or None."""
        return next(iter(self._alerts(select(alerts).where(alerts.c.id == alert_id))), None)

    def find(
        self,
        *,
        status: Collection[AlertStatus] | None = None,
        since: datetime | None = None,
        rule_id: str | None = None,
        assignee: str | None = None,
        limit: int = 50,
    ) -> list[Alert]:
        """Alerts in one of these states (None: in any), opened since a time, of a rule, of a
        holder, newest first.

        The holder "" stands for nobody.
        """
        statement = select(alerts).order_by(alerts.c.id.desc()).limit(limit)
        if status is not None:
            statement = statement.where(alerts.c.status.in_([str(one) for one in status]))
        if since is not None:
            statement = statement.where(alerts.c.opened_at >= to_utc(since))
        if rule_id is not None:
            statement = statement.where(alerts.c.rule_id == key_text(rule_id))
        if assignee is not None:
            statement = statement.where(alerts.c.assignee == key_text(assignee))
        return self._alerts(statement)

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
        statement = _MEMBERS.where(matches.c.alert_id == alert_id).order_by(matches.c.id)
        return [
            (*_to_member(row), to_clauses(row.m_clauses), row.m_reason)
            for row in self._connection.execute(statement)
        ]

    def card(self, alert_id: int) -> Card | None:
        """All that is needed to show an alert, or None where there is none."""
        card = self.cards([alert_id]).get(alert_id)
        return card and replace(card, earlier=earlier(self._connection, card.feedback))

    def cards(self, alert_ids: Collection[int]) -> dict[int, Card]:
        """All that is needed to list each of these alerts, by its id; unknown ids are left out.

        What the same people wrote earlier is only counted for a single card.
        """
        found: dict[int, Card] = {}
        for chunk in chunks(list(dict.fromkeys(alert_ids))):
            sources = self._sources(chunk)
            firsts = self._firsts(chunk)
            for alert in self._alerts(select(alerts).where(alerts.c.id.in_(chunk))):
                first = firsts.get(alert.id) or (
                    purged(0, "", alert.opened_at) if alert.members else about(alert)
                )
                found[alert.id] = Card(
                    alert=alert,
                    feedback=first[0],
                    analysis=first[1],
                    sources=tuple(sources.get(alert.id, ())),
                )
        return {alert_id: found[alert_id] for alert_id in alert_ids if alert_id in found}

    def apply(
        self,
        alert_id: int,
        change: Change,
        *,
        at: datetime,
        actor: str,
        via: str = "",
        turn: int | None = None,
    ) -> Alert:
        """Change an alert, note who did it, and have its card brought up to date.

        With `turn`, only if nobody has moved it since. Raises AlertError for an unknown alert, one
        that has changed, and a move that its status does not allow.
        """
        before = self._existing(alert_id, lock=True)
        if turn is not None and before.turn != turn:
            whose = f" by {before.assignee}" if before.assignee else ""
            raise AlertError(
                f"alert {alert_id} has changed since: it is {before.status}{whose}; look at it "
                "again"
            )
        apply(self._connection, before, change, at=at, actor=actor, via=via)
        return self._existing(alert_id)

    def due(self, now: datetime, limit: int = 100) -> list[Alert]:
        """Alerts whose clock has to be looked at, the longest overdue first."""
        statement = select(alerts).where(alerts.c.next_at <= to_utc(now))
        return self._alerts(statement.order_by(alerts.c.next_at, alerts.c.id).limit(limit))

    def wind(self, alert: Alert, next_at: datetime | None) -> bool:
        """Say when an alert's clock has to be looked at next; False where the alert has changed
        meanwhile.
        """
        unchanged = (alerts.c.id == alert.id, alerts.c.version == alert.version)
        statement = update(alerts).where(*unchanged).values(next_at=to_utc(next_at))
        return self._connection.execute(statement).rowcount == 1

    def standing(self, after: int = 0, limit: int = 200) -> list[Alert]:
        """Alerts that are not closed, with ids beyond `after`, in the order of their ids: page by
        page, all of them.
        """
        closed = [str(status) for status in AlertStatus if status.closed]
        statement = select(alerts).where(alerts.c.id > after, alerts.c.status.not_in(closed))
        return self._alerts(statement.order_by(alerts.c.id).limit(limit))

    def histories(self, alert_ids: Collection[int]) -> dict[int, list[AlertEvent]]:
        """What happened to each of these alerts, first to last.

        That a report joined is left out, except where an alert is put away until reports come
        faster: there are many.
        """
        found: dict[int, list[AlertEvent]] = {alert_id: [] for alert_id in alert_ids}
        counting = select(alerts.c.id).where(alerts.c.snooze.like('%"worse":true%'))
        told = or_(alert_events.c.kind != "grouped", alert_events.c.alert_id.in_(counting))
        for chunk in chunks(list(found)):
            statement = (
                select(alert_events)
                .where(alert_events.c.alert_id.in_(chunk), told)
                .order_by(alert_events.c.id)
            )
            for row in self._connection.execute(statement):
                found[row.alert_id].append(to_event(row))
        return found

    def last_assigned(self, actor: str) -> str:
        """To whom this actor gave an alert the last time; empty where it never did."""
        by_actor = (alert_events.c.kind == "assigned", alert_events.c.actor == actor)
        statement = (
            select(alert_events).where(*by_actor).order_by(alert_events.c.id.desc()).limit(1)
        )
        row = self._connection.execute(statement).one_or_none()
        return "" if row is None else str(to_event(row).details.get("assignee", ""))

    def refresh(self, feedback_ids: Collection[int], at: datetime) -> None:
        """Have the cards that show one of these feedback brought up to date: its words were
        edited.
        """
        opened = select(matches.c.alert_id).where(
            matches.c.feedback_id.in_(feedback_ids),
            matches.c.outcome == str(Outcome.OPENED),
            matches.c.alert_id.is_not(None),
        )
        shown = sorted(set(self._connection.execute(opened).scalars()))
        if shown:
            self._connection.execute(
                update(alerts).where(alerts.c.id.in_(shown)).values(version=alerts.c.version + 1)
            )
            queue_updates(self._connection, shown, at)

    def explained(self, feedback_id: int) -> list[Explained]:
        """What every rule that held for a feedback decided about it, and why."""
        statement = (
            select(matches).where(matches.c.feedback_id == feedback_id).order_by(matches.c.id)
        )
        return [_to_explained(row) for row in self._connection.execute(statement)]

    def _existing(self, alert_id: int, *, lock: bool = False) -> Alert:
        statement = select(alerts).where(alerts.c.id == alert_id)
        found = self._alerts(statement.with_for_update() if lock else statement)
        if not found:
            raise AlertError(
                f"there is no alert {alert_id}; `repwatch alerts list` shows which there are"
            )
        return found[0]

    def _alerts(self, statement: Any) -> list[Alert]:
        return [to_alert(row) for row in self._connection.execute(statement)]

    def _sources(self, alert_ids: Sequence[int]) -> dict[int, list[str]]:
        order = func.min(matches.c.id)
        statement = (
            select(matches.c.alert_id, matches.c.source_id)
            .where(matches.c.alert_id.in_(alert_ids))
            .group_by(matches.c.alert_id, matches.c.source_id)
            .order_by(order)
        )
        found: dict[int, list[str]] = {}
        for alert_id, source_id in self._connection.execute(statement):
            found.setdefault(alert_id, []).append(source_id)
        return found

    def _firsts(self, alert_ids: Sequence[int]) -> dict[int, tuple[Feedback, Analysis]]:
        first = (
            select(func.min(matches.c.id))
            .where(matches.c.alert_id.in_(alert_ids))
            .group_by(matches.c.alert_id)
        )
        rows = self._connection.execute(_MEMBERS.where(matches.c.id.in_(first)))
        return {row.m_alert_id: _to_member(row) for row in rows}


def _to_member(row: Row[Any]) -> tuple[Feedback, Analysis]:
    if row.id is None or row.a_feedback_id is None:
        return purged(row.m_feedback_id, row.m_source_id, row.m_at)
    return to_feedback(row), to_analysis(row)


def _to_explained(row: Row[Any]) -> Explained:
    return Explained(
        rule_id=row.rule_id,
        rule_version=row.rule_version,
        severity=Severity(row.severity),
        live=row.live,
        outcome=Outcome(row.outcome),
        reason=row.reason,
        clauses=to_clauses(row.clauses),
        alert_id=row.alert_id or 0,
        at=row.at,
    )
