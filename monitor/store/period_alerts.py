"""Queries about what a team did in a period, and about how much of the sources was seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from monitor.domain.alert import Alert, AlertStatus, MatchOutcome
from monitor.domain.delivery import DeliveryKind
from monitor.domain.event import AlertEvent, EventKind
from monitor.domain.period_facts import (
    AlertHistory,
    RuleActivity,
    RuleVerdicts,
    SourceCoverage,
    find_blind_spans,
)
from monitor.domain.source_health import Gap, PollHour
from monitor.domain.verdict import VerdictKind
from monitor.store.alert_cards import IS_MEMBER, list_members_by_alert
from monitor.store.alerts import AlertRepository
from monitor.store.feedback import AnalysedFeedback
from monitor.store.mapping import to_alert, to_event, to_utc
from monitor.store.schema import (
    alert_events,
    alerts,
    deliveries,
    matches,
    source_gaps,
    source_hours,
    verdicts,
)
from monitor.store.statements import split_batches

_CLOSED = (str(AlertStatus.RESOLVED), str(AlertStatus.DISMISSED))
_BY_HAND = (EventKind.OPENED, EventKind.ESCALATED)


class PeriodAlertRepository:
    """What became of alerts from a time on and before another."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_opened(self, since: datetime, until: datetime) -> list[AlertHistory]:
        """Every alert that was opened in a period, oldest first, with all that became of it.

        An alert that a person joined into another is among them, and says so.
        """
        opened = and_(alerts.c.opened_at >= to_utc(since), alerts.c.opened_at < to_utc(until))
        return self._load_histories(select(alerts).where(opened))

    def list_open_at(self, at: datetime) -> list[AlertHistory]:
        """Every alert that was not closed just before a moment, oldest first, with all that
        happened to it, also later.

        Those that were open at a period's end are its unresolved ones; their age counts from
        `opened_at`.
        """
        closed_since = select(alert_events.c.alert_id).where(
            alert_events.c.at >= to_utc(at), alert_events.c.before.not_in(_CLOSED)
        )
        maybe = or_(alerts.c.status.not_in(_CLOSED), alerts.c.id.in_(closed_since))
        found = self._load_histories(select(alerts).where(alerts.c.opened_at < to_utc(at), maybe))
        return [history for history in found if not history.status_at(at).is_closed]

    def list_replied(self, since: datetime, until: datetime) -> list[AlertHistory]:
        """Every alert whose customer was answered in a period, oldest first.

        `AlertHistory.outcomes` tells what the customer did then.
        """
        replied = select(alert_events.c.alert_id).where(
            _happened(since, until), alert_events.c.kind == str(EventKind.REPLIED)
        )
        return self._load_histories(select(alerts).where(alerts.c.id.in_(replied)))

    def list_acts_by_hand(self, since: datetime, until: datetime) -> list[AlertEvent]:
        """When people, and no rule or timer, opened or escalated an alert in a period, in order."""
        statement = (
            select(alert_events)
            .where(_happened(since, until), alert_events.c.kind.in_([str(k) for k in _BY_HAND]))
            .order_by(alert_events.c.at, alert_events.c.id)
        )
        events = map(to_event, self._connection.execute(statement))
        return [event for event in events if event.actor.is_person]

    def count_rule_activity(self, since: datetime, until: datetime) -> list[RuleActivity]:
        """What became of the matches that were decided in a period, by rule and outcome."""
        newest = func.max(matches.c.rule_name)
        columns = (matches.c.rule_id, matches.c.live, matches.c.outcome)
        statement = (
            select(*columns, newest, func.count())
            .where(matches.c.at >= to_utc(since), matches.c.at < to_utc(until))
            .group_by(*columns)
            .order_by(*columns)
        )
        return [
            RuleActivity(
                rule_id=rule_id,
                rule_name=name,
                live=live,
                outcome=MatchOutcome(outcome),
                count=count,
            )
            for rule_id, live, outcome, name, count in self._connection.execute(statement)
        ]

    def count_rule_verdicts(self, since: datetime, until: datetime) -> list[RuleVerdicts]:
        """What the team said in a period of each rule: one vote a feedback, the last word."""
        statement = (
            select(verdicts.c.rule_id, verdicts.c.feedback_id, verdicts.c.value)
            .where(
                verdicts.c.at >= to_utc(since),
                verdicts.c.at < to_utc(until),
                verdicts.c.rule_id != "",
                verdicts.c.kind.in_([str(VerdictKind.USEFUL), str(VerdictKind.RULE)]),
            )
            .order_by(verdicts.c.at, verdicts.c.id)
        )
        rows = self._connection.execute(statement)
        last = {(rule_id, feedback_id): value for rule_id, feedback_id, value in rows}
        votes: dict[str, list[str]] = {}
        for (rule_id, _), value in last.items():
            votes.setdefault(rule_id, []).append(value)
        return [
            RuleVerdicts(rule_id=rule_id, useful=said.count("yes"), not_useful=said.count("no"))
            for rule_id, said in sorted(votes.items())
        ]

    def list_members(self, alert_ids: Sequence[int]) -> dict[int, list[AnalysedFeedback]]:
        """Return the feedback in each of these alerts, first to last, that is still stored."""
        return list_members_by_alert(self._connection, alert_ids)

    def find_held_back(self, since: datetime, until: datetime) -> frozenset[int]:
        """Which alerts opened in a period have a card that stands in a summary.

        It was beyond its channel's budget.
        """
        opened = and_(alerts.c.opened_at >= to_utc(since), alerts.c.opened_at < to_utc(until))
        summaries = select(deliveries.c.id).where(
            deliveries.c.kind == str(DeliveryKind.SUMMARY), deliveries.c.created_at >= to_utc(since)
        )
        statement = (
            select(deliveries.c.alert_id)
            .join_from(deliveries, alerts, alerts.c.id == deliveries.c.alert_id)
            .where(opened, deliveries.c.merged_into.in_(summaries))
        )
        return frozenset(self._connection.execute(statement).scalars())

    def _load_histories(self, statement: Select[Any]) -> list[AlertHistory]:
        ordered = statement.order_by(alerts.c.opened_at, alerts.c.id)
        found = [to_alert(row) for row in self._connection.execute(ordered)]
        ids = [alert.id for alert in found]
        events = AlertRepository(self._connection).events_by_alert(ids)
        subjects = self._find_subjects(ids)
        return [_to_history(alert, events[alert.id], subjects) for alert in found]

    def _find_subjects(self, alert_ids: Sequence[int]) -> dict[int, tuple[str, int]]:
        """The source and id of the first feedback of each alert."""
        found: dict[int, tuple[str, int]] = {}
        for chunk in split_batches(alert_ids):
            members = (
                select(matches.c.alert_id, matches.c.source_id, matches.c.feedback_id)
                .where(matches.c.alert_id.in_(chunk), IS_MEMBER)
                .order_by(matches.c.id.desc())
            )
            for alert_id, source_id, feedback_id in self._connection.execute(members):
                found[alert_id] = source_id, feedback_id
        return found


class CoverageRepository:
    """How much of each source was seen from a time on and before another."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_sources(
        self, since: datetime, until: datetime, source_ids: Iterable[str] | None = None
    ) -> list[SourceCoverage]:
        """The polls, gaps and blind hours of each source that was asked or has a gap, by its id."""
        wanted = None if source_ids is None else list(source_ids)
        hours = self._hours_by_source(since, until, wanted)
        gaps = self._gaps_by_source(since, until, wanted)
        return [
            _to_coverage(name, hours.get(name, []), gaps.get(name, []), since, until)
            for name in sorted({*hours, *gaps})
        ]

    def _hours_by_source(
        self, since: datetime, until: datetime, source_ids: list[str] | None
    ) -> dict[str, list[PollHour]]:
        columns = [source_hours.c[name] for name in PollHour.__dataclass_fields__]
        # An hour belongs to the period in which it begins.
        wanted = [source_hours.c.at >= to_utc(since), source_hours.c.at < to_utc(until)]
        wanted += _among(source_hours.c.source_id, source_ids)
        statement = select(source_hours.c.source_id, *columns).where(*wanted)
        found: dict[str, list[PollHour]] = {}
        for source_id, *hour in self._connection.execute(statement.order_by(source_hours.c.at)):
            found.setdefault(source_id, []).append(PollHour(*hour))
        return found

    def _gaps_by_source(
        self, since: datetime, until: datetime, source_ids: list[str] | None
    ) -> dict[str, list[Gap]]:
        lasts = or_(source_gaps.c.until.is_(None), source_gaps.c.until > to_utc(since))
        wanted = [source_gaps.c.since < to_utc(until), lasts]
        wanted += _among(source_gaps.c.source_id, source_ids)
        columns = [source_gaps.c[name] for name in Gap.__dataclass_fields__]
        statement = select(source_gaps.c.source_id, *columns).where(*wanted)
        found: dict[str, list[Gap]] = {}
        for source_id, *gap in self._connection.execute(statement.order_by(source_gaps.c.since)):
            found.setdefault(source_id, []).append(Gap(*gap))
        return found


def _happened(since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(alert_events.c.at >= to_utc(since), alert_events.c.at < to_utc(until))


def _among(column: ColumnElement[str], values: list[str] | None) -> list[ColumnElement[bool]]:
    return [] if values is None else [column.in_(values)]


def _to_history(
    alert: Alert, events: Sequence[AlertEvent], subjects: dict[int, tuple[str, int]]
) -> AlertHistory:
    source_id, feedback_id = subjects.get(alert.id, ("", 0))
    return AlertHistory(
        alert=alert, events=tuple(events), source_id=source_id, feedback_id=feedback_id
    )


def _to_coverage(
    source_id: str,
    hours: Sequence[PollHour],
    gaps: Sequence[Gap],
    since: datetime,
    until: datetime,
) -> SourceCoverage:
    return SourceCoverage(
        source_id=source_id,
        polls=sum(hour.polls for hour in hours),
        failures=sum(hour.failures for hour in hours),
        items=sum(hour.items for hour in hours),
        gaps=tuple(gaps),
        blind=find_blind_spans(hours, gaps, since, until),
    )
