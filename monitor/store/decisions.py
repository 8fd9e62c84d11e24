"""Turning decisions into rows: matches, alerts, events and the outbox, in bulk and each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, insert, select, update

from monitor.domain.action import AlertChange
from monitor.domain.actor import SYSTEM, Actor
from monitor.domain.alert import (
    Alert,
    AlertReference,
    AlertStatus,
    CardPlace,
    Decision,
    Match,
    MatchOutcome,
    Severity,
)
from monitor.domain.event import EventKind
from monitor.store.column_types import to_json, to_key_text
from monitor.store.mapping import DecisionResults, clauses_to_json, limits_to_json, to_alert, to_utc
from monitor.store.match_history import digest_group
from monitor.store.outbox import AlertCards, queue_cards, queue_more_cards, queue_updates
from monitor.store.raising import (
    Attached,
    Opened,
    add_limits,
    load_alerts,
    name_channels,
    raise_alerts,
    relate_alerts,
)
from monitor.store.schema import alert_events, alerts, matches
from monitor.store.statements import insert_for
from monitor.store.transitions import apply_change, event_row

MatchKey = tuple[str, int]
_ATTACHED = (MatchOutcome.GROUPED, MatchOutcome.REOPENED, MatchOutcome.ALSO)


def record_decisions(
    connection: Connection, decisions: Sequence[Decision], at: datetime, default_channel: str
) -> DecisionResults:
    """Store decisions with all that follows from them; see `AlertRepository.record_decisions`."""
    if not decisions:
        return DecisionResults()
    first: dict[MatchKey, Decision] = {}
    for decision in decisions:
        first.setdefault(_match_key(decision.match), decision)
    new = _insert_matches(connection, first, at)
    live = [decision for pair, decision in first.items() if pair in new and decision.match.live]
    opened, attached = _open_or_attach(connection, live, at, default_channel)
    joined = [pair for pair in attached if pair[0].outcome is not MatchOutcome.ALSO]
    _link_matches(connection, new, opened, attached)
    _count_attached(connection, attached, at)
    _insert_events(connection, opened, joined, at)
    _show_alerts(connection, opened, attached, at, default_channel)
    reopened = _reopen_alerts(connection, joined, at)
    raised = raise_alerts(connection, attached, at, default_channel)
    add_limits(connection, attached, at)
    relate_alerts(connection, opened, at)
    suppressed = sum(decision.outcome is MatchOutcome.SUPPRESSED for decision in live)
    return DecisionResults(
        opened=_reload_alerts(connection, opened),
        grouped=len(joined),
        reopened=reopened,
        raised=raised,
        suppressed=suppressed,
    )


def open_system_alert(
    connection: Connection,
    *,
    rule_id: str,
    name: str,
    severity: Severity,
    group: str,
    channel: str,
    reason: str,
    at: datetime,
) -> Alert:
    """Open an alert that no feedback made, with its event and its card."""
    row = {
        "rule_id": rule_id,
        "rule_name": name,
        "rule_version": "",
        "rule_number": 0,
        "severity": str(severity),
        "status": str(AlertStatus.OPEN),
        "group_key": group,
        "group_rule": rule_id,
        "channel": channel,
        "mention": "",
        "reason": reason,
        "words": "[]",
        "opened_at": to_utc(at),
        "updated_at": to_utc(at),
        "members": 0,
        **_NEW_ALERT_COLUMNS,
    }
    alert = to_alert(connection.execute(insert(alerts).values(row).returning(*alerts.c)).one())
    event = event_row(alert.id, at, EventKind.OPENED, SYSTEM, after=AlertStatus.OPEN, note=reason)
    connection.execute(insert(alert_events).values(event))
    queue_cards(connection, [AlertCards(alert)], at)
    return alert


def _match_key(match: Match) -> MatchKey:
    return to_key_text(match.rule_id), match.feedback.id


def _insert_matches(
    connection: Connection, decisions: dict[MatchKey, Decision], at: datetime
) -> dict[MatchKey, int]:
    """The id of each match that was not there before."""
    if not decisions:
        return {}
    once = insert_for(connection, matches).on_conflict_do_nothing(
        index_elements=["feedback_id", "rule_id"]
    )
    statement = once.returning(matches.c.id, matches.c.rule_id, matches.c.feedback_id)
    rows = [_match_row(decision, at) for decision in decisions.values()]
    return {
        (rule_id, feedback_id): match_id
        for match_id, rule_id, feedback_id in connection.execute(statement, rows)
    }


def _match_row(decision: Decision, at: datetime) -> dict[str, Any]:
    match = decision.match
    return {
        "feedback_id": match.feedback.id,
        "source_id": match.feedback.source_id,
        "rule_id": match.rule_id,
        "rule_version": match.rule_version,
        "rule_number": match.rule_number,
        "severity": str(match.severity),
        "live": match.live,
        "outcome": str(decision.outcome),
        "reason": decision.reason,
        "alert_id": None,
        "clauses": clauses_to_json(match.clauses),
        "at": to_utc(at),
        "rule_name": match.rule_name,
        "joined_from": 0,
        "group_digest": digest_group(match.rule_id, match.group) if match.hold_for else "",
    }


def _open_or_attach(
    connection: Connection, decisions: Sequence[Decision], at: datetime, default_channel: str
) -> tuple[list[Opened], list[Attached]]:
    """Return which decisions opened which alert, and which joined or are named on which."""
    opening, attaching = _split_opening_attaching(connection, decisions)
    new_alerts = _insert_alerts(connection, opening, at, default_channel)
    opened = list(zip(opening, new_alerts, strict=True))
    by_opener = {decision.match.feedback.id: alert.id for decision, alert in opened}
    attached = [
        (decision, alert_id or by_opener[opener]) for decision, alert_id, opener in attaching
    ]
    return opened, attached


def _split_opening_attaching(
    connection: Connection, decisions: Sequence[Decision]
) -> tuple[list[Decision], list[tuple[Decision, int, int]]]:
    """Return the decisions that open an alert, and the others: each with its alert or its opener.

    When another writer was first with the match that was to open the alert, the newest of that
    group is joined; where there is none either, the match opens one, because a live match is never
    left without.
    """
    opening = [decision for decision in decisions if decision.outcome is MatchOutcome.OPENED]
    #: by the feedback that was to open an alert, the one that does
    openers = {decision.match.feedback.id: decision.match.feedback.id for decision in opening}
    attaching: list[tuple[Decision, int, int]] = []
    for decision in decisions:
        if decision.outcome not in _ATTACHED:
            continue
        alert = decision.alert or AlertReference()
        opener = openers.get(alert.opener, 0)
        alert_id = alert.alert_id
        if not (alert_id or opener):
            alert_id = _newest_alert_id(connection, _group_key(decision.match))
        if alert_id or opener:
            attaching.append((decision, alert_id, opener))
        else:
            opening.append(decision)
            openers[alert.opener] = openers[decision.match.feedback.id] = decision.match.feedback.id
    return opening, attaching


def _group_key(match: Match) -> tuple[str, str]:
    return to_key_text(match.rule_id), to_key_text(match.group)


def _newest_alert_id(connection: Connection, group: tuple[str, str]) -> int:
    same = (alerts.c.group_rule == group[0], alerts.c.group_key == group[1])
    found = connection.execute(
        select(alerts.c.id).where(*same).order_by(alerts.c.id.desc()).limit(1)
    ).scalar()
    return found or 0


def _insert_alerts(
    connection: Connection, decisions: Sequence[Decision], at: datetime, default_channel: str
) -> list[Alert]:
    if not decisions:
        return []
    rows = [_alert_row(decision, at, default_channel) for decision in decisions]
    statement = insert(alerts).returning(*alerts.c, sort_by_parameter_order=True)
    return [to_alert(row) for row in connection.execute(statement, rows)]


def _alert_row(decision: Decision, at: datetime, default_channel: str) -> dict[str, Any]:
    match = decision.match
    return {
        "rule_id": match.rule_id,
        "rule_name": match.rule_name,
        "rule_version": match.rule_version,
        "rule_number": match.rule_number,
        "severity": str(match.severity),
        "status": str(AlertStatus.OPEN),
        "group_key": match.group,
        "channel": match.channel or default_channel,
        "mention": match.mention,
        "reason": match.reason,
        "words": to_json(match.matched_words),
        "opened_at": to_utc(at),
        "updated_at": to_utc(at),
        "members": 1,
        **_NEW_ALERT_COLUMNS,
        "limits": limits_to_json(match.limits.merge(decision.limits)),
        "group_rule": match.rule_id,
        "explained_by": match.feedback.id,
        "fallback": match.fallback,
        "copy_group": match.copy_group,
        "advice": match.advice,
        "next_at": to_utc(at),  # its clock is looked at as soon as it is there
    }


def _link_matches(
    connection: Connection,
    new: dict[MatchKey, int],
    opened: Iterable[Opened],
    attached: Iterable[Attached],
) -> None:
    """Let each match point to its alert."""
    rows = [
        _link_row(new[_match_key(decision.match)], alert.id, MatchOutcome.OPENED)
        for decision, alert in opened
    ]
    rows += [
        _link_row(new[_match_key(decision.match)], alert_id, decision.outcome)
        for decision, alert_id in attached
    ]
    if rows:
        connection.execute(_LINK_MATCH, rows)


def _link_row(match_id: int, alert_id: int, outcome: MatchOutcome) -> dict[str, Any]:
    return {"which": match_id, "its_alert": alert_id, "became": str(outcome)}


def _count_attached(connection: Connection, attached: Iterable[Attached], at: datetime) -> None:
    """Count what joined each alert; what is only named on it changes its card, not its number."""
    more: Counter[int] = Counter()
    for decision, alert_id in attached:
        more[alert_id] += decision.outcome is not MatchOutcome.ALSO
    rows = [
        {"which": alert_id, "more": count, "now": to_utc(at)}
        for alert_id, count in sorted(more.items())
    ]
    if rows:
        connection.execute(_COUNT_JOINED, rows)


def _show_alerts(
    connection: Connection,
    opened: Sequence[Opened],
    attached: Sequence[Attached],
    at: datetime,
    default_channel: str,
) -> None:
    """Queue the cards of new alerts, and bring those of the others up to date.

    A card that is not committed yet will show all that joined in the same transaction.
    """
    queue_cards(
        connection,
        [
            AlertCards(alert, name_channels(decision, default_channel), decision.match.card_after)
            for decision, alert in opened
        ],
        at,
    )
    fresh = {alert.id for _, alert in opened}
    queue_updates(connection, sorted({alert_id for _, alert_id in attached} - fresh), at)
    places: dict[int, list[CardPlace]] = {}
    for decision, alert_id in attached:
        if decision.places:
            places.setdefault(alert_id, []).extend(name_channels(decision, default_channel))
    for alert in load_alerts(connection, places):
        queue_more_cards(connection, alert, places[alert.id], at)


def _reopen_alerts(
    connection: Connection, joined: Iterable[Attached], at: datetime
) -> tuple[int, ...]:
    """Open again what a decision says has come back, as far as it is still closed."""
    back = {
        alert_id: decision
        for decision, alert_id in joined
        if decision.outcome is MatchOutcome.REOPENED
    }
    closed = [alert for alert in load_alerts(connection, back) if alert.status.is_closed]
    for alert in closed:
        decision = back[alert.id]
        change = AlertChange(kind=EventKind.REOPENED, to=AlertStatus.OPEN, note=decision.reason)
        match = decision.match
        actor = Actor.rule(match.rule_id)
        apply_change(connection, alert, change, at=at, actor=actor, feedback_id=match.feedback.id)
    return tuple(alert.id for alert in closed)


def _insert_events(
    connection: Connection,
    opened: Iterable[Opened],
    joined: Iterable[Attached],
    at: datetime,
) -> None:
    """Write the events."""
    rows = [
        _decision_event_row(decision, alert.id, EventKind.OPENED, AlertStatus.OPEN, at)
        for decision, alert in opened
    ]
    rows += [
        _decision_event_row(decision, alert_id, EventKind.GROUPED, None, at)
        for decision, alert_id in joined
    ]
    if rows:
        connection.execute(insert(alert_events), rows)


def _decision_event_row(
    decision: Decision, alert_id: int, kind: EventKind, after: AlertStatus | None, at: datetime
) -> dict[str, Any]:
    match = decision.match
    actor = Actor.rule(match.rule_id)
    return event_row(
        alert_id, at, kind, actor, feedback_id=match.feedback.id, after=after, note=decision.reason
    )


def _reload_alerts(connection: Connection, opened: Sequence[Opened]) -> tuple[Alert, ...]:
    """The new alerts with all that joined them in this batch."""
    return tuple(load_alerts(connection, [alert.id for _, alert in opened]))


#: Nothing has happened to a new alert.
_NEW_ALERT_COLUMNS = {
    "version": 1,
    "turn": 1,
    "assignee": "",
    "limits": "{}",
    "snooze": None,
    "next_at": None,
    "copy_group": "",
    "advice": "",
    "ticket": "",
    "joined_into": 0,
    "explained_by": 0,
    "fallback": True,
}
_LINK_MATCH = (
    update(matches)
    .where(matches.c.id == bindparam("which"))
    .values(alert_id=bindparam("its_alert"), outcome=bindparam("became"))
)
_NOW = bindparam("now", type_=alerts.c.updated_at.type)
_COUNT_JOINED = (
    update(alerts)
    .where(alerts.c.id == bindparam("which"))
    .values(
        members=alerts.c.members + bindparam("more"),
        version=alerts.c.version + 1,
        updated_at=_NOW,
        # What was put away may have to wake.
        next_at=case((alerts.c.status == str(AlertStatus.SNOOZED), _NOW), else_=alerts.c.next_at),
    )
)
