"""What an alert holds and how it is shown: its feedback, their sources, the rules that held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from monitor.domain.alert import Alert, Clause, MatchOutcome, NamedRule, Severity
from monitor.domain.delivery import Card
from monitor.domain.feedback import Analysis, Feedback
from monitor.store.column_types import to_key_text
from monitor.store.mapping import (
    clauses_from_json,
    purged_placeholder,
    system_alert_placeholder,
    to_analysis,
    to_feedback,
    to_utc,
)
from monitor.store.schema import alerts, analyses, feedback, matches
from monitor.store.statements import split_batches

#: How much of a source is looked through: there is no index of authors, and nobody waits long for a
#: card.
MAX_SCANNED = 20_000


def count_earlier_feedback(connection: Connection, item: Feedback) -> int:
    """How often the author wrote to the same source before, among the last that came there.

    A person is known by the source's own id, by name where the source gives no ids, and not at all
    without either.
    """
    if not item.author.is_known:
        return 0
    before = (
        feedback.c.source_id == to_key_text(item.source_id),
        feedback.c.at < to_utc(item.seen_or_created),
    )
    columns = (feedback.c.author_id, feedback.c.author_name)
    last = (
        select(*columns).where(*before).order_by(feedback.c.at.desc()).limit(MAX_SCANNED).subquery()
    )
    same = [
        last.c.author_id == item.author.id,
        *([] if item.author.id else [last.c.author_name == item.author.name]),
    ]
    return connection.execute(select(func.count()).select_from(last).where(*same)).scalar_one()


_MEMBER = (
    *feedback.c,
    *(column.label(f"a_{column.name}") for column in analyses.c),
    *(column.label(f"m_{column.name}") for column in matches.c),
)
#: What only names another rule on the alert of its feedback is no member of it.
IS_MEMBER = matches.c.outcome != str(MatchOutcome.ALSO)
_MEMBERS = (
    select(*_MEMBER)
    .select_from(matches)
    .outerjoin(feedback, feedback.c.id == matches.c.feedback_id)
    .outerjoin(analyses, analyses.c.feedback_id == matches.c.feedback_id)
)


def find_quoting_alerts(connection: Connection, feedback_ids: Sequence[int]) -> set[int]:
    """Return the alerts that quote one of these feedback: in their reason, and on their cards.

    Alerts from before it was noted quote what opened them.
    """
    explained = select(alerts.c.id).where(alerts.c.explained_by.in_(feedback_ids))
    opened = (
        select(matches.c.alert_id)
        .join_from(matches, alerts, alerts.c.id == matches.c.alert_id)
        .where(
            matches.c.feedback_id.in_(feedback_ids),
            matches.c.outcome == str(MatchOutcome.OPENED),
            alerts.c.explained_by == 0,
        )
    )
    return set(connection.execute(explained.union(opened)).scalars())


def list_members(
    connection: Connection, alert_id: int
) -> list[tuple[Feedback, Analysis, tuple[Clause, ...], str]]:
    """Return every feedback in an alert; see `AlertRepository.members`."""
    statement = _MEMBERS.where(matches.c.alert_id == alert_id, IS_MEMBER)
    return [
        (*_to_member(row), clauses_from_json(row.m_clauses), row.m_reason)
        for row in connection.execute(statement.order_by(matches.c.id))
    ]


def list_members_by_alert(
    connection: Connection, alert_ids: Sequence[int]
) -> dict[int, list[tuple[Feedback, Analysis]]]:
    """Return the feedback in each of these alerts, first to last, without what was removed."""
    found: dict[int, list[tuple[Feedback, Analysis]]] = {which: [] for which in alert_ids}
    for chunk in split_batches(alert_ids):
        is_there = feedback.c.id.is_not(None)
        statement = _MEMBERS.where(matches.c.alert_id.in_(chunk), IS_MEMBER, is_there)
        for row in connection.execute(statement.order_by(matches.c.id)):
            found[row.m_alert_id].append(_to_member(row))
    return found


def build_cards(connection: Connection, listed: Sequence[Alert]) -> dict[int, Card]:
    """Return all that is needed to list each of these alerts, by its id."""
    ids = [alert.id for alert in listed]
    sources = _sources_by_alert(connection, ids)
    firsts = _explaining_member_by_alert(connection, ids)
    firsts |= _first_member_by_alert(connection, [one for one in ids if one not in firsts])
    others = _other_rules_by_alert(connection, ids)
    return {
        alert.id: _build_card(
            alert, firsts.get(alert.id), sources.get(alert.id, ()), others.get(alert.id, ())
        )
        for alert in listed
    }


def _build_card(
    alert: Alert,
    first: tuple[Feedback, Analysis] | None,
    sources: Sequence[str],
    others: Sequence[NamedRule],
) -> Card:
    feedback, analysis = first or _placeholder_of(alert)
    return Card(
        alert=alert,
        feedback=feedback,
        analysis=analysis,
        sources=tuple(sources),
        also=tuple(others),
    )


def _placeholder_of(alert: Alert) -> tuple[Feedback, Analysis]:
    if alert.members:
        return purged_placeholder(0, "", alert.opened_at)
    return system_alert_placeholder(alert)


def _other_rules_by_alert(
    connection: Connection, alert_ids: Sequence[int]
) -> dict[int, list[NamedRule]]:
    """Return the rules that hold besides the leading one, the most severe first."""
    columns = (matches.c.alert_id, matches.c.rule_id, matches.c.severity)
    statement = (
        select(*columns, func.max(matches.c.rule_name).label("name"))
        .join_from(matches, alerts, alerts.c.id == matches.c.alert_id)
        .where(matches.c.alert_id.in_(alert_ids), matches.c.rule_id != alerts.c.rule_id)
        .group_by(*columns)
        .order_by(func.min(matches.c.id))
    )
    rows = connection.execute(statement).all()
    found: dict[int, dict[NamedRule, None]] = {}
    for row in sorted(rows, key=lambda row: Severity(row.severity).rank):
        found.setdefault(row.alert_id, {})[NamedRule(row.rule_id, row.name or row.rule_id)] = None
    return {alert_id: list(rules) for alert_id, rules in found.items()}


def _sources_by_alert(connection: Connection, alert_ids: Sequence[int]) -> dict[int, list[str]]:
    order = func.min(matches.c.id)
    statement = (
        select(matches.c.alert_id, matches.c.source_id)
        .where(matches.c.alert_id.in_(alert_ids), IS_MEMBER)
        .group_by(matches.c.alert_id, matches.c.source_id)
        .order_by(order)
    )
    found: dict[int, list[str]] = {}
    for alert_id, source_id in connection.execute(statement):
        found.setdefault(alert_id, []).append(source_id)
    return found


def _first_member_by_alert(
    connection: Connection, alert_ids: Sequence[int]
) -> dict[int, tuple[Feedback, Analysis]]:
    first = (
        select(func.min(matches.c.id))
        .where(matches.c.alert_id.in_(alert_ids), IS_MEMBER)
        .group_by(matches.c.alert_id)
    )
    rows = connection.execute(_MEMBERS.where(matches.c.id.in_(first)))
    return {row.m_alert_id: _to_member(row) for row in rows}


def _explaining_member_by_alert(
    connection: Connection, alert_ids: Sequence[int]
) -> dict[int, tuple[Feedback, Analysis]]:
    """Return the feedback that the reasons of these alerts quote, also of joined ones."""
    columns = (
        alerts.c.id.label("of_alert"),
        alerts.c.explained_by.label("m_feedback_id"),
        alerts.c.channel.label("m_source_id"),
        alerts.c.opened_at.label("m_at"),
        *feedback.c,
        *(column.label(f"a_{column.name}") for column in analyses.c),
    )
    statement = (
        select(*columns)
        .select_from(alerts)
        .join(feedback, feedback.c.id == alerts.c.explained_by)
        .outerjoin(analyses, analyses.c.feedback_id == alerts.c.explained_by)
        .where(alerts.c.id.in_(alert_ids), alerts.c.explained_by != 0)
    )
    return {row.of_alert: _to_member(row) for row in connection.execute(statement)}


def _to_member(row: Row[Any]) -> tuple[Feedback, Analysis]:
    if row.id is None or row.a_feedback_id is None:
        return purged_placeholder(row.m_feedback_id, row.m_source_id, row.m_at)
    return to_feedback(row), to_analysis(row)
